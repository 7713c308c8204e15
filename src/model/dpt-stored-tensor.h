/* dpt-stored-tensor.h - what is known of a tensor that is still in its file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor-source.h"

G_BEGIN_DECLS

/* Refcounted and immutable: dtype, shape, and where the values are to be had.
 * A Const node of a graph holds one, so opening a graph unpacks no weights. */
typedef struct _DptStoredTensor DptStoredTensor;

#define DPT_TYPE_STORED_TENSOR (dpt_stored_tensor_get_type ())
GType dpt_stored_tensor_get_type (void);

DptStoredTensor *dpt_stored_tensor_new (DptDtype dtype,
                                        const DptShape *shape,
                                        DptTensorSource *source,
                                        guint64 id) G_GNUC_WARN_UNUSED_RESULT;
DptStoredTensor *
dpt_stored_tensor_new_loaded (DptTensor *tensor) G_GNUC_WARN_UNUSED_RESULT;
DptStoredTensor *dpt_stored_tensor_ref (DptStoredTensor *self);
void dpt_stored_tensor_unref (DptStoredTensor *self);

DptDtype dpt_stored_tensor_get_dtype (const DptStoredTensor *self);
const DptShape *dpt_stored_tensor_get_shape (const DptStoredTensor *self);
DptTensor *dpt_stored_tensor_load (DptStoredTensor *self,
                                   const DptTensorSlice *slice,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptStoredTensor, dpt_stored_tensor_unref)

G_END_DECLS
