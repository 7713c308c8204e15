/* dpt-ops-window.c - what convolutions and pools share: images and windows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-ops-window"

#include <string.h>

#include "dpt-ops-util.h"

static const int nchw_to_nhwc[] = { 0, 2, 3, 1 };
static const int nhwc_to_nchw[] = { 0, 3, 1, 2 };

/**
 * dpt_ops_image_get_shape:
 * @self: sizes of a batch of images
 * @is_nchw: whether channels come second
 *
 * Returns: the sizes in the order of the layout.
 */
DptShape
dpt_ops_image_get_shape (const DptOpsImage *self, gboolean is_nchw)
{
  return is_nchw ? dpt_shape_new_4d (self->batch, self->channels, self->height,
                                     self->width)
                 : dpt_shape_new_4d (self->batch, self->height, self->width,
                                     self->channels);
}

/**
 * dpt_ops_get_image:
 * @context: the call
 * @tensor: an input of rank 4
 * @what: its name, for the message
 * @is_nchw: whether its channels come second
 * @image: (out): its sizes
 * @data: (out): its elements, NHWC, in dpt_ops_get_compute_dtype()
 * @error: return location for an error
 *
 * Returns: whether @tensor is a batch of images.
 */
gboolean
dpt_ops_get_image (DptOpContext *context,
                   const DptTensor *tensor,
                   const char *what,
                   gboolean is_nchw,
                   DptOpsImage *image,
                   const void **data,
                   GError **error)
{
  const DptShape *shape = dpt_tensor_get_shape (tensor);
  const gint64 *dims = shape->dims;
  size_t width = dptk_dtype_get_width (
      dpt_ops_get_compute_dtype (dpt_tensor_get_dtype (tensor)));
  void *turned;

  if (!dpt_ops_require_rank (tensor, what, 4, error))
    return FALSE;
  *image = is_nchw ? (DptOpsImage){ dims[0], dims[2], dims[3], dims[1] }
                   : (DptOpsImage){ dims[0], dims[1], dims[2], dims[3] };
  *data = dpt_ops_get_numbers (context, tensor, error);
  if (*data == NULL || !is_nchw)
    return *data != NULL;
  turned = dpt_op_context_get_scratch (context,
                                       dpt_tensor_get_count (tensor) * width +
                                           1,
                                       error);
  if (turned == NULL)
    return FALSE;
  dpt_ops_transpose (context, shape, width, nchw_to_nhwc, *data, turned);
  *data = turned;
  return TRUE;
}

/**
 * dpt_ops_begin_image:
 * @context: the call
 * @dtype: the dtype of output 0
 * @image: its sizes
 * @is_nchw: its layout
 * @result: (out): for dpt_ops_end_image()
 * @data: (out): where a kernel writes, NHWC, in dpt_ops_get_compute_dtype()
 * @error: return location for an error
 *
 * Returns: whether there is memory.
 */
gboolean
dpt_ops_begin_image (DptOpContext *context,
                     DptDtype dtype,
                     const DptOpsImage *image,
                     gboolean is_nchw,
                     DptOpsResult *result,
                     void **data,
                     GError **error)
{
  DptShape shape = dpt_ops_image_get_shape (image, is_nchw);

  if (!dpt_ops_begin_result (context, 0, dtype, &shape, result, error))
    return FALSE;
  *data = result->data;
  if (is_nchw)
    *data = dpt_op_context_get_scratch (context,
                                        dpt_shape_get_count (&shape) *
                                                dptk_dtype_get_width (
                                                    dpt_ops_get_compute_dtype (
                                                        dtype)) +
                                            1,
                                        error);
  return *data != NULL;
}

/**
 * dpt_ops_end_image:
 * @context: the call
 * @image: the output's sizes
 * @is_nchw: its layout
 * @result: what dpt_ops_begin_image() began
 * @data: what the kernel wrote
 *
 * Brings the result into its layout and dtype.
 */
void
dpt_ops_end_image (DptOpContext *context,
                   const DptOpsImage *image,
                   gboolean is_nchw,
                   DptOpsResult *result,
                   const void *data)
{
  DptShape shape = dpt_ops_image_get_shape (image, FALSE);
  size_t width = dptk_dtype_get_width (
      dpt_ops_get_compute_dtype (dpt_tensor_get_dtype (result->tensor)));

  if (is_nchw)
    dpt_ops_transpose (context, &shape, width, nhwc_to_nchw, data,
                       result->data);
  dpt_ops_end_result (result);
}

/**
 * dpt_ops_parse_padding:
 * @value: (nullable): the attribute `padding`
 * @padding: (out): what it says
 * @error: return location for an error
 *
 * Returns: whether it is SAME, VALID or EXPLICIT.
 */
gboolean
dpt_ops_parse_padding (const DptAttrValue *value,
                       DptOpsPadding *padding,
                       GError **error)
{
  static const char *const names[] = { "VALID", "SAME", "EXPLICIT" };
  DptString text = { "", 0 };
  g_autofree char *found = NULL;

  if (value != NULL && dpt_attr_value_get_kind (value) == DPT_ATTR_KIND_STRING)
    text = dpt_attr_value_get_string (value);
  found = g_strndup (text.data, text.length);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (found, names[i]) == 0)
      {
        *padding = (DptOpsPadding) i;
        return TRUE;
      }
  return dpt_ops_fail (error,
                       "expected padding SAME, VALID or EXPLICIT, found '%s'",
                       found);
}

