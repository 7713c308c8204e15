/* dpt-heatmap.c - a slice of a tensor as colours
 *
 * Several heat maps can share one #DptHeatmapView, and with it the cross-hair
 * and the zoom.  The pointer and the arrow keys move the cross-hair, a drag
 * zooms in, a double click and Escape show everything again.
 *
 * The cells are rendered to an image once for each grid, window, size and
 * theme; a large slice is rendered in a thread, and until it is done the old
 * image stays.
 *
 * Accessible role: image, labelled by its name and size, described by the
 * value under the cross-hair.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-heatmap"

#include "dpt-heatmap.h"

#include "dpt-task.h"
#include "dpt-theme.h"

/* More cells than this are rendered in a thread: about 10 ms of work. */
#define MOST_CELLS_AT_ONCE ((gsize) 1 << 20)

/* A drag shorter than this is a click. */
#define LEAST_DRAG 4.0

struct _DptHeatmap
{
  DptDrawing parent_instance;

  DptSliceGrid *grid;
  DptColormap colormap;
  DptHeatmapView *view;
  char *name;
  char *row_title;
  char *column_title;
  gboolean row_labels;

  DptHeatmapLayout layout;
  cairo_surface_t *cells;
  gboolean cells_are_stale;
  gboolean reduced;
  GCancellable *cancellable;

  gboolean dragging;
  DptRect drag;
};

enum
{
  PROP_0,
  PROP_REDUCED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptHeatmap, dpt_heatmap, DPT_TYPE_DRAWING)

/* What a thread needs to render cells; it shares nothing else. */
typedef struct
{
  DptSliceGrid *grid;
  DptHeatmapLayout layout;
  DptColormap colormap;
} RenderJob;

static void
render_job_free (gpointer data)
{
  RenderJob *job = data;

  dpt_slice_grid_unref (job->grid);
  g_free (job);
}

/* NULL without an error: cancelled. */
static gpointer
render_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  RenderJob *job = data;

  return dpt_heatmap_render_cells (job->grid, &job->layout, &job->colormap,
                                   cancellable);
}

static void
render_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DptHeatmap *self = DPT_HEATMAP (source);
  cairo_surface_t *cells = g_task_propagate_pointer (G_TASK (result), NULL);

  /* NULL: cancelled, because a newer one is on its way. */
  if (cells == NULL)
    return;
  g_clear_pointer (&self->cells, cairo_surface_destroy);
  self->cells = cells;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
