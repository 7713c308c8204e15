/* dpt-concrete-function.c - TF2: a function called with what it captured
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: the library function's arguments are the caller's tensors and
 * then the captures, in the order of bound_inputs (saved_object_graph.proto);
 * captures are made once and live as long as the function.
 */

#define G_LOG_DOMAIN "dpt-concrete-function"

#include "dpt-concrete-function.h"

#include <string.h>

struct _DptConcreteFunction
{
  gatomicrefcount ref_count;
  DptMetaGraph *meta_graph;
  DptFunction *function;
  DptPlan *plan;
  DptRunState *state;
  DptThreadPool *pool; /* (nullable) */
  GPtrArray *captures; /* (element-type DptTensor) */
};

static DptTensor *
capture_variable (const DptObjectNode *node,
                  guint object,
                  DptVariableBinding *binding,
                  GError **error)
{
  const char *name = node->variable_name != NULL ? node->variable_name : "";
  g_autoptr (DptVariableResource) variable =
      dpt_variable_resource_new (name, node->dtype, &node->shape);

  if (binding == NULL ||
      !dpt_variable_binding_bind_object (binding, object, variable))
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_VARIABLE,
                   "object %u, the captured variable '%s', has no value in a "
                   "checkpoint",
                   object, name);
      return NULL;
    }

  return dpt_tensor_new_object (DPT_DTYPE_RESOURCE, G_OBJECT (variable));
}

static DptTensor *
capture_constant (DptConcreteFunction *self,
                  const DptObjectNode *node,
                  GError **error)
{
  DptGraph *graph = dpt_meta_graph_get_graph (self->meta_graph);
  const DptAttrValue *value = NULL;
  guint index;

  if (node->operation != NULL &&
      dpt_graph_find_node (graph, node->operation, &index))
    value = dpt_node_get_attr (dpt_graph_get_node (graph, index), "value");
  if (value == NULL || dpt_attr_value_get_kind (value) != DPT_ATTR_KIND_TENSOR)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "the captured constant '%s' is no Const node",
                   node->operation != NULL ? node->operation : "");
      return NULL;
    }

  return dpt_run_state_load_constant (self->state,
                                      dpt_attr_value_get_tensor (value), NULL,
                                      error);
}

static DptTensor *
capture_asset (DptConcreteFunction *self,
               const DptObjectNode *node,
               GError **error)
{
  GPtrArray *assets = dpt_meta_graph_get_assets (self->meta_graph);
  const DptAsset *asset;

  if (assets == NULL || node->asset_index >= assets->len)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "captured asset %u is not among the %u assets",
                   node->asset_index, assets != NULL ? assets->len : 0);
      return NULL;
    }

  asset = g_ptr_array_index (assets, node->asset_index);
  return dpt_tensor_new_string (asset->path, strlen (asset->path));
}

static gboolean
add_capture (DptConcreteFunction *self,
             guint object,
             DptVariableBinding *binding,
             GError **error)
{
  DptObjectGraph *objects = dpt_meta_graph_get_object_graph (self->meta_graph);
  const DptObjectNode *node = NULL;
  DptTensor *capture = NULL;

  if (object < dpt_object_graph_get_n_nodes (objects))
    node = dpt_object_graph_get_node (objects, object);

  if (node != NULL && node->kind == DPT_OBJECT_KIND_VARIABLE)
    capture = capture_variable (node, object, binding, error);
  else if (node != NULL && node->kind == DPT_OBJECT_KIND_CONSTANT)
    capture = capture_constant (self, node, error);
  else if (node != NULL && node->kind == DPT_OBJECT_KIND_ASSET)
    capture = capture_asset (self, node, error);
  else
    g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
                 "captured object %u is no variable, constant or asset; other "
                 "captures are not supported",
                 object);

  if (capture == NULL)
    return FALSE;
  g_ptr_array_add (self->captures, capture);
  return TRUE;
}

/**
 * dpt_concrete_function_new:
 * @meta_graph: the graph of a TF2 SavedModel
 * @name: a concrete function, which is the library function of that name
 * @binding: (nullable): where the captured variables' values are
 * @pool: (nullable): the threads to share tiles with
 *
 * Returns: (transfer full): the function with its captures, or %NULL with
 *   %DPT_ENGINE_ERROR.
 */
