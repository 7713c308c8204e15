/* test-slice-grid.c - slices and differences of small tensors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-slice-grid"

#include <math.h>

#include "dpt-slice-grid.h"
#include "dpt-test.h"

/* Shape 2 x 3 x 4 with the value 100 i + 10 j + k at [i, j, k]. */
static DptTensor *
make_counting (void)
{
  const DptShape shape = dpt_shape_new_3d (2, 3, 4);
  float values[24];

  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 4; k++)
        values[(i * 3 + j) * 4 + k] = (float) (100 * i + 10 * j + k);
  return dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape, values);
}

static void
test_axes (void)
{
  g_autoptr (DptTensor) tensor = make_counting ();
  const gint64 index[] = { 1, 2, 3 };
  const gint64 outside[] = { 9, -1, 0 };
  g_autoptr (DptSliceGrid) rows = dpt_slice_grid_new (tensor, 1, 2, index);
  g_autoptr (DptSliceGrid) turned = dpt_slice_grid_new (tensor, 2, 0, index);
  g_autoptr (DptSliceGrid) clamped = dpt_slice_grid_new (tensor, 1, 2, outside);
  g_autoptr (DptSliceGrid) line = dpt_slice_grid_new (tensor,
                                                      DPT_SLICE_GRID_NO_AXIS, 0,
                                                      index);

  g_assert_cmpuint (dpt_slice_grid_get_n_rows (rows), ==, 3);
  g_assert_cmpuint (dpt_slice_grid_get_n_columns (rows), ==, 4);
  g_assert_cmpfloat (dpt_slice_grid_get_cell (rows, 2, 1).value, ==, 121.0);
  /* Rows are k, columns are i, j is fixed at 2. */
  g_assert_cmpuint (dpt_slice_grid_get_n_rows (turned), ==, 4);
  g_assert_cmpfloat (dpt_slice_grid_get_cell (turned, 3, 1).value, ==, 123.0);
  g_assert_cmpfloat (dpt_slice_grid_get_cell (clamped, 0, 0).value, ==, 100.0);
  g_assert_cmpuint (dpt_slice_grid_get_n_rows (line), ==, 1);
  g_assert_cmpuint (dpt_slice_grid_get_n_columns (line), ==, 2);
  g_assert_cmpfloat (dpt_slice_grid_get_cell (line, 0, 1).value, ==, 123.0);
}

static void
test_reduce (void)
{
  const DptShape shape = dpt_shape_new_2d (2, 3);
  const float values[] = { 1.0f, -7.0f, 3.0f, NAN, 2.0f, -2.5f };
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);
  g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new (tensor, 0, 1, NULL);

  g_assert_cmpfloat (dpt_slice_grid_reduce (grid, 0, 0, 1, 3).value, ==, -7.0);
  g_assert_cmpfloat (dpt_slice_grid_reduce (grid, 1, 1, 1, 2).value, ==, -2.5);
  g_assert_true (isnan (dpt_slice_grid_reduce (grid, 0, 0, 2, 3).value));
}

/* The rule |l - r| <= atol + rtol |r| with atol 0.1 and rtol 0.01:
 *   1 | 1.05   0.05 <= 0.1105     within
 *   1 | 1.2    0.2  >  0.112      beyond
 *   inf | inf  equal; inf | 3 infinite and beyond
 *   nan | nan  equal when NaN equals NaN; nan | 3 beyond */
