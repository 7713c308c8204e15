/* test-tensor-print.c - values as text and as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor-print"

#include "dpt-tensor-print.h"

#include <math.h>

#include "dpt-test.h"

static char *
to_json (const DptTensor *tensor)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (DptJsonWriter) writer = dpt_json_writer_new (stream);
  g_autoptr (GError) error = NULL;

  dpt_tensor_print_json_values (tensor, writer);
  dpt_json_writer_finish (writer, &error);
  g_assert_no_error (error);
  return g_strndup (g_memory_output_stream_get_data (
                        G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (
                        G_MEMORY_OUTPUT_STREAM (stream)));
}

/* The nearest number to 0.1 in each type, and the digits that name it. */
static void
test_digits_of_dtype (void)
{
  static const struct
  {
    DptDtype dtype;
    guint8 bytes[8];
    const char *text;
  } cases[] = {
    { DPT_DTYPE_FLOAT32, { 0xcd, 0xcc, 0xcc, 0x3d }, "0.1" },
    { DPT_DTYPE_FLOAT64,
      { 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f },
      "0.1" },
    { DPT_DTYPE_FLOAT16, { 0x66, 0x2e }, "0.1" },
    { DPT_DTYPE_BFLOAT16, { 0xcd, 0x3d }, "0.1" },
    { DPT_DTYPE_FLOAT8_E5M2, { 0x2e }, "0.09" },  /* 0.09375 */
    { DPT_DTYPE_FLOAT8_E4M3FN, { 0x1d }, "0.1" }, /* 0.1015625 */
    { DPT_DTYPE_FLOAT16, { 0xff, 0x7b }, "65500" },
    { DPT_DTYPE_UINT64,
      { 255, 255, 255, 255, 255, 255, 255, 255 },
      "18446744073709551615" },
    { DPT_DTYPE_QINT8, { 0x80 }, "-128" },
    { DPT_DTYPE_INT4, { 0x0f }, "-1" },
    { DPT_DTYPE_BOOL, { 1 }, "true" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (cases[i].dtype,
                                                          &DPT_SHAPE_SCALAR,
                                                          cases[i].bytes);
      g_autofree char *text = dpt_tensor_print_value (tensor, 0);
      g_autofree char *json = to_json (tensor);
      g_autofree char *expected = g_strdup_printf ("[%s]\n", cases[i].text);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (json, ==, expected);
    }
}

static void
test_json (void)
{
  static const float numbers[] = { 0.1f, NAN, -INFINITY, -0.0f };
  const DptString strings[] = { { "a\nb", 3 }, { "\xff", 1 } };
  DptShape two = dpt_shape_new_1d (2);
  DptShape four = dpt_shape_new_2d (2, 2);
  g_autoptr (DptTensor) real = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &four,
                                                    numbers);
  g_autoptr (DptTensor) complex = dpt_tensor_new_copy (DPT_DTYPE_COMPLEX64,
                                                       &two, numbers);
  g_autoptr (DptTensor) text = dpt_tensor_new_strings (&two, strings, NULL);
  g_autofree char *real_json = to_json (real);
  g_autofree char *complex_json = to_json (complex);
  g_autofree char *text_json = to_json (text);

  g_assert_cmpstr (real_json, ==, "[0.1,\"nan\",\"-inf\",-0.0]\n");
  g_assert_cmpstr (complex_json, ==, "[[0.1,\"nan\"],[\"-inf\",-0.0]]\n");
  g_assert_cmpstr (text_json, ==, "[\"a\\nb\",{\"base64\":\"/w==\"}]\n");
}

static void
test_text (void)
{
  static const gint32 numbers[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  static const struct
  {
    const char *shape;
    gsize max_values;
    const char *text;
  } cases[] = {
    { "[]", 0, "1" },
    { "[3]", 0, "[1, 2, 3]" },
    { "[2,2,2]", 0, "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]" },
    { "[2,2,2]", 3, "[[[1, 2], [3, …]]]" },
    { "[8]", 8, "[1, 2, 3, 4, 5, 6, 7, 8]" },
    { "[2,0]", 0, "[]" },
    { "[0,1]", 0, "[]" },
    { "[0]", 5, "[]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptTensor) tensor = NULL;
      g_autofree char *text = NULL;
      DptShape shape;

      g_assert_true (dpt_shape_parse (cases[i].shape, &shape, NULL));
      tensor = dpt_tensor_new_copy (DPT_DTYPE_INT32, &shape, numbers);
      text = dpt_tensor_print_text (tensor, cases[i].max_values);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_number (void)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = { { 0.123456789, "0.123457" },
                { 3e-7, "3e-07" },
                { NAN, "nan" },
                { -INFINITY, "-inf" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dpt_tensor_print_number (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor-print/digits-of-dtype", test_digits_of_dtype);
  g_test_add_func ("/tensor-print/json", test_json);
  g_test_add_func ("/tensor-print/text", test_text);
  g_test_add_func ("/tensor-print/number", test_number);

  return g_test_run ();
}
