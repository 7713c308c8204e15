/* dpt-line-renderer.h - the values of a vector as a line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-heatmap-layout.h"
#include "dpt-palette.h"
#include "dpt-slice-grid.h"

G_BEGIN_DECLS

/* A value that borrows its grids: row 0 of each is shown.  A side that is not
 * there is NULL. */
typedef struct
{
  const DptSliceGrid *left;
  const DptSliceGrid *right;
  double low; /* the range of values to show */
  double high;
} DptLineData;

/* A value: geometry only. */
typedef struct
{
  DptRect plot;
  double low;
  double high;
  gsize n_columns; /* of the longer side */
} DptLineLayout;

void dpt_line_layout_init (DptLineLayout *self,
                           const DptLineData *data,
                           double width,
                           double height);
double dpt_line_layout_get_x (const DptLineLayout *self, gsize column);
double dpt_line_layout_get_y (const DptLineLayout *self, double value);
gboolean
dpt_line_layout_pick (const DptLineLayout *self, double x, gsize *column);
void dpt_line_draw (cairo_t *cr,
                    const DptLineLayout *layout,
                    const DptLineData *data,
                    DptTheme theme);
void dpt_line_draw_cross_hair (cairo_t *cr,
                               const DptLineLayout *layout,
                               gsize column,
                               DptTheme theme);

G_END_DECLS
