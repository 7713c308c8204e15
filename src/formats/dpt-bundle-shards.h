/* dpt-bundle-shards.h - the data files of a tensor bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"

G_BEGIN_DECLS

/* Looked at when the bundle opens, opened when a tensor is read. */
typedef struct _DptBundleShards DptBundleShards;

DptBundleShards *dpt_bundle_shards_new (const char *prefix, guint n_shards)
    G_GNUC_WARN_UNUSED_RESULT;
void dpt_bundle_shards_free (DptBundleShards *self);

guint dpt_bundle_shards_get_n (const DptBundleShards *self);
const char *dpt_bundle_shards_get_path (const DptBundleShards *self,
                                        guint shard);
gboolean dpt_bundle_shards_exists (const DptBundleShards *self, guint shard);
guint64 dpt_bundle_shards_get_size (const DptBundleShards *self, guint shard);
gboolean dpt_bundle_shards_has_range (const DptBundleShards *self,
                                      guint shard,
                                      guint64 offset,
                                      guint64 size);
DptByteSource *
dpt_bundle_shards_open (DptBundleShards *self,
                        guint shard,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptBundleShards, dpt_bundle_shards_free)

G_END_DECLS
