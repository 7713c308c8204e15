/* dpt-color-bar-renderer.h - the legend of a colour map
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-colormap.h"

G_BEGIN_DECLS

void dpt_color_bar_draw (cairo_t *cr,
                         const DptColormap *colormap,
                         double width,
                         double height);

G_END_DECLS
