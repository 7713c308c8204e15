/* test-tensor.c - making, owning and reading tensors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor"

#include "dpt-tensor.h"

#include <string.h>

#include "dpt-test.h"

static void
test_new (void)
{
  DptShape shape = dpt_shape_new_2d (2, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor = dpt_tensor_new_zeros (DPT_DTYPE_FLOAT32,
                                                       &shape, &error);
  float *data;

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_tensor_get_count (tensor), ==, 6);
  g_assert_cmpuint (dpt_tensor_get_size (tensor), ==, 24);
  g_assert_cmpint (dpt_tensor_get_dim (tensor, -1), ==, 3);
  g_assert_cmpuint ((guintptr) dpt_tensor_get_data (tensor) % 64, ==, 0);
  g_assert_cmpfloat (dpt_tensor_get_double (tensor, 5), ==, 0);

  data = dpt_tensor_get_writable_data (tensor);
  data[4] = 1.5f;
  g_assert_cmpfloat (dpt_tensor_get_double (tensor, 4), ==, 1.5);
}

/* Sizes that overflow, that are not known, and that no machine has. */
static void
test_too_large (void)
{
  const DptShape shapes[] = {
    dpt_shape_new_2d (G_MAXINT64, 2),
    dpt_shape_new_1d (G_MAXINT64),
    dpt_shape_new_1d (-1),
    DPT_SHAPE_UNKNOWN,
    dpt_shape_new_1d (G_GINT64_CONSTANT (1) << 56),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = dpt_shape_to_string (&shapes[i]);

      g_assert_null (dpt_tensor_new (DPT_DTYPE_FLOAT32, &shapes[i], &error));
      g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_TOO_LARGE);
      g_assert_nonnull (strstr (error->message, text));
    }
}

static void
test_writable (void)
{
  g_autoptr (DptTensor) tensor = dpt_tensor_new_int32 (7);
  g_autoptr (DptTensor) other = dpt_tensor_ref (tensor);
  g_autoptr (DptTensor) reshaped = NULL;
  DptShape shape = dpt_shape_new_2d (1, 1);

  g_assert_false (dpt_tensor_is_writable (tensor));
  g_clear_pointer (&other, dpt_tensor_unref);
  g_assert_true (dpt_tensor_is_writable (tensor));

  reshaped = dpt_tensor_reshape (tensor, &shape);
  g_assert_false (dpt_tensor_is_writable (tensor));
  g_assert_false (dpt_tensor_is_writable (reshaped));
  g_clear_pointer (&tensor, dpt_tensor_unref);
  g_assert_cmpint (dpt_tensor_get_rank (reshaped), ==, 2);
  g_assert_cmpint (dpt_tensor_get_int (reshaped, 0), ==, 7);
}

/* Aligned bytes are used where they lie, others are copied. */
static void
test_from_bytes (void)
{
  static const gint32 numbers[] = { 1, 2, 3, 4 };
  g_autoptr (GBytes) bytes = g_bytes_new (numbers, sizeof numbers);
  g_autoptr (GBytes) odd = g_bytes_new_from_bytes (bytes, 1, 12);
  DptShape four = dpt_shape_new_1d (4);
  DptShape three = dpt_shape_new_1d (3);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) a = dpt_tensor_new_from_bytes (DPT_DTYPE_INT32, &four,
                                                       bytes, &error);
  g_autoptr (DptTensor) b = dpt_tensor_new_from_bytes (DPT_DTYPE_INT32, &three,
                                                       odd, &error);

  g_assert_no_error (error);
  g_assert_true (dpt_tensor_get_data (a) == g_bytes_get_data (bytes, NULL));
  g_assert_false (dpt_tensor_is_writable (a));
  g_assert_cmpint (dpt_tensor_get_int (a, 3), ==, 4);
  /* Bytes 1 to 4 of 01 00 00 00 02 00 00 00: 00 00 00 02. */
  g_assert_cmphex ((guint64) dpt_tensor_get_int (b, 0), ==, 0x02000000);
  g_assert_cmpuint ((guintptr) dpt_tensor_get_data (b) % 64, ==, 0);

  g_assert_null (
      dpt_tensor_new_from_bytes (DPT_DTYPE_INT32, &four, odd, &error));
  g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "12 bytes instead of 16"));
}

