/* dpt-proto-scan.h - the one door before a protocol buffer is unpacked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <protobuf-c/protobuf-c.h>

#include "dpt-byte-source.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_PROTO_SCAN_DEFAULT = 0,
  /* Of every TensorProto keep dtype, shape and place; its values are read
   * when they are asked for. */
  DPT_PROTO_SCAN_DEFER_TENSORS = 1 << 0,
} DptProtoScanFlags;

GByteArray *dpt_proto_scan (const DptByteSource *source,
                            guint64 offset,
                            guint64 length,
                            const ProtobufCMessageDescriptor *descriptor,
                            DptProtoScanFlags flags,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
