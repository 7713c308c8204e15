/* dpt-shape-inference.h - dtypes and shapes of a graph, without running it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-attr-value.h"
#include "dpt-tensor.h"

G_BEGIN_DECLS

/* What a shape rule sees: the shapes of the inputs as far as they are known,
 * and the values of small constant inputs. */
typedef struct _DptShapeContext DptShapeContext;

typedef gboolean (*DptOpShapeFunc) (DptShapeContext *context, GError **error);

guint dpt_shape_context_get_n_inputs (DptShapeContext *self);
const DptShape *dpt_shape_context_get_input (DptShapeContext *self,
                                             guint index);
const DptTensor *dpt_shape_context_get_input_value (DptShapeContext *self,
                                                    guint index);
const DptAttrValue *dpt_shape_context_get_attr (DptShapeContext *self,
                                                const char *name);
guint dpt_shape_context_get_n_outputs (DptShapeContext *self);
void dpt_shape_context_set_output (DptShapeContext *self,
                                   guint index,
                                   const DptShape *shape);

/* Output dtypes follow from the schema; a rule sets shapes only. */

G_END_DECLS
