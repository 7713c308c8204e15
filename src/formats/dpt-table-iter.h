/* dpt-table-iter.h - all entries of a table, in order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-table.h"

G_BEGIN_DECLS

typedef struct _DptTableIter DptTableIter;

DptTableIter *
dpt_table_iter_new (const DptTable *table) G_GNUC_WARN_UNUSED_RESULT;
void dpt_table_iter_free (DptTableIter *self);

gboolean dpt_table_iter_next (DptTableIter *self,
                              GCancellable *cancellable,
                              GError **error);
const guint8 *dpt_table_iter_get_key (const DptTableIter *self, gsize *length);
const guint8 *dpt_table_iter_get_value (const DptTableIter *self,
                                        gsize *length);
guint dpt_table_iter_get_block (const DptTableIter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTableIter, dpt_table_iter_free)

G_END_DECLS
