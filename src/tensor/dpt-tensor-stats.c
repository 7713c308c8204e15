/* dpt-tensor-stats.c - what a tensor's values are like
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-stats"

#include "dpt-tensor-stats.h"

#include <math.h>

/* An element as one number: complex values by magnitude. */
static double
get_value (const DptTensor *tensor, gsize index)
{
  const void *data = dpt_tensor_get_data (tensor);

  switch (dpt_tensor_get_dtype (tensor))
    {
    case DPT_DTYPE_COMPLEX64:
      return hypot ((double) ((const float *) data)[2 * index],
                    (double) ((const float *) data)[2 * index + 1]);
    case DPT_DTYPE_COMPLEX128:
      return hypot (((const double *) data)[2 * index],
                    ((const double *) data)[2 * index + 1]);
    default:
      return dpt_tensor_get_double (tensor, index);
    }
}

/* Counts, extremes and the sums of values and squares. */
static gsize
scan (const DptTensor *tensor, DptTensorStats *stats, double *sum)
{
  gsize finite = 0;

  for (gsize i = 0; i < stats->count; i++)
    {
      double value = get_value (tensor, i);

      if (isnan (value))
        stats->nan++;
      else if (isinf (value))
        stats->inf++;
      else
        {
          stats->zeros += value == 0;
          stats->min = finite > 0 ? MIN (stats->min, value) : value;
          stats->max = finite > 0 ? MAX (stats->max, value) : value;
          stats->l2 += value * value;
          *sum += value;
          finite++;
        }
    }
  stats->l2 = sqrt (stats->l2);

  return finite;
}

/**
 * dpt_tensor_stats_compute:
 * @tensor: a tensor
 * @stats: (out caller-allocates): what was found
 *
 * Sums are made in double.
 */
void
dpt_tensor_stats_compute (const DptTensor *tensor, DptTensorStats *stats)
{
  double sum = 0;
  double squares = 0;
  gsize finite;

  *stats = (DptTensorStats){
    .valid = dpt_dtype_is_plain (dpt_tensor_get_dtype (tensor)),
    .count = dpt_tensor_get_count (tensor),
    .min = NAN,
    .max = NAN,
    .mean = NAN,
    .std = NAN,
  };
  if (!stats->valid)
    return;

  finite = scan (tensor, stats, &sum);
  if (finite == 0)
    return;

  /* A second pass: the squares of differences lose nothing to cancellation. */
  stats->mean = sum / (double) finite;
  for (gsize i = 0; i < stats->count; i++)
    {
      double value = get_value (tensor, i);

      if (isfinite (value))
        squares += (value - stats->mean) * (value - stats->mean);
    }
  stats->std = sqrt (squares / (double) finite);
}

/**
 * dpt_tensor_stats_histogram:
 * @tensor: a tensor
 * @low: where the first bin begins
 * @high: where the last bin ends; at least @low
 * @n_bins: how many, at least 1
 * @bins: (array length=n_bins) (out caller-allocates): the counts
 *
 * Values outside of [low, high] are not counted.
 */
void
dpt_tensor_stats_histogram (const DptTensor *tensor,
                            double low,
                            double high,
                            guint n_bins,
                            guint64 *bins)
{
  g_return_if_fail (n_bins > 0 && low <= high);

  for (guint i = 0; i < n_bins; i++)
    bins[i] = 0;
  if (!dpt_dtype_is_plain (dpt_tensor_get_dtype (tensor)))
    return;

  for (gsize i = 0; i < dpt_tensor_get_count (tensor); i++)
    {
      double value = get_value (tensor, i);

      if (value >= low && value <= high)
        {
          double place = low < high ? (value - low) / (high - low) : 0;

          bins[MIN ((guint) (place * n_bins), n_bins - 1)]++;
        }
    }
}
