/* dpt-model.c - what was opened from a path
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-model"

#include "dpt-model.h"

#include <string.h>

struct _DptModel
{
  GObject parent_instance;

  DptModelKind kind;
  char *path;
  DptCheckpoint *checkpoint;
  DptObjectGraph *objects;
  GPtrArray *meta_graphs;
  int selected; /* index of the chosen MetaGraph, -1 for none */
  GPtrArray *warnings;
  GPtrArray *files;
};

G_DEFINE_FINAL_TYPE (DptModel, dpt_model, G_TYPE_OBJECT)

G_DEFINE_QUARK (dpt_model_error, dpt_model_error)

/* In the order of DptModelKind; the words are design's, printed by `info`. */
static const char *const kind_names[] = {
  "tf1-checkpoint",
  "tf1-checkpoint-v1",
  "tf2-checkpoint",
  "saved-model",
  "meta-graph",
  "graph-def",
  "keras-h5",
  "keras",
  "npz",
  "safetensors",
  "guide",
};

static void
dpt_model_finalize (GObject *object)
{
  DptModel *self = DPT_MODEL (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->checkpoint);
  g_clear_object (&self->objects);
  g_clear_pointer (&self->meta_graphs, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);

  G_OBJECT_CLASS (dpt_model_parent_class)->finalize (object);
}

static void
dpt_model_class_init (DptModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_model_finalize;
}

static void
dpt_model_init (DptModel *self)
{
  self->selected = -1;
  self->meta_graphs = g_ptr_array_new_with_free_func (g_object_unref);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->files = g_ptr_array_new_with_free_func (g_free);
}

/**
 * dpt_model_kind_get_name:
 * @kind: a kind
 *
 * Returns: (transfer none): the kind as it is printed: "tf1-checkpoint".
 */
