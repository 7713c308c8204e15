/* dpt-ops-nn.c - biases, activations, dequantizing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Behaviour: TensorFlow's core/kernels/bias_op.cc, relu_op_functor.h,
 * softplus_op.h and dequantize_op.cc.
 */

#define G_LOG_DOMAIN "dpt-ops-nn"

#include <math.h>

#include "dpt-ops-util.h"

/* A vector is added along the channels: the last dimension, or for NCHW the
 * second. */
static gboolean
add_bias (DptOpContext *context, gboolean is_nchw, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptTensor *bias = dpt_op_context_get_input (context, 1);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  const DptShape *shape = dpt_tensor_get_shape (x);
  DptkBinaryKernel *add = DPTK_FIND (BINARY, "add",
                                     dpt_ops_get_compute_dtype (dtype));
  size_t dims[DPT_SHAPE_MAX_RANK], bias_dims[DPT_SHAPE_MAX_RANK];
  const size_t *pointers[] = { dims, bias_dims };
  int axis = is_nchw ? 1 : shape->rank - 1;
  DptkBroadcast plan;
  DptTensor *y;

  if (add == NULL)
    return dpt_ops_fail_dtype (context, dtype, error);
  if (!dpt_ops_require_same_dtype (x, bias, error) ||
      !dpt_ops_require_rank (bias, "bias", 1, error))
    return FALSE;
  if (shape->rank < 2 || dpt_tensor_get_dim (bias, 0) != shape->dims[axis])
    {
      g_autofree char *found = dpt_shape_to_string (shape);

      return dpt_ops_fail (error,
                           "a bias of %" G_GINT64_FORMAT
                           " elements does not go with shape %s",
                           dpt_tensor_get_dim (bias, 0), found);
    }

  dpt_ops_get_dims (shape, dims);
  for (int i = 0; i < shape->rank; i++)
    bias_dims[i] = i == axis ? dims[i] : 1;
  dptk_broadcast_init (&plan, (size_t) shape->rank, dims, 2, pointers);
  y = dpt_op_context_forward_input (context, 0, 0, dtype, shape, error);
  if (y == NULL)
    return FALSE;
  dptk_map_binary (add, dpt_ops_kernel_dtype (dtype), &plan,
                   dpt_tensor_get_data (x), dpt_tensor_get_data (bias),
                   dpt_tensor_get_writable_data (y),
                   dpt_op_context_get_parallel (context));
  return TRUE;
}

static gboolean
bias_add_compute (DptOpContext *context, GError **error)
{
  gboolean is_nchw;

  return dpt_ops_is_nchw (context, &is_nchw, error) &&
         add_bias (context, is_nchw, error);
}

static gboolean
bias_add_v1_compute (DptOpContext *context, GError **error)
{
  return add_bias (context, FALSE, error);
}

static gboolean
leaky_relu_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptDtype dtype = dpt_tensor_get_dtype (x);
  DptkParametricKernel *function =
      DPTK_FIND (PARAMETRIC, "leaky_relu", dpt_ops_get_compute_dtype (dtype));
  DptTensor *y;

  if (function == NULL)
    return dpt_ops_fail_dtype (context, dtype, error);
  y = dpt_op_context_forward_input (context, 0, 0, dtype,
                                    dpt_tensor_get_shape (x), error);
  if (y == NULL)
    return FALSE;
  dptk_map_parametric (function, dpt_ops_kernel_dtype (dtype),
                       dpt_tensor_get_data (x),
                       (double) dpt_op_context_get_attr_float (context,
                                                               "alpha"),
                       dpt_tensor_get_writable_data (y),
                       dpt_tensor_get_count (x),
                       dpt_op_context_get_parallel (context));
  return TRUE;
}

/* The range of a quantized dtype. */
static gboolean
get_quantized_range (DptDtype dtype, double *lowest, double *highest)
{
  switch ((int) dtype)
    {
    case DPT_DTYPE_QUINT8:
    case DPT_DTYPE_UINT8:
      *lowest = 0;
      *highest = G_MAXUINT8;
      return TRUE;
    case DPT_DTYPE_QINT8:
    case DPT_DTYPE_INT8:
      *lowest = G_MININT8;
      *highest = G_MAXINT8;
      return TRUE;
    case DPT_DTYPE_QUINT16:
    case DPT_DTYPE_UINT16:
      *lowest = 0;
      *highest = G_MAXUINT16;
      return TRUE;
    case DPT_DTYPE_QINT16:
    case DPT_DTYPE_INT16:
      *lowest = G_MININT16;
      *highest = G_MAXINT16;
      return TRUE;
    case DPT_DTYPE_QINT32:
    case DPT_DTYPE_INT32:
      *lowest = G_MININT32;
      *highest = G_MAXINT32;
      return TRUE;
    default:
      return FALSE;
    }
}

/* value = base + (x - offset) * scale, by mode (dequantize_op.cc and
 * quantization_utils.h). */
