/* dpt-heatmap.h - a slice of a tensor as colours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-drawing.h"
#include "dpt-heatmap-renderer.h"
#include "dpt-heatmap-view.h"

G_BEGIN_DECLS

/* property reduced (boolean, read): a pixel stands for more than one cell. */
#define DPT_TYPE_HEATMAP (dpt_heatmap_get_type ())
G_DECLARE_FINAL_TYPE (DptHeatmap, dpt_heatmap, DPT, HEATMAP, DptDrawing)

GtkWidget *dpt_heatmap_new (void) G_GNUC_WARN_UNUSED_RESULT;

DptSliceGrid *dpt_heatmap_get_grid (DptHeatmap *self);
void dpt_heatmap_set_grid (DptHeatmap *self,
                           DptSliceGrid *grid,
                           const DptColormap *colormap);
DptHeatmapView *dpt_heatmap_get_view (DptHeatmap *self);
void dpt_heatmap_set_view (DptHeatmap *self, DptHeatmapView *view);
void dpt_heatmap_set_axes (DptHeatmap *self,
                           gboolean row_labels,
                           const char *row_title,
                           const char *column_title);
void dpt_heatmap_set_name (DptHeatmap *self, const char *name);
gboolean dpt_heatmap_is_reduced (DptHeatmap *self);

G_END_DECLS
