/* dpt-keys-page.c - both sides' keys, and the hinge between them
 *
 * The page owns a hinge model for the workspace's pairs, or for the one side
 * that is open, and keeps lists, bands, map, chips and details in step with it
 * and with the pair that is selected in the workspace.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-keys-page"

#include "dpt-keys-page.h"

#include "dpt-digits.h"
#include "dpt-keys-page-private.h"

/* More rows than this are not opened unasked. */
#define MAX_FIRST_MEMBERS 60

#define HINGE_WIDTH 196
#define MAP_WIDTH   18

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_FILTER,
  PROP_REGEX,
  PROP_HIDDEN,
  PROP_FLAT,
  PROP_FOLLOW,
  PROP_DETAILS,
  PROP_SHOWN_SIDE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptKeysPage, dpt_keys_page, GTK_TYPE_WIDGET)

static void
update_stack (DptKeysPage *self)
{
  const char *name = "panels";
  guint n_rows = 0;
  guint n_leaves = 0;

  if (self->model == NULL)
    {
      const GError *error = self->workspace != NULL
                                ? dpt_workspace_get_error (self->workspace)
                                : NULL;

      adw_status_page_set_title (self->keyless, "No keys to compare");
      adw_status_page_set_description (self->keyless,
                                       error != NULL ? error->message : NULL);
      gtk_stack_set_visible_child_name (self->stack, "keyless");
      return;
    }

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptTreeList *list = dpt_hinge_model_get_list (self->model, p);

      n_rows += dpt_tree_list_get_n_rows (list);
      n_leaves += dpt_key_tree_get_n_leaves (dpt_tree_list_get_tree (list));
    }
  if (n_rows == 0 && n_leaves > 0)
    name = "nothing";
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
model_changed_cb (DptKeysPage *self)
{
  _dpt_keys_page_update_bar (self);
  update_stack (self);
  dpt_change_map_refresh (self->map);
}

static void
pair_chosen_cb (DptKeysPage *self, guint pair)
{
  dpt_workspace_set_selected (self->workspace, pair);
}

/* With "follow" on, the counterpart of one list's first row goes to the top
 * of the other. */
static void
list_scrolled_cb (DptKeysPage *self, DptKeyList *list)
{
  DptPanel panel = dpt_key_list_get_panel (list);
  guint row;

  if (!self->follow || self->model == NULL)
    return;

  row = dpt_hinge_model_find_counterpart_row (self->model, panel,
                                              dpt_key_list_get_top (list));
  if (row != DPT_KEY_TREE_NONE)
    dpt_key_list_scroll_to (self->lists[DPT_PANEL_OTHER (panel)], row, 0);
}

static void
drop_model (DptKeysPage *self)
{
  for (guint p = 0; p < DPT_N_PANELS; p++)
    dpt_key_list_set_model (self->lists[p], NULL);
  if (self->model != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->model, self);
      _dpt_keys_page_remember_scopes (self);
    }
  g_clear_object (&self->model);
}

static void
update_titles (DptKeysPage *self)
{
  DptPairModel *pairs = dpt_hinge_model_get_pairs (self->model);
  char digits[DPT_DIGITS_SIZE];
  g_autofree char *title = NULL;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptModel *keys = dpt_side_get_keys (_dpt_keys_page_get_side (self, p));
      gboolean objects = keys != NULL &&
                         dpt_model_get_object_graph (keys) != NULL;

      dpt_key_list_set_title (self->lists[p],
                              dpt_hinge_model_is_flat (self->model) ? "Keys"
                              : objects                             ? "Objects"
                                                                    : "Scopes");
    }
  if (pairs != NULL)
    title = g_strdup_printf ("%s pairs",
                             dpt_digits_group (dpt_mapping_get_n_pairs (
                                                   dpt_pair_model_get_mapping (
                                                       pairs)),
                                               digits));
  gtk_label_set_text (self->hinge_title, title);
}

/* The member that holds most of a scope's keys, if it is a scope itself and
 * there are not too many beside it; else NONE. */
static guint
find_main_member (DptKeyTree *tree, guint scope)
{
  const DptKeyTreeNode *node = dpt_key_tree_get_node (tree, scope);
  guint found = DPT_KEY_TREE_NONE;
  guint n = 0;

  for (guint at = scope + 1; at < node->end && n <= MAX_FIRST_MEMBERS; n++)
    {
      const DptKeyTreeNode *member = dpt_key_tree_get_node (tree, at);

      if (dpt_key_tree_is_scope (tree, at) &&
          2 * (member->end_leaf - member->first_leaf) >
              node->end_leaf - node->first_leaf)
        found = at;
      at = member->end;
    }
  return n <= MAX_FIRST_MEMBERS ? found : DPT_KEY_TREE_NONE;
}

