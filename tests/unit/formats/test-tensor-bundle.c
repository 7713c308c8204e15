/* test-tensor-bundle.c - checkpoints read whole, sliced, swapped, damaged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tensor-bundle"

#include "dpt-tensor-bundle.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "dpt-bundle-builder.h"
#include "dpt-format-error.h"
#include "dpt-test-proto.h"
#include "dpt-test.h"

typedef struct
{
  char *folder;
  char *prefix;
  DptBundleBuilder *builder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = dpt_test_scratch ();
  fixture->prefix = g_build_filename (fixture->folder, "model.ckpt-1", NULL);
  fixture->builder = dpt_bundle_builder_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  dpt_bundle_builder_free (fixture->builder);
  dpt_test_remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->prefix);
}

static DptCheckpoint *
open_prefix (const char *prefix)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensorBundle) bundle = dpt_tensor_bundle_open (prefix, NULL,
                                                               NULL, &error);

  g_assert_no_error (error);
  return dpt_tensor_bundle_create_checkpoint (bundle);
}

static DptCheckpoint *
write_and_open (Fixture *fixture)
{
  dpt_bundle_builder_write (fixture->builder, fixture->prefix);
  return open_prefix (fixture->prefix);
}

static DptTensor *
try_read (DptCheckpoint *checkpoint, const char *key, GError **error)
{
  guint index;

  g_assert_true (dpt_checkpoint_find (checkpoint, key, &index));
  return dpt_checkpoint_read (checkpoint,
                              dpt_checkpoint_get_entry (checkpoint, index),
                              NULL, NULL, error);
}

static DptTensor *
read_key (DptCheckpoint *checkpoint, const char *key)
{
  g_autoptr (GError) error = NULL;
  DptTensor *tensor = try_read (checkpoint, key, &error);

  g_assert_no_error (error);
  return tensor;
}

static void
assert_unread (DptCheckpoint *checkpoint,
               const char *key,
               DptFormatError code,
               const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (try_read (checkpoint, key, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

/* Two elements of each plain dtype, of distinct bytes. */
static void
add_all_dtypes (DptBundleBuilder *builder)
{
  static const guint8 bytes[32] = { 1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                    12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                                    23, 24, 25, 26, 27, 28, 29, 30, 31, 32 };
  static const guint8 small[2] = { 1, 0 };
  DptShape shape = dpt_shape_new_1d (2);

  for (guint i = 1; i < DPT_N_DTYPES; i++)
    if (dpt_dtype_is_valid (i) && dpt_dtype_is_plain ((DptDtype) i))
      dpt_bundle_builder_add (builder, dpt_dtype_get_name ((DptDtype) i),
                              (DptDtype) i, &shape,
                              dpt_dtype_get_size ((DptDtype) i) == 1 ? small
                                                                     : bytes);
}

static void
assert_all_dtypes (DptCheckpoint *checkpoint)
{
  guint n = 0;

  for (guint i = 1; i < DPT_N_DTYPES; i++)
    {
      g_autoptr (DptTensor) tensor = NULL;
      const guint8 *data;
      gsize width = dpt_dtype_get_size ((DptDtype) i);

      if (!dpt_dtype_is_valid (i) || !dpt_dtype_is_plain ((DptDtype) i))
        continue;

      n++;
      tensor = read_key (checkpoint, dpt_dtype_get_name ((DptDtype) i));
      data = dpt_tensor_get_data (tensor);
      g_assert_cmpint (dpt_tensor_get_dtype (tensor), ==, i);
      g_assert_cmpuint (dpt_tensor_get_size (tensor), ==, 2 * width);
      for (gsize j = 0; j < 2 * width; j++)
        g_assert_cmpuint (data[j], ==, width == 1 ? 1 - j : j + 1);
    }

  /* Every number of DataType but string, resource and variant. */
  g_assert_cmpuint (n, ==, 24);
  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 24);
}

static void
test_dtypes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  add_all_dtypes (fixture->builder);
  checkpoint = write_and_open (fixture);
  assert_all_dtypes (checkpoint);
}

