/* dpt-loader-path.c - what a path given by a person means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   p.index, p.data-SSSSS-of-NNNNN, p, and p.meta beside p.index: prefix p
 *   a folder: its saved_model.pb (or .pbtxt), else the checkpoint that its file
 *             `checkpoint` calls the latest, else its only checkpoint
 *   another file: that file, whatever it is
 *
 * A V1 checkpoint has no index: it is the file p itself, or the shards
 * p-SSSSS-of-NNNNN (ShardedFilename in TensorFlow's tensor_slice_writer), of
 * which the first stands for all.
 */

#define G_LOG_DOMAIN "dpt-loader-path"

#include "dpt-loader-path.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "dpt-checkpoint-state.h"
#include "dpt-format-error.h"
#include "dpt-format.h"
#include "dpt-loader.h"
#include "dpt-names.h"

#define INDEX_SUFFIX ".index"
#define META_SUFFIX  ".meta"
#define DATA_SHARD   ".data-00000-of-00000"
#define SLICE_SHARD  "-00000-of-00000"

/* How many prefixes an error lists before it only counts. */
#define MAX_LISTED 20

G_GNUC_PRINTF (4, 5)
static gboolean
fail (const char *path,
      DptFormatError code,
      GError **error,
      const char *format,
      ...)
{
  g_autofree char *shown = dpt_names_to_display (path, -1);
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, DPT_FORMAT_ERROR, code, "%s: %s", shown, message);
  return FALSE;
}

static char *
strip (const char *path, const char *suffix)
{
  return g_strndup (path, strlen (path) - strlen (suffix));
}

static gboolean
has_index (const char *prefix)
{
  g_autofree char *index = g_strconcat (prefix, INDEX_SUFFIX, NULL);

  return g_file_test (index, G_FILE_TEST_IS_REGULAR);
}

/* What stands before an ending of this shape, in which each 0 is any digit.
 * (nullable) */
static char *
dup_before (const char *path, const char *shape)
{
  gsize length = strlen (path);
  gsize n = strlen (shape);
  const char *tail = path + length - n;

  if (length <= n)
    return NULL;

  for (gsize i = 0; i < n; i++)
    if (shape[i] == '0' ? !g_ascii_isdigit (tail[i]) : shape[i] != tail[i])
      return NULL;

  return g_strndup (path, length - n);
}

static int
compare_prefixes (gconstpointer a, gconstpointer b)
{
  return dpt_names_compare_natural (*(const char *const *) a,
                                    *(const char *const *) b);
}

/**
 * dpt_loader_list_prefixes:
 * @folder: a folder
 *
 * Lists the checkpoints of a folder: each prefix whose index is there.
 *
 * Returns: (transfer full) (array zero-terminated=1): their prefixes, folder
 *   included, in natural order (model-9 before model-10); empty for a folder
 *   that cannot be read.
 */
char **
dpt_loader_list_prefixes (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) prefixes = g_ptr_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, INDEX_SUFFIX) &&
          g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (prefixes, strip (path, INDEX_SUFFIX));
    }

  g_ptr_array_sort (prefixes, compare_prefixes);
  g_ptr_array_add (prefixes, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&prefixes), FALSE);
}

static gboolean
is_slice_checkpoint (const char *path)
{
  g_autoptr (DptByteSource) source = NULL;
  DptFormat format;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  source = dpt_byte_source_open (path, NULL);

  return source != NULL && dpt_format_sniff (source, &format, NULL) &&
         format == DPT_FORMAT_SLICE_CHECKPOINT;
}

/* Whether a file's name is one that a V1 checkpoint may have: that of a first
 * shard, or one that a `.meta` goes with.  Only such files are opened, so that
 * a folder of many files costs little. */
static gboolean
may_be_slice_checkpoint (const char *path)
{
  g_autofree char *meta = g_strconcat (path, META_SUFFIX, NULL);
  g_autofree char *sharded = dup_before (path, SLICE_SHARD);

  return sharded != NULL ? g_str_has_prefix (path + strlen (sharded), "-00000-")
                         : g_file_test (meta, G_FILE_TEST_IS_REGULAR);
}

/* The files of a folder that are V1 checkpoints, of each the first shard; of
 * one prefix only, unless that is NULL. */
