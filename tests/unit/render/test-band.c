/* test-band.c - where a band of the hinge runs, and what is drawn of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-band"

#include "dpt-band.h"

#include "dpt-test.h"

enum
{
  SIZE = 100,
};

static DptBand
make_band (DptVerdict verdict)
{
  DptBand band = { .right_x = SIZE, .left_y = 20, .right_y = 80, .opacity = 1 };

  band.counts[verdict] = 1;
  return band;
}

/* The S is level at its ends and, by symmetry, half-way at its middle. */
static void
test_curve (void)
{
  DptBand band = make_band (DPT_VERDICT_DIFFERENT);

  dpt_assert_close (dpt_band_get_middle (&band, 0), 20, 0, 0.05);
  dpt_assert_close (dpt_band_get_middle (&band, 50), 50, 0, 0.05);
  dpt_assert_close (dpt_band_get_middle (&band, 100), 80, 0, 0.05);

  /* At t = 1/4: x = 100 (3/8 - 3/32 + 1/64) = 19/64 of 100, and
   * y = 20 + 60 (3/16 - 2/64). */
  dpt_assert_close (dpt_band_get_middle (&band, 1900 / 64.0), 29.375, 0, 0.05);
}

static void
test_height (void)
{
  DptBand band = make_band (DPT_VERDICT_IDENTICAL);

  g_assert_cmpfloat (dpt_band_get_height (&band), ==, 5);
  band.counts[DPT_VERDICT_CLOSE] = 1;
  g_assert_cmpfloat (dpt_band_get_height (&band), ==, 12);
  band.folded = TRUE;
  g_assert_cmpfloat (dpt_band_get_height (&band), ==, 16);
}

static void
test_contains (void)
{
  DptBand band = make_band (DPT_VERDICT_DIFFERENT);

  g_assert_true (dpt_band_contains (&band, 50, 50));
  g_assert_true (dpt_band_contains (&band, 1, 26));
  g_assert_false (dpt_band_contains (&band, 1, 29));
  g_assert_false (dpt_band_contains (&band, 50, 20));
  g_assert_false (dpt_band_contains (&band, -1, 20));
}

/* Red, green, blue and opacity of a pixel, as drawn on nothing. */
static const guint8 *
get_pixel (cairo_surface_t *surface, int x, int y)
{
  cairo_surface_flush (surface);
  return cairo_image_surface_get_data (surface) +
         y * cairo_image_surface_get_stride (surface) + 4 * x;
}

static cairo_surface_t *
draw (const DptBand *band)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         SIZE, SIZE);
  cairo_t *cr = cairo_create (surface);

  dpt_band_draw (band, cr, DPT_THEME_LIGHT);
  cairo_destroy (cr);
  return surface;
}

static void
test_draw (void)
{
  DptBand band = make_band (DPT_VERDICT_DIFFERENT);
  cairo_surface_t *surface = draw (&band);

  /* #b8430f at 0.62: more red than blue (bytes are blue first). */
  g_assert_cmpint (get_pixel (surface, 50, 50)[3], ==, 158);
  g_assert_cmpint (get_pixel (surface, 50, 50)[2], >,
                   4 * get_pixel (surface, 50, 50)[0]);
  g_assert_cmpint (get_pixel (surface, 50, 20)[3], ==, 0);
  g_assert_cmpint (get_pixel (surface, 50, 80)[3], ==, 0);
  cairo_surface_destroy (surface);
}

/* What goes out of sight is all there at its near end, and gone at the far. */
static void
test_fade (void)
{
  DptBand band = make_band (DPT_VERDICT_CLOSE);
  cairo_surface_t *surface;

  band.fade = DPT_BAND_FADES_RIGHT;
  surface = draw (&band);
  g_assert_cmpint (get_pixel (surface, 1, 20)[3], >, 140);
  g_assert_cmpint (get_pixel (surface, 95, 80)[3], ==, 0);
  cairo_surface_destroy (surface);
}

/* A folded scope: 10,000 identical pairs on top, 1 unread below, 100 to 1 by
 * the square root, but never less than 1.5 of the 16 pixels. */
static void
test_parts (void)
{
  DptBand band = make_band (DPT_VERDICT_UNREAD);
  cairo_surface_t *surface;

  band.counts[DPT_VERDICT_IDENTICAL] = 10000;
  band.folded = TRUE;
  band.right_y = band.left_y;
  surface = draw (&band);
  g_assert_cmpint (get_pixel (surface, 50, 20)[3], ==, 89);
  g_assert_cmpint (get_pixel (surface, 50, 27)[3], >, 140);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/band/curve", test_curve);
  g_test_add_func ("/band/height", test_height);
  g_test_add_func ("/band/contains", test_contains);
  g_test_add_func ("/band/draw", test_draw);
  g_test_add_func ("/band/fade", test_fade);
  g_test_add_func ("/band/parts", test_parts);

  return g_test_run ();
}
