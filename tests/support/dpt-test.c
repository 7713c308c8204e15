/* dpt-test.c - what every test needs: close-to asserts, paths, scratch folders
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-test"

#include "dpt-test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/**
 * dpt_test_data:
 * @relative: a path below tests/data
 *
 * Returns: (transfer full): where the fixture is.
 */
char *
dpt_test_data (const char *relative)
{
  return g_build_filename (g_getenv ("DPT_TEST_DATA"), relative, NULL);
}

/**
 * dpt_test_sample:
 * @relative: a path below data/samples
 *
 * Returns: (transfer full): where the bundled sample is.
 */
char *
dpt_test_sample (const char *relative)
{
  return g_build_filename (g_getenv ("DPT_SAMPLES"), relative, NULL);
}

/**
 * dpt_test_corpus:
 * @relative: a path below the corpus
 *
 * The corpus lies where DIPTYCH_CORPUS says.  Its absence is a failure when
 * DIPTYCH_REQUIRE_CORPUS is set, else the caller skips its test, aloud.
 *
 * Returns: (transfer full) (nullable): the path, or %NULL without a corpus.
 */
char *
dpt_test_corpus (const char *relative)
{
  const char *corpus = g_getenv ("DIPTYCH_CORPUS");

  if (corpus != NULL && g_file_test (corpus, G_FILE_TEST_IS_DIR))
    return g_build_filename (corpus, relative, NULL);

  if (g_strcmp0 (g_getenv ("DIPTYCH_REQUIRE_CORPUS"), "1") == 0)
    g_error ("DIPTYCH_REQUIRE_CORPUS is set, and there is no corpus at '%s'",
             corpus != NULL ? corpus : "(DIPTYCH_CORPUS is not set)");

  return NULL;
}

/**
 * dpt_test_scratch:
 *
 * Returns: (transfer full): a new, empty folder; remove it with
 *   dpt_test_remove_tree().
 */
char *
dpt_test_scratch (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("diptych-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

/**
 * dpt_test_remove_tree:
 * @path: a folder made by dpt_test_scratch()
 *
 * Removes it with all that is in it.
 */
void
dpt_test_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  if (dir != NULL)
    for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
      {
        g_autofree char *child = g_build_filename (path, name, NULL);

        if (g_file_test (child, G_FILE_TEST_IS_DIR) &&
            !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
          dpt_test_remove_tree (child);
        else
          g_unlink (child);
      }

  g_rmdir (path);
}

/**
 * dpt_test_write:
 * @path: a file to make or replace
 * @bytes: its content
 * @length: how many
 *
 * Replaces by renaming: writing in place, GLib 2.74 leaves the tail of a
 * longer file standing.
 */
void
dpt_test_write (const char *path, const void *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, (gssize) length,
                            G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
}

void
dpt_test_assert_close (const char *domain,
                       const char *file,
                       int line,
                       const char *function,
                       double a,
                       double b,
                       double rtol,
                       double atol)
{
  g_autofree char *message = NULL;

  if ((isnan (a) && isnan (b)) || a == b ||
      fabs (a - b) <= atol + rtol * fabs (b))
    return;

  message = g_strdup_printf ("%.17g is not close to %.17g (difference %.3g, "
                             "rtol %g, atol %g)",
                             a, b, fabs (a - b), rtol, atol);
  g_assertion_message (domain, file, line, function, message);
}
