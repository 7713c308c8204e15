/* test-tensor-stats.c - statistics and histograms worked by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor-stats"

#include "dpt-tensor-stats.h"

#include <math.h>

#include "dpt-tensor-cast.h"
#include "dpt-test.h"

/* Of 0, 1, 2, 5: mean 2, deviations 4 + 1 + 0 + 9 = 14, squares 30; as bool
 * 0, 1, 1, 1: mean 3/4, deviations 3/16 * 4. */
static void
test_dtypes (void)
{
  static const double values[] = { 0, 5, 1, 2 };
  static const DptDtype dtypes[] = {
    DPT_DTYPE_FLOAT32,   DPT_DTYPE_FLOAT64,       DPT_DTYPE_FLOAT16,
    DPT_DTYPE_BFLOAT16,  DPT_DTYPE_FLOAT8_E5M2,   DPT_DTYPE_INT8,
    DPT_DTYPE_QUINT8,    DPT_DTYPE_FLOAT8_E4M3FN, DPT_DTYPE_QINT32,
    DPT_DTYPE_INT64,     DPT_DTYPE_UINT64,        DPT_DTYPE_INT4,
    DPT_DTYPE_UINT4,     DPT_DTYPE_UINT16,        DPT_DTYPE_QINT16,
    DPT_DTYPE_COMPLEX64, DPT_DTYPE_COMPLEX128,    DPT_DTYPE_QUINT16,
    DPT_DTYPE_QINT8,     DPT_DTYPE_INT32,         DPT_DTYPE_UINT32
  };
  DptShape shape = dpt_shape_new_2d (2, 2);
  g_autoptr (DptTensor) source = dpt_tensor_new_copy (DPT_DTYPE_FLOAT64, &shape,
                                                      values);
  g_autoptr (DptTensor) bools = dpt_tensor_cast (source, DPT_DTYPE_BOOL, NULL);
  DptTensorStats stats;

  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      g_autoptr (DptTensor) tensor = dpt_tensor_cast_exact (source, dtypes[i],
                                                            NULL);

      dpt_tensor_stats_compute (tensor, &stats);
      g_assert_true (stats.valid);
      g_assert_cmpuint (stats.count, ==, 4);
      g_assert_cmpuint (stats.zeros, ==, 1);
      g_assert_cmpfloat (stats.min, ==, 0);
      g_assert_cmpfloat (stats.max, ==, 5);
      g_assert_cmpfloat (stats.mean, ==, 2);
      dpt_assert_close (stats.std, sqrt (3.5), 1e-15, 0);
      dpt_assert_close (stats.l2, sqrt (30), 1e-15, 0);
    }

  dpt_tensor_stats_compute (bools, &stats);
  g_assert_cmpfloat (stats.mean, ==, 0.75);
  dpt_assert_close (stats.std, sqrt (3.0 / 16), 1e-15, 0);
}

/* |3+4j| = 5, |0| = 0; a NaN in one part makes the element one. */
static void
test_complex (void)
{
  static const float parts[] = { 3, 4, 0, 0, NAN, INFINITY, 1, -INFINITY };
  DptShape shape = dpt_shape_new_1d (4);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_COMPLEX64,
                                                      &shape, parts);
  DptTensorStats stats;

  dpt_tensor_stats_compute (tensor, &stats);
  g_assert_cmpuint (stats.nan, ==, 1);
  g_assert_cmpuint (stats.inf, ==, 1);
  g_assert_cmpuint (stats.zeros, ==, 1);
  g_assert_cmpfloat (stats.max, ==, 5);
  g_assert_cmpfloat (stats.mean, ==, 2.5);
}

static void
test_nothing_finite (void)
{
  static const float values[] = { NAN, INFINITY, -INFINITY };
  DptShape shape = dpt_shape_new_1d (3);
  DptShape none = dpt_shape_new_1d (0);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);
  g_autoptr (DptTensor) empty = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &none,
                                                     values);
  g_autoptr (DptTensor) text = dpt_tensor_new_string ("a", 1);
  DptTensorStats stats;

  dpt_tensor_stats_compute (tensor, &stats);
  g_assert_cmpuint (stats.nan, ==, 1);
  g_assert_cmpuint (stats.inf, ==, 2);
  g_assert_true (isnan (stats.min) && isnan (stats.max));
  g_assert_true (isnan (stats.mean) && isnan (stats.std));
  g_assert_cmpfloat (stats.l2, ==, 0);
  dpt_tensor_stats_compute (empty, &stats);
  g_assert_true (stats.valid && isnan (stats.mean));
  dpt_tensor_stats_compute (text, &stats);
  g_assert_false (stats.valid);
}

/* The numbers 0 to 199,999: their mean is 99,999.5, their variance
 * (n^2 - 1) / 12.  Three pieces, and a mean far from each piece's own. */
static void
test_large (void)
{
  DptShape shape = dpt_shape_new_1d (200000);
  g_autoptr (DptTensor) tensor = dpt_tensor_new (DPT_DTYPE_INT32, &shape, NULL);
  gint32 *numbers = dpt_tensor_get_writable_data (tensor);
  guint64 bins[4];
  DptTensorStats stats;

  for (gint32 i = 0; i < 200000; i++)
    numbers[i] = i;
  dpt_tensor_stats_compute (tensor, &stats);
  dpt_assert_close (stats.mean, 99999.5, 1e-14, 0);
  dpt_assert_close (stats.std, sqrt ((200000.0 * 200000.0 - 1) / 12), 1e-14, 0);

  dpt_tensor_stats_histogram (tensor, 0, 200000, 4, bins);
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (bins[i], ==, 50000);
}

static void
test_histogram (void)
{
  static const float values[] = { -1, 0, 0.25f, 0.5f, 0.75f, 1, 2, NAN };
  static const double wide[] = { -1.7e308, 0, 1.7e308 };
  DptShape shape = dpt_shape_new_1d (8);
  DptShape three = dpt_shape_new_1d (3);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);
  g_autoptr (DptTensor) huge = dpt_tensor_new_copy (DPT_DTYPE_FLOAT64, &three,
                                                    wide);
  guint64 bins[2];

  dpt_tensor_stats_histogram (tensor, 0, 1, 2, bins);
  g_assert_cmpuint (bins[0], ==, 2);
  g_assert_cmpuint (bins[1], ==, 3);
  dpt_tensor_stats_histogram (tensor, 2, 2, 2, bins);
  g_assert_cmpuint (bins[0], ==, 0);
  g_assert_cmpuint (bins[1], ==, 1);
  dpt_tensor_stats_histogram (huge, -1.7e308, 1.7e308, 2, bins);
  g_assert_cmpuint (bins[0], ==, 1);
  g_assert_cmpuint (bins[1], ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor-stats/dtypes", test_dtypes);
  g_test_add_func ("/tensor-stats/complex", test_complex);
  g_test_add_func ("/tensor-stats/nothing-finite", test_nothing_finite);
  g_test_add_func ("/tensor-stats/large", test_large);
  g_test_add_func ("/tensor-stats/histogram", test_histogram);

  return g_test_run ();
}
