/* dpt-band.c - a band of the hinge: from a left row to its counterpart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The middle of a band is a horizontal S: one cubic whose control points stand
 * at half the width, at the height of the near end.  Its edges are the same
 * curve moved up and down by half the height, so a band is as thick, measured
 * upright, in the middle as at its ends.
 */

#define G_LOG_DOMAIN "dpt-band"

#include "dpt-band.h"

#include <math.h>

#define IDENTICAL_HEIGHT  5
#define DIFFERENT_HEIGHT  12
#define FOLDED_HEIGHT     16
#define IDENTICAL_OPACITY 0.35
#define DIFFERENT_OPACITY 0.62
#define UNJUDGED_OPACITY  0.5

/* A part that stands for one pair among thousands is still seen. */
#define LEAST_PART 1.5

/* Where a band whose other end is out of sight has faded, in its width. */
#define FADED_AT 0.8

/* How far beside a band the pointer may be. */
#define SLACK 2

static gboolean
get_worst (const DptBand *self, DptVerdict *verdict)
{
  for (guint v = DPT_N_VERDICTS; v > 0; v--)
    if (self->counts[v - 1] > 0)
      {
        *verdict = (DptVerdict) (v - 1);
        return TRUE;
      }
  return FALSE;
}

/**
 * dpt_band_get_height:
 * @self: a band
 *
 * Returns: how thick it is drawn.
 */
double
dpt_band_get_height (const DptBand *self)
{
  DptVerdict worst;

  if (self->folded || self->chosen)
    return FOLDED_HEIGHT;
  if (!get_worst (self, &worst) || worst == DPT_VERDICT_IDENTICAL)
    return IDENTICAL_HEIGHT;
  return DIFFERENT_HEIGHT;
}

/**
 * dpt_band_get_middle:
 * @self: a band
 * @x: a place between its ends
 *
 * Returns: where its middle is there.
 */
double
dpt_band_get_middle (const DptBand *self, double x)
{
  double u = (x - self->left_x) / (self->right_x - self->left_x);
  double low = 0;
  double high = 1;

  /* x(t) = 1.5 t - 1.5 t^2 + t^3 grows with t: halve until it is exact to a
   * thousandth of the width. */
  for (guint i = 0; i < 12; i++)
    {
      double t = (low + high) / 2;

      if (t * (1.5 + t * (t - 1.5)) < u)
        low = t;
      else
        high = t;
    }
  return self->left_y +
         (self->right_y - self->left_y) * low * low * (3 - 2 * low);
}

/**
 * dpt_band_contains:
 * @self: a band
 * @x: a place
 * @y: a place
 *
 * Returns: whether a pointer there means the band.
 */
gboolean
dpt_band_contains (const DptBand *self, double x, double y)
{
  double reach = dpt_band_get_height (self) / 2 + SLACK;

  if (x < self->left_x || x > self->right_x)
    return FALSE;
  return fabs (y - dpt_band_get_middle (self, x)) <= reach;
}

/* The outline of what lies between `top` and `bottom`, measured downwards
 * from the band's middle. */
static void
trace (const DptBand *self, cairo_t *cr, double top, double bottom)
{
  double half = (self->left_x + self->right_x) / 2;

  cairo_move_to (cr, self->left_x, self->left_y + top);
  cairo_curve_to (cr, half, self->left_y + top, half, self->right_y + top,
                  self->right_x, self->right_y + top);
  cairo_line_to (cr, self->right_x, self->right_y + bottom);
  cairo_curve_to (cr, half, self->right_y + bottom, half, self->left_y + bottom,
                  self->left_x, self->left_y + bottom);
  cairo_close_path (cr);
}

static void
set_source (const DptBand *self,
            cairo_t *cr,
            const DptColor *color,
            double opacity)
{
  double alpha = opacity * self->opacity;
  double from = self->left_x;
  double to = self->right_x;
  cairo_pattern_t *pattern;

  if (self->fade == DPT_BAND_WHOLE)
    {
      cairo_set_source_rgba (cr, color->red, color->green, color->blue, alpha);
      return;
    }

  if (self->fade == DPT_BAND_FADES_LEFT)
    {
      from = self->right_x;
      to = self->left_x;
    }
  pattern = cairo_pattern_create_linear (from, 0, to, 0);
  cairo_pattern_add_color_stop_rgba (pattern, 0, color->red, color->green,
                                     color->blue, alpha);
  cairo_pattern_add_color_stop_rgba (pattern, FADED_AT, color->red,
                                     color->green, color->blue, 0);
  cairo_set_source (cr, pattern);
  cairo_pattern_destroy (pattern);
}

