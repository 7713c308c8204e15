/* compare.c - y = a < b and its relatives, element by element
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A comparison with NaN is false, and "not equal" is true, as in IEEE 754.
 */

#include "dptk.h"

#include <complex.h>

#define LOOP(a_index, b_index, operator) \
  for (size_t i = 0; i < n; i++)         \
    out[i] = lhs[a_index] operator rhs[b_index];

#define DEFINE_COMPARE(name, suffix, T, operator)                              \
  void dptk_##name##_##suffix (const void *a, size_t a_step, const void *b,    \
                               size_t b_step, uint8_t *restrict out, size_t n) \
  {                                                                            \
    const T *lhs = a, *rhs = b;                                                \
                                                                               \
    if (a_step == 1 && b_step == 1)                                            \
      LOOP (i, i, operator)                                                    \
    else if (a_step == 1 && b_step == 0)                                       \
      LOOP (i, 0, operator)                                                    \
    else                                                                       \
      LOOP (i *a_step, i *b_step, operator)                                    \
  }

#define DEFINE_REAL(name, operator)              \
  DEFINE_COMPARE (name, f32, float, operator)    \
  DEFINE_COMPARE (name, f64, double, operator)   \
  DEFINE_COMPARE (name, i8, int8_t, operator)    \
  DEFINE_COMPARE (name, i16, int16_t, operator)  \
  DEFINE_COMPARE (name, i32, int32_t, operator)  \
  DEFINE_COMPARE (name, i64, int64_t, operator)  \
  DEFINE_COMPARE (name, u8, uint8_t, operator)   \
  DEFINE_COMPARE (name, u16, uint16_t, operator) \
  DEFINE_COMPARE (name, u32, uint32_t, operator) \
  DEFINE_COMPARE (name, u64, uint64_t, operator)
#define DEFINE_ALL(name, operator)                    \
  DEFINE_REAL (name, operator)                        \
  DEFINE_COMPARE (name, bool, uint8_t, operator)      \
  DEFINE_COMPARE (name, c64, float complex, operator) \
  DEFINE_COMPARE (name, c128, double complex, operator)

DEFINE_ALL (equal, ==)
DEFINE_ALL (not_equal, !=)
DEFINE_REAL (less, <)
DEFINE_REAL (less_equal, <=)
DEFINE_REAL (greater, >)
DEFINE_REAL (greater_equal, >=)
