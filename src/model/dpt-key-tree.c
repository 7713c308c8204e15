/* dpt-key-tree.c - the keys of a checkpoint as a tree of scopes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: node 0 is the root, which has no name and is never shown; nodes
 * stand in preorder and siblings in natural order of their names; leaf l is
 * the l-th node that holds an entry, so the leaves of a node are a contiguous
 * range, and a node that is both key and scope comes before its members.
 * The flat form has the same leaves in the same order.
 *
 * A key is split at '/'.  A TF2 key is an object path: its components are
 * unescaped, `.ATTRIBUTES` goes, and so does the attribute's name where it is
 * the usual VARIABLE_VALUE.  A scope that holds nothing but one other scope
 * shares its row: "Logits / Logits".
 */

#define G_LOG_DOMAIN "dpt-key-tree"

#include "dpt-key-tree.h"

#include "dpt-names.h"
#include "dpt-object-graph.h"

#include <string.h>

/* A key with more components keeps the rest in its last one: no model nests
 * this deep, and a hostile key must not. */
#define MAX_DEPTH 64

/* The note of a scope with more members is not worked out. */
#define MAX_NOTE_MEMBERS 10000

#define ATTRIBUTES     ".ATTRIBUTES"
#define VARIABLE_VALUE "VARIABLE_VALUE"

struct _DptKeyTree
{
  GObject parent_instance;

  DptCheckpoint *checkpoint;
  GStringChunk *names;
  GArray *nodes; /* (element-type DptKeyTreeNode) */
  guint n_leaves;
  guint *leaf_nodes;   /* by leaf */
  guint *entry_leaves; /* by entry */
};

G_DEFINE_FINAL_TYPE (DptKeyTree, dpt_key_tree, G_TYPE_OBJECT)

/* A node while the tree grows: members hang in a list, in no order. */
typedef struct
{
  const char *name;
  guint first; /* child */
  guint next;  /* sibling */
  guint entry;
} Twig;

typedef struct
{
  const char *text;
  gsize length;
} Component;

typedef struct
{
  DptKeyTree *tree;
  GArray *twigs; /* (element-type Twig) */

  /* The path of the key before, so that neighbours share their scopes. */
  Component path[MAX_DEPTH];
  guint path_twigs[MAX_DEPTH + 1];
  guint path_length;
} Grower;

static void
dpt_key_tree_finalize (GObject *object)
{
  DptKeyTree *self = DPT_KEY_TREE (object);

  g_clear_object (&self->checkpoint);
  g_clear_pointer (&self->names, g_string_chunk_free);
  g_clear_pointer (&self->nodes, g_array_unref);
  g_free (self->leaf_nodes);
  g_free (self->entry_leaves);

  G_OBJECT_CLASS (dpt_key_tree_parent_class)->finalize (object);
}

static void
dpt_key_tree_class_init (DptKeyTreeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_key_tree_finalize;
}

static void
dpt_key_tree_init (DptKeyTree *self)
{
  self->names = g_string_chunk_new (4096);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (DptKeyTreeNode));
}

static gboolean
component_is (const Component *self, const char *text)
{
  return self->length == strlen (text) &&
         memcmp (self->text, text, self->length) == 0;
}

static gboolean
component_equal (const Component *a, const Component *b)
{
  return a->length == b->length && memcmp (a->text, b->text, a->length) == 0;
}

/* Splits a key; returns how many components there are, at least one. */
static guint
split_key (const char *key,
           gsize length,
           gboolean decorated,
           Component *components)
{
  const char *end = key + length;
  guint n = 0;

  for (const char *at = key;;)
    {
      const char *slash = memchr (at, '/', (gsize) (end - at));
      const char *stop = slash != NULL && n + 1 < MAX_DEPTH ? slash : end;

      components[n++] = (Component){ at, (gsize) (stop - at) };
      if (stop == end)
        break;
      at = stop + 1;
    }

  if (decorated && n >= 3 && component_is (&components[n - 2], ATTRIBUTES))
    {
      if (component_is (&components[n - 1], VARIABLE_VALUE))
        return n - 2;
      components[n - 2] = components[n - 1];
      return n - 1;
    }
  return n;
}

