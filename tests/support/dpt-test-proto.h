/* dpt-test-proto.h - writes protocol buffers by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each appends one field to a message that the caller owns.  A sub-message is
 * a GByteArray of its own; dpt_test_proto_put_message() takes it over. */
void dpt_test_proto_put_raw_varint (GByteArray *message, guint64 value);
void
dpt_test_proto_put_varint (GByteArray *message, guint field, guint64 value);
void
dpt_test_proto_put_fixed32 (GByteArray *message, guint field, guint32 value);
void dpt_test_proto_put_bytes (GByteArray *message,
                               guint field,
                               const void *bytes,
                               gsize length);
void
dpt_test_proto_put_text (GByteArray *message, guint field, const char *text);
void dpt_test_proto_put_message (GByteArray *message,
                                 guint field,
                                 GByteArray *sub_message);

G_END_DECLS
