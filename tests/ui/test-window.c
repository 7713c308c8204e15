/* test-window.c - the states of the window, and what its actions do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-window"

#include "dpt-window-test.h"

#include <string.h>
#include <unistd.h>

#include "dpt-loading.h"
#include "dpt-pictures.h"

static gboolean
has_failed (DptWindowTest *test)
{
  return g_str_equal (dpt_window_get_state_name (test->window), "error");
}

static gboolean
left_is_ready (DptWindowTest *test)
{
  return dpt_side_get_state (dpt_workspace_get_left (
             dpt_window_get_workspace (test->window))) == DPT_SIDE_READY;
}

static gboolean
is_stale (DptWindowTest *test)
{
  return dpt_side_is_stale (
      dpt_workspace_get_left (dpt_window_get_workspace (test->window)));
}

static void
test_welcome (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  dpt_window_test_settle (&test);
  g_assert_cmpstr (dpt_window_get_state_name (test.window), ==, "welcome");
  dpt_window_test_assert_shows (&test, "Is it still the same model?");
  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (test.window),
                                         "next-difference"));
  dpt_window_test_release (&test);
}

static void
test_one_side (void)
{
  DptWindowTest test;
  g_autofree char *rows = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_write_pair (&test);
  dpt_window_test_activate (&test, "open-path",
                            g_variant_new ("(ss)", "left", test.left));
  dpt_window_test_wait (&test, left_is_ready);
  dpt_window_test_settle (&test);

  g_assert_cmpstr (dpt_window_get_state_name (test.window), ==, "pages");
  dpt_window_test_assert_shows (&test, "Only one side is open");
  dpt_window_test_assert_shows (&test, "Choose the right side");
  dpt_window_test_assert_shows (&test, "tf1-checkpoint · 6 keys");
  rows = dpt_window_test_get_rows (&test, DPT_PANEL_LEFT);
  g_assert_true (
      g_str_has_prefix (rows, "net 5 3 × conv\nconv_1 2\nb 3 f32\n"));
  dpt_window_test_release (&test);
}

/* A folder of two checkpoints offers both, and opens the one that is chosen. */
static void
test_prefixes (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  dpt_window_test_write_pair (&test);
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.folder, NULL, NULL);
  dpt_window_test_wait (&test, has_failed);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "Open left.ckpt");
  dpt_window_test_assert_shows (&test, "Open right.ckpt");
  dpt_window_test_release (&test);
}

static void
test_error (void)
{
  DptWindowTest test;
  g_autofree char *index = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_write_pair (&test);
  index = g_strconcat (test.right, ".index", NULL);
  dpt_test_write (index, "this is no table", 16);

  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_open (test.window, DPT_PANEL_RIGHT, test.right, NULL, NULL);
  dpt_window_test_wait (&test, has_failed);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "The right side cannot be opened");
  dpt_window_test_assert_shows (&test, index);
  dpt_window_test_assert_shows (&test, "cannot be read");

  /* Mended and read again, it is compared. */
  dpt_window_test_write_pair (&test);
  dpt_window_test_activate (&test, "reload-side",
                            g_variant_new_string ("right"));
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "Not the same model yet");
  dpt_window_test_release (&test);
}

static void
test_missing (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_test_wait (&test, has_failed);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "The left side cannot be opened");
  dpt_window_test_activate (&test, "close-side", g_variant_new_string ("left"));
  g_assert_cmpstr (dpt_window_get_state_name (test.window), ==, "welcome");
  dpt_window_test_release (&test);
}

static void
test_swap (void)
{
  DptWindowTest test;
  g_autofree char *rows = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  dpt_window_test_activate (&test, "swap", NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);

  rows = dpt_window_test_get_rows (&test, DPT_PANEL_LEFT);
  g_assert_true (g_str_has_suffix (rows, "w scalar f64\nnew 6 f32\n"));
  g_assert_cmpstr (dpt_side_get_path (dpt_workspace_get_left (
                       dpt_window_get_workspace (test.window))),
                   ==, test.right);
  dpt_window_test_release (&test);
}

