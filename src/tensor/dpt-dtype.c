/* dpt-dtype.c - TensorFlow's element types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One row a type; numbers and names are TensorFlow's (types.proto,
 * python/framework/dtypes.py).
 */

#define G_LOG_DOMAIN "dpt-dtype"

#include "dpt-dtype.h"

enum
{
  FLOATING = 1 << 0,
  COMPLEX = 1 << 1,
  INTEGER = 1 << 2,
  SIGNED = 1 << 3,
  QUANTIZED = 1 << 4,
  PLAIN = 1 << 5, /* elements are bytes, not pointers */
};

typedef struct
{
  const char *name;
  const char *short_name;
  guint8 size; /* bytes of one element in memory; 0 where not plain */
  guint8 flags;
} DtypeInfo;

/* clang-format off */
static const DtypeInfo infos[DPT_N_DTYPES] = {
  [DPT_DTYPE_FLOAT32]       = { "float32",       "f32",    4,  FLOATING | SIGNED | PLAIN },
  [DPT_DTYPE_FLOAT64]       = { "float64",       "f64",    8,  FLOATING | SIGNED | PLAIN },
  [DPT_DTYPE_INT32]         = { "int32",         "i32",    4,  INTEGER | SIGNED | PLAIN },
  [DPT_DTYPE_UINT8]         = { "uint8",         "u8",     1,  INTEGER | PLAIN },
  [DPT_DTYPE_INT16]         = { "int16",         "i16",    2,  INTEGER | SIGNED | PLAIN },
  [DPT_DTYPE_INT8]          = { "int8",          "i8",     1,  INTEGER | SIGNED | PLAIN },
  [DPT_DTYPE_STRING]        = { "string",        "str",    0,  0 },
  [DPT_DTYPE_COMPLEX64]     = { "complex64",     "c64",    8,  COMPLEX | SIGNED | PLAIN },
  [DPT_DTYPE_INT64]         = { "int64",         "i64",    8,  INTEGER | SIGNED | PLAIN },
  [DPT_DTYPE_BOOL]          = { "bool",          "bool",   1,  PLAIN },
  [DPT_DTYPE_QINT8]         = { "qint8",         "qi8",    1,  QUANTIZED | SIGNED | PLAIN },
  [DPT_DTYPE_QUINT8]        = { "quint8",        "qu8",    1,  QUANTIZED | PLAIN },
  [DPT_DTYPE_QINT32]        = { "qint32",        "qi32",   4,  QUANTIZED | SIGNED | PLAIN },
  [DPT_DTYPE_BFLOAT16]      = { "bfloat16",      "bf16",   2,  FLOATING | SIGNED | PLAIN },
  [DPT_DTYPE_QINT16]        = { "qint16",        "qi16",   2,  QUANTIZED | SIGNED | PLAIN },
  [DPT_DTYPE_QUINT16]       = { "quint16",       "qu16",   2,  QUANTIZED | PLAIN },
  [DPT_DTYPE_UINT16]        = { "uint16",        "u16",    2,  INTEGER | PLAIN },
  [DPT_DTYPE_COMPLEX128]    = { "complex128",    "c128",   16, COMPLEX | SIGNED | PLAIN },
  [DPT_DTYPE_FLOAT16]       = { "float16",       "f16",    2,  FLOATING | SIGNED | PLAIN },
  [DPT_DTYPE_RESOURCE]      = { "resource",      "res",    0,  0 },
  [DPT_DTYPE_VARIANT]       = { "variant",       "var",    0,  0 },
  [DPT_DTYPE_UINT32]        = { "uint32",        "u32",    4,  INTEGER | PLAIN },
  [DPT_DTYPE_UINT64]        = { "uint64",        "u64",    8,  INTEGER | PLAIN },
  [DPT_DTYPE_FLOAT8_E5M2]   = { "float8_e5m2",   "f8e5m2", 1,  FLOATING | SIGNED | PLAIN },
  [DPT_DTYPE_FLOAT8_E4M3FN] = { "float8_e4m3fn", "f8e4m3", 1,  FLOATING | SIGNED | PLAIN },
  [DPT_DTYPE_INT4]          = { "int4",          "i4",     1,  INTEGER | SIGNED | PLAIN },
  [DPT_DTYPE_UINT4]         = { "uint4",         "u4",     1,  INTEGER | PLAIN },
};
/* clang-format on */

static const DtypeInfo *
get_info (DptDtype dtype)
{
  return dpt_dtype_is_valid (dtype) ? &infos[dtype] : NULL;
}

static gboolean
has_flag (DptDtype dtype, guint flag)
{
  const DtypeInfo *info = get_info (dtype);

  return info != NULL && (info->flags & flag) != 0;
}

