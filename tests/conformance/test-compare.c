/* test-compare.c - real models held against each other, node by node
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Origin: exports of y = 0.5 x + 2 and y = 0.5 x + 3 by TensorFlow 1.0 to
 * 1.12, whose formulas the corpus's manifest gives.
 */

#define G_LOG_DOMAIN "test-compare"

#include "dpt-loader.h"
#include "dpt-run-compare.h"
#include "dpt-test.h"

static DptRun *
open_run (const char *relative)
{
  g_autofree char *path = dpt_test_corpus (relative);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptModel) model = dpt_loader_load (path, NULL, NULL, NULL, &error);
  DptRun *run;

  g_assert_no_error (error);
  run = dpt_run_new (model, NULL, NULL, &error);
  g_assert_no_error (error);
  return run;
}

static DptRunDiff *
compare (const char *left_path, const char *right_path, const char *value)
{
  g_autoptr (DptRun) left = open_run (left_path);
  g_autoptr (DptRun) right = open_run (right_path);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) feeds = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_feed_unref);
  DptRunSpec spec = { .feed_names = names, .feeds = feeds };
  DptRunDiffOptions options = { .tolerance = DPT_TOLERANCE_DEFAULT };
  g_autoptr (GError) error = NULL;
  DptRunDiff *diff;

  g_ptr_array_add (names, (gpointer) "x");
  g_ptr_array_add (feeds, dpt_feed_parse (value, &error));
  g_assert_no_error (error);
  diff = dpt_run_compare (left, &spec, right, &spec, &options, NULL, NULL, NULL,
                          NULL, &error);
  g_assert_no_error (error);
  return diff;
}

static const DptRunDiffRow *
get_row (DptRunDiff *diff, guint index)
{
  return &g_array_index (diff->rows, DptRunDiffRow, index);
}

/* References on the left, resource variables on the right: no difference. */
static void
test_same (void)
{
  g_autofree char *corpus = dpt_test_corpus ("");
  g_autoptr (DptRunDiff) diff = NULL;

  if (corpus == NULL)
    {
      g_test_skip ("there is no corpus: DIPTYCH_CORPUS is not set");
      return;
    }

  diff = compare ("savedmodel/tf_half_plus_two",
                  "savedmodel/tf_half_plus_two_v2", "1,2,3");
  g_assert_cmpuint (diff->rows->len, ==, 2);
  g_assert_cmpstr (get_row (diff, 0)->left, ==, "Mul");
  g_assert_cmpstr (get_row (diff, 1)->left, ==, "y");
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (get_row (diff, i)->diff.verdict, ==,
                     DPT_VERDICT_IDENTICAL);
  g_assert_cmpint (diff->first_divergence, ==, -1);
}

/* The product agrees, the sum is 1 apart. */
static void
test_different (void)
{
  g_autofree char *corpus = dpt_test_corpus ("");
  g_autoptr (DptRunDiff) diff = NULL;

  if (corpus == NULL)
    {
      g_test_skip ("there is no corpus: DIPTYCH_CORPUS is not set");
      return;
    }

  diff = compare ("savedmodel/tf_half_plus_two",
                  "savedmodel/serving_half_plus_three", "1,2,3@[3,1]");
  g_assert_cmpuint (diff->rows->len, ==, 2);
  g_assert_cmpint (get_row (diff, 0)->diff.verdict, ==, DPT_VERDICT_IDENTICAL);
  g_assert_cmpint (get_row (diff, 1)->diff.verdict, ==, DPT_VERDICT_DIFFERENT);
  dpt_assert_close (get_row (diff, 1)->diff.max_abs, 1, 0, 0);
  g_assert_cmpint (diff->first_divergence, ==, 1);
  g_assert_cmpuint (diff->outputs->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/compare/same", test_same);
  g_test_add_func ("/compare/different", test_different);

  return g_test_run ();
}
