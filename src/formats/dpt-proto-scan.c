/* dpt-proto-scan.c - the one door before a protocol buffer is unpacked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scanner walks a message through a small window, guided by what the
 * message is expected to be, and writes a reduced copy:
 *
 *   - fields that our .proto files do not name are passed over unread;
 *   - TensorProto.tensor_content becomes two numbers, offset and length of
 *     its bytes in the file; on request all values of a TensorProto stay in
 *     the file, and the copy holds dtype, shape, offset and length;
 *   - everything else is copied, after its wire type and length were checked
 *     against its field and against the message around it.
 *
 * So the library that unpacks the copy never sees bytes that are deeper,
 * longer or of another form than it expects, however hostile the file is.
 */

#define G_LOG_DOMAIN "dpt-proto-scan"

#include "dpt-proto-scan.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-proto-wire.h"
#include "dpt-tensor.pb-c.h"

#define WINDOW_SIZE (64u << 10)

/* A message takes two bytes of a file and a hundred of memory.  A graph of half
 * a million nodes has about this many. */
#define MAX_MESSAGES (8u << 20)

/* Field numbers of TensorProto (tensor.proto), and our own. */
enum
{
  TENSOR_DTYPE = 1,
  TENSOR_SHAPE = 2,
  TENSOR_CONTENT = 4,
  TENSOR_OFFSET = 536870001,
  TENSOR_LENGTH = 536870002,
  TENSOR_CONTENT_OFFSET = 536870003,
  TENSOR_CONTENT_LENGTH = 536870004,
  TENSOR_HAS_CONTENT = 536870005,
};

typedef struct
{
  const DptByteSource *source;
  DptProtoScanFlags flags;
  GCancellable *cancellable;

  guint8 *window;
  guint64 window_start;
  gsize window_length;
  guint64 cursor; /* offset in the source of the next byte */
  guint64 limit;  /* where the outermost message ends */
  guint n_messages;

  GByteArray *out;
  GError **error;
} Scan;

/* The field that is being read. */
typedef struct
{
  guint32 number;
  DptWireType type;
  guint64 start; /* of its tag */
  guint64 end;   /* of its message */
  const ProtobufCMessageDescriptor *message;
  const ProtobufCFieldDescriptor *field; /* NULL when not ours */
} Field;

G_GNUC_PRINTF (4, 5)
static gboolean
fail (Scan *scan, DptFormatError code, guint64 offset, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (scan->error, DPT_FORMAT_ERROR, code,
               "%s: offset %" G_GUINT64_FORMAT ": %s",
               dpt_byte_source_get_display (scan->source), offset, message);
  return FALSE;
}

static gboolean
refill (Scan *scan)
{
  guint64 left = scan->limit - scan->cursor;

  if (g_cancellable_set_error_if_cancelled (scan->cancellable, scan->error))
    return FALSE;

  scan->window_start = scan->cursor;
  scan->window_length = (gsize) MIN (left, (guint64) WINDOW_SIZE);

  return dpt_byte_source_read (scan->source, scan->window_start,
                               scan->window_length, scan->window, scan->error);
}

/* The caller has checked that the cursor is below the limit. */
static gboolean
read_byte (Scan *scan, guint8 *byte)
{
  if (scan->cursor < scan->window_start ||
      scan->cursor - scan->window_start >= scan->window_length)
    {
      if (!refill (scan))
        return FALSE;
    }

  *byte = scan->window[scan->cursor - scan->window_start];
  scan->cursor++;

  return TRUE;
}

static gboolean
read_varint (Scan *scan, guint64 end, guint64 *value)
{
  guint64 start = scan->cursor;

  *value = 0;
  for (guint shift = 0; shift < 70; shift += 7)
    {
      guint8 byte;

      if (scan->cursor >= end)
        return fail (scan, DPT_FORMAT_ERROR_TRUNCATED, start,
                     "expected a varint, found the end of its message");
      if (!read_byte (scan, &byte))
        return FALSE;
      if (shift == 63 && byte > 1)
        break;
      *value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }

  return fail (scan, DPT_FORMAT_ERROR_CORRUPT, start,
               "expected a varint of at most 64 bits, found a longer one");
}

