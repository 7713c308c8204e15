/* dpt-bundle-builder.h - writes V2 checkpoints for tests and samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-table-builder.h"
#include "dpt-tensor.h"

G_BEGIN_DECLS

/* Collects tensors in memory, then gives the files' bytes or writes them:
 *
 *   g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
 *   dpt_bundle_builder_add (builder, "w", DPT_DTYPE_FLOAT32, &shape, values);
 *   dpt_bundle_builder_write (builder, "/a/folder/model.ckpt-1");
 *
 * Without settings it writes what TensorFlow would: one shard, little-endian,
 * no compression.  Settings come before the first tensor. */
typedef struct _DptBundleBuilder DptBundleBuilder;

DptBundleBuilder *dpt_bundle_builder_new (void) G_GNUC_WARN_UNUSED_RESULT;
void dpt_bundle_builder_free (DptBundleBuilder *self);

void dpt_bundle_builder_set_table (DptBundleBuilder *self,
                                   const DptTableOptions *options);
void dpt_bundle_builder_set_big_endian (DptBundleBuilder *self);
void dpt_bundle_builder_set_n_shards (DptBundleBuilder *self, guint n_shards);

/* Following tensors go to this shard; the first is 0. */
void dpt_bundle_builder_set_shard (DptBundleBuilder *self, guint shard);

void dpt_bundle_builder_add (DptBundleBuilder *self,
                             const char *key,
                             DptDtype dtype,
                             const DptShape *shape,
                             const void *data);
void dpt_bundle_builder_add_strings (DptBundleBuilder *self,
                                     const char *key,
                                     const DptShape *shape,
                                     const DptString *strings);
void dpt_bundle_builder_add_object_graph (DptBundleBuilder *self,
                                          const void *bytes,
                                          gsize length);
void dpt_bundle_builder_add_slice (DptBundleBuilder *self,
                                   const char *key,
                                   DptDtype dtype,
                                   const DptShape *whole,
                                   const gint64 *start,
                                   const gint64 *length,
                                   const void *data);

/* For what no writer would write. */
void dpt_bundle_builder_add_entry (DptBundleBuilder *self,
                                   const void *key,
                                   gsize key_length,
                                   const GByteArray *entry);
void dpt_bundle_builder_set_header (DptBundleBuilder *self,
                                    const GByteArray *header);

/* Once; then the builder is of no further use. */
GBytes *
dpt_bundle_builder_end_index (DptBundleBuilder *self) G_GNUC_WARN_UNUSED_RESULT;
void dpt_bundle_builder_write (DptBundleBuilder *self, const char *prefix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptBundleBuilder, dpt_bundle_builder_free)

G_END_DECLS
