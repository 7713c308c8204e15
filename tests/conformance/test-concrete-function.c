/* test-concrete-function.c - traced functions with captured variables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Origin: TensorFlow's own VarsAndArithmeticObjectGraph; the corpus's manifest
 * gives (a + x) * (b + y) / z + 5 with x = 1, y = 2, z = 3, one of the
 * variables in a child module: for 1 and 2 that is 2 * 4 / 3 + 5.
 */

#define G_LOG_DOMAIN "test-concrete-function"

#include "dpt-concrete-function.h"

#include "dpt-loader.h"
#include "dpt-test.h"

/* The first concrete function of the object that the root calls so. */
static const char *
find_trace (DptObjectGraph *objects, const char *local_name)
{
  const DptObjectNode *node;
  guint child;

  g_assert_true (dpt_object_graph_find_child (objects, 0, local_name, &child));
  node = dpt_object_graph_get_node (objects, child);
  g_assert_cmpint (node->kind, ==, DPT_OBJECT_KIND_FUNCTION);
  return g_ptr_array_index (node->functions, 0);
}

static void
test_captures (void)
{
  g_autofree char *path = dpt_test_corpus (
      "savedmodel/tf_VarsAndArithmeticObjectGraph");
  g_autoptr (GError) error = NULL;
  g_autoptr (DptModel) model = NULL;
  g_autoptr (DptVariableBinding) binding = NULL;
  g_autoptr (DptConcreteFunction) function = NULL;
  g_autoptr (DptTensor) a = dpt_tensor_new_float (1);
  g_autoptr (DptTensor) b = dpt_tensor_new_float (2);
  g_autoptr (GPtrArray) outputs = NULL;
  DptTensor *inputs[] = { a, b };
  DptMetaGraph *meta_graph;
  const char *name;

  if (path == NULL)
    {
      g_test_skip ("there is no corpus: DIPTYCH_CORPUS is not set");
      return;
    }

  model = dpt_loader_load (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  meta_graph = dpt_model_get_meta_graph (model);
  name = find_trace (dpt_meta_graph_get_object_graph (meta_graph), "compute");
  binding = dpt_variable_binding_new (meta_graph,
                                      dpt_model_get_checkpoint (model),
                                      dpt_model_get_object_graph (model));
  function = dpt_concrete_function_new (meta_graph, name, binding, NULL,
                                        &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dpt_concrete_function_get_n_inputs (function), ==, 2);

  outputs = dpt_concrete_function_call (function, inputs, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outputs->len, ==, 1);
  dpt_assert_close (dpt_tensor_get_double (g_ptr_array_index (outputs, 0), 0),
                    23.0 / 3.0, 1e-6, 0);

  g_assert_null (
      dpt_concrete_function_call (function, inputs, 1, NULL, &error));
  g_assert_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_FEED);
  g_clear_error (&error);
  g_assert_null (
      dpt_concrete_function_new (meta_graph, name, NULL, NULL, &error));
  g_assert_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_VARIABLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/concrete-function/captures", test_captures);

  return g_test_run ();
}
