/* dpt-run-table.c - what two runs made, as a table with their errors
 *
 * Where it is narrow, names and the main errors have the room: the other
 * columns of numbers go.  Rows that come while one is chosen go to their places
 * without moving what is in sight.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-run-table"

#include "dpt-run-table.h"

#include <math.h>
#include <string.h>

#include "dpt-axis.h"
#include "dpt-digits.h"
#include "dpt-tensor-print.h"
#include "dpt-verdict-icon.h"

/* Values shown in a cell and in its tooltip. */
#define CELL_VALUES    4
#define TOOLTIP_VALUES 40

typedef enum
{
  COLUMN_INDEX,
  COLUMN_VERDICT,
  COLUMN_LEFT,
  COLUMN_RIGHT,
  COLUMN_OP,
  COLUMN_DTYPE,
  COLUMN_SHAPE,
  COLUMN_MAX_ABS,
  COLUMN_MAX_REL,
  COLUMN_MAX_ULP,
  COLUMN_MEAN,
  COLUMN_COSINE,
  COLUMN_OUT,
  COLUMN_LEFT_VALUES,
  COLUMN_RIGHT_VALUES,
  N_COLUMNS,
} Column;

#define NODES   (1 << DPT_RUN_TABLE_NODES)
#define OUTPUTS (1 << DPT_RUN_TABLE_OUTPUTS)

/* Table widths from which on the columns that can be spared are shown. */
#define ROOMY 1000
#define WIDE  1200

/* `width` is the least; columns that expand share what is left.  A column is
 * shown where the table is at least `from` wide. */
static const struct
{
  const char *title;
  guint kinds;
  gboolean is_number;
  gboolean expands;
  int width;
  int from;
} columns[] = {
  /* clang-format off */
  [COLUMN_INDEX]        = { "#",            NODES,           TRUE,  FALSE, 44,  0 },
  [COLUMN_VERDICT]      = { "",             NODES | OUTPUTS, FALSE, FALSE, 34,  0 },
  [COLUMN_LEFT]         = { "Left",         NODES | OUTPUTS, FALSE, TRUE,  104, 0 },
  [COLUMN_RIGHT]        = { "Right",        NODES | OUTPUTS, FALSE, TRUE,  104, 0 },
  [COLUMN_OP]           = { "Op",           NODES,           FALSE, FALSE, 120, ROOMY },
  [COLUMN_DTYPE]        = { "Dtype",        OUTPUTS,         FALSE, FALSE, 70,  0 },
  [COLUMN_SHAPE]        = { "Shape",        NODES | OUTPUTS, FALSE, FALSE, 100, 0 },
  [COLUMN_MAX_ABS]      = { "Max |l − r|",  NODES | OUTPUTS, TRUE,  FALSE, 92,  0 },
  [COLUMN_MAX_REL]      = { "Max rel",      NODES | OUTPUTS, TRUE,  FALSE, 76,  0 },
  [COLUMN_MAX_ULP]      = { "Max ULP",      NODES | OUTPUTS, TRUE,  FALSE, 86,  0 },
  [COLUMN_MEAN]         = { "Mean",         NODES,           TRUE,  FALSE, 76,  WIDE },
  [COLUMN_COSINE]       = { "Cosine",       NODES,           TRUE,  FALSE, 80,  0 },
  [COLUMN_OUT]          = { "Beyond",       NODES,           TRUE,  FALSE, 78,  WIDE },
  [COLUMN_LEFT_VALUES]  = { "Left values",  OUTPUTS,         FALSE, TRUE,  120, 0 },
  [COLUMN_RIGHT_VALUES] = { "Right values", OUTPUTS,         FALSE, TRUE,  120, 0 },
  /* clang-format on */
};

struct _DptRunTable
{
  GtkWidget parent_instance;

  DptRunTableKind kind;
  char *text; /* (nullable) folded */
  gboolean only_differences;

  GtkWidget *scrolled;
  GtkColumnView *view;
  GtkColumnViewColumn *view_columns[N_COLUMNS]; /* (nullable) of the view */
  int width; /* what the columns shown are for */
  GtkCustomFilter *filter;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  GtkSingleSelection *selection;
};

enum
{
  PROP_0,
  PROP_KIND,
  PROP_CHOSEN,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptRunTable, dpt_run_table, GTK_TYPE_WIDGET)