static gboolean
is_loading (DptWindowTest *test)
{
  return g_str_equal (dpt_window_get_state_name (test->window), "loading");
}

/* Runs while the hinge is told of its pairs: until this returns no verdict
 * comes, so the comparison is as slow as one could wish. */
static void
look_at_loading_cb (DptWorkspace *workspace,
                    GParamSpec *pspec,
                    DptWindowTest *test)
{
  g_autofree char *progress = NULL;

  if (dpt_workspace_get_pairs (workspace) == NULL)
    return;
  g_signal_handlers_disconnect_by_data (workspace, test);
  g_assert_false (is_loading (test));
  dpt_window_test_wait (test, is_loading);
  dpt_window_test_settle (test);
  dpt_window_test_assert_shows (test, "Comparing values");
  dpt_window_test_assert_shows (test, "Read both indexes");
  dpt_window_test_assert_shows (test, "Pair the keys");
  progress = dpt_loading_describe_comparing (workspace);
  g_assert_true (g_str_has_suffix (progress, " bytes, 0 of 5 pairs"));
  dpt_window_test_assert_shows (test, progress);

  dpt_window_test_activate (test, "show-keys", NULL);
  g_assert_cmpstr (dpt_window_get_state_name (test->window), ==, "pages");
  dpt_window_test_assert_shows (test, "Comparing…");
}

/* A load that takes its time is shown in steps, and the keys can be looked at
 * before the values are compared. */
static void
test_loading (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  g_signal_connect (dpt_window_get_workspace (test.window), "notify::pairs",
                    G_CALLBACK (look_at_loading_cb), &test);
  dpt_window_test_open_pair (&test);
  g_assert_cmpstr (dpt_window_get_state_name (test.window), ==, "pages");
  dpt_window_test_assert_shows (&test, "Not the same model yet");
  dpt_window_test_release (&test);
}

static void
cancel_cb (DptWorkspace *workspace, GParamSpec *pspec, DptWindowTest *test)
{
  if (dpt_workspace_get_pairs (workspace) == NULL)
    return;
  g_signal_handlers_disconnect_by_data (workspace, test);
  dpt_window_test_wait (test, is_loading);
  dpt_window_test_activate (test, "cancel", NULL);
}

static gboolean
shows_pages (DptWindowTest *test)
{
  return g_str_equal (dpt_window_get_state_name (test->window), "pages");
}

/* What is cancelled shows its keys, without verdicts. */
static void
test_cancel_loading (void)
{
  DptWindowTest test;
  DptWorkspace *workspace;

  dpt_window_test_init (&test);
  workspace = dpt_window_get_workspace (test.window);
  g_signal_connect (workspace, "notify::pairs", G_CALLBACK (cancel_cb), &test);
  dpt_window_test_write_pair (&test);
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_open (test.window, DPT_PANEL_RIGHT, test.right, NULL, NULL);
  dpt_window_test_wait (&test, shows_pages);
  dpt_window_test_settle (&test);
  g_assert_false (dpt_workspace_is_comparing (workspace));
  g_assert_cmpuint (dpt_pair_model_get_n_unjudged (
                        dpt_workspace_get_pairs (workspace)),
                    ==, 5);
  dpt_window_test_release (&test);
}

/* All places in the window that take a file, those on the screen. */
static void
find_drop_targets (GtkWidget *widget, GPtrArray *targets)
{
  g_autoptr (GListModel) controllers = NULL;

  if (!gtk_widget_get_mapped (widget))
    return;
  controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller =
          g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller) &&
          gdk_content_formats_contain_gtype (gtk_drop_target_get_formats (
                                                 GTK_DROP_TARGET (controller)),
                                             GDK_TYPE_FILE_LIST))
        g_ptr_array_add (targets, controller);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_drop_targets (child, targets);
}

