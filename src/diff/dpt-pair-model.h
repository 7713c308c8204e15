/* dpt-pair-model.h - the hinge: aligned rows that every view shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-checkpoint-diff.h"

G_BEGIN_DECLS

/* One row: a pair, a key of one side alone, or a bookkeeping key.  Made when
 * asked for; its properties notify when a verdict arrives. */
#define DPT_TYPE_PAIR_ROW (dpt_pair_row_get_type ())
G_DECLARE_FINAL_TYPE (DptPairRow, dpt_pair_row, DPT, PAIR_ROW, GObject)

DptPair *dpt_pair_row_get_pair (DptPairRow *self);
const DptCheckpointEntry *dpt_pair_row_get_left (DptPairRow *self);
const DptCheckpointEntry *dpt_pair_row_get_right (DptPairRow *self);
DptVerdict dpt_pair_row_get_verdict (DptPairRow *self);
const DptPairResult *dpt_pair_row_get_result (DptPairRow *self);
gboolean dpt_pair_row_is_judged (DptPairRow *self);

/* A GListModel of DptPairRow: first the pairs, in mapping order, then the keys
 * that are only on the left, then those only on the right.  Lives on the main
 * thread; results are handed to it there.  Verdicts and counts are kept for
 * all rows, whether or not a row object exists, so a view of 100,000 keys asks
 * by index.
 *
 * signal counts-changed: a verdict arrived or was withdrawn.
 * signal verdicts-changed (guint first, guint n_rows): those rows' verdicts. */
#define DPT_TYPE_PAIR_MODEL (dpt_pair_model_get_type ())
G_DECLARE_FINAL_TYPE (DptPairModel, dpt_pair_model, DPT, PAIR_MODEL, GObject)

/* For "this key has no row". */
#define DPT_PAIR_MODEL_NO_ROW G_MAXUINT

DptPairModel *
dpt_pair_model_new (DptMapping *mapping) G_GNUC_WARN_UNUSED_RESULT;
DptMapping *dpt_pair_model_get_mapping (DptPairModel *self);
void dpt_pair_model_set_result (DptPairModel *self,
                                guint row,
                                DptPairResult *result);
void dpt_pair_model_withdraw_all (DptPairModel *self);
gboolean dpt_pair_model_is_judged (DptPairModel *self, guint row);
DptVerdict dpt_pair_model_get_verdict (DptPairModel *self, guint row);
const DptPairResult *dpt_pair_model_get_result (DptPairModel *self, guint row);

/* Entry indexes of a row's keys in their checkpoints, or NO_ROW. */
guint dpt_pair_model_get_left_entry (DptPairModel *self, guint row);
guint dpt_pair_model_get_right_entry (DptPairModel *self, guint row);

/* The first row that holds this entry, or NO_ROW (bookkeeping). */
guint dpt_pair_model_find_left (DptPairModel *self, guint entry);
guint dpt_pair_model_find_right (DptPairModel *self, guint entry);

guint dpt_pair_model_get_count (DptPairModel *self, DptVerdict verdict);
guint dpt_pair_model_get_n_unjudged (DptPairModel *self);

G_END_DECLS