/* A small tree is shown whole; of a large one, the way to most of its keys. */
static void
open_first_scopes (DptKeysPage *self)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptTreeList *list = dpt_hinge_model_get_list (self->model, p);
      DptKeyTree *tree = dpt_tree_list_get_tree (list);
      guint scope = 0;

      if (dpt_key_tree_get_n_nodes (tree) <= MAX_FIRST_MEMBERS)
        dpt_tree_list_set_all_open (list, TRUE);
      else
        while ((scope = find_main_member (tree, scope)) != DPT_KEY_TREE_NONE)
          dpt_tree_list_set_open (list, scope, TRUE);
    }
}

static void
rebuild (DptKeysPage *self)
{
  DptPairModel *pairs = dpt_workspace_get_pairs (self->workspace);
  gboolean flat = self->model != NULL && dpt_hinge_model_is_flat (self->model);
  guint pair = NO_PAIR;

  drop_model (self);
  self->judged = FALSE;
  if (pairs != NULL)
    self->model = dpt_hinge_model_new (pairs);
  else
    for (DptPanel p = 0; p < DPT_N_PANELS && self->model == NULL; p++)
      if (_dpt_keys_page_has_keys (self, p) &&
          dpt_side_get_state (
              _dpt_keys_page_get_side (self, DPT_PANEL_OTHER (p))) ==
              DPT_SIDE_EMPTY)
        {
          self->model =
              dpt_hinge_model_new_single (dpt_model_get_checkpoint (
                                              dpt_side_get_keys (
                                                  _dpt_keys_page_get_side (self,
                                                                           p))),
                                          p);
          self->shown_side = p;
        }

  if (self->model != NULL)
    {
      open_first_scopes (self);
      pair = _dpt_keys_page_restore (self);
      dpt_hinge_model_set_hidden (self->model, self->hidden);
      dpt_hinge_model_set_text (self->model, self->filter, self->is_regex,
                                NULL);
      dpt_hinge_model_set_flat (self->model, flat);
      g_signal_connect_swapped (self->model, "changed",
                                G_CALLBACK (model_changed_cb), self);
      for (guint p = 0; p < DPT_N_PANELS; p++)
        dpt_key_list_set_model (self->lists[p], self->model);
      update_titles (self);
    }
  dpt_pair_details_set_pair (self->pair_details, self->model,
                             _dpt_keys_page_get_selected (self));
  _dpt_keys_page_update_panels (self);
  model_changed_cb (self);
  if (pair != NO_PAIR)
    dpt_workspace_set_selected (self->workspace, pair);
}

static void
add_list (DptKeysPage *self, DptPanel panel)
{
  GtkWidget *list = dpt_key_list_new (panel);

  self->lists[panel] = DPT_KEY_LIST (list);
  gtk_widget_set_hexpand (list, TRUE);
  g_signal_connect_swapped (list, "selected",
                            G_CALLBACK (_dpt_keys_page_row_selected_cb), self);
  g_signal_connect_swapped (list, "activated",
                            G_CALLBACK (_dpt_keys_page_row_activated_cb), self);
  g_signal_connect_swapped (list, "scrolled", G_CALLBACK (list_scrolled_cb),
                            self);
  gtk_box_append (GTK_BOX (self->panels), list);
}

static void
add_hinge (DptKeysPage *self)
{
  self->hinge_column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->hinge_column, "hingecolumn");
  gtk_widget_set_size_request (self->hinge_column, HINGE_WIDTH, -1);
  self->hinge_title = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->hinge_title), "keyheader");
  gtk_widget_add_css_class (GTK_WIDGET (self->hinge_title), "second");
  gtk_box_append (GTK_BOX (self->hinge_column), GTK_WIDGET (self->hinge_title));
  self->hinge = DPT_HINGE (dpt_hinge_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->hinge), TRUE);
  g_signal_connect_swapped (self->hinge, "pair-chosen",
                            G_CALLBACK (pair_chosen_cb), self);
  gtk_box_append (GTK_BOX (self->hinge_column), GTK_WIDGET (self->hinge));
  gtk_box_append (GTK_BOX (self->panels), self->hinge_column);
}

static void
search_changed_cb (DptKeysPage *self)
{
  _dpt_keys_page_set_filter (self, gtk_editable_get_text (self->entry));
}

