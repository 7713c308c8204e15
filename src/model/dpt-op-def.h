/* dpt-op-def.h - the schema of an op: arguments, attributes, defaults
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-attr-value.h"

G_BEGIN_DECLS

/* An op's schema is written once, beside its two functions in engine/ops; the
 * build collects the rows into a table that lives here, because whoever reads
 * a function's body must know the names of an op's outputs.
 *
 * The schema language, one string:
 *   "x: T, y: T -> z: T; T: type, transpose_a: bool = false"
 * An argument's type is a dtype name, the name of a type attribute,
 * "N * T" (a list of N tensors of type T), or "Tlist" naming a list(type)
 * attribute; "Ref(T)" marks a reference.  An attribute's kind is string, int,
 * float, bool, type, shape, tensor, func or list(...) of one of them; after
 * "=" stands its default.  "stateful" as a last attribute-like word marks ops
 * that must not be merged or removed. */
typedef struct
{
  char *name;
  char *kind;
  DptAttrValue *default_value; /* (nullable) */
} DptOpAttr;

typedef struct
{
  char *name;
  DptDtype dtype; /* INVALID when an attribute decides */
  char *type_attr;
  char *number_attr;
  char *type_list_attr;
  gboolean is_ref;
} DptOpArg;

typedef struct
{
  const char *name;
  GArray *inputs;  /* (element-type DptOpArg) */
  GArray *outputs; /* (element-type DptOpArg) */
  GArray *attrs;   /* (element-type DptOpAttr) */
  gboolean is_stateful;
} DptOpDef;

const DptOpDef *dpt_op_def_find (const char *op);
const DptAttrValue *dpt_op_def_get_default (const DptOpDef *self,
                                            const char *attr);

G_END_DECLS
