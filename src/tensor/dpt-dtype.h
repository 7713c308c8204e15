/* dpt-dtype.h - TensorFlow's element types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The numbers are those of TensorFlow's DataType enumeration (types.proto). */
typedef enum
{
  DPT_DTYPE_INVALID = 0,
  DPT_DTYPE_FLOAT32 = 1,
  DPT_DTYPE_FLOAT64 = 2,
  DPT_DTYPE_INT32 = 3,
  DPT_DTYPE_UINT8 = 4,
  DPT_DTYPE_INT16 = 5,
  DPT_DTYPE_INT8 = 6,
  DPT_DTYPE_STRING = 7,
  DPT_DTYPE_COMPLEX64 = 8,
  DPT_DTYPE_INT64 = 9,
  DPT_DTYPE_BOOL = 10,
  DPT_DTYPE_QINT8 = 11,
  DPT_DTYPE_QUINT8 = 12,
  DPT_DTYPE_QINT32 = 13,
  DPT_DTYPE_BFLOAT16 = 14,
  DPT_DTYPE_QINT16 = 15,
  DPT_DTYPE_QUINT16 = 16,
  DPT_DTYPE_UINT16 = 17,
  DPT_DTYPE_COMPLEX128 = 18,
  DPT_DTYPE_FLOAT16 = 19,
  DPT_DTYPE_RESOURCE = 20,
  DPT_DTYPE_VARIANT = 21,
  DPT_DTYPE_UINT32 = 22,
  DPT_DTYPE_UINT64 = 23,
  DPT_DTYPE_FLOAT8_E5M2 = 24,
  DPT_DTYPE_FLOAT8_E4M3FN = 25,
  DPT_DTYPE_INT4 = 29,
  DPT_DTYPE_UINT4 = 30,
} DptDtype;

/* One past the largest number above: the length of a table by dtype. */
#define DPT_N_DTYPES 31

/* Reference types of TF1 are a dtype plus 100. */
#define DPT_DTYPE_REF_OFFSET 100

gboolean dpt_dtype_is_valid (guint number);
DptDtype dpt_dtype_from_number (guint number);
DptDtype dpt_dtype_from_name (const char *name);
const char *dpt_dtype_get_name (DptDtype dtype);
const char *dpt_dtype_get_short_name (DptDtype dtype);
gsize dpt_dtype_get_size (DptDtype dtype);
gboolean dpt_dtype_is_floating (DptDtype dtype);
gboolean dpt_dtype_is_complex (DptDtype dtype);
gboolean dpt_dtype_is_integer (DptDtype dtype);
gboolean dpt_dtype_is_signed (DptDtype dtype);
gboolean dpt_dtype_is_quantized (DptDtype dtype);
gboolean dpt_dtype_is_plain (DptDtype dtype);

G_END_DECLS
