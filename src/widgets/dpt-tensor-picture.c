/* dpt-tensor-picture.c - a slice of both sides: maps, a line, or numbers
 *
 * Which of these depends on the tensor: three heat maps for two dimensions and
 * more, a line for a vector, two plain values for a scalar, a table for
 * strings.  The table of numbers is the twin of every picture.  All of them
 * share one #DptHeatmapView.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-picture"

#include "dpt-tensor-picture.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-color-bar.h"
#include "dpt-heatmap.h"
#include "dpt-line-plot.h"
#include "dpt-number-grid.h"
#include "dpt-panel-mark.h"
#include "dpt-theme.h"

/* A slice larger than this is not copied as text: it would take hundreds of
 * megabytes. */
#define MOST_COPIED_CELLS ((gsize) 4000000)

struct _DptTensorPicture
{
  AdwBin parent_instance;

  DptTensor *tensors[2];
  DptTensorAnalysis analysis; /* without its histogram */
  DptSliceChoice choice;
  GStrv names;
  gboolean numbers_wanted;
  DptSliceGrid *grids[DPT_N_PICTURES];
  DptHeatmapView *view;

  GtkStack *stack;
  DptHeatmap *left_map;
  DptHeatmap *right_map;
  DptHeatmap *difference_map;
  GtkStack *left_stack;
  GtkStack *right_stack;
  GtkStack *difference_stack;
  GtkLabel *left_words;
  GtkLabel *right_words;
  GtkLabel *difference_words;
  GtkLabel *left_value;
  GtkLabel *right_value;
  GtkLabel *difference_value;
  DptColorBar *value_bar;
  DptColorBar *difference_bar;
  GtkLabel *note;
  guint note_source;
  GtkLabel *line_value;
  DptLinePlot *line_plot;
  GtkLabel *numbers_value;
  DptNumberGrid *numbers;
  GtkLabel *left_scalar;
  GtkLabel *right_scalar;
};

G_DEFINE_FINAL_TYPE (DptTensorPicture, dpt_tensor_picture, ADW_TYPE_BIN)

static DptHeatmap *
get_map (DptTensorPicture *self, DptPictureKind kind)
{
  DptHeatmap *const maps[DPT_N_PICTURES] = { self->left_map, self->right_map,
                                             self->difference_map };

  return maps[kind];
}

static GtkLabel *
get_value_label (DptTensorPicture *self, DptPictureKind kind)
{
  GtkLabel *const labels[DPT_N_PICTURES] = { self->left_value,
                                             self->right_value,
                                             self->difference_value };

  return labels[kind];
}

static gboolean
has_strings (DptTensorPicture *self)
{
  for (guint i = 0; i < 2; i++)
    if (self->tensors[i] != NULL &&
        dpt_tensor_get_dtype (self->tensors[i]) == DPT_DTYPE_STRING)
      return TRUE;
  return FALSE;
}

static char *
print_cell (DptTensorPicture *self,
            DptPictureKind kind,
            gsize row,
            gsize column)
{
  if (!dpt_slice_grid_has_cell (self->grids[kind], row, column))
    return g_strdup ("");
  return dpt_slice_grid_print_cell (self->grids[kind], row, column);
}

