/* dpt-task.c - work in a thread for an object of the main thread
 *
 * g_task_run_in_thread() gives the thread a reference to the task, and with it
 * to the source object.  The thread may drop that reference after the callback
 * has run; if it is the last one, a widget or a workspace is finalized in the
 * thread, where it must not be.  Here the thread only has a task of its own
 * without a source object, and all that belongs to the main thread stays
 * there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-task"

#include "dpt-task.h"

/* The data of the thread's task.  @data belongs to the caller's task, which
 * lives until the thread has returned. */
typedef struct
{
  DptTaskFunc func;
  gpointer data;
  GDestroyNotify free_result;
} Work;

static void
work_thread (GTask *inner,
             gpointer source,
             gpointer task_data,
             GCancellable *cancellable)
{
  const Work *work = task_data;
  GError *error = NULL;
  gpointer result = work->func (work->data, cancellable, &error);

  if (error != NULL)
    g_task_return_error (inner, error);
  else
    g_task_return_pointer (inner, result, work->free_result);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Work *work = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  gpointer pointer = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pointer, work->free_result);
}

/**
 * dpt_task_run:
 * @task: a task of the caller's main context; its data is given to @func
 * @func: (scope async): what to do in a thread; it never sees the source object
 * @free_result: (nullable): frees what @func returns when nobody takes it
 *
 * Runs @func in a thread of the task pool and returns its result, a pointer,
 * or its error from @task.  The source object, the data and the user data of
 * @task are only ever released by the caller's main context.
 */
void
dpt_task_run (GTask *task, DptTaskFunc func, GDestroyNotify free_result)
{
  g_autoptr (GTask) inner = NULL;
  Work *work;

  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  work = g_new (Work, 1);
  *work = (Work){ func, g_task_get_task_data (task), free_result };
  inner = g_task_new (NULL, g_task_get_cancellable (task), done_cb,
                      g_object_ref (task));
  g_task_set_source_tag (inner, dpt_task_run);
  g_task_set_task_data (inner, work, g_free);
  g_task_run_in_thread (inner, work_thread);
}
