/* dpt-bundle-shards.c - the data files of a tensor bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shard S of N of prefix P is the file P.data-SSSSS-of-NNNNN, five digits
 * each.  Invariant: path, existence and size are those of the bundle's
 * opening and never change; `sources` is filled under `lock`, and what is
 * there once stays.
 */

#define G_LOG_DOMAIN "dpt-bundle-shards"

#include "dpt-bundle-shards.h"

#include "dpt-format-error.h"

typedef struct
{
  char *path;
  gboolean exists;
  guint64 size;
} Shard;

struct _DptBundleShards
{
  guint n_shards;
  Shard *shards;

  GMutex lock;
  DptByteSource **sources;
};

/**
 * dpt_bundle_shards_new:
 * @prefix: the bundle's prefix
 * @n_shards: how many data files its header announces
 *
 * Looks which files are there and how long they are.  None is kept open: a
 * bundle may have more shards than a process may have files.
 *
 * Returns: (transfer full): the shards.
 */
DptBundleShards *
dpt_bundle_shards_new (const char *prefix, guint n_shards)
{
  DptBundleShards *self = g_new0 (DptBundleShards, 1);

  self->n_shards = n_shards;
  self->shards = g_new0 (Shard, n_shards);
  self->sources = g_new0 (DptByteSource *, n_shards);
  g_mutex_init (&self->lock);

  for (guint i = 0; i < n_shards; i++)
    {
      Shard *shard = &self->shards[i];
      g_autoptr (DptByteSource) source = NULL;

      shard->path = g_strdup_printf ("%s.data-%05u-of-%05u", prefix, i,
                                     n_shards);
      source = dpt_byte_source_open (shard->path, NULL);
      shard->exists = source != NULL;
      if (source != NULL)
        shard->size = dpt_byte_source_get_size (source);
    }

  return self;
}

/**
 * dpt_bundle_shards_free:
 * @self: (transfer full): shards that no thread reads any more
 */
void
dpt_bundle_shards_free (DptBundleShards *self)
{
  for (guint i = 0; i < self->n_shards; i++)
    {
      g_clear_pointer (&self->sources[i], dpt_byte_source_unref);
      g_free (self->shards[i].path);
    }

  g_mutex_clear (&self->lock);
  g_free (self->sources);
  g_free (self->shards);
  g_free (self);
}

/**
 * dpt_bundle_shards_get_n:
 * @self: shards
 *
 * Returns: how many the header announces.
 */
guint
dpt_bundle_shards_get_n (const DptBundleShards *self)
{
  return self->n_shards;
}

/**
 * dpt_bundle_shards_get_path:
 * @self: shards
 * @shard: below dpt_bundle_shards_get_n()
 *
 * Returns: the file's path, owned by @self.
 */
const char *
dpt_bundle_shards_get_path (const DptBundleShards *self, guint shard)
{
  return self->shards[shard].path;
}

/**
 * dpt_bundle_shards_exists:
 * @self: shards
 * @shard: below dpt_bundle_shards_get_n()
 *
 * Returns: whether it was a readable file when the bundle was opened.
 */
gboolean
dpt_bundle_shards_exists (const DptBundleShards *self, guint shard)
{
  return self->shards[shard].exists;
}

/**
 * dpt_bundle_shards_get_size:
 * @self: shards
 * @shard: below dpt_bundle_shards_get_n()
 *
 * Returns: its bytes when the bundle was opened; 0 where it did not exist.
 */
guint64
dpt_bundle_shards_get_size (const DptBundleShards *self, guint shard)
{
  return self->shards[shard].size;
}

/**
 * dpt_bundle_shards_has_range:
 * @self: shards
 * @shard: below dpt_bundle_shards_get_n()
 * @offset: a first byte
 * @size: how many bytes
 *
 * Returns: whether the file was there with all of these bytes.
 */
gboolean
dpt_bundle_shards_has_range (const DptBundleShards *self,
                             guint shard,
                             guint64 offset,
                             guint64 size)
{
  const Shard *file = &self->shards[shard];

  return file->exists && offset <= file->size && size <= file->size - offset;
}

/* Opens a shard and keeps it; called under the lock. */
static DptByteSource *
open_locked (DptBundleShards *self, guint shard, GError **error)
{
  const Shard *file = &self->shards[shard];
  g_autoptr (DptByteSource) source = NULL;

  if (self->sources[shard] != NULL)
    return dpt_byte_source_ref (self->sources[shard]);

  source = dpt_byte_source_open (file->path, error);
  if (source == NULL)
    return NULL;

  if (file->exists && dpt_byte_source_get_size (source) != file->size)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CHANGED,
                   "%s: the file changed since the checkpoint was opened: "
                   "%" G_GUINT64_FORMAT
                   " bytes were expected, found %" G_GUINT64_FORMAT,
                   dpt_byte_source_get_display (source), file->size,
                   dpt_byte_source_get_size (source));
      return NULL;
    }

  self->sources[shard] = dpt_byte_source_ref (source);
  return g_steal_pointer (&source);
}

/**
 * dpt_bundle_shards_open:
 * @self: shards
 * @shard: below dpt_bundle_shards_get_n()
 * @error: return location for a #DptFormatError
 *
 * Opens a data file, once.  Any thread may call it.
 *
 * Returns: (transfer full): the file.
 */
DptByteSource *
dpt_bundle_shards_open (DptBundleShards *self, guint shard, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return open_locked (self, shard, error);
}
