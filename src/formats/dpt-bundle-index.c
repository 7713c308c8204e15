/* dpt-bundle-index.c - the records of a tensor bundle's index file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   ""          BundleHeaderProto, always the first entry
 *   00 ...      BundleEntryProto of one slice; the key is its tensor's name
 *               and its extent (dpt-ordered-code), so slices come next
 *   other keys  BundleEntryProto of a tensor
 *
 * Invariants: records are in the order of the file, so sorted by key; every
 * slice belongs to exactly one partitioned tensor, with its dtype and with
 * the shape that its extent says.  Keys and dimensions lie in arenas, because
 * there may be a hundred thousand records.
 */

#define G_LOG_DOMAIN "dpt-bundle-index"

#include "dpt-bundle-index.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-names.h"
#include "dpt-table-iter.h"

#define KEY_CHUNK_SIZE (64 * 1024)

typedef struct
{
  guint32 record;
  guint32 starts; /* where in `dims` the first index of each dimension is */
} Part;

struct _DptBundleIndex
{
  DptBundleHeader header;
  GStringChunk *keys;
  GArray *dims;    /* (element-type gint64) */
  GArray *records; /* (element-type DptBundleRecord) */
  GArray *parts;   /* (element-type Part) */

  /* While reading: the slices that no tensor has claimed yet, by key. */
  GHashTable *slices;
};

static guint32
append_dims (DptBundleIndex *self, const gint64 *dims, int rank)
{
  guint32 first = self->dims->len;

  g_array_append_vals (self->dims, dims, (guint) rank);
  return first;
}

static gboolean
fail_record (const DptBundleRecord *record,
             GError **error,
             const char *expectation)
{
  g_autofree char *key = dpt_names_to_display (record->key, record->key_length);

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "key '%s': %s", key, expectation);
  return FALSE;
}

/* The slice's record, once: no two tensors, and no tensor twice, may claim
 * it. */
static gboolean
claim_slice (DptBundleIndex *self,
             const DptBundleRecord *whole,
             const DptSliceExtent *extent,
             guint32 *id)
{
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autoptr (GBytes) wanted = NULL;
  gpointer found;

  dpt_ordered_code_write_slice_key (key, whole->key, whole->key_length, extent);
  wanted = g_bytes_new_static (key->data, key->len);
  if (!g_hash_table_lookup_extended (self->slices, wanted, NULL, &found))
    return FALSE;

  g_hash_table_remove (self->slices, wanted);
  *id = GPOINTER_TO_UINT (found);
  return TRUE;
}

static gboolean
join_slice (DptBundleIndex *self,
            const DptBundleRecord *whole,
            const DptShape *shape,
            const DptSliceExtent *extent,
            GError **error)
{
  const DptBundleRecord *slice;
  DptShape expected = *shape;
  DptShape found;
  Part part;

  if (!claim_slice (self, whole, extent, &part.record))
    return fail_record (whole, error,
                        "a record for each of its slices was expected, found "
                        "one without");

  for (int d = 0; d < shape->rank; d++)
    if (extent->length[d] != -1)
      expected.dims[d] = extent->length[d];

  slice = dpt_bundle_index_get_record (self, part.record);
  found = dpt_bundle_index_get_shape (self, slice);
  if (slice->dtype != whole->dtype || !dpt_shape_equal (&found, &expected))
    return fail_record (whole, error,
                        "slices of its dtype and of the shapes it lists were "
                        "expected, found another");
  if (slice->n_parts > 0)
    return fail_record (whole, error,
                        "slices in one piece were expected, found one with "
                        "slices of its own");

  part.starts = append_dims (self, extent->start, shape->rank);
  g_array_append_val (self->parts, part);
  return TRUE;
}

