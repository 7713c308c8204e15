/* test-odd-tensors.c - what the Tensor page shows of tensors unlike most
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-odd-tensors"

#include <glib/gstdio.h>
#include <math.h>

#include "dpt-bundle-builder.h"
#include "dpt-tensor-page.h"
#include "dpt-tensor-picture.h"
#include "dpt-window-test.h"

static const float floats[32] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                  11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                  22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };

static void
add (DptBundleBuilder *builder, const char *key, DptShape shape)
{
  dpt_bundle_builder_add (builder, key, DPT_DTYPE_FLOAT32, &shape, floats);
}

static DptShape
make_rank_5 (void)
{
  const gint64 dims[] = { 2, 1, 2, 2, 4 };

  return dpt_shape_new (5, dims);
}

static void
write_left (const char *path)
{
  const float odd[] = { 1, NAN, INFINITY, -INFINITY, 5, 6 };
  const float no_numbers[] = { NAN, NAN, NAN };
  const DptString texts[] = { { "adam", 4 }, { "sgd", 3 } };
  const gint8 flags[] = { 1, 0 };
  const float complex_values[] = { 1, 2, 3, 4 };
  DptShape pair = dpt_shape_new_1d (2);
  DptShape triple = dpt_shape_new_1d (3);
  DptShape matrix = dpt_shape_new_2d (2, 3);
  DptShape scalar = DPT_SHAPE_SCALAR;
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();

  dpt_bundle_builder_add (builder, "bool", DPT_DTYPE_BOOL, &pair, flags);
  dpt_bundle_builder_add (builder, "complex", DPT_DTYPE_COMPLEX64, &pair,
                          complex_values);
  add (builder, "dtype", dpt_shape_new_1d (2));
  dpt_bundle_builder_add_strings (builder, "dtype_text", &pair, texts);
  add (builder, "empty", dpt_shape_new_2d (0, 3));
  add (builder, "empty_vector", dpt_shape_new_1d (0));
  add (builder, "missing", dpt_shape_new_1d (2));
  dpt_bundle_builder_add (builder, "nan", DPT_DTYPE_FLOAT32, &triple,
                          no_numbers);
  dpt_bundle_builder_add (builder, "odd", DPT_DTYPE_FLOAT32, &matrix, odd);
  add (builder, "rank_5", make_rank_5 ());
  add (builder, "rank", dpt_shape_new_1d (4));
  add (builder, "scalar", DPT_SHAPE_SCALAR);
  add (builder, "shape", dpt_shape_new_2d (2, 3));
  dpt_bundle_builder_add_strings (builder, "text", &pair, texts);
  dpt_bundle_builder_add_strings (builder, "text_scalar", &scalar, texts);
  dpt_bundle_builder_write (builder, path);
}

/* The last tensor is in a shard of its own, which is then taken away. */
static void
write_right (const char *path)
{
  const float odd[] = { 1, NAN, INFINITY, INFINITY, 5, 6.5f };
  const float no_numbers[] = { NAN, NAN, NAN };
  const double wide[] = { 0, 1 };
  const DptString texts[] = { { "adam", 4 }, { "adamw", 5 } };
  const gint8 flags[] = { 1, 1 };
  const float complex_values[] = { 1, 2, 3, 5 };
  DptShape pair = dpt_shape_new_1d (2);
  DptShape triple = dpt_shape_new_1d (3);
  DptShape matrix = dpt_shape_new_2d (2, 3);
  DptShape rank_5 = make_rank_5 ();
  DptShape scalar = DPT_SHAPE_SCALAR;
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
  g_autofree char *lost = g_strconcat (path, ".data-00001-of-00002", NULL);

  dpt_bundle_builder_set_n_shards (builder, 2);
  dpt_bundle_builder_add (builder, "bool", DPT_DTYPE_BOOL, &pair, flags);
  dpt_bundle_builder_add (builder, "complex", DPT_DTYPE_COMPLEX64, &pair,
                          complex_values);
  dpt_bundle_builder_add (builder, "dtype", DPT_DTYPE_FLOAT64, &pair, wide);
  add (builder, "dtype_text", pair);
  add (builder, "empty", dpt_shape_new_2d (0, 3));
  add (builder, "empty_vector", dpt_shape_new_1d (0));
  dpt_bundle_builder_add (builder, "nan", DPT_DTYPE_FLOAT32, &triple,
                          no_numbers);
  add (builder, "new", dpt_shape_new_2d (2, 2));
  dpt_bundle_builder_add (builder, "odd", DPT_DTYPE_FLOAT32, &matrix, odd);
  dpt_bundle_builder_add (builder, "rank_5", DPT_DTYPE_FLOAT32, &rank_5,
                          floats);
  add (builder, "rank", dpt_shape_new_2d (2, 2));
  dpt_bundle_builder_add (builder, "scalar", DPT_DTYPE_FLOAT32, &scalar,
                          floats + 1);
  add (builder, "shape", dpt_shape_new_2d (3, 2));
  dpt_bundle_builder_add_strings (builder, "text", &pair, texts);
  dpt_bundle_builder_add_strings (builder, "text_scalar", &scalar, texts + 1);
  dpt_bundle_builder_set_shard (builder, 1);
  add (builder, "missing", pair);
  dpt_bundle_builder_write (builder, path);
  g_assert_cmpint (g_unlink (lost), ==, 0);
}

