/* dpt-bundle-builder.c - writes V2 checkpoints for tests and samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Written from the layout in doc/formats/tensor-bundle.md, apart from the
 * reader that it tests.
 */

#define G_LOG_DOMAIN "dpt-bundle-builder"

#include "dpt-bundle-builder.h"

#include <string.h>

#include "dpt-crc32c.h"
#include "dpt-test-proto.h"
#include "dpt-test.h"

typedef struct
{
  GByteArray *key;
  GByteArray *value;
} Entry;

/* A partitioned tensor: its entry, which grows with each slice. */
typedef struct
{
  char *name;
  GByteArray *entry;
} Partitioned;

struct _DptBundleBuilder
{
  DptTableOptions table;
  gboolean is_big_endian;
  guint shard;
  GPtrArray *shards; /* (element-type GByteArray) */
  GArray *entries;
  GArray *partitioned;
  GByteArray *header;
};

static void
clear_entry_cb (gpointer data)
{
  g_byte_array_unref (((Entry *) data)->key);
  g_byte_array_unref (((Entry *) data)->value);
}

static void
clear_partitioned_cb (gpointer data)
{
  g_free (((Partitioned *) data)->name);
  g_clear_pointer (&((Partitioned *) data)->entry, g_byte_array_unref);
}

static int
compare_entries_cb (gconstpointer a, gconstpointer b)
{
  const GByteArray *left = ((const Entry *) a)->key;
  const GByteArray *right = ((const Entry *) b)->key;
  guint common = MIN (left->len, right->len);
  int order = common > 0 ? memcmp (left->data, right->data, common) : 0;

  return order != 0 ? order : (int) left->len - (int) right->len;
}

static void
add_entry (DptBundleBuilder *self,
           const void *key,
           gsize key_length,
           GByteArray *value)
{
  Entry entry = { .key = g_byte_array_new (), .value = value };

  g_byte_array_append (entry.key, key, (guint) key_length);
  g_array_append_val (self->entries, entry);
}

static GByteArray *
make_shape (const DptShape *shape)
{
  GByteArray *message = g_byte_array_new ();

  for (int d = 0; d < shape->rank; d++)
    {
      GByteArray *dim = g_byte_array_new ();

      if (shape->dims[d] != 0)
        dpt_test_proto_put_varint (dim, 1, (guint64) shape->dims[d]);
      dpt_test_proto_put_message (message, 2, dim);
    }

  return message;
}

static GByteArray *
make_entry (DptDtype dtype,
            const DptShape *shape,
            guint shard,
            gsize offset,
            gsize size,
            guint32 crc)
{
  GByteArray *entry = g_byte_array_new ();

  dpt_test_proto_put_varint (entry, 1, dtype);
  dpt_test_proto_put_message (entry, 2, make_shape (shape));
  if (shard != 0)
    dpt_test_proto_put_varint (entry, 3, shard);
  if (offset != 0)
    dpt_test_proto_put_varint (entry, 4, offset);
  if (size != 0)
    dpt_test_proto_put_varint (entry, 5, size);
  dpt_test_proto_put_fixed32 (entry, 6, dpt_crc32c_mask (crc));
  return entry;
}

/* Appends @data in the bundle's byte order; returns its entry. */
static GByteArray *
store (DptBundleBuilder *self,
       DptDtype dtype,
       const DptShape *shape,
       const guint8 *data)
{
  GByteArray *file = g_ptr_array_index (self->shards, self->shard);
  gsize width = dpt_dtype_get_size (dtype);
  gsize size = dpt_shape_get_count (shape) * width;
  gsize offset = file->len;
  gsize part = dpt_dtype_is_complex (dtype) ? width / 2 : width;

  if (size > 0)
    g_byte_array_append (file, data, (guint) size);
  for (gsize i = 0; self->is_big_endian && i < size; i++)
    file->data[offset + i] = data[i / part * part + (part - 1 - i % part)];

  return make_entry (dtype, shape, self->shard, offset, size,
                     dpt_crc32c (file->data + offset, size));
}

