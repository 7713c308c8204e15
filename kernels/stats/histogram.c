/* histogram.c - how many values lie in each of many equal bins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Complex elements count by magnitude; what is not finite, and what lies
 * outside of [low, high], is not counted.
 */

#include "dptk.h"

#include <math.h>

#include "load.h"

/* Where bin i begins.  Halves, so that no difference of two doubles
 * overflows. */
INLINE double
get_border (double low, double width, size_t i, size_t n_bins)
{
  return 2 * (low * 0.5 + width * ((double) i / (double) n_bins));
}

/* The quotient may be rounded over a border; the borders decide. */
INLINE void
count (const double *x,
       size_t n,
       double low,
       double high,
       size_t n_bins,
       uint64_t *bins)
{
  double width = high * 0.5 - low * 0.5;

  for (size_t i = 0; i < n; i++)
    if (x[i] >= low && x[i] <= high && isfinite (x[i]))
      {
        double place = width > 0 ? (x[i] * 0.5 - low * 0.5) / width : 1;
        size_t bin = (size_t) (place * (double) n_bins);

        bin = bin < n_bins ? bin : n_bins - 1;
        if (bin > 0 && x[i] < get_border (low, width, bin, n_bins))
          bin--;
        else if (bin + 1 < n_bins &&
                 x[i] >= get_border (low, width, bin + 1, n_bins))
          bin++;
        bins[bin]++;
      }
}

INLINE void
take_magnitudes (double *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    x[i] = isnan (x[2 * i]) || isnan (x[2 * i + 1])
               ? (double) NAN
               : hypot (x[2 * i], x[2 * i + 1]);
}

#define DEFINE_HISTOGRAM(name, T, parts, function, variant)           \
  void function (const void *data, size_t n, double low, double high, \
                 size_t n_bins, uint64_t *bins)                       \
  {                                                                   \
    const T *x = data;                                                \
    double values[2 * BLOCK];                                         \
                                                                      \
    for (size_t i = 0; i < n; i += BLOCK)                             \
      {                                                               \
        size_t length = n - i < BLOCK ? n - i : BLOCK;                \
                                                                      \
        load_##name (x + parts * i, values, length);                  \
        if (parts == 2)                                               \
          take_magnitudes (values, length);                           \
        count (values, length, low, high, n_bins, bins);              \
      }                                                               \
  }

FOREACH_PORTABLE (DEFINE_HISTOGRAM, dptk_histogram)