static void
test_difference (void)
{
  const DptShape shape = dpt_shape_new_2d (1, 6);
  const float l[] = { 1.0f, 1.0f, INFINITY, INFINITY, NAN, NAN };
  const float r[] = { 1.05f, 1.2f, INFINITY, 3.0f, NAN, 3.0f };
  const gboolean beyond[] = { FALSE, TRUE, FALSE, TRUE, FALSE, TRUE };
  g_autoptr (DptTensor) left = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                    l);
  g_autoptr (DptTensor) right = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                     r);
  g_autoptr (DptSliceGrid) a = dpt_slice_grid_new (left, 0, 1, NULL);
  g_autoptr (DptSliceGrid) b = dpt_slice_grid_new (right, 0, 1, NULL);
  g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new_difference (a, b, 0.01,
                                                                 0.1, TRUE);
  g_autoptr (DptSliceGrid) strict = dpt_slice_grid_new_difference (a, b, 0.01,
                                                                   0.1, FALSE);

  for (gsize i = 0; i < 6; i++)
    g_assert_cmpint (dpt_slice_grid_get_cell (grid, 0, i).beyond, ==,
                     beyond[i]);
  dpt_assert_close (dpt_slice_grid_get_cell (grid, 0, 1).value, 0.2, 1e-6, 0.0);
  g_assert_cmpfloat (dpt_slice_grid_get_cell (grid, 0, 2).value, ==, 0.0);
  g_assert_true (isinf (dpt_slice_grid_get_cell (grid, 0, 3).value));
  g_assert_true (isnan (dpt_slice_grid_get_cell (grid, 0, 5).value));
  g_assert_true (dpt_slice_grid_get_cell (strict, 0, 4).beyond);
  /* One cell beyond makes the cell that stands for it beyond. */
  g_assert_true (dpt_slice_grid_reduce (grid, 0, 0, 1, 3).beyond);
  g_assert_false (dpt_slice_grid_reduce (grid, 0, 0, 1, 1).beyond);
}

/* 2^53 and 2^53 + 1 are the same double, and so the difference of 1 needs
 * whole numbers; 3 + 4i and -3 + 4i have one magnitude, and differ by 6. */
static void
test_exact (void)
{
  const DptShape shape = dpt_shape_new_2d (1, 1);
  const gint64 big[] = { G_GINT64_CONSTANT (9007199254740992) };
  const gint64 bigger[] = { G_GINT64_CONSTANT (9007199254740993) };
  const float plus[] = { 3.0f, 4.0f };
  const float minus[] = { -3.0f, 4.0f };
  const struct
  {
    DptDtype dtype;
    const void *left;
    const void *right;
    double expected;
  } cases[] = {
    { DPT_DTYPE_INT64, big, bigger, 1.0 },
    { DPT_DTYPE_COMPLEX64, plus, minus, 6.0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptTensor) left = dpt_tensor_new_copy (cases[i].dtype, &shape,
                                                        cases[i].left);
      g_autoptr (DptTensor) right = dpt_tensor_new_copy (cases[i].dtype, &shape,
                                                         cases[i].right);
      g_autoptr (DptSliceGrid) a = dpt_slice_grid_new (left, 0, 1, NULL);
      g_autoptr (DptSliceGrid) b = dpt_slice_grid_new (right, 0, 1, NULL);
      g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new_difference (a, b, 0.0,
                                                                     0.0, TRUE);

      g_assert_cmpfloat (dpt_slice_grid_get_cell (grid, 0, 0).value, ==,
                         cases[i].expected);
    }
}

/* "a" equals "a"; "b" differs from the longer "bc". */
static void
test_strings (void)
{
  const DptShape shape = dpt_shape_new_2d (1, 2);
  const DptString l[] = { { "a", 1 }, { "b", 1 } };
  const DptString r[] = { { "a", 1 }, { "bc", 2 } };
  g_autoptr (DptTensor) left = dpt_tensor_new_strings (&shape, l, NULL);
  g_autoptr (DptTensor) right = dpt_tensor_new_strings (&shape, r, NULL);
  g_autoptr (DptSliceGrid) a = dpt_slice_grid_new (left, 0, 1, NULL);
  g_autoptr (DptSliceGrid) b = dpt_slice_grid_new (right, 0, 1, NULL);
  g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new_difference (a, b, 1.0, 1.0,
                                                                 TRUE);

  g_assert_false (dpt_slice_grid_get_cell (grid, 0, 0).beyond);
  g_assert_true (dpt_slice_grid_get_cell (grid, 0, 1).beyond);
}

static void
test_empty (void)
{
  const DptShape shape = dpt_shape_new_2d (0, 5);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      NULL);
  g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new (tensor, 0, 1, NULL);

  g_assert_cmpuint (dpt_slice_grid_get_n_rows (grid), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/slice-grid/axes", test_axes);
  g_test_add_func ("/render/slice-grid/reduce", test_reduce);
  g_test_add_func ("/render/slice-grid/difference", test_difference);
  g_test_add_func ("/render/slice-grid/exact", test_exact);
  g_test_add_func ("/render/slice-grid/strings", test_strings);
  g_test_add_func ("/render/slice-grid/empty", test_empty);
  return g_test_run ();
}
