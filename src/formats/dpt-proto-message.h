/* dpt-proto-message.h - a message unpacked into memory of a known bound
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-proto-scan.h"

G_BEGIN_DECLS

/* The message and all that it holds, freed together. */
typedef struct _DptProtoMessage DptProtoMessage;

DptProtoMessage *
dpt_proto_message_read (const DptByteSource *source,
                        guint64 offset,
                        guint64 length,
                        const ProtobufCMessageDescriptor *descriptor,
                        DptProtoScanFlags flags,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_proto_message_free (DptProtoMessage *self);

const void *dpt_proto_message_get (const DptProtoMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptProtoMessage, dpt_proto_message_free)

G_END_DECLS
