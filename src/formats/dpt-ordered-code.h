/* dpt-ordered-code.h - the keys of slices: name and extents as sorted bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-shape.h"

G_BEGIN_DECLS

/* A value.  A dimension that is whole has start 0 and length -1. */
typedef struct
{
  int rank;
  gint64 start[DPT_SHAPE_MAX_RANK];
  gint64 length[DPT_SHAPE_MAX_RANK];
} DptSliceExtent;

void dpt_ordered_code_write_slice_key (GByteArray *dest,
                                       const char *name,
                                       gsize name_length,
                                       const DptSliceExtent *extent);
gboolean dpt_ordered_code_read_slice_key (const guint8 *key,
                                          gsize key_length,
                                          GByteArray *name,
                                          DptSliceExtent *extent);

G_END_DECLS
