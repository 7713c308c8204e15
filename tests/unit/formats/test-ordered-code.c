/* test-ordered-code.c - the keys of slices, against worked bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-ordered-code"

#include "dpt-ordered-code.h"

#include <string.h>

#include "dpt-test.h"

/* The bytes of a rank-1 key of name "a" whose start and length are given. */
static GByteArray *
write_key (gint64 start, gint64 length)
{
  DptSliceExtent extent = { .rank = 1,
                            .start = { start },
                            .length = { length } };
  GByteArray *key = g_byte_array_new ();

  dpt_ordered_code_write_slice_key (key, "a", 1, &extent);
  return key;
}

/* Signed numbers as TensorFlow's ordered_code.cc writes them: 0, 5, -1, 100
 * and 8192 are printed in its documentation's examples, the others follow
 * from the rule by hand: n bytes, n leading bits flipped. */
static void
test_signed (void)
{
  /* clang-format off */
  static const struct
  {
    gint64 value;
    const char *bytes;
    gsize length;
  } cases[] = {
    { 0,    "\x80", 1 },
    { 5,    "\x85", 1 },
    { -1,   "\x7f", 1 },
    { 63,   "\xbf", 1 },
    { -64,  "\x40", 1 },
    { 64,   "\xc0\x40", 2 },
    { -65,  "\x3f\xbf", 2 },
    { 100,  "\xc0\x64", 2 },
    { 8191, "\xdf\xff", 2 },
    { 8192, "\xe0\x20\x00", 3 },
    { G_GINT64_CONSTANT (1) << 55, "\xff\x80\x80\x00\x00\x00\x00\x00\x00", 9 },
    { G_MAXINT64, "\xff\xc0\x7f\xff\xff\xff\xff\xff\xff\xff", 10 },
    { G_MININT64, "\x00\x3f\x80\x00\x00\x00\x00\x00\x00\x00", 10 },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) key = write_key (cases[i].value, 0);
      g_autoptr (GByteArray) name = g_byte_array_new ();
      DptSliceExtent extent;

      /* 00 | 'a' 00 01 | 01 01 | start | length 0 */
      g_assert_cmpmem (key->data, 6, "\0a\0\1\1\1", 6);
      g_assert_cmpmem (key->data + 6, key->len - 7, cases[i].bytes,
                       cases[i].length);
      g_assert_cmpuint (key->data[key->len - 1], ==, 0x80);

      g_assert_true (
          dpt_ordered_code_read_slice_key (key->data, key->len, name, &extent));
      g_assert_cmpint (extent.start[0], ==, cases[i].value);
      g_assert_cmpint (extent.length[0], ==, 0);
    }
}

/* The record key of scalar 'a' in a genuine V1 checkpoint. */
static void
test_scalar (void)
{
  static const guint8 genuine[] = { 0x00, 'a', 0x00, 0x01, 0x00 };
  DptSliceExtent extent = { 0 };
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autoptr (GByteArray) name = g_byte_array_new ();

  dpt_ordered_code_write_slice_key (key, "a", 1, &extent);
  g_assert_cmpmem (key->data, key->len, genuine, sizeof genuine);

  extent.rank = 7;
  g_assert_true (
      dpt_ordered_code_read_slice_key (genuine, sizeof genuine, name, &extent));
  g_assert_cmpint (extent.rank, ==, 0);
  g_assert_cmpmem (name->data, name->len, "a", 1);
}

static void
test_escapes (void)
{
  static const guint8 expected[] = { 0x00, 'x',  0x00, 0xff, 0xff, 0x00,
                                     'y',  0x00, 0x01, 0x01, 0x02, 0x80,
                                     0x7f, 0x85, 0xc0, 0x64 };
  DptSliceExtent extent = { .rank = 2,
                            .start = { 0, 5 },
                            .length = { -1, 100 } };
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autoptr (GByteArray) name = g_byte_array_new ();
  DptSliceExtent found;

  dpt_ordered_code_write_slice_key (key, "x\0\xffy", 4, &extent);
  g_assert_cmpmem (key->data, key->len, expected, sizeof expected);

  g_assert_true (
      dpt_ordered_code_read_slice_key (key->data, key->len, name, &found));
  g_assert_cmpmem (name->data, name->len, "x\0\xffy", 4);
  g_assert_cmpint (found.rank, ==, 2);
  g_assert_cmpint (found.length[0], ==, -1);
  g_assert_cmpint (found.length[1], ==, 100);
}

static void
test_order (void)
{
  static const gint64 rising[] = { G_MININT64, -8193, -8192, -65,
                                   -64,        -1,    0,     63,
                                   64,         8191,  8192,  G_MAXINT64 };

  for (guint i = 1; i < G_N_ELEMENTS (rising); i++)
    {
      g_autoptr (GByteArray) low = write_key (rising[i - 1], 0);
      g_autoptr (GByteArray) high = write_key (rising[i], 0);

      g_assert_cmpint (memcmp (low->data, high->data,
                               MIN (low->len, high->len)),
                       <, 0);
    }
}

/* Whatever is cut off or replaced: refused, or read without a fault. */
static void
test_damage (void)
{
  g_autoptr (GByteArray) key = write_key (8192, 100);

  for (guint i = 0; i < key->len; i++)
    {
      g_autoptr (GByteArray) name = g_byte_array_new ();
      DptSliceExtent extent;

      g_assert_false (
          dpt_ordered_code_read_slice_key (key->data, i, name, &extent));

      for (guint value = 0; value < 256; value++)
        {
          g_autoptr (GByteArray) copy = g_byte_array_new ();

          g_byte_array_append (copy, key->data, key->len);
          copy->data[i] = (guint8) value;
          if (dpt_ordered_code_read_slice_key (copy->data, copy->len, name,
                                               &extent))
            g_assert_cmpint (extent.rank, <=, DPT_SHAPE_MAX_RANK);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ordered-code/signed", test_signed);
  g_test_add_func ("/ordered-code/scalar", test_scalar);
  g_test_add_func ("/ordered-code/escapes", test_escapes);
  g_test_add_func ("/ordered-code/order", test_order);
  g_test_add_func ("/ordered-code/damage", test_damage);

  return g_test_run ();
}
