/* dpt-cli-model.c - opens a command's models, and words what they hold
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cli-model"

#include "dpt-cli-model.h"

#include <string.h>

#include "dpt-names.h"
#include "dpt-side.h"

/**
 * dpt_cli_open:
 * @cli: what the commands share
 * @path: as the user gave it
 * @tags: (nullable): which MetaGraph, separated by commas
 * @error: what is wrong with it
 *
 * Opens a model, shows how far it is, and passes its warnings on.
 *
 * Returns: (transfer full): the model.
 */
DptModel *
dpt_cli_open (DptCli *cli, const char *path, const char *tags, GError **error)
{
  DptModel *model;
  GPtrArray *warnings;

  dpt_cli_begin_progress (cli);
  model = dpt_side_load_model (path, tags, dpt_cli_get_progress (cli),
                               dpt_cli_get_cancellable (cli), error);
  if (model == NULL)
    return NULL;

  warnings = dpt_model_get_warnings (model);
  for (guint i = 0; i < warnings->len; i++)
    dpt_cli_warn (cli, warnings->pdata[i]);

  return model;
}

/**
 * dpt_cli_get_keys:
 * @model: a model
 * @error: that it has none: #DPT_CLI_ERROR_USAGE
 *
 * Returns: (transfer none): its checkpoint.
 */
DptCheckpoint *
dpt_cli_get_keys (DptModel *model, GError **error)
{
  DptCheckpoint *checkpoint = dpt_model_get_checkpoint (model);

  if (checkpoint == NULL)
    g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                 "%s: expected a model with keys, found a %s without a "
                 "checkpoint and without constants",
                 dpt_model_get_path (model),
                 dpt_model_kind_get_name (dpt_model_get_kind (model)));

  return checkpoint;
}

/**
 * dpt_cli_add_place:
 * @error: (inout): what a run or a slice of @model complained of
 * @model: a model
 *
 * The engine knows nodes and dimensions, not files.  Puts the model's path
 * before a message that does not name it yet, so that every error begins with
 * its place.
 */
void
dpt_cli_add_place (GError **error, DptModel *model)
{
  const char *path = dpt_model_get_path (model);

  if (error != NULL && *error != NULL &&
      strstr ((*error)->message, path) == NULL)
    g_prefix_error (error, "%s: ", path);
}

/**
 * dpt_cli_match_key:
 * @regex: (nullable): what --match was given; %NULL matches everything
 * @key: a key
 * @length: its bytes
 * @matches: (out): whether it matches
 * @error: that the expression asks for more steps than PCRE takes
 *
 * Returns: whether @matches is set.
 */
gboolean
dpt_cli_match_key (GRegex *regex,
                   const char *key,
                   gsize length,
                   gboolean *matches,
                   GError **error)
{
  g_autoptr (GError) match_error = NULL;

  *matches = TRUE;
  if (regex == NULL)
    return TRUE;

  *matches = g_regex_match_full (regex, key, (gssize) length, 0, 0, NULL,
                                 &match_error);
  if (match_error == NULL)
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&match_error),
                              "--match: ");
  return FALSE;
}

/**
 * dpt_cli_show_key:
 * @entry: an entry
 *
 * Returns: (transfer full): its key, safe to print.
 */
char *
dpt_cli_show_key (const DptCheckpointEntry *entry)
{
  return dpt_names_to_display (entry->key, entry->key_length);
}

/**
 * dpt_cli_write_key:
 * @writer: inside an object
 * @name: the member
 * @key: (nullable): bytes
 *
 * Writes a key, in base64 where it is not UTF-8, or null.
 */
void
dpt_cli_write_key (DptJsonWriter *writer, const char *name, const char *key)
{
  dpt_json_writer_name (writer, name);
  if (key != NULL)
    dpt_json_writer_bytes (writer, key, strlen (key));
  else
    dpt_json_writer_null (writer);
}

/**
 * dpt_cli_write_text:
 * @writer: inside an object
 * @name: the member
 * @text: (nullable): UTF-8
 *
 * Writes text, or null.
 */
void
dpt_cli_write_text (DptJsonWriter *writer, const char *name, const char *text)
{
  dpt_json_writer_name (writer, name);
  if (text != NULL)
    dpt_json_writer_string (writer, text);
  else
    dpt_json_writer_null (writer);
}

/**
 * dpt_cli_write_dtype:
 * @writer: inside an object
 * @dtype: a dtype
 *
 * Writes the member `dtype`; null for %DPT_DTYPE_INVALID, which a signature's
 * output has that is a node to run and gives no value.
 */
void
dpt_cli_write_dtype (DptJsonWriter *writer, DptDtype dtype)
{
  dpt_cli_write_text (writer, "dtype",
                      dtype != DPT_DTYPE_INVALID ? dpt_dtype_get_name (dtype)
                                                 : NULL);
}
