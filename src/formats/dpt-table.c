/* dpt-table.c - a sorted string table: the file under every checkpoint index
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   file    = (block trailer)*  metaindex trailer  index trailer  footer
 *   trailer = type (0 stored, 1 Snappy), uint32 LE masked CRC-32C of the
 *             block as stored and the type
 *   footer  = metaindex handle, index handle, zeros up to byte 40, magic
 *             57 fb 80 8b 24 75 47 db; 48 bytes, the last of the file
 *   handle  = varint64 offset, varint64 size without trailer
 *
 * The index has an entry for each data block: a key that is not less than the
 * block's last and less than the next block's first, and the block's handle.
 * (TensorFlow's core/lib/io/table_builder.cc and format.cc; the layout is
 * LevelDB's.)
 *
 * We ask more than a table needs: blocks must tile the file, each beginning
 * where the one before ended, in the order above, as TensorFlow's writer
 * leaves them.  So no byte of a file is out of sight of a check, and a changed
 * byte anywhere is an error.
 */

#define G_LOG_DOMAIN "dpt-table"

#include "dpt-table.h"

#include <snappy-c.h>
#include <string.h>

#include "dpt-byte-reader.h"
#include "dpt-crc32c.h"
#include "dpt-format-error.h"

#define MAGIC          G_GUINT64_CONSTANT (0xdb4775248b80fb57)
#define FOOTER_SIZE    48
#define HANDLES_SIZE   40
#define TRAILER_SIZE   5
#define TYPE_STORED    0
#define TYPE_SNAPPY    1
#define TYPE_BYTES     1
#define CHECKSUM_BYTES 4

/* A writer closes a block at 256 KiB or after one larger entry; an entry is a
 * few hundred bytes, more only with thousands of slices. */
#define MAX_BLOCK_SIZE (256u * 1024 * 1024)

/* The keys of the index block, one for each block of the table, together. */
#define MAX_BOUNDS_SIZE ((gsize) 64 * 1024 * 1024)

/* A Snappy copy of 64 bytes takes 3, so no stream grows by more than this. */
#define MAX_SNAPPY_GROWTH 22

typedef struct
{
  guint64 offset;
  guint64 size;
} BlockHandle;

typedef struct
{
  BlockHandle handle;
  guint8 *bound;
  gsize bound_length;
} IndexEntry;

struct _DptTable
{
  DptByteSource *source;
  GArray *index;     /* (element-type IndexEntry) */
  gsize bounds_size; /* of the bounds in it */
};

static void
clear_index_entry_cb (gpointer data)
{
  g_free (((IndexEntry *) data)->bound);
}

static const char *
get_display (const DptTable *self)
{
  return dpt_byte_source_get_display (self->source);
}

static GBytes *
unpack_snappy (const DptTable *self,
               const guint8 *packed,
               const BlockHandle *handle,
               GError **error)
{
  g_autofree char *content = NULL;
  gsize size = (gsize) handle->size;
  gsize length = 0;

  if (snappy_uncompressed_length ((const char *) packed, size, &length) !=
          SNAPPY_OK ||
      length > MAX_BLOCK_SIZE || length / MAX_SNAPPY_GROWTH > size)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: Snappy block at offset %" G_GUINT64_FORMAT
                   ": a length that %" G_GSIZE_FORMAT
                   " bytes can unpack to was expected, found %" G_GSIZE_FORMAT,
                   get_display (self), handle->offset, size, length);
      return NULL;
    }

  content = g_malloc (MAX (length, 1));
  if (snappy_uncompress ((const char *) packed, size, content, &length) !=
      SNAPPY_OK)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: Snappy block at offset %" G_GUINT64_FORMAT
                   ": %" G_GSIZE_FORMAT
                   " bytes that unpack were expected, found damaged ones",
                   get_display (self), handle->offset, size);
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&content), length);
}

static gboolean
check_block_checksum (const DptTable *self,
                      const BlockHandle *handle,
                      const guint8 *stored,
                      GError **error)
{
  gsize covered = (gsize) handle->size + TYPE_BYTES;
  guint32 found = dpt_crc32c_mask (dpt_crc32c (stored, covered));
  DptByteReader reader;
  guint32 expected;

  dpt_byte_reader_init (&reader, stored + covered, CHECKSUM_BYTES);
  expected = dpt_byte_reader_read_u32_le (&reader);
  if (found == expected)
    return TRUE;

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CHECKSUM,
               "%s: block at offset %" G_GUINT64_FORMAT
               ": checksum %08x was expected, found %08x",
               get_display (self), handle->offset, expected, found);
  return FALSE;
}

