/* sample-models.h - the two files that describe the network's graph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sample-net.h"

G_BEGIN_DECLS

/* The MetaGraphDef that a TF1 Saver puts beside its checkpoint. */
GByteArray *
sample_meta_graph_def (GPtrArray *variables) G_GNUC_WARN_UNUSED_RESULT;

/* The saved_model.pb of the migrated, object-based model. */
GByteArray *sample_saved_model (GPtrArray *variables) G_GNUC_WARN_UNUSED_RESULT;

/* The TrackableObjectGraph that lies in its variables. */
GByteArray *
sample_object_graph (GPtrArray *variables) G_GNUC_WARN_UNUSED_RESULT;

/* (element-type SampleVariable): the same, in the order of their objects. */
GPtrArray *
sample_objects_variables (GPtrArray *variables) G_GNUC_WARN_UNUSED_RESULT;

char *sample_checkpoint_key (const SampleVariable *variable)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
