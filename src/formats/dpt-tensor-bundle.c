/* dpt-tensor-bundle.c - a V2 checkpoint: an index and its data files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   P.index                  a table of entries        (dpt-bundle-index)
 *   P.data-SSSSS-of-NNNNN    tensor bytes, back to back (dpt-bundle-shards)
 *
 * Opening reads the index and looks at the data files' lengths.  A tensor is
 * read when it is asked for, in chunks, and checked against its CRC-32C, which
 * covers the bytes as stored; only then are big-endian bytes swapped.
 */

#define G_LOG_DOMAIN "dpt-tensor-bundle"

#include "dpt-tensor-bundle.h"

#include "dpt-bundle-index.h"
#include "dpt-bundle-shards.h"
#include "dpt-bundle-strings.h"
#include "dpt-byte-swap.h"
#include "dpt-crc32c.h"
#include "dpt-format-error.h"
#include "dpt-names.h"

/* Small enough that its checksum finds it in the cache, and that a cancel is
 * noticed at once; large enough that calls do not count. */
#define CHUNK_SIZE (4u * 1024 * 1024)

/* TensorFlow counts saves under this key; it says nothing about a model. */
#define SAVE_COUNTER_KEY "save_counter/.ATTRIBUTES/VARIABLE_VALUE"

struct _DptTensorBundle
{
  GObject parent_instance;

  char *index_path;
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

static char *
display_key (const DptBundleRecord *record)
{
  return dpt_names_to_display (record->key, record->key_length);
}

static gboolean
fail_absent (const DptBundleRecord *record,
             const char *file,
             GError **error,
             const char *found)
{
  g_autofree char *key = display_key (record);

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED,
               "%s: at least %" G_GUINT64_FORMAT
               " bytes were expected, because '%s' has %" G_GUINT64_FORMAT
               " at offset %" G_GUINT64_FORMAT ", found %s",
               file, record->offset + record->size, key, record->size,
               record->offset, found);
  return FALSE;
}

static gboolean
check_present (const DptBundleRecord *record,
               DptByteSource *source,
               GError **error)
{
  guint64 size = dpt_byte_source_get_size (source);
  g_autofree char *found = NULL;

  if (record->offset <= size && record->size <= size - record->offset)
    return TRUE;

  found = g_strdup_printf ("%" G_GUINT64_FORMAT, size);
  return fail_absent (record, dpt_byte_source_get_display (source), error,
                      found);
}

static DptByteSource *
open_shard (DptTensorBundle *self,
            const DptBundleRecord *record,
            GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (DptByteSource) source = dpt_bundle_shards_open (self->shards,
                                                             record->shard,
                                                             &failure);

  if (g_error_matches (failure, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_NOT_FOUND))
    {
      g_autofree char *file = g_filename_display_name (
          dpt_bundle_shards_get_path (self->shards, record->shard));

      fail_absent (record, file, error, "no such file");
      return NULL;
    }
  if (source == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (!check_present (record, source, error))
    return NULL;

  return g_steal_pointer (&source);
}

/* Tells a damaged file from one that was rewritten since it was opened. */
static gboolean
check_crc (const DptBundleRecord *record,
           DptByteSource *source,
           guint32 crc,
           GError **error)
{
  guint32 found = dpt_crc32c_mask (crc);
  gboolean has_changed;
  g_autofree char *key = NULL;

  if (found == record->crc32c)
    return TRUE;

  key = display_key (record);
  has_changed = dpt_byte_source_has_changed (source);
  g_set_error (error, DPT_FORMAT_ERROR,
               has_changed ? DPT_FORMAT_ERROR_CHANGED
                           : DPT_FORMAT_ERROR_CHECKSUM,
               "%s: '%s' at offset %" G_GUINT64_FORMAT
               ": checksum %08x was expected, found %08x%s",
               dpt_byte_source_get_display (source), key, record->offset,
               record->crc32c, found,
               has_changed ? "; the file changed since it was opened" : "");
  return FALSE;
}

/* Fills @dest with the entry's bytes and checks them. */
static gboolean
read_bytes (const DptBundleRecord *record,
            DptByteSource *source,
            guint8 *dest,
            GCancellable *cancellable,
            GError **error)
{
  guint32 crc = DPT_CRC32C_INIT;
  guint64 done = 0;

  while (done < record->size)
    {
      gsize chunk = (gsize) MIN (record->size - done, CHUNK_SIZE);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !dpt_byte_source_read (source, record->offset + done, chunk,
                                 dest + done, error))
        return FALSE;
      crc = dpt_crc32c_extend (crc, dest + done, chunk);
      done += chunk;
    }

  return check_crc (record, source, crc, error);
}

