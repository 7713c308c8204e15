/* dpt-heatmap-layout.c - where the cells of a heat map stand
 *
 * Invariants: the image has at least one pixel a side when the window is not
 * empty, never more pixels than cells; pixel p of P over n cells stands for the
 * cells from floor (p * n / P) up to floor ((p + 1) * n / P), so that every
 * cell belongs to exactly one pixel.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-heatmap-layout"

#include "dpt-heatmap-layout.h"

#include <math.h>

/* floor (p * n / P) without overflow of the product. */
static gsize
scale_index (gsize p, gsize n, gsize total)
{
  return (gsize) ((unsigned __int128) p * n / total);
}

/**
 * dpt_heatmap_layout_init:
 * @self: (out caller-allocates): the layout
 * @window: the cells to show
 * @margins: room around the cells
 * @width: of the whole picture, in user units
 * @height: of the whole picture
 * @scale: device pixels in a user unit
 *
 * The edges of the plot stand on whole user units, so that a reduced image
 * falls on the pixels of the device.
 */
void
dpt_heatmap_layout_init (DptHeatmapLayout *self,
                         const DptGridWindow *window,
                         const DptMargins *margins,
                         double width,
                         double height,
                         int scale)
{
  double plot_width = floor (MAX (width - margins->left - margins->right, 1));
  double plot_height = floor (MAX (height - margins->top - margins->bottom, 1));

  *self = (DptHeatmapLayout){
    .window = *window,
    .plot = { floor (margins->left), floor (margins->top), plot_width,
              plot_height },
    .image_rows = MIN (window->n_rows, (gsize) plot_height * (gsize) scale),
    .image_columns = MIN (window->n_columns,
                          (gsize) plot_width * (gsize) scale),
  };
}

/**
 * dpt_heatmap_layout_is_reduced:
 * @self: a layout
 *
 * Returns: whether a pixel stands for more than one cell
 */
gboolean
dpt_heatmap_layout_is_reduced (const DptHeatmapLayout *self)
{
  return self->image_rows < self->window.n_rows ||
         self->image_columns < self->window.n_columns;
}

/**
 * dpt_heatmap_layout_get_cells:
 * @self: a layout
 * @image_row: a row of the image
 * @image_column: a column of the image
 * @cells: (out): the cells of the grid that this pixel stands for
 */
void
dpt_heatmap_layout_get_cells (const DptHeatmapLayout *self,
                              gsize image_row,
                              gsize image_column,
                              DptGridWindow *cells)
{
  const DptGridWindow *window = &self->window;
  gsize row = scale_index (image_row, window->n_rows, self->image_rows);
  gsize row_end = scale_index (image_row + 1, window->n_rows, self->image_rows);
  gsize column = scale_index (image_column, window->n_columns,
                              self->image_columns);
  gsize column_end = scale_index (image_column + 1, window->n_columns,
                                  self->image_columns);

  *cells = (DptGridWindow){
    .row = window->row + row,
    .column = window->column + column,
    .n_rows = row_end - row,
    .n_columns = column_end - column,
  };
}

/* The cell of @n that stands at @place of @length, clamped to the first and
 * last. */
static gsize
pick_along (double place, double length, gsize n)
{
  double cell = floor (place / length * (double) n);

  return (gsize) CLAMP (cell, 0.0, (double) (n - 1));
}

/**
 * dpt_heatmap_layout_pick:
 * @self: a layout
 * @x: a place in the picture
 * @y: a place in the picture
 * @row: (out): the grid's row there
 * @column: (out): the grid's column there
 *
 * Returns: whether the place lies on a cell
 */
gboolean
dpt_heatmap_layout_pick (const DptHeatmapLayout *self,
                         double x,
                         double y,
                         gsize *row,
                         gsize *column)
{
  const DptRect *plot = &self->plot;

  if (self->window.n_rows == 0 || self->window.n_columns == 0)
    return FALSE;
  if (x < plot->x || x >= plot->x + plot->width)
    return FALSE;
  if (y < plot->y || y >= plot->y + plot->height)
    return FALSE;
  *row = self->window.row +
         pick_along (y - plot->y, plot->height, self->window.n_rows);
  *column = self->window.column +
            pick_along (x - plot->x, plot->width, self->window.n_columns);
  return TRUE;
}

/**
 * dpt_heatmap_layout_get_rect:
 * @self: a layout
 * @row: a row of the grid
 * @column: a column of the grid
 * @rect: (out): where the cell stands, exactly
 *
 * Returns: whether the cell is inside the window; if not, @rect is unset
 */
gboolean
dpt_heatmap_layout_get_rect (const DptHeatmapLayout *self,
                             gsize row,
                             gsize column,
                             DptRect *rect)
{
  const DptGridWindow *window = &self->window;
  double cell_width;
  double cell_height;

  if (row < window->row || row - window->row >= window->n_rows)
    return FALSE;
  if (column < window->column || column - window->column >= window->n_columns)
    return FALSE;
  cell_width = self->plot.width / (double) window->n_columns;
  cell_height = self->plot.height / (double) window->n_rows;
  *rect = (DptRect){
    .x = self->plot.x + (double) (column - window->column) * cell_width,
    .y = self->plot.y + (double) (row - window->row) * cell_height,
    .width = cell_width,
    .height = cell_height,
  };
  return TRUE;
}

/**
 * dpt_heatmap_layout_select:
 * @self: a layout
 * @x0: one corner of a dragged rectangle
 * @y0: one corner
 * @x1: the opposite corner
 * @y1: the opposite corner
 * @window: (out): the cells that the rectangle touches
 *
 * Corners outside the plot are taken to its edge.
 *
 * Returns: whether there are cells at all
 */
gboolean
dpt_heatmap_layout_select (const DptHeatmapLayout *self,
                           double x0,
                           double y0,
                           double x1,
                           double y1,
                           DptGridWindow *window)
{
  const DptRect *plot = &self->plot;
  gsize row;
  gsize column;
  gsize last_row;
  gsize last_column;

  if (self->window.n_rows == 0 || self->window.n_columns == 0)
    return FALSE;
  row = pick_along (MIN (y0, y1) - plot->y, plot->height, self->window.n_rows);
  last_row = pick_along (MAX (y0, y1) - plot->y, plot->height,
                         self->window.n_rows);
  column = pick_along (MIN (x0, x1) - plot->x, plot->width,
                       self->window.n_columns);
  last_column = pick_along (MAX (x0, x1) - plot->x, plot->width,
                            self->window.n_columns);
  *window = (DptGridWindow){
    .row = self->window.row + row,
    .column = self->window.column + column,
    .n_rows = last_row - row + 1,
    .n_columns = last_column - column + 1,
  };
  return TRUE;
}
