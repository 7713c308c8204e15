/* dpt-plan-outline.c - unfolds what the fetches need: nodes, calls, bodies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: a draft is made once for each (scope, graph node) and expanded
 * once; work waits in a list, so nothing here recurses over the graph.  Every
 * body that is unfolded counts with all its nodes against the budget, so
 * functions that call each other cannot unfold without end.
 *
 * A call becomes two drafts.  CALL stands after the body and hands on its
 * results; BEGIN stands before it, where there is something to wait for or a
 * branch that may be dead.  Nodes of the body that read nothing of the body
 * wait for BEGIN; all others follow from those.
 */

#define G_LOG_DOMAIN "dpt-plan"

#include "dpt-op-call.h"
#include "dpt-op-context-private.h"
#include "dpt-plan-private.h"

#include <string.h>

static DptScope *
get_scope (DptOutline *self, guint index)
{
  return &g_array_index (self->scopes, DptScope, index);
}

static DptDraft *
get_draft (DptOutline *self, guint index)
{
  return &g_array_index (self->drafts, DptDraft, index);
}

static DptNode *
get_node (DptOutline *self, const DptDraft *draft)
{
  return dpt_graph_get_node (get_scope (self, draft->scope)->graph,
                             draft->graph_node);
}

static void
scope_clear (gpointer data)
{
  DptScope *self = data;

  g_free (self->prefix);
  g_free (self->drafts);
  g_clear_pointer (&self->bindings, g_hash_table_unref);
}

static void
draft_clear (gpointer data)
{
  DptDraft *self = data;

  g_clear_pointer (&self->branches[0], dpt_plan_unref);
  g_clear_pointer (&self->branches[1], dpt_plan_unref);
}

static guint
tensor_ref_hash (gconstpointer key)
{
  const DptTensorRef *ref = key;

  return ref->node * 31u + ref->output;
}

static gboolean
tensor_ref_equal (gconstpointer a, gconstpointer b)
{
  const DptTensorRef *x = a;
  const DptTensorRef *y = b;

  return x->node == y->node && x->output == y->output;
}

char *
dpt_outline_dup_name (DptOutline *self, const DptDraft *draft)
{
  return g_strconcat (get_scope (self, draft->scope)->prefix,
                      dpt_node_get_name (get_node (self, draft)), NULL);
}

static guint
add_scope (DptOutline *self,
           DptGraph *graph,
           DptFunction *function,
           guint parent,
           guint call,
           guint depth,
           char *prefix,
           GHashTable *bindings)
{
  DptScope scope = {
    .graph = graph,
    .function = function,
    .parent = parent,
    .call = call,
    .begin = DPT_PLAN_NONE,
    .depth = depth,
    .prefix = prefix,
    .bindings = bindings,
    .drafts = g_new0 (guint, dpt_graph_get_n_nodes (graph) + 1),
  };

  g_array_append_val (self->scopes, scope);
  return self->scopes->len - 1;
}

/* Takes the cost of unfolding a graph from the budget: its nodes, dearer the
 * longer the names become, and something for the call itself. */
static gboolean
spend (DptOutline *self, DptGraph *graph, const char *prefix, GError **error)
{
  guint64 n_nodes = dpt_graph_get_n_nodes (graph);

  *self->budget += 16 + n_nodes * (1 + strlen (prefix) / 64);
  if (*self->budget <= DPT_PLAN_MAX_NODES)
    return TRUE;

  g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_LIMIT,
               "the graph and the functions it calls unfold to more than %d "
               "nodes",
               DPT_PLAN_MAX_NODES);
  return FALSE;
}

