/* dpt-tensor-slice.c - a rectangular part of a tensor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text is numpy's basic slicing with positive steps:
 *
 *   slice     = [ "[" ] part { "," part } [ "]" ]
 *   part      = index | [ start ] ":" [ stop ] [ ":" [ step ] ] | "..."
 *
 * Negative numbers count from the end; a range is clipped to its dimension,
 * an index must lie in it.
 */

#define G_LOG_DOMAIN "dpt-tensor-slice"

#include "dpt-tensor-slice.h"

#include <string.h>

static gboolean
parse_error (GError **error, const char *text, const char *found)
{
  g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
               "slice '%s': expected parts like 3, 2:5, ::2 or ..., found %s",
               text, found);
  return FALSE;
}

static void
skip_spaces (const char **cursor)
{
  while (g_ascii_isspace (**cursor))
    (*cursor)++;
}

/* Reads a number if one stands here. */
static gboolean
parse_number (const char **cursor, gint64 *value)
{
  char *end;

  *value = g_ascii_strtoll (*cursor, &end, 10);
  if (end == *cursor)
    return FALSE;

  *cursor = end;
  skip_spaces (cursor);
  return TRUE;
}

static void
set_full (DptTensorSlice *self, int dim)
{
  self->start[dim] = 0;
  self->stop[dim] = 0;
  self->length[dim] = DPT_TENSOR_SLICE_TO_END;
  self->step[dim] = 1;
  self->dims[dim] = -1;
  self->drop[dim] = FALSE;
}

/* One index or range, at dimension `dim`. */
static gboolean
parse_part (DptTensorSlice *self,
            int dim,
            const char **cursor,
            const char *text,
            GError **error)
{
  gboolean has_start;

  set_full (self, dim);
  has_start = parse_number (cursor, &self->start[dim]);
  if (**cursor != ':')
    {
      if (!has_start)
        return parse_error (error, text, "something else");
      self->length[dim] = 1;
      self->drop[dim] = TRUE;
      return TRUE;
    }

  (*cursor)++;
  skip_spaces (cursor);
  if (parse_number (cursor, &self->stop[dim]))
    self->length[dim] = DPT_TENSOR_SLICE_TO_STOP;
  if (**cursor != ':')
    return TRUE;

  (*cursor)++;
  skip_spaces (cursor);
  if (parse_number (cursor, &self->step[dim]) && self->step[dim] < 1)
    return parse_error (error, text, "a step that is not positive");
  if (self->step[dim] == 0)
    self->step[dim] = 1;
  return TRUE;
}

/**
 * dpt_tensor_slice_parse:
 * @text: numpy's basic slicing: `1,2,:,:`, `[0, :, 2:5, ::2]`, `..., -1`
 * @slice: (out): the slice, to be resolved against a shape
 * @error: return location for an error
 *
 * Returns: whether @text is a slice; otherwise @error is
 *   %DPT_TENSOR_ERROR_SLICE.
 */
gboolean
dpt_tensor_slice_parse (const char *text, DptTensorSlice *slice, GError **error)
{
  DptTensorSlice result = { .rank = 0, .ellipsis = -1 };
  const char *cursor = text;
  gboolean bracket;

  skip_spaces (&cursor);
  bracket = *cursor == '[';
  cursor += bracket;
  skip_spaces (&cursor);

  while (*cursor != '\0' && *cursor != ']')
    {
      if (g_str_has_prefix (cursor, "..."))
        {
          if (result.ellipsis >= 0)
            return parse_error (error, text, "a second ...");
          result.ellipsis = result.rank;
          cursor += 3;
          skip_spaces (&cursor);
        }
      else if (result.rank == DPT_SHAPE_MAX_RANK)
        return parse_error (error, text, "more than 16 of them");
      else if (!parse_part (&result, result.rank++, &cursor, text, error))
        return FALSE;

      if (*cursor == ',')
        {
          cursor++;
          skip_spaces (&cursor);
        }
      else if (*cursor != '\0' && *cursor != ']')
        return parse_error (error, text, "no comma between two of them");
    }

  if (bracket != (*cursor == ']'))
    return parse_error (error, text, "brackets that do not match");
  cursor += bracket;
  skip_spaces (&cursor);
  if (*cursor != '\0')
    return parse_error (error, text, "text behind it");

  *slice = result;
  return TRUE;
}

