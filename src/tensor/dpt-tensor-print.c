/* dpt-tensor-print.c - values as text: the shortest digits of their dtype
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-print"

#include "dpt-tensor-print.h"

#include <math.h>

#include "dpt-digits.h"
#include "dpt-float-formats.h"
#include "dpt-names.h"

static double
round_to_float16 (double value)
{
  return (double) dpt_float16_to_float (dpt_float16_from_double (value));
}

static double
round_to_bfloat16 (double value)
{
  return (double) dpt_bfloat16_to_float (dpt_bfloat16_from_double (value));
}

static double
round_to_float8_e5m2 (double value)
{
  return (double) dpt_float8_e5m2_to_float (
      dpt_float8_e5m2_from_double (value));
}

static double
round_to_float8_e4m3fn (double value)
{
  return (double) dpt_float8_e4m3fn_to_float (
      dpt_float8_e4m3fn_from_double (value));
}

/* One real number of a floating dtype. */
static char *
print_real (DptDtype dtype, double value, char *buffer)
{
  switch (dtype)
    {
    case DPT_DTYPE_FLOAT32:
    case DPT_DTYPE_COMPLEX64:
      return dpt_digits_print_float ((float) value, buffer);
    case DPT_DTYPE_FLOAT16:
      return dpt_digits_print_rounded (value, round_to_float16, buffer);
    case DPT_DTYPE_BFLOAT16:
      return dpt_digits_print_rounded (value, round_to_bfloat16, buffer);
    case DPT_DTYPE_FLOAT8_E5M2:
      return dpt_digits_print_rounded (value, round_to_float8_e5m2, buffer);
    case DPT_DTYPE_FLOAT8_E4M3FN:
      return dpt_digits_print_rounded (value, round_to_float8_e4m3fn, buffer);
    default:
      return dpt_digits_print_double (value, buffer);
    }
}

static void
get_complex (const DptTensor *tensor, gsize index, double *parts)
{
  const void *data = dpt_tensor_get_data (tensor);

  if (dpt_tensor_get_dtype (tensor) == DPT_DTYPE_COMPLEX64)
    {
      parts[0] = (double) ((const float *) data)[2 * index];
      parts[1] = (double) ((const float *) data)[2 * index + 1];
    }
  else
    {
      parts[0] = ((const double *) data)[2 * index];
      parts[1] = ((const double *) data)[2 * index + 1];
    }
}

static char *
print_complex (const DptTensor *tensor, gsize index)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  char real[DPT_DIGITS_SIZE], imaginary[DPT_DIGITS_SIZE];
  double parts[2];

  get_complex (tensor, index, parts);
  print_real (dtype, parts[0], real);
  print_real (dtype, parts[1], imaginary);
  return g_strdup_printf ("%s%s%sj", real, imaginary[0] == '-' ? "" : "+",
                          imaginary);
}

/**
 * dpt_tensor_print_value:
 * @tensor: a tensor
 * @index: a flat index
 *
 * Returns: (transfer full): one element for people: `0.1`, `-7`, `true`,
 *   `1+2j`, `"text"` with unprintable bytes escaped, `(resource)`.
 */
char *
dpt_tensor_print_value (const DptTensor *tensor, gsize index)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  char digits[DPT_DIGITS_SIZE];

  if (dtype == DPT_DTYPE_STRING)
    {
      DptString string = dpt_tensor_get_string (tensor, index);
      g_autofree char *shown = dpt_names_to_display (string.data,
                                                     string.length);

      return g_strdup_printf ("\"%s\"", shown);
    }
  if (!dpt_dtype_is_plain (dtype))
    return g_strdup_printf ("(%s)", dpt_dtype_get_name (dtype));
  if (dpt_dtype_is_complex (dtype))
    return print_complex (tensor, index);
  if (dpt_dtype_is_floating (dtype))
    return g_strdup (
        print_real (dtype, dpt_tensor_get_double (tensor, index), digits));
  if (dtype == DPT_DTYPE_BOOL)
    return g_strdup (dpt_tensor_get_int (tensor, index) ? "true" : "false");
  if (dtype == DPT_DTYPE_UINT64)
    return g_strdup_printf ("%" G_GUINT64_FORMAT,
                            (guint64) dpt_tensor_get_int (tensor, index));
  return g_strdup_printf ("%" G_GINT64_FORMAT,
                          dpt_tensor_get_int (tensor, index));
}

/**
 * dpt_tensor_print_number:
 * @value: a number that was measured, not stored
 *
 * Returns: (transfer full): at most six significant digits, for people: a
 *   statistic's or a metric's further digits tell them nothing.
 */
char *
dpt_tensor_print_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return g_strdup ("nan");
  if (isinf (value))
    return g_strdup (value < 0 ? "-inf" : "inf");
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", value));
}

