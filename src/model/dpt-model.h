/* dpt-model.h - what was opened from a path
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-checkpoint.h"
#include "dpt-meta-graph.h"

G_BEGIN_DECLS

#define DPT_TYPE_MODEL (dpt_model_get_type ())
G_DECLARE_FINAL_TYPE (DptModel, dpt_model, DPT, MODEL, GObject)

typedef enum
{
  DPT_MODEL_KIND_TF1_CHECKPOINT,
  DPT_MODEL_KIND_TF1_CHECKPOINT_V1,
  DPT_MODEL_KIND_TF2_CHECKPOINT,
  DPT_MODEL_KIND_SAVED_MODEL,
  DPT_MODEL_KIND_META_GRAPH,
  DPT_MODEL_KIND_GRAPH_DEF,
  DPT_MODEL_KIND_KERAS_H5,
  DPT_MODEL_KIND_KERAS,
  DPT_MODEL_KIND_NPZ,
  DPT_MODEL_KIND_SAFETENSORS,
  DPT_MODEL_KIND_GUIDE,
} DptModelKind;

#define DPT_MODEL_ERROR (dpt_model_error_quark ())
GQuark dpt_model_error_quark (void);

typedef enum
{
  DPT_MODEL_ERROR_NO_GRAPH, /* The model has no graph at all. */
  DPT_MODEL_ERROR_TAGS,     /* Several MetaGraphs, and none was chosen. */
} DptModelError;

const char *dpt_model_kind_get_name (DptModelKind kind);

/* Immutable once its loader returns it; any thread may read it.  Any of its
 * parts may be absent. */
DptModel *dpt_model_new (DptModelKind kind,
                         const char *path) G_GNUC_WARN_UNUSED_RESULT;
void dpt_model_set_checkpoint (DptModel *self, DptCheckpoint *checkpoint);
void dpt_model_set_object_graph (DptModel *self, DptObjectGraph *objects);
void dpt_model_add_meta_graph (DptModel *self, DptMetaGraph *meta_graph);
void dpt_model_select_meta_graph (DptModel *self, guint index);
void dpt_model_add_warning (DptModel *self, const char *warning);
void dpt_model_add_file (DptModel *self, const char *path);

DptModelKind dpt_model_get_kind (DptModel *self);
const char *dpt_model_get_path (DptModel *self);
char *dpt_model_dup_title (DptModel *self) G_GNUC_WARN_UNUSED_RESULT;
DptCheckpoint *dpt_model_get_checkpoint (DptModel *self);

/* The checkpoint's own object graph, the one that knows keys. */
DptObjectGraph *dpt_model_get_object_graph (DptModel *self);
guint dpt_model_get_n_meta_graphs (DptModel *self);
DptMetaGraph *dpt_model_get_meta_graph_at (DptModel *self, guint index);

/* The MetaGraph chosen by tags, or the only one; NULL without a graph or when
 * several are there and none was chosen. */
DptMetaGraph *dpt_model_get_meta_graph (DptModel *self);
DptMetaGraph *dpt_model_require_meta_graph (DptModel *self, GError **error);
char *dpt_model_dup_tag_list (DptModel *self) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *dpt_model_get_warnings (DptModel *self);

/* The files that were read, so that a change on disk can be noticed. */
GPtrArray *dpt_model_get_files (DptModel *self);

G_END_DECLS
