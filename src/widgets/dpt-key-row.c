/* dpt-key-row.c - one row of a tree of keys
 *
 * From the outer edge to the hinge: expander, name, how many keys, a note on
 * numbered scopes, shape, dtype, verdict.  On the right panel the verdict
 * comes first, so that the glyph is always nearest to the hinge.  An open
 * scope repeats the worst verdict of its keys faintly, unless it is a key.
 *
 * signal toggled: the expander was clicked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-key-row"

#include "dpt-key-row.h"

#include "dpt-digits.h"
#include "dpt-verdict-icon.h"

#define INDENT       16
#define OPEN_OPACITY 0.55

struct _DptKeyRow
{
  GtkWidget parent_instance;

  DptPanel panel;
  DptHingeModel *model; /* (nullable) unowned; while bound */
  guint node;

  GtkWidget *expander;
  GtkWidget *name;
  GtkWidget *count;
  GtkWidget *note;
  GtkWidget *shape;
  GtkWidget *dtype;
  GtkWidget *verdict;
};

enum
{
  SIGNAL_TOGGLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptKeyRow, dpt_key_row, GTK_TYPE_WIDGET)

static void
dpt_key_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (dpt_key_row_parent_class)->dispose (object);
}

static void
dpt_key_row_class_init (DptKeyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_key_row_dispose;

  signals[SIGNAL_TOGGLED] = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "keyrow");
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            DptKeyRow *self)
{
  g_signal_emit (self, signals[SIGNAL_TOGGLED], 0);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static GtkWidget *
add_label (DptKeyRow *self, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return label;
}

static void
dpt_key_row_init (DptKeyRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->node = DPT_KEY_TREE_NONE;

  self->expander = gtk_image_new ();
  gtk_widget_add_css_class (self->expander, "expander");
  gtk_widget_set_parent (self->expander, GTK_WIDGET (self));
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->expander, GTK_EVENT_CONTROLLER (click));

  self->name = add_label (self, "name");
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_MIDDLE);
  self->count = add_label (self, "faint");
  gtk_label_set_ellipsize (GTK_LABEL (self->count), PANGO_ELLIPSIZE_NONE);
  self->note = add_label (self, "faint");
  gtk_widget_set_hexpand (self->note, TRUE);
  self->shape = add_label (self, "second");
  gtk_label_set_xalign (GTK_LABEL (self->shape), 1);
  gtk_label_set_ellipsize (GTK_LABEL (self->shape), PANGO_ELLIPSIZE_START);
  self->dtype = add_label (self, "faint");
  gtk_label_set_xalign (GTK_LABEL (self->dtype), 1);
  gtk_label_set_width_chars (GTK_LABEL (self->dtype), DPT_KEY_ROW_DTYPE_CHARS);
  self->verdict = dpt_verdict_icon_new (DPT_VERDICT_ICON_NONE);
  gtk_widget_set_valign (self->verdict, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->verdict, GTK_WIDGET (self));
}

/**
 * dpt_key_row_new:
 * @panel: left or right
 *
 * Returns: (transfer floating): an empty row.
 */
GtkWidget *
dpt_key_row_new (DptPanel panel)
{
  DptKeyRow *self = g_object_new (DPT_TYPE_KEY_ROW, NULL);

  self->panel = panel;
  if (panel == DPT_PANEL_RIGHT)
    gtk_widget_insert_after (self->verdict, GTK_WIDGET (self), NULL);
  return GTK_WIDGET (self);
}

/* An open scope that is a key itself has a verdict of its own. */
static gboolean
get_own_verdict (DptKeyRow *self, DptVerdict *verdict)
{
  DptPairModel *pairs = dpt_hinge_model_get_pairs (self->model);
  guint pair = dpt_hinge_model_find_pair (self->model, self->panel, self->node);

  if (pair == DPT_PAIR_MODEL_NO_ROW || !dpt_pair_model_is_judged (pairs, pair))
    return FALSE;
  *verdict = dpt_pair_model_get_verdict (pairs, pair);
  return TRUE;
}

