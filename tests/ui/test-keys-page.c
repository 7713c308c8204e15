/* test-keys-page.c - what the Keys page shows of a comparison made by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-keys-page"

#include "dpt-window-test.h"

#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-chip.h"
#include "dpt-hinge.h"
#include "dpt-pair-details.h"

static const char left_rows[] = "net 5 3 × conv\n"
                                "conv_1 2\n"
                                "b 3 f32\n"
                                "w 2×3 f32\n"
                                "conv_2 2\n"
                                "b 2 f32\n"
                                "w 2×2 f32\n"
                                "conv_10 1\n"
                                "w scalar f32\n"
                                "old scalar f32\n";

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
assert_rows (DptWindowTest *test, DptPanel panel, const char *expected)
{
  g_autofree char *found = dpt_window_test_get_rows (test, panel);

  g_assert_cmpstr (found, ==, expected);
}

static guint
get_selected (DptWindowTest *test)
{
  return dpt_workspace_get_selected (dpt_window_get_workspace (test->window));
}

static gboolean
is_studied (DptWindowTest *test)
{
  return dpt_pair_details_is_studied (DPT_PAIR_DETAILS (
      find (GTK_WIDGET (test->window), DPT_TYPE_PAIR_DETAILS)));
}

/* The details as text, once the values were read. */
static char *
get_details (DptWindowTest *test)
{
  dpt_window_test_wait (test, is_studied);
  return dpt_pair_details_dup_text (DPT_PAIR_DETAILS (
      find (GTK_WIDGET (test->window), DPT_TYPE_PAIR_DETAILS)));
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("\"%s\" is not in:\n%s", part, text);
}

static GtkWidget *
get_list (DptWindowTest *test, DptPanel panel)
{
  GtkWidget *page = find (GTK_WIDGET (test->window), DPT_TYPE_KEYS_PAGE);

  return GTK_WIDGET (dpt_keys_page_get_list (DPT_KEYS_PAGE (page), panel));
}

static void
test_rows (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);

  assert_rows (&test, DPT_PANEL_LEFT, left_rows);
  assert_rows (&test, DPT_PANEL_RIGHT,
               "net 5 3 × conv\n"
               "conv_1 2\n"
               "b 3 f32\n"
               "w 2×3 f32\n"
               "conv_2 2\n"
               "b 3 f32\n"
               "w 2×2 f32\n"
               "conv_10 1\n"
               "w scalar f64\n"
               "new 6 f32\n");
  dpt_window_test_assert_shows (&test, "Not the same model yet");
  dpt_window_test_assert_shows (&test, "5 pairs");
  dpt_window_test_assert_shows (&test, "0 hidden");
  dpt_window_test_assert_shows (&test, "difference 2 of 6");

  /* A band for each pair, a stub for each key alone. */
  g_assert_cmpuint (dpt_hinge_get_n_bands (DPT_HINGE (
                        find (GTK_WIDGET (test.window), DPT_TYPE_HINGE))),
                    ==, 7);
  dpt_window_test_release (&test);
}

static void
test_folding (void)
{
  DptWindowTest test;
  GtkWidget *page;
  DptTreeList *list;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  page = find (GTK_WIDGET (test.window), DPT_TYPE_KEYS_PAGE);
  list = dpt_hinge_model_get_list (dpt_keys_page_get_model (
                                       DPT_KEYS_PAGE (page)),
                                   DPT_PANEL_LEFT);

  dpt_tree_list_set_open (list, 1, FALSE);
  dpt_window_test_settle (&test);
  assert_rows (&test, DPT_PANEL_LEFT, "net 5 3 × conv\nold scalar f32\n");

  /* All five pairs leave the one row, to five places. */
  g_assert_cmpuint (dpt_hinge_get_n_bands (DPT_HINGE (
                        find (GTK_WIDGET (test.window), DPT_TYPE_HINGE))),
                    ==, 7);

  dpt_tree_list_set_open (list, 1, TRUE);
  dpt_window_test_settle (&test);
  assert_rows (&test, DPT_PANEL_LEFT, left_rows);

  dpt_window_test_set_state (&test, "flat", g_variant_new_boolean (TRUE));
  assert_rows (&test, DPT_PANEL_LEFT,
               "net/conv_1/b 3 f32\n"
               "net/conv_1/w 2×3 f32\n"
               "net/conv_2/b 2 f32\n"
               "net/conv_2/w 2×2 f32\n"
               "net/conv_10/w scalar f32\n"
               "old scalar f32\n");
  dpt_window_test_release (&test);
}

