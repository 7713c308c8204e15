/* dpt-tensor-analysis.c - what there is to say and to draw about two tensors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-analysis"

#include "dpt-tensor-analysis.h"

#include <math.h>

#include "dpt-axis.h"
#include "dpt-slice-grid.h"

/* About a bin for every few values, but no fewer and no more than these. */
#define LEAST_BINS     15
#define MOST_BINS      71
#define VALUES_PER_BIN 4

/* Bins in which the scale of the colours is looked for. */
#define N_SCALE_BINS 2001

/* The share of the values (other than 0) that the scale of the colours holds;
 * with all of them one outlier would make the rest pale. */
#define SCALE_SHARE 0.995

/* Elements between two looks at the cancellable. */
#define CANCEL_INTERVAL ((gsize) 1 << 18)

static double
get_largest_magnitude (const DptTensorStats *stats)
{
  if (!stats->valid || isnan (stats->min))
    return 0.0;
  return MAX (fabs (stats->min), fabs (stats->max));
}

/* 1, 1.5, 2, 3, 4, 5, 6, 8 x 10^n, the first that is not below @value. */
static double
round_up (double value)
{
  static const double factors[] = { 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0 };
  double power = pow (10.0, floor (log10 (value)));

  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    if (factors[i] * power >= value * (1.0 - 1e-9))
      return factors[i] * power;
  return 10.0 * power;
}

/* Adds the counts of |value| in N_SCALE_BINS / 2 + 1 bins up to @largest,
 * without the values that are exactly 0. */
static void
add_magnitudes (const DptTensor *tensor,
                const DptTensorStats *stats,
                double largest,
                guint64 *counts)
{
  g_autofree guint64 *bins = g_new0 (guint64, N_SCALE_BINS);
  const guint middle = N_SCALE_BINS / 2;

  dpt_tensor_stats_histogram (tensor, -largest, largest, N_SCALE_BINS, bins);
  bins[middle] -= MIN (bins[middle], stats->zeros);
  counts[0] += bins[middle];
  for (guint i = 1; i <= middle; i++)
    counts[i] += bins[middle - i] + bins[middle + i];
}

static void
find_value_limit (DptTensorAnalysis *self, DptTensor *left, DptTensor *right)
{
  g_autofree guint64 *counts = g_new0 (guint64, N_SCALE_BINS / 2 + 1);
  double largest = 0.0;
  guint64 total = 0;
  guint64 below = 0;

  if (self->has_left)
    largest = get_largest_magnitude (&self->left);
  if (self->has_right)
    largest = MAX (largest, get_largest_magnitude (&self->right));
  self->value_limit = 1.0;
  if (largest <= 0.0)
    return;
  if (self->has_left && self->left.valid)
    add_magnitudes (left, &self->left, largest, counts);
  if (self->has_right && self->right.valid)
    add_magnitudes (right, &self->right, largest, counts);
  for (guint i = 0; i <= N_SCALE_BINS / 2; i++)
    total += counts[i];
  self->value_limit = round_up (largest);
  for (guint i = 0; i <= N_SCALE_BINS / 2; i++)
    {
      below += counts[i];
      if ((double) below >= SCALE_SHARE * (double) total)
        {
          self->value_limit = round_up (largest * (i + 0.5) /
                                        (N_SCALE_BINS / 2 + 0.5));
          break;
        }
    }
  self->is_clipped = self->value_limit < largest;
}

/* The range that both sides cover, widened when it is a single value. */
static void
find_range (DptTensorAnalysis *self, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  if (self->has_left && self->left.valid)
    {
      *low = fmin (*low, self->left.min);
      *high = fmax (*high, self->left.max);
    }
  if (self->has_right && self->right.valid)
    {
      *low = fmin (*low, self->right.min);
      *high = fmax (*high, self->right.max);
    }
  if (*low == *high)
    {
      double extra = *low != 0.0 ? fabs (*low) * 0.5 : 0.5;

      *low -= extra;
      *high += extra;
    }
}

static guint64 *
count_bins (const DptTensor *tensor, const DptHistogramData *histogram)
{
  guint64 *bins = g_new0 (guint64, histogram->n_bins);

  dpt_tensor_stats_histogram (tensor, histogram->low, histogram->high,
                              histogram->n_bins, bins);
  return bins;
}