static void
update_values (DptTensorPicture *self)
{
  g_autofree char *place = NULL;
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *difference = NULL;
  g_autofree char *left_text = NULL;
  g_autofree char *difference_text = NULL;
  g_autofree char *all = NULL;
  gsize row;
  gsize column;

  if (!dpt_heatmap_view_get_cursor (self->view, &row, &column))
    {
      for (guint i = 0; i < DPT_N_PICTURES; i++)
        gtk_label_set_text (get_value_label (self, (DptPictureKind) i), "");
      gtk_label_set_text (self->line_value, "");
      gtk_label_set_text (self->numbers_value,
                          "A cell whose sides differ is tinted and shows left "
                          "above right.");
      return;
    }
  place = dpt_slice_choice_format_cell (&self->choice, row, column);
  left = print_cell (self, DPT_PICTURE_LEFT, row, column);
  right = print_cell (self, DPT_PICTURE_RIGHT, row, column);
  difference = print_cell (self, DPT_PICTURE_DIFFERENCE, row, column);
  left_text = *left != '\0' ? g_strdup_printf ("%s = %s", place, left)
                            : g_strdup (place);
  difference_text = *difference != '\0' && !has_strings (self)
                        ? g_strdup_printf ("|l − r| = %s", difference)
                        : g_strdup ("");
  all = g_strdup_printf ("%s   left %s   right %s   %s", place,
                         *left != '\0' ? left : "–",
                         *right != '\0' ? right : "–", difference_text);
  gtk_label_set_text (self->left_value, left_text);
  gtk_label_set_text (self->right_value, right);
  gtk_label_set_text (self->difference_value, difference_text);
  gtk_label_set_text (self->line_value, all);
  gtk_label_set_text (self->numbers_value, all);
}

static void append_note (GString *text, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
append_note (GString *text, const char *format, ...)
{
  va_list arguments;

  if (text->len > 0)
    g_string_append (text, " · ");
  va_start (arguments, format);
  g_string_append_vprintf (text, format, arguments);
  va_end (arguments);
}

/* What the pictures cannot say by themselves. */
static gboolean
update_note_cb (gpointer user_data)
{
  DptTensorPicture *self = user_data;
  const DptTensorAnalysis *analysis = &self->analysis;
  g_autoptr (GString) text = g_string_new (NULL);

  self->note_source = 0;
  if (dpt_heatmap_view_is_zoomed (self->view))
    append_note (text, "zoomed in: double-click or Escape shows everything");
  if (dpt_heatmap_is_reduced (self->left_map) ||
      dpt_heatmap_is_reduced (self->right_map))
    append_note (text, "larger than the picture: each pixel shows the value of "
                       "the largest magnitude in it");
  if (analysis->is_clipped)
    append_note (text, "values beyond the ends of the scale have its last "
                       "colours");
  if (analysis->left.nan > 0 || analysis->right.nan > 0)
    append_note (text,
                 "NaN is hatched: %" G_GSIZE_FORMAT " left, %" G_GSIZE_FORMAT
                 " right",
                 analysis->left.nan, analysis->right.nan);
  if (analysis->left.inf > 0 || analysis->right.inf > 0)
    append_note (text,
                 "Inf is full: %" G_GSIZE_FORMAT " left, %" G_GSIZE_FORMAT
                 " right",
                 analysis->left.inf, analysis->right.inf);
  gtk_label_set_text (self->note, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->note), text->len > 0);
  return G_SOURCE_REMOVE;
}

/* Whether a map is reduced is known while it is drawn, when no label may
 * change: so the note follows in an idle moment. */
static void
queue_note (DptTensorPicture *self)
{
  if (self->note_source == 0)
    self->note_source = g_idle_add (update_note_cb, self);
}

static void
clear_grids (DptTensorPicture *self)
{
  for (guint i = 0; i < DPT_N_PICTURES; i++)
    g_clear_pointer (&self->grids[i], dpt_slice_grid_unref);
}

/* A side of another rank than the choice shows its own first slice, if maps
 * show it apart; beside the cells of a vector it would be mistaken for them. */
static DptSliceGrid *
cut (DptTensorPicture *self, DptTensor *tensor)
{
  DptSliceChoice own;

  if (tensor == NULL)
    return NULL;
  if (dpt_tensor_get_rank (tensor) == self->choice.shape.rank)
    return dpt_slice_choice_cut (&self->choice, tensor);
  if (self->choice.shape.rank < 2)
    return NULL;
  dpt_slice_choice_init (&own, dpt_tensor_get_shape (tensor));
  return dpt_slice_choice_cut (&own, tensor);
}

