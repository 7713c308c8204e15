/* dpt-key-list.c - one panel of keys: a tree that scrolls and folds
 *
 * Only rows in sight exist as widgets.  Rows are equally high; how high, and
 * where the list stands, is measured on a row that is there.
 *
 * Keys: Left and Right fold, unfold and walk the tree, Enter activates.
 *
 * signal selected (uint node): the user chose a row.
 * signal activated (uint node): Enter or a double click on a key.
 * signal hovered (uint row): the pointer is over another row, or over none.
 * signal moved: rows stand elsewhere: scrolled, resized, folded.
 * signal scrolled: they were scrolled, and not by dpt_key_list_scroll_to().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-key-list"

#include "dpt-key-list.h"

#include <math.h>

#include "dpt-key-row.h"

/* How many frames a row that is wanted may take to get its place. */
#define MAX_TICKS 10

struct _DptKeyList
{
  GtkWidget parent_instance;

  DptPanel panel;
  DptHingeModel *model; /* (nullable) */

  GtkWidget *header;
  GtkWidget *title;
  GtkWidget *scrolled;
  GtkWidget *view;
  GtkSingleSelection *selection;
  GHashTable *rows; /* bound DptKeyRow to its GtkListItem, both unowned */

  gboolean selecting; /* the program changes the selection, not the user */
  guint hovered;
  guint wanted; /* row to scroll to once it has its place, or NONE */
  double wanted_place;
  gboolean settling; /* the program scrolls, not the user */
  gboolean wants_focus;
  guint n_ticks; /* since then */
  guint tick;
};

enum
{
  SIGNAL_SELECTED,
  SIGNAL_ACTIVATED,
  SIGNAL_HOVERED,
  SIGNAL_MOVED,
  SIGNAL_SCROLLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptKeyList, dpt_key_list, GTK_TYPE_WIDGET)

static void
dpt_key_list_dispose (GObject *object)
{
  DptKeyList *self = DPT_KEY_LIST (object);

  dpt_key_list_set_model (self, NULL);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_pointer (&self->header, gtk_widget_unparent);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->rows, g_hash_table_unref);

  G_OBJECT_CLASS (dpt_key_list_parent_class)->dispose (object);
}

static void
add_signal (guint id, const char *name, GType argument)
{
  signals[id] = g_signal_new (name, DPT_TYPE_KEY_LIST, G_SIGNAL_RUN_LAST, 0,
                              NULL, NULL, NULL, G_TYPE_NONE,
                              argument != G_TYPE_NONE ? 1 : 0, argument);
}

static void
dpt_key_list_class_init (DptKeyListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_key_list_dispose;

  add_signal (SIGNAL_SELECTED, "selected", G_TYPE_UINT);
  add_signal (SIGNAL_ACTIVATED, "activated", G_TYPE_UINT);
  add_signal (SIGNAL_HOVERED, "hovered", G_TYPE_UINT);
  add_signal (SIGNAL_MOVED, "moved", G_TYPE_NONE);
  add_signal (SIGNAL_SCROLLED, "scrolled", G_TYPE_NONE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "keylist");
}

