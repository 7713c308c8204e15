/* dpt-proto-text.c - the text form of protocol buffers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   message  field*
 *   field    name ":" value | name [":"] "{" message "}" | name ":" "[" ... "]"
 *            and "<" ">" for "{" "}"; "," or ";" may follow
 *   value    string+ | number | name of an enumeration's value | true | false
 *
 * Text becomes the bytes that it stands for, which then go through the same
 * scanner as a binary file.  Fields that our messages do not name are passed
 * over, whatever they hold.
 */

#define G_LOG_DOMAIN "dpt-proto-text"

#include "dpt-proto-text.h"

#include <errno.h>
#include <string.h>

#include "dpt-proto-text-scanner.h"
#include "dpt-proto-wire.h"
#include "dpt-tensor.pb-c.h"

/* Text is read whole; no graph in text comes near this. */
#define MAX_TEXT_SIZE ((guint64) 1 << 30)

/* The longest number or name that means anything. */
#define MAX_WORD 128

typedef struct
{
  DptProtoTextScanner scanner;
  GByteArray *out;
  GCancellable *cancellable;
  GError **error;
} Text;

static gboolean
fail (Text *text, const char *expected)
{
  return dpt_proto_text_scanner_fail (&text->scanner, DPT_FORMAT_ERROR_CORRUPT,
                                      text->error, expected);
}

static gboolean
check_depth (Text *text, guint depth)
{
  if (depth <= DPT_PROTO_MAX_DEPTH)
    return TRUE;

  return dpt_proto_text_scanner_fail (&text->scanner, DPT_FORMAT_ERROR_LIMIT,
                                      text->error,
                                      "messages nested at most " G_STRINGIFY (
                                          DPT_PROTO_MAX_DEPTH) " deep");
}

/* Takes a word and copies it, terminated. */
static gboolean
read_word (Text *text, char *buffer, const char *expected)
{
  const char *before = text->scanner.cursor;
  DptProtoTextWord word;

  if (dpt_proto_text_scanner_read_word (&text->scanner, &word) &&
      word.length < MAX_WORD)
    {
      memcpy (buffer, word.text, word.length);
      buffer[word.length] = '\0';
      return TRUE;
    }

  text->scanner.cursor = before;
  dpt_proto_text_scanner_skip_space (&text->scanner);

  return fail (text, expected);
}

static gboolean
read_integer (Text *text, gint64 min, guint64 max, guint64 *value)
{
  const char *before = text->scanner.cursor;
  char word[MAX_WORD];
  gboolean is_negative;
  const char *digits;
  char *end;

  if (!read_word (text, word, "an integer"))
    return FALSE;

  is_negative = word[0] == '-';
  digits = is_negative ? word + 1 : word;
  errno = 0;
  *value = g_ascii_strtoull (digits, &end, 0);
  if (g_ascii_isdigit (digits[0]) && *end == '\0' && errno == 0 &&
      *value <= (is_negative ? (guint64) 0 - (guint64) min : max))
    {
      if (is_negative)
        *value = (guint64) 0 - *value;
      return TRUE;
    }

  text->scanner.cursor = before;
  dpt_proto_text_scanner_skip_space (&text->scanner);

  return fail (text, "an integer in the range of its field");
}

static gboolean
read_real (Text *text, double *value)
{
  const char *before = text->scanner.cursor;
  char word[MAX_WORD];
  gsize length;
  char *end;

  if (!read_word (text, word, "a number"))
    return FALSE;

  *value = g_ascii_strtod (word, &end);
  length = strlen (word);

  /* "1.5f" is allowed. */
  if (end > word && (*end == 'f' || *end == 'F') && end == word + length - 1)
    end++;
  if (end > word && *end == '\0')
    return TRUE;

  text->scanner.cursor = before;
  dpt_proto_text_scanner_skip_space (&text->scanner);

  return fail (text, "a number");
}

