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
  Doubles left[2 * BLOCK / LANES];
  Doubles right[2 * BLOCK / LANES];
  Doubles distance[BLOCK / LANES];  /* |l - r| */
  Doubles magnitude[BLOCK / LANES]; /* |r| */
} Block;

/* Sums and largest values, lane by lane. */
typedef struct
{
  Doubles max_abs, max_rel, sum_abs, sum_squares;
  Doubles dot, left_squares, right_squares;
  Longs out_of_tolerance, nonzero;
} Lanes;

INLINE void
measure_distances (const Block *block, double rtol, double atol, Lanes *lanes)
{
  Lanes sum = *lanes;

  for (size_t i = 0; i < (block->n + LANES - 1) / LANES; i++)
    {
      Doubles d = block->distance[i];
      Doubles r = block->magnitude[i];
      Longs nonzero = r > 0;
      /* Numpy's report leaves elements with r = 0 out of the relative error;
       * dividing by 1 keeps the machine from trapping on them. */
      Doubles rel = d / CHOOSE (nonzero, r, r + 1);

      rel = CHOOSE (nonzero, rel, r);
      sum.max_abs = CHOOSE (d > sum.max_abs, d, sum.max_abs);
      sum.max_rel = CHOOSE (rel > sum.max_rel, rel, sum.max_rel);
      sum.sum_abs += d;
      sum.sum_squares += d * d;
      /* A mask is -1 where it is set. */
      sum.out_of_tolerance -= d > atol + rtol * r;
      sum.nonzero |= nonzero;
    }

  *lanes = sum;
}

INLINE void
measure_products (const Block *block, Lanes *lanes)
{
  Lanes sum = *lanes;

  for (size_t i = 0; i < (block->n * block->parts + LANES - 1) / LANES; i++)
    {
      Doubles l = block->left[i];
      Doubles r = block->right[i];

      sum.dot += l * r;
      sum.left_squares += l * l;
      sum.right_squares += r * r;
    }

  *lanes = sum;
}

/* Where the block reaches a new largest distance, finds the first element
 * that has it. */
INLINE void
find_largest (const Block *block,
              size_t first,
              const Lanes *lanes,
              DptkDifferenceResult *result)
{
  const double *distance = (const double *) block->distance;
  double largest = result->max_abs;

  for (int k = 0; k < LANES; k++)
    if (lanes->max_abs[k] > largest)
      largest = lanes->max_abs[k];
  if (!(largest > result->max_abs))
    return;

  result->max_abs = largest;
  for (size_t i = 0; i < block->n; i++)
    if (distance[i] == largest)
      {
        result->max_index = first + i;
        return;
      }
}

static bool
is_finite (const Doubles *array, size_t n)
{
  const double *numbers = (const double *) array;
  int strange = 0;

  for (size_t i = 0; i < n; i++)
    strange |= !(fabs (numbers[i]) <= DBL_MAX);
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
  double *left = (double *) block->left;
  double *right = (double *) block->right;

  for (size_t i = 0; i < block->n; i++)
    {
      double *l = left + i * parts;
      double *r = right + i * parts;
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
      ((double *) block->distance)[i] = 0;
      ((double *) block->magnitude)[i] = 0;
      for (size_t k = 0; k < parts; k++)
        l[k] = r[k] = 0;
    }
}

/* Real numbers that double holds exactly. */
#define DEFINE_DISTANCES(name, T)                                            \
  INLINE void distances_##name (Block *block, const T *left, const T *right) \
  {                                                                          \
    const double *l = (const double *) block->left;                          \
    const double *r = (const double *) block->right;                         \
    double *distance = (double *) block->distance;                           \
    double *magnitude = (double *) block->magnitude;                         \
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
    const double *r = (const double *) block->right;                         \
                                                                             \
    for (size_t i = 0; i < block->n; i++)                                    \
      {                                                                      \
        uint64_t a = (uint64_t) left[i];                                     \
        uint64_t b = (uint64_t) right[i];                                    \
                                                                             \
        ((double *) block->distance)[i] = (double) (left[i] > right[i]       \
                                                        ? a - b              \
                                                        : b - a);            \
        ((double *) block->magnitude)[i] = fabs (r[i]);                      \
      }                                                                      \
  }

DEFINE_DISTANCES_LONG (i64, int64_t)
DEFINE_DISTANCES_LONG (u64, uint64_t)

/* Complex numbers: distance and magnitude in the plane. */
#define DEFINE_DISTANCES_COMPLEX(name, T)                                      \
  INLINE void distances_##name (Block *block, const T *left, const T *right)   \
  {                                                                            \
    const double *l = (const double *) block->left;                            \
    const double *r = (const double *) block->right;                           \
                                                                               \
    (void) left;                                                               \
    (void) right;                                                              \
    for (size_t i = 0; i < block->n; i++)                                      \
      {                                                                        \
        ((double *) block->distance)[i] = hypot (l[2 * i] - r[2 * i],          \
                                                 l[2 * i + 1] - r[2 * i + 1]); \
        ((double *) block->magnitude)[i] = hypot (r[2 * i], r[2 * i + 1]);     \
      }                                                                        \
  }

DEFINE_DISTANCES_COMPLEX (c64, float)
DEFINE_DISTANCES_COMPLEX (c128, double)

