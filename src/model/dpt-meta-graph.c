/* dpt-meta-graph.c - a graph with what belongs to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-meta-graph"

#include "dpt-meta-graph.h"

#include <string.h>

/* Invariants: signatures are sorted by name, collections too; tags are as the
 * file has them.  No array is ever NULL. */
struct _DptMetaGraph
{
  GObject parent_instance;

  DptGraph *graph;
  char *tensorflow_version;
  char *tensorflow_git_version;
  GStrv tags;
  GPtrArray *signatures;
  GPtrArray *collections;
  GPtrArray *assets;
  DptObjectGraph *objects;
  char *filename_tensor;
  char *restore_op;
};

G_DEFINE_FINAL_TYPE (DptMetaGraph, dpt_meta_graph, G_TYPE_OBJECT)

static void
dpt_meta_graph_finalize (GObject *object)
{
  DptMetaGraph *self = DPT_META_GRAPH (object);

  g_clear_object (&self->graph);
  g_clear_pointer (&self->tensorflow_version, g_free);
  g_clear_pointer (&self->tensorflow_git_version, g_free);
  g_clear_pointer (&self->tags, g_strfreev);
  g_clear_pointer (&self->signatures, g_ptr_array_unref);
  g_clear_pointer (&self->collections, g_ptr_array_unref);
  g_clear_pointer (&self->assets, g_ptr_array_unref);
  g_clear_object (&self->objects);
  g_clear_pointer (&self->filename_tensor, g_free);
  g_clear_pointer (&self->restore_op, g_free);

  G_OBJECT_CLASS (dpt_meta_graph_parent_class)->finalize (object);
}

static void
dpt_meta_graph_class_init (DptMetaGraphClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_meta_graph_finalize;
}

static void
dpt_meta_graph_init (DptMetaGraph *self)
{
  self->tensorflow_version = g_strdup ("");
  self->tensorflow_git_version = g_strdup ("");
  self->tags = g_new0 (char *, 1);
  self->signatures = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_signature_free);
  self->collections = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_collection_free);
  self->assets = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_asset_free);
}

static int
compare_signatures (gconstpointer a, gconstpointer b)
{
  const DptSignature *left = *(DptSignature *const *) a;
  const DptSignature *right = *(DptSignature *const *) b;

  return strcmp (left->name, right->name);
}

static int
compare_collections (gconstpointer a, gconstpointer b)
{
  const DptCollection *left = *(DptCollection *const *) a;
  const DptCollection *right = *(DptCollection *const *) b;

  return strcmp (left->name, right->name);
}

/**
 * dpt_variable_def_new:
 *
 * Returns: (transfer full): a variable of which nothing is known yet.
 */
DptVariableDef *
dpt_variable_def_new (void)
{
  return g_new0 (DptVariableDef, 1);
}

/**
 * dpt_variable_def_free:
 * @self: (transfer full): a variable
 *
 * Frees it.
 */
void
dpt_variable_def_free (DptVariableDef *self)
{
  g_free (self->variable_name);
  g_free (self->initializer_name);
  g_free (self->snapshot_name);
  g_free (self->slice_full_name);
  g_free (self);
}

/**
 * dpt_collection_new:
 * @name: its key: "trainable_variables"
 *
 * Returns: (transfer full): a collection without items.
 */
DptCollection *
dpt_collection_new (const char *name)
{
  DptCollection *self = g_new0 (DptCollection, 1);

  self->name = g_strdup (name);

  return self;
}

/**
 * dpt_collection_free:
 * @self: (transfer full): a collection
 *
 * Frees it and its items.
 */
void
dpt_collection_free (DptCollection *self)
{
  g_free (self->name);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  g_clear_pointer (&self->variables, g_ptr_array_unref);
  g_free (self);
}

/**
 * dpt_asset_new:
 * @tensor: the tensor that receives the path
 * @path: the asset's path, already resolved
 *
 * Returns: (transfer full): an asset.
 */
DptAsset *
dpt_asset_new (const char *tensor, const char *path)
{
  DptAsset *self = g_new0 (DptAsset, 1);

  self->tensor = g_strdup (tensor);
  self->path = g_strdup (path);

  return self;
}

/**
 * dpt_asset_free:
 * @self: (transfer full): an asset
 *
 * Frees it.
 */
