/* dpt-tensor-source.h - "give me this tensor": whoever holds the bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-tensor-slice.h"

G_BEGIN_DECLS

#define DPT_TYPE_TENSOR_SOURCE (dpt_tensor_source_get_type ())
G_DECLARE_INTERFACE (DptTensorSource,
                     dpt_tensor_source,
                     DPT,
                     TENSOR_SOURCE,
                     GObject)

/* Implemented by `formats` over files, and by dpt-memory-source over tensors
 * that are already there.  Any thread may read; a source is immutable. */
struct _DptTensorSourceInterface
{
  GTypeInterface parent;

  DptTensor *(*read) (DptTensorSource *self,
                      guint64 id,
                      const DptTensorSlice *slice,
                      GCancellable *cancellable,
                      GError **error);
};

DptTensor *dpt_tensor_source_read (DptTensorSource *self,
                                   guint64 id,
                                   const DptTensorSlice *slice,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
