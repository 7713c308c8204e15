/* dpt-branch.c - an If or a While that is under way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: `inner` runs the branch of an If, or the condition or the body
 * of a While.  A While holds the loop variables that its next turn begins
 * with; a body has as many results as there are variables.
 *
 * Behaviour: TensorFlow's core/kernels/functional_ops.cc.
 */

#define G_LOG_DOMAIN "dpt-branch"

#include "dpt-branch-private.h"

struct _DptBranch
{
  DptExecutor *outer; /* owns this */
  const DptPlanNode *node;
  DptExecutor *inner;
  DptPlan *plan;        /* what `inner` runs; the node's */
  gboolean is_in_body;  /* of a While */
  GPtrArray *loop_vars; /* (element-type DptTensor) (nullable) of a While */
};

/* TensorFlow's truth of a condition: a bool, a number that is not zero, a
 * string that is not empty; a tensor that is no scalar must not be empty. */
static gboolean
is_true (DptTensor *tensor, gboolean *truth, GError **error)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);

  if (dpt_tensor_get_rank (tensor) > 0)
    *truth = dpt_tensor_get_count (tensor) > 0;
  else if (dtype == DPT_DTYPE_STRING)
    *truth = dpt_tensor_get_string (tensor, 0).length > 0;
  else if (dpt_dtype_is_plain (dtype) && !dpt_dtype_is_complex (dtype))
    *truth = dpt_tensor_get_double (tensor, 0) != 0;
  else
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_ARGUMENT,
                   "a condition of dtype %s is neither true nor false",
                   dpt_dtype_get_name (dtype));
      return FALSE;
    }

  return TRUE;
}

static void
begin_inner (DptBranch *self, guint branch, GPtrArray *values, guint first)
{
  g_clear_pointer (&self->inner, dpt_executor_free);
  self->plan = self->node->branches[branch];
  self->inner = dpt_executor_new_inner (self->outer, self->plan);
  for (guint i = first; i < values->len; i++)
    dpt_executor_set_feed (self->inner, i - first,
                           g_ptr_array_index (values, i));
}

/**
 * dpt_branch_new: (skip)
 * @outer: the run that has reached @node
 * @node: an If, whose first input is the condition, or a While
 * @inputs: (element-type DptTensor): the node's inputs
 * @error: return location for an error
 *
 * Returns: (transfer full): the branch, its first inner run not begun; %NULL
 *   with %DPT_ENGINE_ERROR_ARGUMENT if the condition is neither true nor
 *   false.
 */
DptBranch *
dpt_branch_new (DptExecutor *outer,
                const DptPlanNode *node,
                GPtrArray *inputs,
                GError **error)
{
  gboolean is_loop = node->kind == DPT_PLAN_NODE_WHILE;
  gboolean truth = TRUE;
  DptBranch *self;

  if (!is_loop && !is_true (g_ptr_array_index (inputs, 0), &truth, error))
    return NULL;

  self = g_new0 (DptBranch, 1);
  self->outer = outer;
  self->node = node;
  if (is_loop)
    self->loop_vars = g_ptr_array_ref (inputs);
  begin_inner (self, truth ? 0 : 1, inputs, is_loop ? 0 : 1);
  return self;
}

/**
 * dpt_branch_free: (skip)
 * @self: (transfer full): a branch, at any point of it
 */
void
dpt_branch_free (DptBranch *self)
{
  g_clear_pointer (&self->inner, dpt_executor_free);
  g_clear_pointer (&self->loop_vars, g_ptr_array_unref);
  g_free (self);
}

/**
 * dpt_branch_get_inner: (skip)
 * @self: a branch
 *
 * Returns: (transfer none): the run to step; another one after
 *   dpt_branch_go_on().
 */
DptExecutor *
dpt_branch_get_inner (DptBranch *self)
{
  return self->inner;
}

/* The first `n` results of the inner run, which is done. */
static GPtrArray *
collect_results (DptBranch *self, guint n, GError **error)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_tensor_unref);
  guint n_found = dpt_plan_get_n_fetches (self->plan);

  if (n_found < n)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "a branch has %u results, %u are wanted", n_found, n);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      DptTensor *result = dpt_executor_dup_fetch (self->inner, i, error);

      if (result == NULL)
        return NULL;
      g_ptr_array_add (results, result);
    }
  return g_steal_pointer (&results);
}

/**
 * dpt_branch_go_on: (skip)
 * @self: a branch whose inner run is done
 * @results: (out) (transfer full) (nullable) (element-type DptTensor): the
 *   node's outputs, or %NULL if another inner run is to be stepped
 * @error: return location for an error
 *
 * An If hands on its results; a While goes on with the body after a true
 * condition, and with the condition after a body.
 *
 * Returns: %FALSE with an error if the branch has no such result, or the
 *   condition is neither true nor false.
 */
gboolean
dpt_branch_go_on (DptBranch *self, GPtrArray **results, GError **error)
{
  gboolean is_loop = self->node->kind == DPT_PLAN_NODE_WHILE;
  gboolean is_condition = is_loop && !self->is_in_body;
  g_autoptr (GPtrArray) ours = NULL;
  gboolean truth = FALSE;

  *results = NULL;
  ours = collect_results (self, is_condition ? 1 : self->node->n_outputs,
                          error);
  if (ours == NULL ||
      (is_condition && !is_true (g_ptr_array_index (ours, 0), &truth, error)))
    return FALSE;

  if (self->is_in_body)
    {
      g_ptr_array_unref (self->loop_vars);
      self->loop_vars = g_steal_pointer (&ours);
    }
  if (truth || self->is_in_body)
    {
      self->is_in_body = truth;
      begin_inner (self, truth ? 1 : 0, self->loop_vars, 0);
      return TRUE;
    }

  *results = is_loop ? g_ptr_array_ref (self->loop_vars)
                     : g_steal_pointer (&ours);
  return TRUE;
}
