/* test-plan.c - what is planned, in which order, and what is refused
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected orders are worked by hand from the rule: of the nodes that wait for
 * nothing, the first in the file.
 */

#define G_LOG_DOMAIN "test-plan"

#include <string.h>

#include "dpt-op-context.h"
#include "dpt-plan.h"
#include "dpt-test.h"
#include "graph-fixture.h"

static DptTensorRef
find (DptGraph *graph, const char *name)
{
  DptTensorRef ref = { 0, 0 };

  g_assert_true (dpt_graph_find_node (graph, name, &ref.node));
  return ref;
}

static DptPlan *
plan_fetch (DptGraph *graph, const char *fetch, GError **error)
{
  DptTensorRef ref = find (graph, fetch);

  return dpt_plan_new (graph, NULL, 0, &ref, 1, NULL, 0, error);
}

/* The names in plan order, between spaces. */
static char *
list_nodes (DptPlan *plan)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < dpt_plan_get_n_nodes (plan); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? " " : "",
                            dpt_plan_get_node (plan, i)->name);
  return g_string_free (list, FALSE);
}

static void
assert_refused (DptGraph *graph, const char *fetch, int code, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptPlan) plan = plan_fetch (graph, fetch, &error);

  g_assert_null (plan);
  g_assert_error (error, DPT_ENGINE_ERROR, code);
  if (strstr (error->message, text) == NULL)
    g_error ("'%s' does not say '%s'", error->message, text);
}

/* The file lists users before makers; `unused` is not planned. */
static void
test_order (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL;

  fixture_add (nodes, "sum", "AddV2", "b a");
  fixture_add (nodes, "b", "Mul", "c c");
  fixture_const (nodes, "unused", 1);
  fixture_const (nodes, "a", 1);
  fixture_const (nodes, "c", 2);
  graph = fixture_graph (nodes, NULL);

  plan = plan_fetch (graph, "sum", &error);
  g_assert_no_error (error);
  list = list_nodes (plan);
  g_assert_cmpstr (list, ==, "a c b sum");
}

/* Controls order nodes that share no tensor, and keep them in the plan. */
static void
test_control (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL;

  fixture_add (nodes, "first", "Identity", "a ^last");
  fixture_const (nodes, "a", 1);
  fixture_add (nodes, "last", "NoOp", "");
  graph = fixture_graph (nodes, NULL);

  plan = plan_fetch (graph, "first", &error);
  g_assert_no_error (error);
  list = list_nodes (plan);
  g_assert_cmpstr (list, ==, "a last first");
}

/* A fed tensor cuts what makes it off, be it an op that is not known. */
static void
test_feed_prunes (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL;
  DptTensorRef feed;
  DptTensorRef fetch;

  fixture_add (nodes, "odd", "NoSuchOp", "");
  fixture_add (nodes, "y", "Neg", "odd");
  graph = fixture_graph (nodes, NULL);

  assert_refused (graph, "y", DPT_ENGINE_ERROR_UNSUPPORTED,
                  "op NoSuchOp is not supported (node odd)");

  feed = find (graph, "odd");
  fetch = find (graph, "y");
  plan = dpt_plan_new (graph, &feed, 1, &fetch, 1, NULL, 0, &error);
  g_assert_no_error (error);
  list = list_nodes (plan);
  g_assert_cmpstr (list, ==, "y");
  g_assert_cmpuint (dpt_plan_get_n_feeds (plan), ==, 1);
}

/* a is read by b at 1 and by sum at 2; b by sum; sum is kept. */
static void
test_liveness (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  fixture_const (nodes, "a", 1);
  fixture_add (nodes, "b", "Neg", "a");
  fixture_add (nodes, "sum", "AddV2", "b a");
  graph = fixture_graph (nodes, NULL);

  plan = plan_fetch (graph, "sum", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dpt_plan_get_tensor (plan, 0)->last_reader, ==, 2);
  g_assert_cmpuint (dpt_plan_get_tensor (plan, 1)->last_reader, ==, 2);
  g_assert_cmpuint (dpt_plan_get_tensor (plan, 2)->last_reader, ==,
                    DPT_PLAN_NONE);
  g_assert_true (dpt_plan_get_tensor (plan, 2)->is_fetched);
  g_assert_true (dpt_plan_get_tensor (plan, 0)->is_stable);
  g_assert_false (dpt_plan_get_tensor (plan, 1)->is_stable);
}

