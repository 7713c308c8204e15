/* moments.c - what an array's values are like: extremes, mean, deviation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Only finite elements count; complex ones count by magnitude.  The squares of
 * deviations are taken from the mean of a block, where they are small, and
 * joined with those of other blocks by the rule of Chan, Golub and LeVeque:
 *
 *   n = n_a + n_b, d = mean_b - mean_a
 *   mean = mean_a + d n_b / n
 *   deviations = deviations_a + deviations_b + d^2 n_a n_b / n
 */

#include "dptk.h"

#include <float.h>
#include <math.h>

#include "load.h"

typedef struct
{
  size_t n;
  LANE_ALIGNED double values[2 * BLOCK];
} Block;

static const DptkMomentsResult nothing = { .min = HUGE_VAL, .max = -HUGE_VAL };

/* Complex elements become their magnitudes, in place. */
INLINE void
take_magnitudes (Block *block, size_t parts)
{
  double *x = block->values;

  if (parts == 2)
    for (size_t i = 0; i < block->n; i++)
      /* hypot (inf, nan) is infinite, but the element is no number. */
      x[i] = isnan (x[2 * i]) || isnan (x[2 * i + 1])
                 ? (double) NAN
                 : hypot (x[2 * i], x[2 * i + 1]);
}

/* Counts what is not finite, and closes the gaps that it leaves. */
INLINE void
sort_out (Block *block, DptkMomentsResult *result)
{
  double *x = block->values;
  size_t kept = 0;
  int strange = 0;

  for (size_t i = 0; i < block->n; i++)
    strange |= !(fabs (x[i]) <= DBL_MAX);
  if (!strange)
    return;

  for (size_t i = 0; i < block->n; i++)
    if (isnan (x[i]))
      result->nan++;
    else if (isinf (x[i]))
      result->inf++;
    else
      x[kept++] = x[i];
  block->n = kept;
}

/* Extremes and sums, lane by lane. */
typedef struct
{
  LANE_ALIGNED double min[LANES];
  LANE_ALIGNED double max[LANES];
  LANE_ALIGNED double sum[LANES];
  LANE_ALIGNED double squares[LANES];
  LANE_ALIGNED double deviations[LANES];
} Lanes;

