/* dpt-tensor-cast.c - a tensor's values in another dtype
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every element passes through a Value, which holds any number of any dtype
 * exactly: 64-bit integers as such, everything else as double.
 */

#define G_LOG_DOMAIN "dpt-tensor-cast"

#include "dpt-tensor-cast.h"

#include <math.h>

#include "dpt-float-formats.h"
#include "dpt-tensor-print.h"
#include "dptk.h"

typedef struct
{
  enum
  {
    VALUE_INT,
    VALUE_UINT, /* only uint64 */
    VALUE_REAL,
  } kind;
  union
  {
    gint64 i;
    guint64 u;
    double re;
  };
  double im;
} Value;

static Value
read_value (const DptTensor *tensor, gsize index)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  const void *data = dpt_tensor_get_data (tensor);
  Value value = { .kind = VALUE_REAL };

  if (dtype == DPT_DTYPE_COMPLEX64)
    {
      value.re = (double) ((const float *) data)[2 * index];
      value.im = (double) ((const float *) data)[2 * index + 1];
    }
  else if (dtype == DPT_DTYPE_COMPLEX128)
    {
      value.re = ((const double *) data)[2 * index];
      value.im = ((const double *) data)[2 * index + 1];
    }
  else if (dpt_dtype_is_floating (dtype))
    value.re = dpt_tensor_get_double (tensor, index);
  else
    {
      value.kind = dtype == DPT_DTYPE_UINT64 ? VALUE_UINT : VALUE_INT;
      value.i = dpt_tensor_get_int (tensor, index);
    }

  return value;
}

static double
to_double (const Value *value)
{
  switch (value->kind)
    {
    case VALUE_INT:
      return (double) value->i;
    case VALUE_UINT:
      return (double) value->u;
    default:
      return value->re;
    }
}

/* Once from a 64-bit integer, not by way of double, which would round twice. */
static float
to_float (const Value *value)
{
  switch (value->kind)
    {
    case VALUE_INT:
      return (float) value->i;
    case VALUE_UINT:
      return (float) value->u;
    default:
      return (float) value->re;
    }
}

static gboolean
to_bool (const Value *value)
{
  if (value->kind == VALUE_REAL)
    return value->re != 0 || value->im != 0;
  return value->i != 0;
}

/* Towards zero.  C leaves open what becomes of numbers that do not fit; here
 * it is what numpy gives on x86: the lowest integer of the width in which the
 * machine converts, which is 32 bits for the small types.  Narrower integers
 * keep the low bits. */
static gint64
to_int (const Value *value, gsize width)
{
  double limit = width <= 4 ? 0x1p31 : 0x1p63;
  gint64 lowest = width <= 4 ? G_MININT32 : G_MININT64;
  double whole;

  if (value->kind != VALUE_REAL)
    return value->i;

  whole = trunc (value->re);
  return whole >= -limit && whole < limit ? (gint64) whole : lowest;
}

/* uint32 converts in 64 bits, uint64 also above the signed half. */
static guint64
to_uint (const Value *value)
{
  if (value->kind == VALUE_REAL && value->re >= 0x1p63 && value->re < 0x1p64)
    return (guint64) value->re;
  return (guint64) to_int (value, sizeof (gint64));
}

