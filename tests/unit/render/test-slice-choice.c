/* test-slice-choice.c - choosing what is shown of a tensor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-slice-choice"

#include "dpt-slice-choice.h"
#include "dpt-test.h"

static void
assert_text (const DptSliceChoice *choice, const char *expected)
{
  g_autofree char *text = dpt_slice_choice_to_string (choice);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_defaults (void)
{
  const DptShape shapes[] = { DPT_SHAPE_SCALAR, dpt_shape_new_1d (5),
                              dpt_shape_new_2d (5, 6),
                              dpt_shape_new_4d (3, 3, 80, 192) };
  const char *const expected[] = { "[]", "[:]", "[:, :]", "[0, 0, :, :]" };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      DptSliceChoice choice;

      dpt_slice_choice_init (&choice, &shapes[i]);
      assert_text (&choice, expected[i]);
    }
}

/* ((1 * 3 + 2) * 80 + 37) * 192 + 88 is element [1, 2, 37, 88]. */
static void
test_element (void)
{
  const DptShape shape = dpt_shape_new_4d (3, 3, 80, 192);
  g_autofree char *cell = NULL;
  DptSliceChoice choice;
  gsize row;
  gsize column;

  dpt_slice_choice_init (&choice, &shape);
  dpt_slice_choice_show_element (&choice, ((1 * 3 + 2) * 80 + 37) * 192 + 88,
                                 &row, &column);
  g_assert_cmpuint (row, ==, 37);
  g_assert_cmpuint (column, ==, 88);
  assert_text (&choice, "[1, 2, :, :]");
  cell = dpt_slice_choice_format_cell (&choice, row, column);
  g_assert_cmpstr (cell, ==, "[1, 2, 37, 88]");
}

static void
test_roles (void)
{
  const DptShape shape = dpt_shape_new_3d (4, 5, 6);
  DptSliceChoice choice;

  dpt_slice_choice_init (&choice, &shape);
  dpt_slice_choice_set_row_axis (&choice, 2);
  g_assert_cmpint (choice.row_axis, ==, 2);
  g_assert_cmpint (choice.column_axis, ==, 1);
  dpt_slice_choice_set_column_axis (&choice, 0);
  g_assert_cmpint (choice.row_axis, ==, 2);
  g_assert_cmpint (choice.column_axis, ==, 0);
  assert_text (&choice, "[:, 0, :]");
  dpt_slice_choice_set_index (&choice, 1, 99);
  assert_text (&choice, "[:, 4, :]");
}

static void
test_parse (void)
{
  const DptShape shape = dpt_shape_new_4d (3, 3, 80, 192);
  DptSliceChoice choice;

  dpt_slice_choice_init (&choice, &shape);
  g_assert_true (dpt_slice_choice_parse (&choice, " [2,:, 79 , :] ", NULL));
  g_assert_cmpint (choice.row_axis, ==, 1);
  g_assert_cmpint (choice.column_axis, ==, 3);
  assert_text (&choice, "[2, :, 79, :]");
  g_assert_true (dpt_slice_choice_parse (&choice, "0, :, 1, :", NULL));
  assert_text (&choice, "[0, :, 1, :]");
}

static void
test_parse_errors (void)
{
  const DptShape shape = dpt_shape_new_3d (4, 5, 6);
  const char *const texts[] = { "",           "[:, :]",    "[4, :, :]",
                                "[-1, :, :]", "[1, 2, :]", "[:, :, :]",
                                "[x, :, :]",  "[1, :, :" };
  DptSliceChoice choice;

  dpt_slice_choice_init (&choice, &shape);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (dpt_slice_choice_parse (&choice, texts[i], &error));
      g_assert_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_PARSE);
      assert_text (&choice, "[0, :, :]");
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/slice-choice/defaults", test_defaults);
  g_test_add_func ("/render/slice-choice/element", test_element);
  g_test_add_func ("/render/slice-choice/roles", test_roles);
  g_test_add_func ("/render/slice-choice/parse", test_parse);
  g_test_add_func ("/render/slice-choice/parse-errors", test_parse_errors);
  return g_test_run ();
}
