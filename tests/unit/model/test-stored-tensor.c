/* test-stored-tensor.c - tensors that are read when asked for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-stored-tensor"

#include "dpt-stored-tensor.h"

#include "dpt-memory-source.h"
#include "dpt-test.h"

static DptTensor *
make_tensor (void)
{
  static const gint32 values[] = { 10, 11, 12, 13 };
  DptShape shape = dpt_shape_new_2d (2, 2);

  return dpt_tensor_new_copy (DPT_DTYPE_INT32, &shape, values);
}

static void
assert_loads (DptStoredTensor *stored)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) whole = dpt_stored_tensor_load (stored, NULL, NULL,
                                                        &error);
  g_autoptr (DptTensor) row = NULL;
  DptTensorSlice slice;

  g_assert_no_error (error);
  g_assert_cmpint (dpt_stored_tensor_get_dtype (stored), ==, DPT_DTYPE_INT32);
  g_assert_cmpint (dpt_stored_tensor_get_shape (stored)->rank, ==, 2);
  g_assert_cmpint (dpt_tensor_get_int (whole, 3), ==, 13);

  g_assert_true (dpt_tensor_slice_parse ("[1]", &slice, &error));
  row = dpt_stored_tensor_load (stored, &slice, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dpt_tensor_get_rank (row), ==, 1);
  g_assert_cmpint (dpt_tensor_get_int (row, 0), ==, 12);

  g_assert_true (dpt_tensor_slice_parse ("[7]", &slice, NULL));
  g_assert_null (dpt_stored_tensor_load (stored, &slice, NULL, &error));
  g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE);
}

static void
test_source (void)
{
  g_autoptr (DptTensor) tensor = make_tensor ();
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  guint64 id = dpt_memory_source_add (source, tensor);
  g_autoptr (DptStoredTensor) stored =
      dpt_stored_tensor_new (DPT_DTYPE_INT32, dpt_tensor_get_shape (tensor),
                             DPT_TENSOR_SOURCE (source), id);

  assert_loads (stored);
}

static void
test_loaded (void)
{
  g_autoptr (DptTensor) tensor = make_tensor ();
  g_autoptr (DptStoredTensor) stored = dpt_stored_tensor_new_loaded (tensor);

  assert_loads (stored);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stored-tensor/source", test_source);
  g_test_add_func ("/stored-tensor/loaded", test_loaded);

  return g_test_run ();
}
