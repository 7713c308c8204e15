/* dpt-attr-value.h - the value of a node's attribute
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-stored-tensor.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_ATTR_KIND_NONE, /* an AttrValue with no member set */
  DPT_ATTR_KIND_STRING,
  DPT_ATTR_KIND_INT,
  DPT_ATTR_KIND_FLOAT,
  DPT_ATTR_KIND_BOOL,
  DPT_ATTR_KIND_TYPE,
  DPT_ATTR_KIND_SHAPE,
  DPT_ATTR_KIND_TENSOR,
  DPT_ATTR_KIND_FUNCTION,
  DPT_ATTR_KIND_PLACEHOLDER,
  DPT_ATTR_KIND_LIST,
} DptAttrKind;

/* Refcounted and immutable.  A list is a list of attribute values, each of
 * one of the kinds above the list. */
typedef struct _DptAttrValue DptAttrValue;

#define DPT_TYPE_ATTR_VALUE (dpt_attr_value_get_type ())
GType dpt_attr_value_get_type (void);

DptAttrValue *dpt_attr_value_new_none (void) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *dpt_attr_value_new_string (const char *data, gsize length)
    G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *dpt_attr_value_new_int (gint64 value) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *dpt_attr_value_new_float (float value) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *
dpt_attr_value_new_bool (gboolean value) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *
dpt_attr_value_new_type (DptDtype dtype) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *
dpt_attr_value_new_shape (const DptShape *shape) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *
dpt_attr_value_new_tensor (DptStoredTensor *tensor) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *dpt_attr_value_new_function (const char *name, GHashTable *attrs)
    G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *
dpt_attr_value_new_placeholder (const char *name) G_GNUC_WARN_UNUSED_RESULT;
DptAttrValue *
dpt_attr_value_new_list (GPtrArray *values) G_GNUC_WARN_UNUSED_RESULT;

DptAttrValue *dpt_attr_value_ref (DptAttrValue *self);
void dpt_attr_value_unref (DptAttrValue *self);

DptAttrKind dpt_attr_value_get_kind (const DptAttrValue *self);
DptString dpt_attr_value_get_string (const DptAttrValue *self);
gint64 dpt_attr_value_get_int (const DptAttrValue *self);
float dpt_attr_value_get_float (const DptAttrValue *self);
gboolean dpt_attr_value_get_bool (const DptAttrValue *self);
DptDtype dpt_attr_value_get_type_value (const DptAttrValue *self);
const DptShape *dpt_attr_value_get_shape (const DptAttrValue *self);
DptStoredTensor *dpt_attr_value_get_tensor (const DptAttrValue *self);
const char *dpt_attr_value_get_function_name (const DptAttrValue *self);
GHashTable *dpt_attr_value_get_function_attrs (const DptAttrValue *self);
const char *dpt_attr_value_get_placeholder (const DptAttrValue *self);
guint dpt_attr_value_get_length (const DptAttrValue *self);
const DptAttrValue *dpt_attr_value_get_item (const DptAttrValue *self,
                                             guint index);
char *
dpt_attr_value_to_string (const DptAttrValue *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptAttrValue, dpt_attr_value_unref)

G_END_DECLS
