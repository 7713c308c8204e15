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

#include "dpt-theme.h"

#define HEAD_HEIGHT   24
#define HEAD_WIDTH    64
#define ROW_HEIGHT    36
#define CELL_WIDTH    112
#define WIDE_WIDTH    420
#define CELL_PADDING  8
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
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - HEAD_WIDTH;
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - HEAD_HEIGHT;

  configure_adjustment (self, GTK_ORIENTATION_HORIZONTAL,
                        (double) self->n_columns * self->cell_width,
                        MAX (width, 1.0), self->cell_width);
  configure_adjustment (self, GTK_ORIENTATION_VERTICAL,
                        (double) self->n_rows * ROW_HEIGHT, MAX (height, 1.0),
                        ROW_HEIGHT);
}

static gboolean
has_cell (const DptSliceGrid *grid, gsize row, gsize column)
{
  return grid != NULL && row < dpt_slice_grid_get_n_rows (grid) &&
         column < dpt_slice_grid_get_n_columns (grid);
}

/* What one cell shows, found out when it is drawn. */
typedef struct
{
  char *left;
  char *right;
  gboolean differs;
  DptVerdict verdict;
} CellText;

static void
cell_text_clear (CellText *text)
{
  g_free (text->left);
  g_free (text->right);
}

static void
get_cell_text (DptNumberGrid *self, gsize row, gsize column, CellText *text)
{
  *text = (CellText){ .verdict = DPT_VERDICT_IDENTICAL };
  if (has_cell (self->left, row, column))
    text->left = dpt_slice_grid_print_cell (self->left, row, column);
  if (has_cell (self->right, row, column))
    text->right = dpt_slice_grid_print_cell (self->right, row, column);
  if (self->difference != NULL)
    {
      DptGridCell cell = dpt_slice_grid_get_cell (self->difference, row,
                                                  column);

      text->differs = cell.beyond || cell.value != 0.0;
      if (text->differs)
        text->verdict = cell.beyond ? DPT_VERDICT_DIFFERENT : DPT_VERDICT_CLOSE;
    }
  else
    text->differs = g_strcmp0 (text->left, text->right) != 0;
}

/* A picture of one frame: the layout that all texts share. */
typedef struct
{
  cairo_t *cr;
  PangoLayout *layout;
  DptTheme theme;
} Painter;

static void
draw_text (Painter *painter,
           const char *text,
           double right,
           double middle,
           int width,
           const DptColor *color)
{
  int text_width;
  int text_height;

  pango_layout_set_text (painter->layout, text, -1);
  pango_layout_set_width (painter->layout, width * PANGO_SCALE);
  pango_layout_get_pixel_size (painter->layout, &text_width, &text_height);
  dpt_color_set_source (color, painter->cr, 1.0);
  cairo_move_to (painter->cr, right - width, middle - text_height / 2.0);
  pango_cairo_show_layout (painter->cr, painter->layout);
}

static void
draw_cell (DptNumberGrid *self,
           Painter *painter,
           gsize row,
           gsize column,
           const DptRect *place)
{
  double right = place->x + place->width - CELL_PADDING;
  double middle = place->y + place->height / 2.0;
  int width = (int) place->width - 2 * CELL_PADDING;
  const DptColor *plain = dpt_palette_get_shade (painter->theme,
                                                 DPT_SHADE_SECOND_TEXT);
  CellText text;

  get_cell_text (self, row, column, &text);
  if (self->difference != NULL && text.differs)
    {
      cairo_rectangle (painter->cr, place->x, place->y, place->width,
                       place->height);
      dpt_color_set_source (&dpt_palette_get_verdict (painter->theme,
                                                      text.verdict)
                                 ->tint,
                            painter->cr, 1.0);
      cairo_fill (painter->cr);
    }
  if (text.left != NULL && text.right != NULL && text.differs)
    {
      draw_text (painter, text.left, right, middle - 8.0, width,
                 &dpt_palette_get_panel (painter->theme, DPT_PANEL_LEFT)->text);
      draw_text (painter, text.right, right, middle + 8.0, width,
                 &dpt_palette_get_panel (painter->theme, DPT_PANEL_RIGHT)
                      ->text);
    }
  else if (text.left != NULL)
    draw_text (painter, text.left, right, middle, width, plain);
  else if (text.right != NULL)
    draw_text (painter, text.right, right, middle, width, plain);
  cell_text_clear (&text);
}

