/* depthwise-conv2d.c - a filter of its own for every channel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * x: [batch, in_height, in_width, in_channels], NHWC.
 * filter: [kernel_height, kernel_width, in_channels, multiplier].
 * y: [batch, out_height, out_width, in_channels * multiplier]; channel
 *    c * multiplier + m is x's channel c under filter m.
 */

#include "dptk.h"

/* One row of the output. */
#define DEFINE_DEPTHWISE(suffix, T)                                            \
  static void add_pixel_##suffix (size_t channels, size_t multiplier,          \
                                  const T *restrict x,                         \
                                  const T *restrict filter, T *restrict y)     \
  {                                                                            \
    if (multiplier == 1)                                                       \
      for (size_t c = 0; c < channels; c++)                                    \
        y[c] += x[c] * filter[c];                                              \
    else                                                                       \
      for (size_t c = 0; c < channels; c++)                                    \
        for (size_t m = 0; m < multiplier; m++)                                \
          y[c * multiplier + m] += x[c] * filter[c * multiplier + m];          \
  }                                                                            \
                                                                               \
  static void depthwise_tile_##suffix (void *data, size_t tile, size_t worker) \
  {                                                                            \
    const DptkConv2d *self = data;                                             \
    size_t channels = self->in_channels, n = self->out_channels;               \
    size_t top = tile % self->out_height * self->stride_height;                \
    const T *in = (const T *) self->x + tile / self->out_height *              \
                                            self->in_height * self->in_width * \
                                            channels;                          \
                                                                               \
    (void) worker;                                                             \
    for (size_t x = 0; x < self->out_width; x++)                               \
      {                                                                        \
        T *y = (T *) self->y + (tile * self->out_width + x) * n;               \
                                                                               \
        for (size_t c = 0; c < n; c++)                                         \
          y[c] = 0;                                                            \
        for (size_t i = 0; i < self->kernel_height; i++)                       \
          for (size_t j = 0; j < self->kernel_width; j++)                      \
            {                                                                  \
              size_t row = top + i * self->dilation_height;                    \
              size_t column = x * self->stride_width +                         \
                              j * self->dilation_width;                        \
                                                                               \
              if (row < self->pad_top || column < self->pad_left ||            \
                  row - self->pad_top >= self->in_height ||                    \
                  column - self->pad_left >= self->in_width)                   \
                continue;                                                      \
              add_pixel_##suffix (channels, n / channels,                      \
                                  in + ((row - self->pad_top) *                \
                                            self->in_width +                   \
                                        column - self->pad_left) *             \
                                           channels,                           \
                                  (const T *) self->filter +                   \
                                      (i * self->kernel_width + j) * n,        \
                                  y);                                          \
            }                                                                  \
      }                                                                        \
  }                                                                            \
                                                                               \
  void dptk_depthwise_conv2d_##suffix (const DptkConv2d *self,                 \
                                       const DptkParallel *parallel)           \
  {                                                                            \
    dptk_parallel_run (parallel, self->batch * self->out_height,               \
                       depthwise_tile_##suffix, (void *) self);                \
  }

DEFINE_DEPTHWISE (f32, float)
DEFINE_DEPTHWISE (f64, double)
