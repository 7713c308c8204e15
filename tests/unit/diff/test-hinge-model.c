/* test-hinge-model.c - rows, bundles, filter and steps of a small comparison
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-hinge-model"

#include "dpt-hinge-model.h"

#include <string.h>

#include "dpt-memory-source.h"

/* Left and right, with the verdict that their pair is given; a NULL name has
 * no counterpart.  In reading order these are rows of the left tree a (b, w),
 * c (b, w), d, and what is only right. */
static const struct
{
  const char *left;
  const char *right;
  DptVerdict verdict;
} rows[] = {
  { "a/b", "x/b", DPT_VERDICT_IDENTICAL },
  { "a/w", "x/w", DPT_VERDICT_DIFFERENT },
  { "c/b", "x/c", DPT_VERDICT_IDENTICAL },
  { "c/w", "y/w", DPT_VERDICT_CLOSE },
  { "d", NULL, DPT_VERDICT_ONLY_LEFT },
  { NULL, "z/new", DPT_VERDICT_ONLY_RIGHT },
};

static DptCheckpoint *
make_checkpoint (gboolean left)
{
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *key = left ? rows[i].left : rows[i].right;
      DptCheckpointEntry entry = { .key = key,
                                   .key_length = key != NULL ? strlen (key) : 0,
                                   .dtype = DPT_DTYPE_FLOAT32,
                                   .shape = DPT_SHAPE_SCALAR,
                                   .size = 4 };

      if (key != NULL)
        dpt_checkpoint_builder_add (builder, &entry);
    }
  return dpt_checkpoint_builder_end (builder);
}

static DptPairModel *
make_pairs (void)
{
  g_autoptr (DptCheckpoint) left = make_checkpoint (TRUE);
  g_autoptr (DptCheckpoint) right = make_checkpoint (FALSE);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_pair_unref);
  g_autoptr (DptMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].left != NULL && rows[i].right != NULL)
      g_ptr_array_add (pairs, dpt_pair_new (rows[i].left, rows[i].right));
  mapping = dpt_mapping_new (left, right, pairs, &error);
  g_assert_no_error (error);
  return dpt_pair_model_new (mapping);
}

static void
judge (DptPairModel *pairs)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DptPairResult result = { .verdict = rows[i].verdict };

      if (rows[i].left != NULL && rows[i].right != NULL)
        dpt_pair_model_set_result (pairs, i, &result);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static guint
find_node (DptHingeModel *model, DptPanel panel, const char *name)
{
  DptKeyTree *tree = dpt_tree_list_get_tree (
      dpt_hinge_model_get_list (model, panel));

  for (guint i = 1; i < dpt_key_tree_get_n_nodes (tree); i++)
    if (strcmp (dpt_key_tree_get_node (tree, i)->name, name) == 0)
      return i;
  g_assert_not_reached ();
}

static void
test_counts (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptHingeModel) model = dpt_hinge_model_new (pairs);
  DptVerdict verdict;
  guint a = find_node (model, DPT_PANEL_LEFT, "a");
  guint counts[DPT_N_VERDICTS];

  /* Nothing is judged yet but what has no counterpart. */
  g_assert_false (
      dpt_hinge_model_get_worst (model, DPT_PANEL_LEFT, a, &verdict));
  g_assert_true (
      dpt_hinge_model_get_worst (model, DPT_PANEL_LEFT,
                                 find_node (model, DPT_PANEL_LEFT, "d"),
                                 &verdict));
  g_assert_cmpint (verdict, ==, DPT_VERDICT_ONLY_LEFT);

  judge (pairs);
  g_assert_true (
      dpt_hinge_model_get_worst (model, DPT_PANEL_LEFT, a, &verdict));
  g_assert_cmpint (verdict, ==, DPT_VERDICT_DIFFERENT);
  dpt_hinge_model_count (model, DPT_PANEL_RIGHT,
                         find_node (model, DPT_PANEL_RIGHT, "x"), counts);
  g_assert_cmpuint (counts[DPT_VERDICT_IDENTICAL], ==, 2);
  g_assert_cmpuint (counts[DPT_VERDICT_DIFFERENT], ==, 1);
  g_assert_cmpuint (counts[DPT_VERDICT_CLOSE], ==, 0);
}

