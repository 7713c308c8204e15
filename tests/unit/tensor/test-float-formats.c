/* test-float-formats.c - halves and smaller: values, rounding, every pattern
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected bits follow from the formats' definitions (the header draws them).
 */

#define G_LOG_DOMAIN "test-float-formats"

#include "dpt-float-formats.h"

#include <math.h>

#include "dpt-test.h"

/* 1/3 = 1.0101…b x 2^-2: exponent 13, fraction 0101010101. */
static void
test_float16 (void)
{
  g_assert_cmpfloat (dpt_float16_to_float (0x3c00), ==, 1);
  g_assert_cmpfloat (dpt_float16_to_float (0xc000), ==, -2);
  g_assert_cmpfloat (dpt_float16_to_float (0x7bff), ==, 65504);
  g_assert_cmpfloat (dpt_float16_to_float (0x0001), ==, 0x1p-24);
  g_assert_cmpfloat (dpt_float16_to_float (0x0400), ==, 0x1p-14);
  g_assert_true (isinf (dpt_float16_to_float (0x7c00)));
  g_assert_true (isnan (dpt_float16_to_float (0x7c01)));

  g_assert_cmphex (dpt_float16_from_double (1.0 / 3), ==, 0x3555);
  g_assert_cmphex (dpt_float16_from_double (65519.9), ==, 0x7bff);
  g_assert_cmphex (dpt_float16_from_double (65520), ==, 0x7c00);
  g_assert_cmphex (dpt_float16_from_double (1e300), ==, 0x7c00);
  g_assert_cmphex (dpt_float16_from_double (-0.0), ==, 0x8000);
  g_assert_cmphex (dpt_float16_from_double (0x1p-25), ==, 0x0000);
  g_assert_cmphex (dpt_float16_from_double (0x1.8p-24), ==, 0x0002);
  g_assert_cmphex (dpt_float16_from_double (5e-324), ==, 0x0000);
  /* Ties between 1 and 1 + 2^-10, and the next pair: to even. */
  g_assert_cmphex (dpt_float16_from_double (1 + 0x1p-11), ==, 0x3c00);
  g_assert_cmphex (dpt_float16_from_double (1 + 0x3p-11), ==, 0x3c02);
  /* By way of float32 this would round twice, and down. */
  g_assert_cmphex (dpt_float16_from_double (1 + 0x1p-11 + 0x1p-40), ==, 0x3c01);
}

static void
test_bfloat16 (void)
{
  g_assert_cmpfloat (dpt_bfloat16_to_float (0x3f80), ==, 1);
  g_assert_cmpfloat (dpt_bfloat16_to_float (0x0001), ==, 0x1p-133f);
  g_assert_cmphex (dpt_bfloat16_from_double (0.1), ==, 0x3dcd);
  g_assert_cmphex (dpt_bfloat16_from_double (1 + 0x1p-8), ==, 0x3f80);
  g_assert_cmphex (dpt_bfloat16_from_double (1 + 0x3p-8), ==, 0x3f82);
  g_assert_cmphex (dpt_bfloat16_from_double (3.4e38), ==, 0x7f80);
  g_assert_cmphex (dpt_bfloat16_from_double (-INFINITY), ==, 0xff80);
}

static void
test_float8 (void)
{
  g_assert_cmpfloat (dpt_float8_e5m2_to_float (0x7b), ==, 57344);
  g_assert_cmpfloat (dpt_float8_e5m2_to_float (0x01), ==, 0x1p-16);
  g_assert_true (isinf (dpt_float8_e5m2_to_float (0x7c)));
  g_assert_cmphex (dpt_float8_e5m2_from_double (1e9), ==, 0x7c);

  g_assert_cmpfloat (dpt_float8_e4m3fn_to_float (0x7e), ==, 448);
  g_assert_cmpfloat (dpt_float8_e4m3fn_to_float (0x01), ==, 0x1p-9);
  g_assert_cmpfloat (dpt_float8_e4m3fn_to_float (0x38), ==, 1);
  g_assert_true (isnan (dpt_float8_e4m3fn_to_float (0x7f)));
  g_assert_cmphex (dpt_float8_e4m3fn_from_double (464), ==, 0x7e);
  g_assert_cmphex (dpt_float8_e4m3fn_from_double (465), ==, 0x7f);
  g_assert_cmphex (dpt_float8_e4m3fn_from_double (-INFINITY), ==, 0xff);
}

/* Widening and narrowing again changes no pattern, but for NaN payloads. */
static void
test_every_pattern (void)
{
  for (guint bits = 0; bits <= 0xffff; bits++)
    {
      float half = dpt_float16_to_float ((guint16) bits);
      float brain = dpt_bfloat16_to_float ((guint16) bits);

      if (!isnan (half))
        g_assert_cmphex (dpt_float16_from_double (half), ==, bits);
      if (!isnan (brain))
        g_assert_cmphex (dpt_bfloat16_from_double (brain), ==, bits);
    }
  for (guint bits = 0; bits <= 0xff; bits++)
    {
      float a = dpt_float8_e5m2_to_float ((guint8) bits);
      float b = dpt_float8_e4m3fn_to_float ((guint8) bits);

      if (!isnan (a))
        g_assert_cmphex (dpt_float8_e5m2_from_double (a), ==, bits);
      if (!isnan (b))
        g_assert_cmphex (dpt_float8_e4m3fn_from_double (b), ==, bits);
    }
}

static void
test_nan (void)
{
  g_assert_true (isnan (dpt_float16_to_float (dpt_float16_from_double (NAN))));
  g_assert_true (
      isnan (dpt_bfloat16_to_float (dpt_bfloat16_from_double (NAN))));
  g_assert_true (
      isnan (dpt_float8_e5m2_to_float (dpt_float8_e5m2_from_double (NAN))));
  g_assert_true (
      isnan (dpt_float8_e4m3fn_to_float (dpt_float8_e4m3fn_from_double (NAN))));
}

static void
test_int4 (void)
{
  g_assert_cmpint (dpt_int4_to_int (0x07), ==, 7);
  g_assert_cmpint (dpt_int4_to_int (0x08), ==, -8);
  g_assert_cmpint (dpt_int4_to_int (0xff), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/float-formats/float16", test_float16);
  g_test_add_func ("/float-formats/bfloat16", test_bfloat16);
  g_test_add_func ("/float-formats/float8", test_float8);
  g_test_add_func ("/float-formats/every-pattern", test_every_pattern);
  g_test_add_func ("/float-formats/nan", test_nan);
  g_test_add_func ("/float-formats/int4", test_int4);

  return g_test_run ();
}