static void
make_grids (DptTensorPicture *self)
{
  const DptTolerance *tolerance = &self->analysis.tolerance;

  clear_grids (self);
  self->grids[DPT_PICTURE_LEFT] = cut (self, self->tensors[0]);
  self->grids[DPT_PICTURE_RIGHT] = cut (self, self->tensors[1]);
  if (self->analysis.has_diff)
    self->grids[DPT_PICTURE_DIFFERENCE] =
        dpt_slice_grid_new_difference (self->grids[DPT_PICTURE_LEFT],
                                       self->grids[DPT_PICTURE_RIGHT],
                                       tolerance->rtol, tolerance->atol,
                                       !tolerance->nan_differs);
}

static void
set_view_size (DptTensorPicture *self)
{
  gsize n_rows = 0;
  gsize n_columns = 0;

  for (guint i = 0; i < 2; i++)
    if (self->grids[i] != NULL)
      {
        n_rows = MAX (n_rows, dpt_slice_grid_get_n_rows (self->grids[i]));
        n_columns = MAX (n_columns,
                         dpt_slice_grid_get_n_columns (self->grids[i]));
      }
  dpt_heatmap_view_set_size (self->view, n_rows, n_columns);
}

static const char *
get_axis_name (DptTensorPicture *self, int axis)
{
  return axis >= 0 && self->names != NULL ? self->names[axis] : NULL;
}

static void
show_maps (DptTensorPicture *self)
{
  GtkStack *const stacks[] = { self->left_stack, self->right_stack,
                               self->difference_stack };
  GtkLabel *const words[] = { self->left_words, self->right_words,
                              self->difference_words };
  DptTheme theme = dpt_theme_get_current ();
  double largest = self->analysis.has_diff ? self->analysis.diff.max_abs : 0.0;
  DptColormap values;
  DptColormap differences;

  dpt_colormap_init_values (&values, theme, self->analysis.value_limit);
  dpt_colormap_init_difference (&differences, theme,
                                dpt_tensor_analysis_get_break (&self->analysis),
                                largest);
  dpt_color_bar_set_colormap (self->value_bar, &values);
  dpt_color_bar_set_colormap (self->difference_bar, &differences);
  gtk_widget_set_visible (GTK_WIDGET (self->difference_bar),
                          self->grids[DPT_PICTURE_DIFFERENCE] != NULL);
  for (guint i = 0; i < DPT_N_PICTURES; i++)
    {
      DptHeatmap *map = get_map (self, (DptPictureKind) i);

      dpt_heatmap_set_axes (map, TRUE,
                            get_axis_name (self, self->choice.row_axis),
                            get_axis_name (self, self->choice.column_axis));
      dpt_heatmap_set_grid (map, self->grids[i],
                            i == DPT_PICTURE_DIFFERENCE ? &differences
                                                        : &values);
      gtk_stack_set_visible_child (stacks[i], self->grids[i] != NULL
                                                  ? GTK_WIDGET (map)
                                                  : GTK_WIDGET (words[i]));
    }
}

/* A vector lies along the columns of the line's grids. */
static DptSliceGrid *
cut_line (DptTensor *tensor)
{
  if (tensor == NULL || dpt_tensor_get_rank (tensor) != 1 ||
      dpt_tensor_get_dtype (tensor) == DPT_DTYPE_STRING)
    return NULL;
  return dpt_slice_grid_new (tensor, DPT_SLICE_GRID_NO_AXIS, 0, NULL);
}

static void
show_line (DptTensorPicture *self)
{
  g_autoptr (DptSliceGrid) left = cut_line (self->tensors[0]);
  g_autoptr (DptSliceGrid) right = cut_line (self->tensors[1]);
  double low = (double) INFINITY;
  double high = (double) -INFINITY;

  if (left != NULL)
    {
      low = fmin (low, self->analysis.left.min);
      high = fmax (high, self->analysis.left.max);
    }
  if (right != NULL)
    {
      low = fmin (low, self->analysis.right.min);
      high = fmax (high, self->analysis.right.max);
    }
  dpt_line_plot_set_grids (self->line_plot, left, right, low, high);
}

