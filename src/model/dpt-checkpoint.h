/* dpt-checkpoint.h - the keys of a model: names with dtype, shape and bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor-source.h"

G_BEGIN_DECLS

#define DPT_TYPE_CHECKPOINT (dpt_checkpoint_get_type ())
G_DECLARE_FINAL_TYPE (DptCheckpoint, dpt_checkpoint, DPT, CHECKPOINT, GObject)

/* The key of the serialized object graph inside a TF2 checkpoint. */
#define DPT_OBJECT_GRAPH_KEY "_CHECKPOINTABLE_OBJECT_GRAPH"

/* The key of the counter that tf.train.Checkpoint.save() advances. */
#define DPT_SAVE_COUNTER_KEY "save_counter/.ATTRIBUTES/VARIABLE_VALUE"

typedef enum
{
  DPT_ENTRY_SOURCE_BUNDLE, /* an entry of a tensor bundle */
  DPT_ENTRY_SOURCE_CONST,  /* a Const node of a graph */
  DPT_ENTRY_SOURCE_MEMORY, /* a tensor made by this program */
} DptEntrySource;

/* Owned by the checkpoint; `key` is NUL-terminated, and key_length counts the
 * NULs that a hostile key may hold inside. */
typedef struct
{
  const char *key;
  gsize key_length;
  DptDtype dtype;
  DptShape shape;
  guint64 size;   /* bytes of all its parts on disk */
  guint32 crc32c; /* the stored, masked value; meaningful if has_crc32c */
  guint shard;    /* index of its data file (first part) */
  guint n_slices; /* parts of a partitioned variable; 0 when whole */
  gboolean has_crc32c;
  gboolean is_big_endian;
  gboolean is_missing; /* its shard is absent or too short */
  gboolean is_bookkeeping;
  DptEntrySource source;
  guint64 id; /* what the tensor source knows it by */
} DptCheckpointEntry;

/* Entries are handed over in any order and kept sorted by key bytes.  They
 * exclude the header, slice records and the object graph entry; that one is
 * given apart, as `object_graph_entry`, and shown only on request. */
typedef struct _DptCheckpointBuilder DptCheckpointBuilder;

DptCheckpointBuilder *
dpt_checkpoint_builder_new (DptTensorSource *source) G_GNUC_WARN_UNUSED_RESULT;
void dpt_checkpoint_builder_free (DptCheckpointBuilder *self);
void dpt_checkpoint_builder_add (DptCheckpointBuilder *self,
                                 const DptCheckpointEntry *entry);
void dpt_checkpoint_builder_set_shards (DptCheckpointBuilder *self,
                                        guint n_shards,
                                        const char *const *missing);
DptCheckpoint *dpt_checkpoint_builder_end (DptCheckpointBuilder *self)
    G_GNUC_WARN_UNUSED_RESULT;

guint dpt_checkpoint_get_n_entries (DptCheckpoint *self);
const DptCheckpointEntry *dpt_checkpoint_get_entry (DptCheckpoint *self,
                                                    guint index);
const DptCheckpointEntry *
dpt_checkpoint_get_object_graph_entry (DptCheckpoint *self);
gboolean
dpt_checkpoint_find (DptCheckpoint *self, const char *key, guint *index);
guint64 dpt_checkpoint_get_size (DptCheckpoint *self);
guint dpt_checkpoint_get_n_shards (DptCheckpoint *self);
const char *const *dpt_checkpoint_get_missing_shards (DptCheckpoint *self);
DptTensor *dpt_checkpoint_read (DptCheckpoint *self,
                                const DptCheckpointEntry *entry,
                                const DptTensorSlice *slice,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptCheckpointBuilder,
                               dpt_checkpoint_builder_free)

G_END_DECLS
