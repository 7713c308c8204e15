/* dpt-colormap.c - numbers to colours
 *
 * Values run over seven colours from -high to high, so that 0 is the ground of
 * the picture.  Differences run over the logarithm of |l - r|: one part of the
 * bar, DPT_COLORMAP_BREAK of its length, lies within the tolerance and has the
 * blue of "close"; the rest lies beyond and has the red-browns of "different".
 * So the picture uses the verdicts' colours and can be read without numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-colormap"

#include "dpt-colormap.h"

#include <math.h>

#define N_VALUE_STOPS  7
#define N_CLOSE_STOPS  3
#define N_BEYOND_STOPS 5

/* How far below the tolerance the scale still tells differences apart. */
#define DECADES_BELOW 3.0

/* clang-format off */
static const guint32 value_stops[2][N_VALUE_STOPS] = {
  [DPT_THEME_LIGHT] = { 0x0b4a8f, 0x3d86c6, 0xa9cfe8, 0xf6f5f4,
                        0xf7c99b, 0xdd7d2b, 0x8a3d06 },
  [DPT_THEME_DARK]  = { 0x8cc4ff, 0x3f86cf, 0x234d7a, 0x242424,
                        0x70431c, 0xd07a2c, 0xffc07a },
};

static const guint32 close_stops[2][N_CLOSE_STOPS] = {
  [DPT_THEME_LIGHT] = { 0xeaf2fb, 0xcfe2f8, 0xa9cbf3 },
  [DPT_THEME_DARK]  = { 0x253142, 0x2a4263, 0x30578c },
};

static const guint32 beyond_stops[2][N_BEYOND_STOPS] = {
  [DPT_THEME_LIGHT] = { 0xf3b097, 0xea7f50, 0xe05a20, 0xb8430f, 0x842404 },
  [DPT_THEME_DARK]  = { 0x7a3116, 0xb8430f, 0xf8551e, 0xff9068, 0xffd2bd },
};
/* clang-format on */

/**
 * dpt_colormap_init_values:
 * @self: (out caller-allocates): the map
 * @theme: light or dark
 * @limit: the largest magnitude to tell apart; not positive or not finite: 1
 */
void
dpt_colormap_init_values (DptColormap *self, DptTheme theme, double limit)
{
  *self = (DptColormap){
    .kind = DPT_COLORMAP_VALUES,
    .theme = theme,
    .high = isfinite (limit) && limit > 0.0 ? limit : 1.0,
  };
}

/**
 * dpt_colormap_init_difference:
 * @self: (out caller-allocates): the map
 * @theme: light or dark
 * @tolerance: where "close" ends, for a typical value; 0 when nothing but
 *   equality is close
 * @largest: the largest finite difference to show
 *
 * The upper end is at least one power of ten above the tolerance, so that the
 * part beyond it is never empty.
 */
void
dpt_colormap_init_difference (DptColormap *self,
                              DptTheme theme,
                              double tolerance,
                              double largest)
{
  if (!isfinite (tolerance) || tolerance < 0.0)
    tolerance = 0.0;
  if (!isfinite (largest) || largest < 0.0)
    largest = 0.0;
  *self = (DptColormap){
    .kind = DPT_COLORMAP_DIFFERENCE,
    .theme = theme,
    .tolerance = tolerance,
  };
  if (tolerance > 0.0)
    {
      self->low = tolerance / pow (10.0, DECADES_BELOW);
      self->high = MAX (largest, tolerance * 10.0);
    }
  else
    {
      self->high = largest > 0.0 ? largest : 1.0;
      self->low = self->high * 1e-6;
    }
}

/* The share of the way from @low to @high on a log scale. */
static double
get_log_share (double value, double low, double high)
{
  return CLAMP (log (value / low) / log (high / low), 0.0, 1.0);
}

/**
 * dpt_colormap_get_place:
 * @self: a map
 * @value: a value (differences: not negative); may be NaN or infinite
 *
 * Returns: where @value stands on the colour bar, 0 to 1; a difference of 0
 *   stands at 0; NaN stands nowhere and gives NaN
 */
double
dpt_colormap_get_place (const DptColormap *self, double value)
{
  if (isnan (value))
    return value;
  if (self->kind == DPT_COLORMAP_VALUES)
    return CLAMP (0.5 + 0.5 * (value / self->high), 0.0, 1.0);
  if (value <= 0.0)
    return 0.0;
  if (self->tolerance <= 0.0)
    return get_log_share (value, self->low, self->high);
  if (value <= self->tolerance)
    return DPT_COLORMAP_BREAK *
           get_log_share (value, self->low, self->tolerance);
  return DPT_COLORMAP_BREAK +
         (1.0 - DPT_COLORMAP_BREAK) *
             get_log_share (value, self->tolerance, self->high);
}

static DptColor
interpolate (const guint32 *stops, guint n_stops, double share)
{
  double place = CLAMP (share, 0.0, 1.0) * (n_stops - 1);
  guint first = MIN ((guint) place, n_stops - 2);
  DptColor a = dpt_color_from_rgb (stops[first]);
  DptColor b = dpt_color_from_rgb (stops[first + 1]);

  return dpt_color_mix (&a, &b, place - first);
}

/**
 * dpt_colormap_get_color_at:
 * @self: a map
 * @place: a place on the colour bar, 0 to 1
 *
 * Returns: the colour there
 */
DptColor
dpt_colormap_get_color_at (const DptColormap *self, double place)
{
  double start = self->tolerance > 0.0 ? DPT_COLORMAP_BREAK : 0.0;

  if (self->kind == DPT_COLORMAP_VALUES)
    return interpolate (value_stops[self->theme], N_VALUE_STOPS, place);
  if (start > 0.0 && place <= start)
    return interpolate (close_stops[self->theme], N_CLOSE_STOPS, place / start);
  return interpolate (beyond_stops[self->theme], N_BEYOND_STOPS,
                      (place - start) / (1.0 - start));
}

/**
 * dpt_colormap_get_color:
 * @self: a map
 * @value: a number that is not NaN
 *
 * Returns: its colour: the text colour for an infinite value, the ground of
 *   the picture for a difference of exactly 0
 */
DptColor
dpt_colormap_get_color (const DptColormap *self, double value)
{
  if (isinf (value))
    return *dpt_palette_get_shade (self->theme, DPT_SHADE_TEXT);
  if (self->kind == DPT_COLORMAP_DIFFERENCE && value == 0.0)
    return dpt_color_from_rgb (value_stops[self->theme][N_VALUE_STOPS / 2]);
  return dpt_colormap_get_color_at (self, dpt_colormap_get_place (self, value));
}

/**
 * dpt_colormap_get_judged_color:
 * @self: a map of differences
 * @difference: |l - r|, not NaN
 * @beyond: whether it is beyond its own tolerance
 *
 * The relative part of the tolerance differs from value to value, the bar has
 * one break. A difference that the bar would put on the wrong side of the
 * break takes the nearest colour of the right side, so that the picture never
 * contradicts the verdict.
 *
 * Returns: the colour
 */
DptColor
dpt_colormap_get_judged_color (const DptColormap *self,
                               double difference,
                               gboolean beyond)
{
  double place;

  if (isinf (difference) || difference == 0.0 || self->tolerance <= 0.0)
    return dpt_colormap_get_color (self, difference);
  place = dpt_colormap_get_place (self, difference);
  if (beyond)
    place = MAX (place, DPT_COLORMAP_BREAK + 1e-9);
  else
    place = MIN (place, DPT_COLORMAP_BREAK);
  return dpt_colormap_get_color_at (self, place);
}