DptOutline *
dpt_outline_new (DptGraph *library,
                 DptGraph *graph,
                 DptFunction *function,
                 const char *prefix,
                 guint depth,
                 guint64 *budget,
                 GError **error)
{
  g_autoptr (DptOutline) self = g_new0 (DptOutline, 1);
  guint n_nodes = dpt_graph_get_n_nodes (graph);

  self->library = library;
  self->budget = budget;
  self->scopes = g_array_new (FALSE, TRUE, sizeof (DptScope));
  self->drafts = g_array_new (FALSE, TRUE, sizeof (DptDraft));
  self->inputs = g_array_new (FALSE, TRUE, sizeof (DptDraftRef));
  self->controls = g_array_new (FALSE, TRUE, sizeof (guint));
  self->fetches = g_array_new (FALSE, TRUE, sizeof (DptDraftRef));
  self->todo = g_array_new (FALSE, TRUE, sizeof (guint));
  self->feeds = g_hash_table_new_full (tensor_ref_hash, tensor_ref_equal,
                                       g_free, NULL);
  g_array_set_clear_func (self->scopes, scope_clear);
  g_array_set_clear_func (self->drafts, draft_clear);

  if (!spend (self, graph, prefix, error))
    return NULL;
  add_scope (self, graph, function, DPT_PLAN_NONE, DPT_PLAN_NONE, depth,
             g_strdup (prefix), NULL);
  if (function != NULL)
    self->n_feeds = dpt_function_get_n_inputs (function);

  for (guint i = 0; i < n_nodes && !self->has_switch; i++)
    self->has_switch = g_str_has_suffix (dpt_node_get_op (
                                             dpt_graph_get_node (graph, i)),
                                         "Switch");

  return g_steal_pointer (&self);
}

void
dpt_outline_free (DptOutline *self)
{
  g_array_unref (self->scopes);
  g_array_unref (self->drafts);
  g_array_unref (self->inputs);
  g_array_unref (self->controls);
  g_array_unref (self->fetches);
  g_array_unref (self->todo);
  g_hash_table_unref (self->feeds);
  g_free (self);
}

void
dpt_outline_add_feed (DptOutline *self, const DptTensorRef *feed)
{
  DptTensorRef *key = g_new (DptTensorRef, 1);

  *key = *feed;
  self->n_feeds++;
  g_hash_table_replace (self->feeds, key, GUINT_TO_POINTER (self->n_feeds));
}

static gboolean
find_feed (DptOutline *self, guint scope, guint node, guint output, guint *feed)
{
  DptTensorRef key = { node, output };
  gpointer found = scope == 0 ? g_hash_table_lookup (self->feeds, &key) : NULL;

  if (found == NULL)
    return FALSE;

  *feed = GPOINTER_TO_UINT (found) - 1;
  return TRUE;
}

/* The draft of a graph node, made at the first call. */
static guint
require (DptOutline *self, guint scope, guint graph_node)
{
  guint *place = &get_scope (self, scope)->drafts[graph_node];

  if (*place == 0)
    {
      DptDraft draft = {
        .scope = scope,
        .graph_node = graph_node,
        .body = DPT_PLAN_NONE,
      };

      g_array_append_val (self->drafts, draft);
      *place = self->drafts->len;
      g_array_append_val (self->todo, (guint){ self->drafts->len - 1 });
    }

  return *place - 1;
}

/* A body names outputs by the schema of the op that has them, so an op that
 * is not ours shows here first. */
static void
explain_schema_error (DptOutline *self,
                      guint scope,
                      const DptGraphEdge *edge,
                      GError **error)
{
  DptScope *where = get_scope (self, scope);
  DptNode *node;

  if (!g_error_matches (*error, DPT_GRAPH_ERROR, DPT_GRAPH_ERROR_SCHEMA) ||
      edge->node >= dpt_graph_get_n_nodes (where->graph))
    return;

  node = dpt_graph_get_node (where->graph, edge->node);
  if (dpt_op_def_find (dpt_node_get_op (node)) != NULL)
    return;

  g_clear_error (error);
  g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
               "op %s is not supported (node %s%s)", dpt_node_get_op (node),
               where->prefix, dpt_node_get_name (node));
}

