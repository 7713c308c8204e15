/* dpt-keys-page-selection.c - which pair the Keys page shows as chosen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-keys-page"

#include "dpt-keys-page-private.h"

/* Both rows of a pair: unfolded, chosen and in sight. */
static void
reveal_pair (DptKeysPage *self, guint pair)
{
  self->revealing = TRUE;
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptTreeList *list = dpt_hinge_model_get_list (self->model, p);
      guint leaf = dpt_hinge_model_get_leaf (self->model, p, pair);
      guint row = leaf != DPT_KEY_TREE_NONE
                      ? dpt_tree_list_reveal_leaf (list, leaf)
                      : DPT_KEY_TREE_NONE;

      dpt_key_list_select (self->lists[p], row);
      if (row != DPT_KEY_TREE_NONE)
        dpt_key_list_scroll_to (self->lists[p], row, -1);
    }
  self->revealing = FALSE;
}

void
_dpt_keys_page_show_selected (DptKeysPage *self)
{
  guint pair = _dpt_keys_page_get_selected (self);

  if (self->model == NULL || dpt_hinge_model_get_pairs (self->model) == NULL)
    return;

  /* The choice goes before the pairs do, and comes back with the next ones. */
  if (dpt_hinge_model_get_pairs (self->model) ==
      dpt_workspace_get_pairs (self->workspace))
    _dpt_keys_page_remember_pair (self, pair);
  dpt_hinge_set_selected (self->hinge, pair);
  dpt_pair_details_set_pair (self->pair_details, self->model, pair);
  if (pair != NO_PAIR)
    reveal_pair (self, pair);
  else if (!self->from_page)
    for (guint p = 0; p < DPT_N_PANELS; p++)
      dpt_key_list_select (self->lists[p], DPT_KEY_TREE_NONE);
  _dpt_keys_page_update_bar (self);
}

void
_dpt_keys_page_row_selected_cb (DptKeysPage *self, guint node, DptKeyList *list)
{
  guint pair = NO_PAIR;

  if (self->revealing)
    return;
  if (dpt_hinge_model_get_pairs (self->model) != NULL)
    pair = dpt_hinge_model_find_pair (self->model,
                                      dpt_key_list_get_panel (list), node);

  self->from_page = TRUE;
  dpt_workspace_set_selected (self->workspace, pair);
  self->from_page = FALSE;

  /* A row without a pair has no counterpart either. */
  if (pair == NO_PAIR)
    dpt_key_list_select (self->lists[DPT_PANEL_OTHER (
                             dpt_key_list_get_panel (list))],
                         DPT_KEY_TREE_NONE);
}

void
_dpt_keys_page_row_activated_cb (DptKeysPage *self,
                                 guint node,
                                 DptKeyList *list)
{
  _dpt_keys_page_row_selected_cb (self, node, list);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "tensor");
}

static gboolean
has_focus (DptKeysPage *self, DptPanel panel)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL &&
         gtk_widget_is_ancestor (focus, GTK_WIDGET (self->lists[panel]));
}

/* The keyboard goes to the row of what is chosen, on the side where it is or
 * else where there is such a row; but whoever types goes on typing. */
static void
focus_selected (DptKeysPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  guint pair = _dpt_keys_page_get_selected (self);
  DptPanel panel = has_focus (self, DPT_PANEL_RIGHT) ? DPT_PANEL_RIGHT
                                                     : DPT_PANEL_LEFT;
  guint row;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      GTK_IS_TEXT (gtk_root_get_focus (root)))
    return;
  row = dpt_hinge_model_find_row (self->model, panel, pair);
  if (row == DPT_KEY_TREE_NONE)
    {
      panel = DPT_PANEL_OTHER (panel);
      row = dpt_hinge_model_find_row (self->model, panel, pair);
    }
  if (row != DPT_KEY_TREE_NONE)
    dpt_key_list_focus (self->lists[panel], row);
}

static gboolean
is_anything_chosen (DptKeysPage *self)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    if (dpt_key_list_get_selected (self->lists[p]) != DPT_KEY_TREE_NONE)
      return TRUE;
  return _dpt_keys_page_get_selected (self) != NO_PAIR;
}

/* When all is judged for the first time and nobody has chosen anything yet,
 * the first real difference is: no page opens empty. */
