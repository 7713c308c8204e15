/* dpt-ops-join.c - ops that place tensors into larger or other ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Concat, Pad, Tile and Transpose.
 * Behaviour: TensorFlow's core/ops/array_ops.cc and its kernels.
 */

#define G_LOG_DOMAIN "dpt-ops-join"

#include <string.h>

#include "dpt-ops-util.h"

/* Joins inputs first .. first + n - 1 along an axis. */
static gboolean
join (DptOpContext *context,
      guint first,
      guint n,
      const DptTensor *axis_value,
      GError **error)
{
  DptTensor *x;
  DptShape shape;
  size_t outer = 1, inner = 1, row;
  DptOpsMove move;
  char *to;
  gint64 wanted;
  int axis;

  if (!dpt_ops_require_inputs (n, error))
    return FALSE;
  x = dpt_op_context_get_input (context, first);
  shape = *dpt_tensor_get_shape (x);
  if (shape.rank == 0)
    return dpt_ops_fail (error, "scalars cannot be concatenated");
  if (!dpt_ops_read_int (axis_value, "axis", &wanted, error) ||
      !dpt_ops_resolve_axis (wanted, shape.rank, "axis", &axis, error))
    return FALSE;
  for (guint k = 1; k < n; k++)
    {
      DptTensor *other = dpt_op_context_get_input (context, first + k);
      DptShape expected = shape;

      if (!dpt_ops_require_same_dtype (x, other, error))
        return FALSE;
      if (dpt_tensor_get_rank (other) == shape.rank)
        expected.dims[axis] = dpt_tensor_get_dim (other, axis);
      if (!dpt_shape_equal (&expected, dpt_tensor_get_shape (other)))
        {
          g_autofree char *a = dpt_shape_to_string (&shape);
          g_autofree char *b = dpt_shape_to_string (
              dpt_tensor_get_shape (other));

          return dpt_ops_fail (error,
                               "expected shapes that differ along axis %d "
                               "alone, found %s and %s",
                               axis, a, b);
        }
      if (!dpt_ops_widen_dim (&shape.dims[axis],
                              dpt_tensor_get_dim (other, axis), 0, error))
        return FALSE;
    }

  for (int i = 0; i < shape.rank; i++)
    if (i != axis)
      *(i < axis ? &outer : &inner) *= (size_t) shape.dims[i];
  if (!dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x), &shape, &move,
                           error))
    return FALSE;
  row = inner * (size_t) shape.dims[axis];
  to = move.data;
  for (guint k = 0; k < n; k++)
    {
      DptTensor *piece = dpt_op_context_get_input (context, first + k);
      size_t length = inner * (size_t) dpt_tensor_get_dim (piece, axis), width;
      DptkCopy box = { .rank = 2,
                       .dims = { outer, length },
                       .src_steps = { (ptrdiff_t) length, 1 },
                       .dst_steps = { (ptrdiff_t) row, 1 } };
      const void *src = dpt_ops_get_elements (context, piece, &width, error);

      if (src == NULL)
        return FALSE;
      dptk_copy_run (&box, width, src, to,
                     dpt_op_context_get_parallel (context));
      to += length * width;
    }
  return dpt_ops_end_move (context, &move, error);
}

static gboolean
concat_compute (DptOpContext *context, GError **error)
{
  return join (context, 1, dpt_op_context_get_n_inputs (context) - 1,
               dpt_op_context_get_input (context, 0), error);
}

static gboolean
concat_v2_compute (DptOpContext *context, GError **error)
{
  guint n = dpt_op_context_get_n_inputs (context) - 1;

  return join (context, 0, n, dpt_op_context_get_input (context, n), error);
}

static gboolean
join_shape (DptShapeContext *context,
            guint first,
            guint axis_input,
            GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context,
                                                              axis_input);
  guint n = dpt_shape_context_get_n_inputs (context) - 1;
  DptShape shape;
  gint64 wanted;
  int axis;

  if (!dpt_ops_require_inputs (n, error))
    return FALSE;
  shape = *dpt_shape_context_get_input (context, first);
  for (guint k = 0; k < n; k++)
    if (dpt_shape_context_get_input (context, first + k)->rank < 0)
      return TRUE;
  if (value == NULL)
    for (int i = 0; i < shape.rank; i++)
      shape.dims[i] = -1;
  else
    {
      if (!dpt_ops_read_int (value, "axis", &wanted, error) ||
          !dpt_ops_resolve_axis (wanted, shape.rank, "axis", &axis, error))
        return FALSE;
      for (guint k = 1; k < n; k++)
        {
          const DptShape *other = dpt_shape_context_get_input (context,
                                                               first + k);

          if (other->rank != shape.rank)
            return dpt_ops_fail (error, "expected inputs of one rank");
          if (shape.dims[axis] < 0 || other->dims[axis] < 0)
            shape.dims[axis] = -1;
          else if (!dpt_ops_widen_dim (&shape.dims[axis], other->dims[axis], 0,
                                       error))
            return FALSE;
        }
    }
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

