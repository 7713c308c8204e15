/* dpt-graph-def-reader.c - from GraphDef bytes to a graph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   GraphDef     1 node*  2 library { 1 function* }
 *   NodeDef      1 name  2 op  3 input*  4 device  5 attr* { 1 key  2 value }
 *   FunctionDef  1 signature { 1 name  2 input_arg*  3 output_arg* }
 *                3 node_def*  4 ret* { 1 output  2 tensor }  5 attr*
 *                6 control_ret* { 1 output  2 node }
 *
 * (graph.proto, node_def.proto, function.proto; the page is
 * doc/formats/graph-def.md.)  A Const's values stay in the file.
 */

#define G_LOG_DOMAIN "dpt-graph-def-reader"

#include "dpt-graph-def-reader.h"

#include <string.h>

#include "dpt-attr-value-reader.h"
#include "dpt-dtype.h"
#include "dpt-proto-message.h"

/* A Const without a tensor cannot be anything; TensorFlow refuses it, too. */
static gboolean
check_const (DptNode *node, const DptProtoPlace *place, GError **error)
{
  const DptAttrValue *value;
  DptAttrKind kind;

  if (strcmp (dpt_node_get_op (node), "Const") != 0)
    return TRUE;

  value = dpt_node_get_attr (node, "value");
  kind = value != NULL ? dpt_attr_value_get_kind (value) : DPT_ATTR_KIND_NONE;
  if (kind == DPT_ATTR_KIND_TENSOR ||
      (kind == DPT_ATTR_KIND_PLACEHOLDER && place->function != NULL))
    return TRUE;

  dpt_proto_place_set_error (place, error, DPT_FORMAT_ERROR_CORRUPT,
                             "expected a Const with a tensor as its attribute "
                             "'value', found %s",
                             value == NULL ? "none" : "another kind of value");
  return FALSE;
}

static gboolean
read_inputs (DptNode *node,
             const Dpt__Proto__NodeDef *proto,
             const DptProtoPlace *place,
             GError **error)
{
  for (gsize i = 0; i < proto->n_input; i++)
    {
      g_autofree char *input = dpt_proto_dup_name (place, &proto->input[i],
                                                   "an input's name", error);

      if (input == NULL)
        return FALSE;
      dpt_node_add_input (node, input);
    }

  return TRUE;
}

static gboolean
read_attrs (DptNode *node,
            const Dpt__Proto__NodeDef *proto,
            const DptProtoPlace *place,
            DptGraphTensors *tensors,
            GError **error)
{
  for (gsize i = 0; i < proto->n_attr; i++)
    {
      const Dpt__Proto__AttrEntry *entry = proto->attr[i];
      g_autoptr (DptAttrValue) value = NULL;
      g_autofree char *key = dpt_proto_dup_name (place, &entry->key,
                                                 "an attribute's name", error);

      if (key == NULL)
        return FALSE;
      value = dpt_attr_value_read (entry->value, place, tensors, error);
      if (value == NULL)
        return FALSE;
      dpt_node_set_attr (node, key, value);
    }

  return TRUE;
}

static DptNode *
read_node (const Dpt__Proto__NodeDef *proto,
           const char *function,
           DptGraphTensors *tensors,
           GError **error)
{
  DptProtoPlace place = { .source = dpt_graph_tensors_get_source (tensors),
                          .function = function };
  g_autofree char *name = NULL;
  g_autofree char *op = NULL;
  g_autofree char *device = NULL;
  g_autoptr (DptNode) node = NULL;

  name = dpt_proto_dup_name (&place, &proto->name, "a node's name", error);
  if (name == NULL)
    return NULL;

  place.node = name;
  op = dpt_proto_dup_name (&place, &proto->op, "an op's name", error);
  if (op == NULL)
    return NULL;
  device = dpt_proto_dup_name (&place, &proto->device, "a device", error);
  if (device == NULL)
    return NULL;

  if (name[0] == '\0' || op[0] == '\0')
    {
      dpt_proto_place_set_error (&place, error, DPT_FORMAT_ERROR_CORRUPT,
                                 "expected a node with a name and an op, found "
                                 "one without %s",
                                 name[0] == '\0' ? "name" : "op");
      return NULL;
    }

  node = dpt_node_new (name, op);
  if (device[0] != '\0')
    dpt_node_set_device (node, device);

  if (!read_inputs (node, proto, &place, error) ||
      !read_attrs (node, proto, &place, tensors, error) ||
      !check_const (node, &place, error))
    return NULL;

  return g_steal_pointer (&node);
}

