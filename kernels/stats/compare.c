/* compare.c - how far two arrays are apart: absolute, relative, in ULPs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every dtype is loaded block by block as double, exactly (of 64-bit integers
 * the distance is exact, taken before it is rounded), so there is one loop
 * that measures.
 *
 * What is not finite is settled before that loop, and leaves it zeros:
 *   equal infinities, two NaN (unless they shall differ)   distance 0
 *   anything else with a NaN or an infinity in it          distance infinite,
 *                                                          out of tolerance
 */

#include "dptk.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "load.h"

/* `left` and `right` hold `parts` numbers for each element: 2 if complex. */
typedef struct
{
  size_t n, parts;
  LANE_ALIGNED double left[2 * BLOCK];
  LANE_ALIGNED double right[2 * BLOCK];
  LANE_ALIGNED double distance[BLOCK];  /* |l - r| */
  LANE_ALIGNED double magnitude[BLOCK]; /* |r| */
} Block;

/* Sums and largest values of a tile, lane by lane; masks are -1 where they
 * are set. */
typedef struct
{
  LANE_ALIGNED double max_abs[LANES];
  LANE_ALIGNED double sum_abs[LANES];
  LANE_ALIGNED double sum_squares[LANES];
  LANE_ALIGNED double dot[LANES];
  LANE_ALIGNED double left_squares[LANES];
  LANE_ALIGNED double right_squares[LANES];
  LANE_ALIGNED int64_t out_of_tolerance[LANES];
  LANE_ALIGNED int64_t nonzero[LANES];
  LANE_ALIGNED int64_t exceeds[LANES]; /* a relative error beyond max_rel */
} Lanes;

/* Divisions are slow, and new largest relative errors are rare: here it is
 * only asked whether the block has one, by multiplying. */
