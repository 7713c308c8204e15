/* dpt-npy.c - numpy's file of one array
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A header (dpt-npy-header), then the elements to the end of the file: the
 * last index fastest, or the first if the header says so.
 */

#define G_LOG_DOMAIN "dpt-npy"

#include "dpt-npy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "dpt-byte-swap.h"
#include "dpt-format-error.h"
#include "dpt-names.h"
#include "dpt-npy-header.h"
#include "dpt-tensor-cast.h"

static gboolean
check_size (const DptNpyHeader *header,
            DptByteSource *source,
            gsize *size,
            GError **error)
{
  guint64 found = dpt_byte_source_get_size (source) - header->data_offset;
  gsize width = dpt_dtype_get_size (header->dtype);
  gboolean is_counted = dpt_shape_byte_size (&header->shape, width, size);
  g_autofree char *expected = NULL;
  g_autofree char *shape = NULL;

  if (is_counted && *size == found)
    return TRUE;

  expected = is_counted ? g_strdup_printf ("%" G_GSIZE_FORMAT, *size)
                        : g_strdup ("more than all");
  shape = dpt_shape_to_string (&header->shape);
  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED,
               "%s: %s bytes of %s %s were expected from offset "
               "%" G_GSIZE_FORMAT " to the end, found %" G_GUINT64_FORMAT,
               dpt_byte_source_get_display (source), expected,
               dpt_dtype_get_name (header->dtype), shape, header->data_offset,
               found);
  return FALSE;
}

/* Element (i0, i1, ...) of @source lies at i0 + i1 d0 + i2 d0 d1 ...; walks
 * the elements in C order and keeps that place up to date. */
static void
copy_fortran (const DptNpyHeader *header, const guint8 *source, guint8 *dest)
{
  const DptShape *shape = &header->shape;
  gsize width = dpt_dtype_get_size (header->dtype);
  gsize count = dpt_shape_get_count (shape);
  gint64 index[DPT_SHAPE_MAX_RANK] = { 0 };
  gsize strides[DPT_SHAPE_MAX_RANK];
  gsize place = 0;

  for (int d = 0; d < shape->rank; d++)
    strides[d] = d == 0 ? width : strides[d - 1] * (gsize) shape->dims[d - 1];

  for (gsize i = 0; i < count; i++, dest += width)
    {
      memcpy (dest, source + place, width);
      for (int d = shape->rank - 1; d >= 0; d--)
        {
          place += strides[d];
          if (++index[d] < shape->dims[d])
            break;
          place -= strides[d] * (gsize) shape->dims[d];
          index[d] = 0;
        }
    }
}

static DptTensor *
read_elements (const DptNpyHeader *header,
               DptByteSource *source,
               gsize size,
               GError **error)
{
  g_autoptr (DptTensor) tensor = dpt_tensor_new (header->dtype, &header->shape,
                                                 error);
  g_autoptr (GBytes) bytes = NULL;
  guint8 *data;

  if (tensor == NULL)
    return NULL;

  data = dpt_tensor_get_writable_data (tensor);
  if (header->is_fortran && header->shape.rank > 1)
    {
      bytes = dpt_byte_source_read_bytes (source, header->data_offset, size,
                                          error);
      if (bytes == NULL)
        return NULL;
      copy_fortran (header, g_bytes_get_data (bytes, NULL), data);
    }
  else if (!dpt_byte_source_read (source, header->data_offset, size, data,
                                  error))
    return NULL;

  if (header->is_big_endian)
    dpt_byte_swap (data, size, header->dtype);

  return g_steal_pointer (&tensor);
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = write (fd, bytes + done, length - done);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        done += (gsize) n;
    }

  return TRUE;
}

/* Writes beside @path and renames, so that @path is never half a file. */
static gboolean
write_file (const char *path,
            const GByteArray *header,
            DptTensor *tensor,
            GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  gboolean is_written = fd >= 0 && write_all (fd, header->data, header->len) &&
                        write_all (fd, dpt_tensor_get_data (tensor),
                                   dpt_tensor_get_size (tensor)) &&
                        fsync (fd) == 0;
  int code = errno;

  if (fd >= 0 && close (fd) != 0 && is_written)
    {
      is_written = FALSE;
      code = errno;
    }
  if (is_written && g_rename (temporary, path) != 0)
    {
      is_written = FALSE;
      code = errno;
    }

  if (!is_written)
    {
      g_autofree char *display = dpt_names_to_display (path, -1);

      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_IO,
                   "%s: cannot be written: %s", display, g_strerror (code));
      if (fd >= 0)
        g_unlink (temporary);
    }

  return is_written;
}

/**
 * dpt_npy_read:
 * @path: an npy file
 * @error: return location for a #DptFormatError
 *
 * Reads the array of a file; see dpt_npy_read_source().
 *
 * Returns: (transfer full): the array.
 */
DptTensor *
dpt_npy_read (const char *path, GError **error)
{
  g_autoptr (DptByteSource) source = dpt_byte_source_open (path, error);

  if (source == NULL)
    return NULL;

  return dpt_npy_read_source (source, error);
}

/**
 * dpt_npy_read_source:
 * @source: an npy file of version 1, 2 or 3
 * @error: return location for a #DptFormatError
 *
 * Reads booleans, integers, floats and complex numbers of either byte order
 * and either index order.  Text, objects and records are refused.  The file
 * must end with the array.
 *
 * Returns: (transfer full): the array in C order.
 */
DptTensor *
dpt_npy_read_source (DptByteSource *source, GError **error)
{
  DptNpyHeader header;
  gsize size;

  if (!dpt_npy_header_read (&header, source, error) ||
      !check_size (&header, source, &size, error))
    return NULL;

  return read_elements (&header, source, size, error);
}

/**
 * dpt_npy_write:
 * @path: the file to make or replace
 * @tensor: a tensor of a plain dtype
 * @error: return location for a #DptFormatError
 *
 * Writes npy version 1, little-endian, C order.  A dtype that numpy lacks is
 * written as one that holds its values exactly: bfloat16 and float8 as
 * float32, 4-bit and quantised integers as integers.  Strings are refused.
 *
 * Returns: whether @path is written; if not, it is as it was.
 */
gboolean
dpt_npy_write (const char *path, DptTensor *tensor, GError **error)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  DptDtype stored = dpt_npy_header_get_stored_dtype (dtype);
  g_autoptr (DptTensor) values = NULL;
  g_autoptr (GByteArray) header = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (tensor != NULL, FALSE);

  if (stored == DPT_DTYPE_INVALID)
    {
      g_autofree char *display = dpt_names_to_display (path, -1);

      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED,
                   "%s: numbers or booleans were expected, an npy file cannot "
                   "hold dtype %s",
                   display, dpt_dtype_get_name (dtype));
      return FALSE;
    }

  values = dpt_tensor_cast (tensor, stored, error);
  if (values == NULL)
    return FALSE;

  header = dpt_npy_header_format (stored, dpt_tensor_get_shape (tensor));
  return write_file (path, header, values, error);
}