/* The signed numbers of a slice's key, up to three bytes long. */
static void
put_signed (GByteArray *key, gint64 value)
{
  guint8 bytes[3];

  if (value >= -64 && value < 64)
    {
      bytes[0] = (guint8) value ^ 0x80;
      g_byte_array_append (key, bytes, 1);
    }
  else if (value >= -8192 && value < 8192)
    {
      bytes[0] = (guint8) (value >> 8) ^ 0xc0;
      bytes[1] = (guint8) value;
      g_byte_array_append (key, bytes, 2);
    }
  else
    {
      g_assert_cmpint (value, >=, -(1 << 20));
      g_assert_cmpint (value, <, 1 << 20);
      bytes[0] = (guint8) (value >> 16) ^ 0xe0;
      bytes[1] = (guint8) (value >> 8);
      bytes[2] = (guint8) value;
      g_byte_array_append (key, bytes, 3);
    }
}

/* Names without the bytes 00 and ff, which would need escapes. */
static GByteArray *
make_slice_key (const char *name,
                int rank,
                const gint64 *start,
                const gint64 *length)
{
  GByteArray *key = g_byte_array_new ();
  guint8 rank_bytes[] = { 1, (guint8) rank };

  g_byte_array_append (key, (const guint8 *) "\0", 1);
  g_byte_array_append (key, (const guint8 *) name, (guint) strlen (name));
  g_byte_array_append (key, (const guint8 *) "\0\1", 2);
  g_byte_array_append (key, rank_bytes, sizeof rank_bytes);
  for (int d = 0; d < rank; d++)
    {
      put_signed (key, start[d]);
      put_signed (key, length[d]);
    }

  return key;
}

static GByteArray *
make_slice (int rank, const gint64 *start, const gint64 *length)
{
  GByteArray *slice = g_byte_array_new ();

  for (int d = 0; d < rank; d++)
    {
      GByteArray *extent = g_byte_array_new ();

      if (start[d] != 0)
        dpt_test_proto_put_varint (extent, 1, (guint64) start[d]);
      if (length[d] != -1)
        dpt_test_proto_put_varint (extent, 2, (guint64) length[d]);
      dpt_test_proto_put_message (slice, 1, extent);
    }

  return slice;
}

static Partitioned *
find_partitioned (DptBundleBuilder *self,
                  const char *name,
                  DptDtype dtype,
                  const DptShape *whole)
{
  Partitioned added = { 0 };

  for (guint i = 0; i < self->partitioned->len; i++)
    {
      Partitioned *known = &g_array_index (self->partitioned, Partitioned, i);

      if (g_str_equal (known->name, name))
        return known;
    }

  added.name = g_strdup (name);
  added.entry = g_byte_array_new ();
  dpt_test_proto_put_varint (added.entry, 1, dtype);
  dpt_test_proto_put_message (added.entry, 2, make_shape (whole));
  g_array_append_val (self->partitioned, added);
  return &g_array_index (self->partitioned, Partitioned,
                         self->partitioned->len - 1);
}

/**
 * dpt_bundle_builder_new:
 *
 * Returns: (transfer full): a builder without tensors.
 */
DptBundleBuilder *
dpt_bundle_builder_new (void)
{
  DptBundleBuilder *self = g_new0 (DptBundleBuilder, 1);

  self->table = DPT_TABLE_OPTIONS_TENSORFLOW;
  self->shards = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_byte_array_unref);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->partitioned = g_array_new (FALSE, FALSE, sizeof (Partitioned));
  g_array_set_clear_func (self->entries, clear_entry_cb);
  g_array_set_clear_func (self->partitioned, clear_partitioned_cb);
  dpt_bundle_builder_set_n_shards (self, 1);
  return self;
}

/**
 * dpt_bundle_builder_free:
 * @self: (transfer full): a builder
 */
void
dpt_bundle_builder_free (DptBundleBuilder *self)
{
  g_ptr_array_unref (self->shards);
  g_array_unref (self->entries);
  g_array_unref (self->partitioned);
  g_clear_pointer (&self->header, g_byte_array_unref);
  g_free (self);
}

/**
 * dpt_bundle_builder_set_table:
 * @self: a builder
 * @options: how to write the index
 */
