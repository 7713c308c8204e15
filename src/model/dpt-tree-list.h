/* dpt-tree-list.h - the visible rows of a key tree as a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-bit-rank.h"
#include "dpt-key-tree.h"

G_BEGIN_DECLS

/* One row's object, made when a view asks for it; as long as it lives, its
 * node is shown by the same object. */
#define DPT_TYPE_TREE_ITEM (dpt_tree_item_get_type ())
G_DECLARE_FINAL_TYPE (DptTreeItem, dpt_tree_item, DPT, TREE_ITEM, GObject)

guint dpt_tree_item_get_node (DptTreeItem *self);

/* A GListModel of DptTreeItem: the nodes that are visible because every scope
 * above them is open and the filter shows a key in them.  Main thread only.
 *
 * Row to node and back are O(log n); folding costs no more than the rows that
 * come or go, plus one pass over n / 64 words.
 *
 * signal layout-changed: after items-changed, once the rows are as they will
 *   be: folds, counts or the filter are different now. */
#define DPT_TYPE_TREE_LIST (dpt_tree_list_get_type ())
G_DECLARE_FINAL_TYPE (DptTreeList, dpt_tree_list, DPT, TREE_LIST, GObject)

DptTreeList *dpt_tree_list_new (DptKeyTree *tree) G_GNUC_WARN_UNUSED_RESULT;
DptKeyTree *dpt_tree_list_get_tree (DptTreeList *self);

guint dpt_tree_list_get_n_rows (DptTreeList *self);
guint dpt_tree_list_get_node (DptTreeList *self, guint row);
guint dpt_tree_list_find_node (DptTreeList *self, guint node);
guint dpt_tree_list_find_leaf (DptTreeList *self, guint leaf);
const guint *dpt_tree_list_get_leaf_rows (DptTreeList *self);

gboolean dpt_tree_list_is_open (DptTreeList *self, guint node);
void dpt_tree_list_set_open (DptTreeList *self, guint node, gboolean open);
void dpt_tree_list_set_all_open (DptTreeList *self, gboolean open);
guint dpt_tree_list_reveal_leaf (DptTreeList *self, guint leaf);
void dpt_tree_list_set_searching (DptTreeList *self, gboolean searching);

void dpt_tree_list_set_shown (DptTreeList *self, DptBitRank *shown);
gboolean dpt_tree_list_is_leaf_shown (DptTreeList *self, guint leaf);
guint dpt_tree_list_count_shown (DptTreeList *self, guint node);
guint dpt_tree_list_get_n_hidden (DptTreeList *self);

G_END_DECLS
