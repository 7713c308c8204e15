/* dpt-saved-model-reader.h - from SavedModel bytes to its MetaGraphs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-byte-source.h"
#include "dpt-meta-graph.h"

G_BEGIN_DECLS

GPtrArray *dpt_saved_model_read (DptByteSource *source,
                                 const char *folder,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