void
dpt_bundle_builder_set_table (DptBundleBuilder *self,
                              const DptTableOptions *options)
{
  self->table = *options;
}

/**
 * dpt_bundle_builder_set_big_endian:
 * @self: a builder
 *
 * Stores numbers, and the lengths of strings in their checksum, with the
 * highest byte first, and says so in the header.
 */
void
dpt_bundle_builder_set_big_endian (DptBundleBuilder *self)
{
  self->is_big_endian = TRUE;
}

/**
 * dpt_bundle_builder_set_n_shards:
 * @self: a builder
 * @n_shards: how many data files to write
 */
void
dpt_bundle_builder_set_n_shards (DptBundleBuilder *self, guint n_shards)
{
  g_ptr_array_set_size (self->shards, 0);
  for (guint i = 0; i < n_shards; i++)
    g_ptr_array_add (self->shards, g_byte_array_new ());
}

/**
 * dpt_bundle_builder_set_shard:
 * @self: a builder
 * @shard: where the tensors that follow are stored
 */
void
dpt_bundle_builder_set_shard (DptBundleBuilder *self, guint shard)
{
  g_assert_cmpuint (shard, <, self->shards->len);
  self->shard = shard;
}

/**
 * dpt_bundle_builder_add:
 * @self: a builder
 * @key: the tensor's key
 * @dtype: a plain dtype
 * @shape: its shape
 * @data: its elements, little-endian, in C order
 */
void
dpt_bundle_builder_add (DptBundleBuilder *self,
                        const char *key,
                        DptDtype dtype,
                        const DptShape *shape,
                        const void *data)
{
  add_entry (self, key, strlen (key), store (self, dtype, shape, data));
}

/**
 * dpt_bundle_builder_add_strings:
 * @self: a builder
 * @key: the tensor's key
 * @shape: its shape
 * @strings: its elements in C order, each shorter than 4 GiB
 */
void
dpt_bundle_builder_add_strings (DptBundleBuilder *self,
                                const char *key,
                                const DptShape *shape,
                                const DptString *strings)
{
  GByteArray *file = g_ptr_array_index (self->shards, self->shard);
  gsize count = dpt_shape_get_count (shape);
  gsize offset = file->len;
  guint32 crc = DPT_CRC32C_INIT;
  guint32 number;
  gsize start;

  for (gsize i = 0; i < count; i++)
    {
      number = (guint32) strings[i].length;
      number = self->is_big_endian ? GUINT32_TO_BE (number)
                                   : GUINT32_TO_LE (number);
      crc = dpt_crc32c_extend (crc, &number, sizeof number);
      dpt_test_proto_put_raw_varint (file, strings[i].length);
    }

  number = dpt_crc32c_mask (crc);
  number = self->is_big_endian ? GUINT32_TO_BE (number)
                               : GUINT32_TO_LE (number);
  start = file->len;
  g_byte_array_append (file, (const guint8 *) &number, sizeof number);
  for (gsize i = 0; i < count; i++)
    g_byte_array_append (file, (const guint8 *) strings[i].data,
                         (guint) strings[i].length);

  crc = dpt_crc32c_extend (crc, file->data + start, file->len - start);
  add_entry (self, key, strlen (key),
             make_entry (DPT_DTYPE_STRING, shape, self->shard, offset,
                         file->len - offset, crc));
}

/**
 * dpt_bundle_builder_add_object_graph:
 * @self: a builder
 * @bytes: a serialized TrackableObjectGraph
 * @length: its length
 */
void
dpt_bundle_builder_add_object_graph (DptBundleBuilder *self,
                                     const void *bytes,
                                     gsize length)
{
  DptString string = { .data = bytes, .length = length };

  dpt_bundle_builder_add_strings (self, "_CHECKPOINTABLE_OBJECT_GRAPH",
                                  &DPT_SHAPE_SCALAR, &string);
}

/**
 * dpt_bundle_builder_add_slice:
 * @self: a builder
 * @key: the partitioned tensor's key
 * @dtype: its plain dtype
 * @whole: the shape of the whole tensor
 * @start: per dimension the slice's first index
 * @length: per dimension the slice's length; -1 with a start of 0 is all
 * @data: the slice's elements, little-endian, in C order
 */
