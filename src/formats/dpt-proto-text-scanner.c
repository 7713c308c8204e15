/* dpt-proto-text-scanner.c - the words of the text form of protocol buffers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   space    blanks, line ends, and "#" to the end of its line
 *   word     letters, digits, "_", ".", with a sign before or after "e"
 *   string   "..." or '...', in one line, with the escapes of C (octal,
 *            \x, \u, \U); strings that follow each other are one
 */

#define G_LOG_DOMAIN "dpt-proto-text-scanner"

#include "dpt-proto-text-scanner.h"

#include <string.h>

#include "dpt-names.h"

/* How much of the text an error shows. */
#define SHOWN_LENGTH 20

/**
 * dpt_proto_text_scanner_fail:
 * @self: a scanner, where it stopped
 * @code: what is wrong
 * @error: (out): return location for the error
 * @expected: what should have been there
 *
 * Sets an error with line and column, both counted from 1, columns in bytes.
 *
 * Returns: %FALSE.
 */
gboolean
dpt_proto_text_scanner_fail (const DptProtoTextScanner *self,
                             DptFormatError code,
                             GError **error,
                             const char *expected)
{
  gsize left = (gsize) (self->end - self->cursor);
  g_autofree char *found = dpt_names_to_display (self->cursor,
                                                 MIN (left, SHOWN_LENGTH));
  const char *line_start = self->start;
  guint line = 1;

  for (const char *p = self->start; p < self->cursor; p++)
    if (*p == '\n')
      {
        line++;
        line_start = p + 1;
      }

  g_set_error (error, DPT_FORMAT_ERROR, code,
               "%s: line %u, column %" G_GSIZE_FORMAT ": expected %s, found "
               "%s%s%s",
               dpt_byte_source_get_display (self->source), line,
               (gsize) (self->cursor - line_start) + 1, expected,
               left > 0 ? "'" : "", left > 0 ? found : "the end of the text",
               left > 0 ? "'" : "");
  return FALSE;
}

/**
 * dpt_proto_text_scanner_skip_space:
 * @self: a scanner
 *
 * Goes to the next character that is neither space nor comment.
 */
void
dpt_proto_text_scanner_skip_space (DptProtoTextScanner *self)
{
  while (self->cursor < self->end)
    {
      if (*self->cursor == '#')
        {
          while (self->cursor < self->end && *self->cursor != '\n')
            self->cursor++;
        }
      else if (g_ascii_isspace (*self->cursor))
        self->cursor++;
      else
        break;
    }
}

/**
 * dpt_proto_text_scanner_is_at_end:
 * @self: a scanner
 *
 * Returns: whether nothing is left.
 */
gboolean
dpt_proto_text_scanner_is_at_end (const DptProtoTextScanner *self)
{
  return self->cursor >= self->end;
}

/**
 * dpt_proto_text_scanner_peek:
 * @self: a scanner
 *
 * Returns: the next character past spaces, which is not taken; 0 at the end.
 */
char
dpt_proto_text_scanner_peek (DptProtoTextScanner *self)
{
  dpt_proto_text_scanner_skip_space (self);

  return self->cursor < self->end ? *self->cursor : '\0';
}

/**
 * dpt_proto_text_scanner_accept:
 * @self: a scanner
 * @c: a character
 *
 * Takes the next character past spaces, if it is @c.
 *
 * Returns: whether it was.
 */
gboolean
dpt_proto_text_scanner_accept (DptProtoTextScanner *self, char c)
{
  dpt_proto_text_scanner_skip_space (self);
  if (self->cursor >= self->end || *self->cursor != c)
    return FALSE;

  self->cursor++;
  return TRUE;
}

static gboolean
is_word_char (const char *word, const char *p)
{
  if (g_ascii_isalnum (*p) || *p == '_' || *p == '.')
    return TRUE;
  if (*p != '-' && *p != '+')
    return FALSE;

  /* A sign begins a number, or stands after its "e". */
  return p == word || p[-1] == 'e' || p[-1] == 'E';
}

/**
 * dpt_proto_text_scanner_read_word:
 * @self: a scanner
 * @word: (out): a part of the text
 *
 * Takes a name or a number.
 *
 * Returns: whether there is one.
 */
gboolean
dpt_proto_text_scanner_read_word (DptProtoTextScanner *self,
                                  DptProtoTextWord *word)
{
  dpt_proto_text_scanner_skip_space (self);
  word->text = self->cursor;
  while (self->cursor < self->end && is_word_char (word->text, self->cursor))
    self->cursor++;
  word->length = (gsize) (self->cursor - word->text);

  return word->length > 0;
}

