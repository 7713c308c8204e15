/* dpt-table-builder.c - writes sorted string tables for tests and samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Written from the layout in doc/formats/tensor-bundle.md, apart from the
 * reader, which it tests; it shares with it only the checksum, whose values
 * are tested against published ones.  Re-writing genuine index files gives
 * their bytes (test-table).
 */

#define G_LOG_DOMAIN "dpt-table-builder"

#include "dpt-table-builder.h"

#include <snappy-c.h>
#include <string.h>

#include "dpt-crc32c.h"
#include "dpt-test-proto.h"

#define FOOTER_HANDLES 40

typedef struct
{
  GByteArray *bytes;
  GArray *restarts; /* (element-type guint32) */
  guint n_entries;
  GByteArray *last_key;
} Block;

struct _DptTableBuilder
{
  DptTableOptions options;
  GByteArray *file;
  Block data;
  Block index;

  GByteArray *handle; /* of the data block that was closed last */
};

static void
put_u32 (GByteArray *bytes, guint32 value)
{
  guint32 stored = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
}

static void
block_clear (Block *block)
{
  guint32 first = 0;

  g_byte_array_set_size (block->bytes, 0);
  g_byte_array_set_size (block->last_key, 0);
  g_array_set_size (block->restarts, 0);
  g_array_append_val (block->restarts, first);
  block->n_entries = 0;
}

static void
block_init (Block *block)
{
  block->bytes = g_byte_array_new ();
  block->restarts = g_array_new (FALSE, FALSE, sizeof (guint32));
  block->last_key = g_byte_array_new ();
  block_clear (block);
}

static void
block_release (Block *block)
{
  g_byte_array_unref (block->bytes);
  g_array_unref (block->restarts);
  g_byte_array_unref (block->last_key);
}

static gsize
common_length (const GByteArray *a, const guint8 *b, gsize b_length)
{
  gsize n = 0;

  while (n < a->len && n < b_length && a->data[n] == b[n])
    n++;

  return n;
}

static void
block_add (Block *block,
           guint restart_interval,
           const guint8 *key,
           gsize key_length,
           const guint8 *value,
           gsize value_length)
{
  gsize shared = 0;

  if (block->n_entries % restart_interval != 0)
    shared = common_length (block->last_key, key, key_length);
  else if (block->n_entries > 0)
    g_array_append_val (block->restarts, block->bytes->len);

  dpt_test_proto_put_raw_varint (block->bytes, shared);
  dpt_test_proto_put_raw_varint (block->bytes, key_length - shared);
  dpt_test_proto_put_raw_varint (block->bytes, value_length);
  g_byte_array_append (block->bytes, key + shared,
                       (guint) (key_length - shared));
  g_byte_array_append (block->bytes, value, (guint) value_length);

  g_byte_array_set_size (block->last_key, 0);
  g_byte_array_append (block->last_key, key, (guint) key_length);
  block->n_entries++;
}

static gsize
block_size (const Block *block)
{
  return block->bytes->len + 4 * (gsize) block->restarts->len + 4;
}

/* Appends the block and its trailer to the file, and its handle to
 * @handle. */
static void
write_block (DptTableBuilder *self, Block *block, GByteArray *handle)
{
  gsize offset = self->file->len;
  gsize size;
  guint8 type = self->options.use_snappy ? 1 : 0;

  for (guint i = 0; i < block->restarts->len; i++)
    put_u32 (block->bytes, g_array_index (block->restarts, guint32, i));
  put_u32 (block->bytes, block->restarts->len);

  size = block->bytes->len;
  if (self->options.use_snappy)
    {
      g_autofree char *packed = NULL;

      size = snappy_max_compressed_length (block->bytes->len);
      packed = g_malloc (size);
      g_assert_cmpint (snappy_compress ((const char *) block->bytes->data,
                                        block->bytes->len, packed, &size),
                       ==, SNAPPY_OK);
      g_byte_array_append (self->file, (const guint8 *) packed, (guint) size);
    }
  else
    g_byte_array_append (self->file, block->bytes->data, block->bytes->len);

  g_byte_array_append (self->file, &type, 1);
  put_u32 (self->file,
           dpt_crc32c_mask (dpt_crc32c (self->file->data + offset, size + 1)));
  dpt_test_proto_put_raw_varint (handle, offset);
  dpt_test_proto_put_raw_varint (handle, size);
  block_clear (block);
}

