/* dpt-byte-source.h - a file or memory, behind one small interface
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Refcounted and immutable; any thread may read.  The size is that of the
 * moment of opening. */
typedef struct _DptByteSource DptByteSource;

DptByteSource *dpt_byte_source_open (const char *path,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptByteSource *dpt_byte_source_new_from_bytes (const char *name, GBytes *bytes)
    G_GNUC_WARN_UNUSED_RESULT;
DptByteSource *dpt_byte_source_ref (DptByteSource *self);
void dpt_byte_source_unref (DptByteSource *self);

const char *dpt_byte_source_get_path (const DptByteSource *self);
const char *dpt_byte_source_get_display (const DptByteSource *self);
guint64 dpt_byte_source_get_size (const DptByteSource *self);
gboolean dpt_byte_source_has_changed (const DptByteSource *self);

gboolean dpt_byte_source_read (const DptByteSource *self,
                               guint64 offset,
                               gsize length,
                               void *dest,
                               GError **error);
GBytes *dpt_byte_source_read_bytes (const DptByteSource *self,
                                    guint64 offset,
                                    gsize length,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptByteSource, dpt_byte_source_unref)

G_END_DECLS
