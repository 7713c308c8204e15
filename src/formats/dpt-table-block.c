/* dpt-table-block.c - one block of a sorted string table, walked in order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   block   = entry*  restart{n}  n
 *   entry   = varint32 shared, varint32 unshared, varint32 value length,
 *             unshared bytes of the key, the value
 *   restart = uint32, little-endian: where an entry with shared = 0 begins
 *   n       = uint32, little-endian, at least 1; the first restart is 0
 *
 * `shared` counts the bytes that a key takes from the key before it.  Keys
 * rise strictly as unsigned bytes.  An empty block is its restart array alone:
 * 8 bytes, offset 0 and count 1.
 */

#define G_LOG_DOMAIN "dpt-table-block"

#include "dpt-table-block.h"

#include <string.h>

#include "dpt-byte-reader.h"
#include "dpt-format-error.h"

#define RESTART_SIZE 4

/* Each entry may share what the one before it has, so a few bytes of file can
 * ask for a long key.  Names of variables are far shorter. */
#define MAX_KEY_LENGTH (64u * 1024)

G_GNUC_PRINTF (4, 5)
static gboolean
fail_at (const DptTableBlock *self,
         gsize position,
         GError **error,
         const char *format,
         ...)
{
  g_autofree char *found = NULL;
  va_list args;

  va_start (args, format);
  found = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: block at offset %" G_GUINT64_FORMAT
               ", byte %" G_GSIZE_FORMAT " of it: %s",
               self->file, self->offset, position, found);
  return FALSE;
}

static guint32
read_u32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static guint32
get_restart (const DptTableBlock *self, guint32 index)
{
  return read_u32 (self->data + self->entries_length +
                   (gsize) index * RESTART_SIZE);
}

static gboolean
check_restarts (const DptTableBlock *self, GError **error)
{
  guint32 previous = 0;

  for (guint32 i = 0; i < self->n_restarts; i++)
    {
      guint32 restart = get_restart (self, i);
      gsize place = self->entries_length + (gsize) i * RESTART_SIZE;

      if (i == 0 && restart != 0)
        return fail_at (self, place, error,
                        "the first restart was expected at 0, found %u",
                        restart);
      if (i > 0 && (restart <= previous || restart >= self->entries_length))
        return fail_at (self, place, error,
                        "restart %u was expected between %u and the entries' "
                        "end at %" G_GSIZE_FORMAT ", found %u",
                        i, previous, self->entries_length, restart);
      previous = restart;
    }

  return TRUE;
}

/**
 * dpt_table_block_init:
 * @self: (out caller-allocates): the block
 * @content: its bytes, unpacked and without trailer
 * @file: its file, for messages; must outlive @self
 * @offset: where the block begins in its file, for messages
 * @error: return location for a #DptFormatError
 *
 * Checks the restart array; the entries are checked as a cursor meets them.
 *
 * Returns: whether @self is ready; if not, it holds nothing.
 */
gboolean
dpt_table_block_init (DptTableBlock *self,
                      GBytes *content,
                      const char *file,
                      guint64 offset,
                      GError **error)
{
  gsize length;

  *self = (DptTableBlock){ .file = file, .offset = offset };
  self->data = g_bytes_get_data (content, &length);

  if (length < 2 * RESTART_SIZE)
    return fail_at (self, length, error,
                    "at least 8 bytes were expected, found %" G_GSIZE_FORMAT,
                    length);

  self->n_restarts = read_u32 (self->data + length - RESTART_SIZE);
  if (self->n_restarts == 0 ||
      self->n_restarts > (length - RESTART_SIZE) / RESTART_SIZE)
    return fail_at (self, length - RESTART_SIZE, error,
                    "1 to %" G_GSIZE_FORMAT
                    " restarts were expected in %" G_GSIZE_FORMAT
                    " bytes, found %u",
                    (length - RESTART_SIZE) / RESTART_SIZE, length,
                    self->n_restarts);

  self->entries_length = length - RESTART_SIZE -
                         (gsize) self->n_restarts * RESTART_SIZE;
  if (!check_restarts (self, error))
    return FALSE;

  self->content = g_bytes_ref (content);
  return TRUE;
}

/**
 * dpt_table_block_release:
 * @self: a block, or one filled with zeros
 */
void
dpt_table_block_release (DptTableBlock *self)
{
  g_clear_pointer (&self->content, g_bytes_unref);
}

/**
 * dpt_table_cursor_init:
 * @self: (out caller-allocates): a cursor, before the first entry
 * @block: the block, which must outlive @self
 */
void
dpt_table_cursor_init (DptTableCursor *self, const DptTableBlock *block)
{
  *self = (DptTableCursor){ .block = block, .key = g_byte_array_new () };
}

/**
 * dpt_table_cursor_release:
 * @self: a cursor, or one filled with zeros
 */
void
dpt_table_cursor_release (DptTableCursor *self)
{
  g_clear_pointer (&self->key, g_byte_array_unref);
}

