/* dpt-attr-value-reader.c - from AttrValue messages to attribute values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-attr-value-reader"

#include "dpt-attr-value-reader.h"

#include "dpt-dtype.h"

static DptAttrValue *
read_shape (const Dpt__Proto__TensorShapeProto *proto,
            const DptProtoPlace *place,
            GError **error)
{
  DptShape shape;

  if (!dpt_proto_get_shape (place, proto, &shape, error))
    return NULL;

  return dpt_attr_value_new_shape (&shape);
}

static DptAttrValue *
read_tensor (const Dpt__Proto__TensorProto *proto,
             const DptProtoPlace *place,
             DptGraphTensors *tensors,
             GError **error)
{
  g_autoptr (DptStoredTensor) tensor = dpt_graph_tensors_add (tensors, place,
                                                              proto, error);

  return tensor != NULL ? dpt_attr_value_new_tensor (tensor) : NULL;
}

/* A function's attributes are values again; the scanner has bounded how deep
 * they nest. */
static DptAttrValue *
read_function (const Dpt__Proto__NameAttrList *proto,
               const DptProtoPlace *place,
               DptGraphTensors *tensors,
               GError **error)
{
  g_autoptr (GHashTable) attrs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                             (GDestroyNotify) dpt_attr_value_unref);
  g_autofree char *name = dpt_proto_dup_name (place, &proto->name,
                                              "a function's name", error);

  if (name == NULL)
    return NULL;

  for (gsize i = 0; i < proto->n_attr; i++)
    {
      g_autofree char *key = dpt_proto_dup_name (place, &proto->attr[i]->key,
                                                 "an attribute's name", error);
      DptAttrValue *value;

      if (key == NULL)
        return NULL;
      value = dpt_attr_value_read (proto->attr[i]->value, place, tensors,
                                   error);
      if (value == NULL)
        return NULL;
      g_hash_table_replace (attrs, g_steal_pointer (&key), value);
    }

  return dpt_attr_value_new_function (name, g_steal_pointer (&attrs));
}

static DptAttrValue *
read_string (const ProtobufCBinaryData *bytes)
{
  return dpt_attr_value_new_string ((const char *) bytes->data, bytes->len);
}

static DptAttrValue *
read_type (int number)
{
  return dpt_attr_value_new_type (dpt_dtype_from_number ((guint) number));
}

/* An item that could not be read is NULL, and then so is the list. */
static gboolean
add_item (GPtrArray *items, DptAttrValue *item)
{
  if (item != NULL)
    g_ptr_array_add (items, item);

  return item != NULL;
}

/* A list has items of one kind; where a file mixes them, all are kept, in the
 * order of their fields. */
static DptAttrValue *
read_list (const Dpt__Proto__AttrValue__ListValue *list,
           const DptProtoPlace *place,
           DptGraphTensors *tensors,
           GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_attr_value_unref);

  for (gsize i = 0; i < list->n_s; i++)
    add_item (items, read_string (&list->s[i]));
  for (gsize i = 0; i < list->n_i; i++)
    add_item (items, dpt_attr_value_new_int (list->i[i]));
  for (gsize i = 0; i < list->n_f; i++)
    add_item (items, dpt_attr_value_new_float (list->f[i]));
  for (gsize i = 0; i < list->n_b; i++)
    add_item (items, dpt_attr_value_new_bool (list->b[i]));
  for (gsize i = 0; i < list->n_type; i++)
    add_item (items, read_type (list->type[i]));
  for (gsize i = 0; i < list->n_shape; i++)
    if (!add_item (items, read_shape (list->shape[i], place, error)))
      return NULL;
  for (gsize i = 0; i < list->n_tensor; i++)
    if (!add_item (items, read_tensor (list->tensor[i], place, tensors, error)))
      return NULL;
  for (gsize i = 0; i < list->n_func; i++)
    if (!add_item (items, read_function (list->func[i], place, tensors, error)))
      return NULL;

  return dpt_attr_value_new_list (g_steal_pointer (&items));
}

/**
 * dpt_attr_value_read:
 * @proto: (nullable): the message; an absent one has no member set
 * @place: the node it belongs to
 * @tensors: receives the tensors
 * @error: return location for a %DPT_FORMAT_ERROR
 *
 * Returns: (transfer full) (nullable): the value.
 */
DptAttrValue *
dpt_attr_value_read (const Dpt__Proto__AttrValue *proto,
                     const DptProtoPlace *place,
                     DptGraphTensors *tensors,
                     GError **error)
{
  g_autofree char *name = NULL;

  if (proto == NULL)
    return dpt_attr_value_new_none ();

  switch (proto->value_case)
    {
    case DPT__PROTO__ATTR_VALUE__VALUE_LIST:
      return read_list (proto->list, place, tensors, error);
    case DPT__PROTO__ATTR_VALUE__VALUE_S:
      return read_string (&proto->s);
    case DPT__PROTO__ATTR_VALUE__VALUE_I:
      return dpt_attr_value_new_int (proto->i);
    case DPT__PROTO__ATTR_VALUE__VALUE_F:
      return dpt_attr_value_new_float (proto->f);
    case DPT__PROTO__ATTR_VALUE__VALUE_B:
      return dpt_attr_value_new_bool (proto->b);
    case DPT__PROTO__ATTR_VALUE__VALUE_TYPE:
      return read_type (proto->type);
    case DPT__PROTO__ATTR_VALUE__VALUE_SHAPE:
      return read_shape (proto->shape, place, error);
    case DPT__PROTO__ATTR_VALUE__VALUE_TENSOR:
      return read_tensor (proto->tensor, place, tensors, error);
    case DPT__PROTO__ATTR_VALUE__VALUE_FUNC:
      return read_function (proto->func, place, tensors, error);
    case DPT__PROTO__ATTR_VALUE__VALUE_PLACEHOLDER:
      name = dpt_proto_dup_name (place, &proto->placeholder,
                                 "an attribute's name", error);
      return name != NULL ? dpt_attr_value_new_placeholder (name) : NULL;
    case DPT__PROTO__ATTR_VALUE__VALUE__NOT_SET:
    default:
      return dpt_attr_value_new_none ();
    }
}
