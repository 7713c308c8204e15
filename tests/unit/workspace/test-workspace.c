/* test-workspace.c - two sides, their pairs and the answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-workspace"

#include "dpt-workspace.h"

#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-tensor-pair.h"
#include "dpt-test.h"

typedef struct
{
  char *folder;
  char *left;  /* a [1, 2], w [0, 0] */
  char *right; /* a [1, 2], w [0, 1e-3] */
  DptWorkspace *workspace;
} Fixture;

static void
write_checkpoint (const char *prefix, float last)
{
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
  DptShape shape = dpt_shape_new_1d (2);
  const float a[] = { 1, 2 };
  const float w[] = { 0, last };

  dpt_bundle_builder_add (builder, "a", DPT_DTYPE_FLOAT32, &shape, a);
  dpt_bundle_builder_add (builder, "w", DPT_DTYPE_FLOAT32, &shape, w);
  dpt_bundle_builder_write (builder, prefix);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = dpt_test_scratch ();
  self->left = g_build_filename (self->folder, "the left", NULL);
  self->right = g_build_filename (self->folder, "right", NULL);
  self->workspace = dpt_workspace_new ();
  write_checkpoint (self->left, 0);
  write_checkpoint (self->right, 1e-3f);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (self->workspace),
                             (gpointer *) &self->workspace);
  g_object_unref (self->workspace);
  g_assert_null (self->workspace);

  /* What is still on its way comes to nobody. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  dpt_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->left);
  g_free (self->right);
}

static void
wait_for_answer (DptWorkspace *workspace)
{
  while (dpt_side_get_state (dpt_workspace_get_left (workspace)) ==
             DPT_SIDE_LOADING ||
         dpt_side_get_state (dpt_workspace_get_right (workspace)) ==
             DPT_SIDE_LOADING ||
         dpt_workspace_is_comparing (workspace))
    g_main_context_iteration (NULL, TRUE);
}

static void
open_both (Fixture *self)
{
  dpt_side_open_async (dpt_workspace_get_left (self->workspace), self->left,
                       NULL, NULL, NULL, NULL);
  dpt_side_open_async (dpt_workspace_get_right (self->workspace), self->right,
                       NULL, NULL, NULL, NULL);
  wait_for_answer (self->workspace);
}

static void
test_answer (Fixture *self, gconstpointer data)
{
  g_autofree char *sentence = NULL;
  DptPairModel *pairs;

  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_NONE);
  open_both (self);
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_DIFFERENT);
  pairs = dpt_workspace_get_pairs (self->workspace);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pairs)), ==, 2);
  g_assert_cmpint (dpt_pair_model_get_verdict (pairs, 0), ==,
                   DPT_VERDICT_IDENTICAL);
  g_assert_cmpint (dpt_pair_model_get_result (pairs, 0)->basis, ==,
                   DPT_BASIS_CHECKSUM);
  g_assert_cmpint (dpt_pair_model_get_verdict (pairs, 1), ==,
                   DPT_VERDICT_DIFFERENT);
  sentence = dpt_workspace_dup_sentence (self->workspace);
  g_assert_cmpstr (sentence, ==, "Not the same: 1 different, 1 identical.");
}

/* Other rules judge the same rows anew. */
static void
test_rules (Fixture *self, gconstpointer data)
{
  DptTolerance loose = { .rtol = 0, .atol = 0.01 };
  DptPairModel *pairs;

  open_both (self);
  pairs = dpt_workspace_get_pairs (self->workspace);
  dpt_workspace_set_selected (self->workspace, 1);

  dpt_workspace_set_tolerance (self->workspace, &loose);
  g_assert_true (dpt_workspace_is_comparing (self->workspace));
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_COMPARING);
  wait_for_answer (self->workspace);
  g_assert_true (dpt_workspace_get_pairs (self->workspace) == pairs);
  g_assert_cmpuint (dpt_workspace_get_selected (self->workspace), ==, 1);
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_CLOSE);

  dpt_workspace_set_verify (self->workspace, TRUE);
  wait_for_answer (self->workspace);
  g_assert_cmpint (dpt_pair_model_get_result (pairs, 0)->basis, ==,
                   DPT_BASIS_VALUES);
}

