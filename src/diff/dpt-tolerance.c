/* dpt-tolerance.c - how far apart two values may be and still be close
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tolerance"

#include "dpt-tolerance.h"

#include <math.h>

#include "dpt-digits.h"

/**
 * dpt_tolerance_is_valid:
 * @self: a tolerance
 *
 * Returns: whether both parts are numbers, finite and not negative.
 */
gboolean
dpt_tolerance_is_valid (const DptTolerance *self)
{
  return isfinite (self->rtol) && isfinite (self->atol) && self->rtol >= 0 &&
         self->atol >= 0;
}

/**
 * dpt_tolerance_equal:
 * @a: a tolerance
 * @b: another
 *
 * Returns: whether they are the same rule.
 */
gboolean
dpt_tolerance_equal (const DptTolerance *a, const DptTolerance *b)
{
  return a->rtol == b->rtol && a->atol == b->atol &&
         !a->nan_differs == !b->nan_differs;
}

/* The rule with the signs that the reader's screen has. */
static char *
print (const DptTolerance *self,
       const char *minus,
       const char *at_most,
       const char *times)
{
  char rtol[DPT_DIGITS_SIZE], atol[DPT_DIGITS_SIZE];

  return g_strdup_printf ("|l %s r| %s %s + %s %s |r|, %s", minus, at_most,
                          dpt_digits_print_double (self->atol, atol),
                          dpt_digits_print_double (self->rtol, rtol), times,
                          self->nan_differs ? "NaN differs from NaN"
                                            : "NaN equals NaN");
}

/**
 * dpt_tolerance_to_string:
 * @self: a tolerance
 *
 * Returns: (transfer full): the rule for a terminal:
 *   `|l - r| <= 1e-05 + 1e-06 * |r|, NaN equals NaN`.
 */
char *
dpt_tolerance_to_string (const DptTolerance *self)
{
  return print (self, "-", "<=", "*");
}

/**
 * dpt_tolerance_to_display:
 * @self: a tolerance
 *
 * Returns: (transfer full): the rule for a label:
 *   `|l − r| ≤ 1e-05 + 1e-06 × |r|, NaN equals NaN`.
 */
char *
dpt_tolerance_to_display (const DptTolerance *self)
{
  return print (self, "−", "≤", "×");
}