/* f (x) = -x + x, called on a. */
static GPtrArray *
new_library (void)
{
  GPtrArray *functions = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *body = fixture_new ();

  fixture_add (body, "sum", "AddV2", "neg:y:0 x");
  fixture_add (body, "neg", "Neg", "x");
  g_ptr_array_add (functions, fixture_function ("f", "x", body, "z=sum:z:0"));
  return functions;
}

static void
test_call (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL;
  guint position;

  fixture_const (nodes, "a", 1);
  fixture_call (nodes, "call", "f", "a", 1, 1);
  fixture_add (nodes, "legacy", "f", "call");
  graph = fixture_graph (nodes, new_library ());

  plan = plan_fetch (graph, "legacy", &error);
  g_assert_no_error (error);
  list = list_nodes (plan);
  g_assert_cmpstr (list, ==,
                   "a call/neg call/sum call legacy/neg legacy/sum legacy");
  g_assert_true (dpt_plan_find_node (plan, "legacy/sum", &position));
  g_assert_cmpuint (position, ==, 5);
  g_assert_false (dpt_plan_find_node (plan, "sum", &position));
}

/* What a call waits for, its whole body waits for. */
static void
test_call_waits (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  guint late;
  guint inner;

  fixture_const (nodes, "a", 1);
  fixture_call (nodes, "call", "f", "a ^late", 1, 1);
  fixture_add (nodes, "late", "NoOp", "");
  graph = fixture_graph (nodes, new_library ());

  plan = plan_fetch (graph, "call", &error);
  g_assert_no_error (error);
  g_assert_true (dpt_plan_find_node (plan, "late", &late));
  g_assert_true (dpt_plan_find_node (plan, "call/neg", &inner));
  g_assert_cmpuint (late, <, inner);
}

static void
test_cycle (void)
{
  GPtrArray *functions = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *nodes = fixture_new ();
  GPtrArray *body = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;

  fixture_add (nodes, "self", "Neg", "self");
  fixture_add (nodes, "a", "Neg", "c");
  fixture_add (nodes, "b", "Neg", "a");
  fixture_add (nodes, "c", "Neg", "b");
  fixture_add (nodes, "out", "Neg", "c");
  fixture_add (body, "n", "Neg", "n:y:0");
  g_ptr_array_add (functions, fixture_function ("round", "x", body, "y=n:y:0"));
  fixture_const (nodes, "one", 1);
  fixture_call (nodes, "call", "round", "one", 1, 1);
  graph = fixture_graph (nodes, functions);

  assert_refused (graph, "self", DPT_ENGINE_ERROR_GRAPH,
                  "the main graph has a cycle through node 'self'");
  assert_refused (graph, "out", DPT_ENGINE_ERROR_GRAPH,
                  "the main graph has a cycle through node '");
  assert_refused (graph, "call", DPT_ENGINE_ERROR_GRAPH,
                  "function 'round' has a cycle through node 'call/n'");
}

