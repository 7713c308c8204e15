/* dpt-object-graph-reader.c - the object graph inside a TF2 checkpoint
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   TrackableObjectGraph   1 nodes, repeated; node 0 is the root
 *   TrackableObject        1 children, repeated {1 node_id  2 local_name}
 *                          2 attributes, repeated {1 name  2 full_name
 *                            3 checkpoint_key  4 optional_restore}
 *                          3 slot_variables, repeated
 *                            {1 original_variable_node_id  2 slot_name
 *                             3 slot_variable_node_id}
 *                          4 registered_saver, 5 has_checkpoint_values:
 *                            not needed to read values, skipped
 *
 * (TensorFlow's core/protobuf/trackable_object_graph.proto.)  Four levels,
 * each walked flat: there is no depth to run out of.
 */

#define G_LOG_DOMAIN "dpt-object-graph-reader"

#include "dpt-object-graph-reader.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-wire-field.h"

/* An object in memory is a few hundred times larger than the two bytes that
 * the smallest takes in the file. */
#define MAX_NODES  500000
#define MAX_LENGTH (64u * 1024 * 1024)

typedef struct
{
  const char *where;
  const guint8 *start;
  GError **error;
} Context;

static gboolean
fail_at (const Context *context, const guint8 *place, const char *expected)
{
  g_set_error (context->error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: object graph, byte %" G_GSIZE_FORMAT
               ": %s was expected, found other bytes",
               context->where, (gsize) (place - context->start), expected);
  return FALSE;
}

static gboolean
check_message (const Context *context,
               const DptByteReader *reader,
               const char *what)
{
  return !reader->failed ||
         fail_at (context, reader->start + reader->failed_at, what);
}

/* Names become C strings, so a zero byte would cut one and make two names
 * equal that are not. */
static gboolean
read_name (const Context *context, const DptWireField *field, char **name)
{
  if (memchr (field->bytes, '\0', field->length) != NULL)
    return fail_at (context, field->bytes, "a name without zero bytes");

  g_free (*name);
  *name = g_strndup ((const char *) field->bytes, field->length);
  return TRUE;
}

/* An int32 that counts; a negative one takes ten bytes and is very large. */
static gboolean
read_id (const Context *context,
         const DptByteReader *reader,
         const DptWireField *field,
         guint *id)
{
  if (field->number > G_MAXINT32)
    return fail_at (context, reader->cursor, "before it, a node id");

  *id = (guint) field->number;
  return TRUE;
}

static gboolean
read_child (const Context *context,
            const DptWireField *message,
            DptObjectNode *node)
{
  DptObjectChild *child;
  DptByteReader reader;
  DptWireField field;
  guint last = node->children->len;

  g_array_set_size (node->children, last + 1);
  child = &g_array_index (node->children, DptObjectChild, last);
  *child = (DptObjectChild){ 0 };

  dpt_byte_reader_init (&reader, message->bytes, message->length);
  while (dpt_wire_field_next (&field, &reader))
    if (dpt_wire_field_is (&field, 1, DPT_WIRE_VARINT))
      {
        if (!read_id (context, &reader, &field, &child->node))
          return FALSE;
      }
    else if (dpt_wire_field_is (&field, 2, DPT_WIRE_BYTES) &&
             !read_name (context, &field, &child->local_name))
      return FALSE;

  if (child->local_name == NULL)
    child->local_name = g_strdup ("");
  return check_message (context, &reader, "an ObjectReference");
}

static gboolean
read_attribute (const Context *context,
                const DptWireField *message,
                DptObjectNode *node)
{
  DptObjectAttribute *attribute;
  DptByteReader reader;
  DptWireField field;
  guint last = node->attributes->len;

  g_array_set_size (node->attributes, last + 1);
  attribute = &g_array_index (node->attributes, DptObjectAttribute, last);
  *attribute = (DptObjectAttribute){ 0 };

  dpt_byte_reader_init (&reader, message->bytes, message->length);
  while (dpt_wire_field_next (&field, &reader))
    {
      if (dpt_wire_field_is (&field, 4, DPT_WIRE_VARINT))
        attribute->optional_restore = field.number != 0;
      else if (dpt_wire_field_is (&field, 1, DPT_WIRE_BYTES) &&
               !read_name (context, &field, &attribute->name))
        return FALSE;
      else if (dpt_wire_field_is (&field, 2, DPT_WIRE_BYTES) &&
               !read_name (context, &field, &attribute->full_name))
        return FALSE;
      else if (dpt_wire_field_is (&field, 3, DPT_WIRE_BYTES) &&
               !read_name (context, &field, &attribute->checkpoint_key))
        return FALSE;
    }

  return check_message (context, &reader, "a SerializedTensor");
}