void
dpt_bundle_builder_add_slice (DptBundleBuilder *self,
                              const char *key,
                              DptDtype dtype,
                              const DptShape *whole,
                              const gint64 *start,
                              const gint64 *length,
                              const void *data)
{
  Partitioned *partitioned = find_partitioned (self, key, dtype, whole);
  g_autoptr (GByteArray) slice_key = make_slice_key (key, whole->rank, start,
                                                     length);
  DptShape shape = *whole;

  for (int d = 0; d < whole->rank; d++)
    if (length[d] != -1)
      shape.dims[d] = length[d];

  dpt_test_proto_put_message (partitioned->entry, 7,
                              make_slice (whole->rank, start, length));
  add_entry (self, slice_key->data, slice_key->len,
             store (self, dtype, &shape, data));
}

/**
 * dpt_bundle_builder_add_entry:
 * @self: a builder
 * @key: any bytes
 * @key_length: how many
 * @entry: any bytes in the place of a BundleEntryProto
 */
void
dpt_bundle_builder_add_entry (DptBundleBuilder *self,
                              const void *key,
                              gsize key_length,
                              const GByteArray *entry)
{
  GByteArray *value = g_byte_array_new ();

  g_byte_array_append (value, entry->data, entry->len);
  add_entry (self, key, key_length, value);
}

/**
 * dpt_bundle_builder_set_header:
 * @self: a builder
 * @header: any bytes in the place of the BundleHeaderProto
 */
void
dpt_bundle_builder_set_header (DptBundleBuilder *self, const GByteArray *header)
{
  self->header = g_byte_array_new ();
  g_byte_array_append (self->header, header->data, header->len);
}

static GByteArray *
make_header (DptBundleBuilder *self)
{
  GByteArray *header = g_byte_array_new ();
  GByteArray *version = g_byte_array_new ();

  dpt_test_proto_put_varint (header, 1, self->shards->len);
  if (self->is_big_endian)
    dpt_test_proto_put_varint (header, 2, 1);
  dpt_test_proto_put_varint (version, 1, 1);
  dpt_test_proto_put_message (header, 3, version);
  return header;
}

/**
 * dpt_bundle_builder_end_index:
 * @self: a builder
 *
 * Returns: (transfer full): the bytes of the index file.
 */
GBytes *
dpt_bundle_builder_end_index (DptBundleBuilder *self)
{
  g_autoptr (DptTableBuilder) table = dpt_table_builder_new (&self->table);

  for (guint i = 0; i < self->partitioned->len; i++)
    {
      Partitioned *partitioned = &g_array_index (self->partitioned, Partitioned,
                                                 i);

      add_entry (self, partitioned->name, strlen (partitioned->name),
                 g_steal_pointer (&partitioned->entry));
    }

  if (self->header == NULL)
    self->header = make_header (self);
  add_entry (self, "", 0, g_steal_pointer (&self->header));

  g_array_sort (self->entries, compare_entries_cb);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      dpt_table_builder_add (table, entry->key->data, entry->key->len,
                             entry->value->data, entry->value->len);
    }

  return dpt_table_builder_end (table);
}

/**
 * dpt_bundle_builder_write:
 * @self: a builder
 * @prefix: where to write its index and its data files
 */
void
dpt_bundle_builder_write (DptBundleBuilder *self, const char *prefix)
{
  g_autoptr (GBytes) index = dpt_bundle_builder_end_index (self);
  g_autofree char *index_path = g_strconcat (prefix, ".index", NULL);

  for (guint i = 0; i < self->shards->len; i++)
    {
      const GByteArray *shard = g_ptr_array_index (self->shards, i);
      g_autofree char *path = g_strdup_printf ("%s.data-%05u-of-%05u", prefix,
                                               i, self->shards->len);

      dpt_test_write (path, shard->data, shard->len);
    }

  dpt_test_write (index_path, g_bytes_get_data (index, NULL),
                  g_bytes_get_size (index));
}