static void
draw_line (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
}

/* The first row or column in sight, and one past the last. */
static void
get_visible (double offset,
             double room,
             double size,
             gsize n,
             gsize *first,
             gsize *end)
{
  *first = MIN ((gsize) (offset / size), n);
  *end = MIN ((gsize) ceil ((offset + MAX (room, 0.0)) / size), n);
}

static void
draw_heads (DptNumberGrid *self,
            Painter *painter,
            const DptGridWindow *visible,
            double width,
            double height)
{
  const DptColor *text = dpt_palette_get_shade (painter->theme,
                                                DPT_SHADE_SECOND_TEXT);
  double x0 = HEAD_WIDTH - get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  double y0 = HEAD_HEIGHT - get_offset (self, GTK_ORIENTATION_VERTICAL);
  cairo_t *cr = painter->cr;

  dpt_color_set_source (dpt_palette_get_shade (painter->theme, DPT_SHADE_BAR),
                        cr, 1.0);
  cairo_rectangle (cr, 0.0, 0.0, width, HEAD_HEIGHT);
  cairo_rectangle (cr, 0.0, 0.0, HEAD_WIDTH, height);
  cairo_fill (cr);
  for (gsize i = 0; i < visible->n_columns; i++)
    {
      gsize column = visible->column + i;
      g_autofree char *label = g_strdup_printf ("%" G_GSIZE_FORMAT, column);
      double right = x0 + (double) (column + 1) * self->cell_width;

      /* A head that is half under the row heads is cut there. */
      cairo_save (cr);
      cairo_rectangle (cr, HEAD_WIDTH, 0.0, width - HEAD_WIDTH, HEAD_HEIGHT);
      cairo_clip (cr);
      draw_text (painter, label, right - CELL_PADDING, HEAD_HEIGHT / 2.0,
                 self->cell_width - 2 * CELL_PADDING, text);
      cairo_restore (cr);
    }
  cairo_save (cr);
  cairo_rectangle (cr, 0.0, HEAD_HEIGHT, HEAD_WIDTH, height - HEAD_HEIGHT);
  cairo_clip (cr);
  for (gsize i = 0; i < visible->n_rows; i++)
    {
      gsize row = visible->row + i;
      g_autofree char *label = g_strdup_printf ("%" G_GSIZE_FORMAT, row);

      draw_text (painter, label, HEAD_WIDTH - CELL_PADDING,
                 y0 + ((double) row + 0.5) * ROW_HEIGHT,
                 HEAD_WIDTH - 2 * CELL_PADDING, text);
    }
  cairo_restore (cr);
}

static void
draw_cursor (DptNumberGrid *self, Painter *painter)
{
  gsize row;
  gsize column;

  if (!dpt_heatmap_view_get_cursor (self->view, &row, &column))
    return;
  if (row >= self->n_rows || column >= self->n_columns)
    return;
  cairo_rectangle (painter->cr,
                   HEAD_WIDTH - get_offset (self, GTK_ORIENTATION_HORIZONTAL) +
                       (double) column * self->cell_width + 1.0,
                   HEAD_HEIGHT - get_offset (self, GTK_ORIENTATION_VERTICAL) +
                       (double) row * ROW_HEIGHT + 1.0,
                   self->cell_width - 2.0, ROW_HEIGHT - 2.0);
  cairo_set_line_width (painter->cr, 2.0);
  dpt_color_set_source (dpt_palette_get_shade (painter->theme,
                                               DPT_SHADE_ACCENT),
                        painter->cr, 1.0);
  cairo_stroke (painter->cr);
}

