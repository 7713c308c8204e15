/* fuzz-graph-def.c - any bytes as a GraphDef
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What opens is walked: every input followed, every constant read.
 */

#define G_LOG_DOMAIN "fuzz-graph-def"

#include "dpt-const-keys.h"
#include "dpt-graph-def-reader.h"
#include "fuzz-target.h"

static void
follow_inputs (DptGraph *graph, DptFunction *function)
{
  for (guint i = 0; i < dpt_graph_get_n_nodes (graph); i++)
    {
      DptNode *node = dpt_graph_get_node (graph, i);
      guint n_outputs;

      dpt_graph_count_outputs (graph, node, &n_outputs, NULL);
      for (guint k = 0; k < dpt_node_get_n_inputs (node); k++)
        {
          DptGraphEdge edge;

          dpt_graph_resolve (graph, function, dpt_node_get_input (node, k),
                             &edge, NULL);
        }
    }
}

static void
read_constants (DptGraph *graph)
{
  g_autoptr (DptCheckpoint) keys = dpt_const_keys_create_checkpoint (graph);

  for (guint i = 0; i < dpt_checkpoint_get_n_entries (keys); i++)
    {
      const DptCheckpointEntry *entry = dpt_checkpoint_get_entry (keys, i);
      g_autoptr (DptTensor) tensor = NULL;

      /* A few bytes may ask for gigabytes of one value, and get them. */
      if (entry->size < 1u << 20)
        tensor = dpt_checkpoint_read (keys, entry, NULL, NULL, NULL);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("fuzz",
                                                                     bytes);
  g_autoptr (DptGraph) graph = dpt_graph_def_read (source, NULL, NULL);

  if (graph == NULL)
    return 0;

  follow_inputs (graph, NULL);
  for (guint i = 0; i < dpt_graph_get_n_functions (graph); i++)
    {
      DptFunction *function = dpt_graph_get_function (graph, i);

      follow_inputs (dpt_function_get_body (function), function);
    }
  read_constants (graph);

  return 0;
}
