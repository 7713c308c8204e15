/* dpt-label.h - a line of text in a picture
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-color.h"

G_BEGIN_DECLS

/* The sizes of the visual language, in pixels. */
#define DPT_LABEL_TICK    11.0
#define DPT_LABEL_CAPTION 12.0

/* How a line of text is set; a value, all zero is plain at the left. */
typedef struct
{
  double size;   /* pixels; 0: DPT_LABEL_TICK */
  double xalign; /* 0: x is its left end, 0.5: its middle, 1: its right end */
  double yalign; /* the same from top to bottom */
  double angle;  /* clockwise, in radians, about (x, y) */
  gboolean bold;
  gboolean monospace;
} DptLabelStyle;

double dpt_label_draw (cairo_t *cr,
                       const char *text,
                       double x,
                       double y,
                       const DptLabelStyle *style,
                       const DptColor *color);
double
dpt_label_measure (cairo_t *cr, const char *text, const DptLabelStyle *style);

G_END_DECLS
