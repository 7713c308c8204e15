/* test-proto-scan.c - the door before a protocol buffer is unpacked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes are written by hand: tag = field << 3 | wire type.
 */

#define G_LOG_DOMAIN "test-proto-scan"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-graph.pb-c.h"
#include "dpt-proto-message.h"
#include "dpt-proto-wire.h"
#include "dpt-test-proto.h"
#include "dpt-test.h"

static DptByteSource *
source_new (const void *bytes, gsize length)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, length);

  return dpt_byte_source_new_from_bytes ("m.pb", copy);
}

static DptProtoMessage *
read_graph (const void *bytes, gsize length, GError **error)
{
  g_autoptr (DptByteSource) source = source_new (bytes, length);

  return dpt_proto_message_read (source, 0, length,
                                 &dpt__proto__graph_def__descriptor,
                                 DPT_PROTO_SCAN_DEFER_TENSORS, NULL, error);
}

#define GRAPH(literal) literal, sizeof literal - 1

static void
assert_refused (const void *bytes,
                gsize length,
                DptFormatError code,
                const char *said)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_graph (bytes, length, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, (int) code);
  if (strstr (error->message, said) == NULL)
    g_error ("expected '%s' in '%s'", said, error->message);
}

/* node { name: "a" op: "B" }, an unknown field 77 of each wire type, and
 * inside the node an unknown field 6. */
static void
test_unknown_fields (void)
{
  static const char bytes[] = "\x0a\x0a\x0a\x01"
                              "a"
                              "\x12\x01"
                              "B"
                              "\x32\x02zz"
                              "\xe8\x04\x96\x01"
                              "\xe9\x04"
                              "12345678"
                              "\xea\x04\x03xyz"
                              "\xed\x04"
                              "1234";
  g_autoptr (GError) error = NULL;
  g_autoptr (DptProtoMessage) message = read_graph (GRAPH (bytes), &error);
  const Dpt__Proto__GraphDef *graph;

  g_assert_no_error (error);
  graph = dpt_proto_message_get (message);
  g_assert_cmpuint (graph->n_node, ==, 1);
  g_assert_cmpmem (graph->node[0]->name.data, graph->node[0]->name.len, "a", 1);
  g_assert_cmpmem (graph->node[0]->op.data, graph->node[0]->op.len, "B", 1);
  g_assert_cmpuint (graph->base.n_unknown_fields, ==, 0);
}