/* Reads a block whose handle is known to lie inside the file. */
static GBytes *
read_content (const DptTable *self, const BlockHandle *handle, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *stored;
  gsize size = (gsize) handle->size;

  if (handle->size > MAX_BLOCK_SIZE)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
                   "%s: block at offset %" G_GUINT64_FORMAT
                   ": at most %u bytes were expected, found %" G_GUINT64_FORMAT,
                   get_display (self), handle->offset, MAX_BLOCK_SIZE,
                   handle->size);
      return NULL;
    }

  bytes = dpt_byte_source_read_bytes (self->source, handle->offset,
                                      size + TRAILER_SIZE, error);
  if (bytes == NULL)
    return NULL;

  stored = g_bytes_get_data (bytes, NULL);
  if (!check_block_checksum (self, handle, stored, error))
    return NULL;

  if (stored[size] == TYPE_STORED)
    return g_bytes_new_from_bytes (bytes, 0, size);
  if (stored[size] == TYPE_SNAPPY)
    return unpack_snappy (self, stored, handle, error);

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED,
               "%s: block at offset %" G_GUINT64_FORMAT
               ": type 0 (stored) or 1 (Snappy) was expected, found %u",
               get_display (self), handle->offset, stored[size]);
  return NULL;
}

static gboolean
read_block (const DptTable *self,
            const BlockHandle *handle,
            DptTableBlock *block,
            GError **error)
{
  g_autoptr (GBytes) content = read_content (self, handle, error);

  *block = (DptTableBlock){ 0 };
  if (content == NULL)
    return FALSE;

  return dpt_table_block_init (block, content, get_display (self),
                               handle->offset, error);
}

/* A varint in its shortest form: the footer has no checksum, and a longer
 * form of the same number could swallow a byte of its padding. */
static gboolean
read_shortest (DptByteReader *reader, guint64 *value)
{
  gsize start = dpt_byte_reader_get_offset (reader);

  *value = dpt_byte_reader_read_varint64 (reader);
  return !reader->failed && (dpt_byte_reader_get_offset (reader) - start == 1 ||
                             reader->cursor[-1] != 0);
}

static gboolean
read_handle (BlockHandle *handle, DptByteReader *reader)
{
  return read_shortest (reader, &handle->offset) &&
         read_shortest (reader, &handle->size);
}

/* Whether @handle begins at *@next; moves *@next behind its trailer. */
static gboolean
check_tile (const DptTable *self,
            const BlockHandle *handle,
            const char *what,
            guint64 *next,
            GError **error)
{
  guint64 end = dpt_byte_source_get_size (self->source) - FOOTER_SIZE;

  if (handle->offset == *next && *next <= end && end - *next >= TRAILER_SIZE &&
      handle->size <= end - *next - TRAILER_SIZE)
    {
      *next += handle->size + TRAILER_SIZE;
      return TRUE;
    }

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: %s was expected at offset %" G_GUINT64_FORMAT
               " and to end before the footer at %" G_GUINT64_FORMAT
               ", found offset %" G_GUINT64_FORMAT ", size %" G_GUINT64_FORMAT,
               get_display (self), what, *next, end, handle->offset,
               handle->size);
  return FALSE;
}

static gboolean
read_footer (const DptTable *self,
             BlockHandle *metaindex,
             BlockHandle *index,
             GError **error)
{
  guint64 size = dpt_byte_source_get_size (self->source);
  guint8 footer[FOOTER_SIZE];
  DptByteReader reader;
  guint64 magic;
  gboolean is_sound;

  if (size < FOOTER_SIZE)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED,
                   "%s: a table of at least %d bytes was expected, the file "
                   "has %" G_GUINT64_FORMAT,
                   get_display (self), FOOTER_SIZE, size);
      return FALSE;
    }
  if (!dpt_byte_source_read (self->source, size - FOOTER_SIZE, FOOTER_SIZE,
                             footer, error))
    return FALSE;

  dpt_byte_reader_init (&reader, footer + HANDLES_SIZE, sizeof magic);
  magic = dpt_byte_reader_read_u64_le (&reader);
  if (magic != MAGIC)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: the magic of a table, %016" G_GINT64_MODIFIER
                   "x, was expected at offset %" G_GUINT64_FORMAT
                   ", found %016" G_GINT64_MODIFIER "x",
                   get_display (self), MAGIC, size - sizeof magic, magic);
      return FALSE;
    }

  dpt_byte_reader_init (&reader, footer, HANDLES_SIZE);
  is_sound = read_handle (metaindex, &reader) && read_handle (index, &reader);
  while (is_sound && !dpt_byte_reader_is_at_end (&reader))
    is_sound = dpt_byte_reader_read_u8 (&reader) == 0;
  if (!is_sound)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: two block handles and zeros were expected in the "
                   "footer at offset %" G_GUINT64_FORMAT ", found other bytes",
                   get_display (self), size - FOOTER_SIZE);
      return FALSE;
    }

  return TRUE;
}