/* In the file the bytes of each number are the other way round: checked here
 * on one, so that reader and builder cannot err together. */
static void
test_big_endian (Fixture *fixture, gconstpointer data)
{
  static const float one = 1.0f;
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autofree char *path = g_strconcat (fixture->prefix, ".data-00000-of-00001",
                                       NULL);
  g_autofree char *bytes = NULL;
  DptString strings[] = { { "ab", 2 }, { "", 0 }, { "c\0d", 3 } };
  DptShape three = dpt_shape_new_1d (3);
  g_autoptr (DptTensor) tensor = NULL;

  dpt_bundle_builder_set_big_endian (fixture->builder);
  dpt_bundle_builder_add (fixture->builder, "one", DPT_DTYPE_FLOAT32,
                          &DPT_SHAPE_SCALAR, &one);
  dpt_bundle_builder_add_strings (fixture->builder, "text", &three, strings);
  checkpoint = write_and_open (fixture);

  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  g_assert_cmpmem (bytes, 4, "\x3f\x80\0\0", 4);
  g_assert_true (dpt_checkpoint_get_entry (checkpoint, 0)->is_big_endian);

  tensor = read_key (checkpoint, "one");
  g_assert_cmpfloat (dpt_tensor_get_double (tensor, 0), ==, 1.0);
  g_clear_pointer (&tensor, dpt_tensor_unref);

  tensor = read_key (checkpoint, "text");
  g_assert_cmpuint (dpt_tensor_get_string (tensor, 2).length, ==, 3);
}

static void
test_big_endian_dtypes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  dpt_bundle_builder_set_big_endian (fixture->builder);
  add_all_dtypes (fixture->builder);
  checkpoint = write_and_open (fixture);
  assert_all_dtypes (checkpoint);
}

static void
test_snappy_blocks (Fixture *fixture, gconstpointer data)
{
  DptTableOptions options = { .block_size = 100,
                              .restart_interval = 3,
                              .use_snappy = TRUE };
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  dpt_bundle_builder_set_table (fixture->builder, &options);
  add_all_dtypes (fixture->builder);
  checkpoint = write_and_open (fixture);
  assert_all_dtypes (checkpoint);
}

static void
test_strings (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (300, 'x');
  DptString strings[] = { { "", 0 },
                          { text, 300 },
                          { "a\0b\xff", 4 },
                          { "end", 3 } };
  DptShape shape = dpt_shape_new_2d (2, 2);
  DptShape none = dpt_shape_new_2d (3, 0);
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptTensor) tensor = NULL;
  g_autoptr (DptTensor) empty = NULL;

  dpt_bundle_builder_add_strings (fixture->builder, "text", &shape, strings);
  dpt_bundle_builder_add_strings (fixture->builder, "none", &none, NULL);
  checkpoint = write_and_open (fixture);

  tensor = read_key (checkpoint, "text");
  g_assert_true (dpt_shape_equal (dpt_tensor_get_shape (tensor), &shape));
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      DptString found = dpt_tensor_get_string (tensor, i);

      g_assert_cmpmem (found.data, found.length, strings[i].data,
                       strings[i].length);
    }

  empty = read_key (checkpoint, "none");
  g_assert_cmpuint (dpt_tensor_get_count (empty), ==, 0);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  static const gint64 one = 1;
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  const DptCheckpointEntry *entry;
  guint index;

  dpt_bundle_builder_add (fixture->builder,
                          "save_counter/.ATTRIBUTES/VARIABLE_VALUE",
                          DPT_DTYPE_INT64, &DPT_SHAPE_SCALAR, &one);
  dpt_bundle_builder_add (fixture->builder, "b", DPT_DTYPE_INT64,
                          &DPT_SHAPE_SCALAR, &one);
  dpt_bundle_builder_add (fixture->builder, "a/z", DPT_DTYPE_INT64,
                          &DPT_SHAPE_SCALAR, &one);
  dpt_bundle_builder_add_object_graph (fixture->builder, "\x0a\x00", 2);
  checkpoint = write_and_open (fixture);

  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 3);
  g_assert_cmpuint (dpt_checkpoint_get_size (checkpoint), ==, 24);
  g_assert_cmpstr (dpt_checkpoint_get_entry (checkpoint, 0)->key, ==, "a/z");
  g_assert_true (dpt_checkpoint_find (checkpoint,
                                      "save_counter/.ATTRIBUTES/VARIABLE_VALUE",
                                      &index));
  g_assert_cmpuint (index, ==, 2);
  g_assert_true (dpt_checkpoint_get_entry (checkpoint, 2)->is_bookkeeping);
  g_assert_false (dpt_checkpoint_get_entry (checkpoint, 1)->is_bookkeeping);

  /* crc32c of the eight bytes of 1, worked with another program (bit by bit).
   */
  entry = dpt_checkpoint_get_entry (checkpoint, 0);
  g_assert_true (entry->has_crc32c);
  g_assert_cmphex (entry->crc32c, ==, 0x41de7501);

  entry = dpt_checkpoint_get_object_graph_entry (checkpoint);
  g_assert_nonnull (entry);
  g_assert_true (entry->is_bookkeeping);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  static const gint32 values[] = { 0, 1, 2, 3, 4, 5 };
  DptShape shape = dpt_shape_new_2d (2, 3);
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptTensor) tensor = NULL;
  g_autoptr (GError) error = NULL;
  DptTensorSlice slice;

  dpt_bundle_builder_add (fixture->builder, "t", DPT_DTYPE_INT32, &shape,
                          values);
  checkpoint = write_and_open (fixture);

  g_assert_true (dpt_tensor_slice_parse ("[:,1:3]", &slice, &error));
  tensor = dpt_checkpoint_read (checkpoint,
                                dpt_checkpoint_get_entry (checkpoint, 0),
                                &slice, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dpt_tensor_get_count (tensor), ==, 4);
  g_assert_cmpint (dpt_tensor_get_int (tensor, 2), ==, 4);
  g_assert_cmpint (dpt_tensor_get_int (tensor, 3), ==, 5);
}

