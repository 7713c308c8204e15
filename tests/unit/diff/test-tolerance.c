/* test-tolerance.c - the rule, its limits and its words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tolerance"

#include "dpt-tolerance.h"

#include <math.h>

#include "dpt-test.h"

static void
test_text (void)
{
  DptTolerance tolerance = DPT_TOLERANCE_DEFAULT;
  g_autofree char *display = dpt_tolerance_to_display (&tolerance);
  g_autofree char *string = NULL;

  g_assert_cmpstr (display, ==,
                   "|l − r| ≤ 1e-05 + 1e-06 × |r|, NaN equals NaN");
  tolerance.nan_differs = TRUE;
  tolerance.atol = 0;
  tolerance.rtol = 0.001;
  string = dpt_tolerance_to_string (&tolerance);
  g_assert_cmpstr (string, ==,
                   "|l - r| <= 0 + 0.001 * |r|, NaN differs from NaN");
}

static void
test_valid (void)
{
  DptTolerance a = DPT_TOLERANCE_DEFAULT;
  DptTolerance b = DPT_TOLERANCE_DEFAULT;

  g_assert_true (dpt_tolerance_is_valid (&a));
  g_assert_true (dpt_tolerance_equal (&a, &b));
  b.atol = -1e-9;
  g_assert_false (dpt_tolerance_is_valid (&b));
  g_assert_false (dpt_tolerance_equal (&a, &b));
  b.atol = NAN;
  g_assert_false (dpt_tolerance_is_valid (&b));
  b.atol = 0;
  b.rtol = INFINITY;
  g_assert_false (dpt_tolerance_is_valid (&b));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tolerance/text", test_text);
  g_test_add_func ("/tolerance/valid", test_valid);

  return g_test_run ();
}
