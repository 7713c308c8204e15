/* test-key-match.c - texts and expressions against names of keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-key-match"

#include "dpt-key-match.h"

#include <string.h>

#include "dpt-test-model.h"

/* In the order of the tree: a/Kernel, b/kernel, then a name that is no
 * UTF-8. */
static const char *const keys[] = { "a/Kernel", "b/kernel", "z\xff\xc3\xbc" };

/* One letter a leaf: x where it is found. */
static void
assert_found (const char *text, gboolean is_regex, const char *expected)
{
  static const float value = 1;
  g_autoptr (DptTestModel) builder = dpt_test_model_new ();
  g_autoptr (DptModel) model = NULL;
  g_autoptr (DptKeyTree) tree = NULL;
  g_autoptr (DptKeyMatch) match = NULL;
  g_autoptr (DptBitRank) found = NULL;
  g_autoptr (GError) error = NULL;
  char letters[G_N_ELEMENTS (keys) + 1] = "";

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    dpt_test_model_add_floats (builder, keys[i], NULL, 1, &value);
  model = dpt_test_model_end (builder);
  tree = dpt_key_tree_new (dpt_model_get_checkpoint (model));

  match = dpt_key_match_new (text, is_regex, &error);
  g_assert_no_error (error);
  found = dpt_key_match_find (match, tree, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    letters[i] = dpt_bit_rank_get (found, i) ? 'x' : '-';
  g_assert_cmpstr (letters, ==, expected);
}

static void
test_text (void)
{
  assert_found ("KERNEL", FALSE, "xx-");
  assert_found ("a/k", FALSE, "x--");
  assert_found (".", FALSE, "---");
  assert_found ("\xc3\x9c", FALSE, "--x"); /* capital u with dots */
}

static void
test_regex (void)
{
  assert_found ("kernel", TRUE, "-x-");
  assert_found ("^[ab]/.ernel$", TRUE, "xx-");
  assert_found ("^z.\xc3\xbc$", TRUE, "--x");
}

/* The position is that in what the user wrote. */
static void
test_bad_regex (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dpt_key_match_new ("a(", TRUE, &error));
  g_assert_error (error, G_REGEX_ERROR, G_REGEX_ERROR_UNMATCHED_PARENTHESIS);
  g_assert_nonnull (strstr (error->message, "char 2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key-match/text", test_text);
  g_test_add_func ("/key-match/regex", test_regex);
  g_test_add_func ("/key-match/bad-regex", test_bad_regex);

  return g_test_run ();
}