/* [3, 100], cut in three: rows 0..1 in two column ranges, row 2 whole. */
static void
add_slices (DptBundleBuilder *builder, gboolean is_whole)
{
  static const gint64 starts[][2] = { { 0, 0 }, { 0, 70 }, { 2, 0 } };
  static const gint64 lengths[][2] = { { 2, 70 }, { 2, 30 }, { 1, -1 } };
  DptShape whole = dpt_shape_new_2d (3, 100);

  for (guint s = 0; s < (is_whole ? 3 : 2); s++)
    {
      gint16 values[140];
      gsize n = 0;
      gint64 columns = lengths[s][1] < 0 ? 100 : lengths[s][1];

      for (gint64 r = 0; r < lengths[s][0]; r++)
        for (gint64 c = 0; c < columns; c++)
          values[n++] = (gint16) ((starts[s][0] + r) * 100 + starts[s][1] + c);

      dpt_bundle_builder_set_shard (builder, s % 2);
      dpt_bundle_builder_add_slice (builder, "scope/v", DPT_DTYPE_INT16, &whole,
                                    starts[s], lengths[s], values);
    }
}

static void
test_partitioned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptTensor) tensor = NULL;
  const DptCheckpointEntry *entry;

  dpt_bundle_builder_set_n_shards (fixture->builder, 2);
  add_slices (fixture->builder, TRUE);
  checkpoint = write_and_open (fixture);

  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 1);
  entry = dpt_checkpoint_get_entry (checkpoint, 0);
  g_assert_cmpstr (entry->key, ==, "scope/v");
  g_assert_cmpuint (entry->n_slices, ==, 3);
  g_assert_cmpuint (entry->size, ==, 600);
  g_assert_false (entry->has_crc32c);
  g_assert_false (entry->is_missing);

  tensor = read_key (checkpoint, "scope/v");
  for (gsize i = 0; i < 300; i++)
    g_assert_cmpint (dpt_tensor_get_int (tensor, i), ==, i);
}

