/* conv2d.c - convolution as a product with unfolded windows (the slow path)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * x: [batch, in_height, in_width, in_channels], NHWC.
 * filter: [kernel_height, kernel_width, in_channels / groups, out_channels].
 * y: [batch, out_height, out_width, out_channels].
 *
 * A tile is a fixed number of output pixels: their windows are unfolded into
 * the worker's scratch and multiplied with the filter.  conv2d-packed.c is
 * the fast path for float.
 */

#include "dptk.h"

#include <string.h>

enum
{
  TILE_PIXELS = 64,
};

typedef struct
{
  const DptkConv2d *conv;
  size_t width; /* of an element, in bytes */
  DptkMatmulKernel *matmul;
} Work;

/**
 * dptk_conv2d_get_scratch:
 * @self: the sizes
 * @width: bytes of one element
 *
 * Returns: bytes of scratch that conv2d needs for each worker.
 */
size_t
dptk_conv2d_get_scratch (const DptkConv2d *self, size_t width)
{
  size_t window = self->kernel_height * self->kernel_width *
                  (self->in_channels / self->groups);
  size_t group = self->out_channels / self->groups;

  return (TILE_PIXELS * (window + group) + window * group) * width;
}

/* The input pixel that kernel element (i, j) meets at output pixel (y, x), or
 * NULL in the padding. */
static const char *
find_pixel (const DptkConv2d *self,
            size_t width,
            size_t image,
            size_t y,
            size_t x,
            size_t i,
            size_t j)
{
  size_t row = y * self->stride_height + i * self->dilation_height;
  size_t column = x * self->stride_width + j * self->dilation_width;

  if (row < self->pad_top || row - self->pad_top >= self->in_height ||
      column < self->pad_left || column - self->pad_left >= self->in_width)
    return NULL;
  return (const char *) self->x +
         ((image * self->in_height + row - self->pad_top) * self->in_width +
          column - self->pad_left) *
             self->in_channels * width;
}

/* Unfolds the windows of n pixels for one group, one row each. */
static void
unfold (const DptkConv2d *self,
        size_t width,
        size_t first,
        size_t n,
        size_t group,
        char *rows)
{
  size_t size = self->in_channels / self->groups * width;

  for (size_t pixel = first; pixel < first + n; pixel++)
    {
      size_t x = pixel % self->out_width;
      size_t y = pixel / self->out_width % self->out_height;
      size_t image = pixel / self->out_width / self->out_height;

      for (size_t i = 0; i < self->kernel_height; i++)
        for (size_t j = 0; j < self->kernel_width; j++, rows += size)
          {
            const char *from = find_pixel (self, width, image, y, x, i, j);

            if (from != NULL)
              memcpy (rows, from + group * size, size);
            else
              memset (rows, 0, size);
          }
    }
}

/* One group's columns of the filter, made dense. */
static void
gather_filter (const DptkConv2d *self,
               size_t width,
               size_t group,
               char *columns)
{
  size_t n_rows = self->kernel_height * self->kernel_width *
                  (self->in_channels / self->groups);
  size_t size = self->out_channels / self->groups * width;
  const char *from = (const char *) self->filter + group * size;

  for (size_t row = 0; row < n_rows; row++)
    memcpy (columns + row * size, from + row * size * self->groups, size);
}

static void
run_tile (void *data, size_t tile, size_t worker)
{
  const Work *work = data;
  const DptkConv2d *self = work->conv;
  size_t pixels = self->batch * self->out_height * self->out_width;
  size_t first = tile * TILE_PIXELS;
  size_t n = pixels - first < TILE_PIXELS ? pixels - first : TILE_PIXELS;
  size_t window = self->kernel_height * self->kernel_width *
                  (self->in_channels / self->groups);
  size_t group_size = self->out_channels / self->groups * work->width;
  char *rows = (char *) self->scratch +
               worker * dptk_conv2d_get_scratch (self, work->width);
  char *result = rows + TILE_PIXELS * window * work->width;
  char *columns = result + TILE_PIXELS * group_size;

  for (size_t group = 0; group < self->groups; group++)
    {
      char *y = (char *) self->y + first * self->out_channels * work->width +
                group * group_size;
      DptkMatmul matmul = { .m = n,
                            .n = self->out_channels / self->groups,
                            .k = window,
                            .a = rows,
                            .b = self->filter,
                            .c = result };

      unfold (self, work->width, first, n, group, rows);
      if (self->groups == 1)
        {
          matmul.c = y;
          work->matmul (&matmul, NULL);
          continue;
        }
      gather_filter (self, work->width, group, columns);
      matmul.b = columns;
      work->matmul (&matmul, NULL);
      for (size_t i = 0; i < n; i++)
        memcpy (y + i * self->out_channels * work->width,
                result + i * group_size, group_size);
    }
}

static void
run (const DptkConv2d *self,
     DptkDtype dtype,
     DptkMatmulKernel *matmul,
     const DptkParallel *parallel)
{
  Work work = { self, dptk_dtype_get_width (dtype), matmul };
  size_t pixels = self->batch * self->out_height * self->out_width;

  dptk_parallel_run (parallel, (pixels + TILE_PIXELS - 1) / TILE_PIXELS,
                     run_tile, &work);
}

void
dptk_conv2d_f32 (const DptkConv2d *self, const DptkParallel *parallel)
{
  run (self, DPTK_F32, dptk_matmul_f32, parallel);
}

void
dptk_conv2d_f64 (const DptkConv2d *self, const DptkParallel *parallel)
{
  run (self, DPTK_F64, dptk_matmul_f64, parallel);
}

void
dptk_conv2d_i32 (const DptkConv2d *self, const DptkParallel *parallel)
{
  run (self, DPTK_I32, dptk_matmul_i32, parallel);
}
