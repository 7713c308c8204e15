/* dpt-json-writer.h - a streaming JSON writer that keeps the contract's digits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes one document, front to back, into a GOutputStream through a buffer
 * of its own.  Commas and nesting are the writer's business: the caller opens
 * and closes, names a member, gives a value.  The first error of the stream
 * is kept and returned by dpt_json_writer_finish(). */
typedef struct _DptJsonWriter DptJsonWriter;

DptJsonWriter *
dpt_json_writer_new (GOutputStream *stream) G_GNUC_WARN_UNUSED_RESULT;
void dpt_json_writer_free (DptJsonWriter *self);
gboolean dpt_json_writer_finish (DptJsonWriter *self, GError **error);

void dpt_json_writer_begin_object (DptJsonWriter *self);
void dpt_json_writer_end_object (DptJsonWriter *self);
void dpt_json_writer_begin_array (DptJsonWriter *self);
void dpt_json_writer_end_array (DptJsonWriter *self);
void dpt_json_writer_name (DptJsonWriter *self, const char *name);

void dpt_json_writer_null (DptJsonWriter *self);
void dpt_json_writer_boolean (DptJsonWriter *self, gboolean value);
void dpt_json_writer_int (DptJsonWriter *self, gint64 value);
void dpt_json_writer_uint (DptJsonWriter *self, guint64 value);
void dpt_json_writer_double (DptJsonWriter *self, double value);
void dpt_json_writer_number_text (DptJsonWriter *self, const char *digits);
void dpt_json_writer_string (DptJsonWriter *self, const char *value);
void
dpt_json_writer_bytes (DptJsonWriter *self, const void *bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptJsonWriter, dpt_json_writer_free)

G_END_DECLS
