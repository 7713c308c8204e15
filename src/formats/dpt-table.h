/* dpt-table.h - a sorted string table: the file under every checkpoint index
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"
#include "dpt-table-block.h"

G_BEGIN_DECLS

/* Immutable; its index is in memory, its data blocks are read when asked. */
typedef struct _DptTable DptTable;

DptTable *dpt_table_open (DptByteSource *source,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_table_free (DptTable *self);

guint dpt_table_get_n_blocks (const DptTable *self);
const guint8 *
dpt_table_get_bound (const DptTable *self, guint index, gsize *length);
gboolean dpt_table_read_block (const DptTable *self,
                               guint index,
                               DptTableBlock *block,
                               GError **error);

/* Cheap questions for those who sniff files. */
gboolean dpt_table_has_magic (DptByteSource *source);
gboolean dpt_table_is_v1_checkpoint (DptByteSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTable, dpt_table_free)

G_END_DECLS
