/* dpt-slice-grid.c - rows and columns cut out of a tensor of any rank
 *
 * Invariants: either `tensor` is set, and the element of (row, column) is
 * `offset + row * row_stride + column * column_stride`, which lies inside the
 * tensor for every row and column; or `left` and `right` are set and have the
 * grid's own size.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-slice-grid"

#include "dpt-slice-grid.h"

#include <math.h>
#include <string.h>

#include "dpt-axis.h"
#include "dpt-tensor-print.h"

struct _DptSliceGrid
{
  gatomicrefcount ref_count;
  gsize n_rows;
  gsize n_columns;

  DptTensor *tensor;
  const float *floats; /* the tensor's own values if they are float32 */
  gsize offset;
  gsize row_stride;
  gsize column_stride;

  DptSliceGrid *left;
  DptSliceGrid *right;
  double rtol;
  double atol;
  gboolean nan_equal;
};

G_DEFINE_BOXED_TYPE (DptSliceGrid,
                     dpt_slice_grid,
                     dpt_slice_grid_ref,
                     dpt_slice_grid_unref)

/**
 * dpt_slice_grid_new:
 * @tensor: a tensor of a plain dtype or of strings
 * @row_axis: the dimension that runs downwards, or DPT_SLICE_GRID_NO_AXIS
 * @column_axis: the dimension that runs to the right, another one, or
 *   DPT_SLICE_GRID_NO_AXIS
 * @index: (nullable): [rank] the fixed index of every other dimension; indexes
 *   outside a dimension are clamped to it; %NULL: all 0
 *
 * Returns: (transfer full): the slice, without a copy
 */
DptSliceGrid *
dpt_slice_grid_new (DptTensor *tensor,
                    int row_axis,
                    int column_axis,
                    const gint64 *index)
{
  const DptShape *shape = dpt_tensor_get_shape (tensor);
  DptSliceGrid *self = g_new0 (DptSliceGrid, 1);
  gint64 strides[DPT_SHAPE_MAX_RANK];

  g_atomic_ref_count_init (&self->ref_count);
  self->tensor = dpt_tensor_ref (tensor);
  self->n_rows = 1;
  self->n_columns = 1;
  if (dpt_tensor_get_dtype (tensor) == DPT_DTYPE_FLOAT32)
    self->floats = dpt_tensor_get_data (tensor);
  dpt_shape_get_strides (shape, strides);
  for (int axis = 0; axis < shape->rank; axis++)
    {
      gsize stride = (gsize) strides[axis];

      if (axis == row_axis)
        {
          self->n_rows = (gsize) shape->dims[axis];
          self->row_stride = stride;
        }
      else if (axis == column_axis)
        {
          self->n_columns = (gsize) shape->dims[axis];
          self->column_stride = stride;
        }
      else if (index != NULL && shape->dims[axis] > 0)
        self->offset += stride *
                        (gsize) CLAMP (index[axis], 0, shape->dims[axis] - 1);
    }
  /* An empty tensor has no cell at all, whatever its other dimensions say. */
  if (dpt_tensor_get_count (tensor) == 0)
    self->n_rows = self->n_columns = 0;
  return self;
}

/**
 * dpt_slice_grid_new_difference:
 * @left: a grid of values
 * @right: a grid of values, of the same size
 * @rtol: relative part of the tolerance, of the right value
 * @atol: absolute part
 * @nan_equal: whether NaN equals NaN
 *
 * Returns: (transfer full): the grid of |left - right|
 */
