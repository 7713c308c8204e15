/* test-axis.c - round ticks, places and labels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-axis"

#include "dpt-axis.h"
#include "dpt-test.h"

static void
assert_ticks (const DptAxis *axis,
              guint max_ticks,
              const double *expected,
              guint n_expected)
{
  double ticks[DPT_AXIS_MAX_TICKS];
  guint n = dpt_axis_get_ticks (axis, max_ticks, ticks);

  g_assert_cmpuint (n, ==, n_expected);
  for (guint i = 0; i < n; i++)
    dpt_assert_close (ticks[i], expected[i], 1e-12, 1e-15);
}

static void
test_linear (void)
{
  /* A span of 0.2 with room for five: steps of 0.05. */
  DptAxis axis = { DPT_AXIS_LINEAR, -0.1, 0.1, 200.0 };
  const double expected[] = { -0.1, -0.05, 0.0, 0.05, 0.1 };

  assert_ticks (&axis, 5, expected, 5);
  dpt_assert_close (dpt_axis_project (&axis, 0.05), 150.0, 1e-12, 0.0);
}

static void
test_log (void)
{
  DptAxis axis = { DPT_AXIS_LOG, 1e-8, 1.0, 80.0 };
  const double all[] = { 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0 };
  const double few[] = { 1e-8, 1e-6, 1e-4, 1e-2, 1.0 };

  assert_ticks (&axis, 9, all, 9);
  assert_ticks (&axis, 5, few, 5);
  /* 1e-5 is three decades of eight from the lower end. */
  dpt_assert_close (dpt_axis_project (&axis, 1e-5), 30.0, 1e-12, 0.0);
  g_assert_cmpfloat (dpt_axis_project (&axis, 0.0), ==, 0.0);
}

static void
test_index (void)
{
  DptAxis wide = { DPT_AXIS_INDEX, 0.0, 80.0, 240.0 };
  DptAxis tiny = { DPT_AXIS_INDEX, 0.0, 3.0, 240.0 };
  const double wide_expected[] = { 0.0, 20.0, 40.0, 60.0 };
  const double tiny_expected[] = { 0.0, 1.0, 2.0 };

  /* 80 is one past the last index, so it has no tick. */
  assert_ticks (&wide, 6, wide_expected, 4);
  assert_ticks (&tiny, 10, tiny_expected, 3);
}

static void
test_nothing_to_show (void)
{
  double ticks[DPT_AXIS_MAX_TICKS];
  DptAxis empty = { DPT_AXIS_LINEAR, 1.0, 1.0, 100.0 };
  DptAxis infinite = { DPT_AXIS_LINEAR, 0.0, G_MAXDOUBLE * 2.0, 100.0 };
  DptAxis negative = { DPT_AXIS_LOG, -1.0, 1.0, 100.0 };

  g_assert_cmpuint (dpt_axis_get_ticks (&empty, 5, ticks), ==, 0);
  g_assert_cmpuint (dpt_axis_get_ticks (&infinite, 5, ticks), ==, 0);
  g_assert_cmpuint (dpt_axis_get_ticks (&negative, 5, ticks), ==, 0);
  g_assert_cmpfloat (dpt_axis_project (&empty, 1.0), ==, 0.0);
}

static void
assert_label (const DptAxis *axis, double tick, const char *expected)
{
  g_autofree char *label = dpt_axis_format_tick (axis, tick);

  g_assert_cmpstr (label, ==, expected);
}

static void
test_labels (void)
{
  DptAxis linear = { DPT_AXIS_LINEAR, -1.0, 1.0, 1.0 };
  DptAxis log = { DPT_AXIS_LOG, 1e-8, 1.0, 1.0 };
  g_autofree char *small = dpt_axis_format_number (4.1349e-2);
  g_autofree char *tiny = dpt_axis_format_number (-6.07e-06);
  g_autofree char *count = dpt_axis_format_count (138240);
  g_autofree char *few = dpt_axis_format_count (999);
  g_autofree char *most = dpt_axis_format_count (G_MAXUINT64);

  assert_label (&linear, -0.05, "−0.05");
  assert_label (&linear, 0.0, "0");
  assert_label (&log, 1e-5, "1e-5");
  assert_label (&log, 0.1, "0.1");
  g_assert_cmpstr (small, ==, "0.0413");
  g_assert_cmpstr (tiny, ==, "−6.07e-6");
  g_assert_cmpstr (count, ==, "138,240");
  g_assert_cmpstr (few, ==, "999");
  g_assert_cmpstr (most, ==, "18,446,744,073,709,551,615");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/axis/linear", test_linear);
  g_test_add_func ("/render/axis/log", test_log);
  g_test_add_func ("/render/axis/index", test_index);
  g_test_add_func ("/render/axis/nothing-to-show", test_nothing_to_show);
  g_test_add_func ("/render/axis/labels", test_labels);
  return g_test_run ();
}
