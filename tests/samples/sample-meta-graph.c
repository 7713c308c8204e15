/* sample-meta-graph.c - the MetaGraphDef that a TF1 Saver puts beside its
 * checkpoint
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   MetaGraphDef { meta_info_def = 1, graph_def = 2, saver_def = 3,
 *                  collection_def = 4 (map) }
 *
 * The graph holds the forward pass, the global step, and the Saver's nodes:
 * what `tf.train.export_meta_graph` leaves of a model built for inference.
 */

#include "sample-models.h"

#include "sample-graph.h"

#include <string.h>

static void
append_node (GByteArray *graph, GByteArray *node)
{
  sample_wire_message (graph, 1, node);
}

static void
append_assign (GByteArray *graph,
               const char *name,
               const char *variable,
               const char *value,
               int dtype)
{
  GByteArray *node = sample_node (name, "Assign", variable, value, NULL);

  sample_node_attr (node, "T", sample_attr_type (dtype));
  sample_node_attr (node, "use_locking", sample_attr_bool (TRUE));
  sample_node_attr (node, "validate_shape", sample_attr_bool (TRUE));
  append_node (graph, node);
}

static void
append_global_step (GByteArray *graph)
{
  GByteArray *node = sample_node ("global_step", "VariableV2", NULL);

  sample_node_attr (node, "container", sample_attr_string (""));
  sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_INT64));
  sample_node_attr (node, "shape", sample_attr_shape (NULL, 0));
  sample_node_attr (node, "shared_name", sample_attr_string (""));
  append_node (graph, node);
}

static void
append_strings (GByteArray *graph,
                const char *name,
                const char *const *values,
                int length)
{
  GByteArray *node = sample_node (name, "Const", NULL);

  sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_STRING));
  sample_node_attr (node, "value", sample_attr_strings_tensor (values, length));
  append_node (graph, node);
}

/* save/Const > save/SaveV2 > save/control_dependency, and
 * save/RestoreV2 > save/Assign, save/Assign_1, ... > save/restore_all. */
static void
append_saver (GByteArray *graph, GPtrArray *names, const int *dtypes)
{
  static const char *const path[] = { "model" };
  g_autofree const char **slices = g_new0 (const char *, names->len);
  GByteArray *save, *restore, *all;

  for (guint i = 0; i < names->len; i++)
    slices[i] = "";

  append_strings (graph, "save/Const", path, -1);
  append_strings (graph, "save/SaveV2/tensor_names",
                  (const char *const *) names->pdata, (int) names->len);
  append_strings (graph, "save/SaveV2/shape_and_slices", slices,
                  (int) names->len);
  save = sample_node ("save/SaveV2", "SaveV2", "save/Const",
                      "save/SaveV2/tensor_names",
                      "save/SaveV2/shape_and_slices", NULL);
  for (guint i = 0; i < names->len; i++)
    sample_node_input (save, g_ptr_array_index (names, i));
  sample_node_attr (save, "dtypes", sample_attr_types (dtypes, names->len));
  append_node (graph, save);

  save = sample_node ("save/control_dependency", "Identity", "save/Const",
                      "^save/SaveV2", NULL);
  sample_node_attr (save, "T", sample_attr_type (SAMPLE_STRING));
  append_node (graph, save);

  append_strings (graph, "save/RestoreV2/tensor_names",
                  (const char *const *) names->pdata, (int) names->len);
  append_strings (graph, "save/RestoreV2/shape_and_slices", slices,
                  (int) names->len);
  restore = sample_node ("save/RestoreV2", "RestoreV2", "save/Const",
                         "save/RestoreV2/tensor_names",
                         "save/RestoreV2/shape_and_slices", NULL);
  sample_node_attr (restore, "dtypes", sample_attr_types (dtypes, names->len));
  append_node (graph, restore);

  all = sample_node ("save/restore_all", "NoOp", NULL);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = i == 0 ? g_strdup ("save/Assign")
                                     : g_strdup_printf ("save/Assign_%u", i);
      g_autofree char *value = i == 0
                                   ? g_strdup ("save/RestoreV2")
                                   : g_strdup_printf ("save/RestoreV2:%u", i);
      g_autofree char *control = g_strconcat ("^", name, NULL);

      append_assign (graph, name, g_ptr_array_index (names, i), value,
                     dtypes[i]);
      sample_node_input (all, control);
    }
  append_node (graph, all);
}

