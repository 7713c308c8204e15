/* dpt-slice-choice.h - which two dimensions are shown, and where the others are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-slice-grid.h"

G_BEGIN_DECLS

/* A value.  Axes are DPT_SLICE_GRID_NO_AXIS where the rank has none to spare:
 * a vector has rows only, a scalar neither. */
typedef struct
{
  DptShape shape;
  int row_axis;
  int column_axis;
  gint64 index[DPT_SHAPE_MAX_RANK]; /* of the other axes */
} DptSliceChoice;

void dpt_slice_choice_init (DptSliceChoice *self, const DptShape *shape);
void dpt_slice_choice_set_row_axis (DptSliceChoice *self, int axis);
void dpt_slice_choice_set_column_axis (DptSliceChoice *self, int axis);
void dpt_slice_choice_set_index (DptSliceChoice *self, int axis, gint64 index);
void dpt_slice_choice_show_element (DptSliceChoice *self,
                                    gsize element,
                                    gsize *row,
                                    gsize *column);
gboolean
dpt_slice_choice_parse (DptSliceChoice *self, const char *text, GError **error);
char *dpt_slice_choice_to_string (const DptSliceChoice *self)
    G_GNUC_WARN_UNUSED_RESULT;
char *dpt_slice_choice_format_cell (const DptSliceChoice *self,
                                    gsize row,
                                    gsize column) G_GNUC_WARN_UNUSED_RESULT;
DptSliceGrid *
dpt_slice_choice_cut (const DptSliceChoice *self,
                      DptTensor *tensor) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