static gboolean
add_index_entry (DptTable *self,
                 const DptTableCursor *cursor,
                 guint64 *next,
                 GError **error)
{
  g_autofree char *what = NULL;
  IndexEntry entry = { 0 };
  DptByteReader reader;

  dpt_byte_reader_init (&reader, cursor->value, cursor->value_length);
  if (!read_handle (&entry.handle, &reader) ||
      !dpt_byte_reader_is_at_end (&reader))
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: index block at offset %" G_GUINT64_FORMAT
                   ": a block handle was expected in entry %u, found other "
                   "bytes",
                   get_display (self), cursor->block->offset, self->index->len);
      return FALSE;
    }

  what = g_strdup_printf ("data block %u", self->index->len);
  if (!check_tile (self, &entry.handle, what, next, error))
    return FALSE;

  self->bounds_size += cursor->key->len;
  if (self->bounds_size > MAX_BOUNDS_SIZE)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
                   "%s: index block at offset %" G_GUINT64_FORMAT
                   ": keys of at most %" G_GSIZE_FORMAT
                   " bytes together were expected, found more",
                   get_display (self), cursor->block->offset, MAX_BOUNDS_SIZE);
      return FALSE;
    }

  entry.bound = g_memdup2 (cursor->key->data, cursor->key->len);
  entry.bound_length = cursor->key->len;
  g_array_append_val (self->index, entry);
  return TRUE;
}

