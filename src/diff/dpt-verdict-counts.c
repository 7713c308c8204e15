/* dpt-verdict-counts.c - how many of each verdict lie in a range of keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: a binary indexed tree for each verdict, interleaved so that one
 * walk meets all eight; sums[i] (i from 1) holds the counts of the positions
 * i - (i & -i) .. i - 1.  verdicts[p] is the verdict of position p, or NONE.
 */

#define G_LOG_DOMAIN "dpt-verdict-counts"

#include "dpt-verdict-counts.h"

#define NONE 0xff

typedef struct
{
  guint counts[DPT_N_VERDICTS];
} Sum;

struct _DptVerdictCounts
{
  guint n;
  guint8 *verdicts;
  Sum *sums;
};

/**
 * dpt_verdict_counts_new:
 * @n: how many keys there are
 *
 * Returns: (transfer full): @n keys without a verdict.
 */
DptVerdictCounts *
dpt_verdict_counts_new (guint n)
{
  DptVerdictCounts *self = g_new0 (DptVerdictCounts, 1);

  self->n = n;
  self->sums = g_new0 (Sum, (gsize) n + 1);
  self->verdicts = g_new (guint8, (gsize) n + 1);
  for (guint i = 0; i < n; i++)
    self->verdicts[i] = NONE;
  return self;
}

/**
 * dpt_verdict_counts_free:
 * @self: (nullable): counts
 */
void
dpt_verdict_counts_free (DptVerdictCounts *self)
{
  if (self == NULL)
    return;
  g_free (self->verdicts);
  g_free (self->sums);
  g_free (self);
}

static void
add (DptVerdictCounts *self, guint position, guint verdict, int amount)
{
  for (guint i = position + 1; i <= self->n; i += i & -i)
    self->sums[i].counts[verdict] += (guint) amount;
}

/**
 * dpt_verdict_counts_set:
 * @self: counts
 * @position: a key
 * @verdict: its verdict from now on
 */
void
dpt_verdict_counts_set (DptVerdictCounts *self,
                        guint position,
                        DptVerdict verdict)
{
  g_return_if_fail (position < self->n && verdict < DPT_N_VERDICTS);

  if (self->verdicts[position] == verdict)
    return;
  dpt_verdict_counts_unset (self, position);
  self->verdicts[position] = (guint8) verdict;
  add (self, position, verdict, 1);
}

/**
 * dpt_verdict_counts_unset:
 * @self: counts
 * @position: a key that has no verdict any more
 */
void
dpt_verdict_counts_unset (DptVerdictCounts *self, guint position)
{
  g_return_if_fail (position < self->n);

  if (self->verdicts[position] == NONE)
    return;
  add (self, position, self->verdicts[position], -1);
  self->verdicts[position] = NONE;
}

/**
 * dpt_verdict_counts_get:
 * @self: counts
 * @position: a key
 * @verdict: (out): its verdict
 *
 * Returns: %FALSE while it has none.
 */
gboolean
dpt_verdict_counts_get (const DptVerdictCounts *self,
                        guint position,
                        DptVerdict *verdict)
{
  g_return_val_if_fail (position < self->n, FALSE);

  if (self->verdicts[position] == NONE)
    return FALSE;
  *verdict = (DptVerdict) self->verdicts[position];
  return TRUE;
}

/**
 * dpt_verdict_counts_sum:
 * @self: counts
 * @first: the first key of the range
 * @end: one past its last
 * @counts: (out) (array fixed-size=8): how many keys in it have each verdict
 */
void
dpt_verdict_counts_sum (const DptVerdictCounts *self,
                        guint first,
                        guint end,
                        guint *counts)
{
  g_return_if_fail (first <= end && end <= self->n);

  for (guint v = 0; v < DPT_N_VERDICTS; v++)
    counts[v] = 0;
  for (guint i = end; i > 0; i -= i & -i)
    for (guint v = 0; v < DPT_N_VERDICTS; v++)
      counts[v] += self->sums[i].counts[v];
  for (guint i = first; i > 0; i -= i & -i)
    for (guint v = 0; v < DPT_N_VERDICTS; v++)
      counts[v] -= self->sums[i].counts[v];
}
