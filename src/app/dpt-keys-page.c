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
#include "dpt-side-card.h"

/* Below the first the details go to the bottom, below the second there is
 * room for one side. */
#define WIDE   1100
#define NARROW 700

/* More rows than this are not opened unasked. */
#define MAX_FIRST_MEMBERS 60

/* As small as a window may be. */
#define LEAST_SIZE 240

#define HINGE_WIDTH   196
#define MAP_WIDTH     18
#define DETAILS_WIDTH 392
#define DETAILS_SHARE 0.4

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

static DptSide *
get_side (DptKeysPage *self, DptPanel panel)
{
  return panel == DPT_PANEL_LEFT ? dpt_workspace_get_left (self->workspace)
                                 : dpt_workspace_get_right (self->workspace);
}

static gboolean
has_keys (DptKeysPage *self, DptPanel panel)
{
  DptModel *keys = dpt_side_get_keys (get_side (self, panel));

  return keys != NULL && dpt_model_get_checkpoint (keys) != NULL;
}

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

static void
selected_changed_cb (DptKeysPage *self)
{
  guint pair = _dpt_keys_page_get_selected (self);

  if (self->model == NULL || dpt_hinge_model_get_pairs (self->model) == NULL)
    return;

  dpt_hinge_set_selected (self->hinge, pair);
  dpt_pair_details_set_pair (self->pair_details, self->model, pair);
  if (pair != NO_PAIR)
    reveal_pair (self, pair);
  else if (!self->from_page)
    for (guint p = 0; p < DPT_N_PANELS; p++)
      dpt_key_list_select (self->lists[p], DPT_KEY_TREE_NONE);
  _dpt_keys_page_update_bar (self);
}

static void
row_selected_cb (DptKeysPage *self, guint node, DptKeyList *list)
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
}

static void
row_activated_cb (DptKeysPage *self, guint node, DptKeyList *list)
{
  row_selected_cb (self, node, list);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "tensor");
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
static void
comparing_changed_cb (DptKeysPage *self)
{
  DptPairModel *pairs = dpt_workspace_get_pairs (self->workspace);
  guint pair;

  if (self->judged || self->model == NULL || pairs == NULL ||
      dpt_workspace_is_comparing (self->workspace) ||
      dpt_pair_model_get_n_unjudged (pairs) > 0)
    return;

  self->judged = TRUE;
  pair = dpt_hinge_model_find_first_difference (self->model);
  if (pair != NO_PAIR && !is_anything_chosen (self))
    dpt_workspace_set_selected (self->workspace, pair);
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
    g_signal_handlers_disconnect_by_data (self->model, self);
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
      DptModel *keys = dpt_side_get_keys (get_side (self, p));
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

/* Which of the panels, hinge and places there is room and use for. */
static void
update_panels (DptKeysPage *self)
{
  gboolean narrow = self->width < NARROW;
  gboolean both = self->model != NULL &&
                  dpt_hinge_model_get_pairs (self->model) != NULL;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      gboolean fits = !narrow || p == self->shown_side;
      gboolean empty = self->workspace == NULL ||
                       (!both && !has_keys (self, p));

      gtk_widget_set_visible (GTK_WIDGET (self->lists[p]), fits && !empty);
      gtk_widget_set_visible (self->places[p], fits && empty);
    }
  gtk_widget_set_visible (self->hinge_column, both && !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->map), both);
  gtk_widget_set_visible (self->side_switch, narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->pair_details),
                          both && self->details);
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

  drop_model (self);
  self->judged = FALSE;
  if (pairs != NULL)
    self->model = dpt_hinge_model_new (pairs);
  else
    for (DptPanel p = 0; p < DPT_N_PANELS && self->model == NULL; p++)
      if (has_keys (self, p) &&
          dpt_side_get_state (get_side (self, DPT_PANEL_OTHER (p))) ==
              DPT_SIDE_EMPTY)
        {
          self->model = dpt_hinge_model_new_single (dpt_model_get_checkpoint (
                                                        dpt_side_get_keys (
                                                            get_side (self,
                                                                      p))),
                                                    p);
          self->shown_side = p;
        }

  if (self->model != NULL)
    {
      open_first_scopes (self);
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
  update_panels (self);
  model_changed_cb (self);
}

static void
add_place (DptKeysPage *self, DptPanel panel)
{
  gboolean left = panel == DPT_PANEL_LEFT;
  GtkWidget *place = adw_status_page_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (left ? "Open _left side…"
                                                         : "Open _right side…");

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (place),
                                 "folder-open-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (place), "Only one side is open");
  adw_status_page_set_description (ADW_STATUS_PAGE (place),
                                   "Drop the other version here. Until then "
                                   "you can look through this "
                                   "one.");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button),
                                  left ? "win.open-left" : "win.open-right");
  adw_status_page_set_child (ADW_STATUS_PAGE (place), button);
  gtk_widget_set_hexpand (place, TRUE);
  gtk_widget_add_css_class (place, "compact");
  gtk_widget_add_css_class (place, left ? "left" : "right");
  dpt_side_add_drop_target (place, panel);
  gtk_box_append (GTK_BOX (self->panels), place);
  self->places[panel] = place;
}