static void
test_partition_gap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  dpt_bundle_builder_set_n_shards (fixture->builder, 2);
  add_slices (fixture->builder, FALSE);
  checkpoint = write_and_open (fixture);
  assert_unread (checkpoint, "scope/v", DPT_FORMAT_ERROR_CORRUPT,
                 "does not have sufficient slices for partitioned tensor "
                 "'scope/v'");
}

static void
test_partition_overlap (Fixture *fixture, gconstpointer data)
{
  static const gint64 starts[] = { 0, 1 };
  static const gint64 two = 2;
  static const guint8 values[] = { 1, 2 };
  DptShape whole = dpt_shape_new_1d (3);
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  for (guint i = 0; i < 2; i++)
    dpt_bundle_builder_add_slice (fixture->builder, "v", DPT_DTYPE_UINT8,
                                  &whole, &starts[i], &two, values);
  checkpoint = write_and_open (fixture);
  assert_unread (checkpoint, "v", DPT_FORMAT_ERROR_CORRUPT, "overlap");
}

static void
test_missing_shard (Fixture *fixture, gconstpointer data)
{
  static const float values[] = { 1, 2 };
  DptShape shape = dpt_shape_new_1d (2);
  g_autofree char *path = g_strconcat (fixture->prefix, ".data-00001-of-00002",
                                       NULL);
  g_autoptr (DptCheckpoint) absent = NULL;
  g_autoptr (DptCheckpoint) cut = NULL;
  g_autoptr (DptTensor) tensor = NULL;

  dpt_bundle_builder_set_n_shards (fixture->builder, 2);
  dpt_bundle_builder_add (fixture->builder, "here", DPT_DTYPE_FLOAT32, &shape,
                          values);
  dpt_bundle_builder_set_shard (fixture->builder, 1);
  dpt_bundle_builder_add (fixture->builder, "there", DPT_DTYPE_FLOAT32, &shape,
                          values);
  dpt_bundle_builder_write (fixture->builder, fixture->prefix);

  g_assert_cmpint (truncate (path, 7), ==, 0);
  cut = open_prefix (fixture->prefix);
  g_assert_cmpuint (dpt_checkpoint_get_n_shards (cut), ==, 2);
  g_assert_cmpstr (dpt_checkpoint_get_missing_shards (cut)[0], ==, path);
  g_assert_null (dpt_checkpoint_get_missing_shards (cut)[1]);
  g_assert_false (dpt_checkpoint_get_entry (cut, 0)->is_missing);
  g_assert_true (dpt_checkpoint_get_entry (cut, 1)->is_missing);
  assert_unread (cut, "there", DPT_FORMAT_ERROR_TRUNCATED,
                 "at least 8 bytes were expected, because 'there' has 8 at "
                 "offset 0, found 7");

  g_unlink (path);
  absent = open_prefix (fixture->prefix);
  g_assert_cmpstr (dpt_checkpoint_get_missing_shards (absent)[0], ==, path);
  assert_unread (absent, "there", DPT_FORMAT_ERROR_TRUNCATED,
                 "found no such file");

  tensor = read_key (absent, "here");
  g_assert_cmpfloat (dpt_tensor_get_double (tensor, 1), ==, 2.0);
}

/* Every byte of the data file is under some tensor's checksum. */
static void
test_damaged_data (Fixture *fixture, gconstpointer data)
{
  static const float values[] = { 1, 2, 3 };
  DptShape shape = dpt_shape_new_1d (3);
  DptShape two = dpt_shape_new_1d (2);
  DptString strings[] = { { "ab", 2 }, { "c", 1 } };
  g_autofree char *path = g_strconcat (fixture->prefix, ".data-00000-of-00001",
                                       NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  dpt_bundle_builder_add (fixture->builder, "numbers", DPT_DTYPE_FLOAT32,
                          &shape, values);
  dpt_bundle_builder_add_strings (fixture->builder, "text", &two, strings);
  dpt_bundle_builder_write (fixture->builder, fixture->prefix);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, ==, 12 + 2 + 4 + 3);

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        const char *key = i < 12 ? "numbers" : "text";
        g_autofree char *copy = g_memdup2 (bytes, size);
        g_autoptr (DptCheckpoint) checkpoint = NULL;
        g_autoptr (DptTensor) tensor = NULL;
        g_autoptr (GError) error = NULL;

        copy[i] = (char) (copy[i] ^ (1 << bit));
        dpt_test_write (path, copy, size);
        checkpoint = open_prefix (fixture->prefix);
        tensor = try_read (checkpoint, key, &error);
        g_assert_null (tensor);
        g_assert_nonnull (strstr (error->message, path));
        g_assert_nonnull (strstr (error->message, key));
      }
}

