/* unary.c - y = f (x), element by element
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * half and bfloat16 have no rows of their own: map.c widens them to float,
 * computes here, and rounds the result, as TensorFlow does.
 */

#include "dptk.h"

#include <complex.h>
#include <math.h>

/* One kernel: y[i] = value, where value is an expression in x of type T. */
#define DEFINE_UNARY(name, suffix, T, value)                        \
  void dptk_##name##_##suffix (const void *in, void *out, size_t n) \
  {                                                                 \
    const T *src = in;                                              \
    T *dst = out;                                                   \
                                                                    \
    _Pragma ("GCC ivdep") for (size_t i = 0; i < n; i++)            \
    {                                                               \
      T x = src[i];                                                 \
                                                                    \
      dst[i] = (T) (value);                                         \
    }                                                               \
  }

/* float and double with one expression each, because the functions of libm
 * differ by suffix. */
#define DEFINE_FLOATS(name, value_f32, value_f64) \
  DEFINE_UNARY (name, f32, float, value_f32)      \
  DEFINE_UNARY (name, f64, double, value_f64)

/* The same for whole numbers; W is the unsigned type that arithmetic wraps
 * in, because a signed overflow has no meaning in C. */
#define DEFINE_SIGNED(name, value)                             \
  DEFINE_UNARY (name, i8, int8_t, value (int8_t, uint32_t))    \
  DEFINE_UNARY (name, i16, int16_t, value (int16_t, uint32_t)) \
  DEFINE_UNARY (name, i32, int32_t, value (int32_t, uint32_t)) \
  DEFINE_UNARY (name, i64, int64_t, value (int64_t, uint64_t))
#define DEFINE_UNSIGNED(name, value)                             \
  DEFINE_UNARY (name, u8, uint8_t, value (uint8_t, uint32_t))    \
  DEFINE_UNARY (name, u16, uint16_t, value (uint16_t, uint32_t)) \
  DEFINE_UNARY (name, u32, uint32_t, value (uint32_t, uint32_t)) \
  DEFINE_UNARY (name, u64, uint64_t, value (uint64_t, uint64_t))

#define ABS_INT(T, W)      (x < 0 ? (T) (0 - (W) x) : x)
#define NEG_INT(T, W)      (0 - (W) x)
#define SQUARE_INT(T, W)   ((W) x * (W) x)
#define SIGN_INT(T, W)     ((x > 0) - (x < 0))
#define SIGN_UINT(T, W)    (x > 0)
#define RELU_INT(T, W)     (x < 0 ? 0 : x)
#define RELU6_INT(T, W)    (x < 0 ? 0 : x > 6 ? 6 : x)
#define IDENTITY_INT(T, W) (x)
#define RELU6_UINT(T, W)   (x > 6 ? 6 : x)
#define INVERT_INT(T, W)   (~(W) x)

/* Above the threshold softplus (x) is x, below its negative it is exp (x), to
 * the last bit: log (epsilon) + 2, softplus_op.h. */
static const float softplus_threshold_f32 = -13.942385f;
static const double softplus_threshold_f64 = -34.04365338911715;

static const float selu_scale_f32 = 1.0507009873554804934193349852946f;
static const float selu_scale_alpha_f32 = 1.7580993408473768599402175208123f;
static const double selu_scale_f64 = 1.0507009873554804934193349852946;
static const double selu_scale_alpha_f64 = 1.7580993408473768599402175208123;

static float
softplus_f32 (float x)
{
  if (x > -softplus_threshold_f32)
    return x;
  if (x < softplus_threshold_f32)
    return expf (x);
  return log1pf (expf (x));
}

static double
softplus_f64 (double x)
{
  if (x > -softplus_threshold_f64)
    return x;
  if (x < softplus_threshold_f64)
    return exp (x);
  return log1p (exp (x));
}

/* lgamma() writes a global sign; this one is safe in several threads. */
static double
log_gamma (double x)
{
  int sign;

  return lgamma_r (x, &sign);
}

static float
log_gamma_f32 (float x)
{
  int sign;

  return lgammaf_r (x, &sign);
}

DEFINE_FLOATS (abs, fabsf (x), fabs (x))
DEFINE_FLOATS (neg, -x, -x)
DEFINE_FLOATS (square, x *x, x *x)
DEFINE_FLOATS (sign,
               x > 0   ? 1.0f
               : x < 0 ? -1.0f
                       : x,
               x > 0   ? 1.0
               : x < 0 ? -1.0
                       : x)