static gboolean
read_index (DptTable *self,
            const BlockHandle *handle,
            guint64 *next,
            GError **error)
{
  g_auto (DptTableBlock) block = { 0 };
  g_auto (DptTableCursor) cursor = { 0 };
  g_autoptr (GError) failure = NULL;

  if (!read_block (self, handle, &block, error))
    return FALSE;

  dpt_table_cursor_init (&cursor, &block);
  while (dpt_table_cursor_next (&cursor, &failure))
    if (!add_index_entry (self, &cursor, next, error))
      return FALSE;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

/* Nothing we know uses the metaindex, but its bytes must be sound. */
static gboolean
check_metaindex (const DptTable *self,
                 const BlockHandle *handle,
                 GError **error)
{
  g_auto (DptTableBlock) block = { 0 };
  g_auto (DptTableCursor) cursor = { 0 };
  g_autoptr (GError) failure = NULL;

  if (!read_block (self, handle, &block, error))
    return FALSE;

  dpt_table_cursor_init (&cursor, &block);
  while (dpt_table_cursor_next (&cursor, &failure))
    continue;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

/* The index block must lie inside the file before it can be read, and only
 * its content tells where the blocks before it end. */
static gboolean
check_index_range (const DptTable *self,
                   const BlockHandle *index,
                   GError **error)
{
  guint64 next = index->offset;

  return check_tile (self, index, "the index block", &next, error);
}

static gboolean
check_end (const DptTable *self, guint64 next, GError **error)
{
  guint64 footer = dpt_byte_source_get_size (self->source) - FOOTER_SIZE;

  if (next == footer)
    return TRUE;

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: the footer was expected at offset %" G_GUINT64_FORMAT
               ", where the index block ends, found it at %" G_GUINT64_FORMAT,
               get_display (self), next, footer);
  return FALSE;
}

/**
 * dpt_table_open:
 * @source: the file
 * @error: return location for a #DptFormatError
 *
 * Reads footer, index and metaindex, and checks that the blocks tile the file.
 * Data blocks are checked when they are read: a #DptTableIter that reaches its
 * end has seen every byte.
 *
 * Returns: (transfer full): the table, which keeps @source.
 */
DptTable *
dpt_table_open (DptByteSource *source, GError **error)
{
  g_autoptr (DptTable) self = NULL;
  BlockHandle metaindex;
  BlockHandle index;
  guint64 next = 0;

  g_return_val_if_fail (source != NULL, NULL);

  self = g_new0 (DptTable, 1);
  self->source = dpt_byte_source_ref (source);
  self->index = g_array_new (FALSE, FALSE, sizeof (IndexEntry));
  g_array_set_clear_func (self->index, clear_index_entry_cb);

  if (!read_footer (self, &metaindex, &index, error) ||
      !check_index_range (self, &index, error) ||
      !read_index (self, &index, &next, error) ||
      !check_tile (self, &metaindex, "the metaindex block", &next, error) ||
      !check_tile (self, &index, "the index block", &next, error) ||
      !check_end (self, next, error) ||
      !check_metaindex (self, &metaindex, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * dpt_table_free:
 * @self: (transfer full): a table
 */
void
dpt_table_free (DptTable *self)
{
  g_array_unref (self->index);
  dpt_byte_source_unref (self->source);
  g_free (self);
}

/**
 * dpt_table_get_n_blocks:
 * @self: a table
 *
 * Returns: how many data blocks it has.
 */
guint
dpt_table_get_n_blocks (const DptTable *self)
{
  return self->index->len;
}

/**
 * dpt_table_get_bound:
 * @self: a table
 * @index: a block, below dpt_table_get_n_blocks()
 * @length: (out): the length of the key
 *
 * Returns: (array length=length): the index's key for the block: no key in it
 *   is larger, and every key of the next block is.  Owned by @self.
 */
const guint8 *
dpt_table_get_bound (const DptTable *self, guint index, gsize *length)
{
  const IndexEntry *entry;

  g_return_val_if_fail (index < self->index->len, NULL);

  entry = &g_array_index (self->index, IndexEntry, index);
  *length = entry->bound_length;
  return entry->bound;
}

/**
 * dpt_table_read_block:
 * @self: a table
 * @index: a block, below dpt_table_get_n_blocks()
 * @block: (out caller-allocates): the block; must not outlive @self
 * @error: return location for a #DptFormatError
 *
 * Reads a data block, checks its checksum, and unpacks it.
 *
 * Returns: whether @block is ready; if not, it holds nothing.
 */
gboolean
dpt_table_read_block (const DptTable *self,
                      guint index,
                      DptTableBlock *block,
                      GError **error)
{
  g_return_val_if_fail (index < self->index->len, FALSE);

  return read_block (self,
                     &g_array_index (self->index, IndexEntry, index).handle,
                     block, error);
}

/**
 * dpt_table_has_magic:
 * @source: any file
 *
 * Returns: whether it ends as a table does.
 */
gboolean
dpt_table_has_magic (DptByteSource *source)
{
  guint64 size = dpt_byte_source_get_size (source);
  guint8 magic[sizeof (guint64)];
  DptByteReader reader;

  if (size < FOOTER_SIZE || !dpt_byte_source_read (source, size - sizeof magic,
                                                   sizeof magic, magic, NULL))
    return FALSE;

  dpt_byte_reader_init (&reader, magic, sizeof magic);
  return dpt_byte_reader_read_u64_le (&reader) == MAGIC;
}

/**
 * dpt_table_is_v1_checkpoint:
 * @source: any file
 *
 * Both generations of checkpoints are tables whose first key is empty.  Its
 * value is a SavedTensorSlices in V1, which begins with its field 1, a
 * message (tag 0a); in a V2 index it is a BundleHeaderProto, whose field 1 is
 * a number (tag 08).
 *
 * Returns: whether it is a sound table that holds a V1 checkpoint.
 */
gboolean
dpt_table_is_v1_checkpoint (DptByteSource *source)
{
  g_auto (DptTableBlock) block = { 0 };
  g_auto (DptTableCursor) cursor = { 0 };
  g_autoptr (DptTable) table = NULL;

  if (!dpt_table_has_magic (source))
    return FALSE;

  table = dpt_table_open (source, NULL);
  if (table == NULL || dpt_table_get_n_blocks (table) == 0 ||
      !dpt_table_read_block (table, 0, &block, NULL))
    return FALSE;

  dpt_table_cursor_init (&cursor, &block);
  return dpt_table_cursor_next (&cursor, NULL) && cursor.key->len == 0 &&
         cursor.value_length > 0 && cursor.value[0] == 0x0a;
}
