/* test-state.c - what is remembered, and how little a broken file matters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-state"

#include "dpt-state.h"

#include <string.h>

#include "dpt-test.h"

static void
add (DptState *state, const char *left, const char *right, gint64 time)
{
  DptRecent recent = { .left = (char *) left,
                       .right = (char *) right,
                       .verdict = (char *) "close",
                       .n_verdict = 3,
                       .time = time };

  dpt_state_add_recent (state, &recent);
}

static void
test_recent (void)
{
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "deep", "state", NULL);
  g_autoptr (DptState) state = dpt_state_new (path);
  g_autoptr (DptState) again = NULL;
  g_autoptr (GPtrArray) list = NULL;
  const DptRecent *first;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *left = g_strdup_printf ("/left=%u # [x]", i);

      add (state, left, "/right", i);
    }
  /* The same paths again: newer, not twice. */
  add (state, "/left=18 # [x]", "/right", 99);

  again = dpt_state_new (path);
  list = dpt_state_list_recent (again);
  g_assert_cmpuint (list->len, ==, 8);
  first = g_ptr_array_index (list, 0);
  g_assert_cmpstr (first->left, ==, "/left=18 # [x]");
  g_assert_cmpstr (first->verdict, ==, "close");
  g_assert_cmpuint (first->n_verdict, ==, 3);
  g_assert_cmpint (first->time, ==, 99);
  g_assert_null (first->left_weights);
  first = g_ptr_array_index (list, 1);
  g_assert_cmpstr (first->left, ==, "/left=19 # [x]");
  dpt_test_remove_tree (folder);
}

static void
test_window (void)
{
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "state", NULL);
  g_autoptr (DptState) state = dpt_state_new (path);
  g_autofree char *before = dpt_state_dup_style (state);
  g_autofree char *after = NULL;
  int width, height;

  g_assert_false (dpt_state_get_window_size (state, &width, &height));
  g_assert_cmpstr (before, ==, "system");
  dpt_state_set_window_size (state, 800, 600);
  dpt_state_set_style (state, "dark");
  after = dpt_state_dup_style (state);
  g_assert_true (dpt_state_get_window_size (state, &width, &height));
  g_assert_cmpint (width, ==, 800);
  g_assert_cmpint (height, ==, 600);
  g_assert_cmpstr (after, ==, "dark");
  dpt_test_remove_tree (folder);
}

static void
test_broken (void)
{
  static const char *const texts[] = { "", "no group = here\n",
                                       "[window]\nwidth=many\nstyle=pink\n",
                                       "[recent-1]\nleft=/only\n",
                                       "\x01\xff[[[" };
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "state", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (DptState) state = NULL;
      g_autoptr (GPtrArray) list = NULL;
      g_autofree char *style = NULL;
      int width, height;

      dpt_test_write (path, texts[i], strlen (texts[i]));
      state = dpt_state_new (path);
      list = dpt_state_list_recent (state);
      style = dpt_state_dup_style (state);
      g_assert_cmpuint (list->len, ==, 0);
      g_assert_cmpstr (style, ==, "system");
      g_assert_false (dpt_state_get_window_size (state, &width, &height));
    }
  dpt_test_remove_tree (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/state/recent", test_recent);
  g_test_add_func ("/state/window", test_window);
  g_test_add_func ("/state/broken", test_broken);

  return g_test_run ();
}
