/* dpt-stats-table.c - what two tensors are like, side by side
 *
 * One row for each measure: left, right, right - left, and the verdict of the
 * row by the tolerance of the comparison.  Below them how many values are
 * beyond the tolerance, and the rule in words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-stats-table"

#include "dpt-stats-table.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-theme.h"
#include "dpt-verdict-icon.h"

#define GLYPH_COLUMN (DPT_N_STATS_COLUMNS + 1)

struct _DptStatsTable
{
  GtkBox parent_instance;
  GtkWidget *grid;
  GtkWidget *heads[DPT_N_STATS_COLUMNS];
  GtkWidget *cells[DPT_N_STATS_ROWS][DPT_N_STATS_COLUMNS];
  GtkWidget *icons[DPT_N_STATS_ROWS];
  GtkWidget *beyond;
  GtkWidget *cosine;
  GtkWidget *rule;
  gboolean differs; /* some values are beyond the tolerance */
};

G_DEFINE_FINAL_TYPE (DptStatsTable, dpt_stats_table, GTK_TYPE_BOX)

/* clang-format off */
static const char *const row_names[DPT_N_STATS_ROWS] = {
  [DPT_STATS_ROW_MINIMUM]   = "minimum",
  [DPT_STATS_ROW_MAXIMUM]   = "maximum",
  [DPT_STATS_ROW_MEAN]      = "mean",
  [DPT_STATS_ROW_DEVIATION] = "standard deviation",
  [DPT_STATS_ROW_NORM]      = "L2 norm",
  [DPT_STATS_ROW_ZEROS]     = "zeros",
  [DPT_STATS_ROW_NAN]       = "NaN",
  [DPT_STATS_ROW_INF]       = "Inf",
};
/* clang-format on */

static gboolean
is_count (DptStatsRow row)
{
  return row >= DPT_STATS_ROW_ZEROS;
}

static double
get_measure (const DptTensorStats *stats, DptStatsRow row)
{
  switch (row)
    {
    case DPT_STATS_ROW_MINIMUM:
      return stats->min;
    case DPT_STATS_ROW_MAXIMUM:
      return stats->max;
    case DPT_STATS_ROW_MEAN:
      return stats->mean;
    case DPT_STATS_ROW_DEVIATION:
      return stats->std;
    case DPT_STATS_ROW_NORM:
      return stats->l2;
    case DPT_STATS_ROW_ZEROS:
      return (double) stats->zeros;
    case DPT_STATS_ROW_NAN:
      return (double) stats->nan;
    case DPT_STATS_ROW_INF:
      return (double) stats->inf;
    default:
      g_return_val_if_reached ((double) NAN);
    }
}

static char *
format_measure (double value, DptStatsRow row, gboolean is_difference)
{
  if (isnan (value))
    return g_strdup ("–");
  if (is_count (row))
    {
      g_autofree char *count = dpt_axis_format_count ((guint64) fabs (value));

      return g_strconcat (value < 0.0 ? "−" : "", count, NULL);
    }
  return dpt_axis_format_digits (value, is_difference ? 3 : 5);
}

/* Counts have no tolerance. */
static int
judge (const DptTensorAnalysis *analysis, DptStatsRow row)
{
  double left = get_measure (&analysis->left, row);
  double right = get_measure (&analysis->right, row);
  const DptTolerance *tolerance = &analysis->tolerance;

  if (left == right || (isnan (left) && isnan (right)))
    return DPT_VERDICT_IDENTICAL;
  if (is_count (row) || !(fabs (left - right) <=
                          tolerance->atol + tolerance->rtol * fabs (right)))
    return DPT_VERDICT_DIFFERENT;
  return DPT_VERDICT_CLOSE;
}

static void
set_cell (DptStatsTable *self,
          DptStatsRow row,
          DptStatsColumn column,
          gboolean has_value,
          double value)
{
  g_autofree char *text = has_value
                              ? format_measure (value, row,
                                                column ==
                                                    DPT_STATS_COLUMN_DIFFERENCE)
                              : g_strdup ("");

  gtk_label_set_text (GTK_LABEL (self->cells[row][column]), text);
}

