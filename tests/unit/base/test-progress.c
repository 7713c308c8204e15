/* test-progress.c - set from any thread, told once in the right one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-progress"

#include "dpt-progress.h"

#include "dpt-test.h"

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(int *) data)++;
}

static void
run_main_context (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_null (void)
{
  dpt_progress_begin (NULL, "step", 1);
  dpt_progress_advance (NULL, 1);
  dpt_progress_set_detail (NULL, "detail");
  g_assert_cmpfloat (dpt_progress_get_fraction (NULL), ==, 0);
  g_assert_null (dpt_progress_dup_step (NULL));
}

/* Many changes between two turns of the main context are told as one, and a
 * change that leaves a value as it was is not told. */
static void
test_coalesced (void)
{
  g_autoptr (DptProgress) progress = dpt_progress_new ();
  g_autofree char *step = NULL;
  g_autofree char *detail = NULL;
  int fractions = 0;
  int steps = 0;
  int details = 0;

  g_signal_connect (progress, "notify::fraction", G_CALLBACK (count_cb),
                    &fractions);
  g_signal_connect (progress, "notify::step", G_CALLBACK (count_cb), &steps);
  g_signal_connect (progress, "notify::detail", G_CALLBACK (count_cb),
                    &details);

  dpt_progress_begin (progress, "read", 10);
  for (int i = 0; i < 5; i++)
    dpt_progress_advance (progress, 1);
  g_assert_cmpint (fractions + steps + details, ==, 0);
  run_main_context ();
  g_assert_cmpint (fractions, ==, 1);
  g_assert_cmpint (steps, ==, 1);
  g_assert_cmpint (details, ==, 0);
  g_assert_cmpfloat (dpt_progress_get_fraction (progress), ==, 0.5);

  dpt_progress_set_detail (progress, "a/kernel");
  run_main_context ();
  g_assert_cmpint (fractions, ==, 1);
  g_assert_cmpint (details, ==, 1);

  g_object_get (progress, "step", &step, "detail", &detail, NULL);
  g_assert_cmpstr (step, ==, "read");
  g_assert_cmpstr (detail, ==, "a/kernel");

  dpt_progress_begin (progress, "read", 0);
  g_assert_cmpfloat (dpt_progress_get_fraction (progress), ==, 0);
  g_assert_null (dpt_progress_dup_detail (progress));
}

static gpointer
advance_thread (gpointer data)
{
  for (int i = 0; i < 1000; i++)
    dpt_progress_advance (data, 1);
  return NULL;
}

static GThread *told_in;

static void
remember_thread_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  told_in = g_thread_self ();
}

static void
test_threads (void)
{
  g_autoptr (DptProgress) progress = dpt_progress_new ();
  GThread *threads[4];

  g_signal_connect (progress, "notify::fraction",
                    G_CALLBACK (remember_thread_cb), NULL);
  dpt_progress_begin (progress, "work", 4000);
  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("advance", advance_thread, progress);
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  run_main_context ();

  g_assert_cmpuint (dpt_progress_get_done (progress), ==, 4000);
  g_assert_cmpuint (dpt_progress_get_total (progress), ==, 4000);
  g_assert_true (told_in == g_thread_self ());
}

/* A change nobody waited for keeps nothing alive. */
static void
test_finalized (void)
{
  DptProgress *progress = dpt_progress_new ();

  g_object_add_weak_pointer (G_OBJECT (progress), (gpointer *) &progress);
  dpt_progress_begin (progress, "work", 1);
  g_object_unref (progress);
  g_assert_null (progress);
  run_main_context ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/progress/null", test_null);
  g_test_add_func ("/progress/coalesced", test_coalesced);
  g_test_add_func ("/progress/threads", test_threads);
  g_test_add_func ("/progress/finalized", test_finalized);

  return g_test_run ();
}
