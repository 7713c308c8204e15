/* dpt-task.h - work in a thread for an object of the main thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Works in a thread on @data, the data of the task; returns NULL with @error
 * set when it failed. */
typedef gpointer (*DptTaskFunc) (gpointer data,
                                 GCancellable *cancellable,
                                 GError **error);

void dpt_task_run (GTask *task, DptTaskFunc func, GDestroyNotify free_result);

G_END_DECLS
