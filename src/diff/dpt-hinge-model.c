/* dpt-hinge-model.c - two trees of keys and the pairs between their rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: for each panel, the pairs of leaf l are
 * pairs_of[starts[l]] .. pairs_of[starts[l + 1] - 1]; a bookkeeping leaf has
 * none.  A leaf's verdict is the worst of its pairs, and stands in `counts`.
 * `order` lists the pairs in reading order, `places` is its inverse, and bit p
 * of `differences` says that the pair at place p is shown and not identical.
 * Bundles are worked out when asked for and kept until something changes.
 */

#define G_LOG_DOMAIN "dpt-hinge-model"

#include "dpt-hinge-model.h"

#include "dpt-key-match.h"
#include "dpt-memory-source.h"
#include "dpt-verdict-counts.h"

#define NONE DPT_PAIR_MODEL_NO_ROW

typedef struct
{
  DptKeyTree *trees[2]; /* scopes, flat */
  DptTreeList *lists[2];
  DptVerdictCounts *counts;
  guint *starts; /* by leaf, and one more */
  guint *pairs_of;
  guint *leaves;        /* by pair, or NONE */
  DptBitRank *matching; /* leaves whose name the text matches */
  GHashTable *bundles;  /* row to GArray of DptHingeBundle */
} Half;

struct _DptHingeModel
{
  GObject parent_instance;

  DptPairModel *pairs;
  guint n_pairs;
  gboolean flat;
  Half halves[DPT_N_PANELS];

  guint *order;
  guint *places;
  DptBitRank *shown;       /* by place */
  DptBitRank *differences; /* by place */

  char *text;
  gboolean is_regex;
  guint hidden; /* a bit for each verdict */

  guint idle;
  gboolean filter_stale;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_LISTS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptHingeModel, dpt_hinge_model, G_TYPE_OBJECT)

static void
half_release (Half *half)
{
  for (guint f = 0; f < 2; f++)
    {
      g_clear_object (&half->trees[f]);
      g_clear_object (&half->lists[f]);
    }
  g_clear_pointer (&half->counts, dpt_verdict_counts_free);
  g_clear_pointer (&half->starts, g_free);
  g_clear_pointer (&half->pairs_of, g_free);
  g_clear_pointer (&half->leaves, g_free);
  g_clear_pointer (&half->matching, dpt_bit_rank_free);
  g_clear_pointer (&half->bundles, g_hash_table_unref);
}

static void
dpt_hinge_model_finalize (GObject *object)
{
  DptHingeModel *self = DPT_HINGE_MODEL (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->pairs != NULL)
    g_signal_handlers_disconnect_by_data (self->pairs, self);
  for (guint p = 0; p < DPT_N_PANELS; p++)
    half_release (&self->halves[p]);
  g_clear_object (&self->pairs);
  g_free (self->order);
  g_free (self->places);
  g_clear_pointer (&self->shown, dpt_bit_rank_free);
  g_clear_pointer (&self->differences, dpt_bit_rank_free);
  g_free (self->text);

  G_OBJECT_CLASS (dpt_hinge_model_parent_class)->finalize (object);
}

static void
dpt_hinge_model_class_init (DptHingeModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_hinge_model_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LISTS_CHANGED] = g_signal_new ("lists-changed",
                                                G_TYPE_FROM_CLASS (klass),
                                                G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 0);
}

static void
dpt_hinge_model_init (DptHingeModel *self)
{
}

static gboolean
is_hidden (DptHingeModel *self, guint pair)
{
  return dpt_pair_model_is_judged (self->pairs, pair) &&
         (self->hidden >> dpt_pair_model_get_verdict (self->pairs, pair)) & 1;
}

static gboolean
is_matching (DptHingeModel *self, guint pair)
{
  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      Half *half = &self->halves[p];
      guint leaf = half->leaves[pair];

      if (leaf != NONE &&
          (half->matching == NULL || dpt_bit_rank_get (half->matching, leaf)))
        return TRUE;
    }
  return FALSE;
}

static void
forget_bundles (DptHingeModel *self)
{
  for (guint p = 0; p < DPT_N_PANELS; p++)
    g_hash_table_remove_all (self->halves[p].bundles);
}

