/* dpt-npy.h - numpy's file of one array
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"
#include "dpt-tensor.h"

G_BEGIN_DECLS

DptTensor *dpt_npy_read (const char *path,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_npy_read_source (DptByteSource *source,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean dpt_npy_write (const char *path, DptTensor *tensor, GError **error);

G_END_DECLS
