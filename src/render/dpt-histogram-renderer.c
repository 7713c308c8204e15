/* dpt-histogram-renderer.c - two histograms over each other
 *
 * Left is filled, right is a dashed line over it, so that equal sides are seen
 * as one and any difference stands out.  The log scale is that of 1 + count:
 * an empty bin is at 0, a single value is seen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-histogram-renderer"

#include "dpt-histogram-renderer.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-label.h"

#define LEFT_ROOM    46.0
#define RIGHT_ROOM   8.0
#define TOP_ROOM     10.0
#define BOTTOM_ROOM  22.0
#define TICK_SPACING 64.0
#define ROW_SPACING  32.0

static guint64
get_most (const DptHistogramData *data)
{
  guint64 most = 1;

  for (guint i = 0; i < data->n_bins; i++)
    {
      if (data->left != NULL)
        most = MAX (most, data->left[i]);
      if (data->right != NULL)
        most = MAX (most, data->right[i]);
    }
  return most;
}

/**
 * dpt_histogram_layout_init:
 * @self: (out caller-allocates): the layout
 * @data: the counts
 * @log: whether counts are on a log scale
 * @width: of the picture, in user units
 * @height: of the picture
 */
void
dpt_histogram_layout_init (DptHistogramLayout *self,
                           const DptHistogramData *data,
                           gboolean log,
                           double width,
                           double height)
{
  *self = (DptHistogramLayout){
    .plot = { LEFT_ROOM, TOP_ROOM, MAX (width - LEFT_ROOM - RIGHT_ROOM, 1.0),
              MAX (height - TOP_ROOM - BOTTOM_ROOM, 1.0) },
    .log = log,
    .most = get_most (data),
  };
}

/**
 * dpt_histogram_layout_get_y:
 * @self: a layout
 * @count: a count
 *
 * Returns: the height in the picture at which it stands
 */
double
dpt_histogram_layout_get_y (const DptHistogramLayout *self, guint64 count)
{
  double share = self->log
                     ? log1p ((double) count) / log1p ((double) self->most)
                     : (double) count / (double) self->most;

  return self->plot.y + self->plot.height * (1.0 - share);
}

/**
 * dpt_histogram_layout_pick:
 * @self: a layout
 * @data: the counts
 * @x: a place in the picture
 *
 * Returns: the bin there, or -1
 */
int
dpt_histogram_layout_pick (const DptHistogramLayout *self,
                           const DptHistogramData *data,
                           double x)
{
  double share = (x - self->plot.x) / self->plot.width;

  if (share < 0.0 || share >= 1.0)
    return -1;
  return (int) (share * data->n_bins);
}

/* 10, 10², 10³: powers of ten as they are written by hand. */
static char *
format_power (int power)
{
  static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴",
                                        "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *decimal = g_strdup_printf ("%d", power);
  GString *text = g_string_new ("10");

  for (const char *p = decimal; power != 1 && *p != '\0'; p++)
    g_string_append (text, digits[*p - '0']);
  return g_string_free (text, FALSE);
}

static void
draw_count_tick (cairo_t *cr,
                 const DptHistogramLayout *layout,
                 guint64 count,
                 const char *label,
                 DptTheme theme)
{
  const DptLabelStyle style = { .xalign = 1.0, .yalign = 0.5 };
  double y = round (dpt_histogram_layout_get_y (layout, count)) + 0.5;

  cairo_move_to (cr, layout->plot.x, y);
  cairo_line_to (cr, layout->plot.x + layout->plot.width, y);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_LINE), cr, 0.6);
  cairo_stroke (cr);
  dpt_label_draw (cr, label, layout->plot.x - 8.0, y, &style,
                  dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT));
}

/* Where no count reaches ten, the small numbers have the ticks. */
static void
draw_few (cairo_t *cr, const DptHistogramLayout *layout, DptTheme theme)
{
  static const struct
  {
    guint64 count;
    const char *label;
  } few[] = { { 1, "1" }, { 2, "2" }, { 5, "5" } };

  for (gsize i = 0; i < G_N_ELEMENTS (few) && layout->most < 10; i++)
    if (few[i].count <= layout->most)
      draw_count_tick (cr, layout, few[i].count, few[i].label, theme);
}