#define DEFINE_LOOPS(variant)                                                  \
  TARGET_##variant static void                                                 \
      measure_distances_##variant (const Block *block,                         \
                                   const DptkDifference *self, double max_rel, \
                                   Lanes *lanes)                               \
  {                                                                            \
    for (size_t k = 0; k < LANES; k += WIDTH (variant))                        \
      {                                                                        \
        Doubles_##variant *max_abs = (void *) &lanes->max_abs[k];              \
        Doubles_##variant *sum_abs = (void *) &lanes->sum_abs[k];              \
        Doubles_##variant *sum_squares = (void *) &lanes->sum_squares[k];      \
        Longs_##variant *beyond = (void *) &lanes->out_of_tolerance[k];        \
        Longs_##variant *nonzero = (void *) &lanes->nonzero[k];                \
        Longs_##variant *exceeds = (void *) &lanes->exceeds[k];                \
        Doubles_##variant largest = *max_abs;                                  \
        Doubles_##variant sum = *sum_abs, squares = *sum_squares;              \
        Longs_##variant count = *beyond, any = *nonzero, more = { 0 };         \
                                                                               \
        for (size_t i = k; i < block->n; i += LANES)                           \
          {                                                                    \
            Doubles_##variant d =                                              \
                *(const Doubles_##variant *) &block->distance[i];              \
            Doubles_##variant r =                                              \
                *(const Doubles_##variant *) &block->magnitude[i];             \
                                                                               \
            largest = CHOOSE (variant, d > largest, d, largest);               \
            sum += d;                                                          \
            squares += d * d;                                                  \
            count -= d > self->atol + self->rtol * r;                          \
            any |= r > 0;                                                      \
            more |= (d > max_rel * r) & (r > 0);                               \
          }                                                                    \
        *max_abs = largest;                                                    \
        *sum_abs = sum;                                                        \
        *sum_squares = squares;                                                \
        *beyond = count;                                                       \
        *nonzero = any;                                                        \
        *exceeds = more;                                                       \
      }                                                                        \
  }                                                                            \
                                                                               \
  TARGET_##variant static void measure_products_##variant (const Block *block, \
                                                           Lanes *lanes)       \
  {                                                                            \
    for (size_t k = 0; k < LANES; k += WIDTH (variant))                        \
      {                                                                        \
        Doubles_##variant *dot = (void *) &lanes->dot[k];                      \
        Doubles_##variant *left_squares = (void *) &lanes->left_squares[k];    \
        Doubles_##variant *right_squares = (void *) &lanes->right_squares[k];  \
        Doubles_##variant lr = *dot;                                           \
        Doubles_##variant ll = *left_squares, rr = *right_squares;             \
                                                                               \
        for (size_t i = k; i < block->n * block->parts; i += LANES)            \
          {                                                                    \
            Doubles_##variant l =                                              \
                *(const Doubles_##variant *) &block->left[i];                  \
            Doubles_##variant r =                                              \
                *(const Doubles_##variant *) &block->right[i];                 \
                                                                               \
            lr += l * r;                                                       \
            ll += l * l;                                                       \
            rr += r * r;                                                       \
          }                                                                    \
        *dot = lr;                                                             \
        *left_squares = ll;                                                    \
        *right_squares = rr;                                                   \
      }                                                                        \
  }

FOREACH_WIDTH (DEFINE_LOOPS)

/* Where the block reaches a new largest relative error, finds it. */
static void
find_relative (const Block *block,
               const Lanes *lanes,
               DptkDifferenceResult *result)
{
  int64_t exceeds = 0;

  for (int k = 0; k < LANES; k++)
    exceeds |= lanes->exceeds[k];
  if (!exceeds)
    return;

  for (size_t i = 0; i < block->n; i++)
    if (block->magnitude[i] > 0 &&
        block->distance[i] / block->magnitude[i] > result->max_rel)
      result->max_rel = block->distance[i] / block->magnitude[i];
}

/* Where the block reaches a new largest distance, finds the first element
 * that has it. */
static void
find_largest (const Block *block,
              size_t first,
              const Lanes *lanes,
              DptkDifferenceResult *result)
{
  double largest = result->max_abs;

  for (int k = 0; k < LANES; k++)
    if (lanes->max_abs[k] > largest)
      largest = lanes->max_abs[k];
  if (!(largest > result->max_abs))
    return;

  result->max_abs = largest;
  for (size_t i = 0; i < block->n; i++)
    if (block->distance[i] == largest)
      {
        result->max_index = first + i;
        return;
      }
}

/* A NaN or an infinity on one side leaves its trace in the distance; so does
 * one that overflows, which settle() then passes over. */
INLINE bool
is_finite (const Block *block)
{
  int strange = 0;

  for (size_t i = 0; i < block->n; i++)
    strange |= !(block->distance[i] <= DBL_MAX);
  return !strange;
}

/* What one element's numbers are: a NaN in any of them makes it one. */
static void
classify (const double *numbers, size_t parts, bool *nan, bool *infinite)
{
  *nan = *infinite = false;
  for (size_t i = 0; i < parts; i++)
    {
      *nan |= isnan (numbers[i]);
      *infinite |= isinf (numbers[i]);
    }
  *infinite &= !*nan;
}

/* Settles elements that are not finite, and leaves zeros in their place. */
static void
settle (Block *block,
        size_t first,
        bool nan_differs,
        DptkDifferenceResult *result)
{
  size_t parts = block->parts;

  for (size_t i = 0; i < block->n; i++)
    {
      double *l = &block->left[i * parts];
      double *r = &block->right[i * parts];
      bool nan_l, nan_r, inf_l, inf_r, same;

      classify (l, parts, &nan_l, &inf_l);
      classify (r, parts, &nan_r, &inf_r);
      if (!nan_l && !nan_r && !inf_l && !inf_r)
        continue;

      result->nan_left += nan_l;
      result->nan_right += nan_r;
      result->inf_left += inf_l;
      result->inf_right += inf_r;
      same = nan_l && nan_r ? !nan_differs
                            : l[0] == r[0] && l[parts - 1] == r[parts - 1];
      if (!same)
        {
          if (result->max_abs < HUGE_VAL)
            result->max_index = first + i;
          result->max_abs = result->max_rel = HUGE_VAL;
          result->out_of_tolerance++;
          result->incomparable++;
        }
      block->distance[i] = 0;
      block->magnitude[i] = 0;
      for (size_t k = 0; k < parts; k++)
        l[k] = r[k] = 0;
    }
}

/* Real numbers that double holds exactly. */
#define DEFINE_DISTANCES(name, T)                                            \
  INLINE void distances_##name (Block *block, const T *left, const T *right) \
  {                                                                          \
    const double *l = block->left;                                           \
    const double *r = block->right;                                          \
    double *distance = block->distance;                                      \
    double *magnitude = block->magnitude;                                    \
                                                                             \
    (void) left;                                                             \
    (void) right;                                                            \
    for (size_t i = 0; i < block->n; i++)                                    \
      {                                                                      \
        distance[i] = fabs (l[i] - r[i]);                                    \
        magnitude[i] = fabs (r[i]);                                          \
      }                                                                      \
  }

DEFINE_DISTANCES (f32, float)
DEFINE_DISTANCES (f64, double)
DEFINE_DISTANCES (f16, uint16_t)
DEFINE_DISTANCES (bf16, uint16_t)
DEFINE_DISTANCES (i8, int8_t)
DEFINE_DISTANCES (u8, uint8_t)
DEFINE_DISTANCES (i16, int16_t)
DEFINE_DISTANCES (u16, uint16_t)
DEFINE_DISTANCES (i32, int32_t)
DEFINE_DISTANCES (u32, uint32_t)

/* 64-bit integers: their exact distance fits into 64 bits without sign. */
#define DEFINE_DISTANCES_LONG(name, T)                                       \
  INLINE void distances_##name (Block *block, const T *left, const T *right) \
  {                                                                          \
    const double *r = block->right;                                          \
                                                                             \
    for (size_t i = 0; i < block->n; i++)                                    \
      {                                                                      \
        uint64_t a = (uint64_t) left[i];                                     \
        uint64_t b = (uint64_t) right[i];                                    \
                                                                             \
        block->distance[i] = (double) (left[i] > right[i] ? a - b : b - a);  \
        block->magnitude[i] = fabs (r[i]);                                   \
      }                                                                      \
  }

DEFINE_DISTANCES_LONG (i64, int64_t)
DEFINE_DISTANCES_LONG (u64, uint64_t)

/* Complex numbers: distance and magnitude in the plane. */
#define DEFINE_DISTANCES_COMPLEX(name, T)                                    \
  INLINE void distances_##name (Block *block, const T *left, const T *right) \
  {                                                                          \
    const double *l = block->left;                                           \
    const double *r = block->right;                                          \
                                                                             \
    (void) left;                                                             \
    (void) right;                                                            \
    for (size_t i = 0; i < block->n; i++)                                    \
      {                                                                      \
        block->distance[i] = hypot (l[2 * i] - r[2 * i],                     \
                                    l[2 * i + 1] - r[2 * i + 1]);            \
        block->magnitude[i] = hypot (r[2 * i], r[2 * i + 1]);                \
      }                                                                      \
  }

DEFINE_DISTANCES_COMPLEX (c64, float)
DEFINE_DISTANCES_COMPLEX (c128, double)

/* Units in the last place between two floats: neighbours have neighbouring
 * bits, once those with a sign are counted downwards from 0, which is where
 * both zeros then lie.  A NaN has no place in that order; settle() counts it.
 */
#define DEFINE_ULPS(name, T, I, U, infinity)                          \
  INLINE I rank_##name (const T *x)                                   \
  {                                                                   \
    const I lowest = (I) ((U) 1 << (8 * sizeof (U) - 1));             \
    I bits;                                                           \
                                                                      \
    memcpy (&bits, x, sizeof bits);                                   \
    return bits < 0 ? (I) ((U) lowest - (U) bits) : bits;             \
  }                                                                   \
                                                                      \
  INLINE U steps_##name (I a, I b)                                    \
  {                                                                   \
    return a > b ? (U) ((U) a - (U) b) : (U) ((U) b - (U) a);         \
  }                                                                   \
                                                                      \
  INLINE void ulps_##name (const T *left, const T *right, size_t n,   \
                           bool finite, DptkDifferenceResult *result) \
  {                                                                   \
    U largest = 0;                                                    \
                                                                      \
    if (finite)                                                       \
      for (size_t i = 0; i < n; i++)                                  \
        {                                                             \
          U steps = steps_##name (rank_##name (&left[i]),             \
                                  rank_##name (&right[i]));           \
                                                                      \
          largest = steps > largest ? steps : largest;                \
        }                                                             \
    else                                                              \
      for (size_t i = 0; i < n; i++)                                  \
        {                                                             \
          I a = rank_##name (&left[i]);                               \
          I b = rank_##name (&right[i]);                              \
          U steps = steps_##name (a, b);                              \
                                                                      \
          if (a <= infinity && a >= -infinity && b <= infinity &&     \
              b >= -infinity && steps > largest)                      \
            largest = steps;                                          \
        }                                                             \
    if ((double) largest > result->max_ulp)                           \
      result->max_ulp = (double) largest;                             \
  }

DEFINE_ULPS (f32, float, int32_t, uint32_t, 0x7f800000)
DEFINE_ULPS (f64, double, int64_t, uint64_t, 0x7ff0000000000000)
DEFINE_ULPS (f16, uint16_t, int16_t, uint16_t, 0x7c00)
DEFINE_ULPS (bf16, uint16_t, int16_t, uint16_t, 0x7f80)

/* Where a last place means nothing. */
#define ulps_i8(left, right, n, finite, result)   ((void) (result))
#define ulps_u8(left, right, n, finite, result)   ((void) (result))
#define ulps_i16(left, right, n, finite, result)  ((void) (result))
#define ulps_u16(left, right, n, finite, result)  ((void) (result))
#define ulps_i32(left, right, n, finite, result)  ((void) (result))
#define ulps_u32(left, right, n, finite, result)  ((void) (result))
#define ulps_i64(left, right, n, finite, result)  ((void) (result))
#define ulps_u64(left, right, n, finite, result)  ((void) (result))
#define ulps_c64(left, right, n, finite, result)  ((void) (result))
#define ulps_c128(left, right, n, finite, result) ((void) (result))

/* Adds up the lanes, the first one first. */
static void
close_lanes (const Lanes *lanes, DptkDifferenceResult *result)
{
  for (int k = 0; k < LANES; k++)
    {
      result->sum_abs += lanes->sum_abs[k];
      result->sum_squares += lanes->sum_squares[k];
      result->dot += lanes->dot[k];
      result->left_squares += lanes->left_squares[k];
      result->right_squares += lanes->right_squares[k];
      result->out_of_tolerance += (uint64_t) lanes->out_of_tolerance[k];
      result->right_nonzero |= lanes->nonzero[k] != 0;
    }
}

static void
join_one (DptkDifferenceResult *result, const DptkDifferenceResult *tile)
{
  if (tile->max_abs > result->max_abs)
    {
      result->max_abs = tile->max_abs;
      result->max_index = tile->max_index;
    }
  if (tile->max_rel > result->max_rel)
    result->max_rel = tile->max_rel;
  if (tile->max_ulp > result->max_ulp)
    result->max_ulp = tile->max_ulp;
  result->sum_abs += tile->sum_abs;
  result->sum_squares += tile->sum_squares;
  result->dot += tile->dot;
  result->left_squares += tile->left_squares;
  result->right_squares += tile->right_squares;
  result->out_of_tolerance += tile->out_of_tolerance;
  result->incomparable += tile->incomparable;
  result->nan_left += tile->nan_left;
  result->nan_right += tile->nan_right;
  result->inf_left += tile->inf_left;
  result->inf_right += tile->inf_right;
  result->right_nonzero |= tile->right_nonzero;
  result->same_bytes &= tile->same_bytes;
}

static void
run (const DptkDifference *self,
     DptkTileFunc func,
     const DptkParallel *parallel)
{
  size_t n_tiles = dptk_difference_get_n_tiles (self->n);

  dptk_parallel_run (parallel, n_tiles, func, (void *) self);
  dptk_difference_join (self->tiles, n_tiles, self->result);
}

#define DEFINE_DIFFERENCE(name, T, width, function, variant)                \
  TARGET_##variant static void tile_##function (void *data, size_t tile,    \
                                                size_t worker)              \
  {                                                                         \
    const DptkDifference *self = data;                                      \
    size_t first = tile * TILE;                                             \
    size_t n = self->n - first < TILE ? self->n - first : TILE;             \
    const T *left = (const T *) self->left + width * first;                 \
    const T *right = (const T *) self->right + width * first;               \
    DptkDifferenceResult result = { 0 };                                    \
    Lanes lanes = { 0 };                                                    \
    Block block;                                                            \
                                                                            \
    (void) worker;                                                          \
    block.parts = width;                                                    \
    result.same_bytes = memcmp (left, right, n * width * sizeof (T)) == 0;  \
    for (size_t i = 0; i < n; i += BLOCK)                                   \
      {                                                                     \
        const T *l = left + width * i;                                      \
        const T *r = right + width * i;                                     \
        bool finite;                                                        \
                                                                            \
        block.n = n - i < BLOCK ? n - i : BLOCK;                            \
        load_##name (l, block.left, block.n);                               \
        load_##name (r, block.right, block.n);                              \
        distances_##name (&block, l, r);                                    \
        finite = is_finite (&block);                                        \
        ulps_##name (l, r, block.n, finite, &result);                       \
        if (!finite)                                                        \
          settle (&block, first + i, self->nan_differs, &result);           \
        /* Zeros behind the last element measure nothing. */                \
        pad (block.left, block.n *width, 0);                                \
        pad (block.right, block.n *width, 0);                               \
        pad (block.distance, block.n, 0);                                   \
        pad (block.magnitude, block.n, 0);                                  \
        measure_distances_##variant (&block, self, result.max_rel, &lanes); \
        measure_products_##variant (&block, &lanes);                        \
        find_relative (&block, &lanes, &result);                            \
        find_largest (&block, first + i, &lanes, &result);                  \
      }                                                                     \
    close_lanes (&lanes, &result);                                          \
    self->tiles[tile] = result;                                             \
  }                                                                         \
                                                                            \
  void function (const DptkDifference *self, const DptkParallel *parallel)  \
  {                                                                         \
    run (self, tile_##function, parallel);                                  \
  }

FOREACH_PORTABLE (DEFINE_DIFFERENCE, dptk_difference)
FOREACH_VARIANT (DEFINE_DIFFERENCE, dptk_difference)

/* How many results of tiles the caller brings. */
size_t
dptk_difference_get_n_tiles (size_t n)
{
  return n / TILE + (n % TILE != 0);
}

/* Joins the results of neighbouring pieces, in their order; each names its
 * largest error by its index in the whole. */
void
dptk_difference_join (const DptkDifferenceResult *tiles,
                      size_t n_tiles,
                      DptkDifferenceResult *result)
{
  *result = (DptkDifferenceResult){ .same_bytes = true };
  for (size_t i = 0; i < n_tiles; i++)
    join_one (result, &tiles[i]);
}
