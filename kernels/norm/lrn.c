/* lrn.c - local response normalization over neighbouring channels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dptk.h"

#include <math.h>

/* y = x * (bias + alpha * sum of x^2 over channels c - radius .. c + radius)
 * ^ -beta; x and y: [rows, channels]. */
#define DEFINE_LRN(suffix, T, power)                                         \
  static void lrn_tile_##suffix (void *data, size_t row, size_t worker)      \
  {                                                                          \
    const DptkLrn *self = data;                                              \
    size_t n = self->channels;                                               \
    const T *x = (const T *) self->x + row * n;                              \
    T *y = (T *) self->y + row * n;                                          \
                                                                             \
    (void) worker;                                                           \
    for (size_t c = 0; c < n; c++)                                           \
      {                                                                      \
        size_t first = c > self->radius ? c - self->radius : 0;              \
        T sum = 0;                                                           \
                                                                             \
        for (size_t i = first; i < n && i <= c + self->radius; i++)          \
          sum += x[i] * x[i];                                                \
        y[c] = x[c] * power ((T) self->bias + (T) self->alpha * sum,         \
                             -(T) self->beta);                               \
      }                                                                      \
  }                                                                          \
                                                                             \
  void dptk_lrn_##suffix (const DptkLrn *self, const DptkParallel *parallel) \
  {                                                                          \
    dptk_parallel_run (parallel, self->rows, lrn_tile_##suffix,              \
                       (void *) self);                                       \
  }

DEFINE_LRN (f32, float, powf)
DEFINE_LRN (f64, double, pow)