static void
make_histogram (DptTensorAnalysis *self, DptTensor *left, DptTensor *right)
{
  DptHistogramData *histogram = &self->histogram;
  double low;
  double high;

  find_range (self, &low, &high);
  /* No finite value, or a range that no double can hold. */
  if (!isfinite (low) || !isfinite (high) || !isfinite (high - low))
    return;
  histogram->low = low;
  histogram->high = high;
  histogram->n_bins = (guint) CLAMP (MAX (self->left.count, self->right.count) /
                                         VALUES_PER_BIN,
                                     LEAST_BINS, MOST_BINS);
  if (self->has_left && self->left.valid)
    histogram->left = count_bins (left, histogram);
  if (self->has_right && self->right.valid)
    histogram->right = count_bins (right, histogram);
}

/* Which indexes of every dimension have a value beyond the tolerance. */
typedef struct
{
  DptShape shape;
  gint64 place[DPT_SHAPE_MAX_RANK];
  guint8 *touched[DPT_SHAPE_MAX_RANK];
} Touched;

static void
touched_init (Touched *self, const DptShape *shape)
{
  *self = (Touched){ .shape = *shape };
  for (int axis = 0; axis < shape->rank; axis++)
    self->touched[axis] = g_malloc0 ((gsize) MAX (shape->dims[axis], 1));
}

static void
touched_clear (Touched *self)
{
  for (int axis = 0; axis < self->shape.rank; axis++)
    g_free (self->touched[axis]);
}

static void
touched_mark (Touched *self)
{
  for (int axis = 0; axis < self->shape.rank; axis++)
    self->touched[axis][self->place[axis]] = 1;
}

static void
touched_advance (Touched *self)
{
  for (int axis = self->shape.rank - 1; axis >= 0; axis--)
    {
      if (++self->place[axis] < self->shape.dims[axis])
        return;
      self->place[axis] = 0;
    }
}

/* Names the dimension in which the fewest indexes hold all that differs, if
 * these are few enough to be named and less than half of the dimension. */
static void
find_focus (DptTensorAnalysis *self, const Touched *touched)
{
  double least = 0.5;

  for (int axis = 0; axis < touched->shape.rank; axis++)
    {
      gint64 found[DPT_TENSOR_ANALYSIS_MAX_FOCUS];
      gint64 dim = touched->shape.dims[axis];
      guint n = 0;

      for (gint64 i = 0; i < dim && n <= DPT_TENSOR_ANALYSIS_MAX_FOCUS; i++)
        if (touched->touched[axis][i])
          {
            if (n < DPT_TENSOR_ANALYSIS_MAX_FOCUS)
              found[n] = i;
            n++;
          }
      if (n > DPT_TENSOR_ANALYSIS_MAX_FOCUS || (double) n / dim >= least)
        continue;
      least = (double) n / dim;
      self->focus_axis = axis;
      self->n_focus = n;
      for (guint i = 0; i < n; i++)
        self->focus[i] = found[i];
    }
}

static gboolean
walk_values (DptTensorAnalysis *self,
             DptTensor *left,
             DptTensor *right,
             GCancellable *cancellable,
             GError **error)
{
  gsize n = dpt_tensor_get_count (left);
  const DptShape flat = dpt_shape_new_1d ((gint64) n);
  g_autoptr (DptTensor) flat_left = dpt_tensor_reshape (left, &flat);
  g_autoptr (DptTensor) flat_right = dpt_tensor_reshape (right, &flat);
  g_autoptr (DptSliceGrid) a = dpt_slice_grid_new (flat_left,
                                                   DPT_SLICE_GRID_NO_AXIS, 0,
                                                   NULL);
  g_autoptr (DptSliceGrid) b = dpt_slice_grid_new (flat_right,
                                                   DPT_SLICE_GRID_NO_AXIS, 0,
                                                   NULL);
  g_autoptr (DptSliceGrid) grid =
      dpt_slice_grid_new_difference (a, b, self->tolerance.rtol,
                                     self->tolerance.atol,
                                     !self->tolerance.nan_differs);
  Touched touched;
  gboolean stopped = FALSE;

  touched_init (&touched, &self->left_shape);
  for (gsize i = 0; i < n && !stopped; i++)
    {
      DptGridCell cell = dpt_slice_grid_get_cell (grid, 0, i);

      if (cell.beyond)
        touched_mark (&touched);
      if (cell.beyond || cell.value != 0.0)
        self->n_unequal++;
      touched_advance (&touched);
      if (i % CANCEL_INTERVAL == 0)
        stopped = g_cancellable_set_error_if_cancelled (cancellable, error);
    }
  if (!stopped && self->diff.out_of_tolerance > 1)
    find_focus (self, &touched);
  touched_clear (&touched);
  return !stopped;
}

