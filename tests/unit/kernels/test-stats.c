/* test-stats.c - kernels that measure arrays, against their slow twins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every row of the three families runs on arrays of random bits, so that NaN,
 * infinities, subnormals and both zeros all come, and on tame ones; counts,
 * extremes and indices must be the twin's, sums agree up to their rounding.
 */

#define G_LOG_DOMAIN "test-stats"

#include <math.h>
#include <string.h>

#include "dpt-test.h"
#include "dptk-reference.h"

/* Sums of up to 140,000 doubles in another order. */
#define SUM_RTOL 1e-10

/* Nothing, single elements, borders of lanes, blocks and tiles. */
static const size_t lengths[] = { 0, 1, 7, 8, 511, 512, 513, 1500, 140001 };

typedef enum
{
  FILL_BITS, /* any bits */
  FILL_TAME, /* small numbers, many of them the same on both sides */
} Fill;

static gboolean
is_float (DptkDtype dtype)
{
  return dtype == DPTK_F32 || dtype == DPTK_F64 || dtype == DPTK_F16 ||
         dtype == DPTK_BF16 || dtype == DPTK_C64 || dtype == DPTK_C128;
}

/* Writes the number to every part of an element. */
static void
put (DptkDtype dtype, guint8 *element, double value)
{
  float single = (float) value;

  switch ((int) dtype)
    {
    case DPTK_F32:
      memcpy (element, &single, 4);
      break;
    case DPTK_F64:
      memcpy (element, &value, 8);
      break;
    case DPTK_C64:
      memcpy (element, &single, 4);
      memcpy (element + 4, &single, 4);
      break;
    case DPTK_C128:
      memcpy (element, &value, 8);
      memcpy (element + 8, &value, 8);
      break;
    case DPTK_F16:
    case DPTK_BF16:
      dptk_narrow (dtype, &single, element, 1);
      break;
    default:
      element[0] = (guint8) fabs (value);
    }
}

static guint8 *
make_array (GRand *rand, DptkDtype dtype, Fill fill, size_t n)
{
  size_t width = dptk_dtype_get_width (dtype);
  guint8 *bytes = g_malloc0 (n * width + 1);

  for (size_t i = 0; i < n; i++)
    if (fill == FILL_TAME)
      put (dtype, bytes + i * width, g_rand_int_range (rand, -4, 5) / 4.0);
    else
      for (size_t k = 0; k < width; k++)
        bytes[i * width + k] = (guint8) g_rand_int (rand);

  /* Random bits of a double hardly ever are one of these. */
  if (fill == FILL_BITS && is_float (dtype))
    for (size_t i = 0; i < n; i += 97)
      put (dtype, bytes + i * width,
           i % 3 == 0   ? NAN
           : i % 3 == 1 ? INFINITY
                        : -0.0);
  return bytes;
}

/* Runs tiles from the last to the first: the result may not notice. */
static void
run_backwards (void *pool, size_t n_tiles, DptkTileFunc func, void *data)
{
  while (n_tiles-- > 0)
    func (data, n_tiles, 0);
}

static const DptkParallel backwards = { run_backwards, NULL, 1 };

/* Sums over random bits overflow, or lie by 10^300 apart: there they say
 * nothing, and only tame ones are held against the twin. */
static void
check_sum (Fill fill, double ours, double twin)
{
  if (fill == FILL_TAME)
    dpt_assert_close (ours, twin, SUM_RTOL, 1e-12);
}

static void
check_difference (const DptkRow *row, GRand *rand, Fill fill, size_t n)
{
  g_autofree guint8 *left = make_array (rand, row->dtype, fill, n);
  g_autofree guint8 *right = make_array (rand, row->dtype, fill, n);
  g_autofree DptkDifferenceResult *tiles =
      g_new (DptkDifferenceResult, dptk_difference_get_n_tiles (n) + 1);
  DptkDifferenceKernel *kernel = (DptkDifferenceKernel *) row->function;
  DptkDifferenceResult a, b, twin;
  DptkDifference task = { .n = n,
                          .left = left,
                          .right = right,
                          .rtol = 0.25,
                          .atol = 0.125,
                          .nan_differs = n % 2,
                          .tiles = tiles };

  /* Long runs of the same bytes, as in a real comparison. */
  memcpy (left, right, n / 3 * dptk_dtype_get_width (row->dtype));
  task.result = &a;
  kernel (&task, NULL);
  task.result = &b;
  kernel (&task, &backwards);
  task.result = &twin;
  dptk_reference_difference (row->dtype, &task);

  g_assert_cmpfloat (a.max_abs, ==, twin.max_abs);
  dpt_assert_close (a.max_rel, twin.max_rel, 1e-15, 0);
  dpt_assert_close (a.max_ulp, twin.max_ulp, 1e-15, 0);
  g_assert_cmpuint (a.max_index, ==, twin.max_index);
  g_assert_cmpuint (a.out_of_tolerance, ==, twin.out_of_tolerance);
  g_assert_cmpuint (a.incomparable, ==, twin.incomparable);
  g_assert_cmpuint (a.nan_left, ==, twin.nan_left);
  g_assert_cmpuint (a.nan_right, ==, twin.nan_right);
  g_assert_cmpuint (a.inf_left, ==, twin.inf_left);
  g_assert_cmpuint (a.inf_right, ==, twin.inf_right);
  g_assert_cmpint (a.right_nonzero, ==, twin.right_nonzero);
  g_assert_cmpint (a.same_bytes, ==, twin.same_bytes);
  check_sum (fill, a.sum_abs, twin.sum_abs);
  check_sum (fill, a.sum_squares, twin.sum_squares);
  check_sum (fill, a.dot, twin.dot);
  check_sum (fill, a.left_squares, twin.left_squares);
  check_sum (fill, a.right_squares, twin.right_squares);
  g_assert_cmpmem (&a.sum_abs, 8, &b.sum_abs, 8);
  g_assert_cmpmem (&a.dot, 8, &b.dot, 8);
  g_assert_cmpuint (a.max_index, ==, b.max_index);
}