/**
 * dpt_dtype_is_valid:
 * @number: any number
 *
 * Returns: whether @number is one of #DptDtype, %DPT_DTYPE_INVALID excepted.
 */
gboolean
dpt_dtype_is_valid (guint number)
{
  return number < DPT_N_DTYPES && infos[number].name != NULL;
}

/**
 * dpt_dtype_from_number:
 * @number: a number from a file, perhaps of a reference type
 *
 * A reference type of TF1 (its dtype plus 100) stands for its dtype.
 *
 * Returns: the dtype, or %DPT_DTYPE_INVALID.
 */
DptDtype
dpt_dtype_from_number (guint number)
{
  if (number > DPT_DTYPE_REF_OFFSET)
    number -= DPT_DTYPE_REF_OFFSET;
  return dpt_dtype_is_valid (number) ? (DptDtype) number : DPT_DTYPE_INVALID;
}

/**
 * dpt_dtype_from_name:
 * @name: a name as TensorFlow's Python prints it, or one of the aliases
 *   `half`, `float`, `double`
 *
 * Returns: the dtype, or %DPT_DTYPE_INVALID.
 */
DptDtype
dpt_dtype_from_name (const char *name)
{
  static const struct
  {
    const char *name;
    DptDtype dtype;
  } aliases[] = {
    { "half", DPT_DTYPE_FLOAT16 },
    { "float", DPT_DTYPE_FLOAT32 },
    { "double", DPT_DTYPE_FLOAT64 },
  };

  for (guint i = 0; i < DPT_N_DTYPES; i++)
    if (infos[i].name != NULL && g_str_equal (infos[i].name, name))
      return (DptDtype) i;
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (aliases[i].name, name))
      return aliases[i].dtype;

  return DPT_DTYPE_INVALID;
}

/**
 * dpt_dtype_get_name:
 * @dtype: a dtype
 *
 * Returns: (transfer none): TensorFlow's Python name: `float32`, `string`.
 */
const char *
dpt_dtype_get_name (DptDtype dtype)
{
  const DtypeInfo *info = get_info (dtype);

  return info != NULL ? info->name : "invalid";
}

/**
 * dpt_dtype_get_short_name:
 * @dtype: a dtype
 *
 * Returns: (transfer none): a name for narrow columns: `f32`, `str`.
 */
const char *
dpt_dtype_get_short_name (DptDtype dtype)
{
  const DtypeInfo *info = get_info (dtype);

  return info != NULL ? info->short_name : "?";
}

/**
 * dpt_dtype_get_size:
 * @dtype: a dtype
 *
 * Returns: bytes of one element, in memory and in a checkpoint; 0 for
 *   strings, resources and variants.
 */
gsize
dpt_dtype_get_size (DptDtype dtype)
{
  const DtypeInfo *info = get_info (dtype);

  return info != NULL ? info->size : 0;
}

/**
 * dpt_dtype_is_floating:
 * @dtype: a dtype
 *
 * Returns: whether it is a real floating point type, of any width.
 */
gboolean
dpt_dtype_is_floating (DptDtype dtype)
{
  return has_flag (dtype, FLOATING);
}

/**
 * dpt_dtype_is_complex:
 * @dtype: a dtype
 *
 * Returns: whether its elements are pairs (real, imaginary).
 */
gboolean
dpt_dtype_is_complex (DptDtype dtype)
{
  return has_flag (dtype, COMPLEX);
}

/**
 * dpt_dtype_is_integer:
 * @dtype: a dtype
 *
 * Returns: whether it is an integer that is not quantised; bool is none.
 */
gboolean
dpt_dtype_is_integer (DptDtype dtype)
{
  return has_flag (dtype, INTEGER);
}

/**
 * dpt_dtype_is_signed:
 * @dtype: a dtype
 *
 * Returns: whether it holds negative numbers.
 */
gboolean
dpt_dtype_is_signed (DptDtype dtype)
{
  return has_flag (dtype, SIGNED);
}

/**
 * dpt_dtype_is_quantized:
 * @dtype: a dtype
 *
 * Returns: whether it is one of TensorFlow's quantised integers.
 */
gboolean
dpt_dtype_is_quantized (DptDtype dtype)
{
  return has_flag (dtype, QUANTIZED);
}

/**
 * dpt_dtype_is_plain:
 * @dtype: a dtype
 *
 * Returns: whether an element is a fixed number of bytes, which is so for
 *   all but strings, resources and variants.
 */
gboolean
dpt_dtype_is_plain (DptDtype dtype)
{
  return has_flag (dtype, PLAIN);
}
