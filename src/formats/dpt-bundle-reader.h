/* dpt-bundle-reader.h - a tensor's values out of a bundle's data files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-bundle-index.h"
#include "dpt-bundle-shards.h"
#include "dpt-tensor.h"

G_BEGIN_DECLS

/* What reading needs of a bundle, all of it the bundle's own. */
typedef struct
{
  const char *index_path; /* as UTF-8, for messages */
  const DptBundleIndex *index;
  DptBundleShards *shards;
} DptBundleReader;

DptTensor *dpt_bundle_reader_read (const DptBundleReader *self,
                                   const DptBundleRecord *record,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
