/* dpt-color.h - a colour, and what drawing does with it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* A value: sRGB components and opacity, each 0 to 1, not premultiplied. */
typedef struct
{
  double red;
  double green;
  double blue;
  double alpha;
} DptColor;

/* A constant initializer from 0xrrggbb, opaque. */
#define DPT_COLOR_INIT(rgb)                                                \
  {                                                                        \
    .red = (((rgb) >> 16) & 0xff) / 255.0,                                 \
    .green = (((rgb) >> 8) & 0xff) / 255.0, .blue = ((rgb) &0xff) / 255.0, \
    .alpha = 1.0                                                           \
  }

DptColor dpt_color_from_rgb (guint32 rgb);
guint32 dpt_color_to_rgb (const DptColor *self);
DptColor dpt_color_mix (const DptColor *a, const DptColor *b, double share);
void dpt_color_set_source (const DptColor *self, cairo_t *cr, double opacity);

G_END_DECLS
