/* dpt-ops-space.c - ops that move pixels between space, batch and depth
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Behaviour: TensorFlow's core/kernels/spacetobatch_op.cc,
 * batchtospace_op.cc, spacetodepth_op.cc and depthtospace_op.cc.
 */

#define G_LOG_DOMAIN "dpt-ops-space"

#include <string.h>

#include "dpt-ops-util.h"

/* Blocks and borders of SpaceToBatchND and BatchToSpaceND: dimensions 1 to m
 * of the input, the batch being dimension 0. */
typedef struct
{
  gint64 block[DPT_SHAPE_MAX_RANK];
  DptOpsPairs borders;
  int m;
  gint64 product;
} Blocks;

static gboolean
read_blocks (const DptTensor *block,
             const DptTensor *borders,
             const char *borders_name,
             const DptShape *shape,
             Blocks *blocks,
             GError **error)
{
  guint n;

  if (!dpt_ops_read_ints (block, "block_shape", blocks->block,
                          DPT_SHAPE_MAX_RANK, &n, error))
    return FALSE;
  blocks->m = (int) n;
  blocks->product = 1;
  if (shape->rank < 1 + blocks->m)
    return dpt_ops_fail (error,
                         "expected an input of at least %d dimensions, "
                         "found %d",
                         1 + blocks->m, shape->rank);
  if (shape->rank + blocks->m > DPTK_MAX_RANK)
    return dpt_ops_fail (error, "expected at most %d dimensions and blocks",
                         DPTK_MAX_RANK);
  for (int i = 0; i < blocks->m; i++)
    if (blocks->block[i] < 1 ||
        __builtin_mul_overflow (blocks->product, blocks->block[i],
                                &blocks->product))
      return dpt_ops_fail (error,
                           "expected blocks of at least 1 whose product is a "
                           "size, found %" G_GINT64_FORMAT,
                           blocks->block[i]);
  return dpt_ops_read_pairs (borders, borders_name, blocks->m, &blocks->borders,
                             error);
}

/* The output's shape; unknown dimensions stay so. */
static gboolean
space_to_batch_shape_of (const Blocks *blocks,
                         const DptShape *from,
                         DptShape *shape,
                         GError **error)
{
  *shape = *from;
  if (shape->dims[0] >= 0 &&
      __builtin_mul_overflow (shape->dims[0], blocks->product, &shape->dims[0]))
    return dpt_ops_fail (error, "the batch is too large");
  for (int i = 0; i < blocks->m; i++)
    {
      gint64 *dim = &shape->dims[1 + i];

      if (*dim < 0)
        continue;
      if (!dpt_ops_widen_dim (dim, blocks->borders.before[i],
                              blocks->borders.after[i], error))
        return FALSE;
      if (*dim % blocks->block[i] != 0)
        return dpt_ops_fail (error,
                             "padded dimension %d of %" G_GINT64_FORMAT
                             " elements is no multiple of block "
                             "%" G_GINT64_FORMAT,
                             1 + i, *dim, blocks->block[i]);
      *dim /= blocks->block[i];
    }
  return TRUE;
}

/* The batch index of the result is (position in the block) * batch + batch:
 * so the output seen as [block.., batch, dims..] is the padded input with its
 * dimensions cut in two. */
