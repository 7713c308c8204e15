/* dpt-pair-step.c - one operation that carries a right value to the left's form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-pair-step"

#include "dpt-pair-step.h"

#include <string.h>

#include "dpt-tensor-cast.h"

/* In the order of DptPairStepKind. */
static const char *const kind_names[] = { "transpose", "reshape", "cast" };

/**
 * dpt_pair_step_kind_get_name:
 * @kind: a kind
 *
 * Returns: the word that a mapping file writes as "op".
 */
const char *
dpt_pair_step_kind_get_name (DptPairStepKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

/**
 * dpt_pair_step_kind_from_name:
 * @name: a word
 * @kind: (out): its kind
 *
 * Returns: whether @name is one of the words of dpt_pair_step_kind_get_name().
 */
gboolean
dpt_pair_step_kind_from_name (const char *name, DptPairStepKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (name, kind_names[i]) == 0)
      {
        *kind = (DptPairStepKind) i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
check_axes (const DptPairStep *self, const DptShape *shape, GError **error)
{
  gboolean seen[DPT_SHAPE_MAX_RANK] = { FALSE };
  gboolean valid = self->shape.rank == shape->rank;

  for (int i = 0; valid && i < shape->rank; i++)
    {
      gint64 axis = self->shape.dims[i];

      valid = axis >= 0 && axis < shape->rank && !seen[axis];
      if (valid)
        seen[axis] = TRUE;
    }

  if (!valid)
    {
      g_autofree char *axes = dpt_shape_to_string (&self->shape);
      g_autofree char *text = dpt_shape_to_string (shape);

      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                   "transpose: expected each axis of shape %s once, found %s",
                   text, axes);
    }

  return valid;
}

/* For each element of the result, in row-major order, the index of the
 * element of the source: an odometer over the result's dimensions that moves
 * by the source's strides. */
static gsize *
transpose_indexes (const DptPairStep *self,
                   const DptShape *from,
                   const DptShape *to,
                   gsize count)
{
  gint64 strides[DPT_SHAPE_MAX_RANK];
  gint64 at[DPT_SHAPE_MAX_RANK] = { 0 };
  gsize *indexes = g_new (gsize, count);
  gint64 index = 0;

  dpt_shape_get_strides (from, strides);

  for (gsize i = 0; i < count; i++)
    {
      indexes[i] = (gsize) index;

      for (int d = to->rank - 1; d >= 0; d--)
        {
          gint64 stride = strides[self->shape.dims[d]];

          index += stride;
          if (++at[d] < to->dims[d])
            break;
          index -= stride * to->dims[d];
          at[d] = 0;
        }
    }

  return indexes;
}

static DptTensor *
transpose_strings (DptTensor *tensor,
                   const DptShape *shape,
                   const gsize *indexes,
                   gsize count,
                   GError **error)
{
  g_autofree DptString *strings = g_new (DptString, count);

  for (gsize i = 0; i < count; i++)
    strings[i] = dpt_tensor_get_string (tensor, indexes[i]);

  return dpt_tensor_new_strings (shape, strings, error);
}

static DptTensor *
apply_transpose (const DptPairStep *self, DptTensor *tensor, GError **error)
{
  const DptShape *from = dpt_tensor_get_shape (tensor);
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  gsize width = dpt_dtype_get_size (dtype);
  gsize count = dpt_tensor_get_count (tensor);
  g_autoptr (DptTensor) result = NULL;
  g_autofree gsize *indexes = NULL;
  DptShape to = { .rank = from->rank };
  const guint8 *source;
  guint8 *target;

  if (!check_axes (self, from, error))
    return NULL;
  if (dtype != DPT_DTYPE_STRING && !dpt_dtype_is_plain (dtype))
    {
      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_CAST,
                   "transpose: expected numbers or strings, found %s",
                   dpt_dtype_get_name (dtype));
      return NULL;
    }

  for (int d = 0; d < to.rank; d++)
    to.dims[d] = from->dims[self->shape.dims[d]];
  indexes = transpose_indexes (self, from, &to, count);

  if (dtype == DPT_DTYPE_STRING)
    return transpose_strings (tensor, &to, indexes, count, error);

  result = dpt_tensor_new (dtype, &to, error);
  if (result == NULL)
    return NULL;

  source = dpt_tensor_get_data (tensor);
  target = dpt_tensor_get_writable_data (result);
  for (gsize i = 0; i < count; i++)
    memcpy (target + i * width, source + indexes[i] * width, width);

  return g_steal_pointer (&result);
}

static DptTensor *
apply_reshape (const DptPairStep *self, DptTensor *tensor, GError **error)
{
  gsize count;

  if (!dpt_shape_count (&self->shape, &count) ||
      count != dpt_tensor_get_count (tensor))
    {
      g_autofree char *from = dpt_shape_to_string (
          dpt_tensor_get_shape (tensor));
      g_autofree char *to = dpt_shape_to_string (&self->shape);

      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                   "reshape: expected a shape of %" G_GSIZE_FORMAT
                   " elements for a tensor of shape %s, found %s",
                   dpt_tensor_get_count (tensor), from, to);
      return NULL;
    }

  return dpt_tensor_reshape (tensor, &self->shape);
}

/**
 * dpt_pair_step_apply:
 * @self: a step
 * @tensor: any tensor
 * @error: what does not fit: #DPT_TENSOR_ERROR
 *
 * A transpose is tf.transpose: dimension i of the result is dimension
 * axes[i] of @tensor.  A reshape keeps the row-major order of the elements.
 *
 * Returns: (transfer full): a new tensor; @tensor is left as it is.
 */
DptTensor *
dpt_pair_step_apply (const DptPairStep *self, DptTensor *tensor, GError **error)
{
  switch (self->kind)
    {
    case DPT_PAIR_STEP_TRANSPOSE:
      return apply_transpose (self, tensor, error);
    case DPT_PAIR_STEP_RESHAPE:
      return apply_reshape (self, tensor, error);
    case DPT_PAIR_STEP_CAST:
      return dpt_tensor_cast (tensor, self->dtype, error);
    default:
      g_return_val_if_reached (NULL);
    }
}