void
_dpt_keys_page_choose_first (DptKeysPage *self)
{
  DptPairModel *pairs = dpt_workspace_get_pairs (self->workspace);
  guint pair;

  if (self->judged || self->model == NULL || pairs == NULL ||
      dpt_workspace_is_comparing (self->workspace) ||
      dpt_pair_model_get_n_unjudged (pairs) > 0)
    return;

  self->judged = TRUE;
  pair = dpt_hinge_model_find_first_difference (self->model);
  if (pair == NO_PAIR || is_anything_chosen (self))
    return;
  dpt_workspace_set_selected (self->workspace, pair);
  if (has_focus (self, DPT_PANEL_LEFT) || has_focus (self, DPT_PANEL_RIGHT))
    focus_selected (self);
}

/**
 * dpt_keys_page_focus_keys:
 * @self: a page
 *
 * The keyboard goes to the keys: to the chosen row, else to the first one on
 * the left; unless an entry has it.
 */
void
dpt_keys_page_focus_keys (DptKeysPage *self)
{
  if (self->model == NULL)
    return;
  if (_dpt_keys_page_get_selected (self) != NO_PAIR)
    focus_selected (self);
  else if (gtk_widget_get_mapped (GTK_WIDGET (self)) &&
           !GTK_IS_TEXT (
               gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)))))
    dpt_key_list_focus (self->lists[DPT_PANEL_LEFT], 0);
}

/**
 * dpt_keys_page_focus_other_side:
 * @self: a page
 *
 * The keyboard goes to the counterpart of the chosen row.
 */
void
dpt_keys_page_focus_other_side (DptKeysPage *self)
{
  DptPanel to = has_focus (self, DPT_PANEL_LEFT) ? DPT_PANEL_RIGHT
                                                 : DPT_PANEL_LEFT;
  guint pair = _dpt_keys_page_get_selected (self);
  guint row = self->model != NULL && pair != NO_PAIR
                  ? dpt_hinge_model_find_row (self->model, to, pair)
                  : DPT_KEY_TREE_NONE;

  if (_dpt_keys_page_is_narrow (self))
    g_object_set (self, "shown-side", to == DPT_PANEL_LEFT ? "left" : "right",
                  NULL);
  dpt_key_list_focus (self->lists[to], row != DPT_KEY_TREE_NONE ? row : 0);
}

/**
 * dpt_keys_page_step_difference:
 * @self: a page
 * @step: 1 for the next difference, -1 for the one before
 *
 * Chooses it in all pages; at the end of the list nothing happens.
 */
void
dpt_keys_page_step_difference (DptKeysPage *self, int step)
{
  guint pair;

  if (self->model == NULL)
    return;
  pair = dpt_hinge_model_step_difference (self->model,
                                          _dpt_keys_page_get_selected (self),
                                          step);
  if (pair == NO_PAIR)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  dpt_workspace_set_selected (self->workspace, pair);
  focus_selected (self);
}

/**
 * dpt_keys_page_dup_key:
 * @self: a page
 *
 * Returns: (transfer full) (nullable): the name, as it is in the file, of the
 *   chosen row where the keyboard is, else of the left one.
 */
char *
dpt_keys_page_dup_key (DptKeysPage *self)
{
  DptPanel first = has_focus (self, DPT_PANEL_RIGHT) ? DPT_PANEL_RIGHT
                                                     : DPT_PANEL_LEFT;
  DptPanel order[] = { first, DPT_PANEL_OTHER (first) };

  for (guint i = 0; i < G_N_ELEMENTS (order) && self->model != NULL; i++)
    {
      guint node = dpt_key_list_get_selected (self->lists[order[i]]);
      DptKeyTree *tree = dpt_tree_list_get_tree (
          dpt_hinge_model_get_list (self->model, order[i]));
      guint entry = node != DPT_KEY_TREE_NONE
                        ? dpt_key_tree_get_node (tree, node)->entry
                        : DPT_KEY_TREE_NONE;

      if (entry != DPT_KEY_TREE_NONE)
        return g_strdup (
            dpt_checkpoint_get_entry (dpt_key_tree_get_checkpoint (tree), entry)
                ->key);
    }
  return NULL;
}
