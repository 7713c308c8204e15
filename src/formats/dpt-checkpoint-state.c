/* dpt-checkpoint-state.c - the text file `checkpoint`: which is the latest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A CheckpointState in protocol buffers' text format:
 *
 *   model_checkpoint_path: "model.ckpt-1"
 *   all_model_checkpoint_paths: "model.ckpt-0"
 *   all_model_checkpoint_paths: "model.ckpt-1"
 *   all_model_checkpoint_timestamps: 1638585762.1
 *   last_preserved_timestamp: 1638585700.5
 *
 *   file    = (name [":"] value [","|";"])*
 *   value   = string+ | word | group
 *   group   = "{" ... "}" | "<" ... ">" | "[" ... "]"
 *   string  = quoted by " or ', with C's escapes
 *   comment = "#" to the end of the line
 *
 * Paths that are not absolute start at the file's folder.  The two path fields
 * are kept; every other field is skipped, groups by counting their brackets.
 */

#define G_LOG_DOMAIN "dpt-checkpoint-state"

#include "dpt-checkpoint-state.h"

#include <string.h>

#include "dpt-format-error.h"

/* A line for each checkpoint that a long training kept is still far below. */
#define MAX_FILE_SIZE (16 * 1024 * 1024)

struct _DptCheckpointState
{
  char *latest;
  GPtrArray *all; /* (element-type filename) */
};

typedef enum
{
  TOKEN_END,
  TOKEN_WORD,   /* a name or a number */
  TOKEN_STRING, /* without quotes and escapes, in `string` */
  TOKEN_MARK,   /* one character of punctuation */
} TokenType;

typedef struct
{
  const char *where;
  const char *text;
  gsize length;
  gsize position; /* behind the token */

  TokenType type;
  gsize start;
  GString *string;
} Scanner;

static gboolean
fail_at (const Scanner *scanner,
         gsize offset,
         const char *expected,
         GError **error)
{
  g_autofree char *found =
      offset < scanner->length
          ? g_strdup_printf ("byte %02x", (guint8) scanner->text[offset])
          : g_strdup ("the end of the file");

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: offset %" G_GSIZE_FORMAT ": %s was expected, found %s",
               scanner->where, offset, expected, found);
  return FALSE;
}

static char
peek (const Scanner *scanner)
{
  return scanner->position < scanner->length ? scanner->text[scanner->position]
                                             : '\0';
}

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("_.+-", c) != NULL);
}

static void
skip_space (Scanner *scanner)
{
  while (scanner->position < scanner->length)
    {
      char c = peek (scanner);

      if (c == '#')
        while (scanner->position < scanner->length && peek (scanner) != '\n')
          scanner->position++;
      else if (g_ascii_isspace (c))
        scanner->position++;
      else
        return;
    }
}

/* Up to @max digits of @base. */
static guint
scan_digits (Scanner *scanner, guint base, guint max, guint *n_digits)
{
  guint value = 0;

  for (*n_digits = 0; *n_digits < max; (*n_digits)++)
    {
      int digit = g_ascii_xdigit_value (peek (scanner));

      if (digit < 0 || digit >= (int) base)
        break;
      value = value * base + (guint) digit;
      scanner->position++;
    }

  return value;
}

/* Stands behind a backslash. */
static gboolean
scan_escape (Scanner *scanner, GError **error)
{
  static const char letters[] = "abfnrtv\\'\"?";
  static const char meanings[] = "\a\b\f\n\r\t\v\\'\"?";
  gsize start = scanner->position;
  char c = peek (scanner);
  const char *letter = c != '\0' ? strchr (letters, c) : NULL;
  guint n_digits;
  guint value;

  if (letter != NULL)
    {
      g_string_append_c (scanner->string, meanings[letter - letters]);
      scanner->position++;
      return TRUE;
    }

  if (c == 'x' || c == 'X')
    {
      scanner->position++;
      value = scan_digits (scanner, 16, 2, &n_digits);
    }
  else
    value = scan_digits (scanner, 8, 3, &n_digits);

  if (n_digits == 0 || value > 0xff)
    return fail_at (scanner, start, "an escape of C's", error);

  g_string_append_c (scanner->string, (char) value);
  return TRUE;
}

