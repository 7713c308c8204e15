/* dpt-shape-inference.c - what a shape rule sees
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-shape-inference"

#include "dpt-shape-inference.h"

#include "dpt-op-context-private.h"
#include "dpt-shape-context-private.h"

/**
 * dpt_shape_context_get_n_inputs:
 * @self: a context
 *
 * Returns: how many tensors the op reads.
 */
guint
dpt_shape_context_get_n_inputs (DptShapeContext *self)
{
  return self->n_inputs;
}

/**
 * dpt_shape_context_get_input:
 * @self: a context
 * @index: less than dpt_shape_context_get_n_inputs()
 *
 * Returns: (transfer none): the input's shape, as far as it is known.
 */
const DptShape *
dpt_shape_context_get_input (DptShapeContext *self, guint index)
{
  g_return_val_if_fail (index < self->n_inputs, NULL);

  return &self->inputs[index].shape;
}

/**
 * dpt_shape_context_get_input_value:
 * @self: a context
 * @index: less than dpt_shape_context_get_n_inputs()
 *
 * Returns: (transfer none) (nullable): the input's value if it is a small
 *   constant, such as the shape that Reshape is given.
 */
const DptTensor *
dpt_shape_context_get_input_value (DptShapeContext *self, guint index)
{
  g_return_val_if_fail (index < self->n_inputs, NULL);

  return self->inputs[index].value;
}

/**
 * dpt_shape_context_get_attr:
 * @self: a context
 * @name: an attribute's name
 *
 * Returns: (transfer none) (nullable): its value, the schema's default where
 *   the node is silent.
 */
const DptAttrValue *
dpt_shape_context_get_attr (DptShapeContext *self, const char *name)
{
  return dpt_op_find_attr (self->node, self->def, self->bindings, name);
}

/**
 * dpt_shape_context_get_n_outputs:
 * @self: a context
 *
 * Returns: how many tensors the op makes.
 */
guint
dpt_shape_context_get_n_outputs (DptShapeContext *self)
{
  return self->n_outputs;
}

/**
 * dpt_shape_context_set_output:
 * @self: a context
 * @index: less than dpt_shape_context_get_n_outputs()
 * @shape: the output's shape, as far as it is known; where a rule says
 *   nothing, even the rank is unknown
 */
void
dpt_shape_context_set_output (DptShapeContext *self,
                              guint index,
                              const DptShape *shape)
{
  g_return_if_fail (index < self->n_outputs);

  self->outputs[index] = *shape;
}