/**
 * dpt_tensor_slice_init_full:
 * @self: (out): a slice
 * @rank: number of dimensions
 *
 * Makes the slice that takes everything of a tensor of @rank dimensions.
 */
void
dpt_tensor_slice_init_full (DptTensorSlice *self, int rank)
{
  g_return_if_fail (rank >= 0 && rank <= DPT_SHAPE_MAX_RANK);

  *self = (DptTensorSlice){ .rank = rank, .ellipsis = -1 };
  for (int i = 0; i < rank; i++)
    set_full (self, i);
}

/* Puts full dimensions where the text had "..." or nothing. */
static void
expand (DptTensorSlice *self, int rank)
{
  int missing = rank - self->rank;
  int at = self->ellipsis >= 0 ? self->ellipsis : self->rank;
  DptTensorSlice old = *self;

  for (int i = at; i < old.rank; i++)
    {
      self->start[i + missing] = old.start[i];
      self->stop[i + missing] = old.stop[i];
      self->length[i + missing] = old.length[i];
      self->step[i + missing] = old.step[i];
      self->drop[i + missing] = old.drop[i];
    }
  for (int i = at; i < at + missing; i++)
    set_full (self, i);
  self->rank = rank;
  self->ellipsis = -1;
}

/* A bound as numpy understands it: from the end if negative, then clipped. */
static gint64
clip (gint64 bound, gint64 dim)
{
  if (bound < 0)
    bound += dim;
  return CLAMP (bound, 0, dim);
}

/* How many of `span` indices are taken with this step. */
static gint64
count_steps (gint64 span, gint64 step)
{
  return span <= 0 ? 0 : (span - 1) / step + 1;
}

/* Says which index, or which range of them, is not in the dimension. */
static gboolean
fail_dimension (const DptTensorSlice *self, int i, gint64 dim, GError **error)
{
  gint64 start = self->start[i];

  if (!self->drop[i])
    g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                 "dimension %d: expected indices from %" G_GINT64_FORMAT
                 " to %" G_GINT64_FORMAT ", found %" G_GINT64_FORMAT
                 " from %" G_GINT64_FORMAT " on",
                 i, -dim, dim - 1, self->length[i], start);
  else if (dim == 0)
    g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                 "dimension %d: no index was expected, as it is empty, found "
                 "%" G_GINT64_FORMAT,
                 i, start);
  else if (start < 0)
    g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                 "dimension %d: an index from %" G_GINT64_FORMAT
                 " on was expected, found %" G_GINT64_FORMAT,
                 i, -dim, start);
  else
    g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                 "dimension %d: an index below %" G_GINT64_FORMAT
                 " was expected, found %" G_GINT64_FORMAT,
                 i, dim, start);
  return FALSE;
}

static gboolean
resolve_dimension (DptTensorSlice *self, int i, gint64 dim, GError **error)
{
  gint64 length = self->length[i];

  if (length == DPT_TENSOR_SLICE_TO_END || length == DPT_TENSOR_SLICE_TO_STOP)
    {
      gint64 stop = length == DPT_TENSOR_SLICE_TO_END
                        ? dim
                        : clip (self->stop[i], dim);

      self->start[i] = clip (self->start[i], dim);
      self->length[i] = count_steps (stop - self->start[i], self->step[i]);
    }
  else
    {
      gint64 start = self->start[i] + (self->start[i] < 0 ? dim : 0);
      gint64 fits = start < 0 ? -1 : count_steps (dim - start, self->step[i]);

      if (length < 0 || length > fits)
        return fail_dimension (self, i, dim, error);
      self->start[i] = start;
    }

  self->dims[i] = dim;
  return TRUE;
}

/**
 * dpt_tensor_slice_resolve:
 * @self: a slice
 * @shape: the known shape it is taken of
 * @error: return location for an error
 *
 * Makes starts and lengths those of @shape.  Resolving a resolved slice
 * against the same shape changes nothing.
 *
 * Returns: whether the slice fits; otherwise @error is
 *   %DPT_TENSOR_ERROR_SLICE and @self is spoiled.
 */
gboolean
dpt_tensor_slice_resolve (DptTensorSlice *self,
                          const DptShape *shape,
                          GError **error)
{
  DptTensorSlice given = *self;

  if (!dpt_shape_is_known (shape))
    {
      g_autofree char *text = dpt_shape_to_string (shape);

      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                   "expected a known shape to slice, found %s", text);
      return FALSE;
    }
  if (self->rank > shape->rank)
    {
      g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_SLICE,
                   "expected a slice of at most %d dimensions, found %d",
                   shape->rank, self->rank);
      return FALSE;
    }

  expand (self, shape->rank);
  for (int i = 0; i < self->rank; i++)
    if (!resolve_dimension (self, i, shape->dims[i], error))
      {
        g_autofree char *text = dpt_tensor_slice_to_string (&given);

        g_prefix_error (error, "slice %s: ", text);
        return FALSE;
      }

  return TRUE;
}