static DptTensor *
read_plain (DptTensorBundle *self,
            const DptBundleRecord *record,
            DptByteSource *source,
            GCancellable *cancellable,
            GError **error)
{
  DptDtype dtype = (DptDtype) record->dtype;
  DptShape shape = dpt_bundle_index_get_shape (self->index, record);
  g_autoptr (DptTensor) tensor = dpt_tensor_new (dtype, &shape, error);
  guint8 *data;

  if (tensor == NULL)
    return NULL;

  data = dpt_tensor_get_writable_data (tensor);
  if (!read_bytes (record, source, data, cancellable, error))
    return NULL;

  if (dpt_bundle_index_get_header (self->index)->is_big_endian)
    dpt_byte_swap (data, (gsize) record->size, dtype);

  return g_steal_pointer (&tensor);
}

static DptTensor *
read_strings (DptTensorBundle *self,
              const DptBundleRecord *record,
              DptByteSource *source,
              GCancellable *cancellable,
              GError **error)
{
  DptShape shape = dpt_bundle_index_get_shape (self->index, record);
  g_autoptr (DptTensor) tensor = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *key = NULL;
  guint32 crc;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  bytes = dpt_byte_source_read_bytes (source, record->offset,
                                      (gsize) record->size, error);
  if (bytes == NULL)
    return NULL;

  tensor = dpt_bundle_strings_decode (&shape, g_bytes_get_data (bytes, NULL),
                                      g_bytes_get_size (bytes),
                                      dpt_bundle_index_get_header (self->index)
                                          ->is_big_endian,
                                      &crc, error);
  if (tensor == NULL)
    {
      key = display_key (record);
      g_prefix_error (error, "%s: '%s' at offset %" G_GUINT64_FORMAT ": ",
                      dpt_byte_source_get_display (source), key,
                      record->offset);
      return NULL;
    }
  if (!check_crc (record, source, crc, error))
    return NULL;

  return g_steal_pointer (&tensor);
}

static DptTensor *
read_whole (DptTensorBundle *self,
            const DptBundleRecord *record,
            GCancellable *cancellable,
            GError **error)
{
  DptDtype dtype = (DptDtype) record->dtype;
  g_autoptr (DptByteSource) source = NULL;

  if (!dpt_dtype_is_plain (dtype) && dtype != DPT_DTYPE_STRING)
    {
      g_autofree char *key = display_key (record);

      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED,
                   "%s: '%s' is a %s tensor, which this version cannot read",
                   self->index_path, key, dpt_dtype_get_name (dtype));
      return NULL;
    }

  source = open_shard (self, record, error);
  if (source == NULL)
    return NULL;

  return dtype == DPT_DTYPE_STRING
             ? read_strings (self, record, source, cancellable, error)
             : read_plain (self, record, source, cancellable, error);
}

static gboolean
slices_overlap (const DptTensorSlice *a, const DptTensorSlice *b)
{
  for (int d = 0; d < a->rank; d++)
    if (a->start[d] >= b->start[d] + b->length[d] ||
        b->start[d] >= a->start[d] + a->length[d])
      return FALSE;

  return TRUE;
}