/* What a column measures; NaN where it does not apply. */
static double
get_number (DptRunRow *row, Column column)
{
  const DptTensorDiff *diff = dpt_run_row_get_metrics (row);

  if (column == COLUMN_INDEX)
    return dpt_run_row_get_index (row);
  if (diff == NULL)
    return NAN;
  switch (column)
    {
    case COLUMN_MAX_ABS:
      return diff->max_abs;
    case COLUMN_MAX_REL:
      return diff->max_rel;
    case COLUMN_MAX_ULP:
      return diff->max_ulp;
    case COLUMN_MEAN:
      return diff->mean_abs;
    case COLUMN_COSINE:
      return diff->cosine;
    case COLUMN_OUT:
      return diff->count > 0
                 ? (double) diff->out_of_tolerance / (double) diff->count
                 : 0;
    default:
      return NAN;
    }
}

static char *
print_number (double number, Column column)
{
  char buffer[DPT_DIGITS_SIZE];

  if (isnan (number))
    return g_strdup ("");
  if (isinf (number))
    return g_strdup (number > 0 ? "∞" : "−∞");
  if (column == COLUMN_INDEX)
    return g_strdup_printf ("%.0f", number);
  if (column == COLUMN_MAX_ULP && number < 1e7)
    return g_strdup (dpt_digits_group ((guint64) number, buffer));
  /* A share that is not 0 does not look like it, nor one below 1 like 1. */
  if (column == COLUMN_OUT)
    return number == 0     ? g_strdup ("0")
           : number < 1e-3 ? g_strdup ("< 0.1 %")
           : number == 1.0
               ? g_strdup ("100 %")
               : g_strdup_printf ("%.1f %%", MIN (number, 0.999) * 100);
  if (column == COLUMN_COSINE)
    return number > 0.9999995 ? g_strdup ("1")
                              : g_strdup_printf ("%.6f", number);
  return dpt_axis_format_number (number);
}

static char *
print_values (DptTensor *tensor, gsize max_values)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize count = tensor != NULL ? dpt_tensor_get_count (tensor) : 0;

  for (gsize i = 0; i < MIN (count, max_values); i++)
    {
      g_autofree char *value = dpt_tensor_print_value (tensor, i);
      g_autofree char *valid = g_utf8_make_valid (value, -1);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", valid);
    }
  if (count > max_values)
    g_string_append (text, ", …");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
print_cell (DptRunRow *row, Column column, gsize max_values)
{
  const char *text = NULL;

  switch (column)
    {
    case COLUMN_LEFT:
      text = dpt_run_row_get_name (row, DPT_PANEL_LEFT);
      break;
    case COLUMN_RIGHT:
      text = dpt_run_row_get_name (row, DPT_PANEL_RIGHT);
      break;
    case COLUMN_OP:
      text = dpt_run_row_get_op (row);
      break;
    case COLUMN_DTYPE:
      text = dpt_dtype_get_name (dpt_run_row_get_dtype (row));
      break;
    case COLUMN_SHAPE:
      return dpt_shape_to_display (dpt_run_row_get_shape (row));
    case COLUMN_LEFT_VALUES:
      return print_values (dpt_run_row_get_value (row, DPT_PANEL_LEFT),
                           max_values);
    case COLUMN_RIGHT_VALUES:
      return print_values (dpt_run_row_get_value (row, DPT_PANEL_RIGHT),
                           max_values);
    default:
      return print_number (get_number (row, column), column);
    }

  return g_utf8_make_valid (text != NULL ? text : "", -1);
}

/* A cell is shorter than what it is about: a name without the calls around it,
 * of many values the first. */
static char *
print_short (DptRunRow *row, Column column)
{
  g_autofree char *name = NULL;

  if (column != COLUMN_LEFT && column != COLUMN_RIGHT)
    return print_cell (row, column, CELL_VALUES);

  name = dpt_run_row_dup_short_name (row, column == COLUMN_LEFT
                                              ? DPT_PANEL_LEFT
                                              : DPT_PANEL_RIGHT);
  return g_utf8_make_valid (name != NULL ? name : "", -1);
}

/* The op is told with the name too, for where it has no column. */
static char *
print_tooltip (DptRunRow *row, Column column)
{
  g_autofree char *text = print_cell (row, column, TOOLTIP_VALUES);
  const char *op = dpt_run_row_get_op (row);

  if (columns[column].is_number || *text == '\0')
    return NULL;
  if ((column == COLUMN_LEFT || column == COLUMN_RIGHT) && op != NULL)
    return g_strdup_printf ("%s\n%s", text, op);
  return g_steal_pointer (&text);
}