static void
update_verdict (DptKeyRow *self, gboolean open)
{
  DptVerdict verdict;
  gboolean own = open && get_own_verdict (self, &verdict);

  if (!own && !dpt_hinge_model_get_worst (self->model, self->panel, self->node,
                                          &verdict))
    {
      dpt_verdict_icon_set_verdict (DPT_VERDICT_ICON (self->verdict),
                                    DPT_VERDICT_ICON_NONE);
      return;
    }
  dpt_verdict_icon_set_verdict (DPT_VERDICT_ICON (self->verdict),
                                (int) verdict);
  gtk_widget_set_opacity (self->verdict, open && !own ? OPEN_OPACITY : 1);
}

static void
update_accessible (DptKeyRow *self,
                   const char *name,
                   const DptCheckpointEntry *entry,
                   guint n_keys)
{
  g_autoptr (GString) label = g_string_new (name);
  int verdict = dpt_verdict_icon_get_verdict (DPT_VERDICT_ICON (self->verdict));

  if (entry != NULL)
    g_string_append_printf (label, ", %s %s", dpt_dtype_get_name (entry->dtype),
                            gtk_label_get_text (GTK_LABEL (self->shape)));
  else
    g_string_append_printf (label, ", %u keys", n_keys);
  if (verdict != DPT_VERDICT_ICON_NONE)
    g_string_append_printf (label, ", %s",
                            dpt_verdict_get_name ((DptVerdict) verdict));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label->str,
                                  -1);
}

/**
 * dpt_key_row_refresh:
 * @self: a row
 *
 * Shows the folds, counts and verdict as they are now.
 */
void
dpt_key_row_refresh (DptKeyRow *self)
{
  DptTreeList *list;
  DptKeyTree *tree;
  const DptKeyTreeNode *node;
  const DptCheckpointEntry *entry = NULL;
  char digits[DPT_DIGITS_SIZE];
  const char *count = NULL;
  g_autofree char *note = NULL;
  g_autofree char *shape = NULL;
  gboolean is_scope, open;
  guint n_keys;

  if (self->model == NULL)
    return;

  list = dpt_hinge_model_get_list (self->model, self->panel);
  tree = dpt_tree_list_get_tree (list);
  node = dpt_key_tree_get_node (tree, self->node);
  is_scope = dpt_key_tree_is_scope (tree, self->node);
  open = dpt_tree_list_is_open (list, self->node);
  n_keys = dpt_tree_list_count_shown (list, self->node);

  gtk_widget_set_margin_start (self->expander,
                               (int) (node->depth - 1) * INDENT);
  gtk_widget_set_can_target (self->expander, is_scope);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->expander),
                                !is_scope ? NULL
                                : open    ? "pan-down-symbolic"
                                          : "pan-end-symbolic");
  gtk_label_set_text (GTK_LABEL (self->name), node->name);

  if (is_scope)
    {
      count = dpt_digits_group (n_keys, digits);
      note = dpt_key_tree_dup_note (tree, self->node);
    }
  gtk_label_set_text (GTK_LABEL (self->count), count);
  gtk_label_set_text (GTK_LABEL (self->note), note);

  if (node->entry != DPT_KEY_TREE_NONE)
    {
      entry = dpt_checkpoint_get_entry (dpt_key_tree_get_checkpoint (tree),
                                        node->entry);
      shape = dpt_shape_to_display (&entry->shape);
    }
  gtk_widget_set_visible (self->shape, entry != NULL);
  gtk_widget_set_visible (self->dtype, entry != NULL);
  gtk_label_set_text (GTK_LABEL (self->shape), shape);
  gtk_label_set_text (GTK_LABEL (self->dtype),
                      entry != NULL ? dpt_dtype_get_short_name (entry->dtype)
                                    : NULL);
  update_verdict (self, open);
  update_accessible (self, node->name, entry, n_keys);
}

/**
 * dpt_key_row_bind:
 * @self: a row
 * @model: (transfer none): what it belongs to; must stay until unbound
 * @node: the node to show
 */
void
dpt_key_row_bind (DptKeyRow *self, DptHingeModel *model, guint node)
{
  self->model = model;
  self->node = node;
  dpt_key_row_refresh (self);
}

/**
 * dpt_key_row_unbind:
 * @self: a row that shows nothing from now on
 */
void
dpt_key_row_unbind (DptKeyRow *self)
{
  self->model = NULL;
  self->node = DPT_KEY_TREE_NONE;
}

/**
 * dpt_key_row_get_node:
 * @self: a row
 *
 * Returns: the node it shows, or %DPT_KEY_TREE_NONE.
 */
guint
dpt_key_row_get_node (DptKeyRow *self)
{
  return self->node;
}