/**
 * dpt_tensor_print_json_value:
 * @tensor: a tensor
 * @index: a flat index
 * @writer: where the value goes
 *
 * Writes one element: numbers by the digits of their dtype, complex as
 * [re,im], bytes that are no UTF-8 as base64, resources and variants as null.
 */
void
dpt_tensor_print_json_value (const DptTensor *tensor,
                             gsize index,
                             DptJsonWriter *writer)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  char digits[DPT_DIGITS_SIZE];

  if (dtype == DPT_DTYPE_STRING)
    {
      DptString string = dpt_tensor_get_string (tensor, index);

      dpt_json_writer_bytes (writer, string.data, string.length);
    }
  else if (!dpt_dtype_is_plain (dtype))
    dpt_json_writer_null (writer);
  else if (dpt_dtype_is_complex (dtype))
    {
      double parts[2];

      get_complex (tensor, index, parts);
      dpt_json_writer_begin_array (writer);
      for (int i = 0; i < 2; i++)
        dpt_json_writer_number_text (writer,
                                     print_real (dtype, parts[i], digits));
      dpt_json_writer_end_array (writer);
    }
  else if (dpt_dtype_is_floating (dtype))
    dpt_json_writer_number_text (writer,
                                 print_real (dtype,
                                             dpt_tensor_get_double (tensor,
                                                                    index),
                                             digits));
  else if (dtype == DPT_DTYPE_BOOL)
    dpt_json_writer_boolean (writer, dpt_tensor_get_int (tensor, index) != 0);
  else if (dtype == DPT_DTYPE_UINT64)
    dpt_json_writer_uint (writer, (guint64) dpt_tensor_get_int (tensor, index));
  else
    dpt_json_writer_int (writer, dpt_tensor_get_int (tensor, index));
}

/**
 * dpt_tensor_print_json_values:
 * @tensor: a tensor
 * @writer: where the values go
 *
 * Writes all elements as one flat array, row-major.
 */
void
dpt_tensor_print_json_values (const DptTensor *tensor, DptJsonWriter *writer)
{
  dpt_json_writer_begin_array (writer);
  for (gsize i = 0; i < dpt_tensor_get_count (tensor); i++)
    dpt_tensor_print_json_value (tensor, i, writer);
  dpt_json_writer_end_array (writer);
}

/**
 * dpt_tensor_print_json_shape:
 * @shape: a shape
 * @writer: where it goes
 *
 * Writes an array of dimensions, -1 where one is not known; null for an
 * unknown rank.
 */
void
dpt_tensor_print_json_shape (const DptShape *shape, DptJsonWriter *writer)
{
  if (shape->rank < 0)
    {
      dpt_json_writer_null (writer);
      return;
    }

  dpt_json_writer_begin_array (writer);
  for (int i = 0; i < shape->rank; i++)
    dpt_json_writer_int (writer, shape->dims[i]);
  dpt_json_writer_end_array (writer);
}

/* How many dimensions begin (or, for the index after an element, end) here:
 * those whose row's first element has this index. */
static int
count_borders (const DptShape *shape, gsize index)
{
  gsize row = 1;
  int borders = 0;

  for (int i = shape->rank - 1; i >= 0; i--)
    {
      row *= (gsize) shape->dims[i];
      if (index % row != 0)
        break;
      borders++;
    }

  return borders;
}

static void
append_repeated (GString *text, char c, int times)
{
  for (int i = 0; i < times; i++)
    g_string_append_c (text, c);
}

/**
 * dpt_tensor_print_text:
 * @tensor: a tensor
 * @max_values: how many elements at most; 0 for all
 *
 * Returns: (transfer full): the elements in nested brackets on one line:
 *   `[[1, 2], [3, 4]]`, with … where elements were left out at the end; `[]`
 *   where there are none.
 */
char *
dpt_tensor_print_text (const DptTensor *tensor, gsize max_values)
{
  const DptShape *shape = dpt_tensor_get_shape (tensor);
  gsize count = dpt_tensor_get_count (tensor);
  gsize shown = max_values > 0 ? MIN (max_values, count) : count;
  GString *text = g_string_new (NULL);

  /* A tensor without elements has no rows either, as numpy prints it. */
  if (count == 0)
    {
      g_string_append (text, "[]");
      return g_string_free (text, FALSE);
    }

  for (gsize i = 0; i < shown; i++)
    {
      g_autofree char *value = dpt_tensor_print_value (tensor, i);
      int borders = count_borders (shape, i);

      if (i > 0)
        {
          append_repeated (text, ']', borders);
          g_string_append (text, ", ");
        }
      append_repeated (text, '[', borders);
      g_string_append (text, value);
    }
  if (shown < count)
    g_string_append (text, ", …");
  append_repeated (text, ']', shape->rank);

  return g_string_free (text, FALSE);
}
