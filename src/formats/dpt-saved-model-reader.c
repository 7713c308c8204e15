/* dpt-saved-model-reader.c - from SavedModel bytes to its MetaGraphs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   SavedModel  1 saved_model_schema_version  2 meta_graphs*
 *
 * (saved_model.proto; the page is doc/formats/saved-model.md.)  Beside the file
 * lie variables/variables.index with its shards, which the loader opens, and
 * assets/, which nobody opens before a run asks for them.
 */

#define G_LOG_DOMAIN "dpt-saved-model-reader"

#include "dpt-saved-model-reader.h"

#include "dpt-meta-graph-reader.h"
#include "dpt-proto-message.h"

/* The only version there has ever been. */
#define SCHEMA_VERSION 1

/**
 * dpt_saved_model_read:
 * @source: a binary SavedModel, all of the file
 * @folder: the SavedModel's folder, below which assets are looked for
 * @cancellable: (nullable): to stop it
 * @error: return location for a %DPT_FORMAT_ERROR or an error of
 *   dpt_meta_graph_convert()
 *
 * Reads all MetaGraphs.  Constants stay in the file, which the graphs keep
 * open.
 *
 * Returns: (transfer full) (nullable) (element-type DptMetaGraph): the
 *   MetaGraphs in the file's order, one at least.
 */
GPtrArray *
dpt_saved_model_read (DptByteSource *source,
                      const char *folder,
                      GCancellable *cancellable,
                      GError **error)
{
  DptProtoPlace place = { .source = source };
  g_autoptr (DptProtoMessage) message = NULL;
  g_autoptr (DptGraphTensors) tensors = NULL;
  g_autoptr (GPtrArray) meta_graphs = NULL;
  g_autofree char *assets = NULL;
  const Dpt__Proto__SavedModel *proto;

  message = dpt_proto_message_read (source, 0,
                                    dpt_byte_source_get_size (source),
                                    &dpt__proto__saved_model__descriptor,
                                    DPT_PROTO_SCAN_DEFER_TENSORS, cancellable,
                                    error);
  if (message == NULL)
    return NULL;

  proto = dpt_proto_message_get (message);
  if (proto->saved_model_schema_version > SCHEMA_VERSION ||
      proto->n_meta_graphs == 0)
    {
      dpt_proto_place_set_error (
          &place, error, DPT_FORMAT_ERROR_UNSUPPORTED,
          "expected a SavedModel of schema version %d with a MetaGraph, found "
          "version %" G_GINT64_FORMAT " with %" G_GSIZE_FORMAT,
          SCHEMA_VERSION, proto->saved_model_schema_version,
          proto->n_meta_graphs);
      return NULL;
    }

  tensors = dpt_graph_tensors_new (source);
  meta_graphs = g_ptr_array_new_with_free_func (g_object_unref);
  assets = g_build_filename (folder, "assets", NULL);

  for (gsize i = 0; i < proto->n_meta_graphs; i++)
    {
      DptMetaGraph *meta_graph = dpt_meta_graph_convert (proto->meta_graphs[i],
                                                         tensors, assets,
                                                         error);

      if (meta_graph == NULL)
        return NULL;
      g_ptr_array_add (meta_graphs, meta_graph);
    }

  return g_steal_pointer (&meta_graphs);
}
