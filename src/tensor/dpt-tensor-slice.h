/* dpt-tensor-slice.h - a rectangular part of a tensor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

/* A length before the slice is resolved against a shape. */
#define DPT_TENSOR_SLICE_TO_END  (-1) /* from start to the end */
#define DPT_TENSOR_SLICE_TO_STOP (-2) /* from start to stop, as numpy does */

/* A value.  Per dimension: the first index, how many, every how many-th, and
 * whether the dimension is dropped from the result because one index was
 * named.  As parsed, indices may be negative, lengths as above, and dimensions
 * may be missing at `ellipsis` (at the end if that is -1).  Resolved, start
 * and length are those of the shape, whose dimensions are kept in `dims`. */
typedef struct
{
  int rank;
  int ellipsis;
  gint64 start[DPT_SHAPE_MAX_RANK];
  gint64 stop[DPT_SHAPE_MAX_RANK];
  gint64 length[DPT_SHAPE_MAX_RANK];
  gint64 step[DPT_SHAPE_MAX_RANK];
  gint64 dims[DPT_SHAPE_MAX_RANK];
  gboolean drop[DPT_SHAPE_MAX_RANK];
} DptTensorSlice;

gboolean dpt_tensor_slice_parse (const char *text,
                                 DptTensorSlice *slice,
                                 GError **error);
void dpt_tensor_slice_init_full (DptTensorSlice *self, int rank);
gboolean dpt_tensor_slice_resolve (DptTensorSlice *self,
                                   const DptShape *shape,
                                   GError **error);
gboolean dpt_tensor_slice_is_full (const DptTensorSlice *self,
                                   const DptShape *shape);
DptShape dpt_tensor_slice_get_shape (const DptTensorSlice *self);
char *dpt_tensor_slice_to_string (const DptTensorSlice *self)
    G_GNUC_WARN_UNUSED_RESULT;

DptTensor *dpt_tensor_slice_extract (const DptTensorSlice *self,
                                     DptTensor *tensor,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_tensor_slice_insert (const DptTensorSlice *self,
                              const DptTensor *part,
                              DptTensor *whole);

G_END_DECLS
