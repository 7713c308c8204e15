/* dpt-heatmap-view.h - the cross-hair and the zoom that pictures share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "dpt-heatmap-layout.h"

G_BEGIN_DECLS

/* signal cursor-changed: the cross-hair moved, came or went.
 * signal window-changed: another part is shown, or the size is new. */
#define DPT_TYPE_HEATMAP_VIEW (dpt_heatmap_view_get_type ())
G_DECLARE_FINAL_TYPE (DptHeatmapView,
                      dpt_heatmap_view,
                      DPT,
                      HEATMAP_VIEW,
                      GObject)

DptHeatmapView *dpt_heatmap_view_new (void) G_GNUC_WARN_UNUSED_RESULT;

void
dpt_heatmap_view_set_size (DptHeatmapView *self, gsize n_rows, gsize n_columns);

gboolean
dpt_heatmap_view_get_cursor (DptHeatmapView *self, gsize *row, gsize *column);
void
dpt_heatmap_view_set_cursor (DptHeatmapView *self, gsize row, gsize column);
void dpt_heatmap_view_move_cursor (DptHeatmapView *self, int rows, int columns);

void dpt_heatmap_view_get_window (DptHeatmapView *self, DptGridWindow *window);
void dpt_heatmap_view_set_window (DptHeatmapView *self,
                                  const DptGridWindow *window);
void dpt_heatmap_view_reset_window (DptHeatmapView *self);
gboolean dpt_heatmap_view_is_zoomed (DptHeatmapView *self);

G_END_DECLS