static void
announce (DptHingeModel *self)
{
  forget_bundles (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
layout_changed_cb (DptHingeModel *self)
{
  announce (self);
}

static void
update_pair (DptHingeModel *self, guint pair, gboolean shown)
{
  guint place = self->places[pair];
  gboolean differs = dpt_pair_model_is_judged (self->pairs, pair) &&
                     dpt_pair_model_get_verdict (self->pairs, pair) !=
                         DPT_VERDICT_IDENTICAL;

  dpt_bit_rank_set (self->shown, place, shown);
  dpt_bit_rank_set (self->differences, place, shown && differs);
}

/* A bookkeeping key has no verdict of its own: it stays with what is
 * identical, the quiet part of the list. */
static gboolean
is_leaf_shown (DptHingeModel *self, Half *half, guint leaf)
{
  guint start = half->starts[leaf];
  guint end = half->starts[leaf + 1];

  if (start == end)
    return (half->matching == NULL ||
            dpt_bit_rank_get (half->matching, leaf)) &&
           !(self->hidden & (1 << DPT_VERDICT_IDENTICAL));

  for (guint i = start; i < end; i++)
    if (dpt_bit_rank_get (self->shown, self->places[half->pairs_of[i]]))
      return TRUE;
  return FALSE;
}

static void
filter_rows (DptHingeModel *self)
{
  gboolean all = self->text == NULL && self->hidden == 0;

  self->filter_stale = FALSE;
  for (guint pair = 0; pair < self->n_pairs; pair++)
    update_pair (self, pair,
                 all || (!is_hidden (self, pair) && is_matching (self, pair)));

  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      Half *half = &self->halves[p];
      guint n = dpt_key_tree_get_n_leaves (half->trees[0]);
      DptBitRank *shown = NULL;

      if (!all)
        {
          shown = dpt_bit_rank_new (n);
          for (guint leaf = 0; leaf < n; leaf++)
            if (is_leaf_shown (self, half, leaf))
              dpt_bit_rank_set (shown, leaf, TRUE);
        }
      g_signal_handlers_block_by_func (half->lists[self->flat],
                                       layout_changed_cb, self);
      dpt_tree_list_set_shown (half->lists[self->flat], shown);
      dpt_tree_list_set_searching (half->lists[self->flat], self->text != NULL);
      g_signal_handlers_unblock_by_func (half->lists[self->flat],
                                         layout_changed_cb, self);
    }
  forget_bundles (self);
}

static void
apply_filter (DptHingeModel *self)
{
  filter_rows (self);
  announce (self);
}

static gboolean
idle_cb (gpointer user_data)
{
  DptHingeModel *self = user_data;

  self->idle = 0;
  if (self->filter_stale)
    apply_filter (self);
  else
    announce (self);
  return G_SOURCE_REMOVE;
}

/* The verdict of a leaf is the worst that any of its pairs has. */
static void
update_leaf (DptHingeModel *self, Half *half, guint leaf)
{
  gboolean judged = FALSE;
  DptVerdict worst = DPT_VERDICT_IDENTICAL;

  for (guint i = half->starts[leaf]; i < half->starts[leaf + 1]; i++)
    {
      guint pair = half->pairs_of[i];

      if (!dpt_pair_model_is_judged (self->pairs, pair))
        continue;
      judged = TRUE;
      worst = MAX (worst, dpt_pair_model_get_verdict (self->pairs, pair));
    }

  if (judged)
    dpt_verdict_counts_set (half->counts, leaf, worst);
  else
    dpt_verdict_counts_unset (half->counts, leaf);
}

static void
verdicts_changed_cb (DptHingeModel *self, guint first, guint n)
{
  for (guint pair = first; pair < first + n; pair++)
    {
      for (guint p = 0; p < DPT_N_PANELS; p++)
        if (self->halves[p].leaves[pair] != NONE)
          update_leaf (self, &self->halves[p], self->halves[p].leaves[pair]);

      /* Whether a row comes or goes is settled once for all that arrive. */
      if (self->hidden != 0)
        self->filter_stale = TRUE;
      else
        update_pair (self, pair,
                     dpt_bit_rank_get (self->shown, self->places[pair]));
    }

  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 10, idle_cb, self,
                                  NULL);
}

