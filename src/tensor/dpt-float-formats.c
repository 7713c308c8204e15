/* dpt-float-formats.c - number formats that C has no types for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Widening is exact.  Narrowing rounds once, from double, to the nearest
 * value, ties to even; what is too large becomes infinity, in float8_e4m3fn
 * NaN, as in ml_dtypes, where TensorFlow takes these types from.
 */

#define G_LOG_DOMAIN "dpt-float-formats"

#include "dpt-float-formats.h"

#include <math.h>
#include <string.h>

typedef struct
{
  int exponent_bits;
  int fraction_bits;
  gboolean finite_only; /* the largest exponent is an ordinary one */
} Format;

static const Format float16 = { 5, 10, FALSE };
static const Format bfloat16 = { 8, 7, FALSE };
static const Format float8_e5m2 = { 5, 2, FALSE };
static const Format float8_e4m3fn = { 4, 3, TRUE };

static int
get_bias (const Format *format)
{
  return (1 << (format->exponent_bits - 1)) - 1;
}

/* Every value of these formats is a normal float32 or zero: the exponent gets
 * another bias, the fraction more room. */
static float
decode (const Format *format, guint bits)
{
  guint max_exponent = (1u << format->exponent_bits) - 1;
  guint max_fraction = (1u << format->fraction_bits) - 1;
  guint exponent = bits >> format->fraction_bits & max_exponent;
  guint fraction = bits & max_fraction;
  gboolean negative = bits >> (format->exponent_bits + format->fraction_bits) &
                      1;
  float magnitude;

  if (exponent == max_exponent && !format->finite_only)
    magnitude = fraction == 0 ? INFINITY : NAN;
  else if (exponent == max_exponent && fraction == max_fraction)
    magnitude = NAN;
  else if (exponent == 0)
    magnitude = ldexpf ((float) fraction,
                        1 - get_bias (format) - format->fraction_bits);
  else
    {
      guint32 wide = (guint32) ((int) exponent - get_bias (format) + 127)
                         << 23 |
                     (guint32) fraction << (23 - format->fraction_bits);

      memcpy (&magnitude, &wide, sizeof magnitude);
    }

  return negative ? -magnitude : magnitude;
}

static guint
encode (const Format *format, double value)
{
  int width = format->exponent_bits + format->fraction_bits;
  guint sign = signbit (value) ? 1u << width : 0;
  guint max_exponent = (1u << format->exponent_bits) - 1;
  guint infinity = max_exponent << format->fraction_bits;
  guint quiet_nan = infinity | 1u << (format->fraction_bits - 1);
  guint past_end = infinity;
  int min_exponent = 1 - get_bias (format);
  int exponent;
  double scaled;
  guint bits;

  if (format->finite_only)
    {
      quiet_nan = infinity | ((1u << format->fraction_bits) - 1);
      past_end = quiet_nan;
    }
  if (isnan (value))
    return sign | quiet_nan;
  if (isinf (value))
    return sign | past_end;
  if (value == 0)
    return sign;

  /* In units of the last place of its binade (of the lowest normal one, for
   * subnormals), the value rounds to an integer: rint() rounds ties to even.
   * A carry out of the fraction moves on into the exponent by itself. */
  exponent = MAX (ilogb (value), min_exponent);
  if (exponent > get_bias (format) + 1)
    return sign | past_end;
  scaled = rint (ldexp (fabs (value), format->fraction_bits - exponent));
  bits = (guint) ((exponent - min_exponent) << format->fraction_bits) +
         (guint) scaled;

  return sign | MIN (bits, past_end);
}

/**
 * dpt_float16_to_float:
 * @bits: an IEEE half
 *
 * Returns: its value.
 */
float
dpt_float16_to_float (guint16 bits)
{
  return decode (&float16, bits);
}

/**
 * dpt_bfloat16_to_float:
 * @bits: a bfloat16
 *
 * Returns: its value.
 */
float
dpt_bfloat16_to_float (guint16 bits)
{
  guint32 wide = (guint32) bits << 16;
  float value;

  memcpy (&value, &wide, sizeof value);
  return value;
}

/**
 * dpt_float8_e5m2_to_float:
 * @bits: a float8_e5m2
 *
 * Returns: its value.
 */
float
dpt_float8_e5m2_to_float (guint8 bits)
{
  return decode (&float8_e5m2, bits);
}

/**
 * dpt_float8_e4m3fn_to_float:
 * @bits: a float8_e4m3fn
 *
 * Returns: its value.
 */
float
dpt_float8_e4m3fn_to_float (guint8 bits)
{
  return decode (&float8_e4m3fn, bits);
}

/**
 * dpt_int4_to_int:
 * @bits: an int4 in the low half of a byte
 *
 * Returns: its value, -8 to 7.
 */
gint64
dpt_int4_to_int (guint8 bits)
{
  return ((bits & 0x0f) ^ 0x08) - 8;
}

/**
 * dpt_float16_from_double:
 * @value: any number
 *
 * Returns: the nearest half.
 */
guint16
dpt_float16_from_double (double value)
{
  return (guint16) encode (&float16, value);
}

/**
 * dpt_bfloat16_from_double:
 * @value: any number
 *
 * Returns: the nearest bfloat16.
 */
guint16
dpt_bfloat16_from_double (double value)
{
  return (guint16) encode (&bfloat16, value);
}

/**
 * dpt_float8_e5m2_from_double:
 * @value: any number
 *
 * Returns: the nearest float8_e5m2.
 */
guint8
dpt_float8_e5m2_from_double (double value)
{
  return (guint8) encode (&float8_e5m2, value);
}

/**
 * dpt_float8_e4m3fn_from_double:
 * @value: any number
 *
 * Returns: the nearest float8_e4m3fn; NaN for what is out of its range.
 */
guint8
dpt_float8_e4m3fn_from_double (double value)
{
  return (guint8) encode (&float8_e4m3fn, value);
}
