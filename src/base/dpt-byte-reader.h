/* dpt-byte-reader.h - a bounds-checked cursor over untrusted bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The reader never looks past `end`.  The first read that would do so fails,
 * remembers its place in `failed_at`, and makes every later read fail too; so
 * a caller may read a whole record and ask once, at its end, whether all of
 * it was there.  A failed read returns 0 (or NULL). */
typedef struct
{
  const guint8 *start;
  const guint8 *cursor;
  const guint8 *end;
  gsize failed_at; /* offset of the first failed read */
  gboolean failed;
} DptByteReader;

void
dpt_byte_reader_init (DptByteReader *self, const void *bytes, gsize length);

gsize dpt_byte_reader_get_offset (const DptByteReader *self);
gsize dpt_byte_reader_get_left (const DptByteReader *self);
gboolean dpt_byte_reader_is_at_end (const DptByteReader *self);

guint8 dpt_byte_reader_read_u8 (DptByteReader *self);
guint16 dpt_byte_reader_read_u16_le (DptByteReader *self);
guint32 dpt_byte_reader_read_u32_le (DptByteReader *self);
guint64 dpt_byte_reader_read_u64_le (DptByteReader *self);
guint32 dpt_byte_reader_read_varint32 (DptByteReader *self);
guint64 dpt_byte_reader_read_varint64 (DptByteReader *self);
const guint8 *dpt_byte_reader_read_bytes (DptByteReader *self, gsize length);
void dpt_byte_reader_skip (DptByteReader *self, gsize length);

G_END_DECLS