static void
draw_cells (DptNumberGrid *self,
            Painter *painter,
            const DptGridWindow *visible,
            double width,
            double height)
{
  double x0 = HEAD_WIDTH - get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  double y0 = HEAD_HEIGHT - get_offset (self, GTK_ORIENTATION_VERTICAL);
  cairo_t *cr = painter->cr;

  cairo_save (cr);
  cairo_rectangle (cr, HEAD_WIDTH, HEAD_HEIGHT, width - HEAD_WIDTH,
                   height - HEAD_HEIGHT);
  cairo_clip (cr);
  for (gsize i = 0; i < visible->n_rows; i++)
    for (gsize k = 0; k < visible->n_columns; k++)
      {
        gsize row = visible->row + i;
        gsize column = visible->column + k;
        const DptRect place = {
          x0 + (double) column * self->cell_width,
          y0 + (double) row * ROW_HEIGHT,
          self->cell_width,
          ROW_HEIGHT,
        };

        draw_cell (self, painter, row, column, &place);
      }
  cairo_set_line_width (cr, 1.0);
  dpt_color_set_source (dpt_palette_get_shade (painter->theme,
                                               DPT_SHADE_FINE_LINE),
                        cr, 1.0);
  for (gsize i = 0; i < visible->n_rows; i++)
    {
      double y = y0 + (double) (visible->row + i + 1) * ROW_HEIGHT - 0.5;

      draw_line (cr, HEAD_WIDTH, y, width, y);
    }
  draw_cursor (self, painter);
  cairo_restore (cr);
}

static void
dpt_number_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptNumberGrid *self = DPT_NUMBER_GRID (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  Painter painter = { .theme = dpt_theme_get_current () };
  PangoFontDescription *font = pango_font_description_new ();
  DptGridWindow visible;
  gsize row_end;
  gsize column_end;

  get_visible (get_offset (self, GTK_ORIENTATION_VERTICAL),
               height - HEAD_HEIGHT, ROW_HEIGHT, self->n_rows, &visible.row,
               &row_end);
  get_visible (get_offset (self, GTK_ORIENTATION_HORIZONTAL),
               width - HEAD_WIDTH, self->cell_width, self->n_columns,
               &visible.column, &column_end);
  visible.n_rows = row_end - visible.row;
  visible.n_columns = column_end - visible.column;

  painter.cr = gtk_snapshot_append_cairo (snapshot,
                                          &GRAPHENE_RECT_INIT (0, 0,
                                                               (float) width,
                                                               (float) height));
  painter.layout = gtk_widget_create_pango_layout (widget, NULL);
  pango_font_description_set_family (font, "Monospace");
  pango_font_description_set_absolute_size (font, 11.5 * PANGO_SCALE);
  pango_layout_set_font_description (painter.layout, font);
  pango_layout_set_alignment (painter.layout, PANGO_ALIGN_RIGHT);
  pango_layout_set_ellipsize (painter.layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (painter.layout, TRUE);
  draw_cells (self, &painter, &visible, width, height);
  draw_heads (self, &painter, &visible, width, height);
  pango_font_description_free (font);
  g_object_unref (painter.layout);
  cairo_destroy (painter.cr);
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
      *minimum = HEAD_WIDTH + CELL_WIDTH;
      *natural = HEAD_WIDTH + VISIBLE_CELLS * self->cell_width;
    }
  else
    {
      *minimum = HEAD_HEIGHT + ROW_HEIGHT;
      *natural = HEAD_HEIGHT + VISIBLE_CELLS * ROW_HEIGHT;
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
             (double) row * ROW_HEIGHT, ROW_HEIGHT);
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
  double column = (x - HEAD_WIDTH +
                   get_offset (self, GTK_ORIENTATION_HORIZONTAL)) /
                  self->cell_width;
  double row = (y - HEAD_HEIGHT + get_offset (self, GTK_ORIENTATION_VERTICAL)) /
               ROW_HEIGHT;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (x >= HEAD_WIDTH && y >= HEAD_HEIGHT)
    dpt_heatmap_view_set_cursor (self->view, (gsize) row, (gsize) column);
}

static gboolean
key_pressed_cb (DptNumberGrid *self,
                guint keyval,
                guint code,
                GdkModifierType state)
{
  int page = MAX (gtk_widget_get_height (GTK_WIDGET (self)) / ROW_HEIGHT - 2,
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
  if (has_cell (self->left, row, column))
    {
      g_autofree char *value = dpt_slice_grid_print_cell (self->left, row,
                                                          column);

      g_string_append_printf (text, " left %s,", value);
    }
  if (has_cell (self->right, row, column))
    {
      g_autofree char *value = dpt_slice_grid_print_cell (self->right, row,
                                                          column);

      g_string_append_printf (text, " right %s,", value);
    }
  if (has_cell (self->difference, row, column))
    {
      g_autofree char *value = dpt_slice_grid_print_cell (self->difference, row,
                                                          column);

      g_string_append_printf (text, " difference %s,", value);
    }
  g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}
