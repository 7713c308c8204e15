/* dpt-heatmap-renderer.c - draws a heat map
 *
 * The cells are rendered once to an image (which may take long and may be done
 * in a thread), and the image is drawn as often as the window likes.  A cell
 * that is NaN is a hole in the image, through which a diagonal hatch shows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-heatmap-renderer"

#include "dpt-heatmap-renderer.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-label.h"

#define TICK_LENGTH     4.0
#define ROW_LABEL_ROOM  38.0
#define ROW_TITLE_ROOM  16.0
#define LABEL_OVERHANG  7.0
#define COLUMN_ROOM     20.0
#define HATCH_STEP      4.0
#define TICK_SPACING    56.0
#define LEAST_CROSS_BOX 8.0

/**
 * dpt_heatmap_get_margins:
 * @axes: what stands around the cells
 * @margins: (out): the room that it takes
 */
void
dpt_heatmap_get_margins (const DptHeatmapAxes *axes, DptMargins *margins)
{
  *margins =
      (DptMargins){ .left = 1.0, .right = 1.0, .top = 1.0, .bottom = 1.0 };
  if (axes->row_ticks)
    margins->left = TICK_LENGTH + 1.0;
  if (axes->row_labels)
    {
      /* The title's room is kept without one, so that plots stand in line;
       * the label of the first of many rows stands half above the picture. */
      margins->left = ROW_TITLE_ROOM + ROW_LABEL_ROOM;
      margins->top = LABEL_OVERHANG;
    }
  if (axes->column_ticks || axes->column_title != NULL)
    margins->bottom = COLUMN_ROOM;
}

/* A pixel of CAIRO_FORMAT_ARGB32; NaN is a hole. */
static guint32
get_pixel (const DptColormap *colormap, const DptGridCell *cell)
{
  DptColor color;

  if (isnan (cell->value))
    return 0;
  if (colormap->kind == DPT_COLORMAP_DIFFERENCE)
    color = dpt_colormap_get_judged_color (colormap, cell->value, cell->beyond);
  else
    color = dpt_colormap_get_color (colormap, cell->value);
  return 0xff000000u | dpt_color_to_rgb (&color);
}

/**
 * dpt_heatmap_render_cells:
 * @grid: the cells
 * @layout: which of them, and on how many pixels
 * @colormap: their colours
 * @cancellable: (nullable): to stop early
 *
 * Each pixel shows the value of the largest magnitude among the cells that it
 * stands for, and NaN if one of them is NaN, so that nothing that stands out
 * is lost. May be called from any thread.
 *
 * Returns: (transfer full) (nullable): an image of layout->image_columns by
 *   layout->image_rows pixels; %NULL when there are no cells, when it was
 *   cancelled, or when there is no memory for it
 */
cairo_surface_t *
dpt_heatmap_render_cells (const DptSliceGrid *grid,
                          const DptHeatmapLayout *layout,
                          const DptColormap *colormap,
                          GCancellable *cancellable)
{
  int width = (int) MIN (layout->image_columns, G_MAXINT16);
  int height = (int) MIN (layout->image_rows, G_MAXINT16);
  cairo_surface_t *surface;
  unsigned char *data;
  int stride;

  if (width == 0 || height == 0)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);
  for (int row = 0; row < height; row++)
    {
      guint32 *pixels = (guint32 *) (void *) (data + (gsize) row * stride);

      if (g_cancellable_is_cancelled (cancellable))
        {
          cairo_surface_destroy (surface);
          return NULL;
        }
      for (int column = 0; column < width; column++)
        {
          DptGridWindow cells;
          DptGridCell cell;

          dpt_heatmap_layout_get_cells (layout, row, column, &cells);
          cell = dpt_slice_grid_reduce (grid, cells.row, cells.column,
                                        cells.n_rows, cells.n_columns);
          pixels[column] = get_pixel (colormap, &cell);
        }
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
draw_hatch (cairo_t *cr, const DptRect *plot, DptTheme theme)
{
  const DptColor *ground = dpt_palette_get_shade (theme, DPT_SHADE_LIST);
  const DptColor *line = dpt_palette_get_shade (theme, DPT_SHADE_TEXT);

  dpt_color_set_source (ground, cr, 1.0);
  cairo_rectangle (cr, plot->x, plot->y, plot->width, plot->height);
  cairo_fill (cr);
  for (double x = -plot->height; x < plot->width; x += HATCH_STEP)
    {
      cairo_move_to (cr, plot->x + x, plot->y + plot->height);
      cairo_line_to (cr, plot->x + x + plot->height, plot->y);
    }
  cairo_set_line_width (cr, 1.2);
  dpt_color_set_source (line, cr, 0.75);
  cairo_stroke (cr);
}

/**
 * dpt_heatmap_draw_cells:
 * @cr: where to draw
 * @layout: where the cells stand
 * @cells: (nullable): the image from dpt_heatmap_render_cells(), perhaps of
 *   another size; %NULL draws the empty ground
 * @theme: light or dark
 */
void
dpt_heatmap_draw_cells (cairo_t *cr,
                        const DptHeatmapLayout *layout,
                        cairo_surface_t *cells,
                        DptTheme theme)
{
  const DptRect *plot = &layout->plot;

  cairo_save (cr);
  cairo_rectangle (cr, plot->x, plot->y, plot->width, plot->height);
  cairo_clip (cr);
  if (cells != NULL)
    {
      draw_hatch (cr, plot, theme);
      cairo_translate (cr, plot->x, plot->y);
      cairo_scale (cr, plot->width / cairo_image_surface_get_width (cells),
                   plot->height / cairo_image_surface_get_height (cells));
      cairo_set_source_surface (cr, cells, 0.0, 0.0);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
    }
  else
    {
      dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_WINDOW), cr,
                            1.0);
      cairo_paint (cr);
    }
  cairo_restore (cr);
  cairo_rectangle (cr, plot->x - 0.5, plot->y - 0.5, plot->width + 1.0,
                   plot->height + 1.0);
  cairo_set_line_width (cr, 1.0);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_LINE), cr, 1.0);
  cairo_stroke (cr);
}