static void
test_bundles (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptHingeModel) model = dpt_hinge_model_new (pairs);
  DptTreeList *left = dpt_hinge_model_get_list (model, DPT_PANEL_LEFT);
  const DptHingeBundle *bundles;
  guint n;

  judge (pairs);

  /* Rows are a, c, d and x, y, z: a goes to x alone, c to x and to y. */
  bundles = dpt_hinge_model_get_bundles (model, DPT_PANEL_LEFT, 0, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (bundles[0].rows[DPT_PANEL_RIGHT], ==, 0);
  g_assert_cmpuint (bundles[0].n, ==, 2);
  g_assert_cmpuint (bundles[0].counts[DPT_VERDICT_DIFFERENT], ==, 1);
  g_assert_cmpuint (bundles[0].pair, ==, 1);

  bundles = dpt_hinge_model_get_bundles (model, DPT_PANEL_LEFT, 1, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (bundles[0].rows[DPT_PANEL_RIGHT], ==, 0);
  g_assert_cmpuint (bundles[1].rows[DPT_PANEL_RIGHT], ==, 1);

  bundles = dpt_hinge_model_get_bundles (model, DPT_PANEL_LEFT, 2, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (bundles[0].rows[DPT_PANEL_RIGHT], ==, DPT_KEY_TREE_NONE);

  bundles = dpt_hinge_model_get_bundles (model, DPT_PANEL_RIGHT, 0, &n);
  g_assert_cmpuint (n, ==, 2);

  /* Opened, a has no pairs of its own: they are its members'. */
  dpt_tree_list_set_open (left, find_node (model, DPT_PANEL_LEFT, "a"), TRUE);
  dpt_hinge_model_get_bundles (model, DPT_PANEL_LEFT, 0, &n);
  g_assert_cmpuint (n, ==, 0);
  bundles = dpt_hinge_model_get_bundles (model, DPT_PANEL_LEFT, 2, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (bundles[0].pair, ==, 1);
  g_assert_cmpuint (dpt_hinge_model_find_counterpart_row (model, DPT_PANEL_LEFT,
                                                          2),
                    ==, 0);
}

static void
test_steps (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptHingeModel) model = dpt_hinge_model_new (pairs);
  static const guint expected[] = { 1, 3, 4, 5 };
  guint at = DPT_PAIR_MODEL_NO_ROW;

  judge (pairs);
  g_assert_cmpuint (dpt_hinge_model_get_n_differences (model), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      at = dpt_hinge_model_step_difference (model, at, 1);
      g_assert_cmpuint (at, ==, expected[i]);
      g_assert_cmpuint (dpt_hinge_model_get_difference_index (model, at), ==,
                        i);
    }
  g_assert_cmpuint (dpt_hinge_model_step_difference (model, at, 1), ==,
                    DPT_PAIR_MODEL_NO_ROW);
  g_assert_cmpuint (dpt_hinge_model_step_difference (model, at, -1), ==, 4);
  g_assert_cmpuint (dpt_hinge_model_step_difference (model, 1, -1), ==,
                    DPT_PAIR_MODEL_NO_ROW);
  g_assert_cmpuint (dpt_hinge_model_step_difference (model,
                                                     DPT_PAIR_MODEL_NO_ROW, -1),
                    ==, 5);
}

/* What to look at first: different, else close, else what is alone; only of
 * what is shown. */
static void
test_first_difference (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptHingeModel) model = dpt_hinge_model_new (pairs);

  judge (pairs);
  g_assert_cmpuint (dpt_hinge_model_find_first_difference (model), ==, 1);
  dpt_hinge_model_set_hidden (model, 1 << DPT_VERDICT_DIFFERENT);
  g_assert_cmpuint (dpt_hinge_model_find_first_difference (model), ==, 3);
  dpt_hinge_model_set_hidden (model, 1 << DPT_VERDICT_DIFFERENT |
                                         1 << DPT_VERDICT_CLOSE);
  g_assert_cmpuint (dpt_hinge_model_find_first_difference (model), ==, 4);
  g_assert_true (dpt_hinge_model_set_text (model, "a/b", FALSE, NULL));
  g_assert_cmpuint (dpt_hinge_model_find_first_difference (model), ==,
                    DPT_PAIR_MODEL_NO_ROW);
}

static void
test_filter (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptHingeModel) model = dpt_hinge_model_new (pairs);
  DptTreeList *left = dpt_hinge_model_get_list (model, DPT_PANEL_LEFT);
  DptTreeList *right = dpt_hinge_model_get_list (model, DPT_PANEL_RIGHT);
  g_autoptr (GError) error = NULL;

  judge (pairs);

  /* Either name may match: "Y" is in y/w, the counterpart of c/w. */
  g_assert_true (dpt_hinge_model_set_text (model, "Y", FALSE, &error));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 5);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (left), ==, 2);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (right), ==, 2);

  /* Case matters in an expression, and plain text is none. */
  g_assert_true (dpt_hinge_model_set_text (model, "Y", TRUE, &error));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 6);
  g_assert_true (dpt_hinge_model_set_text (model, "^[ac]/w$", TRUE, &error));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 4);
  g_assert_true (dpt_hinge_model_set_text (model, "^a", FALSE, &error));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 6);

  g_assert_false (dpt_hinge_model_set_text (model, "a(", TRUE, &error));
  g_assert_error (error, G_REGEX_ERROR, G_REGEX_ERROR_UNMATCHED_PARENTHESIS);
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 6);

  /* Folds are as they were: all closed. */
  g_assert_true (dpt_hinge_model_set_text (model, "", FALSE, NULL));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 0);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (left), ==, 3);

  dpt_hinge_model_set_hidden (model, 1 << DPT_VERDICT_IDENTICAL |
                                         1 << DPT_VERDICT_ONLY_LEFT);
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 3);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (left), ==, 2);
  g_assert_cmpuint (dpt_hinge_model_get_n_differences (model), ==, 3);
  g_assert_cmpuint (dpt_hinge_model_find_row (model, DPT_PANEL_LEFT, 4), ==,
                    DPT_KEY_TREE_NONE);
}

