/* dpt-tree-list.c - the visible rows of a key tree as a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: bit i of `visible` says that node i is a row, so a row number is
 * a rank and a node is found by selecting; the root is never a row.  A node is
 * visible iff the filter shows a leaf in its range and every scope above it,
 * the root excepted, is open.  `open` holds the folds in force: those the
 * user made, or, while searching, a second set that begins all open and is
 * forgotten afterwards.
 */

#define G_LOG_DOMAIN "dpt-tree-list"

#include "dpt-tree-list.h"

struct _DptTreeItem
{
  GObject parent_instance;

  guint node;
  GHashTable *siblings; /* the living items of its list, by node */
};

struct _DptTreeList
{
  GObject parent_instance;

  DptKeyTree *tree;
  DptBitRank *visible;
  DptBitRank *open;
  DptBitRank *kept_open; /* (nullable) the user's folds while searching */
  DptBitRank *shown;     /* (nullable) leaves; NULL shows all */
  GHashTable *items;     /* node to its living DptTreeItem, unowned */
  guint *leaf_rows;      /* by leaf; out of date unless leaf_rows_fresh */
  gboolean leaf_rows_fresh;
};

enum
{
  SIGNAL_LAYOUT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptTreeItem, dpt_tree_item, G_TYPE_OBJECT)

static void
dpt_tree_item_dispose (GObject *object)
{
  DptTreeItem *self = DPT_TREE_ITEM (object);

  if (self->siblings != NULL)
    g_hash_table_remove (self->siblings, GUINT_TO_POINTER (self->node));
  g_clear_pointer (&self->siblings, g_hash_table_unref);

  G_OBJECT_CLASS (dpt_tree_item_parent_class)->dispose (object);
}

static void
dpt_tree_item_class_init (DptTreeItemClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dpt_tree_item_dispose;
}

static void
dpt_tree_item_init (DptTreeItem *self)
{
}

/**
 * dpt_tree_item_get_node:
 * @self: a row's object
 *
 * Returns: its node in the tree.
 */
guint
dpt_tree_item_get_node (DptTreeItem *self)
{
  return self->node;
}

static GType
dpt_tree_list_get_item_type (GListModel *model)
{
  return DPT_TYPE_TREE_ITEM;
}

static guint
dpt_tree_list_get_n_items (GListModel *model)
{
  return dpt_tree_list_get_n_rows (DPT_TREE_LIST (model));
}

static gpointer
dpt_tree_list_get_item (GListModel *model, guint position)
{
  DptTreeList *self = DPT_TREE_LIST (model);
  guint node = dpt_tree_list_get_node (self, position);
  DptTreeItem *item;

  if (node == DPT_KEY_TREE_NONE)
    return NULL;

  item = g_hash_table_lookup (self->items, GUINT_TO_POINTER (node));
  if (item != NULL)
    return g_object_ref (item);

  item = g_object_new (DPT_TYPE_TREE_ITEM, NULL);
  item->node = node;
  item->siblings = g_hash_table_ref (self->items);
  g_hash_table_insert (self->items, GUINT_TO_POINTER (node), item);
  return item;
}

static void
dpt_tree_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = dpt_tree_list_get_item_type;
  iface->get_n_items = dpt_tree_list_get_n_items;
  iface->get_item = dpt_tree_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (
    DptTreeList,
    dpt_tree_list,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, dpt_tree_list_list_model_init))

static void
dpt_tree_list_finalize (GObject *object)
{
  DptTreeList *self = DPT_TREE_LIST (object);

  g_clear_object (&self->tree);
  g_clear_pointer (&self->visible, dpt_bit_rank_free);
  g_clear_pointer (&self->open, dpt_bit_rank_free);
  g_clear_pointer (&self->kept_open, dpt_bit_rank_free);
  g_clear_pointer (&self->shown, dpt_bit_rank_free);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_free (self->leaf_rows);

  G_OBJECT_CLASS (dpt_tree_list_parent_class)->finalize (object);
}