static void
moved (DptKeyList *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

static void
scrolled (DptKeyList *self)
{
  moved (self);
  if (!self->settling)
    g_signal_emit (self, signals[SIGNAL_SCROLLED], 0);
}

static guint
get_node (DptKeyList *self, guint row)
{
  if (self->model == NULL || row == GTK_INVALID_LIST_POSITION)
    return DPT_KEY_TREE_NONE;
  return dpt_tree_list_get_node (dpt_hinge_model_get_list (self->model,
                                                           self->panel),
                                 row);
}

static void
toggle (DptKeyList *self, guint node)
{
  DptTreeList *list = dpt_hinge_model_get_list (self->model, self->panel);

  dpt_tree_list_set_open (list, node, !dpt_tree_list_is_open (list, node));
}

static void
row_toggled_cb (DptKeyList *self, DptKeyRow *row)
{
  toggle (self, dpt_key_row_get_node (row));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          DptKeyList *self)
{
  GtkWidget *row = dpt_key_row_new (self->panel);

  g_signal_connect_swapped (row, "toggled", G_CALLBACK (row_toggled_cb), self);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, DptKeyList *self)
{
  DptKeyRow *row = DPT_KEY_ROW (gtk_list_item_get_child (item));
  DptTreeItem *object = gtk_list_item_get_item (item);

  dpt_key_row_bind (row, self->model, dpt_tree_item_get_node (object));
  g_hash_table_insert (self->rows, row, item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *item,
           DptKeyList *self)
{
  DptKeyRow *row = DPT_KEY_ROW (gtk_list_item_get_child (item));

  dpt_key_row_unbind (row);
  if (self->rows != NULL)
    g_hash_table_remove (self->rows, row);
}

static void
selection_changed_cb (DptKeyList *self)
{
  guint node = get_node (self,
                         gtk_single_selection_get_selected (self->selection));

  if (!self->selecting && node != DPT_KEY_TREE_NONE)
    g_signal_emit (self, signals[SIGNAL_SELECTED], 0, node);
}

static void
activate_cb (GtkListView *view, guint row, DptKeyList *self)
{
  guint node = get_node (self, row);
  DptTreeList *list = dpt_hinge_model_get_list (self->model, self->panel);
  DptKeyTree *tree = dpt_tree_list_get_tree (list);

  if (dpt_key_tree_get_node (tree, node)->entry == DPT_KEY_TREE_NONE)
    toggle (self, node);
  else
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, node);
}

/* Right unfolds, then goes in; Left folds, then goes out. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                DptKeyList *self)
{
  guint row = gtk_single_selection_get_selected (self->selection);
  guint node = get_node (self, row);
  gboolean out = keyval == GDK_KEY_Left || keyval == GDK_KEY_minus;
  gboolean in = keyval == GDK_KEY_Right || keyval == GDK_KEY_plus;
  DptTreeList *list;
  guint parent;

  if (node == DPT_KEY_TREE_NONE || (!in && !out) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  list = dpt_hinge_model_get_list (self->model, self->panel);
  parent = dpt_key_tree_get_node (dpt_tree_list_get_tree (list), node)->parent;
  if (out && dpt_tree_list_is_open (list, node))
    dpt_tree_list_set_open (list, node, FALSE);
  else if (out && parent != 0)
    {
      row = dpt_tree_list_find_node (list, parent);
      gtk_single_selection_set_selected (self->selection, row);
      dpt_key_list_focus (self, row);
    }
  else if (in && !dpt_tree_list_is_open (list, node))
    dpt_tree_list_set_open (list, node, TRUE);
  else if (in && dpt_key_tree_is_scope (dpt_tree_list_get_tree (list), node))
    {
      gtk_single_selection_set_selected (self->selection, row + 1);
      dpt_key_list_focus (self, row + 1);
    }
  return GDK_EVENT_STOP;
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double x,
           double y,
           DptKeyList *self)
{
  guint row = dpt_key_list_get_row_at (self, y);

  if (row == self->hovered)
    return;
  self->hovered = row;
  g_signal_emit (self, signals[SIGNAL_HOVERED], 0, row);
}

static void
leave_cb (DptKeyList *self)
{
  if (self->hovered == DPT_KEY_TREE_NONE)
    return;
  self->hovered = DPT_KEY_TREE_NONE;
  g_signal_emit (self, signals[SIGNAL_HOVERED], 0, DPT_KEY_TREE_NONE);
}

static void
build_header (DptKeyList *self)
{
  GtkWidget *shape = gtk_label_new ("shape");
  GtkWidget *dtype = gtk_label_new ("type");

  self->header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->header, "keyheader");
  self->title = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->title, "heading");
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_box_append (GTK_BOX (self->header), self->title);
  gtk_widget_add_css_class (shape, "second");
  gtk_label_set_xalign (GTK_LABEL (shape), 1);
  gtk_box_append (GTK_BOX (self->header), shape);
  gtk_widget_add_css_class (dtype, "second");
  gtk_label_set_xalign (GTK_LABEL (dtype), 1);
  gtk_label_set_width_chars (GTK_LABEL (dtype), DPT_KEY_ROW_DTYPE_CHARS);
  gtk_box_append (GTK_BOX (self->header), dtype);
  gtk_widget_set_parent (self->header, GTK_WIDGET (self));
}

static void
add_controllers (DptKeyList *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->view, keys);

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (self->scrolled, motion);
}

static void
dpt_key_list_init (DptKeyList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (
                                      gtk_widget_get_layout_manager (
                                          GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  self->hovered = DPT_KEY_TREE_NONE;
  self->wanted = DPT_KEY_TREE_NONE;
  self->rows = g_hash_table_new (NULL, NULL);
  build_header (self);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_swapped (self->selection, "notify::selected-item",
                            G_CALLBACK (selection_changed_cb), self);

  self->view = gtk_list_view_new (GTK_SELECTION_MODEL (
                                      g_object_ref (self->selection)),
                                  factory);
  g_signal_connect (self->view, "activate", G_CALLBACK (activate_cb), self);

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled),
                                 self->view);
  gtk_widget_set_vexpand (self->scrolled, TRUE);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  add_controllers (self);

  adjustment = dpt_key_list_get_adjustment (self);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (scrolled),
                            self);
  g_signal_connect_swapped (adjustment, "changed", G_CALLBACK (moved), self);
}

/**
 * dpt_key_list_new:
 * @panel: left or right
 *
 * Returns: (transfer floating): a panel without keys.
 */
GtkWidget *
dpt_key_list_new (DptPanel panel)
{
  DptKeyList *self = g_object_new (DPT_TYPE_KEY_LIST, NULL);
  gboolean left = panel == DPT_PANEL_LEFT;

  self->panel = panel;
  gtk_widget_add_css_class (GTK_WIDGET (self), left ? "left" : "right");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  left ? "Left keys" : "Right keys", -1);

  /* Only the outer list has a scroll bar: it stands by the change map. */
  if (left)
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled),
                                    GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  return GTK_WIDGET (self);
}

