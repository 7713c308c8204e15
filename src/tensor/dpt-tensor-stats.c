/* dpt-tensor-stats.c - what a tensor's values are like
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kernels know the common dtypes; the small formats are widened piece by
 * piece before they see them.
 */

#define G_LOG_DOMAIN "dpt-tensor-stats"

#include "dpt-tensor-stats.h"

#include <math.h>

#include "dptk.h"

/* Elements that are widened, or measured, at once. */
#define PIECE ((gsize) 65536)

/* The dtype whose kernels read `dtype` as it lies; F64 for those that have
 * none and are widened. */
static DptkDtype
get_kernel_dtype (DptDtype dtype)
{
  switch (dtype)
    {
    case DPT_DTYPE_QINT8:
      return DPTK_I8;
    case DPT_DTYPE_QUINT8:
      return DPTK_U8;
    case DPT_DTYPE_QINT16:
      return DPTK_I16;
    case DPT_DTYPE_QUINT16:
      return DPTK_U16;
    case DPT_DTYPE_QINT32:
      return DPTK_I32;
    case DPT_DTYPE_FLOAT8_E5M2:
    case DPT_DTYPE_FLOAT8_E4M3FN:
    case DPT_DTYPE_INT4:
    case DPT_DTYPE_UINT4:
      return DPTK_F64;
    default:
      /* Kernels use TensorFlow's numbers as well. */
      return (DptkDtype) dtype;
    }
}

/* Called for pieces of the tensor, in their order. */
typedef void (*PieceFunc) (const void *x, gsize n, gpointer data);

static void
foreach_piece (const DptTensor *tensor, PieceFunc func, gpointer data)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  gsize count = dpt_tensor_get_count (tensor);
  gsize width = dpt_dtype_get_size (dtype);
  gboolean widen = get_kernel_dtype (dtype) == DPTK_F64 &&
                   dtype != DPT_DTYPE_FLOAT64;
  g_autofree double *wide = widen ? g_new (double, PIECE) : NULL;

  for (gsize first = 0; first < count; first += PIECE)
    {
      gsize n = MIN (PIECE, count - first);

      if (!widen)
        {
          func ((const guint8 *) dpt_tensor_get_data (tensor) + first * width,
                n, data);
          continue;
        }
      for (gsize i = 0; i < n; i++)
        wide[i] = dpt_tensor_get_double (tensor, first + i);
      func (wide, n, data);
    }
}

typedef struct
{
  DptkMomentsKernel *kernel;
  DptkMomentsResult *pieces;
  gsize n_pieces;
} Moments;

static void
measure_piece (const void *x, gsize n, gpointer data)
{
  Moments *moments = data;
  DptkMomentsResult tile;
  DptkMoments task = {
    .n = n,
    .x = x,
    .tiles = &tile,
    .result = &moments->pieces[moments->n_pieces++],
  };

  moments->kernel (&task, NULL);
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
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  gsize count = dpt_tensor_get_count (tensor);
  g_autofree DptkMomentsResult *pieces = NULL;
  DptkMomentsResult result;
  Moments moments = { 0 };

  *stats = (DptTensorStats){
    .valid = dpt_dtype_is_plain (dtype),
    .count = count,
    .min = NAN,
    .max = NAN,
    .mean = NAN,
    .std = NAN,
  };
  if (!stats->valid)
    return;

  pieces = g_new (DptkMomentsResult, count / PIECE + 1);
  moments.pieces = pieces;
  moments.kernel = DPTK_FIND (MOMENTS, "moments", get_kernel_dtype (dtype));
  foreach_piece (tensor, measure_piece, &moments);
  dptk_moments_join (pieces, moments.n_pieces, &result);

  stats->zeros = result.zeros;
  stats->nan = result.nan;
  stats->inf = result.inf;
  stats->l2 = sqrt (result.squares);
  if (result.finite > 0)
    {
      stats->min = result.min;
      stats->max = result.max;
      stats->mean = result.mean;
      stats->std = sqrt (result.deviations / (double) result.finite);
    }
}

typedef struct
{
  DptkHistogramKernel *kernel;
  double low;
  double high;
  guint n_bins;
  guint64 *bins;
} Histogram;

static void
count_piece (const void *x, gsize n, gpointer data)
{
  Histogram *self = data;

  self->kernel (x, n, self->low, self->high, self->n_bins, self->bins);
}

/**
 * dpt_tensor_stats_histogram:
 * @tensor: a tensor
 * @low: where the first bin begins
 * @high: where the last bin ends; at least @low
 * @n_bins: how many, at least 1
 * @bins: (array length=n_bins) (out caller-allocates): the counts
 *
 * Values outside of [low, high] are not counted; where both are the same, the
 * last bin has what equals them.
 */
void
dpt_tensor_stats_histogram (const DptTensor *tensor,
                            double low,
                            double high,
                            guint n_bins,
                            guint64 *bins)
{
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  Histogram histogram = { .low = low,
                          .high = high,
                          .n_bins = n_bins,
                          .bins = bins };

  g_return_if_fail (n_bins > 0 && low <= high);

  for (guint i = 0; i < n_bins; i++)
    bins[i] = 0;
  if (!dpt_dtype_is_plain (dtype))
    return;

  histogram.kernel = DPTK_FIND (HISTOGRAM, "histogram",
                                get_kernel_dtype (dtype));
  foreach_piece (tensor, count_piece, &histogram);
}