static void
setup_label_cb (GtkSignalListItemFactory *factory,
                GtkListItem *item,
                gpointer user_data)
{
  Column column = GPOINTER_TO_INT (user_data);
  GtkWidget *label = gtk_label_new (NULL);
  gboolean is_name = column == COLUMN_LEFT || column == COLUMN_RIGHT;

  gtk_label_set_xalign (GTK_LABEL (label), columns[column].is_number ? 1 : 0);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  /* The end of a name is what tells it from its neighbours. */
  gtk_label_set_ellipsize (GTK_LABEL (label), is_name ? PANGO_ELLIPSIZE_START
                                                      : PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_label_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item,
               gpointer user_data)
{
  Column column = GPOINTER_TO_INT (user_data);
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  DptRunRow *row = gtk_list_item_get_item (item);
  g_autofree char *text = print_short (row, column);
  g_autofree char *tooltip = print_tooltip (row, column);

  gtk_label_set_text (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), tooltip);
}

static void
setup_verdict_cb (GtkSignalListItemFactory *factory,
                  GtkListItem *item,
                  gpointer user_data)
{
  GtkWidget *icon = dpt_verdict_icon_new (DPT_VERDICT_ICON_NONE);

  gtk_widget_set_halign (icon, GTK_ALIGN_CENTER);
  gtk_list_item_set_child (item, icon);
}

static void
bind_verdict_cb (GtkSignalListItemFactory *factory,
                 GtkListItem *item,
                 gpointer user_data)
{
  DptRunRow *row = gtk_list_item_get_item (item);
  GtkWidget *icon = gtk_list_item_get_child (item);
  int verdict = dpt_run_row_get_verdict (row);

  dpt_verdict_icon_set_verdict (DPT_VERDICT_ICON (icon),
                                verdict == DPT_RUN_ROW_NO_VERDICT
                                    ? DPT_VERDICT_ICON_NONE
                                    : verdict);
  gtk_widget_set_tooltip_text (icon, verdict == DPT_RUN_ROW_NO_VERDICT
                                         ? NULL
                                         : dpt_verdict_get_name (
                                               (DptVerdict) verdict));
}

/* What has no number comes first, so that it is last from the largest on. */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  Column column = GPOINTER_TO_INT (user_data);
  DptRunRow *rows[] = { (DptRunRow *) a, (DptRunRow *) b };
  double numbers[2];

  if (column == COLUMN_VERDICT)
    return dpt_run_row_get_verdict (rows[0]) -
           dpt_run_row_get_verdict (rows[1]);
  if (!columns[column].is_number)
    {
      g_autofree char *left = print_cell (rows[0], column, CELL_VALUES);
      g_autofree char *right = print_cell (rows[1], column, CELL_VALUES);

      return strcmp (left, right);
    }

  for (guint i = 0; i < 2; i++)
    {
      numbers[i] = get_number (rows[i], column);
      if (isnan (numbers[i]))
        numbers[i] = -INFINITY;
    }
  return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1]);
}

static void
add_column (DptRunTable *self, Column column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column =
      gtk_column_view_column_new (columns[column].title, factory);
  gpointer data = GINT_TO_POINTER (column);

  if (column == COLUMN_VERDICT)
    {
      g_signal_connect (factory, "setup", G_CALLBACK (setup_verdict_cb), data);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_verdict_cb), data);
    }
  else
    {
      g_signal_connect (factory, "setup", G_CALLBACK (setup_label_cb), data);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_label_cb), data);
    }

  if (self->kind == DPT_RUN_TABLE_NODES)
    {
      g_autoptr (GtkSorter) sorter = GTK_SORTER (
          gtk_custom_sorter_new (compare_cb, data, NULL));

      gtk_column_view_column_set_sorter (view_column, sorter);
    }
  gtk_column_view_column_set_fixed_width (view_column, columns[column].width);
  gtk_column_view_column_set_expand (view_column, columns[column].expands);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_append_column (self->view, view_column);
  self->view_columns[column] = view_column;
}