/* Drops one or two paths on the place with that number. */
static void
drop (DptWindowTest *test,
      guint n_places,
      guint place,
      const char *first,
      const char *second)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();
  GFile *files[] = { g_file_new_for_path (first),
                     second != NULL ? g_file_new_for_path (second) : NULL };
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  find_drop_targets (GTK_WIDGET (test->window), targets);
  g_assert_cmpuint (targets->len, ==, n_places);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value,
                      gdk_file_list_new_from_array (files,
                                                    second != NULL ? 2 : 1));
  g_signal_emit_by_name (targets->pdata[place], "drop", &value, 1.0, 1.0,
                         &taken);
  g_assert_true (taken);
  g_clear_object (&files[0]);
  g_clear_object (&files[1]);
}

/* On the welcome, on the empty side's place, and on a side's name. */
static void
test_drops (void)
{
  DptWindowTest test;
  DptWorkspace *workspace;
  g_autofree char *index = NULL;

  dpt_window_test_init (&test);
  workspace = dpt_window_get_workspace (test.window);
  dpt_window_test_write_pair (&test);
  index = g_strconcat (test.left, ".index", NULL);
  dpt_window_test_settle (&test);
  drop (&test, 2, 0, index, NULL);
  dpt_window_test_wait (&test, left_is_ready);
  dpt_window_test_settle (&test);

  /* The names of both sides, and the place in the page. */
  drop (&test, 3, 2, test.right, NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  g_assert_cmpstr (dpt_side_get_path (dpt_workspace_get_right (workspace)), ==,
                   test.right);

  /* Two at once are both sides, from the one they are dropped on. */
  drop (&test, 2, 0, test.right, test.left);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  g_assert_cmpstr (dpt_side_get_path (dpt_workspace_get_left (workspace)), ==,
                   test.right);
  g_assert_cmpstr (dpt_side_get_path (dpt_workspace_get_right (workspace)), ==,
                   test.left);
  dpt_window_test_release (&test);
}

static gboolean
is_mapped (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 1;
}

/* The window of all keys opens, and GTK has nothing to complain of. */
static void
test_shortcuts (void)
{
  DptWindowTest test;
  GtkWidget *shortcuts;

  dpt_window_test_init (&test);
  shortcuts = GTK_WIDGET (gtk_application_window_get_help_overlay (
      GTK_APPLICATION_WINDOW (test.window)));
  g_assert_nonnull (shortcuts);
  dpt_window_test_activate (&test, "show-help-overlay", NULL);
  while (!is_mapped (shortcuts))
    g_main_context_iteration (NULL, TRUE);
  dpt_window_test_settle (&test);
  gtk_window_close (GTK_WINDOW (shortcuts));
  dpt_window_test_settle (&test);
  dpt_window_test_release (&test);
}

static GtkWidget *
find_text (GtkWidget *widget)
{
  if (GTK_IS_TEXT (widget) && gtk_widget_get_mapped (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_text (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
read_text_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data =
      gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

/* Ctrl+C is an accelerator of the window, yet text that is selected in an
 * entry is what is copied while the entry has the focus. */
static void
test_copy_in_entry (void)
{
  DptWindowTest test;
  GtkWidget *text;
  g_autofree char *copied = NULL;

  dpt_window_test_init (&test);
  dpt_window_test_write_pair (&test);
  dpt_window_test_open_pair (&test);
  text = find_text (GTK_WIDGET (test.window));
  g_assert_nonnull (text);
  gtk_editable_set_text (GTK_EDITABLE (text), "conv");
  gtk_widget_grab_focus (text);
  gtk_editable_select_region (GTK_EDITABLE (text), 0, -1);
  dpt_window_test_activate (&test, "copy-key", NULL);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (text), NULL,
                                 read_text_cb, &copied);
  while (copied == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (copied, ==, "conv");
  dpt_window_test_release (&test);
}

static void
test_same (void)
{
  DptWindowTest test;

  dpt_window_test_init (&test);
  dpt_window_test_write_pair (&test);
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_open (test.window, DPT_PANEL_RIGHT, test.left, NULL, NULL);
  dpt_window_test_wait (&test, dpt_window_test_is_judged);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "The same model");
  dpt_window_test_assert_shows (&test, "0 differences");
  dpt_window_test_release (&test);
}

static void
test_changed_on_disk (void)
{
  DptWindowTest test;
  g_autofree char *index = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  index = g_strconcat (test.left, ".index", NULL);
  g_assert_true (g_file_get_contents (index, &bytes, &length, NULL));
  dpt_test_write (index, bytes, length - 1);

  dpt_window_test_wait (&test, is_stale);
  dpt_window_test_settle (&test);
  g_assert_true (dpt_side_is_stale (
      dpt_workspace_get_left (dpt_window_get_workspace (test.window))));
  dpt_window_test_release (&test);
}

/* What was compared stands in the welcome of the next window. */
static void
test_recent (void)
{
  DptWindowTest test;
  DptState *state;
  g_autoptr (GPtrArray) recent = NULL;
  const DptRecent *last;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  state = dpt_application_get_state (test.application);
  recent = dpt_state_list_recent (state);
  g_assert_cmpuint (recent->len, >=, 1);
  last = g_ptr_array_index (recent, 0);
  g_assert_cmpstr (last->left, ==, test.left);
  g_assert_cmpstr (last->right, ==, test.right);
  g_assert_cmpstr (last->verdict, ==, "shape");
  g_assert_cmpuint (last->n_verdict, ==, 1);
  dpt_window_test_release (&test);
}

typedef struct
{
  gboolean done;
  GError *error;
} Written;

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Written *written = user_data;

  dpt_pictures_write_finish (DPT_WINDOW (source), result, &written->error);
  written->done = TRUE;
}

static void
write_pictures (DptWindowTest *test, Written *written)
{
  g_autofree char *folder = g_build_filename (test->folder, "pictures", NULL);

  *written = (Written){ FALSE };
  dpt_pictures_write_async (test->window, folder, written_cb, written);
  while (!written->done)
    g_main_context_iteration (NULL, TRUE);
}

/* Each page is a picture that is as large as it shall be, and not one colour.
 */
static void
test_pictures (void)
{
  static const char *const names[] = { "keys.png", "tensor.png" };
  DptWindowTest test;
  Written written;

  dpt_window_test_init (&test);
  dpt_window_test_write_pair (&test);
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_open (test.window, DPT_PANEL_RIGHT, test.right, NULL, NULL);
  write_pictures (&test, &written);
  g_assert_no_error (written.error);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (test.folder, "pictures",
                                                names[i], NULL);
      g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new_from_file (path, NULL);
      const guint8 *pixels;
      gsize length;
      gboolean varies = FALSE;

      g_assert_nonnull (picture);
      g_assert_cmpint (gdk_pixbuf_get_width (picture), >=, 1300);
      pixels = gdk_pixbuf_read_pixels (picture);
      length = gdk_pixbuf_get_byte_length (picture);
      for (gsize at = length / 4; at < length && !varies; at++)
        varies = pixels[at] != pixels[at % 4];
      g_assert_true (varies);
    }
  dpt_window_test_release (&test);
}

/* What cannot be opened is no picture but the reason. */
static void
test_no_pictures (void)
{
  DptWindowTest test;
  Written written;

  dpt_window_test_init (&test);
  dpt_window_open (test.window, DPT_PANEL_LEFT, test.left, NULL, NULL);
  dpt_window_open (test.window, DPT_PANEL_RIGHT, test.right, NULL, NULL);
  write_pictures (&test, &written);
  g_assert_nonnull (written.error);
  g_assert_nonnull (strstr (written.error->message, test.left));
  g_error_free (written.error);
  dpt_window_test_release (&test);
}

static gboolean
has_pairs (DptWindowTest *test)
{
  return dpt_workspace_get_pairs (dpt_window_get_workspace (test->window)) !=
         NULL;
}

static gboolean
is_judged_anew (DptWindowTest *test)
{
  return left_is_ready (test) && !is_stale (test) &&
         dpt_window_test_is_judged (test);
}

/* A shard that loses its second half while it is open: the bar offers to
 * reload, and then what is beyond its end is unread, and says so. */
static void
test_shrunk_shard (void)
{
  DptWindowTest test;
  g_autofree char *shard = NULL;
  g_autofree char *bar = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  dpt_window_test_init (&test);
  dpt_window_test_open_pair (&test);
  shard = g_strconcat (test.left, ".data-00000-of-00001", NULL);
  g_assert_true (g_file_get_contents (shard, &bytes, &length, NULL));
  g_assert_cmpint (truncate (shard, (off_t) (length / 2)), ==, 0);

  dpt_window_test_wait (&test, is_stale);
  dpt_window_test_settle (&test);
  bar = g_strdup_printf ("%s changed on disk",
                         dpt_side_get_title (dpt_workspace_get_left (
                             dpt_window_get_workspace (test.window))));
  dpt_window_test_assert_shows (&test, bar);
  dpt_window_test_activate (&test, "reload", NULL);
  dpt_window_test_wait (&test, is_judged_anew);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "Not all could be read");

  /* Whole again, it is what it was. */
  dpt_test_write (shard, bytes, length);
  dpt_window_test_wait (&test, is_stale);
  dpt_window_test_activate (&test, "reload", NULL);
  dpt_window_test_wait (&test, is_judged_anew);
  dpt_window_test_settle (&test);
  dpt_window_test_assert_shows (&test, "Not the same model yet");
  dpt_window_test_release (&test);
}

static void
run_for (gint64 microseconds)
{
  gint64 end = g_get_monotonic_time () + microseconds;

  do
    g_main_context_iteration (NULL, FALSE);
  while (g_get_monotonic_time () < end);
}

/* The window is closed while it loads, compares, and reads the tensors of the
 * chosen pair; dpt_window_test_release() fails if anything keeps it alive. */
static void
test_closed_while_busy (void)
{
  g_autofree char *left = dpt_test_sample ("digits-tf1/model.ckpt-1200");
  g_autofree char *right = dpt_test_sample ("digits-tf2");

  for (gint64 moment = 0; moment < 16; moment++)
    {
      DptWindowTest test;

      dpt_window_test_init (&test);
      dpt_window_open (test.window, DPT_PANEL_LEFT, left, NULL, NULL);
      dpt_window_open (test.window, DPT_PANEL_RIGHT, right, NULL, NULL);
      if (moment % 2 == 1)
        {
          dpt_window_test_wait (&test, has_pairs);
          adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (
                                                     dpt_window_get_pages (
                                                         test.window)),
                                                 "tensor");
          dpt_workspace_set_selected (dpt_window_get_workspace (test.window),
                                      (guint) moment);
        }
      run_for (moment * moment * G_USEC_PER_SEC / 2000);
      dpt_window_test_release (&test);
    }
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/welcome", test_welcome);
  g_test_add_func ("/window/one-side", test_one_side);
  g_test_add_func ("/window/error", test_error);
  g_test_add_func ("/window/prefixes", test_prefixes);
  g_test_add_func ("/window/missing", test_missing);
  g_test_add_func ("/window/swap", test_swap);
  g_test_add_func ("/window/loading", test_loading);
  g_test_add_func ("/window/cancel-loading", test_cancel_loading);
  g_test_add_func ("/window/drops", test_drops);
  g_test_add_func ("/window/shortcuts", test_shortcuts);
  g_test_add_func ("/window/copy-in-entry", test_copy_in_entry);
  g_test_add_func ("/window/same", test_same);
  g_test_add_func ("/window/changed-on-disk", test_changed_on_disk);
  g_test_add_func ("/window/shrunk-shard", test_shrunk_shard);
  g_test_add_func ("/window/recent", test_recent);
  g_test_add_func ("/window/pictures", test_pictures);
  g_test_add_func ("/window/no-pictures", test_no_pictures);
  g_test_add_func ("/window/closed-while-busy", test_closed_while_busy);

  return g_test_run ();
}