static gboolean
space_to_batch_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  const DptShape *from = dpt_tensor_get_shape (x);
  DptShape shape, padded = *from;
  DptkCopy box = { 0 };
  size_t dims[DPT_SHAPE_MAX_RANK], width, count;
  ptrdiff_t steps[DPT_SHAPE_MAX_RANK];
  gint64 offset[DPT_SHAPE_MAX_RANK] = { 0 };
  DptOpsMove move;
  Blocks blocks;
  const void *src;
  void *space;

  if (!read_blocks (dpt_op_context_get_input (context, 1),
                    dpt_op_context_get_input (context, 2), "paddings", from,
                    &blocks, error) ||
      !space_to_batch_shape_of (&blocks, from, &shape, error))
    return FALSE;
  for (int i = 0; i < blocks.m; i++)
    {
      offset[1 + i] = blocks.borders.before[i];
      padded.dims[1 + i] = shape.dims[1 + i] * blocks.block[i];
    }
  src = dpt_ops_get_elements (context, x, &width, error);
  if (src == NULL || !dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x),
                                          &shape, &move, error))
    return FALSE;
  if (dpt_shape_get_count (&shape) == 0)
    return dpt_ops_end_move (context, &move, error);
  if (!dpt_shape_byte_size (&padded, width, &count))
    return dpt_ops_fail (error, "the padded input is too large");
  space = dpt_op_context_get_scratch (context, count + 1, error);
  if (space == NULL)
    return FALSE;
  memset (space, 0, count);
  if (dpt_tensor_get_count (x) > 0)
    dpt_ops_place (context, from, &padded, offset, width, src, space);

  dpt_ops_get_dims (&padded, dims);
  dptk_dense_steps ((size_t) padded.rank, dims, steps);
  for (int i = 0; i < blocks.m; i++)
    {
      box.dims[box.rank] = (size_t) blocks.block[i];
      box.src_steps[box.rank++] = steps[1 + i];
    }
  for (int i = 0; i < padded.rank; i++)
    {
      gboolean is_cut = i >= 1 && i <= blocks.m;

      box.dims[box.rank] = (size_t) (is_cut ? shape.dims[i] : padded.dims[i]);
      box.src_steps[box.rank++] = is_cut ? steps[i] *
                                               (ptrdiff_t) blocks.block[i - 1]
                                         : steps[i];
    }
  dptk_dense_steps (box.rank, box.dims, box.dst_steps);
  dptk_copy_run (&box, width, space, move.data,
                 dpt_op_context_get_parallel (context));
  return dpt_ops_end_move (context, &move, error);
}

static gboolean
space_to_batch_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *block = dpt_shape_context_get_input_value (context, 1);
  const DptTensor *borders = dpt_shape_context_get_input_value (context, 2);
  const DptShape *from = dpt_shape_context_get_input (context, 0);
  DptShape shape;
  Blocks blocks;

  if (from->rank < 0 || block == NULL || borders == NULL)
    return TRUE;
  if (!read_blocks (block, borders, "paddings", from, &blocks, error) ||
      !space_to_batch_shape_of (&blocks, from, &shape, error))
    return FALSE;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

static gboolean
batch_to_space_shape_of (const Blocks *blocks,
                         const DptShape *from,
                         DptShape *shape,
                         GError **error)
{
  *shape = *from;
  if (from->dims[0] >= 0)
    {
      if (from->dims[0] % blocks->product != 0)
        return dpt_ops_fail (error,
                             "a batch of %" G_GINT64_FORMAT
                             " is no multiple of the block's "
                             "%" G_GINT64_FORMAT " elements",
                             from->dims[0], blocks->product);
      shape->dims[0] /= blocks->product;
    }
  for (int i = 0; i < blocks->m; i++)
    {
      gint64 *dim = &shape->dims[1 + i];

      if (*dim < 0)
        continue;
      if (__builtin_mul_overflow (*dim, blocks->block[i], dim) ||
          *dim < blocks->borders.before[i] + blocks->borders.after[i])
        return dpt_ops_fail (error, "crops take more than dimension %d has",
                             1 + i);
      *dim -= blocks->borders.before[i] + blocks->borders.after[i];
    }
  return TRUE;
}

