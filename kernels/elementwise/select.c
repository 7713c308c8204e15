/* select.c - y = c ? a : b, element by element, by width
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dptk.h"

/* Sixteen bytes that are only moved: complex128, or a string's view. */
typedef struct
{
  uint64_t word[2];
} Wide;

#define DEFINE_SELECT(suffix, T)                                              \
  void dptk_select_##suffix (const uint8_t *c, size_t c_step, const void *a,  \
                             size_t a_step, const void *b, size_t b_step,     \
                             void *out, size_t n)                             \
  {                                                                           \
    const T *then_value = a, *else_value = b;                                 \
    T *y = out;                                                               \
                                                                              \
    for (size_t i = 0; i < n; i++)                                            \
      y[i] = c[i * c_step] ? then_value[i * a_step] : else_value[i * b_step]; \
  }

DEFINE_SELECT (u8, uint8_t)
DEFINE_SELECT (u16, uint16_t)
DEFINE_SELECT (u32, uint32_t)
DEFINE_SELECT (u64, uint64_t)
DEFINE_SELECT (c128, Wide)