/**
 * dpt_tensor_slice_is_full:
 * @self: a slice
 * @shape: the shape it is taken of
 *
 * Returns: whether the slice takes everything and drops no dimension.
 */
gboolean
dpt_tensor_slice_is_full (const DptTensorSlice *self, const DptShape *shape)
{
  DptTensorSlice resolved = *self;

  if (!dpt_tensor_slice_resolve (&resolved, shape, NULL))
    return FALSE;
  for (int i = 0; i < resolved.rank; i++)
    if (resolved.drop[i] || resolved.length[i] != shape->dims[i])
      return FALSE;
  return TRUE;
}

/**
 * dpt_tensor_slice_get_shape:
 * @self: a resolved slice
 *
 * Returns: the shape of what it takes, without the dropped dimensions.
 */
DptShape
dpt_tensor_slice_get_shape (const DptTensorSlice *self)
{
  DptShape shape = DPT_SHAPE_SCALAR;

  for (int i = 0; i < self->rank; i++)
    if (!self->drop[i])
      shape.dims[shape.rank++] = self->length[i];
  return shape;
}

static void
append_part (GString *text, const DptTensorSlice *self, int i)
{
  gint64 length = self->length[i];
  gboolean to_end = length == DPT_TENSOR_SLICE_TO_END;
  gint64 stop = self->stop[i];

  if (self->drop[i])
    {
      g_string_append_printf (text, "%" G_GINT64_FORMAT, self->start[i]);
      return;
    }

  /* Resolved: it goes to the end when no further step fits. */
  if (length >= 0)
    {
      stop = self->start[i] + length;
      if (length > 0)
        stop = self->start[i] + (length - 1) * self->step[i] + 1;
      to_end = length > 0 &&
               length ==
                   count_steps (self->dims[i] - self->start[i], self->step[i]);
    }

  if (self->start[i] != 0 || length == 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, self->start[i]);
  g_string_append_c (text, ':');
  if (!to_end)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, stop);
  if (self->step[i] != 1)
    g_string_append_printf (text, ":%" G_GINT64_FORMAT, self->step[i]);
}

/**
 * dpt_tensor_slice_to_string:
 * @self: a slice, resolved or not
 *
 * Returns: (transfer full): text for dpt_tensor_slice_parse(): `[1, 2, :, :]`.
 */
