/* fuzz-main.c - runs a fuzz target without a fuzzer, on files and mutations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   fuzz-NAME FILE-OR-FOLDER...
 *
 * Gives the target each file, then MUTATIONS variants of it.  They are drawn
 * from a generator seeded by the file's content, so a run can be repeated;
 * what a target dies on is left in the file named by DPT_FUZZ_KEEP.
 */

#define G_LOG_DOMAIN "fuzz-main"

#include <glib.h>

#include "fuzz-target.h"

#define MUTATIONS 1000

/* Lengths, counts and signs go wrong at these. */
static const guint8 interesting[] = { 0x00, 0x01, 0x7f, 0x80,
                                      0xff, 0xfe, 0x40, 0x20 };

static void
mutate_once (GByteArray *bytes, GRand *random)
{
  guint place = bytes->len > 0
                    ? (guint) g_rand_int_range (random, 0, (gint32) bytes->len)
                    : 0;
  guint length;
  guint8 value =
      interesting[g_rand_int_range (random, 0, G_N_ELEMENTS (interesting))];

  if (bytes->len == 0)
    {
      g_byte_array_append (bytes, &value, 1);
      return;
    }

  length = (guint) g_rand_int_range (random, 1,
                                     (gint32) MIN (bytes->len - place, 16) + 1);
  switch (g_rand_int_range (random, 0, 6))
    {
    case 0:
      bytes->data[place] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      break;
    case 1:
      bytes->data[place] = value;
      break;
    case 2:
      bytes->data[place] = (guint8) g_rand_int (random);
      break;
    case 3:
      g_byte_array_remove_range (bytes, place, length);
      break;
    case 4:
      {
        g_autofree guint8 *copy = g_memdup2 (bytes->data + place, length);

        g_byte_array_append (bytes, copy, length);
      }
      break;
    default:
      g_byte_array_set_size (bytes, place);
      break;
    }
}

static void
run_one (const GByteArray *bytes)
{
  const char *keep = g_getenv ("DPT_FUZZ_KEEP");

  if (keep != NULL)
    g_file_set_contents (keep, (const char *) bytes->data, bytes->len, NULL);
  LLVMFuzzerTestOneInput (bytes->data, bytes->len);
}

static void
run_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  g_autoptr (GRand) random = NULL;
  guint32 seed = 5381;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, &error))
    g_error ("%s", error->message);

  for (gsize i = 0; i < size; i++)
    seed = seed * 33 + (guint8) content[i];
  random = g_rand_new_with_seed (seed);

  for (guint i = 0; i <= MUTATIONS; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      gint32 n = i == 0 ? 0 : g_rand_int_range (random, 1, 5);

      g_byte_array_append (bytes, (const guint8 *) content, (guint) size);
      for (gint32 j = 0; j < n; j++)
        mutate_once (bytes, random);
      run_one (bytes);
    }

  g_print ("%s: %d inputs\n", path, MUTATIONS + 1);
}

static guint
run_path (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  if (dir == NULL)
    {
      run_file (path);
      return 1;
    }

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      run_file (child);
      n++;
    }

  return n;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += run_path (argv[i]);

  if (n == 0)
    g_error ("%s: at least one file was expected", argv[0]);

  return 0;
}
