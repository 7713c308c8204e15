/* stats.c - slow twins of the kernels that measure arrays
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One element after the other, straight from the definitions.
 */

#include "dptk-reference.h"

#include <math.h>
#include <string.h>

typedef struct
{
  double re, im;
} Number;

/* A half or bfloat16 by its definition: (-1)^s 2^(e - bias) 1.f */
static double
decode_half (uint16_t bits, int exponent_bits)
{
  int fraction_bits = 15 - exponent_bits;
  int top = (1 << exponent_bits) - 1;
  int exponent = bits >> fraction_bits & top;
  int fraction = bits & ((1 << fraction_bits) - 1);
  double sign = bits >> 15 ? -1 : 1;
  double scale = ldexp (1, (exponent > 0 ? exponent : 1) - top / 2);

  if (exponent == top)
    return fraction != 0 ? (double) NAN : sign * HUGE_VAL;
  return sign * scale *
         ((exponent > 0) + ldexp ((double) fraction, -fraction_bits));
}

static Number
get (DptkDtype dtype, const void *data, size_t i)
{
  Number x = { 0, 0 };

  switch ((int) dtype)
    {
#define CASE(dtype, T)                     \
  case dtype:                              \
    x.re = (double) ((const T *) data)[i]; \
    break;
      CASE (DPTK_F32, float)
      CASE (DPTK_F64, double)
      CASE (DPTK_I8, int8_t)
      CASE (DPTK_U8, uint8_t)
      CASE (DPTK_BOOL, uint8_t)
      CASE (DPTK_I16, int16_t)
      CASE (DPTK_U16, uint16_t)
      CASE (DPTK_I32, int32_t)
      CASE (DPTK_U32, uint32_t)
      CASE (DPTK_I64, int64_t)
      CASE (DPTK_U64, uint64_t)
#undef CASE
    case DPTK_F16:
      x.re = decode_half (((const uint16_t *) data)[i], 5);
      break;
    case DPTK_BF16:
      x.re = decode_half (((const uint16_t *) data)[i], 8);
      break;
    case DPTK_C64:
      x.re = (double) ((const float *) data)[2 * i];
      x.im = (double) ((const float *) data)[2 * i + 1];
      break;
    case DPTK_C128:
      x.re = ((const double *) data)[2 * i];
      x.im = ((const double *) data)[2 * i + 1];
      break;
    }
  return x;
}

static bool
is_nan (Number x)
{
  return isnan (x.re) || isnan (x.im);
}

static bool
is_inf (Number x)
{
  return !is_nan (x) && (isinf (x.re) || isinf (x.im));
}

/* Exactly for 64-bit integers, too: long double has their 64 bits. */
static double
get_distance (DptkDtype dtype, const void *left, const void *right, size_t i)
{
  Number l = get (dtype, left, i);
  Number r = get (dtype, right, i);

  if (dtype == DPTK_I64)
    return (double) fabsl ((long double) ((const int64_t *) left)[i] -
                           (long double) ((const int64_t *) right)[i]);
  if (dtype == DPTK_U64)
    return (double) fabsl ((long double) ((const uint64_t *) left)[i] -
                           (long double) ((const uint64_t *) right)[i]);
  return hypot (l.re - r.re, l.im - r.im);
}

/* How many steps of nextafter() lead from one float to the other, by the
 * integers that floats of one sign are in the order of. */
static double
get_ulps (DptkDtype dtype, const void *left, const void *right, size_t i)
{
  size_t width = dptk_dtype_get_width (dtype);
  double ranks[2] = { 0, 0 };
  const void *sides[2] = { left, right };
  uint64_t magnitudes[2];
  bool signs[2];

  for (int k = 0; k < 2; k++)
    {
      uint64_t bits = 0;

      memcpy (&bits, (const char *) sides[k] + i * width, width);
      signs[k] = bits >> (8 * width - 1) & 1;
      magnitudes[k] = bits & (((uint64_t) 1 << (8 * width - 1)) - 1);
      ranks[k] = signs[k] ? -(double) magnitudes[k] : (double) magnitudes[k];
    }
  if (signs[0] != signs[1])
    return fabs (ranks[0] - ranks[1]);
  return (double) (magnitudes[0] > magnitudes[1]
                       ? magnitudes[0] - magnitudes[1]
                       : magnitudes[1] - magnitudes[0]);
}