static GPtrArray *
read_nodes (Dpt__Proto__NodeDef *const *protos,
            gsize n_protos,
            const char *function,
            DptGraphTensors *tensors,
            GError **error)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_node_unref);

  for (gsize i = 0; i < n_protos; i++)
    {
      DptNode *node = read_node (protos[i], function, tensors, error);

      if (node == NULL)
        return NULL;
      g_ptr_array_add (nodes, node);
    }

  return g_steal_pointer (&nodes);
}

/* An optional name: NULL when the file is silent. */
static gboolean
read_optional (const ProtobufCBinaryData *bytes,
               const DptProtoPlace *place,
               char **name,
               GError **error)
{
  *name = NULL;
  if (bytes->len == 0)
    return TRUE;

  *name = dpt_proto_dup_name (place, bytes, "an attribute's name", error);

  return *name != NULL;
}

static GArray *
read_arguments (Dpt__Proto__OpDef__ArgDef *const *protos,
                gsize n_protos,
                const DptProtoPlace *place,
                GError **error)
{
  g_autoptr (GArray) arguments = dpt_argument_array_new ();

  for (gsize i = 0; i < n_protos; i++)
    {
      const Dpt__Proto__OpDef__ArgDef *proto = protos[i];
      DptArgument *argument;

      g_array_set_size (arguments, arguments->len + 1);
      argument = &g_array_index (arguments, DptArgument, arguments->len - 1);
      argument->dtype = dpt_dtype_from_number ((guint) proto->type);
      argument->is_ref = proto->is_ref;
      argument->name = dpt_proto_dup_name (place, &proto->name,
                                           "an argument's name", error);

      if (argument->name == NULL ||
          !read_optional (&proto->type_attr, place, &argument->type_attr,
                          error) ||
          !read_optional (&proto->number_attr, place, &argument->number_attr,
                          error) ||
          !read_optional (&proto->type_list_attr, place,
                          &argument->type_list_attr, error))
        return NULL;
    }

  return g_steal_pointer (&arguments);
}

static gboolean
read_results (DptFunction *function,
              const Dpt__Proto__FunctionDef *proto,
              const DptProtoPlace *place,
              GError **error)
{
  for (gsize i = 0; i < proto->n_ret; i++)
    {
      g_autofree char *output = NULL;
      g_autofree char *tensor = NULL;

      output = dpt_proto_dup_name (place, &proto->ret[i]->key,
                                   "a result's name", error);
      if (output == NULL)
        return FALSE;
      tensor = dpt_proto_dup_name (place, &proto->ret[i]->value,
                                   "a tensor's name", error);
      if (tensor == NULL)
        return FALSE;
      dpt_function_add_result (function, output, tensor);
    }

  for (gsize i = 0; i < proto->n_control_ret; i++)
    {
      g_autofree char *node = dpt_proto_dup_name (place,
                                                  &proto->control_ret[i]->value,
                                                  "a node's name", error);

      if (node == NULL)
        return FALSE;
      dpt_function_add_control_result (function, node);
    }

  return TRUE;
}

static gboolean
read_function_attrs (DptFunction *function,
                     const Dpt__Proto__FunctionDef *proto,
                     const DptProtoPlace *place,
                     DptGraphTensors *tensors,
                     GError **error)
{
  for (gsize i = 0; i < proto->n_attr; i++)
    {
      g_autoptr (DptAttrValue) value = NULL;
      g_autofree char *key = dpt_proto_dup_name (place, &proto->attr[i]->key,
                                                 "an attribute's name", error);

      if (key == NULL)
        return FALSE;
      value = dpt_attr_value_read (proto->attr[i]->value, place, tensors,
                                   error);
      if (value == NULL)
        return FALSE;
      dpt_function_set_attr (function, key, value);
    }

  return TRUE;
}

