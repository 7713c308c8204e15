/* dpt-table-builder.h - writes sorted string tables for tests and samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TensorFlow's own settings are DPT_TABLE_OPTIONS_TENSORFLOW; they give its
 * bytes. */
typedef struct
{
  gsize block_size;       /* a block is closed once it has this many bytes */
  guint restart_interval; /* entries from one restart to the next */
  gboolean use_snappy;    /* for every block */
  guint index_interval;   /* as restart_interval, of the index; 0 means 1 */
} DptTableOptions;

#define DPT_TABLE_OPTIONS_TENSORFLOW \
  ((DptTableOptions){ .block_size = 262144, .restart_interval = 16 })

typedef struct _DptTableBuilder DptTableBuilder;

DptTableBuilder *dpt_table_builder_new (const DptTableOptions *options)
    G_GNUC_WARN_UNUSED_RESULT;
void dpt_table_builder_free (DptTableBuilder *self);

void dpt_table_builder_add (DptTableBuilder *self,
                            const void *key,
                            gsize key_length,
                            const void *value,
                            gsize value_length);
GBytes *dpt_table_builder_end (DptTableBuilder *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTableBuilder, dpt_table_builder_free)

G_END_DECLS