static void
stop_search_cb (DptKeysPage *self)
{
  _dpt_keys_page_set_filter (self, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->lists[DPT_PANEL_LEFT]));
}

static void
dpt_keys_page_get_property (GObject *object,
                            guint property_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  DptKeysPage *self = DPT_KEYS_PAGE (object);

  switch (property_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;
    case PROP_FILTER:
      g_value_set_string (value, self->filter != NULL ? self->filter : "");
      break;
    case PROP_REGEX:
      g_value_set_boolean (value, self->is_regex);
      break;
    case PROP_HIDDEN:
      g_value_take_string (value, _dpt_keys_page_hidden_to_string (self));
      break;
    case PROP_FLAT:
      g_value_set_boolean (value, self->model != NULL &&
                                      dpt_hinge_model_is_flat (self->model));
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, self->follow);
      break;
    case PROP_DETAILS:
      g_value_set_boolean (value, self->details);
      break;
    case PROP_SHOWN_SIDE:
      g_value_set_string (value, self->shown_side == DPT_PANEL_LEFT ? "left"
                                                                    : "right");
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
set_flat (DptKeysPage *self, gboolean flat)
{
  if (self->model == NULL || dpt_hinge_model_is_flat (self->model) == flat)
    return;
  dpt_hinge_model_set_flat (self->model, flat);
  update_titles (self);
  _dpt_keys_page_show_selected (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLAT]);
}

static void
dpt_keys_page_set_property (GObject *object,
                            guint property_id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  DptKeysPage *self = DPT_KEYS_PAGE (object);

  switch (property_id)
    {
    case PROP_WORKSPACE:
      dpt_keys_page_set_workspace (self, g_value_get_object (value));
      return;
    case PROP_FILTER:
      _dpt_keys_page_set_filter (self, g_value_get_string (value));
      return;
    case PROP_REGEX:
      self->is_regex = g_value_get_boolean (value);
      _dpt_keys_page_apply_filter (self);
      break;
    case PROP_HIDDEN:
      _dpt_keys_page_set_hidden (self, _dpt_keys_page_hidden_from_string (
                                           g_value_get_string (value)));
      return;
    case PROP_FLAT:
      set_flat (self, g_value_get_boolean (value));
      return;
    case PROP_FOLLOW:
      self->follow = g_value_get_boolean (value);
      list_scrolled_cb (self, self->lists[DPT_PANEL_LEFT]);
      break;
    case PROP_DETAILS:
      self->details = g_value_get_boolean (value);
      _dpt_keys_page_update_panels (self);
      break;
    case PROP_SHOWN_SIDE:
      self->shown_side = g_strcmp0 (g_value_get_string (value), "right") == 0
                             ? DPT_PANEL_RIGHT
                             : DPT_PANEL_LEFT;
      _dpt_keys_page_update_panels (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      return;
    }
  g_object_notify_by_pspec (object, pspec);
}

static void
dpt_keys_page_dispose (GObject *object)
{
  DptKeysPage *self = DPT_KEYS_PAGE (object);

  if (self->hinge != NULL)
    {
      dpt_keys_page_set_workspace (self, NULL);
      dpt_hinge_set_lists (self->hinge, NULL, NULL);
      dpt_change_map_set_list (self->map, NULL);
      self->hinge = NULL;
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), DPT_TYPE_KEYS_PAGE);
  g_clear_pointer (&self->filter, g_free);
  _dpt_keys_page_forget (self);

  G_OBJECT_CLASS (dpt_keys_page_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                            G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL,
                                                    DPT_TYPE_WORKSPACE, flags);
  properties[PROP_FILTER] = g_param_spec_string ("filter", NULL, NULL, "",
                                                 flags);
  properties[PROP_REGEX] = g_param_spec_boolean ("regex", NULL, NULL, FALSE,
                                                 flags);
  properties[PROP_HIDDEN] = g_param_spec_string ("hidden", NULL, NULL, "",
                                                 flags);
  properties[PROP_FLAT] = g_param_spec_boolean ("flat", NULL, NULL, FALSE,
                                                flags);
  properties[PROP_FOLLOW] = g_param_spec_boolean ("follow", NULL, NULL, FALSE,
                                                  flags);
  properties[PROP_DETAILS] = g_param_spec_boolean ("details", NULL, NULL, TRUE,
                                                   flags);
  properties[PROP_SHOWN_SIDE] = g_param_spec_string ("shown-side", NULL, NULL,
                                                     "left", flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
dpt_keys_page_class_init (DptKeysPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dpt_keys_page_get_property;
  object_class->set_property = dpt_keys_page_set_property;
  object_class->dispose = dpt_keys_page_dispose;
  widget_class->measure = _dpt_keys_page_measure;
  widget_class->size_allocate = _dpt_keys_page_size_allocate;
  install_properties (object_class);

  g_type_ensure (DPT_TYPE_PAIR_DETAILS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-keys-page.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, DptKeysPage, name)
  BIND (root);
  BIND (entry);
  BIND (chips);
  BIND (hidden_label);
  BIND (show_all);
  BIND (side_switch);
  BIND (position);
  BIND (body);
  BIND (stack);
  BIND (panels);
  BIND (keyless);
  BIND (pair_details);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
dpt_keys_page_init (DptKeysPage *self)
{
  self->details = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  _dpt_keys_page_init_layout (self);
  _dpt_keys_page_add_chips (self);
  _dpt_keys_page_add_place (self, DPT_PANEL_LEFT);
  add_list (self, DPT_PANEL_LEFT);
  add_hinge (self);
  add_list (self, DPT_PANEL_RIGHT);
  self->map = DPT_CHANGE_MAP (dpt_change_map_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->map), MAP_WIDTH, -1);
  gtk_box_append (GTK_BOX (self->panels), GTK_WIDGET (self->map));
  _dpt_keys_page_add_place (self, DPT_PANEL_RIGHT);
  dpt_hinge_set_lists (self->hinge, self->lists[DPT_PANEL_LEFT],
                       self->lists[DPT_PANEL_RIGHT]);
  /* The map's order is that of the steps from difference to difference. */
  dpt_change_map_set_list (self->map, self->lists[DPT_PANEL_LEFT]);
}

static void
side_changed_cb (DptKeysPage *self)
{
  if (dpt_workspace_get_pairs (self->workspace) == NULL)
    rebuild (self);
}

static void
watch_sides (DptKeysPage *self)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      g_signal_handlers_disconnect_by_data (_dpt_keys_page_get_side (self, p),
                                            self);
      g_signal_connect_swapped (_dpt_keys_page_get_side (self, p),
                                "notify::state", G_CALLBACK (side_changed_cb),
                                self);
    }
}