static void
draw_row_ticks (cairo_t *cr,
                const DptHeatmapLayout *layout,
                gboolean labels,
                DptTheme theme)
{
  const DptColor *text = dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT);
  const DptRect *plot = &layout->plot;
  const DptLabelStyle style = { .xalign = 1.0, .yalign = 0.5 };
  DptAxis axis = { DPT_AXIS_INDEX, (double) layout->window.row,
                   (double) (layout->window.row + layout->window.n_rows),
                   plot->height };
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (&axis,
                                (guint) (plot->height / TICK_SPACING) + 2,
                                ticks);
  double half = plot->height / (double) layout->window.n_rows / 2.0;

  for (guint i = 0; i < n; i++)
    {
      double y = plot->y + dpt_axis_project (&axis, ticks[i]) + half;

      cairo_move_to (cr, plot->x - TICK_LENGTH, round (y) - 0.5);
      cairo_line_to (cr, plot->x - 1.0, round (y) - 0.5);
      dpt_color_set_source (text, cr, 1.0);
      cairo_stroke (cr);
      if (labels)
        {
          g_autofree char *label = dpt_axis_format_tick (&axis, ticks[i]);

          dpt_label_draw (cr, label, plot->x - TICK_LENGTH - 3.0, y, &style,
                          text);
        }
    }
}

static void
draw_column_ticks (cairo_t *cr,
                   const DptHeatmapLayout *layout,
                   const char *title,
                   DptTheme theme)
{
  const DptColor *text = dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT);
  const DptRect *plot = &layout->plot;
  DptLabelStyle style = { .xalign = 1.0, .yalign = 0.0 };
  DptAxis axis = { DPT_AXIS_INDEX, (double) layout->window.column,
                   (double) (layout->window.column + layout->window.n_columns),
                   plot->width };
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (&axis, (guint) (plot->width / TICK_SPACING) + 2,
                                ticks);
  double half = plot->width / (double) layout->window.n_columns / 2.0;
  double bottom = plot->y + plot->height;
  double room = plot->x + plot->width;

  if (title != NULL)
    room -= dpt_label_draw (cr, title, room, bottom + TICK_LENGTH, &style,
                            text) +
            6.0;
  style.xalign = 0.5;
  for (guint i = 0; i < n; i++)
    {
      double x = plot->x + dpt_axis_project (&axis, ticks[i]) + half;
      g_autofree char *label = dpt_axis_format_tick (&axis, ticks[i]);

      cairo_move_to (cr, round (x) - 0.5, bottom + 1.0);
      cairo_line_to (cr, round (x) - 0.5, bottom + TICK_LENGTH);
      dpt_color_set_source (text, cr, 1.0);
      cairo_stroke (cr);
      if (x + dpt_label_measure (cr, label, &style) / 2.0 < room)
        dpt_label_draw (cr, label, x, bottom + TICK_LENGTH, &style, text);
    }
}

