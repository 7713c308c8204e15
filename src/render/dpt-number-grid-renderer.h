/* dpt-number-grid-renderer.h - a slice of both sides as a table of numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>

#include "dpt-palette.h"
#include "dpt-slice-grid.h"

G_BEGIN_DECLS

#define DPT_NUMBER_GRID_HEAD_HEIGHT 24
#define DPT_NUMBER_GRID_HEAD_WIDTH  64
#define DPT_NUMBER_GRID_ROW_HEIGHT  36

/* Each grid can be NULL.  Without a difference no cell is tinted, and both
 * values are shown where their texts differ. */
typedef struct
{
  const DptSliceGrid *left;
  const DptSliceGrid *right;
  const DptSliceGrid *difference;
  gsize n_rows; /* of the larger side */
  gsize n_columns;
  int cell_width;
  double x; /* how far the cells are scrolled */
  double y;
  double width; /* of the picture, heads included */
  double height;
  gboolean has_cursor;
  gsize cursor_row;
  gsize cursor_column;
} DptNumberGridData;

void dpt_number_grid_draw (cairo_t *cr,
                           const DptNumberGridData *data,
                           DptTheme theme);

G_END_DECLS
