/* fuzz-proto-text.c - any bytes as a MetaGraphDef in text form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text that can be read gives bytes, and those go through the binary reader.
 */

#define G_LOG_DOMAIN "fuzz-proto-text"

#include "dpt-meta-graph-reader.h"
#include "dpt-proto-text.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("fuzz",
                                                                     bytes);
  g_autoptr (DptByteSource) binary =
      dpt_proto_text_read (source, &dpt__proto__meta_graph_def__descriptor,
                           NULL, NULL);
  g_autoptr (DptMetaGraph) meta_graph = NULL;

  if (binary != NULL)
    meta_graph = dpt_meta_graph_read (binary, NULL, NULL);

  return 0;
}
