/* test-digits.c - the shortest digits that read back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-digits"

#include "dpt-digits.h"

#include <float.h>
#include <math.h>

#include "dpt-test.h"

/* Expected digits: those that Python prints for the same double (its float
 * repr is the shortest), in our layout: no ".0", exponents beyond 1e16. */
static void
test_double (void)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = {
    { 0, "0" },
    { -0.0, "-0.0" },
    { 1, "1" },
    { -2.5, "-2.5" },
    { 0.1, "0.1" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { 1.0 / 3, "0.3333333333333333" },
    { 100, "100" },
    { 138240, "138240" },
    { 1e15, "1000000000000000" },
    { 1e16, "1e+16" },
    { 123456789012345680.0, "1.2345678901234568e+17" },
    { 0.0001, "0.0001" },
    { 0.00001, "1e-05" },
    { 5e-324, "5e-324" },
    { DBL_MIN, "2.2250738585072014e-308" },
    { DBL_MAX, "1.7976931348623157e+308" },
    { 9007199254740993.0, "9007199254740992" },
    { 0x1p-44, "5.684341886080802e-14" }, /* nearest 16 digits end in 1 */
    { INFINITY, "inf" },
    { -INFINITY, "-inf" },
    { NAN, "nan" },
  };
  char buffer[DPT_DIGITS_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (dpt_digits_print_double (cases[i].value, buffer), ==,
                     cases[i].text);
}

/* Expected digits: those of numpy's float32 repr. */
static void
test_float (void)
{
  static const struct
  {
    float value;
    const char *text;
  } cases[] = {
    { 0.1f, "0.1" },
    { 0.3f, "0.3" },
    { 1.0f / 3, "0.33333334" },
    { 16777216.0f, "16777216" },
    { FLT_MAX, "3.4028235e+38" },
    { FLT_MIN, "1.1754944e-38" },
    { 0x1p-149f, "1e-45" },
    { 1e-6f, "1e-06" },
    { 3.1415927f, "3.1415927" },
  };
  char buffer[DPT_DIGITS_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (dpt_digits_print_float (cases[i].value, buffer), ==,
                     cases[i].text);
}

static double
round_to_integer (double value)
{
  return rint (value);
}

/* Whole numbers keep all of their digits, and get no more. */
static void
test_rounded (void)
{
  char buffer[DPT_DIGITS_SIZE];

  g_assert_cmpstr (dpt_digits_print_rounded (1200, round_to_integer, buffer),
                   ==, "1200");
  g_assert_cmpstr (dpt_digits_print_rounded (-1234, round_to_integer, buffer),
                   ==, "-1234");
}

/* Any bits read back to themselves. */
static void
test_reads_back (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  char buffer[DPT_DIGITS_SIZE];

  for (int i = 0; i < 20000; i++)
    {
      union
      {
        guint32 bits;
        float value;
      } u = { g_rand_int (rand) };

      if (!isfinite (u.value))
        continue;
      dpt_digits_print_float (u.value, buffer);
      g_assert_cmpfloat ((float) g_ascii_strtod (buffer, NULL), ==, u.value);
    }
  for (int i = 0; i < 20000; i++)
    {
      union
      {
        guint64 bits;
        double value;
      } u = { (guint64) g_rand_int (rand) << 32 | g_rand_int (rand) };

      if (!isfinite (u.value))
        continue;
      dpt_digits_print_double (u.value, buffer);
      g_assert_cmpfloat (g_ascii_strtod (buffer, NULL), ==, u.value);
    }
}

static void
test_group (void)
{
  char buffer[DPT_DIGITS_SIZE];

  g_assert_cmpstr (dpt_digits_group (0, buffer), ==, "0");
  g_assert_cmpstr (dpt_digits_group (999, buffer), ==, "999");
  g_assert_cmpstr (dpt_digits_group (1000, buffer), ==, "1,000");
  g_assert_cmpstr (dpt_digits_group (138240, buffer), ==, "138,240");
  g_assert_cmpstr (dpt_digits_group (G_MAXUINT64, buffer), ==,
                   "18,446,744,073,709,551,615");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/digits/double", test_double);
  g_test_add_func ("/digits/float", test_float);
  g_test_add_func ("/digits/rounded", test_rounded);
  g_test_add_func ("/digits/reads-back", test_reads_back);
  g_test_add_func ("/digits/group", test_group);

  return g_test_run ();
}
