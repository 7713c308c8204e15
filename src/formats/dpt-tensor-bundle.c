/* dpt-tensor-bundle.c - a V2 checkpoint: an index and its data files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   P.index                  a table of entries        (dpt-bundle-index)
 *   P.data-SSSSS-of-NNNNN    tensor bytes, back to back (dpt-bundle-shards)
 *
 * Opening reads the index and looks at the data files' lengths; tensors are
 * read when they are asked for (dpt-bundle-reader).
 */

#define G_LOG_DOMAIN "dpt-tensor-bundle"

#include "dpt-tensor-bundle.h"

#include "dpt-bundle-reader.h"
#include "dpt-names.h"

/* TensorFlow counts saves under this key; it says nothing about a model. */
#define SAVE_COUNTER_KEY "save_counter/.ATTRIBUTES/VARIABLE_VALUE"

struct _DptTensorBundle
{
  GObject parent_instance;

  char *index_path;
  char *display; /* the same, for messages */
  DptBundleIndex *index;
  DptBundleShards *shards;
};

static void dpt_tensor_bundle_iface_init (DptTensorSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
    DptTensorBundle,
    dpt_tensor_bundle,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (DPT_TYPE_TENSOR_SOURCE,
                           dpt_tensor_bundle_iface_init))

static DptTensor *
dpt_tensor_bundle_read (DptTensorSource *source,
                        guint64 id,
                        const DptTensorSlice *slice,
                        GCancellable *cancellable,
                        GError **error)
{
  DptTensorBundle *self = DPT_TENSOR_BUNDLE (source);
  const DptBundleRecord *record = dpt_bundle_index_get_record (self->index,
                                                               (guint) id);
  DptBundleReader reader = { .index_path = self->display,
                             .index = self->index,
                             .shards = self->shards };
  g_autoptr (DptTensor) tensor = NULL;
  DptTensorSlice resolved;
  DptShape shape;

  g_return_val_if_fail (record != NULL, NULL);

  if (slice != NULL)
    {
      resolved = *slice;
      shape = dpt_bundle_index_get_shape (self->index, record);
      if (!dpt_tensor_slice_resolve (&resolved, &shape, error))
        return NULL;
    }

  tensor = dpt_bundle_reader_read (&reader, record, cancellable, error);
  if (tensor == NULL || slice == NULL)
    return g_steal_pointer (&tensor);

  return dpt_tensor_slice_extract (&resolved, tensor, error);
}

static void
dpt_tensor_bundle_iface_init (DptTensorSourceInterface *iface)
{
  iface->read = dpt_tensor_bundle_read;
}

static void
dpt_tensor_bundle_finalize (GObject *object)
{
  DptTensorBundle *self = DPT_TENSOR_BUNDLE (object);

  g_clear_pointer (&self->index, dpt_bundle_index_free);
  g_clear_pointer (&self->shards, dpt_bundle_shards_free);
  g_clear_pointer (&self->display, g_free);
  g_clear_pointer (&self->index_path, g_free);

  G_OBJECT_CLASS (dpt_tensor_bundle_parent_class)->finalize (object);
}

static void
dpt_tensor_bundle_class_init (DptTensorBundleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_tensor_bundle_finalize;
}

static void
dpt_tensor_bundle_init (DptTensorBundle *self)
{
}

static gboolean
is_present (DptTensorBundle *self, const DptBundleRecord *record)
{
  return dpt_bundle_shards_has_range (self->shards, record->shard,
                                      record->offset, record->size);
}

/* What a partitioned tensor's parts add up to. */
static void
describe_parts (DptTensorBundle *self,
                const DptBundleRecord *whole,
                DptCheckpointEntry *entry)
{
  entry->size = 0;
  entry->is_missing = FALSE;
  for (guint i = 0; i < whole->n_parts; i++)
    {
      DptTensorSlice place;
      const DptBundleRecord *part = dpt_bundle_index_get_part (self->index,
                                                               whole, i,
                                                               &place);

      if (i == 0)
        entry->shard = part->shard;
      entry->size += part->size;
      entry->is_missing = entry->is_missing || !is_present (self, part);
    }
}

static void
add_entry (DptTensorBundle *self, guint id, DptCheckpointBuilder *builder)
{
  const DptBundleRecord *record = dpt_bundle_index_get_record (self->index, id);
  DptCheckpointEntry entry = {
    .key = record->key,
    .key_length = record->key_length,
    .dtype = (DptDtype) record->dtype,
    .shape = dpt_bundle_index_get_shape (self->index, record),
    .size = record->size,
    .crc32c = record->crc32c,
    .shard = record->shard,
    .n_slices = record->n_parts,
    .has_crc32c = record->n_parts == 0,
    .is_big_endian = dpt_bundle_index_get_header (self->index)->is_big_endian,
    .is_missing = !is_present (self, record),
    .is_bookkeeping = g_str_equal (record->key, SAVE_COUNTER_KEY),
    .source = DPT_ENTRY_SOURCE_BUNDLE,
    .id = id,
  };

  if (record->n_parts > 0)
    describe_parts (self, record, &entry);
  dpt_checkpoint_builder_add (builder, &entry);
}

/* For each data file, how long it is at least by the index. */
static guint64 *
list_expected_sizes (DptTensorBundle *self)
{
  guint64 *sizes = g_new0 (guint64, dpt_bundle_shards_get_n (self->shards));

  for (guint i = 0; i < dpt_bundle_index_get_n_records (self->index); i++)
    {
      const DptBundleRecord *record = dpt_bundle_index_get_record (self->index,
                                                                   i);
      guint64 end;

      if (record->n_parts > 0)
        continue;
      if (!g_uint64_checked_add (&end, record->offset, record->size))
        end = G_MAXUINT64;
      sizes[record->shard] = MAX (sizes[record->shard], end);
    }

  return sizes;
}