static void
add_list (DptKeysPage *self, DptPanel panel)
{
  GtkWidget *list = dpt_key_list_new (panel);

  self->lists[panel] = DPT_KEY_LIST (list);
  gtk_widget_set_hexpand (list, TRUE);
  g_signal_connect_swapped (list, "selected", G_CALLBACK (row_selected_cb),
                            self);
  g_signal_connect_swapped (list, "activated", G_CALLBACK (row_activated_cb),
                            self);
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
  selected_changed_cb (self);
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
      update_panels (self);
      break;
    case PROP_SHOWN_SIDE:
      self->shown_side = g_strcmp0 (g_value_get_string (value), "right") == 0
                             ? DPT_PANEL_RIGHT
                             : DPT_PANEL_LEFT;
      update_panels (self);
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

  G_OBJECT_CLASS (dpt_keys_page_parent_class)->dispose (object);
}

static gboolean
apply_width_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DptKeysPage *self = DPT_KEYS_PAGE (widget);
  gboolean wide = self->width >= WIDE;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->body),
                                  wide ? GTK_ORIENTATION_HORIZONTAL
                                       : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_size_request (GTK_WIDGET (self->pair_details),
                               wide ? DETAILS_WIDTH : -1,
                               wide ? -1
                                    : (int) (DETAILS_SHARE *
                                             gtk_widget_get_height (
                                                 self->body)));
  update_panels (self);
  return G_SOURCE_REMOVE;
}

static int
width_class (int width)
{
  return (width >= WIDE) + (width >= NARROW);
}

/* The page fits into any width: what does not is taken away when it is laid
 * out, so the least width of today's parts is none of the page. */
static void
dpt_keys_page_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  DptKeysPage *self = DPT_KEYS_PAGE (widget);

  gtk_widget_measure (self->root, orientation, -1, minimum, natural, NULL,
                      NULL);
  *minimum = MIN (*minimum, LEAST_SIZE);
}

static void
dpt_keys_page_size_allocate (GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  DptKeysPage *self = DPT_KEYS_PAGE (widget);
  gboolean changed = width_class (width) != width_class (self->width);
  int least_width, least_height;

  self->width = width;
  if (changed)
    gtk_widget_add_tick_callback (widget, apply_width_cb, NULL, NULL);

  gtk_widget_measure (self->root, GTK_ORIENTATION_HORIZONTAL, -1, &least_width,
                      NULL, NULL, NULL);
  gtk_widget_measure (self->root, GTK_ORIENTATION_VERTICAL, -1, &least_height,
                      NULL, NULL, NULL);
  gtk_widget_allocate (self->root, MAX (width, least_width),
                       MAX (height, least_height), baseline, NULL);
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
  widget_class->measure = dpt_keys_page_measure;
  widget_class->size_allocate = dpt_keys_page_size_allocate;
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
  self->width = WIDE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_size_request (GTK_WIDGET (self->pair_details), DETAILS_WIDTH,
                               -1);
  _dpt_keys_page_add_chips (self);
  add_place (self, DPT_PANEL_LEFT);
  add_list (self, DPT_PANEL_LEFT);
  add_hinge (self);
  add_list (self, DPT_PANEL_RIGHT);
  self->map = DPT_CHANGE_MAP (dpt_change_map_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->map), MAP_WIDTH, -1);
  gtk_box_append (GTK_BOX (self->panels), GTK_WIDGET (self->map));
  add_place (self, DPT_PANEL_RIGHT);
  dpt_hinge_set_lists (self->hinge, self->lists[DPT_PANEL_LEFT],
                       self->lists[DPT_PANEL_RIGHT]);
  dpt_change_map_set_list (self->map, self->lists[DPT_PANEL_RIGHT]);
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
      g_signal_handlers_disconnect_by_data (get_side (self, p), self);
      g_signal_connect_swapped (get_side (self, p), "notify::state",
                                G_CALLBACK (side_changed_cb), self);
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
        g_signal_handlers_disconnect_by_data (get_side (self, p), self);
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
                                G_CALLBACK (selected_changed_cb), self);
      g_signal_connect_swapped (workspace, "notify::comparing",
                                G_CALLBACK (comparing_changed_cb), self);
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
 * dpt_keys_page_focus_other_side:
 * @self: a page
 *
 * The keyboard goes to the counterpart of the chosen row.
 */
void
dpt_keys_page_focus_other_side (DptKeysPage *self)
{
  GtkWidget *focus = gtk_root_get_focus (
      gtk_widget_get_root (GTK_WIDGET (self)));
  DptPanel to =
      focus != NULL &&
              gtk_widget_is_ancestor (focus,
                                      GTK_WIDGET (self->lists[DPT_PANEL_LEFT]))
          ? DPT_PANEL_RIGHT
          : DPT_PANEL_LEFT;
  guint pair = _dpt_keys_page_get_selected (self);
  guint row = self->model != NULL && pair != NO_PAIR
                  ? dpt_hinge_model_find_row (self->model, to, pair)
                  : DPT_KEY_TREE_NONE;

  if (self->width < NARROW)
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
  if (pair != NO_PAIR)
    dpt_workspace_set_selected (self->workspace, pair);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
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
  GtkWidget *focus = gtk_root_get_focus (
      gtk_widget_get_root (GTK_WIDGET (self)));
  DptPanel first =
      focus != NULL &&
              gtk_widget_is_ancestor (focus,
                                      GTK_WIDGET (self->lists[DPT_PANEL_RIGHT]))
          ? DPT_PANEL_RIGHT
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
