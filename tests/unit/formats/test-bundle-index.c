/* test-bundle-index.c - entries and headers, possible and impossible
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-bundle-index"

#include "dpt-bundle-index.h"

#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-format-error.h"
#include "dpt-test-proto.h"
#include "dpt-test.h"

static DptBundleIndex *
read_index (DptBundleBuilder *builder, GError **error)
{
  g_autoptr (GBytes) bytes = dpt_bundle_builder_end_index (builder);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("x.index",
                                                                     bytes);

  return dpt_bundle_index_read (source, NULL, NULL, error);
}

/* An entry from the numbers of its fields; a dimension of -2 ends the
 * shape. */
static GByteArray *
make_entry (guint64 dtype,
            const gint64 *dims,
            guint64 shard,
            guint64 offset,
            guint64 size)
{
  GByteArray *entry = g_byte_array_new ();
  GByteArray *shape = g_byte_array_new ();

  for (guint d = 0; dims[d] != -2; d++)
    {
      GByteArray *dim = g_byte_array_new ();

      dpt_test_proto_put_varint (dim, 1, (guint64) dims[d]);
      dpt_test_proto_put_message (shape, 2, dim);
    }

  dpt_test_proto_put_varint (entry, 1, dtype);
  dpt_test_proto_put_message (entry, 2, shape);
  dpt_test_proto_put_varint (entry, 3, shard);
  dpt_test_proto_put_varint (entry, 4, offset);
  dpt_test_proto_put_varint (entry, 5, size);
  dpt_test_proto_put_fixed32 (entry, 6, 0xa282ead8);
  return entry;
}