static void
update_row (DptStatsTable *self,
            const DptTensorAnalysis *analysis,
            DptStatsRow row)
{
  gboolean has_left = analysis != NULL && analysis->has_left &&
                      analysis->left.valid;
  gboolean has_right = analysis != NULL && analysis->has_right &&
                       analysis->right.valid;
  gboolean has_both = has_left && has_right;
  double left = has_left ? get_measure (&analysis->left, row) : 0.0;
  double right = has_right ? get_measure (&analysis->right, row) : 0.0;

  set_cell (self, row, DPT_STATS_COLUMN_LEFT, has_left, left);
  set_cell (self, row, DPT_STATS_COLUMN_RIGHT, has_right, right);
  set_cell (self, row, DPT_STATS_COLUMN_DIFFERENCE, has_both, right - left);
  dpt_verdict_icon_set_verdict (DPT_VERDICT_ICON (self->icons[row]),
                                has_both ? judge (analysis, row)
                                         : DPT_VERDICT_ICON_NONE);
}

static void
update_summary (DptStatsTable *self, const DptTensorAnalysis *analysis)
{
  g_autofree char *beyond = g_strdup ("");
  g_autofree char *cosine = g_strdup ("");
  g_autofree char *rule = g_strdup ("");

  if (analysis != NULL)
    {
      g_free (rule);
      rule = dpt_tolerance_to_display (&analysis->tolerance);
    }
  if (analysis != NULL && analysis->has_diff)
    {
      const DptTensorDiff *diff = &analysis->diff;
      g_autofree char *count = dpt_axis_format_count (diff->out_of_tolerance);

      g_free (beyond);
      beyond = g_strdup_printf ("%s  %.4g %%", count,
                                diff->count > 0
                                    ? 100.0 * (double) diff->out_of_tolerance /
                                          (double) diff->count
                                    : 0.0);
      if (diff->has_metrics && !isnan (diff->cosine))
        {
          g_free (cosine);
          cosine = dpt_axis_format_digits (diff->cosine, 6);
        }
    }
  gtk_label_set_text (GTK_LABEL (self->beyond), beyond);
  gtk_label_set_text (GTK_LABEL (self->cosine), cosine);
  gtk_label_set_text (GTK_LABEL (self->rule), rule);
}

static GtkWidget *
make_label (const char *text, float xalign, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
set_color (GtkWidget *label, const DptColor *color)
{
  PangoAttrList *attributes = dpt_theme_make_attributes (color);

  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
}

/* The heads of the sides, and a count of what differs, have the colours of
 * what they speak of, which follow the theme. */
static void
update_colors (DptStatsTable *self)
{
  DptTheme theme = dpt_theme_get_current ();

  for (guint i = 0; i < 2; i++)
    set_color (self->heads[i],
               &dpt_palette_get_panel (theme, (DptPanel) i)->text);
  if (self->differs)
    set_color (self->beyond,
               &dpt_palette_get_verdict (theme, DPT_VERDICT_DIFFERENT)->text);
  else
    gtk_label_set_attributes (GTK_LABEL (self->beyond), NULL);
}

static void
add_row (DptStatsTable *self, DptStatsRow row)
{
  GtkGrid *grid = GTK_GRID (self->grid);
  GtkWidget *name = make_label (row_names[row], 0.0f, NULL);

  gtk_widget_set_hexpand (name, TRUE);
  gtk_grid_attach (grid, name, 0, (int) row + 1, 1, 1);
  for (int column = 0; column < DPT_N_STATS_COLUMNS; column++)
    {
      GtkWidget *cell = make_label (NULL, 1.0f, "monospace");

      gtk_label_set_width_chars (GTK_LABEL (cell), 11);
      gtk_label_set_selectable (GTK_LABEL (cell), TRUE);
      gtk_widget_add_css_class (cell, "caption");
      self->cells[row][column] = cell;
      gtk_grid_attach (grid, cell, column + 1, (int) row + 1, 1, 1);
    }
  self->icons[row] = dpt_verdict_icon_new (DPT_VERDICT_ICON_NONE);
  gtk_grid_attach (grid, self->icons[row], GLYPH_COLUMN, (int) row + 1, 1, 1);
}

static void
add_summary (DptStatsTable *self, GtkGrid *grid, int row)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

  self->beyond = make_label (NULL, 1.0f, "heading");
  self->cosine = make_label (NULL, 1.0f, "monospace");
  self->rule = make_label (NULL, 1.0f, "dim-label");
  gtk_widget_add_css_class (self->cosine, "caption");
  gtk_widget_add_css_class (self->rule, "caption");
  gtk_label_set_ellipsize (GTK_LABEL (self->rule), PANGO_ELLIPSIZE_END);
  gtk_grid_attach (grid, line, 0, row, GLYPH_COLUMN + 1, 1);
  gtk_grid_attach (grid, make_label ("beyond the tolerance", 0.0f, NULL), 0,
                   row + 1, 1, 1);
  gtk_grid_attach (grid, self->beyond, 1, row + 1, DPT_N_STATS_COLUMNS, 1);
  gtk_grid_attach (grid, make_label ("cosine", 0.0f, NULL), 0, row + 2, 1, 1);
  gtk_grid_attach (grid, self->cosine, 1, row + 2, DPT_N_STATS_COLUMNS, 1);
  gtk_grid_attach (grid, make_label ("tolerance", 0.0f, NULL), 0, row + 3, 1,
                   1);
  gtk_grid_attach (grid, self->rule, 1, row + 3, DPT_N_STATS_COLUMNS, 1);
}