static void
append_variable_def (GByteArray *list, const char *name, gboolean trainable)
{
  g_autofree char *variable = g_strconcat (name, ":0", NULL);
  g_autofree char *initializer = g_strconcat (name, "/Assign", NULL);
  g_autofree char *snapshot = g_strconcat (name, "/read:0", NULL);
  GByteArray *def = g_byte_array_new ();

  sample_wire_string (def, 1, variable);
  sample_wire_string (def, 2, initializer);
  sample_wire_string (def, 3, snapshot);
  if (trainable)
    sample_wire_varint (def, 7, 1);
  sample_wire_message (list, 1, def);
}

static void
append_collection (GByteArray *meta_graph,
                   const char *name,
                   GPtrArray *variables,
                   gboolean trainable_only)
{
  GByteArray *collection = g_byte_array_new ();
  GByteArray *list = g_byte_array_new ();

  for (guint i = 0; i < variables->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (variables, i);

      if (variable->trainable || !trainable_only)
        append_variable_def (list, variable->name, variable->trainable);
    }
  if (!trainable_only)
    append_variable_def (list, "global_step", FALSE);

  sample_wire_message (collection, 2, list);
  sample_wire_map (meta_graph, 4, name, collection);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GByteArray *
make_graph (GPtrArray *variables)
{
  g_autoptr (GPtrArray) nodes = sample_net_nodes (variables, SAMPLE_STYLE_TF1);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree int *dtypes = g_new (int, variables->len + 1);
  GByteArray *graph = g_byte_array_new ();
  GByteArray *versions = g_byte_array_new ();

  for (guint i = 0; i < nodes->len; i++)
    append_node (graph, g_byte_array_ref (g_ptr_array_index (nodes, i)));
  append_global_step (graph);

  for (guint i = 0; i < variables->len; i++)
    g_ptr_array_add (names,
                     ((SampleVariable *) g_ptr_array_index (variables, i))
                         ->name);
  g_ptr_array_add (names, (gpointer) "global_step");
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    dtypes[i] = strcmp (g_ptr_array_index (names, i), "global_step") == 0
                    ? SAMPLE_INT64
                    : SAMPLE_FLOAT;
  append_saver (graph, names, dtypes);

  sample_wire_varint (versions, 1, 27);
  sample_wire_message (graph, 4, versions);
  return graph;
}

GByteArray *
sample_meta_graph_def (GPtrArray *variables)
{
  GByteArray *meta_graph = g_byte_array_new ();
  GByteArray *info = g_byte_array_new ();
  GByteArray *saver = g_byte_array_new ();

  sample_wire_string (info, 5, "1.15.0");
  sample_wire_string (info, 6, "unknown");
  sample_wire_message (meta_graph, 1, info);

  sample_wire_message (meta_graph, 2, make_graph (variables));

  sample_wire_string (saver, 1, "save/Const:0");
  sample_wire_string (saver, 2, "save/control_dependency:0");
  sample_wire_string (saver, 3, "save/restore_all");
  sample_wire_varint (saver, 4, 5);
  sample_wire_float (saver, 6, 10000.0f);
  sample_wire_varint (saver, 7, 2);
  sample_wire_message (meta_graph, 3, saver);

  append_collection (meta_graph, "variables", variables, FALSE);
  append_collection (meta_graph, "trainable_variables", variables, TRUE);
  return meta_graph;
}
