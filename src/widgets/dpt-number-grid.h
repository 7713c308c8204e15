/* dpt-number-grid.h - a slice of both sides as a table of numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-heatmap-view.h"
#include "dpt-slice-grid.h"

G_BEGIN_DECLS

/* Implements GtkScrollable. */
#define DPT_TYPE_NUMBER_GRID (dpt_number_grid_get_type ())
G_DECLARE_FINAL_TYPE (DptNumberGrid,
                      dpt_number_grid,
                      DPT,
                      NUMBER_GRID,
                      GtkWidget)

GtkWidget *dpt_number_grid_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_number_grid_set_grids (DptNumberGrid *self,
                                DptSliceGrid *left,
                                DptSliceGrid *right,
                                DptSliceGrid *difference,
                                gboolean wide);
void dpt_number_grid_set_view (DptNumberGrid *self, DptHeatmapView *view);
char *dpt_number_grid_describe (DptNumberGrid *self,
                                gsize row,
                                gsize column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