static gboolean
get_scale (const char *mode,
           gboolean narrow_range,
           double lowest,
           double highest,
           float min,
           float max,
           double *base,
           double *offset,
           double *scale,
           GError **error)
{
  if (g_strcmp0 (mode, "MIN_COMBINED") == 0)
    {
      double half = lowest < 0 ? (highest - lowest + 1) / 2 : 0;

      *scale = (double) ((max - min) / (float) (highest - lowest));
      *offset = -half;
      *base = (double) min;
      return TRUE;
    }
  if (g_strcmp0 (mode, "MIN_FIRST") == 0)
    {
      double steps = highest - lowest + 1;

      *scale = ((double) max - (double) min) * (steps / (steps - 1)) / steps;
      *offset = lowest;
      *base = min == max ? (double) min
                         : round ((double) min / *scale) * *scale;
      return TRUE;
    }
  if (g_strcmp0 (mode, "SCALED") == 0)
    {
      double least = lowest + (narrow_range ? 1 : 0);

      *scale = lowest == 0 ? (double) max / highest
                           : MAX ((double) min / least, (double) max / highest);
      *offset = *base = 0;
      return TRUE;
    }
  return dpt_ops_fail (error,
                       "expected mode MIN_COMBINED, MIN_FIRST or SCALED, "
                       "found '%s'",
                       mode);
}

static gboolean
dequantize_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  DptTensor *min = dpt_op_context_get_input (context, 1);
  DptTensor *max = dpt_op_context_get_input (context, 2);
  DptDtype dtype = dpt_op_context_get_attr_type (context, "dtype");
  g_autofree char *mode = dpt_op_context_dup_attr_string (context, "mode");
  double lowest, highest, base = 0, offset = 0, scale = 0;
  gsize n = dpt_tensor_get_count (x);
  DptOpsResult result;

  if (!get_quantized_range (dpt_tensor_get_dtype (x), &lowest, &highest))
    return dpt_ops_fail_dtype (context, dpt_tensor_get_dtype (x), error);
  if (dpt_ops_get_compute_dtype (dtype) != DPTK_F32)
    return dpt_ops_fail_dtype (context, dtype, error);
  if (dpt_op_context_get_attr_int (context, "axis") != -1)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
                   "a range for each channel is not supported");
      return FALSE;
    }
  if (dpt_tensor_get_count (min) != 1 || dpt_tensor_get_count (max) != 1)
    return dpt_ops_fail (error, "expected min_range and max_range of one "
                                "number each");
  if (!get_scale (mode, dpt_op_context_get_attr_bool (context, "narrow_range"),
                  lowest, highest, (float) dpt_tensor_get_double (min, 0),
                  (float) dpt_tensor_get_double (max, 0), &base, &offset,
                  &scale, error) ||
      !dpt_ops_begin_result (context, 0, dtype, dpt_tensor_get_shape (x),
                             &result, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    ((float *) result.data)[i] =
        (float) (base + ((double) dpt_tensor_get_int (x, i) - offset) * scale);
  dpt_ops_end_result (&result);
  return TRUE;
}

DPT_OPS_DEFINE_COMPUTE (dpt_ops_compute_unary, relu)
DPT_OPS_DEFINE_COMPUTE (dpt_ops_compute_unary, relu6)
DPT_OPS_DEFINE_COMPUTE (dpt_ops_compute_unary, elu)
DPT_OPS_DEFINE_COMPUTE (dpt_ops_compute_unary, selu)
DPT_OPS_DEFINE_COMPUTE (dpt_ops_compute_unary, softplus)
DPT_OPS_DEFINE_COMPUTE (dpt_ops_compute_unary, softsign)

/* clang-format off */
const DptOp dpt_ops_nn[] = {
  DPT_OP ("BiasAdd",
          "value: T, bias: T -> output: T; T: type,"
          " data_format: string = 'NHWC'",
          dpt_ops_shape_same, bias_add_compute),
  DPT_OP ("BiasAddV1", "value: T, bias: T -> output: T; T: type",
          dpt_ops_shape_same, bias_add_v1_compute),
  DPT_OP ("Relu", "features: T -> activations: T; T: type",
          dpt_ops_shape_same, relu_compute),
  DPT_OP ("Relu6", "features: T -> activations: T; T: type",
          dpt_ops_shape_same, relu6_compute),
  DPT_OP ("LeakyRelu",
          "features: T -> activations: T; alpha: float = 0.2,"
          " T: type = float32",
          dpt_ops_shape_same, leaky_relu_compute),
  DPT_OP ("Elu", "features: T -> activations: T; T: type",
          dpt_ops_shape_same, elu_compute),
  DPT_OP ("Selu", "features: T -> activations: T; T: type",
          dpt_ops_shape_same, selu_compute),
  DPT_OP ("Softplus", "features: T -> activations: T; T: type",
          dpt_ops_shape_same, softplus_compute),
  DPT_OP ("Softsign", "features: T -> activations: T; T: type",
          dpt_ops_shape_same, softsign_compute),
  DPT_OP ("Dequantize",
          "input: T, min_range: float32, max_range: float32 ->"
          " output: dtype; T: type, mode: string = 'MIN_COMBINED',"
          " narrow_range: bool = false, axis: int = -1,"
          " dtype: type = float32",
          dpt_ops_shape_same, dequantize_compute),
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