DptSliceGrid *
dpt_slice_grid_new_difference (DptSliceGrid *left,
                               DptSliceGrid *right,
                               double rtol,
                               double atol,
                               gboolean nan_equal)
{
  DptSliceGrid *self;

  g_return_val_if_fail (left->tensor != NULL && right->tensor != NULL, NULL);
  g_return_val_if_fail (left->n_rows == right->n_rows, NULL);
  g_return_val_if_fail (left->n_columns == right->n_columns, NULL);

  self = g_new0 (DptSliceGrid, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->n_rows = left->n_rows;
  self->n_columns = left->n_columns;
  self->left = dpt_slice_grid_ref (left);
  self->right = dpt_slice_grid_ref (right);
  self->rtol = rtol;
  self->atol = atol;
  self->nan_equal = nan_equal;
  return self;
}

/**
 * dpt_slice_grid_ref:
 * @self: a grid
 *
 * Returns: (transfer full): @self
 */
DptSliceGrid *
dpt_slice_grid_ref (DptSliceGrid *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_slice_grid_unref:
 * @self: (transfer full): a grid
 */
void
dpt_slice_grid_unref (DptSliceGrid *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->tensor, dpt_tensor_unref);
  g_clear_pointer (&self->left, dpt_slice_grid_unref);
  g_clear_pointer (&self->right, dpt_slice_grid_unref);
  g_free (self);
}

/**
 * dpt_slice_grid_get_n_rows:
 * @self: a grid
 *
 * Returns: how many rows it has
 */
gsize
dpt_slice_grid_get_n_rows (const DptSliceGrid *self)
{
  return self->n_rows;
}

/**
 * dpt_slice_grid_get_n_columns:
 * @self: a grid
 *
 * Returns: how many columns it has
 */
gsize
dpt_slice_grid_get_n_columns (const DptSliceGrid *self)
{
  return self->n_columns;
}

/**
 * dpt_slice_grid_has_cell:
 * @self: (nullable): a grid
 * @row: any row
 * @column: any column
 *
 * Returns: whether there is a grid with such a cell
 */
gboolean
dpt_slice_grid_has_cell (const DptSliceGrid *self, gsize row, gsize column)
{
  return self != NULL && row < dpt_slice_grid_get_n_rows (self) &&
         column < dpt_slice_grid_get_n_columns (self);
}

static gsize
get_element (const DptSliceGrid *self, gsize row, gsize column)
{
  return self->offset + row * self->row_stride + column * self->column_stride;
}

/* The parts of a complex element. */
static void
get_parts (const DptSliceGrid *self, gsize element, double parts[2])
{
  const void *data = dpt_tensor_get_data (self->tensor);

  if (dpt_tensor_get_dtype (self->tensor) == DPT_DTYPE_COMPLEX64)
    {
      parts[0] = (double) ((const float *) data)[2 * element];
      parts[1] = (double) ((const float *) data)[2 * element + 1];
    }
  else
    {
      parts[0] = ((const double *) data)[2 * element];
      parts[1] = ((const double *) data)[2 * element + 1];
    }
}

static gboolean
has_strings (const DptSliceGrid *self)
{
  return dpt_tensor_get_dtype (self->tensor) == DPT_DTYPE_STRING;
}

static double
get_value (const DptSliceGrid *self, gsize row, gsize column)
{
  gsize element = get_element (self, row, column);

  if (self->floats != NULL)
    return (double) self->floats[element];
  if (has_strings (self))
    return 0.0;
  if (dpt_dtype_is_complex (dpt_tensor_get_dtype (self->tensor)))
    {
      double parts[2];

      get_parts (self, element, parts);
      return hypot (parts[0], parts[1]);
    }
  return dpt_tensor_get_double (self->tensor, element);
}

/* |left - right| of two finite elements.  Of complex numbers that is not the
 * difference of their magnitudes, and whole numbers of 64 bits are subtracted
 * as such because a double cannot hold them all. */
static double
get_distance (const DptSliceGrid *self, gsize row, gsize column)
{
  DptTensor *left = self->left->tensor;
  DptTensor *right = self->right->tensor;
  gsize l = get_element (self->left, row, column);
  gsize r = get_element (self->right, row, column);
  DptDtype dtype = dpt_tensor_get_dtype (left);

  if (dtype == dpt_tensor_get_dtype (right) && dpt_dtype_is_complex (dtype))
    {
      double a[2];
      double b[2];

      get_parts (self->left, l, a);
      get_parts (self->right, r, b);
      return hypot (a[0] - b[0], a[1] - b[1]);
    }
  if (dtype == dpt_tensor_get_dtype (right) && dtype == DPT_DTYPE_INT64)
    {
      gint64 a = dpt_tensor_get_int (left, l);
      gint64 b = dpt_tensor_get_int (right, r);

      return a > b ? (double) ((guint64) a - (guint64) b)
                   : (double) ((guint64) b - (guint64) a);
    }
  if (dtype == dpt_tensor_get_dtype (right) && dtype == DPT_DTYPE_UINT64)
    {
      guint64 a = (guint64) dpt_tensor_get_int (left, l);
      guint64 b = (guint64) dpt_tensor_get_int (right, r);

      return (double) (a > b ? a - b : b - a);
    }
  return fabs (get_value (self->left, row, column) -
               get_value (self->right, row, column));
}

/* Strings are equal or not; there is no tolerance for them, and nothing else
 * equals a string. */
static DptGridCell
get_string_difference (const DptSliceGrid *self, gsize row, gsize column)
{
  DptString left;
  DptString right;
  gboolean equal;

  if (!has_strings (self->left) || !has_strings (self->right))
    return (DptGridCell){ 1.0, TRUE };
  left = dpt_tensor_get_string (self->left->tensor,
                                get_element (self->left, row, column));
  right = dpt_tensor_get_string (self->right->tensor,
                                 get_element (self->right, row, column));
  equal = left.length == right.length &&
          (left.length == 0 ||
           memcmp (left.data, right.data, left.length) == 0);
  return (DptGridCell){ equal ? 0.0 : 1.0, !equal };
}

static DptGridCell
get_difference (const DptSliceGrid *self, gsize row, gsize column)
{
  double left;
  double right;
  DptGridCell cell;

  if (has_strings (self->left) || has_strings (self->right))
    return get_string_difference (self, row, column);
  left = get_value (self->left, row, column);
  right = get_value (self->right, row, column);
  if (isnan (left) && isnan (right) && self->nan_equal)
    return (DptGridCell){ 0.0, FALSE };
  if (isnan (left) || isnan (right))
    return (DptGridCell){ (double) NAN, TRUE };
  /* Infinities are equal or beyond every tolerance; their difference is NaN
   * or infinite, and the rule would call an infinite right value close. */
  if (isinf (left) || isinf (right))
    return left == right ? (DptGridCell){ 0.0, FALSE }
                         : (DptGridCell){ (double) INFINITY, TRUE };
  cell.value = get_distance (self, row, column);
  cell.beyond = !(cell.value <= self->atol + self->rtol * fabs (right));
  return cell;
}

/**
 * dpt_slice_grid_get_cell:
 * @self: a grid
 * @row: a row of it
 * @column: a column of it
 *
 * Returns: the value (complex: the magnitude; strings: 0), or the difference
 *   (strings: 0 or 1) and whether it is beyond the tolerance
 *   |l - r| <= atol + rtol * |r|
 */
DptGridCell
dpt_slice_grid_get_cell (const DptSliceGrid *self, gsize row, gsize column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns,
                        ((DptGridCell){ (double) NAN, FALSE }));

  if (self->left != NULL)
    return get_difference (self, row, column);
  return (DptGridCell){ get_value (self, row, column), FALSE };
}