/* The name that a row shows; plain ASCII, the common case, is copied as is. */
static const char *
add_name (DptKeyTree *self, const Component *component, gboolean decorated)
{
  g_autofree char *plain = NULL;
  g_autofree char *shown = NULL;
  gboolean ascii = TRUE;

  if (component->length == 0)
    return "(empty)";
  for (gsize i = 0; i < component->length && ascii; i++)
    ascii = g_ascii_isprint (component->text[i]) &&
            !(decorated && component->text[i] == '.');
  if (ascii)
    return g_string_chunk_insert_len (self->names, component->text,
                                      (gssize) component->length);

  if (decorated && memchr (component->text, '\0', component->length) == NULL)
    {
      plain = dpt_object_key_unescape (component->text, component->length);
      shown = dpt_names_to_display (plain, -1);
    }
  else
    shown = dpt_names_to_display (component->text, component->length);
  return g_string_chunk_insert (self->names, shown);
}

static guint
add_twig (Grower *grower, guint parent, const char *name)
{
  Twig twig = { .name = name,
                .first = DPT_KEY_TREE_NONE,
                .entry = DPT_KEY_TREE_NONE };
  guint index = grower->twigs->len;

  if (parent != DPT_KEY_TREE_NONE)
    {
      Twig *above = &g_array_index (grower->twigs, Twig, parent);

      twig.next = above->first;
      above->first = index;
    }
  else
    twig.next = DPT_KEY_TREE_NONE;

  g_array_append_val (grower->twigs, twig);
  return index;
}

static void
add_key (Grower *grower, guint entry)
{
  const DptCheckpointEntry *key =
      dpt_checkpoint_get_entry (grower->tree->checkpoint, entry);
  gboolean decorated = dpt_object_key_is_decorated (key->key);
  Component components[MAX_DEPTH];
  guint n = split_key (key->key, key->key_length, decorated, components);
  guint shared = 0;
  guint last;

  while (shared < n && shared < grower->path_length &&
         component_equal (&components[shared], &grower->path[shared]))
    shared++;

  for (guint i = shared; i < n; i++)
    grower->path_twigs[i + 1] = add_twig (grower, grower->path_twigs[i],
                                          add_name (grower->tree,
                                                    &components[i], decorated));
  memcpy (grower->path, components, n * sizeof (Component));
  grower->path_length = n;

  /* Two keys may look alike once the decoration is gone: both are shown. */
  last = grower->path_twigs[n];
  if (g_array_index (grower->twigs, Twig, last).entry != DPT_KEY_TREE_NONE)
    {
      const char *name = g_array_index (grower->twigs, Twig, last).name;

      last = add_twig (grower, grower->path_twigs[n - 1], name);
    }
  g_array_index (grower->twigs, Twig, last).entry = entry;
}

static int
compare_twigs (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Twig *twigs = user_data;
  guint x = *(const guint *) a;
  guint y = *(const guint *) b;
  int order = dpt_names_compare_natural (twigs[x].name, twigs[y].name);

  if (order != 0)
    return order;
  /* Checkpoint order tells namesakes apart. */
  return x < y ? -1 : 1;
}

/* Byte order may tear a scope apart (`a`, `a-b`, `a/b`): its parts, now
 * neighbours, become one, unless both are keys.  Returns the new length. */