static void
show_scalar (DptTensorPicture *self)
{
  GtkLabel *const labels[] = { self->left_scalar, self->right_scalar };

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = print_cell (self, (DptPictureKind) i, 0, 0);

      gtk_label_set_text (labels[i], *text != '\0' ? text : "–");
    }
}

/* A line has only finite values, a map has any. */
static gboolean
can_be_drawn (DptTensorPicture *self)
{
  const DptTensorStats *stats[] = { &self->analysis.left,
                                    &self->analysis.right };

  if (self->choice.shape.rank == 0 || has_strings (self))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (self->tensors[i] != NULL && stats[i]->count > 0 &&
        (self->choice.shape.rank >= 2 || isfinite (stats[i]->min)))
      return TRUE;
  return FALSE;
}

static const char *
choose_child (DptTensorPicture *self)
{
  int rank = self->choice.shape.rank;

  if (rank == 0)
    return "scalar";
  if (self->numbers_wanted || !can_be_drawn (self))
    return "numbers";
  return rank == 1 ? "line" : "maps";
}

static void
update (DptTensorPicture *self)
{
  make_grids (self);
  set_view_size (self);
  if (!has_strings (self))
    {
      show_maps (self);
      show_line (self);
    }
  show_scalar (self);
  dpt_number_grid_set_grids (self->numbers, self->grids[DPT_PICTURE_LEFT],
                             self->grids[DPT_PICTURE_RIGHT],
                             self->grids[DPT_PICTURE_DIFFERENCE],
                             has_strings (self) || self->choice.shape.rank < 2);
  gtk_stack_set_visible_child_name (self->stack, choose_child (self));
  update_values (self);
  queue_note (self);
}

static void
dpt_tensor_picture_dispose (GObject *object)
{
  DptTensorPicture *self = DPT_TENSOR_PICTURE (object);

  g_clear_handle_id (&self->note_source, g_source_remove);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_object (&self->view);
  clear_grids (self);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->tensors[i], dpt_tensor_unref);
  G_OBJECT_CLASS (dpt_tensor_picture_parent_class)->dispose (object);
}

static void
dpt_tensor_picture_finalize (GObject *object)
{
  g_strfreev (DPT_TENSOR_PICTURE (object)->names);
  G_OBJECT_CLASS (dpt_tensor_picture_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, DptTensorPicture, name)
  BIND (stack);
  BIND (left_map);
  BIND (right_map);
  BIND (difference_map);
  BIND (left_stack);
  BIND (right_stack);
  BIND (difference_stack);
  BIND (left_words);
  BIND (right_words);
  BIND (difference_words);
  BIND (left_value);
  BIND (right_value);
  BIND (difference_value);
  BIND (value_bar);
  BIND (difference_bar);
  BIND (note);
  BIND (line_value);
  BIND (line_plot);
  BIND (numbers_value);
  BIND (numbers);
  BIND (left_scalar);
  BIND (right_scalar);
#undef BIND
}

static void
dpt_tensor_picture_class_init (DptTensorPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dpt_tensor_picture_dispose;
  object_class->finalize = dpt_tensor_picture_finalize;
  g_type_ensure (DPT_TYPE_COLOR_BAR);
  g_type_ensure (DPT_TYPE_HEATMAP);
  g_type_ensure (DPT_TYPE_LINE_PLOT);
  g_type_ensure (DPT_TYPE_NUMBER_GRID);
  g_type_ensure (DPT_TYPE_PANEL_MARK);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-tensor-picture.ui");
  bind_children (widget_class);
}

