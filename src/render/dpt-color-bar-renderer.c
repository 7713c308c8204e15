/* dpt-color-bar-renderer.c - the legend of a colour map
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-color-bar-renderer"

#include "dpt-color-bar-renderer.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-label.h"

#define LABEL_ROOM 16.0
#define LEAST_GAP  8.0

/* Where the labels that are already drawn end; ticks that would touch one are
 * drawn without a label. */
typedef struct
{
  cairo_t *cr;
  const DptColormap *colormap;
  double width;
  double bar; /* height of the coloured part */
  double used[DPT_AXIS_MAX_TICKS][2];
  guint n_used;
} Bar;

static gboolean
claim (Bar *bar, double left, double right)
{
  for (guint i = 0; i < bar->n_used; i++)
    if (left < bar->used[i][1] + LEAST_GAP &&
        right > bar->used[i][0] - LEAST_GAP)
      return FALSE;
  if (bar->n_used == G_N_ELEMENTS (bar->used))
    return FALSE;
  bar->used[bar->n_used][0] = left;
  bar->used[bar->n_used][1] = right;
  bar->n_used++;
  return TRUE;
}

static void
draw_tick (Bar *bar, double value, const char *label, gboolean strong)
{
  DptTheme theme = bar->colormap->theme;
  const DptLabelStyle style = { .bold = strong };
  const DptColor *color = dpt_palette_get_shade (theme,
                                                 strong
                                                     ? DPT_SHADE_TEXT
                                                     : DPT_SHADE_SECOND_TEXT);
  double x = dpt_colormap_get_place (bar->colormap, value) * bar->width;
  double label_width = dpt_label_measure (bar->cr, label, &style);
  double left = CLAMP (x - label_width / 2.0, 0.0,
                       MAX (bar->width - label_width, 0.0));

  x = CLAMP (round (x) - 0.5, 0.5, bar->width - 0.5);
  cairo_move_to (bar->cr, x, strong ? 0.0 : bar->bar);
  cairo_line_to (bar->cr, x, bar->bar + 3.0);
  cairo_set_line_width (bar->cr, strong ? 2.0 : 1.0);
  dpt_color_set_source (color, bar->cr, 1.0);
  cairo_stroke (bar->cr);
  if (claim (bar, left, left + label_width))
    dpt_label_draw (bar->cr, label, left, bar->bar + 2.0, &style, color);
}

static void
draw_value_ticks (Bar *bar)
{
  double limit = bar->colormap->high;
  DptAxis axis = { DPT_AXIS_LINEAR, -limit, limit, bar->width };
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (&axis, (guint) (bar->width / 70.0) + 1, ticks);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = dpt_axis_format_tick (&axis, ticks[i]);

      draw_tick (bar, ticks[i], label, FALSE);
    }
}

static void
draw_difference_ticks (Bar *bar)
{
  const DptColormap *map = bar->colormap;
  DptAxis axis = { DPT_AXIS_LOG, map->low, map->high, bar->width };
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (&axis, DPT_AXIS_MAX_TICKS, ticks);

  if (map->tolerance > 0.0)
    {
      g_autofree char *number = dpt_axis_format_number (map->tolerance);
      g_autofree char *label = g_strdup_printf ("tolerance %s", number);

      draw_tick (bar, map->tolerance, label, TRUE);
    }
  draw_tick (bar, 0.0, "0", FALSE);
  /* From the upper end, so that the largest powers keep their labels. */
  while (n-- > 0)
    {
      g_autofree char *label = dpt_axis_format_tick (&axis, ticks[n]);

      if (ticks[n] > map->low * 1.5)
        draw_tick (bar, ticks[n], label, FALSE);
    }
}

/**
 * dpt_color_bar_draw:
 * @cr: where to draw, at its origin
 * @colormap: whose legend it is
 * @width: of the legend, in user units
 * @height: of the legend; the labels take the lower 16 of it
 */
void
dpt_color_bar_draw (cairo_t *cr,
                    const DptColormap *colormap,
                    double width,
                    double height)
{
  Bar bar = { .cr = cr,
              .colormap = colormap,
              .width = width,
              .bar = MAX (height - LABEL_ROOM, 1.0) };

  cairo_save (cr);
  for (double x = 0.0; x < width; x += 1.0)
    {
      DptColor color = dpt_colormap_get_color_at (colormap, (x + 0.5) / width);

      cairo_rectangle (cr, x, 0.0, MIN (1.0, width - x), bar.bar);
      dpt_color_set_source (&color, cr, 1.0);
      cairo_fill (cr);
    }
  cairo_rectangle (cr, 0.5, 0.5, width - 1.0, bar.bar - 1.0);
  cairo_set_line_width (cr, 1.0);
  dpt_color_set_source (dpt_palette_get_shade (colormap->theme, DPT_SHADE_LINE),
                        cr, 1.0);
  cairo_stroke (cr);
  if (colormap->kind == DPT_COLORMAP_VALUES)
    draw_value_ticks (&bar);
  else
    draw_difference_ticks (&bar);
  cairo_restore (cr);
}