/* What a data input means: an argument is followed up through the calls. */
static gboolean
resolve_data (DptOutline *self,
              guint scope,
              const char *input,
              DptDraftRef *ref,
              GError **error)
{
  for (;;)
    {
      DptScope *where = get_scope (self, scope);
      DptGraphEdge edge;
      g_autoptr (GError) local = NULL;

      if (!dpt_graph_resolve (where->graph, where->function, input, &edge,
                              &local))
        {
          explain_schema_error (self, scope, &edge, &local);
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }

      if (!edge.is_argument)
        {
          if (find_feed (self, scope, edge.node, edge.output, &ref->output))
            ref->draft = DPT_PLAN_NONE;
          else
            {
              ref->draft = require (self, scope, edge.node);
              ref->output = edge.output;
            }
          return TRUE;
        }

      if (where->parent == DPT_PLAN_NONE)
        {
          ref->draft = DPT_PLAN_NONE;
          ref->output = edge.output;
          return TRUE;
        }

      /* The call has as many data inputs as the function arguments. */
      input = dpt_node_get_input (get_node (self,
                                            get_draft (self, where->call)),
                                  edge.output);
      scope = where->parent;
    }
}

static void
add_control (DptOutline *self, guint draft, guint control)
{
  g_array_append_val (self->controls, control);
  get_draft (self, draft)->n_controls++;
}

static gboolean
is_control (const char *input)
{
  return input[0] == '^';
}

static guint
count_data_inputs (const DptNode *node)
{
  guint n_inputs = 0;

  while (n_inputs < dpt_node_get_n_inputs (node) &&
         !is_control (dpt_node_get_input (node, n_inputs)))
    n_inputs++;

  return n_inputs;
}

/* Control inputs of a node, onto `draft`, whose range is the last one. */
static gboolean
add_controls (DptOutline *self,
              guint draft,
              guint scope,
              const DptNode *node,
              GError **error)
{
  for (guint i = count_data_inputs (node); i < dpt_node_get_n_inputs (node);
       i++)
    {
      DptScope *where = get_scope (self, scope);
      const char *input = dpt_node_get_input (node, i);
      DptGraphEdge edge;
      guint feed;

      if (!is_control (input))
        {
          g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                       "data input '%s' stands after control inputs", input);
          return FALSE;
        }
      if (!dpt_graph_resolve (where->graph, where->function, input, &edge,
                              error))
        return FALSE;
      if (edge.is_argument || find_feed (self, scope, edge.node, 0, &feed))
        continue;
      add_control (self, draft, require (self, scope, edge.node));
    }

  return TRUE;
}

/* Data inputs of a node, onto `draft`, whose range is the last one. */
static gboolean
add_inputs (DptOutline *self,
            guint draft,
            guint scope,
            const DptNode *node,
            gboolean *reads_body,
            GError **error)
{
  guint n_inputs = count_data_inputs (node);

  *reads_body = FALSE;
  for (guint i = 0; i < n_inputs; i++)
    {
      DptDraftRef ref;

      if (!resolve_data (self, scope, dpt_node_get_input (node, i), &ref,
                         error))
        return FALSE;
      if (ref.draft != DPT_PLAN_NONE &&
          get_draft (self, ref.draft)->scope == scope)
        *reads_body = TRUE;
      g_array_append_val (self->inputs, ref);
      get_draft (self, draft)->n_inputs++;
    }

  return TRUE;
}

static DptFunction *
find_function (DptOutline *self, const char *name, GError **error)
{
  DptFunction *function = dpt_graph_find_function (self->library, name);

  if (function == NULL)
    g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                 "function %s is not in the library", name);
  return function;
}