/**
 * dpt_key_list_get_panel:
 * @self: a panel
 *
 * Returns: which one it is.
 */
DptPanel
dpt_key_list_get_panel (DptKeyList *self)
{
  return self->panel;
}

static void
changed_cb (DptKeyList *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    dpt_key_row_refresh (DPT_KEY_ROW (row));
  moved (self);
}

static void
show_list (DptKeyList *self)
{
  self->selecting = TRUE;
  gtk_single_selection_set_model (
      self->selection,
      self->model != NULL
          ? G_LIST_MODEL (dpt_hinge_model_get_list (self->model, self->panel))
          : NULL);
  self->selecting = FALSE;
  moved (self);
}

/**
 * dpt_key_list_set_model:
 * @self: a panel
 * @model: (nullable): whose rows to show
 */
void
dpt_key_list_set_model (DptKeyList *self, DptHingeModel *model)
{
  g_autoptr (DptHingeModel) before = self->model;

  if (before == model)
    {
      g_steal_pointer (&before);
      return;
    }

  if (before != NULL)
    g_signal_handlers_disconnect_by_data (before, self);
  self->model = model != NULL ? g_object_ref (model) : NULL;
  self->wanted = DPT_KEY_TREE_NONE;
  if (self->selection != NULL)
    show_list (self);
  if (model == NULL)
    return;
  g_signal_connect_swapped (model, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (model, "lists-changed", G_CALLBACK (show_list),
                            self);
}

/**
 * dpt_key_list_get_model:
 * @self: a panel
 *
 * Returns: (transfer none) (nullable): whose rows it shows.
 */
DptHingeModel *
dpt_key_list_get_model (DptKeyList *self)
{
  return self->model;
}

/**
 * dpt_key_list_set_title:
 * @self: a panel
 * @title: the head of the names' column
 */
void
dpt_key_list_set_title (DptKeyList *self, const char *title)
{
  gtk_label_set_text (GTK_LABEL (self->title), title);
}

/**
 * dpt_key_list_get_selected:
 * @self: a panel
 *
 * Returns: the chosen node, or %DPT_KEY_TREE_NONE.
 */
guint
dpt_key_list_get_selected (DptKeyList *self)
{
  return get_node (self, gtk_single_selection_get_selected (self->selection));
}

/**
 * dpt_key_list_select:
 * @self: a panel
 * @row: a row, or %DPT_KEY_TREE_NONE for none
 *
 * Chooses a row without telling of it.
 */
void
dpt_key_list_select (DptKeyList *self, guint row)
{
  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, row);
  self->selecting = FALSE;
}

