/* dpt-hinge-model.c - two trees of keys and the pairs between their rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What it keeps, and what always holds of that, is in
 * dpt-hinge-model-private.h.
 */

#define G_LOG_DOMAIN "dpt-hinge-model"

#include "dpt-hinge-model.h"

#include "dpt-hinge-model-private.h"
#include "dpt-key-match.h"
#include "dpt-memory-source.h"

#define NONE DPT_PAIR_MODEL_NO_ROW

enum
{
  SIGNAL_CHANGED,
  SIGNAL_LISTS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptHingeModel, dpt_hinge_model, G_TYPE_OBJECT)

static void
half_release (DptHingeHalf *half)
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
      DptHingeHalf *half = &self->halves[p];
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
is_leaf_shown (DptHingeModel *self, DptHingeHalf *half, guint leaf)
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
      DptHingeHalf *half = &self->halves[p];
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
update_leaf (DptHingeModel *self, DptHingeHalf *half, guint leaf)
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
  DptHingeHalf *half = &self->halves[panel];
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
  DptHingeHalf *left = &self->halves[DPT_PANEL_LEFT];
  DptHingeHalf *right = &self->halves[DPT_PANEL_RIGHT];
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
      DptHingeHalf *half = &self->halves[p];

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
  DptHingeHalf *half = &self->halves[panel];
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
  DptHingeHalf *half = &self->halves[panel];
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

static void
set_matching (DptHingeHalf *half, DptBitRank *matching)
{
  g_clear_pointer (&half->matching, dpt_bit_rank_free);
  half->matching = matching;
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
 * Returns: %FALSE when @text is no regular expression, or one that takes too
 *   long; the filter is then as it was.
 */
gboolean
dpt_hinge_model_set_text (DptHingeModel *self,
                          const char *text,
                          gboolean is_regex,
                          GError **error)
{
  g_autoptr (DptKeyMatch) match = NULL;
  g_autoptr (DptBitRank) left = NULL;
  g_autoptr (DptBitRank) right = NULL;

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

  if (match != NULL)
    {
      left = dpt_key_match_find (match, self->halves[DPT_PANEL_LEFT].trees[0],
                                 error);
      if (left == NULL)
        return FALSE;
      right = dpt_key_match_find (match, self->halves[DPT_PANEL_RIGHT].trees[0],
                                  error);
      if (right == NULL)
        return FALSE;
    }

  set_matching (&self->halves[DPT_PANEL_LEFT], g_steal_pointer (&left));
  set_matching (&self->halves[DPT_PANEL_RIGHT], g_steal_pointer (&right));
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
