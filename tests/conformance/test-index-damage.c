/* test-index-damage.c - every genuine index, cut and changed at every byte
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * No byte of an index is out of sight of a check, so each of these must be an
 * error that names the file: every truncation and every single changed byte of
 * every index up to 64 KiB.
 */

#define G_LOG_DOMAIN "test-index-damage"

#include <string.h>

#include "dpt-bundle-index.h"
#include "dpt-test.h"

#define MAX_SIZE (64 * 1024)

static void
assert_refused (const guint8 *data, gsize size, const char *what, gsize place)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("an index",
                                                                     bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptBundleIndex) index = dpt_bundle_index_read (source, NULL, NULL,
                                                            &error);

  if (index != NULL)
    g_error ("%s at %" G_GSIZE_FORMAT " went unnoticed", what, place);
  g_assert_true (g_str_has_prefix (error->message, "an index: "));
  g_assert_nonnull (strstr (error->message, "expected"));
}

static void
damage (const char *path)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  guint8 *data;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, &error));
  if (size > MAX_SIZE)
    return;

  g_test_message ("%s", path);
  data = (guint8 *) content;
  for (gsize i = 0; i < size; i++)
    {
      guint8 mask = (guint8) (1 << (i % 8));

      assert_refused (data, i, "a cut", i);
      data[i] ^= mask;
      assert_refused (data, size, "a changed byte", i);
      data[i] ^= mask;
    }
}

/* Returns how many indexes lie below @folder. */
static guint
damage_below (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n += damage_below (path);
      if (g_str_has_suffix (name, ".index"))
        {
          damage (path);
          n++;
        }
    }

  return n;
}

static void
test_every_index (void)
{
  g_autofree char *corpus = dpt_test_corpus (".");

  if (corpus == NULL)
    {
      g_test_skip ("there is no corpus");
      return;
    }

  g_assert_cmpuint (damage_below (corpus), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/index-damage/every-index", test_every_index);

  return g_test_run ();
}
