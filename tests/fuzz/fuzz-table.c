/* fuzz-table.c - any bytes as a table, and as one block of a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "fuzz-table"

#include "dpt-table-iter.h"
#include "fuzz-target.h"

/* Behind a checksum a fuzzer rarely gets, so blocks are tried without. */
static void
walk_block (GBytes *bytes)
{
  g_auto (DptTableBlock) block = { 0 };
  g_auto (DptTableCursor) cursor = { 0 };

  if (!dpt_table_block_init (&block, bytes, "block", 0, NULL))
    return;

  dpt_table_cursor_init (&cursor, &block);
  while (dpt_table_cursor_next (&cursor, NULL))
    continue;
}

static void
walk_table (GBytes *bytes)
{
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("table",
                                                                     bytes);
  g_autoptr (DptTable) table = dpt_table_open (source, NULL);
  g_autoptr (DptTableIter) iter = NULL;

  dpt_table_is_v1_checkpoint (source);
  if (table == NULL)
    return;

  iter = dpt_table_iter_new (table);
  while (dpt_table_iter_next (iter, NULL, NULL))
    continue;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  walk_block (bytes);
  walk_table (bytes);
  return 0;
}