/* The shortest key that is not less than @last and less than @next. */
static void
shorten_between (GByteArray *last, const guint8 *next, gsize next_length)
{
  gsize i = common_length (last, next, next_length);

  if (i < last->len && i < next_length && last->data[i] < 0xff &&
      last->data[i] + 1 < next[i])
    {
      last->data[i]++;
      g_byte_array_set_size (last, (guint) i + 1);
    }
}

/* A short key that is not less than @last. */
static void
shorten_after (GByteArray *last)
{
  for (guint i = 0; i < last->len; i++)
    if (last->data[i] != 0xff)
      {
        last->data[i]++;
        g_byte_array_set_size (last, i + 1);
        return;
      }
}

static void
close_block (DptTableBuilder *self, GByteArray **bound)
{
  *bound = g_byte_array_new ();
  g_byte_array_append (*bound, self->data.last_key->data,
                       self->data.last_key->len);
  g_byte_array_set_size (self->handle, 0);
  write_block (self, &self->data, self->handle);
}

static void
add_index_entry (DptTableBuilder *self, const GByteArray *bound)
{
  block_add (&self->index, MAX (self->options.index_interval, 1), bound->data,
             bound->len, self->handle->data, self->handle->len);
}

/**
 * dpt_table_builder_new:
 * @options: how to write
 *
 * Returns: (transfer full): a builder of an empty table.
 */
DptTableBuilder *
dpt_table_builder_new (const DptTableOptions *options)
{
  DptTableBuilder *self = g_new0 (DptTableBuilder, 1);

  self->options = *options;
  self->file = g_byte_array_new ();
  self->handle = g_byte_array_new ();
  block_init (&self->data);
  block_init (&self->index);
  return self;
}

/**
 * dpt_table_builder_free:
 * @self: (transfer full): a builder
 */
void
dpt_table_builder_free (DptTableBuilder *self)
{
  block_release (&self->data);
  block_release (&self->index);
  g_byte_array_unref (self->handle);
  g_byte_array_unref (self->file);
  g_free (self);
}

/**
 * dpt_table_builder_add:
 * @self: a builder
 * @key: a key larger than all before; this is not checked, so that broken
 *   tables can be made
 * @key_length: its length
 * @value: its value
 * @value_length: the value's length
 */
void
dpt_table_builder_add (DptTableBuilder *self,
                       const void *key,
                       gsize key_length,
                       const void *value,
                       gsize value_length)
{
  g_autoptr (GByteArray) bound = NULL;
  gboolean is_huge = key_length + value_length >= 2 * self->options.block_size;

  if (self->data.n_entries > 0 &&
      (is_huge || block_size (&self->data) >= self->options.block_size))
    {
      close_block (self, &bound);
      shorten_between (bound, key, key_length);
      add_index_entry (self, bound);
    }

  block_add (&self->data, self->options.restart_interval, key, key_length,
             value, value_length);
}

/**
 * dpt_table_builder_end:
 * @self: a builder, of no further use but to be freed
 *
 * Returns: (transfer full): the table's bytes.
 */
GBytes *
dpt_table_builder_end (DptTableBuilder *self)
{
  static const guint8 magic[] = {
    0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb
  };
  g_autoptr (GByteArray) footer = g_byte_array_new ();
  g_autoptr (GByteArray) bound = NULL;
  GByteArray *file = self->file;
  guint handles;

  if (self->data.n_entries > 0)
    {
      close_block (self, &bound);
      shorten_after (bound);
      add_index_entry (self, bound);
    }

  write_block (self, &self->data, footer);
  write_block (self, &self->index, footer);
  handles = footer->len;
  g_byte_array_set_size (footer, FOOTER_HANDLES);
  memset (footer->data + handles, 0, FOOTER_HANDLES - handles);
  g_byte_array_append (file, footer->data, footer->len);
  g_byte_array_append (file, magic, sizeof magic);

  self->file = g_byte_array_new ();
  return g_byte_array_free_to_bytes (file);
}
