/* dpt-tensor-pair.c - both tensors of a row, read in the background
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-pair"

#include "dpt-tensor-pair.h"

#include "dpt-task.h"

/* What the reading thread is given. */
typedef struct
{
  DptMapping *mapping;
  DptPair *pair; /* (nullable) */
  guint left;    /* entries, or NO_ROW */
  guint right;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->mapping);
  g_clear_pointer (&request->pair, dpt_pair_unref);
  g_free (request);
}

static DptTensor *
read_left (const Request *request, GCancellable *cancellable, GError **error)
{
  DptCheckpoint *checkpoint = dpt_mapping_get_left (request->mapping);

  return dpt_checkpoint_read (checkpoint,
                              dpt_checkpoint_get_entry (checkpoint,
                                                        request->left),
                              request->pair != NULL
                                  ? dpt_pair_get_left_slice (request->pair)
                                  : NULL,
                              cancellable, error);
}

static DptTensor *
read_right (const Request *request, GCancellable *cancellable, GError **error)
{
  DptCheckpoint *checkpoint = dpt_mapping_get_right (request->mapping);
  g_autoptr (DptTensor) whole =
      dpt_checkpoint_read (checkpoint,
                           dpt_checkpoint_get_entry (checkpoint,
                                                     request->right),
                           NULL, cancellable, error);

  if (whole == NULL || request->pair == NULL)
    return g_steal_pointer (&whole);

  return dpt_pair_carry (request->pair, whole, error);
}

static gpointer
read_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  DptTensorPair *tensors = g_new0 (DptTensorPair, 1);

  if (request->left != DPT_PAIR_MODEL_NO_ROW)
    tensors->left = read_left (request, cancellable, &tensors->left_error);
  if (request->right != DPT_PAIR_MODEL_NO_ROW)
    tensors->right = read_right (request, cancellable, &tensors->right_error);
  return tensors;
}

/**
 * dpt_tensor_pair_free:
 * @self: (transfer full): two tensors or their errors
 */
void
dpt_tensor_pair_free (DptTensorPair *self)
{
  g_clear_pointer (&self->left, dpt_tensor_unref);
  g_clear_pointer (&self->right, dpt_tensor_unref);
  g_clear_error (&self->left_error);
  g_clear_error (&self->right_error);
  g_free (self);
}

/**
 * dpt_workspace_read_pair_async:
 * @self: a workspace that has pairs
 * @row: a row of them
 * @cancellable: (nullable): stops it
 * @callback: called when both were read or failed
 * @user_data: for @callback
 *
 * Reads what the row compares: the left slice, and the right slice carried to
 * the left's form by the pair's steps.
 */
void
dpt_workspace_read_pair_async (DptWorkspace *self,
                               guint row,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  DptPairModel *pairs = dpt_workspace_get_pairs (self);
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (pairs != NULL);
  g_return_if_fail (row < g_list_model_get_n_items (G_LIST_MODEL (pairs)));

  request = g_new0 (Request, 1);
  request->mapping = g_object_ref (dpt_pair_model_get_mapping (pairs));
  request->left = dpt_pair_model_get_left_entry (pairs, row);
  request->right = dpt_pair_model_get_right_entry (pairs, row);
  if (row < dpt_mapping_get_n_pairs (request->mapping))
    request->pair = dpt_pair_ref (dpt_mapping_get_pair (request->mapping, row));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dpt_workspace_read_pair_async);
  g_task_set_task_data (task, request, request_free);
  dpt_task_run (task, read_in_thread, (GDestroyNotify) dpt_tensor_pair_free);
}

/**
 * dpt_workspace_read_pair_finish:
 * @self: a workspace
 * @result: what the callback was given
 * @error: only that it was cancelled: a tensor that could not be read has its
 *   error in the result
 *
 * Returns: (transfer full): the two tensors.
 */
DptTensorPair *
dpt_workspace_read_pair_finish (DptWorkspace *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_autoptr (DptTensorPair) tensors = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  tensors = g_task_propagate_pointer (G_TASK (result), error);
  if (tensors == NULL)
    return NULL;

  /* A read that failed may be a file that was replaced. */
  if (tensors->left_error != NULL)
    dpt_side_check_files (dpt_workspace_get_left (self));
  if (tensors->right_error != NULL)
    dpt_side_check_files (dpt_workspace_get_right (self));

  return g_steal_pointer (&tensors);
}
