/* test-tensor-slice.c - numpy's basic slicing, taken out and put back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tensor is numpy's arange(24).reshape(2, 3, 4): the element at
 * [i, j, k] is 12 i + 4 j + k, from which the expected values follow.
 */

#define G_LOG_DOMAIN "test-tensor-slice"

#include "dpt-tensor-slice.h"

#include <string.h>

#include "dpt-tensor-print.h"
#include "dpt-test.h"

static DptTensor *
make_range (void)
{
  DptShape shape = dpt_shape_new_3d (2, 3, 4);
  gint32 numbers[24];

  for (int i = 0; i < 24; i++)
    numbers[i] = i;
  return dpt_tensor_new_copy (DPT_DTYPE_INT32, &shape, numbers);
}

static void
test_extract (void)
{
  static const struct
  {
    const char *text;
    const char *values;
    const char *canonical;
  } cases[] = {
    { "1,2,3", "23", "[1, 2, 3]" },
    { "[-1, -1, -1]", "23", "[1, 2, 3]" },
    { "0, :, 1", "[1, 5, 9]", "[0, :, 1]" },
    { "0,0", "[0, 1, 2, 3]", "[0, 0, :]" },
    { "..., 0", "[[0, 4, 8], [12, 16, 20]]", "[:, :, 0]" },
    { "1, ..., 0", "[12, 16, 20]", "[1, :, 0]" },
    { "1, 1:, ::2", "[[16, 18], [20, 22]]", "[1, 1:, ::2]" },
    { "0, 0, 1:4:2", "[1, 3]", "[0, 0, 1::2]" },
    { "0, 0, 0:3:2", "[0, 2]", "[0, 0, ::2]" },
    { "0, 0, -3:-1", "[1, 2]", "[0, 0, 1:3]" },
    { "0, 0, 2:100", "[2, 3]", "[0, 0, 2:]" },
    { "0, 0, 3:1", "[]", "[0, 0, 3:3]" },
    { "0, 0, ::9223372036854775807", "[0]", "[0, 0, ::9223372036854775807]" },
    { "1, 0, 1::9223372036854775807", "[13]",
      "[1, 0, 1::9223372036854775807]" },
  };
  g_autoptr (DptTensor) tensor = make_range ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) part = NULL;
      g_autofree char *values = NULL;
      g_autofree char *canonical = NULL;
      DptTensorSlice slice;

      dpt_tensor_slice_parse (cases[i].text, &slice, &error);
      g_assert_no_error (error);
      part = dpt_tensor_slice_extract (&slice, tensor, &error);
      g_assert_no_error (error);
      values = dpt_tensor_print_text (part, 0);
      g_assert_cmpstr (values, ==, cases[i].values);

      dpt_tensor_slice_resolve (&slice, dpt_tensor_get_shape (tensor), &error);
      g_assert_no_error (error);
      canonical = dpt_tensor_slice_to_string (&slice);
      g_assert_cmpstr (canonical, ==, cases[i].canonical);
    }
}

static void
test_full (void)
{
  static const char *const texts[] = { "", "[]", "...", ":,:,:", "::1" };
  g_autoptr (DptTensor) tensor = make_range ();
  DptTensorSlice slice;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (DptTensor) part = NULL;

      g_assert_true (dpt_tensor_slice_parse (texts[i], &slice, NULL));
      part = dpt_tensor_slice_extract (&slice, tensor, NULL);
      g_assert_true (part == tensor);
    }

  dpt_tensor_slice_init_full (&slice, 3);
  g_assert_true (
      dpt_tensor_slice_is_full (&slice, dpt_tensor_get_shape (tensor)));
  slice.drop[0] = TRUE;
  slice.length[0] = 1;
  g_assert_false (
      dpt_tensor_slice_is_full (&slice, dpt_tensor_get_shape (tensor)));
}