static gboolean
fail_partitions (DptTensorBundle *self,
                 const DptBundleRecord *whole,
                 const char *found,
                 GError **error)
{
  g_autofree char *key = display_key (whole);

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: does not have sufficient slices for partitioned tensor "
               "'%s': slices that cover it once were expected, found %s",
               self->index_path, key, found);
  return FALSE;
}

/* Parts that do not overlap and have as many elements as the whole cover
 * it. */
static gboolean
check_cover (DptTensorBundle *self,
             const DptBundleRecord *whole,
             GError **error)
{
  g_autofree DptTensorSlice *places = g_new (DptTensorSlice,
                                             MAX (whole->n_parts, 1));
  DptShape shape = dpt_bundle_index_get_shape (self->index, whole);
  gsize expected = dpt_shape_get_count (&shape);
  gsize covered = 0;

  for (guint i = 0; i < whole->n_parts; i++)
    {
      DptShape part;

      dpt_bundle_index_get_part (self->index, whole, i, &places[i]);
      part = dpt_tensor_slice_get_shape (&places[i]);
      covered += dpt_shape_get_count (&part);
      for (guint j = 0; j < i; j++)
        if (slices_overlap (&places[i], &places[j]))
          return fail_partitions (self, whole, "two that overlap", error);
    }

  if (covered != expected)
    {
      g_autofree char *found = g_strdup_printf ("%" G_GSIZE_FORMAT
                                                " of %" G_GSIZE_FORMAT
                                                " elements",
                                                covered, expected);

      return fail_partitions (self, whole, found, error);
    }

  return TRUE;
}

static DptTensor *
read_partitioned (DptTensorBundle *self,
                  const DptBundleRecord *whole,
                  GCancellable *cancellable,
                  GError **error)
{
  DptShape shape = dpt_bundle_index_get_shape (self->index, whole);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_tensor_unref);
  g_autoptr (DptTensor) tensor = NULL;
  DptTensorSlice place;

  if (!dpt_dtype_is_plain ((DptDtype) whole->dtype))
    {
      g_autofree char *key = display_key (whole);

      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED,
                   "%s: '%s' is a partitioned %s tensor, which this version "
                   "cannot join",
                   self->index_path, key,
                   dpt_dtype_get_name ((DptDtype) whole->dtype));
      return NULL;
    }
  if (!check_cover (self, whole, error))
    return NULL;

  /* Room for the whole is asked for after the first part was found, so an
   * index without data costs no memory. */
  for (guint i = 0; i < whole->n_parts; i++)
    {
      const DptBundleRecord *record = dpt_bundle_index_get_part (self->index,
                                                                 whole, i,
                                                                 &place);
      g_autoptr (DptTensor) part = read_whole (self, record, cancellable,
                                               error);

      if (part == NULL)
        return NULL;
      if (tensor == NULL)
        tensor = dpt_tensor_new ((DptDtype) whole->dtype, &shape, error);
      if (tensor == NULL)
        return NULL;
      dpt_tensor_slice_insert (&place, part, tensor);
    }

  return g_steal_pointer (&tensor);
}

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

  tensor = record->n_parts > 0
               ? read_partitioned (self, record, cancellable, error)
               : read_whole (self, record, cancellable, error);
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

/* Files that are absent, and those too short for one of their tensors. */
static char **
list_missing (DptTensorBundle *self)
{
  g_autoptr (GStrvBuilder) missing = g_strv_builder_new ();
  guint n_shards = dpt_bundle_shards_get_n (self->shards);
  g_autofree gboolean *is_short = g_new0 (gboolean, n_shards);

  for (guint i = 0; i < dpt_bundle_index_get_n_records (self->index); i++)
    {
      const DptBundleRecord *record = dpt_bundle_index_get_record (self->index,
                                                                   i);

      if (record->n_parts == 0 && !is_present (self, record))
        is_short[record->shard] = TRUE;
    }

  for (guint i = 0; i < n_shards; i++)
    if (is_short[i] || !dpt_bundle_shards_exists (self->shards, i))
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
