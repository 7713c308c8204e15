/* arg.c - where along one axis the largest or smallest element stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Of equal elements the first counts.  A NaN never wins, unless it comes
 * first.
 */

#include "dptk.h"

/* The input is [outer, length, inner], length >= 1; the result int64. */
#define DEFINE_ARG(name, suffix, T, better)                                  \
  static void name##_tile_##suffix (void *data, size_t outer, size_t worker) \
  {                                                                          \
    const DptkReduce *self = data;                                           \
    const T *in = (const T *) self->x + outer * self->length * self->inner;  \
    int64_t *out = (int64_t *) self->y + outer * self->inner;                \
                                                                             \
    (void) worker;                                                           \
    for (size_t i = 0; i < self->inner; i++)                                 \
      {                                                                      \
        size_t best = 0;                                                     \
                                                                             \
        for (size_t at = 1; at < self->length; at++)                         \
          if (in[at * self->inner + i] better in[best * self->inner + i])    \
            best = at;                                                       \
        out[i] = (int64_t) best;                                             \
      }                                                                      \
  }                                                                          \
                                                                             \
  void dptk_##name##_##suffix (const DptkReduce *self,                       \
                               const DptkParallel *parallel)                 \
  {                                                                          \
    dptk_parallel_run (parallel, self->outer, name##_tile_##suffix,          \
                       (void *) self);                                       \
  }

#define DEFINE_ARGS(suffix, T)       \
  DEFINE_ARG (arg_max, suffix, T, >) \
  DEFINE_ARG (arg_min, suffix, T, <)

DEFINE_ARGS (f32, float)
DEFINE_ARGS (f64, double)
DEFINE_ARGS (i8, int8_t)
DEFINE_ARGS (i16, int16_t)
DEFINE_ARGS (i32, int32_t)
DEFINE_ARGS (i64, int64_t)
DEFINE_ARGS (u8, uint8_t)
DEFINE_ARGS (u16, uint16_t)
DEFINE_ARGS (u32, uint32_t)
DEFINE_ARGS (u64, uint64_t)
