/* dpt-format.h - what a file is, by its content
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_FORMAT_UNKNOWN,
  DPT_FORMAT_TENSOR_BUNDLE,    /* the index of a V2 checkpoint */
  DPT_FORMAT_SLICE_CHECKPOINT, /* a V1 checkpoint */
  DPT_FORMAT_SAVED_MODEL,
  DPT_FORMAT_META_GRAPH,
  DPT_FORMAT_GRAPH_DEF,
  DPT_FORMAT_SAVED_MODEL_TEXT,
  DPT_FORMAT_META_GRAPH_TEXT,
  DPT_FORMAT_GRAPH_DEF_TEXT,
  DPT_FORMAT_KERAS_H5,
  DPT_FORMAT_KERAS,
  DPT_FORMAT_NPZ,
  DPT_FORMAT_ZIP,
  DPT_FORMAT_SAFETENSORS,
} DptFormat;

gboolean
dpt_format_sniff (DptByteSource *source, DptFormat *format, GError **error);
const char *dpt_format_get_name (DptFormat format);

G_END_DECLS
