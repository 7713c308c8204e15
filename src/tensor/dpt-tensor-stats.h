/* dpt-tensor-stats.h - what a tensor's values are like
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

/* Statistics over the finite values only; NaN and infinities are counted.
 * Complex values enter by magnitude.  `valid` is FALSE for dtypes without
 * numbers (string, resource, variant); min, max, mean and std are NaN where
 * there is no finite value.  std divides by the count (numpy's default). */
typedef struct
{
  gboolean valid;
  gsize count;
  gsize zeros;
  gsize nan;
  gsize inf; /* both signs */
  double min;
  double max;
  double mean;
  double std;
  double l2; /* square root of the sum of squares */
} DptTensorStats;

void dpt_tensor_stats_compute (const DptTensor *tensor, DptTensorStats *stats);

/* Counts of finite values in `n_bins` equal bins over [low, high]; a value at
 * `high` belongs to the last bin. */
void dpt_tensor_stats_histogram (const DptTensor *tensor,
                                 double low,
                                 double high,
                                 guint n_bins,
                                 guint64 *bins);

G_END_DECLS
