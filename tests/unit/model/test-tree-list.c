/* test-tree-list.c - rows of a folded tree against a naive twin
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-tree-list"

#include "dpt-tree-list.h"

#include <string.h>

#include "dpt-memory-source.h"

/* The twin keeps its folds and hits as plain arrays and walks the whole tree
 * for every question; `rows` are the nodes that a view has been told of. */
typedef struct
{
  DptTreeList *list;
  DptKeyTree *tree;
  gboolean *open;  /* by node */
  gboolean *shown; /* by leaf */
  GArray *rows;    /* (element-type guint) */
} Twin;

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  gpointer user_data)
{
  Twin *twin = user_data;

  g_assert_cmpuint (position + removed, <=, twin->rows->len);
  g_array_remove_range (twin->rows, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (DptTreeItem) item = g_list_model_get_item (model,
                                                            position + i);
      guint node = dpt_tree_item_get_node (item);

      g_array_insert_val (twin->rows, position + i, node);
    }
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, twin->rows->len);
}

static void
twin_init (Twin *twin, guint n_keys)
{
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  guint n_nodes;

  for (guint i = 0; i < n_keys; i++)
    {
      g_autofree char *key = g_strdup_printf ("s%u/t%u/%s%u", i % 7, i % 31,
                                              i % 3 != 0 ? "" : "u/v/", i);
      DptCheckpointEntry entry = { .key = key,
                                   .key_length = strlen (key),
                                   .dtype = DPT_DTYPE_FLOAT32,
                                   .shape = DPT_SHAPE_SCALAR };

      dpt_checkpoint_builder_add (builder, &entry);
    }
  checkpoint = dpt_checkpoint_builder_end (builder);
  twin->tree = dpt_key_tree_new (checkpoint);
  twin->list = dpt_tree_list_new (twin->tree);
  n_nodes = dpt_key_tree_get_n_nodes (twin->tree);
  twin->open = g_new0 (gboolean, n_nodes);
  twin->open[0] = TRUE;
  twin->shown = g_new (gboolean, n_keys);
  for (guint i = 0; i < n_keys; i++)
    twin->shown[i] = TRUE;
  twin->rows = g_array_new (FALSE, FALSE, sizeof (guint));
  items_changed_cb (G_LIST_MODEL (twin->list), 0, 0,
                    g_list_model_get_n_items (G_LIST_MODEL (twin->list)), twin);
  g_signal_connect (twin->list, "items-changed", G_CALLBACK (items_changed_cb),
                    twin);
}

static void
twin_release (Twin *twin)
{
  g_assert_finalize_object (twin->list);
  g_object_unref (twin->tree);
  g_free (twin->open);
  g_free (twin->shown);
  g_array_unref (twin->rows);
}

static guint
twin_count (Twin *twin, guint node)
{
  const DptKeyTreeNode *at = dpt_key_tree_get_node (twin->tree, node);
  guint n = 0;

  for (guint leaf = at->first_leaf; leaf < at->end_leaf; leaf++)
    n += twin->shown[leaf] ? 1 : 0;
  return n;
}

static gboolean
twin_is_visible (Twin *twin, guint node)
{
  guint at = dpt_key_tree_get_node (twin->tree, node)->parent;

  for (; at != DPT_KEY_TREE_NONE;
       at = dpt_key_tree_get_node (twin->tree, at)->parent)
    if (!twin->open[at])
      return FALSE;
  return twin_count (twin, node) > 0;
}

static void
twin_check (Twin *twin)
{
  guint n_leaves = dpt_key_tree_get_n_leaves (twin->tree);
  const guint *leaf_rows = dpt_tree_list_get_leaf_rows (twin->list);
  guint row = 0;
  guint hidden = 0;

  for (guint i = 1; i < dpt_key_tree_get_n_nodes (twin->tree); i++)
    {
      gboolean visible = twin_is_visible (twin, i);

      g_assert_cmpuint (dpt_tree_list_count_shown (twin->list, i), ==,
                        twin_count (twin, i));
      g_assert_cmpuint (dpt_tree_list_find_node (twin->list, i), ==,
                        visible ? row : DPT_KEY_TREE_NONE);
      if (!visible)
        continue;
      g_assert_cmpuint (dpt_tree_list_get_node (twin->list, row), ==, i);
      g_assert_cmpuint (g_array_index (twin->rows, guint, row), ==, i);
      row++;
    }
  g_assert_cmpuint (twin->rows->len, ==, row);
  g_assert_cmpuint (dpt_tree_list_get_node (twin->list, row), ==,
                    DPT_KEY_TREE_NONE);

  for (guint leaf = 0; leaf < n_leaves; leaf++)
    {
      guint node = dpt_key_tree_get_leaf_node (twin->tree, leaf);
      guint expected = DPT_KEY_TREE_NONE;

      if (twin->shown[leaf])
        {
          while (!twin_is_visible (twin, node))
            node = dpt_key_tree_get_node (twin->tree, node)->parent;
          expected = dpt_tree_list_find_node (twin->list, node);
        }
      else
        hidden++;
      g_assert_cmpuint (leaf_rows[leaf], ==, expected);
      g_assert_cmpuint (dpt_tree_list_find_leaf (twin->list, leaf), ==,
                        expected);
    }
  g_assert_cmpuint (dpt_tree_list_get_n_hidden (twin->list), ==, hidden);
}

