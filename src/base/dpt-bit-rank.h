/* dpt-bit-rank.h - a fixed set of small numbers that knows its ranks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which of the numbers 0 .. n - 1 are in.  Asking is O(log n); a change is
 * O(1), and the first question after changes costs one pass over n / 64 words.
 * Not thread-safe: asking may bring the ranks up to date. */
typedef struct _DptBitRank DptBitRank;

DptBitRank *dpt_bit_rank_new (guint n_bits) G_GNUC_WARN_UNUSED_RESULT;
void dpt_bit_rank_free (DptBitRank *self);

guint dpt_bit_rank_get_n_bits (const DptBitRank *self);
gboolean dpt_bit_rank_get (const DptBitRank *self, guint bit);
void dpt_bit_rank_set (DptBitRank *self, guint bit, gboolean value);
void
dpt_bit_rank_fill (DptBitRank *self, guint first, guint end, gboolean value);

guint dpt_bit_rank_count (DptBitRank *self);
guint dpt_bit_rank_rank (DptBitRank *self, guint bit);
gboolean dpt_bit_rank_select (DptBitRank *self, guint rank, guint *bit);
gboolean dpt_bit_rank_differ (const DptBitRank *a,
                              const DptBitRank *b,
                              guint *first,
                              guint *last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptBitRank, dpt_bit_rank_free)

G_END_DECLS
