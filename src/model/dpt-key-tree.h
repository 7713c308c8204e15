/* dpt-key-tree.h - the keys of a checkpoint as a tree of scopes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-checkpoint.h"

G_BEGIN_DECLS

#define DPT_TYPE_KEY_TREE (dpt_key_tree_get_type ())
G_DECLARE_FINAL_TYPE (DptKeyTree, dpt_key_tree, DPT, KEY_TREE, GObject)

/* For "no entry", "no parent", "no row". */
#define DPT_KEY_TREE_NONE G_MAXUINT

/* A scope, a key, or both at once (`w` beside `w/Momentum`).  Nodes stand in
 * preorder: the descendants of node i are i + 1 .. end - 1. */
typedef struct
{
  const char *name; /* what a row shows: valid UTF-8, unescaped */
  guint parent;     /* NONE for the root */
  guint end;        /* one past the last descendant */
  guint depth;      /* the root has 0 */
  guint first_leaf; /* its keys are first_leaf .. end_leaf - 1 */
  guint end_leaf;
  guint entry; /* index in the checkpoint, or NONE for a scope alone */
} DptKeyTreeNode;

DptKeyTree *
dpt_key_tree_new (DptCheckpoint *checkpoint) G_GNUC_WARN_UNUSED_RESULT;
DptKeyTree *
dpt_key_tree_new_flat (DptKeyTree *scopes) G_GNUC_WARN_UNUSED_RESULT;

DptCheckpoint *dpt_key_tree_get_checkpoint (DptKeyTree *self);
guint dpt_key_tree_get_n_nodes (DptKeyTree *self);
const DptKeyTreeNode *dpt_key_tree_get_node (DptKeyTree *self, guint node);
gboolean dpt_key_tree_is_scope (DptKeyTree *self, guint node);
guint dpt_key_tree_get_n_leaves (DptKeyTree *self);
guint dpt_key_tree_get_leaf_node (DptKeyTree *self, guint leaf);
guint dpt_key_tree_get_leaf_entry (DptKeyTree *self, guint leaf);
guint dpt_key_tree_find_leaf (DptKeyTree *self, guint entry);
char *dpt_key_tree_dup_note (DptKeyTree *self,
                             guint node) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