void
dpt_asset_free (DptAsset *self)
{
  g_free (self->tensor);
  g_free (self->path);
  g_free (self);
}

/**
 * dpt_meta_graph_new:
 * @graph: (transfer none): the graph
 *
 * Returns: (transfer full): a MetaGraph that a reader fills with the set and
 *   take functions; after that it is immutable.
 */
DptMetaGraph *
dpt_meta_graph_new (DptGraph *graph)
{
  DptMetaGraph *self = g_object_new (DPT_TYPE_META_GRAPH, NULL);

  self->graph = g_object_ref (graph);

  return self;
}

/**
 * dpt_meta_graph_set_versions:
 * @self: a MetaGraph
 * @tensorflow_version: "2.14.0"
 * @tensorflow_git_version: "unknown" for builds that do not say
 *
 * Sets who wrote the file (MetaInfoDef).
 */
void
dpt_meta_graph_set_versions (DptMetaGraph *self,
                             const char *tensorflow_version,
                             const char *tensorflow_git_version)
{
  g_free (self->tensorflow_version);
  self->tensorflow_version = g_strdup (tensorflow_version);
  g_free (self->tensorflow_git_version);
  self->tensorflow_git_version = g_strdup (tensorflow_git_version);
}

/**
 * dpt_meta_graph_take_tags:
 * @self: a MetaGraph
 * @tags: (transfer full): its tags, in the file's order
 *
 * Sets the tags (MetaInfoDef.tags).
 */
void
dpt_meta_graph_take_tags (DptMetaGraph *self, GStrv tags)
{
  g_strfreev (self->tags);
  self->tags = tags;
}

/**
 * dpt_meta_graph_take_signatures:
 * @self: a MetaGraph
 * @signatures: (transfer full) (element-type DptSignature): in any order; the
 *   array frees them
 *
 * Sets the signatures, and sorts them.
 */
void
dpt_meta_graph_take_signatures (DptMetaGraph *self, GPtrArray *signatures)
{
  g_ptr_array_unref (self->signatures);
  self->signatures = signatures;
  g_ptr_array_sort (signatures, compare_signatures);
}

/**
 * dpt_meta_graph_take_collections:
 * @self: a MetaGraph
 * @collections: (transfer full) (element-type DptCollection): in any order;
 *   the array frees them
 *
 * Sets the collections, and sorts them.
 */
void
dpt_meta_graph_take_collections (DptMetaGraph *self, GPtrArray *collections)
{
  g_ptr_array_unref (self->collections);
  self->collections = collections;
  g_ptr_array_sort (collections, compare_collections);
}

/**
 * dpt_meta_graph_take_assets:
 * @self: a MetaGraph
 * @assets: (transfer full) (element-type DptAsset): in the file's order, by
 *   which objects refer to them; the array frees them
 *
 * Sets the assets (MetaGraphDef.asset_file_def).
 */
void
dpt_meta_graph_take_assets (DptMetaGraph *self, GPtrArray *assets)
{
  g_ptr_array_unref (self->assets);
  self->assets = assets;
}

/**
 * dpt_meta_graph_set_object_graph:
 * @self: a MetaGraph
 * @objects: (transfer none) (nullable): its objects
 *
 * Sets the objects of a TF2 SavedModel (MetaGraphDef.object_graph_def).
 */
void
dpt_meta_graph_set_object_graph (DptMetaGraph *self, DptObjectGraph *objects)
{
  g_set_object (&self->objects, objects);
}

/**
 * dpt_meta_graph_set_saver:
 * @self: a MetaGraph
 * @filename_tensor: the tensor that receives a checkpoint's prefix
 * @restore_op: the node that restores
 *
 * Sets how the graph itself restores its variables (SaverDef).
 */
void
dpt_meta_graph_set_saver (DptMetaGraph *self,
                          const char *filename_tensor,
                          const char *restore_op)
{
  g_free (self->filename_tensor);
  self->filename_tensor = g_strdup (filename_tensor);
  g_free (self->restore_op);
  self->restore_op = g_strdup (restore_op);
}

/**
 * dpt_meta_graph_get_graph:
 * @self: a MetaGraph
 *
 * Returns: (transfer none): its graph.
 */
DptGraph *
dpt_meta_graph_get_graph (DptMetaGraph *self)
{
  return self->graph;
}

