/* test-crc32c.c - checksums against published values, and against each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-crc32c"

#include "dpt-crc32c.h"

#include "dpt-test.h"

/* The value of "123456789" is the check value of every CRC catalogue; the
 * others are the examples of RFC 3720, appendix B.4. */
static void
test_known (void)
{
  guint8 bytes[32] = { 0 };

  g_assert_cmphex (dpt_crc32c (NULL, 0), ==, 0);
  g_assert_cmphex (dpt_crc32c ("123456789", 9), ==, 0xe3069283);
  g_assert_cmphex (dpt_crc32c (bytes, sizeof bytes), ==, 0x8a9136aa);
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = 0xff;
  g_assert_cmphex (dpt_crc32c (bytes, sizeof bytes), ==, 0x62a8ab43);
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) i;
  g_assert_cmphex (dpt_crc32c (bytes, sizeof bytes), ==, 0x46dd794e);
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (31 - i);
  g_assert_cmphex (dpt_crc32c (bytes, sizeof bytes), ==, 0x113fdb5c);
}

/* TensorFlow's masking, with the values of lib/hash/crc32c.h's rule. */
static void
test_mask (void)
{
  g_assert_cmphex (dpt_crc32c_mask (0xe3069283), ==, 0xc78ab0e5);
  g_assert_cmphex (dpt_crc32c_mask (0), ==, 0xa282ead8);
}

static guint8 *
make_noise (gsize length)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int (rand);
  return bytes;
}

/* One bit after the other, straight from the definition. */
static guint32
crc_by_bits (const guint8 *bytes, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
  return ~crc;
}

/* Lengths around every border of the fast path, at odd addresses. */
static void
test_paths_agree (void)
{
  static const gsize lengths[] = { 0,     1,     7,     8,    9,     255,
                                   767,   768,   769,   1543, 24575, 24576,
                                   24577, 25344, 25345, 60001 };
  g_autofree guint8 *bytes = make_noise (60010);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (gsize offset = 0; offset < 9; offset += 4)
      {
        guint32 expected = crc_by_bits (bytes + offset, lengths[i]);

        g_assert_cmphex (dpt_crc32c (bytes + offset, lengths[i]), ==, expected);
        g_assert_cmphex (dpt_crc32c_extend_portable (0, bytes + offset,
                                                     lengths[i]),
                         ==, expected);
      }
}

static void
test_extend (void)
{
  static const gsize cuts[] = { 0, 1, 5, 8, 300, 9999, 10000 };
  g_autofree guint8 *bytes = make_noise (10000);
  guint32 whole = crc_by_bits (bytes, 10000);

  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      gsize cut = cuts[i];
      guint32 first = crc_by_bits (bytes, cut);

      g_assert_cmphex (dpt_crc32c_extend (first, bytes + cut, 10000 - cut), ==,
                       whole);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crc32c/known", test_known);
  g_test_add_func ("/crc32c/mask", test_mask);
  g_test_add_func ("/crc32c/paths-agree", test_paths_agree);
  g_test_add_func ("/crc32c/extend", test_extend);

  return g_test_run ();
}