static void
write_floating (void *data, DptDtype dtype, gsize index, const Value *value)
{
  switch (dtype)
    {
    case DPT_DTYPE_FLOAT32:
      ((float *) data)[index] = to_float (value);
      break;
    case DPT_DTYPE_FLOAT64:
      ((double *) data)[index] = to_double (value);
      break;
    case DPT_DTYPE_FLOAT16:
      ((guint16 *) data)[index] = dpt_float16_from_double (to_double (value));
      break;
    case DPT_DTYPE_BFLOAT16:
      ((guint16 *) data)[index] = dpt_bfloat16_from_double (to_double (value));
      break;
    case DPT_DTYPE_FLOAT8_E5M2:
      ((guint8 *) data)[index] = dpt_float8_e5m2_from_double (
          to_double (value));
      break;
    case DPT_DTYPE_FLOAT8_E4M3FN:
      ((guint8 *) data)[index] = dpt_float8_e4m3fn_from_double (
          to_double (value));
      break;
    case DPT_DTYPE_COMPLEX64:
      ((float *) data)[2 * index] = to_float (value);
      ((float *) data)[2 * index + 1] = (float) value->im;
      break;
    case DPT_DTYPE_COMPLEX128:
      ((double *) data)[2 * index] = to_double (value);
      ((double *) data)[2 * index + 1] = value->im;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
write_integer (void *data, DptDtype dtype, gsize index, const Value *value)
{
  gsize width = dpt_dtype_get_size (dtype);
  guint64 bits = dtype == DPT_DTYPE_UINT32 || dtype == DPT_DTYPE_UINT64
                     ? to_uint (value)
                     : (guint64) to_int (value, width);

  if (dtype == DPT_DTYPE_INT4 || dtype == DPT_DTYPE_UINT4)
    bits &= 0x0f;

  switch (width)
    {
    case 1:
      ((guint8 *) data)[index] = (guint8) bits;
      break;
    case 2:
      ((guint16 *) data)[index] = (guint16) bits;
      break;
    case 4:
      ((guint32 *) data)[index] = (guint32) bits;
      break;
    default:
      ((guint64 *) data)[index] = bits;
    }
}

static void
write_value (void *data, DptDtype dtype, gsize index, const Value *value)
{
  if (dtype == DPT_DTYPE_BOOL)
    ((guint8 *) data)[index] = to_bool (value) ? 1 : 0;
  else if (dpt_dtype_is_floating (dtype) || dpt_dtype_is_complex (dtype))
    write_floating (data, dtype, index, value);
  else
    write_integer (data, dtype, index, value);
}

/* Turns a whole double into the integer that it is, if there is one. */
static Value
to_integer_kind (const Value *value)
{
  Value result = *value;

  if (value->kind != VALUE_REAL || value->im != 0 ||
      value->re != trunc (value->re))
    return result;
  if (value->re >= -0x1p63 && value->re < 0x1p63)
    {
      result.kind = VALUE_INT;
      result.i = (gint64) value->re;
    }
  else if (value->re > 0 && value->re < 0x1p64)
    {
      result.kind = VALUE_UINT;
      result.u = (guint64) value->re;
    }
  return result;
}

static gboolean
same_real (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

/* Whether two values are the same number, without rounding either. */
static gboolean
value_equal (const Value *a, const Value *b)
{
  Value x = to_integer_kind (a);
  Value y = to_integer_kind (b);

  if (x.kind == VALUE_REAL || y.kind == VALUE_REAL)
    return x.kind == y.kind && same_real (x.re, y.re) && same_real (x.im, y.im);
  if (x.kind != y.kind && (x.i < 0 || y.i < 0))
    return FALSE;
  return x.u == y.u;
}

/* Refuses what has no numbers. */
static gboolean
check_numbers (DptDtype from, DptDtype to, GError **error)
{
  if (dpt_dtype_is_plain (from) && dpt_dtype_is_plain (to))
    return TRUE;

  g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_CAST,
               "expected two dtypes of numbers to cast between, found %s and "
               "%s",
               dpt_dtype_get_name (from), dpt_dtype_get_name (to));
  return FALSE;
}

#define WIDEN(From, To)         \
  for (gsize i = 0; i < n; i++) \
  ((To *) to)[i] = (To) ((const From *) from)[i]

/* The widenings that large tensors go through when models of different
 * precision are compared.  Each is exact, so no Value is needed. */
static gboolean
widen (DptDtype from_dtype,
       const void *from,
       DptDtype to_dtype,
       void *to,
       gsize n)
{
  if (to_dtype == DPT_DTYPE_FLOAT32 &&
      (from_dtype == DPT_DTYPE_FLOAT16 || from_dtype == DPT_DTYPE_BFLOAT16))
    dptk_widen ((DptkDtype) from_dtype, from, to, n);
  else if (from_dtype == DPT_DTYPE_FLOAT32 && to_dtype == DPT_DTYPE_FLOAT64)
    WIDEN (float, double);
  else if (from_dtype == DPT_DTYPE_INT32 && to_dtype == DPT_DTYPE_FLOAT64)
    WIDEN (gint32, double);
  else if (from_dtype == DPT_DTYPE_INT32 && to_dtype == DPT_DTYPE_INT64)
    WIDEN (gint32, gint64);
  else
    return FALSE;

  return TRUE;
}

static DptTensor *
cast (DptTensor *tensor, DptDtype dtype, gboolean exact, GError **error)
{
  g_autoptr (DptTensor) result = NULL;
  DptDtype from = dpt_tensor_get_dtype (tensor);
  void *data;

  if (from == dtype)
    return dpt_tensor_ref (tensor);
  if (!check_numbers (from, dtype, error))
    return NULL;
  result = dpt_tensor_new (dtype, dpt_tensor_get_shape (tensor), error);
  if (result == NULL)
    return NULL;

  data = dpt_tensor_get_writable_data (result);
  if (widen (from, dpt_tensor_get_data (tensor), dtype, data,
             dpt_tensor_get_count (tensor)))
    return g_steal_pointer (&result);
  for (gsize i = 0; i < dpt_tensor_get_count (tensor); i++)
    {
      Value value = read_value (tensor, i);

      write_value (data, dtype, i, &value);
      if (exact)
        {
          Value back = read_value (result, i);
          g_autofree char *text = NULL;

          if (value_equal (&value, &back))
            continue;
          text = dpt_tensor_print_value (tensor, i);
          g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_CAST,
                       "element %" G_GSIZE_FORMAT
                       ": expected a value that %s holds exactly, found %s",
                       i, dpt_dtype_get_name (dtype), text);
          return NULL;
        }
    }

  return g_steal_pointer (&result);
}

/**
 * dpt_tensor_cast:
 * @tensor: a tensor
 * @dtype: the dtype of the result
 * @error: return location for an error
 *
 * Converts as numpy's astype() does: to integers towards zero, wrapping in
 * narrower ones; to narrower floats to nearest, ties to even; complex to real
 * by dropping the imaginary part; to bool by "is not zero".
 *
 * Returns: (transfer full) (nullable): @tensor itself if it has that dtype,
 *   else a new tensor of the same shape; %NULL with @error
 *   %DPT_TENSOR_ERROR_CAST for strings, resources and variants, or
 *   %DPT_TENSOR_ERROR_TOO_LARGE.
 */
DptTensor *
dpt_tensor_cast (DptTensor *tensor, DptDtype dtype, GError **error)
{
  return cast (tensor, dtype, FALSE, error);
}

/**
 * dpt_tensor_cast_exact:
 * @tensor: a tensor
 * @dtype: the dtype of the result
 * @error: return location for an error
 *
 * As dpt_tensor_cast(), but every number must stay what it is.  NaN stays NaN
 * where @dtype has one; -0 becomes 0 where it has no -0.
 *
 * Returns: (transfer full) (nullable): the tensor, or %NULL with @error
 *   %DPT_TENSOR_ERROR_CAST that names the first element without a place.
 */
DptTensor *
dpt_tensor_cast_exact (DptTensor *tensor, DptDtype dtype, GError **error)
{
  return cast (tensor, dtype, TRUE, error);
}
