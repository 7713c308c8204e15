/* dpt-heatmap-layout.h - where the cells of a heat map stand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value, in user units (pixels at a scale of 1). */
typedef struct
{
  double x;
  double y;
  double width;
  double height;
} DptRect;

/* A value: the part of a grid that is shown. */
typedef struct
{
  gsize row;
  gsize column;
  gsize n_rows;
  gsize n_columns;
} DptGridWindow;

/* Room around the picture for ticks and their labels. */
typedef struct
{
  double left;
  double right;
  double top;
  double bottom;
} DptMargins;

/* A value: geometry only, no colours and no Cairo.  The image holds one pixel
 * for each cell where there is room, and fewer where there is not; then each
 * of its pixels stands for several cells. */
typedef struct
{
  DptGridWindow window;
  DptRect plot;
  gsize image_rows;
  gsize image_columns;
} DptHeatmapLayout;

void dpt_heatmap_layout_init (DptHeatmapLayout *self,
                              const DptGridWindow *window,
                              const DptMargins *margins,
                              double width,
                              double height,
                              int scale);
gboolean dpt_heatmap_layout_is_reduced (const DptHeatmapLayout *self);
void dpt_heatmap_layout_get_cells (const DptHeatmapLayout *self,
                                   gsize image_row,
                                   gsize image_column,
                                   DptGridWindow *cells);
gboolean dpt_heatmap_layout_pick (const DptHeatmapLayout *self,
                                  double x,
                                  double y,
                                  gsize *row,
                                  gsize *column);
gboolean dpt_heatmap_layout_get_rect (const DptHeatmapLayout *self,
                                      gsize row,
                                      gsize column,
                                      DptRect *rect);
gboolean dpt_heatmap_layout_select (const DptHeatmapLayout *self,
                                    double x0,
                                    double y0,
                                    double x1,
                                    double y1,
                                    DptGridWindow *window);

G_END_DECLS
