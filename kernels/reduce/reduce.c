/* reduce.c - sums, products and extremes along one axis
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is seen as [outer, length, inner] and reduced over `length`;
 * other axes are brought there by the caller.  Sums of float are taken in
 * double, so that their order hardly matters; whole numbers wrap.
 */

#include "dptk.h"

#include <math.h>
#include <stdint.h>

/* Results of a tile where inner > 1: their accumulators stay in the cache.
 * Elements read by a tile where inner is 1. */
enum
{
  CHUNK = 128,
  TILE = 16384,
};

typedef void
ReduceOuterFunc (const DptkReduce *self, size_t outer, size_t first, size_t n);

typedef struct
{
  const DptkReduce *reduce;
  ReduceOuterFunc *func;
  size_t chunks;          /* per outer, where inner > 1 */
  size_t outers_per_tile; /* where inner is 1 */
} Work;

static size_t
min_size (size_t a, size_t b)
{
  return a < b ? a : b;
}

static void
run_tile (void *data, size_t tile, size_t worker)
{
  const Work *work = data;
  const DptkReduce *self = work->reduce;

  (void) worker;
  if (self->inner > 1)
    {
      size_t first = tile % work->chunks * CHUNK;

      work->func (self, tile / work->chunks, first,
                  min_size (CHUNK, self->inner - first));
      return;
    }
  for (size_t outer = tile * work->outers_per_tile;
       outer < min_size (self->outer, (tile + 1) * work->outers_per_tile);
       outer++)
    work->func (self, outer, 0, 1);
}

static void
run (const DptkReduce *self,
     ReduceOuterFunc *func,
     const DptkParallel *parallel)
{
  Work work = { .reduce = self, .func = func };
  size_t n_tiles;

  if (self->outer == 0 || self->inner == 0)
    return;
  work.chunks = (self->inner + CHUNK - 1) / CHUNK;
  work.outers_per_tile = TILE / (self->length + 1) + 1;
  n_tiles = self->inner > 1 ? self->outer * work.chunks
                            : (self->outer + work.outers_per_tile - 1) /
                                  work.outers_per_tile;
  dptk_parallel_run (parallel, n_tiles, run_tile, &work);
}

/* A is the accumulator's type; `join` combines accumulator a with element x,
 * `finish` makes the result of a.  With inner 1 four accumulators break the
 * chain of dependent additions; they are joined in a fixed order. */
