/* sample-graph.c - NodeDefs and what is around them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Field numbers are those of graph.proto, node_def.proto, attr_value.proto,
 * tensor.proto and meta_graph.proto; doc/formats/graph-def.md lists them.
 */

#include "sample-graph.h"

enum
{
  NODE_NAME = 1,
  NODE_OP = 2,
  NODE_INPUT = 3,
  NODE_ATTR = 5,

  ATTR_LIST = 1,
  ATTR_S = 2,
  ATTR_I = 3,
  ATTR_F = 4,
  ATTR_B = 5,
  ATTR_TYPE = 6,
  ATTR_SHAPE = 7,
  ATTR_TENSOR = 8,
  ATTR_FUNC = 10,

  TENSOR_DTYPE = 1,
  TENSOR_SHAPE = 2,
  TENSOR_FLOAT_VAL = 5,
  TENSOR_INT_VAL = 7,
  TENSOR_STRING_VAL = 8,
};

GByteArray *
sample_attr_string (const char *text)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_string (value, ATTR_S, text);
  return value;
}

GByteArray *
sample_attr_int (gint64 number)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_varint (value, ATTR_I, number);
  return value;
}

GByteArray *
sample_attr_float (float number)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_float (value, ATTR_F, number);
  return value;
}

GByteArray *
sample_attr_bool (gboolean truth)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_varint (value, ATTR_B, truth ? 1 : 0);
  return value;
}

GByteArray *
sample_attr_type (int dtype)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_varint (value, ATTR_TYPE, dtype);
  return value;
}

GByteArray *
sample_attr_types (const int *dtypes, guint n_dtypes)
{
  GByteArray *value = g_byte_array_new ();
  GByteArray *list = g_byte_array_new ();

  for (guint i = 0; i < n_dtypes; i++)
    sample_wire_varint (list, ATTR_TYPE, dtypes[i]);
  sample_wire_message (value, ATTR_LIST, list);
  return value;
}

GByteArray *
sample_attr_ints (const gint64 *values, guint n_values)
{
  GByteArray *value = g_byte_array_new ();
  GByteArray *list = g_byte_array_new ();

  for (guint i = 0; i < n_values; i++)
    sample_wire_varint (list, ATTR_I, values[i]);
  sample_wire_message (value, ATTR_LIST, list);
  return value;
}

GByteArray *
sample_shape (const gint64 *dims, guint rank)
{
  GByteArray *shape = g_byte_array_new ();

  for (guint i = 0; i < rank; i++)
    {
      GByteArray *dim = g_byte_array_new ();

      sample_wire_varint (dim, 1, dims[i]);
      sample_wire_message (shape, 2, dim);
    }
  return shape;
}

GByteArray *
sample_attr_shape (const gint64 *dims, guint rank)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_message (value, ATTR_SHAPE, sample_shape (dims, rank));
  return value;
}

GByteArray *
sample_attr_function (const char *name)
{
  GByteArray *value = g_byte_array_new ();
  GByteArray *function = g_byte_array_new ();

  sample_wire_string (function, 1, name);
  sample_wire_message (value, ATTR_FUNC, function);
  return value;
}

/* A TensorProto whose values the caller still has to add; rank 0 when the
 * length is negative, else rank 1. */
static GByteArray *
begin_tensor (int dtype, int length)
{
  GByteArray *tensor = g_byte_array_new ();
  const gint64 dims[] = { length };

  sample_wire_varint (tensor, TENSOR_DTYPE, dtype);
  sample_wire_message (tensor, TENSOR_SHAPE,
                       sample_shape (dims, length < 0 ? 0 : 1));
  return tensor;
}

static GByteArray *
end_tensor (GByteArray *tensor)
{
  GByteArray *value = g_byte_array_new ();

  sample_wire_message (value, ATTR_TENSOR, tensor);
  return value;
}

GByteArray *
sample_attr_ints_tensor (const gint32 *values, int length)
{
  GByteArray *tensor = begin_tensor (SAMPLE_INT32, length);

  for (int i = 0; i < MAX (length, 1); i++)
    sample_wire_varint (tensor, TENSOR_INT_VAL, values[i]);
  return end_tensor (tensor);
}

GByteArray *
sample_attr_float_tensor (float number)
{
  GByteArray *tensor = begin_tensor (SAMPLE_FLOAT, -1);

  sample_wire_float (tensor, TENSOR_FLOAT_VAL, number);
  return end_tensor (tensor);
}

GByteArray *
sample_attr_strings_tensor (const char *const *values, int length)
{
  GByteArray *tensor = begin_tensor (SAMPLE_STRING, length);

  for (int i = 0; i < MAX (length, 1); i++)
    sample_wire_string (tensor, TENSOR_STRING_VAL, values[i]);
  return end_tensor (tensor);
}

GByteArray *
sample_node (const char *name, const char *op, ...)
{
  GByteArray *node = g_byte_array_new ();
  va_list inputs;

  sample_wire_string (node, NODE_NAME, name);
  sample_wire_string (node, NODE_OP, op);

  va_start (inputs, op);
  for (const char *input; (input = va_arg (inputs, const char *)) != NULL;)
    sample_node_input (node, input);
  va_end (inputs);

  return node;
}

void
sample_node_input (GByteArray *node, const char *input)
{
  sample_wire_string (node, NODE_INPUT, input);
}

void
sample_node_attr (GByteArray *node, const char *name, GByteArray *value)
{
  sample_wire_map (node, NODE_ATTR, name, value);
}

GByteArray *
sample_tensor_info (const char *tensor,
                    int dtype,
                    const gint64 *dims,
                    guint rank)
{
  GByteArray *info = g_byte_array_new ();

  sample_wire_string (info, 1, tensor);
  sample_wire_varint (info, 2, dtype);
  sample_wire_message (info, 3, sample_shape (dims, rank));
  return info;
}

GByteArray *
sample_argument (const char *name, int dtype)
{
  GByteArray *argument = g_byte_array_new ();

  sample_wire_string (argument, 1, name);
  sample_wire_varint (argument, 3, dtype);
  return argument;
}
