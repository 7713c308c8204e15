/* dpt-proto-message.c - a message unpacked into memory of a known bound
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The library asks for memory once per message and list.  It gets it from an
 * arena of chunks that only grows, up to a bound, and goes at once; so a file
 * of a few megabytes cannot claim gigabytes, and a graph of half a million
 * nodes is freed in a few hundred calls.
 */

#define G_LOG_DOMAIN "dpt-proto-message"

#include "dpt-proto-message.h"

#include "dpt-format-error.h"

#define MIN_CHUNK_SIZE (4u << 10)
#define MAX_CHUNK_SIZE (1u << 20)
#define ARENA_BOUND    ((gsize) 1 << 30)
#define ALIGNMENT      16u

struct _DptProtoMessage
{
  ProtobufCAllocator allocator;
  GPtrArray *chunks;
  guint8 *free_space; /* in the newest chunk */
  gsize free_length;
  gsize used; /* bytes of all chunks */
  ProtobufCMessage *message;
};

static void *
arena_alloc (void *data, size_t size)
{
  DptProtoMessage *self = data;
  void *place;

  if (size > ARENA_BOUND - self->used)
    return NULL;
  size = (size + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1);

  if (size > self->free_length)
    {
      gsize chunk_size = CLAMP (self->used, MIN_CHUNK_SIZE, MAX_CHUNK_SIZE);
      gsize length = MAX (size, chunk_size);
      guint8 *chunk;

      if (length > ARENA_BOUND - self->used)
        return NULL;
      chunk = g_try_malloc (length);
      if (chunk == NULL)
        return NULL;

      g_ptr_array_add (self->chunks, chunk);
      self->used += length;
      self->free_space = chunk;
      self->free_length = length;
    }

  place = self->free_space;
  self->free_space += size;
  self->free_length -= size;

  return place;
}

/* All goes when the message goes. */
static void
arena_free (void *data, void *place)
{
}

/**
 * dpt_proto_message_read:
 * @source: where the message lies
 * @offset: its first byte
 * @length: its length in bytes
 * @descriptor: what it should be
 * @flags: what to leave in the file
 * @cancellable: (nullable): to stop it
 * @error: return location for a %DPT_FORMAT_ERROR
 *
 * Scans a message (see dpt_proto_scan()) and unpacks what is left of it.
 *
 * Returns: (transfer full) (nullable): the message.
 */
DptProtoMessage *
dpt_proto_message_read (const DptByteSource *source,
                        guint64 offset,
                        guint64 length,
                        const ProtobufCMessageDescriptor *descriptor,
                        DptProtoScanFlags flags,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (DptProtoMessage) self = NULL;

  bytes = dpt_proto_scan (source, offset, length, descriptor, flags,
                          cancellable, error);
  if (bytes == NULL)
    return NULL;

  self = g_new0 (DptProtoMessage, 1);
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  self->allocator.alloc = arena_alloc;
  self->allocator.free = arena_free;
  self->allocator.allocator_data = self;
  self->message = protobuf_c_message_unpack (descriptor, &self->allocator,
                                             bytes->len, bytes->data);

  if (self->message == NULL)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: offset %" G_GUINT64_FORMAT
                   ": expected a %s that unpacks into at most %u MiB, found a "
                   "broken list of numbers or a larger one",
                   dpt_byte_source_get_display (source), offset,
                   descriptor->short_name, (guint) (ARENA_BOUND >> 20));
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * dpt_proto_message_free:
 * @self: (transfer full): a message
 *
 * Frees it and all that it holds.
 */
void
dpt_proto_message_free (DptProtoMessage *self)
{
  g_ptr_array_unref (self->chunks);
  g_free (self);
}

/**
 * dpt_proto_message_get:
 * @self: a message
 *
 * Returns: (transfer none): the struct that the descriptor describes.
 */
const void *
dpt_proto_message_get (const DptProtoMessage *self)
{
  return self->message;
}
