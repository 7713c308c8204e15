/* dpt-const-keys.c - the constants of a graph as its keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A frozen graph has its weights in Const nodes.  Those of a floating, complex
 * or quantised dtype and of rank 1 or more are what a checkpoint would hold;
 * the others are shapes, axes and other arguments of ops.  An id is the place
 * of the tensor in the list.
 */

#define G_LOG_DOMAIN "dpt-const-keys"

#include "dpt-const-keys.h"

#include <string.h>

struct _DptConstKeys
{
  GObject parent_instance;

  GPtrArray *tensors; /* (element-type DptStoredTensor) */
};

static DptTensor *
dpt_const_keys_read (DptTensorSource *source,
                     guint64 id,
                     const DptTensorSlice *slice,
                     GCancellable *cancellable,
                     GError **error)
{
  DptConstKeys *self = DPT_CONST_KEYS (source);

  g_return_val_if_fail (id < self->tensors->len, NULL);

  return dpt_stored_tensor_load (self->tensors->pdata[id], slice, cancellable,
                                 error);
}

static void
dpt_const_keys_iface_init (DptTensorSourceInterface *iface)
{
  iface->read = dpt_const_keys_read;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (
    DptConstKeys,
    dpt_const_keys,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (DPT_TYPE_TENSOR_SOURCE, dpt_const_keys_iface_init))

static void
dpt_const_keys_finalize (GObject *object)
{
  DptConstKeys *self = DPT_CONST_KEYS (object);

  g_clear_pointer (&self->tensors, g_ptr_array_unref);

  G_OBJECT_CLASS (dpt_const_keys_parent_class)->finalize (object);
}

static void
dpt_const_keys_class_init (DptConstKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_const_keys_finalize;
}

static void
dpt_const_keys_init (DptConstKeys *self)
{
  self->tensors = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_stored_tensor_unref);
}

/* The tensor of a Const node that counts as a weight.  (nullable) */
static DptStoredTensor *
get_weight (DptNode *node)
{
  const DptAttrValue *value;
  DptStoredTensor *tensor;
  DptDtype dtype;

  if (strcmp (dpt_node_get_op (node), "Const") != 0)
    return NULL;

  value = dpt_node_get_attr (node, "value");
  if (value == NULL || dpt_attr_value_get_kind (value) != DPT_ATTR_KIND_TENSOR)
    return NULL;

  tensor = dpt_attr_value_get_tensor (value);
  dtype = dpt_stored_tensor_get_dtype (tensor);
  if (dpt_stored_tensor_get_shape (tensor)->rank < 1)
    return NULL;

  return dpt_dtype_is_floating (dtype) || dpt_dtype_is_complex (dtype) ||
                 dpt_dtype_is_quantized (dtype)
             ? tensor
             : NULL;
}

/**
 * dpt_const_keys_create_checkpoint:
 * @graph: a graph without checkpoint
 *
 * Lists the weights of a frozen graph under the names of their nodes.  Sizes
 * are those of the values, however few bytes the file needs for them.
 *
 * Returns: (transfer full): the keys, perhaps none.
 */
DptCheckpoint *
dpt_const_keys_create_checkpoint (DptGraph *graph)
{
  g_autoptr (DptConstKeys) self = g_object_new (DPT_TYPE_CONST_KEYS, NULL);
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (self));

  for (guint i = 0; i < dpt_graph_get_n_nodes (graph); i++)
    {
      DptNode *node = dpt_graph_get_node (graph, i);
      DptStoredTensor *tensor = get_weight (node);
      DptCheckpointEntry entry = { .source = DPT_ENTRY_SOURCE_CONST };
      gsize size;

      if (tensor == NULL)
        continue;

      entry.key = dpt_node_get_name (node);
      entry.key_length = strlen (entry.key);
      entry.dtype = dpt_stored_tensor_get_dtype (tensor);
      entry.shape = *dpt_stored_tensor_get_shape (tensor);
      entry.id = self->tensors->len;
      if (dpt_shape_byte_size (&entry.shape, dpt_dtype_get_size (entry.dtype),
                               &size))
        entry.size = size;
      g_ptr_array_add (self->tensors, dpt_stored_tensor_ref (tensor));
      dpt_checkpoint_builder_add (builder, &entry);
    }

  return dpt_checkpoint_builder_end (builder);
}