static void
dpt_tensor_picture_init (DptTensorPicture *self)
{
  static const char *const map_names[] = { "Left", "Right", "Difference" };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->view = dpt_heatmap_view_new ();
  dpt_line_plot_set_view (self->line_plot, self->view);
  dpt_number_grid_set_view (self->numbers, self->view);
  for (guint i = 0; i < DPT_N_PICTURES; i++)
    {
      DptHeatmap *map = get_map (self, (DptPictureKind) i);

      dpt_heatmap_set_view (map, self->view);
      dpt_heatmap_set_name (map, map_names[i]);
      g_signal_connect_swapped (map, "notify::reduced", G_CALLBACK (queue_note),
                                self);
    }
  g_signal_connect_swapped (self->view, "cursor-changed",
                            G_CALLBACK (update_values), self);
  g_signal_connect_swapped (self->view, "window-changed",
                            G_CALLBACK (queue_note), self);
}

/**
 * dpt_tensor_picture_set_tensors:
 * @self: a picture
 * @left: (nullable): the left tensor
 * @right: (nullable): the right tensor; one of them must be there
 * @analysis: what is known of both; only looked at during the call
 *
 * Shows the first slice; call dpt_tensor_picture_set_choice() for another.
 */
void
dpt_tensor_picture_set_tensors (DptTensorPicture *self,
                                DptTensor *left,
                                DptTensor *right,
                                const DptTensorAnalysis *analysis)
{
  DptTensor *tensors[] = { left, right };

  g_return_if_fail (DPT_IS_TENSOR_PICTURE (self));
  g_return_if_fail (left != NULL || right != NULL);

  for (guint i = 0; i < 2; i++)
    {
      if (tensors[i] != NULL)
        dpt_tensor_ref (tensors[i]);
      g_clear_pointer (&self->tensors[i], dpt_tensor_unref);
      self->tensors[i] = tensors[i];
    }
  self->analysis = *analysis;
  self->analysis.histogram = (DptHistogramData){ 0 };
  g_clear_pointer (&self->names, g_strfreev);
  dpt_slice_choice_init (&self->choice,
                         dpt_tensor_get_shape (left != NULL ? left : right));
  update (self);
}

/**
 * dpt_tensor_picture_set_words:
 * @self: a picture
 * @kind: left, right or difference
 * @words: what to say in place of that map when there is none
 */
void
dpt_tensor_picture_set_words (DptTensorPicture *self,
                              DptPictureKind kind,
                              const char *words)
{
  GtkLabel *labels[DPT_N_PICTURES];

  g_return_if_fail (DPT_IS_TENSOR_PICTURE (self));

  labels[DPT_PICTURE_LEFT] = self->left_words;
  labels[DPT_PICTURE_RIGHT] = self->right_words;
  labels[DPT_PICTURE_DIFFERENCE] = self->difference_words;
  gtk_label_set_text (labels[kind], words);
}

/**
 * dpt_tensor_picture_set_choice:
 * @self: a picture that has tensors
 * @choice: the slice to show
 * @names: (nullable) (array zero-terminated=1): one word for each dimension
 */
void
dpt_tensor_picture_set_choice (DptTensorPicture *self,
                               const DptSliceChoice *choice,
                               const char *const *names)
{
  g_return_if_fail (DPT_IS_TENSOR_PICTURE (self));

  self->choice = *choice;
  g_strfreev (self->names);
  self->names = g_strdupv ((GStrv) names);
  update (self);
}

/**
 * dpt_tensor_picture_set_numbers:
 * @self: a picture
 * @numbers: whether to show the table instead of maps or a line
 */
void
dpt_tensor_picture_set_numbers (DptTensorPicture *self, gboolean numbers)
{
  g_return_if_fail (DPT_IS_TENSOR_PICTURE (self));

  self->numbers_wanted = numbers;
  gtk_stack_set_visible_child_name (self->stack, choose_child (self));
}

/**
 * dpt_tensor_picture_has_picture:
 * @self: a picture
 *
 * Returns: whether there is more to show than numbers or texts
 */
