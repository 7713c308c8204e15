/* dpt-share-bar-renderer.c - draws how many pairs have which verdict
 *
 * The parts stand for the square roots of their counts, and none is narrower
 * than 3 units, so that one pair in a thousand is seen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-share-bar-renderer"

#include "dpt-share-bar-renderer.h"

#include <math.h>

#define LEAST_WIDTH 3.0
#define GAP         1.0

/* From left to right: what needs a look first. */
static const DptVerdict order[DPT_N_VERDICTS] = {
  DPT_VERDICT_DIFFERENT, DPT_VERDICT_SHAPE,     DPT_VERDICT_DTYPE,
  DPT_VERDICT_UNREAD,    DPT_VERDICT_ONLY_LEFT, DPT_VERDICT_ONLY_RIGHT,
  DPT_VERDICT_CLOSE,     DPT_VERDICT_IDENTICAL,
};

/**
 * dpt_share_bar_layout:
 * @counts: how many pairs have each verdict
 * @width: of the bar
 * @parts: (out caller-allocates): the parts from left to right; they fill
 *   @width, with a gap of one unit between neighbours
 *
 * Returns: how many parts there are: one for each verdict that occurs
 */
guint
dpt_share_bar_layout (const guint counts[DPT_N_VERDICTS],
                      double width,
                      DptSharePart parts[DPT_N_VERDICTS])
{
  double roots = 0.0;
  double room;
  double x = 0.0;
  guint n = 0;

  for (guint i = 0; i < DPT_N_VERDICTS; i++)
    if (counts[order[i]] > 0)
      {
        parts[n++].verdict = order[i];
        roots += sqrt (counts[order[i]]);
      }
  if (n == 0)
    return 0;
  /* Each part has its least width; what is left is shared by the roots. */
  room = MAX (width - (n - 1) * GAP - n * LEAST_WIDTH, 0.0);
  for (guint i = 0; i < n; i++)
    {
      parts[i].x = x;
      parts[i].width = LEAST_WIDTH +
                       room * sqrt (counts[parts[i].verdict]) / roots;
      x += parts[i].width + GAP;
    }
  return n;
}

static void
add_rounded_rectangle (cairo_t *cr, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, width - radius, radius, radius, -G_PI / 2.0, 0.0);
  cairo_arc (cr, width - radius, height - radius, radius, 0.0, G_PI / 2.0);
  cairo_arc (cr, radius, height - radius, radius, G_PI / 2.0, G_PI);
  cairo_arc (cr, radius, radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

/**
 * dpt_share_bar_draw:
 * @cr: where to draw, at its origin
 * @counts: how many pairs have each verdict; all 0 draws an empty bar
 * @width: of the bar
 * @height: of the bar
 * @theme: light or dark
 */
void
dpt_share_bar_draw (cairo_t *cr,
                    const guint counts[DPT_N_VERDICTS],
                    double width,
                    double height,
                    DptTheme theme)
{
  DptSharePart parts[DPT_N_VERDICTS];
  guint n = dpt_share_bar_layout (counts, width, parts);

  cairo_save (cr);
  add_rounded_rectangle (cr, width, height, MIN (height / 2.0, 2.0));
  cairo_clip (cr);
  if (n == 0)
    {
      dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_LINE), cr,
                            1.0);
      cairo_paint (cr);
    }
  for (guint i = 0; i < n; i++)
    {
      cairo_rectangle (cr, parts[i].x, 0.0, parts[i].width, height);
      dpt_color_set_source (&dpt_palette_get_verdict (theme, parts[i].verdict)
                                 ->line,
                            cr, 1.0);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}
