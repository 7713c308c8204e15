/* test-byte-source.c - files that are read, refused, cut and replaced
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-byte-source"

#include "dpt-byte-source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dpt-format-error.h"
#include "dpt-test.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = dpt_test_scratch ();
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
  dpt_test_write (fixture->path, "0123456789", 10);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  dpt_test_remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
assert_reads (DptByteSource *source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char dest[4];

  g_assert_cmpuint (dpt_byte_source_get_size (source), ==, 10);
  g_assert_true (dpt_byte_source_read (source, 3, 4, dest, &error));
  g_assert_cmpmem (dest, 4, "3456", 4);

  bytes = dpt_byte_source_read_bytes (source, 0, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   "0123456789", 10);

  g_assert_true (dpt_byte_source_read (source, 10, 0, NULL, &error));
  g_assert_false (dpt_byte_source_read (source, 7, 4, dest, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED);
  g_clear_error (&error);

  g_assert_null (
      dpt_byte_source_read_bytes (source, G_MAXUINT64, G_MAXSIZE, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED);
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptByteSource) source = dpt_byte_source_open (fixture->path,
                                                           &error);

  g_assert_no_error (error);
  g_assert_cmpstr (dpt_byte_source_get_path (source), ==, fixture->path);
  g_assert_false (dpt_byte_source_has_changed (source));
  assert_reads (source);
}

static void
test_memory (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("memory",
                                                                     bytes);

  g_assert_cmpstr (dpt_byte_source_get_display (source), ==, "memory");
  g_assert_false (dpt_byte_source_has_changed (source));
  assert_reads (source);
}

/* None of these may be waited for. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *absent = g_strconcat (fixture->path, "-absent", NULL);
  g_autofree char *pipe = g_strconcat (fixture->path, "-pipe", NULL);
  const struct
  {
    const char *path;
    DptFormatError code;
    const char *part;
  } cases[] = {
    { fixture->folder, DPT_FORMAT_ERROR_IO, "found a folder" },
    { pipe, DPT_FORMAT_ERROR_IO, "found a named pipe" },
    { "/dev/null", DPT_FORMAT_ERROR_IO, "found a device" },
    { absent, DPT_FORMAT_ERROR_NOT_FOUND, "cannot be opened" },
  };

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dpt_byte_source_open (cases[i].path, &error));
      g_assert_error (error, DPT_FORMAT_ERROR, (int) cases[i].code);
      g_assert_true (g_str_has_prefix (error->message, cases[i].path));
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

static void
test_shrinks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptByteSource) source = dpt_byte_source_open (fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  char dest[10];

  g_assert_cmpint (truncate (fixture->path, 4), ==, 0);
  g_assert_true (dpt_byte_source_has_changed (source));
  g_assert_true (dpt_byte_source_read (source, 0, 4, dest, &error));
  g_assert_false (dpt_byte_source_read (source, 0, 10, dest, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CHANGED);
  g_assert_nonnull (strstr (error->message, "shrank"));
}

/* Replaced by rename: the old file stays readable, and the change is seen. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptByteSource) source = dpt_byte_source_open (fixture->path, NULL);

  g_assert_true (g_file_set_contents (fixture->path, "abcdefghij", 10, NULL));
  assert_reads (source);
  g_assert_true (dpt_byte_source_has_changed (source));

  g_unlink (fixture->path);
  g_assert_true (dpt_byte_source_has_changed (source));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

  ADD ("/byte-source/file", test_file);
  g_test_add_func ("/byte-source/memory", test_memory);
  ADD ("/byte-source/refused", test_refused);
  ADD ("/byte-source/shrinks", test_shrinks);
  ADD ("/byte-source/replaced", test_replaced);

  return g_test_run ();
}