/* A result of the function whose body a scope is. */
static gboolean
resolve_result (DptOutline *self,
                guint scope,
                guint index,
                DptDraftRef *ref,
                GError **error)
{
  DptFunction *function = get_scope (self, scope)->function;
  const char *result = dpt_function_get_result (function, index);

  if (result == NULL)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "function %s does not say what result %u is",
                   dpt_function_get_name (function), index);
      return FALSE;
    }

  return resolve_data (self, scope, result, ref, error);
}

static gboolean
require_control_result (DptOutline *self,
                        guint scope,
                        guint index,
                        guint *draft,
                        GError **error)
{
  DptFunction *function = get_scope (self, scope)->function;
  const char *name =
      g_ptr_array_index (dpt_function_get_control_results (function), index);
  guint node;

  if (!dpt_graph_find_node (get_scope (self, scope)->graph, name, &node))
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "function %s has no node %s",
                   dpt_function_get_name (function), name);
      return FALSE;
    }

  *draft = require (self, scope, node);
  return TRUE;
}

/* The attributes that a call gives its function's placeholders: those of its
 * `f`, or the call's own where the op is the function's name. */
static GHashTable *
bind_attrs (DptOutline *self,
            guint scope,
            const DptNode *node,
            GHashTable *function_attrs)
{
  GHashTable *outer = get_scope (self, scope)->bindings;
  GHashTable *bindings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                             (GDestroyNotify) dpt_attr_value_unref);
  g_autoptr (GList) names = function_attrs != NULL
                                ? g_hash_table_get_keys (function_attrs)
                                : dpt_node_get_attr_names (node);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const DptAttrValue *value = function_attrs != NULL
                                      ? g_hash_table_lookup (function_attrs,
                                                             l->data)
                                      : dpt_node_get_attr (node, l->data);

      if (value != NULL &&
          dpt_attr_value_get_kind (value) == DPT_ATTR_KIND_PLACEHOLDER)
        value = outer != NULL
                    ? g_hash_table_lookup (outer,
                                           dpt_attr_value_get_placeholder (
                                               value))
                    : NULL;
      if (value != NULL)
        g_hash_table_insert (bindings, g_strdup (l->data),
                             dpt_attr_value_ref ((DptAttrValue *) value));
    }

  return bindings;
}

/* The draft before a body: it waits for what the call waits for, and it is
 * dead where the call is. */
static gboolean
add_begin (DptOutline *self, guint call, guint body, GError **error)
{
  DptDraft begin = *get_draft (self, call);
  guint scope = begin.scope;
  DptNode *node = get_node (self, &begin);
  guint outer = get_scope (self, scope)->begin;
  gboolean reads_body;
  guint index = self->drafts->len;

  if (!self->has_switch &&
      count_data_inputs (node) == dpt_node_get_n_inputs (node))
    {
      get_scope (self, body)->begin = outer;
      return TRUE;
    }

  begin.kind = DPT_PLAN_NODE_BEGIN;
  begin.body = DPT_PLAN_NONE;
  begin.first_input = self->inputs->len;
  begin.first_control = self->controls->len;
  begin.n_inputs = 0;
  begin.n_controls = 0;
  begin.n_outputs = 0;
  g_array_append_val (self->drafts, begin);
  get_scope (self, body)->begin = index;

  if (!add_inputs (self, index, scope, node, &reads_body, error) ||
      !add_controls (self, index, scope, node, error))
    return FALSE;
  if (outer != DPT_PLAN_NONE)
    add_control (self, index, outer);
  return TRUE;
}

static gboolean
check_depth (DptOutline *self, guint scope, const char *name, GError **error)
{
  if (get_scope (self, scope)->depth < DPT_PLAN_MAX_DEPTH)
    return TRUE;

  g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_LIMIT,
               "calling function %s goes deeper than %d levels", name,
               DPT_PLAN_MAX_DEPTH);
  return FALSE;
}

/* The results of a body are the inputs of `call`, its control results what
 * `call` waits for. */