static void
test_swap (Fixture *self, gconstpointer data)
{
  DptSide *left = dpt_workspace_get_left (self->workspace);

  open_both (self);
  dpt_workspace_set_selected (self->workspace, 0);
  dpt_workspace_swap (self->workspace);
  g_assert_true (dpt_workspace_get_right (self->workspace) == left);
  g_assert_cmpuint (dpt_workspace_get_selected (self->workspace), ==,
                    DPT_PAIR_MODEL_NO_ROW);
  wait_for_answer (self->workspace);
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_DIFFERENT);

  /* Only one side is left to compare. */
  dpt_side_close (left);
  g_assert_null (dpt_workspace_get_pairs (self->workspace));
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_NONE);
}

static void
test_command (Fixture *self, gconstpointer data)
{
  DptTolerance loose = { .rtol = 0, .atol = 0.01, .nan_differs = TRUE };
  g_autofree char *none = dpt_workspace_dup_diff_command (self->workspace);
  g_autofree char *plain = NULL;
  g_autofree char *full = NULL;
  g_autofree char *expected = g_strdup_printf ("diptych-cli diff '%s' '%s'",
                                               self->left, self->right);
  g_autofree char *expected_full =
      g_strdup_printf ("%s --rtol 0 --atol 0.01 --nan-differs --verify",
                       expected);

  g_assert_null (none);
  open_both (self);
  plain = dpt_workspace_dup_diff_command (self->workspace);
  g_assert_cmpstr (plain, ==, expected);

  dpt_workspace_set_tolerance (self->workspace, &loose);
  dpt_workspace_set_verify (self->workspace, TRUE);
  full = dpt_workspace_dup_diff_command (self->workspace);
  g_assert_cmpstr (full, ==, expected_full);
}

/* Damage that the index does not show: unread, not different. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *shard = g_strdup_printf ("%s.data-00000-of-00001",
                                            self->right);
  const guint8 garbage[16] = { 1, 2, 3 };
  const DptPairResult *result;

  dpt_test_write (shard, garbage, sizeof garbage);
  open_both (self);
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_UNREAD);
  result = dpt_pair_model_get_result (dpt_workspace_get_pairs (self->workspace),
                                      1);
  g_assert_cmpint (result->verdict, ==, DPT_VERDICT_UNREAD);
  g_assert_true (g_str_has_prefix (result->error, "right: "));
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  open_both (self);
  dpt_workspace_set_verify (self->workspace, TRUE);
  dpt_workspace_cancel (self->workspace);
  g_assert_false (dpt_workspace_is_comparing (self->workspace));
  g_assert_cmpint (dpt_workspace_get_answer (self->workspace), ==,
                   DPT_ANSWER_NONE);

  /* What the cancelled one still brings does not arrive. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (dpt_pair_model_get_n_unjudged (
                        dpt_workspace_get_pairs (self->workspace)),
                    ==, 2);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(DptTensorPair **) user_data =
      dpt_workspace_read_pair_finish (DPT_WORKSPACE (source), result, &error);
  g_assert_no_error (error);
}

static void
test_read_pair (Fixture *self, gconstpointer data)
{
  g_autoptr (DptTensorPair) tensors = NULL;

  open_both (self);
  dpt_workspace_read_pair_async (self->workspace, 1, NULL, read_cb, &tensors);
  while (tensors == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_no_error (tensors->left_error);
  g_assert_no_error (tensors->right_error);
  g_assert_cmpfloat (dpt_tensor_get_double (tensors->left, 1), ==, 0);
  g_assert_cmpfloat (dpt_tensor_get_double (tensors->right, 1), ==,
                     (double) 1e-3f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/workspace/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("answer", test_answer);
  ADD ("rules", test_rules);
  ADD ("swap", test_swap);
  ADD ("command", test_command);
  ADD ("damaged", test_damaged);
  ADD ("cancel", test_cancel);
  ADD ("read-pair", test_read_pair);
#undef ADD
  return g_test_run ();
}
