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

struct _DptColorBar
{
  DptDrawing parent_instance;
  DptColormap colormap;
};

G_DEFINE_FINAL_TYPE (DptColorBar, dpt_color_bar, DPT_TYPE_DRAWING)

static void
dpt_color_bar_paint (DptDrawing *drawing,
                     cairo_t *cr,
                     int width,
                     int height,
                     DptTheme theme)
{
  DptColorBar *self = DPT_COLOR_BAR (drawing);

  self->colormap.theme = theme;
  dpt_color_bar_draw (cr, &self->colormap, width, height);
}

static void
dpt_color_bar_class_init (DptColorBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DptDrawingClass *drawing_class = DPT_DRAWING_CLASS (klass);

  drawing_class->paint = dpt_color_bar_paint;
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_HORIZONTAL, 120,
                              400);
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_VERTICAL, 28, 28);
  gtk_widget_class_set_css_name (widget_class, "colorbar");
}

static void
dpt_color_bar_init (DptColorBar *self)
{
  dpt_colormap_init_values (&self->colormap, DPT_THEME_LIGHT, 1.0);
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
  dpt_drawing_set_label (DPT_DRAWING (self), label);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
