/* dpt-cmd-ls.c - the command ls: a model's keys, or its objects
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cmd-ls"

#include "dpt-commands.h"

#include <string.h>

#include "dpt-cli-model.h"
#include "dpt-tensor-print.h"
#include "dpt-text-table.h"

static const char *
get_source_name (DptEntrySource source)
{
  static const char *const names[] = {
    [DPT_ENTRY_SOURCE_BUNDLE] = "bundle",
    [DPT_ENTRY_SOURCE_CONST] = "const",
    [DPT_ENTRY_SOURCE_MEMORY] = "memory",
  };

  return names[source];
}

/* The entries that are asked for, in the checkpoint's order; the object graph
 * entry, if asked for, last. */
static GPtrArray *
choose_entries (DptCheckpoint *checkpoint,
                gboolean all,
                GRegex *regex,
                GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  guint n_entries = dpt_checkpoint_get_n_entries (checkpoint);

  for (guint i = 0; i < n_entries + (all ? 1 : 0); i++)
    {
      const DptCheckpointEntry *entry =
          i < n_entries ? dpt_checkpoint_get_entry (checkpoint, i)
                        : dpt_checkpoint_get_object_graph_entry (checkpoint);
      gboolean matches;

      if (entry == NULL)
        break;
      if (!dpt_cli_match_key (regex, entry->key, entry->key_length, &matches,
                              error))
        return NULL;
      if (matches)
        g_ptr_array_add (chosen, (gpointer) entry);
    }

  return g_steal_pointer (&chosen);
}

static gboolean
print_keys_json (DptCli *cli, GPtrArray *entries, GError **error)
{
  g_autoptr (DptJsonWriter) writer = dpt_cli_begin_json (cli);

  dpt_json_writer_name (writer, "keys");
  dpt_json_writer_begin_array (writer);

  for (guint i = 0; i < entries->len; i++)
    {
      const DptCheckpointEntry *entry = entries->pdata[i];
      char crc32c[9];

      g_snprintf (crc32c, sizeof crc32c, "%08x", entry->crc32c);
      dpt_json_writer_begin_object (writer);
      dpt_json_writer_name (writer, "key");
      dpt_json_writer_bytes (writer, entry->key, entry->key_length);
      dpt_cli_write_dtype (writer, entry->dtype);
      dpt_json_writer_name (writer, "shape");
      dpt_tensor_print_json_shape (&entry->shape, writer);
      dpt_json_writer_name (writer, "bytes");
      dpt_json_writer_uint (writer, entry->size);
      dpt_cli_write_text (writer, "crc32c", entry->has_crc32c ? crc32c : NULL);
      if (entry->source != DPT_ENTRY_SOURCE_BUNDLE)
        dpt_cli_write_text (writer, "source", get_source_name (entry->source));
      dpt_json_writer_end_object (writer);
    }

  dpt_json_writer_end_array (writer);
  return dpt_cli_end_json (cli, writer, error);
}

static void
print_keys_text (DptCli *cli, GPtrArray *entries, guint n_hidden)
{
  g_autoptr (DptTextTable) table = dpt_text_table_new ("lllrl");
  guint64 size = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const DptCheckpointEntry *entry = entries->pdata[i];

      dpt_text_table_take (table, dpt_cli_show_key (entry));
      dpt_text_table_add (table, dpt_dtype_get_name (entry->dtype));
      dpt_text_table_take (table, dpt_shape_to_display (&entry->shape));
      dpt_text_table_take (table,
                           g_strdup_printf ("%" G_GUINT64_FORMAT, entry->size));
      dpt_text_table_take (table, entry->is_missing ? g_strdup ("missing")
                                  : entry->has_crc32c
                                      ? g_strdup_printf ("%08x", entry->crc32c)
                                      : g_strdup (""));
      size += entry->size;
    }

  dpt_text_table_print (table, cli);
  dpt_cli_print (cli, "%u key%s, %" G_GUINT64_FORMAT " bytes", entries->len,
                 entries->len == 1 ? "" : "s", size);
  if (n_hidden > 0)
    dpt_cli_print (cli, ", %u hidden", n_hidden);
  dpt_cli_print (cli, "\n");
}

