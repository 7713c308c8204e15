/* dpt-window-test.c - a real window on a comparison made by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-window-test"

#include "dpt-window-test.h"

#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-key-row.h"

/* In seconds; a machine under load is slow, a hang is for ever. */
#define PATIENCE 60

/* Frames after which layout, scrolling and small pictures are done. */
#define SETTLE_FRAMES 15

/* A process has one application, which is never given up: the session bus
 * holds its name. */
static DptApplication *
get_application (void)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (GError) error = NULL;

  if (application != NULL)
    return DPT_APPLICATION (application);

  application = G_APPLICATION (dpt_application_new ());
  g_application_set_flags (application, G_APPLICATION_NON_UNIQUE);
  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
  return DPT_APPLICATION (application);
}

void
dpt_window_test_init (DptWindowTest *test)
{
  *test = (DptWindowTest){ NULL };
  test->folder = dpt_test_scratch ();
  test->left = g_build_filename (test->folder, "left.ckpt", NULL);
  test->right = g_build_filename (test->folder, "right.ckpt", NULL);
  test->application = get_application ();
  test->window = dpt_window_new (test->application);
  gtk_window_set_default_size (GTK_WINDOW (test->window), 1300, 800);
  gtk_window_present (GTK_WINDOW (test->window));
}

void
dpt_window_test_release (DptWindowTest *test)
{
  g_object_add_weak_pointer (G_OBJECT (test->window),
                             (gpointer *) &test->window);
  gtk_window_destroy (GTK_WINDOW (test->window));
  for (guint i = 0; i < 2000 && test->window != NULL; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  /* Nothing holds on to a window that is closed. */
  g_assert_null (test->window);
  dpt_test_remove_tree (test->folder);
  g_free (test->folder);
  g_free (test->left);
  g_free (test->right);
}

static void
add (DptBundleBuilder *builder,
     const char *key,
     DptShape shape,
     const float *values)
{
  dpt_bundle_builder_add (builder, key, DPT_DTYPE_FLOAT32, &shape, values);
}

void
dpt_window_test_write_pair (DptWindowTest *test)
{
  static const float values[] = { 1, 2, 3, 4, 5, 6 };
  static const float nearly[] = { 1, 2, 3.0000002f };
  static const float changed[] = { 1, 2, 3.5f, 4 };
  static const double precise = 1;
  g_autoptr (DptBundleBuilder) left = dpt_bundle_builder_new ();
  g_autoptr (DptBundleBuilder) right = dpt_bundle_builder_new ();
  DptShape scalar = DPT_SHAPE_SCALAR;

  add (left, "net/conv_1/b", dpt_shape_new_1d (3), values);
  add (left, "net/conv_1/w", dpt_shape_new_2d (2, 3), values);
  add (left, "net/conv_10/w", scalar, values);
  add (left, "net/conv_2/b", dpt_shape_new_1d (2), values);
  add (left, "net/conv_2/w", dpt_shape_new_2d (2, 2), values);
  add (left, "old", scalar, values);
  dpt_bundle_builder_write (left, test->left);

  add (right, "net/conv_1/b", dpt_shape_new_1d (3), nearly);
  add (right, "net/conv_1/w", dpt_shape_new_2d (2, 3), values);
  dpt_bundle_builder_add (right, "net/conv_10/w", DPT_DTYPE_FLOAT64, &scalar,
                          &precise);
  add (right, "net/conv_2/b", dpt_shape_new_1d (3), values);
  add (right, "net/conv_2/w", dpt_shape_new_2d (2, 2), changed);
  add (right, "new", dpt_shape_new_1d (6), values);
  dpt_bundle_builder_write (right, test->right);
}

void
dpt_window_test_open_pair (DptWindowTest *test)
{
  dpt_window_test_write_pair (test);
  dpt_window_open (test->window, DPT_PANEL_LEFT, test->left, NULL, NULL);
  dpt_window_open (test->window, DPT_PANEL_RIGHT, test->right, NULL, NULL);
  dpt_window_test_wait (test, dpt_window_test_is_judged);
  dpt_window_test_settle (test);
}

void
dpt_window_test_wait (DptWindowTest *test, DptWindowTestCondition condition)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;

  while (!condition (test))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

static gboolean
count_frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  guint *n = user_data;

  return --*n > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Until some frames are drawn and nothing more is to be done. */
void
dpt_window_test_settle (DptWindowTest *test)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint n = SETTLE_FRAMES;

  gtk_widget_add_tick_callback (GTK_WIDGET (test->window), count_frame_cb, &n,
                                NULL);
  while (n > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

gboolean
dpt_window_test_is_judged (DptWindowTest *test)
{
  DptWorkspace *workspace = dpt_window_get_workspace (test->window);
  DptPairModel *pairs = dpt_workspace_get_pairs (workspace);

  return pairs != NULL && !dpt_workspace_is_comparing (workspace) &&
         dpt_pair_model_get_n_unjudged (pairs) == 0;
}

void
dpt_window_test_activate (DptWindowTest *test,
                          const char *action,
                          GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (test->window), action,
                                  parameter);
  dpt_window_test_settle (test);
}

void
dpt_window_test_set_state (DptWindowTest *test,
                           const char *action,
                           GVariant *state)
{
  g_action_group_change_action_state (G_ACTION_GROUP (test->window), action,
                                      state);
  dpt_window_test_settle (test);
}

GVariant *
dpt_window_test_get_state (DptWindowTest *test, const char *action)
{
  return g_action_group_get_action_state (G_ACTION_GROUP (test->window),
                                          action);
}

static void
collect_rows (GtkWidget *widget, GPtrArray *rows)
{
  if (DPT_IS_KEY_ROW (widget) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (rows, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_rows (child, rows);
}

static int
compare_place (gconstpointer a, gconstpointer b)
{
  GtkWidget *x = *(GtkWidget *const *) a;
  GtkWidget *y = *(GtkWidget *const *) b;
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (x));
  double left, top_x, top_y;

  gtk_widget_translate_coordinates (x, root, 0, 0, &left, &top_x);
  gtk_widget_translate_coordinates (y, root, 0, 0, &left, &top_y);
  return (top_x > top_y) - (top_x < top_y);
}

/* One line a row, from top to bottom: the labels as they are on it. */
char *
dpt_window_test_get_rows (DptWindowTest *test, DptPanel panel)
{
  GtkWidget *page = adw_view_stack_get_child_by_name (ADW_VIEW_STACK (
                                                          dpt_window_get_pages (
                                                              test->window)),
                                                      "keys");
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  GString *text = g_string_new (NULL);

  collect_rows (GTK_WIDGET (
                    dpt_keys_page_get_list (DPT_KEYS_PAGE (page), panel)),
                rows);
  g_ptr_array_sort (rows, compare_place);
  for (guint i = 0; i < rows->len; i++)
    {
      gboolean any = FALSE;

      for (GtkWidget *child = gtk_widget_get_first_child (rows->pdata[i]);
           child != NULL; child = gtk_widget_get_next_sibling (child))
        {
          const char *label = GTK_IS_LABEL (child)
                                  ? gtk_label_get_text (GTK_LABEL (child))
                                  : "";

          if (*label == '\0')
            continue;
          g_string_append_printf (text, "%s%s", any ? " " : "", label);
          any = TRUE;
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) &&
      strcmp (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;
  return FALSE;
}

/* Whether a label on the screen says just this. */
gboolean
dpt_window_test_shows (DptWindowTest *test, const char *text)
{
  return shows (GTK_WIDGET (test->window), text);
}