/* Replaces the tail of the key from @shared on, if that makes it larger: the
 * bytes before @shared are equal, so only the tails are compared. */
static gboolean
advance_key (DptTableCursor *self,
             guint32 shared,
             const guint8 *tail,
             guint32 tail_length)
{
  if (self->has_entry &&
      dpt_table_compare_keys (self->key->data + shared, self->key->len - shared,
                              tail, tail_length) >= 0)
    return FALSE;

  g_byte_array_set_size (self->key, shared);
  g_byte_array_append (self->key, tail, tail_length);
  return TRUE;
}

static gboolean
check_key_length (const DptTableBlock *block,
                  gsize start,
                  guint64 length,
                  GError **error)
{
  if (length <= MAX_KEY_LENGTH)
    return TRUE;

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
               "%s: block at offset %" G_GUINT64_FORMAT
               ", byte %" G_GSIZE_FORMAT
               " of it: a key of at most %u bytes was expected, found one of "
               "%" G_GUINT64_FORMAT,
               block->file, block->offset, start, MAX_KEY_LENGTH, length);
  return FALSE;
}

/* An entry at a restart shares nothing, and every restart is an entry. */
static gboolean
check_restart (DptTableCursor *self,
               gsize start,
               guint32 shared,
               GError **error)
{
  guint32 restart;

  if (self->next_restart >= self->block->n_restarts)
    return TRUE;

  restart = get_restart (self->block, self->next_restart);
  if (restart > start)
    return TRUE;
  if (restart < start)
    return fail_at (self->block, start, error,
                    "restart %u was expected at the start of an entry, found "
                    "it at %u",
                    self->next_restart, restart);
  if (shared != 0)
    return fail_at (self->block, start, error,
                    "an entry at a restart shares no bytes, found %u", shared);

  self->next_restart++;
  return TRUE;
}

static gboolean
check_end (DptTableCursor *self, GError **error)
{
  gboolean is_empty = self->block->entries_length == 0;
  guint32 expected = is_empty ? 1 : self->next_restart;

  if (self->block->n_restarts != expected)
    fail_at (self->block, self->position, error,
             "%u restarts were expected, found %u", expected,
             self->block->n_restarts);

  return FALSE;
}

/**
 * dpt_table_cursor_next:
 * @self: a cursor
 * @error: return location for a #DptFormatError
 *
 * Steps to the next entry, checking its lengths, its place in the restart
 * array, and that its key is larger than the one before.
 *
 * Returns: whether it stands on an entry; %FALSE without @error set at the
 *   end.
 */
gboolean
dpt_table_cursor_next (DptTableCursor *self, GError **error)
{
  const DptTableBlock *block = self->block;
  gsize start = self->position;
  DptByteReader reader;
  guint32 shared;
  guint32 unshared;
  guint32 value_length;
  const guint8 *tail;

  if (start >= block->entries_length)
    return check_end (self, error);

  dpt_byte_reader_init (&reader, block->data + start,
                        block->entries_length - start);
  shared = dpt_byte_reader_read_varint32 (&reader);
  unshared = dpt_byte_reader_read_varint32 (&reader);
  value_length = dpt_byte_reader_read_varint32 (&reader);
  tail = dpt_byte_reader_read_bytes (&reader, unshared);
  self->value = dpt_byte_reader_read_bytes (&reader, value_length);
  self->value_length = value_length;

  if (reader.failed)
    return fail_at (block, start, error,
                    "an entry was expected to end before %" G_GSIZE_FORMAT
                    ", it reaches past (key %u bytes, value %u bytes)",
                    block->entries_length, unshared, value_length);
  if (shared > self->key->len)
    return fail_at (block, start, error,
                    "at most %u shared key bytes were expected, found %u",
                    self->key->len, shared);
  if (!check_key_length (block, start, (guint64) shared + unshared, error) ||
      !check_restart (self, start, shared, error))
    return FALSE;
  if (!advance_key (self, shared, tail, unshared))
    return fail_at (block, start, error,
                    "a key larger than the one before was expected, found a "
                    "smaller or equal one");

  self->position = start + dpt_byte_reader_get_offset (&reader);
  self->has_entry = TRUE;
  return TRUE;
}

/**
 * dpt_table_compare_keys:
 * @a: a key
 * @a_length: its length
 * @b: another
 * @b_length: its length
 *
 * Returns: less than, equal to or greater than 0, as @a sorts before, with or
 *   after @b by unsigned bytes, a prefix first.
 */
int
dpt_table_compare_keys (const guint8 *a,
                        gsize a_length,
                        const guint8 *b,
                        gsize b_length)
{
  gsize common = MIN (a_length, b_length);
  int order = common > 0 ? memcmp (a, b, common) : 0;

  if (order != 0)
    return order;

  return a_length < b_length ? -1 : a_length > b_length;
}
