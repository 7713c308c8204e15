/* dpt-hinge-model.h - two trees of keys and the pairs between their rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-pair-model.h"
#include "dpt-panel.h"
#include "dpt-tree-list.h"

G_BEGIN_DECLS

/* All pairs between one left row and one right row.  A row is NONE where the
 * keys have no counterpart; `pair` is one of them, the worst. */
typedef struct
{
  guint rows[DPT_N_PANELS];
  guint counts[DPT_N_VERDICTS];
  guint n_unjudged;
  guint n;
  guint pair;
} DptHingeBundle;

/* "Pair" means a row of the pair model here: two keys, or one without a
 * counterpart.  Main thread only.  Bundles, counts and steps from difference
 * to difference are kept ready for 100,000 keys.
 *
 * signal changed: folds, filter or verdicts are different now.  Verdicts that
 *   arrive in a crowd are told of once.
 * signal lists-changed: the lists themselves are others (flat or not). */
#define DPT_TYPE_HINGE_MODEL (dpt_hinge_model_get_type ())
G_DECLARE_FINAL_TYPE (DptHingeModel, dpt_hinge_model, DPT, HINGE_MODEL, GObject)

DptHingeModel *
dpt_hinge_model_new (DptPairModel *pairs) G_GNUC_WARN_UNUSED_RESULT;
DptHingeModel *
dpt_hinge_model_new_single (DptCheckpoint *checkpoint,
                            DptPanel panel) G_GNUC_WARN_UNUSED_RESULT;
DptPairModel *dpt_hinge_model_get_pairs (DptHingeModel *self);

gboolean dpt_hinge_model_is_flat (DptHingeModel *self);
void dpt_hinge_model_set_flat (DptHingeModel *self, gboolean flat);
DptTreeList *dpt_hinge_model_get_list (DptHingeModel *self, DptPanel panel);

/* What a row shows. */
void dpt_hinge_model_count (DptHingeModel *self,
                            DptPanel panel,
                            guint node,
                            guint *counts);
gboolean dpt_hinge_model_get_worst (DptHingeModel *self,
                                    DptPanel panel,
                                    guint node,
                                    DptVerdict *verdict);
const DptHingeBundle *dpt_hinge_model_get_bundles (DptHingeModel *self,
                                                   DptPanel panel,
                                                   guint row,
                                                   guint *n_bundles);

/* Pairs and rows. */
guint
dpt_hinge_model_find_pair (DptHingeModel *self, DptPanel panel, guint node);
guint
dpt_hinge_model_get_leaf (DptHingeModel *self, DptPanel panel, guint pair);
guint
dpt_hinge_model_find_row (DptHingeModel *self, DptPanel panel, guint pair);
guint dpt_hinge_model_find_counterpart_row (DptHingeModel *self,
                                            DptPanel panel,
                                            guint row);

/* Filter. */
gboolean dpt_hinge_model_set_text (DptHingeModel *self,
                                   const char *text,
                                   gboolean is_regex,
                                   GError **error);
void dpt_hinge_model_set_hidden (DptHingeModel *self, guint verdicts);
guint dpt_hinge_model_get_n_hidden (DptHingeModel *self);

/* Differences, in reading order: as on the left, then what is only right. */
guint dpt_hinge_model_get_n_differences (DptHingeModel *self);
guint dpt_hinge_model_get_difference_index (DptHingeModel *self, guint pair);
guint
dpt_hinge_model_step_difference (DptHingeModel *self, guint pair, int step);
guint dpt_hinge_model_find_first_difference (DptHingeModel *self);
guint dpt_hinge_model_get_order (DptHingeModel *self, guint pair);

gboolean dpt_hinge_bundle_get_worst (const DptHingeBundle *self,
                                     DptVerdict *verdict);

G_END_DECLS
