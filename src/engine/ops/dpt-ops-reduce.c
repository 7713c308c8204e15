/* dpt-ops-reduce.c - ops that reduce dimensions, and softmax along one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Behaviour: TensorFlow's core/kernels/reduction_ops_common.cc,
 * argmax_op.cc, softmax_op.cc, l2loss_op.cc.
 */

#define G_LOG_DOMAIN "dpt-ops-reduce"

#include "dpt-ops-util.h"

/* Which dimensions are reduced. */
static gboolean
read_axes (const DptTensor *tensor,
           int rank,
           gboolean *is_reduced,
           GError **error)
{
  gint64 axes[DPT_SHAPE_MAX_RANK];
  guint n;

  for (int i = 0; i < rank; i++)
    is_reduced[i] = FALSE;
  if (!dpt_ops_read_ints (tensor, "reduction_indices", axes, DPT_SHAPE_MAX_RANK,
                          &n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      int axis;

      if (!dpt_ops_resolve_axis (axes[i], rank, "reduction_indices", &axis,
                                 error))
        return FALSE;
      if (is_reduced[axis])
        return dpt_ops_fail (error, "axis %d is named twice", axis);
      is_reduced[axis] = TRUE;
    }
  return TRUE;
}

static DptShape
get_reduced_shape (const DptShape *shape,
                   const gboolean *is_reduced,
                   gboolean keep_dims)
{
  DptShape result = DPT_SHAPE_SCALAR;

  for (int i = 0; i < shape->rank; i++)
    if (!is_reduced[i])
      result.dims[result.rank++] = shape->dims[i];
    else if (keep_dims)
      result.dims[result.rank++] = 1;
  return result;
}

/* Sees the input as [outer, length, inner].  Where the reduced dimensions are
 * no neighbours, they are first brought to the end, in scratch. */
static gboolean
bring_together (DptOpContext *context,
                const DptShape *shape,
                size_t width,
                const gboolean *is_reduced,
                DptkReduce *reduce,
                GError **error)
{
  int perm[DPT_SHAPE_MAX_RANK], n = 0, n_runs = 0;
  gboolean in_run = FALSE;
  void *moved;
  gsize size;

  reduce->outer = reduce->length = reduce->inner = 1;
  for (int i = 0; i < shape->rank; i++)
    {
      if (shape->dims[i] == 1)
        continue;
      if (is_reduced[i] && !in_run)
        n_runs++;
      in_run = is_reduced[i];
      if (is_reduced[i])
        reduce->length *= (size_t) shape->dims[i];
      else
        *(n_runs == 0 ? &reduce->outer
                      : &reduce->inner) *= (size_t) shape->dims[i];
    }
  if (n_runs <= 1)
    return TRUE;

  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < shape->rank; i++)
      if (is_reduced[i] == (pass == 1))
        perm[n++] = i;
  if (!dpt_shape_byte_size (shape, width, &size))
    return dpt_ops_fail (error, "the input is too large");
  moved = dpt_op_context_get_scratch (context, size + 1, error);
  if (moved == NULL)
    return FALSE;
  dpt_ops_transpose (context, shape, width, perm, reduce->x, moved);
  reduce->x = moved;
  reduce->outer *= reduce->inner;
  reduce->inner = 1;
  return TRUE;
}

static gboolean
compute_reduce (DptOpContext *context, const char *kernel, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  DptkDtype compute = dpt_ops_get_compute_dtype (dtype);
  DptkReduceKernel *function = DPTK_FIND (REDUCE, kernel, compute);
  const DptShape *from = dpt_tensor_get_shape (x);
  gboolean is_reduced[DPT_SHAPE_MAX_RANK];
  DptkReduce reduce = { 0 };
  DptOpsResult result;
  DptShape shape;

  if (function == NULL)
    return dpt_ops_fail_dtype (context, dtype, error);
  if (!read_axes (dpt_op_context_get_input (context, 1), from->rank, is_reduced,
                  error))
    return FALSE;
  shape = get_reduced_shape (from, is_reduced,
                             dpt_op_context_get_attr_bool (context,
                                                           "keep_dims"));
  reduce.x = dpt_ops_get_numbers (context, x, error);
  if (reduce.x == NULL ||
      !bring_together (context, from, dptk_dtype_get_width (compute),
                       is_reduced, &reduce, error) ||
      !dpt_ops_begin_result (context, 0, dtype, &shape, &result, error))
    return FALSE;
  if (dpt_tensor_get_count (result.tensor) == 0)
    return TRUE;
  reduce.y = result.data;
  function (&reduce, dpt_op_context_get_parallel (context));
  dpt_ops_end_result (&result);
  return TRUE;
}

