/* test-key-tree.c - keys as scopes, in the order a person expects
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-key-tree"

#include "dpt-key-tree.h"

#include <string.h>

#include "dpt-memory-source.h"

static DptCheckpoint *
make_checkpoint (const char *const *keys)
{
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));

  for (guint i = 0; keys[i] != NULL; i++)
    {
      DptCheckpointEntry entry = { .key = keys[i],
                                   .key_length = strlen (keys[i]),
                                   .dtype = DPT_DTYPE_FLOAT32,
                                   .shape = DPT_SHAPE_SCALAR,
                                   .size = 4 };

      dpt_checkpoint_builder_add (builder, &entry);
    }
  return dpt_checkpoint_builder_end (builder);
}

/* The tree as text: a line a node, two blanks a level, '*' marks a key. */
static char *
draw (DptKeyTree *tree)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i < dpt_key_tree_get_n_nodes (tree); i++)
    {
      const DptKeyTreeNode *node = dpt_key_tree_get_node (tree, i);

      g_string_append_printf (text, "%*s%s%s %u\n", (int) (node->depth - 1) * 2,
                              "", node->name,
                              node->entry != DPT_KEY_TREE_NONE ? "*" : "",
                              node->end_leaf - node->first_leaf);
    }
  return g_string_free (text, FALSE);
}

static void
assert_tree (const char *const *keys, const char *expected)
{
  g_autoptr (DptCheckpoint) checkpoint = make_checkpoint (keys);
  g_autoptr (DptKeyTree) tree = dpt_key_tree_new (checkpoint);
  g_autofree char *found = draw (tree);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_scopes (void)
{
  static const char *const keys[] = {
    "net/block17_10/w",    "net/block17_2/w",
    "net/block17_2/b",     "global_step",
    "net/Logits/Logits/w", "net/Logits/Logits/b",
    "net/block17_1/w",     NULL,
  };

  assert_tree (keys, "global_step* 1\n"
                     "net 6\n"
                     "  Logits / Logits 2\n"
                     "    b* 1\n"
                     "    w* 1\n"
                     "  block17_1 1\n"
                     "    w* 1\n"
                     "  block17_2 2\n"
                     "    b* 1\n"
                     "    w* 1\n"
                     "  block17_10 1\n"
                     "    w* 1\n");
}

/* '-' comes before '/', so the bytes of these keys tear `a` apart. */
static void
test_key_and_scope (void)
{
  static const char *const keys[] = { "a", "a-b", "a/m", "a/v", "a-b/x", NULL };

  assert_tree (keys, "a* 3\n"
                     "  m* 1\n"
                     "  v* 1\n"
                     "a-b* 2\n"
                     "  x* 1\n");
}

static void
test_object_keys (void)
{
  static const char *const keys[] = {
    "net/l..1/a.Sb/.ATTRIBUTES/VARIABLE_VALUE",
    "net/l..1/w/.ATTRIBUTES/VARIABLE_VALUE",
    "net/l..1/w/.OPTIMIZER_SLOT/opt/m/.ATTRIBUTES/VARIABLE_VALUE",
    "net/l..1/.ATTRIBUTES/OBJECT_CONFIG_JSON",
    "save_counter/.ATTRIBUTES/VARIABLE_VALUE",
    NULL,
  };

  assert_tree (keys, "net / l.1 4\n"
                     "  OBJECT_CONFIG_JSON* 1\n"
                     "  a/b* 1\n"
                     "  w* 2\n"
                     "    .OPTIMIZER_SLOT / opt 1\n"
                     "      m* 1\n"
                     "save_counter* 1\n");
}

/* One key with its decoration, and one that looks like it without. */
static void
test_namesakes (void)
{
  static const char *const keys[] = { "w/.ATTRIBUTES/VARIABLE_VALUE", "w",
                                      NULL };

  assert_tree (keys, "w* 1\nw* 1\n");
}

static void
test_strange_names (void)
{
  static const char *const keys[] = { "//x", "a/", "a//b", NULL };

  assert_tree (keys, "(empty) / (empty) 1\n"
                     "  x* 1\n"
                     "a 2\n"
                     "  (empty)* 2\n"
                     "    b* 1\n");
}

static void
test_deep (void)
{
  g_autoptr (GString) key = g_string_new ("x");
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptKeyTree) tree = NULL;
  const char *keys[] = { NULL, NULL };

  for (guint i = 0; i < 100000; i++)
    g_string_append (key, "/x");
  keys[0] = key->str;
  checkpoint = make_checkpoint (keys);
  tree = dpt_key_tree_new (checkpoint);

  /* 63 scopes in one row, and the key, which keeps what is too deep. */
  g_assert_cmpuint (dpt_key_tree_get_n_nodes (tree), ==, 3);
  g_assert_cmpuint (dpt_key_tree_get_n_leaves (tree), ==, 1);
}

