/* dpt-axis.c - the ticks of an axis, and where a value stands on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-axis"

#include "dpt-axis.h"

#include <math.h>
#include <string.h>

/**
 * dpt_axis_project:
 * @self: an axis
 * @value: a value, which may lie outside; on a log axis one that is not
 *   positive stands at the lower end
 *
 * Returns: the place of @value, 0 at the lower end and the axis's length at
 *   the upper one; 0 when the axis covers nothing
 */
double
dpt_axis_project (const DptAxis *self, double value)
{
  double low = self->low;
  double high = self->high;

  if (self->kind == DPT_AXIS_LOG)
    {
      if (value <= 0.0)
        return 0.0;
      low = log10 (low);
      high = log10 (high);
      value = log10 (value);
    }
  if (!(high > low))
    return 0.0;
  return (value - low) / (high - low) * self->length;
}

/* The smallest of 1, 2, 5 x 10^n that is not below @step. */
static double
get_nice_step (double step)
{
  static const double factors[] = { 1.0, 2.0, 5.0, 10.0 };
  double power = pow (10.0, floor (log10 (step)));

  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    /* The slack keeps 0.1 + 0.2 from being taken for more than 0.3. */
    if (factors[i] * power >= step * (1.0 - 1e-9))
      return factors[i] * power;
  return 10.0 * power;
}

static guint
get_linear_ticks (const DptAxis *self, guint max_ticks, double *ticks)
{
  double span = self->high - self->low;
  double step = get_nice_step (span / MAX (max_ticks - 1, 1));
  double slack = span * 1e-9;
  double first;
  guint n = 0;

  if (self->kind == DPT_AXIS_INDEX)
    step = MAX (step, 1.0);
  first = ceil ((self->low - slack) / step);
  for (double i = first; n < max_ticks; i += 1.0)
    {
      double tick = i * step;

      if (tick > self->high + slack)
        break;
      /* The end of an index axis is one past the last index. */
      if (self->kind == DPT_AXIS_INDEX && tick > self->high - 0.5)
        break;
      ticks[n++] = tick == 0.0 ? 0.0 : tick;
    }
  return n;
}

static guint
get_log_ticks (const DptAxis *self, guint max_ticks, double *ticks)
{
  int low = (int) ceil (log10 (self->low) - 1e-9);
  int high = (int) floor (log10 (self->high) + 1e-9);
  int step = 1;
  guint n = 0;

  while ((high - low) / step + 1 > (int) max_ticks)
    step++;
  for (int power = low; power <= high && n < max_ticks; power += step)
    ticks[n++] = pow (10.0, power);
  return n;
}

/**
 * dpt_axis_get_ticks:
 * @self: an axis
 * @max_ticks: as many as there is room for, at least 2
 * @ticks: (out caller-allocates): the ticks, rising
 *
 * Chooses round values: steps of 1, 2 or 5 times a power of ten, whole numbers
 * for indexes, powers of ten on a log axis.
 *
 * Returns: how many ticks there are, possibly 0
 */
guint
dpt_axis_get_ticks (const DptAxis *self,
                    guint max_ticks,
                    double ticks[DPT_AXIS_MAX_TICKS])
{
  max_ticks = CLAMP (max_ticks, 2, DPT_AXIS_MAX_TICKS);
  if (!isfinite (self->low) || !isfinite (self->high) ||
      !(self->high > self->low))
    return 0;
  if (self->kind == DPT_AXIS_LOG)
    return self->low > 0.0 ? get_log_ticks (self, max_ticks, ticks) : 0;
  return get_linear_ticks (self, max_ticks, ticks);
}

/* Takes the zeros out of an exponent: "1e-05" is shown as "1e-5". */
static char *
shorten_exponent (const char *text)
{
  const char *e = strchr (text, 'e');
  const char *digits;

  if (e == NULL)
    return g_strdup (text);
  digits = e + 2;
  while (*digits == '0' && digits[1] != '\0')
    digits++;
  return g_strdup_printf ("%.*s%s%s", (int) (e + 1 - text), text,
                          e[1] == '-' ? "-" : "", digits);
}

/* Labels have the real minus sign, as everything that is read as words. */
static char *
replace_minus (const char *text)
{
  if (text[0] != '-')
    return g_strdup (text);
  return g_strconcat ("\342\210\222", text + 1, NULL);
}

/**
 * dpt_axis_format_tick:
 * @self: an axis
 * @tick: one of its ticks
 *
 * Returns: (transfer full): the tick's label, for instance "−0.05", "1e-5",
 *   "192"
 */
char *
dpt_axis_format_tick (const DptAxis *self, double tick)
{
  g_autofree char *text = NULL;
  g_autofree char *shortened = NULL;

  if (self->kind == DPT_AXIS_LOG && (tick < 0.01 || tick >= 1e5))
    text = g_strdup_printf ("%.0e", tick);
  else
    text = g_strdup_printf ("%.6g", tick);
  shortened = shorten_exponent (text);
  return replace_minus (shortened);
}

/**
 * dpt_axis_format_digits:
 * @value: any number
 * @digits: how many digits are significant
 *
 * Returns: (transfer full): @value, rounded, for the eye: with 5 digits
 *   "−0.23801", "4.1483e-4", "nan", "inf"
 */
char *
dpt_axis_format_digits (double value, int digits)
{
  g_autofree char *text = g_strdup_printf ("%.*g", digits, value);
  g_autofree char *shortened = shorten_exponent (text);

  return replace_minus (shortened);
}

/**
 * dpt_axis_format_number:
 * @value: any number
 *
 * Returns: (transfer full): @value with three significant digits
 */
char *
dpt_axis_format_number (double value)
{
  return dpt_axis_format_digits (value, 3);
}

/**
 * dpt_axis_format_count:
 * @count: how many
 *
 * Returns: (transfer full): the count in groups of three digits: "138,240"
 */
char *
dpt_axis_format_count (guint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  gsize length = strlen (digits);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}
