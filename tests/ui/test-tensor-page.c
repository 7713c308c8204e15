/* test-tensor-page.c - what the Tensor page shows of real files
 *
 * The files are those of data/samples: DigitNet twice, where in the second one
 * filters 5, 17 and 29 of blocks/1/conv_a/kernel (3 x 3 x 32 x 32) were
 * multiplied by 1.25 and every third value of a moving variance is one unit in
 * the last place off.  Three filters of 3 x 3 x 32 values are 864 values.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor-page"

#include <string.h>

#include "dpt-chip.h"
#include "dpt-dimension-bar.h"
#include "dpt-resources.h"
#include "dpt-stats-table.h"
#include "dpt-tensor-page.h"
#include "dpt-tensor-picture.h"
#include "dpt-test.h"
#include "dpt-verdict-icon.h"

typedef struct
{
  DptWorkspace *workspace;
  GtkWidget *window;
  DptTensorPage *page;
} Fixture;

static gpointer
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Whether a label in sight has exactly this text. */
static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) &&
      g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;
  return FALSE;
}

static void
assert_shows (Fixture *fixture, const char *text)
{
  if (!shows (GTK_WIDGET (fixture->page), text))
    g_error ("nothing in sight says “%s”", text);
}

static void
wait_for_pairs (Fixture *fixture)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (dpt_workspace_get_pairs (fixture->workspace) == NULL ||
         dpt_workspace_is_comparing (fixture->workspace))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
wait_for_page (Fixture *fixture)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (dpt_tensor_page_is_loading (fixture->page))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  gtk_test_widget_wait_for_draw (fixture->window);
}

static gboolean
go_on_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* The count of differences follows the verdicts a tenth of a second later. */
static void
wait_for_position (void)
{
  gint64 end = g_get_monotonic_time () + 300 * G_TIME_SPAN_MILLISECOND;
  guint source = g_timeout_add (50, go_on_cb, NULL);

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

static void
choose (Fixture *fixture, const char *key)
{
  DptPairModel *pairs = dpt_workspace_get_pairs (fixture->workspace);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (pairs));

  for (guint row = 0; row < n; row++)
    {
      g_autoptr (DptPairRow) item = g_list_model_get_item (G_LIST_MODEL (pairs),
                                                           row);
      const DptCheckpointEntry *left = dpt_pair_row_get_left (item);
      const DptCheckpointEntry *right = dpt_pair_row_get_right (item);

      if ((left != NULL && strstr (left->key, key) != NULL) ||
          (right != NULL && strstr (right->key, key) != NULL))
        {
          dpt_workspace_set_selected (fixture->workspace, row);
          wait_for_page (fixture);
          return;
        }
    }
  g_error ("no pair has “%s” in its name", key);
}

static void
open_files (Fixture *fixture, const char *left, const char *right)
{
  fixture->workspace = dpt_workspace_new ();
  fixture->page = DPT_TENSOR_PAGE (dpt_tensor_page_new (fixture->workspace));
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1400, 860);
  gtk_window_set_child (GTK_WINDOW (fixture->window),
                        GTK_WIDGET (fixture->page));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
  assert_shows (fixture, "Nothing to Compare Yet");
  dpt_side_open_async (dpt_workspace_get_left (fixture->workspace), left, NULL,
                       NULL, NULL, NULL);
  dpt_side_open_async (dpt_workspace_get_right (fixture->workspace), right,
                       NULL, NULL, NULL, NULL);
  wait_for_pairs (fixture);
}

static void
open_samples (Fixture *fixture)
{
  g_autofree char *left = dpt_test_sample ("digits-tf1/model.ckpt-1200");
  g_autofree char *right = dpt_test_sample ("digits-tf2");

  open_files (fixture, left, right);
}

static void
close_files (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->workspace);
}

