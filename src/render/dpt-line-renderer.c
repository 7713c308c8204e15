/* dpt-line-renderer.c - the values of a vector as a line
 *
 * Left is a full line, right is dashed over it.  Where there are more values
 * than pixels, each pixel shows the value of the largest magnitude in it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-line-renderer"

#include "dpt-line-renderer.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-label.h"

#define LEFT_ROOM    58.0
#define RIGHT_ROOM   8.0
#define TOP_ROOM     8.0
#define BOTTOM_ROOM  22.0
#define TICK_SPACING 72.0
#define ROW_SPACING  34.0
#define MOST_DOTS    64

/**
 * dpt_line_layout_init:
 * @self: (out caller-allocates): the layout
 * @data: both lines and the range of their values; a range that is empty is
 *   widened about its middle
 * @width: of the picture, in user units
 * @height: of the picture
 */
void
dpt_line_layout_init (DptLineLayout *self,
                      const DptLineData *data,
                      double width,
                      double height)
{
  double low = isfinite (data->low) ? data->low : 0.0;
  double high = isfinite (data->high) ? data->high : 0.0;
  double extra;

  *self = (DptLineLayout){
    .plot = { LEFT_ROOM, TOP_ROOM, MAX (width - LEFT_ROOM - RIGHT_ROOM, 1.0),
              MAX (height - TOP_ROOM - BOTTOM_ROOM, 1.0) },
  };
  if (data->left != NULL)
    self->n_columns = dpt_slice_grid_get_n_columns (data->left);
  if (data->right != NULL)
    self->n_columns = MAX (self->n_columns,
                           dpt_slice_grid_get_n_columns (data->right));
  extra = high > low ? (high - low) * 0.05 : MAX (fabs (low) * 0.1, 1e-6);
  self->low = low - extra;
  self->high = high + extra;
}

/**
 * dpt_line_layout_get_x:
 * @self: a layout
 * @column: an index of the vector
 *
 * Returns: where its value stands
 */
double
dpt_line_layout_get_x (const DptLineLayout *self, gsize column)
{
  return self->plot.x + self->plot.width * ((double) column + 0.5) /
                            (double) MAX (self->n_columns, 1);
}

/**
 * dpt_line_layout_get_y:
 * @self: a layout
 * @value: a value, clamped to the picture; infinities stand on its edges
 *
 * Returns: the height in the picture at which it stands
 */
double
dpt_line_layout_get_y (const DptLineLayout *self, double value)
{
  double share = (value - self->low) / (self->high - self->low);

  return self->plot.y + self->plot.height * (1.0 - CLAMP (share, 0.0, 1.0));
}

/**
 * dpt_line_layout_pick:
 * @self: a layout
 * @x: a place in the picture
 * @column: (out): the index there
 *
 * Returns: whether the place lies in the plot
 */
gboolean
dpt_line_layout_pick (const DptLineLayout *self, double x, gsize *column)
{
  double share = (x - self->plot.x) / self->plot.width;

  if (share < 0.0 || share >= 1.0 || self->n_columns == 0)
    return FALSE;
  *column = MIN ((gsize) (share * (double) self->n_columns),
                 self->n_columns - 1);
  return TRUE;
}

static void
draw_axes (cairo_t *cr, const DptLineLayout *layout, DptTheme theme)
{
  const DptColor *text = dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT);
  const DptColor *line = dpt_palette_get_shade (theme, DPT_SHADE_LINE);
  const DptRect *plot = &layout->plot;
  DptAxis values = { DPT_AXIS_LINEAR, layout->low, layout->high, plot->height };
  DptAxis indexes = { DPT_AXIS_INDEX, 0.0, (double) layout->n_columns,
                      plot->width };
  DptLabelStyle style = { .xalign = 1.0, .yalign = 0.5 };
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (&values,
                                (guint) (plot->height / ROW_SPACING) + 1,
                                ticks);

  for (guint i = 0; i < n; i++)
    {
      double y = round (dpt_line_layout_get_y (layout, ticks[i])) + 0.5;
      g_autofree char *label = dpt_axis_format_tick (&values, ticks[i]);

      cairo_move_to (cr, plot->x, y);
      cairo_line_to (cr, plot->x + plot->width, y);
      dpt_color_set_source (line, cr, 0.6);
      cairo_stroke (cr);
      dpt_label_draw (cr, label, plot->x - 8.0, y, &style, text);
    }
  style = (DptLabelStyle){ .xalign = 0.5 };
  n = dpt_axis_get_ticks (&indexes, (guint) (plot->width / TICK_SPACING) + 1,
                          ticks);
  for (guint i = 0; i < n; i++)
    {
      double x = dpt_line_layout_get_x (layout, (gsize) ticks[i]);
      g_autofree char *label = dpt_axis_format_tick (&indexes, ticks[i]);

      dpt_label_draw (cr, label, x, plot->y + plot->height + 5.0, &style, text);
    }
}

