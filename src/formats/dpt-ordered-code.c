/* dpt-ordered-code.c - the keys of slices: name and extents as sorted bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   key      = number 0, string name, number rank, (signed start, signed
 *              length) for each dimension
 *   number   = length byte, that many bytes big-endian without leading zeros;
 *              0 is the single byte 00
 *   string   = the bytes with 00 written 00 ff and ff written ff 00, then
 *              00 01
 *   signed   = n bytes for values from -2^(7n-1) up to 2^(7n-1): big-endian,
 *              sign extended, with the first n bits, which would all be sign,
 *              flipped; so 0 is 80, -1 is 7f, 100 is c0 64
 *
 * Encoded values sort by bytes as the values sort.  (TensorFlow's
 * core/lib/strings/ordered_code.cc and util/saved_tensor_slice_util.cc.)
 */

#define G_LOG_DOMAIN "dpt-ordered-code"

#include "dpt-ordered-code.h"

#include "dpt-byte-reader.h"

/* A 64-bit value of 7 bits a byte takes at most ten. */
#define MAX_SIGNED_BYTES 10

static void
write_number (GByteArray *dest, guint64 value)
{
  guint8 bytes[1 + sizeof value];
  guint length = 0;

  for (guint64 rest = value; rest > 0; rest >>= 8)
    length++;

  bytes[0] = (guint8) length;
  for (guint i = 0; i < length; i++)
    bytes[1 + i] = (guint8) (value >> (8 * (length - 1 - i)));
  g_byte_array_append (dest, bytes, 1 + length);
}

static void
write_string (GByteArray *dest, const char *text, gsize length)
{
  static const guint8 end[] = { 0x00, 0x01 };

  for (gsize i = 0; i < length; i++)
    {
      guint8 c = (guint8) text[i];
      guint8 escape = c ^ 0xff;

      g_byte_array_append (dest, &c, 1);
      if (c == 0x00 || c == 0xff)
        g_byte_array_append (dest, &escape, 1);
    }
  g_byte_array_append (dest, end, sizeof end);
}

/* The bits that the length prefix flips in byte @i of @n: n bits, from the
 * first byte's highest on. */
static guint8
prefix_bits (guint n, guint i)
{
  guint in_first = MIN (n, 8);
  guint bits = i == 0 ? in_first : (i == 1 ? n - in_first : 0);

  return (guint8) (0xff00u >> bits);
}

static void
write_signed (GByteArray *dest, gint64 value)
{
  guint64 magnitude = (guint64) (value < 0 ? ~value : value);
  guint8 sign = value < 0 ? 0xff : 0x00;
  guint8 bytes[MAX_SIGNED_BYTES];
  guint n = 1;

  while (n < MAX_SIGNED_BYTES && magnitude >> (7 * n - 1) != 0)
    n++;

  for (guint i = 0; i < n; i++)
    {
      guint shift = 8 * (n - 1 - i);
      guint8 byte = shift < 64 ? (guint8) ((guint64) value >> shift) : sign;

      bytes[i] = byte ^ prefix_bits (n, i);
    }
  g_byte_array_append (dest, bytes, n);
}

static gboolean
read_number (DptByteReader *reader, guint64 *value)
{
  guint length = dpt_byte_reader_read_u8 (reader);

  if (length > sizeof *value)
    return FALSE;

  *value = 0;
  for (guint i = 0; i < length; i++)
    *value = *value << 8 | dpt_byte_reader_read_u8 (reader);

  return !reader->failed;
}

static gboolean
read_string (DptByteReader *reader, GByteArray *text)
{
  while (!reader->failed)
    {
      guint8 c = dpt_byte_reader_read_u8 (reader);

      if (c == 0x00 || c == 0xff)
        {
          guint8 escape = dpt_byte_reader_read_u8 (reader);

          if (c == 0x00 && escape == 0x01)
            return !reader->failed;
          if ((escape ^ c) != 0xff)
            return FALSE;
        }
      g_byte_array_append (text, &c, 1);
    }

  return FALSE;
}

/* How many bytes a number has: the ones that its first two bytes, inverted
 * for a negative number, begin with. */
static guint
signed_length (guint8 first, guint8 second)
{
  guint bits = ((guint) first << 8) | second;
  guint n = 0;

  while (n < 16 && (bits & (0x8000u >> n)) != 0)
    n++;

  return n;
}

static gboolean
read_signed (DptByteReader *reader, gint64 *value)
{
  guint8 first = dpt_byte_reader_read_u8 (reader);
  guint8 second = 0;
  gboolean is_negative = (first & 0x80) == 0;
  guint64 bits = is_negative ? G_MAXUINT64 : 0;
  guint n;

  if (reader->failed)
    return FALSE;
  if (dpt_byte_reader_get_left (reader) > 0)
    second = *reader->cursor;

  n = signed_length (is_negative ? (guint8) ~first : first,
                     is_negative ? (guint8) ~second : second);
  if (n == 0 || n > MAX_SIGNED_BYTES)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      guint8 byte = i == 0 ? first : dpt_byte_reader_read_u8 (reader);

      bits = bits << 8 | (guint8) (byte ^ prefix_bits (n, i));
    }
  *value = (gint64) bits;
  return !reader->failed;
}

/**
 * dpt_ordered_code_write_slice_key:
 * @dest: where the key is appended
 * @name: the partitioned tensor's name
 * @name_length: its length in bytes
 * @extent: which part of it
 *
 * Writes the key under which a tensor bundle keeps one slice.
 */
void
dpt_ordered_code_write_slice_key (GByteArray *dest,
                                  const char *name,
                                  gsize name_length,
                                  const DptSliceExtent *extent)
{
  write_number (dest, 0);
  write_string (dest, name, name_length);
  write_number (dest, (guint64) extent->rank);
  for (int i = 0; i < extent->rank; i++)
    {
      write_signed (dest, extent->start[i]);
      write_signed (dest, extent->length[i]);
    }
}

/**
 * dpt_ordered_code_read_slice_key:
 * @key: the key of a slice
 * @key_length: its length in bytes
 * @name: where the tensor's name is appended
 * @extent: (out): which part of it
 *
 * Returns: whether @key is the key of a slice, from its first byte to its
 *   last.
 */
gboolean
dpt_ordered_code_read_slice_key (const guint8 *key,
                                 gsize key_length,
                                 GByteArray *name,
                                 DptSliceExtent *extent)
{
  DptByteReader reader;
  guint64 zero = 0;
  guint64 rank = 0;

  dpt_byte_reader_init (&reader, key, key_length);
  if (!read_number (&reader, &zero) || zero != 0 ||
      !read_string (&reader, name) || !read_number (&reader, &rank) ||
      rank > DPT_SHAPE_MAX_RANK)
    return FALSE;

  *extent = (DptSliceExtent){ .rank = (int) rank };
  for (int i = 0; i < extent->rank; i++)
    if (!read_signed (&reader, &extent->start[i]) ||
        !read_signed (&reader, &extent->length[i]))
      return FALSE;

  return dpt_byte_reader_is_at_end (&reader);
}