DptConcreteFunction *
dpt_concrete_function_new (DptMetaGraph *meta_graph,
                           const char *name,
                           DptVariableBinding *binding,
                           DptThreadPool *pool,
                           GError **error)
{
  DptGraph *graph = dpt_meta_graph_get_graph (meta_graph);
  DptObjectGraph *objects = dpt_meta_graph_get_object_graph (meta_graph);
  DptFunction *function = dpt_graph_find_function (graph, name);
  const DptBoundFunction *bound = objects != NULL
                                      ? dpt_object_graph_find_function (objects,
                                                                        name)
                                      : NULL;
  g_autoptr (DptConcreteFunction) self = NULL;

  if (function == NULL || bound == NULL ||
      bound->bound_inputs->len > dpt_function_get_n_inputs (function))
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "expected a concrete function with its captures, found "
                   "none named '%s'",
                   name);
      return NULL;
    }

  self = g_new0 (DptConcreteFunction, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->meta_graph = g_object_ref (meta_graph);
  self->function = g_object_ref (function);
  self->state = dpt_run_state_new ();
  self->pool = pool != NULL ? dpt_thread_pool_ref (pool) : NULL;
  self->captures = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_tensor_unref);

  for (guint i = 0; i < bound->bound_inputs->len; i++)
    if (!add_capture (self, g_array_index (bound->bound_inputs, guint, i),
                      binding, error))
      return NULL;

  self->plan = dpt_plan_new_for_function (graph, function, error);
  return self->plan != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * dpt_concrete_function_ref:
 * @self: a function
 *
 * Returns: (transfer full): @self.
 */
DptConcreteFunction *
dpt_concrete_function_ref (DptConcreteFunction *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_concrete_function_unref:
 * @self: (transfer full): a function
 */
void
dpt_concrete_function_unref (DptConcreteFunction *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->plan, dpt_plan_unref);
  g_ptr_array_unref (self->captures);
  g_clear_pointer (&self->pool, dpt_thread_pool_unref);
  dpt_run_state_unref (self->state);
  g_object_unref (self->function);
  g_object_unref (self->meta_graph);
  g_free (self);
}

/**
 * dpt_concrete_function_get_n_inputs:
 * @self: a function
 *
 * Returns: how many tensors the caller gives, captures not counted.
 */
guint
dpt_concrete_function_get_n_inputs (DptConcreteFunction *self)
{
  return dpt_function_get_n_inputs (self->function) - self->captures->len;
}

/**
 * dpt_concrete_function_get_input:
 * @self: a function
 * @index: less than dpt_concrete_function_get_n_inputs()
 *
 * Returns: (transfer none): the argument's name and dtype.
 */
const DptArgument *
dpt_concrete_function_get_input (DptConcreteFunction *self, guint index)
{
  return dpt_function_get_input (self->function, index);
}

/**
 * dpt_concrete_function_call:
 * @self: a function
 * @inputs: (array length=n_inputs): the caller's tensors
 * @n_inputs: how many
 * @cancellable: (nullable): stops the call
 *
 * Returns: (transfer full) (element-type DptTensor): the results, in the order
 *   of the function's outputs; or %NULL with an error that names the node.
 */
GPtrArray *
dpt_concrete_function_call (DptConcreteFunction *self,
                            DptTensor *const *inputs,
                            guint n_inputs,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (DptExecutor) executor = NULL;
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_tensor_unref);

  if (n_inputs != dpt_concrete_function_get_n_inputs (self))
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_FEED,
                   "function %s takes %u tensors, found %u",
                   dpt_function_get_name (self->function),
                   dpt_concrete_function_get_n_inputs (self), n_inputs);
      return NULL;
    }

  executor = dpt_executor_new (self->plan, self->state, self->pool,
                               cancellable);
  for (guint i = 0; i < n_inputs; i++)
    dpt_executor_set_feed (executor, i, inputs[i]);
  for (guint i = 0; i < self->captures->len; i++)
    dpt_executor_set_feed (executor, n_inputs + i,
                           g_ptr_array_index (self->captures, i));
  if (!dpt_executor_run (executor, error))
    return NULL;

  for (guint i = 0; i < dpt_plan_get_n_fetches (self->plan); i++)
    {
      DptTensor *output = dpt_executor_dup_fetch (executor, i, error);

      if (output == NULL)
        return NULL;
      g_ptr_array_add (outputs, output);
    }

  return g_steal_pointer (&outputs);
}
