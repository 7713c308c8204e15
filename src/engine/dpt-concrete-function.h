/* dpt-concrete-function.h - TF2: a function called with what it captured
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-executor.h"
#include "dpt-variable-binding.h"

G_BEGIN_DECLS

/* A traced function of a SavedModel, whether or not a signature leads to it.
 * Refcounted; one call at a time. */
typedef struct _DptConcreteFunction DptConcreteFunction;

DptConcreteFunction *
dpt_concrete_function_new (DptMetaGraph *meta_graph,
                           const char *name,
                           DptVariableBinding *binding,
                           DptThreadPool *pool,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptConcreteFunction *dpt_concrete_function_ref (DptConcreteFunction *self);
void dpt_concrete_function_unref (DptConcreteFunction *self);

guint dpt_concrete_function_get_n_inputs (DptConcreteFunction *self);
const DptArgument *dpt_concrete_function_get_input (DptConcreteFunction *self,
                                                    guint index);
GPtrArray *
dpt_concrete_function_call (DptConcreteFunction *self,
                            DptTensor *const *inputs,
                            guint n_inputs,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptConcreteFunction, dpt_concrete_function_unref)

G_END_DECLS
