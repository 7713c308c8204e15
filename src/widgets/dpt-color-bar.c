/* dpt-color-bar.c - the legend of a colour map
 *
 * Accessible role: image, labelled by the range that it covers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-color-bar"

#include "dpt-color-bar.h"

#include "dpt-axis.h"
#include "dpt-color-bar-renderer.h"
#include "dpt-theme.h"

struct _DptColorBar
{
  GtkWidget parent_instance;
  DptColormap colormap;
};

G_DEFINE_FINAL_TYPE (DptColorBar, dpt_color_bar, GTK_TYPE_WIDGET)

static void
dpt_color_bar_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 28;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : 28;
}

static void
dpt_color_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptColorBar *self = DPT_COLOR_BAR (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (0, 0, width,
                                                                height));

  self->colormap.theme = dpt_theme_get_current ();
  dpt_color_bar_draw (cr, &self->colormap, width, height);
  cairo_destroy (cr);
}

static void
dpt_color_bar_class_init (DptColorBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = dpt_color_bar_measure;
  widget_class->snapshot = dpt_color_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "colorbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dpt_color_bar_init (DptColorBar *self)
{
  dpt_colormap_init_values (&self->colormap, DPT_THEME_LIGHT, 1.0);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

/**
 * dpt_color_bar_new:
 *
 * Returns: (transfer floating): a legend of values from -1 to 1
 */
GtkWidget *
dpt_color_bar_new (void)
{
  return g_object_new (DPT_TYPE_COLOR_BAR, NULL);
}

/**
 * dpt_color_bar_set_colormap:
 * @self: a legend
 * @colormap: what it explains; its theme is replaced by the current one
 */
void
dpt_color_bar_set_colormap (DptColorBar *self, const DptColormap *colormap)
{
  g_autofree char *high = dpt_axis_format_number (colormap->high);
  g_autofree char *tolerance = dpt_axis_format_number (colormap->tolerance);
  g_autofree char *label = NULL;

  g_return_if_fail (DPT_IS_COLOR_BAR (self));

  self->colormap = *colormap;
  label = colormap->kind == DPT_COLORMAP_VALUES
              ? g_strdup_printf ("Colours of values from −%s to %s", high, high)
              : g_strdup_printf ("Colours of differences from 0 to %s, "
                                 "tolerance %s",
                                 high, tolerance);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
