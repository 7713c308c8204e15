/* dpt-slice-choice.c - which two dimensions are shown, and where the others are
 *
 * Invariants: the row axis and the column axis are never the same axis; every
 * index lies inside its dimension, or is 0 where the dimension is empty.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-slice-choice"

#include "dpt-slice-choice.h"

#include <string.h>

/**
 * dpt_slice_choice_init:
 * @self: (out caller-allocates): the choice
 * @shape: a known shape
 *
 * Chooses the last two dimensions and index 0 of the others.
 */
void
dpt_slice_choice_init (DptSliceChoice *self, const DptShape *shape)
{
  *self = (DptSliceChoice){
    .shape = *shape,
    .row_axis = DPT_SLICE_GRID_NO_AXIS,
    .column_axis = DPT_SLICE_GRID_NO_AXIS,
  };
  if (shape->rank >= 2)
    {
      self->row_axis = shape->rank - 2;
      self->column_axis = shape->rank - 1;
    }
  else if (shape->rank == 1)
    self->row_axis = 0;
}

/**
 * dpt_slice_choice_set_row_axis:
 * @self: a choice for rank 2 or more
 * @axis: the dimension that is to run downwards
 *
 * When @axis ran to the right, the two change places; else the dimension that
 * ran downwards becomes fixed.
 */
void
dpt_slice_choice_set_row_axis (DptSliceChoice *self, int axis)
{
  g_return_if_fail (axis >= 0 && axis < self->shape.rank);

  if (axis == self->column_axis)
    self->column_axis = self->row_axis;
  self->row_axis = axis;
}

/**
 * dpt_slice_choice_set_column_axis:
 * @self: a choice for rank 2 or more
 * @axis: the dimension that is to run to the right
 *
 * When @axis ran downwards, the two change places; else the dimension that ran
 * to the right becomes fixed.
 */
void
dpt_slice_choice_set_column_axis (DptSliceChoice *self, int axis)
{
  g_return_if_fail (axis >= 0 && axis < self->shape.rank);

  if (axis == self->row_axis)
    self->row_axis = self->column_axis;
  self->column_axis = axis;
}

/**
 * dpt_slice_choice_set_index:
 * @self: a choice
 * @axis: a dimension
 * @index: where it stands while it is fixed; clamped
 */
void
dpt_slice_choice_set_index (DptSliceChoice *self, int axis, gint64 index)
{
  g_return_if_fail (axis >= 0 && axis < self->shape.rank);

  self->index[axis] = CLAMP (index, 0, MAX (self->shape.dims[axis] - 1, 0));
}

/**
 * dpt_slice_choice_show_element:
 * @self: a choice
 * @element: the flat index of an element of the shape
 * @row: (out): its row in the slice
 * @column: (out): its column
 *
 * Moves the fixed dimensions to where this element is in the slice.
 */
void
dpt_slice_choice_show_element (DptSliceChoice *self,
                               gsize element,
                               gsize *row,
                               gsize *column)
{
  *row = 0;
  *column = 0;
  for (int axis = self->shape.rank - 1; axis >= 0; axis--)
    {
      gsize dim = (gsize) MAX (self->shape.dims[axis], 1);
      gsize place = element % dim;

      element /= dim;
      if (axis == self->row_axis)
        *row = place;
      else if (axis == self->column_axis)
        *column = place;
      else
        self->index[axis] = (gint64) place;
    }
}

/* One part between commas: a colon, or an index inside its dimension. */
static gboolean
parse_part (DptSliceChoice *self,
            int axis,
            const char *part,
            gboolean *is_colon,
            GError **error)
{
  gint64 dim = self->shape.dims[axis];
  gint64 index;

  *is_colon = g_str_equal (part, ":");
  if (*is_colon)
    return TRUE;
  if (!g_ascii_string_to_signed (part, 10, 0, MAX (dim - 1, 0), &index, NULL))
    {
      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_PARSE,
                   "dimension %d: expected “:” or an index from 0 to "
                   "%" G_GINT64_FORMAT ", found “%s”",
                   axis, MAX (dim - 1, 0), part);
      return FALSE;
    }
  self->index[axis] = index;
  return TRUE;
}

/* Gives the dimensions with a colon their roles; two that had them already
 * keep them. */