static void
assert_refused (DptBundleBuilder *builder, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_index (builder, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "x.index: "));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_entries (void)
{
  /* clang-format off */
  const struct
  {
    guint64 dtype;
    gint64 dims[18];
    guint64 shard, offset, size;
    const char *part; /* of the error; NULL if the entry is fine */
  } cases[] = {
    { 1,   { 2, 3, -2 },     0, 0, 24, NULL },
    { 1,   { -2 },           0, 9, 4, NULL },
    { 1,   { 0, 5, -2 },     0, 0, 0, NULL },
    { 29,  { 3, -2 },        0, 0, 3, NULL },
    { 21,  { -2 },           0, 0, 77, NULL },
    { 7,   { 2, -2 },        0, 0, 6, NULL },
    { 7,   { 2, -2 },        0, 0, 5, "at least 2 bytes and 4" },
    { 0,   { -2 },           0, 0, 4, "a dtype number was expected, found 0" },
    { 26,  { -2 },           0, 0, 4, "found 26" },
    { 101, { -2 },           0, 0, 4, "found 101" },
    { G_MAXUINT64, { -2 },   0, 0, 4, "a dtype number" },
    { 1,   { -1, -2 },       0, 0, 4, "a dimension of 0 or more" },
    { 1,   { 2, 3, -2 },     0, 0, 20, "24 bytes were expected" },
    { 1,   { 2, 3, -2 },     1, 0, 24, "a shard below 1 was expected" },
    { 1,   { 1, -2 },        0, G_MAXINT64 - 3, 4, "a range of bytes" },
    { 21,  { -2 },           0, 0, G_MAXUINT64, "a range of bytes" },
    { 1,   { G_MAXINT64, 4, -2 }, 0, 0, 0, "whose size can be counted" },
    { 1,   { G_MAXINT64 / 2, -2 }, 0, 0, 0, "whose size can be counted" },
    { 1,   { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -2 },
      0, 0, 4, "at most 16 dimensions" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
      g_autoptr (GByteArray) entry = make_entry (cases[i].dtype, cases[i].dims,
                                                 cases[i].shard,
                                                 cases[i].offset,
                                                 cases[i].size);
      g_autoptr (DptBundleIndex) index = NULL;
      g_autoptr (GError) error = NULL;

      dpt_bundle_builder_add_entry (builder, "a key", 5, entry);
      if (cases[i].part != NULL)
        {
          assert_refused (builder, cases[i].part);
          continue;
        }

      index = read_index (builder, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dpt_bundle_index_get_n_records (index), ==, 1);
      g_assert_cmpuint (dpt_bundle_index_get_record (index, 0)->size, ==,
                        cases[i].size);
    }
}

static void
test_malformed (void)
{
  static const char *const messages[] = {
    "\x08",         /* a tag without its number */
    "\x12\x05\x12", /* a shape longer than its entry */
    "\x3d\x01",     /* half a fixed32 */
    "\x0b\x0c",     /* a group */
    "\x02\x01",     /* field 0 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
      g_autoptr (GByteArray) entry = g_byte_array_new ();

      g_byte_array_append (entry, (const guint8 *) messages[i],
                           (guint) strlen (messages[i]));
      dpt_bundle_builder_add_entry (builder, "a key", 5, entry);
      assert_refused (builder, "key 'a key': a well-formed");
    }
}

/* The bytes of TensorFlow's header for one little-endian shard. */
static void
test_header (void)
{
  static const guint8 genuine[] = { 0x08, 0x01, 0x1a, 0x02, 0x08, 0x01 };
  DptBundleHeader header;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      dpt_bundle_header_parse (&header, genuine, sizeof genuine, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (header.n_shards, ==, 1);
  g_assert_false (header.is_big_endian);
}

static void
test_headers (void)
{
  /* clang-format off */
  static const struct
  {
    const char *bytes;
    gsize length;
    const char *part;
  } cases[] = {
    { "", 0,                         "1 to 99999 shards" },
    { "\x08\x00", 2,                 "found 0" },
    { "\x08\xa0\x8d\x06", 4,         "found 100000" },
    { "\x08\x01\x10\x02", 4,         "byte order 0 (little) or 1 (big)" },
    { "\x08\x01\x1a\x02\x10\x02", 6, "version 2 or later" },
    { "\x08\x01\x1a\x02\x18\x01", 6, "excludes them" },
    { "\x08\x01\x1a\x03\x1a\x01\x01", 7, "excludes them" },
    { "\x08\x01\x1a\x09\x08", 5,     "a well-formed BundleHeaderProto" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
      g_autoptr (GByteArray) header = g_byte_array_new ();

      g_byte_array_append (header, (const guint8 *) cases[i].bytes,
                           (guint) cases[i].length);
      dpt_bundle_builder_set_header (builder, header);
      assert_refused (builder, cases[i].part);
    }
}

static void
test_no_header (void)
{
  g_autoptr (DptTableBuilder) table = dpt_table_builder_new (
      &DPT_TABLE_OPTIONS_TENSORFLOW);
  g_autoptr (DptTableBuilder) empty = dpt_table_builder_new (
      &DPT_TABLE_OPTIONS_TENSORFLOW);
  DptTableBuilder *builders[] = { table, empty };
  const char *parts[] = { "under the empty key", "found no entries" };

  dpt_table_builder_add (table, "a", 1, "", 0);
  for (guint i = 0; i < G_N_ELEMENTS (builders); i++)
    {
      g_autoptr (GBytes) bytes = dpt_table_builder_end (builders[i]);
      g_autoptr (DptByteSource) source =
          dpt_byte_source_new_from_bytes ("x.index", bytes);
      g_autoptr (GError) error = NULL;

      g_assert_null (dpt_bundle_index_read (source, NULL, NULL, &error));
      g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
      g_assert_nonnull (strstr (error->message, parts[i]));
    }
}

/* A partitioned entry "v" of shape [4] whose only slice is 0..3. */
static GByteArray *
make_partitioned (gint64 length)
{
  static const gint64 dims[] = { 4, -2 };
  GByteArray *entry = make_entry (1, dims, 0, 0, 0);
  GByteArray *slice = g_byte_array_new ();
  GByteArray *extent = g_byte_array_new ();

  dpt_test_proto_put_varint (extent, 2, (guint64) length);
  dpt_test_proto_put_message (slice, 1, extent);
  dpt_test_proto_put_message (entry, 7, slice);
  return entry;
}

static void
test_slices (void)
{
  static const guint8 key[] = { 0, 'v', 0, 1, 1, 1, 0x80, 0x83 };
  static const gint64 right[] = { 3, -2 };
  static const gint64 wrong[] = { 2, -2 };
  g_autoptr (GByteArray) whole = make_partitioned (3);
  g_autoptr (GByteArray) outside = make_partitioned (5);
  g_autoptr (GByteArray) good = make_entry (1, right, 0, 0, 12);
  g_autoptr (GByteArray) other_shape = make_entry (1, wrong, 0, 0, 8);
  g_autoptr (GByteArray) other_dtype = make_entry (3, right, 0, 0, 12);
  const struct
  {
    const GByteArray *whole;
    const void *key;
    gsize key_length;
    const GByteArray *slice;
    const char *part;
  } cases[] = {
    { whole, key, sizeof key, good, NULL },
    { whole, key, sizeof key, other_shape, "of the shapes it lists" },
    { whole, key, sizeof key, other_dtype, "slices of its dtype" },
    { whole, "w", 1, good, "key 'v': a record for each of its slices" },
    { outside, key, sizeof key, good, "slice 0 inside dimension 0 of 4" },
    { good, key, sizeof key, good, "a tensor 'v' that lists its slices" },
    { good, "\0x", 2, good, "the key of a slice was expected" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
      g_autoptr (DptBundleIndex) index = NULL;
      g_autoptr (GError) error = NULL;

      dpt_bundle_builder_add_entry (builder, "v", 1, cases[i].whole);
      dpt_bundle_builder_add_entry (builder, cases[i].key, cases[i].key_length,
                                    cases[i].slice);
      if (cases[i].part != NULL)
        {
          assert_refused (builder, cases[i].part);
          continue;
        }

      index = read_index (builder, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dpt_bundle_index_get_n_records (index), ==, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bundle-index/entries", test_entries);
  g_test_add_func ("/bundle-index/malformed", test_malformed);
  g_test_add_func ("/bundle-index/header", test_header);
  g_test_add_func ("/bundle-index/headers", test_headers);
  g_test_add_func ("/bundle-index/no-header", test_no_header);
  g_test_add_func ("/bundle-index/slices", test_slices);

  return g_test_run ();
}