#define DEFINE_REDUCE(name, suffix, T, A, start, join, finish)               \
  static void name##_outer_##suffix (const DptkReduce *self, size_t outer,   \
                                     size_t first, size_t n)                 \
  {                                                                          \
    const T *in = (const T *) self->x + outer * self->length * self->inner + \
                  first;                                                     \
    T *out = (T *) self->y + outer * self->inner + first;                    \
    A sums[CHUNK];                                                           \
                                                                             \
    if (self->inner == 1)                                                    \
      {                                                                      \
        A lanes[4] = { (start), (start), (start), (start) };                 \
        size_t i = 0;                                                        \
                                                                             \
        for (; i + 4 <= self->length; i += 4)                                \
          for (size_t lane = 0; lane < 4; lane++)                            \
            {                                                                \
              A a = lanes[lane], x = (A) in[i + lane];                       \
                                                                             \
              lanes[lane] = (A) (join);                                      \
            }                                                                \
        for (; i < self->length; i++)                                        \
          {                                                                  \
            A a = lanes[0], x = (A) in[i];                                   \
                                                                             \
            lanes[0] = (A) (join);                                           \
          }                                                                  \
        for (size_t lane = 1; lane < 4; lane++)                              \
          {                                                                  \
            A a = lanes[0], x = lanes[lane];                                 \
                                                                             \
            lanes[0] = (A) (join);                                           \
          }                                                                  \
        {                                                                    \
          A a = lanes[0];                                                    \
                                                                             \
          out[0] = (T) (finish);                                             \
        }                                                                    \
        return;                                                              \
      }                                                                      \
                                                                             \
    for (size_t i = 0; i < n; i++)                                           \
      sums[i] = (start);                                                     \
    for (size_t at = 0; at < self->length; at++, in += self->inner)          \
      for (size_t i = 0; i < n; i++)                                         \
        {                                                                    \
          A a = sums[i], x = (A) in[i];                                      \
                                                                             \
          sums[i] = (A) (join);                                              \
        }                                                                    \
    for (size_t i = 0; i < n; i++)                                           \
      {                                                                      \
        A a = sums[i];                                                       \
                                                                             \
        out[i] = (T) (finish);                                               \
      }                                                                      \
  }                                                                          \
                                                                             \
  void dptk_##name##_##suffix (const DptkReduce *self,                       \
                               const DptkParallel *parallel)                 \
  {                                                                          \
    run (self, name##_outer_##suffix, parallel);                             \
  }

/* Sums and products; W is the type that whole numbers wrap in. */
#define DEFINE_SUMS(suffix, T, A, W)                     \
  DEFINE_REDUCE (sum, suffix, T, A, 0, (W) a + (W) x, a) \
  DEFINE_REDUCE (prod, suffix, T, A, 1, (W) a *(W) x, a)
#define DEFINE_EXTREMES(suffix, T, lowest, highest)           \
  DEFINE_REDUCE (max, suffix, T, T, lowest, a < x ? x : a, a) \
  DEFINE_REDUCE (min, suffix, T, T, highest, x < a ? x : a, a)

DEFINE_SUMS (f32, float, double, double)
DEFINE_SUMS (f64, double, double, double)
DEFINE_SUMS (i8, int8_t, int8_t, uint32_t)
DEFINE_SUMS (i16, int16_t, int16_t, uint32_t)
DEFINE_SUMS (i32, int32_t, int32_t, uint32_t)
DEFINE_SUMS (i64, int64_t, int64_t, uint64_t)
DEFINE_SUMS (u8, uint8_t, uint8_t, uint32_t)
DEFINE_SUMS (u16, uint16_t, uint16_t, uint32_t)
DEFINE_SUMS (u32, uint32_t, uint32_t, uint32_t)
DEFINE_SUMS (u64, uint64_t, uint64_t, uint64_t)

#define DIVIDED_BY_LENGTH (a / (double) self->length)
DEFINE_REDUCE (mean, f32, float, double, 0, a + x, DIVIDED_BY_LENGTH)
DEFINE_REDUCE (mean, f64, double, double, 0, a + x, DIVIDED_BY_LENGTH)
/* The mean of whole numbers is their wrapped sum, divided and truncated.  The
 * mean of none has no value there; 0 is as good as any and
 * does not trap. */
#define DEFINE_INT_MEAN(suffix, T, W)                  \
  DEFINE_REDUCE (mean, suffix, T, T, 0, (W) a + (W) x, \
                 self->length == 0 ? 0 : a / (T) self->length)
DEFINE_INT_MEAN (i8, int8_t, uint32_t)
DEFINE_INT_MEAN (i16, int16_t, uint32_t)
DEFINE_INT_MEAN (i32, int32_t, uint32_t)
DEFINE_INT_MEAN (i64, int64_t, uint64_t)
DEFINE_INT_MEAN (u8, uint8_t, uint32_t)
DEFINE_INT_MEAN (u16, uint16_t, uint32_t)
DEFINE_INT_MEAN (u32, uint32_t, uint32_t)
DEFINE_INT_MEAN (u64, uint64_t, uint64_t)

DEFINE_EXTREMES (f32, float, -INFINITY, INFINITY)
DEFINE_EXTREMES (f64, double, (double) -INFINITY, (double) INFINITY)
DEFINE_EXTREMES (i8, int8_t, INT8_MIN, INT8_MAX)
DEFINE_EXTREMES (i16, int16_t, INT16_MIN, INT16_MAX)
DEFINE_EXTREMES (i32, int32_t, INT32_MIN, INT32_MAX)
DEFINE_EXTREMES (i64, int64_t, INT64_MIN, INT64_MAX)
DEFINE_EXTREMES (u8, uint8_t, 0, UINT8_MAX)
DEFINE_EXTREMES (u16, uint16_t, 0, UINT16_MAX)
DEFINE_EXTREMES (u32, uint32_t, 0, UINT32_MAX)
DEFINE_EXTREMES (u64, uint64_t, 0, UINT64_MAX)

DEFINE_REDUCE (all, bool, uint8_t, uint8_t, 1, a != 0 && x != 0, a)
DEFINE_REDUCE (any, bool, uint8_t, uint8_t, 0, a != 0 || x != 0, a)
