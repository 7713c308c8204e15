/* dpt-signature.h - named inputs and outputs of a graph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "dpt-dtype.h"
#include "dpt-shape.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;   /* the key: "x" */
  char *tensor; /* the graph's tensor: "serving_default_x:0"; NULL for a
                 * sparse or composite input, which `encoding` then names */
  char *encoding;
  DptDtype dtype;
  DptShape shape;
} DptSignatureTensor;

/* Inputs and outputs are sorted by name, as TensorFlow prints them. */
typedef struct
{
  char *name;
  char *method;
  GArray *inputs;  /* (element-type DptSignatureTensor) */
  GArray *outputs; /* (element-type DptSignatureTensor) */
} DptSignature;

DptSignature *dpt_signature_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void dpt_signature_free (DptSignature *self);
void dpt_signature_sort (DptSignature *self);
const DptSignatureTensor *dpt_signature_find (const GArray *tensors,
                                              const char *name);

G_END_DECLS
