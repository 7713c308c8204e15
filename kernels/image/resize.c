/* resize.c - bilinear and nearest-neighbour resizing, NHWC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where an output element looks in the input has three readings, old and
 * new (image_resizer_state.h): src = dst * scale; with corners aligned the
 * scale is (in - 1) / (out - 1); with half pixel centres
 * src = (dst + 0.5) * scale - 0.5.  All of it is in float, as it is there.
 */

#include "dptk.h"

#include <math.h>
#include <string.h>

/* in / out, or (in - 1) / (out - 1) where corners are aligned. */
static float
get_scale (const DptkResize *self, size_t in, size_t out)
{
  return self->align_corners && out > 1 ? (float) (in - 1) / (float) (out - 1)
                                        : (float) in / (float) out;
}

/* The two input lines around output line `at`, and how far it lies from the
 * first. */
static float
get_neighbours (const DptkResize *self,
                size_t at,
                size_t in,
                size_t out,
                size_t *lower,
                size_t *upper)
{
  float scale = get_scale (self, in, out);
  float position = self->half_pixel_centers ? ((float) at + 0.5f) * scale - 0.5f
                                            : (float) at * scale;
  float floored = floorf (position);
  float ceiled = ceilf (position);

  *lower = floored > 0 ? (size_t) floored : 0;
  *upper = ceiled > 0 ? (size_t) ceiled : 0;
  if (*upper > in - 1)
    *upper = in - 1;
  if (*lower > in - 1)
    *lower = in - 1;
  return position - floored;
}

static size_t
get_nearest (const DptkResize *self, size_t at, size_t in, size_t out)
{
  float scale = get_scale (self, in, out);
  float position = self->half_pixel_centers ? ((float) at + 0.5f) * scale
                                            : (float) at * scale;
  size_t index = (size_t) (self->align_corners ? roundf (position)
                                               : floorf (position));

  return index < in - 1 ? index : in - 1;
}

/* One row of the output: first along x on both input rows, then along y. */
#define DEFINE_BILINEAR(suffix, T)                                            \
  static void bilinear_tile_##suffix (void *data, size_t tile, size_t worker) \
  {                                                                           \
    const DptkResize *self = data;                                            \
    size_t channels = self->channels;                                         \
    size_t row = self->in_width * channels;                                   \
    size_t image = tile / self->out_height;                                   \
    const T *in = (const T *) self->x + image * self->in_height * row;        \
    T *y = (T *) self->y + tile * self->out_width * channels;                 \
    size_t top, bottom;                                                       \
    T down = (T) get_neighbours (self, tile % self->out_height,               \
                                 self->in_height, self->out_height, &top,     \
                                 &bottom);                                    \
                                                                              \
    (void) worker;                                                            \
    for (size_t x = 0; x < self->out_width; x++)                              \
      {                                                                       \
        size_t left, right;                                                   \
        T across = (T) get_neighbours (self, x, self->in_width,               \
                                       self->out_width, &left, &right);       \
        const T *top_left = in + top * row + left * channels;                 \
        const T *top_right = in + top * row + right * channels;               \
        const T *bottom_left = in + bottom * row + left * channels;           \
        const T *bottom_right = in + bottom * row + right * channels;         \
                                                                              \
        for (size_t c = 0; c < channels; c++, y++)                            \
          {                                                                   \
            T upper = top_left[c] + (top_right[c] - top_left[c]) * across;    \
            T lower = bottom_left[c] +                                        \
                      (bottom_right[c] - bottom_left[c]) * across;            \
                                                                              \
            *y = upper + (lower - upper) * down;                              \
          }                                                                   \
      }                                                                       \
  }                                                                           \
                                                                              \
  void dptk_resize_bilinear_##suffix (const DptkResize *self,                 \
                                      const DptkParallel *parallel)           \
  {                                                                           \
    dptk_parallel_run (parallel, self->batch * self->out_height,              \
                       bilinear_tile_##suffix, (void *) self);                \
  }

DEFINE_BILINEAR (f32, float)
DEFINE_BILINEAR (f64, double)

static void
nearest_tile (void *data, size_t tile, size_t worker)
{
  const DptkResize *self = data;
  size_t pixel = self->channels * self->width;
  size_t from = get_nearest (self, tile % self->out_height, self->in_height,
                             self->out_height);
  const char *in = (const char *) self->x +
                   (tile / self->out_height * self->in_height + from) *
                       self->in_width * pixel;
  char *y = (char *) self->y + tile * self->out_width * pixel;

  (void) worker;
  for (size_t x = 0; x < self->out_width; x++)
    memcpy (y + x * pixel,
            in + get_nearest (self, x, self->in_width, self->out_width) * pixel,
            pixel);
}

/**
 * dptk_resize_nearest:
 * @self: what is resized; elements of self->width bytes
 * @parallel: (nullable): the workers
 *
 * Only moves elements, so it is one kernel for all dtypes.
 */
void
dptk_resize_nearest (const DptkResize *self, const DptkParallel *parallel)
{
  dptk_parallel_run (parallel, self->batch * self->out_height, nearest_tile,
                     (void *) self);
}
