/* test-curve-renderer.c - the scale of an error curve, and its points
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-curve-renderer"

#include <math.h>

#include "dpt-curve-renderer.h"
#include "dpt-test.h"

/* Errors of 0, 1e-7, 0.04 and infinity, a tolerance of 1e-5; the last step has
 * not run, so its 1e-30 is no part of the scale. */
static const DptCurvePoint points[] = {
  { 0.0, DPT_VERDICT_IDENTICAL, FALSE, NULL },
  { 1e-7, DPT_VERDICT_CLOSE, FALSE, NULL },
  { 0.04, DPT_VERDICT_DIFFERENT, TRUE, "conv" },
  { INFINITY, DPT_VERDICT_DIFFERENT, FALSE, NULL },
  { 1e-30, DPT_VERDICT_CLOSE, FALSE, NULL },
};
static const DptCurveData data = { points, 5, 4, 1e-5, 2 };

static void
test_scale (void)
{
  DptCurveLayout layout;
  double bottom;

  dpt_curve_layout_init (&layout, &data, 500.0, 300.0);
  bottom = layout.plot.y + layout.plot.height;
  dpt_assert_close (layout.low, 1e-8, 1e-9, 0.0);
  dpt_assert_close (layout.high, 0.1, 1e-9, 0.0);
  g_assert_cmpfloat (dpt_curve_layout_get_y (&layout, 0.0), ==, bottom);
  g_assert_cmpfloat (dpt_curve_layout_get_y (&layout, INFINITY), ==,
                     layout.plot.y);
  /* 1e-5 is three of the seven powers of ten from the lower edge. */
  dpt_assert_close (dpt_curve_layout_get_y (&layout, 1e-5),
                    bottom - layout.plot.height * 3.0 / 7.0, 1e-9, 0.0);
}

static void
test_steps (void)
{
  DptCurveLayout layout;

  dpt_curve_layout_init (&layout, &data, 500.0, 300.0);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (dpt_curve_layout_pick (&layout,
                                            dpt_curve_layout_get_x (&layout,
                                                                    i)),
                     ==, (int) i);
  g_assert_cmpint (dpt_curve_layout_pick (&layout, 1.0), ==, -1);
}

/* With no error at all there is still a scale. */
static void
test_all_equal (void)
{
  const DptCurveData equal = { points, 1, 1, 0.0, -1 };
  const DptCurveData none = { NULL, 0, 0, 0.0, -1 };
  DptCurveLayout layout;

  dpt_curve_layout_init (&layout, &equal, 500.0, 300.0);
  g_assert_cmpfloat (layout.high, >, layout.low);
  g_assert_cmpfloat (layout.low, >, 0.0);
  dpt_curve_layout_init (&layout, &none, 500.0, 300.0);
  g_assert_cmpint (dpt_curve_layout_pick (&layout, 200.0), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/curve/scale", test_scale);
  g_test_add_func ("/render/curve/steps", test_steps);
  g_test_add_func ("/render/curve/all-equal", test_all_equal);
  return g_test_run ();
}