static gboolean
check_room (Scan *scan, guint64 length)
{
  if (scan->out->len + length <= DPT_PROTO_MAX_SIZE)
    return TRUE;

  return fail (scan, DPT_FORMAT_ERROR_LIMIT, scan->cursor,
               "expected a message whose fields take at most %u MiB beside "
               "its tensors, found more",
               DPT_PROTO_MAX_SIZE >> 20);
}

/* Copies @length bytes, which lie inside the message. */
static gboolean
copy_bytes (Scan *scan, guint64 length)
{
  guint at = scan->out->len;

  if (!check_room (scan, length))
    return FALSE;

  if (length <= WINDOW_SIZE / 16)
    {
      for (guint64 i = 0; i < length; i++)
        {
          guint8 byte;

          if (!read_byte (scan, &byte))
            return FALSE;
          g_byte_array_append (scan->out, &byte, 1);
        }
      return TRUE;
    }

  g_byte_array_set_size (scan->out, at + (guint) length);
  if (!dpt_byte_source_read (scan->source, scan->cursor, (gsize) length,
                             scan->out->data + at, scan->error))
    return FALSE;
  scan->cursor += length;

  return TRUE;
}

static const ProtobufCFieldDescriptor *
find_field (const ProtobufCMessageDescriptor *message, guint32 number)
{
  const ProtobufCFieldDescriptor *field =
      protobuf_c_message_descriptor_get_field (message, number);

  /* A file has no business with the fields that the scanner adds. */
  if (field != NULL && message == &dpt__proto__tensor_proto__descriptor &&
      number >= TENSOR_OFFSET)
    return NULL;

  return field;
}

static DptWireType
expected_type (const ProtobufCFieldDescriptor *field)
{
  switch (field->type)
    {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
      return DPT_WIRE_FIXED32;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
      return DPT_WIRE_FIXED64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
      return DPT_WIRE_BYTES;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_ENUM:
      break;
    }

  return DPT_WIRE_VARINT;
}

static gboolean
read_tag (Scan *scan, Field *field)
{
  guint64 tag;
  guint wire;

  field->start = scan->cursor;
  if (!read_varint (scan, field->end, &tag))
    return FALSE;

  wire = (guint) (tag & 7);
  if (tag >> 3 == 0 || tag >> 3 >= 1u << 29)
    return fail (scan, DPT_FORMAT_ERROR_CORRUPT, field->start,
                 "expected a field of %s, found field number "
                 "%" G_GUINT64_FORMAT,
                 field->message->short_name, tag >> 3);
  if (wire != DPT_WIRE_VARINT && wire != DPT_WIRE_FIXED64 &&
      wire != DPT_WIRE_BYTES && wire != DPT_WIRE_FIXED32)
    return fail (scan, DPT_FORMAT_ERROR_CORRUPT, field->start,
                 "expected a field of %s, found wire type %u",
                 field->message->short_name, wire);

  field->number = (guint32) (tag >> 3);
  field->type = (DptWireType) wire;
  field->field = find_field (field->message, field->number);

  return TRUE;
}

/* Whether the field is written as its descriptor says; a list of numbers may
 * be written packed or one by one. */