static void
test_refusals (void)
{
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  DptNode *silent = dpt_node_new ("silent", "Neg");

  fixture_const (nodes, "a", 1);
  fixture_add (nodes, "lost", "Neg", "nowhere");
  fixture_add (nodes, "few", "AddV2", "a");
  fixture_add (nodes, "many", "AddV2", "a a a");
  fixture_add (nodes, "far", "Neg", "a:7");
  fixture_call (nodes, "absent", "g", "a", 1, 1);
  fixture_call (nodes, "wrong", "f", "a a", 2, 1);
  dpt_node_add_input (silent, "a");
  g_ptr_array_add (nodes, silent);
  graph = fixture_graph (nodes, new_library ());

  g_assert_null (plan_fetch (graph, "lost", &error));
  g_assert_error (error, DPT_GRAPH_ERROR, DPT_GRAPH_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "nowhere"));
  assert_refused (graph, "few", DPT_ENGINE_ERROR_GRAPH,
                  "node few: op AddV2 takes 2 inputs, found 1");
  assert_refused (graph, "many", DPT_ENGINE_ERROR_GRAPH,
                  "op AddV2 takes 2 inputs, found 3");
  assert_refused (graph, "far", DPT_ENGINE_ERROR_GRAPH,
                  "node a has 1 outputs, output 7 is asked for");
  assert_refused (graph, "absent", DPT_ENGINE_ERROR_GRAPH,
                  "function g is not in the library");
  assert_refused (graph, "wrong", DPT_ENGINE_ERROR_GRAPH,
                  "function f takes 1 inputs, found 2");
  assert_refused (graph, "silent", DPT_ENGINE_ERROR_GRAPH,
                  "node silent: attribute T");
}

/* A function that calls itself, and one that calls the next one twice, and so
 * on, forty levels deep. */
static void
test_recursion (void)
{
  GPtrArray *functions = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *nodes = fixture_new ();
  GPtrArray *body = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;

  fixture_call (body, "again", "self", "x", 1, 1);
  g_ptr_array_add (functions,
                   fixture_function ("self", "x", body, "y=again:output:0"));
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("f%u", i);
      g_autofree char *next = g_strdup_printf ("f%u", i + 1);

      body = fixture_new ();
      fixture_call (body, "a", next, "x", 1, 1);
      fixture_call (body, "b", next, "a:output:0", 1, 1);
      g_ptr_array_add (functions,
                       fixture_function (name, "x", body, "y=b:output:0"));
    }
  body = fixture_new ();
  fixture_add (body, "n", "Neg", "x");
  g_ptr_array_add (functions, fixture_function ("f40", "x", body, "y=n:y:0"));

  fixture_const (nodes, "a", 1);
  fixture_call (nodes, "deep", "self", "a", 1, 1);
  fixture_call (nodes, "wide", "f0", "a", 1, 1);
  graph = fixture_graph (nodes, functions);

  assert_refused (graph, "deep", DPT_ENGINE_ERROR_LIMIT,
                  "node deep/again/again/(59 more)/again/again/again: "
                  "calling function self goes deeper than 64 levels");
  assert_refused (graph, "wide", DPT_ENGINE_ERROR_LIMIT,
                  "unfold to more than 4000000 nodes");
}

/* A million nodes in a row: nothing recurses over a graph. */
static void
test_chain (void)
{
  const guint n_nodes = 1000000;
  GPtrArray *nodes = fixture_new ();
  g_autoptr (DptGraph) graph = NULL;
  g_autoptr (DptPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  fixture_const (nodes, "0", 1);
  for (guint i = 1; i < n_nodes; i++)
    {
      char name[16];
      char input[16];

      g_snprintf (name, sizeof name, "%u", i);
      g_snprintf (input, sizeof input, "%u", i - 1);
      fixture_add (nodes, name, "Neg", input);
    }
  graph = fixture_graph (nodes, NULL);

  plan = plan_fetch (graph, "999999", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dpt_plan_get_n_nodes (plan), ==, n_nodes);
  g_assert_cmpstr (dpt_plan_get_node (plan, 500000)->name, ==, "500000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/order", test_order);
  g_test_add_func ("/plan/control", test_control);
  g_test_add_func ("/plan/feed-prunes", test_feed_prunes);
  g_test_add_func ("/plan/liveness", test_liveness);
  g_test_add_func ("/plan/call", test_call);
  g_test_add_func ("/plan/call-waits", test_call_waits);
  g_test_add_func ("/plan/cycle", test_cycle);
  g_test_add_func ("/plan/refusals", test_refusals);
  g_test_add_func ("/plan/recursion", test_recursion);
  g_test_add_func ("/plan/chain", test_chain);

  return g_test_run ();
}