static gboolean
read_bool (Text *text, guint64 *value)
{
  static const char *const yes[] = { "true", "True", "t", "1", NULL };
  static const char *const no[] = { "false", "False", "f", "0", NULL };
  const char *before = text->scanner.cursor;
  char word[MAX_WORD];

  if (!read_word (text, word, "true or false"))
    return FALSE;

  *value = g_strv_contains (yes, word);
  if (*value != 0 || g_strv_contains (no, word))
    return TRUE;

  text->scanner.cursor = before;
  dpt_proto_text_scanner_skip_space (&text->scanner);

  return fail (text, "true or false");
}

static gboolean
read_enum (Text *text,
           const ProtobufCEnumDescriptor *descriptor,
           guint64 *value)
{
  const char *before;
  const ProtobufCEnumValue *found;
  char word[MAX_WORD];
  char next = dpt_proto_text_scanner_peek (&text->scanner);

  if (g_ascii_isdigit (next) || next == '-')
    return read_integer (text, G_MININT32, G_MAXINT32, value);

  before = text->scanner.cursor;
  if (!read_word (text, word, "the name of a value"))
    return FALSE;

  found = protobuf_c_enum_descriptor_get_value_by_name (descriptor, word);
  if (found != NULL)
    {
      *value = (guint64) (gint64) found->value;
      return TRUE;
    }

  text->scanner.cursor = before;

  return fail (text, "the name of a value of its enumeration");
}

static gboolean
put_varint (Text *text, guint32 field, guint64 value)
{
  dpt_proto_wire_put_tag (text->out, field, DPT_WIRE_VARINT);
  dpt_proto_wire_put_varint (text->out, value);

  return TRUE;
}

/* As the text format does, a float is read as a double and rounded once more.
 */
static gboolean
put_real (Text *text, const ProtobufCFieldDescriptor *field, double value)
{
  if (field->type == PROTOBUF_C_TYPE_FLOAT)
    {
      float narrow = (float) value;
      guint32 bits;

      memcpy (&bits, &narrow, sizeof bits);
      bits = GUINT32_TO_LE (bits);
      dpt_proto_wire_put_tag (text->out, field->id, DPT_WIRE_FIXED32);
      g_byte_array_append (text->out, (const guint8 *) &bits, sizeof bits);
    }
  else
    {
      guint64 bits;

      memcpy (&bits, &value, sizeof bits);
      bits = GUINT64_TO_LE (bits);
      dpt_proto_wire_put_tag (text->out, field->id, DPT_WIRE_FIXED64);
      g_byte_array_append (text->out, (const guint8 *) &bits, sizeof bits);
    }

  return TRUE;
}

static gboolean read_message (Text *text,
                              const ProtobufCMessageDescriptor *message,
                              char close,
                              guint depth);

static gboolean
read_nested (Text *text, const ProtobufCFieldDescriptor *field, guint depth)
{
  char close;
  gsize mark;

  if (dpt_proto_text_scanner_accept (&text->scanner, '{'))
    close = '}';
  else if (dpt_proto_text_scanner_accept (&text->scanner, '<'))
    close = '>';
  else
    return fail (text, "a message in braces");

  mark = dpt_proto_wire_begin (text->out, field->id);
  if (!read_message (text, field->descriptor, close, depth + 1))
    return FALSE;
  dpt_proto_wire_end (text->out, mark);

  return TRUE;
}

static gboolean
read_string (Text *text, const ProtobufCFieldDescriptor *field)
{
  gsize mark = dpt_proto_wire_begin (text->out, field->id);

  if (!dpt_proto_text_scanner_read_string (&text->scanner, text->out,
                                           DPT_PROTO_MAX_SIZE, text->error))
    return FALSE;
  if (text->out->len > DPT_PROTO_MAX_SIZE)
    return dpt_proto_text_scanner_fail (&text->scanner, DPT_FORMAT_ERROR_LIMIT,
                                        text->error, "a shorter text");
  dpt_proto_wire_end (text->out, mark);

  return TRUE;
}

