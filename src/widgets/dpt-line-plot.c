/* dpt-line-plot.c - the values of a vector as a line, on both sides
 *
 * The cross-hair is that of a #DptHeatmapView whose rows are the indexes of
 * the vector, so that the table of the same values follows.  The pointer and
 * the left and right keys move it.
 *
 * Accessible role: image, labelled by the number of values.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-line-plot"

#include "dpt-line-plot.h"

struct _DptLinePlot
{
  DptDrawing parent_instance;
  DptSliceGrid *left;
  DptSliceGrid *right;
  double low;
  double high;
  DptHeatmapView *view;
};

G_DEFINE_FINAL_TYPE (DptLinePlot, dpt_line_plot, DPT_TYPE_DRAWING)

static void
get_layout (DptLinePlot *self, DptLineData *data, DptLineLayout *layout)
{
  *data = (DptLineData){ self->left, self->right, self->low, self->high };
  dpt_line_layout_init (layout, data, gtk_widget_get_width (GTK_WIDGET (self)),
                        gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
dpt_line_plot_paint (DptDrawing *drawing,
                     cairo_t *cr,
                     int width,
                     int height,
                     DptTheme theme)
{
  DptLinePlot *self = DPT_LINE_PLOT (drawing);
  DptLineData data;
  DptLineLayout layout;
  gsize row;
  gsize column;

  get_layout (self, &data, &layout);
  dpt_line_draw (cr, &layout, &data, theme);
  if (dpt_heatmap_view_get_cursor (self->view, &row, &column))
    dpt_line_draw_cross_hair (cr, &layout, row, theme);
}

static void
dpt_line_plot_point (DptDrawing *drawing, double x, double y)
{
  DptLinePlot *self = DPT_LINE_PLOT (drawing);
  DptLineData data;
  DptLineLayout layout;
  gsize index;

  get_layout (self, &data, &layout);
  if (dpt_line_layout_pick (&layout, x, &index))
    dpt_heatmap_view_set_cursor (self->view, index, 0);
}

static gboolean
key_pressed_cb (DptLinePlot *self,
                guint keyval,
                guint code,
                GdkModifierType state)
{
  int step = state & GDK_SHIFT_MASK ? 10 : 1;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  if (keyval != GDK_KEY_Left && keyval != GDK_KEY_Right)
    return FALSE;
  dpt_heatmap_view_move_cursor (self->view,
                                keyval == GDK_KEY_Left ? -step : step, 0);
  return TRUE;
}

static void
dpt_line_plot_dispose (GObject *object)
{
  DptLinePlot *self = DPT_LINE_PLOT (object);

  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_object (&self->view);
  g_clear_pointer (&self->left, dpt_slice_grid_unref);
  g_clear_pointer (&self->right, dpt_slice_grid_unref);
  G_OBJECT_CLASS (dpt_line_plot_parent_class)->dispose (object);
}

static void
dpt_line_plot_class_init (DptLinePlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DptDrawingClass *drawing_class = DPT_DRAWING_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_line_plot_dispose;
  drawing_class->paint = dpt_line_plot_paint;
  drawing_class->point = dpt_line_plot_point;
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_HORIZONTAL, 240,
                              900);
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_VERTICAL, 120,
                              280);
  gtk_widget_class_set_css_name (widget_class, "lineplot");
}

static void
dpt_line_plot_init (DptLinePlot *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();

  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb),
                            self);
  gtk_widget_add_controller (widget, key);
  dpt_drawing_follow_pointer (DPT_DRAWING (self));
  dpt_line_plot_set_view (self, view);
}

/**
 * dpt_line_plot_new:
 *
 * Returns: (transfer floating): a plot of nothing
 */
GtkWidget *
dpt_line_plot_new (void)
{
  return g_object_new (DPT_TYPE_LINE_PLOT, NULL);
}

/**
 * dpt_line_plot_set_grids:
 * @self: a plot
 * @left: (nullable): the left vector, in row 0
 * @right: (nullable): the right vector, in row 0
 * @low: the smallest value of both
 * @high: the largest value
 */
void
dpt_line_plot_set_grids (DptLinePlot *self,
                         DptSliceGrid *left,
                         DptSliceGrid *right,
                         double low,
                         double high)
{
  gsize n_left = left != NULL ? dpt_slice_grid_get_n_columns (left) : 0;
  gsize n_right = right != NULL ? dpt_slice_grid_get_n_columns (right) : 0;
  g_autofree char *label = g_strdup_printf ("Line of %" G_GSIZE_FORMAT
                                            " values on the left and "
                                            "%" G_GSIZE_FORMAT " on the right",
                                            n_left, n_right);

  g_return_if_fail (DPT_IS_LINE_PLOT (self));

  if (left != NULL)
    dpt_slice_grid_ref (left);
  if (right != NULL)
    dpt_slice_grid_ref (right);
  g_clear_pointer (&self->left, dpt_slice_grid_unref);
  g_clear_pointer (&self->right, dpt_slice_grid_unref);
  self->left = left;
  self->right = right;
  self->low = low;
  self->high = high;
  dpt_drawing_set_label (DPT_DRAWING (self), label);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * dpt_line_plot_set_view:
 * @self: a plot
 * @view: the cross-hair to share
 */
void
dpt_line_plot_set_view (DptLinePlot *self, DptHeatmapView *view)
{
  g_return_if_fail (DPT_IS_LINE_PLOT (self));
  g_return_if_fail (DPT_IS_HEATMAP_VIEW (view));

  if (self->view == view)
    return;
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_set_object (&self->view, view);
  g_signal_connect_swapped (view, "cursor-changed",
                            G_CALLBACK (gtk_widget_queue_draw), self);
}
