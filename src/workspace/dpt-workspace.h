/* dpt-workspace.h - one comparison: two sides, their pairs, what is chosen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-answer.h"
#include "dpt-pair-model.h"
#include "dpt-side.h"

G_BEGIN_DECLS

#define DPT_TYPE_WORKSPACE (dpt_workspace_get_type ())
G_DECLARE_FINAL_TYPE (DptWorkspace, dpt_workspace, DPT, WORKSPACE, GObject)

/* Main thread only.  When both sides are ready and hold keys it matches them,
 * makes a new pair model and judges all pairs in the background; a change of
 * side, tolerance or mapping starts that again and cancels what ran.
 *
 * Properties, all notified: "left", "right" (DptSide), "pairs" (DptPairModel,
 * NULL until matched), "selected" (uint row of pairs, DPT_PAIR_MODEL_NO_ROW
 * for none), "answer" (int), "comparing" (boolean), "progress" (DptProgress),
 * "error" (GError boxed), "rtol", "atol" (double), "verify" (boolean). */
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
void dpt_workspace_set_verify (DptWorkspace *self, gboolean verify);
DptAnswer dpt_workspace_get_answer (DptWorkspace *self);
char *dpt_workspace_dup_sentence (DptWorkspace *self) G_GNUC_WARN_UNUSED_RESULT;

/* Why the two could not be matched (a model without keys), or NULL. */
const GError *dpt_workspace_get_error (DptWorkspace *self);
gboolean dpt_workspace_is_comparing (DptWorkspace *self);
DptProgress *dpt_workspace_get_progress (DptWorkspace *self);
void dpt_workspace_cancel (DptWorkspace *self);

/* The command that shows the same: "diptych-cli diff LEFT RIGHT ...". */
char *
dpt_workspace_dup_diff_command (DptWorkspace *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