static gboolean
reduce_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context, 1);
  const DptShape *from = dpt_shape_context_get_input (context, 0);
  const DptAttrValue *attr = dpt_shape_context_get_attr (context, "keep_dims");
  gboolean keep_dims = attr != NULL && dpt_attr_value_get_bool (attr);
  gboolean is_reduced[DPT_SHAPE_MAX_RANK];
  DptShape shape;

  if (from->rank < 0 || (value == NULL && !keep_dims))
    return TRUE;
  if (value != NULL)
    {
      if (!read_axes (value, from->rank, is_reduced, error))
        return FALSE;
      shape = get_reduced_shape (from, is_reduced, keep_dims);
    }
  else
    {
      shape = *from;
      for (int i = 0; i < shape.rank; i++)
        shape.dims[i] = -1;
    }
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

/* One axis of a shape as [outer, length, inner]. */
static void
cut_at_axis (const DptShape *shape, int axis, DptkReduce *reduce)
{
  reduce->outer = reduce->inner = 1;
  reduce->length = (size_t) shape->dims[axis];
  for (int i = 0; i < shape->rank; i++)
    if (i != axis)
      *(i < axis ? &reduce->outer : &reduce->inner) *= (size_t) shape->dims[i];
}

static gboolean
compute_arg (DptOpContext *context, const char *kernel, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  DptDtype index_dtype = dpt_op_context_get_attr_type (context, "output_type");
  DptkArgKernel *function = DPTK_FIND (ARG, kernel,
                                       dpt_ops_get_compute_dtype (dtype));
  const DptShape *from = dpt_tensor_get_shape (x);
  gboolean is_reduced[DPT_SHAPE_MAX_RANK] = { FALSE };
  DptkReduce reduce = { 0 };
  DptShape shape;
  DptTensor *y;
  gint64 wanted;
  int axis;

  if (function == NULL)
    return dpt_ops_fail_dtype (context, dtype, error);
  if (index_dtype != DPT_DTYPE_INT64 && index_dtype != DPT_DTYPE_INT32)
    return dpt_ops_fail_dtype (context, index_dtype, error);
  if (!dpt_ops_read_int (dpt_op_context_get_input (context, 1), "dimension",
                         &wanted, error) ||
      !dpt_ops_resolve_axis (wanted, from->rank, "dimension", &axis, error))
    return FALSE;
  if (from->dims[axis] == 0)
    return dpt_ops_fail (error, "expected elements along axis %d, found none",
                         axis);

  is_reduced[axis] = TRUE;
  shape = get_reduced_shape (from, is_reduced, FALSE);
  cut_at_axis (from, axis, &reduce);
  reduce.x = dpt_ops_get_numbers (context, x, error);
  y = reduce.x != NULL
          ? dpt_op_context_allocate_output (context, 0, index_dtype, &shape,
                                            error)
          : NULL;
  if (y == NULL)
    return FALSE;
  if (dpt_tensor_get_count (y) == 0)
    return TRUE;
  reduce.y = index_dtype == DPT_DTYPE_INT64
                 ? dpt_tensor_get_writable_data (y)
                 : dpt_op_context_get_scratch (context,
                                               (dpt_tensor_get_count (y) + 1) *
                                                   sizeof (gint64),
                                               error);
  if (reduce.y == NULL)
    return FALSE;
  function (&reduce, dpt_op_context_get_parallel (context));
  if (index_dtype == DPT_DTYPE_INT32)
    for (gsize i = 0; i < dpt_tensor_get_count (y); i++)
      ((gint32 *) dpt_tensor_get_writable_data (
          y))[i] = (gint32) ((gint64 *) reduce.y)[i];
  return TRUE;
}

static gboolean
arg_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context, 1);
  const DptShape *from = dpt_shape_context_get_input (context, 0);
  gboolean is_reduced[DPT_SHAPE_MAX_RANK] = { FALSE };
  DptShape shape;
  gint64 wanted;
  int axis;

  if (from->rank < 0 || value == NULL)
    return TRUE;
  if (!dpt_ops_read_int (value, "dimension", &wanted, error) ||
      !dpt_ops_resolve_axis (wanted, from->rank, "dimension", &axis, error))
    return FALSE;
  is_reduced[axis] = TRUE;
  shape = get_reduced_shape (from, is_reduced, FALSE);
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

static gboolean
compute_softmax (DptOpContext *context, const char *kernel, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  DptkSoftmaxKernel *function = DPTK_FIND (SOFTMAX, kernel,
                                           dpt_ops_get_compute_dtype (dtype));
  const DptShape *shape = dpt_tensor_get_shape (x);
  DptkReduce reduce = { 0 };
  DptOpsResult result;

  if (function == NULL)
    return dpt_ops_fail_dtype (context, dtype, error);
  if (shape->rank < 1)
    return dpt_ops_fail (error, "expected logits of at least 1 dimension");
  cut_at_axis (shape, shape->rank - 1, &reduce);
  reduce.x = dpt_ops_get_numbers (context, x, error);
  if (reduce.x == NULL ||
      !dpt_ops_begin_result (context, 0, dtype, shape, &result, error))
    return FALSE;
  if (dpt_tensor_get_count (result.tensor) == 0)
    return TRUE;
  reduce.y = result.data;
  function (&reduce, dpt_op_context_get_parallel (context));
  dpt_ops_end_result (&result);
  return TRUE;
}

