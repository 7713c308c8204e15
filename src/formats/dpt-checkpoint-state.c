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
 *
 * Words and strings are those of dpt-proto-text-scanner.
 *
 * Paths that are not absolute start at the file's folder.  The two path fields
 * are kept; every other field is skipped, groups by counting their brackets.
 */

#define G_LOG_DOMAIN "dpt-checkpoint-state"

#include "dpt-checkpoint-state.h"

#include <string.h>

#include "dpt-proto-text-scanner.h"

/* A line for each checkpoint that a long training kept is still far below. */
#define MAX_FILE_SIZE   (16 * 1024 * 1024)
#define MAX_PATH_LENGTH (64 * 1024)

struct _DptCheckpointState
{
  char *latest;
  GPtrArray *all; /* (element-type filename) */
};

static gboolean
fail (const DptProtoTextScanner *scanner, GError **error, const char *expected)
{
  return dpt_proto_text_scanner_fail (scanner, DPT_FORMAT_ERROR_CORRUPT, error,
                                      expected);
}

static gboolean
is_one_of (char c, const char *characters)
{
  return c != '\0' && strchr (characters, c) != NULL;
}

static gboolean
skip_string (DptProtoTextScanner *scanner, GError **error)
{
  g_autoptr (GByteArray) ignored = g_byte_array_new ();

  return dpt_proto_text_scanner_read_string (scanner, ignored, MAX_FILE_SIZE,
                                             error);
}

/* Stands on an opening bracket; goes behind the one that closes it.  Which
 * bracket closes which is not asked: nothing of the group is kept. */
static gboolean
skip_group (DptProtoTextScanner *scanner, GError **error)
{
  DptProtoTextWord word;
  gsize depth = 0;

  do
    {
      char c = dpt_proto_text_scanner_peek (scanner);

      if (dpt_proto_text_scanner_is_at_end (scanner))
        return fail (scanner, error, "the end of a group");

      if (is_one_of (c, "\"'"))
        {
          if (!skip_string (scanner, error))
            return FALSE;
        }
      else if (!dpt_proto_text_scanner_read_word (scanner, &word))
        scanner->cursor++;

      if (is_one_of (c, "{<["))
        depth++;
      else if (is_one_of (c, "}>]"))
        depth--;
    }
  while (depth > 0);

  return TRUE;
}

static gboolean
skip_value (DptProtoTextScanner *scanner, GError **error)
{
  char c = dpt_proto_text_scanner_peek (scanner);
  DptProtoTextWord word;

  if (is_one_of (c, "{<["))
    return skip_group (scanner, error);
  if (is_one_of (c, "\"'"))
    return skip_string (scanner, error);

  return dpt_proto_text_scanner_read_word (scanner, &word) ||
         fail (scanner, error, "a value");
}

static gboolean
read_path (DptProtoTextScanner *scanner,
           const char *folder,
           char **path,
           GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *text = NULL;
  const char *start = scanner->cursor;

  if (!dpt_proto_text_scanner_read_string (scanner, bytes, MAX_PATH_LENGTH,
                                           error))
    return FALSE;
  if (bytes->len == 0 || memchr (bytes->data, '\0', bytes->len) != NULL)
    {
      scanner->cursor = start;
      return fail (scanner, error, "a path without zero bytes");
    }

  text = g_strndup ((const char *) bytes->data, bytes->len);
  g_free (*path);
  *path = g_path_is_absolute (text) ? g_steal_pointer (&text)
                                    : g_build_filename (folder, text, NULL);
  return TRUE;
}

static gboolean
is_name (const DptProtoTextWord *word, const char *name)
{
  return word->length == strlen (name) &&
         memcmp (word->text, name, word->length) == 0;
}

static gboolean
parse_field (DptCheckpointState *self,
             DptProtoTextScanner *scanner,
             const char *folder,
             GError **error)
{
  g_autofree char *path = NULL;
  DptProtoTextWord name;

  if (!dpt_proto_text_scanner_read_word (scanner, &name))
    return fail (scanner, error, "the name of a field");

  dpt_proto_text_scanner_accept (scanner, ':');
  if (is_name (&name, "model_checkpoint_path"))
    return read_path (scanner, folder, &self->latest, error);
  if (!is_name (&name, "all_model_checkpoint_paths"))
    return skip_value (scanner, error);
  if (!read_path (scanner, folder, &path, error))
    return FALSE;

  g_ptr_array_add (self->all, g_steal_pointer (&path));
  return TRUE;
}

static gboolean
parse_fields (DptCheckpointState *self,
              DptProtoTextScanner *scanner,
              const char *folder,
              GError **error)
{
  dpt_proto_text_scanner_skip_space (scanner);
  while (!dpt_proto_text_scanner_is_at_end (scanner))
    {
      if (!parse_field (self, scanner, folder, error))
        return FALSE;
      if (!dpt_proto_text_scanner_accept (scanner, ','))
        dpt_proto_text_scanner_accept (scanner, ';');
      dpt_proto_text_scanner_skip_space (scanner);
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
  guint64 size = dpt_byte_source_get_size (source);
  DptProtoTextScanner scanner = { .source = source };
  gsize length;

  if (size > MAX_FILE_SIZE)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
                   "%s: at most %d bytes were expected, found "
                   "%" G_GUINT64_FORMAT,
                   dpt_byte_source_get_display (source), MAX_FILE_SIZE, size);
      return NULL;
    }

  bytes = dpt_byte_source_read_bytes (source, 0, (gsize) size, error);
  if (bytes == NULL)
    return NULL;

  scanner.start = g_bytes_get_data (bytes, &length);
  scanner.cursor = scanner.start;
  scanner.end = scanner.start + length;

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