static DptTensorPage *
get_page (DptWindowTest *test)
{
  AdwViewStack *pages = ADW_VIEW_STACK (dpt_window_get_pages (test->window));

  return DPT_TENSOR_PAGE (adw_view_stack_get_child_by_name (pages, "tensor"));
}

static gboolean
is_loaded (DptWindowTest *test)
{
  return !dpt_tensor_page_is_loading (get_page (test));
}

static void
choose (DptWindowTest *test, const char *key)
{
  DptWorkspace *workspace = dpt_window_get_workspace (test->window);
  GListModel *pairs = G_LIST_MODEL (dpt_workspace_get_pairs (workspace));

  for (guint row = 0; row < g_list_model_get_n_items (pairs); row++)
    {
      g_autoptr (DptPairRow) item = g_list_model_get_item (pairs, row);
      const DptCheckpointEntry *entry = dpt_pair_row_get_left (item);

      if (entry == NULL)
        entry = dpt_pair_row_get_right (item);
      if (!g_str_equal (entry->key, key))
        continue;
      dpt_workspace_set_selected (workspace, row);
      dpt_window_test_wait (test, is_loaded);
      dpt_window_test_settle (test);
      return;
    }
  g_error ("no pair is called “%s”", key);
}

static void
open_odd (DptWindowTest *test)
{
  dpt_window_test_init (test);
  write_left (test->left);
  write_right (test->right);
  dpt_window_open (test->window, DPT_PANEL_LEFT, test->left, NULL, NULL);
  dpt_window_open (test->window, DPT_PANEL_RIGHT, test->right, NULL, NULL);
  dpt_window_test_wait (test, dpt_window_test_is_judged);
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (dpt_window_get_pages (
                                             test->window)),
                                         "tensor");
  dpt_window_test_settle (test);
}
/* The chosen pair, and the sentence and the picture that it is to have. */
static const struct
{
  const char *key;
  const char *sentence;
  const char *shown;
} cases[] = {
  /* clang-format off */
  { "bool", "1 of 2 values differs. Largest |l − r| is 1 at [1].", "line" },
  { "complex", "1 of 2 values differs. Largest |l − r| is 1 at [1].", "line" },
  { "dtype", "The dtypes differ: float32 on the left, float64 on the right. "
    "All 2 values are equal, though not byte for byte (the sign of a zero, or "
    "the bits of a NaN).", "line" },
  { "dtype_text", "The dtypes differ: string on the left, float32 on the "
    "right. The values cannot be compared.", "numbers" },
  { "missing", "There are values on the left only.", "line" },
  { "nan", "All 3 values are identical.", "numbers" },
  { "new", "There are values on the right only.", "maps" },
  { "odd", "2 of 6 values differ. Largest |l − r| is inf at [1, 0].", "maps" },
  { "rank", "The shapes differ: 4 on the left, 2×2 on the right, so values are "
    "not compared one by one.", "line" },
  { "rank_5", "All 32 values are identical.", "maps" },
  { "scalar", "The value differs. Largest |l − r| is 1.", "scalar" },
  { "shape", "The shapes differ: 2×3 on the left, 3×2 on the right, so values "
    "are not compared one by one.", "maps" },
  { "text", "1 of 2 values differs.", "numbers" },
  { "text_scalar", "The value differs.", "scalar" },
  /* clang-format on */
};

