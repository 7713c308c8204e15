/* dpt-op-call.h - one op in isolation, without a graph around it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-node.h"
#include "dpt-op-def.h"
#include "dpt-op-registry.h"
#include "dpt-run-state.h"
#include "dpt-thread-pool.h"

G_BEGIN_DECLS

GPtrArray *dpt_op_call (DptNode *node,
                        DptTensor *const *inputs,
                        guint n_inputs,
                        DptRunState *state,
                        DptThreadPool *pool,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

GArray *dpt_op_call_infer (DptNode *node,
                           const DptDtype *dtypes,
                           const DptShape *shapes,
                           DptTensor *const *values,
                           guint n_inputs,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Shared with the plan: does the node fit its op's schema? */
gboolean dpt_op_check_node (DptNode *node,
                            const DptOpDef *def,
                            GHashTable *bindings,
                            GError **error);
gboolean dpt_op_count_args (const GArray *args,
                            DptNode *node,
                            const DptOpDef *def,
                            GHashTable *bindings,
                            guint *n_args,
                            GError **error);

G_END_DECLS
