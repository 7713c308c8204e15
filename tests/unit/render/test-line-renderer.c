/* test-line-renderer.c - places of the values of a vector
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-line-renderer"

#include <math.h>

#include "dpt-line-renderer.h"
#include "dpt-test.h"

static void
test_places (void)
{
  const DptShape long_shape = dpt_shape_new_1d (8);
  const DptShape short_shape = dpt_shape_new_1d (4);
  const float values[8] = { 0.0f };
  g_autoptr (DptTensor) eight = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32,
                                                     &long_shape, values);
  g_autoptr (DptTensor) four = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32,
                                                    &short_shape, values);
  g_autoptr (DptSliceGrid) left = dpt_slice_grid_new (eight,
                                                      DPT_SLICE_GRID_NO_AXIS, 0,
                                                      NULL);
  g_autoptr (DptSliceGrid) right = dpt_slice_grid_new (four,
                                                       DPT_SLICE_GRID_NO_AXIS,
                                                       0, NULL);
  const DptLineData data = { left, right, -1.0, 1.0 };
  DptLineLayout layout;
  gsize column;

  dpt_line_layout_init (&layout, &data, 400.0, 200.0);
  g_assert_cmpuint (layout.n_columns, ==, 8);
  /* The range is 2, widened by a twentieth at both ends. */
  dpt_assert_close (layout.low, -1.1, 1e-12, 0.0);
  dpt_assert_close (layout.high, 1.1, 1e-12, 0.0);
  dpt_assert_close (dpt_line_layout_get_y (&layout, 0.0),
                    layout.plot.y + layout.plot.height / 2.0, 1e-12, 0.0);
  g_assert_cmpfloat (dpt_line_layout_get_y (&layout, INFINITY), ==,
                     layout.plot.y);
  for (gsize i = 0; i < 8; i++)
    {
      g_assert_true (dpt_line_layout_pick (&layout,
                                           dpt_line_layout_get_x (&layout, i),
                                           &column));
      g_assert_cmpuint (column, ==, i);
    }
  g_assert_false (dpt_line_layout_pick (&layout, 0.0, &column));
}

static void
test_flat (void)
{
  const DptLineData same = { NULL, NULL, 5.0, 5.0 };
  const DptLineData unknown = { NULL, NULL, NAN, NAN };
  DptLineLayout layout;

  dpt_line_layout_init (&layout, &same, 400.0, 200.0);
  g_assert_cmpfloat (layout.low, <, 5.0);
  g_assert_cmpfloat (layout.high, >, 5.0);
  dpt_line_layout_init (&layout, &unknown, 400.0, 200.0);
  g_assert_cmpfloat (layout.high, >, layout.low);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/line/places", test_places);
  g_test_add_func ("/render/line/flat", test_flat);
  return g_test_run ();
}
