/* test-dtype.c - TensorFlow's numbers and names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-dtype"

#include "dpt-dtype.h"

#include "dpt-test.h"

/* Numbers and names of types.proto and dtypes.py; sizes in bytes. */
static const struct
{
  guint number;
  const char *name;
  gsize size;
  const char *kinds; /* f c i q, s signed, p plain */
} rows[] = {
  { 1, "float32", 4, "fsp" },
  { 2, "float64", 8, "fsp" },
  { 3, "int32", 4, "isp" },
  { 4, "uint8", 1, "ip" },
  { 5, "int16", 2, "isp" },
  { 6, "int8", 1, "isp" },
  { 7, "string", 0, "" },
  { 8, "complex64", 8, "csp" },
  { 9, "int64", 8, "isp" },
  { 10, "bool", 1, "p" },
  { 11, "qint8", 1, "qsp" },
  { 12, "quint8", 1, "qp" },
  { 13, "qint32", 4, "qsp" },
  { 14, "bfloat16", 2, "fsp" },
  { 15, "qint16", 2, "qsp" },
  { 16, "quint16", 2, "qp" },
  { 17, "uint16", 2, "ip" },
  { 18, "complex128", 16, "csp" },
  { 19, "float16", 2, "fsp" },
  { 20, "resource", 0, "" },
  { 21, "variant", 0, "" },
  { 22, "uint32", 4, "ip" },
  { 23, "uint64", 8, "ip" },
  { 24, "float8_e5m2", 1, "fsp" },
  { 25, "float8_e4m3fn", 1, "fsp" },
  { 29, "int4", 1, "isp" },
  { 30, "uint4", 1, "ip" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DptDtype dtype = dpt_dtype_from_number (rows[i].number);
      GString *kinds = g_string_new (NULL);

      g_assert_cmpuint (dtype, ==, rows[i].number);
      g_assert_cmpstr (dpt_dtype_get_name (dtype), ==, rows[i].name);
      g_assert_cmpuint (dpt_dtype_from_name (rows[i].name), ==, dtype);
      g_assert_cmpuint (dpt_dtype_from_number (rows[i].number + 100), ==,
                        dtype);
      g_assert_cmpuint (dpt_dtype_get_size (dtype), ==, rows[i].size);
      g_string_append (kinds, dpt_dtype_is_floating (dtype) ? "f" : "");
      g_string_append (kinds, dpt_dtype_is_complex (dtype) ? "c" : "");
      g_string_append (kinds, dpt_dtype_is_integer (dtype) ? "i" : "");
      g_string_append (kinds, dpt_dtype_is_quantized (dtype) ? "q" : "");
      g_string_append (kinds, dpt_dtype_is_signed (dtype) ? "s" : "");
      g_string_append (kinds, dpt_dtype_is_plain (dtype) ? "p" : "");
      g_assert_cmpstr (kinds->str, ==, rows[i].kinds);
      g_string_free (kinds, TRUE);
    }
}

static void
test_unknown (void)
{
  static const guint numbers[] = { 0, 26, 28, 31, 99, 100, 126, 131, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpuint (dpt_dtype_from_number (numbers[i]), ==,
                      DPT_DTYPE_INVALID);
  g_assert_false (dpt_dtype_is_valid (101));
  g_assert_cmpuint (dpt_dtype_from_name ("float31"), ==, DPT_DTYPE_INVALID);
  g_assert_cmpuint (dpt_dtype_from_name ("half"), ==, DPT_DTYPE_FLOAT16);
  g_assert_cmpstr (dpt_dtype_get_name (DPT_DTYPE_INVALID), ==, "invalid");
}

static void
test_short_names (void)
{
  g_assert_cmpstr (dpt_dtype_get_short_name (DPT_DTYPE_FLOAT32), ==, "f32");
  g_assert_cmpstr (dpt_dtype_get_short_name (DPT_DTYPE_BFLOAT16), ==, "bf16");
  g_assert_cmpstr (dpt_dtype_get_short_name (DPT_DTYPE_STRING), ==, "str");
  g_assert_cmpstr (dpt_dtype_get_short_name (DPT_DTYPE_COMPLEX64), ==, "c64");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dtype/table", test_table);
  g_test_add_func ("/dtype/unknown", test_unknown);
  g_test_add_func ("/dtype/short-names", test_short_names);

  return g_test_run ();
}
