/* dpt-memory-source.c - a tensor source over tensors that are already there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Filled by its maker, then only read: adding is not safe once another thread
 * can reach the source.  An id is a tensor's position.
 */

#define G_LOG_DOMAIN "dpt-memory-source"

#include "dpt-memory-source.h"

struct _DptMemorySource
{
  GObject parent_instance;

  GPtrArray *tensors; /* (element-type DptTensor) */
};

static DptTensor *
dpt_memory_source_read (DptTensorSource *source,
                        guint64 id,
                        const DptTensorSlice *slice,
                        GCancellable *cancellable,
                        GError **error)
{
  DptMemorySource *self = DPT_MEMORY_SOURCE (source);
  DptTensor *tensor;
  DptTensorSlice resolved;

  g_return_val_if_fail (id < self->tensors->len, NULL);

  tensor = g_ptr_array_index (self->tensors, id);
  if (slice == NULL)
    return dpt_tensor_ref (tensor);

  resolved = *slice;
  if (!dpt_tensor_slice_resolve (&resolved, dpt_tensor_get_shape (tensor),
                                 error))
    return NULL;

  return dpt_tensor_slice_extract (&resolved, tensor, error);
}

static void
dpt_memory_source_iface_init (DptTensorSourceInterface *iface)
{
  iface->read = dpt_memory_source_read;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (
    DptMemorySource,
    dpt_memory_source,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (DPT_TYPE_TENSOR_SOURCE,
                           dpt_memory_source_iface_init))

static void
dpt_memory_source_finalize (GObject *object)
{
  DptMemorySource *self = DPT_MEMORY_SOURCE (object);

  g_clear_pointer (&self->tensors, g_ptr_array_unref);

  G_OBJECT_CLASS (dpt_memory_source_parent_class)->finalize (object);
}

static void
dpt_memory_source_class_init (DptMemorySourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_memory_source_finalize;
}

static void
dpt_memory_source_init (DptMemorySource *self)
{
  self->tensors = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_tensor_unref);
}

/**
 * dpt_memory_source_new:
 *
 * Returns: (transfer full): a source without tensors.
 */
DptMemorySource *
dpt_memory_source_new (void)
{
  return g_object_new (DPT_TYPE_MEMORY_SOURCE, NULL);
}

/**
 * dpt_memory_source_add:
 * @self: a source that no other thread reads yet
 * @tensor: the tensor to give out
 *
 * Returns: the id by which it is read.
 */
guint64
dpt_memory_source_add (DptMemorySource *self, DptTensor *tensor)
{
  g_return_val_if_fail (DPT_IS_MEMORY_SOURCE (self), 0);
  g_return_val_if_fail (tensor != NULL, 0);

  g_ptr_array_add (self->tensors, dpt_tensor_ref (tensor));
  return self->tensors->len - 1;
}
