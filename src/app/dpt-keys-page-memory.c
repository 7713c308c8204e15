/* dpt-keys-page-memory.c - what stays when the models are read or swapped
 *
 * Chosen keys and unfolded scopes are remembered by their names, for the path
 * of the model that they belong to, so that they survive a reload and follow
 * their side to the other panel.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-keys-page"

#include "dpt-keys-page-private.h"

/* The names from the root down, joined; a key tree splits at the slash. */
static char *
dup_scope_name (DptKeyTree *tree, guint node)
{
  GString *name = g_string_new (NULL);

  for (; node != 0 && node != DPT_KEY_TREE_NONE;
       node = dpt_key_tree_get_node (tree, node)->parent)
    {
      g_string_prepend_c (name, '/');
      g_string_prepend (name, dpt_key_tree_get_node (tree, node)->name);
    }
  return g_string_free (name, FALSE);
}

static void
forget (DptKeysMemory *memory)
{
  g_clear_pointer (&memory->path, g_free);
  g_clear_pointer (&memory->key, g_free);
  g_clear_pointer (&memory->open, g_hash_table_unref);
}

void
_dpt_keys_page_forget (DptKeysPage *self)
{
  for (guint p = 0; p < DPT_N_PANELS; p++)
    forget (&self->memory[p]);
}

/* Remembers the key of each side that belongs to the chosen pair. */
void
_dpt_keys_page_remember_pair (DptKeysPage *self, guint pair)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptKeyTree *tree = dpt_tree_list_get_tree (
          dpt_hinge_model_get_list (self->model, p));
      guint leaf = pair != NO_PAIR
                       ? dpt_hinge_model_get_leaf (self->model, p, pair)
                       : DPT_KEY_TREE_NONE;

      g_clear_pointer (&self->memory[p].key, g_free);
      if (leaf != DPT_KEY_TREE_NONE)
        self->memory[p].key = g_strdup (
            dpt_checkpoint_get_entry (dpt_key_tree_get_checkpoint (tree),
                                      dpt_key_tree_get_leaf_entry (tree, leaf))
                ->key);
    }
}

/* Remembers what is unfolded, before the model goes. */
void
_dpt_keys_page_remember_scopes (DptKeysPage *self)
{
  dpt_hinge_model_set_flat (self->model, FALSE);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptTreeList *list = dpt_hinge_model_get_list (self->model, p);
      DptKeyTree *tree = dpt_tree_list_get_tree (list);
      GHashTable *open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                NULL);

      for (guint node = 1; node < dpt_key_tree_get_n_nodes (tree); node++)
        if (dpt_key_tree_is_scope (tree, node) &&
            dpt_tree_list_is_open (list, node))
          g_hash_table_add (open, dup_scope_name (tree, node));
      g_clear_pointer (&self->memory[p].open, g_hash_table_unref);
      self->memory[p].open = open;
    }
}

static guint
find_pair (DptKeysPage *self, DptPanel panel, const char *key)
{
  DptKeyTree *tree = dpt_tree_list_get_tree (
      dpt_hinge_model_get_list (self->model, panel));
  guint entry, leaf;

  if (key == NULL ||
      !dpt_checkpoint_find (dpt_key_tree_get_checkpoint (tree), key, &entry))
    return NO_PAIR;
  leaf = dpt_key_tree_find_leaf (tree, entry);
  return leaf != DPT_KEY_TREE_NONE
             ? dpt_hinge_model_find_pair (self->model, panel,
                                          dpt_key_tree_get_leaf_node (tree,
                                                                      leaf))
             : NO_PAIR;
}

static void
restore_scopes (DptKeysPage *self, DptPanel panel, GHashTable *open)
{
  DptTreeList *list = dpt_hinge_model_get_list (self->model, panel);
  DptKeyTree *tree = dpt_tree_list_get_tree (list);

  dpt_tree_list_set_all_open (list, FALSE);
  for (guint node = 1; node < dpt_key_tree_get_n_nodes (tree); node++)
    if (dpt_key_tree_is_scope (tree, node))
      {
        g_autofree char *name = dup_scope_name (tree, node);

        if (g_hash_table_contains (open, name))
          dpt_tree_list_set_open (list, node, TRUE);
      }
}

/* Unfolds in a new model what was unfolded in the one before it, and gives the
 * pair that was chosen there, or NO_PAIR; then remembers for the new one. */
guint
_dpt_keys_page_restore (DptKeysPage *self)
{
  DptKeysMemory old[DPT_N_PANELS];
  guint pair = NO_PAIR;

  for (guint p = 0; p < DPT_N_PANELS; p++)
    old[p] = self->memory[p];
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      const char *path = dpt_side_get_path (_dpt_keys_page_get_side (self, p));
      DptPanel from = g_strcmp0 (path, old[p].path) == 0 ? p
                                                         : DPT_PANEL_OTHER (p);

      self->memory[p] = (DptKeysMemory){ .path = g_strdup (path) };
      if (path == NULL || g_strcmp0 (path, old[from].path) != 0)
        continue;
      if (old[from].open != NULL)
        restore_scopes (self, p, old[from].open);
      if (pair == NO_PAIR && dpt_hinge_model_get_pairs (self->model) != NULL)
        pair = find_pair (self, p, old[from].key);
    }
  for (guint p = 0; p < DPT_N_PANELS; p++)
    forget (&old[p]);
  return pair;
}
