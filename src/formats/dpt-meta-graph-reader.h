/* dpt-meta-graph-reader.h - from MetaGraphDef bytes to a MetaGraph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-graph-tensors.h"
#include "dpt-meta-graph.h"
#include "dpt-meta-graph.pb-c.h"

G_BEGIN_DECLS

DptMetaGraph *dpt_meta_graph_read (DptByteSource *source,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptMetaGraph *dpt_meta_graph_convert (const Dpt__Proto__MetaGraphDef *proto,
                                      DptGraphTensors *tensors,
                                      const char *assets_folder,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
