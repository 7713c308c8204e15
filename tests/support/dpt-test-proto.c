/* dpt-test-proto.c - writes protocol buffers by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-test-proto"

#include "dpt-test-proto.h"

#include <string.h>

#define TYPE_VARINT  0
#define TYPE_BYTES   2
#define TYPE_FIXED32 5

/**
 * dpt_test_proto_put_raw_varint:
 * @message: where to append
 * @value: a number, written seven bits a byte, the lowest first
 */
void
dpt_test_proto_put_raw_varint (GByteArray *message, guint64 value)
{
  do
    {
      guint8 byte = (guint8) ((value & 0x7f) | (value > 0x7f ? 0x80 : 0));

      g_byte_array_append (message, &byte, 1);
      value >>= 7;
    }
  while (value > 0);
}

/**
 * dpt_test_proto_put_varint:
 * @message: where to append
 * @field: the field's number
 * @value: its value; written even if it is 0
 */
void
dpt_test_proto_put_varint (GByteArray *message, guint field, guint64 value)
{
  dpt_test_proto_put_raw_varint (message, field << 3 | TYPE_VARINT);
  dpt_test_proto_put_raw_varint (message, value);
}

/**
 * dpt_test_proto_put_fixed32:
 * @message: where to append
 * @field: the field's number
 * @value: its value
 */
void
dpt_test_proto_put_fixed32 (GByteArray *message, guint field, guint32 value)
{
  guint32 stored = GUINT32_TO_LE (value);

  dpt_test_proto_put_raw_varint (message, field << 3 | TYPE_FIXED32);
  g_byte_array_append (message, (const guint8 *) &stored, sizeof stored);
}

/**
 * dpt_test_proto_put_bytes:
 * @message: where to append
 * @field: the field's number
 * @bytes: its value
 * @length: how many bytes
 */
void
dpt_test_proto_put_bytes (GByteArray *message,
                          guint field,
                          const void *bytes,
                          gsize length)
{
  dpt_test_proto_put_raw_varint (message, field << 3 | TYPE_BYTES);
  dpt_test_proto_put_raw_varint (message, length);
  if (length > 0)
    g_byte_array_append (message, bytes, (guint) length);
}

/**
 * dpt_test_proto_put_text:
 * @message: where to append
 * @field: the field's number
 * @text: its value
 */
void
dpt_test_proto_put_text (GByteArray *message, guint field, const char *text)
{
  dpt_test_proto_put_bytes (message, field, text, strlen (text));
}

/**
 * dpt_test_proto_put_message:
 * @message: where to append
 * @field: the field's number
 * @sub_message: (transfer full): its value
 */
void
dpt_test_proto_put_message (GByteArray *message,
                            guint field,
                            GByteArray *sub_message)
{
  dpt_test_proto_put_bytes (message, field, sub_message->data,
                            sub_message->len);
  g_byte_array_unref (sub_message);
}
