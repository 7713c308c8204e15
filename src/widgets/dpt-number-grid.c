/* dpt-number-grid.c - a slice of both sides as a table of numbers
 *
 * The twin of the heat maps, for those who want or need the numbers.  A cell
 * whose sides are equal shows one number, plainly; one whose sides differ has
 * the tint of its verdict and shows left above right.  Only the cells in sight
 * are drawn, so a slice of any size opens at once.
 *
 * The cursor is that of a #DptHeatmapView: arrows, Page Up and Down, Home and
 * End move it, and the table scrolls with it.
 *
 * Accessible role: grid, labelled by its size; the description tells place and
 * values of the cell under the cursor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-number-grid"

#include "dpt-number-grid.h"

#include <math.h>

#include "dpt-number-grid-renderer.h"
#include "dpt-theme.h"

#define CELL_WIDTH    112
#define WIDE_WIDTH    420
#define VISIBLE_CELLS 4

struct _DptNumberGrid
{
  GtkWidget parent_instance;
  DptSliceGrid *left;
  DptSliceGrid *right;
  DptSliceGrid *difference;
  gsize n_rows;
  gsize n_columns;
  int cell_width;
  DptHeatmapView *view;
  GtkAdjustment *adjustments[2]; /* by GtkOrientation */
  GtkScrollablePolicy policies[2];
  gboolean scroll_pending; /* to the cursor, when there is a size */
};

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_FINAL_TYPE_WITH_CODE (DptNumberGrid,
                               dpt_number_grid,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE,
                                                      NULL))

static double
get_offset (DptNumberGrid *self, GtkOrientation orientation)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];

  return adjustment != NULL ? floor (gtk_adjustment_get_value (adjustment))
                            : 0.0;
}

static void
configure_adjustment (DptNumberGrid *self,
                      GtkOrientation orientation,
                      double size,
                      double page,
                      double step)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];
  double value;

  if (adjustment == NULL)
    return;
  value = CLAMP (gtk_adjustment_get_value (adjustment), 0.0,
                 MAX (size - page, 0.0));
  gtk_adjustment_configure (adjustment, value, 0.0, MAX (size, page), step,
                            page * 0.9, page);
}

static void
update_adjustments (DptNumberGrid *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) -
                 DPT_NUMBER_GRID_HEAD_WIDTH;
  double height = gtk_widget_get_height (GTK_WIDGET (self)) -
                  DPT_NUMBER_GRID_HEAD_HEIGHT;

  configure_adjustment (self, GTK_ORIENTATION_HORIZONTAL,
                        (double) self->n_columns * self->cell_width,
                        MAX (width, 1.0), self->cell_width);
  configure_adjustment (self, GTK_ORIENTATION_VERTICAL,
                        (double) self->n_rows * DPT_NUMBER_GRID_ROW_HEIGHT,
                        MAX (height, 1.0), DPT_NUMBER_GRID_ROW_HEIGHT);
}

static void
dpt_number_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (widget);
  DptNumberGridData data = {
    .left = self->left,
    .right = self->right,
    .difference = self->difference,
    .n_rows = self->n_rows,
    .n_columns = self->n_columns,
    .cell_width = self->cell_width,
    .x = get_offset (self, GTK_ORIENTATION_HORIZONTAL),
    .y = get_offset (self, GTK_ORIENTATION_VERTICAL),
    .width = gtk_widget_get_width (widget),
    .height = gtk_widget_get_height (widget),
  };
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot,
                                 &GRAPHENE_RECT_INIT (0, 0, (float) data.width,
                                                      (float) data.height));

  data.has_cursor = dpt_heatmap_view_get_cursor (self->view, &data.cursor_row,
                                                 &data.cursor_column);
  dpt_number_grid_draw (cr, &data, dpt_theme_get_current ());
  cairo_destroy (cr);
}

static void
dpt_number_grid_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = DPT_NUMBER_GRID_HEAD_WIDTH + CELL_WIDTH;
      *natural = DPT_NUMBER_GRID_HEAD_WIDTH + VISIBLE_CELLS * self->cell_width;
    }
  else
    {
      *minimum = DPT_NUMBER_GRID_HEAD_HEIGHT + DPT_NUMBER_GRID_ROW_HEIGHT;
      *natural = DPT_NUMBER_GRID_HEAD_HEIGHT +
                 VISIBLE_CELLS * DPT_NUMBER_GRID_ROW_HEIGHT;
    }
}

static void
scroll_to (GtkAdjustment *adjustment, double start, double size)
{
  if (adjustment != NULL)
    gtk_adjustment_clamp_page (adjustment, start, start + size);
}