static GPtrArray *
list_slice_checkpoints (const char *folder, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *sharded = dup_before (name, SLICE_SHARD);

      if (prefix != NULL && g_strcmp0 (sharded, prefix) != 0)
        continue;
      if (may_be_slice_checkpoint (path) && is_slice_checkpoint (path))
        g_ptr_array_add (files, g_steal_pointer (&path));
    }

  g_ptr_array_sort (files, compare_prefixes);

  return files;
}

/* The first shard of the V1 checkpoint of this prefix.  (nullable) */
static char *
find_slice_checkpoint (const char *prefix)
{
  g_autofree char *folder = g_path_get_dirname (prefix);
  g_autofree char *name = g_path_get_basename (prefix);
  g_autoptr (GPtrArray) files = list_slice_checkpoints (folder, name);

  return files->len > 0 ? g_strdup (files->pdata[0]) : NULL;
}

static gboolean
fail_with_list (const char *folder, char **prefixes, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);
  guint n = g_strv_length (prefixes);

  for (guint i = 0; i < MIN (n, MAX_LISTED); i++)
    {
      g_autofree char *name = g_path_get_basename (prefixes[i]);
      g_autofree char *shown = dpt_names_to_display (name, -1);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (n > MAX_LISTED)
    g_string_append_printf (list, " and %u more", n - MAX_LISTED);

  return fail (folder, DPT_FORMAT_ERROR_AMBIGUOUS, error,
               "expected the prefix of one checkpoint, found a folder of %u: "
               "%s",
               n, list->str);
}

/* What the file `checkpoint` names, if it is there; if it is not, `absent` is
 * its prefix. */
static gboolean
resolve_latest (const char *folder,
                DptLoaderPath *resolved,
                char **absent,
                GError **error)
{
  g_autofree char *file = g_build_filename (folder, "checkpoint", NULL);
  g_autoptr (DptCheckpointState) state = NULL;
  const char *latest;

  *absent = NULL;
  if (!g_file_test (file, G_FILE_TEST_IS_REGULAR))
    return TRUE;

  state = dpt_checkpoint_state_read (folder, error);
  if (state == NULL)
    return FALSE;

  latest = dpt_checkpoint_state_get_latest (state);
  if (latest == NULL)
    return TRUE;

  if (has_index (latest))
    resolved->prefix = g_strdup (latest);
  else if (g_file_test (latest, G_FILE_TEST_IS_REGULAR))
    resolved->file = g_strdup (latest);
  else
    resolved->file = find_slice_checkpoint (latest);
  if (resolved->prefix == NULL && resolved->file == NULL)
    *absent = g_strdup (latest);

  return TRUE;
}

/* Where a folder holds nothing to open; `absent` is the checkpoint that its
 * file `checkpoint` promises, if it does. */
static gboolean
fail_empty (const char *folder, const char *absent, GError **error)
{
  g_autofree char *state = NULL;
  g_autofree char *shown = NULL;

  if (absent == NULL)
    return fail (folder, DPT_FORMAT_ERROR_NOT_FOUND, error,
                 "expected saved_model.pb or a checkpoint's .index in the "
                 "folder, found neither");

  state = g_build_filename (folder, "checkpoint", NULL);
  shown = dpt_names_to_display (absent, -1);
  return fail (state, DPT_FORMAT_ERROR_NOT_FOUND, error,
               "expected the checkpoint '%s', which this file names as the "
               "latest, found neither that nor any other checkpoint in the "
               "folder",
               shown);
}

/* The only checkpoint of a folder; where there is none, its only V1 one. */
static gboolean
resolve_only (const char *folder,
              const char *absent,
              DptLoaderPath *resolved,
              GError **error)
{
  g_auto (GStrv) prefixes = dpt_loader_list_prefixes (folder);
  g_autoptr (GPtrArray) files = NULL;

  if (prefixes[0] != NULL && prefixes[1] != NULL)
    return fail_with_list (folder, prefixes, error);
  if (prefixes[0] != NULL)
    {
      resolved->prefix = g_strdup (prefixes[0]);
      return TRUE;
    }

  files = list_slice_checkpoints (folder, NULL);
  if (files->len == 0)
    return fail_empty (folder, absent, error);
  if (files->len > 1)
    {
      g_ptr_array_add (files, NULL);
      return fail_with_list (folder, (char **) files->pdata, error);
    }

  resolved->file = g_strdup (files->pdata[0]);
  return TRUE;
}