static gboolean
concat_shape (DptShapeContext *context, GError **error)
{
  return join_shape (context, 1, 0, error);
}

static gboolean
concat_v2_shape (DptShapeContext *context, GError **error)
{
  return join_shape (context, 0, dpt_shape_context_get_n_inputs (context) - 1,
                     error);
}

static gboolean
read_perm (const DptTensor *tensor, int rank, int *perm, GError **error)
{
  gint64 values[DPT_SHAPE_MAX_RANK];
  gboolean seen[DPT_SHAPE_MAX_RANK] = { FALSE };
  guint n;

  if (!dpt_ops_read_ints (tensor, "perm", values, DPT_SHAPE_MAX_RANK, &n,
                          error))
    return FALSE;
  if ((int) n != rank)
    return dpt_ops_fail (error, "expected perm of %d elements, found %u", rank,
                         n);
  for (int i = 0; i < rank; i++)
    {
      if (!dpt_ops_resolve_axis (values[i], rank, "perm", &perm[i], error))
        return FALSE;
      if (seen[perm[i]])
        return dpt_ops_fail (error, "perm names dimension %d twice", perm[i]);
      seen[perm[i]] = TRUE;
    }
  return TRUE;
}

static gboolean
transpose_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  const DptShape *from = dpt_tensor_get_shape (x);
  DptShape shape = *from;
  int perm[DPT_SHAPE_MAX_RANK];
  DptOpsMove move;
  const void *src;
  size_t width;

  if (!read_perm (dpt_op_context_get_input (context, 1), from->rank, perm,
                  error))
    return FALSE;
  for (int i = 0; i < shape.rank; i++)
    shape.dims[i] = from->dims[perm[i]];
  src = dpt_ops_get_elements (context, x, &width, error);
  return src != NULL &&
         dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x), &shape,
                             &move, error) &&
         dpt_ops_transpose (context, from, width, perm, src, move.data) &&
         dpt_ops_end_move (context, &move, error);
}

static gboolean
transpose_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context, 1);
  const DptShape *from = dpt_shape_context_get_input (context, 0);
  DptShape shape = *from;
  int perm[DPT_SHAPE_MAX_RANK];

  if (from->rank < 0)
    return TRUE;
  if (value != NULL && !read_perm (value, from->rank, perm, error))
    return FALSE;
  for (int i = 0; i < shape.rank; i++)
    shape.dims[i] = value != NULL ? from->dims[perm[i]] : -1;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

static gboolean
pad_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  const DptShape *from = dpt_tensor_get_shape (x);
  DptShape shape = *from;
  DptOpsPairs paddings;
  DptOpsMove move;
  size_t width;
  const void *src;

  if (!dpt_ops_read_pairs (dpt_op_context_get_input (context, 1), "paddings",
                           from->rank, &paddings, error))
    return FALSE;
  for (int i = 0; i < shape.rank; i++)
    if (!dpt_ops_widen_dim (&shape.dims[i], paddings.before[i],
                            paddings.after[i], error))
      return FALSE;

  src = dpt_ops_get_elements (context, x, &width, error);
  if (src == NULL || !dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x),
                                          &shape, &move, error))
    return FALSE;

  if (dpt_op_context_get_n_inputs (context) > 2)
    {
      DptTensor *value = dpt_op_context_get_input (context, 2);
      DptkCopy box = { .rank = 1, .dst_steps = { 1 } };
      const void *constant;

      if (!dpt_ops_require_same_dtype (x, value, error) ||
          !dpt_ops_require_rank (value, "constant_values", 0, error))
        return FALSE;
      constant = dpt_ops_get_elements (context, value, &width, error);
      if (constant == NULL)
        return FALSE;
      box.dims[0] = dpt_shape_get_count (&shape);
      dptk_copy_run (&box, width, constant, move.data,
                     dpt_op_context_get_parallel (context));
    }
  else
    memset (move.data, 0, dpt_shape_get_count (&shape) * width);

  if (dpt_tensor_get_count (x) > 0)
    dpt_ops_place (context, from, &shape, paddings.before, width, src,
                   move.data);
  return dpt_ops_end_move (context, &move, error);
}