/* Units in the last place between two floats: neighbours have neighbouring
 * bits, once those with a sign are counted downwards from 0, which is where
 * both zeros then lie.  A NaN has no place in that order; settle() counts it.
 */
#define DEFINE_ULPS(name, T, I, U, bits_of_infinity)                  \
  INLINE void ulps_##name (const T *left, const T *right, size_t n,   \
                           DptkDifferenceResult *result)              \
  {                                                                   \
    const I lowest = (I) ((U) 1 << (8 * sizeof (U) - 1));             \
    U largest = 0;                                                    \
                                                                      \
    for (size_t i = 0; i < n; i++)                                    \
      {                                                               \
        I a, b;                                                       \
        U distance;                                                   \
        bool nan;                                                     \
                                                                      \
        memcpy (&a, &left[i], sizeof a);                              \
        memcpy (&b, &right[i], sizeof b);                             \
        a = a < 0 ? (I) ((U) lowest - (U) a) : a;                     \
        b = b < 0 ? (I) ((U) lowest - (U) b) : b;                     \
        nan = (a > bits_of_infinity) | (a < -bits_of_infinity) |      \
              (b > bits_of_infinity) | (b < -bits_of_infinity);       \
        distance = a > b ? (U) ((U) a - (U) b) : (U) ((U) b - (U) a); \
        distance = nan ? 0 : distance;                                \
        largest = distance > largest ? distance : largest;            \
      }                                                               \
    if ((double) largest > result->max_ulp)                           \
      result->max_ulp = (double) largest;                             \
  }

DEFINE_ULPS (f32, float, int32_t, uint32_t, 0x7f800000)
DEFINE_ULPS (f64, double, int64_t, uint64_t, 0x7ff0000000000000)
DEFINE_ULPS (f16, uint16_t, int16_t, uint16_t, 0x7c00)
DEFINE_ULPS (bf16, uint16_t, int16_t, uint16_t, 0x7f80)

/* Where a last place means nothing. */
#define ulps_i8(left, right, n, result)   ((void) (result))
#define ulps_u8(left, right, n, result)   ((void) (result))
#define ulps_i16(left, right, n, result)  ((void) (result))
#define ulps_u16(left, right, n, result)  ((void) (result))
#define ulps_i32(left, right, n, result)  ((void) (result))
#define ulps_u32(left, right, n, result)  ((void) (result))
#define ulps_i64(left, right, n, result)  ((void) (result))
#define ulps_u64(left, right, n, result)  ((void) (result))
#define ulps_c64(left, right, n, result)  ((void) (result))
#define ulps_c128(left, right, n, result) ((void) (result))

INLINE void
measure_block (Block *block,
               size_t first,
               const DptkDifference *self,
               Lanes *lanes,
               DptkDifferenceResult *result)
{
  size_t n = block->n;

  if (!is_finite (block->left, n * block->parts) ||
      !is_finite (block->right, n * block->parts))
    settle (block, first, self->nan_differs, result);

  /* Zeros behind the last element measure nothing. */
  pad (block->left, n * block->parts, 0);
  pad (block->right, n * block->parts, 0);
  pad (block->distance, n, 0);
  pad (block->magnitude, n, 0);
  measure_distances (block, self->rtol, self->atol, lanes);
  measure_products (block, lanes);
  find_largest (block, first, lanes, result);
}

/* Adds up the lanes, the first one first. */
static void
close_lanes (const Lanes *lanes, DptkDifferenceResult *result)
{
  for (int k = 0; k < LANES; k++)
    {
      if (lanes->max_rel[k] > result->max_rel)
        result->max_rel = lanes->max_rel[k];
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

#define DEFINE_DIFFERENCE(name, T, width, function, variant)               \
  TARGET_##variant static void tile_##function (void *data, size_t tile,   \
                                                size_t worker)             \
  {                                                                        \
    const DptkDifference *self = data;                                     \
    size_t first = tile * TILE;                                            \
    size_t n = self->n - first < TILE ? self->n - first : TILE;            \
    const T *left = (const T *) self->left + width * first;                \
    const T *right = (const T *) self->right + width * first;              \
    DptkDifferenceResult result = { 0 };                                   \
    Lanes lanes = { 0 };                                                   \
    Block block = { .parts = width };                                      \
                                                                           \
    (void) worker;                                                         \
    result.same_bytes = memcmp (left, right, n * width * sizeof (T)) == 0; \
    for (size_t i = 0; i < n; i += BLOCK)                                  \
      {                                                                    \
        const T *l = left + width * i;                                     \
        const T *r = right + width * i;                                    \
                                                                           \
        block.n = n - i < BLOCK ? n - i : BLOCK;                           \
        load_##name (l, (double *) block.left, block.n);                   \
        load_##name (r, (double *) block.right, block.n);                  \
        distances_##name (&block, l, r);                                   \
        ulps_##name (l, r, block.n, &result);                              \
        measure_block (&block, first + i, self, &lanes, &result);          \
      }                                                                    \
    close_lanes (&lanes, &result);                                         \
    self->tiles[tile] = result;                                            \
  }                                                                        \
                                                                           \
  void function (const DptkDifference *self, const DptkParallel *parallel) \
  {                                                                        \
    run (self, tile_##function, parallel);                                 \
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
