/* test-object-graph.c - the worked example of paths, sharing and cycles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-object-graph"

#include "dpt-object-graph.h"

#include <string.h>

#include "dpt-test.h"

static GPtrArray *
make_nodes (guint n)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_object_node_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (nodes, dpt_object_node_new ());

  return nodes;
}

static void
add_child (GPtrArray *nodes, guint parent, guint child, const char *name)
{
  DptObjectNode *node = g_ptr_array_index (nodes, parent);
  DptObjectChild edge = { .local_name = g_strdup (name), .node = child };

  g_array_append_val (node->children, edge);
}

/* Checkpoint(v={'a': a, 'b': b}, c=c, module=m) with m.d: the numbering that
 * TensorFlow's own file has. */
static void
test_worked_example (void)
{
  static const char *const paths[] = {
    "", "c", "module", "v", "save_counter", "module/d", "v/a", "v/b"
  };
  g_autoptr (GPtrArray) nodes = make_nodes (8);
  g_autoptr (DptObjectGraph) graph = NULL;
  g_autoptr (GError) error = NULL;

  add_child (nodes, 0, 1, "c");
  add_child (nodes, 0, 2, "module");
  add_child (nodes, 0, 3, "v");
  add_child (nodes, 0, 4, "save_counter");
  add_child (nodes, 2, 5, "d");
  add_child (nodes, 3, 6, "a");
  add_child (nodes, 3, 7, "b");
  graph = dpt_object_graph_new (nodes, NULL, "x", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_cmpstr (dpt_object_graph_get_path (graph, i), ==, paths[i]);
}

/* The shortest path wins, then the first child; nothing leads to node 4. */
static void
test_shared (void)
{
  g_autoptr (GPtrArray) nodes = make_nodes (5);
  g_autoptr (DptObjectGraph) graph = NULL;
  guint child;

  add_child (nodes, 0, 1, "first");
  add_child (nodes, 0, 2, "second");
  add_child (nodes, 1, 3, "x");
  add_child (nodes, 2, 3, "y");
  add_child (nodes, 3, 0, "back");
  add_child (nodes, 3, 3, "itself");
  add_child (nodes, 1, 2, "longer");
  graph = dpt_object_graph_new (nodes, NULL, "x", NULL);

  g_assert_cmpstr (dpt_object_graph_get_path (graph, 2), ==, "second");
  g_assert_cmpstr (dpt_object_graph_get_path (graph, 3), ==, "first/x");
  g_assert_null (dpt_object_graph_get_path (graph, 4));
  g_assert_true (dpt_object_graph_find_child (graph, 2, "y", &child));
  g_assert_cmpuint (child, ==, 3);
  g_assert_false (dpt_object_graph_find_child (graph, 2, "x", &child));
}

static void
test_functions (void)
{
  g_autoptr (GPtrArray) nodes = make_nodes (2);
  g_autoptr (GPtrArray) functions = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_bound_function_free);
  DptBoundFunction *function = dpt_bound_function_new ("__inference_f_1");
  g_autoptr (DptObjectGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  guint bound = 1;

  g_ptr_array_add (functions, function);
  g_array_append_val (function->bound_inputs, bound);
  graph = dpt_object_graph_new (nodes, functions, "x", &error);
  g_assert_no_error (error);
  g_assert_true (dpt_object_graph_find_function (graph, "__inference_f_1") ==
                 function);
  g_assert_null (dpt_object_graph_find_function (graph, "f"));
  g_clear_object (&graph);

  bound = 2;
  g_array_append_val (function->bound_inputs, bound);
  g_assert_null (dpt_object_graph_new (nodes, functions, "x", &error));
  g_assert_error (error, DPT_OBJECT_GRAPH_ERROR, DPT_OBJECT_GRAPH_ERROR_NODE);
  g_assert_cmpstr (error->message, ==,
                   "x: bound input 1 of function '__inference_f_1': a node id "
                   "below 2 was expected, found 2");
}

static void
test_bad_ids (void)
{
  g_autoptr (GPtrArray) child = make_nodes (1);
  g_autoptr (GPtrArray) slot = make_nodes (1);
  DptObjectSlot bad = { .slot_name = g_strdup ("m"), .original = 5, .slot = 0 };
  DptObjectNode *node = g_ptr_array_index (slot, 0);
  g_autoptr (GError) error = NULL;

  add_child (child, 0, 1, "c");
  g_assert_null (dpt_object_graph_new (child, NULL, "x", &error));
  g_assert_error (error, DPT_OBJECT_GRAPH_ERROR, DPT_OBJECT_GRAPH_ERROR_NODE);
  g_clear_error (&error);

  g_array_append_val (node->slots, bad);
  g_assert_null (dpt_object_graph_new (slot, NULL, "x", &error));
  g_assert_error (error, DPT_OBJECT_GRAPH_ERROR, DPT_OBJECT_GRAPH_ERROR_NODE);
}

static void
test_empty (void)
{
  g_autoptr (GPtrArray) nodes = make_nodes (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptObjectGraph) graph = dpt_object_graph_new (nodes, NULL, "x",
                                                           &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_object_graph_get_n_nodes (graph), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/object-graph/worked-example", test_worked_example);
  g_test_add_func ("/object-graph/shared", test_shared);
  g_test_add_func ("/object-graph/functions", test_functions);
  g_test_add_func ("/object-graph/bad-ids", test_bad_ids);
  g_test_add_func ("/object-graph/empty", test_empty);

  return g_test_run ();
}
