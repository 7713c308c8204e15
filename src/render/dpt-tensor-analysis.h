/* dpt-tensor-analysis.h - what there is to say and to draw about two tensors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-histogram-renderer.h"
#include "dpt-tensor-diff.h"
#include "dpt-tensor-stats.h"

G_BEGIN_DECLS

/* At most so many indexes of one dimension are named in the sentence. */
#define DPT_TENSOR_ANALYSIS_MAX_FOCUS 5

/* As `n_unequal`: equal values were not told from close ones. */
#define DPT_TENSOR_ANALYSIS_NOT_COUNTED G_MAXUINT64

/* Immutable once it is made.  A side that is not there has `has_left` or
 * `has_right` unset, and then its numbers mean nothing. */
typedef struct
{
  gboolean has_left;
  gboolean has_right;
  DptDtype left_dtype;
  DptDtype right_dtype;
  DptShape left_shape;
  DptShape right_shape;
  DptTensorStats left;
  DptTensorStats right;
  DptTolerance tolerance;

  /* Both sides are there, with one shape, and have values to compare. */
  gboolean has_diff;
  DptTensorDiff diff;
  guint64 n_unequal; /* values that are not equal, within the tolerance too */

  /* All values beyond the tolerance have one of these few indexes in one
   * dimension; -1: there is no such dimension. */
  int focus_axis;
  guint n_focus;
  gint64 focus[DPT_TENSOR_ANALYSIS_MAX_FOCUS];

  /* For pictures: the scale of values, and both histograms. */
  double value_limit;
  gboolean is_clipped; /* some values lie beyond value_limit */
  DptHistogramData histogram;
} DptTensorAnalysis;

DptTensorAnalysis *
dpt_tensor_analysis_new (DptTensor *left,
                         DptTensor *right,
                         const DptTolerance *tolerance,
                         GCancellable *cancellable,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_tensor_analysis_free (DptTensorAnalysis *self);
double dpt_tensor_analysis_get_break (const DptTensorAnalysis *self);
char *dpt_tensor_analysis_dup_sentence (const DptTensorAnalysis *self)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTensorAnalysis, dpt_tensor_analysis_free)

G_END_DECLS