/**
 * dpt_ops_read_window_attr:
 * @value: (nullable): strides, dilations or ksize: one number per dimension
 * @name: the attribute's name, for the message
 * @is_nchw: the layout
 * @height: (out): the number for rows
 * @width: (out): the number for columns
 * @error: return location for an error
 *
 * Without the attribute both are 1.
 *
 * Returns: whether batch and channels have 1.
 */
gboolean
dpt_ops_read_window_attr (const DptAttrValue *value,
                          const char *name,
                          gboolean is_nchw,
                          gint64 *height,
                          gint64 *width,
                          GError **error)
{
  gint64 numbers[4];

  *height = *width = 1;
  if (value == NULL)
    return TRUE;
  if (dpt_attr_value_get_kind (value) != DPT_ATTR_KIND_LIST ||
      dpt_attr_value_get_length (value) != 4)
    return dpt_ops_fail (error, "expected %s of 4 numbers", name);
  for (guint i = 0; i < 4; i++)
    numbers[i] = dpt_attr_value_get_int (dpt_attr_value_get_item (value, i));
  if (numbers[0] != 1 || numbers[is_nchw ? 1 : 3] != 1)
    {
      g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
                   "expected %s of 1 over batch and channels", name);
      return FALSE;
    }
  *height = numbers[is_nchw ? 2 : 1];
  *width = numbers[is_nchw ? 3 : 2];
  return TRUE;
}

/**
 * dpt_ops_read_explicit:
 * @value: (nullable): the attribute `explicit_paddings`: two numbers for each
 *   dimension, in the order of the layout
 * @is_nchw: the layout
 * @rows: its padding is set
 * @columns: its padding is set
 * @error: return location for an error
 *
 * Returns: whether there are eight numbers, and 0 for batch and channels.
 */
gboolean
dpt_ops_read_explicit (const DptAttrValue *value,
                       gboolean is_nchw,
                       DptOpsWindow *rows,
                       DptOpsWindow *columns,
                       GError **error)
{
  guint row = is_nchw ? 4 : 2, column = is_nchw ? 6 : 4;
  guint channel = is_nchw ? 2 : 6;
  gint64 pads[8];

  if (value == NULL || dpt_attr_value_get_length (value) != 8)
    return dpt_ops_fail (error, "expected explicit_paddings of 8 numbers");
  for (guint i = 0; i < 8; i++)
    pads[i] = dpt_attr_value_get_int (dpt_attr_value_get_item (value, i));
  if (pads[0] != 0 || pads[1] != 0 || pads[channel] != 0 ||
      pads[channel + 1] != 0)
    return dpt_ops_fail (error, "expected explicit_paddings of 0 over batch "
                                "and channels");
  rows->pad_before = pads[row];
  rows->pad_after = pads[row + 1];
  columns->pad_before = pads[column];
  columns->pad_after = pads[column + 1];
  return TRUE;
}

/**
 * dpt_ops_window_resolve:
 * @self: in, kernel, stride and dilation are set, and for explicit padding
 *   pad_before and pad_after; the rest is filled in
 * @padding: the kind of padding
 * @error: return location for an error
 *
 * TensorFlow's rules (core/util/padding, kernels/conv_ops): with SAME the odd
 * element of padding goes to the end.
 *
 * Returns: whether the window fits.
 */
gboolean
dpt_ops_window_resolve (DptOpsWindow *self,
                        DptOpsPadding padding,
                        GError **error)
{
  const gint64 limit = G_MAXINT32;
  gint64 reach;

  if (self->stride < 1 || self->dilation < 1 || self->kernel < 1 ||
      self->stride > limit || self->dilation > limit || self->kernel > limit ||
      self->in < 0 || self->in > limit)
    return dpt_ops_fail (error,
                         "expected a window and steps from 1 to 2147483647, "
                         "found size %" G_GINT64_FORMAT
                         ", stride %" G_GINT64_FORMAT
                         ", dilation %" G_GINT64_FORMAT,
                         self->kernel, self->stride, self->dilation);

  reach = (self->kernel - 1) * self->dilation + 1;
  if (padding == DPT_OPS_PADDING_SAME)
    {
      gint64 total;

      self->out = (self->in + self->stride - 1) / self->stride;
      total = MAX ((self->out - 1) * self->stride + reach - self->in, 0);
      self->pad_before = total / 2;
      self->pad_after = total - self->pad_before;
      return TRUE;
    }
  if (padding == DPT_OPS_PADDING_VALID)
    self->pad_before = self->pad_after = 0;
  if (self->pad_before < 0 || self->pad_after < 0 || self->pad_before > limit ||
      self->pad_after > limit)
    return dpt_ops_fail (error,
                         "expected padding from 0 to 2147483647, found "
                         "%" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
                         self->pad_before, self->pad_after);
  if (self->in + self->pad_before + self->pad_after < reach)
    return dpt_ops_fail (error,
                         "a window of %" G_GINT64_FORMAT
                         " does not fit into %" G_GINT64_FORMAT " elements",
                         reach, self->in + self->pad_before + self->pad_after);
  self->out = (self->in + self->pad_before + self->pad_after - reach) /
                  self->stride +
              1;
  return TRUE;
}
