/* dpt-loading.h - the steps of a long load
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-workspace.h"

G_BEGIN_DECLS

#define DPT_TYPE_LOADING (dpt_loading_get_type ())
G_DECLARE_FINAL_TYPE (DptLoading, dpt_loading, DPT, LOADING, GtkWidget)

void dpt_loading_set_workspace (DptLoading *self, DptWorkspace *workspace);
char *dpt_loading_describe_comparing (DptWorkspace *workspace)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