static void
test_filter (void)
{
  DptWindowTest test;
  GtkWidget *entry;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);

  dpt_window_test_set_state (&test, "filter", g_variant_new_string ("/W"));
  assert_rows (&test, DPT_PANEL_LEFT,
               "net 3 3 × conv\n"
               "conv_1 1\n"
               "w 2×3 f32\n"
               "conv_2 1\n"
               "w 2×2 f32\n"
               "conv_10 1\n"
               "w scalar f32\n");
  dpt_window_test_assert_shows (&test, "4 hidden");

  /* A wrong expression says why, and changes nothing. */
  dpt_window_test_set_state (&test, "regex", g_variant_new_boolean (TRUE));
  dpt_window_test_set_state (&test, "filter", g_variant_new_string ("(b"));
  entry = find (GTK_WIDGET (test.window), GTK_TYPE_SEARCH_ENTRY);
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  g_assert_nonnull (gtk_widget_get_tooltip_text (entry));

  /* So does one that backtracks without end. */
  dpt_window_test_set_state (&test, "filter",
                             g_variant_new_string ("^(.+)+(.+)+(.+)+[XY]$"));
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  g_assert_nonnull (
      strstr (gtk_widget_get_tooltip_text (entry), "takes too long"));

  dpt_window_test_set_state (&test, "filter",
                             g_variant_new_string ("(b|old)$"));
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  assert_rows (&test, DPT_PANEL_LEFT,
               "net 2 3 × conv\n"
               "conv_1 1\n"
               "b 3 f32\n"
               "conv_2 1\n"
               "b 2 f32\n"
               "old scalar f32\n");
  dpt_window_test_assert_shows (&test, "4 hidden");

  dpt_window_test_set_state (&test, "filter", g_variant_new_string ("zzz"));
  dpt_window_test_assert_shows (&test, "No key matches");
  dpt_window_test_activate (&test, "show-all", NULL);
  dpt_window_test_assert_shows (&test, "0 hidden");
  assert_rows (&test, DPT_PANEL_LEFT, left_rows);
  dpt_window_test_release (&test);
}

static void
test_chips (void)
{
  static const char *const expected[DPT_N_VERDICTS] = {
    [DPT_VERDICT_IDENTICAL] = "1", [DPT_VERDICT_CLOSE] = "1",
    [DPT_VERDICT_DIFFERENT] = "1", [DPT_VERDICT_SHAPE] = "1",
    [DPT_VERDICT_DTYPE] = "1",     [DPT_VERDICT_UNREAD] = "0",
    [DPT_VERDICT_ONLY_LEFT] = "1", [DPT_VERDICT_ONLY_RIGHT] = "1",
  };
  DptWindowTest test;
  GtkWidget *first;
  g_autoptr (GVariant) state = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  first = find (GTK_WIDGET (test.window), DPT_TYPE_CHIP);
  for (GtkWidget *chip = first; chip != NULL;
       chip = gtk_widget_get_next_sibling (chip))
    g_assert_cmpstr (dpt_chip_get_text (DPT_CHIP (chip)), ==,
                     expected[dpt_chip_get_verdict (DPT_CHIP (chip))]);

  /* The first chip is that of what is identical. */
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (first), FALSE);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "1 hidden");
  state = dpt_window_test_get_state (&test, "hidden");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "identical");

  dpt_window_test_set_state (&test, "hidden",
                             g_variant_new_string (
                                 "identical,close,shape,dtype,only-left"));
  assert_rows (&test, DPT_PANEL_LEFT, "net 1 3 × conv\nconv_2 1\nw 2×2 f32\n");
  assert_rows (&test, DPT_PANEL_RIGHT,
               "net 1 3 × conv\nconv_2 1\nw 2×2 f32\nnew 6 f32\n");
  dpt_window_test_assert_shows (&test, "5 hidden");
  dpt_window_test_assert_shows (&test, "2 differences");
  dpt_window_test_release (&test);
}

