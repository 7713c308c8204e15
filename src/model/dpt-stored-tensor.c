/* dpt-stored-tensor.c - what is known of a tensor that is still in its file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: exactly one of `source` and `tensor` is there; with `tensor`,
 * dtype and shape are the tensor's own.
 */

#define G_LOG_DOMAIN "dpt-stored-tensor"

#include "dpt-stored-tensor.h"

struct _DptStoredTensor
{
  gatomicrefcount ref_count;
  DptDtype dtype;
  DptShape shape;
  DptTensorSource *source;
  guint64 id;
  DptTensor *tensor;
};

G_DEFINE_BOXED_TYPE (DptStoredTensor,
                     dpt_stored_tensor,
                     dpt_stored_tensor_ref,
                     dpt_stored_tensor_unref)

static DptStoredTensor *
stored_tensor_new (DptDtype dtype, const DptShape *shape)
{
  DptStoredTensor *self = g_new0 (DptStoredTensor, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->dtype = dtype;
  self->shape = *shape;
  return self;
}

/**
 * dpt_stored_tensor_new:
 * @dtype: its element type
 * @shape: its shape, wholly known
 * @source: who reads its values
 * @id: what @source knows it by
 *
 * Returns: (transfer full): a tensor that has not been read yet.
 */
DptStoredTensor *
dpt_stored_tensor_new (DptDtype dtype,
                       const DptShape *shape,
                       DptTensorSource *source,
                       guint64 id)
{
  DptStoredTensor *self;

  g_return_val_if_fail (shape != NULL, NULL);
  g_return_val_if_fail (DPT_IS_TENSOR_SOURCE (source), NULL);

  self = stored_tensor_new (dtype, shape);
  self->source = g_object_ref (source);
  self->id = id;
  return self;
}

/**
 * dpt_stored_tensor_new_loaded:
 * @tensor: values that are already in memory
 *
 * Returns: (transfer full): a stored tensor that gives out @tensor.
 */
DptStoredTensor *
dpt_stored_tensor_new_loaded (DptTensor *tensor)
{
  DptStoredTensor *self;

  g_return_val_if_fail (tensor != NULL, NULL);

  self = stored_tensor_new (dpt_tensor_get_dtype (tensor),
                            dpt_tensor_get_shape (tensor));
  self->tensor = dpt_tensor_ref (tensor);
  return self;
}

/**
 * dpt_stored_tensor_ref:
 * @self: a stored tensor
 *
 * Returns: (transfer full): the same one.
 */
DptStoredTensor *
dpt_stored_tensor_ref (DptStoredTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_stored_tensor_unref:
 * @self: (transfer full): a stored tensor
 */
void
dpt_stored_tensor_unref (DptStoredTensor *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->source);
  g_clear_pointer (&self->tensor, dpt_tensor_unref);
  g_free (self);
}

/**
 * dpt_stored_tensor_get_dtype:
 * @self: a stored tensor
 *
 * Returns: its element type.
 */
DptDtype
dpt_stored_tensor_get_dtype (const DptStoredTensor *self)
{
  g_return_val_if_fail (self != NULL, DPT_DTYPE_INVALID);

  return self->dtype;
}

/**
 * dpt_stored_tensor_get_shape:
 * @self: a stored tensor
 *
 * Returns: its shape, owned by @self.
 */
const DptShape *
dpt_stored_tensor_get_shape (const DptStoredTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->shape;
}

/**
 * dpt_stored_tensor_load:
 * @self: a stored tensor
 * @slice: (nullable): the part that is wanted, %NULL for all of it
 * @cancellable: (nullable): stops a long read
 * @error: return location for an error of the source or of the slice
 *
 * Reads the values; nothing is kept, so a second call reads again.
 *
 * Returns: (transfer full): the tensor, of the slice's shape.
 */
DptTensor *
dpt_stored_tensor_load (DptStoredTensor *self,
                        const DptTensorSlice *slice,
                        GCancellable *cancellable,
                        GError **error)
{
  DptTensorSlice resolved;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->source != NULL)
    return dpt_tensor_source_read (self->source, self->id, slice, cancellable,
                                   error);
  if (slice == NULL)
    return dpt_tensor_ref (self->tensor);

  resolved = *slice;
  if (!dpt_tensor_slice_resolve (&resolved, &self->shape, error))
    return NULL;

  return dpt_tensor_slice_extract (&resolved, self->tensor, error);
}
