/* dpt-file-watch.h - notices that a file changed after it was read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Main thread only. */
typedef struct _DptFileWatch DptFileWatch;

/* Called once for a watch, when the first file is found changed. */
typedef void (*DptFileWatchFunc) (gpointer user_data);

DptFileWatch *dpt_file_watch_new (GPtrArray *paths,
                                  DptFileWatchFunc func,
                                  gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void dpt_file_watch_free (DptFileWatch *self);
void dpt_file_watch_check (DptFileWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptFileWatch, dpt_file_watch_free)

G_END_DECLS
