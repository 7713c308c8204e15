/* test-op-def.c - the schema language, and every schema there is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected values are read off the schema strings by eye.
 */

#define G_LOG_DOMAIN "test-op-def"

#include "dpt-op-def.h"

#include "dpt-test.h"

static const DptAttrValue *
lookup_in_table (gconstpointer data, const char *attr)
{
  return g_hash_table_lookup ((GHashTable *) data, attr);
}

/* A malformed row aborts here: the table complains with a critical. */
static void
test_every_schema (void)
{
  guint n_ops = dpt_op_def_get_n_ops ();

  g_assert_cmpuint (n_ops, >=, 40);
  for (guint i = 0; i < n_ops; i++)
    {
      const char *op = dpt_op_def_get_op (i);
      const DptOpDef *def = dpt_op_def_find (op);

      g_assert_nonnull (def);
      g_assert_cmpstr (def->name, ==, op);
      if (i > 0)
        g_assert_cmpstr (dpt_op_def_get_op (i - 1), <, op);
    }

  g_assert_null (dpt_op_def_find ("NoSuchOp"));
}

static void
test_arguments (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptOpDef) def = dpt_op_def_parse (
      "X",
      "a: T, b: N * T, c: Tlist, d: Ref(T), e: int32 -> y: string, z: T;"
      " T: type, N: int, Tlist: list(type), stateful",
      &error);
  const DptOpArg *arg;

  g_assert_no_error (error);
  g_assert_cmpuint (def->inputs->len, ==, 5);
  g_assert_cmpuint (def->outputs->len, ==, 2);
  g_assert_cmpuint (def->attrs->len, ==, 3);
  g_assert_true (def->is_stateful);

  arg = &g_array_index (def->inputs, DptOpArg, 0);
  g_assert_cmpstr (arg->name, ==, "a");
  g_assert_cmpstr (arg->type_attr, ==, "T");
  g_assert_cmpint (arg->dtype, ==, DPT_DTYPE_INVALID);
  g_assert_false (arg->is_ref);

  arg = &g_array_index (def->inputs, DptOpArg, 1);
  g_assert_cmpstr (arg->number_attr, ==, "N");
  g_assert_cmpstr (arg->type_attr, ==, "T");

  arg = &g_array_index (def->inputs, DptOpArg, 2);
  g_assert_null (arg->type_attr);
  g_assert_cmpstr (arg->type_list_attr, ==, "Tlist");

  arg = &g_array_index (def->inputs, DptOpArg, 3);
  g_assert_true (arg->is_ref);
  g_assert_cmpstr (arg->type_attr, ==, "T");

  arg = &g_array_index (def->inputs, DptOpArg, 4);
  g_assert_cmpint (arg->dtype, ==, DPT_DTYPE_INT32);
  g_assert_null (arg->type_attr);

  arg = &g_array_index (def->outputs, DptOpArg, 0);
  g_assert_cmpint (arg->dtype, ==, DPT_DTYPE_STRING);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptOpDef) def = dpt_op_def_parse (
      "X",
      "-> ; i: int = -3, f: float = 0.5, b: bool = true, s: string = 'a, b',"
      " w: string = NHWC, t: type = float32, h: shape = [2,-1],"
      " u: shape = unknown, l: list(int) = [1, 2, 3], e: list(float) = [],"
      " n: int",
      &error);
  const DptAttrValue *value;
  DptString string;

  g_assert_no_error (error);
  g_assert_cmpint (dpt_attr_value_get_int (dpt_op_def_get_default (def, "i")),
                   ==, -3);
  dpt_assert_close (dpt_attr_value_get_float (
                        dpt_op_def_get_default (def, "f")),
                    0.5, 0, 0);
  g_assert_true (dpt_attr_value_get_bool (dpt_op_def_get_default (def, "b")));
  string = dpt_attr_value_get_string (dpt_op_def_get_default (def, "s"));
  g_assert_cmpmem (string.data, string.length, "a, b", 4);
  string = dpt_attr_value_get_string (dpt_op_def_get_default (def, "w"));
  g_assert_cmpmem (string.data, string.length, "NHWC", 4);
  g_assert_cmpint (dpt_attr_value_get_type_value (
                       dpt_op_def_get_default (def, "t")),
                   ==, DPT_DTYPE_FLOAT32);

  value = dpt_op_def_get_default (def, "h");
  g_assert_cmpint (dpt_attr_value_get_shape (value)->rank, ==, 2);
  g_assert_cmpint (dpt_attr_value_get_shape (value)->dims[0], ==, 2);
  g_assert_cmpint (dpt_attr_value_get_shape (value)->dims[1], ==, -1);
  value = dpt_op_def_get_default (def, "u");
  g_assert_cmpint (dpt_attr_value_get_shape (value)->rank, ==, -1);

  value = dpt_op_def_get_default (def, "l");
  g_assert_cmpuint (dpt_attr_value_get_length (value), ==, 3);
  g_assert_cmpint (dpt_attr_value_get_int (dpt_attr_value_get_item (value, 2)),
                   ==, 3);
  value = dpt_op_def_get_default (def, "e");
  g_assert_cmpuint (dpt_attr_value_get_length (value), ==, 0);

  g_assert_null (dpt_op_def_get_default (def, "n"));
  g_assert_null (dpt_op_def_get_default (def, "missing"));
}

