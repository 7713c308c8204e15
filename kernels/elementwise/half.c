/* half.c - IEEE half and bfloat16 to float and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Widening is exact.  Narrowing rounds to nearest, ties to even; what is too
 * large becomes infinite, a NaN stays one.
 */

#include "dptk.h"

#include <string.h>

static uint32_t
bits_of_float (float x)
{
  uint32_t bits;

  memcpy (&bits, &x, sizeof bits);
  return bits;
}

static float
float_of_bits (uint32_t bits)
{
  float x;

  memcpy (&x, &bits, sizeof x);
  return x;
}

void
dptk_widen_f16 (const void *in, void *out, size_t n)
{
  const uint16_t *x = in;
  float *y = out;

  for (size_t i = 0; i < n; i++)
    {
      uint32_t sign = (uint32_t) (x[i] & 0x8000u) << 16;
      uint32_t exponent = (x[i] >> 10) & 0x1fu;
      uint32_t fraction = x[i] & 0x3ffu;

      if (exponent == 0)
        {
          float tiny = (float) fraction * 0x1p-24f;

          y[i] = sign != 0 ? -tiny : tiny;
        }
      else if (exponent == 0x1f)
        y[i] = float_of_bits (sign | 0x7f800000u | fraction << 13);
      else
        y[i] = float_of_bits (sign | (exponent + 112) << 23 | fraction << 13);
    }
}

void
dptk_narrow_f16 (const void *in, void *out, size_t n)
{
  const float *x = in;
  uint16_t *y = out;

  for (size_t i = 0; i < n; i++)
    {
      uint32_t bits = bits_of_float (x[i]);
      uint32_t sign = bits >> 16 & 0x8000u;
      uint32_t size = bits & 0x7fffffffu;
      uint32_t result;

      if (size > 0x7f800000u)
        result = 0x7e00u;
      else if (size >= 0x47800000u)
        result = 0x7c00u;
      else if (size < 0x38800000u)
        {
          /* Below the smallest normal half: adding 0.5 lets the processor
           * shift and round to multiples of 2^-24. */
          result = bits_of_float (float_of_bits (size) + 0.5f) - 0x3f000000u;
        }
      else
        {
          /* A carry out of the fraction goes into the exponent, where it
           * belongs, up to infinity. */
          uint32_t odd = size >> 13 & 1u;

          result = (size - 0x38000000u + 0xfffu + odd) >> 13;
        }
      y[i] = (uint16_t) (sign | result);
    }
}

void
dptk_widen_bf16 (const void *in, void *out, size_t n)
{
  const uint16_t *x = in;
  float *y = out;

  for (size_t i = 0; i < n; i++)
    y[i] = float_of_bits ((uint32_t) x[i] << 16);
}

void
dptk_narrow_bf16 (const void *in, void *out, size_t n)
{
  const float *x = in;
  uint16_t *y = out;

  for (size_t i = 0; i < n; i++)
    {
      uint32_t bits = bits_of_float (x[i]);

      if ((bits & 0x7fffffffu) > 0x7f800000u)
        y[i] = (uint16_t) (bits >> 16 | 0x40u);
      else
        y[i] = (uint16_t) ((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
    }
}