static guint
merge_namesakes (Twig *twigs, guint *members, guint n)
{
  guint kept = 0;

  for (guint i = 0; i < n; i++)
    {
      Twig *twig = &twigs[members[i]];
      Twig *before = kept > 0 ? &twigs[members[kept - 1]] : NULL;
      guint *tail;

      if (before == NULL || strcmp (before->name, twig->name) != 0 ||
          (before->entry != DPT_KEY_TREE_NONE &&
           twig->entry != DPT_KEY_TREE_NONE))
        {
          members[kept++] = members[i];
          continue;
        }

      if (before->entry == DPT_KEY_TREE_NONE)
        before->entry = twig->entry;
      tail = &twig->first;
      while (*tail != DPT_KEY_TREE_NONE)
        tail = &twigs[*tail].next;
      *tail = before->first;
      before->first = twig->first;
    }
  return kept;
}

/* Sorts the members of a twig into `members`. */
static void
gather_members (Twig *twigs, guint twig, GArray *members)
{
  g_array_set_size (members, 0);
  for (guint m = twigs[twig].first; m != DPT_KEY_TREE_NONE; m = twigs[m].next)
    g_array_append_val (members, m);

  /* They hang in reverse order of arrival, and arrive nearly sorted. */
  for (guint i = 0; i < members->len / 2; i++)
    {
      guint *a = &g_array_index (members, guint, i);
      guint *b = &g_array_index (members, guint, members->len - 1 - i);
      guint swap = *a;

      *a = *b;
      *b = swap;
    }
  g_array_sort_with_data (members, compare_twigs, twigs);
  g_array_set_size (members, merge_namesakes (twigs, (guint *) members->data,
                                              members->len));
}

/* A twig whose members are still to be laid out. */
typedef struct
{
  guint twig;
  guint parent; /* node */
  guint depth;
} Pending;

/* While a scope holds just one other scope, both are one row.  On return
 * `members` are those of the last twig, sorted. */
static const char *
join_scopes (DptKeyTree *self, Twig *twigs, guint twig, GArray *members)
{
  const char *name = twigs[twig].name;
  g_autoptr (GString) joined = NULL;

  gather_members (twigs, twig, members);
  while (name != NULL && members->len == 1 &&
         twigs[twig].entry == DPT_KEY_TREE_NONE)
    {
      guint only = g_array_index (members, guint, 0);

      if (twigs[only].entry != DPT_KEY_TREE_NONE)
        break;
      if (joined == NULL)
        joined = g_string_new (name);
      g_string_append_printf (joined, " / %s", twigs[only].name);
      twig = only;
      gather_members (twigs, twig, members);
    }
  return joined != NULL ? g_string_chunk_insert (self->names, joined->str)
                        : name;
}

/* Preorder, without recursion: a node is laid out when it leaves the stack,
 * and its members go on it, the first on top. */
static void
lay_out (DptKeyTree *self, GArray *twig_array)
{
  Twig *twigs = (Twig *) twig_array->data;
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Pending));
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (guint));
  Pending first = { .twig = 0, .parent = DPT_KEY_TREE_NONE, .depth = 0 };

  g_array_append_val (stack, first);
  while (stack->len > 0)
    {
      Pending at = g_array_index (stack, Pending, stack->len - 1);
      guint index = self->nodes->len;
      DptKeyTreeNode node = { .parent = at.parent,
                              .depth = at.depth,
                              .end = index + 1,
                              .first_leaf = self->n_leaves,
                              .entry = twigs[at.twig].entry };

      g_array_set_size (stack, stack->len - 1);
      node.name = join_scopes (self, twigs, at.twig, members);
      if (node.entry != DPT_KEY_TREE_NONE)
        {
          self->leaf_nodes[self->n_leaves] = index;
          self->entry_leaves[node.entry] = self->n_leaves;
          self->n_leaves++;
        }
      node.end_leaf = self->n_leaves;
      g_array_append_val (self->nodes, node);

      for (guint i = members->len; i > 0; i--)
        {
          Pending next = { .twig = g_array_index (members, guint, i - 1),
                           .parent = index,
                           .depth = at.depth + 1 };

          g_array_append_val (stack, next);
        }
    }

  /* Descendants come after their ancestors: from the back, every node is
   * complete before it is handed to its parent. */
  for (guint i = self->nodes->len - 1; i > 0; i--)
    {
      DptKeyTreeNode *node = &g_array_index (self->nodes, DptKeyTreeNode, i);
      DptKeyTreeNode *parent = &g_array_index (self->nodes, DptKeyTreeNode,
                                               node->parent);

      parent->end = MAX (parent->end, node->end);
      parent->end_leaf = MAX (parent->end_leaf, node->end_leaf);
    }
}

