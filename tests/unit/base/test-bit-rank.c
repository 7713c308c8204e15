/* test-bit-rank.c - ranks against counting by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-bit-rank"

#include "dpt-bit-rank.h"

static void
test_edges (void)
{
  g_autoptr (DptBitRank) none = dpt_bit_rank_new (0);
  g_autoptr (DptBitRank) words = dpt_bit_rank_new (128);
  guint bit;

  g_assert_cmpuint (dpt_bit_rank_count (none), ==, 0);
  g_assert_false (dpt_bit_rank_select (none, 0, &bit));

  /* A set that ends where a word ends has a rank at its end. */
  dpt_bit_rank_fill (words, 0, 128, TRUE);
  g_assert_cmpuint (dpt_bit_rank_rank (words, 128), ==, 128);
  g_assert_true (dpt_bit_rank_select (words, 127, &bit));
  g_assert_cmpuint (bit, ==, 127);
  g_assert_false (dpt_bit_rank_select (words, 128, &bit));

  dpt_bit_rank_fill (words, 63, 65, FALSE);
  g_assert_true (dpt_bit_rank_get (words, 62));
  g_assert_false (dpt_bit_rank_get (words, 63));
  g_assert_false (dpt_bit_rank_get (words, 64));
  g_assert_true (dpt_bit_rank_get (words, 65));
  g_assert_cmpuint (dpt_bit_rank_count (words), ==, 126);
}

static void
test_random (void)
{
  enum
  {
    N = 1000,
  };
  g_autoptr (DptBitRank) set = dpt_bit_rank_new (N);
  gboolean naive[N] = { FALSE };

  for (guint round = 0; round < 200; round++)
    {
      guint first = (guint) g_test_rand_int_range (0, N);
      guint end = (guint) g_test_rand_int_range ((int) first, N + 1);
      gboolean value = g_test_rand_bit ();
      guint rank = 0;

      if (round % 2 == 0)
        end = first + 1;
      if (end == first + 1)
        dpt_bit_rank_set (set, first, value);
      else
        dpt_bit_rank_fill (set, first, end, value);
      for (guint i = first; i < end; i++)
        naive[i] = value;

      for (guint i = 0; i < N; i++)
        {
          guint bit;

          g_assert_cmpint (dpt_bit_rank_get (set, i), ==, naive[i]);
          g_assert_cmpuint (dpt_bit_rank_rank (set, i), ==, rank);
          if (!naive[i])
            continue;
          g_assert_true (dpt_bit_rank_select (set, rank, &bit));
          g_assert_cmpuint (bit, ==, i);
          rank++;
        }
      g_assert_cmpuint (dpt_bit_rank_count (set), ==, rank);
    }
}

static void
test_differ (void)
{
  g_autoptr (DptBitRank) a = dpt_bit_rank_new (300);
  g_autoptr (DptBitRank) b = dpt_bit_rank_new (300);
  guint first, last;

  g_assert_false (dpt_bit_rank_differ (a, b, &first, &last));
  dpt_bit_rank_set (a, 70, TRUE);
  dpt_bit_rank_set (b, 299, TRUE);
  g_assert_true (dpt_bit_rank_differ (a, b, &first, &last));
  g_assert_cmpuint (first, ==, 70);
  g_assert_cmpuint (last, ==, 299);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bit-rank/edges", test_edges);
  g_test_add_func ("/bit-rank/random", test_random);
  g_test_add_func ("/bit-rank/differ", test_differ);

  return g_test_run ();
}