static void
test_strings (void)
{
  char source[] = "ab\0c";
  const DptString strings[] = { { source, 4 }, { NULL, 0 }, { source, 1 } };
  DptShape shape = dpt_shape_new_1d (3);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor = dpt_tensor_new_strings (&shape, strings,
                                                         &error);
  g_autoptr (DptTensor) scalar = dpt_tensor_new_string ("xyz", 3);
  DptString element;

  g_assert_no_error (error);
  memset (source, '!', sizeof source);
  element = dpt_tensor_get_string (tensor, 0);
  g_assert_cmpmem (element.data, element.length, "ab\0c", 4);
  g_assert_cmpuint (dpt_tensor_get_string (tensor, 1).length, ==, 0);
  element = dpt_tensor_get_string (tensor, 2);
  g_assert_cmpmem (element.data, element.length, "a", 1);
  element = dpt_tensor_get_string (scalar, 0);
  g_assert_cmpmem (element.data, element.length, "xyz", 3);
  g_assert_cmpint (dpt_tensor_get_rank (scalar), ==, 0);
}

static void
test_objects (void)
{
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);
  DptTensor *tensor = dpt_tensor_new_object (DPT_DTYPE_RESOURCE, object);

  g_object_add_weak_pointer (object, (gpointer *) &object);
  g_object_unref (object);
  g_assert_true (dpt_tensor_get_object (tensor, 0) == object);
  dpt_tensor_unref (tensor);
  g_assert_null (object);
}

static void
test_get (void)
{
  static const struct
  {
    DptDtype dtype;
    guint8 bytes[8];
    double value;
  } cases[] = {
    { DPT_DTYPE_FLOAT32, { 0, 0, 0xc0, 0x3f }, 1.5 },
    { DPT_DTYPE_FLOAT64, { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf }, -1.5 },
    { DPT_DTYPE_FLOAT16, { 0x00, 0x3e }, 1.5 },
    { DPT_DTYPE_BFLOAT16, { 0xc0, 0x3f }, 1.5 },
    { DPT_DTYPE_FLOAT8_E5M2, { 0x3e }, 1.5 },
    { DPT_DTYPE_FLOAT8_E4M3FN, { 0x3c }, 1.5 },
    { DPT_DTYPE_INT8, { 0xfe }, -2 },
    { DPT_DTYPE_QUINT8, { 0xfe }, 254 },
    { DPT_DTYPE_INT16, { 0xfe, 0xff }, -2 },
    { DPT_DTYPE_UINT16, { 0xfe, 0xff }, 65534 },
    { DPT_DTYPE_QINT32, { 0xfe, 0xff, 0xff, 0xff }, -2 },
    { DPT_DTYPE_UINT32, { 0xfe, 0xff, 0xff, 0xff }, 4294967294.0 },
    { DPT_DTYPE_INT64, { 254, 255, 255, 255, 255, 255, 255, 255 }, -2 },
    { DPT_DTYPE_UINT64, { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 0x1p63 },
    { DPT_DTYPE_BOOL, { 1 }, 1 },
    { DPT_DTYPE_INT4, { 0x0e }, -2 },
    { DPT_DTYPE_UINT4, { 0x0e }, 14 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (cases[i].dtype,
                                                          &DPT_SHAPE_SCALAR,
                                                          cases[i].bytes);

      g_assert_cmpfloat (dpt_tensor_get_double (tensor, 0), ==, cases[i].value);
    }
}

static void
test_equal (void)
{
  static const float zeros[] = { 0.0f, -0.0f };
  DptShape shape = dpt_shape_new_1d (1);
  g_autoptr (DptTensor) plus = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                    &zeros[0]);
  g_autoptr (DptTensor) minus = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                     &zeros[1]);
  g_autoptr (DptTensor) scalar = dpt_tensor_new_float (0);
  g_autoptr (DptTensor) a = dpt_tensor_new_string ("abc", 3);
  g_autoptr (DptTensor) b = dpt_tensor_new_string ("abcd", 3);
  g_autoptr (DptTensor) c = dpt_tensor_new_string ("abd", 3);

  g_assert_true (dpt_tensor_equal (plus, plus));
  g_assert_false (dpt_tensor_equal (plus, minus));
  g_assert_false (dpt_tensor_equal (plus, scalar));
  g_assert_true (dpt_tensor_equal (a, b));
  g_assert_false (dpt_tensor_equal (a, c));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor/new", test_new);
  g_test_add_func ("/tensor/too-large", test_too_large);
  g_test_add_func ("/tensor/writable", test_writable);
  g_test_add_func ("/tensor/from-bytes", test_from_bytes);
  g_test_add_func ("/tensor/strings", test_strings);
  g_test_add_func ("/tensor/objects", test_objects);
  g_test_add_func ("/tensor/get", test_get);
  g_test_add_func ("/tensor/equal", test_equal);

  return g_test_run ();
}