static gboolean
read_slot (const Context *context,
           const DptWireField *message,
           DptObjectNode *node)
{
  DptObjectSlot *slot;
  DptByteReader reader;
  DptWireField field;
  guint last = node->slots->len;

  g_array_set_size (node->slots, last + 1);
  slot = &g_array_index (node->slots, DptObjectSlot, last);
  *slot = (DptObjectSlot){ 0 };

  dpt_byte_reader_init (&reader, message->bytes, message->length);
  while (dpt_wire_field_next (&field, &reader))
    {
      if (dpt_wire_field_is (&field, 1, DPT_WIRE_VARINT) &&
          !read_id (context, &reader, &field, &slot->original))
        return FALSE;
      if (dpt_wire_field_is (&field, 3, DPT_WIRE_VARINT) &&
          !read_id (context, &reader, &field, &slot->slot))
        return FALSE;
      if (dpt_wire_field_is (&field, 2, DPT_WIRE_BYTES) &&
          !read_name (context, &field, &slot->slot_name))
        return FALSE;
    }

  if (slot->slot_name == NULL)
    slot->slot_name = g_strdup ("");
  return check_message (context, &reader, "a SlotVariableReference");
}

static gboolean
read_node (const Context *context,
           const DptWireField *message,
           DptObjectNode *node)
{
  DptByteReader reader;
  DptWireField field;

  dpt_byte_reader_init (&reader, message->bytes, message->length);
  while (dpt_wire_field_next (&field, &reader))
    {
      if (dpt_wire_field_is (&field, 1, DPT_WIRE_BYTES) &&
          !read_child (context, &field, node))
        return FALSE;
      if (dpt_wire_field_is (&field, 2, DPT_WIRE_BYTES) &&
          !read_attribute (context, &field, node))
        return FALSE;
      if (dpt_wire_field_is (&field, 3, DPT_WIRE_BYTES) &&
          !read_slot (context, &field, node))
        return FALSE;
    }

  return check_message (context, &reader, "a TrackableObject");
}

static gboolean
check_limit (const Context *context, const char *what, gsize limit, gsize found)
{
  if (found <= limit)
    return TRUE;

  g_set_error (context->error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_LIMIT,
               "%s: object graph: at most %" G_GSIZE_FORMAT
               " %s were expected, found %" G_GSIZE_FORMAT " or more",
               context->where, limit, what, found);
  return FALSE;
}

/**
 * dpt_object_graph_reader_parse:
 * @bytes: a serialized TrackableObjectGraph
 * @length: its length
 * @where: file and key, for messages
 * @error: return location for a #DptFormatError or #DptObjectGraphError
 *
 * Returns: (transfer full): the graph.
 */
DptObjectGraph *
dpt_object_graph_reader_parse (const guint8 *bytes,
                               gsize length,
                               const char *where,
                               GError **error)
{
  Context context = { .where = where, .start = bytes, .error = error };
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_object_node_free);
  DptByteReader reader;
  DptWireField field;

  if (!check_limit (&context, "bytes", MAX_LENGTH, length))
    return NULL;

  dpt_byte_reader_init (&reader, bytes, length);
  while (dpt_wire_field_next (&field, &reader))
    {
      if (!dpt_wire_field_is (&field, 1, DPT_WIRE_BYTES))
        continue;

      g_ptr_array_add (nodes, dpt_object_node_new ());
      if (!check_limit (&context, "objects", MAX_NODES, nodes->len) ||
          !read_node (&context, &field,
                      g_ptr_array_index (nodes, nodes->len - 1)))
        return NULL;
    }

  if (!check_message (&context, &reader, "a TrackableObjectGraph"))
    return NULL;

  return dpt_object_graph_new (nodes, NULL, where, error);
}

/**
 * dpt_object_graph_reader_load:
 * @checkpoint: a checkpoint with an object graph entry
 * @where: the checkpoint's prefix, for messages
 * @cancellable: (nullable): stops the reading
 * @error: return location for an error
 *
 * Reads the object graph entry, whose bytes are checked, and parses it.
 *
 * Returns: (transfer full): the graph; %NULL with
 *   %DPT_FORMAT_ERROR_NOT_FOUND where the checkpoint is name-based.
 */
DptObjectGraph *
dpt_object_graph_reader_load (DptCheckpoint *checkpoint,
                              const char *where,
                              GCancellable *cancellable,
                              GError **error)
{
  const DptCheckpointEntry *entry = dpt_checkpoint_get_object_graph_entry (
      checkpoint);
  g_autoptr (DptTensor) tensor = NULL;
  g_autofree char *place = g_strconcat (where, ": " DPT_OBJECT_GRAPH_KEY, NULL);
  DptString value;

  if (entry == NULL)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_NOT_FOUND,
                   "%s: an object graph was expected, found a name-based "
                   "checkpoint",
                   where);
      return NULL;
    }
  if (entry->dtype != DPT_DTYPE_STRING || entry->shape.rank != 0)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: a string of rank 0 was expected, found %s of rank %d",
                   place, dpt_dtype_get_name (entry->dtype), entry->shape.rank);
      return NULL;
    }

  tensor = dpt_checkpoint_read (checkpoint, entry, NULL, cancellable, error);
  if (tensor == NULL)
    return NULL;

  value = dpt_tensor_get_string (tensor, 0);
  return dpt_object_graph_reader_parse ((const guint8 *) value.data,
                                        value.length, place, error);
}