static guint
get_entry (DptHingeModel *self, DptPanel panel, guint pair)
{
  return panel == DPT_PANEL_LEFT
             ? dpt_pair_model_get_left_entry (self->pairs, pair)
             : dpt_pair_model_get_right_entry (self->pairs, pair);
}

/* Sorts the pairs of a panel by leaf: count, then place. */
static void
build_half (DptHingeModel *self, DptPanel panel, DptCheckpoint *checkpoint)
{
  Half *half = &self->halves[panel];
  guint n_leaves;
  g_autofree guint *next = NULL;

  half->trees[0] = dpt_key_tree_new (checkpoint);
  half->lists[0] = dpt_tree_list_new (half->trees[0]);
  g_signal_connect_swapped (half->lists[0], "layout-changed",
                            G_CALLBACK (layout_changed_cb), self);
  half->bundles = g_hash_table_new_full (NULL, NULL, NULL,
                                         (GDestroyNotify) g_array_unref);
  n_leaves = dpt_key_tree_get_n_leaves (half->trees[0]);
  half->counts = dpt_verdict_counts_new (n_leaves);
  half->starts = g_new0 (guint, n_leaves + 2);
  half->leaves = g_new (guint, self->n_pairs + 1);
  half->pairs_of = g_new (guint, self->n_pairs + 1);

  for (guint pair = 0; pair < self->n_pairs; pair++)
    {
      guint entry = get_entry (self, panel, pair);

      half->leaves[pair] = entry != NONE
                               ? dpt_key_tree_find_leaf (half->trees[0], entry)
                               : NONE;
      if (entry != NONE)
        half->starts[half->leaves[pair] + 1]++;
    }
  for (guint leaf = 0; leaf < n_leaves; leaf++)
    half->starts[leaf + 1] += half->starts[leaf];

  next = g_memdup2 (half->starts, (n_leaves + 1) * sizeof (guint));
  for (guint pair = 0; pair < self->n_pairs; pair++)
    if (half->leaves[pair] != NONE)
      half->pairs_of[next[half->leaves[pair]]++] = pair;
  for (guint leaf = 0; leaf < n_leaves; leaf++)
    update_leaf (self, half, leaf);
}

/* Reading order: the left keys as their tree shows them, then the right keys
 * that have no counterpart. */
static void
build_order (DptHingeModel *self)
{
  Half *left = &self->halves[DPT_PANEL_LEFT];
  Half *right = &self->halves[DPT_PANEL_RIGHT];
  guint n_left = dpt_key_tree_get_n_leaves (left->trees[0]);
  guint n_right = dpt_key_tree_get_n_leaves (right->trees[0]);
  guint place = 0;

  self->order = g_new (guint, self->n_pairs + 1);
  self->places = g_new (guint, self->n_pairs + 1);

  for (guint i = 0; i < left->starts[n_left]; i++)
    self->order[place++] = left->pairs_of[i];
  for (guint i = 0; i < right->starts[n_right]; i++)
    if (left->leaves[right->pairs_of[i]] == NONE)
      self->order[place++] = right->pairs_of[i];
  for (guint i = 0; i < place; i++)
    self->places[self->order[i]] = i;
}

/**
 * dpt_hinge_model_new:
 * @pairs: the pairs of two checkpoints, judged or not
 *
 * Returns: (transfer full): both trees, folded, with all pairs between them.
 */
DptHingeModel *
dpt_hinge_model_new (DptPairModel *pairs)
{
  DptHingeModel *self = g_object_new (DPT_TYPE_HINGE_MODEL, NULL);
  DptMapping *mapping = dpt_pair_model_get_mapping (pairs);

  self->pairs = g_object_ref (pairs);
  self->n_pairs = g_list_model_get_n_items (G_LIST_MODEL (pairs));
  build_half (self, DPT_PANEL_LEFT, dpt_mapping_get_left (mapping));
  build_half (self, DPT_PANEL_RIGHT, dpt_mapping_get_right (mapping));
  build_order (self);
  self->shown = dpt_bit_rank_new (self->n_pairs);
  self->differences = dpt_bit_rank_new (self->n_pairs);
  for (guint pair = 0; pair < self->n_pairs; pair++)
    update_pair (self, pair, TRUE);

  g_signal_connect_swapped (pairs, "verdicts-changed",
                            G_CALLBACK (verdicts_changed_cb), self);
  return self;
}

