/* dpt-theme.h - light or dark, as the desktop has it now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-palette.h"

G_BEGIN_DECLS

DptTheme dpt_theme_get_current (void);
PangoAttrList *
dpt_theme_make_attributes (const DptColor *color) G_GNUC_WARN_UNUSED_RESULT;
void dpt_theme_watch (GtkWidget *widget, GCallback changed);

G_END_DECLS