static gboolean
batch_to_space_compute (DptOpContext *context, GError **error)
{
  DptTensor *x = dpt_op_context_get_input (context, 0);
  const DptShape *from = dpt_tensor_get_shape (x);
  DptShape shape, whole = *from;
  DptkCopy box = { 0 }, crop = { 0 };
  size_t dims[DPT_SHAPE_MAX_RANK], width;
  ptrdiff_t steps[DPT_SHAPE_MAX_RANK], at = 0;
  DptOpsMove move;
  Blocks blocks;
  const void *src;
  char *space;

  if (!read_blocks (dpt_op_context_get_input (context, 1),
                    dpt_op_context_get_input (context, 2), "crops", from,
                    &blocks, error) ||
      !batch_to_space_shape_of (&blocks, from, &shape, error))
    return FALSE;
  whole.dims[0] = shape.dims[0];
  for (int i = 0; i < blocks.m; i++)
    whole.dims[1 + i] = from->dims[1 + i] * blocks.block[i];
  src = dpt_ops_get_elements (context, x, &width, error);
  if (src == NULL || !dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x),
                                          &shape, &move, error))
    return FALSE;
  if (dpt_shape_get_count (&shape) == 0)
    return dpt_ops_end_move (context, &move, error);
  space = dpt_op_context_get_scratch (context,
                                      dpt_tensor_get_count (x) * width + 1,
                                      error);
  if (space == NULL)
    return FALSE;

  /* [block.., batch, dims..] in the order of [batch, dims x block..]. */
  dpt_ops_get_dims (&whole, dims);
  dptk_dense_steps ((size_t) whole.rank, dims, steps);
  for (int i = 0; i < blocks.m; i++)
    {
      box.dims[box.rank] = (size_t) blocks.block[i];
      box.dst_steps[box.rank++] = steps[1 + i];
    }
  for (int i = 0; i < from->rank; i++)
    {
      gboolean is_cut = i >= 1 && i <= blocks.m;

      box.dims[box.rank] = (size_t) (i == 0 ? whole.dims[0] : from->dims[i]);
      box.dst_steps[box.rank++] = is_cut ? steps[i] *
                                               (ptrdiff_t) blocks.block[i - 1]
                                         : steps[i];
    }
  dptk_dense_steps (box.rank, box.dims, box.src_steps);
  dptk_copy_run (&box, width, src, space,
                 dpt_op_context_get_parallel (context));

  crop.rank = (size_t) shape.rank;
  dpt_ops_get_dims (&shape, crop.dims);
  memcpy (crop.src_steps, steps, sizeof steps);
  dptk_dense_steps (crop.rank, crop.dims, crop.dst_steps);
  for (int i = 0; i < blocks.m; i++)
    at += steps[1 + i] * (ptrdiff_t) blocks.borders.before[i];
  dptk_copy_run (&crop, width, space + at * (ptrdiff_t) width, move.data,
                 dpt_op_context_get_parallel (context));
  return dpt_ops_end_move (context, &move, error);
}

static gboolean
batch_to_space_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *block = dpt_shape_context_get_input_value (context, 1);
  const DptTensor *borders = dpt_shape_context_get_input_value (context, 2);
  const DptShape *from = dpt_shape_context_get_input (context, 0);
  DptShape shape;
  Blocks blocks;

  if (from->rank < 0 || block == NULL || borders == NULL)
    return TRUE;
  if (!read_blocks (block, borders, "crops", from, &blocks, error) ||
      !batch_to_space_shape_of (&blocks, from, &shape, error))
    return FALSE;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

/* block_size, of at least 2. */
static gboolean
read_block_size (const DptAttrValue *value, gint64 *block, GError **error)
{
  *block = value != NULL ? dpt_attr_value_get_int (value) : 0;
  if (*block < 2 || *block > G_MAXINT16)
    return dpt_ops_fail (error,
                         "expected block_size of at least 2, found "
                         "%" G_GINT64_FORMAT,
                         *block);
  return TRUE;
}

/* Only NHWC: depth holds (row in the block, column in the block, channel). */
static gboolean
read_depth_op (DptOpContext *context, gint64 *block, GError **error)
{
  gboolean is_nchw;

  if (!dpt_ops_is_nchw (context, &is_nchw, error) ||
      !read_block_size (dpt_op_context_get_attr (context, "block_size"), block,
                        error) ||
      !dpt_ops_require_rank (dpt_op_context_get_input (context, 0), "input", 4,
                             error))
    return FALSE;
  if (!is_nchw)
    return TRUE;
  g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_UNSUPPORTED,
               "data_format NCHW is not supported");
  return FALSE;
}

/* Output shapes; unknown dimensions stay so. */
static gboolean
space_to_depth_shape_of (const DptShape *from,
                         gint64 block,
                         DptShape *shape,
                         GError **error)
{
  *shape = *from;
  for (int i = 1; i <= 2; i++)
    if (from->dims[i] >= 0)
      {
        if (from->dims[i] % block != 0)
          return dpt_ops_fail (error,
                               "dimension %d of %" G_GINT64_FORMAT
                               " elements is no multiple of block "
                               "%" G_GINT64_FORMAT,
                               i, from->dims[i], block);
        shape->dims[i] /= block;
      }
  if (from->dims[3] >= 0 &&
      __builtin_mul_overflow (from->dims[3], block * block, &shape->dims[3]))
    return dpt_ops_fail (error, "there are too many channels");
  return TRUE;
}