static void
test_kernel (void)
{
  Fixture fixture;
  DptTensorPicture *picture;
  DptDimensionBar *bar;
  DptStatsTable *stats;
  gsize row;
  gsize column;

  open_samples (&fixture);
  choose (&fixture, "block_2/Conv2d_a_3x3/weights");
  picture = find (GTK_WIDGET (fixture.page), DPT_TYPE_TENSOR_PICTURE);
  bar = find (GTK_WIDGET (fixture.page), DPT_TYPE_DIMENSION_BAR);
  stats = find (GTK_WIDGET (fixture.page), DPT_TYPE_STATS_TABLE);

  g_assert_cmpint (dpt_chip_get_verdict (
                       find (GTK_WIDGET (fixture.page), DPT_TYPE_CHIP)),
                   ==, DPT_VERDICT_DIFFERENT);
  assert_shows (&fixture, "blocks/1/conv_a/kernel");
  assert_shows (&fixture, "float32 3×3×32×32");
  assert_shows (&fixture, "difference 2 of 2");
  assert_shows (&fixture, "9,216 values");
  g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==, "maps");
  /* 864 of 9,216 is 9.375 %. */
  g_assert_cmpstr (dpt_stats_table_get_beyond (stats), ==, "864  9.375 %");
  g_assert_cmpstr (dpt_stats_table_get_text (stats, DPT_STATS_ROW_NAN,
                                             DPT_STATS_COLUMN_LEFT),
                   ==, "0");
  g_assert_cmpint (dpt_stats_table_get_verdict (stats, DPT_STATS_ROW_NORM), ==,
                   DPT_VERDICT_DIFFERENT);
  g_assert_cmpint (dpt_stats_table_get_verdict (stats, DPT_STATS_ROW_ZEROS), ==,
                   DPT_VERDICT_IDENTICAL);

  /* The page begins at the largest difference, which is in such a filter. */
  g_assert_true (
      dpt_heatmap_view_get_cursor (dpt_tensor_picture_get_view (picture), &row,
                                   &column));
  g_assert_true (column == 5 || column == 17 || column == 29);

  gtk_widget_activate_action (GTK_WIDGET (fixture.page), "tensor.slice", "s",
                              "[2, :, 4, :]");
  g_assert_cmpstr (dpt_dimension_bar_get_text (bar), ==, "[2, :, 4, :]");
  dpt_heatmap_view_set_cursor (dpt_tensor_picture_get_view (picture), 1, 6);
  g_assert_true (
      g_str_has_prefix (dpt_tensor_picture_get_value_text (picture,
                                                           DPT_PICTURE_LEFT),
                        "[2, 1, 4, 6] = "));
  /* Filter 6 was left alone, filter 17 was not. */
  g_assert_cmpstr (dpt_tensor_picture_get_value_text (picture,
                                                      DPT_PICTURE_DIFFERENCE),
                   ==, "|l − r| = 0");
  dpt_heatmap_view_set_cursor (dpt_tensor_picture_get_view (picture), 1, 17);
  g_assert_cmpstr (dpt_tensor_picture_get_value_text (picture,
                                                      DPT_PICTURE_DIFFERENCE),
                   !=, "|l − r| = 0");
  close_files (&fixture);
}

static void
test_sentence (void)
{
  Fixture fixture;
  g_autofree char *right = NULL;
  g_autofree char *left = NULL;
  DptTensorPicture *picture;
  double ratio;

  open_samples (&fixture);
  choose (&fixture, "block_2/Conv2d_a_3x3/weights");
  picture = find (GTK_WIDGET (fixture.page), DPT_TYPE_TENSOR_PICTURE);
  left = dpt_tensor_picture_dup_cell (picture, DPT_PICTURE_LEFT);
  right = dpt_tensor_picture_dup_cell (picture, DPT_PICTURE_RIGHT);
  ratio = g_ascii_strtod (right, NULL) / g_ascii_strtod (left, NULL);
  dpt_assert_close (ratio, 1.25, 1e-6, 0.0);
  choose (&fixture, "Logits/biases");
  assert_shows (&fixture, "All 10 values are identical.");
  g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==, "line");
  close_files (&fixture);
}

