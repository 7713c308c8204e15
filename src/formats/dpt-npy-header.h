/* dpt-npy-header.h - what an npy file says of its array
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"
#include "dpt-dtype.h"
#include "dpt-shape.h"

G_BEGIN_DECLS

typedef struct
{
  DptDtype dtype;
  DptShape shape;
  gboolean is_big_endian;
  gboolean is_fortran; /* the first index runs fastest */
  gsize data_offset;
} DptNpyHeader;

gboolean
dpt_npy_header_read (DptNpyHeader *self, DptByteSource *source, GError **error);
DptDtype dpt_npy_header_get_stored_dtype (DptDtype dtype);
GByteArray *dpt_npy_header_format (DptDtype dtype, const DptShape *shape)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
