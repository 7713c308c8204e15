/* fuzz-saved-model.c - any bytes as a SavedModel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "fuzz-saved-model"

#include "dpt-saved-model-reader.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("fuzz",
                                                                     bytes);
  g_autoptr (GPtrArray) meta_graphs = dpt_saved_model_read (source, "/model",
                                                            NULL, NULL);

  return 0;
}