static double
get_opacity (const DptBand *self, DptVerdict verdict)
{
  return verdict == DPT_VERDICT_IDENTICAL ? IDENTICAL_OPACITY
                                          : DIFFERENT_OPACITY;
}

/* Parts by the square root of their count, what is identical on top. */
static void
draw_parts (const DptBand *self, cairo_t *cr, DptTheme theme)
{
  double height = dpt_band_get_height (self);
  double weights[DPT_N_VERDICTS + 1] = { 0 };
  double total = 0;
  double top = -height / 2;

  for (guint v = 0; v <= DPT_N_VERDICTS; v++)
    {
      guint count = v < DPT_N_VERDICTS ? self->counts[v] : self->n_unjudged;

      weights[v] = sqrt ((double) count);
      total += weights[v];
    }
  for (guint v = 0; v <= DPT_N_VERDICTS && total > 0; v++)
    if (weights[v] > 0)
      weights[v] = MAX (weights[v], total * LEAST_PART / height);
  total = 0;
  for (guint v = 0; v <= DPT_N_VERDICTS; v++)
    total += weights[v];

  for (guint v = 0; v <= DPT_N_VERDICTS && total > 0; v++)
    {
      double bottom = top + height * weights[v] / total;

      if (weights[v] == 0)
        continue;
      trace (self, cr, top, bottom);
      if (v < DPT_N_VERDICTS)
        set_source (self, cr,
                    &dpt_palette_get_verdict (theme, (DptVerdict) v)->line,
                    get_opacity (self, (DptVerdict) v));
      else
        set_source (self, cr, dpt_palette_get_shade (theme, DPT_SHADE_LINE),
                    UNJUDGED_OPACITY);
      cairo_fill (cr);
      top = bottom;
    }
}

/**
 * dpt_band_draw:
 * @self: a band
 * @cr: where to draw
 * @theme: light or dark
 */
void
dpt_band_draw (const DptBand *self, cairo_t *cr, DptTheme theme)
{
  double half = dpt_band_get_height (self) / 2;
  DptVerdict worst;

  draw_parts (self, cr, theme);
  if (self->chosen)
    {
      trace (self, cr, -half, half);
      set_source (self, cr, dpt_palette_get_shade (theme, DPT_SHADE_ACCENT), 1);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
    }
  else if (self->folded && get_worst (self, &worst))
    {
      trace (self, cr, -half, half);
      set_source (self, cr, &dpt_palette_get_verdict (theme, worst)->line, 0.6);
      cairo_set_line_width (cr, 0.8);
      cairo_stroke (cr);
    }
}

/**
 * dpt_band_draw_stub:
 * @self: a band whose keys have no counterpart: it begins at `left_x`,
 *   `left_y` and goes towards `right_x`, which may lie on either side
 * @cr: where to draw
 * @theme: light or dark
 *
 * Draws the stub of keys without counterpart, which fades out.
 */
void
dpt_band_draw_stub (const DptBand *self, cairo_t *cr, DptTheme theme)
{
  double height = dpt_band_get_height (self);
  double length = copysign (DPT_BAND_STUB_LENGTH, self->right_x - self->left_x);
  const DptColor *color = dpt_palette_get_shade (theme, DPT_SHADE_LINE);
  cairo_pattern_t *pattern;
  DptVerdict worst;

  if (get_worst (self, &worst))
    color = &dpt_palette_get_verdict (theme, worst)->line;

  pattern = cairo_pattern_create_linear (self->left_x, 0, self->left_x + length,
                                         0);
  cairo_pattern_add_color_stop_rgba (pattern, 0, color->red, color->green,
                                     color->blue, 0.8 * self->opacity);
  cairo_pattern_add_color_stop_rgba (pattern, 1, color->red, color->green,
                                     color->blue, 0);
  cairo_rectangle (cr, MIN (self->left_x, self->left_x + length),
                   self->left_y - height / 2, fabs (length), height);
  cairo_set_source (cr, pattern);
  cairo_fill (cr);
  cairo_pattern_destroy (pattern);

  if (self->chosen)
    {
      cairo_rectangle (cr, MIN (self->left_x, self->left_x + length) + 1,
                       self->left_y - height / 2, fabs (length) - 2, height);
      set_source (self, cr, dpt_palette_get_shade (theme, DPT_SHADE_ACCENT), 1);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
    }
}