/* One point for each value, or for each pixel where there are more values. */
static void
draw_side (cairo_t *cr,
           const DptLineLayout *layout,
           const DptSliceGrid *grid,
           const DptColor *color)
{
  gsize n = dpt_slice_grid_get_n_columns (grid);
  gsize n_points = MIN (n, (gsize) layout->plot.width);
  gboolean open = FALSE;

  for (gsize i = 0; i < n_points; i++)
    {
      gsize column = (gsize) ((double) i * (double) n / (double) n_points);
      gsize end = (gsize) ((double) (i + 1) * (double) n / (double) n_points);
      double value = dpt_slice_grid_reduce (grid, 0, column, 1,
                                            MAX (end, column + 1) - column)
                         .value;
      double x = dpt_line_layout_get_x (layout, column);
      double y = dpt_line_layout_get_y (layout, value);

      /* NaN is a gap in the line. */
      if (isnan (value))
        open = FALSE;
      else if (open)
        cairo_line_to (cr, x, y);
      else
        {
          cairo_move_to (cr, x, y);
          open = TRUE;
        }
    }
  cairo_set_line_width (cr, 1.6);
  dpt_color_set_source (color, cr, 1.0);
  cairo_stroke (cr);
}

/* Few values are also marked, so that one alone can be seen. */
static void
draw_dots (cairo_t *cr,
           const DptLineLayout *layout,
           const DptSliceGrid *grid,
           double radius,
           const DptColor *color)
{
  gsize n = dpt_slice_grid_get_n_columns (grid);

  for (gsize i = 0; n <= MOST_DOTS && i < n; i++)
    {
      double value = dpt_slice_grid_get_cell (grid, 0, i).value;

      if (isnan (value))
        continue;
      cairo_new_sub_path (cr);
      cairo_arc (cr, dpt_line_layout_get_x (layout, i),
                 dpt_line_layout_get_y (layout, value), radius, 0.0,
                 2.0 * G_PI);
      dpt_color_set_source (color, cr, 1.0);
      cairo_fill (cr);
    }
}

/**
 * dpt_line_draw:
 * @cr: where to draw, at its origin
 * @layout: made from @data
 * @data: both lines
 * @theme: light or dark
 */
void
dpt_line_draw (cairo_t *cr,
               const DptLineLayout *layout,
               const DptLineData *data,
               DptTheme theme)
{
  static const double dashes[] = { 4.0, 3.0 };
  const DptColor *left = &dpt_palette_get_panel (theme, DPT_PANEL_LEFT)->line;
  const DptColor *right = &dpt_palette_get_panel (theme, DPT_PANEL_RIGHT)->line;

  if (layout->n_columns == 0)
    return;
  cairo_save (cr);
  cairo_set_line_width (cr, 1.0);
  draw_axes (cr, layout, theme);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (data->left != NULL)
    {
      draw_side (cr, layout, data->left, left);
      draw_dots (cr, layout, data->left, 3.5, left);
    }
  if (data->right != NULL)
    {
      cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0.0);
      draw_side (cr, layout, data->right, right);
      draw_dots (cr, layout, data->right, 2.0, right);
    }
  cairo_restore (cr);
}

/**
 * dpt_line_draw_cross_hair:
 * @cr: where to draw
 * @layout: where the values stand
 * @column: an index of the vector; outside: nothing is drawn
 * @theme: light or dark
 */
void
dpt_line_draw_cross_hair (cairo_t *cr,
                          const DptLineLayout *layout,
                          gsize column,
                          DptTheme theme)
{
  double x = round (dpt_line_layout_get_x (layout, column)) + 0.5;

  if (column >= layout->n_columns)
    return;
  cairo_save (cr);
  cairo_move_to (cr, x, layout->plot.y);
  cairo_line_to (cr, x, layout->plot.y + layout->plot.height);
  cairo_set_line_width (cr, 1.5);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_ACCENT), cr,
                        1.0);
  cairo_stroke (cr);
  cairo_restore (cr);
}
