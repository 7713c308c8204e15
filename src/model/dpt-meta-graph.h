/* dpt-meta-graph.h - a graph with what belongs to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-graph.h"
#include "dpt-object-graph.h"
#include "dpt-signature.h"

G_BEGIN_DECLS

#define DPT_TYPE_META_GRAPH (dpt_meta_graph_get_type ())
G_DECLARE_FINAL_TYPE (DptMetaGraph, dpt_meta_graph, DPT, META_GRAPH, GObject)

/* A variable as a collection describes it (VariableDef). */
typedef struct
{
  char *variable_name; /* "w:0" */
  char *initializer_name;
  char *snapshot_name;
  gboolean is_resource;
  gboolean trainable;
  char *slice_full_name; /* of a partitioned variable's part, else NULL */
} DptVariableDef;

typedef struct
{
  char *name;
  GPtrArray *nodes;     /* (element-type utf8) (nullable) names */
  GPtrArray *variables; /* (element-type DptVariableDef) (nullable) */
  guint n_items;        /* whatever its kind */
} DptCollection;

typedef struct
{
  char *tensor;     /* the tensor that receives the path */
  char *path;       /* as resolved under the model's assets folder */
  gboolean escapes; /* the file's name leads out of that folder */
} DptAsset;

DptVariableDef *dpt_variable_def_new (void) G_GNUC_WARN_UNUSED_RESULT;
void dpt_variable_def_free (DptVariableDef *self);
DptCollection *dpt_collection_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void dpt_collection_free (DptCollection *self);
DptAsset *dpt_asset_new (const char *tensor,
                         const char *path) G_GNUC_WARN_UNUSED_RESULT;
void dpt_asset_free (DptAsset *self);

/* Built by a reader through the take/set functions, then immutable. */
DptMetaGraph *dpt_meta_graph_new (DptGraph *graph) G_GNUC_WARN_UNUSED_RESULT;
void dpt_meta_graph_set_versions (DptMetaGraph *self,
                                  const char *tensorflow_version,
                                  const char *tensorflow_git_version);
void dpt_meta_graph_take_tags (DptMetaGraph *self, GStrv tags);
void dpt_meta_graph_take_signatures (DptMetaGraph *self, GPtrArray *signatures);
void dpt_meta_graph_take_collections (DptMetaGraph *self,
                                      GPtrArray *collections);
void dpt_meta_graph_take_assets (DptMetaGraph *self, GPtrArray *assets);
void dpt_meta_graph_set_object_graph (DptMetaGraph *self,
                                      DptObjectGraph *objects);
void dpt_meta_graph_set_saver (DptMetaGraph *self,
                               const char *filename_tensor,
                               const char *restore_op);

DptGraph *dpt_meta_graph_get_graph (DptMetaGraph *self);
const char *dpt_meta_graph_get_tensorflow_version (DptMetaGraph *self);
const char *dpt_meta_graph_get_tensorflow_git_version (DptMetaGraph *self);
const char *const *dpt_meta_graph_get_tags (DptMetaGraph *self);
guint dpt_meta_graph_get_n_signatures (DptMetaGraph *self);
const DptSignature *dpt_meta_graph_get_signature (DptMetaGraph *self,
                                                  guint index);
const DptSignature *dpt_meta_graph_find_signature (DptMetaGraph *self,
                                                   const char *name);
guint dpt_meta_graph_get_n_collections (DptMetaGraph *self);
const DptCollection *dpt_meta_graph_get_collection (DptMetaGraph *self,
                                                    guint index);
GPtrArray *dpt_meta_graph_get_assets (DptMetaGraph *self);
DptObjectGraph *dpt_meta_graph_get_object_graph (DptMetaGraph *self);
const char *dpt_meta_graph_get_filename_tensor (DptMetaGraph *self);
const char *dpt_meta_graph_get_restore_op (DptMetaGraph *self);

G_END_DECLS
