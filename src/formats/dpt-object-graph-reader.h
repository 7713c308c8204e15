/* dpt-object-graph-reader.h - the object graph inside a TF2 checkpoint
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-checkpoint.h"
#include "dpt-object-graph.h"

G_BEGIN_DECLS

DptObjectGraph *
dpt_object_graph_reader_parse (const guint8 *bytes,
                               gsize length,
                               const char *where,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptObjectGraph *
dpt_object_graph_reader_load (DptCheckpoint *checkpoint,
                              const char *where,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
