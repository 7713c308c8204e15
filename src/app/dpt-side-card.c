/* dpt-side-card.c - the name of a side; a click opens its facts
 *
 * A file or folder that is dropped on it replaces what is open on that side.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-side-card"

#include "dpt-side-card.h"

#include "dpt-digits.h"
#include "dpt-side-facts.h"

struct _DptSideCard
{
  GtkWidget parent_instance;

  DptPanel panel;
  DptSide *side; /* (nullable) */

  GtkStack *stack;
  GtkButton *empty_button;
  GtkMenuButton *button;
  GtkLabel *title;
  GtkLabel *subtitle;
};

G_DEFINE_FINAL_TYPE (DptSideCard, dpt_side_card, GTK_TYPE_WIDGET)

static void
dpt_side_card_dispose (GObject *object)
{
  DptSideCard *self = DPT_SIDE_CARD (object);

  dpt_side_card_set_side (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), DPT_TYPE_SIDE_CARD);

  G_OBJECT_CLASS (dpt_side_card_parent_class)->dispose (object);
}

static void
dpt_side_card_class_init (DptSideCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_side_card_dispose;
  gtk_widget_class_set_css_name (widget_class, "sidecard");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-side-card.ui");
  gtk_widget_class_bind_template_child (widget_class, DptSideCard, stack);
  gtk_widget_class_bind_template_child (widget_class, DptSideCard,
                                        empty_button);
  gtk_widget_class_bind_template_child (widget_class, DptSideCard, button);
  gtk_widget_class_bind_template_child (widget_class, DptSideCard, title);
  gtk_widget_class_bind_template_child (widget_class, DptSideCard, subtitle);
}

/* The facts are gathered when they are asked for: they look at the folder. */
static void
create_popover_cb (GtkMenuButton *button, gpointer user_data)
{
  DptSideCard *self = user_data;

  gtk_menu_button_set_popover (button,
                               dpt_side_facts_new (self->side, self->panel));
}

static void
dpt_side_card_init (DptSideCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->button, create_popover_cb, self,
                                         NULL);
}

static void
update (DptSideCard *self)
{
  DptSideState state;
  DptModel *model;
  DptCheckpoint *checkpoint;
  char digits[DPT_DIGITS_SIZE];
  g_autofree char *subtitle = NULL;

  if (self->side == NULL)
    return;

  state = dpt_side_get_state (self->side);
  gtk_stack_set_visible_child_name (self->stack,
                                    state == DPT_SIDE_EMPTY ? "empty" : "card");
  gtk_label_set_text (self->title, dpt_side_get_title (self->side));

  model = dpt_side_get_model (self->side);
  checkpoint = dpt_side_get_keys (self->side) != NULL
                   ? dpt_model_get_checkpoint (dpt_side_get_keys (self->side))
                   : NULL;
  if (state == DPT_SIDE_LOADING)
    subtitle = g_strdup ("reading…");
  else if (state == DPT_SIDE_FAILED)
    subtitle = g_strdup ("cannot be read");
  else if (model != NULL && checkpoint != NULL)
    subtitle = g_strdup_printf ("%s · %s keys",
                                dpt_model_kind_get_name (
                                    dpt_model_get_kind (model)),
                                dpt_digits_group (dpt_checkpoint_get_n_entries (
                                                      checkpoint),
                                                  digits));
  else if (model != NULL)
    subtitle = g_strdup (dpt_model_kind_get_name (dpt_model_get_kind (model)));
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button),
                               dpt_side_get_path (self->side));
}

static gboolean
dropped_cb (GtkDropTarget *target,
            const GValue *value,
            double x,
            double y,
            gpointer user_data)
{
  const char *side = user_data;
  GSList *files = g_value_get_boxed (value);
  g_autofree char *path = files != NULL ? g_file_get_path (files->data) : NULL;
  GtkWidget *widget = gtk_event_controller_get_widget (
      GTK_EVENT_CONTROLLER (target));

  if (path == NULL)
    return FALSE;
  gtk_widget_activate_action (widget, "win.open-path", "(ss)", side, path);

  /* Two files dropped at once are both sides. */
  if (files->next != NULL)
    {
      g_autofree char *other = g_file_get_path (files->next->data);

      if (other != NULL)
        gtk_widget_activate_action (widget, "win.open-path", "(ss)",
                                    g_str_equal (side, "left") ? "right"
                                                               : "left",
                                    other);
    }
  return TRUE;
}

/**
 * dpt_side_add_drop_target:
 * @widget: a place to drop on
 * @panel: the side that opens what is dropped
 *
 * Lets @widget take files and folders from another program.
 */
void
dpt_side_add_drop_target (GtkWidget *widget, DptPanel panel)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST,
                                               GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (dropped_cb),
                    (gpointer) (panel == DPT_PANEL_LEFT ? "left" : "right"));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}

/**
 * dpt_side_card_set_panel:
 * @self: a card
 * @panel: left or right; once
 */
void
dpt_side_card_set_panel (DptSideCard *self, DptPanel panel)
{
  gboolean left = panel == DPT_PANEL_LEFT;

  self->panel = panel;
  gtk_widget_add_css_class (GTK_WIDGET (self), left ? "left" : "right");
  gtk_button_set_label (self->empty_button, left ? "Choose the left side"
                                                 : "Choose the right side");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button),
                                  left ? "win.open-left" : "win.open-right");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  left ? "Left side" : "Right side", -1);
  dpt_side_add_drop_target (GTK_WIDGET (self), panel);
}

/**
 * dpt_side_card_set_side:
 * @self: a card
 * @side: (nullable): what it names
 */
void
dpt_side_card_set_side (DptSideCard *self, DptSide *side)
{
  static const char *const properties[] = { "notify::state", "notify::title",
                                            "notify::model" };

  if (self->side == side)
    return;
  if (self->side != NULL)
    g_signal_handlers_disconnect_by_data (self->side, self);
  g_set_object (&self->side, side);
  if (side == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    g_signal_connect_swapped (side, properties[i], G_CALLBACK (update), self);
  update (self);
}
