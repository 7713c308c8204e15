/* dpt-checkpoint.c - the keys of a model: names with dtype, shape and bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: `entries` is sorted by key, compared as unsigned bytes, without
 * duplicates; every key lies in `keys`, one arena with a NUL after each.  The
 * object graph entry is never among the entries.
 */

#define G_LOG_DOMAIN "dpt-checkpoint"

#include "dpt-checkpoint.h"

#include <string.h>

/* Keys of a few dozen bytes, a hundred thousand of them: large chunks. */
#define KEY_CHUNK_SIZE (64 * 1024)

struct _DptCheckpoint
{
  GObject parent_instance;

  DptTensorSource *source;
  GStringChunk *keys;
  GArray *entries; /* (element-type DptCheckpointEntry) */
  DptCheckpointEntry object_graph;
  gboolean has_object_graph;
  guint64 size;
  guint n_shards;
  char **missing_shards;
};

struct _DptCheckpointBuilder
{
  DptCheckpoint *checkpoint;
};

G_DEFINE_FINAL_TYPE (DptCheckpoint, dpt_checkpoint, G_TYPE_OBJECT)

static int
compare_keys (const char *a, gsize a_length, const char *b, gsize b_length)
{
  int order = memcmp (a, b, MIN (a_length, b_length));

  if (order != 0)
    return order;

  return a_length < b_length ? -1 : a_length > b_length;
}

static int
compare_entries_cb (gconstpointer a, gconstpointer b)
{
  const DptCheckpointEntry *left = a;
  const DptCheckpointEntry *right = b;

  return compare_keys (left->key, left->key_length, right->key,
                       right->key_length);
}

static void
dpt_checkpoint_finalize (GObject *object)
{
  DptCheckpoint *self = DPT_CHECKPOINT (object);

  g_clear_object (&self->source);
  g_clear_pointer (&self->keys, g_string_chunk_free);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->missing_shards, g_strfreev);

  G_OBJECT_CLASS (dpt_checkpoint_parent_class)->finalize (object);
}

static void
dpt_checkpoint_class_init (DptCheckpointClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_checkpoint_finalize;
}

static void
dpt_checkpoint_init (DptCheckpoint *self)
{
  self->keys = g_string_chunk_new (KEY_CHUNK_SIZE);
  self->entries = g_array_new (FALSE, FALSE, sizeof (DptCheckpointEntry));
  self->missing_shards = g_new0 (char *, 1);
}

/**
 * dpt_checkpoint_builder_new:
 * @source: who reads the entries' values
 *
 * Returns: (transfer full): a builder without entries.
 */
DptCheckpointBuilder *
dpt_checkpoint_builder_new (DptTensorSource *source)
{
  DptCheckpointBuilder *self;

  g_return_val_if_fail (DPT_IS_TENSOR_SOURCE (source), NULL);

  self = g_new0 (DptCheckpointBuilder, 1);
  self->checkpoint = g_object_new (DPT_TYPE_CHECKPOINT, NULL);
  self->checkpoint->source = g_object_ref (source);
  return self;
}

/**
 * dpt_checkpoint_builder_free:
 * @self: (transfer full): a builder
 */
void
dpt_checkpoint_builder_free (DptCheckpointBuilder *self)
{
  g_clear_object (&self->checkpoint);
  g_free (self);
}

/**
 * dpt_checkpoint_builder_add:
 * @self: a builder
 * @entry: an entry; its key is copied
 *
 * Takes entries in any order; each key may be given once.  The entry whose
 * key is %DPT_OBJECT_GRAPH_KEY is put apart; it and the save counter are marked
 * as bookkeeping.
 */
void
dpt_checkpoint_builder_add (DptCheckpointBuilder *self,
                            const DptCheckpointEntry *entry)
{
  DptCheckpoint *checkpoint = self->checkpoint;
  DptCheckpointEntry added = *entry;

  g_return_if_fail (checkpoint != NULL);

  added.key = g_string_chunk_insert_len (checkpoint->keys, entry->key,
                                         (gssize) entry->key_length);

  if (compare_keys (added.key, added.key_length, DPT_OBJECT_GRAPH_KEY,
                    strlen (DPT_OBJECT_GRAPH_KEY)) == 0)
    {
      added.is_bookkeeping = TRUE;
      checkpoint->object_graph = added;
      checkpoint->has_object_graph = TRUE;
      return;
    }

  if (compare_keys (added.key, added.key_length, DPT_SAVE_COUNTER_KEY,
                    strlen (DPT_SAVE_COUNTER_KEY)) == 0)
    added.is_bookkeeping = TRUE;

  checkpoint->size += added.size;
  g_array_append_val (checkpoint->entries, added);
}

