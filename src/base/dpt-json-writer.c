/* dpt-json-writer.c - a streaming JSON writer that keeps the contract's digits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants:
 *  - `levels` has one byte for each open object or array: its closing
 *    bracket;
 *  - `needs_comma` is set between two values of one level;
 *  - after the first error of the stream nothing is written to it any more.
 */

#define G_LOG_DOMAIN "dpt-json-writer"

#include "dpt-json-writer.h"

#include <math.h>
#include <string.h>

#include "dpt-digits.h"
#include "dpt-names.h"

/* A write to the stream costs a system call; this many bytes go at once. */
#define BUFFER_SIZE (64 * 1024)

struct _DptJsonWriter
{
  GOutputStream *stream;
  GString *buffer;
  GString *levels;
  GError *error;
  gboolean needs_comma;
};

static void
flush (DptJsonWriter *self)
{
  if (self->error == NULL)
    g_output_stream_write_all (self->stream, self->buffer->str,
                               self->buffer->len, NULL, NULL, &self->error);
  g_string_truncate (self->buffer, 0);
}

/* Puts the comma before a value or a member's name. */
static void
begin_value (DptJsonWriter *self)
{
  if (self->buffer->len >= BUFFER_SIZE)
    flush (self);
  if (self->needs_comma)
    g_string_append_c (self->buffer, ',');
  self->needs_comma = TRUE;
}

static void
write_raw (DptJsonWriter *self, const char *text)
{
  begin_value (self);
  g_string_append (self->buffer, text);
}

static void
begin_level (DptJsonWriter *self, char opening, char closing)
{
  begin_value (self);
  g_string_append_c (self->buffer, opening);
  g_string_append_c (self->levels, closing);
  self->needs_comma = FALSE;
}

static void
end_level (DptJsonWriter *self, char closing)
{
  g_return_if_fail (self->levels->len > 0);
  g_return_if_fail (self->levels->str[self->levels->len - 1] == closing);

  g_string_append_c (self->buffer, closing);
  g_string_truncate (self->levels, self->levels->len - 1);
  self->needs_comma = TRUE;
}

/* UTF-8 of a known length; unlike in a C string, NUL is a character. */
static gboolean
is_utf8 (const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end)
    {
      const char *stop;

      if (g_utf8_validate_len (text, (gsize) (end - text), &stop))
        return TRUE;
      if (*stop != '\0' || stop >= end)
        return FALSE;
      text = stop + 1;
    }

  return TRUE;
}

static void
append_quoted (GString *buffer, const char *text, gsize length)
{
  g_string_append_c (buffer, '"');
  for (gsize i = 0; i < length; i++)
    switch (text[i])
      {
      case '"':
        g_string_append (buffer, "\\\"");
        break;
      case '\\':
        g_string_append (buffer, "\\\\");
        break;
      case '\n':
        g_string_append (buffer, "\\n");
        break;
      case '\r':
        g_string_append (buffer, "\\r");
        break;
      case '\t':
        g_string_append (buffer, "\\t");
        break;
      default:
        if ((guint8) text[i] < 0x20 || text[i] == 0x7f)
          g_string_append_printf (buffer, "\\u%04x", (guint) text[i]);
        else
          g_string_append_c (buffer, text[i]);
      }
  g_string_append_c (buffer, '"');
}

/* NaN and the infinities are no JSON numbers: they go as strings. */
static void
write_digits (DptJsonWriter *self, const char *digits, gboolean is_number)
{
  begin_value (self);
  if (is_number)
    g_string_append (self->buffer, digits);
  else
    append_quoted (self->buffer, digits, strlen (digits));
}

/**
 * dpt_json_writer_new:
 * @stream: where the document goes
 *
 * Returns: (transfer full): a writer at the beginning of a document.
 */
DptJsonWriter *
dpt_json_writer_new (GOutputStream *stream)
{
  DptJsonWriter *self;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);

  self = g_new0 (DptJsonWriter, 1);
  self->stream = g_object_ref (stream);
  self->buffer = g_string_sized_new (BUFFER_SIZE + 1024);
  self->levels = g_string_new (NULL);
  return self;
}

/**
 * dpt_json_writer_free:
 * @self: (transfer full): a writer
 *
 * Drops the writer.  What dpt_json_writer_finish() did not send is lost.
 */
