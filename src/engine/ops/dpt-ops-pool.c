/* dpt-ops-pool.c - the largest and the mean element of windows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Behaviour: TensorFlow's core/kernels/pooling_ops_common.cc.
 */

#define G_LOG_DOMAIN "dpt-ops-pool"

#include "dpt-ops-util.h"

/* Windows over rows and columns; kernel and stride are set. */
typedef struct
{
  gboolean is_nchw;
  DptOpsPadding padding;
  DptOpsWindow rows, columns;
} Windows;

static gboolean
read_explicit (const DptAttrValue *value, Windows *self, GError **error)
{
  if (!dpt_ops_read_explicit (value, self->is_nchw, &self->rows, &self->columns,
                              error))
    return FALSE;
  if (MAX (self->rows.pad_before, self->rows.pad_after) >= self->rows.kernel ||
      MAX (self->columns.pad_before, self->columns.pad_after) >=
          self->columns.kernel)
    return dpt_ops_fail (error, "expected padding smaller than the window");
  return TRUE;
}

/* Two vectors of four numbers for MaxPoolV2, whose windows are inputs. */
static gboolean
read_vector (const DptTensor *tensor,
             const char *what,
             gboolean is_nchw,
             gint64 *height,
             gint64 *width,
             GError **error)
{
  gint64 values[4];
  guint n;

  if (!dpt_ops_read_ints (tensor, what, values, 4, &n, error))
    return FALSE;
  if (n != 4 || values[0] != 1 || values[is_nchw ? 1 : 3] != 1)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
                   "expected %s of 4 numbers, 1 over batch and channels", what);
      return FALSE;
    }
  *height = values[is_nchw ? 2 : 1];
  *width = values[is_nchw ? 3 : 2];
  return TRUE;
}

static gboolean
resolve (Windows *self, gint64 height, gint64 width, GError **error)
{
  self->rows.in = height;
  self->columns.in = width;
  self->rows.dilation = self->columns.dilation = 1;
  return dpt_ops_window_resolve (&self->rows, self->padding, error) &&
         dpt_ops_window_resolve (&self->columns, self->padding, error);
}

/* Pools input 0 into output 0; `self` has all but sizes. */
static gboolean
pool (DptOpContext *context, const char *kernel, Windows *self, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  DptkPool2dKernel *function = DPTK_FIND (POOL2D, kernel,
                                          dpt_ops_get_compute_dtype (dtype));
  DptOpsImage in, out;
  DptOpsResult result;
  DptkPool2d args = { 0 };

  if (function == NULL)
    return dpt_ops_fail_dtype (context, dtype, error);
  if (!dpt_ops_get_image (context, x, "input", self->is_nchw, &in, &args.x,
                          error) ||
      !resolve (self, in.height, in.width, error))
    return FALSE;
  out = (DptOpsImage){ in.batch, self->rows.out, self->columns.out,
                       in.channels };
  if (!dpt_ops_begin_image (context, dtype, &out, self->is_nchw, &result,
                            &args.y, error))
    return FALSE;
  if (dpt_tensor_get_count (result.tensor) == 0)
    return TRUE;

  args.batch = (size_t) in.batch;
  args.channels = (size_t) in.channels;
  args.in_height = (size_t) in.height;
  args.in_width = (size_t) in.width;
  args.kernel_height = (size_t) self->rows.kernel;
  args.kernel_width = (size_t) self->columns.kernel;
  args.out_height = (size_t) self->rows.out;
  args.out_width = (size_t) self->columns.out;
  args.stride_height = (size_t) self->rows.stride;
  args.stride_width = (size_t) self->columns.stride;
  args.pad_top = (size_t) self->rows.pad_before;
  args.pad_left = (size_t) self->columns.pad_before;
  function (&args, dpt_op_context_get_parallel (context));
  dpt_ops_end_image (context, &out, self->is_nchw, &result, args.y);
  return TRUE;
}