DEFINE_FLOATS (sqrt, sqrtf (x), sqrt (x))
DEFINE_FLOATS (rsqrt, 1.0f / sqrtf (x), 1.0 / sqrt (x))
DEFINE_FLOATS (reciprocal, 1.0f / x, 1.0 / x)
DEFINE_FLOATS (exp, expf (x), exp (x))
DEFINE_FLOATS (expm1, expm1f (x), expm1 (x))
DEFINE_FLOATS (log, logf (x), log (x))
DEFINE_FLOATS (log1p, log1pf (x), log1p (x))
DEFINE_FLOATS (sin, sinf (x), sin (x))
DEFINE_FLOATS (cos, cosf (x), cos (x))
DEFINE_FLOATS (tan, tanf (x), tan (x))
DEFINE_FLOATS (asin, asinf (x), asin (x))
DEFINE_FLOATS (acos, acosf (x), acos (x))
DEFINE_FLOATS (atan, atanf (x), atan (x))
DEFINE_FLOATS (sinh, sinhf (x), sinh (x))
DEFINE_FLOATS (cosh, coshf (x), cosh (x))
DEFINE_FLOATS (tanh, tanhf (x), tanh (x))
DEFINE_FLOATS (asinh, asinhf (x), asinh (x))
DEFINE_FLOATS (acosh, acoshf (x), acosh (x))
DEFINE_FLOATS (atanh, atanhf (x), atanh (x))
DEFINE_FLOATS (floor, floorf (x), floor (x))
DEFINE_FLOATS (ceil, ceilf (x), ceil (x))
DEFINE_FLOATS (rint, rintf (x), rint (x))
DEFINE_FLOATS (erf, erff (x), erf (x))
DEFINE_FLOATS (erfc, erfcf (x), erfc (x))
DEFINE_FLOATS (lgamma, log_gamma_f32 (x), log_gamma (x))
DEFINE_FLOATS (sigmoid, 1.0f / (1.0f + expf (-x)), 1.0 / (1.0 + exp (-x)))
DEFINE_FLOATS (relu, x < 0 ? 0 : x, x < 0 ? 0 : x)
DEFINE_FLOATS (relu6, x<0 ? 0 : x> 6 ? 6 : x, x<0 ? 0 : x> 6 ? 6 : x)
DEFINE_FLOATS (elu, x < 0 ? expm1f (x) : x, x < 0 ? expm1 (x) : x)
DEFINE_FLOATS (selu,
               x < 0 ? selu_scale_alpha_f32 * expm1f (x) : selu_scale_f32 * x,
               x < 0 ? selu_scale_alpha_f64 * expm1 (x) : selu_scale_f64 * x)
DEFINE_FLOATS (softplus, softplus_f32 (x), softplus_f64 (x))
DEFINE_FLOATS (softsign, x / (1.0f + fabsf (x)), x / (1.0 + fabs (x)))

DEFINE_SIGNED (abs, ABS_INT)
DEFINE_SIGNED (neg, NEG_INT)
DEFINE_SIGNED (square, SQUARE_INT)
DEFINE_UNSIGNED (square, SQUARE_INT)
DEFINE_SIGNED (sign, SIGN_INT)
DEFINE_UNSIGNED (sign, SIGN_UINT)
DEFINE_SIGNED (relu, RELU_INT)
DEFINE_UNSIGNED (relu, IDENTITY_INT)
DEFINE_SIGNED (relu6, RELU6_INT)
DEFINE_UNSIGNED (relu6, RELU6_UINT)
DEFINE_SIGNED (invert, INVERT_INT)
DEFINE_UNSIGNED (invert, INVERT_INT)
DEFINE_UNARY (logical_not, bool, uint8_t, x == 0)

DEFINE_UNARY (neg, c64, float complex, -x)
DEFINE_UNARY (neg, c128, double complex, -x)
DEFINE_UNARY (square, c64, float complex, x *x)
DEFINE_UNARY (square, c128, double complex, x *x)
DEFINE_UNARY (conj, c64, float complex, conjf (x))
DEFINE_UNARY (conj, c128, double complex, conj (x))
DEFINE_UNARY (reciprocal, c64, float complex, 1.0f / x)
DEFINE_UNARY (reciprocal, c128, double complex, 1.0 / x)
DEFINE_UNARY (sqrt, c64, float complex, csqrtf (x))
DEFINE_UNARY (sqrt, c128, double complex, csqrt (x))
DEFINE_UNARY (exp, c64, float complex, cexpf (x))
DEFINE_UNARY (exp, c128, double complex, cexp (x))
DEFINE_UNARY (log, c64, float complex, clogf (x))
DEFINE_UNARY (log, c128, double complex, clog (x))

/* y = x > 0 ? x : alpha * x */
void
dptk_leaky_relu_f32 (const void *in, double alpha, void *out, size_t n)
{
  const float *x = in;
  float *y = out;
  float slope = (float) alpha;

#pragma GCC ivdep
  for (size_t i = 0; i < n; i++)
    y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

void
dptk_leaky_relu_f64 (const void *in, double alpha, void *out, size_t n)
{
  const double *x = in;
  double *y = out;

#pragma GCC ivdep
  for (size_t i = 0; i < n; i++)
    y[i] = x[i] > 0 ? x[i] : alpha * x[i];
}

#define DEFINE_PREDICATE(name, suffix, T, value)                       \
  void dptk_##name##_##suffix (const void *in, uint8_t *out, size_t n) \
  {                                                                    \
    const T *src = in;                                                 \
                                                                       \
    for (size_t i = 0; i < n; i++)                                     \
      {                                                                \
        T x = src[i];                                                  \
                                                                       \
        out[i] = (uint8_t) ((value) ? 1 : 0);                          \
      }                                                                \
  }

DEFINE_PREDICATE (is_nan, f32, float, isnan (x))
DEFINE_PREDICATE (is_nan, f64, double, isnan (x))
DEFINE_PREDICATE (is_inf, f32, float, isinf (x))
DEFINE_PREDICATE (is_inf, f64, double, isinf (x))
DEFINE_PREDICATE (is_finite, f32, float, isfinite (x))
DEFINE_PREDICATE (is_finite, f64, double, isfinite (x))