/**
 * dpt_hinge_model_new_single:
 * @checkpoint: the keys of the one side that is open
 * @panel: which side that is
 *
 * Returns: (transfer full): one tree, without pairs; nothing is across.
 */
DptHingeModel *
dpt_hinge_model_new_single (DptCheckpoint *checkpoint, DptPanel panel)
{
  DptHingeModel *self = g_object_new (DPT_TYPE_HINGE_MODEL, NULL);
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));
  g_autoptr (DptCheckpoint) none = dpt_checkpoint_builder_end (builder);

  build_half (self, panel, checkpoint);
  build_half (self, DPT_PANEL_OTHER (panel), none);
  build_order (self);
  self->shown = dpt_bit_rank_new (0);
  self->differences = dpt_bit_rank_new (0);
  return self;
}

/**
 * dpt_hinge_model_get_pairs:
 * @self: a hinge
 *
 * Returns: (transfer none) (nullable): the pairs it joins, or %NULL when only
 *   one side is open.
 */
DptPairModel *
dpt_hinge_model_get_pairs (DptHingeModel *self)
{
  return self->pairs;
}

/**
 * dpt_hinge_model_is_flat:
 * @self: a hinge
 *
 * Returns: whether keys stand by their whole names, without scopes.
 */
gboolean
dpt_hinge_model_is_flat (DptHingeModel *self)
{
  return self->flat;
}

/**
 * dpt_hinge_model_set_flat:
 * @self: a hinge
 * @flat: whether keys stand by their whole names, without scopes
 */
void
dpt_hinge_model_set_flat (DptHingeModel *self, gboolean flat)
{
  flat = flat != FALSE;
  if (self->flat == flat)
    return;

  self->flat = flat;
  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      Half *half = &self->halves[p];

      if (half->lists[flat] != NULL)
        continue;
      half->trees[flat] = dpt_key_tree_new_flat (half->trees[0]);
      half->lists[flat] = dpt_tree_list_new (half->trees[flat]);
      g_signal_connect_swapped (half->lists[flat], "layout-changed",
                                G_CALLBACK (layout_changed_cb), self);
    }

  /* Views take the new lists before they are told to look at them again. */
  filter_rows (self);
  g_signal_emit (self, signals[SIGNAL_LISTS_CHANGED], 0);
  announce (self);
}

/**
 * dpt_hinge_model_get_list:
 * @self: a hinge
 * @panel: left or right
 *
 * Returns: (transfer none): the rows of that panel.
 */
DptTreeList *
dpt_hinge_model_get_list (DptHingeModel *self, DptPanel panel)
{
  return self->halves[panel].lists[self->flat];
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
  Half *half = &self->halves[panel];
  const DptKeyTreeNode *at = dpt_key_tree_get_node (half->trees[self->flat],
                                                    node);

  dpt_verdict_counts_sum (half->counts, at->first_leaf, at->end_leaf, counts);
}

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
  Half *half = &self->halves[panel];
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
      guint across = leaf != NONE ? rows[leaf] : NONE;

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
  Half *half = &self->halves[panel];
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
 * dpt_hinge_model_find_pair:
 * @self: a hinge
 * @panel: left or right
 * @node: a node of that panel's tree
 *
 * Returns: the first pair of the node's own key, or %DPT_PAIR_MODEL_NO_ROW for
 *   a scope alone and for bookkeeping.
 */
guint
dpt_hinge_model_find_pair (DptHingeModel *self, DptPanel panel, guint node)
{
  Half *half = &self->halves[panel];
  const DptKeyTreeNode *at = dpt_key_tree_get_node (half->trees[self->flat],
                                                    node);

  if (at->entry == DPT_KEY_TREE_NONE ||
      half->starts[at->first_leaf] == half->starts[at->first_leaf + 1])
    return NONE;
  return half->pairs_of[half->starts[at->first_leaf]];
}

