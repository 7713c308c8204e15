/* test-table.c - whole tables: genuine ones, hand-made ones, damaged ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-table"

#include "dpt-table-iter.h"

#include <string.h>

#include "dpt-crc32c.h"
#include "dpt-format-error.h"
#include "dpt-table-builder.h"
#include "dpt-test.h"

#define N_ENTRIES 100

/* Keys that share beginnings, values that Snappy can shrink. */
static GBytes *
build (const DptTableOptions *options, guint n_entries)
{
  g_autoptr (DptTableBuilder) builder = dpt_table_builder_new (options);

  for (guint i = 0; i < n_entries; i++)
    {
      g_autofree char *key = g_strdup_printf ("layer_%03u/kernel", i);
      g_autofree char *value = g_strnfill (i, 'v');

      dpt_table_builder_add (builder, key, strlen (key), value, i);
    }

  return dpt_table_builder_end (builder);
}

/* Reads a table to its end; the number of entries, or -1 with @error. */
static int
walk (GBytes *bytes, GError **error)
{
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("a table",
                                                                     bytes);
  g_autoptr (DptTable) table = dpt_table_open (source, error);
  g_autoptr (DptTableIter) iter = NULL;
  g_autoptr (GError) failure = NULL;
  int n = 0;

  if (table == NULL)
    return -1;

  iter = dpt_table_iter_new (table);
  while (dpt_table_iter_next (iter, NULL, &failure))
    n++;
  if (failure == NULL)
    return n;

  g_propagate_error (error, g_steal_pointer (&failure));
  return -1;
}

static void
assert_sound (const DptTableOptions *options, guint n_blocks)
{
  g_autoptr (GBytes) bytes = build (options, N_ENTRIES);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("a table",
                                                                     bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTable) table = dpt_table_open (source, &error);
  g_autoptr (DptTableIter) iter = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_table_get_n_blocks (table), >=, n_blocks);

  iter = dpt_table_iter_new (table);
  for (guint i = 0; i < N_ENTRIES; i++)
    {
      g_autofree char *key = g_strdup_printf ("layer_%03u/kernel", i);
      gsize length;
      const guint8 *found;

      g_assert_true (dpt_table_iter_next (iter, NULL, &error));
      found = dpt_table_iter_get_key (iter, &length);
      g_assert_cmpmem (found, length, key, strlen (key));
      found = dpt_table_iter_get_value (iter, &length);
      g_assert_cmpuint (length, ==, i);
      for (gsize j = 0; j < length; j++)
        g_assert_cmpuint (found[j], ==, 'v');
    }
  g_assert_false (dpt_table_iter_next (iter, NULL, &error));
  g_assert_no_error (error);
}

static void
test_shapes (void)
{
  for (guint interval = 1; interval <= 16; interval *= 4)
    for (gsize size = 1; size <= 4096; size *= 16)
      {
        DptTableOptions options = { .block_size = size,
                                    .restart_interval = interval };

        assert_sound (&options, size == 1 ? N_ENTRIES : 1);
        options.use_snappy = TRUE;
        assert_sound (&options, size == 1 ? N_ENTRIES : 1);
      }
}

/* Two empty blocks of 8 bytes and their trailers, and the footer. */
static void
test_empty (void)
{
  g_autoptr (GBytes) bytes = build (&DPT_TABLE_OPTIONS_TENSORFLOW, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 2 * (8 + 5) + 48);
  g_assert_cmpint (walk (bytes, &error), ==, 0);
  g_assert_no_error (error);
}

static void
assert_no_damage_passes (const DptTableOptions *options)
{
  static const guint8 masks[] = { 0x01, 0x10, 0x80, 0xff };
  g_autoptr (GBytes) bytes = build (options, 12);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpint (walk (bytes, NULL), ==, 12);

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, i);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (walk (cut, &error), ==, -1);
      g_assert_nonnull (strstr (error->message, "expected"));
      g_clear_error (&error);

      for (guint m = 0; m < G_N_ELEMENTS (masks); m++)
        {
          g_autofree guint8 *copy = g_memdup2 (data, size);
          g_autoptr (GBytes) flipped = NULL;

          copy[i] ^= masks[m];
          flipped = g_bytes_new_take (g_steal_pointer (&copy), size);
          g_assert_cmpint (walk (flipped, &error), ==, -1);
          g_assert_nonnull (strstr (error->message, "a table: "));
          g_clear_error (&error);
        }
    }
}

