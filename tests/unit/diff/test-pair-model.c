/* test-pair-model.c - rows, counts and signals of the hinge
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-pair-model"

#include "dpt-pair-model.h"

#include "dpt-matcher.h"
#include "dpt-test-model.h"
#include "dpt-test.h"

/* Left a, b, c; right b, c, d: rows are b, c, then a alone, then d alone. */
static DptPairModel *
make_pairs (void)
{
  static const char *const keys[2][3] = { { "a", "b", "c" },
                                          { "b", "c", "d" } };
  DptModel *models[2];
  g_autoptr (DptMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;

  for (guint side = 0; side < 2; side++)
    {
      g_autoptr (DptTestModel) model = dpt_test_model_new ();

      for (guint i = 0; i < 3; i++)
        {
          float value = (float) (side * 3 + i);

          dpt_test_model_add_floats (model, keys[side][i], NULL, 1, &value);
        }
      models[side] = dpt_test_model_end (model);
    }

  mapping = dpt_matcher_match (models[0], models[1], NULL, &error);
  g_assert_no_error (error);
  g_object_unref (models[0]);
  g_object_unref (models[1]);
  return dpt_pair_model_new (mapping);
}

static void
set_verdict (DptPairModel *pairs, guint row, DptVerdict verdict)
{
  DptPairResult result = { .verdict = verdict, .basis = DPT_BASIS_VALUES };

  dpt_pair_model_set_result (pairs, row, &result);
}

static void
test_rows (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  GListModel *list = G_LIST_MODEL (pairs);
  g_autoptr (DptPairRow) first = NULL;
  g_autoptr (DptPairRow) again = NULL;
  g_autoptr (DptPairRow) only_left = NULL;
  g_autoptr (DptPairRow) only_right = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 4);
  g_assert_null (g_list_model_get_item (list, 4));

  first = g_list_model_get_item (list, 0);
  again = g_list_model_get_item (list, 0);
  g_assert_true (first == again);
  g_assert_cmpstr (dpt_pair_row_get_left (first)->key, ==, "b");
  g_assert_cmpstr (dpt_pair_row_get_right (first)->key, ==, "b");
  g_assert_nonnull (dpt_pair_row_get_pair (first));
  g_assert_false (dpt_pair_row_is_judged (first));
  g_assert_null (dpt_pair_row_get_result (first));

  only_left = g_list_model_get_item (list, 2);
  g_assert_cmpstr (dpt_pair_row_get_left (only_left)->key, ==, "a");
  g_assert_null (dpt_pair_row_get_right (only_left));
  g_assert_null (dpt_pair_row_get_pair (only_left));
  g_assert_true (dpt_pair_row_is_judged (only_left));
  g_assert_cmpint (dpt_pair_row_get_verdict (only_left), ==,
                   DPT_VERDICT_ONLY_LEFT);

  only_right = g_list_model_get_item (list, 3);
  g_assert_null (dpt_pair_row_get_left (only_right));
  g_assert_cmpstr (dpt_pair_row_get_right (only_right)->key, ==, "d");

  /* Entries a, b, c of the left are rows 2, 0, 1. */
  g_assert_cmpuint (dpt_pair_model_find_left (pairs, 0), ==, 2);
  g_assert_cmpuint (dpt_pair_model_find_left (pairs, 1), ==, 0);
  g_assert_cmpuint (dpt_pair_model_find_right (pairs, 2), ==, 3);
  g_assert_cmpuint (dpt_pair_model_get_left_entry (pairs, 3), ==,
                    DPT_PAIR_MODEL_NO_ROW);
}

static void
test_counts (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();

  g_assert_cmpuint (dpt_pair_model_get_n_unjudged (pairs), ==, 2);
  g_assert_cmpuint (dpt_pair_model_get_count (pairs, DPT_VERDICT_ONLY_LEFT), ==,
                    1);

  set_verdict (pairs, 0, DPT_VERDICT_CLOSE);
  set_verdict (pairs, 1, DPT_VERDICT_DIFFERENT);
  g_assert_cmpuint (dpt_pair_model_get_n_unjudged (pairs), ==, 0);
  g_assert_cmpuint (dpt_pair_model_get_count (pairs, DPT_VERDICT_CLOSE), ==, 1);

  /* A second verdict replaces the first. */
  set_verdict (pairs, 1, DPT_VERDICT_CLOSE);
  g_assert_cmpuint (dpt_pair_model_get_count (pairs, DPT_VERDICT_CLOSE), ==, 2);
  g_assert_cmpuint (dpt_pair_model_get_count (pairs, DPT_VERDICT_DIFFERENT), ==,
                    0);

  dpt_pair_model_withdraw_all (pairs);
  g_assert_cmpuint (dpt_pair_model_get_n_unjudged (pairs), ==, 2);
  g_assert_cmpuint (dpt_pair_model_get_count (pairs, DPT_VERDICT_CLOSE), ==, 0);
  g_assert_cmpuint (dpt_pair_model_get_count (pairs, DPT_VERDICT_ONLY_RIGHT),
                    ==, 1);
}

static void
count_cb (gpointer instance, gpointer user_data)
{
  (*(guint *) user_data)++;
}

typedef struct
{
  guint n_calls;
  guint first;
  guint n_rows;
} Range;

static void
range_cb (DptPairModel *pairs, guint first, guint n_rows, gpointer user_data)
{
  Range *range = user_data;

  range->n_calls++;
  range->first = first;
  range->n_rows = n_rows;
}

static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* Many results in one pass of the main loop make one signal. */
static void
test_signals (void)
{
  g_autoptr (DptPairModel) pairs = make_pairs ();
  g_autoptr (DptPairRow) row = g_list_model_get_item (G_LIST_MODEL (pairs), 1);
  guint n_counts = 0;
  guint n_notifies = 0;
  Range range = { 0 };

  g_signal_connect (pairs, "counts-changed", G_CALLBACK (count_cb), &n_counts);
  g_signal_connect (pairs, "verdicts-changed", G_CALLBACK (range_cb), &range);
  g_signal_connect (row, "notify::verdict", G_CALLBACK (notify_cb),
                    &n_notifies);

  set_verdict (pairs, 1, DPT_VERDICT_CLOSE);
  set_verdict (pairs, 0, DPT_VERDICT_CLOSE);
  g_assert_cmpuint (n_counts, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_counts, ==, 1);
  g_assert_cmpuint (range.n_calls, ==, 1);
  g_assert_cmpuint (range.first, ==, 0);
  g_assert_cmpuint (range.n_rows, ==, 2);
  g_assert_cmpuint (n_notifies, ==, 1);
}

/* A model that is dropped while a signal is due leaves nothing behind. */
static void
test_finalize (void)
{
  DptPairModel *pairs = make_pairs ();
  DptPairRow *row = g_list_model_get_item (G_LIST_MODEL (pairs), 0);

  set_verdict (pairs, 0, DPT_VERDICT_CLOSE);
  g_object_add_weak_pointer (G_OBJECT (pairs), (gpointer *) &pairs);
  g_object_unref (pairs);
  g_assert_nonnull (pairs);
  g_object_unref (row);
  g_assert_null (pairs);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair-model/rows", test_rows);
  g_test_add_func ("/pair-model/counts", test_counts);
  g_test_add_func ("/pair-model/signals", test_signals);
  g_test_add_func ("/pair-model/finalize", test_finalize);
  return g_test_run ();
}