char *
dpt_tensor_slice_to_string (const DptTensorSlice *self)
{
  GString *text = g_string_new ("[");

  for (int i = 0; i <= self->rank; i++)
    {
      if (i == self->ellipsis)
        g_string_append (text, i > 0 ? ", ..." : "...");
      if (i == self->rank)
        break;
      if (text->len > 1)
        g_string_append (text, ", ");
      append_part (text, self, i);
    }

  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/* Calls `copy` for each run of elements that lie side by side in the last
 * dimension: `inside` counts elements of the whole, `outside` of the part. */
typedef void (*RunFunc) (gsize inside,
                         gsize outside,
                         gsize length,
                         gsize step,
                         gpointer data);

static void
foreach_run (const DptTensorSlice *self,
             const DptShape *shape,
             RunFunc copy,
             gpointer data)
{
  gint64 strides[DPT_SHAPE_MAX_RANK];
  gint64 index[DPT_SHAPE_MAX_RANK] = { 0 };
  int last = self->rank - 1;
  gsize outside = 0;

  for (int i = 0; i < self->rank; i++)
    if (self->length[i] == 0)
      return;
  if (self->rank == 0)
    {
      copy (0, 0, 1, 1, data);
      return;
    }

  dpt_shape_get_strides (shape, strides);
  for (;;)
    {
      gsize inside = 0;
      int i;

      for (i = 0; i < self->rank; i++)
        inside += (gsize) ((self->start[i] + index[i] * self->step[i]) *
                           strides[i]);
      copy (inside, outside, (gsize) self->length[last],
            (gsize) self->step[last], data);
      outside += (gsize) self->length[last];

      /* Counts up like a mileometer, the last dimension left out. */
      for (i = last - 1; i >= 0 && ++index[i] == self->length[i]; i--)
        index[i] = 0;
      if (i < 0)
        return;
    }
}

typedef struct
{
  const guint8 *from;
  guint8 *to;
  gsize width;
} Copy;

static void
copy_out (gsize inside, gsize outside, gsize length, gsize step, gpointer data)
{
  Copy *copy = data;
  const guint8 *from = copy->from + inside * copy->width;
  guint8 *to = copy->to + outside * copy->width;

  if (step == 1)
    memcpy (to, from, length * copy->width);
  else
    for (gsize i = 0; i < length; i++)
      memcpy (to + i * copy->width, from + i * step * copy->width, copy->width);
}

static void
copy_in (gsize inside, gsize outside, gsize length, gsize step, gpointer data)
{
  Copy *copy = data;
  const guint8 *from = copy->from + outside * copy->width;
  guint8 *to = copy->to + inside * copy->width;

  if (step == 1)
    memcpy (to, from, length * copy->width);
  else
    for (gsize i = 0; i < length; i++)
      memcpy (to + i * step * copy->width, from + i * copy->width, copy->width);
}

/**
 * dpt_tensor_slice_extract:
 * @self: a slice, resolved or not
 * @tensor: a tensor of a plain dtype or of strings
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the part, @tensor itself if that is
 *   all of it; %NULL with @error %DPT_TENSOR_ERROR_SLICE if the slice does not
 *   fit, %DPT_TENSOR_ERROR_TOO_LARGE if there is no memory for the part.
 */
DptTensor *
dpt_tensor_slice_extract (const DptTensorSlice *self,
                          DptTensor *tensor,
                          GError **error)
{
  DptTensorSlice slice = *self;
  DptDtype dtype = dpt_tensor_get_dtype (tensor);
  const DptShape *whole = dpt_tensor_get_shape (tensor);
  DptShape shape;
  g_autoptr (DptTensor) part = NULL;
  Copy copy;

  g_return_val_if_fail (dpt_dtype_is_plain (dtype) || dtype == DPT_DTYPE_STRING,
                        NULL);

  if (!dpt_tensor_slice_resolve (&slice, whole, error))
    return NULL;
  if (dpt_tensor_slice_is_full (&slice, whole))
    return dpt_tensor_ref (tensor);

  shape = dpt_tensor_slice_get_shape (&slice);
  part = dpt_tensor_new (dtype, &shape, error);
  if (part == NULL)
    return NULL;

  copy.from = dpt_tensor_get_data (tensor);
  copy.to = dpt_tensor_get_writable_data (part);
  copy.width = dtype == DPT_DTYPE_STRING ? sizeof (DptString)
                                         : dpt_dtype_get_size (dtype);
  foreach_run (&slice, whole, copy_out, &copy);

  /* So far the strings of the part point into the whole: copy them too. */
  if (dtype == DPT_DTYPE_STRING)
    return dpt_tensor_new_strings (&shape, dpt_tensor_get_data (part), error);
  return g_steal_pointer (&part);
}

/**
 * dpt_tensor_slice_insert:
 * @self: a slice that fits @whole, resolved or not
 * @part: the elements of the slice, row-major; a plain dtype
 * @whole: a writable tensor of the same dtype
 *
 * Writes @part to its place in @whole, as the parts of a partitioned variable
 * are joined.
 */
void
dpt_tensor_slice_insert (const DptTensorSlice *self,
                         const DptTensor *part,
                         DptTensor *whole)
{
  DptTensorSlice slice = *self;
  DptDtype dtype = dpt_tensor_get_dtype (whole);
  const DptShape *shape = dpt_tensor_get_shape (whole);
  gboolean fits = dpt_tensor_slice_resolve (&slice, shape, NULL);
  DptShape expected;
  Copy copy;

  g_return_if_fail (fits);
  g_return_if_fail (dpt_dtype_is_plain (dtype));
  g_return_if_fail (dpt_tensor_get_dtype (part) == dtype);
  expected = dpt_tensor_slice_get_shape (&slice);
  g_return_if_fail (dpt_shape_get_count (&expected) ==
                    dpt_tensor_get_count (part));

  copy.from = dpt_tensor_get_data (part);
  copy.to = dpt_tensor_get_writable_data (whole);
  copy.width = dpt_dtype_get_size (dtype);
  foreach_run (&slice, shape, copy_in, &copy);
}
