/* dpt-bundle-index.h - the records of a tensor bundle's index file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-bundle-entry.h"
#include "dpt-byte-source.h"
#include "dpt-progress.h"
#include "dpt-tensor-slice.h"

G_BEGIN_DECLS

/* One entry.  A partitioned tensor has parts, and then only its dtype and
 * shape mean something; a slice is a part of one, and hidden. */
typedef struct
{
  const char *key; /* NUL-terminated, in the index's arena */
  gsize key_length;
  guint64 offset;
  guint64 size;
  guint32 crc32c; /* masked */
  guint32 shard;
  guint32 first_part;
  guint32 n_parts; /* 0 when whole */
  guint32 dims;    /* its first dimension in the index's arena */
  guint8 rank;
  guint8 dtype;
  gboolean is_slice;
} DptBundleRecord;

typedef struct _DptBundleIndex DptBundleIndex;

DptBundleIndex *
dpt_bundle_index_read (DptByteSource *source,
                       DptProgress *progress,
                       GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_bundle_index_free (DptBundleIndex *self);

const DptBundleHeader *dpt_bundle_index_get_header (const DptBundleIndex *self);
guint dpt_bundle_index_get_n_records (const DptBundleIndex *self);
const DptBundleRecord *dpt_bundle_index_get_record (const DptBundleIndex *self,
                                                    guint id);
DptShape dpt_bundle_index_get_shape (const DptBundleIndex *self,
                                     const DptBundleRecord *record);
const DptBundleRecord *dpt_bundle_index_get_part (const DptBundleIndex *self,
                                                  const DptBundleRecord *whole,
                                                  guint part,
                                                  DptTensorSlice *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptBundleIndex, dpt_bundle_index_free)

G_END_DECLS