static gboolean
add_results (DptOutline *self, guint call, guint body, GError **error)
{
  DptFunction *function = get_scope (self, body)->function;
  GPtrArray *controls = dpt_function_get_control_results (function);

  get_draft (self, call)->first_input = self->inputs->len;
  get_draft (self, call)->first_control = self->controls->len;
  for (guint i = 0; i < dpt_function_get_n_outputs (function); i++)
    {
      DptDraftRef ref;

      if (!resolve_result (self, body, i, &ref, error))
        return FALSE;
      g_array_append_val (self->inputs, ref);
      get_draft (self, call)->n_inputs++;
    }

  for (guint i = 0; i < controls->len; i++)
    {
      guint control;

      if (!require_control_result (self, body, i, &control, error))
        return FALSE;
      add_control (self, call, control);
    }

  if (get_scope (self, body)->begin != DPT_PLAN_NONE)
    add_control (self, call, get_scope (self, body)->begin);
  return TRUE;
}

/* Replaces a call by the function's body. */
static gboolean
expand_call (DptOutline *self,
             guint call,
             const char *name,
             GHashTable *function_attrs,
             GError **error)
{
  DptNode *node = get_node (self, get_draft (self, call));
  guint scope = get_draft (self, call)->scope;
  DptFunction *function = find_function (self, name, error);
  g_autofree char *prefix = NULL;
  guint body;

  if (function == NULL)
    return FALSE;
  if (count_data_inputs (node) != dpt_function_get_n_inputs (function))
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "function %s takes %u inputs, found %u", name,
                   dpt_function_get_n_inputs (function),
                   count_data_inputs (node));
      return FALSE;
    }
  if (!check_depth (self, scope, name, error))
    return FALSE;

  prefix = g_strconcat (get_scope (self, scope)->prefix,
                        dpt_node_get_name (node), "/", NULL);
  if (!spend (self, dpt_function_get_body (function), prefix, error))
    return FALSE;

  body = add_scope (self, dpt_function_get_body (function), function, scope,
                    call, get_scope (self, scope)->depth + 1,
                    g_steal_pointer (&prefix),
                    bind_attrs (self, scope, node, function_attrs));
  get_draft (self, call)->kind = DPT_PLAN_NODE_CALL;
  get_draft (self, call)->body = body;
  get_draft (self, call)->n_outputs = dpt_function_get_n_outputs (function);

  return add_begin (self, call, body, error) &&
         add_results (self, call, body, error);
}

static const DptAttrValue *
get_function_attr (DptOutline *self,
                   const DptDraft *draft,
                   const char *name,
                   GError **error)
{
  const DptAttrValue *value =
      dpt_op_find_attr (get_node (self, draft), draft->def,
                        get_scope (self, draft->scope)->bindings, name);

  if (value == NULL ||
      dpt_attr_value_get_kind (value) != DPT_ATTR_KIND_FUNCTION)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "attribute %s names no function", name);
      return NULL;
    }

  return value;
}

/* If and While keep their bodies as plans of their own, which run as often as
 * the values say. */
