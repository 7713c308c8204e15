/* dpt-color.c - a colour, and what drawing does with it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-color"

#include "dpt-color.h"

#include <math.h>

/**
 * dpt_color_from_rgb:
 * @rgb: 0xrrggbb
 *
 * Returns: the opaque colour of these components
 */
DptColor
dpt_color_from_rgb (guint32 rgb)
{
  return (DptColor) DPT_COLOR_INIT (rgb);
}

/**
 * dpt_color_to_rgb:
 * @self: a colour
 *
 * Returns: 0xrrggbb, each component rounded to the nearest; the opacity is
 *   left out
 */
guint32
dpt_color_to_rgb (const DptColor *self)
{
  guint32 red = (guint32) lround (CLAMP (self->red, 0.0, 1.0) * 255.0);
  guint32 green = (guint32) lround (CLAMP (self->green, 0.0, 1.0) * 255.0);
  guint32 blue = (guint32) lround (CLAMP (self->blue, 0.0, 1.0) * 255.0);

  return red << 16 | green << 8 | blue;
}

/**
 * dpt_color_mix:
 * @a: the colour at 0
 * @b: the colour at 1
 * @share: how much of @b, clamped to 0 to 1
 *
 * Returns: the straight mixture of the components
 */
DptColor
dpt_color_mix (const DptColor *a, const DptColor *b, double share)
{
  double t = CLAMP (share, 0.0, 1.0);

  return (DptColor){
    .red = a->red + (b->red - a->red) * t,
    .green = a->green + (b->green - a->green) * t,
    .blue = a->blue + (b->blue - a->blue) * t,
    .alpha = a->alpha + (b->alpha - a->alpha) * t,
  };
}

/**
 * dpt_color_set_source:
 * @self: a colour
 * @cr: a Cairo context, whose source becomes the colour
 * @opacity: multiplied with the colour's own
 */
void
dpt_color_set_source (const DptColor *self, cairo_t *cr, double opacity)
{
  cairo_set_source_rgba (cr, self->red, self->green, self->blue,
                         self->alpha * opacity);
}
