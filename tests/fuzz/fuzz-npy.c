/* fuzz-npy.c - any bytes as an npy file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "fuzz-npy"

#include "dpt-npy.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("npy",
                                                                     bytes);
  g_autoptr (DptTensor) tensor = dpt_npy_read_source (source, NULL);

  return 0;
}