static void
filter_at_random (Twin *twin, guint n_keys)
{
  DptBitRank *bits = dpt_bit_rank_new (n_keys);
  int odds = g_test_rand_int_range (1, 12);

  for (guint leaf = 0; leaf < n_keys; leaf++)
    {
      twin->shown[leaf] = g_test_rand_int_range (0, odds) == 0;
      dpt_bit_rank_set (bits, leaf, twin->shown[leaf]);
    }
  dpt_tree_list_set_shown (twin->list, bits);
}

static void
test_random (void)
{
  enum
  {
    N_KEYS = 200,
  };
  Twin twin;
  guint n_nodes;

  twin_init (&twin, N_KEYS);
  n_nodes = dpt_key_tree_get_n_nodes (twin.tree);
  twin_check (&twin);

  for (guint round = 0; round < 300; round++)
    {
      guint node = (guint) g_test_rand_int_range (0, (int) n_nodes);
      gboolean open = g_test_rand_bit ();
      int what = g_test_rand_int_range (0, 20);

      if (what == 0)
        filter_at_random (&twin, N_KEYS);
      else if (what == 1)
        {
          for (guint i = 0; i < N_KEYS; i++)
            twin.shown[i] = TRUE;
          dpt_tree_list_set_shown (twin.list, NULL);
        }
      else if (what == 2)
        {
          for (guint i = 1; i < n_nodes; i++)
            twin.open[i] = open;
          dpt_tree_list_set_all_open (twin.list, open);
        }
      else if (what == 3)
        {
          guint leaf = (guint) g_test_rand_int_range (0, N_KEYS);

          for (guint at = dpt_key_tree_get_leaf_node (twin.tree, leaf);
               at != 0;)
            {
              at = dpt_key_tree_get_node (twin.tree, at)->parent;
              twin.open[at] = TRUE;
            }
          g_assert_cmpuint (dpt_tree_list_reveal_leaf (twin.list, leaf), ==,
                            dpt_tree_list_find_leaf (twin.list, leaf));
        }
      else if (node != 0)
        {
          twin.open[node] = open;
          dpt_tree_list_set_open (twin.list, node, open);
          g_assert_cmpint (dpt_tree_list_is_open (twin.list, node), ==,
                           open && dpt_key_tree_is_scope (twin.tree, node));
        }
      twin_check (&twin);
    }
  twin_release (&twin);
}

static void
test_searching (void)
{
  Twin twin;
  guint n_nodes;

  twin_init (&twin, 60);
  n_nodes = dpt_key_tree_get_n_nodes (twin.tree);
  twin.open[1] = TRUE;
  dpt_tree_list_set_open (twin.list, 1, TRUE);

  dpt_tree_list_set_searching (twin.list, TRUE);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (twin.list), ==, n_nodes - 1);
  dpt_tree_list_set_open (twin.list, 1, FALSE);
  g_assert_cmpuint (dpt_tree_list_get_n_rows (twin.list), <, n_nodes - 1);

  dpt_tree_list_set_searching (twin.list, FALSE);
  twin_check (&twin);
  twin_release (&twin);
}

/* While an item lives, its node has no other. */
static void
test_items (void)
{
  Twin twin;
  GListModel *model;
  DptTreeItem *item;

  twin_init (&twin, 20);
  model = G_LIST_MODEL (twin.list);
  item = g_list_model_get_item (model, 2);
  dpt_tree_list_set_open (twin.list, 1, TRUE);

  {
    guint row = dpt_tree_list_find_node (twin.list,
                                         dpt_tree_item_get_node (item));
    g_autoptr (DptTreeItem) again = g_list_model_get_item (model, row);

    g_assert_cmpuint (row, >, 2);
    g_assert_true (again == item);
  }

  g_assert_finalize_object (item);
  g_assert_null (g_list_model_get_item (model, G_MAXUINT));
  twin_release (&twin);
}

static void
ignore_cb (GListModel *model, guint position, guint removed, guint added)
{
}

static void
test_large (void)
{
  enum
  {
    N_KEYS = 100000,
  };
  Twin twin;
  double opened, filtered;
  DptBitRank *bits = dpt_bit_rank_new (N_KEYS);

  twin_init (&twin, N_KEYS);
  g_signal_handlers_disconnect_by_data (twin.list, &twin);
  g_signal_connect (twin.list, "items-changed", G_CALLBACK (ignore_cb), NULL);

  g_test_timer_start ();
  dpt_tree_list_set_all_open (twin.list, TRUE);
  dpt_tree_list_get_leaf_rows (twin.list);
  opened = g_test_timer_elapsed ();

  for (guint leaf = 0; leaf < N_KEYS; leaf += 3)
    dpt_bit_rank_set (bits, leaf, TRUE);
  g_test_timer_start ();
  dpt_tree_list_set_shown (twin.list, bits);
  dpt_tree_list_get_leaf_rows (twin.list);
  filtered = g_test_timer_elapsed ();

  g_test_message ("100,000 keys: all opened in %.2f ms, filtered in %.2f ms",
                  opened * 1e3, filtered * 1e3);
  g_assert_cmpuint (dpt_tree_list_get_n_hidden (twin.list), ==,
                    N_KEYS - (N_KEYS + 2) / 3);
  twin_release (&twin);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tree-list/random", test_random);
  g_test_add_func ("/tree-list/searching", test_searching);
  g_test_add_func ("/tree-list/items", test_items);
  g_test_add_func ("/tree-list/large", test_large);

  return g_test_run ();
}