static int
list_keys (DptCli *cli,
           DptModel *model,
           gboolean all,
           GRegex *regex,
           GError **error)
{
  DptCheckpoint *checkpoint = dpt_cli_get_keys (model, error);
  g_autoptr (GPtrArray) entries = NULL;
  guint n_all;

  if (checkpoint == NULL)
    return DPT_CLI_TROUBLE;
  entries = choose_entries (checkpoint, all, regex, error);
  if (entries == NULL)
    return DPT_CLI_TROUBLE;

  dpt_cli_end_progress (cli);
  if (dpt_cli_wants_json (cli))
    return print_keys_json (cli, entries, error) ? DPT_CLI_SAME
                                                 : DPT_CLI_TROUBLE;

  n_all = dpt_checkpoint_get_n_entries (checkpoint);
  if (all && dpt_checkpoint_get_object_graph_entry (checkpoint) != NULL)
    n_all++;
  print_keys_text (cli, entries, n_all - entries->len);
  return DPT_CLI_SAME;
}

static void
write_object (DptJsonWriter *writer, DptObjectGraph *objects, guint node)
{
  const DptObjectNode *object = dpt_object_graph_get_node (objects, node);

  dpt_json_writer_begin_object (writer);
  dpt_json_writer_name (writer, "id");
  dpt_json_writer_uint (writer, node);
  dpt_cli_write_key (writer, "path", dpt_object_graph_get_path (objects, node));

  dpt_json_writer_name (writer, "children");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < object->children->len; i++)
    {
      const DptObjectChild *child = &g_array_index (object->children,
                                                    DptObjectChild, i);

      dpt_json_writer_begin_object (writer);
      dpt_cli_write_key (writer, "name", child->local_name);
      dpt_json_writer_name (writer, "id");
      dpt_json_writer_uint (writer, child->node);
      dpt_json_writer_end_object (writer);
    }
  dpt_json_writer_end_array (writer);

  dpt_json_writer_name (writer, "attributes");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < object->attributes->len; i++)
    {
      const DptObjectAttribute *attribute = &g_array_index (object->attributes,
                                                            DptObjectAttribute,
                                                            i);

      dpt_json_writer_begin_object (writer);
      dpt_cli_write_key (writer, "name", attribute->name);
      dpt_cli_write_key (writer, "full_name", attribute->full_name);
      dpt_cli_write_key (writer, "key", attribute->checkpoint_key);
      dpt_json_writer_end_object (writer);
    }
  dpt_json_writer_end_array (writer);

  dpt_json_writer_name (writer, "slots");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < object->slots->len; i++)
    {
      const DptObjectSlot *slot = &g_array_index (object->slots, DptObjectSlot,
                                                  i);

      dpt_json_writer_begin_object (writer);
      dpt_cli_write_key (writer, "name", slot->slot_name);
      dpt_json_writer_name (writer, "variable");
      dpt_json_writer_uint (writer, slot->original);
      dpt_json_writer_name (writer, "id");
      dpt_json_writer_uint (writer, slot->slot);
      dpt_json_writer_end_object (writer);
    }
  dpt_json_writer_end_array (writer);
  dpt_json_writer_end_object (writer);
}

static void
print_object (DptCli *cli, DptObjectGraph *objects, guint node)
{
  const DptObjectNode *object = dpt_object_graph_get_node (objects, node);
  const char *path = dpt_object_graph_get_path (objects, node);

  dpt_cli_print (cli, "%u  %s\n", node,
                 path == NULL || *path == '\0' ? "(root)" : path);

  for (guint i = 0; i < object->children->len; i++)
    {
      const DptObjectChild *child = &g_array_index (object->children,
                                                    DptObjectChild, i);

      dpt_cli_print (cli, "     .%s → %u\n", child->local_name, child->node);
    }
  for (guint i = 0; i < object->attributes->len; i++)
    {
      const DptObjectAttribute *attribute = &g_array_index (object->attributes,
                                                            DptObjectAttribute,
                                                            i);

      dpt_cli_print (cli, "     %s \"%s\" = %s\n", attribute->name,
                     attribute->full_name != NULL ? attribute->full_name : "",
                     attribute->checkpoint_key);
    }
  for (guint i = 0; i < object->slots->len; i++)
    {
      const DptObjectSlot *slot = &g_array_index (object->slots, DptObjectSlot,
                                                  i);

      dpt_cli_print (cli, "     slot %s of %u → %u\n", slot->slot_name,
                     slot->original, slot->slot);
    }
}