/**
 * dpt_meta_graph_get_tensorflow_version:
 * @self: a MetaGraph
 *
 * Returns: (transfer none): the version that wrote it, "" where the file is
 *   silent.
 */
const char *
dpt_meta_graph_get_tensorflow_version (DptMetaGraph *self)
{
  return self->tensorflow_version;
}

/**
 * dpt_meta_graph_get_tensorflow_git_version:
 * @self: a MetaGraph
 *
 * Returns: (transfer none): the source version that wrote it, "" where the
 *   file is silent.
 */
const char *
dpt_meta_graph_get_tensorflow_git_version (DptMetaGraph *self)
{
  return self->tensorflow_git_version;
}

/**
 * dpt_meta_graph_get_tags:
 * @self: a MetaGraph
 *
 * Returns: (transfer none) (array zero-terminated=1): its tags.
 */
const char *const *
dpt_meta_graph_get_tags (DptMetaGraph *self)
{
  return (const char *const *) self->tags;
}

/**
 * dpt_meta_graph_get_n_signatures:
 * @self: a MetaGraph
 *
 * Returns: the number of its signatures, internal ones included.
 */
guint
dpt_meta_graph_get_n_signatures (DptMetaGraph *self)
{
  return self->signatures->len;
}

/**
 * dpt_meta_graph_get_signature:
 * @self: a MetaGraph
 * @index: below dpt_meta_graph_get_n_signatures()
 *
 * Returns: (transfer none): a signature, in the order of names.
 */
const DptSignature *
dpt_meta_graph_get_signature (DptMetaGraph *self, guint index)
{
  g_return_val_if_fail (index < self->signatures->len, NULL);

  return g_ptr_array_index (self->signatures, index);
}

/**
 * dpt_meta_graph_find_signature:
 * @self: a MetaGraph
 * @name: a key: "serving_default"
 *
 * Returns: (transfer none) (nullable): the signature of this name.
 */
const DptSignature *
dpt_meta_graph_find_signature (DptMetaGraph *self, const char *name)
{
  for (guint i = 0; i < self->signatures->len; i++)
    {
      const DptSignature *signature = self->signatures->pdata[i];

      if (strcmp (signature->name, name) == 0)
        return signature;
    }

  return NULL;
}

/**
 * dpt_meta_graph_get_n_collections:
 * @self: a MetaGraph
 *
 * Returns: the number of its collections.
 */
guint
dpt_meta_graph_get_n_collections (DptMetaGraph *self)
{
  return self->collections->len;
}

/**
 * dpt_meta_graph_get_collection:
 * @self: a MetaGraph
 * @index: below dpt_meta_graph_get_n_collections()
 *
 * Returns: (transfer none): a collection, in the order of names.
 */
const DptCollection *
dpt_meta_graph_get_collection (DptMetaGraph *self, guint index)
{
  g_return_val_if_fail (index < self->collections->len, NULL);

  return g_ptr_array_index (self->collections, index);
}

/**
 * dpt_meta_graph_get_assets:
 * @self: a MetaGraph
 *
 * Returns: (transfer none) (element-type DptAsset): its assets, in the file's
 *   order.
 */
GPtrArray *
dpt_meta_graph_get_assets (DptMetaGraph *self)
{
  return self->assets;
}

/**
 * dpt_meta_graph_get_object_graph:
 * @self: a MetaGraph
 *
 * Returns: (transfer none) (nullable): what its objects are, %NULL for a TF1
 *   style file.  The checkpoint numbers objects on its own: pair the two by
 *   local names from the root.
 */
DptObjectGraph *
dpt_meta_graph_get_object_graph (DptMetaGraph *self)
{
  return self->objects;
}

/**
 * dpt_meta_graph_get_filename_tensor:
 * @self: a MetaGraph
 *
 * Returns: (transfer none) (nullable): the tensor that receives the prefix
 *   when the graph saves or restores itself.
 */
const char *
dpt_meta_graph_get_filename_tensor (DptMetaGraph *self)
{
  return self->filename_tensor;
}

/**
 * dpt_meta_graph_get_restore_op:
 * @self: a MetaGraph
 *
 * Returns: (transfer none) (nullable): the node that restores the variables.
 */
const char *
dpt_meta_graph_get_restore_op (DptMetaGraph *self)
{
  return self->restore_op;
}
