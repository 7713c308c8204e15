/* dpt-heatmap-view.c - the cross-hair and the zoom that pictures share
 *
 * Invariants: the window lies inside the size and is empty only when the size
 * is; the cursor, when there is one, lies inside the size.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-heatmap-view"

#include "dpt-heatmap-view.h"

struct _DptHeatmapView
{
  GObject parent_instance;
  gsize n_rows;
  gsize n_columns;
  DptGridWindow window;
  gboolean has_cursor;
  gsize row;
  gsize column;
};

enum
{
  CURSOR_CHANGED,
  WINDOW_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptHeatmapView, dpt_heatmap_view, G_TYPE_OBJECT)

static void
dpt_heatmap_view_class_init (DptHeatmapViewClass *klass)
{
  signals[CURSOR_CHANGED] = g_signal_new ("cursor-changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  signals[WINDOW_CHANGED] = g_signal_new ("window-changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
dpt_heatmap_view_init (DptHeatmapView *self)
{
}

/**
 * dpt_heatmap_view_new:
 *
 * Returns: (transfer full): a view of nothing
 */
DptHeatmapView *
dpt_heatmap_view_new (void)
{
  return g_object_new (DPT_TYPE_HEATMAP_VIEW, NULL);
}

/**
 * dpt_heatmap_view_set_size:
 * @self: a view
 * @n_rows: rows of the largest grid that shares the view
 * @n_columns: its columns
 *
 * A new size shows everything; the cursor stays when it still has a cell.
 */
void
dpt_heatmap_view_set_size (DptHeatmapView *self, gsize n_rows, gsize n_columns)
{
  g_return_if_fail (DPT_IS_HEATMAP_VIEW (self));

  if (self->n_rows == n_rows && self->n_columns == n_columns)
    return;
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->window = (DptGridWindow){ 0, 0, n_rows, n_columns };
  if (self->has_cursor && (self->row >= n_rows || self->column >= n_columns))
    self->has_cursor = FALSE;
  g_signal_emit (self, signals[WINDOW_CHANGED], 0);
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

/**
 * dpt_heatmap_view_get_cursor:
 * @self: a view
 * @row: (out): the row of the cross-hair
 * @column: (out): its column
 *
 * Returns: whether there is a cross-hair
 */
gboolean
dpt_heatmap_view_get_cursor (DptHeatmapView *self, gsize *row, gsize *column)
{
  g_return_val_if_fail (DPT_IS_HEATMAP_VIEW (self), FALSE);

  *row = self->row;
  *column = self->column;
  return self->has_cursor;
}

/**
 * dpt_heatmap_view_set_cursor:
 * @self: a view
 * @row: a row
 * @column: a column; a place outside the size changes nothing
 */
void
dpt_heatmap_view_set_cursor (DptHeatmapView *self, gsize row, gsize column)
{
  g_return_if_fail (DPT_IS_HEATMAP_VIEW (self));

  if (row >= self->n_rows || column >= self->n_columns)
    return;
  if (self->has_cursor && self->row == row && self->column == column)
    return;
  self->has_cursor = TRUE;
  self->row = row;
  self->column = column;
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

/* @value + @step inside [@low, @low + @n). */
static gsize
step_inside (gsize value, int step, gsize low, gsize n)
{
  if (step < 0)
    value -= MIN (value, (gsize) -step);
  else
    value += (gsize) step;
  return CLAMP (value, low, low + n - 1);
}

/**
 * dpt_heatmap_view_move_cursor:
 * @self: a view
 * @rows: how far down, negative: up
 * @columns: how far to the right, negative: to the left
 *
 * Moves the cross-hair inside the window; without one it appears in the
 * window's middle.
 */
void
dpt_heatmap_view_move_cursor (DptHeatmapView *self, int rows, int columns)
{
  const DptGridWindow *window = &self->window;

  g_return_if_fail (DPT_IS_HEATMAP_VIEW (self));

  if (window->n_rows == 0 || window->n_columns == 0)
    return;
  if (!self->has_cursor)
    dpt_heatmap_view_set_cursor (self, window->row + window->n_rows / 2,
                                 window->column + window->n_columns / 2);
  else
    dpt_heatmap_view_set_cursor (self,
                                 step_inside (self->row, rows, window->row,
                                              window->n_rows),
                                 step_inside (self->column, columns,
                                              window->column,
                                              window->n_columns));
}

/**
 * dpt_heatmap_view_get_window:
 * @self: a view
 * @window: (out): the cells that are shown
 */
void
dpt_heatmap_view_get_window (DptHeatmapView *self, DptGridWindow *window)
{
  g_return_if_fail (DPT_IS_HEATMAP_VIEW (self));

  *window = self->window;
}

/**
 * dpt_heatmap_view_set_window:
 * @self: a view
 * @window: the cells to show, at least one; cut to the size
 */
void
dpt_heatmap_view_set_window (DptHeatmapView *self, const DptGridWindow *window)
{
  DptGridWindow next = *window;

  g_return_if_fail (DPT_IS_HEATMAP_VIEW (self));

  if (next.row >= self->n_rows || next.column >= self->n_columns)
    return;
  next.n_rows = CLAMP (next.n_rows, 1, self->n_rows - next.row);
  next.n_columns = CLAMP (next.n_columns, 1, self->n_columns - next.column);
  if (next.row == self->window.row && next.column == self->window.column &&
      next.n_rows == self->window.n_rows &&
      next.n_columns == self->window.n_columns)
    return;
  self->window = next;
  g_signal_emit (self, signals[WINDOW_CHANGED], 0);
}

/**
 * dpt_heatmap_view_reset_window:
 * @self: a view
 *
 * Shows everything again.
 */
void
dpt_heatmap_view_reset_window (DptHeatmapView *self)
{
  const DptGridWindow whole = { 0, 0, self->n_rows, self->n_columns };

  dpt_heatmap_view_set_window (self, &whole);
}

/**
 * dpt_heatmap_view_is_zoomed:
 * @self: a view
 *
 * Returns: whether only a part is shown
 */
gboolean
dpt_heatmap_view_is_zoomed (DptHeatmapView *self)
{
  g_return_val_if_fail (DPT_IS_HEATMAP_VIEW (self), FALSE);

  return self->window.n_rows < self->n_rows ||
         self->window.n_columns < self->n_columns;
}