static void
scroll_to_cursor (DptNumberGrid *self)
{
  gsize row;
  gsize column;

  if (!dpt_heatmap_view_get_cursor (self->view, &row, &column))
    return;
  scroll_to (self->adjustments[GTK_ORIENTATION_HORIZONTAL],
             (double) column * self->cell_width, self->cell_width);
  scroll_to (self->adjustments[GTK_ORIENTATION_VERTICAL],
             (double) row * DPT_NUMBER_GRID_ROW_HEIGHT,
             DPT_NUMBER_GRID_ROW_HEIGHT);
}

/* A table that comes into sight shows the cell that was pointed at elsewhere.
 */
static void
dpt_number_grid_map (GtkWidget *widget)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (widget);

  self->scroll_pending = TRUE;
  GTK_WIDGET_CLASS (dpt_number_grid_parent_class)->map (widget);
  gtk_widget_queue_allocate (widget);
}

static void
dpt_number_grid_size_allocate (GtkWidget *widget,
                               int width,
                               int height,
                               int baseline)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (widget);

  update_adjustments (self);
  if (!self->scroll_pending)
    return;
  self->scroll_pending = FALSE;
  scroll_to_cursor (self);
}

static void
cursor_changed_cb (DptNumberGrid *self)
{
  g_autofree char *text = NULL;
  gsize row;
  gsize column;

  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!dpt_heatmap_view_get_cursor (self->view, &row, &column))
    return;
  text = dpt_number_grid_describe (self, row, column);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    scroll_to_cursor (self);
}

static void
pressed_cb (DptNumberGrid *self, int n_press, double x, double y)
{
  double column = (x - DPT_NUMBER_GRID_HEAD_WIDTH +
                   get_offset (self, GTK_ORIENTATION_HORIZONTAL)) /
                  self->cell_width;
  double row = (y - DPT_NUMBER_GRID_HEAD_HEIGHT +
                get_offset (self, GTK_ORIENTATION_VERTICAL)) /
               DPT_NUMBER_GRID_ROW_HEIGHT;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (x >= DPT_NUMBER_GRID_HEAD_WIDTH && y >= DPT_NUMBER_GRID_HEAD_HEIGHT)
    dpt_heatmap_view_set_cursor (self->view, (gsize) row, (gsize) column);
}

static gboolean
key_pressed_cb (DptNumberGrid *self,
                guint keyval,
                guint code,
                GdkModifierType state)
{
  int page = MAX (gtk_widget_get_height (GTK_WIDGET (self)) /
                          DPT_NUMBER_GRID_ROW_HEIGHT -
                      2,
                  1);

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Up:
      dpt_heatmap_view_move_cursor (self->view, -1, 0);
      return TRUE;
    case GDK_KEY_Down:
      dpt_heatmap_view_move_cursor (self->view, 1, 0);
      return TRUE;
    case GDK_KEY_Left:
      dpt_heatmap_view_move_cursor (self->view, 0, -1);
      return TRUE;
    case GDK_KEY_Right:
      dpt_heatmap_view_move_cursor (self->view, 0, 1);
      return TRUE;
    case GDK_KEY_Page_Up:
      dpt_heatmap_view_move_cursor (self->view, -page, 0);
      return TRUE;
    case GDK_KEY_Page_Down:
      dpt_heatmap_view_move_cursor (self->view, page, 0);
      return TRUE;
    case GDK_KEY_Home:
      dpt_heatmap_view_move_cursor (self->view, 0, G_MININT / 2);
      return TRUE;
    case GDK_KEY_End:
      dpt_heatmap_view_move_cursor (self->view, 0, G_MAXINT / 2);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
set_adjustment (DptNumberGrid *self,
                GtkOrientation orientation,
                GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place == adjustment && adjustment != NULL)
    return;
  if (*place != NULL)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_clear_object (place);
  if (adjustment == NULL)
    return;
  *place = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed",
                            G_CALLBACK (gtk_widget_queue_draw), self);
  update_adjustments (self);
}