void
dpt_json_writer_free (DptJsonWriter *self)
{
  g_object_unref (self->stream);
  g_string_free (self->buffer, TRUE);
  g_string_free (self->levels, TRUE);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * dpt_json_writer_finish:
 * @self: a writer whose levels are all closed
 * @error: return location for an error
 *
 * Ends the document with a line feed and sends the rest.
 *
 * Returns: whether the whole document arrived; otherwise @error is the first
 *   error of the stream.
 */
gboolean
dpt_json_writer_finish (DptJsonWriter *self, GError **error)
{
  g_return_val_if_fail (self->levels->len == 0, FALSE);

  g_string_append_c (self->buffer, '\n');
  flush (self);
  if (self->error == NULL)
    g_output_stream_flush (self->stream, NULL, &self->error);
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

/**
 * dpt_json_writer_begin_object:
 * @self: a writer
 *
 * Opens an object as the next value.
 */
void
dpt_json_writer_begin_object (DptJsonWriter *self)
{
  begin_level (self, '{', '}');
}

/**
 * dpt_json_writer_end_object:
 * @self: a writer whose innermost level is an object
 *
 * Closes it.
 */
void
dpt_json_writer_end_object (DptJsonWriter *self)
{
  end_level (self, '}');
}

/**
 * dpt_json_writer_begin_array:
 * @self: a writer
 *
 * Opens an array as the next value.
 */
void
dpt_json_writer_begin_array (DptJsonWriter *self)
{
  begin_level (self, '[', ']');
}

/**
 * dpt_json_writer_end_array:
 * @self: a writer whose innermost level is an array
 *
 * Closes it.
 */
void
dpt_json_writer_end_array (DptJsonWriter *self)
{
  end_level (self, ']');
}

/**
 * dpt_json_writer_name:
 * @self: a writer whose innermost level is an object
 * @name: the member's name; JSON names are text, so one that is not UTF-8 is
 *   written as dpt_names_to_display() shows it
 *
 * Names the next value.
 */
void
dpt_json_writer_name (DptJsonWriter *self, const char *name)
{
  gsize length = strlen (name);

  begin_value (self);
  if (is_utf8 (name, length))
    append_quoted (self->buffer, name, length);
  else
    {
      g_autofree char *shown = dpt_names_to_display (name, length);

      append_quoted (self->buffer, shown, strlen (shown));
    }
  g_string_append_c (self->buffer, ':');
  self->needs_comma = FALSE;
}

/**
 * dpt_json_writer_null:
 * @self: a writer
 *
 * Writes `null`.
 */
void
dpt_json_writer_null (DptJsonWriter *self)
{
  write_raw (self, "null");
}

/**
 * dpt_json_writer_boolean:
 * @self: a writer
 * @value: the value
 *
 * Writes `true` or `false`.
 */
void
dpt_json_writer_boolean (DptJsonWriter *self, gboolean value)
{
  write_raw (self, value ? "true" : "false");
}

/**
 * dpt_json_writer_int:
 * @self: a writer
 * @value: the value
 *
 * Writes a plain decimal, also where a double could not hold it.
 */
void
dpt_json_writer_int (DptJsonWriter *self, gint64 value)
{
  begin_value (self);
  g_string_append_printf (self->buffer, "%" G_GINT64_FORMAT, value);
}

/**
 * dpt_json_writer_uint:
 * @self: a writer
 * @value: the value
 *
 * Writes a plain decimal, also where a double could not hold it.
 */
void
dpt_json_writer_uint (DptJsonWriter *self, guint64 value)
{
  begin_value (self);
  g_string_append_printf (self->buffer, "%" G_GUINT64_FORMAT, value);
}

/**
 * dpt_json_writer_double:
 * @self: a writer
 * @value: the value
 *
 * Writes the shortest digits that read back to the same double, or one of the
 * strings "nan", "inf", "-inf".
 */
void
dpt_json_writer_double (DptJsonWriter *self, double value)
{
  char digits[DPT_DIGITS_SIZE];

  write_digits (self, dpt_digits_print_double (value, digits),
                isfinite (value));
}

/**
 * dpt_json_writer_number_text:
 * @self: a writer
 * @digits: a number as dpt_digits_print_rounded() makes it
 *
 * Writes a number whose digits the caller chose; "nan", "inf" and "-inf" go
 * as strings.
 */
void
dpt_json_writer_number_text (DptJsonWriter *self, const char *digits)
{
  write_digits (self, digits, strpbrk (digits, "0123456789") != NULL);
}

/**
 * dpt_json_writer_string:
 * @self: a writer
 * @value: (nullable): a terminated string
 *
 * Writes a string, `null` for %NULL, and `{"base64":"…"}` for one that is not
 * UTF-8.
 */
void
dpt_json_writer_string (DptJsonWriter *self, const char *value)
{
  if (value == NULL)
    dpt_json_writer_null (self);
  else
    dpt_json_writer_bytes (self, value, strlen (value));
}

/**
 * dpt_json_writer_bytes:
 * @self: a writer
 * @bytes: (nullable): any bytes, NUL among them
 * @length: how many
 *
 * Writes a string where the bytes are UTF-8, else `{"base64":"…"}`.
 */
void
dpt_json_writer_bytes (DptJsonWriter *self, const void *bytes, gsize length)
{
  if (length == 0 || is_utf8 (bytes, length))
    {
      begin_value (self);
      append_quoted (self->buffer, bytes, length);
    }
  else
    {
      g_autofree char *encoded = g_base64_encode (bytes, length);

      dpt_json_writer_begin_object (self);
      dpt_json_writer_name (self, "base64");
      write_raw (self, "\"");
      g_string_append (self->buffer, encoded);
      g_string_append_c (self->buffer, '"');
      dpt_json_writer_end_object (self);
    }
}