static gboolean
compare (DptTensorAnalysis *self,
         DptTensor *left,
         DptTensor *right,
         GCancellable *cancellable,
         GError **error)
{
  if (!dpt_shape_equal (&self->left_shape, &self->right_shape))
    return TRUE;
  if (!dpt_tensor_diff_compute (left, right, &self->tolerance, NULL,
                                &self->diff))
    return TRUE;
  /* A text and a number are not comparable, whatever their dtypes' verdict. */
  self->has_diff = self->diff.has_metrics ||
                   self->left_dtype == self->right_dtype;
  if (!self->has_diff || self->diff.verdict == DPT_VERDICT_IDENTICAL)
    return TRUE;
  return walk_values (self, left, right, cancellable, error);
}

/**
 * dpt_tensor_analysis_new:
 * @left: (nullable): the left tensor
 * @right: (nullable): the right tensor
 * @tolerance: when values are close
 * @cancellable: (nullable): stops it between two passes over the values
 * @error: return location for %G_IO_ERROR_CANCELLED; there is no other error
 *
 * Measures both sides and their difference. That takes several passes over all
 * values: not for the main thread.
 *
 * Returns: (transfer full): what was found out
 */
DptTensorAnalysis *
dpt_tensor_analysis_new (DptTensor *left,
                         DptTensor *right,
                         const DptTolerance *tolerance,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (DptTensorAnalysis) self = g_new0 (DptTensorAnalysis, 1);

  self->tolerance = *tolerance;
  self->focus_axis = -1;
  self->has_left = left != NULL;
  self->has_right = right != NULL;
  if (left != NULL)
    {
      self->left_dtype = dpt_tensor_get_dtype (left);
      self->left_shape = *dpt_tensor_get_shape (left);
      dpt_tensor_stats_compute (left, &self->left);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (right != NULL)
    {
      self->right_dtype = dpt_tensor_get_dtype (right);
      self->right_shape = *dpt_tensor_get_shape (right);
      dpt_tensor_stats_compute (right, &self->right);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  find_value_limit (self, left, right);
  make_histogram (self, left, right);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (left != NULL && right != NULL &&
      !compare (self, left, right, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * dpt_tensor_analysis_free:
 * @self: (transfer full): an analysis
 */
void
dpt_tensor_analysis_free (DptTensorAnalysis *self)
{
  g_free ((guint64 *) self->histogram.left);
  g_free ((guint64 *) self->histogram.right);
  g_free (self);
}

/**
 * dpt_tensor_analysis_get_break:
 * @self: an analysis
 *
 * Returns: where the colours of differences break: the absolute part of the
 *   tolerance, or, when that is 0, the relative part of the largest value
 */
double
dpt_tensor_analysis_get_break (const DptTensorAnalysis *self)
{
  if (self->tolerance.atol > 0.0)
    return self->tolerance.atol;
  return self->has_right
             ? self->tolerance.rtol * get_largest_magnitude (&self->right)
             : 0.0;
}

/* "17, 88 and 131" */
static void
append_list (GString *text, const gint64 *numbers, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 == n ? " and " : ", ");
      g_string_append_printf (text, "%" G_GINT64_FORMAT, numbers[i]);
    }
}

/* Kernels of two-dimensional convolutions are [height, width, in, out], and
 * matrices have rows and columns; other dimensions have a number only. */
static void
append_focus (GString *text, const DptTensorAnalysis *self)
{
  int rank = self->left_shape.rank;
  const char *plural = self->n_focus > 1 ? "s" : "";

  if (rank == 4 && self->focus_axis == 3)
    g_string_append_printf (text, " filter%s ", plural);
  else if (rank == 2)
    g_string_append_printf (text, " %s%s ",
                            self->focus_axis == 0 ? "row" : "column", plural);
  else
    g_string_append (text, " index ");
  append_list (text, self->focus, self->n_focus);
  if (rank > 2 && !(rank == 4 && self->focus_axis == 3))
    g_string_append_printf (text, " of dimension %d", self->focus_axis);
}

static void
append_largest (GString *text, const DptTensorAnalysis *self)
{
  gsize element = self->diff.max_index;
  g_autoptr (GString) place = g_string_new (NULL);
  g_autofree char *number = dpt_axis_format_number (self->diff.max_abs);

  if (!self->diff.has_metrics || isnan (self->diff.max_abs) ||
      self->diff.max_abs == 0.0)
    return;
  for (int axis = self->left_shape.rank - 1; axis >= 0; axis--)
    {
      gsize dim = (gsize) MAX (self->left_shape.dims[axis], 1);
      g_autofree char *part = g_strdup_printf ("%s%" G_GSIZE_FORMAT,
                                               axis > 0 ? ", " : "",
                                               element % dim);

      g_string_prepend (place, part);
      element /= dim;
    }
  g_string_append_printf (text, " Largest |l − r| is %s", number);
  if (self->left_shape.rank > 0)
    g_string_append_printf (text, " at [%s]", place->str);
  g_string_append_c (text, '.');
}

static void
append_single (GString *text, const DptTensorAnalysis *self)
{
  if (self->diff.out_of_tolerance > 0)
    g_string_append (text, "The value differs.");
  else if (self->n_unequal == DPT_TENSOR_ANALYSIS_NOT_COUNTED)
    g_string_append (text, "The value is within the tolerance.");
  else if (self->n_unequal > 0)
    g_string_append (text, "The value is within the tolerance, but not equal.");
  else if (self->diff.verdict == DPT_VERDICT_IDENTICAL)
    g_string_append (text, "The value is identical.");
  else
    g_string_append (text, "The value is equal, though not byte for byte.");
}

static void
append_values (GString *text, const DptTensorAnalysis *self)
{
  g_autofree char *count = dpt_axis_format_count (self->diff.count);
  g_autofree char *unequal = dpt_axis_format_count (self->n_unequal);
  g_autofree char *beyond = dpt_axis_format_count (self->diff.out_of_tolerance);

  if (self->diff.count == 0)
    g_string_append (text, "Neither side has any values.");
  else if (self->diff.count == 1)
    append_single (text, self);
  else if (self->diff.out_of_tolerance > 0)
    {
      g_string_append_printf (text, "%s of %s values %s", beyond, count,
                              self->diff.out_of_tolerance == 1 ? "differs"
                                                               : "differ");
      if (self->focus_axis >= 0)
        {
          g_string_append (text, ", all of them in");
          append_focus (text, self);
        }
      g_string_append_c (text, '.');
    }
  else if (self->n_unequal == DPT_TENSOR_ANALYSIS_NOT_COUNTED)
    g_string_append_printf (text, "All %s values are within the tolerance.",
                            count);
  else if (self->n_unequal > 0)
    g_string_append_printf (text,
                            "All %s values are within the tolerance; %s of "
                            "them %s not equal.",
                            count, unequal,
                            self->n_unequal == 1 ? "is" : "are");
  else if (self->diff.verdict == DPT_VERDICT_IDENTICAL)
    g_string_append_printf (text, "All %s values are identical.", count);
  else
    g_string_append_printf (text,
                            "All %s values are equal, though not byte for "
                            "byte (the sign of a zero, or the bits of a NaN).",
                            count);
  append_largest (text, self);
}

/**
 * dpt_tensor_analysis_dup_sentence:
 * @self: an analysis
 *
 * Returns: (transfer full): what a person should know first, for instance
 *   "2,160 of 138,240 values differ, all of them in filters 17, 88 and 131.
 *   Largest |l − r| is 0.0413 at [1, 2, 37, 88]."
 */
char *
dpt_tensor_analysis_dup_sentence (const DptTensorAnalysis *self)
{
  GString *text = g_string_new (NULL);

  if (!self->has_left && !self->has_right)
    g_string_append (text, "Neither side could be read.");
  else if (!self->has_right)
    g_string_append (text, "There are values on the left only.");
  else if (!self->has_left)
    g_string_append (text, "There are values on the right only.");
  else if (!dpt_shape_equal (&self->left_shape, &self->right_shape))
    {
      g_autofree char *left = dpt_shape_to_display (&self->left_shape);
      g_autofree char *right = dpt_shape_to_display (&self->right_shape);

      g_string_append_printf (text,
                              "The shapes differ: %s on the left, %s on the "
                              "right, so values are not compared one by one.",
                              left, right);
    }
  else
    {
      if (self->left_dtype != self->right_dtype)
        g_string_append_printf (text,
                                "The dtypes differ: %s on the left, %s on the "
                                "right. ",
                                dpt_dtype_get_name (self->left_dtype),
                                dpt_dtype_get_name (self->right_dtype));
      if (self->has_diff)
        append_values (text, self);
      else
        g_string_append (text, "The values cannot be compared.");
    }
  return g_string_free (text, FALSE);
}
