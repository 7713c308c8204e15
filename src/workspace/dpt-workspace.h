/* dpt-workspace.h - one comparison: two sides, their pairs, what is chosen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-pair-model.h"
#include "dpt-side.h"

G_BEGIN_DECLS

#define DPT_TYPE_WORKSPACE (dpt_workspace_get_type ())
G_DECLARE_FINAL_TYPE (DptWorkspace, dpt_workspace, DPT, WORKSPACE, GObject)

typedef enum
{
  DPT_ANSWER_NONE,      /* nothing to compare yet */
  DPT_ANSWER_COMPARING, /* verdicts are still to come */
  DPT_ANSWER_SAME,      /* every pair identical, nothing missing */
  DPT_ANSWER_CLOSE,     /* within tolerance, nothing missing */
  DPT_ANSWER_DIFFERENT,
  DPT_ANSWER_UNREAD, /* something could not be read */
} DptAnswer;

/* Main thread only.  When both sides are ready and hold keys it matches them,
 * makes a new pair model and judges all pairs in the background; a change of
 * side, tolerance or mapping starts that again and cancels what ran.
 *
 * Properties, all notified: "left", "right" (DptSide), "pairs" (DptPairModel,
 * NULL until matched), "selected" (uint row of pairs, DPT_PAIR_MODEL_NO_ROW
 * for none), "answer" (int), "comparing" (boolean), "progress" (DptProgress),
 * "rtol", "atol" (double), "verify" (boolean). */
DptWorkspace *dpt_workspace_new (void) G_GNUC_WARN_UNUSED_RESULT;

DptSide *dpt_workspace_get_left (DptWorkspace *self);
DptSide *dpt_workspace_get_right (DptWorkspace *self);
void dpt_workspace_swap (DptWorkspace *self);
DptPairModel *dpt_workspace_get_pairs (DptWorkspace *self);
guint dpt_workspace_get_selected (DptWorkspace *self);
void dpt_workspace_set_selected (DptWorkspace *self, guint row);
void dpt_workspace_get_tolerance (DptWorkspace *self, DptTolerance *tolerance);
void dpt_workspace_set_tolerance (DptWorkspace *self,
                                  const DptTolerance *tolerance);
DptAnswer dpt_workspace_get_answer (DptWorkspace *self);
gboolean dpt_workspace_is_comparing (DptWorkspace *self);
DptProgress *dpt_workspace_get_progress (DptWorkspace *self);
void dpt_workspace_cancel (DptWorkspace *self);

/* The command that shows the same: "diptych-cli diff LEFT RIGHT ...". */
char *
dpt_workspace_dup_diff_command (DptWorkspace *self) G_GNUC_WARN_UNUSED_RESULT;

/* Both tensors of a row, read in the background; either may come back NULL
 * (no counterpart), with the error of the side that failed. */
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

G_END_DECLS