/**
 * dpt_key_tree_new:
 * @checkpoint: the keys
 *
 * Any thread may call this and read the result.
 *
 * Returns: (transfer full): the keys of @checkpoint as scopes.
 */
DptKeyTree *
dpt_key_tree_new (DptCheckpoint *checkpoint)
{
  DptKeyTree *self = g_object_new (DPT_TYPE_KEY_TREE, NULL);
  guint n = dpt_checkpoint_get_n_entries (checkpoint);
  g_autoptr (GArray) twigs = g_array_new (FALSE, FALSE, sizeof (Twig));
  Grower grower = { .tree = self, .twigs = twigs };

  self->checkpoint = g_object_ref (checkpoint);
  self->leaf_nodes = g_new (guint, n + 1);
  self->entry_leaves = g_new (guint, n + 1);

  grower.path_twigs[0] = add_twig (&grower, DPT_KEY_TREE_NONE, NULL);
  for (guint i = 0; i < n; i++)
    add_key (&grower, i);
  lay_out (self, twigs);
  return self;
}

/* The whole name of a key, without decoration and escapes. */
static const char *
add_whole_name (DptKeyTree *self, guint entry)
{
  const DptCheckpointEntry *key = dpt_checkpoint_get_entry (self->checkpoint,
                                                            entry);
  gboolean decorated = dpt_object_key_is_decorated (key->key);
  Component components[MAX_DEPTH];
  guint n = split_key (key->key, key->key_length, decorated, components);
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (name, '/');
      g_string_append (name, add_name (self, &components[i], decorated));
    }
  return g_string_chunk_insert (self->names, name->str);
}

/**
 * dpt_key_tree_new_flat:
 * @scopes: a tree of scopes
 *
 * Returns: (transfer full): the same leaves, in the same order, each by its
 *   whole name right below the root.
 */
DptKeyTree *
dpt_key_tree_new_flat (DptKeyTree *scopes)
{
  DptKeyTree *self = g_object_new (DPT_TYPE_KEY_TREE, NULL);
  guint n = scopes->n_leaves;
  DptKeyTreeNode root = { .parent = DPT_KEY_TREE_NONE,
                          .end = n + 1,
                          .end_leaf = n,
                          .entry = DPT_KEY_TREE_NONE };

  self->checkpoint = g_object_ref (scopes->checkpoint);
  self->n_leaves = n;
  self->leaf_nodes = g_new (guint, n + 1);
  self->entry_leaves = g_memdup2 (scopes->entry_leaves,
                                  (n + 1) * sizeof (guint));

  g_array_append_val (self->nodes, root);
  for (guint leaf = 0; leaf < n; leaf++)
    {
      guint entry = dpt_key_tree_get_leaf_entry (scopes, leaf);
      DptKeyTreeNode node = { .name = add_whole_name (self, entry),
                              .parent = 0,
                              .end = leaf + 2,
                              .depth = 1,
                              .first_leaf = leaf,
                              .end_leaf = leaf + 1,
                              .entry = entry };

      self->leaf_nodes[leaf] = leaf + 1;
      g_array_append_val (self->nodes, node);
    }
  return self;
}

/**
 * dpt_key_tree_get_checkpoint:
 * @self: a tree
 *
 * Returns: (transfer none): whose keys it holds.
 */
DptCheckpoint *
dpt_key_tree_get_checkpoint (DptKeyTree *self)
{
  return self->checkpoint;
}

/**
 * dpt_key_tree_get_n_nodes:
 * @self: a tree
 *
 * Returns: how many nodes there are, the root among them.
 */
