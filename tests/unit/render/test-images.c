/* test-images.c - renders compared with stored pictures, light and dark
 *
 * The pictures in tests/data/render were made by the renderers themselves and
 * looked at; they guard against change, not against error.  They hold no text,
 * since fonts differ between machines.  A picture may differ in one pixel of a
 * hundred, by rounding at edges; a pixel differs when a channel is more than
 * 16 of 255 away.  With DPT_UPDATE_IMAGES=1 in the environment the stored
 * pictures are written anew; a failed comparison leaves NAME.png in the
 * working folder.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-images"

#include <math.h>
#include <stdlib.h>

#include "dpt-heatmap-renderer.h"
#include "dpt-share-bar-renderer.h"
#include "dpt-test.h"
#include "dpt-verdict-glyph.h"

#define WIDTH           240
#define HEIGHT          120
#define CHANNEL_SLACK   16
#define PIXELS_PER_MISS 100

typedef void (*DrawFunc) (cairo_t *cr, DptTheme theme);

/* 12 x 24: waves, a NaN, an infinity, and zeros. */
static DptSliceGrid *
make_grid (double shift)
{
  const DptShape shape = dpt_shape_new_2d (12, 24);
  float values[12 * 24];
  g_autoptr (DptTensor) tensor = NULL;

  for (int i = 0; i < 12 * 24; i++)
    values[i] = (float) ((i % 24 - 12) * (i / 24 - 6)) / 72.0f;
  values[5 * 24 + 3] = NAN;
  values[5 * 24 + 4] = INFINITY;
  values[2 * 24 + 20] += (float) shift;
  values[9 * 24 + 2] += (float) shift * 1e-3f;
  tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape, values);
  return dpt_slice_grid_new (tensor, 0, 1, NULL);
}

static void
draw_values (cairo_t *cr, DptTheme theme)
{
  g_autoptr (DptSliceGrid) grid = make_grid (0.0);
  const DptGridWindow window = { 0, 0, 12, 24 };
  const DptMargins margins = { 4.0, 4.0, 4.0, 4.0 };
  DptHeatmapLayout layout;
  DptColormap colormap;
  cairo_surface_t *cells;

  dpt_colormap_init_values (&colormap, theme, 1.0);
  dpt_heatmap_layout_init (&layout, &window, &margins, WIDTH, HEIGHT, 1);
  cells = dpt_heatmap_render_cells (grid, &layout, &colormap, NULL);
  dpt_heatmap_draw_cells (cr, &layout, cells, theme);
  dpt_heatmap_draw_cross_hair (cr, &layout, 8, 17, theme);
  cairo_surface_destroy (cells);
}

static void
draw_differences (cairo_t *cr, DptTheme theme)
{
  g_autoptr (DptSliceGrid) left = make_grid (0.0);
  g_autoptr (DptSliceGrid) right = make_grid (0.01);
  g_autoptr (DptSliceGrid) grid = dpt_slice_grid_new_difference (left, right,
                                                                 0.0, 1e-3,
                                                                 TRUE);
  DptColormap colormap;

  dpt_colormap_init_difference (&colormap, theme, 1e-3, 0.1);
  dpt_heatmap_draw_thumbnail (cr, grid, &colormap, WIDTH, HEIGHT, 1);
}

static void
draw_glyphs (cairo_t *cr, DptTheme theme)
{
  static const double sizes[] = { 10.0, 12.0, 16.0, 24.0 };

  for (guint i = 0; i < DPT_N_VERDICTS; i++)
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
      dpt_verdict_glyph_draw (cr, (DptVerdict) i, 4.0 + i * 29.0,
                              4.0 + k * 28.0, sizes[k],
                              &dpt_palette_get_verdict (theme, (DptVerdict) i)
                                   ->text);
}

static void
draw_share_bar (cairo_t *cr, DptTheme theme)
{
  const guint counts[DPT_N_VERDICTS] = {
    [DPT_VERDICT_IDENTICAL] = 1062, [DPT_VERDICT_CLOSE] = 31,
    [DPT_VERDICT_ONLY_RIGHT] = 12,  [DPT_VERDICT_ONLY_LEFT] = 12,
    [DPT_VERDICT_DIFFERENT] = 6,    [DPT_VERDICT_DTYPE] = 1,
    [DPT_VERDICT_SHAPE] = 2,        [DPT_VERDICT_UNREAD] = 1,
  };

  cairo_translate (cr, 10.0, 40.0);
  dpt_share_bar_draw (cr, counts, WIDTH - 20.0, 16.0, theme);
}

static const struct
{
  const char *name;
  DrawFunc draw;
} pictures[] = {
  { "values", draw_values },
  { "differences", draw_differences },
  { "glyphs", draw_glyphs },
  { "share-bar", draw_share_bar },
};

static cairo_surface_t *
render (DrawFunc draw, DptTheme theme)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                                         WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_LIST), cr, 1.0);
  cairo_paint (cr);
  draw (cr, theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static gboolean
is_same_pixel (guint32 a, guint32 b)
{
  for (guint shift = 0; shift < 24; shift += 8)
    if (abs ((int) ((a >> shift) & 0xff) - (int) ((b >> shift) & 0xff)) >
        CHANNEL_SLACK)
      return FALSE;
  return TRUE;
}

static const guint32 *
get_row (cairo_surface_t *surface, int y)
{
  return (
      const guint32 *) (const void *) (cairo_image_surface_get_data (surface) +
                                       y * cairo_image_surface_get_stride (
                                               surface));
}

static guint
count_misses (cairo_surface_t *actual, cairo_surface_t *expected)
{
  guint n = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (!is_same_pixel (get_row (actual, y)[x], get_row (expected, y)[x]))
        n++;
  return n;
}

static void
check (guint picture, DptTheme theme)
{
  g_autofree char *name = g_strdup_printf ("%s-%s.png", pictures[picture].name,
                                           theme == DPT_THEME_DARK ? "dark"
                                                                   : "light");
  g_autofree char *relative = g_build_filename ("render", name, NULL);
  g_autofree char *path = dpt_test_data (relative);
  cairo_surface_t *actual = render (pictures[picture].draw, theme);
  cairo_surface_t *expected;
  guint misses;

  if (g_getenv ("DPT_UPDATE_IMAGES") != NULL)
    cairo_surface_write_to_png (actual, path);
  expected = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (expected), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (expected), ==, WIDTH);
  g_assert_cmpint (cairo_image_surface_get_height (expected), ==, HEIGHT);
  misses = count_misses (actual, expected);
  if (misses > WIDTH * HEIGHT / PIXELS_PER_MISS)
    {
      cairo_surface_write_to_png (actual, name);
      g_error ("%s: %u pixels differ from the stored picture", name, misses);
    }
  cairo_surface_destroy (actual);
  cairo_surface_destroy (expected);
}

static void
test_pictures (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      check (i, DPT_THEME_LIGHT);
      check (i, DPT_THEME_DARK);
    }
}

/* The comparison itself notices a change: one theme is not the other. */
static void
test_comparison (void)
{
  cairo_surface_t *light = render (draw_glyphs, DPT_THEME_LIGHT);
  cairo_surface_t *dark = render (draw_glyphs, DPT_THEME_DARK);

  g_assert_cmpuint (count_misses (light, light), ==, 0);
  g_assert_cmpuint (count_misses (light, dark), >, WIDTH * HEIGHT / 2);
  cairo_surface_destroy (light);
  cairo_surface_destroy (dark);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/images/stored", test_pictures);
  g_test_add_func ("/render/images/comparison", test_comparison);
  return g_test_run ();
}
