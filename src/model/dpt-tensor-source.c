/* dpt-tensor-source.c - "give me this tensor": whoever holds the bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-source"

#include "dpt-tensor-source.h"

G_DEFINE_INTERFACE (DptTensorSource, dpt_tensor_source, G_TYPE_OBJECT)

static void
dpt_tensor_source_default_init (DptTensorSourceInterface *iface)
{
}

/**
 * dpt_tensor_source_read:
 * @self: a source
 * @id: what the source knows the tensor by
 * @slice: (nullable): the part that is wanted, %NULL for all of it; need not
 *   be resolved yet
 * @cancellable: (nullable): stops a long read between its chunks
 * @error: return location for an error
 *
 * Reads one tensor, checking its bytes where the source can.  Any thread may
 * call it.
 *
 * Returns: (transfer full): the tensor, of the slice's shape.
 */
DptTensor *
dpt_tensor_source_read (DptTensorSource *self,
                        guint64 id,
                        const DptTensorSlice *slice,
                        GCancellable *cancellable,
                        GError **error)
{
  g_return_val_if_fail (DPT_IS_TENSOR_SOURCE (self), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return DPT_TENSOR_SOURCE_GET_IFACE (self)->read (self, id, slice, cancellable,
                                                   error);
}
