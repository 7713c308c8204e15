/* test-object-key.c - names inside keys, with every escape
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-object-key"

#include "dpt-object-key.h"

#include <string.h>

#include "dpt-test.h"

static void
test_escape (void)
{
  static const char *const pairs[][2] = {
    { "", "" },         { "plain", "plain" },   { "a/b", "a.Sb" },
    { "a.b", "a..b" },  { "./", "...S" },       { "a..Sb", "a....Sb" },
    { ".S/", "..S.S" }, { "x/y/z", "x.Sy.Sz" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *escaped = dpt_object_key_escape (pairs[i][0]);
      g_autofree char *back = dpt_object_key_unescape (pairs[i][1],
                                                       strlen (pairs[i][1]));

      g_assert_cmpstr (escaped, ==, pairs[i][1]);
      g_assert_cmpstr (back, ==, pairs[i][0]);
    }
}

static void
test_strip (void)
{
  static const char *const pairs[][2] = {
    { "scope/w", "scope/w" },
    { "a/b/.ATTRIBUTES/VARIABLE_VALUE", "a/b" },
    { "vars/a.Sb..c/.ATTRIBUTES/VARIABLE_VALUE", "vars/a/b.c" },
    { "/.ATTRIBUTES/VARIABLE_VALUE", "" },
    { "v/.OPTIMIZER_SLOT/opt/m/.ATTRIBUTES/VARIABLE_VALUE",
      "v/.OPTIMIZER_SLOT/opt/m" },
    { "l/.ATTRIBUTES/OBJECT_CONFIG_JSON", "l/.ATTRIBUTES/OBJECT_CONFIG_JSON" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *name = dpt_object_key_strip (pairs[i][0]);

      g_assert_cmpstr (name, ==, pairs[i][1]);
    }
}

static void
test_decorated (void)
{
  g_assert_true (dpt_object_key_is_decorated ("a/.ATTRIBUTES/VARIABLE_VALUE"));
  g_assert_true (
      dpt_object_key_is_decorated ("a/.ATTRIBUTES/OBJECT_CONFIG_JSON"));
  g_assert_false (dpt_object_key_is_decorated ("a/ATTRIBUTES/w"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/object-key/escape", test_escape);
  g_test_add_func ("/object-key/strip", test_strip);
  g_test_add_func ("/object-key/decorated", test_decorated);

  return g_test_run ();
}
