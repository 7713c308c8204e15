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
  Doubles values[2 * BLOCK / LANES];
} Block;

static const DptkMomentsResult nothing = { .min = HUGE_VAL, .max = -HUGE_VAL };

/* Complex elements become their magnitudes, in place. */
INLINE void
take_magnitudes (Block *block, size_t parts)
{
  double *x = (double *) block->values;

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
  double *x = (double *) block->values;
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

static double
add_lanes (const Doubles *lanes)
{
  double sum = 0;

  for (int k = 0; k < LANES; k++)
    sum += (*lanes)[k];
  return sum;
}

INLINE void
measure_extremes (Block *block, DptkMomentsResult *result)
{
  const double *x = (const double *) block->values;
  Doubles low, high;
  uint64_t zeros = 0;

  /* The first number once more is neither a new least nor a new largest. */
  pad (block->values, block->n, x[0]);
  low = high = block->values[0];
  for (size_t i = 0; i < (block->n + LANES - 1) / LANES; i++)
    {
      Doubles v = block->values[i];

      low = CHOOSE (v < low, v, low);
      high = CHOOSE (v > high, v, high);
    }
  for (int k = 0; k < LANES; k++)
    {
      if (low[k] < result->min)
        result->min = low[k];
      if (high[k] > result->max)
        result->max = high[k];
    }
  for (size_t i = 0; i < block->n; i++)
    zeros += x[i] == 0;
  result->zeros += zeros;
}

/* Mean, deviations and squares of the block. */
INLINE void
measure_sums (Block *block, DptkMomentsResult *result)
{
  Doubles sum = { 0 };
  Doubles squares = { 0 };
  Doubles deviations = { 0 };
  double mean;

  pad (block->values, block->n, 0);
  for (size_t i = 0; i < (block->n + LANES - 1) / LANES; i++)
    {
      sum += block->values[i];
      squares += block->values[i] * block->values[i];
    }

  mean = add_lanes (&sum) / (double) block->n;
  pad (block->values, block->n, mean);
  for (size_t i = 0; i < (block->n + LANES - 1) / LANES; i++)
    {
      Doubles d = block->values[i] - mean;

      deviations += d * d;
    }

  result->finite = block->n;
  result->mean = mean;
  result->squares = add_lanes (&squares);
  result->deviations = add_lanes (&deviations);
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

INLINE void
measure_block (Block *block, DptkMomentsResult *tile)
{
  DptkMomentsResult result = nothing;

  sort_out (block, &result);
  if (block->n > 0)
    {
      measure_extremes (block, &result);
      measure_sums (block, &result);
    }
  join_one (tile, &result);
}

static void
run (const DptkMoments *self, DptkTileFunc func, const DptkParallel *parallel)
{
  size_t n_tiles = dptk_moments_get_n_tiles (self->n);

  dptk_parallel_run (parallel, n_tiles, func, (void *) self);
  dptk_moments_join (self->tiles, n_tiles, self->result);
}

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
        load_##name (x + width * i, (double *) block.values, block.n);   \
        take_magnitudes (&block, width);                                 \
        measure_block (&block, &result);                                 \
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
