/* dpt-bit-rank.c - a fixed set of small numbers that knows its ranks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: bits at and past n_bits are 0; unless `stale`, ranks[w] is the
 * number of set bits in the words before w, and ranks[n_words] is their total.
 */

#define G_LOG_DOMAIN "dpt-bit-rank"

#include "dpt-bit-rank.h"

#include <string.h>

#define BITS 64

struct _DptBitRank
{
  guint n_bits;
  guint n_words;
  gboolean stale;
  guint64 *words;
  guint *ranks;
};

static guint
popcount (guint64 word)
{
  return (guint) __builtin_popcountll (word);
}

/* The bits below `bit` of its word. */
static guint64
mask_below (guint bit)
{
  return (G_GUINT64_CONSTANT (1) << (bit % BITS)) - 1;
}

static void
freshen (DptBitRank *self)
{
  guint total = 0;

  if (!self->stale)
    return;

  for (guint w = 0; w < self->n_words; w++)
    {
      self->ranks[w] = total;
      total += popcount (self->words[w]);
    }
  self->ranks[self->n_words] = total;
  self->stale = FALSE;
}

/**
 * dpt_bit_rank_new:
 * @n_bits: how many numbers there are
 *
 * Returns: (transfer full): an empty set of the numbers below @n_bits.
 */
DptBitRank *
dpt_bit_rank_new (guint n_bits)
{
  DptBitRank *self = g_new0 (DptBitRank, 1);

  self->n_bits = n_bits;
  self->n_words = n_bits / BITS + 1;
  self->words = g_new0 (guint64, self->n_words);
  self->ranks = g_new0 (guint, self->n_words + 1);
  return self;
}

/**
 * dpt_bit_rank_free:
 * @self: (nullable): a set
 */
void
dpt_bit_rank_free (DptBitRank *self)
{
  if (self == NULL)
    return;
  g_free (self->words);
  g_free (self->ranks);
  g_free (self);
}

/**
 * dpt_bit_rank_get_n_bits:
 * @self: a set
 *
 * Returns: how many numbers it was made for.
 */
guint
dpt_bit_rank_get_n_bits (const DptBitRank *self)
{
  return self->n_bits;
}

/**
 * dpt_bit_rank_get:
 * @self: a set
 * @bit: a number below the set's size
 *
 * Returns: whether @bit is in.
 */
gboolean
dpt_bit_rank_get (const DptBitRank *self, guint bit)
{
  g_return_val_if_fail (bit < self->n_bits, FALSE);

  return (self->words[bit / BITS] >> (bit % BITS)) & 1;
}

/**
 * dpt_bit_rank_set:
 * @self: a set
 * @bit: a number below the set's size
 * @value: whether it is in
 */
void
dpt_bit_rank_set (DptBitRank *self, guint bit, gboolean value)
{
  guint64 mask = G_GUINT64_CONSTANT (1) << (bit % BITS);

  g_return_if_fail (bit < self->n_bits);

  if (value)
    self->words[bit / BITS] |= mask;
  else
    self->words[bit / BITS] &= ~mask;
  self->stale = TRUE;
}

/**
 * dpt_bit_rank_fill:
 * @self: a set
 * @first: the first number to change
 * @end: one past the last, at most the set's size
 * @value: whether they are in
 */
void
dpt_bit_rank_fill (DptBitRank *self, guint first, guint end, gboolean value)
{
  g_return_if_fail (first <= end && end <= self->n_bits);

  for (guint bit = first; bit < end;)
    {
      guint word = bit / BITS;
      guint next = MIN ((word + 1) * BITS, end);
      guint64 mask = ~mask_below (bit);

      if (next % BITS != 0)
        mask &= mask_below (next);
      if (value)
        self->words[word] |= mask;
      else
        self->words[word] &= ~mask;
      bit = next;
    }
  self->stale = TRUE;
}

/**
 * dpt_bit_rank_count:
 * @self: a set
 *
 * Returns: how many numbers are in.
 */
guint
dpt_bit_rank_count (DptBitRank *self)
{
  freshen (self);
  return self->ranks[self->n_words];
}

/**
 * dpt_bit_rank_rank:
 * @self: a set
 * @bit: a number, at most the set's size
 *
 * Returns: how many of the numbers below @bit are in.
 */
guint
dpt_bit_rank_rank (DptBitRank *self, guint bit)
{
  guint word = bit / BITS;

  g_return_val_if_fail (bit <= self->n_bits, 0);

  freshen (self);
  return self->ranks[word] + popcount (self->words[word] & mask_below (bit));
}

/**
 * dpt_bit_rank_select:
 * @self: a set
 * @rank: counted from 0
 * @bit: (out): the number in the set that has @rank smaller ones in it
 *
 * Returns: %FALSE when the set has @rank numbers or fewer.
 */
gboolean
dpt_bit_rank_select (DptBitRank *self, guint rank, guint *bit)
{
  guint low = 0;
  guint high = self->n_words;
  guint64 word;

  freshen (self);
  if (rank >= self->ranks[self->n_words])
    return FALSE;

  /* The last word that has at most `rank` bits before it. */
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (self->ranks[middle] <= rank)
        low = middle;
      else
        high = middle;
    }

  word = self->words[low];
  for (guint n = rank - self->ranks[low]; n > 0; n--)
    word &= word - 1;
  *bit = low * BITS + (guint) __builtin_ctzll (word);
  return TRUE;
}

/**
 * dpt_bit_rank_differ:
 * @a: a set
 * @b: another, of the same size
 * @first: (out): the smallest number that is in just one of them
 * @last: (out): the largest
 *
 * Returns: whether the two sets differ at all.
 */
gboolean
dpt_bit_rank_differ (const DptBitRank *a,
                     const DptBitRank *b,
                     guint *first,
                     guint *last)
{
  gboolean found = FALSE;

  g_return_val_if_fail (a->n_bits == b->n_bits, FALSE);

  for (guint w = 0; w < a->n_words; w++)
    {
      guint64 changed = a->words[w] ^ b->words[w];

      if (changed == 0)
        continue;
      if (!found)
        *first = w * BITS + (guint) __builtin_ctzll (changed);
      *last = w * BITS + BITS - 1 - (guint) __builtin_clzll (changed);
      found = TRUE;
    }
  return found;
}
