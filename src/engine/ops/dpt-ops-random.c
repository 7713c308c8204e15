/* dpt-ops-random.c - ops that draw random numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Their schemas and shapes; a graph that needs a draw is refused by name.
 */

#define G_LOG_DOMAIN "dpt-ops-random"

#include "dpt-ops-util.h"

/* The first input is the result's shape. */
static gboolean
draw_shape (DptShapeContext *context, GError **error)
{
  const DptTensor *value = dpt_shape_context_get_input_value (context, 0);
  gint64 dims[DPT_SHAPE_MAX_RANK];
  DptShape shape;
  guint n;

  if (value == NULL)
    return TRUE;
  if (!dpt_ops_read_ints (value, "shape", dims, DPT_SHAPE_MAX_RANK, &n, error))
    return FALSE;
  shape = dpt_shape_new ((int) n, dims);
  dpt_shape_context_set_output (context, 0, &shape);
  return TRUE;
}

/* clang-format off */
const DptOp dpt_ops_random[] = {
  DPT_OP ("RandomUniform",
          "shape: T -> output: dtype; seed: int = 0, seed2: int = 0,"
          " dtype: type, T: type, stateful",
          draw_shape, NULL),
  DPT_OP ("RandomUniformInt",
          "shape: T, minval: Tout, maxval: Tout -> output: Tout;"
          " seed: int = 0, seed2: int = 0, Tout: type, T: type, stateful",
          draw_shape, NULL),
  DPT_OP ("RandomStandardNormal",
          "shape: T -> output: dtype; seed: int = 0, seed2: int = 0,"
          " dtype: type, T: type, stateful",
          draw_shape, NULL),
  DPT_OP ("TruncatedNormal",
          "shape: T -> output: dtype; seed: int = 0, seed2: int = 0,"
          " dtype: type, T: type, stateful",
          draw_shape, NULL),
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
