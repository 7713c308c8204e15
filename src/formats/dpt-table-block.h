/* dpt-table-block.h - one block of a sorted string table, walked in order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A checked restart array over the block's bytes, which it holds. */
typedef struct
{
  const char *file; /* for messages; outlives the block */
  guint64 offset;   /* of the block in the file, for messages */
  GBytes *content;
  const guint8 *data;
  gsize entries_length;
  guint32 n_restarts;
} DptTableBlock;

/* Stands on an entry after each successful step.  `value` points into the
 * block, `key` belongs to the cursor. */
typedef struct
{
  const DptTableBlock *block;
  gsize position;
  guint32 next_restart;
  GByteArray *key;
  const guint8 *value;
  gsize value_length;
  gboolean has_entry;
} DptTableCursor;

gboolean dpt_table_block_init (DptTableBlock *self,
                               GBytes *content,
                               const char *file,
                               guint64 offset,
                               GError **error);
void dpt_table_block_release (DptTableBlock *self);

void dpt_table_cursor_init (DptTableCursor *self, const DptTableBlock *block);
void dpt_table_cursor_release (DptTableCursor *self);
gboolean dpt_table_cursor_next (DptTableCursor *self, GError **error);

int dpt_table_compare_keys (const guint8 *a,
                            gsize a_length,
                            const guint8 *b,
                            gsize b_length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DptTableBlock, dpt_table_block_release)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DptTableCursor, dpt_table_cursor_release)

G_END_DECLS
