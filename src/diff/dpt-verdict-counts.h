/* dpt-verdict-counts.h - how many of each verdict lie in a range of keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-verdict.h"

G_BEGIN_DECLS

/* One verdict, or none yet, for each of n keys in a fixed order.  A change
 * and a question are O(log n). */
typedef struct _DptVerdictCounts DptVerdictCounts;

DptVerdictCounts *dpt_verdict_counts_new (guint n) G_GNUC_WARN_UNUSED_RESULT;
void dpt_verdict_counts_free (DptVerdictCounts *self);
void dpt_verdict_counts_set (DptVerdictCounts *self,
                             guint position,
                             DptVerdict verdict);
void dpt_verdict_counts_unset (DptVerdictCounts *self, guint position);
gboolean dpt_verdict_counts_get (const DptVerdictCounts *self,
                                 guint position,
                                 DptVerdict *verdict);
void dpt_verdict_counts_sum (const DptVerdictCounts *self,
                             guint first,
                             guint end,
                             guint *counts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptVerdictCounts, dpt_verdict_counts_free)

G_END_DECLS