/* A checkpoint's own object graph knows keys; a SavedModel without variables
 * has only the other one. */
static DptObjectGraph *
get_objects (DptModel *model, GError **error)
{
  DptMetaGraph *meta_graph = dpt_model_get_meta_graph (model);
  DptObjectGraph *objects = dpt_model_get_object_graph (model);

  if (objects == NULL && meta_graph != NULL)
    objects = dpt_meta_graph_get_object_graph (meta_graph);
  if (objects == NULL)
    g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                 "%s: expected a model with an object graph, found a %s "
                 "without one",
                 dpt_model_get_path (model),
                 dpt_model_kind_get_name (dpt_model_get_kind (model)));

  return objects;
}

static gboolean
each_object (DptCli *cli,
             DptObjectGraph *objects,
             GRegex *regex,
             DptJsonWriter *writer,
             GError **error)
{
  for (guint i = 0; i < dpt_object_graph_get_n_nodes (objects); i++)
    {
      const char *path = dpt_object_graph_get_path (objects, i);
      gboolean matches;

      if (path == NULL)
        path = "";
      if (!dpt_cli_match_key (regex, path, strlen (path), &matches, error))
        return FALSE;
      if (matches && writer != NULL)
        write_object (writer, objects, i);
      else if (matches)
        print_object (cli, objects, i);
    }

  return TRUE;
}

static int
list_objects (DptCli *cli, DptModel *model, GRegex *regex, GError **error)
{
  DptObjectGraph *objects = get_objects (model, error);
  g_autoptr (DptJsonWriter) writer = NULL;

  if (objects == NULL)
    return DPT_CLI_TROUBLE;

  dpt_cli_end_progress (cli);
  if (!dpt_cli_wants_json (cli))
    return each_object (cli, objects, regex, NULL, error) ? DPT_CLI_SAME
                                                          : DPT_CLI_TROUBLE;

  writer = dpt_cli_begin_json (cli);
  dpt_json_writer_name (writer, "objects");
  dpt_json_writer_begin_array (writer);
  if (!each_object (cli, objects, regex, writer, error))
    return DPT_CLI_TROUBLE;
  dpt_json_writer_end_array (writer);
  return dpt_cli_end_json (cli, writer, error) ? DPT_CLI_SAME : DPT_CLI_TROUBLE;
}

/**
 * dpt_cmd_ls:
 * @cli: what the commands share
 * @argc: number of @argv
 * @argv: the command line from the command's name
 * @error: what went wrong
 *
 * Returns: the exit status.
 */
int
dpt_cmd_ls (DptCli *cli, int argc, char **argv, GError **error)
{
  gboolean wants_objects = FALSE;
  gboolean all = FALSE;
  g_autofree char *pattern = NULL;
  const GOptionEntry entries[] = {
    { "objects", 0, 0, G_OPTION_ARG_NONE, &wants_objects,
      "List the object graph instead of the keys", NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all,
      "Also list the entry that holds the object graph", NULL },
    { "match", 0, 0, G_OPTION_ARG_STRING, &pattern,
      "Only keys (objects: paths) that the expression matches", "REGEX" },
    { NULL },
  };
  g_auto (GStrv) arguments = dpt_cli_parse (cli, entries, 1, 1, argc, argv,
                                            error);
  g_autoptr (DptModel) model = NULL;
  g_autoptr (GRegex) regex = NULL;

  if (arguments == NULL)
    return DPT_CLI_SAME;
  regex = dpt_cli_compile_regex (pattern, error);
  if (pattern != NULL && regex == NULL)
    return DPT_CLI_TROUBLE;
  model = dpt_cli_open (cli, arguments[0], NULL, error);
  if (model == NULL)
    return DPT_CLI_TROUBLE;

  return wants_objects ? list_objects (cli, model, regex, error)
                       : list_keys (cli, model, all, regex, error);
}