static void
dpt_stats_table_class_init (DptStatsTableClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "statstable");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_TABLE);
}

static void
dpt_stats_table_init (DptStatsTable *self)
{
  static const char *const heads[DPT_N_STATS_COLUMNS] = { "left", "right",
                                                          "right − left" };

  self->grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 5);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 9);
  gtk_widget_set_hexpand (self->grid, TRUE);
  for (int i = 0; i < DPT_N_STATS_COLUMNS; i++)
    {
      self->heads[i] = make_label (heads[i], 1.0f, "caption-heading");
      gtk_grid_attach (GTK_GRID (self->grid), self->heads[i], i + 1, 0, 1, 1);
    }
  for (guint i = 0; i < DPT_N_STATS_ROWS; i++)
    add_row (self, (DptStatsRow) i);
  add_summary (self, GTK_GRID (self->grid), DPT_N_STATS_ROWS + 1);
  gtk_box_append (GTK_BOX (self), self->grid);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, "Statistics",
                                  -1);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (update_colors));
  update_colors (self);
}

/**
 * dpt_stats_table_new:
 *
 * Returns: (transfer floating): a table without numbers
 */
GtkWidget *
dpt_stats_table_new (void)
{
  return g_object_new (DPT_TYPE_STATS_TABLE, NULL);
}

/**
 * dpt_stats_table_set_analysis:
 * @self: a table
 * @analysis: (nullable): what to show, only looked at during the call; %NULL
 *   empties the table
 */
void
dpt_stats_table_set_analysis (DptStatsTable *self,
                              const DptTensorAnalysis *analysis)
{
  g_return_if_fail (DPT_IS_STATS_TABLE (self));

  for (guint i = 0; i < DPT_N_STATS_ROWS; i++)
    update_row (self, analysis, (DptStatsRow) i);
  self->differs = analysis != NULL && analysis->has_diff &&
                  analysis->diff.out_of_tolerance > 0;
  update_summary (self, analysis);
  update_colors (self);
}

/**
 * dpt_stats_table_get_text:
 * @self: a table
 * @row: a row
 * @column: a column
 *
 * Returns: (transfer none): what stands there, "" for nothing
 */
const char *
dpt_stats_table_get_text (DptStatsTable *self,
                          DptStatsRow row,
                          DptStatsColumn column)
{
  g_return_val_if_fail (DPT_IS_STATS_TABLE (self), NULL);

  return gtk_label_get_text (GTK_LABEL (self->cells[row][column]));
}

/**
 * dpt_stats_table_get_verdict:
 * @self: a table
 * @row: a row
 *
 * Returns: the #DptVerdict of the row, or DPT_VERDICT_ICON_NONE
 */
int
dpt_stats_table_get_verdict (DptStatsTable *self, DptStatsRow row)
{
  g_return_val_if_fail (DPT_IS_STATS_TABLE (self), DPT_VERDICT_ICON_NONE);

  return dpt_verdict_icon_get_verdict (DPT_VERDICT_ICON (self->icons[row]));
}

/**
 * dpt_stats_table_get_beyond:
 * @self: a table
 *
 * Returns: (transfer none): how many values are beyond the tolerance, and
 *   their share: "2,160  1.56 %"
 */
const char *
dpt_stats_table_get_beyond (DptStatsTable *self)
{
  g_return_val_if_fail (DPT_IS_STATS_TABLE (self), NULL);

  return gtk_label_get_text (GTK_LABEL (self->beyond));
}
