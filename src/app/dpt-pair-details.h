/* dpt-pair-details.h - all that is known of the chosen pair
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-hinge-model.h"
#include "dpt-workspace.h"

G_BEGIN_DECLS

#define DPT_TYPE_PAIR_DETAILS (dpt_pair_details_get_type ())
G_DECLARE_FINAL_TYPE (DptPairDetails,
                      dpt_pair_details,
                      DPT,
                      PAIR_DETAILS,
                      GtkWidget)

void dpt_pair_details_set_workspace (DptPairDetails *self,
                                     DptWorkspace *workspace);
void dpt_pair_details_set_pair (DptPairDetails *self,
                                DptHingeModel *model,
                                guint pair);
char *
dpt_pair_details_dup_text (DptPairDetails *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean dpt_pair_details_is_studied (DptPairDetails *self);

G_END_DECLS