/**
 * dpt_heatmap_draw_axes:
 * @cr: where to draw
 * @layout: where the cells stand, with the margins of @axes
 * @axes: what to draw around them
 * @theme: light or dark
 */
void
dpt_heatmap_draw_axes (cairo_t *cr,
                       const DptHeatmapLayout *layout,
                       const DptHeatmapAxes *axes,
                       DptTheme theme)
{
  if (layout->window.n_rows == 0 || layout->window.n_columns == 0)
    return;
  cairo_save (cr);
  cairo_set_line_width (cr, 1.0);
  if (axes->row_ticks || axes->row_labels)
    draw_row_ticks (cr, layout, axes->row_labels, theme);
  if (axes->column_ticks)
    draw_column_ticks (cr, layout, axes->column_title, theme);
  if (axes->row_title != NULL)
    {
      const DptLabelStyle style = { .xalign = 0.5,
                                    .yalign = 0.0,
                                    .angle = -G_PI / 2.0 };

      dpt_label_draw (cr, axes->row_title, 0.0,
                      layout->plot.y + layout->plot.height / 2.0, &style,
                      dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT));
    }
  cairo_restore (cr);
}

/**
 * dpt_heatmap_draw_cross_hair:
 * @cr: where to draw
 * @layout: where the cells stand
 * @row: the grid's row
 * @column: the grid's column
 * @theme: light or dark
 *
 * Draws two thin lines through the cell and a box around it that is large
 * enough to be seen. Nothing is drawn for a cell outside the window.
 */
void
dpt_heatmap_draw_cross_hair (cairo_t *cr,
                             const DptHeatmapLayout *layout,
                             gsize row,
                             gsize column,
                             DptTheme theme)
{
  const DptRect *plot = &layout->plot;
  DptRect cell;
  double x;
  double y;
  double width;
  double height;

  if (!dpt_heatmap_layout_get_rect (layout, row, column, &cell))
    return;
  x = round (cell.x + cell.width / 2.0 - 0.5) + 0.5;
  y = round (cell.y + cell.height / 2.0 - 0.5) + 0.5;
  width = MAX (cell.width, LEAST_CROSS_BOX);
  height = MAX (cell.height, LEAST_CROSS_BOX);
  cairo_save (cr);
  cairo_rectangle (cr, plot->x, plot->y, plot->width, plot->height);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.0);
  cairo_move_to (cr, plot->x, y);
  cairo_line_to (cr, x - width / 2.0, y);
  cairo_move_to (cr, x + width / 2.0, y);
  cairo_line_to (cr, plot->x + plot->width, y);
  cairo_move_to (cr, x, plot->y);
  cairo_line_to (cr, x, y - height / 2.0);
  cairo_move_to (cr, x, y + height / 2.0);
  cairo_line_to (cr, x, plot->y + plot->height);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_TEXT), cr, 0.4);
  cairo_stroke (cr);
  cairo_restore (cr);
  cairo_save (cr);
  cairo_rectangle (cr, x - width / 2.0, y - height / 2.0, width, height);
  cairo_set_line_width (cr, 2.0);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_ACCENT), cr,
                        1.0);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/**
 * dpt_heatmap_draw_thumbnail:
 * @cr: where to draw, at its origin
 * @grid: the cells, all of which are shown
 * @colormap: their colours
 * @width: of the picture, in user units
 * @height: of the picture
 * @scale: device pixels in a user unit
 *
 * Draws a small picture without axes.
 */
void
dpt_heatmap_draw_thumbnail (cairo_t *cr,
                            const DptSliceGrid *grid,
                            const DptColormap *colormap,
                            double width,
                            double height,
                            int scale)
{
  const DptGridWindow window = { 0, 0, dpt_slice_grid_get_n_rows (grid),
                                 dpt_slice_grid_get_n_columns (grid) };
  const DptMargins margins = { 1.0, 1.0, 1.0, 1.0 };
  DptHeatmapLayout layout;
  cairo_surface_t *cells;

  dpt_heatmap_layout_init (&layout, &window, &margins, width, height, scale);
  cells = dpt_heatmap_render_cells (grid, &layout, colormap, NULL);
  dpt_heatmap_draw_cells (cr, &layout, cells, colormap->theme);
  g_clear_pointer (&cells, cairo_surface_destroy);
}
