/* test-heatmap.c - heat maps share cross-hair and zoom, and say what they show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-heatmap"

#include <adwaita.h>
#include <math.h>

#include "dpt-heatmap.h"
#include "dpt-number-grid.h"
#include "dpt-test.h"

/* 4 x 5 with the value 10 row + column; one is NaN. */
static DptSliceGrid *
make_grid (float offset)
{
  const DptShape shape = dpt_shape_new_2d (4, 5);
  float values[20];
  g_autoptr (DptTensor) tensor = NULL;

  for (int i = 0; i < 20; i++)
    values[i] = (float) (10 * (i / 5) + i % 5) + offset;
  values[7] = NAN;
  tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape, values);
  return dpt_slice_grid_new (tensor, 0, 1, NULL);
}

static DptHeatmap *
make_map (GtkWidget *box, DptSliceGrid *grid, DptHeatmapView *view)
{
  DptHeatmap *map = DPT_HEATMAP (dpt_heatmap_new ());
  DptColormap colormap;

  dpt_colormap_init_values (&colormap, DPT_THEME_LIGHT, 40.0);
  dpt_heatmap_set_view (map, view);
  dpt_heatmap_set_grid (map, grid, &colormap);
  dpt_heatmap_set_name (map, "Left");
  gtk_widget_set_hexpand (GTK_WIDGET (map), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (map));
  return map;
}

static void
test_share (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autoptr (DptSliceGrid) left = make_grid (0.0f);
  g_autoptr (DptSliceGrid) right = make_grid (0.5f);
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();
  const DptGridWindow part = { 1, 2, 2, 2 };
  DptHeatmap *first;
  DptHeatmap *second;
  DptGridWindow shown;

  dpt_heatmap_view_set_size (view, 4, 5);
  first = make_map (box, left, view);
  second = make_map (box, right, view);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 300);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (first),
                                   GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Left: 4 rows, 5 columns");
  dpt_heatmap_view_set_cursor (view, 3, 4);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "row 3, column 4: 34");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (second),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "row 3, column 4: 34.5");
  dpt_heatmap_view_set_window (view, &part);
  gtk_test_widget_wait_for_draw (window);
  g_assert_true (dpt_heatmap_view_is_zoomed (dpt_heatmap_get_view (second)));
  dpt_heatmap_view_get_window (dpt_heatmap_get_view (second), &shown);
  g_assert_cmpuint (shown.row, ==, 1);
  g_assert_cmpuint (shown.n_columns, ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_nothing (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *map = dpt_heatmap_new ();

  gtk_window_set_child (GTK_WINDOW (window), map);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Heat map: no values");
  g_assert_null (dpt_heatmap_get_grid (DPT_HEATMAP (map)));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* 3,000 x 3,000 cells are more than are rendered at once and more than the
 * picture has pixels: they are rendered in a thread, and the map says so. */
static void
test_large (void)
{
  const gint64 n = 3000;
  const DptShape shape = dpt_shape_new_2d (n, n);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autoptr (DptTensor) tensor = dpt_tensor_new (DPT_DTYPE_INT8, &shape, NULL);
  g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new (tensor, 0, 1, NULL);
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();
  DptHeatmap *map;

  dpt_heatmap_view_set_size (view, n, n);
  map = make_map (box, grid, view);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  g_assert_true (dpt_heatmap_is_reduced (map));
  /* Destroyed while the thread may still run. */
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_view_moves (void)
{
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();
  gsize row;
  gsize column;

  dpt_heatmap_view_move_cursor (view, 1, 1);
  g_assert_false (dpt_heatmap_view_get_cursor (view, &row, &column));
  dpt_heatmap_view_set_size (view, 10, 20);
  dpt_heatmap_view_move_cursor (view, 1, 1);
  g_assert_true (dpt_heatmap_view_get_cursor (view, &row, &column));
  g_assert_cmpuint (row, ==, 5);
  g_assert_cmpuint (column, ==, 10);
  dpt_heatmap_view_move_cursor (view, -100, 3);
  dpt_heatmap_view_get_cursor (view, &row, &column);
  g_assert_cmpuint (row, ==, 0);
  g_assert_cmpuint (column, ==, 13);
  dpt_heatmap_view_set_cursor (view, 10, 0);
  dpt_heatmap_view_get_cursor (view, &row, &column);
  g_assert_cmpuint (row, ==, 0);
  /* A smaller size takes the cursor away with its cell. */
  dpt_heatmap_view_set_size (view, 2, 2);
  g_assert_false (dpt_heatmap_view_get_cursor (view, &row, &column));
}

static void
test_numbers (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  DptNumberGrid *numbers = DPT_NUMBER_GRID (dpt_number_grid_new ());
  g_autoptr (DptSliceGrid) left = make_grid (0.0f);
  g_autoptr (DptSliceGrid) right = make_grid (0.5f);
  g_autoptr (DptSliceGrid) difference =
      dpt_slice_grid_new_difference (left, right, 0.0, 0.1, TRUE);
  g_autoptr (DptHeatmapView) view = dpt_heatmap_view_new ();
  g_autofree char *text = NULL;

  dpt_heatmap_view_set_size (view, 4, 5);
  dpt_number_grid_set_view (numbers, view);
  dpt_number_grid_set_grids (numbers, left, right, difference, FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled),
                                 GTK_WIDGET (numbers));
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (numbers),
                                   GTK_ACCESSIBLE_ROLE_GRID);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (numbers),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Numbers: 4 rows, 5 columns");
  dpt_heatmap_view_set_cursor (view, 1, 3);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (numbers),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "row 1, column 3: left 13, right "
                                       "13.5, difference 0.5");
  text = dpt_number_grid_describe (numbers, 1, 2);
  g_assert_cmpstr (text, ==,
                   "row 1, column 2: left nan, right nan, difference 0");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/widgets/heatmap/share", test_share);
  g_test_add_func ("/widgets/heatmap/nothing", test_nothing);
  g_test_add_func ("/widgets/heatmap/large", test_large);
  g_test_add_func ("/widgets/heatmap-view/moves", test_view_moves);
  g_test_add_func ("/widgets/number-grid/cells", test_numbers);
  return g_test_run ();
}
