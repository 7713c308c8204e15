/* dpt-tensor-bundle.h - a V2 checkpoint: an index and its data files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-checkpoint.h"
#include "dpt-progress.h"

G_BEGIN_DECLS

/* A DptTensorSource, immutable, to be read from any thread. */
#define DPT_TYPE_TENSOR_BUNDLE (dpt_tensor_bundle_get_type ())
G_DECLARE_FINAL_TYPE (DptTensorBundle,
                      dpt_tensor_bundle,
                      DPT,
                      TENSOR_BUNDLE,
                      GObject)

DptTensorBundle *
dpt_tensor_bundle_open (const char *prefix,
                        DptProgress *progress,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

DptCheckpoint *dpt_tensor_bundle_create_checkpoint (DptTensorBundle *self)
    G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *
dpt_tensor_bundle_list_files (DptTensorBundle *self) G_GNUC_WARN_UNUSED_RESULT;
char **dpt_tensor_bundle_list_warnings (DptTensorBundle *self)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