static bool
has_ulps (DptkDtype dtype)
{
  return dtype == DPTK_F32 || dtype == DPTK_F64 || dtype == DPTK_F16 ||
         dtype == DPTK_BF16;
}

/* One element with a NaN or an infinity in it. */
static void
add_strange (DptkDifferenceResult *result,
             Number l,
             Number r,
             bool nan_differs,
             size_t i)
{
  bool same = is_nan (l) && is_nan (r) ? !nan_differs
                                       : l.re == r.re && l.im == r.im;

  result->nan_left += is_nan (l);
  result->nan_right += is_nan (r);
  result->inf_left += is_inf (l);
  result->inf_right += is_inf (r);
  if (same)
    return;
  result->incomparable++;
  result->out_of_tolerance++;
  if (!isinf (result->max_abs))
    result->max_index = i;
  result->max_abs = result->max_rel = HUGE_VAL;
}

void
dptk_reference_difference (DptkDtype dtype, const DptkDifference *self)
{
  size_t width = dptk_dtype_get_width (dtype);
  DptkDifferenceResult result = { 0 };

  for (size_t i = 0; i < self->n; i++)
    {
      Number l = get (dtype, self->left, i);
      Number r = get (dtype, self->right, i);
      double d, magnitude;

      if (has_ulps (dtype) && !is_nan (l) && !is_nan (r))
        result.max_ulp = fmax (result.max_ulp,
                               get_ulps (dtype, self->left, self->right, i));
      if (is_nan (l) || is_nan (r) || is_inf (l) || is_inf (r))
        {
          add_strange (&result, l, r, self->nan_differs, i);
          continue;
        }

      d = get_distance (dtype, self->left, self->right, i);
      magnitude = hypot (r.re, r.im);
      if (d > result.max_abs)
        {
          result.max_abs = d;
          result.max_index = i;
        }
      if (magnitude > 0)
        {
          result.max_rel = fmax (result.max_rel, d / magnitude);
          result.right_nonzero = true;
        }
      result.sum_abs += d;
      result.sum_squares += d * d;
      result.dot += l.re * r.re + l.im * r.im;
      result.left_squares += l.re * l.re + l.im * l.im;
      result.right_squares += magnitude * magnitude;
      result.out_of_tolerance += d > self->atol + self->rtol * magnitude;
    }
  result.same_bytes = self->n == 0 ||
                      memcmp (self->left, self->right, self->n * width) == 0;
  *self->result = result;
}

/* The magnitude of a complex number, a real number itself. */
static double
get_real (DptkDtype dtype, const void *data, size_t i)
{
  Number x = get (dtype, data, i);

  if (is_nan (x))
    return (double) NAN;
  return dtype == DPTK_C64 || dtype == DPTK_C128 ? hypot (x.re, x.im) : x.re;
}

void
dptk_reference_moments (DptkDtype dtype, const DptkMoments *self)
{
  DptkMomentsResult result = { .min = HUGE_VAL, .max = -HUGE_VAL };
  double sum = 0;

  for (size_t i = 0; i < self->n; i++)
    {
      double x = get_real (dtype, self->x, i);

      result.nan += isnan (x);
      result.inf += isinf (x) != 0;
      if (!isfinite (x))
        continue;
      result.finite++;
      result.zeros += x == 0;
      result.min = fmin (result.min, x);
      result.max = fmax (result.max, x);
      result.squares += x * x;
      sum += x;
    }
  if (result.finite > 0)
    result.mean = sum / (double) result.finite;
  for (size_t i = 0; i < self->n; i++)
    {
      double x = get_real (dtype, self->x, i);

      if (isfinite (x))
        result.deviations += (x - result.mean) * (x - result.mean);
    }
  *self->result = result;
}

/* The last bin whose lower border is not above the value. */
void
dptk_reference_histogram (DptkDtype dtype,
                          const void *data,
                          size_t n,
                          double low,
                          double high,
                          size_t n_bins,
                          uint64_t *bins)
{
  for (size_t i = 0; i < n; i++)
    {
      double x = get_real (dtype, data, i);
      size_t bin = n_bins - 1;

      if (!(x >= low && x <= high))
        continue;
      while (bin > 0 && x < low + (high - low) * (double) bin / (double) n_bins)
        bin--;
      bins[bin]++;
    }
}
