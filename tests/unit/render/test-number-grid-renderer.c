/* test-number-grid-renderer.c - what differs is tinted, where it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-number-grid-renderer"

#include "dpt-number-grid-renderer.h"
#include "dpt-test.h"

#define WIDTH      400
#define HEIGHT     160
#define CELL_WIDTH 100

static DptSliceGrid *
make_grid (const float values[4])
{
  DptShape shape = dpt_shape_new_2d (2, 2);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);

  return dpt_slice_grid_new (tensor, 0, 1, NULL);
}

/* The red, green and blue near the left upper corner of a place, where no
 * text is; places count cells from the heads on. */
static guint32
get_pixel (cairo_surface_t *surface, int row, int column)
{
  int x = DPT_NUMBER_GRID_HEAD_WIDTH + column * CELL_WIDTH + 3;
  int y = DPT_NUMBER_GRID_HEAD_HEIGHT + row * DPT_NUMBER_GRID_ROW_HEIGHT + 3;
  const guint8 *data;

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  return *(const guint32 *) (const void *) (data +
                                            y * cairo_image_surface_get_stride (
                                                    surface) +
                                            x * 4) &
         0xffffff;
}

static guint32
get_tint (DptVerdict verdict)
{
  const DptColor *tint =
      &dpt_palette_get_verdict (DPT_THEME_LIGHT, verdict)->tint;

  return (guint32) (tint->red * 255 + 0.5) << 16 |
         (guint32) (tint->green * 255 + 0.5) << 8 |
         (guint32) (tint->blue * 255 + 0.5);
}

/* The cell at [0, 1] differs, that at [1, 0] is close. */
static cairo_surface_t *
draw (double scrolled, gboolean with_difference)
{
  const float left_values[] = { 1, 2, 3, 4 };
  const float right_values[] = { 1, 2.5f, 3.000001f, 4 };
  g_autoptr (DptSliceGrid) left = make_grid (left_values);
  g_autoptr (DptSliceGrid) right = make_grid (right_values);
  g_autoptr (DptSliceGrid) difference =
      dpt_slice_grid_new_difference (left, right, 1e-6, 1e-5, TRUE);
  const DptNumberGridData data = {
    .left = left,
    .right = right,
    .difference = with_difference ? difference : NULL,
    .n_rows = 2,
    .n_columns = 2,
    .cell_width = CELL_WIDTH,
    .y = scrolled,
    .width = WIDTH,
    .height = HEIGHT,
  };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  dpt_number_grid_draw (cr, &data, DPT_THEME_LIGHT);
  cairo_destroy (cr);
  return surface;
}

static void
test_tints (void)
{
  cairo_surface_t *surface = draw (0, TRUE);

  g_assert_cmphex (get_pixel (surface, 0, 0), ==, 0xffffff);
  g_assert_cmphex (get_pixel (surface, 0, 1), ==,
                   get_tint (DPT_VERDICT_DIFFERENT));
  g_assert_cmphex (get_pixel (surface, 1, 0), ==, get_tint (DPT_VERDICT_CLOSE));
  g_assert_cmphex (get_pixel (surface, 1, 1), ==, 0xffffff);
  /* Beyond the last column nothing is drawn. */
  g_assert_cmphex (get_pixel (surface, 0, 2), ==, 0xffffff);
  cairo_surface_destroy (surface);

  surface = draw (0, FALSE);
  g_assert_cmphex (get_pixel (surface, 0, 1), ==, 0xffffff);
  cairo_surface_destroy (surface);
}

/* Scrolled down by a row, the second one is where the first was. */
static void
test_scrolled (void)
{
  cairo_surface_t *surface = draw (DPT_NUMBER_GRID_ROW_HEIGHT, TRUE);

  g_assert_cmphex (get_pixel (surface, 0, 0), ==, get_tint (DPT_VERDICT_CLOSE));
  g_assert_cmphex (get_pixel (surface, 0, 1), ==, 0xffffff);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/number-grid-renderer/tints", test_tints);
  g_test_add_func ("/number-grid-renderer/scrolled", test_scrolled);

  return g_test_run ();
}
