/* dpt-tensor-diff.h - how far two tensors are apart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"
#include "dpt-tolerance.h"
#include "dpt-verdict.h"
#include "dptk.h"

G_BEGIN_DECLS

/* A value.  The metrics are there where `has_metrics` is set; NaN stands for
 * one that does not apply.  An element with a NaN or an infinity that does not
 * have the same on the other side is out of tolerance, makes the largest
 * errors infinite, and is left out of mean and cosine. */
typedef struct
{
  DptVerdict verdict;
  gboolean has_metrics;
  double max_abs;  /* largest |l - r| */
  double max_rel;  /* largest |l - r| / |r|, where r is not 0 */
  double max_ulp;  /* only between floats of the same dtype */
  double mean_abs; /* of |l - r| */
  double cosine;   /* of the angle between both, as vectors */
  guint64 count;   /* elements of each side */
  guint64 out_of_tolerance;
  guint64 nan_left;
  guint64 nan_right;
  guint64 inf_left;
  guint64 inf_right;
  guint64 max_index; /* flat index of the first largest |l - r| */
} DptTensorDiff;

gboolean dpt_tensor_diff_compute (DptTensor *left,
                                  DptTensor *right,
                                  const DptTolerance *tolerance,
                                  const DptkParallel *parallel,
                                  DptTensorDiff *diff);

G_END_DECLS