static gboolean
scan_string (Scanner *scanner, GError **error)
{
  char quote = peek (scanner);

  scanner->position++;
  g_string_truncate (scanner->string, 0);
  while (scanner->position < scanner->length)
    {
      char c = peek (scanner);

      if (c == '\n')
        break;
      scanner->position++;
      if (c == quote)
        return TRUE;
      if (c != '\\')
        g_string_append_c (scanner->string, c);
      else if (!scan_escape (scanner, error))
        return FALSE;
    }

  return fail_at (scanner, scanner->position, "the end of a string", error);
}

static gboolean
scan (Scanner *scanner, GError **error)
{
  char c;

  skip_space (scanner);
  scanner->start = scanner->position;
  scanner->type = TOKEN_END;
  if (scanner->position == scanner->length)
    return TRUE;

  c = peek (scanner);
  if (c == '"' || c == '\'')
    {
      scanner->type = TOKEN_STRING;
      return scan_string (scanner, error);
    }
  if (!is_word_char (c))
    {
      scanner->type = TOKEN_MARK;
      scanner->position++;
      return TRUE;
    }

  scanner->type = TOKEN_WORD;
  while (is_word_char (peek (scanner)))
    scanner->position++;
  return TRUE;
}

static gboolean
is_mark (const Scanner *scanner, const char *marks)
{
  char c = scanner->text[scanner->start];

  return scanner->type == TOKEN_MARK && c != '\0' && strchr (marks, c) != NULL;
}

/* Stands on an opening bracket; goes behind the one that closes it.  Which
 * bracket closes which is not asked: nothing of the group is kept. */
static gboolean
skip_group (Scanner *scanner, GError **error)
{
  gsize opened = scanner->start;
  gsize depth = 0;

  do
    {
      if (scanner->type == TOKEN_END)
        return fail_at (scanner, opened, "a group that is closed", error);
      if (is_mark (scanner, "{<["))
        depth++;
      else if (is_mark (scanner, "}>]"))
        depth--;
      if (!scan (scanner, error))
        return FALSE;
    }
  while (depth > 0);

  return TRUE;
}

/* Adjacent strings are one.  Stands behind the value afterwards. */
static gboolean
scan_path (Scanner *scanner, const char *folder, char **path, GError **error)
{
  g_autoptr (GString) value = g_string_new (NULL);
  gsize start = scanner->start;

  if (scanner->type != TOKEN_STRING)
    return fail_at (scanner, start, "a quoted path", error);

  while (scanner->type == TOKEN_STRING)
    {
      g_string_append_len (value, scanner->string->str,
                           (gssize) scanner->string->len);
      if (!scan (scanner, error))
        return FALSE;
    }
  if (value->len == 0 || strlen (value->str) != value->len)
    return fail_at (scanner, start, "a path without zero bytes", error);

  g_free (*path);
  *path = g_path_is_absolute (value->str)
              ? g_strdup (value->str)
              : g_build_filename (folder, value->str, NULL);
  return TRUE;
}

static gboolean
skip_value (Scanner *scanner, GError **error)
{
  if (is_mark (scanner, "{<["))
    return skip_group (scanner, error);
  if (scanner->type == TOKEN_WORD)
    return scan (scanner, error);
  if (scanner->type != TOKEN_STRING)
    return fail_at (scanner, scanner->start, "a value", error);

  while (scanner->type == TOKEN_STRING)
    if (!scan (scanner, error))
      return FALSE;

  return TRUE;
}

