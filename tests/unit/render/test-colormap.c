/* test-colormap.c - numbers to colours, and the palette's contrast
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-colormap"

#include <math.h>

#include "dpt-colormap.h"
#include "dpt-test.h"

static guint32
get_rgb (const DptColormap *map, double value)
{
  DptColor color = dpt_colormap_get_color (map, value);

  return dpt_color_to_rgb (&color);
}

/* The stops are those of the visual language: 7 colours, so steps of a third
 * of the limit. */
static void
test_values (void)
{
  DptColormap map;

  dpt_colormap_init_values (&map, DPT_THEME_LIGHT, 0.3);
  g_assert_cmphex (get_rgb (&map, -0.3), ==, 0x0b4a8f);
  g_assert_cmphex (get_rgb (&map, -0.1), ==, 0xa9cfe8);
  g_assert_cmphex (get_rgb (&map, 0.0), ==, 0xf6f5f4);
  g_assert_cmphex (get_rgb (&map, 0.3), ==, 0x8a3d06);
  g_assert_cmphex (get_rgb (&map, 7.0), ==, 0x8a3d06);
  g_assert_cmphex (get_rgb (&map, INFINITY), ==, 0x2e3436);
  dpt_colormap_init_values (&map, DPT_THEME_DARK, 0.3);
  g_assert_cmphex (get_rgb (&map, 0.0), ==, 0x242424);
  g_assert_cmphex (get_rgb (&map, -INFINITY), ==, 0xf2f2f2);
}

static void
test_limit_of_nothing (void)
{
  DptColormap map;

  dpt_colormap_init_values (&map, DPT_THEME_LIGHT, 0.0);
  g_assert_cmpfloat (map.high, ==, 1.0);
  g_assert_cmphex (get_rgb (&map, 0.0), ==, 0xf6f5f4);
  dpt_colormap_init_values (&map, DPT_THEME_LIGHT, NAN);
  g_assert_cmpfloat (map.high, ==, 1.0);
}

static void
test_difference (void)
{
  DptColormap map;

  dpt_colormap_init_difference (&map, DPT_THEME_LIGHT, 1e-5, 0.1);
  dpt_assert_close (dpt_colormap_get_place (&map, 1e-5), DPT_COLORMAP_BREAK,
                    1e-9, 0.0);
  dpt_assert_close (dpt_colormap_get_place (&map, 0.1), 1.0, 1e-9, 0.0);
  /* 1e-3 is two of the four decades beyond the tolerance. */
  dpt_assert_close (dpt_colormap_get_place (&map, 1e-3),
                    DPT_COLORMAP_BREAK + (1.0 - DPT_COLORMAP_BREAK) / 2.0, 1e-9,
                    0.0);
  g_assert_cmpfloat (dpt_colormap_get_place (&map, 1e-30), ==, 0.0);
  g_assert_cmphex (get_rgb (&map, 0.0), ==, 0xf6f5f4);
  g_assert_true (isnan (dpt_colormap_get_place (&map, NAN)));
}

/* Just below the tolerance is blue, just above it red: the channels tell. */
static void
test_break (void)
{
  for (DptTheme theme = DPT_THEME_LIGHT; theme <= DPT_THEME_DARK; theme++)
    {
      DptColormap map;
      DptColor below;
      DptColor above;

      dpt_colormap_init_difference (&map, theme, 1e-5, 0.1);
      below = dpt_colormap_get_color (&map, 0.99e-5);
      above = dpt_colormap_get_color (&map, 1.01e-5);
      g_assert_cmpfloat (below.blue, >, below.red);
      g_assert_cmpfloat (above.red, >, above.blue);
      /* The verdict of the value itself wins over the bar. */
      below = dpt_colormap_get_judged_color (&map, 0.02, FALSE);
      above = dpt_colormap_get_judged_color (&map, 1e-9, TRUE);
      g_assert_cmpfloat (below.blue, >, below.red);
      g_assert_cmpfloat (above.red, >, above.blue);
    }
}

static void
test_no_tolerance (void)
{
  DptColormap map;
  DptColor color;

  dpt_colormap_init_difference (&map, DPT_THEME_LIGHT, 0.0, 1.0);
  color = dpt_colormap_get_color (&map, 1e-12);
  g_assert_cmpfloat (color.red, >, color.blue);
  dpt_assert_close (dpt_colormap_get_place (&map, 1e-3), 0.5, 1e-9, 0.0);
}

static double
linearize (double component)
{
  return component <= 0.04045 ? component / 12.92
                              : pow ((component + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const DptColor *color)
{
  return 0.2126 * linearize (color->red) + 0.7152 * linearize (color->green) +
         0.0722 * linearize (color->blue);
}

/* The contrast ratio of the Web Content Accessibility Guidelines 2.1. */
static double
get_contrast (const DptColor *a, const DptColor *b)
{
  double first = get_luminance (a);
  double second = get_luminance (b);

  return (MAX (first, second) + 0.05) / (MIN (first, second) + 0.05);
}

static void
test_contrast (void)
{
  for (DptTheme theme = DPT_THEME_LIGHT; theme <= DPT_THEME_DARK; theme++)
    for (guint i = 0; i < DPT_N_VERDICTS; i++)
      {
        const DptInk *ink = dpt_palette_get_verdict (theme, (DptVerdict) i);

        g_assert_cmpfloat (get_contrast (&ink->text, &ink->tint), >=, 5.0);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/colormap/values", test_values);
  g_test_add_func ("/render/colormap/limit-of-nothing", test_limit_of_nothing);
  g_test_add_func ("/render/colormap/difference", test_difference);
  g_test_add_func ("/render/colormap/break", test_break);
  g_test_add_func ("/render/colormap/no-tolerance", test_no_tolerance);
  g_test_add_func ("/render/palette/contrast", test_contrast);
  return g_test_run ();
}