static void
dpt_number_grid_get_property (GObject *object,
                              guint property_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (object);

  switch (property_id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_number_grid_set_property (GObject *object,
                              guint property_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (object);

  switch (property_id)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL,
                      g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL,
                      g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
clear_grids (DptNumberGrid *self)
{
  g_clear_pointer (&self->left, dpt_slice_grid_unref);
  g_clear_pointer (&self->right, dpt_slice_grid_unref);
  g_clear_pointer (&self->difference, dpt_slice_grid_unref);
}

static void
dpt_number_grid_dispose (GObject *object)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (object);

  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_object (&self->view);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  clear_grids (self);
  G_OBJECT_CLASS (dpt_number_grid_parent_class)->dispose (object);
}

static void
dpt_number_grid_class_init (DptNumberGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dpt_number_grid_dispose;
  object_class->get_property = dpt_number_grid_get_property;
  object_class->set_property = dpt_number_grid_set_property;
  widget_class->map = dpt_number_grid_map;
  widget_class->measure = dpt_number_grid_measure;
  widget_class->size_allocate = dpt_number_grid_size_allocate;
  widget_class->snapshot = dpt_number_grid_snapshot;

  g_object_class_override_property (object_class, PROP_HADJUSTMENT,
                                    "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT,
                                    "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY,
                                    "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY,
                                    "vscroll-policy");
  gtk_widget_class_set_css_name (widget_class, "numbergrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
dpt_number_grid_init (DptNumberGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();

  self->cell_width = CELL_WIDTH;
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb),
                            self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  dpt_theme_watch (widget, G_CALLBACK (gtk_widget_queue_draw));
  dpt_number_grid_set_view (self, view);
}

/**
 * dpt_number_grid_new:
 *
 * Returns: (transfer floating): a table of nothing
 */
GtkWidget *
dpt_number_grid_new (void)
{
  return g_object_new (DPT_TYPE_NUMBER_GRID, NULL);
}

static DptSliceGrid *
ref_or_null (DptSliceGrid *grid)
{
  return grid != NULL ? dpt_slice_grid_ref (grid) : NULL;
}

/**
 * dpt_number_grid_set_grids:
 * @self: a table
 * @left: (nullable): the left values
 * @right: (nullable): the right values
 * @difference: (nullable): their difference, when both have one size
 * @wide: whether cells need much room, as texts do
 *
 * Without @difference no cell is tinted, and both values are shown where their
 * texts differ. The table has as many rows and columns as the larger side.
 */
void
dpt_number_grid_set_grids (DptNumberGrid *self,
                           DptSliceGrid *left,
                           DptSliceGrid *right,
                           DptSliceGrid *difference,
                           gboolean wide)
{
  DptSliceGrid *sides[] = { left, right };
  g_autofree char *label = NULL;

  g_return_if_fail (DPT_IS_NUMBER_GRID (self));

  ref_or_null (left);
  ref_or_null (right);
  ref_or_null (difference);
  clear_grids (self);
  self->left = left;
  self->right = right;
  self->difference = difference;
  self->cell_width = wide ? WIDE_WIDTH : CELL_WIDTH;
  self->n_rows = 0;
  self->n_columns = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    if (sides[i] != NULL)
      {
        self->n_rows = MAX (self->n_rows, dpt_slice_grid_get_n_rows (sides[i]));
        self->n_columns = MAX (self->n_columns,
                               dpt_slice_grid_get_n_columns (sides[i]));
      }
  label = g_strdup_printf ("Numbers: %" G_GSIZE_FORMAT " rows, %" G_GSIZE_FORMAT
                           " columns",
                           self->n_rows, self->n_columns);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  update_adjustments (self);
  cursor_changed_cb (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * dpt_number_grid_set_view:
 * @self: a table
 * @view: the cursor to share
 */
void
dpt_number_grid_set_view (DptNumberGrid *self, DptHeatmapView *view)
{
  g_return_if_fail (DPT_IS_NUMBER_GRID (self));
  g_return_if_fail (DPT_IS_HEATMAP_VIEW (view));

  if (self->view == view)
    return;
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_set_object (&self->view, view);
  g_signal_connect_swapped (view, "cursor-changed",
                            G_CALLBACK (cursor_changed_cb), self);
}

/**
 * dpt_number_grid_describe:
 * @self: a table
 * @row: a row
 * @column: a column
 *
 * Returns: (transfer full): the cell in words: "row 37, column 88: left
 *   0.0194, right 0.0607, difference 0.0413"
 */
char *
dpt_number_grid_describe (DptNumberGrid *self, gsize row, gsize column)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (DPT_IS_NUMBER_GRID (self), NULL);

  g_string_append_printf (text,
                          "row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT
                          ":",
                          row, column);
  if (dpt_slice_grid_has_cell (self->left, row, column))
    {
      g_autofree char *value = dpt_slice_grid_print_cell (self->left, row,
                                                          column);

      g_string_append_printf (text, " left %s,", value);
    }
  if (dpt_slice_grid_has_cell (self->right, row, column))
    {
      g_autofree char *value = dpt_slice_grid_print_cell (self->right, row,
                                                          column);

      g_string_append_printf (text, " right %s,", value);
    }
  if (dpt_slice_grid_has_cell (self->difference, row, column))
    {
      g_autofree char *value = dpt_slice_grid_print_cell (self->difference, row,
                                                          column);

      g_string_append_printf (text, " difference %s,", value);
    }
  g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}
