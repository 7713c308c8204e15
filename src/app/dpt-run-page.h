/* dpt-run-page.h - both sides run on the same feeds, node by node
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-run-comparison.h"

G_BEGIN_DECLS

/* Properties, all notified: "workspace" (DptWorkspace), "only-differences"
 * (boolean).
 *
 * Actions: "run.start", "run.cancel", "run.go-to-divergence", "run.copy-row",
 * "run.copy-values" (string: "left" or "right"), "run.copy-command",
 * "run.copy-error", "run.only-differences" (of the property). */
#define DPT_TYPE_RUN_PAGE (dpt_run_page_get_type ())
G_DECLARE_FINAL_TYPE (DptRunPage, dpt_run_page, DPT, RUN_PAGE, GtkWidget)

void dpt_run_page_set_workspace (DptRunPage *self, DptWorkspace *workspace);
DptRunComparison *dpt_run_page_get_comparison (DptRunPage *self);
void dpt_run_page_start (DptRunPage *self);

G_END_DECLS
