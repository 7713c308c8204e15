/* dpt-share-bar.h - how many pairs have which verdict, as one bar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-drawing.h"
#include "dpt-verdict.h"

G_BEGIN_DECLS

#define DPT_TYPE_SHARE_BAR (dpt_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (DptShareBar, dpt_share_bar, DPT, SHARE_BAR, DptDrawing)

GtkWidget *dpt_share_bar_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_share_bar_set_counts (DptShareBar *self,
                               const guint counts[DPT_N_VERDICTS]);

G_END_DECLS