/**
 * dpt_keys_page_set_workspace:
 * @self: a page
 * @workspace: (nullable): the comparison that it shows
 */
void
dpt_keys_page_set_workspace (DptKeysPage *self, DptWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;

  if (self->workspace != NULL)
    {
      drop_model (self);
      for (DptPanel p = 0; p < DPT_N_PANELS; p++)
        g_signal_handlers_disconnect_by_data (_dpt_keys_page_get_side (self, p),
                                              self);
      g_signal_handlers_disconnect_by_data (self->workspace, self);
    }
  g_set_object (&self->workspace, workspace);
  dpt_pair_details_set_workspace (self->pair_details, workspace);
  if (workspace != NULL)
    {
      g_signal_connect_swapped (workspace, "notify::pairs",
                                G_CALLBACK (rebuild), self);
      g_signal_connect_swapped (workspace, "notify::error",
                                G_CALLBACK (update_stack), self);
      g_signal_connect_swapped (workspace, "notify::selected",
                                G_CALLBACK (_dpt_keys_page_show_selected),
                                self);
      g_signal_connect_swapped (workspace, "notify::comparing",
                                G_CALLBACK (_dpt_keys_page_choose_first), self);
      g_signal_connect_swapped (workspace, "notify::left",
                                G_CALLBACK (watch_sides), self);
      g_signal_connect_swapped (workspace, "notify::right",
                                G_CALLBACK (watch_sides), self);
      watch_sides (self);
      rebuild (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

/**
 * dpt_keys_page_get_model:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the rows and bands that it shows.
 */
DptHingeModel *
dpt_keys_page_get_model (DptKeysPage *self)
{
  return self->model;
}

/**
 * dpt_keys_page_get_list:
 * @self: a page
 * @panel: left or right
 *
 * Returns: (transfer none): that panel.
 */
DptKeyList *
dpt_keys_page_get_list (DptKeysPage *self, DptPanel panel)
{
  return self->lists[panel];
}

/**
 * dpt_keys_page_focus_search:
 * @self: a page
 *
 * The keyboard goes to the filter.
 */
void
dpt_keys_page_focus_search (DptKeysPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/**
 * dpt_keys_page_show_all:
 * @self: a page
 *
 * Nothing is filtered any more.
 */
void
dpt_keys_page_show_all (DptKeysPage *self)
{
  _dpt_keys_page_set_hidden (self, 0);
  _dpt_keys_page_set_filter (self, "");
}