/**
 * dpt_hinge_model_get_leaf:
 * @self: a hinge
 * @panel: left or right
 * @pair: a pair
 *
 * Returns: the pair's key in that panel's trees, or %DPT_KEY_TREE_NONE.
 */
guint
dpt_hinge_model_get_leaf (DptHingeModel *self, DptPanel panel, guint pair)
{
  g_return_val_if_fail (pair < self->n_pairs, NONE);

  return self->halves[panel].leaves[pair];
}

/**
 * dpt_hinge_model_find_row:
 * @self: a hinge
 * @panel: left or right
 * @pair: a pair
 *
 * Returns: the row that shows the pair's key, or the folded scope it is in, or
 *   %DPT_KEY_TREE_NONE when it has none on that side or it is hidden.
 */
guint
dpt_hinge_model_find_row (DptHingeModel *self, DptPanel panel, guint pair)
{
  guint leaf = dpt_hinge_model_get_leaf (self, panel, pair);

  if (leaf == NONE)
    return NONE;
  return dpt_tree_list_find_leaf (dpt_hinge_model_get_list (self, panel), leaf);
}

/**
 * dpt_hinge_model_find_counterpart_row:
 * @self: a hinge
 * @panel: left or right
 * @row: a row of that panel
 *
 * Returns: the row across that holds the counterpart of the first key that
 *   belongs to @row and has one, or %DPT_KEY_TREE_NONE.
 */
guint
dpt_hinge_model_find_counterpart_row (DptHingeModel *self,
                                      DptPanel panel,
                                      guint row)
{
  DptTreeList *list = dpt_hinge_model_get_list (self, panel);
  DptPanel other = DPT_PANEL_OTHER (panel);
  Half *half = &self->halves[panel];
  guint index = dpt_tree_list_get_node (list, row);
  const DptKeyTreeNode *node;

  if (index == DPT_KEY_TREE_NONE)
    return NONE;

  node = dpt_key_tree_get_node (dpt_tree_list_get_tree (list), index);
  for (guint i = half->starts[node->first_leaf];
       i < half->starts[node->end_leaf]; i++)
    {
      guint found = dpt_hinge_model_find_row (self, other, half->pairs_of[i]);

      if (found != NONE)
        return found;
    }
  return NONE;
}

/**
 * dpt_hinge_model_is_shown:
 * @self: a hinge
 * @pair: a pair
 *
 * Returns: whether the filter lets it through.
 */
gboolean
dpt_hinge_model_is_shown (DptHingeModel *self, guint pair)
{
  g_return_val_if_fail (pair < self->n_pairs, FALSE);

  return dpt_bit_rank_get (self->shown, self->places[pair]);
}

/**
 * dpt_hinge_model_set_text:
 * @self: a hinge
 * @text: (nullable): what names must hold; %NULL and "" show all
 * @is_regex: whether @text is a regular expression (case matters), not plain
 *   text (case does not)
 * @error: return location for a #GRegexError
 *
 * A pair is shown when either of its names matches; no scope hides a hit.
 *
 * Returns: %FALSE when @text is no regular expression; the filter is then as
 *   it was.
 */
gboolean
dpt_hinge_model_set_text (DptHingeModel *self,
                          const char *text,
                          gboolean is_regex,
                          GError **error)
{
  g_autoptr (DptKeyMatch) match = NULL;

  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (text, self->text) == 0 && is_regex == self->is_regex)
    return TRUE;
  if (text != NULL)
    {
      match = dpt_key_match_new (text, is_regex, error);
      if (match == NULL)
        return FALSE;
    }

  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      Half *half = &self->halves[p];

      g_clear_pointer (&half->matching, dpt_bit_rank_free);
      if (match != NULL)
        half->matching = dpt_key_match_find (match, half->trees[0]);
    }
  g_free (self->text);
  self->text = g_strdup (text);
  self->is_regex = is_regex;
  apply_filter (self);
  return TRUE;
}

/**
 * dpt_hinge_model_set_hidden:
 * @self: a hinge
 * @verdicts: a bit (1 << verdict) for each verdict that is not shown
 */
void
dpt_hinge_model_set_hidden (DptHingeModel *self, guint verdicts)
{
  if (self->hidden == verdicts)
    return;
  self->hidden = verdicts;
  apply_filter (self);
}

