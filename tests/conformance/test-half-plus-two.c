/* test-half-plus-two.c - y = 0.5 x + 2, as TensorFlow's own tests export it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Origin: test data of TensorFlow and TensorFlow Serving, TF 0.12 to 2.14;
 * the corpus's manifest gives the formulas.  The values have exact halves, so
 * the results are exact.
 */

#define G_LOG_DOMAIN "test-half-plus-two"

#include "dpt-loader.h"
#include "dpt-run.h"
#include "dpt-test.h"

typedef struct
{
  const char *path;
  const char *signature; /* NULL for the default */
  const char *fetch;     /* NULL for the signature's outputs */
  const char *feed;
  const char *value;
  double expected[3];
  guint n_expected;
} Case;

/* clang-format off */
static const Case cases[] = {
  { "savedmodel/serving_half_plus_two_cpu_tf1", NULL, NULL,
    "x", "1,2,3", { 2.5, 3, 3.5 }, 3 },
  { "savedmodel/serving_half_plus_two_cpu_tf1", "regress_x2_to_y3", NULL,
    "inputs", "1,2,3", { 3.5, 4, 4.5 }, 3 },
  { "savedmodel/serving_half_plus_two_cpu_tf2", NULL, NULL,
    "x", "3", { 3.5 }, 1 },
  { "savedmodel/serving_half_plus_two_cpu_tf2", "regress_x2_to_y3", NULL,
    "inputs", "2", { 4 }, 1 },
  { "savedmodel/serving_half_plus_two_cpu_tf2", "classify_x2_to_y3", NULL,
    "inputs", "1", { 3.5 }, 1 },
  { "savedmodel/serving_half_plus_three", NULL, NULL,
    "x", "1,2,3", { 3.5, 4, 4.5 }, 3 },
  { "savedmodel/serving_matrix_half_plus_two", NULL, NULL,
    "x", "1,2,3,4,5,6,7,8,9", { 2.5, 3, 3.5 }, 9 },
  { "savedmodel/tf_half_plus_two", NULL, NULL,
    "x", "1,2,3", { 2.5, 3, 3.5 }, 3 },
  { "savedmodel/tf_half_plus_two", "regress_x2_to_y3", NULL,
    "inputs", "1,2,3", { 3.5, 4, 4.5 }, 3 },
  { "savedmodel/tf_half_plus_two", "classify_x2_to_y3", NULL,
    "inputs", "1,2,3", { 3.5, 4, 4.5 }, 3 },
  { "savedmodel/tf_half_plus_two_pbtxt", NULL, NULL,
    "x", "1,2,3", { 2.5, 3, 3.5 }, 3 },
  { "savedmodel/tf_half_plus_two_v2", NULL, NULL,
    "x", "1,2,3", { 2.5, 3, 3.5 }, 3 },
  { "savedmodel/tf_half_plus_two_v2", "regress_x2_to_y3", NULL,
    "inputs", "1,2,3", { 3.5, 4, 4.5 }, 3 },
  { "ckpt/tf_half_plus_two_ckpt_v2/export", NULL, "y",
    "x", "1,2,3", { 2.5, 3, 3.5 }, 3 },
};
/* clang-format on */

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

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  g_autofree char *corpus = dpt_test_corpus ("");
  const char *fetches[] = { item->fetch, NULL };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) feeds = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_feed_unref);
  DptRunSpec spec = { .signature = item->signature,
                      .fetches = fetches,
                      .feed_names = names,
                      .feeds = feeds };
  g_autoptr (GError) error = NULL;
  g_autoptr (DptRun) run = NULL;
  g_autoptr (GPtrArray) outputs = NULL;
  DptTensor *y;

  if (corpus == NULL)
    {
      g_test_skip ("there is no corpus: DIPTYCH_CORPUS is not set");
      return;
    }

  run = open_run (item->path);
  g_ptr_array_add (names, (gpointer) item->feed);
  g_ptr_array_add (feeds, dpt_feed_parse (item->value, &error));
  g_assert_no_error (error);
  outputs = dpt_run_execute (run, &spec, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (outputs->len, ==, 1);
  y = ((DptRunOutput *) g_ptr_array_index (outputs, 0))->value;
  g_assert_cmpuint (dpt_tensor_get_count (y), ==, item->n_expected);
  for (guint i = 0; i < MIN (item->n_expected, G_N_ELEMENTS (item->expected));
       i++)
    dpt_assert_close (dpt_tensor_get_double (y, i), item->expected[i], 0, 0);
}

/* This export feeds a PlaceholderWithDefault, whose default is 0. */
static void
test_default_feed (void)
{
  g_autofree char *corpus = dpt_test_corpus ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (DptRun) run = NULL;
  g_autoptr (GPtrArray) outputs = NULL;
  DptRunSpec spec = { 0 };

  if (corpus == NULL)
    {
      g_test_skip ("there is no corpus: DIPTYCH_CORPUS is not set");
      return;
    }

  run = open_run ("savedmodel/serving_half_plus_two_cpu_tf2");
  outputs = dpt_run_execute (run, &spec, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  dpt_assert_close (dpt_tensor_get_double (((DptRunOutput *)
                                                g_ptr_array_index (outputs, 0))
                                               ->value,
                                           0),
                    2, 0, 0);
}

/* An input that is not fed is named with its dtype and shape. */
static void
test_missing_feed (void)
{
  g_autofree char *corpus = dpt_test_corpus ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (DptRun) run = NULL;
  DptRunSpec spec = { 0 };

  if (corpus == NULL)
    {
      g_test_skip ("there is no corpus: DIPTYCH_CORPUS is not set");
      return;
    }

  run = open_run ("savedmodel/serving_matrix_half_plus_two");
  g_assert_null (dpt_run_execute (run, &spec, NULL, NULL, NULL, &error));
  g_assert_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_FEED);
  g_assert_nonnull (g_strstr_len (error->message, -1, "x float32 "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/half-plus-two/%s/%s",
                                               cases[i].path,
                                               cases[i].signature != NULL
                                                   ? cases[i].signature
                                                   : "default");

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/half-plus-two/default-feed", test_default_feed);
  g_test_add_func ("/half-plus-two/missing-feed", test_missing_feed);

  return g_test_run ();
}
