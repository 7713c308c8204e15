/* dpt-table-iter.c - all entries of a table, in order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: with `has_block`, `cursor` walks `block`, which is block number
 * `next_block - 1`.  Holds one block in memory at a time.
 */

#define G_LOG_DOMAIN "dpt-table-iter"

#include "dpt-table-iter.h"

#include "dpt-format-error.h"
#include "dpt-names.h"

/* All keys together: enough for two million of a variable's names, and too
 * little for a small file whose long keys share nearly all they have. */
#define MAX_KEYS_SIZE ((gsize) 256 * 1024 * 1024)

struct _DptTableIter
{
  const DptTable *table;
  guint next_block;
  gboolean has_block;
  DptTableBlock block;
  DptTableCursor cursor;
  gsize keys_size; /* of the keys so far */
};

static void
close_block (DptTableIter *self)
{
  dpt_table_cursor_release (&self->cursor);
  dpt_table_block_release (&self->block);
  self->has_block = FALSE;
}

static gboolean
open_block (DptTableIter *self, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !dpt_table_read_block (self->table, self->next_block, &self->block,
                             error))
    return FALSE;

  dpt_table_cursor_init (&self->cursor, &self->block);
  self->has_block = TRUE;
  self->next_block++;
  return TRUE;
}

static gboolean
fail_bound (const DptTableIter *self, const char *relation, GError **error)
{
  g_autofree char *key =
      dpt_names_to_display ((const char *) self->cursor.key->data,
                            self->cursor.key->len);

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: block at offset %" G_GUINT64_FORMAT
               ": a key %s was expected, found '%s'",
               self->block.file, self->block.offset, relation, key);
  return FALSE;
}

static gboolean
check_keys_size (DptTableIter *self, GError **error)
{
  self->keys_size += self->cursor.key->len;
  if (self->keys_size <= MAX_KEYS_SIZE)
    return TRUE;

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
               "%s: block at offset %" G_GUINT64_FORMAT
               ": keys of at most %" G_GSIZE_FORMAT
               " bytes together were expected, found more",
               self->block.file, self->block.offset, MAX_KEYS_SIZE);
  return FALSE;
}

/* The index keys on both sides of a block bound its keys, which also puts the
 * keys of different blocks in order. */
static gboolean
check_bounds (const DptTableIter *self, GError **error)
{
  guint block = self->next_block - 1;
  const GByteArray *key = self->cursor.key;
  const guint8 *bound;
  gsize length;

  bound = dpt_table_get_bound (self->table, block, &length);
  if (dpt_table_compare_keys (key->data, key->len, bound, length) > 0)
    return fail_bound (self, "not above its index entry", error);
  if (block == 0)
    return TRUE;

  bound = dpt_table_get_bound (self->table, block - 1, &length);
  if (dpt_table_compare_keys (key->data, key->len, bound, length) <= 0)
    return fail_bound (self, "above the index entry before it", error);

  return TRUE;
}

/**
 * dpt_table_iter_new:
 * @table: the table, which must outlive the iterator
 *
 * Returns: (transfer full): an iterator before the first entry.
 */
DptTableIter *
dpt_table_iter_new (const DptTable *table)
{
  DptTableIter *self = g_new0 (DptTableIter, 1);

  self->table = table;
  return self;
}

/**
 * dpt_table_iter_free:
 * @self: (transfer full): an iterator
 */
void
dpt_table_iter_free (DptTableIter *self)
{
  close_block (self);
  g_free (self);
}

/**
 * dpt_table_iter_next:
 * @self: an iterator
 * @cancellable: (nullable): asked before each block
 * @error: return location for a #DptFormatError
 *
 * Steps to the next entry.  Every block is verified when it is entered, and
 * every key against its neighbours and the index.
 *
 * Returns: whether it stands on an entry; %FALSE without @error set at the
 *   end.
 */
gboolean
dpt_table_iter_next (DptTableIter *self,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GError) failure = NULL;

  while (self->has_block ||
         self->next_block < dpt_table_get_n_blocks (self->table))
    {
      if (!self->has_block && !open_block (self, cancellable, error))
        return FALSE;
      if (dpt_table_cursor_next (&self->cursor, &failure))
        return check_keys_size (self, error) && check_bounds (self, error);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      close_block (self);
    }

  return FALSE;
}

/**
 * dpt_table_iter_get_key:
 * @self: an iterator that stands on an entry
 * @length: (out): the key's length
 *
 * Returns: (array length=length): the key, until the next step.
 */
const guint8 *
dpt_table_iter_get_key (const DptTableIter *self, gsize *length)
{
  *length = self->cursor.key->len;
  return self->cursor.key->data;
}

/**
 * dpt_table_iter_get_value:
 * @self: an iterator that stands on an entry
 * @length: (out): the value's length
 *
 * Returns: (array length=length): the value, until the next step.
 */
const guint8 *
dpt_table_iter_get_value (const DptTableIter *self, gsize *length)
{
  *length = self->cursor.value_length;
  return self->cursor.value;
}

/**
 * dpt_table_iter_get_block:
 * @self: an iterator
 *
 * Returns: how many blocks it has entered, for progress.
 */
guint
dpt_table_iter_get_block (const DptTableIter *self)
{
  return self->next_block;
}
