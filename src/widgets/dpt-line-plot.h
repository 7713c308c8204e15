/* dpt-line-plot.h - the values of a vector as a line, on both sides
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-drawing.h"
#include "dpt-heatmap-view.h"
#include "dpt-line-renderer.h"

G_BEGIN_DECLS

#define DPT_TYPE_LINE_PLOT (dpt_line_plot_get_type ())
G_DECLARE_FINAL_TYPE (DptLinePlot, dpt_line_plot, DPT, LINE_PLOT, DptDrawing)

GtkWidget *dpt_line_plot_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_line_plot_set_grids (DptLinePlot *self,
                              DptSliceGrid *left,
                              DptSliceGrid *right,
                              double low,
                              double high);
void dpt_line_plot_set_view (DptLinePlot *self, DptHeatmapView *view);

G_END_DECLS