static gboolean
check_type (Scan *scan, const Field *field, guint64 *seen)
{
  DptWireType expected = expected_type (field->field);
  gboolean is_list = field->field->label == PROTOBUF_C_LABEL_REPEATED;
  guint index = (guint) (field->field - field->message->fields);

  if (field->type != expected && !(is_list && field->type == DPT_WIRE_BYTES))
    return fail (scan, DPT_FORMAT_ERROR_CORRUPT, field->start,
                 "expected wire type %d for %s.%s, found %d", expected,
                 field->message->short_name, field->field->name, field->type);

  /* The library would merge two messages into one; no writer makes them. */
  if (!is_list && field->field->type == PROTOBUF_C_TYPE_MESSAGE)
    {
      if ((*seen & G_GUINT64_CONSTANT (1) << index) != 0)
        return fail (scan, DPT_FORMAT_ERROR_CORRUPT, field->start,
                     "expected %s.%s once, found it twice",
                     field->message->short_name, field->field->name);
      *seen |= G_GUINT64_CONSTANT (1) << index;
    }

  return TRUE;
}

/* Reads a field of fixed or varint form; copies it if it is ours. */
static gboolean
scan_number (Scan *scan, const Field *field, gboolean keep)
{
  guint64 value;
  gsize width = field->type == DPT_WIRE_FIXED64 ? 8 : 4;

  if (keep)
    {
      if (!check_room (scan, 16))
        return FALSE;
      dpt_proto_wire_put_tag (scan->out, field->number, field->type);
    }

  if (field->type == DPT_WIRE_VARINT)
    {
      if (!read_varint (scan, field->end, &value))
        return FALSE;
      if (keep)
        dpt_proto_wire_put_varint (scan->out, value);
      return TRUE;
    }

  if (field->end - scan->cursor < width)
    return fail (scan, DPT_FORMAT_ERROR_TRUNCATED, field->start,
                 "expected a number of %" G_GSIZE_FORMAT
                 " bytes, found the end of its message",
                 width);
  if (keep)
    return copy_bytes (scan, width);

  scan->cursor += width;
  return TRUE;
}

static void
put_number (Scan *scan, guint32 field, guint64 value)
{
  dpt_proto_wire_put_tag (scan->out, field, DPT_WIRE_VARINT);
  dpt_proto_wire_put_varint (scan->out, value);
}

static gboolean scan_message (Scan *scan,
                              const ProtobufCMessageDescriptor *message,
                              guint64 end,
                              guint depth);

/* A message inside a message; a tensor's values may stay behind. */
static gboolean
scan_nested (Scan *scan, const Field *field, guint64 length, gsize depth)
{
  const ProtobufCMessageDescriptor *message = field->field->descriptor;
  guint64 start = scan->cursor;
  gsize mark = dpt_proto_wire_begin (scan->out, field->number);

  if (!scan_message (scan, message, start + length, (guint) depth + 1))
    return FALSE;

  if (message == &dpt__proto__tensor_proto__descriptor)
    {
      put_number (scan, TENSOR_OFFSET, start);
      put_number (scan, TENSOR_LENGTH, length);
    }
  dpt_proto_wire_end (scan->out, mark);

  return TRUE;
}

static gboolean
scan_bytes (Scan *scan, const Field *field, gboolean keep, guint depth)
{
  guint64 length;

  if (!read_varint (scan, field->end, &length))
    return FALSE;
  if (length > field->end - scan->cursor)
    return fail (scan, DPT_FORMAT_ERROR_TRUNCATED, field->start,
                 "expected a field of %" G_GUINT64_FORMAT
                 " bytes, found %" G_GUINT64_FORMAT
                 " bytes to the end of its message",
                 length, field->end - scan->cursor);

  if (!keep)
    {
      scan->cursor += length;
      return TRUE;
    }

  /* Room for the tag, the length and the places that a tensor adds. */
  if (!check_room (scan, 64))
    return FALSE;

  if (field->message == &dpt__proto__tensor_proto__descriptor &&
      field->number == TENSOR_CONTENT)
    {
      put_number (scan, TENSOR_CONTENT_OFFSET, scan->cursor);
      put_number (scan, TENSOR_CONTENT_LENGTH, length);
      put_number (scan, TENSOR_HAS_CONTENT, 1);
      scan->cursor += length;
      return TRUE;
    }

  if (field->field->type == PROTOBUF_C_TYPE_MESSAGE)
    return scan_nested (scan, field, length, depth);

  dpt_proto_wire_put_tag (scan->out, field->number, DPT_WIRE_BYTES);
  dpt_proto_wire_put_varint (scan->out, length);

  return copy_bytes (scan, length);
}

