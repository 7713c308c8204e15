/* test-object-graph-reader.c - object graphs from bytes, worked and genuine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-object-graph-reader"

#include "dpt-object-graph-reader.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-tensor-bundle.h"
#include "dpt-test-proto.h"
#include "dpt-test.h"

static GByteArray *
make_child (guint64 node, const char *name)
{
  GByteArray *child = g_byte_array_new ();

  if (node != 0)
    dpt_test_proto_put_varint (child, 1, node);
  dpt_test_proto_put_text (child, 2, name);
  return child;
}

static GByteArray *
make_attribute (const char *full_name, const char *key)
{
  GByteArray *attribute = g_byte_array_new ();

  dpt_test_proto_put_text (attribute, 1, "VARIABLE_VALUE");
  dpt_test_proto_put_text (attribute, 2, full_name);
  dpt_test_proto_put_text (attribute, 3, key);
  return attribute;
}

/* An optimizer (node 1) with a slot (node 3) for variable "v" (node 2), which
 * the root also calls "alias"; node 1 leads back to the root. */
static GByteArray *
make_graph (void)
{
  GByteArray *graph = g_byte_array_new ();
  GByteArray *root = g_byte_array_new ();
  GByteArray *optimizer = g_byte_array_new ();
  GByteArray *variable = g_byte_array_new ();
  GByteArray *state = g_byte_array_new ();
  GByteArray *slot = g_byte_array_new ();
  GByteArray *has_values = g_byte_array_new ();

  dpt_test_proto_put_message (root, 1, make_child (1, "opt"));
  dpt_test_proto_put_message (root, 1, make_child (2, "v.1"));
  dpt_test_proto_put_message (root, 1, make_child (2, "alias"));
  dpt_test_proto_put_varint (has_values, 1, 1);
  dpt_test_proto_put_message (root, 5, has_values);

  dpt_test_proto_put_message (optimizer, 1, make_child (0, "owner"));
  dpt_test_proto_put_varint (slot, 1, 2);
  dpt_test_proto_put_text (slot, 2, "m");
  dpt_test_proto_put_varint (slot, 3, 3);
  dpt_test_proto_put_message (optimizer, 3, slot);

  dpt_test_proto_put_message (variable, 2,
                              make_attribute ("scope/v", "v..1/.ATTRIBUTES/"
                                                         "VARIABLE_VALUE"));
  dpt_test_proto_put_message (
      state, 2,
      make_attribute ("scope/v/Adam", "v..1/.OPTIMIZER_SLOT/opt/m/.ATTRIBUTES/"
                                      "VARIABLE_VALUE"));

  dpt_test_proto_put_message (graph, 1, root);
  dpt_test_proto_put_message (graph, 1, optimizer);
  dpt_test_proto_put_message (graph, 1, variable);
  dpt_test_proto_put_message (graph, 1, state);
  return graph;
}

static void
test_worked (void)
{
  g_autoptr (GByteArray) bytes = make_graph ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DptObjectGraph) graph =
      dpt_object_graph_reader_parse (bytes->data, bytes->len, "x", &error);
  const DptObjectAttribute *attribute;
  guint node;

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_object_graph_get_n_nodes (graph), ==, 4);
  g_assert_cmpstr (dpt_object_graph_get_path (graph, 0), ==, "");
  g_assert_cmpstr (dpt_object_graph_get_path (graph, 1), ==, "opt");
  g_assert_cmpstr (dpt_object_graph_get_path (graph, 2), ==, "v..1");
  g_assert_cmpstr (dpt_object_graph_get_path (graph, 3), ==,
                   "v..1/.OPTIMIZER_SLOT/opt/m");

  attribute = dpt_object_graph_find_key (graph,
                                         "v..1/.ATTRIBUTES/VARIABLE_VALUE",
                                         &node);
  g_assert_nonnull (attribute);
  g_assert_cmpuint (node, ==, 2);
  g_assert_cmpstr (attribute->full_name, ==, "scope/v");
  g_assert_cmpstr (attribute->name, ==, "VARIABLE_VALUE");
  g_assert_false (attribute->optional_restore);

  g_assert_true (dpt_object_graph_find_child (graph, 1, "owner", &node));
  g_assert_cmpuint (node, ==, 0);
  g_assert_true (dpt_object_graph_find_child (graph, 0, "alias", &node));
  g_assert_cmpuint (node, ==, 2);
}

/* There is no checksum here: each change reads, or says why not. */
static void
test_damage (void)
{
  g_autoptr (GByteArray) bytes = make_graph ();
  guint n_refused = 0;

  for (guint i = 0; i < bytes->len; i++)
    {
      g_autoptr (DptObjectGraph) cut =
          dpt_object_graph_reader_parse (bytes->data, i, "x", NULL);

      n_refused += cut == NULL;
      for (guint value = 0; value < 256; value += 5)
        {
          guint8 kept = bytes->data[i];
          g_autoptr (GError) error = NULL;
          g_autoptr (DptObjectGraph) graph = NULL;

          bytes->data[i] = (guint8) value;
          graph = dpt_object_graph_reader_parse (bytes->data, bytes->len, "x",
                                                 &error);
          bytes->data[i] = kept;
          g_assert_true ((graph == NULL) == (error != NULL));
          if (error != NULL)
            g_assert_true (g_str_has_prefix (error->message, "x: "));
        }
    }

  /* A cut is only sound between two nodes, and then ids may be too large. */
  g_assert_cmpuint (n_refused, >=, bytes->len - 4);
}