static void
check_moments (const DptkRow *row, GRand *rand, Fill fill, size_t n)
{
  g_autofree guint8 *x = make_array (rand, row->dtype, fill, n);
  g_autofree DptkMomentsResult *tiles = g_new (DptkMomentsResult,
                                               dptk_moments_get_n_tiles (n) +
                                                   1);
  DptkMomentsKernel *kernel = (DptkMomentsKernel *) row->function;
  DptkMomentsResult a, b, twin;
  DptkMoments task = { .n = n, .x = x, .tiles = tiles };

  task.result = &a;
  kernel (&task, NULL);
  task.result = &b;
  kernel (&task, &backwards);
  task.result = &twin;
  dptk_reference_moments (row->dtype, &task);

  g_assert_cmpuint (a.finite, ==, twin.finite);
  g_assert_cmpuint (a.zeros, ==, twin.zeros);
  g_assert_cmpuint (a.nan, ==, twin.nan);
  g_assert_cmpuint (a.inf, ==, twin.inf);
  g_assert_cmpfloat (a.min, ==, twin.min);
  g_assert_cmpfloat (a.max, ==, twin.max);
  check_sum (fill, a.mean, twin.mean);
  check_sum (fill, a.deviations, twin.deviations);
  check_sum (fill, a.squares, twin.squares);
  g_assert_cmpmem (&a.deviations, 8, &b.deviations, 8);
}

/* Eight bins over [-1, 1]: the tame numbers lie on their borders. */
static void
check_histogram (const DptkRow *row, GRand *rand, Fill fill, size_t n)
{
  g_autofree guint8 *x = make_array (rand, row->dtype, fill, n);
  DptkHistogramKernel *kernel = (DptkHistogramKernel *) row->function;
  guint64 ours[8] = { 0 };
  guint64 twin[8] = { 0 };

  kernel (x, n, -1, 1, 8, ours);
  dptk_reference_histogram (row->dtype, x, n, -1, 1, 8, twin);
  g_assert_cmpmem (ours, sizeof ours, twin, sizeof twin);
}

typedef void (*CheckFunc) (const DptkRow *row,
                           GRand *rand,
                           Fill fill,
                           size_t n);

static void
check_family (DptkFamily family, CheckFunc check)
{
  size_t n_rows;
  const DptkRow *rows = dptk_get_rows (&n_rows);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  guint checked = 0;

  for (size_t i = 0; i < n_rows; i++)
    {
      if (rows[i].family != family)
        continue;
      if (rows[i].variant > dptk_cpu_get_variant ())
        {
          g_test_message ("%s of dtype %d: not run, this machine has no %s",
                          rows[i].name, rows[i].dtype,
                          dptk_variant_get_name (rows[i].variant));
          continue;
        }
      for (size_t k = 0; k < G_N_ELEMENTS (lengths); k++)
        {
          check (&rows[i], rand, FILL_TAME, lengths[k]);
          check (&rows[i], rand, FILL_BITS, lengths[k]);
        }
      checked++;
    }
  g_assert_cmpuint (checked, >=, 15);
}

static void
test_difference (void)
{
  check_family (DPTK_FAMILY_DIFFERENCE, check_difference);
}

static void
test_moments (void)
{
  check_family (DPTK_FAMILY_MOMENTS, check_moments);
}

static void
test_histogram (void)
{
  check_family (DPTK_FAMILY_HISTOGRAM, check_histogram);
}

/* Variants add in the same order: not one bit differs. */
static void
test_variants_agree (void)
{
  size_t n_rows;
  const DptkRow *rows = dptk_get_rows (&n_rows);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autofree guint8 *left = make_array (rand, DPTK_F32, FILL_BITS, 70000);
  g_autofree guint8 *right = make_array (rand, DPTK_F32, FILL_BITS, 70000);
  DptkDifferenceResult tiles[2];
  DptkDifferenceResult first, result;
  guint seen = 0;

  memset (&first, 0, sizeof first);
  memset (&result, 0, sizeof result);
  for (size_t i = 0; i < n_rows; i++)
    if (rows[i].family == DPTK_FAMILY_DIFFERENCE && rows[i].dtype == DPTK_F32 &&
        rows[i].variant <= dptk_cpu_get_variant ())
      {
        DptkDifference task = { .n = 70000,
                                .left = left,
                                .right = right,
                                .tiles = tiles,
                                .result = seen == 0 ? &first : &result };

        ((DptkDifferenceKernel *) rows[i].function) (&task, NULL);
        if (seen++ > 0)
          {
            g_assert_cmpmem (&first.sum_abs, 8, &result.sum_abs, 8);
            g_assert_cmpmem (&first.sum_squares, 8, &result.sum_squares, 8);
            g_assert_cmpmem (&first.dot, 8, &result.dot, 8);
            g_assert_cmpmem (&first.max_rel, 8, &result.max_rel, 8);
          }
      }
  g_assert_cmpuint (seen, >=, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stats/difference", test_difference);
  g_test_add_func ("/stats/moments", test_moments);
  g_test_add_func ("/stats/histogram", test_histogram);
  g_test_add_func ("/stats/variants-agree", test_variants_agree);

  return g_test_run ();
}
