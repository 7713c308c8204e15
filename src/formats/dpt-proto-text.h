/* dpt-proto-text.h - the text form of protocol buffers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <protobuf-c/protobuf-c.h>

#include "dpt-byte-source.h"

G_BEGIN_DECLS

DptByteSource *
dpt_proto_text_read (DptByteSource *text,
                     const ProtobufCMessageDescriptor *descriptor,
                     GCancellable *cancellable,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