/**
 * dpt_checkpoint_builder_set_shards:
 * @self: a builder
 * @n_shards: data files that the checkpoint should have
 * @missing: (nullable) (array zero-terminated=1): paths of those that are
 *   absent or too short
 */
void
dpt_checkpoint_builder_set_shards (DptCheckpointBuilder *self,
                                   guint n_shards,
                                   const char *const *missing)
{
  DptCheckpoint *checkpoint = self->checkpoint;

  g_return_if_fail (checkpoint != NULL);

  checkpoint->n_shards = n_shards;
  if (missing != NULL)
    {
      g_strfreev (checkpoint->missing_shards);
      checkpoint->missing_shards = g_strdupv ((char **) missing);
    }
}

/**
 * dpt_checkpoint_builder_end:
 * @self: a builder, of no further use but to be freed
 *
 * Returns: (transfer full): the checkpoint, immutable from now on.
 */
DptCheckpoint *
dpt_checkpoint_builder_end (DptCheckpointBuilder *self)
{
  g_return_val_if_fail (self->checkpoint != NULL, NULL);

  g_array_sort (self->checkpoint->entries, compare_entries_cb);
  return g_steal_pointer (&self->checkpoint);
}

/**
 * dpt_checkpoint_get_n_entries:
 * @self: a checkpoint
 *
 * Returns: how many keys it has, the object graph entry not counted.
 */
guint
dpt_checkpoint_get_n_entries (DptCheckpoint *self)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), 0);

  return self->entries->len;
}

/**
 * dpt_checkpoint_get_entry:
 * @self: a checkpoint
 * @index: less than dpt_checkpoint_get_n_entries()
 *
 * Returns: the entry, owned by @self; indexes follow the order of key bytes.
 */
const DptCheckpointEntry *
dpt_checkpoint_get_entry (DptCheckpoint *self, guint index)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), NULL);
  g_return_val_if_fail (index < self->entries->len, NULL);

  return &g_array_index (self->entries, DptCheckpointEntry, index);
}

/**
 * dpt_checkpoint_get_object_graph_entry:
 * @self: a checkpoint
 *
 * Returns: (nullable): the entry that holds the serialized object graph,
 *   owned by @self; %NULL in a name-based checkpoint.
 */
const DptCheckpointEntry *
dpt_checkpoint_get_object_graph_entry (DptCheckpoint *self)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), NULL);

  return self->has_object_graph ? &self->object_graph : NULL;
}

/**
 * dpt_checkpoint_find:
 * @self: a checkpoint
 * @key: a key
 * @index: (out) (optional): where its entry is
 *
 * Looks @key up by bisection.  The object graph entry is not found this way.
 *
 * Returns: whether there is such a key.
 */
gboolean
dpt_checkpoint_find (DptCheckpoint *self, const char *key, guint *index)
{
  DptCheckpointEntry wanted = { .key = key, .key_length = 0 };

  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  wanted.key_length = strlen (key);
  return g_array_binary_search (self->entries, &wanted, compare_entries_cb,
                                index);
}

/**
 * dpt_checkpoint_get_size:
 * @self: a checkpoint
 *
 * Returns: bytes on disk of all its entries, the object graph not counted.
 */
guint64
dpt_checkpoint_get_size (DptCheckpoint *self)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), 0);

  return self->size;
}

/**
 * dpt_checkpoint_get_n_shards:
 * @self: a checkpoint
 *
 * Returns: how many data files it should have.
 */
guint
dpt_checkpoint_get_n_shards (DptCheckpoint *self)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), 0);

  return self->n_shards;
}

/**
 * dpt_checkpoint_get_missing_shards:
 * @self: a checkpoint
 *
 * Returns: (array zero-terminated=1): paths of the data files that are absent
 *   or too short; empty when all are whole.  Owned by @self.
 */
const char *const *
dpt_checkpoint_get_missing_shards (DptCheckpoint *self)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), NULL);

  return (const char *const *) self->missing_shards;
}

/**
 * dpt_checkpoint_read:
 * @self: a checkpoint
 * @entry: one of its entries, or its object graph entry
 * @slice: (nullable): the part that is wanted, %NULL for all of it
 * @cancellable: (nullable): stops a long read
 * @error: return location for an error of the source
 *
 * Reads the values of an entry.  Any thread may call it.
 *
 * Returns: (transfer full): the tensor.
 */
DptTensor *
dpt_checkpoint_read (DptCheckpoint *self,
                     const DptCheckpointEntry *entry,
                     const DptTensorSlice *slice,
                     GCancellable *cancellable,
                     GError **error)
{
  g_return_val_if_fail (DPT_IS_CHECKPOINT (self), NULL);
  g_return_val_if_fail (entry != NULL, NULL);

  return dpt_tensor_source_read (self->source, entry->id, slice, cancellable,
                                 error);
}