static void
test_steps_and_details (void)
{
  DptWindowTest test;
  g_autofree char *close = NULL;
  g_autofree char *shape = NULL;
  g_autofree char *different = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  dpt_window_test_activate (&test, "previous-difference", NULL);
  dpt_window_test_assert_shows (&test, "difference 1 of 6");
  close = get_details (&test);
  assert_has (close, "close\n");
  assert_has (close, "All 3 values are within the tolerance; 1 of them is "
                     "not equal.");

  dpt_window_test_activate (&test, "next-difference", NULL);
  shape = get_details (&test);
  assert_has (shape, "The shapes differ: 2 on the left, 3 on the right, so "
                     "values are not compared one by one.");

  dpt_window_test_activate (&test, "next-difference", NULL);
  different = get_details (&test);
  assert_has (different, "net/conv_2/w\n");
  assert_has (different, "1 of 4 values differs. Largest |l − r| is 0.5 at "
                         "[1, 0].");
  assert_has (different, "shape\t2×2\t2×2");
  /* 1, 2, 3, 4 against 1, 2, 3.5, 4. */
  assert_has (different, "mean\t2.5\t2.625\t0.125");
  assert_has (different, "maximum\t4\t4\t0");

  for (guint i = 0; i < 3; i++)
    dpt_window_test_activate (&test, "next-difference", NULL);
  dpt_window_test_assert_shows (&test, "difference 6 of 6");
  dpt_window_test_assert_shows (&test, "Only on the right: no key of the other "
                                       "side is its counterpart.");

  /* Past the end nothing happens; back there is the one before. */
  dpt_window_test_activate (&test, "next-difference", NULL);
  dpt_window_test_assert_shows (&test, "difference 6 of 6");
  dpt_window_test_activate (&test, "previous-difference", NULL);
  dpt_window_test_assert_shows (&test, "difference 5 of 6");
  dpt_window_test_release (&test);
}

/* The keys of a left and a right side, each with one value. */
typedef struct
{
  const char *key;
  float left;
  float right;
} Value;

static void
open_values (DptWindowTest *test, const Value *values, guint n)
{
  g_autoptr (DptBundleBuilder) left = dpt_bundle_builder_new ();
  g_autoptr (DptBundleBuilder) right = dpt_bundle_builder_new ();
  DptShape scalar = DPT_SHAPE_SCALAR;

  for (guint i = 0; i < n; i++)
    {
      dpt_bundle_builder_add (left, values[i].key, DPT_DTYPE_FLOAT32, &scalar,
                              &values[i].left);
      dpt_bundle_builder_add (right, values[i].key, DPT_DTYPE_FLOAT32, &scalar,
                              &values[i].right);
    }
  dpt_bundle_builder_write (left, test->left);
  dpt_bundle_builder_write (right, test->right);
  dpt_window_open (test->window, DPT_PANEL_LEFT, test->left, NULL, NULL);
  dpt_window_open (test->window, DPT_PANEL_RIGHT, test->right, NULL, NULL);
}

/* The first that is different, or worse, is chosen when all is judged, and
 * has the keyboard; what is chosen later stays chosen. */
static void
test_first_choice (void)
{
  DptWindowTest test;
  GtkWidget *focus;
  GtkWidget *left;
  guint chosen;
  g_autofree char *details = NULL;
  g_autofree char *later = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  left = get_list (&test, DPT_PANEL_LEFT);

  details = get_details (&test);
  assert_has (details, "net/conv_2/b\n");
  dpt_window_test_assert_shows (&test, "difference 2 of 6");
  focus = gtk_window_get_focus (GTK_WINDOW (test.window));
  g_assert_true (gtk_widget_is_ancestor (focus, left));

  /* Judged anew by other rules, nothing else is chosen; the sentence is by
   * these rules, too: 3 against 3.5 is within 0.5 * 3.5. */
  dpt_window_test_activate (&test, "next-difference", NULL);
  focus = gtk_window_get_focus (GTK_WINDOW (test.window));
  g_assert_true (gtk_widget_is_ancestor (focus, left));
  chosen = get_selected (&test);
  g_object_set (dpt_window_get_workspace (test.window), "rtol", 0.5, NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  g_assert_cmpuint (get_selected (&test), ==, chosen);
  later = get_details (&test);
  assert_has (later, "All 4 values are within the tolerance; 1 of them is not "
                     "equal.");
  dpt_window_test_release (&test);
}

static void
test_first_choice_is_close (void)
{
  static const Value values[] = { { "a", 1, 1 }, { "b", 1, 1.0000001f } };
  DptWindowTest test;

  dpt_window_test_init (&test);
  open_values (&test, values, G_N_ELEMENTS (values));
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "difference 1 of 1");
  g_assert_cmpuint (get_selected (&test), ==, 1);
  dpt_window_test_release (&test);
}

