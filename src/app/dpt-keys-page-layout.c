/* dpt-keys-page-layout.c - what the Keys page has room for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-keys-page"

#include "dpt-keys-page-private.h"
#include "dpt-side-card.h"

/* Below the first the details go to the bottom, below the second there is
 * room for one side. */
#define WIDE   1100
#define NARROW 700

/* As small as a window may be. */
#define LEAST_SIZE 240

#define DETAILS_WIDTH 392
#define DETAILS_SHARE 0.4

DptSide *
_dpt_keys_page_get_side (DptKeysPage *self, DptPanel panel)
{
  return panel == DPT_PANEL_LEFT ? dpt_workspace_get_left (self->workspace)
                                 : dpt_workspace_get_right (self->workspace);
}

gboolean
_dpt_keys_page_has_keys (DptKeysPage *self, DptPanel panel)
{
  DptModel *keys = dpt_side_get_keys (_dpt_keys_page_get_side (self, panel));

  return keys != NULL && dpt_model_get_checkpoint (keys) != NULL;
}

/* Which of the panels, hinge and places there is room and use for. */
void
_dpt_keys_page_update_panels (DptKeysPage *self)
{
  gboolean narrow = self->width < NARROW;
  gboolean both = self->model != NULL &&
                  dpt_hinge_model_get_pairs (self->model) != NULL;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      gboolean fits = !narrow || p == self->shown_side;
      gboolean empty = self->workspace == NULL ||
                       (!both && !_dpt_keys_page_has_keys (self, p));

      gtk_widget_set_visible (GTK_WIDGET (self->lists[p]), fits && !empty);
      gtk_widget_set_visible (self->places[p], fits && empty);
    }
  gtk_widget_set_visible (self->hinge_column, both && !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->map), both);
  gtk_widget_set_visible (self->side_switch, narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->pair_details),
                          both && self->details);
}

void
_dpt_keys_page_add_place (DptKeysPage *self, DptPanel panel)
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
  _dpt_keys_page_update_panels (self);
  return G_SOURCE_REMOVE;
}

static int
width_class (int width)
{
  return (width >= WIDE) + (width >= NARROW);
}

/* The page fits into any width: what does not is taken away when it is laid
 * out, so the least width of today's parts is none of the page. */
void
_dpt_keys_page_measure (GtkWidget *widget,
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

void
_dpt_keys_page_size_allocate (GtkWidget *widget,
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

gboolean
_dpt_keys_page_is_narrow (DptKeysPage *self)
{
  return self->width < NARROW;
}

/* What is laid out before the page has a width. */
void
_dpt_keys_page_init_layout (DptKeysPage *self)
{
  self->width = WIDE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_size_request (GTK_WIDGET (self->pair_details), DETAILS_WIDTH,
                               -1);
}