/* No byte of a table is out of sight of a check. */
static void
test_damage (void)
{
  DptTableOptions options = { .block_size = 64, .restart_interval = 2 };

  assert_no_damage_passes (&DPT_TABLE_OPTIONS_TENSORFLOW);
  assert_no_damage_passes (&options);
  options.use_snappy = TRUE;
  assert_no_damage_passes (&options);
}

/* A byte between two blocks moves everything after it. */
static void
test_gap (void)
{
  g_autoptr (GBytes) bytes = build (&DPT_TABLE_OPTIONS_TENSORFLOW, 3);
  g_autoptr (GByteArray) longer = g_byte_array_new ();
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_byte_array_append (longer, data, (guint) size - 48);
  g_byte_array_append (longer, (const guint8 *) "x", 1);
  g_byte_array_append (longer, data + size - 48, 48);
  file = g_byte_array_free_to_bytes (g_steal_pointer (&longer));

  g_assert_cmpint (walk (file, &error), ==, -1);
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "the footer was expected"));
}

/* With one entry a block, order is the index's business. */
static void
test_bounds (void)
{
  DptTableOptions options = { .block_size = 1, .restart_interval = 16 };
  g_autoptr (DptTableBuilder) builder = dpt_table_builder_new (&options);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  dpt_table_builder_add (builder, "b", 1, "", 0);
  dpt_table_builder_add (builder, "a", 1, "", 0);
  bytes = dpt_table_builder_end (builder);

  g_assert_cmpint (walk (bytes, &error), ==, -1);
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
}

/* A block of type 1 that announces @length unpacked bytes. */
static GBytes *
build_bomb (const guint8 *length, gsize length_size)
{
  g_autoptr (GBytes) bytes = build (&DPT_TABLE_OPTIONS_TENSORFLOW, 8);
  gsize size;
  guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&bytes), &size);
  const guint8 *footer = data + size - 48;
  gsize end;
  guint32 crc;

  /* The metaindex's offset, two bytes of varint, is where the only data
   * block's trailer ends. */
  g_assert_cmpuint (footer[0], >=, 0x80);
  end = (footer[0] & 0x7f) | (gsize) footer[1] << 7;
  memcpy (data, length, length_size);
  data[end - 5] = 1;
  crc = GUINT32_TO_LE (dpt_crc32c_mask (dpt_crc32c (data, end - 4)));
  memcpy (data + end - 4, &crc, sizeof crc);
  return g_bytes_new_take (data, size);
}

static void
test_snappy_bomb (void)
{
  static const guint8 huge[] = { 0xff, 0xff, 0xff, 0xff, 0x0f };
  static const guint8 wrong[] = { 0x20 };
  g_autoptr (GBytes) bomb = build_bomb (huge, sizeof huge);
  g_autoptr (GBytes) damaged = build_bomb (wrong, sizeof wrong);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (walk (bomb, &error), ==, -1);
  g_assert_nonnull (strstr (error->message, "found 4294967295"));
  g_clear_error (&error);

  g_assert_cmpint (walk (damaged, &error), ==, -1);
  g_assert_nonnull (strstr (error->message, "Snappy block at offset 0"));
}

/* As well as Snappy can: one byte, repeated, is refused by no limit. */
static void
test_snappy_best (void)
{
  DptTableOptions options = DPT_TABLE_OPTIONS_TENSORFLOW;
  g_autofree char *value = g_strnfill (1000000, 'v');
  g_autoptr (DptTableBuilder) builder = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  options.use_snappy = TRUE;
  builder = dpt_table_builder_new (&options);
  dpt_table_builder_add (builder, "k", 1, value, 1000000);
  bytes = dpt_table_builder_end (builder);

  g_assert_cmpuint (g_bytes_get_size (bytes), <, 50000);
  g_assert_cmpint (walk (bytes, &error), ==, 1);
  g_assert_no_error (error);
}