static void
test_shrinks_while_open (Fixture *fixture, gconstpointer data)
{
  static const float values[] = { 1, 2, 3 };
  DptShape shape = dpt_shape_new_1d (3);
  g_autofree char *path = g_strconcat (fixture->prefix, ".data-00000-of-00001",
                                       NULL);
  g_autoptr (DptCheckpoint) before = NULL;
  g_autoptr (DptCheckpoint) during = NULL;
  g_autoptr (DptTensor) tensor = NULL;

  dpt_bundle_builder_add (fixture->builder, "t", DPT_DTYPE_FLOAT32, &shape,
                          values);
  before = write_and_open (fixture);
  during = open_prefix (fixture->prefix);
  tensor = read_key (during, "t");

  g_assert_cmpint (truncate (path, 5), ==, 0);
  assert_unread (before, "t", DPT_FORMAT_ERROR_CHANGED, "changed since");
  assert_unread (during, "t", DPT_FORMAT_ERROR_CHANGED, "shrank");

  dpt_test_write (path, "aaaaaaaaaaaa", 12);
  assert_unread (before, "t", DPT_FORMAT_ERROR_CHECKSUM, "found");
}

static void
test_variant (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  dpt_test_proto_put_varint (entry, 1, DPT_DTYPE_VARIANT);
  dpt_bundle_builder_add_entry (fixture->builder, "v", 1, entry);
  checkpoint = write_and_open (fixture);
  assert_unread (checkpoint, "v", DPT_FORMAT_ERROR_UNSUPPORTED,
                 "'v' is a variant tensor");
}

/* Every truncation and every changed byte of an index, on disk as a person
 * would meet it. */
static void
test_damaged_index (Fixture *fixture, gconstpointer data)
{
  static const float values[] = { 1, 2, 3 };
  DptShape shape = dpt_shape_new_1d (3);
  g_autofree char *path = g_strconcat (fixture->prefix, ".index", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  dpt_bundle_builder_add (fixture->builder, "w", DPT_DTYPE_FLOAT32, &shape,
                          values);
  dpt_bundle_builder_write (fixture->builder, fixture->prefix);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (GError) error = NULL;

      dpt_test_write (path, bytes, i);
      g_assert_null (
          dpt_tensor_bundle_open (fixture->prefix, NULL, NULL, &error));
      g_assert_true (g_str_has_prefix (error->message, path));
      g_clear_error (&error);

      bytes[i] = (char) (bytes[i] ^ 0x55);
      dpt_test_write (path, bytes, size);
      bytes[i] = (char) (bytes[i] ^ 0x55);
      g_assert_null (
          dpt_tensor_bundle_open (fixture->prefix, NULL, NULL, &error));
      g_assert_true (g_str_has_prefix (error->message, path));
    }
}

/* y = 0.5 x + 2: variables a = 0.5 and b = 2.0. */
static void
test_half_plus_two (void)
{
  g_autofree char *prefix = dpt_test_corpus (
      "ckpt/tf_half_plus_two_ckpt_v2/export");
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptTensor) a = NULL;
  g_autoptr (DptTensor) b = NULL;

  if (prefix == NULL)
    {
      g_test_skip ("there is no corpus");
      return;
    }

  checkpoint = open_prefix (prefix);
  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 2);
  a = read_key (checkpoint, "a");
  b = read_key (checkpoint, "b");
  g_assert_cmpfloat (dpt_tensor_get_double (a, 0), ==, 0.5);
  g_assert_cmpfloat (dpt_tensor_get_double (b, 0), ==, 2.0);
}

