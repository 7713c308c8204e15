/* dpt-load-error.h - why a side could not be opened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-panel.h"

G_BEGIN_DECLS

#define DPT_TYPE_LOAD_ERROR (dpt_load_error_get_type ())
G_DECLARE_FINAL_TYPE (DptLoadError, dpt_load_error, DPT, LOAD_ERROR, GtkWidget)

void dpt_load_error_set (DptLoadError *self,
                         DptPanel panel,
                         const GError *error,
                         const char *path);
char *dpt_load_error_dup_details (DptLoadError *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
