/* dpt-heatmap-renderer.h - draws a heat map
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-colormap.h"
#include "dpt-heatmap-layout.h"
#include "dpt-slice-grid.h"

G_BEGIN_DECLS

/* What stands around the cells; a value, all zero draws none of it. */
typedef struct
{
  gboolean row_ticks;       /* marks at the left edge */
  gboolean row_labels;      /* and their numbers */
  gboolean column_ticks;    /* marks and numbers at the lower edge */
  const char *row_title;    /* (nullable): read upwards, left of the numbers */
  const char *column_title; /* (nullable): at the right end, below */
} DptHeatmapAxes;

void dpt_heatmap_get_margins (const DptHeatmapAxes *axes, DptMargins *margins);
cairo_surface_t *
dpt_heatmap_render_cells (const DptSliceGrid *grid,
                          const DptHeatmapLayout *layout,
                          const DptColormap *colormap,
                          GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void dpt_heatmap_draw_cells (cairo_t *cr,
                             const DptHeatmapLayout *layout,
                             cairo_surface_t *cells,
                             DptTheme theme);
void dpt_heatmap_draw_axes (cairo_t *cr,
                            const DptHeatmapLayout *layout,
                            const DptHeatmapAxes *axes,
                            DptTheme theme);
void dpt_heatmap_draw_cross_hair (cairo_t *cr,
                                  const DptHeatmapLayout *layout,
                                  gsize row,
                                  gsize column,
                                  DptTheme theme);
void dpt_heatmap_draw_thumbnail (cairo_t *cr,
                                 const DptSliceGrid *grid,
                                 const DptColormap *colormap,
                                 double width,
                                 double height,
                                 int scale);

G_END_DECLS
