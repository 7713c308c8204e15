/* fuzz-bundle.c - any bytes as an index, an entry, a slice's key, strings
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "fuzz-bundle"

#include "dpt-bundle-index.h"
#include "dpt-bundle-strings.h"
#include "fuzz-target.h"

static void
read_index (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("index",
                                                                     bytes);
  g_autoptr (DptBundleIndex) index = dpt_bundle_index_read (source, NULL, NULL,
                                                            NULL);
  DptTensorSlice place;

  for (guint i = 0; index != NULL && i < dpt_bundle_index_get_n_records (index);
       i++)
    {
      const DptBundleRecord *record = dpt_bundle_index_get_record (index, i);

      for (guint j = 0; j < record->n_parts; j++)
        dpt_bundle_index_get_part (index, record, j, &place);
    }
}

/* What lies behind the index's checksums. */
static void
parse_parts (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) name = g_byte_array_new ();
  g_auto (DptBundleEntry) entry = { 0 };
  DptBundleHeader header = { .n_shards = 3 };
  DptSliceExtent extent;

  dpt_bundle_entry_parse (&entry, &header, data, size, NULL);
  dpt_bundle_header_parse (&header, data, size, NULL);
  dpt_ordered_code_read_slice_key (data, size, name, &extent);
}

static void
decode_strings (const guint8 *data, gsize size)
{
  DptShape shape = dpt_shape_new_1d ((gint64) MIN (size, 5));
  guint32 crc;

  for (int big = 0; big < 2; big++)
    {
      g_autoptr (DptTensor) tensor = dpt_bundle_strings_decode (&shape, data,
                                                                size, big, &crc,
                                                                NULL);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  read_index (data, size);
  parse_parts (data, size);
  decode_strings (data, size);
  return 0;
}