#define DEFINE_LOOPS(variant)                                                \
  TARGET_##variant static void find_extremes_##variant (const Block *block,  \
                                                        Lanes *lanes)        \
  {                                                                          \
    for (size_t k = 0; k < LANES; k += WIDTH (variant))                      \
      {                                                                      \
        const double *x = &block->values[k];                                 \
        Doubles_##variant low = *(const Doubles_##variant *) x;              \
        Doubles_##variant high = low;                                        \
                                                                             \
        for (size_t i = k; i < block->n; i += LANES)                         \
          {                                                                  \
            Doubles_##variant v =                                            \
                *(const Doubles_##variant *) &block->values[i];              \
                                                                             \
            low = CHOOSE (variant, v < low, v, low);                         \
            high = CHOOSE (variant, v > high, v, high);                      \
          }                                                                  \
        *(Doubles_##variant *) &lanes->min[k] = low;                         \
        *(Doubles_##variant *) &lanes->max[k] = high;                        \
      }                                                                      \
  }                                                                          \
                                                                             \
  TARGET_##variant static void add_##variant (const Block *block,            \
                                              Lanes *lanes)                  \
  {                                                                          \
    for (size_t k = 0; k < LANES; k += WIDTH (variant))                      \
      {                                                                      \
        Doubles_##variant sum = { 0 }, squares = { 0 };                      \
                                                                             \
        for (size_t i = k; i < block->n; i += LANES)                         \
          {                                                                  \
            Doubles_##variant v =                                            \
                *(const Doubles_##variant *) &block->values[i];              \
                                                                             \
            sum += v;                                                        \
            squares += v * v;                                                \
          }                                                                  \
        *(Doubles_##variant *) &lanes->sum[k] = sum;                         \
        *(Doubles_##variant *) &lanes->squares[k] = squares;                 \
      }                                                                      \
  }                                                                          \
                                                                             \
  TARGET_##variant static void add_deviations_##variant (const Block *block, \
                                                         double mean,        \
                                                         Lanes *lanes)       \
  {                                                                          \
    for (size_t k = 0; k < LANES; k += WIDTH (variant))                      \
      {                                                                      \
        Doubles_##variant deviations = { 0 };                                \
                                                                             \
        for (size_t i = k; i < block->n; i += LANES)                         \
          {                                                                  \
            Doubles_##variant d =                                            \
                *(const Doubles_##variant *) &block->values[i] - mean;       \
                                                                             \
            deviations += d * d;                                             \
          }                                                                  \
        *(Doubles_##variant *) &lanes->deviations[k] = deviations;           \
      }                                                                      \
  }

FOREACH_WIDTH (DEFINE_LOOPS)

static double
add_lanes (const double *lanes)
{
  double sum = 0;

  for (int k = 0; k < LANES; k++)
    sum += lanes[k];
  return sum;
}

static void
close_extremes (const Block *block,
                const Lanes *lanes,
                DptkMomentsResult *result)
{
  uint64_t zeros = 0;

  for (int k = 0; k < LANES; k++)
    {
      if (lanes->min[k] < result->min)
        result->min = lanes->min[k];
      if (lanes->max[k] > result->max)
        result->max = lanes->max[k];
    }
  for (size_t i = 0; i < block->n; i++)
    zeros += block->values[i] == 0;
  result->zeros = zeros;
}

static void
join_one (DptkMomentsResult *a, const DptkMomentsResult *b)
{
  a->zeros += b->zeros;
  a->nan += b->nan;
  a->inf += b->inf;
  a->squares += b->squares;
  a->min = b->min < a->min ? b->min : a->min;
  a->max = b->max > a->max ? b->max : a->max;
  if (b->finite > 0)
    {
      double n_a = (double) a->finite;
      double n_b = (double) b->finite;
      double d = b->mean - a->mean;

      a->mean += d * (n_b / (n_a + n_b));
      a->deviations += b->deviations + d * d * (n_a * (n_b / (n_a + n_b)));
      a->finite += b->finite;
    }
}

static void
run (const DptkMoments *self, DptkTileFunc func, const DptkParallel *parallel)
{
  size_t n_tiles = dptk_moments_get_n_tiles (self->n);

  dptk_parallel_run (parallel, n_tiles, func, (void *) self);
  dptk_moments_join (self->tiles, n_tiles, self->result);
}

/* The pads: the first number again is neither a new least nor a new largest,
 * 0 adds nothing, the mean does not deviate. */
#define DEFINE_MEASURE(variant)                                       \
  TARGET_##variant static void                                        \
      measure_block_##variant (Block *block, DptkMomentsResult *tile) \
  {                                                                   \
    DptkMomentsResult result = nothing;                               \
    Lanes lanes;                                                      \
                                                                      \
    sort_out (block, &result);                                        \
    if (block->n > 0)                                                 \
      {                                                               \
        pad (block->values, block->n, block->values[0]);              \
        find_extremes_##variant (block, &lanes);                      \
        close_extremes (block, &lanes, &result);                      \
        pad (block->values, block->n, 0);                             \
        add_##variant (block, &lanes);                                \
        result.finite = block->n;                                     \
        result.squares = add_lanes (lanes.squares);                   \
        result.mean = add_lanes (lanes.sum) / (double) block->n;      \
        pad (block->values, block->n, result.mean);                   \
        add_deviations_##variant (block, result.mean, &lanes);        \
        result.deviations = add_lanes (lanes.deviations);             \
      }                                                               \
    join_one (tile, &result);                                         \
  }

FOREACH_WIDTH (DEFINE_MEASURE)

#define DEFINE_MOMENTS(name, T, width, function, variant)                \
  TARGET_##variant static void tile_##function (void *data, size_t tile, \
                                                size_t worker)           \
  {                                                                      \
    const DptkMoments *self = data;                                      \
    size_t first = tile * TILE;                                          \
    size_t n = self->n - first < TILE ? self->n - first : TILE;          \
    const T *x = (const T *) self->x + width * first;                    \
    DptkMomentsResult result = nothing;                                  \
    Block block;                                                         \
                                                                         \
    (void) worker;                                                       \
    for (size_t i = 0; i < n; i += BLOCK)                                \
      {                                                                  \
        block.n = n - i < BLOCK ? n - i : BLOCK;                         \
        load_##name (x + width * i, block.values, block.n);              \
        take_magnitudes (&block, width);                                 \
        measure_block_##variant (&block, &result);                       \
      }                                                                  \
    self->tiles[tile] = result;                                          \
  }                                                                      \
                                                                         \
  void function (const DptkMoments *self, const DptkParallel *parallel)  \
  {                                                                      \
    run (self, tile_##function, parallel);                               \
  }

FOREACH_PORTABLE (DEFINE_MOMENTS, dptk_moments)
FOREACH_VARIANT (DEFINE_MOMENTS, dptk_moments)

/* How many results of tiles the caller brings. */
size_t
dptk_moments_get_n_tiles (size_t n)
{
  return n / TILE + (n % TILE != 0);
}

/* Joins the results of neighbouring pieces, in their order. */
void
dptk_moments_join (const DptkMomentsResult *tiles,
                   size_t n_tiles,
                   DptkMomentsResult *result)
{
  *result = nothing;
  for (size_t i = 0; i < n_tiles; i++)
    join_one (result, &tiles[i]);
}
