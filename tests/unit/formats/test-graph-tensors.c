/* test-graph-tensors.c - TensorProtos, decoded when they are read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each case is a Const node written by hand in text form, which
 * test-proto-text compares with bytes; the expected values stand beside it.
 */

#define G_LOG_DOMAIN "test-graph-tensors"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-graph-def-reader.h"
#include "dpt-proto-text.h"
#include "dpt-test.h"

static DptGraph *
read_const (const char *tensor, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "node { name: 'c' op: 'Const' attr { key: 'value' value { tensor { %s } "
      "} } }",
      tensor);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("m.pbtxt",
                                                                     bytes);
  g_autoptr (DptByteSource) binary =
      dpt_proto_text_read (source, &dpt__proto__graph_def__descriptor, NULL,
                           error);

  return binary != NULL ? dpt_graph_def_read (binary, NULL, error) : NULL;
}

/* The tensor of the only node; the graph need not live. */
static DptTensor *
load (const char *tensor, const DptTensorSlice *slice, GError **error)
{
  g_autoptr (DptGraph) graph = read_const (tensor, error);
  const DptAttrValue *value;

  if (graph == NULL)
    return NULL;

  value = dpt_node_get_attr (dpt_graph_get_node (graph, 0), "value");
  return dpt_stored_tensor_load (dpt_attr_value_get_tensor (value), slice, NULL,
                                 error);
}

static void
assert_values (const char *tensor, guint n, const double *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) loaded = load (tensor, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_tensor_get_count (loaded), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat (dpt_tensor_get_double (loaded, i), ==, expected[i]);
}

#define ASSERT_VALUES(tensor, ...)                                 \
  do                                                               \
    {                                                              \
      const double expected_[] = { __VA_ARGS__ };                  \
      assert_values (tensor, G_N_ELEMENTS (expected_), expected_); \
    }                                                              \
  while (0)

#define DIM(n) "tensor_shape { dim { size: " #n " } } "

static void
test_typed (void)
{
  ASSERT_VALUES ("dtype: DT_FLOAT " DIM (3) "float_val: [1.5, -2, 0.25]", 1.5,
                 -2, 0.25);
  ASSERT_VALUES ("dtype: DT_DOUBLE " DIM (2) "double_val: [1e300, -1]", 1e300,
                 -1);
  ASSERT_VALUES ("dtype: DT_INT32 " DIM (2) "int_val: [-7, 7]", -7, 7);
  ASSERT_VALUES ("dtype: DT_UINT8 " DIM (2) "int_val: [255, 1]", 255, 1);
  ASSERT_VALUES ("dtype: DT_INT8 " DIM (2) "int_val: [-128, 127]", -128, 127);
  ASSERT_VALUES ("dtype: DT_INT16 " DIM (1) "int_val: -300", -300);
  ASSERT_VALUES ("dtype: DT_UINT16 " DIM (1) "int_val: 65535", 65535);
  ASSERT_VALUES ("dtype: DT_QINT8 " DIM (1) "int_val: -3", -3);
  ASSERT_VALUES ("dtype: DT_INT64 " DIM (1) "int64_val: -4294967296",
                 -4294967296.0);
  ASSERT_VALUES ("dtype: DT_UINT32 " DIM (1) "uint32_val: 4294967295",
                 4294967295.0);
  ASSERT_VALUES ("dtype: DT_BOOL " DIM (2) "bool_val: [true, false]", 1, 0);
  /* 1.5 is 3e00 as half and 3fc0 as bfloat16. */
  ASSERT_VALUES ("dtype: DT_HALF " DIM (1) "half_val: 15872", 1.5);
  ASSERT_VALUES ("dtype: DT_BFLOAT16 " DIM (1) "half_val: 16320", 1.5);
}

static void
test_repeat (void)
{
  ASSERT_VALUES ("dtype: DT_FLOAT " DIM (4) "float_val: [1, 2]", 1, 2, 2, 2);
  ASSERT_VALUES ("dtype: DT_INT64 " DIM (3) "int64_val: 9", 9, 9, 9);
  ASSERT_VALUES ("dtype: DT_FLOAT " DIM (2), 0, 0);
  /* No shape is a scalar's. */
  ASSERT_VALUES ("dtype: DT_INT32 int_val: 5", 5);
}

