/* dpt-theme.c - light or dark, as the desktop has it now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-theme"

#include "dpt-theme.h"

#include <adwaita.h>

/**
 * dpt_theme_get_current:
 *
 * Returns: the theme in which the application is shown
 */
DptTheme
dpt_theme_get_current (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ())
             ? DPT_THEME_DARK
             : DPT_THEME_LIGHT;
}

/**
 * dpt_theme_make_attributes:
 * @color: a colour
 *
 * Returns: (transfer full): attributes that give a label this colour; without
 *   its own alpha a label would mix in that of the style sheet's text
 */
PangoAttrList *
dpt_theme_make_attributes (const DptColor *color)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes,
                          pango_attr_foreground_new ((guint16) (color->red *
                                                                G_MAXUINT16),
                                                     (guint16) (color->green *
                                                                G_MAXUINT16),
                                                     (guint16) (color->blue *
                                                                G_MAXUINT16)));
  pango_attr_list_insert (attributes,
                          pango_attr_foreground_alpha_new (G_MAXUINT16));
  return attributes;
}

/**
 * dpt_theme_watch:
 * @widget: a widget that draws with the palette
 * @changed: (scope forever): called with @widget as its only argument when the
 *   theme changed, for as long as @widget lives; for instance
 *   gtk_widget_queue_draw()
 */
void
dpt_theme_watch (GtkWidget *widget, GCallback changed)
{
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           changed, widget, G_CONNECT_SWAPPED);
}
