/* dpt-tensor-pair.h - both tensors of a row, read in the background
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-workspace.h"

G_BEGIN_DECLS

/* Either may be NULL: without its error there is no counterpart. */
typedef struct
{
  DptTensor *left;
  DptTensor *right;
  GError *left_error;
  GError *right_error;
} DptTensorPair;

void dpt_tensor_pair_free (DptTensorPair *self);
void dpt_workspace_read_pair_async (DptWorkspace *self,
                                    guint row,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
DptTensorPair *
dpt_workspace_read_pair_finish (DptWorkspace *self,
                                GAsyncResult *result,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTensorPair, dpt_tensor_pair_free)

G_END_DECLS