/* GTK 4.8 counts the fixed width of a hidden column as if it were shown. */
static gboolean
apply_width_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DptRunTable *self = DPT_RUN_TABLE (widget);

  for (guint c = 0; c < N_COLUMNS; c++)
    {
      GtkColumnViewColumn *column = self->view_columns[c];
      gboolean is_shown = self->width >= columns[c].from;

      if (column == NULL ||
          gtk_column_view_column_get_visible (column) == is_shown)
        continue;
      gtk_column_view_column_set_visible (column, is_shown);
      gtk_column_view_column_set_fixed_width (column,
                                              is_shown ? columns[c].width : 0);
    }
  return G_SOURCE_REMOVE;
}

/* A layout must not be changed while it is made: it follows in the next
 * frame. */
static void
width_changed_cb (DptRunTable *self)
{
  int width = (int) gtk_adjustment_get_page_size (
      gtk_scrolled_window_get_hadjustment (
          GTK_SCROLLED_WINDOW (self->scrolled)));
  gboolean changed = (width >= ROOMY) != (self->width >= ROOMY) ||
                     (width >= WIDE) != (self->width >= WIDE);

  self->width = width;
  if (changed)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), apply_width_cb, NULL,
                                  NULL);
}

/* The titles of numbers stand over their digits, those of the sides have their
 * colours.  GTK 4.8 offers no door to them but its widgets: header, title, box,
 * label. */
static void
style_titles (DptRunTable *self)
{
  GtkWidget *title = gtk_widget_get_first_child (
      gtk_widget_get_first_child (GTK_WIDGET (self->view)));

  for (guint c = 0; c < G_N_ELEMENTS (columns) && title != NULL; c++)
    {
      GtkWidget *box = gtk_widget_get_first_child (title);
      GtkWidget *label = box != NULL ? gtk_widget_get_first_child (box) : NULL;

      if (!(columns[c].kinds & (1u << self->kind)))
        continue;
      if (columns[c].is_number && GTK_IS_LABEL (label))
        {
          gtk_widget_set_hexpand (label, TRUE);
          gtk_label_set_xalign (GTK_LABEL (label), 1);
        }
      if (c == COLUMN_LEFT || c == COLUMN_LEFT_VALUES)
        gtk_widget_add_css_class (title, "left");
      if (c == COLUMN_RIGHT || c == COLUMN_RIGHT_VALUES)
        gtk_widget_add_css_class (title, "right");
      title = gtk_widget_get_next_sibling (title);
    }
}

static gboolean
contains (DptRunRow *row, const char *text)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      const char *name = dpt_run_row_get_name (row, p);
      g_autofree char *folded = name != NULL ? g_utf8_casefold (name, -1)
                                             : NULL;

      if (folded != NULL && strstr (folded, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
match_cb (gpointer item, gpointer user_data)
{
  DptRunTable *self = user_data;
  DptRunRow *row = item;

  if (self->only_differences &&
      dpt_run_row_get_verdict (row) == DPT_VERDICT_IDENTICAL)
    return FALSE;
  return self->text == NULL || contains (row, self->text);
}

static void
selected_cb (DptRunTable *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}

static void
dpt_run_table_get_property (GObject *object,
                            guint property_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  DptRunTable *self = DPT_RUN_TABLE (object);

  switch (property_id)
    {
    case PROP_KIND:
      g_value_set_int (value, (int) self->kind);
      break;
    case PROP_CHOSEN:
      g_value_set_object (value, dpt_run_table_get_chosen (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_run_table_set_property (GObject *object,
                            guint property_id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  DptRunTable *self = DPT_RUN_TABLE (object);

  switch (property_id)
    {
    case PROP_KIND:
      self->kind = (DptRunTableKind) g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

/* From the rows to what is shown: filter, sort, select. */
static void
make_models (DptRunTable *self)
{
  self->filter = gtk_custom_filter_new (match_cb, self, NULL);
  self->filtered = gtk_filter_list_model_new (NULL, GTK_FILTER (g_object_ref (
                                                        self->filter)));
  self->sorted =
      gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->filtered)),
                               g_object_ref (
                                   gtk_column_view_get_sorter (self->view)));
  self->selection = gtk_single_selection_new (
      G_LIST_MODEL (g_object_ref (self->sorted)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_swapped (self->selection, "notify::selected-item",
                            G_CALLBACK (selected_cb), self);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

static void
dpt_run_table_constructed (GObject *object)
{
  DptRunTable *self = DPT_RUN_TABLE (object);

  G_OBJECT_CLASS (dpt_run_table_parent_class)->constructed (object);

  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "runtable");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->kind == DPT_RUN_TABLE_NODES
                                      ? "Paired nodes"
                                      : "Outputs",
                                  -1);
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    if (columns[c].kinds & (1u << self->kind))
      add_column (self, (Column) c);
  style_titles (self);
  make_models (self);

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled),
                                 GTK_WIDGET (self->view));
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  self->width = WIDE;
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (
                               GTK_SCROLLED_WINDOW (self->scrolled)),
                           "notify::page-size", G_CALLBACK (width_changed_cb),
                           self, G_CONNECT_SWAPPED);
  if (self->kind == DPT_RUN_TABLE_OUTPUTS)
    {
      gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                            self->scrolled),
                                                        TRUE);
      gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (
                                                      self->scrolled),
                                                  140);
    }
  else
    gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (
                                                    self->scrolled),
                                                180);
}

