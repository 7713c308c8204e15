/* dpt-memory-source.h - a tensor source over tensors that are already there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor-source.h"

G_BEGIN_DECLS

#define DPT_TYPE_MEMORY_SOURCE (dpt_memory_source_get_type ())
G_DECLARE_FINAL_TYPE (DptMemorySource,
                      dpt_memory_source,
                      DPT,
                      MEMORY_SOURCE,
                      GObject)

DptMemorySource *dpt_memory_source_new (void) G_GNUC_WARN_UNUSED_RESULT;
guint64 dpt_memory_source_add (DptMemorySource *self, DptTensor *tensor);

G_END_DECLS