static gboolean
parse_field (DptCheckpointState *self,
             Scanner *scanner,
             const char *folder,
             GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (scanner->type != TOKEN_WORD)
    return fail_at (scanner, scanner->start, "the name of a field", error);

  name = g_strndup (scanner->text + scanner->start,
                    scanner->position - scanner->start);
  if (!scan (scanner, error))
    return FALSE;
  if (is_mark (scanner, ":") && !scan (scanner, error))
    return FALSE;

  if (g_str_equal (name, "model_checkpoint_path"))
    return scan_path (scanner, folder, &self->latest, error);
  if (!g_str_equal (name, "all_model_checkpoint_paths"))
    return skip_value (scanner, error);
  if (!scan_path (scanner, folder, &path, error))
    return FALSE;

  g_ptr_array_add (self->all, g_steal_pointer (&path));
  return TRUE;
}

static gboolean
parse_fields (DptCheckpointState *self,
              Scanner *scanner,
              const char *folder,
              GError **error)
{
  if (!scan (scanner, error))
    return FALSE;

  while (scanner->type != TOKEN_END)
    {
      if (!parse_field (self, scanner, folder, error))
        return FALSE;
      if (is_mark (scanner, ",;") && !scan (scanner, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * dpt_checkpoint_state_read:
 * @folder: the folder whose file `checkpoint` to read
 * @error: return location for a #DptFormatError, %DPT_FORMAT_ERROR_NOT_FOUND
 *   where there is no such file
 *
 * Returns: (transfer full): what it says.
 */
DptCheckpointState *
dpt_checkpoint_state_read (const char *folder, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (DptByteSource) source = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  path = g_build_filename (folder, "checkpoint", NULL);
  source = dpt_byte_source_open (path, error);
  if (source == NULL)
    return NULL;

  return dpt_checkpoint_state_parse (source, folder, error);
}

/**
 * dpt_checkpoint_state_parse:
 * @source: the file
 * @folder: where relative paths start
 * @error: return location for a #DptFormatError
 *
 * Returns: (transfer full): what the file says.
 */
DptCheckpointState *
dpt_checkpoint_state_parse (DptByteSource *source,
                            const char *folder,
                            GError **error)
{
  g_autoptr (DptCheckpointState) self = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GString) string = NULL;
  guint64 size = dpt_byte_source_get_size (source);
  Scanner scanner = { .where = dpt_byte_source_get_display (source) };

  if (size > MAX_FILE_SIZE)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
                   "%s: at most %d bytes were expected, found "
                   "%" G_GUINT64_FORMAT,
                   scanner.where, MAX_FILE_SIZE, size);
      return NULL;
    }

  bytes = dpt_byte_source_read_bytes (source, 0, (gsize) size, error);
  if (bytes == NULL)
    return NULL;

  string = g_string_new (NULL);
  scanner.string = string;
  scanner.text = g_bytes_get_data (bytes, &scanner.length);

  self = g_new0 (DptCheckpointState, 1);
  self->all = g_ptr_array_new_with_free_func (g_free);
  if (!parse_fields (self, &scanner, folder, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * dpt_checkpoint_state_free:
 * @self: (transfer full): a state
 */
void
dpt_checkpoint_state_free (DptCheckpointState *self)
{
  g_ptr_array_unref (self->all);
  g_free (self->latest);
  g_free (self);
}

/**
 * dpt_checkpoint_state_get_latest:
 * @self: a state
 *
 * Returns: (nullable): the prefix of the latest checkpoint, owned by @self;
 *   whether its files are there is not asked.
 */
const char *
dpt_checkpoint_state_get_latest (const DptCheckpointState *self)
{
  return self->latest;
}

/**
 * dpt_checkpoint_state_get_all:
 * @self: a state
 *
 * Returns: (transfer none) (element-type filename): the prefixes of all
 *   checkpoints that were kept, the oldest first.
 */
GPtrArray *
dpt_checkpoint_state_get_all (const DptCheckpointState *self)
{
  return self->all;
}