/**
 * dpt_hinge_model_get_n_hidden:
 * @self: a hinge
 *
 * Returns: how many pairs the filter hides; where only one side is open, how
 *   many keys.
 */
guint
dpt_hinge_model_get_n_hidden (DptHingeModel *self)
{
  if (self->pairs == NULL)
    return dpt_tree_list_get_n_hidden (
               dpt_hinge_model_get_list (self, DPT_PANEL_LEFT)) +
           dpt_tree_list_get_n_hidden (
               dpt_hinge_model_get_list (self, DPT_PANEL_RIGHT));
  return self->n_pairs - dpt_bit_rank_count (self->shown);
}

/**
 * dpt_hinge_model_get_n_differences:
 * @self: a hinge
 *
 * Returns: how many pairs are shown and known not to be identical.
 */
guint
dpt_hinge_model_get_n_differences (DptHingeModel *self)
{
  return dpt_bit_rank_count (self->differences);
}

/**
 * dpt_hinge_model_get_difference_index:
 * @self: a hinge
 * @pair: a pair
 *
 * Returns: its number among the differences, from 0, or
 *   %DPT_PAIR_MODEL_NO_ROW when it is none of them.
 */
guint
dpt_hinge_model_get_difference_index (DptHingeModel *self, guint pair)
{
  if (pair >= self->n_pairs ||
      !dpt_bit_rank_get (self->differences, self->places[pair]))
    return NONE;
  return dpt_bit_rank_rank (self->differences, self->places[pair]);
}

/**
 * dpt_hinge_model_step_difference:
 * @self: a hinge
 * @pair: where to start, or %DPT_PAIR_MODEL_NO_ROW for outside the list
 * @step: 1 for the next difference, -1 for the one before
 *
 * Returns: that difference, or %DPT_PAIR_MODEL_NO_ROW when there is none.
 */
guint
dpt_hinge_model_step_difference (DptHingeModel *self, guint pair, int step)
{
  guint n = dpt_bit_rank_count (self->differences);
  guint index = step > 0 ? 0 : n - 1;
  guint place;

  if (pair < self->n_pairs)
    {
      place = self->places[pair];
      index = step > 0 ? dpt_bit_rank_rank (self->differences, place + 1)
                       : dpt_bit_rank_rank (self->differences, place) - 1;
    }
  if (!dpt_bit_rank_select (self->differences, index, &place))
    return NONE;
  return self->order[place];
}

/* How much a pair deserves to be looked at first; 0: not at all. */
static int
get_urgency (DptHingeModel *self, guint pair)
{
  DptVerdict verdict;

  if (!dpt_pair_model_is_judged (self->pairs, pair))
    return 0;
  verdict = dpt_pair_model_get_verdict (self->pairs, pair);
  if (verdict >= DPT_VERDICT_DIFFERENT)
    return 3;
  return verdict == DPT_VERDICT_CLOSE ? 2 : verdict != DPT_VERDICT_IDENTICAL;
}

/**
 * dpt_hinge_model_find_first_difference:
 * @self: a hinge
 *
 * Returns: the pair to look at first: among those that are shown, the first
 *   that is different or worse, else the first that is close, else the first
 *   without a counterpart; %DPT_PAIR_MODEL_NO_ROW when all are identical.
 */
guint
dpt_hinge_model_find_first_difference (DptHingeModel *self)
{
  guint found = NONE;
  int most = 0;

  /* The pairs are asked: what has just been judged is not told yet. */
  for (guint place = 0; place < self->n_pairs && most < 3; place++)
    {
      guint pair = self->order[place];
      int urgency = get_urgency (self, pair);

      if (urgency <= most || !dpt_bit_rank_get (self->shown, place) ||
          is_hidden (self, pair))
        continue;
      most = urgency;
      found = pair;
    }
  return found;
}

/**
 * dpt_hinge_model_get_order:
 * @self: a hinge
 * @pair: a pair
 *
 * Returns: its place in reading order, from 0.
 */
guint
dpt_hinge_model_get_order (DptHingeModel *self, guint pair)
{
  g_return_val_if_fail (pair < self->n_pairs, NONE);

  return self->places[pair];
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
