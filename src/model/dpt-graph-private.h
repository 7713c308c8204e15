/* dpt-graph-private.h - how a graph makes the bodies of its functions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-graph.h"

G_BEGIN_DECLS

DptGraph *_dpt_graph_new_body (const char *name,
                               GPtrArray *nodes,
                               const char *where,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void _dpt_graph_set_library (DptGraph *self, DptGraph *library);
gboolean _dpt_function_make_body (DptFunction *self,
                                  DptGraph *library,
                                  const char *where,
                                  GError **error);
gboolean _dpt_function_find_input (DptFunction *self,
                                   const char *name,
                                   gsize length,
                                   guint *position);

G_END_DECLS
