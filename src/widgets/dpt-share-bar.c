/* dpt-share-bar.c - how many pairs have which verdict, as one bar
 *
 * Accessible role: image, labelled by the counts in words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-share-bar"

#include "dpt-share-bar.h"

#include <string.h>

#include "dpt-share-bar-renderer.h"
#include "dpt-theme.h"

#define BAR_WIDTH  150
#define BAR_HEIGHT 8

struct _DptShareBar
{
  GtkWidget parent_instance;
  guint counts[DPT_N_VERDICTS];
};

G_DEFINE_FINAL_TYPE (DptShareBar, dpt_share_bar, GTK_TYPE_WIDGET)

static void
dpt_share_bar_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? BAR_HEIGHT
                                                     : BAR_WIDTH / 3;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? BAR_HEIGHT : BAR_WIDTH;
}

static void
dpt_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptShareBar *self = DPT_SHARE_BAR (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (0, 0, width,
                                                                height));

  dpt_share_bar_draw (cr, self->counts, width, height,
                      dpt_theme_get_current ());
  cairo_destroy (cr);
}

static void
dpt_share_bar_class_init (DptShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = dpt_share_bar_measure;
  widget_class->snapshot = dpt_share_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sharebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dpt_share_bar_init (DptShareBar *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

/**
 * dpt_share_bar_new:
 *
 * Returns: (transfer floating): a new bar, empty
 */
GtkWidget *
dpt_share_bar_new (void)
{
  return g_object_new (DPT_TYPE_SHARE_BAR, NULL);
}

/**
 * dpt_share_bar_set_counts:
 * @self: a bar
 * @counts: how many pairs have each verdict
 */
void
dpt_share_bar_set_counts (DptShareBar *self, const guint counts[DPT_N_VERDICTS])
{
  g_autoptr (GString) words = g_string_new (NULL);

  g_return_if_fail (DPT_IS_SHARE_BAR (self));

  if (memcmp (self->counts, counts, sizeof self->counts) == 0)
    return;
  memcpy (self->counts, counts, sizeof self->counts);
  for (guint i = DPT_N_VERDICTS; i-- > 0;)
    if (counts[i] > 0)
      g_string_append_printf (words, "%s%u %s", words->len > 0 ? ", " : "",
                              counts[i], dpt_verdict_get_name ((DptVerdict) i));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words->str,
                                  -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words->str);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