/**
 * dpt_slice_grid_print_cell:
 * @self: a grid
 * @row: a row of it
 * @column: a column of it
 *
 * Returns: (transfer full): the value with the shortest digits of its dtype;
 *   a difference with three significant digits
 */
char *
dpt_slice_grid_print_cell (const DptSliceGrid *self, gsize row, gsize column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, NULL);

  if (self->left != NULL)
    return dpt_axis_format_number (get_difference (self, row, column).value);
  return dpt_tensor_print_value (self->tensor, get_element (self, row, column));
}

/**
 * dpt_slice_grid_reduce:
 * @self: a grid
 * @row: first row
 * @column: first column
 * @n_rows: how many rows, at least 1, all inside the grid
 * @n_columns: how many columns, at least 1
 *
 * Returns: the cell that stands for all of these: NaN if one of them is NaN,
 *   else the value of the largest magnitude (with its sign); `beyond` if one
 *   of them is
 */
DptGridCell
dpt_slice_grid_reduce (const DptSliceGrid *self,
                       gsize row,
                       gsize column,
                       gsize n_rows,
                       gsize n_columns)
{
  DptGridCell worst = dpt_slice_grid_get_cell (self, row, column);

  for (gsize i = row; i < row + n_rows; i++)
    for (gsize k = column; k < column + n_columns; k++)
      {
        DptGridCell cell = self->left != NULL
                               ? get_difference (self, i, k)
                               : (DptGridCell){ get_value (self, i, k), FALSE };

        worst.beyond = worst.beyond || cell.beyond;
        if (isnan (worst.value))
          continue;
        if (isnan (cell.value) || fabs (cell.value) > fabs (worst.value))
          worst.value = cell.value;
      }
  return worst;
}