/* Mirrors one dimension after the other in the finished part of the output:
 * line k before the first is a copy of line k + skip behind it. */
static void
mirror_axis (DptOpContext *context,
             const DptShape *shape,
             int axis,
             gint64 from_dim,
             const DptOpsPairs *paddings,
             gint64 skip,
             size_t width,
             char *data)
{
  size_t dims[DPT_SHAPE_MAX_RANK];
  ptrdiff_t steps[DPT_SHAPE_MAX_RANK];
  gint64 before = paddings->before[axis], after = paddings->after[axis];
  DptkCopy box = { .rank = (size_t) shape->rank };
  ptrdiff_t line;

  dpt_ops_get_dims (shape, dims);
  dptk_dense_steps (box.rank, dims, steps);
  memcpy (box.dims, dims, sizeof dims);
  memcpy (box.src_steps, steps, sizeof steps);
  memcpy (box.dst_steps, steps, sizeof steps);
  line = steps[axis] * (ptrdiff_t) width;

  box.src_steps[axis] = -steps[axis];
  box.dims[axis] = (size_t) before;
  dptk_copy_run (&box, width, data + (2 * before + skip - 1) * line, data,
                 dpt_op_context_get_parallel (context));
  box.dims[axis] = (size_t) after;
  dptk_copy_run (&box, width, data + (before + from_dim - 1 - skip) * line,
                 data + (before + from_dim) * line,
                 dpt_op_context_get_parallel (context));
}

/* REFLECT leaves the border line out, SYMMETRIC repeats it. */
static gboolean
mirror_pad_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  const DptShape *from = dpt_tensor_get_shape (x);
  g_autofree char *mode = dpt_op_context_dup_attr_string (context, "mode");
  gint64 skip = g_strcmp0 (mode, "REFLECT") == 0 ? 1 : 0;
  DptShape shape = *from;
  DptOpsPairs paddings;
  DptOpsMove move;
  size_t width;
  const void *src;

  if (skip == 0 && g_strcmp0 (mode, "SYMMETRIC") != 0)
    return dpt_ops_fail (error,
                         "expected mode REFLECT or SYMMETRIC, found '%s'",
                         mode);
  if (!dpt_ops_read_pairs (dpt_op_context_get_input (context, 1), "paddings",
                           from->rank, &paddings, error))
    return FALSE;
  for (int i = 0; i < shape.rank; i++)
    {
      gint64 most = from->dims[i] - skip;

      if (paddings.before[i] > MAX (most, 0) ||
          paddings.after[i] > MAX (most, 0))
        return dpt_ops_fail (error,
                             "expected paddings of dimension %d of at most "
                             "%" G_GINT64_FORMAT,
                             i, MAX (most, 0));
      if (!dpt_ops_widen_dim (&shape.dims[i], paddings.before[i],
                              paddings.after[i], error))
        return FALSE;
    }

  src = dpt_ops_get_elements (context, x, &width, error);
  if (src == NULL || !dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x),
                                          &shape, &move, error))
    return FALSE;
  if (dpt_shape_get_count (&shape) == 0)
    return dpt_ops_end_move (context, &move, error);
  dpt_ops_place (context, from, &shape, paddings.before, width, src, move.data);
  for (int i = 0; i < shape.rank; i++)
    mirror_axis (context, &shape, i, from->dims[i], &paddings, skip, width,
                 move.data);
  return dpt_ops_end_move (context, &move, error);
}

static gboolean
pad_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context, 1);
  DptShape shape = *dpt_shape_context_get_input (context, 0);
  DptOpsPairs paddings;

  if (shape.rank < 0)
    return TRUE;
  if (value != NULL &&
      !dpt_ops_read_pairs (value, "paddings", shape.rank, &paddings, error))
    return FALSE;
  for (int i = 0; i < shape.rank; i++)
    if (value == NULL)
      shape.dims[i] = -1;
    else if (shape.dims[i] >= 0 &&
             !dpt_ops_widen_dim (&shape.dims[i], paddings.before[i],
                                 paddings.after[i], error))
      return FALSE;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

/* Tile is a copy whose destination has a dimension more for each of the
 * input's: which repetition. */