static void
assert_refused (GByteArray *node, const char *part)
{
  g_autoptr (GByteArray) graph = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  dpt_test_proto_put_message (graph, 1, node);
  g_assert_null (
      dpt_object_graph_reader_parse (graph->data, graph->len, "x", &error));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_errors (void)
{
  GByteArray *high = g_byte_array_new ();
  GByteArray *negative = g_byte_array_new ();
  GByteArray *zero = g_byte_array_new ();
  GByteArray *named = g_byte_array_new ();

  dpt_test_proto_put_message (high, 1, make_child (7, "c"));
  assert_refused (high, "node 0 of the object graph: child: a node id below 1 "
                        "was expected, found 7");

  dpt_test_proto_put_message (negative, 1, make_child (G_MAXUINT64, "c"));
  assert_refused (negative, "a node id was expected");

  dpt_test_proto_put_bytes (named, 2, "a\0b", 3);
  dpt_test_proto_put_message (zero, 1, named);
  assert_refused (zero, "a name without zero bytes");
}

/* Ten thousand objects in a chain with names of fifty bytes: their paths
 * would take 2.5 GB. */
static void
test_long_chain (void)
{
  g_autoptr (GByteArray) graph = g_byte_array_new ();
  g_autofree char *name = g_strnfill (50, 'n');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      GByteArray *node = g_byte_array_new ();

      dpt_test_proto_put_message (node, 1, make_child ((i + 1) % 10000, name));
      dpt_test_proto_put_message (graph, 1, node);
    }

  g_assert_null (
      dpt_object_graph_reader_parse (graph->data, graph->len, "x", &error));
  g_assert_error (error, DPT_OBJECT_GRAPH_ERROR, DPT_OBJECT_GRAPH_ERROR_LIMIT);
}

static void
test_too_many (void)
{
  g_autoptr (GByteArray) graph = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 600000; i++)
    dpt_test_proto_put_bytes (graph, 1, "", 0);

  g_assert_null (
      dpt_object_graph_reader_parse (graph->data, graph->len, "x", &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT);
}

/* A genuine checkpoint: every key of the index is an attribute's key, and its
 * path is the one that a walk from the root finds. */
static void
test_genuine (void)
{
  g_autofree char *prefix = dpt_test_corpus (
      "sonnet/mlp_3x4x5_1x3/checkpoint-1");
  g_autoptr (DptTensorBundle) bundle = NULL;
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptObjectGraph) graph = NULL;
  g_autoptr (GError) error = NULL;

  if (prefix == NULL)
    {
      g_test_skip ("there is no corpus");
      return;
    }

  bundle = dpt_tensor_bundle_open (prefix, NULL, NULL, &error);
  g_assert_no_error (error);
  checkpoint = dpt_tensor_bundle_create_checkpoint (bundle);
  graph = dpt_object_graph_reader_load (checkpoint, prefix, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < dpt_checkpoint_get_n_entries (checkpoint); i++)
    {
      const char *key = dpt_checkpoint_get_entry (checkpoint, i)->key;
      g_autofree char *expected = NULL;
      guint node;

      g_assert_nonnull (dpt_object_graph_find_key (graph, key, &node));
      expected = g_strconcat (dpt_object_graph_get_path (graph, node),
                              "/.ATTRIBUTES/VARIABLE_VALUE", NULL);
      g_assert_cmpstr (key, ==, expected);
    }
}

static void
test_name_based (void)
{
  g_autofree char *prefix = dpt_test_corpus (
      "ckpt/tf_half_plus_two_ckpt_v2/export");
  g_autoptr (DptTensorBundle) bundle = NULL;
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  if (prefix == NULL)
    {
      g_test_skip ("there is no corpus");
      return;
    }

  bundle = dpt_tensor_bundle_open (prefix, NULL, NULL, &error);
  g_assert_no_error (error);
  checkpoint = dpt_tensor_bundle_create_checkpoint (bundle);
  g_assert_null (
      dpt_object_graph_reader_load (checkpoint, prefix, NULL, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/object-graph-reader/worked", test_worked);
  g_test_add_func ("/object-graph-reader/damage", test_damage);
  g_test_add_func ("/object-graph-reader/errors", test_errors);
  g_test_add_func ("/object-graph-reader/long-chain", test_long_chain);
  g_test_add_func ("/object-graph-reader/too-many", test_too_many);
  g_test_add_func ("/object-graph-reader/genuine", test_genuine);
  g_test_add_func ("/object-graph-reader/name-based", test_name_based);

  return g_test_run ();
}
