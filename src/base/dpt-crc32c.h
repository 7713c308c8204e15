/* dpt-crc32c.h - CRC-32C (Castagnoli) and TensorFlow's masking of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Initial value for dpt_crc32c_extend(): the checksum of nothing. */
#define DPT_CRC32C_INIT 0u

guint32 dpt_crc32c (const void *bytes, gsize length);
guint32 dpt_crc32c_extend (guint32 crc, const void *bytes, gsize length);
guint32
dpt_crc32c_extend_portable (guint32 crc, const void *bytes, gsize length);
guint32 dpt_crc32c_mask (guint32 crc);

G_END_DECLS