/* As parsed, before any shape is known. */
static void
test_text (void)
{
  static const char *const texts[] = {
    "[]", "[1, 2, :, :]", "[-1, ..., 2:-1:3]", "[..., 0]", "[0, ...]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;
      DptTensorSlice slice;

      g_assert_true (dpt_tensor_slice_parse (texts[i], &slice, NULL));
      text = dpt_tensor_slice_to_string (&slice);
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

static void
test_bad_text (void)
{
  static const char *const texts[] = {
    "a",
    "[1",
    "1]",
    "1 2",
    "::-1",
    "::0",
    "1..2",
    "...,...",
    "[1]x",
    "1,,2",
    "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      DptTensorSlice slice;

      g_assert_false (dpt_tensor_slice_parse (texts[i], &slice, &error));
      g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE);
      g_assert_nonnull (strstr (error->message, texts[i]));
    }
}

static void
test_does_not_fit (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "2", "slice [2]: dimension 0: an index below 2 was expected, found 2" },
    { "0,0,-5", "slice [0, 0, -5]: dimension 2: an index from -4 on was "
                "expected, found -5" },
    { "0,0,9223372036854775807",
      "dimension 2: an index below 4 was expected, found 9223372036854775807" },
    { "0,0,0,0", "at most 3 dimensions, found 4" },
  };
  g_autoptr (DptTensor) tensor = make_range ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      DptTensorSlice slice;

      g_assert_true (dpt_tensor_slice_parse (cases[i].text, &slice, NULL));
      g_assert_null (dpt_tensor_slice_extract (&slice, tensor, &error));
      g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

/* A start and a length given as numbers must fit: nothing is clipped. */
static void
test_numbers_do_not_fit (void)
{
  DptShape shape = dpt_shape_new_1d (10);
  DptTensorSlice slice;

  dpt_tensor_slice_init_full (&slice, 1);
  slice.start[0] = 6;
  slice.length[0] = 4;
  g_assert_true (dpt_tensor_slice_resolve (&slice, &shape, NULL));
  slice.length[0] = 5;
  g_assert_false (dpt_tensor_slice_resolve (&slice, &shape, NULL));
  slice.length[0] = -3;
  g_assert_false (dpt_tensor_slice_resolve (&slice, &shape, NULL));
}

static void
test_strings (void)
{
  const DptString strings[] = { { "a", 1 },
                                { "bb", 2 },
                                { "ccc", 3 },
                                { "dddd", 4 } };
  DptShape shape = dpt_shape_new_2d (2, 2);
  g_autoptr (DptTensor) whole = dpt_tensor_new_strings (&shape, strings, NULL);
  g_autoptr (DptTensor) part = NULL;
  g_autofree char *text = NULL;
  DptTensorSlice slice;

  g_assert_true (dpt_tensor_slice_parse (":,1", &slice, NULL));
  part = dpt_tensor_slice_extract (&slice, whole, NULL);
  g_clear_pointer (&whole, dpt_tensor_unref);
  text = dpt_tensor_print_text (part, 0);
  g_assert_cmpstr (text, ==, "[\"bb\", \"dddd\"]");
}

/* Taken apart along the middle dimension and joined again. */
static void
test_insert (void)
{
  g_autoptr (DptTensor) tensor = make_range ();
  g_autoptr (DptTensor) joined =
      dpt_tensor_new_zeros (DPT_DTYPE_INT32, dpt_tensor_get_shape (tensor),
                            NULL);
  static const char *const parts[] = { ":,0:2", ":,2:3,::2", ":,2:3,1::2" };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (DptTensor) part = NULL;
      DptTensorSlice slice;

      g_assert_false (dpt_tensor_equal (tensor, joined));
      g_assert_true (dpt_tensor_slice_parse (parts[i], &slice, NULL));
      part = dpt_tensor_slice_extract (&slice, tensor, NULL);
      dpt_tensor_slice_insert (&slice, part, joined);
    }
  g_assert_true (dpt_tensor_equal (tensor, joined));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor-slice/extract", test_extract);
  g_test_add_func ("/tensor-slice/full", test_full);
  g_test_add_func ("/tensor-slice/text", test_text);
  g_test_add_func ("/tensor-slice/bad-text", test_bad_text);
  g_test_add_func ("/tensor-slice/does-not-fit", test_does_not_fit);
  g_test_add_func ("/tensor-slice/numbers-do-not-fit", test_numbers_do_not_fit);
  g_test_add_func ("/tensor-slice/strings", test_strings);
  g_test_add_func ("/tensor-slice/insert", test_insert);

  return g_test_run ();
}