static DptTensorPicture *
find_picture (GtkWidget *widget)
{
  DptTensorPicture *found = NULL;

  if (DPT_IS_TENSOR_PICTURE (widget))
    return DPT_TENSOR_PICTURE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_picture (child);
  return found;
}

static void
test_sentences (void)
{
  DptWindowTest test;
  DptTensorPicture *picture;

  open_odd (&test);
  picture = find_picture (GTK_WIDGET (get_page (&test)));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      choose (&test, cases[i].key);
      dpt_window_test_assert_shows (&test, cases[i].sentence);
      g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==,
                       cases[i].shown);
    }
  dpt_window_test_release (&test);
}

/* No picture of nothing, and no histogram. */
static void
test_empty (void)
{
  static const char *const keys[] = { "empty", "empty_vector" };
  DptWindowTest test;
  GtkWidget *picture;

  open_odd (&test);
  picture = GTK_WIDGET (find_picture (GTK_WIDGET (get_page (&test))));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      choose (&test, keys[i]);
      dpt_window_test_assert_shows (&test, "Neither side has any values.");
      g_assert_false (gtk_widget_get_mapped (picture));
      g_assert_false (dpt_window_test_shows (&test, "Values of the whole "
                                                    "tensor"));
    }
  choose (&test, "odd");
  g_assert_true (gtk_widget_get_mapped (picture));
  dpt_window_test_release (&test);
}

/* What could not be read says why, on the Tensor page and beside the keys. */
static void
test_missing (void)
{
  DptWindowTest test;
  g_autofree char *reason = NULL;
  g_autofree char *text = NULL;

  open_odd (&test);
  reason = g_strdup_printf ("right: %s.data-00001-of-00002: at least 8 bytes "
                            "were expected, because 'missing' has 8 at offset "
                            "0, found no such file",
                            test.right);
  text = g_strdup (reason);
  text[0] = 'R';
  choose (&test, "missing");
  dpt_window_test_assert_shows (&test, text);
  dpt_window_test_assert_shows (&test, "Not all could be read");
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (dpt_window_get_pages (
                                             test.window)),
                                         "keys");
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, reason);
  dpt_window_test_release (&test);
}

/* A vector's cross-hair says nothing of a matrix on the other side, and texts
 * have no distance. */
static void
test_values (void)
{
  DptWindowTest test;
  DptTensorPicture *picture;

  open_odd (&test);
  picture = find_picture (GTK_WIDGET (get_page (&test)));
  choose (&test, "rank");
  dpt_heatmap_view_set_cursor (dpt_tensor_picture_get_view (picture), 1, 0);
  dpt_window_test_assert_shows (&test, "[1]   left 1   right –   ");
  choose (&test, "text");
  dpt_heatmap_view_set_cursor (dpt_tensor_picture_get_view (picture), 1, 0);
  dpt_window_test_assert_shows (&test,
                                "[1]   left \"sgd\"   right \"adamw\"   ");
  dpt_window_test_release (&test);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/odd-tensors/sentences", test_sentences);
  g_test_add_func ("/odd-tensors/empty", test_empty);
  g_test_add_func ("/odd-tensors/missing", test_missing);
  g_test_add_func ("/odd-tensors/values", test_values);

  return g_test_run ();
}
