/* dpt-graph-tensors.h - the tensors inside a graph's file, read when asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-proto-convert.h"
#include "dpt-stored-tensor.h"

G_BEGIN_DECLS

#define DPT_TYPE_GRAPH_TENSORS (dpt_graph_tensors_get_type ())
G_DECLARE_FINAL_TYPE (DptGraphTensors,
                      dpt_graph_tensors,
                      DPT,
                      GRAPH_TENSORS,
                      GObject)

DptGraphTensors *
dpt_graph_tensors_new (DptByteSource *source) G_GNUC_WARN_UNUSED_RESULT;
DptByteSource *dpt_graph_tensors_get_source (DptGraphTensors *self);
DptStoredTensor *
dpt_graph_tensors_add (DptGraphTensors *self,
                       const DptProtoPlace *place,
                       const Dpt__Proto__TensorProto *proto,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
