/* test-checkpoint-diff.c - the verdict of every pair, and on what basis
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected verdicts follow from the rules; values are chosen so that they can
 * be worked by hand.
 */

#define G_LOG_DOMAIN "test-checkpoint-diff"

#include "dpt-checkpoint-diff.h"

#include <string.h>

#include "dpt-matcher.h"
#include "dpt-test-model.h"
#include "dpt-test.h"

static const float ones[] = { 1, 1, 1, 1 };

/* One pair of float vectors named "w". */
typedef struct
{
  DptTestModel *left;
  DptTestModel *right;
  DptMapping *mapping;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->left = dpt_test_model_new ();
  self->right = dpt_test_model_new ();
  self->mapping = NULL;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  dpt_test_model_free (self->left);
  dpt_test_model_free (self->right);
  g_clear_object (&self->mapping);
}

static void
match (Fixture *self)
{
  g_autoptr (DptModel) left = dpt_test_model_end (self->left);
  g_autoptr (DptModel) right = dpt_test_model_end (self->right);
  g_autoptr (GError) error = NULL;

  self->mapping = dpt_matcher_match (left, right, NULL, &error);
  g_assert_no_error (error);
}

static DptPairResult
judge (Fixture *self, gboolean verify)
{
  const DptTolerance tolerance = DPT_TOLERANCE_DEFAULT;
  DptPairResult result;

  if (self->mapping == NULL)
    match (self);
  g_assert_cmpuint (dpt_mapping_get_n_pairs (self->mapping), ==, 1);
  dpt_checkpoint_diff_pair (self->mapping, 0, &tolerance, verify, NULL,
                            &result);
  return result;
}

static DptCheckpointEntry *
add (DptTestModel *model, const float *values)
{
  return dpt_test_model_add_floats (model, "w", NULL, 4, values);
}

static void
assert_result (DptPairResult result, DptVerdict verdict, DptBasis basis)
{
  g_assert_cmpstr (dpt_verdict_get_name (result.verdict), ==,
                   dpt_verdict_get_name (verdict));
  g_assert_cmpint (result.basis, ==, basis);
  dpt_pair_result_clear (&result);
}

static void
test_equal_checksums (Fixture *self, gconstpointer data)
{
  add (self->left, ones);
  add (self->right, ones);
  assert_result (judge (self, FALSE), DPT_VERDICT_IDENTICAL,
                 DPT_BASIS_CHECKSUM);
  assert_result (judge (self, TRUE), DPT_VERDICT_IDENTICAL, DPT_BASIS_VALUES);
}

/* The stored checksums say equal, the values do not: only --verify sees. */
static void
test_lying_checksums (Fixture *self, gconstpointer data)
{
  const float other[] = { 1, 1, 1, 2 };
  DptPairResult result;

  add (self->left, ones)->crc32c = 5;
  add (self->right, other)->crc32c = 5;
  assert_result (judge (self, FALSE), DPT_VERDICT_IDENTICAL,
                 DPT_BASIS_CHECKSUM);

  result = judge (self, TRUE);
  g_assert_cmpfloat (result.diff.max_abs, ==, 1.0);
  g_assert_cmpfloat (result.diff.max_rel, ==, 0.5);
  assert_result (result, DPT_VERDICT_DIFFERENT, DPT_BASIS_VALUES);
}

/* Unequal checksums settle nothing. */
static void
test_unequal_checksums (Fixture *self, gconstpointer data)
{
  add (self->left, ones)->crc32c = 5;
  add (self->right, ones)->crc32c = 6;
  assert_result (judge (self, FALSE), DPT_VERDICT_IDENTICAL, DPT_BASIS_VALUES);
}

/* Each of these forbids the checksum as basis, with values that are equal. */
static void
test_untelling_checksums (void)
{
  for (guint i = 0; i < 5; i++)
    {
      Fixture fixture;
      DptCheckpointEntry *entry;

      set_up (&fixture, NULL);
      add (fixture.left, ones);
      entry = add (fixture.right, ones);
      switch (i)
        {
        case 0:
          entry->has_crc32c = FALSE;
          break;
        case 1:
          entry->is_big_endian = TRUE;
          break;
        case 2:
          entry->n_slices = 2;
          break;
        case 3:
          entry->source = DPT_ENTRY_SOURCE_CONST;
          break;
        default:
          entry->size++;
        }

      assert_result (judge (&fixture, FALSE), DPT_VERDICT_IDENTICAL,
                     DPT_BASIS_VALUES);
      tear_down (&fixture, NULL);
    }
}