static gboolean
plan_branches (DptOutline *self,
               guint index,
               const char *const names[2],
               GError **error)
{
  for (guint i = 0; i < 2; i++)
    {
      DptDraft *draft = get_draft (self, index);
      g_autofree char *name = dpt_outline_dup_name (self, draft);
      g_autofree char *prefix = g_strconcat (name, "/", NULL);
      const DptAttrValue *attr = get_function_attr (self, draft, names[i],
                                                    error);
      guint n_arguments = draft->n_inputs -
                          (draft->kind == DPT_PLAN_NODE_IF ? 1 : 0);
      DptFunction *function;

      if (attr == NULL)
        return FALSE;
      function = find_function (self, dpt_attr_value_get_function_name (attr),
                                error);
      if (function == NULL)
        return FALSE;
      if (dpt_function_get_n_inputs (function) != n_arguments)
        {
          g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                       "function %s takes %u inputs, found %u",
                       dpt_function_get_name (function),
                       dpt_function_get_n_inputs (function), n_arguments);
          return FALSE;
        }
      if (!check_depth (self, draft->scope, dpt_function_get_name (function),
                        error))
        return FALSE;

      draft->branches[i] =
          dpt_plan_new_for_branch (self->library, function, prefix,
                                   get_scope (self, draft->scope)->depth + 1,
                                   self->budget, error);
      if (draft->branches[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static const struct
{
  const char *op;
  DptPlanNodeKind kind;
  const char *functions[2];
} special_ops[] = {
  /* clang-format off */
  { "Const",                  DPT_PLAN_NODE_CONST,       { NULL, NULL } },
  { "Placeholder",            DPT_PLAN_NODE_PLACEHOLDER, { NULL, NULL } },
  { "PlaceholderV2",          DPT_PLAN_NODE_PLACEHOLDER, { NULL, NULL } },
  { "Switch",                 DPT_PLAN_NODE_SWITCH,      { NULL, NULL } },
  { "RefSwitch",              DPT_PLAN_NODE_SWITCH,      { NULL, NULL } },
  { "Merge",                  DPT_PLAN_NODE_MERGE,       { NULL, NULL } },
  { "RefMerge",               DPT_PLAN_NODE_MERGE,       { NULL, NULL } },
  { "PartitionedCall",         DPT_PLAN_NODE_CALL,       { "f", NULL } },
  { "StatefulPartitionedCall", DPT_PLAN_NODE_CALL,       { "f", NULL } },
  { "If",             DPT_PLAN_NODE_IF,    { "then_branch", "else_branch" } },
  { "StatelessIf",    DPT_PLAN_NODE_IF,    { "then_branch", "else_branch" } },
  { "While",          DPT_PLAN_NODE_WHILE, { "cond", "body" } },
  { "StatelessWhile", DPT_PLAN_NODE_WHILE, { "cond", "body" } },
  /* clang-format on */
};

static guint
find_special (const char *op)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (special_ops) && strcmp (special_ops[i].op, op) != 0)
    i++;

  return i;
}

/* Checks a draft against its op's schema and takes its inputs. */
static gboolean
fill_draft (DptOutline *self, guint index, GError **error)
{
  DptDraft *draft = get_draft (self, index);
  DptNode *node = get_node (self, draft);
  guint scope = draft->scope;
  GHashTable *bindings = get_scope (self, scope)->bindings;
  guint expected;
  gboolean reads_body;

  if (!dpt_op_check_node (node, draft->def, bindings, error) ||
      !dpt_op_count_args (draft->def->inputs, node, draft->def, bindings,
                          &expected, error) ||
      !dpt_op_count_args (draft->def->outputs, node, draft->def, bindings,
                          &draft->n_outputs, error))
    return FALSE;

  if (count_data_inputs (node) != expected)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                   "op %s takes %u inputs, found %u", draft->def->name,
                   expected, count_data_inputs (node));
      return FALSE;
    }

  draft->first_input = self->inputs->len;
  draft->first_control = self->controls->len;
  if (!add_inputs (self, index, scope, node, &reads_body, error) ||
      !add_controls (self, index, scope, node, error))
    return FALSE;

  if (!reads_body && get_draft (self, index)->n_controls == 0 &&
      get_scope (self, scope)->begin != DPT_PLAN_NONE)
    add_control (self, index, get_scope (self, scope)->begin);

  return TRUE;
}

