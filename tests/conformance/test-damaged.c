/* test-damaged.c - real graphs, cut and changed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A protocol buffer has no checksum, so a changed byte may go unnoticed; the
 * promise is a graph or an error, no crash, and bounded memory.  Each file is
 * cut, and changed, at and beside the boundaries of its fields, and changed at
 * 1,000 places drawn from a fixed seed.
 */

#define G_LOG_DOMAIN "test-damaged"

#include <string.h>

#include "dpt-byte-reader.h"
#include "dpt-graph-def-reader.h"
#include "dpt-meta-graph-reader.h"
#include "dpt-saved-model-reader.h"
#include "dpt-test.h"

#define SEED     20240117
#define N_RANDOM 1000

/* More boundaries than this are thinned out evenly. */
#define MAX_BOUNDARIES 1200
#define MAX_DEPTH      12

typedef gboolean (*Reader) (DptByteSource *source, GError **error);

typedef struct
{
  const char *path;
  Reader read;
} File;

static gboolean
read_saved_model (DptByteSource *source, GError **error)
{
  g_autoptr (GPtrArray) meta_graphs = dpt_saved_model_read (source, "/model",
                                                            NULL, error);

  return meta_graphs != NULL;
}

static gboolean
read_meta_graph (DptByteSource *source, GError **error)
{
  g_autoptr (DptMetaGraph) meta_graph = dpt_meta_graph_read (source, NULL,
                                                             error);

  return meta_graph != NULL;
}

static gboolean
read_graph_def (DptByteSource *source, GError **error)
{
  g_autoptr (DptGraph) graph = dpt_graph_def_read (source, NULL, error);

  return graph != NULL;
}

static const File files[] = {
  { "savedmodel/tf_half_plus_two/saved_model.pb", read_saved_model },
  { "savedmodel/tf_VarsAndArithmeticObjectGraph/saved_model.pb",
    read_saved_model },
  { "metagraph/scisharp_xor/xor.meta", read_meta_graph },
  { "frozen/rust_regression_graph/model.pb", read_graph_def },
};

/* An answer or an error, never both or neither. */
static void
check (const File *file, const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("damaged",
                                                                     bytes);
  g_autoptr (GError) error = NULL;
  gboolean is_read = file->read (source, &error);

  g_assert_true (is_read == (error == NULL));
  if (error != NULL)
    g_assert_true (strstr (error->message, "damaged: ") != NULL);
}

/* Adds where fields begin, where their contents begin, and where they end.
 * Bytes that happen to look like a message are walked like one. */
static void
add_boundaries (const guint8 *start,
                gsize offset,
                gsize length,
                guint depth,
                GArray *boundaries)
{
  DptByteReader reader;

  dpt_byte_reader_init (&reader, start + offset, length);
  while (!dpt_byte_reader_is_at_end (&reader) && !reader.failed)
    {
      gsize place = offset + dpt_byte_reader_get_offset (&reader);
      guint32 tag = dpt_byte_reader_read_varint32 (&reader);
      gsize inside;

      g_array_append_val (boundaries, place);
      switch (tag & 7)
        {
        case 0:
          dpt_byte_reader_read_varint64 (&reader);
          break;
        case 1:
          dpt_byte_reader_skip (&reader, 8);
          break;
        case 2:
          inside = (gsize) dpt_byte_reader_read_varint64 (&reader);
          place = offset + dpt_byte_reader_get_offset (&reader);
          dpt_byte_reader_skip (&reader, inside);
          if (reader.failed)
            return;
          g_array_append_val (boundaries, place);
          if (depth < MAX_DEPTH)
            add_boundaries (start, place, inside, depth + 1, boundaries);
          break;
        case 5:
          dpt_byte_reader_skip (&reader, 4);
          break;
        default:
          return;
        }
    }
}

static void
damage_at (const File *file, guint8 *copy, gsize length, gsize place)
{
  static const guint8 masks[] = { 0x01, 0x80, 0xff };

  if (place >= length)
    return;

  check (file, copy, place);
  for (guint i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      copy[place] ^= masks[i];
      check (file, copy, length);
      copy[place] ^= masks[i];
    }
}

static void
test_file (gconstpointer data)
{
  const File *file = data;
  g_autofree char *path = dpt_test_corpus (file->path);
  g_autoptr (GArray) boundaries = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autofree char *text = NULL;
  guint8 *bytes;
  gsize length;
  guint step;

  if (path == NULL)
    {
      g_test_skip ("DIPTYCH_CORPUS names no corpus");
      return;
    }

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  bytes = (guint8 *) text;
  add_boundaries (bytes, 0, length, 0, boundaries);
  g_assert_cmpuint (boundaries->len, >, 100);

  step = 1 + boundaries->len / MAX_BOUNDARIES;
  for (guint i = 0; i < boundaries->len; i += step)
    {
      gsize place = g_array_index (boundaries, gsize, i);

      damage_at (file, bytes, length, place);
      damage_at (file, bytes, length, place + 1);
      if (place > 0)
        damage_at (file, bytes, length, place - 1);
    }

  for (guint i = 0; i < N_RANDOM; i++)
    {
      gsize place = (gsize) g_rand_int_range (random, 0, (gint32) length);
      guint8 old = bytes[place];

      bytes[place] = (guint8) g_rand_int_range (random, 0, 256);
      check (file, bytes, length);
      bytes[place] = old;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strconcat ("/damaged/", files[i].path, NULL);

      g_test_add_data_func (name, &files[i], test_file);
    }

  return g_test_run ();
}