static GtkWidget *
find_row_widget (DptKeyList *self, guint row)
{
  GHashTableIter iter;
  gpointer widget, item;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &widget, &item))
    if (gtk_list_item_get_position (item) == row)
      return gtk_widget_get_parent (widget);
  return NULL;
}

/* Moves the list so that the wanted row stands where it shall; FALSE while
 * no row has a place. */
static gboolean
settle (DptKeyList *self)
{
  GtkAdjustment *adjustment = dpt_key_list_get_adjustment (self);
  double page = gtk_adjustment_get_page_size (adjustment);
  double value = gtk_adjustment_get_value (adjustment);
  double y, height;

  if (!dpt_key_list_get_row_extent (self, self->scrolled, self->wanted, &y,
                                    &height))
    return FALSE;

  self->settling = TRUE;
  if (self->wanted_place >= 0)
    gtk_adjustment_set_value (adjustment,
                              value + y - self->wanted_place * (page - height));
  else if (y < 0 || y + height > page)
    gtk_adjustment_set_value (adjustment, value + y - (page - height) / 2);
  self->settling = FALSE;
  return TRUE;
}

/* Rows that have just come or gone have their places only after the next
 * layout, and a list that was just filled after a few. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DptKeyList *self = DPT_KEY_LIST (widget);

  self->n_ticks++;
  if (self->wanted != DPT_KEY_TREE_NONE &&
      (self->n_ticks == 1 || (!settle (self) && self->n_ticks < MAX_TICKS)))
    return G_SOURCE_CONTINUE;

  if (self->wants_focus && self->wanted != DPT_KEY_TREE_NONE)
    {
      GtkWidget *row = find_row_widget (self, self->wanted);

      gtk_widget_grab_focus (row != NULL ? row : self->view);
    }
  self->wanted = DPT_KEY_TREE_NONE;
  self->wants_focus = FALSE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

/**
 * dpt_key_list_scroll_to:
 * @self: a panel
 * @row: a row
 * @place: where it shall stand, 0 at the top to 1 at the bottom, or less than
 *   0 for the middle, and only if it is out of sight
 */
void
dpt_key_list_scroll_to (DptKeyList *self, guint row, double place)
{
  if (get_node (self, row) == DPT_KEY_TREE_NONE)
    return;
  self->wanted = row;
  self->wanted_place = place;

  /* A list that follows another does so in the same frame. */
  self->n_ticks = place >= 0 ? 1 : 0;
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL,
                                               NULL);
}

/**
 * dpt_key_list_focus:
 * @self: a panel
 * @row: a row
 *
 * Brings a row into sight and gives it the keyboard.
 */
void
dpt_key_list_focus (DptKeyList *self, guint row)
{
  dpt_key_list_scroll_to (self, row, -1);
  self->wants_focus = TRUE;
}

