/* dpt-file-watch.c - notices that a file changed after it was read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The file system's own notification says when to look; what counts is the
 * file's identity, size and time of change, so a touch by a reader, or a
 * notification that comes late, is no change.  Where a file system gives no
 * notification, dpt_file_watch_check() looks when it is asked.
 */

#define G_LOG_DOMAIN "dpt-file-watch"

#include "dpt-file-watch.h"

#include <glib/gstdio.h>

/* A model of more shards than this is watched by its first files alone. */
#define MAX_MONITORS 64

typedef struct
{
  char *path;
  gboolean exists;
  guint64 inode;
  gint64 size;
  gint64 seconds;
  gint64 nanoseconds;
} Snapshot;

struct _DptFileWatch
{
  GArray *snapshots; /* (element-type Snapshot) */
  GPtrArray *monitors;
  DptFileWatchFunc func;
  gpointer user_data;
  gboolean has_told;
};

static void
snapshot_clear (gpointer data)
{
  Snapshot *self = data;

  g_free (self->path);
}

static Snapshot
take_snapshot (const char *path)
{
  Snapshot self = { .path = g_strdup (path) };
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return self;

  self.exists = TRUE;
  self.inode = info.st_ino;
  self.size = info.st_size;
  self.seconds = info.st_mtim.tv_sec;
  self.nanoseconds = info.st_mtim.tv_nsec;
  return self;
}

static gboolean
is_changed (const Snapshot *before)
{
  Snapshot now = take_snapshot (before->path);

  g_free (now.path);
  return now.exists != before->exists || now.inode != before->inode ||
         now.size != before->size || now.seconds != before->seconds ||
         now.nanoseconds != before->nanoseconds;
}

static void
monitor_changed_cb (GFileMonitor *monitor,
                    GFile *file,
                    GFile *other,
                    GFileMonitorEvent event,
                    gpointer user_data)
{
  dpt_file_watch_check (user_data);
}

/**
 * dpt_file_watch_new:
 * @paths: (element-type filename): files that were just read
 * @func: told when one of them is no longer what it was
 * @user_data: for @func
 *
 * Returns: (transfer full): a watch, to be freed on the main thread.
 */
DptFileWatch *
dpt_file_watch_new (GPtrArray *paths, DptFileWatchFunc func, gpointer user_data)
{
  DptFileWatch *self = g_new0 (DptFileWatch, 1);

  self->func = func;
  self->user_data = user_data;
  self->snapshots = g_array_new (FALSE, FALSE, sizeof (Snapshot));
  g_array_set_clear_func (self->snapshots, snapshot_clear);
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < paths->len; i++)
    {
      Snapshot snapshot = take_snapshot (paths->pdata[i]);
      g_autoptr (GFile) file = g_file_new_for_path (paths->pdata[i]);
      GFileMonitor *monitor = NULL;

      g_array_append_val (self->snapshots, snapshot);
      if (i < MAX_MONITORS)
        monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
      if (monitor == NULL)
        continue;

      g_signal_connect (monitor, "changed", G_CALLBACK (monitor_changed_cb),
                        self);
      g_ptr_array_add (self->monitors, monitor);
    }

  return self;
}

/**
 * dpt_file_watch_free:
 * @self: (transfer full): a watch
 */
void
dpt_file_watch_free (DptFileWatch *self)
{
  for (guint i = 0; i < self->monitors->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->monitors->pdata[i], self);
      g_file_monitor_cancel (self->monitors->pdata[i]);
    }

  g_ptr_array_unref (self->monitors);
  g_array_unref (self->snapshots);
  g_free (self);
}

/**
 * dpt_file_watch_check:
 * @self: a watch
 *
 * Looks at every file now, and tells if one changed and nobody was told yet.
 */
void
dpt_file_watch_check (DptFileWatch *self)
{
  for (guint i = 0; !self->has_told && i < self->snapshots->len; i++)
    if (is_changed (&g_array_index (self->snapshots, Snapshot, i)))
      {
        self->has_told = TRUE;
        self->func (self->user_data);
      }
}