/* An expression that backtracks without end is an error, not a wait; what was
 * shown stays. */
static void
test_endless_pattern (void)
{
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptHingeModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = g_strnfill (60, 'a');
  DptCheckpointEntry entry = { .key = key,
                               .key_length = 60,
                               .dtype = DPT_DTYPE_FLOAT32 };

  dpt_checkpoint_builder_add (builder, &entry);
  checkpoint = dpt_checkpoint_builder_end (builder);
  model = dpt_hinge_model_new_single (checkpoint, DPT_PANEL_LEFT);

  g_assert_false (
      dpt_hinge_model_set_text (model, "^(a+)+(b|c)$", TRUE, &error));
  g_assert_error (error, G_REGEX_ERROR, G_REGEX_ERROR_MATCH);
  g_assert_nonnull (strstr (error->message, "takes too long"));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 0);
}

static void
test_single (void)
{
  g_autoptr (DptCheckpoint) right = make_checkpoint (FALSE);
  g_autoptr (DptHingeModel) model =
      dpt_hinge_model_new_single (right, DPT_PANEL_RIGHT);
  DptVerdict verdict;
  guint n;

  g_assert_null (dpt_hinge_model_get_pairs (model));
  g_assert_cmpuint (dpt_tree_list_get_n_rows (
                        dpt_hinge_model_get_list (model, DPT_PANEL_RIGHT)),
                    ==, 3);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (
                        dpt_hinge_model_get_list (model, DPT_PANEL_LEFT)),
                    ==, 0);
  g_assert_false (
      dpt_hinge_model_get_worst (model, DPT_PANEL_RIGHT, 1, &verdict));
  dpt_hinge_model_get_bundles (model, DPT_PANEL_RIGHT, 0, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (dpt_hinge_model_set_text (model, "new", FALSE, NULL));
  g_assert_cmpuint (dpt_hinge_model_get_n_hidden (model), ==, 4);
}

static void
test_flat (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptHingeModel) model = dpt_hinge_model_new (pairs);
  const DptHingeBundle *bundles;
  guint n;

  judge (pairs);
  dpt_hinge_model_set_flat (model, TRUE);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (
                        dpt_hinge_model_get_list (model, DPT_PANEL_LEFT)),
                    ==, 5);
  bundles = dpt_hinge_model_get_bundles (model, DPT_PANEL_LEFT, 3, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (bundles[0].pair, ==, 3);
  dpt_hinge_model_set_flat (model, FALSE);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (
                        dpt_hinge_model_get_list (model, DPT_PANEL_LEFT)),
                    ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hinge-model/counts", test_counts);
  g_test_add_func ("/hinge-model/bundles", test_bundles);
  g_test_add_func ("/hinge-model/steps", test_steps);
  g_test_add_func ("/hinge-model/first-difference", test_first_difference);
  g_test_add_func ("/hinge-model/filter", test_filter);
  g_test_add_func ("/hinge-model/endless-pattern", test_endless_pattern);
  g_test_add_func ("/hinge-model/single", test_single);
  g_test_add_func ("/hinge-model/flat", test_flat);

  return g_test_run ();
}