static void
test_cancel (void)
{
  g_autoptr (GBytes) bytes = build (&DPT_TABLE_OPTIONS_TENSORFLOW, 3);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("a table",
                                                                     bytes);
  g_autoptr (DptTable) table = dpt_table_open (source, NULL);
  g_autoptr (DptTableIter) iter = dpt_table_iter_new (table);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (dpt_table_iter_next (iter, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Genuine index files, read and written again: the bytes are TensorFlow's, so
 * both the reader and the tests' own writer are held to them. */
static void
test_genuine (void)
{
  static const char *const names[] = {
    "ckpt/tf_half_plus_two_ckpt_v2/export.index",
    "ckpt/keras_bert_tiny/bert_model.ckpt.index",
    "ckpt/t2t_transformer_sharded/model.ckpt-1.index",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = dpt_test_corpus (names[i]);
      g_autoptr (DptTableBuilder) builder = dpt_table_builder_new (
          &DPT_TABLE_OPTIONS_TENSORFLOW);
      g_autoptr (DptByteSource) source = NULL;
      g_autoptr (DptTable) table = NULL;
      g_autoptr (DptTableIter) iter = NULL;
      g_autoptr (GBytes) expected = NULL;
      g_autoptr (GBytes) found = NULL;
      g_autoptr (GError) error = NULL;

      if (path == NULL)
        {
          g_test_skip ("there is no corpus");
          return;
        }

      source = dpt_byte_source_open (path, &error);
      g_assert_no_error (error);
      table = dpt_table_open (source, &error);
      g_assert_no_error (error);

      iter = dpt_table_iter_new (table);
      while (dpt_table_iter_next (iter, NULL, &error))
        {
          gsize key_length;
          gsize value_length;
          const guint8 *key = dpt_table_iter_get_key (iter, &key_length);
          const guint8 *value = dpt_table_iter_get_value (iter, &value_length);

          dpt_table_builder_add (builder, key, key_length, value, value_length);
        }
      g_assert_no_error (error);

      found = dpt_table_builder_end (builder);
      expected = dpt_byte_source_read_bytes (source, 0,
                                             (gsize) dpt_byte_source_get_size (
                                                 source),
                                             &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (found, expected));
    }
}

static void
test_v1 (void)
{
  g_autofree char *v1 = dpt_test_corpus (
      "ckpt/tf_half_plus_two_v1/export-00000-of-00001");
  g_autofree char *v2 = dpt_test_corpus (
      "ckpt/tf_half_plus_two_ckpt_v2/export.index");
  g_autoptr (DptByteSource) old = NULL;
  g_autoptr (DptByteSource) new = NULL;
  g_autoptr (GError) error = NULL;

  if (v1 == NULL)
    {
      g_test_skip ("there is no corpus");
      return;
    }

  old = dpt_byte_source_open (v1, &error);
  g_assert_no_error (error);
  g_assert_true (dpt_table_is_v1_checkpoint (old));

  new = dpt_byte_source_open (v2, &error);
  g_assert_no_error (error);
  g_assert_true (dpt_table_has_magic (new));
  g_assert_false (dpt_table_is_v1_checkpoint (new));
}

/* Long keys that differ in their last bytes take next to nothing in a file
 * and would fill the memory: 5000 of 60,000 bytes are 300 MB. */
static void
assert_keys_refused (const DptTableOptions *options,
                     gsize length,
                     guint n_keys,
                     const char *said)
{
  g_autoptr (DptTableBuilder) builder = dpt_table_builder_new (options);
  g_autoptr (GString) key = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < length; i++)
    g_string_append_c (key, 'k');
  for (guint i = 0; i < n_keys; i++)
    {
      g_string_truncate (key, length);
      g_string_append_printf (key, "%05u", i);
      dpt_table_builder_add (builder, key->str, key->len, "", 0);
    }

  bytes = dpt_table_builder_end (builder);
  g_assert_cmpint (walk (bytes, &error), ==, -1);
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, said));
}

static void
test_long_keys (void)
{
  DptTableOptions one_block = { .block_size = 1 << 20,
                                .restart_interval = 10000 };
  DptTableOptions small_blocks = { .block_size = 1,
                                   .restart_interval = 1,
                                   .index_interval = 10000 };

  assert_keys_refused (&one_block, 65532, 1, "at most 65536 bytes");
  assert_keys_refused (&one_block, 60000, 5000,
                       "at most 268435456 bytes together");
  assert_keys_refused (&small_blocks, 60000, 1200,
                       "at most 67108864 bytes together");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/shapes", test_shapes);
  g_test_add_func ("/table/empty", test_empty);
  g_test_add_func ("/table/damage", test_damage);
  g_test_add_func ("/table/gap", test_gap);
  g_test_add_func ("/table/bounds", test_bounds);
  g_test_add_func ("/table/snappy-bomb", test_snappy_bomb);
  g_test_add_func ("/table/snappy-best", test_snappy_best);
  g_test_add_func ("/table/cancel", test_cancel);
  g_test_add_func ("/table/genuine", test_genuine);
  g_test_add_func ("/table/long-keys", test_long_keys);
  g_test_add_func ("/table/v1", test_v1);

  return g_test_run ();
}