static void
test_notes (void)
{
  static const char *const keys[] = { "l/0/w",       "l/1/w", "r/block_1/w",
                                      "r/block_2/w", "x/a/w", "x/b/w",
                                      NULL };
  g_autoptr (DptCheckpoint) checkpoint = make_checkpoint (keys);
  g_autoptr (DptKeyTree) tree = dpt_key_tree_new (checkpoint);

  for (guint i = 1; i < dpt_key_tree_get_n_nodes (tree); i++)
    {
      const DptKeyTreeNode *node = dpt_key_tree_get_node (tree, i);
      g_autofree char *note = dpt_key_tree_dup_note (tree, i);

      if (strcmp (node->name, "l") == 0)
        g_assert_cmpstr (note, ==, "list of 2");
      else if (strcmp (node->name, "r") == 0)
        g_assert_cmpstr (note, ==, "2 × block");
      else
        g_assert_null (note);
    }
}

static void
test_flat (void)
{
  static const char *const keys[] = { "b_10/w", "b_2/w",
                                      "a.Sb/c/.ATTRIBUTES/VARIABLE_VALUE",
                                      NULL };
  g_autoptr (DptCheckpoint) checkpoint = make_checkpoint (keys);
  g_autoptr (DptKeyTree) scopes = dpt_key_tree_new (checkpoint);
  g_autoptr (DptKeyTree) flat = dpt_key_tree_new_flat (scopes);
  g_autofree char *found = draw (flat);

  g_assert_cmpstr (found, ==, "a/b/c* 1\nb_2/w* 1\nb_10/w* 1\n");
  for (guint leaf = 0; leaf < 3; leaf++)
    {
      guint entry = dpt_key_tree_get_leaf_entry (flat, leaf);

      g_assert_cmpuint (dpt_key_tree_get_leaf_entry (scopes, leaf), ==, entry);
      g_assert_cmpuint (dpt_key_tree_find_leaf (flat, entry), ==, leaf);
      g_assert_cmpuint (dpt_key_tree_find_leaf (scopes, entry), ==, leaf);
    }
}

static void
test_empty (void)
{
  static const char *const keys[] = { NULL };
  g_autoptr (DptCheckpoint) checkpoint = make_checkpoint (keys);
  g_autoptr (DptKeyTree) tree = dpt_key_tree_new (checkpoint);

  g_assert_cmpuint (dpt_key_tree_get_n_nodes (tree), ==, 1);
  g_assert_cmpuint (dpt_key_tree_get_n_leaves (tree), ==, 0);
}

static void
test_large (void)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptKeyTree) tree = NULL;
  double seconds;

  for (guint i = 0; i < 100000; i++)
    g_ptr_array_add (keys,
                     g_strdup_printf ("encoder/block_%u/layer_%u/dense/kernel",
                                      i / 50, i % 50));
  g_ptr_array_add (keys, NULL);
  checkpoint = make_checkpoint ((const char *const *) keys->pdata);

  g_test_timer_start ();
  tree = dpt_key_tree_new (checkpoint);
  seconds = g_test_timer_elapsed ();
  g_test_message ("100,000 keys in %.1f ms", seconds * 1e3);

  /* encoder, 2,000 blocks, 100,000 layers that share a row with `dense`, and
   * as many kernels; and the root. */
  g_assert_cmpuint (dpt_key_tree_get_n_nodes (tree), ==, 202002);
  g_assert_cmpuint (dpt_key_tree_get_n_leaves (tree), ==, 100000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key-tree/scopes", test_scopes);
  g_test_add_func ("/key-tree/key-and-scope", test_key_and_scope);
  g_test_add_func ("/key-tree/object-keys", test_object_keys);
  g_test_add_func ("/key-tree/namesakes", test_namesakes);
  g_test_add_func ("/key-tree/strange-names", test_strange_names);
  g_test_add_func ("/key-tree/deep", test_deep);
  g_test_add_func ("/key-tree/notes", test_notes);
  g_test_add_func ("/key-tree/flat", test_flat);
  g_test_add_func ("/key-tree/empty", test_empty);
  g_test_add_func ("/key-tree/large", test_large);

  return g_test_run ();
}
