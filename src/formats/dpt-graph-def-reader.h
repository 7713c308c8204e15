/* dpt-graph-def-reader.h - from GraphDef bytes to a graph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-graph-tensors.h"
#include "dpt-graph.h"
#include "dpt-graph.pb-c.h"

G_BEGIN_DECLS

DptGraph *dpt_graph_def_read (DptByteSource *source,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptGraph *dpt_graph_def_convert (const Dpt__Proto__GraphDef *proto,
                                 DptGraphTensors *tensors,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