static gboolean
resolve_folder (const char *folder, DptLoaderPath *resolved, GError **error)
{
  static const char *const names[] = { "saved_model.pb", "saved_model.pbtxt" };
  g_autofree char *chunked = g_build_filename (folder, "saved_model.cpb", NULL);
  g_autofree char *absent = NULL;

  if (g_access (folder, R_OK | X_OK) != 0)
    return fail (folder, DPT_FORMAT_ERROR_IO, error, "cannot be opened: %s",
                 g_strerror (errno));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (folder, names[i], NULL);

      if (g_file_test (file, G_FILE_TEST_EXISTS))
        {
          resolved->file = g_steal_pointer (&file);
          return TRUE;
        }
    }

  if (g_file_test (chunked, G_FILE_TEST_EXISTS))
    return fail (chunked, DPT_FORMAT_ERROR_UNSUPPORTED, error,
                 "expected a SavedModel in one file (saved_model.pb), found "
                 "one in chunks (saved_model.cpb), which this version does "
                 "not read");

  if (!resolve_latest (folder, resolved, &absent, error))
    return FALSE;

  return resolved->prefix != NULL || resolved->file != NULL ||
         resolve_only (folder, absent, resolved, error);
}

/* Where nothing can be opened: why, as far as the system knows. */
static gboolean
fail_absent (const char *path, GError **error)
{
  GStatBuf status;

  if (path[0] == '\0')
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_NOT_FOUND,
                   "expected a path, found an empty one");
      return FALSE;
    }
  if (g_stat (path, &status) != 0 && errno != ENOENT && errno != ENOTDIR)
    return fail (path, DPT_FORMAT_ERROR_IO, error, "cannot be opened: %s",
                 g_strerror (errno));

  return fail (path, DPT_FORMAT_ERROR_NOT_FOUND, error,
               "expected a file, a folder or the prefix of a checkpoint, "
               "found nothing of this name");
}

/**
 * dpt_loader_path_resolve:
 * @path: a file, a folder, or a prefix
 * @resolved: (out): what to open
 * @error: return location for a %DPT_FORMAT_ERROR; %DPT_FORMAT_ERROR_AMBIGUOUS
 *   where a folder holds several checkpoints, which the message lists
 *
 * Returns: whether there is something to open.
 */
gboolean
dpt_loader_path_resolve (const char *path,
                         DptLoaderPath *resolved,
                         GError **error)
{
  g_autofree char *data_prefix = dup_before (path, DATA_SHARD);
  g_autofree char *meta_prefix = NULL;

  memset (resolved, 0, sizeof *resolved);

  if (g_str_has_suffix (path, ".diptych"))
    return fail (path, DPT_FORMAT_ERROR_UNSUPPORTED, error,
                 "expected a model, found a comparison (.diptych), which is "
                 "opened in place of two models");

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return resolve_folder (path, resolved, error);

  if (g_str_has_suffix (path, META_SUFFIX))
    meta_prefix = strip (path, META_SUFFIX);

  if (g_str_has_suffix (path, INDEX_SUFFIX) &&
      g_file_test (path, G_FILE_TEST_IS_REGULAR))
    resolved->prefix = strip (path, INDEX_SUFFIX);
  else if (has_index (path))
    resolved->prefix = g_strdup (path);
  else if (meta_prefix != NULL && has_index (meta_prefix))
    resolved->prefix = g_steal_pointer (&meta_prefix);
  else if (data_prefix != NULL && has_index (data_prefix))
    resolved->prefix = g_steal_pointer (&data_prefix);
  else if (data_prefix != NULL)
    return fail (path, DPT_FORMAT_ERROR_NOT_FOUND, error,
                 "expected the checkpoint's .index beside its data file, found "
                 "none");
  else if (g_file_test (path, G_FILE_TEST_EXISTS))
    resolved->file = g_strdup (path);
  else
    resolved->file = find_slice_checkpoint (path);

  return resolved->prefix != NULL || resolved->file != NULL ||
         fail_absent (path, error);
}

/**
 * dpt_loader_path_clear:
 * @self: a resolved path
 *
 * Frees what it owns and readies it for another use.
 */
void
dpt_loader_path_clear (DptLoaderPath *self)
{
  g_clear_pointer (&self->prefix, g_free);
  g_clear_pointer (&self->file, g_free);
}