/* |l - r| = 1e-5 <= 1e-5 + 1e-6 * |r|. */
static void
test_close (Fixture *self, gconstpointer data)
{
  const float near[] = { 1, 1, 1, 1.00001f };

  add (self->left, ones);
  add (self->right, near);
  assert_result (judge (self, FALSE), DPT_VERDICT_CLOSE, DPT_BASIS_VALUES);
}

static void
test_shape_and_dtype (void)
{
  const double doubles[] = { 1, 1, 1, 1 };
  DptShape row = dpt_shape_new_2d (1, 4);
  DptShape vector = dpt_shape_new_1d (4);
  const struct
  {
    DptDtype dtype;
    const DptShape *shape;
    const void *values;
    DptVerdict verdict;
    DptBasis basis;
  } cases[] = {
    { DPT_DTYPE_FLOAT32, &row, ones, DPT_VERDICT_SHAPE, DPT_BASIS_NONE },
    { DPT_DTYPE_FLOAT64, &row, doubles, DPT_VERDICT_SHAPE, DPT_BASIS_NONE },
    { DPT_DTYPE_FLOAT64, &vector, doubles, DPT_VERDICT_DTYPE,
      DPT_BASIS_VALUES },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture;
      g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (cases[i].dtype,
                                                          cases[i].shape,
                                                          cases[i].values);

      set_up (&fixture, NULL);
      add (fixture.left, ones);
      dpt_test_model_add (fixture.right, "w", NULL, tensor);
      assert_result (judge (&fixture, FALSE), cases[i].verdict, cases[i].basis);
      tear_down (&fixture, NULL);
    }
}

/* Left is the transposed right: as it is stored the shapes differ, carried by
 * its step it is identical. */
static void
test_steps (void)
{
  const float left_values[] = { 1, 4, 2, 5, 3, 6 };
  const float right_values[] = { 1, 2, 3, 4, 5, 6 };
  const DptPairStep step = { .kind = DPT_PAIR_STEP_TRANSPOSE,
                             .shape = { 2, { 1, 0 } } };
  DptShape left_shape = dpt_shape_new_2d (3, 2);
  DptShape right_shape = dpt_shape_new_2d (2, 3);
  g_autoptr (DptTensor) left_tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32,
                                                           &left_shape,
                                                           left_values);
  g_autoptr (DptTensor) right_tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32,
                                                            &right_shape,
                                                            right_values);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_pair_unref);
  DptPair *pair = dpt_pair_new ("w", "w");
  g_autoptr (DptModel) left = NULL;
  g_autoptr (DptModel) right = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  set_up (&fixture, NULL);
  dpt_test_model_add (fixture.left, "w", NULL, left_tensor);
  dpt_test_model_add (fixture.right, "w", NULL, right_tensor);
  left = dpt_test_model_end (fixture.left);
  right = dpt_test_model_end (fixture.right);
  dpt_pair_add_step (pair, &step);
  g_ptr_array_add (pairs, pair);
  fixture.mapping = dpt_mapping_new (dpt_model_get_checkpoint (left),
                                     dpt_model_get_checkpoint (right), pairs,
                                     &error);
  g_assert_no_error (error);
  assert_result (judge (&fixture, FALSE), DPT_VERDICT_IDENTICAL,
                 DPT_BASIS_VALUES);
  tear_down (&fixture, NULL);
}

