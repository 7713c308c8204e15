/* dpt-cmd-map.c - the command map: which keys are the same variable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cmd-map"

#include "dpt-commands.h"

#include "dpt-cli-mapping.h"
#include "dpt-cli-model.h"
#include "dpt-export.h"
#include "dpt-mapping-file.h"
#include "dpt-text-table.h"

static void
add_pair (DptTextTable *table, const DptPair *pair)
{
  g_autoptr (GString) kinds = g_string_new (NULL);

  for (guint i = 0; i < dpt_pair_get_n_evidence (pair); i++)
    g_string_append_printf (kinds, "%s%s", i > 0 ? ", " : "",
                            dpt_evidence_kind_get_name (
                                dpt_pair_get_evidence (pair, i)->kind));

  dpt_text_table_take (table,
                       dpt_cli_show_pair_key (dpt_pair_get_left_key (pair),
                                              dpt_pair_get_left_slice (pair)));
  dpt_text_table_take (table,
                       dpt_cli_show_pair_key (dpt_pair_get_right_key (pair),
                                              dpt_pair_get_right_slice (pair)));
  dpt_text_table_take (table, g_strdup_printf ("%.1f %%",
                                               100.0 * dpt_pair_get_confidence (
                                                           pair)));
  dpt_text_table_add (table, kinds->str);
}

static void
print_unmatched (DptCli *cli,
                 const char *side,
                 DptCheckpoint *checkpoint,
                 const DptUnmatched *unmatched)
{
  g_autofree char *key = dpt_cli_show_key (
      dpt_checkpoint_get_entry (checkpoint, unmatched->entry));

  dpt_cli_print (cli, "%s  %s  (cause %s, %s)\n", side, key, unmatched->cause,
                 dpt_severity_get_name (unmatched->severity));
}

static void
print_text (DptCli *cli, DptMapping *mapping)
{
  g_autoptr (DptTextTable) table = dpt_text_table_new ("llrl");
  guint n_pairs = dpt_mapping_get_n_pairs (mapping);
  guint n_left = dpt_mapping_get_n_only_left (mapping);
  guint n_right = dpt_mapping_get_n_only_right (mapping);

  for (guint i = 0; i < n_pairs; i++)
    add_pair (table, dpt_mapping_get_pair (mapping, i));
  dpt_text_table_print (table, cli);

  for (guint i = 0; i < n_left; i++)
    print_unmatched (cli, "only left ", dpt_mapping_get_left (mapping),
                     dpt_mapping_get_only_left (mapping, i));
  for (guint i = 0; i < n_right; i++)
    print_unmatched (cli, "only right", dpt_mapping_get_right (mapping),
                     dpt_mapping_get_only_right (mapping, i));

  dpt_cli_print (cli, "%u pair%s, %u only left, %u only right\n", n_pairs,
                 n_pairs == 1 ? "" : "s", n_left, n_right);
  dpt_cli_print_bookkeeping (cli, mapping);
}

/* A memory stream does not fail. */
static GBytes *
make_document (DptMapping *mapping)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (DptJsonWriter) writer = dpt_json_writer_new (stream);

  dpt_mapping_file_write (mapping, writer);
  dpt_json_writer_finish (writer, NULL);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (
      G_MEMORY_OUTPUT_STREAM (stream));
}

/**
 * dpt_cmd_map:
 * @cli: what the commands share
 * @argc: number of @argv
 * @argv: the command line from the command's name
 * @error: what went wrong
 *
 * Returns: the exit status; what has no counterpart is no trouble here.
 */
int
dpt_cmd_map (DptCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *map_file = NULL;
  g_autofree char *rules = NULL;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "map", 0, 0, G_OPTION_ARG_FILENAME, &map_file,
      "Take the pairs of a mapping file instead of proposing", "FILE" },
    { "rules", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &rules, NULL,
      NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      "Also write the mapping to a file", "FILE" },
    { NULL },
  };
  g_auto (GStrv) arguments = dpt_cli_parse (cli, entries, 2, 2, argc, argv,
                                            error);
  g_autoptr (DptCliMapping) sides = NULL;
  g_autoptr (GBytes) document = NULL;

  if (arguments == NULL)
    return DPT_CLI_SAME;
  if (rules != NULL)
    {
      g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                   "map: --rules is not available in this version");
      return DPT_CLI_TROUBLE;
    }

  sides = dpt_cli_map (cli, arguments[0], arguments[1], map_file, error);
  if (sides == NULL)
    return DPT_CLI_TROUBLE;

  dpt_cli_end_progress (cli);
  document = make_document (sides->mapping);
  if (output != NULL)
    {
      DptModel *const sources[] = { sides->left, sides->right, NULL };

      if (!dpt_export_bytes (output, document, sources, error))
        return DPT_CLI_TROUBLE;
    }

  if (dpt_cli_wants_json (cli))
    dpt_cli_print_bytes (cli, document);
  else
    print_text (cli, sides->mapping);

  return DPT_CLI_SAME;
}