static void
test_broken (void)
{
  /* A length past the end of the file, and past its own message. */
  assert_refused (GRAPH ("\x0a\x05"
                         "abc"),
                  DPT_FORMAT_ERROR_TRUNCATED,
                  "m.pb: offset 0: expected a field of 5 bytes");
  assert_refused (GRAPH ("\x0a\x03\x0a\x02"
                         "abc"),
                  DPT_FORMAT_ERROR_TRUNCATED, "offset 2");
  assert_refused (GRAPH ("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                  DPT_FORMAT_ERROR_TRUNCATED, "18446744073709551615");
  /* A varint without end, and one that is too long. */
  assert_refused (GRAPH ("\x0a\x80"), DPT_FORMAT_ERROR_TRUNCATED, "varint");
  assert_refused (GRAPH ("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                  DPT_FORMAT_ERROR_CORRUPT, "64 bits");
  /* Groups, field 0, a wire type that is none. */
  assert_refused (GRAPH ("\x0b\x0c"), DPT_FORMAT_ERROR_CORRUPT, "wire type 3");
  assert_refused (GRAPH ("\x02\x00"), DPT_FORMAT_ERROR_CORRUPT, "number 0");
  assert_refused (GRAPH ("\x0f\x00"), DPT_FORMAT_ERROR_CORRUPT, "wire type 7");
  /* A node as a number; a library given twice. */
  assert_refused (GRAPH ("\x08\x01"), DPT_FORMAT_ERROR_CORRUPT,
                  "GraphDef.node");
  assert_refused (GRAPH ("\x12\x00\x12\x00"), DPT_FORMAT_ERROR_CORRUPT,
                  "found it twice");
  /* A fixed number that is cut: attr value f (tag 25) with two bytes. */
  assert_refused (GRAPH ("\x0a\x07\x2a\x05\x12\x03\x25\x00\x00"),
                  DPT_FORMAT_ERROR_TRUNCATED, "4 bytes");
}

/* AttrValue.func.attr.value.func...: each level is one field inside another,
 * so a million levels are some ten million bytes. */
static GByteArray *
nest (guint levels)
{
  GByteArray *reversed = g_byte_array_new ();
  GByteArray *bytes = g_byte_array_new ();
  static const guint8 tags[] = { 0x12, 0x12, 0x52 };

  for (guint i = 0; i < levels; i++)
    {
      guint64 length = reversed->len;
      guint8 header[11];
      guint n = 0;

      header[n++] = i + 1 == levels   ? 0x0a
                    : i + 2 == levels ? 0x2a
                                      : tags[i % 3];
      for (; length >= 0x80; length >>= 7)
        header[n++] = (guint8) (length | 0x80);
      header[n++] = (guint8) length;
      while (n > 0)
        g_byte_array_append (reversed, &header[--n], 1);
    }

  for (guint i = reversed->len; i > 0; i--)
    g_byte_array_append (bytes, &reversed->data[i - 1], 1);
  g_byte_array_unref (reversed);

  return bytes;
}

static void
test_deep (void)
{
  g_autoptr (GByteArray) bytes = nest (999999);

  assert_refused (bytes->data, bytes->len, DPT_FORMAT_ERROR_LIMIT,
                  "nested at most 100");
}

/* Ten million empty nodes: twenty million bytes that would unpack into a
 * gigabyte. */
static void
test_many (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, 20000000);
  for (guint i = 0; i < bytes->len; i += 2)
    {
      bytes->data[i] = 0x0a;
      bytes->data[i + 1] = 0;
    }

  assert_refused (bytes->data, bytes->len, DPT_FORMAT_ERROR_LIMIT,
                  "messages in one file");
}

/* A tensor stays where it is; what the file says of our own fields does not
 * count. */
static void
test_tensor_place (void)
{
  GByteArray *tensor = g_byte_array_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (DptByteSource) source = NULL;
  g_autoptr (DptProtoMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  const Dpt__Proto__AttrValue *value;

  dpt_test_proto_put_varint (tensor, 1, 1);
  dpt_test_proto_put_text (tensor, 4, "eightby.");
  dpt_test_proto_put_varint (tensor, 536870001, 999);
  dpt_test_proto_put_message (bytes, 8, tensor);

  source = source_new (bytes->data, bytes->len);
  message = dpt_proto_message_read (source, 0, bytes->len,
                                    &dpt__proto__attr_value__descriptor,
                                    DPT_PROTO_SCAN_DEFER_TENSORS, NULL, &error);
  g_assert_no_error (error);
  value = dpt_proto_message_get (message);
  g_assert_cmpint (value->value_case, ==, DPT__PROTO__ATTR_VALUE__VALUE_TENSOR);

  /* Tag and length take two bytes, then 08 01 22 08 and the content. */
  g_assert_cmpuint (value->tensor->dpt_offset, ==, 2);
  g_assert_cmpuint (value->tensor->dpt_length, ==, bytes->len - 2);
  g_assert_cmpuint (value->tensor->dpt_content_offset, ==, 6);
  g_assert_cmpuint (value->tensor->dpt_content_length, ==, 8);
  g_assert_cmpuint (value->tensor->tensor_content.len, ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DptByteSource) source = source_new (GRAPH ("\x0a\x00"));
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (dpt_proto_scan (source, 0, 2,
                                 &dpt__proto__graph_def__descriptor,
                                 DPT_PROTO_SCAN_DEFAULT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* 300 is ac 02; a length of 2 padded to five bytes is 82 80 80 80 00. */
static void
test_wire (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  static const guint8 expected[] = { 0x08, 0xac, 0x02, 0x12, 0x82, 0x80,
                                     0x80, 0x80, 0x00, 0xaa, 0xbb };
  gsize mark;

  dpt_proto_wire_put_tag (out, 1, DPT_WIRE_VARINT);
  dpt_proto_wire_put_varint (out, 300);
  mark = dpt_proto_wire_begin (out, 2);
  g_byte_array_append (out, (const guint8 *) "\xaa\xbb", 2);
  dpt_proto_wire_end (out, mark);

  g_assert_cmpmem (out->data, out->len, expected, sizeof expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proto-scan/unknown-fields", test_unknown_fields);
  g_test_add_func ("/proto-scan/broken", test_broken);
  g_test_add_func ("/proto-scan/deep", test_deep);
  g_test_add_func ("/proto-scan/many", test_many);
  g_test_add_func ("/proto-scan/tensor-place", test_tensor_place);
  g_test_add_func ("/proto-scan/cancel", test_cancel);
  g_test_add_func ("/proto-scan/wire", test_wire);
  return g_test_run ();
}