static void
test_many_keys (Fixture *fixture, gconstpointer data)
{
  DptTableOptions options = { .block_size = 4096, .restart_interval = 16 };
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  guint index;

  dpt_bundle_builder_set_table (fixture->builder, &options);
  for (guint8 i = 0; i < 100; i++)
    for (guint j = 0; j < 100; j++)
      {
        g_autofree char *key = g_strdup_printf ("block_%u/layer_%u/w", i, j);

        dpt_bundle_builder_add (fixture->builder, key, DPT_DTYPE_UINT8,
                                &DPT_SHAPE_SCALAR, &i);
      }
  checkpoint = write_and_open (fixture);

  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 10000);
  for (guint i = 1; i < 10000; i++)
    g_assert_cmpint (strcmp (dpt_checkpoint_get_entry (checkpoint, i - 1)->key,
                             dpt_checkpoint_get_entry (checkpoint, i)->key),
                     <, 0);
  g_assert_true (
      dpt_checkpoint_find (checkpoint, "block_42/layer_7/w", &index));
  g_assert_false (dpt_checkpoint_find (checkpoint, "block_42/layer_7", &index));
}

static gpointer
read_often (gpointer data)
{
  DptCheckpoint *checkpoint = data;

  for (guint i = 0; i < 200; i++)
    for (guint j = 0; j < dpt_checkpoint_get_n_entries (checkpoint); j++)
      {
        g_autoptr (DptTensor) tensor =
            dpt_checkpoint_read (checkpoint,
                                 dpt_checkpoint_get_entry (checkpoint, j), NULL,
                                 NULL, NULL);

        g_assert_cmpint (dpt_tensor_get_int (tensor, 0), ==, j);
      }

  return NULL;
}

/* Shards are opened by whoever comes first, and read by all at once. */
static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  GThread *threads[4];

  dpt_bundle_builder_set_n_shards (fixture->builder, 3);
  for (gint64 i = 0; i < 9; i++)
    {
      g_autofree char *key = g_strdup_printf ("v%d", (int) i);

      dpt_bundle_builder_set_shard (fixture->builder, (guint) i % 3);
      dpt_bundle_builder_add (fixture->builder, key, DPT_DTYPE_INT64,
                              &DPT_SHAPE_SCALAR, &i);
    }
  checkpoint = write_and_open (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_often, checkpoint);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Nine megabytes are more than two chunks. */
static void
test_chunks (Fixture *fixture, gconstpointer data)
{
  gsize count = 9 * 1024 * 1024;
  DptShape shape = dpt_shape_new_1d ((gint64) count);
  g_autofree guint8 *values = g_malloc (count);
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptTensor) tensor = NULL;

  for (gsize i = 0; i < count; i++)
    values[i] = (guint8) (i * 7 + i / 251);
  dpt_bundle_builder_add (fixture->builder, "big", DPT_DTYPE_UINT8, &shape,
                          values);
  checkpoint = write_and_open (fixture);
  tensor = read_key (checkpoint, "big");
  g_assert_cmpmem (dpt_tensor_get_data (tensor), dpt_tensor_get_size (tensor),
                   values, count);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add ("/tensor-bundle/" name, Fixture, NULL, set_up, func, tear_down)

  ADD ("dtypes", test_dtypes);
  ADD ("big-endian", test_big_endian);
  ADD ("big-endian-dtypes", test_big_endian_dtypes);
  ADD ("snappy-blocks", test_snappy_blocks);
  ADD ("strings", test_strings);
  ADD ("keys", test_keys);
  ADD ("cut", test_cut);
  ADD ("partitioned", test_partitioned);
  ADD ("partition-gap", test_partition_gap);
  ADD ("partition-overlap", test_partition_overlap);
  ADD ("missing-shard", test_missing_shard);
  ADD ("damaged-data", test_damaged_data);
  ADD ("shrinks-while-open", test_shrinks_while_open);
  ADD ("variant", test_variant);
  ADD ("damaged-index", test_damaged_index);
  g_test_add_func ("/tensor-bundle/half-plus-two", test_half_plus_two);
  ADD ("many-keys", test_many_keys);
  ADD ("threads", test_threads);
  ADD ("chunks", test_chunks);

  return g_test_run ();
}
