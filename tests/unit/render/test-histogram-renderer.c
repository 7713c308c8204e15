/* test-histogram-renderer.c - heights and bins of a histogram
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-histogram-renderer"

#include "dpt-histogram-renderer.h"
#include "dpt-test.h"

static const guint64 left[] = { 0, 9, 99, 1 };
static const guint64 right[] = { 1, 9, 50, 0 };
static const DptHistogramData data = { 4, -2.0, 2.0, left, right };

static void
test_linear (void)
{
  DptHistogramLayout layout;
  double bottom;

  dpt_histogram_layout_init (&layout, &data, FALSE, 400.0, 200.0);
  bottom = layout.plot.y + layout.plot.height;
  g_assert_cmpuint (layout.most, ==, 99);
  g_assert_cmpfloat (dpt_histogram_layout_get_y (&layout, 0), ==, bottom);
  g_assert_cmpfloat (dpt_histogram_layout_get_y (&layout, 99), ==,
                     layout.plot.y);
  dpt_assert_close (dpt_histogram_layout_get_y (&layout, 33),
                    bottom - layout.plot.height / 3.0, 1e-12, 0.0);
}

/* On the scale of 1 + count, 9 is half way from 0 to 99: log 10 of log 100. */
static void
test_log (void)
{
  DptHistogramLayout layout;
  double bottom;

  dpt_histogram_layout_init (&layout, &data, TRUE, 400.0, 200.0);
  bottom = layout.plot.y + layout.plot.height;
  g_assert_cmpfloat (dpt_histogram_layout_get_y (&layout, 0), ==, bottom);
  dpt_assert_close (dpt_histogram_layout_get_y (&layout, 9),
                    bottom - layout.plot.height / 2.0, 1e-12, 0.0);
  g_assert_cmpfloat (dpt_histogram_layout_get_y (&layout, 1), <, bottom - 8.0);
}

static void
test_pick (void)
{
  DptHistogramLayout layout;

  dpt_histogram_layout_init (&layout, &data, TRUE, 400.0, 200.0);
  g_assert_cmpint (dpt_histogram_layout_pick (&layout, &data, 0.0), ==, -1);
  g_assert_cmpint (dpt_histogram_layout_pick (&layout, &data,
                                              layout.plot.x +
                                                  layout.plot.width * 0.76),
                   ==, 3);
  g_assert_cmpint (dpt_histogram_layout_pick (&layout, &data,
                                              layout.plot.x +
                                                  layout.plot.width),
                   ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/histogram/linear", test_linear);
  g_test_add_func ("/render/histogram/log", test_log);
  g_test_add_func ("/render/histogram/pick", test_pick);
  return g_test_run ();
}
