/* dpt-keys-page-filter.c - the bar of the Keys page: text, chips, where we are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-keys-page"

#include "dpt-chip.h"
#include "dpt-digits.h"
#include "dpt-keys-page-private.h"

guint
_dpt_keys_page_get_selected (DptKeysPage *self)
{
  return self->workspace != NULL ? dpt_workspace_get_selected (self->workspace)
                                 : NO_PAIR;
}

/* What is said in words: counts, what is hidden, where we are. */
void
_dpt_keys_page_update_bar (DptKeysPage *self)
{
  DptPairModel *pairs = self->model != NULL
                            ? dpt_hinge_model_get_pairs (self->model)
                            : NULL;
  guint n_hidden = self->model != NULL
                       ? dpt_hinge_model_get_n_hidden (self->model)
                       : 0;
  guint n = pairs != NULL ? dpt_hinge_model_get_n_differences (self->model) : 0;
  guint index =
      pairs != NULL
          ? dpt_hinge_model_get_difference_index (self->model,
                                                  _dpt_keys_page_get_selected (
                                                      self))
          : NO_PAIR;
  char digits[DPT_DIGITS_SIZE];
  char a[DPT_DIGITS_SIZE], b[DPT_DIGITS_SIZE];
  g_autofree char *hidden = g_strdup_printf ("%s hidden",
                                             dpt_digits_group (n_hidden,
                                                               digits));
  g_autofree char *position =
      index != NO_PAIR ? g_strdup_printf ("difference %s of %s",
                                          dpt_digits_group (index + 1, a),
                                          dpt_digits_group (n, b))
      : n == 1         ? g_strdup ("1 difference")
               : g_strdup_printf ("%s differences", dpt_digits_group (n, a));

  gtk_widget_set_visible (self->chips, pairs != NULL);
  for (guint v = 0; v < DPT_N_VERDICTS; v++)
    {
      guint count = pairs != NULL
                        ? dpt_pair_model_get_count (pairs, (DptVerdict) v)
                        : 0;

      dpt_chip_set_text (DPT_CHIP (self->chip[v]),
                         dpt_digits_group (count, digits));
      gtk_widget_set_visible (self->chip[v],
                              count > 0 || (self->hidden & (1u << v)));
    }
  gtk_label_set_text (self->hidden_label, hidden);
  gtk_widget_set_visible (self->show_all, n_hidden > 0);
  gtk_label_set_text (self->position, pairs != NULL ? position : "");
}

static void
chip_toggled_cb (GtkToggleButton *button, DptKeysPage *self)
{
  guint bit = 1u << dpt_chip_get_verdict (DPT_CHIP (button));
  guint hidden = gtk_toggle_button_get_active (button) ? self->hidden & ~bit
                                                       : self->hidden | bit;

  if (hidden == self->hidden)
    return;
  self->hidden = hidden;
  if (self->model != NULL)
    dpt_hinge_model_set_hidden (self->model, hidden);
  g_object_notify (G_OBJECT (self), "hidden");
}

void
_dpt_keys_page_set_hidden (DptKeysPage *self, guint hidden)
{
  if (self->hidden == hidden)
    return;
  self->hidden = hidden;
  for (guint v = 0; v < DPT_N_VERDICTS; v++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chip[v]),
                                  !(hidden & (1u << v)));
  if (self->model != NULL)
    dpt_hinge_model_set_hidden (self->model, hidden);
  g_object_notify (G_OBJECT (self), "hidden");
}

/* Shows only this verdict, and all again the second time. */
void
_dpt_keys_page_show_only (DptKeysPage *self, DptVerdict verdict)
{
  guint others = ((1u << DPT_N_VERDICTS) - 1) & ~(1u << verdict);

  _dpt_keys_page_set_hidden (self, self->hidden == others ? 0 : others);
}

/* Watches the chips' box, not the chips: what it claims on the way down no
 * chip sees, and so none is toggled besides. */
static void
chips_pressed_cb (GtkGestureClick *gesture,
                  int n_press,
                  double x,
                  double y,
                  DptKeysPage *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *at = gtk_widget_pick (self->chips, x, y, GTK_PICK_DEFAULT);
  GtkWidget *chip = at != NULL ? gtk_widget_get_ancestor (at, DPT_TYPE_CHIP)
                               : NULL;

  if (chip == NULL || !(state & GDK_CONTROL_MASK))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  _dpt_keys_page_show_only (self, dpt_chip_get_verdict (DPT_CHIP (chip)));
}

void
_dpt_keys_page_add_chips (DptKeysPage *self)
{
  /* In the order of the visual language. */
  static const DptVerdict order[] = {
    DPT_VERDICT_IDENTICAL, DPT_VERDICT_CLOSE,     DPT_VERDICT_DIFFERENT,
    DPT_VERDICT_SHAPE,     DPT_VERDICT_DTYPE,     DPT_VERDICT_UNREAD,
    DPT_VERDICT_ONLY_LEFT, DPT_VERDICT_ONLY_RIGHT
  };

  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click),
                                              GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (chips_pressed_cb), self);
  gtk_widget_add_controller (self->chips, GTK_EVENT_CONTROLLER (click));

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      GtkWidget *chip = dpt_chip_new (order[i]);
      g_autofree char *tooltip =
          g_strdup_printf ("%s: click hides, Ctrl+click shows only these",
                           dpt_verdict_get_name (order[i]));

      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), TRUE);
      gtk_widget_set_tooltip_text (chip, tooltip);
      g_signal_connect (chip, "toggled", G_CALLBACK (chip_toggled_cb), self);
      gtk_box_append (GTK_BOX (self->chips), chip);
      self->chip[order[i]] = chip;
    }
}

/* A wrong expression is underlined and says why; the filter stays as it was. */
void
_dpt_keys_page_apply_filter (DptKeysPage *self)
{
  g_autoptr (GError) error = NULL;

  if (self->model != NULL)
    dpt_hinge_model_set_text (self->model, self->filter, self->is_regex,
                              &error);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry),
                               error != NULL ? error->message : NULL);
  if (error != NULL)
    gtk_label_set_text (self->hidden_label, error->message);
  else
    _dpt_keys_page_update_bar (self);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->hidden_label),
                               error != NULL ? error->message : NULL);
}

void
_dpt_keys_page_set_filter (DptKeysPage *self, const char *filter)
{
  if (g_strcmp0 (filter, self->filter) == 0)
    return;
  g_free (self->filter);
  self->filter = g_strdup (filter);
  if (g_strcmp0 (gtk_editable_get_text (self->entry), filter) != 0)
    gtk_editable_set_text (self->entry, filter != NULL ? filter : "");
  _dpt_keys_page_apply_filter (self);
  g_object_notify (G_OBJECT (self), "filter");
}

char *
_dpt_keys_page_hidden_to_string (DptKeysPage *self)
{
  GString *names = g_string_new (NULL);

  for (guint v = 0; v < DPT_N_VERDICTS; v++)
    if (self->hidden & (1u << v))
      {
        if (names->len > 0)
          g_string_append_c (names, ',');
        g_string_append (names, dpt_verdict_get_name ((DptVerdict) v));
      }
  return g_string_free (names, FALSE);
}

guint
_dpt_keys_page_hidden_from_string (const char *text)
{
  g_auto (GStrv) names = g_strsplit (text != NULL ? text : "", ",", -1);
  guint hidden = 0;
  DptVerdict verdict;

  for (guint i = 0; names[i] != NULL; i++)
    if (dpt_verdict_from_name (names[i], &verdict))
      hidden |= 1u << verdict;
  return hidden;
}
