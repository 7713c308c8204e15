/* test-task.c - threads never drop what belongs to the main thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-task"

#include "dpt-task.h"

#include "dpt-test.h"

/* Often enough that a thread is late at least once. */
#define N_TIMES 2000

static gpointer
square (gpointer data, GCancellable *cancellable, GError **error)
{
  int number = *(int *) data;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (number < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%d is negative", number);
      return NULL;
    }
  return g_strdup_printf ("%d", number * number);
}

typedef struct
{
  char *result;
  GError *error;
  gboolean done;
} Outcome;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->result = g_task_propagate_pointer (G_TASK (result), &outcome->error);
  outcome->done = TRUE;
}

static void
run (int number, GCancellable *cancellable, Outcome *outcome)
{
  GTask *task = g_task_new (NULL, cancellable, done_cb, outcome);

  *outcome = (Outcome){ NULL };
  g_task_set_task_data (task, g_memdup2 (&number, sizeof number), g_free);
  dpt_task_run (task, square, g_free);
  g_object_unref (task);
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_result (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome;

  run (12, NULL, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.result, ==, "144");
  g_free (outcome.result);

  run (-1, NULL, &outcome);
  g_assert_null (outcome.result);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&outcome.error);

  g_cancellable_cancel (cancellable);
  run (12, cancellable, &outcome);
  g_assert_null (outcome.result);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
}

static void
gone_cb (gpointer data, GObject *where_the_object_was)
{
  g_assert_true (g_thread_self () == data);
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_free (g_task_propagate_pointer (G_TASK (result), NULL));
  (*(guint *) user_data)++;
}

/* Only the task holds its source object, so whoever drops the task last
 * finalizes the object. */
static void
test_source (void)
{
  const int number = 3;
  guint n_done = 0;

  for (guint i = 0; i < N_TIMES; i++)
    {
      GObject *source = g_object_new (G_TYPE_OBJECT, NULL);
      GTask *task = g_task_new (source, NULL, count_cb, &n_done);

      g_object_weak_ref (source, gone_cb, g_thread_self ());
      g_object_unref (source);
      g_task_set_task_data (task, g_memdup2 (&number, sizeof number), g_free);
      dpt_task_run (task, square, g_free);
      g_object_unref (task);
      while (n_done <= i)
        g_main_context_iteration (NULL, TRUE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task/result", test_result);
  g_test_add_func ("/task/source", test_source);

  return g_test_run ();
}