static void
dpt_tree_list_class_init (DptTreeListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_tree_list_finalize;

  signals[SIGNAL_LAYOUT_CHANGED] = g_signal_new ("layout-changed",
                                                 G_TYPE_FROM_CLASS (klass),
                                                 G_SIGNAL_RUN_LAST, 0, NULL,
                                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
dpt_tree_list_init (DptTreeList *self)
{
  self->items = g_hash_table_new (NULL, NULL);
}

static gboolean
is_open (DptTreeList *self, guint node)
{
  return node == 0 || dpt_bit_rank_get (self->open, node);
}

/* Says of the nodes `first` .. `end` - 1, whose parents are all visible and
 * open or lie in the range, which are rows. */
static void
lay_out_range (DptTreeList *self, DptBitRank *visible, guint first, guint end)
{
  dpt_bit_rank_fill (visible, first, end, FALSE);
  for (guint node = first; node < end;)
    {
      guint after = dpt_key_tree_get_node (self->tree, node)->end;

      if (dpt_tree_list_count_shown (self, node) == 0)
        {
          node = after;
          continue;
        }
      dpt_bit_rank_set (visible, node, TRUE);
      node = is_open (self, node) ? node + 1 : after;
    }
}

static void
announce (DptTreeList *self, guint row, guint removed, guint added)
{
  self->leaf_rows_fresh = FALSE;
  if (removed > 0 || added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), row, removed, added);
  g_signal_emit (self, signals[SIGNAL_LAYOUT_CHANGED], 0);
}

/* Lays out everything afresh and tells of the rows between the first and the
 * last that differ. */
static void
lay_out_all (DptTreeList *self)
{
  guint n = dpt_key_tree_get_n_nodes (self->tree);
  g_autoptr (DptBitRank) before = g_steal_pointer (&self->visible);
  guint first, last;

  self->visible = dpt_bit_rank_new (n);
  lay_out_range (self, self->visible, 1, n);

  if (dpt_bit_rank_differ (before, self->visible, &first, &last))
    {
      guint row = dpt_bit_rank_rank (before, first);

      announce (self, row, dpt_bit_rank_rank (before, last + 1) - row,
                dpt_bit_rank_rank (self->visible, last + 1) - row);
    }
  else
    announce (self, 0, 0, 0);
}

/**
 * dpt_tree_list_new:
 * @tree: the tree
 *
 * Returns: (transfer full): its rows, every scope folded.
 */
DptTreeList *
dpt_tree_list_new (DptKeyTree *tree)
{
  DptTreeList *self = g_object_new (DPT_TYPE_TREE_LIST, NULL);
  guint n = dpt_key_tree_get_n_nodes (tree);

  self->tree = g_object_ref (tree);
  self->open = dpt_bit_rank_new (n);
  self->visible = dpt_bit_rank_new (n);
  self->leaf_rows = g_new (guint, dpt_key_tree_get_n_leaves (tree) + 1);
  lay_out_range (self, self->visible, 1, n);
  return self;
}

/**
 * dpt_tree_list_get_tree:
 * @self: a list
 *
 * Returns: (transfer none): whose rows these are.
 */
DptKeyTree *
dpt_tree_list_get_tree (DptTreeList *self)
{
  return self->tree;
}

/**
 * dpt_tree_list_get_n_rows:
 * @self: a list
 *
 * Returns: how many rows are visible.
 */
guint
dpt_tree_list_get_n_rows (DptTreeList *self)
{
  return dpt_bit_rank_count (self->visible);
}

/**
 * dpt_tree_list_get_node:
 * @self: a list
 * @row: a row
 *
 * Returns: its node, or %DPT_KEY_TREE_NONE past the end.
 */
guint
dpt_tree_list_get_node (DptTreeList *self, guint row)
{
  guint node;

  return dpt_bit_rank_select (self->visible, row, &node) ? node
                                                         : DPT_KEY_TREE_NONE;
}

/**
 * dpt_tree_list_find_node:
 * @self: a list
 * @node: a node of the tree
 *
 * Returns: its row, or %DPT_KEY_TREE_NONE while it is not visible.
 */
guint
dpt_tree_list_find_node (DptTreeList *self, guint node)
{
  return dpt_bit_rank_get (self->visible, node)
             ? dpt_bit_rank_rank (self->visible, node)
             : DPT_KEY_TREE_NONE;
}

/**
 * dpt_tree_list_find_leaf:
 * @self: a list
 * @leaf: a key, in the order of the tree
 *
 * Returns: the row of the key, or of the innermost visible scope in which it
 *   is folded away, or %DPT_KEY_TREE_NONE when the filter hides it.
 */
guint
dpt_tree_list_find_leaf (DptTreeList *self, guint leaf)
{
  guint node = dpt_key_tree_get_leaf_node (self->tree, leaf);

  if (!dpt_tree_list_is_leaf_shown (self, leaf))
    return DPT_KEY_TREE_NONE;
  while (!dpt_bit_rank_get (self->visible, node))
    node = dpt_key_tree_get_node (self->tree, node)->parent;
  return dpt_bit_rank_rank (self->visible, node);
}

/**
 * dpt_tree_list_get_leaf_rows:
 * @self: a list
 *
 * All answers of dpt_tree_list_find_leaf() at once, in one pass that is made
 * when something has changed.
 *
 * Returns: (transfer none): a row for each leaf, good until the next change.
 */
const guint *
dpt_tree_list_get_leaf_rows (DptTreeList *self)
{
  guint n_nodes = dpt_key_tree_get_n_nodes (self->tree);
  guint n_leaves = dpt_key_tree_get_n_leaves (self->tree);
  guint row = 0;

  if (self->leaf_rows_fresh)
    return self->leaf_rows;

  for (guint leaf = 0; leaf < n_leaves; leaf++)
    self->leaf_rows[leaf] = DPT_KEY_TREE_NONE;

  for (guint at = 1; at < n_nodes;)
    {
      const DptKeyTreeNode *node = dpt_key_tree_get_node (self->tree, at);
      gboolean open = is_open (self, at);
      guint end = node->end_leaf;

      if (!dpt_bit_rank_get (self->visible, at))
        {
          at = node->end;
          continue;
        }
      if (open)
        end = node->first_leaf + (node->entry != DPT_KEY_TREE_NONE);
      for (guint leaf = node->first_leaf; leaf < end; leaf++)
        if (dpt_tree_list_is_leaf_shown (self, leaf))
          self->leaf_rows[leaf] = row;
      row++;
      at = open ? at + 1 : node->end;
    }
  self->leaf_rows_fresh = TRUE;
  return self->leaf_rows;
}

/**
 * dpt_tree_list_is_open:
 * @self: a list
 * @node: a node of the tree
 *
 * Returns: whether it is a scope that shows its members.
 */
gboolean
dpt_tree_list_is_open (DptTreeList *self, guint node)
{
  return dpt_key_tree_is_scope (self->tree, node) && is_open (self, node);
}

/**
 * dpt_tree_list_set_open:
 * @self: a list
 * @node: a scope, visible or not
 * @open: whether it shows its members
 */
void
dpt_tree_list_set_open (DptTreeList *self, guint node, gboolean open)
{
  guint end = dpt_key_tree_get_node (self->tree, node)->end;
  guint row, removed;

  if (node == 0 || end == node + 1 || is_open (self, node) == open)
    return;

  dpt_bit_rank_set (self->open, node, open);
  if (!dpt_bit_rank_get (self->visible, node))
    return;

  row = dpt_bit_rank_rank (self->visible, node + 1);
  removed = dpt_bit_rank_rank (self->visible, end) - row;
  if (open)
    lay_out_range (self, self->visible, node + 1, end);
  else
    dpt_bit_rank_fill (self->visible, node + 1, end, FALSE);
  announce (self, row, removed, dpt_bit_rank_rank (self->visible, end) - row);
}

/**
 * dpt_tree_list_set_all_open:
 * @self: a list
 * @open: whether every scope shows its members
 */
void
dpt_tree_list_set_all_open (DptTreeList *self, gboolean open)
{
  dpt_bit_rank_fill (self->open, 0, dpt_bit_rank_get_n_bits (self->open), open);
  lay_out_all (self);
}

/**
 * dpt_tree_list_reveal_leaf:
 * @self: a list
 * @leaf: a key, in the order of the tree
 *
 * Opens every scope above it.
 *
 * Returns: its row, or %DPT_KEY_TREE_NONE when the filter hides it.
 */
guint
dpt_tree_list_reveal_leaf (DptTreeList *self, guint leaf)
{
  guint node = dpt_key_tree_get_leaf_node (self->tree, leaf);
  guint folded = DPT_KEY_TREE_NONE;

  /* Inner scopes first, while they are out of sight and cost nothing. */
  for (guint at = dpt_key_tree_get_node (self->tree, node)->parent; at != 0;
       at = dpt_key_tree_get_node (self->tree, at)->parent)
    {
      if (is_open (self, at))
        continue;
      if (dpt_bit_rank_get (self->visible, at))
        folded = at;
      else
        dpt_bit_rank_set (self->open, at, TRUE);
    }
  if (folded != DPT_KEY_TREE_NONE)
    dpt_tree_list_set_open (self, folded, TRUE);
  return dpt_tree_list_find_node (self, node);
}

/**
 * dpt_tree_list_set_searching:
 * @self: a list
 * @searching: whether the rows are what was found
 *
 * While searching everything begins open, so that no hit is folded away;
 * afterwards the folds are again as they were.
 */
void
dpt_tree_list_set_searching (DptTreeList *self, gboolean searching)
{
  guint n = dpt_key_tree_get_n_nodes (self->tree);

  if (searching == (self->kept_open != NULL))
    return;

  if (searching)
    {
      self->kept_open = g_steal_pointer (&self->open);
      self->open = dpt_bit_rank_new (n);
      dpt_bit_rank_fill (self->open, 0, n, TRUE);
    }
  else
    {
      dpt_bit_rank_free (self->open);
      self->open = g_steal_pointer (&self->kept_open);
    }
  lay_out_all (self);
}

/**
 * dpt_tree_list_set_shown:
 * @self: a list
 * @shown: (transfer full) (nullable): the leaves to show, or %NULL for all
 */
void
dpt_tree_list_set_shown (DptTreeList *self, DptBitRank *shown)
{
  g_return_if_fail (shown == NULL ||
                    dpt_bit_rank_get_n_bits (shown) ==
                        dpt_key_tree_get_n_leaves (self->tree));

  dpt_bit_rank_free (self->shown);
  self->shown = shown;
  lay_out_all (self);
}

/**
 * dpt_tree_list_is_leaf_shown:
 * @self: a list
 * @leaf: a key, in the order of the tree
 *
 * Returns: whether the filter lets it through.
 */
gboolean
dpt_tree_list_is_leaf_shown (DptTreeList *self, guint leaf)
{
  return self->shown == NULL || dpt_bit_rank_get (self->shown, leaf);
}

/**
 * dpt_tree_list_count_shown:
 * @self: a list
 * @node: a node of the tree
 *
 * Returns: how many keys in it the filter lets through.
 */
guint
dpt_tree_list_count_shown (DptTreeList *self, guint node)
{
  const DptKeyTreeNode *at = dpt_key_tree_get_node (self->tree, node);

  if (self->shown == NULL)
    return at->end_leaf - at->first_leaf;
  return dpt_bit_rank_rank (self->shown, at->end_leaf) -
         dpt_bit_rank_rank (self->shown, at->first_leaf);
}

/**
 * dpt_tree_list_get_n_hidden:
 * @self: a list
 *
 * Returns: how many keys the filter hides.
 */
guint
dpt_tree_list_get_n_hidden (DptTreeList *self)
{
  return dpt_key_tree_get_n_leaves (self->tree) -
         dpt_tree_list_count_shown (self, 0);
}