static gboolean
join_slices (DptBundleIndex *self,
             DptBundleRecord *whole,
             const DptBundleEntry *entry,
             GError **error)
{
  whole->first_part = self->parts->len;
  whole->n_parts = entry->slices->len;
  for (guint i = 0; i < entry->slices->len; i++)
    if (!join_slice (self, whole, &entry->shape,
                     &g_array_index (entry->slices, DptSliceExtent, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
add_record (DptBundleIndex *self, const DptTableIter *iter, GError **error)
{
  g_auto (DptBundleEntry) entry = { 0 };
  DptBundleRecord record = { 0 };
  gsize length;
  const guint8 *bytes;

  bytes = dpt_table_iter_get_key (iter, &record.key_length);
  record.key = g_string_chunk_insert_len (self->keys, (const char *) bytes,
                                          (gssize) record.key_length);
  record.is_slice = bytes[0] == 0;

  bytes = dpt_table_iter_get_value (iter, &length);
  if (!dpt_bundle_entry_parse (&entry, &self->header, bytes, length, error))
    {
      g_autofree char *key = dpt_names_to_display (record.key,
                                                   record.key_length);

      g_prefix_error (error, "key '%s': ", key);
      return FALSE;
    }

  record.offset = entry.offset;
  record.size = entry.size;
  record.crc32c = entry.crc32c;
  record.shard = entry.shard;
  record.dtype = (guint8) entry.dtype;
  record.rank = (guint8) entry.shape.rank;
  record.dims = append_dims (self, entry.shape.dims, entry.shape.rank);
  if (record.is_slice)
    g_hash_table_insert (self->slices,
                         g_bytes_new_static (record.key, record.key_length),
                         GUINT_TO_POINTER (self->records->len));
  if (entry.slices != NULL && !join_slices (self, &record, &entry, error))
    return FALSE;

  g_array_append_val (self->records, record);
  return TRUE;
}

static gboolean
read_header (DptBundleIndex *self, const DptTableIter *iter, GError **error)
{
  gsize key_length;
  gsize length;
  const guint8 *bytes;

  dpt_table_iter_get_key (iter, &key_length);
  if (key_length > 0)
    {
      g_set_error_literal (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                           "the header, under the empty key, was expected as "
                           "the first entry, found another key");
      return FALSE;
    }

  bytes = dpt_table_iter_get_value (iter, &length);
  return dpt_bundle_header_parse (&self->header, bytes, length, error);
}

/* A slice without its tensor is not data that may be dropped in silence. */
static gboolean
check_claimed (const DptBundleIndex *self, GError **error)
{
  g_autoptr (GByteArray) name = g_byte_array_new ();
  g_autofree char *display = NULL;
  GHashTableIter iter;
  DptSliceExtent extent;
  gpointer key;
  gsize length;
  const guint8 *bytes;

  g_hash_table_iter_init (&iter, self->slices);
  if (!g_hash_table_iter_next (&iter, &key, NULL))
    return TRUE;

  bytes = g_bytes_get_data (key, &length);
  if (!dpt_ordered_code_read_slice_key (bytes, length, name, &extent))
    {
      display = dpt_names_to_display ((const char *) bytes, length);
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "key '%s': the key of a slice was expected after a zero "
                   "byte, found other bytes",
                   display);
      return FALSE;
    }

  display = dpt_names_to_display ((const char *) name->data, name->len);
  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "a tensor '%s' that lists its slices was expected, found only "
               "a slice of it",
               display);
  return FALSE;
}

/* Errors of the table name the file already; ours get it here. */
static gboolean
fail_in_file (const char *file, GError **error)
{
  g_prefix_error (error, "%s: ", file);
  return FALSE;
}

static gboolean
read_entries (DptBundleIndex *self,
              DptTableIter *iter,
              const char *file,
              DptProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  guint n_blocks = 0;
  g_autoptr (GError) failure = NULL;

  while (dpt_table_iter_next (iter, cancellable, &failure))
    {
      guint block = dpt_table_iter_get_block (iter);

      if (!add_record (self, iter, error))
        return fail_in_file (file, error);
      if (block != n_blocks)
        dpt_progress_advance (progress, block - n_blocks);
      n_blocks = block;
    }

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return check_claimed (self, error) || fail_in_file (file, error);
}

/* Steps to the first entry and reads it as the header. */
static gboolean
begin (DptBundleIndex *self,
       DptTableIter *iter,
       const char *file,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (dpt_table_iter_next (iter, cancellable, &failure))
    return read_header (self, iter, error) || fail_in_file (file, error);

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                 "%s: a header was expected, found no entries", file);

  return FALSE;
}

static DptBundleIndex *
bundle_index_new (void)
{
  DptBundleIndex *self = g_new0 (DptBundleIndex, 1);

  self->keys = g_string_chunk_new (KEY_CHUNK_SIZE);
  self->dims = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->records = g_array_new (FALSE, FALSE, sizeof (DptBundleRecord));
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  self->slices = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify) g_bytes_unref, NULL);
  return self;
}

