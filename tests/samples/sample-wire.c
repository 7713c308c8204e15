/* sample-wire.c - writes fields of protocol buffers, one after another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A field on the wire:
 *
 *   varint (number << 3 | type), then by type
 *     0  varint
 *     2  varint length, bytes     (strings and messages)
 *     5  4 bytes, little-endian   (float)
 */

#include "sample-wire.h"

#include <string.h>

enum
{
  WIRE_VARINT = 0,
  WIRE_BYTES = 2,
  WIRE_FIXED32 = 5,
};

static void
append_varint (GByteArray *out, guint64 value)
{
  do
    {
      guint8 byte = value & 0x7f;

      value >>= 7;
      if (value != 0)
        byte |= 0x80;
      g_byte_array_append (out, &byte, 1);
    }
  while (value != 0);
}

static void
append_tag (GByteArray *out, guint field, guint type)
{
  append_varint (out, (guint64) field << 3 | type);
}

void
sample_wire_varint (GByteArray *message, guint field, gint64 value)
{
  append_tag (message, field, WIRE_VARINT);
  append_varint (message, (guint64) value);
}

void
sample_wire_float (GByteArray *message, guint field, float value)
{
  append_tag (message, field, WIRE_FIXED32);
  g_byte_array_append (message, (const guint8 *) &value, sizeof value);
}

void
sample_wire_bytes (GByteArray *message,
                   guint field,
                   const void *bytes,
                   gsize length)
{
  append_tag (message, field, WIRE_BYTES);
  append_varint (message, length);
  g_byte_array_append (message, bytes, (guint) length);
}

void
sample_wire_string (GByteArray *message, guint field, const char *text)
{
  sample_wire_bytes (message, field, text, strlen (text));
}

void
sample_wire_message (GByteArray *message, guint field, GByteArray *part)
{
  sample_wire_bytes (message, field, part->data, part->len);
  g_byte_array_unref (part);
}

void
sample_wire_map (GByteArray *message,
                 guint field,
                 const char *key,
                 GByteArray *value)
{
  GByteArray *entry = g_byte_array_new ();

  sample_wire_string (entry, 1, key);
  sample_wire_message (entry, 2, value);
  sample_wire_message (message, field, entry);
}