/* Files that are absent, and those too short for one of their tensors. */
static char **
list_missing (DptTensorBundle *self)
{
  g_autoptr (GStrvBuilder) missing = g_strv_builder_new ();
  g_autofree guint64 *sizes = list_expected_sizes (self);

  for (guint i = 0; i < dpt_bundle_shards_get_n (self->shards); i++)
    if (!dpt_bundle_shards_has_range (self->shards, i, 0, sizes[i]))
      g_strv_builder_add (missing,
                          dpt_bundle_shards_get_path (self->shards, i));

  return g_strv_builder_end (missing);
}

/**
 * dpt_tensor_bundle_open:
 * @prefix: the checkpoint's prefix: its index's path without ".index"
 * @progress: (nullable): told of each block of the index
 * @cancellable: (nullable): asked before each block
 * @error: return location for a #DptFormatError
 *
 * Reads and verifies the whole index, and looks at the data files without
 * reading them.  A missing or short data file is no error yet.
 *
 * Returns: (transfer full): the bundle.
 */
DptTensorBundle *
dpt_tensor_bundle_open (const char *prefix,
                        DptProgress *progress,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (DptTensorBundle) self = NULL;
  g_autoptr (DptByteSource) source = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (prefix != NULL, NULL);

  path = g_strconcat (prefix, ".index", NULL);
  source = dpt_byte_source_open (path, error);
  if (source == NULL)
    return NULL;

  self = g_object_new (DPT_TYPE_TENSOR_BUNDLE, NULL);
  self->index_path = g_steal_pointer (&path);
  self->display = g_strdup (dpt_byte_source_get_display (source));
  self->index = dpt_bundle_index_read (source, progress, cancellable, error);
  if (self->index == NULL)
    return NULL;

  self->shards = dpt_bundle_shards_new (prefix, dpt_bundle_index_get_header (
                                                    self->index)
                                                    ->n_shards);
  return g_steal_pointer (&self);
}

/**
 * dpt_tensor_bundle_create_checkpoint:
 * @self: a bundle
 *
 * Lists the bundle's keys.  Slices are hidden behind their tensors, the
 * object graph entry is apart, and "save_counter" is marked as bookkeeping.
 *
 * Returns: (transfer full): a checkpoint that reads from @self, which it
 *   keeps.
 */
DptCheckpoint *
dpt_tensor_bundle_create_checkpoint (DptTensorBundle *self)
{
  g_autoptr (DptCheckpointBuilder) builder = NULL;
  g_auto (GStrv) missing = NULL;

  g_return_val_if_fail (DPT_IS_TENSOR_BUNDLE (self), NULL);

  builder = dpt_checkpoint_builder_new (DPT_TENSOR_SOURCE (self));
  for (guint i = 0; i < dpt_bundle_index_get_n_records (self->index); i++)
    if (!dpt_bundle_index_get_record (self->index, i)->is_slice)
      add_entry (self, i, builder);

  missing = list_missing (self);
  dpt_checkpoint_builder_set_shards (builder,
                                     dpt_bundle_shards_get_n (self->shards),
                                     (const char *const *) missing);
  return dpt_checkpoint_builder_end (builder);
}

/**
 * dpt_tensor_bundle_list_files:
 * @self: a bundle
 *
 * Returns: (transfer full) (element-type filename): the index and the data
 *   files that were there, so that a change on disk can be noticed.
 */
GPtrArray *
dpt_tensor_bundle_list_files (DptTensorBundle *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (DPT_IS_TENSOR_BUNDLE (self), files);

  g_ptr_array_add (files, g_strdup (self->index_path));
  for (guint i = 0; i < dpt_bundle_shards_get_n (self->shards); i++)
    if (dpt_bundle_shards_exists (self->shards, i))
      g_ptr_array_add (files,
                       g_strdup (dpt_bundle_shards_get_path (self->shards, i)));

  return files;
}

/**
 * dpt_tensor_bundle_list_warnings:
 * @self: a bundle
 *
 * Returns: (transfer full) (array zero-terminated=1): a sentence for each data
 *   file that was absent, closed to us, or too short for one of its tensors,
 *   when the bundle was opened.
 */
char **
dpt_tensor_bundle_list_warnings (DptTensorBundle *self)
{
  g_autoptr (GPtrArray) warnings = g_ptr_array_new ();
  g_autofree guint64 *sizes = NULL;

  g_return_val_if_fail (DPT_IS_TENSOR_BUNDLE (self), NULL);

  sizes = list_expected_sizes (self);
  for (guint i = 0; i < dpt_bundle_shards_get_n (self->shards); i++)
    {
      const char *path = dpt_bundle_shards_get_path (self->shards, i);
      g_autofree char *shown = dpt_names_to_display (path, -1);

      if (!dpt_bundle_shards_exists (self->shards, i))
        g_ptr_array_add (warnings,
                         g_strdup_printf ("%s: the shard %s", shown,
                                          g_file_test (path, G_FILE_TEST_EXISTS)
                                              ? "cannot be read"
                                              : "is missing"));
      else if (!dpt_bundle_shards_has_range (self->shards, i, 0, sizes[i]))
        g_ptr_array_add (
            warnings,
            g_strdup_printf ("%s: the shard has %" G_GUINT64_FORMAT
                             " bytes, %" G_GUINT64_FORMAT " expected",
                             shown,
                             dpt_bundle_shards_get_size (self->shards, i),
                             sizes[i]));
    }
  g_ptr_array_add (warnings, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&warnings), FALSE);
}
