/* test-tensor-analysis.c - the sentence and the numbers of a comparison
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor-analysis"

#include <math.h>

#include "dpt-tensor-analysis.h"
#include "dpt-test.h"

static DptTensor *
make (int rank, const gint64 *dims, const float *values)
{
  const DptShape shape = dpt_shape_new (rank, dims);

  return dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape, values);
}

static DptTensorAnalysis *
analyse (DptTensor *left, DptTensor *right)
{
  const DptTolerance tolerance = { .rtol = 0.0, .atol = 1e-3 };
  g_autoptr (GError) error = NULL;
  DptTensorAnalysis *self = dpt_tensor_analysis_new (left, right, &tolerance,
                                                     NULL, &error);

  g_assert_no_error (error);
  return self;
}

static void
assert_sentence (const DptTensorAnalysis *analysis, const char *expected)
{
  g_autofree char *sentence = dpt_tensor_analysis_dup_sentence (analysis);

  g_assert_cmpstr (sentence, ==, expected);
}

/* A kernel of 2 x 2 x 3 x 8; in filters 1 and 5 all 12 values each are raised
 * by 0.5, but at [1, 0, 2, 5] by 2, the largest difference. */
static void
test_filters (void)
{
  const gint64 dims[] = { 2, 2, 3, 8 };
  float l[96];
  float r[96];
  g_autoptr (DptTensor) left = NULL;
  g_autoptr (DptTensor) right = NULL;
  g_autoptr (DptTensorAnalysis) analysis = NULL;

  for (int i = 0; i < 96; i++)
    {
      l[i] = r[i] = (float) (i % 7) - 3.0f;
      if (i % 8 == 1 || i % 8 == 5)
        r[i] += 0.5f;
    }
  r[((1 * 2 + 0) * 3 + 2) * 8 + 5] += 1.5f;
  left = make (4, dims, l);
  right = make (4, dims, r);
  analysis = analyse (left, right);
  g_assert_true (analysis->has_diff);
  g_assert_cmpuint (analysis->diff.out_of_tolerance, ==, 24);
  g_assert_cmpint (analysis->focus_axis, ==, 3);
  assert_sentence (analysis, "24 of 96 values differ, all of them in filters 1 "
                             "and 5. Largest |l − r| is 2 at [1, 0, 2, 5].");
}

static void
test_close_and_identical (void)
{
  const gint64 dims[] = { 3 };
  const float l[] = { 1.0f, 2.0f, 0.0f };
  const float near[] = { 1.0f, 2.0f, 0.00048828125f }; /* 2^-11 */
  const float negative_zero[] = { 1.0f, 2.0f, -0.0f };
  g_autoptr (DptTensor) left = make (1, dims, l);
  g_autoptr (DptTensor) close = make (1, dims, near);
  g_autoptr (DptTensor) signed_zero = make (1, dims, negative_zero);
  g_autoptr (DptTensorAnalysis) first = analyse (left, close);
  g_autoptr (DptTensorAnalysis) second = analyse (left, left);
  g_autoptr (DptTensorAnalysis) third = analyse (left, signed_zero);

  assert_sentence (first, "All 3 values are within the tolerance; 1 of them is "
                          "not equal. Largest |l − r| is 0.000488 at [2].");
  assert_sentence (second, "All 3 values are identical.");
  assert_sentence (third,
                   "All 3 values are equal, though not byte for byte (the "
                   "sign of a zero, or the bits of a NaN).");
}

static void
test_shapes (void)
{
  const gint64 dims[] = { 2, 3 };
  const gint64 other[] = { 3, 2 };
  const float values[6] = { 0.0f };
  g_autoptr (DptTensor) left = make (2, dims, values);
  g_autoptr (DptTensor) right = make (2, other, values);
  g_autoptr (DptTensorAnalysis) analysis = analyse (left, right);
  g_autoptr (DptTensorAnalysis) alone = analyse (NULL, right);

  g_assert_false (analysis->has_diff);
  assert_sentence (analysis,
                   "The shapes differ: 2×3 on the left, 3×2 on the right, so "
                   "values are not compared one by one.");
  assert_sentence (alone, "There are values on the right only.");
  g_assert_null (alone->histogram.left);
  g_assert_nonnull (alone->histogram.right);
}