static gboolean
compute_pool (DptOpContext *context, const char *kernel, GError **error)
{
  Windows self = { 0 };

  return dpt_ops_is_nchw (context, &self.is_nchw, error) &&
         dpt_ops_parse_padding (dpt_op_context_get_attr (context, "padding"),
                                &self.padding, error) &&
         dpt_ops_read_window_attr (dpt_op_context_get_attr (context, "ksize"),
                                   "ksize", self.is_nchw, &self.rows.kernel,
                                   &self.columns.kernel, error) &&
         dpt_ops_read_window_attr (dpt_op_context_get_attr (context, "strides"),
                                   "strides", self.is_nchw, &self.rows.stride,
                                   &self.columns.stride, error) &&
         (self.padding != DPT_OPS_PADDING_EXPLICIT ||
          read_explicit (dpt_op_context_get_attr (context, "explicit_paddings"),
                         &self, error)) &&
         pool (context, kernel, &self, error);
}

static gboolean
max_pool_compute (DptOpContext *context, GError **error)
{
  return compute_pool (context, "max_pool", error);
}

static gboolean
avg_pool_compute (DptOpContext *context, GError **error)
{
  return compute_pool (context, "avg_pool", error);
}

static gboolean
max_pool_v2_compute (DptOpContext *context, GError **error)
{
  Windows self = { 0 };

  return dpt_ops_is_nchw (context, &self.is_nchw, error) &&
         dpt_ops_parse_padding (dpt_op_context_get_attr (context, "padding"),
                                &self.padding, error) &&
         (self.padding != DPT_OPS_PADDING_EXPLICIT ||
          dpt_ops_fail (error, "expected padding SAME or VALID")) &&
         read_vector (dpt_op_context_get_input (context, 1), "ksize",
                      self.is_nchw, &self.rows.kernel, &self.columns.kernel,
                      error) &&
         read_vector (dpt_op_context_get_input (context, 2), "strides",
                      self.is_nchw, &self.rows.stride, &self.columns.stride,
                      error) &&
         pool (context, "max_pool", &self, error);
}

static gboolean
pool_shape (DptShapeContext *context, GError **error)
{
  const DptShape *x = dpt_shape_context_get_input (context, 0);
  const DptAttrValue *format = dpt_shape_context_get_attr (context,
                                                           "data_format");
  Windows self = { 0 };
  DptShape shape = *x;
  int row, column;

  self.is_nchw = format != NULL &&
                 dpt_attr_value_get_string (format).length > 1 &&
                 dpt_attr_value_get_string (format).data[1] == 'C';
  if (!dpt_ops_parse_padding (dpt_shape_context_get_attr (context, "padding"),
                              &self.padding, error) ||
      !dpt_ops_read_window_attr (dpt_shape_context_get_attr (context, "ksize"),
                                 "ksize", self.is_nchw, &self.rows.kernel,
                                 &self.columns.kernel, error) ||
      !dpt_ops_read_window_attr (dpt_shape_context_get_attr (context,
                                                             "strides"),
                                 "strides", self.is_nchw, &self.rows.stride,
                                 &self.columns.stride, error) ||
      (self.padding == DPT_OPS_PADDING_EXPLICIT &&
       !read_explicit (dpt_shape_context_get_attr (context,
                                                   "explicit_paddings"),
                       &self, error)))
    return FALSE;
  if (x->rank != 4)
    return TRUE;
  row = self.is_nchw ? 2 : 1;
  column = row + 1;
  if (x->dims[row] >= 0 && x->dims[column] >= 0)
    {
      if (!resolve (&self, x->dims[row], x->dims[column], error))
        return FALSE;
      shape.dims[row] = self.rows.out;
      shape.dims[column] = self.columns.out;
    }
  else
    shape.dims[row] = shape.dims[column] = -1;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

/* clang-format off */
const DptOp dpt_ops_pool[] = {
  DPT_OP ("MaxPool",
          "input: T -> output: T; T: type = float32, ksize: list(int),"
          " strides: list(int), padding: string,"
          " explicit_paddings: list(int) = [],"
          " data_format: string = 'NHWC'",
          pool_shape, max_pool_compute),
  DPT_OP ("MaxPoolV2",
          "input: T, ksize: int32, strides: int32 -> output: T;"
          " T: type = float32, padding: string,"
          " data_format: string = 'NHWC'",
          NULL, max_pool_v2_compute),
  DPT_OP ("AvgPool",
          "value: T -> output: T; ksize: list(int), strides: list(int),"
          " padding: string, data_format: string = 'NHWC', T: type",
          pool_shape, avg_pool_compute),
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