static gboolean
depth_to_space_shape_of (const DptShape *from,
                         gint64 block,
                         DptShape *shape,
                         GError **error)
{
  *shape = *from;
  if (from->dims[3] >= 0)
    {
      if (from->dims[3] % (block * block) != 0)
        return dpt_ops_fail (error,
                             "%" G_GINT64_FORMAT " channels are no multiple of "
                             "%" G_GINT64_FORMAT,
                             from->dims[3], block * block);
      shape->dims[3] /= block * block;
    }
  for (int i = 1; i <= 2; i++)
    if (from->dims[i] >= 0 &&
        __builtin_mul_overflow (from->dims[i], block, &shape->dims[i]))
      return dpt_ops_fail (error, "dimension %d is too long", i);
  return TRUE;
}

/* `space` is the shape with the larger images: seen as [batch, y, block_y, x,
 * block_x, channels] it is the one with the deeper ones as [batch, y, x,
 * block_y, block_x, channels]. */
static gboolean
move_blocks (DptOpContext *context,
             const DptShape *space,
             gint64 block,
             gboolean to_depth,
             const DptShape *shape,
             GError **error)
{
  static const int to_space_order[] = { 0, 1, 3, 2, 4, 5 };
  DptTensor *x = dpt_op_context_get_input (context, 0);
  gint64 rows = space->dims[1] / block, columns = space->dims[2] / block;
  gint64 split[] = {
    space->dims[0], rows, block, columns, block, space->dims[3]
  };
  gint64 deep[] = {
    space->dims[0], rows, columns, block, block, space->dims[3]
  };
  DptShape from = dpt_shape_new (6, to_depth ? split : deep);
  DptOpsMove move;
  const void *src;
  size_t width;

  src = dpt_ops_get_elements (context, x, &width, error);
  return src != NULL &&
         dpt_ops_begin_move (context, 0, dpt_tensor_get_dtype (x), shape, &move,
                             error) &&
         dpt_ops_transpose (context, &from, width, to_space_order, src,
                            move.data) &&
         dpt_ops_end_move (context, &move, error);
}

static gboolean
space_to_depth_compute (DptOpContext *context, GError **error)
{
  const DptShape *from = dpt_tensor_get_shape (
      dpt_op_context_get_input (context, 0));
  DptShape shape;
  gint64 block;

  return read_depth_op (context, &block, error) &&
         space_to_depth_shape_of (from, block, &shape, error) &&
         move_blocks (context, from, block, TRUE, &shape, error);
}

static gboolean
depth_to_space_compute (DptOpContext *context, GError **error)
{
  const DptShape *from = dpt_tensor_get_shape (
      dpt_op_context_get_input (context, 0));
  DptShape shape;
  gint64 block;

  return read_depth_op (context, &block, error) &&
         depth_to_space_shape_of (from, block, &shape, error) &&
         move_blocks (context, &shape, block, FALSE, &shape, error);
}

static gboolean
depth_shape (DptShapeContext *context, gboolean to_depth, GError **error)
{
  const DptShape *from = dpt_shape_context_get_input (context, 0);
  DptShape shape;
  gint64 block;

  if (from->rank != 4)
    return TRUE;
  if (!read_block_size (dpt_shape_context_get_attr (context, "block_size"),
                        &block, error) ||
      !(to_depth ? space_to_depth_shape_of (from, block, &shape, error)
                 : depth_to_space_shape_of (from, block, &shape, error)))
    return FALSE;
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

static gboolean
space_to_depth_shape (DptShapeContext *context, GError **error)
{
  return depth_shape (context, TRUE, error);
}

static gboolean
depth_to_space_shape (DptShapeContext *context, GError **error)
{
  return depth_shape (context, FALSE, error);
}

/* clang-format off */
const DptOp dpt_ops_space[] = {
  DPT_OP ("SpaceToBatchND",
          "input: T, block_shape: Tblock_shape, paddings: Tpaddings ->"
          " output: T; T: type, Tblock_shape: type = int32,"
          " Tpaddings: type = int32",
          space_to_batch_shape, space_to_batch_compute),
  DPT_OP ("BatchToSpaceND",
          "input: T, block_shape: Tblock_shape, crops: Tcrops -> output: T;"
          " T: type, Tblock_shape: type = int32, Tcrops: type = int32",
          batch_to_space_shape, batch_to_space_compute),
  DPT_OP ("SpaceToDepth",
          "input: T -> output: T; T: type, block_size: int,"
          " data_format: string = 'NHWC'",
          space_to_depth_shape, space_to_depth_compute),
  DPT_OP ("DepthToSpace",
          "input: T -> output: T; T: type, block_size: int,"
          " data_format: string = 'NHWC'",
          depth_to_space_shape, depth_to_space_compute),
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