/* Nothing differs, so nothing is chosen. */
static void
test_no_first_choice (void)
{
  static const Value values[] = { { "a", 1, 1 }, { "b", 2, 2 } };
  DptWindowTest test;

  dpt_window_test_init (&test);
  open_values (&test, values, G_N_ELEMENTS (values));
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  g_assert_cmpuint (get_selected (&test), ==, DPT_PAIR_MODEL_NO_ROW);
  dpt_window_test_release (&test);
}

static void
choose_first_row_cb (DptWorkspace *workspace)
{
  if (dpt_workspace_get_pairs (workspace) != NULL)
    dpt_workspace_set_selected (workspace, 0);
}

/* What was chosen before the first verdict came is left alone. */
static void
test_early_choice (void)
{
  static const Value values[] = { { "a", 1, 1 }, { "b", 1, 2 } };
  DptWindowTest test;

  dpt_window_test_init (&test);
  g_signal_connect (dpt_window_get_workspace (test.window), "notify::pairs",
                    G_CALLBACK (choose_first_row_cb), NULL);
  open_values (&test, values, G_N_ELEMENTS (values));
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  g_assert_cmpuint (get_selected (&test), ==, 0);
  dpt_window_test_release (&test);
}

/* What is selected elsewhere is selected here, on both sides, unfolded. */
static void
test_selection (void)
{
  DptWindowTest test;
  DptKeysPage *page;
  DptHingeModel *model;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  page = DPT_KEYS_PAGE (find (GTK_WIDGET (test.window), DPT_TYPE_KEYS_PAGE));
  model = dpt_keys_page_get_model (page);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    dpt_tree_list_set_all_open (dpt_hinge_model_get_list (model, p), FALSE);

  dpt_workspace_set_selected (dpt_window_get_workspace (test.window), 1);
  dpt_window_test_settle (&test);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptKeyTree *tree = dpt_tree_list_get_tree (
          dpt_hinge_model_get_list (model, p));
      guint node = dpt_key_list_get_selected (dpt_keys_page_get_list (page, p));

      g_assert_cmpuint (node, !=, DPT_KEY_TREE_NONE);
      g_assert_cmpuint (dpt_hinge_model_find_pair (model, p, node), ==, 1);
      g_assert_cmpstr (dpt_key_tree_get_node (tree, node)->name, ==, "w");
    }
  dpt_window_test_release (&test);
}

/* A scope has no counterpart: nothing is chosen on the other side. */
static void
test_scope (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  g_assert_cmpuint (dpt_key_list_get_selected (
                        DPT_KEY_LIST (get_list (&test, DPT_PANEL_RIGHT))),
                    !=, DPT_KEY_TREE_NONE);

  g_signal_emit_by_name (get_list (&test, DPT_PANEL_LEFT), "selected", 1);
  dpt_window_test_settle (&test);
  g_assert_cmpuint (get_selected (&test), ==, DPT_PAIR_MODEL_NO_ROW);
  g_assert_cmpuint (dpt_key_list_get_selected (
                        DPT_KEY_LIST (get_list (&test, DPT_PANEL_RIGHT))),
                    ==, DPT_KEY_TREE_NONE);
  dpt_window_test_release (&test);
}

/* What is chosen and unfolded stays when both are read again, and when the
 * sides are swapped. */
static void
test_memory (void)
{
  DptWindowTest test;
  DptKeysPage *page;
  g_autofree char *before = NULL;
  g_autofree char *details = NULL;
  g_autofree char *swapped = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  page = DPT_KEYS_PAGE (find (GTK_WIDGET (test.window), DPT_TYPE_KEYS_PAGE));
  dpt_tree_list_set_all_open (
      dpt_hinge_model_get_list (dpt_keys_page_get_model (page), DPT_PANEL_LEFT),
      FALSE);
  dpt_window_test_activate (&test, "next-difference", NULL);
  before = dpt_window_test_get_rows (&test, DPT_PANEL_LEFT);
  g_assert_cmpstr (before, ==,
                   "net 5 3 × conv\nconv_1 2\nconv_2 2\nb 2 f32\nw 2×2 f32\n"
                   "conv_10 1\nold scalar f32\n");

  dpt_window_test_activate (&test, "reload", NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  assert_rows (&test, DPT_PANEL_LEFT, before);
  details = get_details (&test);
  assert_has (details, "net/conv_2/w\n");

  dpt_window_test_activate (&test, "swap", NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  assert_rows (&test, DPT_PANEL_RIGHT, before);
  swapped = get_details (&test);
  assert_has (swapped, "net/conv_2/w\n");
  dpt_window_test_release (&test);
}

static void
write_large (const char *prefix, const char *scope)
{
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
  DptShape scalar = DPT_SHAPE_SCALAR;

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s/block_%05u/layer_%02u/%s",
                                              scope, i / 50, i % 50 / 2,
                                              i % 2 ? "kernel" : "bias");
      float value = (float) i;

      dpt_bundle_builder_add (builder, key, DPT_DTYPE_FLOAT32, &scalar, &value);
    }
  dpt_bundle_builder_write (builder, prefix);
}

