/* dpt-hinge-model-bundles.c - what the keys of a row come to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row stands for one key or, folded, for all of a scope's.  Its verdict is
 * their worst; its bundles are their pairs, one bundle for each row across.
 */

#define G_LOG_DOMAIN "dpt-hinge-model"

#include "dpt-hinge-model-private.h"

static gboolean
worst_of (const guint *counts, DptVerdict *verdict)
{
  for (guint v = DPT_N_VERDICTS; v > 0; v--)
    if (counts[v - 1] > 0)
      {
        *verdict = (DptVerdict) (v - 1);
        return TRUE;
      }
  return FALSE;
}

/* The leaves that a row stands for: all of a folded scope's, else its own. */
static void
get_row_leaves (DptHingeModel *self,
                DptPanel panel,
                guint row,
                guint *first,
                guint *end)
{
  DptTreeList *list = dpt_hinge_model_get_list (self, panel);
  guint index = dpt_tree_list_get_node (list, row);
  const DptKeyTreeNode *node =
      dpt_key_tree_get_node (dpt_tree_list_get_tree (list), index);

  *first = node->first_leaf;
  *end = node->end_leaf;
  if (dpt_tree_list_is_open (list, index))
    *end = *first + (node->entry != DPT_KEY_TREE_NONE);
}

static void
bundle_add (DptHingeBundle *bundle, DptPairModel *pairs, guint pair)
{
  DptVerdict worst;

  bundle->n++;
  if (!dpt_pair_model_is_judged (pairs, pair))
    bundle->n_unjudged++;
  else
    {
      DptVerdict verdict = dpt_pair_model_get_verdict (pairs, pair);

      if (!dpt_hinge_bundle_get_worst (bundle, &worst) || verdict > worst)
        bundle->pair = pair;
      bundle->counts[verdict]++;
    }
}

static GArray *
collect_bundles (DptHingeModel *self, DptPanel panel, guint row)
{
  DptPanel other = DPT_PANEL_OTHER (panel);
  DptHingeHalf *half = &self->halves[panel];
  const guint *rows = dpt_tree_list_get_leaf_rows (
      dpt_hinge_model_get_list (self, other));
  GArray *bundles = g_array_new (FALSE, FALSE, sizeof (DptHingeBundle));
  g_autoptr (GHashTable) by_row = g_hash_table_new (NULL, NULL);
  guint first, end;
  guint at = 0;

  get_row_leaves (self, panel, row, &first, &end);
  for (guint i = half->starts[first]; i < half->starts[end]; i++)
    {
      guint pair = half->pairs_of[i];
      guint leaf = self->halves[other].leaves[pair];
      guint across = leaf != DPT_PAIR_MODEL_NO_ROW ? rows[leaf]
                                                   : DPT_PAIR_MODEL_NO_ROW;

      if (!dpt_bit_rank_get (self->shown, self->places[pair]))
        continue;

      /* Neighbours mostly go the same way. */
      if (bundles->len == 0 ||
          g_array_index (bundles, DptHingeBundle, at).rows[other] != across)
        {
          gpointer known;

          if (g_hash_table_lookup_extended (by_row, GUINT_TO_POINTER (across),
                                            NULL, &known))
            at = GPOINTER_TO_UINT (known);
          else
            {
              DptHingeBundle bundle = { .pair = pair };

              bundle.rows[panel] = row;
              bundle.rows[other] = across;
              at = bundles->len;
              g_array_append_val (bundles, bundle);
              g_hash_table_insert (by_row, GUINT_TO_POINTER (across),
                                   GUINT_TO_POINTER (at));
            }
        }
      bundle_add (&g_array_index (bundles, DptHingeBundle, at), self->pairs,
                  pair);
    }
  return bundles;
}

/**
 * dpt_hinge_model_count:
 * @self: a hinge
 * @panel: left or right
 * @node: a node of that panel's tree
 * @counts: (out) (array fixed-size=8): how many keys in it have each verdict
 */
void
dpt_hinge_model_count (DptHingeModel *self,
                       DptPanel panel,
                       guint node,
                       guint *counts)
{
  DptHingeHalf *half = &self->halves[panel];
  const DptKeyTreeNode *at = dpt_key_tree_get_node (half->trees[self->flat],
                                                    node);

  dpt_verdict_counts_sum (half->counts, at->first_leaf, at->end_leaf, counts);
}

/**
 * dpt_hinge_model_get_worst:
 * @self: a hinge
 * @panel: left or right
 * @node: a node of that panel's tree
 * @verdict: (out): the worst verdict of a key in it
 *
 * Returns: %FALSE while none has a verdict.
 */
gboolean
dpt_hinge_model_get_worst (DptHingeModel *self,
                           DptPanel panel,
                           guint node,
                           DptVerdict *verdict)
{
  guint counts[DPT_N_VERDICTS];

  dpt_hinge_model_count (self, panel, node, counts);
  return worst_of (counts, verdict);
}

/**
 * dpt_hinge_model_get_bundles:
 * @self: a hinge
 * @panel: left or right
 * @row: a row of that panel
 * @n_bundles: (out): how many bundles there are
 *
 * One bundle for each place that the keys of a row go to; the keys of an open
 * scope are rows of their own.
 *
 * Returns: (transfer none) (array length=n_bundles): good until the next
 *   change.
 */
const DptHingeBundle *
dpt_hinge_model_get_bundles (DptHingeModel *self,
                             DptPanel panel,
                             guint row,
                             guint *n_bundles)
{
  DptHingeHalf *half = &self->halves[panel];
  GArray *bundles = g_hash_table_lookup (half->bundles, GUINT_TO_POINTER (row));

  if (bundles == NULL)
    {
      bundles = collect_bundles (self, panel, row);
      g_hash_table_insert (half->bundles, GUINT_TO_POINTER (row), bundles);
    }
  *n_bundles = bundles->len;
  return (const DptHingeBundle *) bundles->data;
}

/**
 * dpt_hinge_bundle_get_worst:
 * @self: a bundle
 * @verdict: (out): the worst verdict of its pairs
 *
 * Returns: %FALSE while none of them has a verdict.
 */
gboolean
dpt_hinge_bundle_get_worst (const DptHingeBundle *self, DptVerdict *verdict)
{
  return worst_of (self->counts, verdict);
}