static void
draw_count_axis (cairo_t *cr, const DptHistogramLayout *layout, DptTheme theme)
{
  guint room = (guint) (layout->plot.height / ROW_SPACING) + 1;
  double ticks[DPT_AXIS_MAX_TICKS];

  if (layout->log)
    {
      int powers = (int) floor (log10 ((double) layout->most));
      int step = powers / (int) room + 1;

      draw_count_tick (cr, layout, 0, "0", theme);
      draw_few (cr, layout, theme);
      for (int power = step; power <= powers; power += step)
        {
          g_autofree char *label = format_power (power);

          draw_count_tick (cr, layout, (guint64) pow (10.0, power), label,
                           theme);
        }
    }
  else
    {
      DptAxis axis = { DPT_AXIS_LINEAR, 0.0, (double) layout->most,
                       layout->plot.height };
      guint n = dpt_axis_get_ticks (&axis, room, ticks);

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *label = dpt_axis_format_count ((guint64) ticks[i]);

          draw_count_tick (cr, layout, (guint64) ticks[i], label, theme);
        }
    }
}

static void
draw_value_axis (cairo_t *cr,
                 const DptHistogramLayout *layout,
                 const DptHistogramData *data,
                 DptTheme theme)
{
  const DptColor *text = dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT);
  const DptLabelStyle style = { .xalign = 0.5, .yalign = 0.0 };
  const DptRect *plot = &layout->plot;
  DptAxis axis = { DPT_AXIS_LINEAR, data->low, data->high, plot->width };
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (&axis, (guint) (plot->width / TICK_SPACING) + 1,
                                ticks);

  for (guint i = 0; i < n; i++)
    {
      double x = round (plot->x + dpt_axis_project (&axis, ticks[i])) - 0.5;
      g_autofree char *label = dpt_axis_format_tick (&axis, ticks[i]);

      cairo_move_to (cr, x, plot->y + plot->height + 1.0);
      cairo_line_to (cr, x, plot->y + plot->height + 4.0);
      dpt_color_set_source (text, cr, 1.0);
      cairo_stroke (cr);
      dpt_label_draw (cr, label, x, plot->y + plot->height + 5.0, &style, text);
    }
}

static void
add_outline (cairo_t *cr,
             const DptHistogramLayout *layout,
             const guint64 *counts,
             guint n_bins)
{
  const DptRect *plot = &layout->plot;
  double step = plot->width / n_bins;

  cairo_move_to (cr, plot->x, plot->y + plot->height);
  for (guint i = 0; i < n_bins; i++)
    {
      double y = dpt_histogram_layout_get_y (layout, counts[i]);

      cairo_line_to (cr, plot->x + i * step, y);
      cairo_line_to (cr, plot->x + (i + 1) * step, y);
    }
  cairo_line_to (cr, plot->x + plot->width, plot->y + plot->height);
}

/**
 * dpt_histogram_draw:
 * @cr: where to draw, at its origin
 * @layout: made from @data
 * @data: the counts; with no bins only an empty plot is drawn
 * @theme: light or dark
 */
void
dpt_histogram_draw (cairo_t *cr,
                    const DptHistogramLayout *layout,
                    const DptHistogramData *data,
                    DptTheme theme)
{
  static const double dashes[] = { 4.0, 3.0 };
  const DptColor *left = &dpt_palette_get_panel (theme, DPT_PANEL_LEFT)->line;
  const DptColor *right = &dpt_palette_get_panel (theme, DPT_PANEL_RIGHT)->line;

  if (data->n_bins == 0)
    return;
  cairo_save (cr);
  cairo_set_line_width (cr, 1.0);
  draw_count_axis (cr, layout, theme);
  draw_value_axis (cr, layout, data, theme);
  cairo_set_line_width (cr, 1.6);
  if (data->left != NULL)
    {
      add_outline (cr, layout, data->left, data->n_bins);
      dpt_color_set_source (left, cr, 0.28);
      cairo_fill_preserve (cr);
      dpt_color_set_source (left, cr, 1.0);
      cairo_stroke (cr);
    }
  if (data->right != NULL)
    {
      add_outline (cr, layout, data->right, data->n_bins);
      cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0.0);
      dpt_color_set_source (right, cr, 1.0);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}
