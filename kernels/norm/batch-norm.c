/* batch-norm.c - normalization per channel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is seen as [outer, channels, inner]: inner is 1 for NHWC, the
 * size of an image for NCHW.
 */

#include "dptk.h"

#include <math.h>

/* Elements of a tile, about. */
enum
{
  TILE = 16384,
};

typedef struct
{
  const DptkBatchNorm *norm;
  size_t rows_per_tile; /* rows of [channels, inner] */
} Work;

static size_t
min_size (size_t a, size_t b)
{
  return a < b ? a : b;
}

static void
run (const DptkBatchNorm *self, DptkTileFunc func, const DptkParallel *parallel)
{
  Work work = { .norm = self };

  work.rows_per_tile = TILE / (self->channels * self->inner + 1) + 1;
  dptk_parallel_run (parallel,
                     (self->outer + work.rows_per_tile - 1) /
                         work.rows_per_tile,
                     func, &work);
}

/* y = (x - mean) * factor + offset, where factor is rsqrt (variance +
 * epsilon) * scale, in this order (fused_batch_norm_op.cc). */
#define DEFINE_BATCH_NORM(suffix, T, root)                                  \
  static void norm_tile_##suffix (void *data, size_t tile, size_t worker)   \
  {                                                                         \
    const Work *work = data;                                                \
    const DptkBatchNorm *self = work->norm;                                 \
    const T *mean = self->mean, *offset = self->offset;                     \
    const T *factor = self->factor;                                         \
    size_t channels = self->channels, inner = self->inner;                  \
    size_t row = tile * work->rows_per_tile;                                \
    size_t end = min_size (row + work->rows_per_tile, self->outer);         \
                                                                            \
    (void) worker;                                                          \
    for (; row < end; row++)                                                \
      {                                                                     \
        const T *restrict x = (const T *) self->x + row * channels * inner; \
        T *restrict y = (T *) self->y + row * channels * inner;             \
                                                                            \
        if (inner == 1)                                                     \
          for (size_t c = 0; c < channels; c++)                             \
            y[c] = (x[c] - mean[c]) * factor[c] + offset[c];                \
        else                                                                \
          for (size_t c = 0; c < channels; c++)                             \
            for (size_t i = 0; i < inner; i++)                              \
              y[c * inner + i] = (x[c * inner + i] - mean[c]) * factor[c] + \
                                 offset[c];                                 \
      }                                                                     \
  }                                                                         \
                                                                            \
  void dptk_batch_norm_##suffix (const DptkBatchNorm *self,                 \
                                 const DptkParallel *parallel)              \
  {                                                                         \
    const T *scale = self->scale, *variance = self->variance;               \
    T *factor = self->factor;                                               \
                                                                            \
    for (size_t c = 0; c < self->channels; c++)                             \
      factor[c] = 1 / root (variance[c] + (T) self->epsilon) * scale[c];    \
    run (self, norm_tile_##suffix, parallel);                               \
  }                                                                         \
                                                                            \
  /* mean and the biased variance of one channel, taken in double. */       \
  static void moments_tile_##suffix (void *data, size_t c, size_t worker)   \
  {                                                                         \
    const DptkBatchNorm *self = data;                                       \
    const T *x = (const T *) self->x + c * self->inner;                     \
    size_t step = self->channels * self->inner;                             \
    double n = (double) (self->outer * self->inner);                        \
    double sum = 0, squares = 0;                                            \
                                                                            \
    (void) worker;                                                          \
    for (size_t row = 0; row < self->outer; row++)                          \
      for (size_t i = 0; i < self->inner; i++)                              \
        sum += (double) x[row * step + i];                                  \
    sum /= n;                                                               \
    for (size_t row = 0; row < self->outer; row++)                          \
      for (size_t i = 0; i < self->inner; i++)                              \
        {                                                                   \
          double d = (double) x[row * step + i] - sum;                      \
                                                                            \
          squares += d * d;                                                 \
        }                                                                   \
    ((T *) self->mean_out)[c] = (T) sum;                                    \
    ((T *) self->variance_out)[c] = (T) (squares / n);                      \
  }                                                                         \
                                                                            \
  void dptk_channel_moments_##suffix (const DptkBatchNorm *self,            \
                                      const DptkParallel *parallel)         \
  {                                                                         \
    dptk_parallel_run (parallel, self->channels, moments_tile_##suffix,     \
                       (void *) self);                                      \
  }

DEFINE_BATCH_NORM (f32, float, sqrtf)
DEFINE_BATCH_NORM (f64, double, sqrt)