static void
take_roles (DptSliceChoice *self, const int *colons, int n_colons)
{
  if (n_colons == 1)
    self->row_axis = colons[0];
  else if (n_colons == 2 &&
           !(self->row_axis == colons[1] && self->column_axis == colons[0]))
    {
      self->row_axis = colons[0];
      self->column_axis = colons[1];
    }
}

/**
 * dpt_slice_choice_parse:
 * @self: a choice, left as it was on failure
 * @text: for instance "[1, 2, :, :]"; the brackets may be missing
 * @error: return location for a #DptTensorError: what was expected and found
 *
 * Takes one part for each dimension: an index, or a colon for a dimension that
 * is shown. As many dimensions are shown as can be: two, or the whole rank
 * when that is less.
 *
 * Returns: whether @text is a slice of the shape
 */
gboolean
dpt_slice_choice_parse (DptSliceChoice *self, const char *text, GError **error)
{
  DptSliceChoice next = *self;
  g_autofree char *inner = g_strstrip (g_strdup (text));
  g_auto (GStrv) parts = NULL;
  int rank = self->shape.rank;
  int colons[DPT_SHAPE_MAX_RANK];
  int n_colons = 0;
  gsize length = strlen (inner);

  if (length >= 2 && inner[0] == '[' && inner[length - 1] == ']')
    {
      inner[length - 1] = ' ';
      inner[0] = ' ';
      g_strstrip (inner);
    }
  parts = g_strsplit (inner, ",", DPT_SHAPE_MAX_RANK + 1);
  if ((int) g_strv_length (parts) != rank)
    {
      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_PARSE,
                   "slice: expected %d dimensions, found %u", rank,
                   g_strv_length (parts));
      return FALSE;
    }
  for (int axis = 0; axis < rank; axis++)
    {
      gboolean is_colon;

      if (!parse_part (&next, axis, g_strstrip (parts[axis]), &is_colon, error))
        return FALSE;
      if (is_colon)
        colons[n_colons++] = axis;
    }
  if (n_colons != MIN (rank, 2))
    {
      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_PARSE,
                   "slice: expected %d of its dimensions to be “:”, found %d",
                   MIN (rank, 2), n_colons);
      return FALSE;
    }
  take_roles (&next, colons, n_colons);
  *self = next;
  return TRUE;
}

static char *
format (const DptSliceChoice *self, const char *row, const char *column)
{
  GString *text = g_string_new ("[");

  for (int axis = 0; axis < self->shape.rank; axis++)
    {
      if (axis > 0)
        g_string_append (text, ", ");
      if (axis == self->row_axis)
        g_string_append (text, row);
      else if (axis == self->column_axis)
        g_string_append (text, column);
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, self->index[axis]);
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/**
 * dpt_slice_choice_to_string:
 * @self: a choice
 *
 * Returns: (transfer full): "[1, 2, :, :]", which dpt_slice_choice_parse()
 *   reads
 */
char *
dpt_slice_choice_to_string (const DptSliceChoice *self)
{
  return format (self, ":", ":");
}

/**
 * dpt_slice_choice_format_cell:
 * @self: a choice
 * @row: a row of the slice
 * @column: a column
 *
 * Returns: (transfer full): the index of that element: "[1, 2, 37, 88]"
 */
char *
dpt_slice_choice_format_cell (const DptSliceChoice *self,
                              gsize row,
                              gsize column)
{
  g_autofree char *row_text = g_strdup_printf ("%" G_GSIZE_FORMAT, row);
  g_autofree char *column_text = g_strdup_printf ("%" G_GSIZE_FORMAT, column);

  return format (self, row_text, column_text);
}

/**
 * dpt_slice_choice_cut:
 * @self: a choice
 * @tensor: a tensor of the same rank; indexes outside its dimensions are taken
 *   to its last ones
 *
 * Returns: (transfer full): the slice
 */
DptSliceGrid *
dpt_slice_choice_cut (const DptSliceChoice *self, DptTensor *tensor)
{
  g_return_val_if_fail (dpt_tensor_get_rank (tensor) == self->shape.rank, NULL);

  return dpt_slice_grid_new (tensor, self->row_axis, self->column_axis,
                             self->index);
}