const char *
dpt_model_kind_get_name (DptModelKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

/**
 * dpt_model_new:
 * @kind: what it is
 * @path: what was asked for: a file, a folder, a prefix or "guide:NAME"
 *
 * Returns: (transfer full): a model without parts; its loader sets them, and
 *   then it is immutable.
 */
DptModel *
dpt_model_new (DptModelKind kind, const char *path)
{
  DptModel *self = g_object_new (DPT_TYPE_MODEL, NULL);

  self->kind = kind;
  self->path = g_strdup (path);

  return self;
}

/**
 * dpt_model_set_checkpoint:
 * @self: a model
 * @checkpoint: (transfer none) (nullable): its keys
 *
 * Sets the keys.
 */
void
dpt_model_set_checkpoint (DptModel *self, DptCheckpoint *checkpoint)
{
  g_set_object (&self->checkpoint, checkpoint);
}

/**
 * dpt_model_set_object_graph:
 * @self: a model
 * @objects: (transfer none) (nullable): the checkpoint's objects
 *
 * Sets the object graph that came with the checkpoint.
 */
void
dpt_model_set_object_graph (DptModel *self, DptObjectGraph *objects)
{
  g_set_object (&self->objects, objects);
}

/**
 * dpt_model_add_meta_graph:
 * @self: a model
 * @meta_graph: (transfer none): a MetaGraph
 *
 * Appends a MetaGraph.  The only one is selected by itself.
 */
void
dpt_model_add_meta_graph (DptModel *self, DptMetaGraph *meta_graph)
{
  g_ptr_array_add (self->meta_graphs, g_object_ref (meta_graph));
}

/**
 * dpt_model_select_meta_graph:
 * @self: a model
 * @index: below dpt_model_get_n_meta_graphs()
 *
 * Chooses the MetaGraph that dpt_model_get_meta_graph() returns.
 */
void
dpt_model_select_meta_graph (DptModel *self, guint index)
{
  g_return_if_fail (index < self->meta_graphs->len);

  self->selected = (int) index;
}

/**
 * dpt_model_add_warning:
 * @self: a model
 * @warning: one sentence
 *
 * Appends what a person should know although the model could be opened.
 */
void
dpt_model_add_warning (DptModel *self, const char *warning)
{
  g_ptr_array_add (self->warnings, g_strdup (warning));
}

/**
 * dpt_model_add_file:
 * @self: a model
 * @path: a file that was read
 *
 * Appends a file, so that a change on disk can be noticed.
 */
void
dpt_model_add_file (DptModel *self, const char *path)
{
  g_ptr_array_add (self->files, g_strdup (path));
}

/**
 * dpt_model_get_kind:
 * @self: a model
 *
 * Returns: what it is.
 */
DptModelKind
dpt_model_get_kind (DptModel *self)
{
  return self->kind;
}

/**
 * dpt_model_get_path:
 * @self: a model
 *
 * Returns: (transfer none): the path as it was asked for.
 */
const char *
dpt_model_get_path (DptModel *self)
{
  return self->path;
}

/**
 * dpt_model_dup_title:
 * @self: a model
 *
 * Returns: (transfer full): a short title, "folder/name"; "guide:NAME" stays.
 *   A title may hold bytes that are not UTF-8, as the path does.
 */
char *
dpt_model_dup_title (DptModel *self)
{
  g_autofree char *full = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *folder_name = NULL;
  g_autofree char *name = NULL;

  if (self->kind == DPT_MODEL_KIND_GUIDE)
    return g_strdup (self->path);

  full = g_canonicalize_filename (self->path, NULL);
  folder = g_path_get_dirname (full);
  folder_name = g_path_get_basename (folder);
  name = g_path_get_basename (full);

  if (strcmp (folder_name, G_DIR_SEPARATOR_S) == 0)
    return g_steal_pointer (&full);

  return g_strconcat (folder_name, "/", name, NULL);
}

/**
 * dpt_model_get_checkpoint:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): its keys; for a graph without
 *   checkpoint, its constants.
 */
DptCheckpoint *
dpt_model_get_checkpoint (DptModel *self)
{
  return self->checkpoint;
}

/**
 * dpt_model_get_object_graph:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): the checkpoint's own object graph, the
 *   one that knows keys.
 */
DptObjectGraph *
dpt_model_get_object_graph (DptModel *self)
{
  return self->objects;
}

/**
 * dpt_model_get_n_meta_graphs:
 * @self: a model
 *
 * Returns: the number of its MetaGraphs.
 */
guint
dpt_model_get_n_meta_graphs (DptModel *self)
{
  return self->meta_graphs->len;
}

/**
 * dpt_model_get_meta_graph_at:
 * @self: a model
 * @index: below dpt_model_get_n_meta_graphs()
 *
 * Returns: (transfer none): a MetaGraph, in the file's order.
 */
DptMetaGraph *
dpt_model_get_meta_graph_at (DptModel *self, guint index)
{
  g_return_val_if_fail (index < self->meta_graphs->len, NULL);

  return g_ptr_array_index (self->meta_graphs, index);
}

/**
 * dpt_model_get_meta_graph:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): the MetaGraph that was chosen, or the
 *   only one; %NULL without a graph, or when several are there and none was
 *   chosen.
 */
DptMetaGraph *
dpt_model_get_meta_graph (DptModel *self)
{
  if (self->selected >= 0)
    return g_ptr_array_index (self->meta_graphs, self->selected);
  if (self->meta_graphs->len == 1)
    return g_ptr_array_index (self->meta_graphs, 0);

  return NULL;
}

/**
 * dpt_model_dup_tag_list:
 * @self: a model
 *
 * Returns: (transfer full): the tags of each of its MetaGraphs, for messages:
 *   "[serve], [serve, gpu]".
 */
char *
dpt_model_dup_tag_list (DptModel *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->meta_graphs->len; i++)
    {
      DptMetaGraph *meta_graph = self->meta_graphs->pdata[i];
      const char *const *tags = dpt_meta_graph_get_tags (meta_graph);
      g_autofree char *joined = g_strjoinv (", ", (char **) tags);

      g_string_append_printf (text, "%s[%s]", i > 0 ? ", " : "", joined);
    }

  return g_string_free (text, FALSE);
}

/**
 * dpt_model_require_meta_graph:
 * @self: a model
 * @error: return location for a %DPT_MODEL_ERROR
 *
 * As dpt_model_get_meta_graph(), with a sentence when there is none: that the
 * model has no graph, or the tags to choose from.
 *
 * Returns: (transfer none) (nullable): the MetaGraph, or %NULL on error.
 */
DptMetaGraph *
dpt_model_require_meta_graph (DptModel *self, GError **error)
{
  DptMetaGraph *meta_graph = dpt_model_get_meta_graph (self);
  g_autofree char *tags = NULL;

  if (meta_graph != NULL)
    return meta_graph;

  if (self->meta_graphs->len == 0)
    {
      g_set_error (error, DPT_MODEL_ERROR, DPT_MODEL_ERROR_NO_GRAPH,
                   "%s: expected a model with a graph, found a %s without one",
                   self->path, dpt_model_kind_get_name (self->kind));
      return NULL;
    }

  tags = dpt_model_dup_tag_list (self);
  g_set_error (error, DPT_MODEL_ERROR, DPT_MODEL_ERROR_TAGS,
               "%s: expected tags that choose one of its %u graphs, found no "
               "choice; it has %s",
               self->path, self->meta_graphs->len, tags);
  return NULL;
}

/**
 * dpt_model_get_warnings:
 * @self: a model
 *
 * Returns: (transfer none) (element-type utf8): sentences, perhaps none.
 */
GPtrArray *
dpt_model_get_warnings (DptModel *self)
{
  return self->warnings;
}

/**
 * dpt_model_get_files:
 * @self: a model
 *
 * Returns: (transfer none) (element-type filename): the files that were read.
 */
GPtrArray *
dpt_model_get_files (DptModel *self)
{
  return self->files;
}
