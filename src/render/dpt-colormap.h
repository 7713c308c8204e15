/* dpt-colormap.h - numbers to colours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-palette.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_COLORMAP_VALUES,     /* blue, pale, brown; symmetric about 0 */
  DPT_COLORMAP_DIFFERENCE, /* |l - r|, log scale that breaks at the tolerance */
} DptColormapKind;

/* A value; made by one of the two functions below. */
typedef struct
{
  DptColormapKind kind;
  DptTheme theme;
  double low;       /* difference: below it everything has the palest colour */
  double tolerance; /* difference: where the scale breaks; 0: no lower part */
  double high;      /* values: the bar runs from -high to high */
} DptColormap;

/* The share of the difference bar that lies within the tolerance. */
#define DPT_COLORMAP_BREAK 0.43

void dpt_colormap_init_values (DptColormap *self, DptTheme theme, double limit);
void dpt_colormap_init_difference (DptColormap *self,
                                   DptTheme theme,
                                   double tolerance,
                                   double largest);
double dpt_colormap_get_place (const DptColormap *self, double value);
DptColor dpt_colormap_get_color_at (const DptColormap *self, double place);
DptColor dpt_colormap_get_color (const DptColormap *self, double value);
DptColor dpt_colormap_get_judged_color (const DptColormap *self,
                                        double difference,
                                        gboolean beyond);

G_END_DECLS