cancel_render (DptHeatmap *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
start_render (DptHeatmap *self)
{
  const DptGridWindow *window = &self->layout.window;

  self->cells_are_stale = FALSE;
  cancel_render (self);
  if (window->n_columns == 0 ||
      window->n_rows <= MOST_CELLS_AT_ONCE / window->n_columns)
    {
      g_clear_pointer (&self->cells, cairo_surface_destroy);
      self->cells = dpt_heatmap_render_cells (self->grid, &self->layout,
                                              &self->colormap, NULL);
    }
  else
    {
      RenderJob *job = g_new (RenderJob, 1);
      g_autoptr (GTask) task = NULL;

      self->cancellable = g_cancellable_new ();
      *job = (RenderJob){ dpt_slice_grid_ref (self->grid), self->layout,
                          self->colormap };
      task = g_task_new (self, self->cancellable, render_done_cb, NULL);
      g_task_set_task_data (task, job, render_job_free);
      dpt_task_run (task, render_in_thread,
                    (GDestroyNotify) cairo_surface_destroy);
    }
}

static void
invalidate (DptHeatmap *self)
{
  self->cells_are_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The part of the view's window that this grid has; two sides of different
 * shapes can share a view. */
static void
get_own_window (DptHeatmap *self, DptGridWindow *window)
{
  gsize n_rows = dpt_slice_grid_get_n_rows (self->grid);
  gsize n_columns = dpt_slice_grid_get_n_columns (self->grid);

  dpt_heatmap_view_get_window (self->view, window);
  if (window->row >= n_rows || window->column >= n_columns)
    *window = (DptGridWindow){ 0, 0, n_rows, n_columns };
  window->n_rows = MIN (window->n_rows, n_rows - window->row);
  window->n_columns = MIN (window->n_columns, n_columns - window->column);
}

static void
get_axes (DptHeatmap *self, DptHeatmapAxes *axes)
{
  *axes = (DptHeatmapAxes){
    .row_ticks = TRUE,
    .row_labels = self->row_labels,
    .column_ticks = TRUE,
    .row_title = self->row_title,
    .column_title = self->column_title,
  };
}

static void
update_layout (DptHeatmap *self)
{
  DptHeatmapAxes axes;
  DptMargins margins;
  DptGridWindow window;
  gboolean reduced;

  get_axes (self, &axes);
  dpt_heatmap_get_margins (&axes, &margins);
  get_own_window (self, &window);
  dpt_heatmap_layout_init (&self->layout, &window, &margins,
                           gtk_widget_get_width (GTK_WIDGET (self)),
                           gtk_widget_get_height (GTK_WIDGET (self)),
                           gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  reduced = dpt_heatmap_layout_is_reduced (&self->layout);
  if (reduced == self->reduced)
    return;
  self->reduced = reduced;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REDUCED]);
}

static void
update_description (DptHeatmap *self)
{
  g_autofree char *value = NULL;
  g_autofree char *text = NULL;
  gsize row;
  gsize column;

  if (!dpt_heatmap_view_get_cursor (self->view, &row, &column) ||
      !dpt_slice_grid_has_cell (self->grid, row, column))
    {
      dpt_drawing_set_description (DPT_DRAWING (self), "");
      return;
    }
  value = dpt_slice_grid_print_cell (self->grid, row, column);
  text = g_strdup_printf ("row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT
                          ": %s",
                          row, column, value);
  dpt_drawing_set_description (DPT_DRAWING (self), text);
}

static void
update_label (DptHeatmap *self)
{
  g_autofree char *text = NULL;

  if (self->grid == NULL)
    text = g_strdup_printf ("%s: no values",
                            self->name != NULL ? self->name : "Heat map");
  else
    text = g_strdup_printf ("%s: %" G_GSIZE_FORMAT " rows, %" G_GSIZE_FORMAT
                            " columns",
                            self->name != NULL ? self->name : "Heat map",
                            dpt_slice_grid_get_n_rows (self->grid),
                            dpt_slice_grid_get_n_columns (self->grid));
  dpt_drawing_set_label (DPT_DRAWING (self), text);
}

static void
cursor_changed_cb (DptHeatmap *self)
{
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
dpt_heatmap_point (DptDrawing *drawing, double x, double y)
{
  DptHeatmap *self = DPT_HEATMAP (drawing);
  gsize row;
  gsize column;

  if (self->grid != NULL && !self->dragging &&
      dpt_heatmap_layout_pick (&self->layout, x, y, &row, &column))
    dpt_heatmap_view_set_cursor (self->view, row, column);
}

static void
pressed_cb (DptHeatmap *self, int n_press)
{
  if (n_press == 2)
    dpt_heatmap_view_reset_window (self->view);
}

static void
drag_begin_cb (DptHeatmap *self, double x, double y)
{
  self->drag = (DptRect){ x, y, 0.0, 0.0 };
}

static void
drag_update_cb (DptHeatmap *self, double width, double height)
{
  self->drag.width = width;
  self->drag.height = height;
  self->dragging = ABS (width) >= LEAST_DRAG && ABS (height) >= LEAST_DRAG;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (DptHeatmap *self, double width, double height)
{
  DptGridWindow window;

  if (self->grid != NULL && self->dragging &&
      dpt_heatmap_layout_select (&self->layout, self->drag.x, self->drag.y,
                                 self->drag.x + width, self->drag.y + height,
                                 &window))
    dpt_heatmap_view_set_window (self->view, &window);
  self->dragging = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
key_pressed_cb (DptHeatmap *self,
                guint keyval,
                guint code,
                GdkModifierType state)
{
  int step = state & GDK_SHIFT_MASK ? 10 : 1;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Up:
      dpt_heatmap_view_move_cursor (self->view, -step, 0);
      return TRUE;
    case GDK_KEY_Down:
      dpt_heatmap_view_move_cursor (self->view, step, 0);
      return TRUE;
    case GDK_KEY_Left:
      dpt_heatmap_view_move_cursor (self->view, 0, -step);
      return TRUE;
    case GDK_KEY_Right:
      dpt_heatmap_view_move_cursor (self->view, 0, step);
      return TRUE;
    case GDK_KEY_Escape:
      if (!dpt_heatmap_view_is_zoomed (self->view))
        return FALSE;
      dpt_heatmap_view_reset_window (self->view);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
dpt_heatmap_size_allocate (GtkWidget *widget,
                           int width,
                           int height,
                           int baseline)
{
  DPT_HEATMAP (widget)->cells_are_stale = TRUE;
}

static void
draw_drag (DptHeatmap *self, cairo_t *cr, DptTheme theme)
{
  const DptColor *accent = dpt_palette_get_shade (theme, DPT_SHADE_ACCENT);

  cairo_rectangle (cr, self->drag.x, self->drag.y, self->drag.width,
                   self->drag.height);
  dpt_color_set_source (accent, cr, 0.2);
  cairo_fill_preserve (cr);
  dpt_color_set_source (accent, cr, 1.0);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
}

static void
dpt_heatmap_paint (DptDrawing *drawing,
                   cairo_t *cr,
                   int width,
                   int height,
                   DptTheme theme)
{
  DptHeatmap *self = DPT_HEATMAP (drawing);
  DptHeatmapAxes axes;
  gsize row;
  gsize column;

  if (self->grid == NULL)
    return;
  update_layout (self);
  if (self->colormap.theme != theme)
    {
      self->colormap.theme = theme;
      self->cells_are_stale = TRUE;
    }
  if (self->cells_are_stale)
    start_render (self);
  get_axes (self, &axes);
  dpt_heatmap_draw_cells (cr, &self->layout, self->cells, theme);
  dpt_heatmap_draw_axes (cr, &self->layout, &axes, theme);
  if (dpt_heatmap_view_get_cursor (self->view, &row, &column))
    dpt_heatmap_draw_cross_hair (cr, &self->layout, row, column, theme);
  if (self->dragging)
    draw_drag (self, cr, theme);
}

static void
dpt_heatmap_dispose (GObject *object)
{
  DptHeatmap *self = DPT_HEATMAP (object);

  cancel_render (self);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_object (&self->view);
  g_clear_pointer (&self->grid, dpt_slice_grid_unref);
  g_clear_pointer (&self->cells, cairo_surface_destroy);
  G_OBJECT_CLASS (dpt_heatmap_parent_class)->dispose (object);
}

static void
dpt_heatmap_finalize (GObject *object)
{
  DptHeatmap *self = DPT_HEATMAP (object);

  g_free (self->name);
  g_free (self->row_title);
  g_free (self->column_title);
  G_OBJECT_CLASS (dpt_heatmap_parent_class)->finalize (object);
}

static void
dpt_heatmap_get_property (GObject *object,
                          guint property_id,
                          GValue *value,
                          GParamSpec *pspec)
{
  DptHeatmap *self = DPT_HEATMAP (object);

  switch (property_id)
    {
    case PROP_REDUCED:
      g_value_set_boolean (value, self->reduced);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_heatmap_class_init (DptHeatmapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DptDrawingClass *drawing_class = DPT_DRAWING_CLASS (klass);

  object_class->dispose = dpt_heatmap_dispose;
  object_class->finalize = dpt_heatmap_finalize;
  object_class->get_property = dpt_heatmap_get_property;
  widget_class->size_allocate = dpt_heatmap_size_allocate;
  drawing_class->paint = dpt_heatmap_paint;
  drawing_class->point = dpt_heatmap_point;
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_HORIZONTAL, 120,
                              400);
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_VERTICAL, 160,
                              260);

  properties[PROP_REDUCED] = g_param_spec_boolean ("reduced", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE |
                                                       G_PARAM_EXPLICIT_NOTIFY |
                                                       G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "heatmap");
}

static void
dpt_heatmap_init (DptHeatmap *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();

  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb),
                            self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb),
                            self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb),
                            self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  dpt_drawing_follow_pointer (DPT_DRAWING (self));
  dpt_heatmap_set_view (self, view);
  update_label (self);
}

/**
 * dpt_heatmap_new:
 *
 * Returns: (transfer floating): a heat map of nothing, with a view of its own
 */
GtkWidget *
dpt_heatmap_new (void)
{
  return g_object_new (DPT_TYPE_HEATMAP, NULL);
}

/**
 * dpt_heatmap_get_grid:
 * @self: a heat map
 *
 * Returns: (transfer none) (nullable): what it shows
 */
DptSliceGrid *
dpt_heatmap_get_grid (DptHeatmap *self)
{
  g_return_val_if_fail (DPT_IS_HEATMAP (self), NULL);

  return self->grid;
}

/**
 * dpt_heatmap_set_grid:
 * @self: a heat map
 * @grid: (nullable): the cells; %NULL shows nothing
 * @colormap: (nullable): their colours; its theme is replaced by the current
 *   one; only needed with a grid
 *
 * The size of the view is its owner's to set, since several grids can share
 * it.
 */
void
dpt_heatmap_set_grid (DptHeatmap *self,
                      DptSliceGrid *grid,
                      const DptColormap *colormap)
{
  g_return_if_fail (DPT_IS_HEATMAP (self));
  g_return_if_fail (grid == NULL || colormap != NULL);

  if (grid != NULL)
    {
      dpt_slice_grid_ref (grid);
      self->colormap = *colormap;
      self->colormap.theme = dpt_theme_get_current ();
    }
  cancel_render (self);
  g_clear_pointer (&self->cells, cairo_surface_destroy);
  g_clear_pointer (&self->grid, dpt_slice_grid_unref);
  self->grid = grid;
  update_label (self);
  update_description (self);
  invalidate (self);
}

/**
 * dpt_heatmap_get_view:
 * @self: a heat map
 *
 * Returns: (transfer none): its cross-hair and zoom
 */
DptHeatmapView *
dpt_heatmap_get_view (DptHeatmap *self)
{
  g_return_val_if_fail (DPT_IS_HEATMAP (self), NULL);

  return self->view;
}

/**
 * dpt_heatmap_set_view:
 * @self: a heat map
 * @view: the cross-hair and zoom to share
 */
void
dpt_heatmap_set_view (DptHeatmap *self, DptHeatmapView *view)
{
  g_return_if_fail (DPT_IS_HEATMAP (self));
  g_return_if_fail (DPT_IS_HEATMAP_VIEW (view));

  if (self->view == view)
    return;
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_set_object (&self->view, view);
  g_signal_connect_swapped (view, "cursor-changed",
                            G_CALLBACK (cursor_changed_cb), self);
  g_signal_connect_swapped (view, "window-changed", G_CALLBACK (invalidate),
                            self);
  invalidate (self);
}

/**
 * dpt_heatmap_set_axes:
 * @self: a heat map
 * @row_labels: whether the rows' ticks have numbers
 * @row_title: (nullable): what the rows are
 * @column_title: (nullable): what the columns are
 */
void
dpt_heatmap_set_axes (DptHeatmap *self,
                      gboolean row_labels,
                      const char *row_title,
                      const char *column_title)
{
  g_return_if_fail (DPT_IS_HEATMAP (self));

  g_free (self->row_title);
  g_free (self->column_title);
  self->row_labels = row_labels;
  self->row_title = g_strdup (row_title);
  self->column_title = g_strdup (column_title);
  invalidate (self);
}

/**
 * dpt_heatmap_set_name:
 * @self: a heat map
 * @name: what it shows, for those who cannot see it: "Left"
 */
void
dpt_heatmap_set_name (DptHeatmap *self, const char *name)
{
  g_return_if_fail (DPT_IS_HEATMAP (self));

  g_free (self->name);
  self->name = g_strdup (name);
  update_label (self);
}

/**
 * dpt_heatmap_is_reduced:
 * @self: a heat map
 *
 * Returns: whether, as it was last drawn, a pixel stands for more than one
 *   cell
 */
gboolean
dpt_heatmap_is_reduced (DptHeatmap *self)
{
  g_return_val_if_fail (DPT_IS_HEATMAP (self), FALSE);

  return self->reduced;
}
