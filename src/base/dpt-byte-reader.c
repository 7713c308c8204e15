/* dpt-byte-reader.c - a bounds-checked cursor over untrusted bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants:
 *  - start <= cursor <= end, always;
 *  - every access goes through take(), so a truncation is noticed in one
 *    place;
 *  - after the first failure the cursor stays where it was, and nothing is
 *    read any more.
 */

#define G_LOG_DOMAIN "dpt-byte-reader"

#include "dpt-byte-reader.h"

#include <string.h>

/* Remembers the first failure; later ones follow from it and say nothing. */
static void
fail (DptByteReader *self)
{
  if (self->failed)
    return;

  self->failed = TRUE;
  self->failed_at = (gsize) (self->cursor - self->start);
}

/* The next `length` bytes, or NULL when they are not all there. */
static const guint8 *
take (DptByteReader *self, gsize length)
{
  const guint8 *bytes = self->cursor;

  if (self->failed || length > (gsize) (self->end - self->cursor))
    {
      fail (self);
      return NULL;
    }

  self->cursor += length;
  return bytes;
}

/* Seven bits a byte, lowest first; `max_bits` is 32 or 64.  Bits that do not
 * fit, and an encoding that goes on after the last byte that can matter, are
 * failures: no writer makes them. */
static guint64
read_varint (DptByteReader *self, guint max_bits)
{
  const guint8 *start = self->cursor;
  guint64 value = 0;

  for (guint shift = 0; shift < max_bits; shift += 7)
    {
      const guint8 *byte = take (self, 1);
      guint64 bits;

      if (byte == NULL)
        return 0;

      bits = *byte & 0x7f;
      if (max_bits - shift < 7 && bits >> (max_bits - shift) != 0)
        break;

      value |= bits << shift;
      if ((*byte & 0x80) == 0)
        return value;
    }

  self->cursor = start;
  fail (self);
  return 0;
}

/**
 * dpt_byte_reader_init:
 * @self: (out caller-allocates): the reader
 * @bytes: (nullable): what to read; must outlive @self
 * @length: number of bytes
 *
 * Puts the cursor on the first byte.
 */
void
dpt_byte_reader_init (DptByteReader *self, const void *bytes, gsize length)
{
  g_return_if_fail (bytes != NULL || length == 0);

  /* Pointers into nothing may not be compared; an empty buffer always may. */
  self->start = bytes != NULL ? bytes : (const guint8 *) "";
  self->cursor = self->start;
  self->end = self->start + length;
  self->failed_at = 0;
  self->failed = FALSE;
}

/**
 * dpt_byte_reader_get_offset:
 * @self: a reader
 *
 * Returns: bytes before the cursor.
 */
gsize
dpt_byte_reader_get_offset (const DptByteReader *self)
{
  return (gsize) (self->cursor - self->start);
}

/**
 * dpt_byte_reader_get_left:
 * @self: a reader
 *
 * Returns: bytes from the cursor to the end.
 */
gsize
dpt_byte_reader_get_left (const DptByteReader *self)
{
  return (gsize) (self->end - self->cursor);
}

/**
 * dpt_byte_reader_is_at_end:
 * @self: a reader
 *
 * Returns: whether every byte was read.
 */
gboolean
dpt_byte_reader_is_at_end (const DptByteReader *self)
{
  return self->cursor == self->end;
}

/**
 * dpt_byte_reader_read_u8:
 * @self: a reader
 *
 * Returns: the next byte, or 0 after a failure.
 */
guint8
dpt_byte_reader_read_u8 (DptByteReader *self)
{
  const guint8 *bytes = take (self, 1);

  return bytes != NULL ? *bytes : 0;
}

/**
 * dpt_byte_reader_read_u16_le:
 * @self: a reader
 *
 * Returns: the next two bytes, lowest first, or 0 after a failure.
 */
guint16
dpt_byte_reader_read_u16_le (DptByteReader *self)
{
  const guint8 *bytes = take (self, sizeof (guint16));
  guint16 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);
  return GUINT16_FROM_LE (value);
}

/**
 * dpt_byte_reader_read_u32_le:
 * @self: a reader
 *
 * Returns: the next four bytes, lowest first, or 0 after a failure.
 */
guint32
dpt_byte_reader_read_u32_le (DptByteReader *self)
{
  const guint8 *bytes = take (self, sizeof (guint32));
  guint32 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

/**
 * dpt_byte_reader_read_u64_le:
 * @self: a reader
 *
 * Returns: the next eight bytes, lowest first, or 0 after a failure.
 */
guint64
dpt_byte_reader_read_u64_le (DptByteReader *self)
{
  const guint8 *bytes = take (self, sizeof (guint64));
  guint64 value = 0;

  if (bytes != NULL)
    memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

/**
 * dpt_byte_reader_read_varint32:
 * @self: a reader
 *
 * Reads a base-128 number of at most five bytes.  One that does not fit into
 * 32 bits is a failure, at its first byte.
 *
 * Returns: the number, or 0 after a failure.
 */
guint32
dpt_byte_reader_read_varint32 (DptByteReader *self)
{
  return (guint32) read_varint (self, 32);
}

/**
 * dpt_byte_reader_read_varint64:
 * @self: a reader
 *
 * Reads a base-128 number of at most ten bytes.  One that does not fit into
 * 64 bits is a failure, at its first byte.
 *
 * Returns: the number, or 0 after a failure.
 */
guint64
dpt_byte_reader_read_varint64 (DptByteReader *self)
{
  return read_varint (self, 64);
}

/**
 * dpt_byte_reader_read_bytes:
 * @self: a reader
 * @length: how many
 *
 * Returns: (transfer none) (nullable): @length bytes inside the buffer, or
 *   %NULL when they are not all there.
 */
const guint8 *
dpt_byte_reader_read_bytes (DptByteReader *self, gsize length)
{
  return take (self, length);
}

/**
 * dpt_byte_reader_skip:
 * @self: a reader
 * @length: how many bytes to pass over
 */
void
dpt_byte_reader_skip (DptByteReader *self, gsize length)
{
  take (self, length);
}