/* Numbers replace the picture, and the count of the sentence stays. */
static void
test_numbers (void)
{
  Fixture fixture;
  DptTensorPicture *picture;
  g_autofree char *slice = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) cells = NULL;

  open_samples (&fixture);
  choose (&fixture, "Conv2d_3a_1x1/BatchNorm/moving_variance");
  picture = find (GTK_WIDGET (fixture.page), DPT_TYPE_TENSOR_PICTURE);
  gtk_widget_activate_action (GTK_WIDGET (fixture.page), "tensor.mode", "s",
                              "numbers");
  g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==, "numbers");
  slice = dpt_tensor_picture_dup_slice (picture, DPT_PICTURE_DIFFERENCE, NULL);
  lines = g_strsplit (slice, "\n", -1);
  /* 64 values, one a line; every third differs, the first among them. */
  g_assert_cmpuint (g_strv_length (lines), ==, 65);
  for (guint i = 0; i < 64; i++)
    g_assert_cmpint (g_str_equal (lines[i], "0"), ==, i % 3 != 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture.page), "tensor.mode", "s",
                              "picture");
  g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==, "line");
  close_files (&fixture);
}

static void
test_differences (void)
{
  Fixture fixture;

  open_samples (&fixture);
  wait_for_position ();
  gtk_widget_activate_action (GTK_WIDGET (fixture.page),
                              "tensor.next-difference", NULL);
  wait_for_page (&fixture);
  assert_shows (&fixture, "difference 1 of 2");
  gtk_widget_activate_action (GTK_WIDGET (fixture.page),
                              "tensor.next-difference", NULL);
  wait_for_page (&fixture);
  assert_shows (&fixture, "difference 2 of 2");
  /* There is no third: the choice stays. */
  gtk_widget_activate_action (GTK_WIDGET (fixture.page),
                              "tensor.next-difference", NULL);
  wait_for_page (&fixture);
  assert_shows (&fixture, "difference 2 of 2");
  gtk_widget_activate_action (GTK_WIDGET (fixture.page),
                              "tensor.previous-difference", NULL);
  wait_for_page (&fixture);
  assert_shows (&fixture, "difference 1 of 2");
  close_files (&fixture);
}

/* A wrong slice changes nothing and is marked. */
static void
test_wrong_slice (void)
{
  Fixture fixture;
  DptDimensionBar *bar;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  open_samples (&fixture);
  choose (&fixture, "block_2/Conv2d_a_3x3/weights");
  bar = find (GTK_WIDGET (fixture.page), DPT_TYPE_DIMENSION_BAR);
  before = dpt_slice_choice_to_string (dpt_dimension_bar_get_choice (bar));
  gtk_widget_activate_action (GTK_WIDGET (fixture.page), "tensor.slice", "s",
                              "[3, 0, :, :]");
  after = dpt_slice_choice_to_string (dpt_dimension_bar_get_choice (bar));
  g_assert_cmpstr (before, ==, after);
  g_assert_true (
      gtk_widget_has_css_class (find (GTK_WIDGET (bar), GTK_TYPE_ENTRY),
                                "error"));
  close_files (&fixture);
}

/* A picture alone in a window, showing these two. */
static DptTensorPicture *
show_picture (GtkWidget **window, DptTensor *left, DptTensor *right)
{
  const DptTolerance tolerance = DPT_TOLERANCE_DEFAULT;
  DptTensorPicture *picture = g_object_new (DPT_TYPE_TENSOR_PICTURE, NULL);
  g_autoptr (DptTensorAnalysis) analysis = dpt_tensor_analysis_new (left, right,
                                                                    &tolerance,
                                                                    NULL, NULL);

  for (guint i = 0; i < DPT_N_PICTURES; i++)
    dpt_tensor_picture_set_words (picture, (DptPictureKind) i, "nothing here");
  dpt_tensor_picture_set_tensors (picture, left, right, analysis);
  *window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (*window), 1000, 500);
  gtk_window_set_child (GTK_WINDOW (*window), GTK_WIDGET (picture));
  gtk_window_present (GTK_WINDOW (*window));
  gtk_test_widget_wait_for_draw (*window);
  return picture;
}