/* Up to @max digits of @base. */
static gboolean
read_digits (DptProtoTextScanner *self,
             guint base,
             guint min,
             guint max,
             guint32 *value)
{
  guint n = 0;

  *value = 0;
  while (n < max && self->cursor < self->end)
    {
      int digit = g_ascii_xdigit_value (*self->cursor);

      if (digit < 0 || (guint) digit >= base)
        break;
      *value = *value * base + (guint32) digit;
      self->cursor++;
      n++;
    }

  return n >= min;
}

static void
append_byte (GByteArray *out, guint32 value)
{
  guint8 byte = (guint8) value;

  g_byte_array_append (out, &byte, 1);
}

static gboolean
append_character (GByteArray *out, guint32 value)
{
  char utf8[6];
  int length;

  if (!g_unichar_validate (value))
    return FALSE;

  length = g_unichar_to_utf8 (value, utf8);
  g_byte_array_append (out, (const guint8 *) utf8, (guint) length);

  return TRUE;
}

/* Stands behind the backslash. */
static gboolean
read_escape (DptProtoTextScanner *self, GByteArray *out)
{
  static const char letters[] = "abfnrtv\\'\"?";
  static const char meanings[] = "\a\b\f\n\r\t\v\\'\"?";
  const char *letter;
  guint32 value;
  char c;

  if (self->cursor >= self->end)
    return FALSE;

  c = *self->cursor;
  if (c >= '0' && c <= '7')
    {
      if (!read_digits (self, 8, 1, 3, &value) || value > 0xff)
        return FALSE;
      append_byte (out, value);
      return TRUE;
    }

  self->cursor++;
  if (c == 'x' || c == 'X')
    {
      if (!read_digits (self, 16, 1, 2, &value))
        return FALSE;
      append_byte (out, value);
      return TRUE;
    }
  if (c == 'u')
    return read_digits (self, 16, 4, 4, &value) &&
           append_character (out, value);
  if (c == 'U')
    return read_digits (self, 16, 8, 8, &value) &&
           append_character (out, value);

  letter = c != '\0' ? strchr (letters, c) : NULL;
  if (letter == NULL)
    return FALSE;
  append_byte (out, (guint8) meanings[letter - letters]);

  return TRUE;
}

static gboolean
read_one_string (DptProtoTextScanner *self,
                 GByteArray *out,
                 gsize limit,
                 GError **error)
{
  char quote = *self->cursor++;

  while (self->cursor < self->end && *self->cursor != '\n')
    {
      const char *plain = self->cursor;

      if (*self->cursor == quote)
        {
          self->cursor++;
          return TRUE;
        }
      if (out->len >= limit)
        return dpt_proto_text_scanner_fail (self, DPT_FORMAT_ERROR_LIMIT, error,
                                            "a shorter text");

      if (*self->cursor == '\\')
        {
          self->cursor++;
          if (!read_escape (self, out))
            return dpt_proto_text_scanner_fail (self, DPT_FORMAT_ERROR_CORRUPT,
                                                error, "an escape as in C");
          continue;
        }

      while (self->cursor < self->end && *self->cursor != quote &&
             *self->cursor != '\\' && *self->cursor != '\n')
        self->cursor++;
      g_byte_array_append (out, (const guint8 *) plain,
                           (guint) (self->cursor - plain));
    }

  return dpt_proto_text_scanner_fail (self, DPT_FORMAT_ERROR_CORRUPT, error,
                                      "the end of a string");
}

/**
 * dpt_proto_text_scanner_read_string:
 * @self: a scanner
 * @out: where to append the string's bytes
 * @limit: how long @out may become
 * @error: return location for a %DPT_FORMAT_ERROR
 *
 * Takes one string, or several that follow each other.
 *
 * Returns: whether there is one, and it is well formed.
 */
gboolean
dpt_proto_text_scanner_read_string (DptProtoTextScanner *self,
                                    GByteArray *out,
                                    gsize limit,
                                    GError **error)
{
  char next = dpt_proto_text_scanner_peek (self);

  if (next != '"' && next != '\'')
    return dpt_proto_text_scanner_fail (self, DPT_FORMAT_ERROR_CORRUPT, error,
                                        "a string");

  while (next == '"' || next == '\'')
    {
      if (!read_one_string (self, out, limit, error))
        return FALSE;
      next = dpt_proto_text_scanner_peek (self);
    }

  return TRUE;
}
