/* unary.c - y = f (x), element by element
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dptk.h"

#include <math.h>

void
dptk_abs_f32 (const void *x, void *y, size_t n)
{
  const float *in = x;
  float *out = y;

#pragma GCC ivdep
  for (size_t i = 0; i < n; i++)
    out[i] = fabsf (in[i]);
}
