/* dpt-text-table.h - rows of words in aligned columns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-cli.h"

G_BEGIN_DECLS

/* Collects all rows, then prints them, because a column is as wide as its
 * widest cell. */
typedef struct _DptTextTable DptTextTable;

/* One letter a column: l for left, r for right. */
DptTextTable *
dpt_text_table_new (const char *alignment) G_GNUC_WARN_UNUSED_RESULT;
void dpt_text_table_free (DptTextTable *self);
void dpt_text_table_add (DptTextTable *self, const char *cell);
void dpt_text_table_take (DptTextTable *self, char *cell);
void dpt_text_table_print (DptTextTable *self, DptCli *cli);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTextTable, dpt_text_table_free)

G_END_DECLS
