/* sample-wire.h - writes fields of protocol buffers, one after another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A message under construction is a GByteArray; fields are appended in the
 * order of the calls. */
void sample_wire_varint (GByteArray *message, guint field, gint64 value);
void sample_wire_float (GByteArray *message, guint field, float value);
void sample_wire_bytes (GByteArray *message,
                        guint field,
                        const void *bytes,
                        gsize length);
void sample_wire_string (GByteArray *message, guint field, const char *text);

/* Takes @part. */
void sample_wire_message (GByteArray *message, guint field, GByteArray *part);

/* Takes @value: an entry of a map, {key = 1, value = 2}. */
void sample_wire_map (GByteArray *message,
                      guint field,
                      const char *key,
                      GByteArray *value);

G_END_DECLS
