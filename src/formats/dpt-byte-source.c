/* dpt-byte-source.c - a file or memory, behind one small interface
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: exactly one of `fd` (>= 0) and `bytes` is there; `size` never
 * changes; no read reaches past `size`.  A file is read with pread() and never
 * mapped, so that a file that shrinks is an error message and not a SIGBUS
 * (doc/decisions/byte-source.md).
 */

#define G_LOG_DOMAIN "dpt-byte-source"

#include "dpt-byte-source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dpt-format-error.h"
#include "dpt-names.h"

struct _DptByteSource
{
  gatomicrefcount ref_count;
  char *path;
  char *display;
  guint64 size;

  GBytes *bytes;

  int fd;
  dev_t device;
  ino_t inode;
  struct timespec modified;
};

static DptByteSource *
byte_source_new (const char *path)
{
  DptByteSource *self = g_new0 (DptByteSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (path);
  self->display = dpt_names_to_display (path, -1);
  self->fd = -1;
  return self;
}

static const char *
describe_mode (mode_t mode)
{
  if (S_ISDIR (mode))
    return "a folder";
  if (S_ISFIFO (mode))
    return "a named pipe";
  if (S_ISSOCK (mode))
    return "a socket";

  return "a device";
}

static gboolean
check_regular (const DptByteSource *self,
               const struct stat *status,
               GError **error)
{
  if (S_ISREG (status->st_mode))
    return TRUE;

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_IO,
               "%s: a regular file was expected, found %s", self->display,
               describe_mode (status->st_mode));
  return FALSE;
}

static gboolean
fail_errno (const DptByteSource *self,
            const char *verb,
            int code,
            GError **error)
{
  g_set_error (error, DPT_FORMAT_ERROR,
               code == ENOENT || code == ENOTDIR ? DPT_FORMAT_ERROR_NOT_FOUND
                                                 : DPT_FORMAT_ERROR_IO,
               "%s: cannot be %s: %s", self->display, verb, g_strerror (code));
  return FALSE;
}

/* Asks before opening, because opening alone can disturb a device, and again
 * after it, because the path may have been replaced in between; O_NONBLOCK
 * keeps a pipe that slipped in from hanging us. */
static gboolean
open_regular (DptByteSource *self, GError **error)
{
  struct stat status;

  if (stat (self->path, &status) != 0)
    return fail_errno (self, "opened", errno, error);
  if (!check_regular (self, &status, error))
    return FALSE;

  self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0 || fstat (self->fd, &status) != 0)
    return fail_errno (self, "opened", errno, error);
  if (!check_regular (self, &status, error))
    return FALSE;

  self->size = (guint64) status.st_size;
  self->device = status.st_dev;
  self->inode = status.st_ino;
  self->modified = status.st_mtim;
  return TRUE;
}

static gboolean
read_file (const DptByteSource *self,
           guint64 offset,
           gsize length,
           guint8 *dest,
           GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (self->fd, dest + done, length - done,
                        (off_t) (offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (self, "read", errno, error);
      if (n == 0)
        {
          g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CHANGED,
                       "%s: the file shrank while it was open: it had "
                       "%" G_GUINT64_FORMAT
                       " bytes, and now ends at %" G_GUINT64_FORMAT,
                       self->display, self->size, offset + done);
          return FALSE;
        }
      done += (gsize) n;
    }

  return TRUE;
}

/**
 * dpt_byte_source_open:
 * @path: a file's path, in the file system's encoding
 * @error: return location for a #DptFormatError
 *
 * Opens a regular file for reading.  Folders, pipes, sockets and devices are
 * refused without waiting for them.
 *
 * Returns: (transfer full): the source.
 */
