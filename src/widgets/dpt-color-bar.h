/* dpt-color-bar.h - the legend of a colour map
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-colormap.h"
#include "dpt-drawing.h"

G_BEGIN_DECLS

#define DPT_TYPE_COLOR_BAR (dpt_color_bar_get_type ())
G_DECLARE_FINAL_TYPE (DptColorBar, dpt_color_bar, DPT, COLOR_BAR, DptDrawing)

GtkWidget *dpt_color_bar_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_color_bar_set_colormap (DptColorBar *self,
                                 const DptColormap *colormap);

G_END_DECLS