static DptFunction *
read_function (const Dpt__Proto__FunctionDef *proto,
               DptGraphTensors *tensors,
               GError **error)
{
  DptProtoPlace place = { .source = dpt_graph_tensors_get_source (tensors) };
  const Dpt__Proto__OpDef *signature = proto->signature;
  g_autoptr (DptFunction) function = NULL;
  g_autofree char *name = NULL;
  GArray *arguments;
  GPtrArray *nodes;

  if (signature == NULL || signature->name.len == 0)
    {
      dpt_proto_place_set_error (&place, error, DPT_FORMAT_ERROR_CORRUPT,
                                 "expected a function with a name, found one "
                                 "without");
      return NULL;
    }

  name = dpt_proto_dup_name (&place, &signature->name, "a function's name",
                             error);
  if (name == NULL)
    return NULL;
  place.function = name;
  function = dpt_function_new (name);

  arguments = read_arguments (signature->input_arg, signature->n_input_arg,
                              &place, error);
  if (arguments == NULL)
    return NULL;
  dpt_function_take_inputs (function, arguments);

  arguments = read_arguments (signature->output_arg, signature->n_output_arg,
                              &place, error);
  if (arguments == NULL)
    return NULL;
  dpt_function_take_outputs (function, arguments);

  nodes = read_nodes (proto->node_def, proto->n_node_def, name, tensors, error);
  if (nodes == NULL)
    return NULL;
  dpt_function_take_nodes (function, nodes);

  if (!read_results (function, proto, &place, error) ||
      !read_function_attrs (function, proto, &place, tensors, error))
    return NULL;

  return g_steal_pointer (&function);
}

/**
 * dpt_graph_def_convert:
 * @proto: (nullable): the message; an absent one is an empty graph
 * @tensors: receives the tensors
 * @error: return location for a %DPT_FORMAT_ERROR or %DPT_GRAPH_ERROR
 *
 * Makes a graph of an unpacked GraphDef.
 *
 * Returns: (transfer full) (nullable): the graph, with its functions.
 */
DptGraph *
dpt_graph_def_convert (const Dpt__Proto__GraphDef *proto,
                       DptGraphTensors *tensors,
                       GError **error)
{
  const DptByteSource *source = dpt_graph_tensors_get_source (tensors);
  const Dpt__Proto__FunctionDefLibrary *library = proto != NULL ? proto->library
                                                                : NULL;
  g_autoptr (GPtrArray) nodes = NULL;
  g_autoptr (GPtrArray) functions = g_ptr_array_new_with_free_func (
      g_object_unref);

  nodes = read_nodes (proto != NULL ? proto->node : NULL,
                      proto != NULL ? proto->n_node : 0, NULL, tensors, error);
  if (nodes == NULL)
    return NULL;

  for (gsize i = 0; library != NULL && i < library->n_function; i++)
    {
      DptFunction *function = read_function (library->function[i], tensors,
                                             error);

      if (function == NULL)
        return NULL;
      g_ptr_array_add (functions, function);
    }

  return dpt_graph_new ("", g_steal_pointer (&nodes),
                        g_steal_pointer (&functions),
                        dpt_byte_source_get_display (source), error);
}

/**
 * dpt_graph_def_read:
 * @source: a binary GraphDef, all of the file
 * @cancellable: (nullable): to stop it
 * @error: return location for a %DPT_FORMAT_ERROR or %DPT_GRAPH_ERROR
 *
 * Reads a bare graph: frozen, or one that goes with a checkpoint.  Constants
 * stay in the file, which the graph keeps open.
 *
 * Returns: (transfer full) (nullable): the graph.
 */
DptGraph *
dpt_graph_def_read (DptByteSource *source,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (DptGraphTensors) tensors = NULL;
  g_autoptr (DptProtoMessage) message =
      dpt_proto_message_read (source, 0, dpt_byte_source_get_size (source),
                              &dpt__proto__graph_def__descriptor,
                              DPT_PROTO_SCAN_DEFER_TENSORS, cancellable, error);

  if (message == NULL)
    return NULL;

  tensors = dpt_graph_tensors_new (source);

  return dpt_graph_def_convert (dpt_proto_message_get (message), tensors,
                                error);
}
