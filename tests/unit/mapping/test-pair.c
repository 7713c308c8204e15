/* test-pair.c - slices and steps that carry a right value to the left's form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected values are worked by hand from numpy's rules.
 */

#define G_LOG_DOMAIN "test-pair"

#include "dpt-pair.h"

#include "dpt-test.h"

/* [[0, 1, 2], [3, 4, 5]] */
static DptTensor *
make_matrix (void)
{
  const float values[] = { 0, 1, 2, 3, 4, 5 };
  DptShape shape = dpt_shape_new_2d (2, 3);

  return dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape, values);
}

static void
assert_values (DptTensor *tensor, const DptShape *shape, const double *values)
{
  g_assert_nonnull (tensor);
  g_assert_true (dpt_shape_equal (dpt_tensor_get_shape (tensor), shape));
  for (gsize i = 0; i < dpt_tensor_get_count (tensor); i++)
    g_assert_cmpfloat (dpt_tensor_get_double (tensor, i), ==, values[i]);
}

static void
test_plain (void)
{
  g_autoptr (DptTensor) matrix = make_matrix ();
  g_autoptr (DptPair) pair = dpt_pair_new ("a", "b");
  g_autoptr (DptTensor) carried = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dpt_pair_is_plain (pair));
  carried = dpt_pair_carry (pair, matrix, &error);
  g_assert_no_error (error);
  g_assert_true (carried == matrix);
}

static void
test_slice_and_steps (void)
{
  g_autoptr (DptTensor) matrix = make_matrix ();
  g_autoptr (DptPair) pair = dpt_pair_new ("a", "b");
  g_autoptr (DptTensor) carried = NULL;
  g_autoptr (GError) error = NULL;
  const DptPairStep transpose = { .kind = DPT_PAIR_STEP_TRANSPOSE,
                                  .shape = { 2, { 1, 0 } } };
  const DptPairStep reshape = { .kind = DPT_PAIR_STEP_RESHAPE,
                                .shape = { 1, { 4 } } };
  const DptPairStep cast = { .kind = DPT_PAIR_STEP_CAST,
                             .dtype = DPT_DTYPE_INT32 };
  DptShape expected_shape = dpt_shape_new_1d (4);
  const double expected[] = { 1, 4, 2, 5 };
  DptTensorSlice slice;

  /* [[1, 2], [4, 5]], transposed [[1, 4], [2, 5]], flat 1 4 2 5. */
  g_assert_true (dpt_tensor_slice_parse ("[:, 1:3]", &slice, &error));
  dpt_pair_set_slices (pair, NULL, &slice);
  dpt_pair_add_step (pair, &transpose);
  dpt_pair_add_step (pair, &reshape);
  dpt_pair_add_step (pair, &cast);
  g_assert_false (dpt_pair_is_plain (pair));

  carried = dpt_pair_carry (pair, matrix, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dpt_tensor_get_dtype (carried), ==, DPT_DTYPE_INT32);
  assert_values (carried, &expected_shape, expected);
}

static void
test_transpose_rank_3 (void)
{
  double values[24];
  double expected[24];
  DptShape shape = dpt_shape_new_3d (2, 3, 4);
  DptShape expected_shape = dpt_shape_new_3d (4, 2, 3);
  const DptPairStep step = { .kind = DPT_PAIR_STEP_TRANSPOSE,
                             .shape = { 3, { 2, 0, 1 } } };
  g_autoptr (DptTensor) tensor = NULL;
  g_autoptr (DptTensor) result = NULL;
  g_autoptr (GError) error = NULL;

  /* Element [i, j, k] has the value 100 i + 10 j + k, and goes to [k, i, j]. */
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 4; k++)
        {
          values[(i * 3 + j) * 4 + k] = 100 * i + 10 * j + k;
          expected[(k * 2 + i) * 3 + j] = 100 * i + 10 * j + k;
        }

  tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT64, &shape, values);
  result = dpt_pair_step_apply (&step, tensor, &error);
  g_assert_no_error (error);
  assert_values (result, &expected_shape, expected);
}

static void
test_transpose_strings (void)
{
  const DptString strings[] = { { "a", 1 },
                                { "bb", 2 },
                                { "", 0 },
                                { "d\0d", 3 } };
  DptShape shape = dpt_shape_new_2d (2, 2);
  const DptPairStep step = { .kind = DPT_PAIR_STEP_TRANSPOSE,
                             .shape = { 2, { 1, 0 } } };
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor = dpt_tensor_new_strings (&shape, strings,
                                                         &error);
  g_autoptr (DptTensor) result = dpt_pair_step_apply (&step, tensor, &error);
  const guint from[] = { 0, 2, 1, 3 };

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (from); i++)
    {
      DptString found = dpt_tensor_get_string (result, i);

      g_assert_cmpmem (found.data, found.length, strings[from[i]].data,
                       strings[from[i]].length);
    }
}

static void
test_misfits (void)
{
  g_autoptr (DptTensor) matrix = make_matrix ();
  const DptPairStep steps[] = {
    { .kind = DPT_PAIR_STEP_TRANSPOSE, .shape = { 2, { 0, 0 } } },
    { .kind = DPT_PAIR_STEP_TRANSPOSE, .shape = { 2, { 0, 2 } } },
    { .kind = DPT_PAIR_STEP_TRANSPOSE, .shape = { 1, { 0 } } },
    { .kind = DPT_PAIR_STEP_RESHAPE, .shape = { 1, { 5 } } },
    { .kind = DPT_PAIR_STEP_CAST, .dtype = DPT_DTYPE_STRING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dpt_pair_step_apply (&steps[i], matrix, &error));
      g_assert_nonnull (error);
      g_assert_cmpint (error->domain, ==, DPT_TENSOR_ERROR);
    }
}

static void
test_confidence (void)
{
  g_autoptr (DptPair) pair = dpt_pair_new ("a", "b");

  g_assert_cmpfloat (dpt_pair_get_confidence (pair), ==, 0.0);
  dpt_pair_add_evidence (pair, DPT_EVIDENCE_CHECKSUM, 1, "one point");
  g_assert_cmpfloat (dpt_pair_get_confidence (pair), ==, 0.5);
  dpt_pair_add_evidence (pair, DPT_EVIDENCE_NAME, 2, "two points");
  g_assert_cmpfloat (dpt_pair_get_confidence (pair), ==, 0.875);
  dpt_pair_add_evidence (pair, DPT_EVIDENCE_USER, 3, "a person");
  g_assert_cmpfloat (dpt_pair_get_confidence (pair), ==, 1.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair/plain", test_plain);
  g_test_add_func ("/pair/slice-and-steps", test_slice_and_steps);
  g_test_add_func ("/pair/transpose-rank-3", test_transpose_rank_3);
  g_test_add_func ("/pair/transpose-strings", test_transpose_strings);
  g_test_add_func ("/pair/misfits", test_misfits);
  g_test_add_func ("/pair/confidence", test_confidence);
  return g_test_run ();
}
