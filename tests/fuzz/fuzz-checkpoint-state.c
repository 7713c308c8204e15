/* fuzz-checkpoint-state.c - any bytes as a text file `checkpoint`
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "fuzz-checkpoint-state"

#include "dpt-checkpoint-state.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DptByteSource) source =
      dpt_byte_source_new_from_bytes ("checkpoint", bytes);
  g_autoptr (DptCheckpointState) state = dpt_checkpoint_state_parse (source,
                                                                     "/", NULL);

  return 0;
}
