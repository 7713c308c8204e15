/* dpt-graph.h - nodes and the edges between them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-node.h"

G_BEGIN_DECLS

#define DPT_TYPE_GRAPH (dpt_graph_get_type ())
G_DECLARE_FINAL_TYPE (DptGraph, dpt_graph, DPT, GRAPH, GObject)

#define DPT_TYPE_FUNCTION (dpt_function_get_type ())
G_DECLARE_FINAL_TYPE (DptFunction, dpt_function, DPT, FUNCTION, GObject)

#define DPT_GRAPH_ERROR (dpt_graph_error_quark ())
GQuark dpt_graph_error_quark (void);

typedef enum
{
  DPT_GRAPH_ERROR_DUPLICATE, /* Two nodes or functions have one name. */
  DPT_GRAPH_ERROR_INPUT,     /* An input names nothing that is there. */
  DPT_GRAPH_ERROR_ATTR,      /* An attribute is missing or of another kind. */
  DPT_GRAPH_ERROR_SCHEMA,    /* An op's arguments are not known. */
} DptGraphError;

/* The main graph ("") or a function's body.  Immutable. */
DptGraph *dpt_graph_new (const char *name,
                         GPtrArray *nodes,
                         GPtrArray *functions,
                         const char *where,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *dpt_graph_get_name (DptGraph *self);
guint dpt_graph_get_n_nodes (DptGraph *self);
DptNode *dpt_graph_get_node (DptGraph *self, guint index);
gboolean dpt_graph_find_node (DptGraph *self, const char *name, guint *index);
guint dpt_graph_get_n_functions (DptGraph *self);
DptFunction *dpt_graph_get_function (DptGraph *self, guint index);
DptFunction *dpt_graph_find_function (DptGraph *self, const char *name);

/* What an input string means.  In the main graph `name`, `name:k`, `^name`;
 * in a function's body `argument`, `node:output_arg:i`, `^node`. */
typedef struct
{
  gboolean is_control;
  gboolean is_argument; /* of the function; then `output` is its position */
  guint node;
  guint output;
} DptGraphEdge;

gboolean dpt_graph_resolve (DptGraph *self,
                            DptFunction *function,
                            const char *input,
                            DptGraphEdge *edge,
                            GError **error);
gboolean dpt_graph_count_outputs (DptGraph *self,
                                  DptNode *node,
                                  guint *n_outputs,
                                  GError **error);

/* The type of an argument is one dtype, or the value of a node's attribute;
 * number_attr and type_list_attr make it a list. */
typedef struct
{
  char *name;
  DptDtype dtype;
  char *type_attr;
  char *number_attr;
  char *type_list_attr;
  gboolean is_ref;
} DptArgument;

/* A library function: arguments, a body, and which body tensor each result
 * is.  Immutable once its graph has it. */
DptFunction *dpt_function_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void dpt_function_take_inputs (DptFunction *self, GArray *arguments);
void dpt_function_take_outputs (DptFunction *self, GArray *arguments);
void dpt_function_take_nodes (DptFunction *self, GPtrArray *nodes);
void dpt_function_add_result (DptFunction *self,
                              const char *output,
                              const char *tensor);
void dpt_function_add_control_result (DptFunction *self, const char *node);
void dpt_function_set_attr (DptFunction *self,
                            const char *name,
                            DptAttrValue *value);

const char *dpt_function_get_name (DptFunction *self);
guint dpt_function_get_n_inputs (DptFunction *self);
const DptArgument *dpt_function_get_input (DptFunction *self, guint index);
guint dpt_function_get_n_outputs (DptFunction *self);
const DptArgument *dpt_function_get_output (DptFunction *self, guint index);
const char *dpt_function_get_result (DptFunction *self, guint index);
GPtrArray *dpt_function_get_control_results (DptFunction *self);
DptGraph *dpt_function_get_body (DptFunction *self);
const DptAttrValue *dpt_function_get_attr (DptFunction *self, const char *name);

void dpt_argument_clear (DptArgument *self);
GArray *dpt_argument_array_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