static void
test_malformed (void)
{
  static const char *const schemas[] = {
    "x T -> y: T; T: type",
    "x: T -> y: T",
    "x: N * T -> y: T; T: type",
    "x: T -> y: T; T: sort",
    "x: T -> y: T; T: type, i: int = one",
    "x: T -> y: T; T: type, l: list(int) = 1",
    "x: Ref(T -> y: T; T: type",
    "x: T -> y: T; T: type extra",
    "x: T -> y: T; T: int",
  };

  for (guint i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptOpDef) def = dpt_op_def_parse ("X", schemas[i], &error);

      g_assert_null (def);
      g_assert_error (error, DPT_OP_DEF_ERROR, DPT_OP_DEF_ERROR_SYNTAX);
    }
}

static void
test_lengths (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptOpDef) def = dpt_op_def_parse (
      "X", "a: T, b: N * T, c: L -> ; T: type, N: int, L: list(type)", &error);
  g_autoptr (GHashTable) attrs =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                             (GDestroyNotify) dpt_attr_value_unref);
  GPtrArray *types = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_attr_value_unref);
  const DptOpArg *args;
  guint length;

  g_assert_no_error (error);
  args = (const DptOpArg *) (void *) def->inputs->data;
  g_ptr_array_add (types, dpt_attr_value_new_type (DPT_DTYPE_INT32));
  g_ptr_array_add (types, dpt_attr_value_new_type (DPT_DTYPE_BOOL));
  g_hash_table_insert (attrs, (gpointer) "T",
                       dpt_attr_value_new_type (DPT_DTYPE_FLOAT32));
  g_hash_table_insert (attrs, (gpointer) "L", dpt_attr_value_new_list (types));

  g_assert_true (
      dpt_op_arg_get_length (&args[0], lookup_in_table, attrs, &length));
  g_assert_cmpuint (length, ==, 1);
  g_assert_false (
      dpt_op_arg_get_length (&args[1], lookup_in_table, attrs, &length));
  g_hash_table_insert (attrs, (gpointer) "N", dpt_attr_value_new_int (-1));
  g_assert_false (
      dpt_op_arg_get_length (&args[1], lookup_in_table, attrs, &length));
  g_hash_table_insert (attrs, (gpointer) "N", dpt_attr_value_new_int (7));
  g_assert_true (
      dpt_op_arg_get_length (&args[1], lookup_in_table, attrs, &length));
  g_assert_cmpuint (length, ==, 7);
  g_assert_true (
      dpt_op_arg_get_length (&args[2], lookup_in_table, attrs, &length));
  g_assert_cmpuint (length, ==, 2);

  g_assert_cmpint (dpt_op_arg_get_dtype (&args[1], 3, lookup_in_table, attrs),
                   ==, DPT_DTYPE_FLOAT32);
  g_assert_cmpint (dpt_op_arg_get_dtype (&args[2], 1, lookup_in_table, attrs),
                   ==, DPT_DTYPE_BOOL);
  g_assert_cmpint (dpt_op_arg_get_dtype (&args[2], 2, lookup_in_table, attrs),
                   ==, DPT_DTYPE_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/op-def/every-schema", test_every_schema);
  g_test_add_func ("/op-def/arguments", test_arguments);
  g_test_add_func ("/op-def/defaults", test_defaults);
  g_test_add_func ("/op-def/malformed", test_malformed);
  g_test_add_func ("/op-def/lengths", test_lengths);

  return g_test_run ();
}
