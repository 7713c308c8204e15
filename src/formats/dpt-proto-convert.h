/* dpt-proto-convert.h - small parts of messages: names, shapes, places
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"
#include "dpt-format-error.h"
#include "dpt-shape.h"
#include "dpt-tensor.pb-c.h"

G_BEGIN_DECLS

/* Where a reader is, so that an error can name it; any name may be NULL. */
typedef struct
{
  const DptByteSource *source;
  const char *function;
  const char *node;
} DptProtoPlace;

void dpt_proto_place_set_error (const DptProtoPlace *self,
                                GError **error,
                                DptFormatError code,
                                const char *format,
                                ...) G_GNUC_PRINTF (4, 5);
char *dpt_proto_dup_name (const DptProtoPlace *place,
                          const ProtobufCBinaryData *bytes,
                          const char *what,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean dpt_proto_get_shape (const DptProtoPlace *place,
                              const Dpt__Proto__TensorShapeProto *proto,
                              DptShape *shape,
                              GError **error);

G_END_DECLS