/* 999 values of 0.1 and one of 50: the scale of the colours leaves the outlier
 * out, the histogram does not. */
static void
test_scale (void)
{
  const gint64 dims[] = { 1000 };
  float values[1000];
  g_autoptr (DptTensor) tensor = NULL;
  g_autoptr (DptTensorAnalysis) analysis = NULL;
  guint64 total = 0;

  for (int i = 0; i < 1000; i++)
    values[i] = i == 500 ? 50.0f : 0.1f;
  tensor = make (1, dims, values);
  analysis = analyse (tensor, NULL);
  g_assert_true (analysis->is_clipped);
  g_assert_cmpfloat (analysis->value_limit, <=, 0.2);
  g_assert_cmpfloat (analysis->value_limit, >=, 0.1);
  for (guint i = 0; i < analysis->histogram.n_bins; i++)
    total += analysis->histogram.left[i];
  g_assert_cmpuint (total, ==, 1000);
}

/* Nothing but NaN, nothing at all, and nothing but text. */
static void
test_no_numbers (void)
{
  const gint64 none[] = { 0 };
  const gint64 two[] = { 2 };
  const float nans[] = { NAN, NAN };
  const DptShape shape = dpt_shape_new_1d (2);
  const DptString l[] = { { "a", 1 }, { "b", 1 } };
  const DptString r[] = { { "a", 1 }, { "c", 1 } };
  g_autoptr (DptTensor) empty = make (1, none, NULL);
  g_autoptr (DptTensor) nan = make (1, two, nans);
  g_autoptr (DptTensor) left = dpt_tensor_new_strings (&shape, l, NULL);
  g_autoptr (DptTensor) right = dpt_tensor_new_strings (&shape, r, NULL);
  g_autoptr (DptTensorAnalysis) a = analyse (empty, empty);
  g_autoptr (DptTensorAnalysis) b = analyse (nan, nan);
  g_autoptr (DptTensorAnalysis) c = analyse (left, right);

  g_assert_cmpuint (a->histogram.n_bins, ==, 0);
  g_assert_cmpuint (b->histogram.n_bins, ==, 0);
  g_assert_cmpuint (b->left.nan, ==, 2);
  assert_sentence (c, "1 of 2 values differs.");
}

static void
test_single (void)
{
  const DptShape scalar = DPT_SHAPE_SCALAR;
  const gint64 values[] = { 1000, 1001 };
  g_autoptr (DptTensor) left = dpt_tensor_new_copy (DPT_DTYPE_INT64, &scalar,
                                                    &values[0]);
  g_autoptr (DptTensor) right = dpt_tensor_new_copy (DPT_DTYPE_INT64, &scalar,
                                                     &values[1]);
  g_autoptr (DptTensorAnalysis) equal = analyse (left, left);
  g_autoptr (DptTensorAnalysis) other = analyse (left, right);

  assert_sentence (equal, "The value is identical.");
  assert_sentence (other, "The value differs. Largest |l − r| is 1.");
}

static void
test_cancel (void)
{
  const gint64 dims[] = { 1 };
  const float value = 1.0f;
  const DptTolerance tolerance = DPT_TOLERANCE_DEFAULT;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DptTensor) tensor = make (1, dims, &value);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (dpt_tensor_analysis_new (tensor, tensor, &tolerance,
                                          cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/tensor-analysis/filters", test_filters);
  g_test_add_func ("/render/tensor-analysis/close-and-identical",
                   test_close_and_identical);
  g_test_add_func ("/render/tensor-analysis/shapes", test_shapes);
  g_test_add_func ("/render/tensor-analysis/scale", test_scale);
  g_test_add_func ("/render/tensor-analysis/no-numbers", test_no_numbers);
  g_test_add_func ("/render/tensor-analysis/single", test_single);
  g_test_add_func ("/render/tensor-analysis/cancel", test_cancel);
  return g_test_run ();
}