/* Both trees are the same: with "follow" on, both show the same rows. */
static void
test_follow (DptWindowTest *test, DptKeysPage *page)
{
  guint first[DPT_N_PANELS];
  guint end[DPT_N_PANELS];

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    dpt_tree_list_set_all_open (
        dpt_hinge_model_get_list (dpt_keys_page_get_model (page), p), TRUE);
  dpt_window_test_set_state (test, "follow", g_variant_new_boolean (TRUE));
  gtk_adjustment_set_value (dpt_key_list_get_adjustment (
                                dpt_keys_page_get_list (page, DPT_PANEL_LEFT)),
                            100000);
  dpt_window_test_settle (test);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    g_assert_true (dpt_key_list_get_visible (dpt_keys_page_get_list (page, p),
                                             &first[p], &end[p]));
  g_assert_cmpuint (first[DPT_PANEL_LEFT], >, 1000);

  /* A scope at the top leads to its first key, at most two rows further. */
  g_assert_cmpuint (first[DPT_PANEL_RIGHT] - first[DPT_PANEL_LEFT], <=, 2);
}

/* Only what is in sight exists, whatever the number of keys. */
static void
test_large (void)
{
  DptWindowTest test;
  DptKeysPage *page;
  DptTreeList *list;
  g_autofree char *rows = NULL;
  g_auto (GStrv) lines = NULL;
  double opened, unfolded, filtered, stepped;

  dpt_window_test_init (&test);
  write_large (test.left, "encoder");
  write_large (test.right, "encoder");
  g_test_timer_start ();
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_open (test.window, DPT_PANEL_RIGHT, test.right, NULL, NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  opened = g_test_timer_elapsed ();
  dpt_window_test_settle (&test);

  page = DPT_KEYS_PAGE (find (GTK_WIDGET (test.window), DPT_TYPE_KEYS_PAGE));
  list = dpt_hinge_model_get_list (dpt_keys_page_get_model (page),
                                   DPT_PANEL_LEFT);
  g_test_timer_start ();
  dpt_tree_list_set_all_open (list, TRUE);
  unfolded = g_test_timer_elapsed ();
  dpt_window_test_settle (&test);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (list), ==, 152001);
  rows = dpt_window_test_get_rows (&test, DPT_PANEL_LEFT);
  lines = g_strsplit (rows, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), <, 1000);

  g_test_timer_start ();
  g_action_group_change_action_state (G_ACTION_GROUP (test.window), "filter",
                                      g_variant_new_string ("_00777/"));
  filtered = g_test_timer_elapsed ();
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "99,950 hidden");
  dpt_window_test_activate (&test, "show-all", NULL);

  g_test_timer_start ();
  dpt_workspace_set_selected (dpt_window_get_workspace (test.window), 99999);
  stepped = g_test_timer_elapsed ();
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "row 100,000 of 100,000");

  test_follow (&test, page);
  g_test_message ("100,000 keys a side: opened and judged in %.0f ms, all "
                  "unfolded in %.1f ms, filtered in %.1f ms, last chosen in "
                  "%.1f ms",
                  opened * 1e3, unfolded * 1e3, filtered * 1e3, stepped * 1e3);
  dpt_window_test_release (&test);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keys-page/rows", test_rows);
  g_test_add_func ("/keys-page/folding", test_folding);
  g_test_add_func ("/keys-page/filter", test_filter);
  g_test_add_func ("/keys-page/chips", test_chips);
  g_test_add_func ("/keys-page/steps-and-details", test_steps_and_details);
  g_test_add_func ("/keys-page/first-choice", test_first_choice);
  g_test_add_func ("/keys-page/first-choice-is-close",
                   test_first_choice_is_close);
  g_test_add_func ("/keys-page/no-first-choice", test_no_first_choice);
  g_test_add_func ("/keys-page/early-choice", test_early_choice);
  g_test_add_func ("/keys-page/selection", test_selection);
  g_test_add_func ("/keys-page/scope", test_scope);
  g_test_add_func ("/keys-page/memory", test_memory);
  g_test_add_func ("/keys-page/large", test_large);

  return g_test_run ();
}