DptByteSource *
dpt_byte_source_open (const char *path, GError **error)
{
  g_autoptr (DptByteSource) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = byte_source_new (path);
  if (!open_regular (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * dpt_byte_source_new_from_bytes:
 * @name: what messages call it
 * @bytes: its content
 *
 * Returns: (transfer full): a source over memory, which never changes.
 */
DptByteSource *
dpt_byte_source_new_from_bytes (const char *name, GBytes *bytes)
{
  DptByteSource *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  self = byte_source_new (name);
  self->bytes = g_bytes_ref (bytes);
  self->size = g_bytes_get_size (bytes);
  return self;
}

/**
 * dpt_byte_source_ref:
 * @self: a source
 *
 * Returns: (transfer full): the same source.
 */
DptByteSource *
dpt_byte_source_ref (DptByteSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_byte_source_unref:
 * @self: (transfer full): a source
 *
 * Drops a reference; the last one closes the file.
 */
void
dpt_byte_source_unref (DptByteSource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->display);
  g_free (self->path);
  g_free (self);
}

/**
 * dpt_byte_source_get_path:
 * @self: a source
 *
 * Returns: the path it was opened from, in the file system's encoding.
 */
const char *
dpt_byte_source_get_path (const DptByteSource *self)
{
  return self->path;
}

/**
 * dpt_byte_source_get_display:
 * @self: a source
 *
 * Returns: its path as UTF-8, for messages.
 */
const char *
dpt_byte_source_get_display (const DptByteSource *self)
{
  return self->display;
}

/**
 * dpt_byte_source_get_size:
 * @self: a source
 *
 * Returns: how many bytes it had when it was opened.
 */
guint64
dpt_byte_source_get_size (const DptByteSource *self)
{
  return self->size;
}

/**
 * dpt_byte_source_has_changed:
 * @self: a source
 *
 * Compares device, inode, size and time of modification of what lies at the
 * path now with what was opened.
 *
 * Returns: whether the file was changed, replaced or removed since.
 */
gboolean
dpt_byte_source_has_changed (const DptByteSource *self)
{
  struct stat status;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->bytes != NULL)
    return FALSE;

  return stat (self->path, &status) != 0 || status.st_dev != self->device ||
         status.st_ino != self->inode ||
         (guint64) status.st_size != self->size ||
         status.st_mtim.tv_sec != self->modified.tv_sec ||
         status.st_mtim.tv_nsec != self->modified.tv_nsec;
}

/**
 * dpt_byte_source_read:
 * @self: a source
 * @offset: the first byte
 * @length: how many bytes
 * @dest: (out caller-allocates): room for @length bytes
 * @error: return location for a #DptFormatError
 *
 * Reads all of @length bytes or fails: with %DPT_FORMAT_ERROR_TRUNCATED where
 * the source never had them, with %DPT_FORMAT_ERROR_CHANGED where the file
 * shrank since it was opened.
 *
 * Returns: whether @dest is filled.
 */
gboolean
dpt_byte_source_read (const DptByteSource *self,
                      guint64 offset,
                      gsize length,
                      void *dest,
                      GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (offset > self->size || length > self->size - offset)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED,
                   "%s: %" G_GSIZE_FORMAT
                   " bytes were expected at offset %" G_GUINT64_FORMAT
                   ", the file has %" G_GUINT64_FORMAT " bytes",
                   self->display, length, offset, self->size);
      return FALSE;
    }

  if (length == 0)
    return TRUE;
  if (self->bytes == NULL)
    return read_file (self, offset, length, dest, error);

  memcpy (dest, (const guint8 *) g_bytes_get_data (self->bytes, NULL) + offset,
          length);
  return TRUE;
}

/**
 * dpt_byte_source_read_bytes:
 * @self: a source
 * @offset: the first byte
 * @length: how many bytes
 * @error: return location for a #DptFormatError
 *
 * Like dpt_byte_source_read(), into new memory, which is asked for only once
 * the range is known to lie inside the source.
 *
 * Returns: (transfer full): the bytes.
 */
GBytes *
dpt_byte_source_read_bytes (const DptByteSource *self,
                            guint64 offset,
                            gsize length,
                            GError **error)
{
  g_autofree guint8 *data = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (offset <= self->size && length <= self->size - offset && length > 0)
    {
      data = g_try_malloc (length);
      if (data == NULL)
        {
          g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
                       "%s: no memory for %" G_GSIZE_FORMAT
                       " bytes at offset %" G_GUINT64_FORMAT,
                       self->display, length, offset);
          return NULL;
        }
    }

  if (!dpt_byte_source_read (self, offset, length, data, error))
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&data), length);
}