/* One value of a field that we know. */
static gboolean
read_value (Text *text, const ProtobufCFieldDescriptor *field, guint depth)
{
  guint64 value;
  double real;

  if (text->out->len > DPT_PROTO_MAX_SIZE - 64)
    return dpt_proto_text_scanner_fail (&text->scanner, DPT_FORMAT_ERROR_LIMIT,
                                        text->error, "a shorter text");

  switch (field->type)
    {
    case PROTOBUF_C_TYPE_MESSAGE:
      return read_nested (text, field, depth);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
      return read_string (text, field);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
      return read_real (text, &real) && put_real (text, field, real);
    case PROTOBUF_C_TYPE_BOOL:
      return read_bool (text, &value) && put_varint (text, field->id, value);
    case PROTOBUF_C_TYPE_ENUM:
      return read_enum (text, field->descriptor, &value) &&
             put_varint (text, field->id, value);
    case PROTOBUF_C_TYPE_INT32:
      return read_integer (text, G_MININT32, G_MAXINT32, &value) &&
             put_varint (text, field->id, value);
    case PROTOBUF_C_TYPE_INT64:
      return read_integer (text, G_MININT64, G_MAXINT64, &value) &&
             put_varint (text, field->id, value);
    case PROTOBUF_C_TYPE_UINT32:
      return read_integer (text, 0, G_MAXUINT32, &value) &&
             put_varint (text, field->id, value);
    case PROTOBUF_C_TYPE_UINT64:
      return read_integer (text, 0, G_MAXUINT64, &value) &&
             put_varint (text, field->id, value);
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_SFIXED64:
      break;
    }

  return fail (text, "a field of a type that our messages use");
}

/* Passes over the value of a field that we do not know: a scalar, or anything
 * in brackets.  Brackets are counted, not followed, so depth costs nothing;
 * still, what is nested deeper than a message may be is refused. */
static gboolean
skip_value (Text *text, guint depth)
{
  g_autoptr (GByteArray) ignored = g_byte_array_new ();
  char open[DPT_PROTO_MAX_DEPTH + 1];
  guint n_open = 0;

  do
    {
      char next = dpt_proto_text_scanner_peek (&text->scanner);
      DptProtoTextWord word;

      if (next == '"' || next == '\'')
        {
          g_byte_array_set_size (ignored, 0);
          if (!dpt_proto_text_scanner_read_string (&text->scanner, ignored,
                                                   G_MAXINT32, text->error))
            return FALSE;
        }
      else if (next == '{' || next == '<' || next == '[')
        {
          if (!check_depth (text, depth + n_open + 1))
            return FALSE;
          open[n_open++] = next == '{' ? '}' : next == '<' ? '>' : ']';
          text->scanner.cursor++;
        }
      else if (n_open > 0 && next == open[n_open - 1])
        {
          n_open--;
          text->scanner.cursor++;
        }
      else if (n_open > 0 && next != '\0' && strchr (":,;/-", next) != NULL)
        text->scanner.cursor++;
      else if (!dpt_proto_text_scanner_read_word (&text->scanner, &word))
        return fail (text, "a value");
    }
  while (n_open > 0);

  return TRUE;
}

/* "[" value "," ... "]" */
static gboolean
read_list (Text *text, const ProtobufCFieldDescriptor *field, guint depth)
{
  if (field->label != PROTOBUF_C_LABEL_REPEATED)
    return fail (text, "one value");

  dpt_proto_text_scanner_accept (&text->scanner, '[');
  if (dpt_proto_text_scanner_accept (&text->scanner, ']'))
    return TRUE;

  do
    if (!read_value (text, field, depth))
      return FALSE;
  while (dpt_proto_text_scanner_accept (&text->scanner, ','));

  if (!dpt_proto_text_scanner_accept (&text->scanner, ']'))
    return fail (text, "',' or ']'");

  return TRUE;
}

/* A field's name; that of an extension, "[a.b/c]", belongs to no field of
 * ours. */
