/* dpt-run-feed-row.h - what one input is fed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-run-comparison.h"

G_BEGIN_DECLS

/* Property "reason" (string, nullable, notified): why what is typed cannot be
 * fed. */
#define DPT_TYPE_RUN_FEED_ROW (dpt_run_feed_row_get_type ())
G_DECLARE_FINAL_TYPE (DptRunFeedRow,
                      dpt_run_feed_row,
                      DPT,
                      RUN_FEED_ROW,
                      AdwBin)

GtkWidget *
dpt_run_feed_row_new (DptRunComparison *comparison,
                      const DptRunInput *input) G_GNUC_WARN_UNUSED_RESULT;
const char *dpt_run_feed_row_get_input (DptRunFeedRow *self);
const char *dpt_run_feed_row_get_reason (DptRunFeedRow *self);

G_END_DECLS