/* The sum of the squares, halved. */
static gboolean
l2_loss_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  DptkDtype compute = dpt_ops_get_compute_dtype (dtype);
  size_t n = dpt_tensor_get_count (x);
  DptkReduce reduce = { .outer = 1, .length = n, .inner = 1 };
  const DptkParallel *parallel = dpt_op_context_get_parallel (context);
  DptOpsResult result;
  const void *numbers;
  void *squares;

  if (compute != DPTK_F32 && compute != DPTK_F64)
    return dpt_ops_fail_dtype (context, dtype, error);
  numbers = dpt_ops_get_numbers (context, x, error);
  squares = numbers != NULL
                ? dpt_op_context_get_scratch (context,
                                              (n + 1) * sizeof (double), error)
                : NULL;
  if (squares == NULL ||
      !dpt_ops_begin_result (context, 0, dtype, &DPT_SHAPE_SCALAR, &result,
                             error))
    return FALSE;
  dptk_map_unary (DPTK_FIND (UNARY, "square", compute), compute, numbers,
                  squares, n, parallel);
  reduce.x = squares;
  reduce.y = result.data;
  DPTK_FIND (REDUCE, "sum", compute) (&reduce, parallel);
  if (compute == DPTK_F32)
    *(float *) result.data /= 2;
  else
    *(double *) result.data /= 2;
  dpt_ops_end_result (&result);
  return TRUE;
}

DPT_OPS_DEFINE_COMPUTE (compute_reduce, sum)
DPT_OPS_DEFINE_COMPUTE (compute_reduce, mean)
DPT_OPS_DEFINE_COMPUTE (compute_reduce, prod)
DPT_OPS_DEFINE_COMPUTE (compute_reduce, max)
DPT_OPS_DEFINE_COMPUTE (compute_reduce, min)
DPT_OPS_DEFINE_COMPUTE (compute_reduce, all)
DPT_OPS_DEFINE_COMPUTE (compute_reduce, any)
DPT_OPS_DEFINE_COMPUTE (compute_arg, arg_max)
DPT_OPS_DEFINE_COMPUTE (compute_arg, arg_min)
DPT_OPS_DEFINE_COMPUTE (compute_softmax, softmax)
DPT_OPS_DEFINE_COMPUTE (compute_softmax, log_softmax)

/* clang-format off */
const DptOp dpt_ops_reduce[] = {
  DPT_OP ("Sum",
          "input: T, reduction_indices: Tidx -> output: T;"
          " keep_dims: bool = false, T: type, Tidx: type = int32",
          reduce_shape, sum_compute),
  DPT_OP ("Mean",
          "input: T, reduction_indices: Tidx -> output: T;"
          " keep_dims: bool = false, T: type, Tidx: type = int32",
          reduce_shape, mean_compute),
  DPT_OP ("Prod",
          "input: T, reduction_indices: Tidx -> output: T;"
          " keep_dims: bool = false, T: type, Tidx: type = int32",
          reduce_shape, prod_compute),
  DPT_OP ("Max",
          "input: T, reduction_indices: Tidx -> output: T;"
          " keep_dims: bool = false, T: type, Tidx: type = int32",
          reduce_shape, max_compute),
  DPT_OP ("Min",
          "input: T, reduction_indices: Tidx -> output: T;"
          " keep_dims: bool = false, T: type, Tidx: type = int32",
          reduce_shape, min_compute),
  DPT_OP ("All",
          "input: bool, reduction_indices: Tidx -> output: bool;"
          " keep_dims: bool = false, Tidx: type = int32",
          reduce_shape, all_compute),
  DPT_OP ("Any",
          "input: bool, reduction_indices: Tidx -> output: bool;"
          " keep_dims: bool = false, Tidx: type = int32",
          reduce_shape, any_compute),
  DPT_OP ("ArgMax",
          "input: T, dimension: Tidx -> output: output_type; T: type,"
          " Tidx: type = int32, output_type: type = int64",
          arg_shape, arg_max_compute),
  DPT_OP ("ArgMin",
          "input: T, dimension: Tidx -> output: output_type; T: type,"
          " Tidx: type = int32, output_type: type = int64",
          arg_shape, arg_min_compute),
  DPT_OP ("Softmax", "logits: T -> softmax: T; T: type",
          dpt_ops_shape_same, softmax_compute),
  DPT_OP ("LogSoftmax", "logits: T -> logsoftmax: T; T: type",
          dpt_ops_shape_same, log_softmax_compute),
  DPT_OP ("L2Loss", "t: T -> output: T; T: type",
          dpt_ops_shape_scalar, l2_loss_compute),
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