static gboolean
is_deferred (const Scan *scan, const Field *field)
{
  return (scan->flags & DPT_PROTO_SCAN_DEFER_TENSORS) != 0 &&
         field->message == &dpt__proto__tensor_proto__descriptor &&
         field->number != TENSOR_DTYPE && field->number != TENSOR_SHAPE &&
         field->number != TENSOR_CONTENT;
}

/* Recursion ends at DPT_PROTO_MAX_DEPTH. */
static gboolean
scan_message (Scan *scan,
              const ProtobufCMessageDescriptor *message,
              guint64 end,
              guint depth)
{
  Field field = { .end = end, .message = message };
  guint64 seen = 0;

  if (++scan->n_messages > MAX_MESSAGES)
    return fail (scan, DPT_FORMAT_ERROR_LIMIT, scan->cursor,
                 "expected at most %u messages in one file, found more",
                 MAX_MESSAGES);

  if (depth > DPT_PROTO_MAX_DEPTH)
    return fail (scan, DPT_FORMAT_ERROR_LIMIT, scan->cursor,
                 "expected messages nested at most %d deep, found more",
                 DPT_PROTO_MAX_DEPTH);

  while (scan->cursor < end)
    {
      gboolean keep;

      if (!read_tag (scan, &field))
        return FALSE;

      keep = field.field != NULL;
      if (keep && !check_type (scan, &field, &seen))
        return FALSE;
      keep = keep && !is_deferred (scan, &field);

      if (field.type == DPT_WIRE_BYTES)
        {
          if (!scan_bytes (scan, &field, keep, depth))
            return FALSE;
        }
      else if (!scan_number (scan, &field, keep))
        return FALSE;
    }

  return TRUE;
}

/**
 * dpt_proto_scan:
 * @source: where the message lies
 * @offset: its first byte
 * @length: its length in bytes
 * @descriptor: what it should be
 * @flags: what to leave in the file
 * @cancellable: (nullable): to stop it
 * @error: return location for a %DPT_FORMAT_ERROR
 *
 * Checks a message and copies what may be unpacked of it.  Fails on groups, on
 * wire types and lengths that contradict the field, on messages deeper than
 * %DPT_PROTO_MAX_DEPTH, longer than %DPT_PROTO_MAX_SIZE or too many.
 *
 * Returns: (transfer full) (nullable): the reduced copy.
 */
GByteArray *
dpt_proto_scan (const DptByteSource *source,
                guint64 offset,
                guint64 length,
                const ProtobufCMessageDescriptor *descriptor,
                DptProtoScanFlags flags,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree guint8 *window = g_malloc (MIN (length, WINDOW_SIZE));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint64 size = dpt_byte_source_get_size (source);
  Scan scan = {
    .source = source,
    .flags = flags,
    .cancellable = cancellable,
    .window = window,
    .cursor = offset,
    .limit = offset + length,
    .out = out,
    .error = error,
  };

  if (offset > size || length > size - offset)
    {
      fail (&scan, DPT_FORMAT_ERROR_TRUNCATED, offset,
            "expected a message of %" G_GUINT64_FORMAT
            " bytes, found a file of %" G_GUINT64_FORMAT " bytes",
            length, size);
      return NULL;
    }

  if (!scan_message (&scan, descriptor, scan.limit, 1))
    return NULL;

  if (descriptor == &dpt__proto__tensor_proto__descriptor)
    {
      put_number (&scan, TENSOR_OFFSET, offset);
      put_number (&scan, TENSOR_LENGTH, length);
    }

  return g_steal_pointer (&out);
}
