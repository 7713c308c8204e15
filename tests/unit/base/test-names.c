/* test-names.c - natural order, parts of a name, names fit to be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-names"

#include "dpt-names.h"

#include <string.h>

#include "dpt-test.h"

static int
sign (int value)
{
  return (value > 0) - (value < 0);
}

/* In the order wanted; every pair of them must agree with it. */
static void
test_compare (void)
{
  static const char *const sorted[] = {
    "",
    "a",
    "a/b",
    "a/b/c",
    "a-b",
    "a0",
    "a00",
    "a01",
    "a1",
    "a2",
    "a9/z",
    "a10",
    "a99999999999999999999",
    "a100000000000000000000",
    "block17",
    "block17/kernel",
    "block17_2",
    "block17_2/kernel",
    "block17_10",
    "block35",
    "b\xc3\xa4",
  };

  /* Names whose numbers are equal are told apart by bytes. */
  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        int expected = sign ((int) i - (int) j);

        if (sign (dpt_names_compare_natural (sorted[i], sorted[j])) != expected)
          g_error ("'%s' against '%s'", sorted[i], sorted[j]);
      }
}

static void
test_parts (void)
{
  g_assert_cmpstr (dpt_names_base ("a/b/kernel"), ==, "kernel");
  g_assert_cmpstr (dpt_names_base ("kernel"), ==, "kernel");
  g_assert_cmpstr (dpt_names_base ("a/"), ==, "");
  g_assert_cmpuint (dpt_names_scope_length ("a/b/kernel"), ==, 3);
  g_assert_cmpuint (dpt_names_scope_length ("kernel"), ==, 0);
  g_assert_cmpuint (dpt_names_scope_length ("/kernel"), ==, 0);
}

static void
test_display (void)
{
  static const struct
  {
    const char *bytes;
    gssize length;
    const char *text;
  } cases[] = {
    { "", 0, "" },
    { "conv/kernel", 11, "conv/kernel" },
    { "a\0b", 3, "a\\x00b" },
    { "tab\there\x7f", 9, "tab\\x09here\\x7f" },
    { "gr\xc3\xb6\xc3\x9f"
      "e",
      7,
      "gr\xc3\xb6\xc3\x9f"
      "e" },
    { "\xc3", 1, "\\xc3" },
    { "\xc3(\xff", 3, "\\xc3(\\xff" },
    { "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" }, /* a surrogate */
    { "\xe2\x80\xae"
      "abc",
      6, "\\u202eabc" },                      /* turns the text round */
    { "\xc2\x85", 2, "\\u0085" },             /* a control of 8 bits */
    { "\xf3\xa0\x80\x81", 4, "\\U000e0001" }, /* a tag, not seen */
    { "to the NUL\n", -1, "to the NUL\\x0a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dpt_names_to_display (cases[i].bytes,
                                                    cases[i].length);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

static void
test_shorten (void)
{
  static const char *const cases[][2] = {
    { "a", "a" },
    { "a/b/c/d/e/f/g/h", "a/b/c/d/e/f/g/h" },
    { "a/b/c/d/e/f/g/h/i", "a/b/c/(3 more)/g/h/i" },
    { "a/b/c/d//f/g/h/i/j/", "a/b/c/(5 more)/i/j/" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dpt_names_shorten (cases[i][0]);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/names/compare", test_compare);
  g_test_add_func ("/names/parts", test_parts);
  g_test_add_func ("/names/shorten", test_shorten);
  g_test_add_func ("/names/display", test_display);

  return g_test_run ();
}