/* A slice that does not fit its tensor cannot be read, and says so. */
static void
test_unread (void)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_pair_unref);
  DptPair *pair = dpt_pair_new ("w", "w");
  g_autoptr (DptModel) left = NULL;
  g_autoptr (DptModel) right = NULL;
  g_autoptr (GError) error = NULL;
  DptTensorSlice slice;
  DptPairResult result;
  Fixture fixture;

  set_up (&fixture, NULL);
  add (fixture.left, ones);
  add (fixture.right, ones);
  left = dpt_test_model_end (fixture.left);
  right = dpt_test_model_end (fixture.right);
  g_assert_true (dpt_tensor_slice_parse ("[0, 0]", &slice, &error));
  dpt_pair_set_slices (pair, NULL, &slice);
  g_ptr_array_add (pairs, pair);
  fixture.mapping = dpt_mapping_new (dpt_model_get_checkpoint (left),
                                     dpt_model_get_checkpoint (right), pairs,
                                     &error);
  g_assert_no_error (error);

  result = judge (&fixture, FALSE);
  g_assert_true (g_str_has_prefix (result.error, "right: "));
  assert_result (result, DPT_VERDICT_UNREAD, DPT_BASIS_NONE);
  tear_down (&fixture, NULL);
}

typedef struct
{
  DptPairResult *results;
  guint n_calls;
  GCancellable *cancellable;
} Collected;

static void
collect_cb (guint pair, DptPairResult *result, gpointer user_data)
{
  Collected *collected = user_data;

  collected->results[pair] = *result;
  collected->n_calls++;
  if (collected->cancellable != NULL)
    g_cancellable_cancel (collected->cancellable);
}

/* Pair i differs by i: every result lands at its own pair, whatever thread
 * measured it. */
static void
test_run (Fixture *self, gconstpointer data)
{
  const guint n_pairs = 500;
  const DptTolerance tolerance = DPT_TOLERANCE_DEFAULT;
  g_autofree DptPairResult *results = g_new0 (DptPairResult, n_pairs);
  g_autoptr (GError) error = NULL;
  Collected collected = { results, 0, NULL };

  for (guint i = 0; i < n_pairs; i++)
    {
      g_autofree char *key = g_strdup_printf ("%04u", i);
      float left[] = { (float) i, 0 };
      float right[] = { 0, 0 };

      dpt_test_model_add_floats (self->left, key, NULL, 2, left);
      dpt_test_model_add_floats (self->right, key, NULL, 2, right);
    }

  match (self);
  g_assert_true (dpt_checkpoint_diff_run (self->mapping, &tolerance, FALSE,
                                          collect_cb, &collected, NULL, NULL,
                                          &error));
  g_assert_no_error (error);
  g_assert_cmpuint (collected.n_calls, ==, n_pairs);
  g_assert_cmpint (results[0].basis, ==, DPT_BASIS_CHECKSUM);
  for (guint i = 1; i < n_pairs; i++)
    {
      g_assert_cmpint (results[i].verdict, ==, DPT_VERDICT_DIFFERENT);
      g_assert_cmpfloat (results[i].diff.max_abs, ==, (double) i);
    }
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  const guint n_pairs = 500;
  const DptTolerance tolerance = DPT_TOLERANCE_DEFAULT;
  g_autofree DptPairResult *results = g_new0 (DptPairResult, n_pairs);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Collected collected = { results, 0, cancellable };

  for (guint i = 0; i < n_pairs; i++)
    {
      g_autofree char *key = g_strdup_printf ("%04u", i);
      float value = (float) i + 1;
      float zero = 0;

      dpt_test_model_add_floats (self->left, key, NULL, 1, &value);
      dpt_test_model_add_floats (self->right, key, NULL, 1, &zero);
    }

  match (self);
  g_assert_false (dpt_checkpoint_diff_run (self->mapping, &tolerance, FALSE,
                                           collect_cb, &collected, NULL,
                                           cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (collected.n_calls, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/checkpoint-diff/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("equal-checksums", test_equal_checksums);
  ADD ("lying-checksums", test_lying_checksums);
  ADD ("unequal-checksums", test_unequal_checksums);
  ADD ("close", test_close);
  ADD ("run", test_run);
  ADD ("cancel", test_cancel);
#undef ADD
  g_test_add_func ("/checkpoint-diff/untelling-checksums",
                   test_untelling_checksums);
  g_test_add_func ("/checkpoint-diff/shape-and-dtype", test_shape_and_dtype);
  g_test_add_func ("/checkpoint-diff/steps", test_steps);
  g_test_add_func ("/checkpoint-diff/unread", test_unread);
  return g_test_run ();
}
