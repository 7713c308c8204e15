/* conv2d-packed.c - convolution over packed weights (the fast path)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * x: [batch, in_height, in_width, in_channels], NHWC, float, one group.
 * filter: packed by dptk_conv2d_pack() in panels of the variant.
 * y: [batch, out_height, out_width, out_channels].
 *
 * What changed from conv2d.c: the filter lies as one stream for each panel,
 * the sums of a block of pixels by a panel stay in registers, and windows of
 * a single pixel are read where they are.  A tile is a fixed number of
 * pixels, by a fixed number of panels where there are few pixels.
 */

#include "dptk.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Pixels of a tile; panels of a tile where pixels alone make few tiles. */
enum
{
  TILE_PIXELS = 48,
  TILE_PANELS = 4,
  FEW_TILES = 8,
};

typedef void PanelFunc (size_t pixels,
                        size_t window,
                        const float *x,
                        size_t x_step,
                        const float *w,
                        float *y,
                        size_t y_step,
                        size_t n);

typedef struct
{
  const DptkConv2d *conv;
  PanelFunc *func;
  size_t panel; /* channels of a panel */
  size_t n_panels;
  size_t window;
  size_t pixels;
  size_t panels_per_tile;
  size_t panel_tiles;
  bool in_place; /* a window is one pixel of x, in x's own order */
} Work;

static size_t
min_size (size_t a, size_t b)
{
  return a < b ? a : b;
}

/**
 * dptk_conv2d_packed_get_scratch:
 * @self: the sizes
 *
 * Returns: bytes of scratch that conv2d_packed needs for each worker: the
 *   unfolded windows of a tile.
 */
size_t
dptk_conv2d_packed_get_scratch (const DptkConv2d *self)
{
  return TILE_PIXELS * self->kernel_height * self->kernel_width *
         self->in_channels * sizeof (float);
}

/* One row of a window: kernel_width pixels, which are neighbours in x where
 * columns are not dilated; what lies outside is zero. */
static void
unfold_row (const DptkConv2d *self,
            size_t image,
            size_t row,
            size_t column,
            float *to)
{
  size_t channels = self->in_channels;
  const float *from = self->x;

  if (row < self->pad_top || row - self->pad_top >= self->in_height)
    {
      memset (to, 0, self->kernel_width * channels * sizeof *to);
      return;
    }
  from += (image * self->in_height + row - self->pad_top) * self->in_width *
          channels;
  for (size_t j = 0; j < self->kernel_width; j++, to += channels)
    {
      size_t at = column + j * self->dilation_width;

      if (at < self->pad_left || at - self->pad_left >= self->in_width)
        memset (to, 0, channels * sizeof *to);
      else
        memcpy (to, from + (at - self->pad_left) * channels,
                channels * sizeof *to);
    }
}

static void
unfold (const DptkConv2d *self, size_t first, size_t n, float *to)
{
  size_t size = self->kernel_width * self->in_channels;

  for (size_t pixel = first; pixel < first + n; pixel++)
    {
      size_t x = pixel % self->out_width;
      size_t y = pixel / self->out_width % self->out_height;
      size_t image = pixel / self->out_width / self->out_height;

      for (size_t i = 0; i < self->kernel_height; i++, to += size)
        unfold_row (self, image,
                    y * self->stride_height + i * self->dilation_height,
                    x * self->stride_width, to);
    }
}

static void
run_tile (void *data, size_t tile, size_t worker)
{
  const Work *work = data;
  const DptkConv2d *self = work->conv;
  size_t first = tile / work->panel_tiles * TILE_PIXELS;
  size_t n = min_size (TILE_PIXELS, work->pixels - first);
  size_t panel = tile % work->panel_tiles * work->panels_per_tile;
  size_t end = min_size (panel + work->panels_per_tile, work->n_panels);
  const float *x = (const float *) self->x + first * work->window;

  if (!work->in_place)
    {
      float *rows = (float *) self->scratch +
                    worker * (dptk_conv2d_packed_get_scratch (self) /
                              sizeof (float));

      unfold (self, first, n, rows);
      x = rows;
    }
  for (; panel < end; panel++)
    {
      size_t channel = panel * work->panel;

      work->func (n, work->window, x, work->window,
                  (const float *) self->filter + channel * work->window,
                  (float *) self->y + first * self->out_channels + channel,
                  self->out_channels,
                  min_size (work->panel, self->out_channels - channel));
    }
}

static void
run (const DptkConv2d *self,
     size_t panel,
     PanelFunc *func,
     const DptkParallel *parallel)
{
  Work work = { .conv = self, .func = func, .panel = panel };
  size_t pixel_tiles;

  work.n_panels = (self->out_channels + panel - 1) / panel;
  work.window = self->kernel_height * self->kernel_width * self->in_channels;
  work.pixels = self->batch * self->out_height * self->out_width;
  pixel_tiles = (work.pixels + TILE_PIXELS - 1) / TILE_PIXELS;
  work.panels_per_tile = pixel_tiles >= FEW_TILES ? work.n_panels : TILE_PANELS;
  work.panel_tiles = (work.n_panels + work.panels_per_tile - 1) /
                     work.panels_per_tile;
  work.in_place = self->kernel_height == 1 && self->kernel_width == 1 &&
                  self->stride_height == 1 && self->stride_width == 1 &&
                  self->in_height == self->out_height &&
                  self->in_width == self->out_width && self->pad_top == 0 &&
                  self->pad_left == 0;
  if (work.n_panels > 0)
    dptk_parallel_run (parallel, pixel_tiles * work.panel_tiles, run_tile,
                       &work);
}

typedef float Vector4 __attribute__ ((vector_size (16)));

/* NAME2 lets the block's number be a macro. */
#define NAME_JOIN(x, rows, suffix)   x##rows##suffix
#define NAME_EXPAND(x, rows, suffix) NAME_JOIN (x, rows, suffix)

#define NAME(x)        x##_portable
#define NAME2(x, rows) NAME_EXPAND (x, rows, _portable)
#define TARGET
#define VECTOR       Vector4
#define LANES        4
#define ROWS         6
#define FMA(a, b, c) ((a) * (b) + (c))
#define SET(x)       ((Vector4){ (x), (x), (x), (x) })
#include "conv2d-micro.inc"

#if defined(__x86_64__)

#define NAME(x)        x##_avx2
#define NAME2(x, rows) NAME_EXPAND (x, rows, _avx2)
#define TARGET         __attribute__ ((target ("avx2,fma")))
#define VECTOR         __m256
#define LANES          8
#define ROWS           6
#define FMA(a, b, c)   _mm256_fmadd_ps (a, b, c)
#define SET(x)         _mm256_set1_ps (x)
#include "conv2d-micro.inc"

#define NAME(x)        x##_avx512
#define NAME2(x, rows) NAME_EXPAND (x, rows, _avx512)
#define TARGET         __attribute__ ((target ("avx512f")))
#define VECTOR         __m512
#define LANES          16
#define ROWS           12
#define FMA(a, b, c)   _mm512_fmadd_ps (a, b, c)
#define SET(x)         _mm512_set1_ps (x)
#include "conv2d-micro.inc"

#endif
