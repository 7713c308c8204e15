/* dpt-saved-object-reader.h - the objects of a TF2 SavedModel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-object-graph.h"
#include "dpt-proto-convert.h"
#include "dpt-saved-object-graph.pb-c.h"

G_BEGIN_DECLS

DptObjectGraph *
dpt_saved_object_graph_convert (const Dpt__Proto__SavedObjectGraph *proto,
                                const DptProtoPlace *place,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
