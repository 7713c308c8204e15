/* test-error-parts.c - sentences of errors, cut by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-error-parts"

#include "dpt-error-parts.h"

#include "dpt-test.h"

static void
assert_parts (const char *sentence,
              const char *path,
              const char *file,
              const char *where,
              const char *expected,
              const char *found,
              const char *why)
{
  g_auto (DptErrorParts) parts = { NULL };

  dpt_error_parts_init (&parts, sentence, path);
  g_assert_cmpstr (parts.file, ==, file);
  g_assert_cmpstr (parts.where, ==, where);
  g_assert_cmpstr (parts.expected, ==, expected);
  g_assert_cmpstr (parts.found, ==, found);
  g_assert_cmpstr (parts.why, ==, why);
}

static void
test_sentences (void)
{
  assert_parts ("/no/a.index: block at offset 48: expected checksum 1, found 2",
                "/no/a.index", "/no/a.index", "block at offset 48",
                "checksum 1", "2", NULL);
  assert_parts ("/no/a.index: offset 3: a tag was expected, found byte 0x07",
                "/no/a.index", "/no/a.index", "offset 3", "a tag", "byte 0x07",
                NULL);
  assert_parts ("/no/a: 8 bytes were expected for float32 [2], found 4",
                "/no/a", "/no/a", NULL, "8 bytes for float32 [2]", "4", NULL);
  assert_parts ("/no/a: 48 bytes were expected, the file has 1", "/no/a",
                "/no/a", NULL, "48 bytes", "the file has 1", NULL);
  assert_parts ("/no/a: No such file", "/no/a", "/no/a", NULL, NULL, NULL,
                "No such file");
  assert_parts ("nothing is known", "/no/a", "/no/a", NULL, NULL, NULL,
                "nothing is known");
}

/* A folder was opened, and a file in it is damaged, whose name has a colon. */
static void
test_file_in_folder (void)
{
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *file = g_build_filename (folder, "a: b.pb", NULL);
  g_autofree char *sentence =
      g_strconcat (file, ": offset 0: a message was expected, found text",
                   NULL);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  assert_parts (sentence, folder, file, "offset 0", "a message", "text", NULL);
  dpt_test_remove_tree (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error-parts/sentences", test_sentences);
  g_test_add_func ("/error-parts/file-in-folder", test_file_in_folder);

  return g_test_run ();
}