static gboolean
expand_draft (DptOutline *self, guint index, GError **error)
{
  DptDraft *draft = get_draft (self, index);
  const char *op = dpt_node_get_op (get_node (self, draft));
  guint special = find_special (op);

  draft->op = dpt_op_registry_find (op);
  draft->def = dpt_op_def_find (op);
  draft->kind = special < G_N_ELEMENTS (special_ops) ? special_ops[special].kind
                                                     : DPT_PLAN_NODE_OP;

  if (draft->kind == DPT_PLAN_NODE_CALL)
    {
      const DptAttrValue *attr = get_function_attr (self, draft, "f", error);

      return attr != NULL &&
             expand_call (self, index, dpt_attr_value_get_function_name (attr),
                          dpt_attr_value_get_function_attrs (attr), error);
    }

  if (draft->op == NULL && dpt_graph_find_function (self->library, op) != NULL)
    return expand_call (self, index, op, NULL, error);

  if (draft->op == NULL || draft->def == NULL ||
      (draft->kind == DPT_PLAN_NODE_OP && draft->op->compute == NULL))
    {
      g_autofree char *name = dpt_outline_dup_name (self, draft);

      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
                   "op %s is not supported (node %s)", op, name);
      return FALSE;
    }

  if (!fill_draft (self, index, error))
    return FALSE;

  return special == G_N_ELEMENTS (special_ops) ||
         special_ops[special].functions[1] == NULL ||
         plan_branches (self, index, special_ops[special].functions, error);
}

void
dpt_outline_add_fetch (DptOutline *self, const DptTensorRef *fetch)
{
  DptDraftRef ref = { DPT_PLAN_NONE, 0 };

  if (!find_feed (self, 0, fetch->node, fetch->output, &ref.output))
    {
      ref.draft = require (self, 0, fetch->node);
      ref.output = fetch->output;
    }

  g_array_append_val (self->fetches, ref);
}

void
dpt_outline_add_target (DptOutline *self, guint node)
{
  require (self, 0, node);
}

/* The results and control results of the function that is outermost. */
gboolean
dpt_outline_add_results (DptOutline *self, GError **error)
{
  DptFunction *function = get_scope (self, 0)->function;

  for (guint i = 0; i < dpt_function_get_n_outputs (function); i++)
    {
      DptDraftRef ref;

      if (!resolve_result (self, 0, i, &ref, error))
        return FALSE;
      g_array_append_val (self->fetches, ref);
    }

  for (guint i = 0; i < dpt_function_get_control_results (function)->len; i++)
    {
      guint draft;

      if (!require_control_result (self, 0, i, &draft, error))
        return FALSE;
    }

  return TRUE;
}

/* Whether every output that is read or fetched is there. */
static gboolean
check_outputs (DptOutline *self, GError **error)
{
  for (guint i = 0; i < self->inputs->len + self->fetches->len; i++)
    {
      const DptDraftRef *ref = i < self->inputs->len
                                   ? &g_array_index (self->inputs, DptDraftRef,
                                                     i)
                                   : &g_array_index (self->fetches, DptDraftRef,
                                                     i - self->inputs->len);
      const DptDraft *draft = ref->draft != DPT_PLAN_NONE
                                  ? get_draft (self, ref->draft)
                                  : NULL;

      if (draft != NULL && ref->output >= draft->n_outputs)
        {
          g_autofree char *name = dpt_outline_dup_name (self, draft);

          g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_GRAPH,
                       "node %s has %u outputs, output %u is asked for", name,
                       draft->n_outputs, ref->output);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
dpt_outline_expand (DptOutline *self, GError **error)
{
  while (self->todo->len > 0)
    {
      guint index = g_array_index (self->todo, guint, self->todo->len - 1);
      g_autoptr (GError) local = NULL;

      g_array_set_size (self->todo, self->todo->len - 1);
      if (expand_draft (self, index, &local))
        continue;

      if (!g_error_matches (local, DPT_ENGINE_ERROR,
                            DPT_ENGINE_ERROR_UNSUPPORTED))
        {
          g_autofree char *name = dpt_outline_dup_name (self,
                                                        get_draft (self,
                                                                   index));

          g_prefix_error (&local, "node %s: ", name);
        }
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return check_outputs (self, error);
}
