/* test-heatmap-layout.c - places of cells, worked by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-heatmap-layout"

#include "dpt-heatmap-layout.h"
#include "dpt-test.h"

static const DptMargins margins = { 40.0, 0.0, 10.0, 20.0 };

/* 80 x 192 cells in a plot of 384 x 240: cells of 2 x 3. */
static void
test_room_for_all (void)
{
  const DptGridWindow window = { 0, 0, 80, 192 };
  DptHeatmapLayout layout;
  DptRect rect;
  gsize row;
  gsize column;

  dpt_heatmap_layout_init (&layout, &window, &margins, 424.0, 270.0, 1);
  g_assert_cmpfloat (layout.plot.width, ==, 384.0);
  g_assert_cmpfloat (layout.plot.height, ==, 240.0);
  g_assert_cmpuint (layout.image_rows, ==, 80);
  g_assert_cmpuint (layout.image_columns, ==, 192);
  g_assert_false (dpt_heatmap_layout_is_reduced (&layout));

  g_assert_true (dpt_heatmap_layout_get_rect (&layout, 37, 88, &rect));
  dpt_assert_close (rect.x, 40.0 + 88 * 2, 1e-12, 0.0);
  dpt_assert_close (rect.y, 10.0 + 37 * 3, 1e-12, 0.0);
  g_assert_true (dpt_heatmap_layout_pick (&layout, 40.0 + 88 * 2 + 1.9,
                                          10.0 + 37 * 3 + 2.9, &row, &column));
  g_assert_cmpuint (row, ==, 37);
  g_assert_cmpuint (column, ==, 88);
  g_assert_false (dpt_heatmap_layout_pick (&layout, 39.0, 20.0, &row, &column));
  g_assert_false (
      dpt_heatmap_layout_pick (&layout, 50.0, 250.0, &row, &column));
}

/* 10 rows on 4 pixels: 2, 3, 2, 3 of them, by floor (p * 10 / 4). */
static void
test_reduced (void)
{
  const DptGridWindow window = { 100, 7, 10, 1 };
  const DptMargins none = { 0.0, 0.0, 0.0, 0.0 };
  const gsize expected[] = { 2, 3, 2, 3 };
  DptHeatmapLayout layout;
  gsize next = 100;

  dpt_heatmap_layout_init (&layout, &window, &none, 4.0, 4.0, 1);
  g_assert_true (dpt_heatmap_layout_is_reduced (&layout));
  g_assert_cmpuint (layout.image_rows, ==, 4);
  g_assert_cmpuint (layout.image_columns, ==, 1);
  for (gsize p = 0; p < 4; p++)
    {
      DptGridWindow cells;

      dpt_heatmap_layout_get_cells (&layout, p, 0, &cells);
      g_assert_cmpuint (cells.row, ==, next);
      g_assert_cmpuint (cells.n_rows, ==, expected[p]);
      g_assert_cmpuint (cells.column, ==, 7);
      g_assert_cmpuint (cells.n_columns, ==, 1);
      next += cells.n_rows;
    }
}

/* Twice the device pixels show twice the cells. */
static void
test_scale (void)
{
  const DptGridWindow window = { 0, 0, 1000, 1000 };
  const DptMargins none = { 0.0, 0.0, 0.0, 0.0 };
  DptHeatmapLayout layout;

  dpt_heatmap_layout_init (&layout, &window, &none, 300.0, 200.0, 2);
  g_assert_cmpuint (layout.image_columns, ==, 600);
  g_assert_cmpuint (layout.image_rows, ==, 400);
}

static void
test_select (void)
{
  const DptGridWindow window = { 0, 0, 80, 192 };
  DptHeatmapLayout layout;
  DptGridWindow chosen;
  DptRect rect;

  dpt_heatmap_layout_init (&layout, &window, &margins, 424.0, 270.0, 1);
  /* From the middle of cell (10, 20) to the middle of (14, 29), dragged
   * upwards and to the left. */
  g_assert_true (dpt_heatmap_layout_select (&layout, 40 + 29 * 2 + 1,
                                            10 + 14 * 3 + 1, 40 + 20 * 2 + 1,
                                            10 + 10 * 3 + 1, &chosen));
  g_assert_cmpuint (chosen.row, ==, 10);
  g_assert_cmpuint (chosen.n_rows, ==, 5);
  g_assert_cmpuint (chosen.column, ==, 20);
  g_assert_cmpuint (chosen.n_columns, ==, 10);

  dpt_heatmap_layout_init (&layout, &chosen, &margins, 424.0, 270.0, 1);
  g_assert_false (dpt_heatmap_layout_get_rect (&layout, 9, 20, &rect));
  g_assert_false (dpt_heatmap_layout_get_rect (&layout, 15, 20, &rect));
  g_assert_true (dpt_heatmap_layout_get_rect (&layout, 10, 20, &rect));
  dpt_assert_close (rect.width, 38.4, 1e-12, 0.0);
  /* Outside the picture means its edge. */
  g_assert_true (dpt_heatmap_layout_select (&layout, -100.0, -100.0, 9999.0,
                                            9999.0, &chosen));
  g_assert_cmpuint (chosen.row, ==, 10);
  g_assert_cmpuint (chosen.n_columns, ==, 10);
}

static void
test_empty (void)
{
  const DptGridWindow window = { 0, 0, 0, 5 };
  DptHeatmapLayout layout;
  gsize row;
  gsize column;

  dpt_heatmap_layout_init (&layout, &window, &margins, 424.0, 270.0, 1);
  g_assert_cmpuint (layout.image_rows, ==, 0);
  g_assert_false (
      dpt_heatmap_layout_pick (&layout, 100.0, 100.0, &row, &column));
  /* Less room than the margins take still gives a valid layout. */
  dpt_heatmap_layout_init (&layout, &window, &margins, 3.0, 3.0, 1);
  g_assert_cmpfloat (layout.plot.width, ==, 1.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/heatmap-layout/room-for-all", test_room_for_all);
  g_test_add_func ("/render/heatmap-layout/reduced", test_reduced);
  g_test_add_func ("/render/heatmap-layout/scale", test_scale);
  g_test_add_func ("/render/heatmap-layout/select", test_select);
  g_test_add_func ("/render/heatmap-layout/empty", test_empty);
  return g_test_run ();
}
