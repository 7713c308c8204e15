/* dpt-pair-sentence.c - what is to be said of a pair, before any table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-pair-sentence"

#include "dpt-pair-sentence.h"

static const DptCheckpointEntry *
get_entry (DptPairModel *pairs, guint pair, gboolean left)
{
  DptMapping *mapping = dpt_pair_model_get_mapping (pairs);
  DptCheckpoint *checkpoint = left ? dpt_mapping_get_left (mapping)
                                   : dpt_mapping_get_right (mapping);
  guint entry = left ? dpt_pair_model_get_left_entry (pairs, pair)
                     : dpt_pair_model_get_right_entry (pairs, pair);

  return entry != DPT_PAIR_MODEL_NO_ROW
             ? dpt_checkpoint_get_entry (checkpoint, entry)
             : NULL;
}

/* What the verdict alone tells, for as long as the values are not looked at:
 * how many differ and by how much, but not what these have in common. */
static DptTensorAnalysis
analyse_result (const DptPairResult *result,
                const DptCheckpointEntry *left,
                const DptCheckpointEntry *right)
{
  gboolean identical = result->verdict == DPT_VERDICT_IDENTICAL;

  return (DptTensorAnalysis){
    .has_left = TRUE,
    .has_right = TRUE,
    .left_dtype = left->dtype,
    .right_dtype = right->dtype,
    .left_shape = left->shape,
    .right_shape = right->shape,
    .has_diff = result->basis == DPT_BASIS_VALUES &&
                (result->diff.has_metrics || left->dtype == right->dtype),
    .diff = result->diff,
    .n_unequal = identical ? 0 : DPT_TENSOR_ANALYSIS_NOT_COUNTED,
    .focus_axis = -1,
  };
}

/**
 * dpt_pair_sentence:
 * @pairs: the pairs
 * @pair: one of them
 * @analysis: (nullable): what its values told, once they were looked at
 *
 * Returns: (transfer full): one or two sentences on how the two differ.
 */
char *
dpt_pair_sentence (DptPairModel *pairs,
                   guint pair,
                   const DptTensorAnalysis *analysis)
{
  const DptPairResult *result = dpt_pair_model_get_result (pairs, pair);
  const DptCheckpointEntry *left = get_entry (pairs, pair, TRUE);
  const DptCheckpointEntry *right = get_entry (pairs, pair, FALSE);
  DptTensorAnalysis known;

  if (left == NULL || right == NULL)
    return g_strdup_printf ("Only on the %s: no key of the other side is its "
                            "counterpart.",
                            left != NULL ? "left" : "right");
  if (!dpt_pair_model_is_judged (pairs, pair) || result == NULL)
    return g_strdup ("Not compared yet.");
  if (result->verdict == DPT_VERDICT_UNREAD)
    return g_strdup (result->error != NULL ? result->error
                                           : "It could not be read.");
  if (analysis != NULL && analysis->has_left && analysis->has_right)
    return dpt_tensor_analysis_dup_sentence (analysis);
  if (result->basis == DPT_BASIS_CHECKSUM)
    return g_strdup ("The stored checksums are equal; the values were not "
                     "read.");
  known = analyse_result (result, left, right);
  return dpt_tensor_analysis_dup_sentence (&known);
}
