/* dpt-proto-convert.c - small parts of messages: names, shapes, places
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-proto-convert"

#include "dpt-proto-convert.h"

#include <string.h>

#include "dpt-names.h"

/**
 * dpt_proto_place_set_error:
 * @self: where the reader is
 * @error: (out): return location for the error
 * @code: what is wrong
 * @format: what was expected and what was found
 * @...: its arguments
 *
 * Sets an error that begins with the file, the function and the node.
 */
void
dpt_proto_place_set_error (const DptProtoPlace *self,
                           GError **error,
                           DptFormatError code,
                           const char *format,
                           ...)
{
  g_autoptr (GString) text = g_string_new (NULL);
  va_list args;

  g_string_append (text, dpt_byte_source_get_display (self->source));
  g_string_append (text, ": ");
  if (self->function != NULL)
    {
      g_autofree char *shown = dpt_names_to_display (self->function, -1);

      g_string_append_printf (text, "function '%s': ", shown);
    }
  if (self->node != NULL)
    {
      g_autofree char *shown = dpt_names_to_display (self->node, -1);

      g_string_append_printf (text, "node '%s': ", shown);
    }

  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);

  g_set_error_literal (error, DPT_FORMAT_ERROR, code, text->str);
}

/**
 * dpt_proto_dup_name:
 * @place: where the reader is
 * @bytes: a name as the file has it
 * @what: what it is the name of, for messages
 * @error: return location for a %DPT_FORMAT_ERROR
 *
 * A name may be any bytes but NUL, which our strings could not hold.
 *
 * Returns: (transfer full) (nullable): the name, terminated.
 */
char *
dpt_proto_dup_name (const DptProtoPlace *place,
                    const ProtobufCBinaryData *bytes,
                    const char *what,
                    GError **error)
{
  if (bytes->len > 0 && memchr (bytes->data, '\0', bytes->len) != NULL)
    {
      g_autofree char *shown = dpt_names_to_display ((const char *) bytes->data,
                                                     bytes->len);

      dpt_proto_place_set_error (place, error, DPT_FORMAT_ERROR_CORRUPT,
                                 "expected %s without a NUL byte, found '%s'",
                                 what, shown);
      return NULL;
    }

  /* Empty bytes have no pointer. */
  if (bytes->len == 0)
    return g_strdup ("");

  return g_strndup ((const char *) bytes->data, bytes->len);
}

/**
 * dpt_proto_get_shape:
 * @place: where the reader is
 * @proto: (nullable): a shape; an absent one is a scalar's
 * @shape: (out): the shape, perhaps unknown in part or in rank
 * @error: return location for a %DPT_FORMAT_ERROR
 *
 * Returns: whether it is a shape that we can hold.
 */
gboolean
dpt_proto_get_shape (const DptProtoPlace *place,
                     const Dpt__Proto__TensorShapeProto *proto,
                     DptShape *shape,
                     GError **error)
{
  *shape = DPT_SHAPE_SCALAR;
  if (proto == NULL)
    return TRUE;

  if (proto->unknown_rank)
    {
      *shape = DPT_SHAPE_UNKNOWN;
      return TRUE;
    }

  if (proto->n_dim > DPT_SHAPE_MAX_RANK)
    {
      dpt_proto_place_set_error (place, error, DPT_FORMAT_ERROR_LIMIT,
                                 "expected a shape of at most %d dimensions, "
                                 "found %" G_GSIZE_FORMAT,
                                 DPT_SHAPE_MAX_RANK, proto->n_dim);
      return FALSE;
    }

  shape->rank = (int) proto->n_dim;
  for (gsize i = 0; i < proto->n_dim; i++)
    {
      shape->dims[i] = proto->dim[i]->size;
      if (shape->dims[i] < -1)
        {
          dpt_proto_place_set_error (place, error, DPT_FORMAT_ERROR_CORRUPT,
                                     "expected a dimension of -1 or more, "
                                     "found %" G_GINT64_FORMAT,
                                     shape->dims[i]);
          return FALSE;
        }
    }

  return TRUE;
}