static DptTensor *
make_floats (int rank, gint64 rows, gint64 columns)
{
  const gint64 dims[] = { rows, columns };
  const DptShape shape = dpt_shape_new (rank, dims);
  const float zeros[12] = { 0.0f };

  return dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape, zeros);
}

/* One side alone, and two shapes: words stand in the empty places. */
static void
test_words (void)
{
  g_autoptr (DptTensor) wide = make_floats (2, 2, 6);
  g_autoptr (DptTensor) high = make_floats (2, 6, 2);
  GtkWidget *window;
  DptTensorPicture *picture = show_picture (&window, NULL, wide);
  g_autoptr (GError) error = NULL;

  g_assert_true (shows (GTK_WIDGET (picture), "nothing here"));
  g_assert_null (
      dpt_tensor_picture_dup_slice (picture, DPT_PICTURE_LEFT, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  gtk_window_destroy (GTK_WINDOW (window));

  picture = show_picture (&window, wide, high);
  g_assert_true (shows (GTK_WIDGET (picture), "nothing here"));
  /* The cross-hair may stand where only one side has a cell. */
  dpt_heatmap_view_set_cursor (dpt_tensor_picture_get_view (picture), 1, 5);
  g_assert_cmpstr (dpt_tensor_picture_get_value_text (picture,
                                                      DPT_PICTURE_LEFT),
                   ==, "[1, 5] = 0");
  g_assert_cmpstr (dpt_tensor_picture_get_value_text (picture,
                                                      DPT_PICTURE_RIGHT),
                   ==, "");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_strings_and_scalars (void)
{
  const DptShape shape = dpt_shape_new_1d (2);
  const DptString texts[] = { { "adam", 4 }, { "sgd", 3 } };
  g_autoptr (DptTensor) strings = dpt_tensor_new_strings (&shape, texts, NULL);
  g_autoptr (DptTensor) step = dpt_tensor_new_int64 (1200);
  g_autofree char *slice = NULL;
  g_autofree char *value = NULL;
  GtkWidget *window;
  DptTensorPicture *picture = show_picture (&window, strings, strings);

  g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==, "numbers");
  g_assert_false (dpt_tensor_picture_has_picture (picture));
  slice = dpt_tensor_picture_dup_slice (picture, DPT_PICTURE_LEFT, NULL);
  g_assert_nonnull (strstr (slice, "adam"));
  gtk_window_destroy (GTK_WINDOW (window));

  picture = show_picture (&window, step, step);
  g_assert_cmpstr (dpt_tensor_picture_get_shown (picture), ==, "scalar");
  g_assert_true (shows (GTK_WIDGET (picture), "1200"));
  value = dpt_tensor_picture_dup_cell (picture, DPT_PICTURE_RIGHT);
  g_assert_cmpstr (value, ==, "1200");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_resources_register (dpt_get_resource ());
  g_test_add_func ("/app/tensor-page/kernel", test_kernel);
  g_test_add_func ("/app/tensor-page/sentence", test_sentence);
  g_test_add_func ("/app/tensor-page/numbers", test_numbers);
  g_test_add_func ("/app/tensor-page/differences", test_differences);
  g_test_add_func ("/app/tensor-page/wrong-slice", test_wrong_slice);
  g_test_add_func ("/widgets/tensor-picture/words", test_words);
  g_test_add_func ("/widgets/tensor-picture/strings-and-scalars",
                   test_strings_and_scalars);
  return g_test_run ();
}
