/* dpt-window.h - one comparison on the screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-application.h"
#include "dpt-panel.h"
#include "dpt-workspace.h"

G_BEGIN_DECLS

#define DPT_TYPE_WINDOW (dpt_window_get_type ())
G_DECLARE_FINAL_TYPE (DptWindow, dpt_window, DPT, WINDOW, AdwApplicationWindow)

DptWindow *
dpt_window_new (DptApplication *application) G_GNUC_WARN_UNUSED_RESULT;

DptWorkspace *dpt_window_get_workspace (DptWindow *self);
void dpt_window_open (DptWindow *self,
                      DptPanel panel,
                      const char *path,
                      const char *weights_path,
                      const char *tags);
GtkWidget *dpt_window_get_pages (DptWindow *self);
const char *dpt_window_get_state_name (DptWindow *self);

G_END_DECLS
