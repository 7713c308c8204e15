/* test-attr-value.c - the value of a node's attribute
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-attr-value"

#include "dpt-attr-value.h"

#include "dpt-test.h"

static void
assert_text (DptAttrValue *value, const char *expected)
{
  g_autofree char *text = dpt_attr_value_to_string (value);

  g_assert_cmpstr (text, ==, expected);
  dpt_attr_value_unref (value);
}

static void
test_kinds (void)
{
  DptShape shape = dpt_shape_new_2d (3, -1);
  g_autoptr (DptAttrValue) string = dpt_attr_value_new_string ("a\0b", 3);
  g_autoptr (DptAttrValue) number = dpt_attr_value_new_int (G_MININT64);
  g_autoptr (DptAttrValue) real = dpt_attr_value_new_float (0.5f);
  g_autoptr (DptAttrValue) flag = dpt_attr_value_new_bool (4);
  g_autoptr (DptAttrValue) type = dpt_attr_value_new_type (DPT_DTYPE_BFLOAT16);
  g_autoptr (DptAttrValue) dims = dpt_attr_value_new_shape (&shape);
  g_autoptr (DptAttrValue) empty = dpt_attr_value_new_string (NULL, 0);

  g_assert_cmpint (dpt_attr_value_get_kind (string), ==, DPT_ATTR_KIND_STRING);
  g_assert_cmpmem (dpt_attr_value_get_string (string).data,
                   dpt_attr_value_get_string (string).length, "a\0b", 3);
  g_assert_cmpint (dpt_attr_value_get_int (number), ==, G_MININT64);
  g_assert_cmpfloat (dpt_attr_value_get_float (real), ==, 0.5f);
  g_assert_cmpint (dpt_attr_value_get_bool (flag), ==, TRUE);
  g_assert_cmpint (dpt_attr_value_get_type_value (type), ==,
                   DPT_DTYPE_BFLOAT16);
  g_assert_true (dpt_shape_equal (dpt_attr_value_get_shape (dims), &shape));
  g_assert_cmpuint (dpt_attr_value_get_string (empty).length, ==, 0);
  g_assert_nonnull (dpt_attr_value_get_string (empty).data);
}

static void
test_function (void)
{
  GHashTable *attrs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                             (GDestroyNotify) dpt_attr_value_unref);
  g_autoptr (DptAttrValue) value = NULL;
  g_autoptr (DptAttrValue) bare = dpt_attr_value_new_function ("g", NULL);

  g_hash_table_insert (attrs, g_strdup ("T"), dpt_attr_value_new_int (7));
  value = dpt_attr_value_new_function ("f", attrs);

  g_assert_cmpstr (dpt_attr_value_get_function_name (value), ==, "f");
  attrs = dpt_attr_value_get_function_attrs (value);
  g_assert_cmpint (dpt_attr_value_get_int (g_hash_table_lookup (attrs, "T")),
                   ==, 7);
  g_assert_cmpuint (g_hash_table_size (
                        dpt_attr_value_get_function_attrs (bare)),
                    ==, 0);
}

static void
test_list (void)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_attr_value_unref);
  g_autoptr (DptAttrValue) list = NULL;

  g_ptr_array_add (items, dpt_attr_value_new_int (1));
  g_ptr_array_add (items, dpt_attr_value_new_int (-2));
  list = dpt_attr_value_new_list (items);

  g_assert_cmpuint (dpt_attr_value_get_length (list), ==, 2);
  g_assert_cmpint (dpt_attr_value_get_int (dpt_attr_value_get_item (list, 1)),
                   ==, -2);
  assert_text (dpt_attr_value_ref (list), "[1, -2]");
}

static void
test_text (void)
{
  assert_text (dpt_attr_value_new_none (), "none");
  assert_text (dpt_attr_value_new_string ("SAME", 4), "\"SAME\"");
  assert_text (dpt_attr_value_new_float (0.1f), "0.100000001");
  assert_text (dpt_attr_value_new_bool (FALSE), "false");
  assert_text (dpt_attr_value_new_type (DPT_DTYPE_FLOAT32), "float32");
  assert_text (dpt_attr_value_new_function ("body", NULL), "body");
  assert_text (dpt_attr_value_new_placeholder ("T"), "$T");
}

static void
test_tensor (void)
{
  g_autoptr (DptTensor) tensor = dpt_tensor_new_int32 (5);
  g_autoptr (DptStoredTensor) stored = dpt_stored_tensor_new_loaded (tensor);
  g_autoptr (DptAttrValue) value = dpt_attr_value_new_tensor (stored);

  g_assert_true (dpt_attr_value_get_tensor (value) == stored);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attr-value/kinds", test_kinds);
  g_test_add_func ("/attr-value/function", test_function);
  g_test_add_func ("/attr-value/list", test_list);
  g_test_add_func ("/attr-value/text", test_text);
  g_test_add_func ("/attr-value/tensor", test_tensor);
  return g_test_run ();
}
