/* test-tensor-cast.c - values in another dtype, as numpy's astype() makes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor-cast"

#include "dpt-tensor-cast.h"

#include <math.h>
#include <string.h>

#include "dpt-tensor-print.h"
#include "dpt-test.h"

static DptTensor *
make_doubles (const double *values, gint64 count)
{
  DptShape shape = dpt_shape_new_1d (count);

  return dpt_tensor_new_copy (DPT_DTYPE_FLOAT64, &shape, values);
}

/* Expected: what C and IEEE 754 say of each value; where C is silent (NaN and
 * what is out of range, to integers), what x86 machines do. */
static void
test_from_double (void)
{
  static const double values[] = { 0.1,   -2.7, 300.5, 65520,
                                   1e300, -0.0, NAN,   -INFINITY };
  static const struct
  {
    DptDtype dtype;
    const char *text;
  } cases[] = {
    { DPT_DTYPE_FLOAT32, "[0.1, -2.7, 300.5, 65520, inf, -0.0, nan, -inf]" },
    { DPT_DTYPE_FLOAT16, "[0.1, -2.7, 300.5, inf, inf, -0.0, nan, -inf]" },
    { DPT_DTYPE_BFLOAT16, "[0.1, -2.7, 300, 65500, inf, -0.0, nan, -inf]" },
    { DPT_DTYPE_INT32, "[0, -2, 300, 65520, -2147483648, 0, -2147483648, "
                       "-2147483648]" },
    { DPT_DTYPE_INT8, "[0, -2, 44, -16, 0, 0, 0, 0]" },
    { DPT_DTYPE_UINT8, "[0, 254, 44, 240, 0, 0, 0, 0]" },
    { DPT_DTYPE_BOOL, "[true, true, true, true, true, false, true, true]" },
    { DPT_DTYPE_COMPLEX64, "[0.1+0j, -2.7+0j, 300.5+0j, 65520+0j, inf+0j, "
                           "-0.0+0j, nan+0j, -inf+0j]" },
  };
  g_autoptr (DptTensor) tensor = make_doubles (values, 8);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) result = dpt_tensor_cast (tensor, cases[i].dtype,
                                                      &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = dpt_tensor_print_text (result, 0);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* 2^53 + 1 and 2^24 + 1 and the largest uint64: integers pass through exactly
 * and are rounded once.  As a float, 2^53 has its lower neighbour 2^29 away,
 * so the seven digits 9007199 x 10^9, 254740992 below it, read back. */
static void
test_integers (void)
{
  static const gint64 values[] = { G_GINT64_CONSTANT (9007199254740993),
                                   16777217, -1 };
  DptShape shape = dpt_shape_new_1d (3);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_INT64, &shape,
                                                      values);
  static const struct
  {
    DptDtype dtype;
    const char *text;
  } cases[] = {
    { DPT_DTYPE_UINT64, "[9007199254740993, 16777217, 18446744073709551615]" },
    { DPT_DTYPE_FLOAT64, "[9007199254740992, 16777217, -1]" },
    { DPT_DTYPE_FLOAT32, "[9007199000000000, 16777216, -1]" },
    { DPT_DTYPE_INT16, "[1, 1, -1]" },
    { DPT_DTYPE_INT4, "[1, 1, -1]" },
    { DPT_DTYPE_UINT4, "[1, 1, 15]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptTensor) result = dpt_tensor_cast (tensor, cases[i].dtype,
                                                      NULL);
      g_autofree char *text = dpt_tensor_print_text (result, 0);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_exact (void)
{
  static const struct
  {
    double value;
    DptDtype dtype;
    gboolean exact;
  } cases[] = {
    { 1, DPT_DTYPE_BOOL, TRUE },
    { 2, DPT_DTYPE_BOOL, FALSE },
    { 0.5, DPT_DTYPE_FLOAT16, TRUE },
    { 0.1, DPT_DTYPE_FLOAT32, FALSE },
    { 255, DPT_DTYPE_UINT8, TRUE },
    { 256, DPT_DTYPE_UINT8, FALSE },
    { -1, DPT_DTYPE_UINT64, FALSE },
    { 0x1p63, DPT_DTYPE_UINT64, TRUE },
    { 0x1p63, DPT_DTYPE_INT64, FALSE },
    { 0x1p64, DPT_DTYPE_UINT64, FALSE },
    { NAN, DPT_DTYPE_FLOAT16, TRUE },
    { NAN, DPT_DTYPE_INT32, FALSE },
    { -0.0, DPT_DTYPE_INT32, TRUE },
    { 2.5, DPT_DTYPE_INT32, FALSE },
    { 3, DPT_DTYPE_COMPLEX64, TRUE },
    { 2049, DPT_DTYPE_FLOAT16, FALSE },
    { -0x1p63, DPT_DTYPE_INT64, TRUE },
    { INFINITY, DPT_DTYPE_FLOAT8_E4M3FN, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) tensor = make_doubles (&cases[i].value, 1);
      g_autoptr (DptTensor) result = dpt_tensor_cast_exact (tensor,
                                                            cases[i].dtype,
                                                            &error);

      g_assert_cmpint (result != NULL, ==, cases[i].exact);
      if (!cases[i].exact)
        g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_CAST);
    }
}

static void
test_exact_message (void)
{
  static const double values[] = { 1, 2, 2.5 };
  g_autoptr (DptTensor) tensor = make_doubles (values, 3);
  g_autoptr (GError) error = NULL;

  g_assert_null (dpt_tensor_cast_exact (tensor, DPT_DTYPE_INT32, &error));
  g_assert_cmpstr (error->message, ==,
                   "element 2: expected a value that int32 holds exactly, "
                   "found 2.5");
}

/* 2^53 + 1 as int64 has no double. */
static void
test_exact_wide (void)
{
  g_autoptr (DptTensor) odd = dpt_tensor_new_int64 (
      G_GINT64_CONSTANT (9007199254740993));
  g_autoptr (DptTensor) minus = dpt_tensor_new_int64 (-1);

  g_assert_null (dpt_tensor_cast_exact (odd, DPT_DTYPE_FLOAT64, NULL));
  g_assert_null (dpt_tensor_cast_exact (minus, DPT_DTYPE_UINT64, NULL));
}

/* One bit pattern after the other against the number that it stands for. */
static void
test_widen (void)
{
  static const guint16 halves[] = { 0x3c00, 0x8001, 0x7bff, 0xfc00, 0x7e00 };
  static const guint16 brains[] = { 0x3f80, 0x8001, 0x7f7f, 0xff80, 0x7fc0 };
  static const gint32 numbers[] = { 1, -1, 0, G_MAXINT32, G_MININT32 };
  static const struct
  {
    DptDtype from;
    const void *data;
    DptDtype to;
    const char *text;
  } cases[] = {
    { DPT_DTYPE_FLOAT16, halves, DPT_DTYPE_FLOAT32,
      "[1, -5.9604645e-08, 65504, -inf, nan]" },
    { DPT_DTYPE_BFLOAT16, brains, DPT_DTYPE_FLOAT32,
      "[1, -9.1835e-41, 3.3895314e+38, -inf, nan]" },
    { DPT_DTYPE_FLOAT16, halves, DPT_DTYPE_FLOAT64,
      "[1, -5.960464477539063e-08, 65504, -inf, nan]" },
    { DPT_DTYPE_INT32, numbers, DPT_DTYPE_INT64,
      "[1, -1, 0, 2147483647, -2147483648]" },
    { DPT_DTYPE_INT32, numbers, DPT_DTYPE_FLOAT64,
      "[1, -1, 0, 2147483647, -2147483648]" },
  };
  DptShape shape = dpt_shape_new_1d (5);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (cases[i].from, &shape,
                                                          cases[i].data);
      g_autoptr (DptTensor) wide = dpt_tensor_cast_exact (tensor, cases[i].to,
                                                          &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = dpt_tensor_print_text (wide, 0);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_complex (void)
{
  static const float parts[] = { 1, 2, 3, 0 };
  DptShape shape = dpt_shape_new_1d (2);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_COMPLEX64,
                                                      &shape, parts);
  g_autoptr (DptTensor) wide = dpt_tensor_cast_exact (tensor,
                                                      DPT_DTYPE_COMPLEX128,
                                                      NULL);
  g_autoptr (DptTensor) real = dpt_tensor_cast (tensor, DPT_DTYPE_FLOAT32,
                                                NULL);
  g_autofree char *wide_text = dpt_tensor_print_text (wide, 0);
  g_autofree char *real_text = dpt_tensor_print_text (real, 0);

  g_assert_cmpstr (wide_text, ==, "[1+2j, 3+0j]");
  g_assert_cmpstr (real_text, ==, "[1, 3]");
  g_assert_null (dpt_tensor_cast_exact (tensor, DPT_DTYPE_FLOAT32, NULL));
}

static void
test_strings (void)
{
  g_autoptr (DptTensor) tensor = dpt_tensor_new_string ("1", 1);
  g_autoptr (DptTensor) same = dpt_tensor_cast (tensor, DPT_DTYPE_STRING, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (same == tensor);
  g_assert_null (dpt_tensor_cast (tensor, DPT_DTYPE_INT32, &error));
  g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_CAST);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor-cast/from-double", test_from_double);
  g_test_add_func ("/tensor-cast/integers", test_integers);
  g_test_add_func ("/tensor-cast/exact", test_exact);
  g_test_add_func ("/tensor-cast/exact-message", test_exact_message);
  g_test_add_func ("/tensor-cast/exact-wide", test_exact_wide);
  g_test_add_func ("/tensor-cast/widen", test_widen);
  g_test_add_func ("/tensor-cast/complex", test_complex);
  g_test_add_func ("/tensor-cast/strings", test_strings);

  return g_test_run ();
}
