/* dpt-slice-grid.h - rows and columns cut out of a tensor of any rank
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

/* Immutable and refcounted; may be read from any thread.  It copies nothing:
 * a cell is looked up in the tensor when it is asked for.
 *
 * A grid of differences has two grids of equal size under it; its value is
 * |left - right|. */
typedef struct _DptSliceGrid DptSliceGrid;

#define DPT_TYPE_SLICE_GRID (dpt_slice_grid_get_type ())
GType dpt_slice_grid_get_type (void);

/* In place of an axis: the grid has one row, or one column. */
#define DPT_SLICE_GRID_NO_AXIS (-1)

/* A cell, or the cell that stands for many. */
typedef struct
{
  double value;
  gboolean beyond; /* differences only: beyond the tolerance */
} DptGridCell;

DptSliceGrid *
dpt_slice_grid_new (DptTensor *tensor,
                    int row_axis,
                    int column_axis,
                    const gint64 *index) G_GNUC_WARN_UNUSED_RESULT;
DptSliceGrid *
dpt_slice_grid_new_difference (DptSliceGrid *left,
                               DptSliceGrid *right,
                               double rtol,
                               double atol,
                               gboolean nan_equal) G_GNUC_WARN_UNUSED_RESULT;
DptSliceGrid *dpt_slice_grid_ref (DptSliceGrid *self);
void dpt_slice_grid_unref (DptSliceGrid *self);

gsize dpt_slice_grid_get_n_rows (const DptSliceGrid *self);
gsize dpt_slice_grid_get_n_columns (const DptSliceGrid *self);
gboolean
dpt_slice_grid_has_cell (const DptSliceGrid *self, gsize row, gsize column);
DptGridCell
dpt_slice_grid_get_cell (const DptSliceGrid *self, gsize row, gsize column);
char *dpt_slice_grid_print_cell (const DptSliceGrid *self,
                                 gsize row,
                                 gsize column) G_GNUC_WARN_UNUSED_RESULT;
DptGridCell dpt_slice_grid_reduce (const DptSliceGrid *self,
                                   gsize row,
                                   gsize column,
                                   gsize n_rows,
                                   gsize n_columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptSliceGrid, dpt_slice_grid_unref)

G_END_DECLS
