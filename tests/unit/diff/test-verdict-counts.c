/* test-verdict-counts.c - counts of ranges against counting one by one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-verdict-counts"

#include "dpt-verdict-counts.h"

static void
test_random (void)
{
  enum
  {
    N = 777,
    NONE = -1,
  };
  g_autoptr (DptVerdictCounts) counts = dpt_verdict_counts_new (N);
  int naive[N];

  for (guint i = 0; i < N; i++)
    naive[i] = NONE;

  for (guint round = 0; round < 5000; round++)
    {
      guint position = (guint) g_test_rand_int_range (0, N);
      guint first = (guint) g_test_rand_int_range (0, N + 1);
      guint end = (guint) g_test_rand_int_range ((int) first, N + 1);
      guint expected[DPT_N_VERDICTS] = { 0 };
      guint found[DPT_N_VERDICTS];
      DptVerdict verdict;

      naive[position] = g_test_rand_int_range (NONE, DPT_N_VERDICTS);
      if (naive[position] == NONE)
        dpt_verdict_counts_unset (counts, position);
      else
        dpt_verdict_counts_set (counts, position, (DptVerdict) naive[position]);

      if (dpt_verdict_counts_get (counts, position, &verdict))
        g_assert_cmpint ((int) verdict, ==, naive[position]);
      else
        g_assert_cmpint (naive[position], ==, NONE);

      for (guint i = first; i < end; i++)
        if (naive[i] != NONE)
          expected[naive[i]]++;
      dpt_verdict_counts_sum (counts, first, end, found);
      g_assert_cmpmem (found, sizeof found, expected, sizeof expected);
    }
}

static void
test_empty (void)
{
  g_autoptr (DptVerdictCounts) counts = dpt_verdict_counts_new (0);
  guint found[DPT_N_VERDICTS];

  dpt_verdict_counts_sum (counts, 0, 0, found);
  for (guint v = 0; v < DPT_N_VERDICTS; v++)
    g_assert_cmpuint (found[v], ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/verdict-counts/random", test_random);
  g_test_add_func ("/verdict-counts/empty", test_empty);

  return g_test_run ();
}