/**
 * dpt_key_list_get_adjustment:
 * @self: a panel
 *
 * Returns: (transfer none): what scrolls it.
 */
GtkAdjustment *
dpt_key_list_get_adjustment (DptKeyList *self)
{
  return gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (self->scrolled));
}

/**
 * dpt_key_list_get_row_extent:
 * @self: a panel
 * @relative_to: a widget in the same window
 * @row: a row, in sight or not
 * @y: (out): its upper edge, seen from @relative_to
 * @height: (out): how high it is
 *
 * Returns: %FALSE while no row has a place.
 */
gboolean
dpt_key_list_get_row_extent (DptKeyList *self,
                             GtkWidget *relative_to,
                             guint row,
                             double *y,
                             double *height)
{
  GtkWidget *nearest = NULL;
  guint nearest_row = 0;
  guint distance = G_MAXUINT;
  GHashTableIter iter;
  gpointer widget, item;
  graphene_rect_t bounds;

  g_hash_table_iter_init (&iter, self->rows);
  while (distance > 0 && g_hash_table_iter_next (&iter, &widget, &item))
    {
      guint position = gtk_list_item_get_position (item);
      guint here = position > row ? position - row : row - position;

      if (here >= distance || !gtk_widget_get_mapped (widget) ||
          gtk_widget_get_height (widget) == 0)
        continue;
      distance = here;
      nearest = gtk_widget_get_parent (widget);
      nearest_row = position;
    }

  if (nearest == NULL ||
      !gtk_widget_compute_bounds (nearest, relative_to, &bounds))
    return FALSE;
  *height = bounds.size.height;
  *y = bounds.origin.y + ((double) row - nearest_row) * *height;
  return TRUE;
}

/**
 * dpt_key_list_get_top:
 * @self: a panel
 *
 * Unlike dpt_key_list_get_visible() this is right at once when the list was
 * scrolled, before its rows have their new places.
 *
 * Returns: the row at the top, or %DPT_KEY_TREE_NONE while no row has a place.
 */
guint
dpt_key_list_get_top (DptKeyList *self)
{
  double value = gtk_adjustment_get_value (dpt_key_list_get_adjustment (self));
  double y, height;

  if (!dpt_key_list_get_row_extent (self, self->scrolled, 0, &y, &height))
    return DPT_KEY_TREE_NONE;
  return (guint) (value / height);
}

/**
 * dpt_key_list_get_visible:
 * @self: a panel
 * @first: (out): the first row in sight
 * @end: (out): one past the last
 *
 * Returns: %FALSE while nothing is in sight.
 */
gboolean
dpt_key_list_get_visible (DptKeyList *self, guint *first, guint *end)
{
  guint n = self->model != NULL
                ? dpt_tree_list_get_n_rows (
                      dpt_hinge_model_get_list (self->model, self->panel))
                : 0;
  double view = gtk_widget_get_height (self->scrolled);
  double y, height;

  if (n == 0 ||
      !dpt_key_list_get_row_extent (self, self->scrolled, 0, &y, &height))
    return FALSE;

  *first = (guint) CLAMP (floor (-y / height), 0, n - 1);
  *end = (guint) CLAMP (ceil ((view - y) / height), *first, n);
  return *end > *first;
}

/**
 * dpt_key_list_get_row_at:
 * @self: a panel
 * @y: a place below the head of the list
 *
 * Returns: the row there, or %DPT_KEY_TREE_NONE.
 */
guint
dpt_key_list_get_row_at (DptKeyList *self, double y)
{
  guint first, end;
  double top, height;

  if (!dpt_key_list_get_visible (self, &first, &end) ||
      !dpt_key_list_get_row_extent (self, self->scrolled, first, &top,
                                    &height) ||
      y < top || y >= top + (end - first) * height)
    return DPT_KEY_TREE_NONE;
  return first + (guint) ((y - top) / height);
}
