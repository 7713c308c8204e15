/* dpt-cmd-graph.c - the command graph: the nodes of a graph or function
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cmd-graph"

#include "dpt-commands.h"

#include <string.h>

#include "dpt-cli-model.h"
#include "dpt-text-table.h"

/* The main graph has the name "". */
static DptGraph *
find_graph (DptModel *model, const char *name, GError **error)
{
  DptMetaGraph *meta_graph = dpt_model_get_meta_graph (model);
  DptGraph *graph;
  DptFunction *function;

  if (meta_graph == NULL)
    {
      g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                   "%s: expected a model with a graph, found a %s without "
                   "one",
                   dpt_model_get_path (model),
                   dpt_model_kind_get_name (dpt_model_get_kind (model)));
      return NULL;
    }

  graph = dpt_meta_graph_get_graph (meta_graph);
  if (name == NULL || *name == '\0')
    return graph;

  function = dpt_graph_find_function (graph, name);
  if (function == NULL)
    {
      g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                   "%s: expected a function named '%s', found %u functions "
                   "with other names (see diptych-cli info)",
                   dpt_model_get_path (model), name,
                   dpt_graph_get_n_functions (graph));
      return NULL;
    }

  return dpt_function_get_body (function);
}

static gboolean
print_json (DptCli *cli, DptGraph *graph, GError **error)
{
  g_autoptr (DptJsonWriter) writer = dpt_cli_begin_json (cli);

  dpt_json_writer_name (writer, "nodes");
  dpt_json_writer_begin_array (writer);

  for (guint i = 0; i < dpt_graph_get_n_nodes (graph); i++)
    {
      const DptNode *node = dpt_graph_get_node (graph, i);

      dpt_json_writer_begin_object (writer);
      dpt_cli_write_key (writer, "name", dpt_node_get_name (node));
      dpt_cli_write_key (writer, "op", dpt_node_get_op (node));
      dpt_json_writer_name (writer, "inputs");
      dpt_json_writer_begin_array (writer);
      for (guint j = 0; j < dpt_node_get_n_inputs (node); j++)
        {
          const char *input = dpt_node_get_input (node, j);

          dpt_json_writer_bytes (writer, input, strlen (input));
        }
      dpt_json_writer_end_array (writer);
      dpt_json_writer_end_object (writer);
    }

  dpt_json_writer_end_array (writer);
  return dpt_cli_end_json (cli, writer, error);
}

static void
print_text (DptCli *cli, DptGraph *graph)
{
  g_autoptr (DptTextTable) table = dpt_text_table_new ("lll");
  guint n_nodes = dpt_graph_get_n_nodes (graph);

  for (guint i = 0; i < n_nodes; i++)
    {
      const DptNode *node = dpt_graph_get_node (graph, i);
      g_autoptr (GString) inputs = g_string_new (NULL);

      for (guint j = 0; j < dpt_node_get_n_inputs (node); j++)
        g_string_append_printf (inputs, "%s%s", j > 0 ? ", " : "",
                                dpt_node_get_input (node, j));

      dpt_text_table_add (table, dpt_node_get_name (node));
      dpt_text_table_add (table, dpt_node_get_op (node));
      dpt_text_table_add (table, inputs->str);
    }

  dpt_text_table_print (table, cli);
  dpt_cli_print (cli, "%u node%s\n", n_nodes, n_nodes == 1 ? "" : "s");
}

/**
 * dpt_cmd_graph:
 * @cli: what the commands share
 * @argc: number of @argv
 * @argv: the command line from the command's name
 * @error: what went wrong
 *
 * Returns: the exit status.
 */
int
dpt_cmd_graph (DptCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name,
      "A function of the graph's library; the main graph without", "G" },
    { NULL },
  };
  g_auto (GStrv) arguments = dpt_cli_parse (cli, entries, 1, 1, argc, argv,
                                            error);
  g_autoptr (DptModel) model = NULL;
  DptGraph *graph;

  if (arguments == NULL)
    return DPT_CLI_SAME;
  model = dpt_cli_open (cli, arguments[0], NULL, error);
  if (model == NULL)
    return DPT_CLI_TROUBLE;
  graph = find_graph (model, name, error);
  if (graph == NULL)
    return DPT_CLI_TROUBLE;

  dpt_cli_end_progress (cli);
  if (!dpt_cli_wants_json (cli))
    print_text (cli, graph);
  else if (!print_json (cli, graph, error))
    return DPT_CLI_TROUBLE;

  return DPT_CLI_SAME;
}