static gboolean
tile_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  const DptShape *from = dpt_tensor_get_shape (x);
  DptShape shape = *from;
  gint64 multiples[DPT_SHAPE_MAX_RANK];
  size_t dims[DPT_SHAPE_MAX_RANK], width;
  ptrdiff_t steps[DPT_SHAPE_MAX_RANK];
  DptkCopy box = { .rank = 2 * (size_t) from->rank };
  DptOpsMove move;
  const void *src;
  guint n;

  if (!dpt_ops_read_ints (dpt_op_context_get_input (context, 1), "multiples",
                          multiples, DPT_SHAPE_MAX_RANK, &n, error))
    return FALSE;
  if ((int) n != from->rank)
    return dpt_ops_fail (error, "expected %d multiples, found %u", from->rank,
                         n);
  if (box.rank > DPTK_MAX_RANK)
    return dpt_ops_fail (error, "expected at most %d dimensions, found %d",
                         DPTK_MAX_RANK / 2, from->rank);
  for (int i = 0; i < shape.rank; i++)
    if (multiples[i] < 0 ||
        __builtin_mul_overflow (shape.dims[i], multiples[i], &shape.dims[i]))
      return dpt_ops_fail (error,
                           "expected multiples of at least 0 that fit, found "
                           "%" G_GINT64_FORMAT,
                           multiples[i]);

  src = dpt_ops_get_elements (context, x, &width, error);
  if (src == NULL || !dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x),
                                          &shape, &move, error))
    return FALSE;
  if (dpt_shape_get_count (&shape) == 0)
    return dpt_ops_end_move (context, &move, error);
  dpt_ops_get_dims (&shape, dims);
  dptk_dense_steps ((size_t) shape.rank, dims, steps);
  for (int i = 0; i < shape.rank; i++)
    {
      box.dims[2 * i] = (size_t) multiples[i];
      box.dst_steps[2 * i] = steps[i] * (ptrdiff_t) from->dims[i];
      box.dims[2 * i + 1] = (size_t) from->dims[i];
      box.dst_steps[2 * i + 1] = steps[i];
    }
  dpt_ops_get_dims (from, dims);
  dptk_dense_steps ((size_t) from->rank, dims, steps);
  for (int i = 0; i < shape.rank; i++)
    box.src_steps[2 * i + 1] = steps[i];
  dptk_copy_run (&box, width, src, move.data,
                 dpt_op_context_get_parallel (context));
  return dpt_ops_end_move (context, &move, error);
}

static gboolean
tile_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context, 1);
  DptShape shape = *dpt_shape_context_get_input (context, 0);
  gint64 multiples[DPT_SHAPE_MAX_RANK];
  guint n = 0;

  if (shape.rank < 0)
    return TRUE;
  if (value != NULL && !dpt_ops_read_ints (value, "multiples", multiples,
                                           DPT_SHAPE_MAX_RANK, &n, error))
    return FALSE;
  for (int i = 0; i < shape.rank; i++)
    if (i >= (int) n || shape.dims[i] < 0 || multiples[i] < 0 ||
        __builtin_mul_overflow (shape.dims[i], multiples[i], &shape.dims[i]))
      shape.dims[i] = -1;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

/* clang-format off */
const DptOp dpt_ops_join[] = {
  DPT_OP ("Concat",
          "concat_dim: int32, values: N * T -> output: T; N: int, T: type",
          concat_shape, concat_compute),
  DPT_OP ("ConcatV2",
          "values: N * T, axis: Tidx -> output: T; N: int, T: type,"
          " Tidx: type = int32",
          concat_v2_shape, concat_v2_compute),
  DPT_OP ("Transpose",
          "x: T, perm: Tperm -> y: T; T: type, Tperm: type = int32",
          transpose_shape, transpose_compute),
  DPT_OP ("Pad",
          "input: T, paddings: Tpaddings -> output: T; T: type,"
          " Tpaddings: type = int32",
          pad_shape, pad_compute),
  DPT_OP ("PadV2",
          "input: T, paddings: Tpaddings, constant_values: T -> output: T;"
          " T: type, Tpaddings: type = int32",
          pad_shape, pad_compute),
  DPT_OP ("MirrorPad",
          "input: T, paddings: Tpaddings -> output: T; T: type,"
          " Tpaddings: type = int32, mode: string",
          pad_shape, mirror_pad_compute),
  DPT_OP ("Tile",
          "input: T, multiples: Tmultiples -> output: T; T: type,"
          " Tmultiples: type = int32",
          tile_shape, tile_compute),
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