static void
test_complex (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor = load ("dtype: DT_COMPLEX64 " DIM (
                                           3) "scomplex_val: [1, 2, 3, 4]",
                                       NULL, &error);
  static const float expected[] = { 1, 2, 3, 4, 3, 4 };

  g_assert_no_error (error);
  g_assert_cmpmem (dpt_tensor_get_data (tensor), dpt_tensor_get_size (tensor),
                   expected, sizeof expected);
}

static void
test_content (void)
{
  /* 1.0f is 00 00 80 3f in little-endian order, 2.0f 00 00 00 40. */
  ASSERT_VALUES ("dtype: DT_FLOAT " DIM (
                     2) "tensor_content: '\\000\\000\\200?\\000\\000\\000@'",
                 1, 2);
  ASSERT_VALUES ("dtype: DT_INT16 " DIM (1) "tensor_content: '\\x00\\x01'",
                 256);
}

static void
test_strings (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor = load ("dtype: DT_STRING " DIM (
                                           3) "string_val: ['a\\000b', '']",
                                       NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (dpt_tensor_get_string (tensor, 0).data,
                   dpt_tensor_get_string (tensor, 0).length, "a\0b", 3);
  g_assert_cmpuint (dpt_tensor_get_string (tensor, 2).length, ==, 0);
}

static void
test_slice (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor = NULL;
  DptTensorSlice slice;

  g_assert_true (dpt_tensor_slice_parse ("1:3", &slice, &error));
  tensor = load ("dtype: DT_INT32 " DIM (4) "int_val: [1, 2, 3, 4]", &slice,
                 &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dpt_tensor_get_count (tensor), ==, 2);
  g_assert_cmpint (dpt_tensor_get_int (tensor, 0), ==, 2);
}

static void
assert_fails (const char *tensor, DptFormatError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) loaded = load (tensor, NULL, &error);

  g_assert_null (loaded);
  g_assert_error (error, DPT_FORMAT_ERROR, (int) code);
  g_assert_true (g_str_has_prefix (error->message, "m.pbtxt: node 'c': "));
}

static void
test_broken (void)
{
  assert_fails ("dtype: DT_FLOAT " DIM (1) "float_val: [1, 2]",
                DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_COMPLEX64 " DIM (2) "scomplex_val: [1, 2, 3]",
                DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_FLOAT " DIM (2) "tensor_content: 'abcd'",
                DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_FLOAT " DIM (-1), DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_FLOAT " DIM (-2), DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_FLOAT tensor_shape { unknown_rank: true }",
                DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_RESOURCE " DIM (1), DPT_FORMAT_ERROR_UNSUPPORTED);
  /* A few bytes that ask for 2^62 floats, and for 2^40. */
  assert_fails ("dtype: DT_FLOAT " DIM (4611686018427387904) "float_val: 1",
                DPT_FORMAT_ERROR_CORRUPT);
  assert_fails ("dtype: DT_FLOAT " DIM (1099511627776) "float_val: 1",
                DPT_FORMAT_ERROR_LIMIT);
  assert_fails (
      "dtype: DT_FLOAT tensor_shape { dim {} dim {} dim {} dim {} dim {} "
      "dim {} dim {} dim {} dim {} dim {} dim {} dim {} dim {} dim {} dim {} "
      "dim {} dim {} }",
      DPT_FORMAT_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph-tensors/typed", test_typed);
  g_test_add_func ("/graph-tensors/repeat", test_repeat);
  g_test_add_func ("/graph-tensors/complex", test_complex);
  g_test_add_func ("/graph-tensors/content", test_content);
  g_test_add_func ("/graph-tensors/strings", test_strings);
  g_test_add_func ("/graph-tensors/slice", test_slice);
  g_test_add_func ("/graph-tensors/broken", test_broken);
  return g_test_run ();
}
