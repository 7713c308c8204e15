/* test-byte-reader.c - the cursor reads what is there and stops at the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-byte-reader"

#include "dpt-byte-reader.h"

#include "dpt-test.h"

static void
test_fixed (void)
{
  static const guint8 bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
                                  0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c,
                                  0x0d, 0x0e, 0x0f, 'a',  'b',  'c' };
  DptByteReader reader;

  dpt_byte_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmphex (dpt_byte_reader_read_u8 (&reader), ==, 0x01);
  g_assert_cmphex (dpt_byte_reader_read_u16_le (&reader), ==, 0x0302);
  g_assert_cmphex (dpt_byte_reader_read_u32_le (&reader), ==, 0x07060504);
  g_assert_cmphex (dpt_byte_reader_read_u64_le (&reader), ==,
                   G_GUINT64_CONSTANT (0x0f0e0d0c0b0a0908));
  g_assert_cmpuint (dpt_byte_reader_get_offset (&reader), ==, 15);
  g_assert_cmpuint (dpt_byte_reader_get_left (&reader), ==, 3);
  dpt_byte_reader_skip (&reader, 1);
  g_assert_cmpmem (dpt_byte_reader_read_bytes (&reader, 2), 2, "bc", 2);
  g_assert_true (dpt_byte_reader_is_at_end (&reader));
  g_assert_false (reader.failed);
}

/* A failed read moves nothing, and everything after it fails as well. */
static void
test_truncated (void)
{
  static const guint8 bytes[] = { 1, 2, 3, 4, 5 };
  DptByteReader reader;

  dpt_byte_reader_init (&reader, bytes, sizeof bytes);
  dpt_byte_reader_skip (&reader, 2);
  g_assert_cmpuint (dpt_byte_reader_read_u32_le (&reader), ==, 0);
  g_assert_true (reader.failed);
  g_assert_cmpuint (reader.failed_at, ==, 2);
  g_assert_cmpuint (dpt_byte_reader_read_u8 (&reader), ==, 0);
  g_assert_null (dpt_byte_reader_read_bytes (&reader, 1));
  g_assert_cmpuint (reader.failed_at, ==, 2);
  g_assert_cmpuint (dpt_byte_reader_get_left (&reader), ==, 3);
}

static void
test_huge_length (void)
{
  DptByteReader reader;

  dpt_byte_reader_init (&reader, "abc", 3);
  g_assert_null (dpt_byte_reader_read_bytes (&reader, G_MAXSIZE));
  g_assert_true (reader.failed);

  dpt_byte_reader_init (&reader, NULL, 0);
  g_assert_true (dpt_byte_reader_is_at_end (&reader));
  dpt_byte_reader_skip (&reader, 0);
  g_assert_false (reader.failed);
  dpt_byte_reader_skip (&reader, 1);
  g_assert_true (reader.failed);
}

/* Base 128, lowest seven bits first: 300 = 2 * 128 + 44. */
static void
test_varint (void)
{
  static const guint8 bytes[] = { 0x00, 0x7f, 0xac, 0x02, 0xff, 0xff, 0xff,
                                  0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0x01 };
  DptByteReader reader;

  dpt_byte_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmpuint (dpt_byte_reader_read_varint32 (&reader), ==, 0);
  g_assert_cmpuint (dpt_byte_reader_read_varint32 (&reader), ==, 127);
  g_assert_cmpuint (dpt_byte_reader_read_varint64 (&reader), ==, 300);
  g_assert_cmpuint (dpt_byte_reader_read_varint32 (&reader), ==, G_MAXUINT32);
  g_assert_cmpuint (dpt_byte_reader_read_varint64 (&reader), ==, G_MAXUINT64);
  g_assert_true (dpt_byte_reader_is_at_end (&reader));
  g_assert_false (reader.failed);
}

static void
test_varint_bad (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    gboolean wide;
  } cases[] = {
    { "\x80", 1, FALSE },                                     /* cut */
    { "\xff\xff\xff\xff\x10", 5, FALSE },                     /* 33 bits */
    { "\x80\x80\x80\x80\x80\x00", 6, FALSE },                 /* 6 bytes */
    { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, TRUE }, /* 65 bits */
    { "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DptByteReader reader;

      dpt_byte_reader_init (&reader, cases[i].bytes, cases[i].length);
      if (cases[i].wide)
        g_assert_cmpuint (dpt_byte_reader_read_varint64 (&reader), ==, 0);
      else
        g_assert_cmpuint (dpt_byte_reader_read_varint32 (&reader), ==, 0);
      g_assert_true (reader.failed);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/byte-reader/fixed", test_fixed);
  g_test_add_func ("/byte-reader/truncated", test_truncated);
  g_test_add_func ("/byte-reader/huge-length", test_huge_length);
  g_test_add_func ("/byte-reader/varint", test_varint);
  g_test_add_func ("/byte-reader/varint-bad", test_varint_bad);

  return g_test_run ();
}
