/* fuzz-object-graph.c - any bytes as a TrackableObjectGraph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "fuzz-object-graph"

#include "dpt-object-graph-reader.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (DptObjectGraph) graph = dpt_object_graph_reader_parse (data, size,
                                                                    "graph",
                                                                    NULL);

  return 0;
}