/**
 * dpt_bundle_index_read:
 * @source: the index file
 * @progress: (nullable): told of each block
 * @cancellable: (nullable): asked before each block
 * @error: return location for a #DptFormatError
 *
 * Reads and verifies every block of an index and every entry in it, and joins
 * slices to their tensors.
 *
 * Returns: (transfer full): the index, immutable.
 */
DptBundleIndex *
dpt_bundle_index_read (DptByteSource *source,
                       DptProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  const char *file = dpt_byte_source_get_display (source);
  g_autoptr (DptTable) table = dpt_table_open (source, error);
  g_autoptr (DptTableIter) iter = NULL;
  g_autoptr (DptBundleIndex) self = NULL;

  if (table == NULL)
    return NULL;

  dpt_progress_begin (progress, "Reading the index",
                      dpt_table_get_n_blocks (table));
  iter = dpt_table_iter_new (table);
  self = bundle_index_new ();
  if (!begin (self, iter, file, cancellable, error) ||
      !read_entries (self, iter, file, progress, cancellable, error))
    return NULL;

  g_clear_pointer (&self->slices, g_hash_table_unref);
  return g_steal_pointer (&self);
}

/**
 * dpt_bundle_index_free:
 * @self: (transfer full): an index
 */
void
dpt_bundle_index_free (DptBundleIndex *self)
{
  g_clear_pointer (&self->slices, g_hash_table_unref);
  g_array_unref (self->parts);
  g_array_unref (self->records);
  g_array_unref (self->dims);
  g_string_chunk_free (self->keys);
  g_free (self);
}

/**
 * dpt_bundle_index_get_header:
 * @self: an index
 *
 * Returns: the bundle's header, owned by @self.
 */
const DptBundleHeader *
dpt_bundle_index_get_header (const DptBundleIndex *self)
{
  return &self->header;
}

/**
 * dpt_bundle_index_get_n_records:
 * @self: an index
 *
 * Returns: how many entries it has, slices counted, the header not.
 */
guint
dpt_bundle_index_get_n_records (const DptBundleIndex *self)
{
  return self->records->len;
}

/**
 * dpt_bundle_index_get_record:
 * @self: an index
 * @id: below dpt_bundle_index_get_n_records()
 *
 * Returns: the record, owned by @self.
 */
const DptBundleRecord *
dpt_bundle_index_get_record (const DptBundleIndex *self, guint id)
{
  g_return_val_if_fail (id < self->records->len, NULL);

  return &g_array_index (self->records, DptBundleRecord, id);
}

/**
 * dpt_bundle_index_get_shape:
 * @self: an index
 * @record: one of its records
 *
 * Returns: the record's shape.
 */
DptShape
dpt_bundle_index_get_shape (const DptBundleIndex *self,
                            const DptBundleRecord *record)
{
  return dpt_shape_new (record->rank,
                        (const gint64 *) self->dims->data + record->dims);
}

/**
 * dpt_bundle_index_get_part:
 * @self: an index
 * @whole: a partitioned tensor
 * @part: below its number of parts
 * @place: (out): where in @whole the part lies, resolved
 *
 * Returns: the part's record, owned by @self.
 */
const DptBundleRecord *
dpt_bundle_index_get_part (const DptBundleIndex *self,
                           const DptBundleRecord *whole,
                           guint part,
                           DptTensorSlice *place)
{
  const Part *joined = &g_array_index (self->parts, Part,
                                       whole->first_part + part);
  const DptBundleRecord *record = dpt_bundle_index_get_record (self,
                                                               joined->record);

  dpt_tensor_slice_init_full (place, whole->rank);
  for (int d = 0; d < whole->rank; d++)
    {
      place->start[d] = g_array_index (self->dims, gint64,
                                       joined->starts + (guint32) d);
      place->length[d] = g_array_index (self->dims, gint64,
                                        record->dims + (guint32) d);
    }

  return record;
}