gboolean
dpt_tensor_picture_has_picture (DptTensorPicture *self)
{
  g_return_val_if_fail (DPT_IS_TENSOR_PICTURE (self), FALSE);

  return can_be_drawn (self);
}

/**
 * dpt_tensor_picture_get_view:
 * @self: a picture
 *
 * Returns: (transfer none): the cross-hair and zoom of all its parts
 */
DptHeatmapView *
dpt_tensor_picture_get_view (DptTensorPicture *self)
{
  g_return_val_if_fail (DPT_IS_TENSOR_PICTURE (self), NULL);

  return self->view;
}

/**
 * dpt_tensor_picture_get_shown:
 * @self: a picture
 *
 * Returns: (transfer none): "maps", "line", "numbers" or "scalar"
 */
const char *
dpt_tensor_picture_get_shown (DptTensorPicture *self)
{
  g_return_val_if_fail (DPT_IS_TENSOR_PICTURE (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * dpt_tensor_picture_get_value_text:
 * @self: a picture
 * @kind: left, right or difference
 *
 * Returns: (transfer none): what the head of that map says about the value
 *   under the cross-hair, "" without one
 */
const char *
dpt_tensor_picture_get_value_text (DptTensorPicture *self, DptPictureKind kind)
{
  g_return_val_if_fail (DPT_IS_TENSOR_PICTURE (self), NULL);

  return gtk_label_get_text (get_value_label (self, kind));
}

/**
 * dpt_tensor_picture_dup_cell:
 * @self: a picture
 * @kind: left, right or difference
 *
 * Returns: (transfer full) (nullable): the value under the cross-hair, %NULL
 *   where there is none
 */
char *
dpt_tensor_picture_dup_cell (DptTensorPicture *self, DptPictureKind kind)
{
  gsize row = 0;
  gsize column = 0;

  g_return_val_if_fail (DPT_IS_TENSOR_PICTURE (self), NULL);

  if (self->choice.shape.rank > 0 &&
      !dpt_heatmap_view_get_cursor (self->view, &row, &column))
    return NULL;
  if (!dpt_slice_grid_has_cell (self->grids[kind], row, column))
    return NULL;
  return dpt_slice_grid_print_cell (self->grids[kind], row, column);
}

/**
 * dpt_tensor_picture_dup_slice:
 * @self: a picture
 * @kind: left, right or difference
 * @error: %G_IO_ERROR_NOT_FOUND when there is no such slice,
 *   %G_IO_ERROR_NO_SPACE when it is too large for a text
 *
 * Returns: (transfer full): the slice as lines of values with tabs between
 *   them
 */
char *
dpt_tensor_picture_dup_slice (DptTensorPicture *self,
                              DptPictureKind kind,
                              GError **error)
{
  const DptSliceGrid *grid;
  gsize n_rows;
  gsize n_columns;
  GString *text;

  g_return_val_if_fail (DPT_IS_TENSOR_PICTURE (self), NULL);

  grid = self->grids[kind];
  if (grid == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "There are no such values to copy.");
      return NULL;
    }
  n_rows = dpt_slice_grid_get_n_rows (grid);
  n_columns = dpt_slice_grid_get_n_columns (grid);
  if (n_columns > 0 && n_rows > MOST_COPIED_CELLS / n_columns)
    {
      g_autofree char *most = dpt_axis_format_count (MOST_COPIED_CELLS);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "The slice is too large to copy: it has more than %s "
                   "values.",
                   most);
      return NULL;
    }
  text = g_string_new (NULL);
  for (gsize row = 0; row < n_rows; row++)
    for (gsize column = 0; column < n_columns; column++)
      {
        g_autofree char *value = dpt_slice_grid_print_cell (grid, row, column);

        g_string_append (text, value);
        g_string_append_c (text, column + 1 == n_columns ? '\n' : '\t');
      }
  return g_string_free (text, FALSE);
}