guint
dpt_key_tree_get_n_nodes (DptKeyTree *self)
{
  return self->nodes->len;
}

/**
 * dpt_key_tree_get_node:
 * @self: a tree
 * @node: a node, in preorder; 0 is the root
 *
 * Returns: (transfer none): what is known of it.
 */
const DptKeyTreeNode *
dpt_key_tree_get_node (DptKeyTree *self, guint node)
{
  g_return_val_if_fail (node < self->nodes->len, NULL);

  return &g_array_index (self->nodes, DptKeyTreeNode, node);
}

/**
 * dpt_key_tree_is_scope:
 * @self: a tree
 * @node: a node
 *
 * Returns: whether it has members.
 */
gboolean
dpt_key_tree_is_scope (DptKeyTree *self, guint node)
{
  return dpt_key_tree_get_node (self, node)->end > node + 1;
}

/**
 * dpt_key_tree_get_n_leaves:
 * @self: a tree
 *
 * Returns: how many keys there are.
 */
guint
dpt_key_tree_get_n_leaves (DptKeyTree *self)
{
  return self->n_leaves;
}

/**
 * dpt_key_tree_get_leaf_node:
 * @self: a tree
 * @leaf: a key, in the order of the tree
 *
 * Returns: the node that is this key.
 */
guint
dpt_key_tree_get_leaf_node (DptKeyTree *self, guint leaf)
{
  g_return_val_if_fail (leaf < self->n_leaves, 0);

  return self->leaf_nodes[leaf];
}

/**
 * dpt_key_tree_get_leaf_entry:
 * @self: a tree
 * @leaf: a key, in the order of the tree
 *
 * Returns: its entry in the checkpoint.
 */
guint
dpt_key_tree_get_leaf_entry (DptKeyTree *self, guint leaf)
{
  g_return_val_if_fail (leaf < self->n_leaves, 0);

  return dpt_key_tree_get_node (self, self->leaf_nodes[leaf])->entry;
}

/**
 * dpt_key_tree_find_leaf:
 * @self: a tree
 * @entry: an entry of its checkpoint
 *
 * Returns: where it stands among the keys, in the order of the tree.
 */
guint
dpt_key_tree_find_leaf (DptKeyTree *self, guint entry)
{
  g_return_val_if_fail (entry < self->n_leaves, 0);

  return self->entry_leaves[entry];
}

/* How many leading bytes of a name are left when its number is taken away. */
static gsize
stem_length (const char *name)
{
  gsize length = strlen (name);

  while (length > 0 && g_ascii_isdigit (name[length - 1]))
    length--;
  return length;
}

/**
 * dpt_key_tree_dup_note:
 * @self: a tree
 * @node: a scope
 *
 * A few words on a scope whose members are numbered alike: "list of 10" for
 * 0, 1, 2, ..., and "10 × block35" for block35_1, block35_2, ....
 *
 * Returns: (transfer full) (nullable): the words, or %NULL for other scopes.
 */
char *
dpt_key_tree_dup_note (DptKeyTree *self, guint node)
{
  const DptKeyTreeNode *scope = dpt_key_tree_get_node (self, node);
  const char *first = NULL;
  gsize stem = 0;
  guint n = 0;

  for (guint at = node + 1; at < scope->end; n++)
    {
      const DptKeyTreeNode *member = dpt_key_tree_get_node (self, at);
      gsize length = stem_length (member->name);

      if (first == NULL)
        {
          first = member->name;
          stem = length;
        }
      if (member->name[length] == '\0' || length != stem ||
          strncmp (member->name, first, stem) != 0 || n >= MAX_NOTE_MEMBERS)
        return NULL;
      at = member->end;
    }

  if (n < 2)
    return NULL;
  if (stem == 0)
    return g_strdup_printf ("list of %u", n);
  while (stem > 1 && strchr ("_-.", first[stem - 1]) != NULL)
    stem--;
  return g_strdup_printf ("%u × %.*s", n, (int) stem, first);
}