static void
dpt_run_table_dispose (GObject *object)
{
  DptRunTable *self = DPT_RUN_TABLE (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (dpt_run_table_parent_class)->dispose (object);
}

static void
dpt_run_table_finalize (GObject *object)
{
  g_free (DPT_RUN_TABLE (object)->text);

  G_OBJECT_CLASS (dpt_run_table_parent_class)->finalize (object);
}

static void
dpt_run_table_class_init (DptRunTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = dpt_run_table_constructed;
  object_class->dispose = dpt_run_table_dispose;
  object_class->finalize = dpt_run_table_finalize;
  object_class->get_property = dpt_run_table_get_property;
  object_class->set_property = dpt_run_table_set_property;

  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0,
                                            DPT_RUN_TABLE_OUTPUTS, 0,
                                            G_PARAM_READWRITE |
                                                G_PARAM_CONSTRUCT_ONLY |
                                                G_PARAM_STATIC_STRINGS);
  properties[PROP_CHOSEN] = g_param_spec_object ("chosen", NULL, NULL,
                                                 DPT_TYPE_RUN_ROW,
                                                 G_PARAM_READABLE |
                                                     G_PARAM_EXPLICIT_NOTIFY |
                                                     G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dpt_run_table_init (DptRunTable *self)
{
}

/**
 * dpt_run_table_set_rows:
 * @self: a table
 * @rows: (nullable): a list of #DptRunRow, which may grow
 */
void
dpt_run_table_set_rows (DptRunTable *self, GListModel *rows)
{
  gtk_filter_list_model_set_model (self->filtered, rows);
}

/**
 * dpt_run_table_set_filter:
 * @self: a table
 * @text: (nullable): shown are rows with a name that has it in it, in capitals
 *   or not
 * @only_differences: whether identical rows are hidden
 */
void
dpt_run_table_set_filter (DptRunTable *self,
                          const char *text,
                          gboolean only_differences)
{
  g_free (self->text);
  self->text = text != NULL && *text != '\0' ? g_utf8_casefold (text, -1)
                                             : NULL;
  self->only_differences = only_differences;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/**
 * dpt_run_table_get_n_shown:
 * @self: a table
 *
 * Returns: how many rows the filter lets through.
 */
guint
dpt_run_table_get_n_shown (DptRunTable *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
}

/**
 * dpt_run_table_get_chosen:
 * @self: a table
 *
 * Returns: (transfer none) (nullable): the row that is chosen.
 */
DptRunRow *
dpt_run_table_get_chosen (DptRunTable *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

/**
 * dpt_run_table_choose:
 * @self: a table
 * @row: (nullable): a row of its list
 *
 * Chooses a row and brings it in sight; none if the filter hides it.
 */
void
dpt_run_table_choose (DptRunTable *self, DptRunRow *row)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  guint position = GTK_INVALID_LIST_POSITION;
  GtkWidget *list;

  for (guint i = 0; i < n && position == GTK_INVALID_LIST_POSITION; i++)
    {
      g_autoptr (DptRunRow) candidate =
          g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (candidate == row)
        position = i;
    }

  gtk_single_selection_set_selected (self->selection, position);
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  /* GTK 4.8 has no door to this but its inner list's own action. */
  list = gtk_widget_get_next_sibling (
      gtk_widget_get_first_child (GTK_WIDGET (self->view)));
  gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
}