static gboolean
read_name (Text *text,
           const ProtobufCMessageDescriptor *message,
           const ProtobufCFieldDescriptor **field)
{
  char word[MAX_WORD];

  *field = NULL;
  if (dpt_proto_text_scanner_accept (&text->scanner, '['))
    {
      while (!dpt_proto_text_scanner_accept (&text->scanner, ']'))
        {
          if (dpt_proto_text_scanner_is_at_end (&text->scanner))
            return fail (text, "']'");
          text->scanner.cursor++;
        }
      return TRUE;
    }

  if (!read_word (text, word, "the name of a field"))
    return FALSE;

  *field = protobuf_c_message_descriptor_get_field_by_name (message, word);

  /* The fields that the scanner adds are no part of the format. */
  if (message == &dpt__proto__tensor_proto__descriptor &&
      g_str_has_prefix (word, "dpt_"))
    *field = NULL;

  return TRUE;
}

static gboolean
read_field (Text *text, const ProtobufCMessageDescriptor *message, guint depth)
{
  const ProtobufCFieldDescriptor *field;
  gboolean has_colon;
  gboolean is_read;
  char next;

  if (!read_name (text, message, &field))
    return FALSE;

  has_colon = dpt_proto_text_scanner_accept (&text->scanner, ':');
  next = dpt_proto_text_scanner_peek (&text->scanner);
  if (!has_colon && next != '{' && next != '<')
    return fail (text, "':'");

  if (field == NULL)
    is_read = skip_value (text, depth);
  else if (next == '[')
    is_read = read_list (text, field, depth);
  else
    is_read = read_value (text, field, depth);

  if (is_read && !dpt_proto_text_scanner_accept (&text->scanner, ','))
    dpt_proto_text_scanner_accept (&text->scanner, ';');

  return is_read;
}

/* Reads fields up to @close, or with 0 to the end of the text.  Recursion ends
 * at DPT_PROTO_MAX_DEPTH. */
static gboolean
read_message (Text *text,
              const ProtobufCMessageDescriptor *message,
              char close,
              guint depth)
{
  if (!check_depth (text, depth) ||
      g_cancellable_set_error_if_cancelled (text->cancellable, text->error))
    return FALSE;

  for (;;)
    {
      dpt_proto_text_scanner_skip_space (&text->scanner);
      if (dpt_proto_text_scanner_is_at_end (&text->scanner))
        return close == '\0' || fail (text, close == '}' ? "'}'" : "'>'");
      if (close != '\0' &&
          dpt_proto_text_scanner_accept (&text->scanner, close))
        return TRUE;
      if (!read_field (text, message, depth))
        return FALSE;
    }
}

/**
 * dpt_proto_text_read:
 * @text: a file in text form
 * @descriptor: the message that it should be
 * @cancellable: (nullable): to stop it
 * @error: return location for a %DPT_FORMAT_ERROR with line and column
 *
 * Translates a text into the bytes of the same message.  Repeated singular
 * messages and the like are left to the scanner of those bytes.
 *
 * Returns: (transfer full) (nullable): the bytes, under the text's path.
 */
DptByteSource *
dpt_proto_text_read (DptByteSource *text,
                     const ProtobufCMessageDescriptor *descriptor,
                     GCancellable *cancellable,
                     GError **error)
{
  guint64 size = dpt_byte_source_get_size (text);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) binary = NULL;
  Text state = { .out = out, .cancellable = cancellable, .error = error };
  gsize length;

  if (size > MAX_TEXT_SIZE)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
                   "%s: expected a text of at most %" G_GUINT64_FORMAT
                   " bytes, found %" G_GUINT64_FORMAT,
                   dpt_byte_source_get_display (text), MAX_TEXT_SIZE, size);
      return NULL;
    }

  bytes = dpt_byte_source_read_bytes (text, 0, (gsize) size, error);
  if (bytes == NULL)
    return NULL;

  state.scanner.source = text;
  state.scanner.start = g_bytes_get_data (bytes, &length);
  state.scanner.cursor = state.scanner.start;
  state.scanner.end = state.scanner.start + length;

  if (!read_message (&state, descriptor, '\0', 1))
    return NULL;

  binary = g_byte_array_free_to_bytes (g_steal_pointer (&out));

  return dpt_byte_source_new_from_bytes (dpt_byte_source_get_path (text),
                                         binary);
}
