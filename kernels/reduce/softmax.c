/* softmax.c - rows of logits to probabilities, or to their logarithms
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The row's maximum is taken off first, so that no exponential overflows.
 */

#include "dptk.h"

#include <math.h>

/* x and y: [outer, length]; inner is 1. */
#define DEFINE_SOFTMAX(suffix, T, exponential)                              \
  static T row_max_##suffix (const T *x, size_t n)                          \
  {                                                                         \
    T max = x[0];                                                           \
                                                                            \
    for (size_t i = 1; i < n; i++)                                          \
      max = x[i] > max ? x[i] : max;                                        \
    return max;                                                             \
  }                                                                         \
                                                                            \
  static void softmax_tile_##suffix (void *data, size_t row, size_t worker) \
  {                                                                         \
    const DptkReduce *self = data;                                          \
    size_t n = self->length;                                                \
    const T *x = (const T *) self->x + row * n;                             \
    T *y = (T *) self->y + row * n;                                         \
    T max = row_max_##suffix (x, n);                                        \
    double sum = 0;                                                         \
                                                                            \
    (void) worker;                                                          \
    for (size_t i = 0; i < n; i++)                                          \
      {                                                                     \
        y[i] = exponential (x[i] - max);                                    \
        sum += (double) y[i];                                               \
      }                                                                     \
    for (size_t i = 0; i < n; i++)                                          \
      y[i] = (T) ((double) y[i] / sum);                                     \
  }                                                                         \
                                                                            \
  static void log_softmax_tile_##suffix (void *data, size_t row,            \
                                         size_t worker)                     \
  {                                                                         \
    const DptkReduce *self = data;                                          \
    size_t n = self->length;                                                \
    const T *x = (const T *) self->x + row * n;                             \
    T *y = (T *) self->y + row * n;                                         \
    T max = row_max_##suffix (x, n);                                        \
    double sum = 0;                                                         \
                                                                            \
    (void) worker;                                                          \
    for (size_t i = 0; i < n; i++)                                          \
      sum += (double) exponential (x[i] - max);                             \
    for (size_t i = 0; i < n; i++)                                          \
      y[i] = x[i] - max - (T) log (sum);                                    \
  }                                                                         \
                                                                            \
  void dptk_softmax_##suffix (const DptkReduce *self,                       \
                              const DptkParallel *parallel)                 \
  {                                                                         \
    if (self->length > 0)                                                   \
      dptk_parallel_run (parallel, self->outer, softmax_tile_##suffix,      \
                         (void *) self);                                    \
  }                                                                         \
                                                                            \
  void dptk_log_softmax_##suffix (const DptkReduce *self,                   \
                                  const DptkParallel *parallel)             \
  {                                                                         \
    if (self->length > 0)                                                   \
      dptk_parallel_run (parallel, self->outer, log_softmax_tile_##suffix,  \
                         (void *) self);                                    \
  }

DEFINE_SOFTMAX (f32, float, expf)
DEFINE_SOFTMAX (f64, double, exp)
