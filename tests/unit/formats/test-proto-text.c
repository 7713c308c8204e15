/* test-proto-text.c - the text form of protocol buffers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected bytes are worked by hand; a nested message's length takes five
 * bytes, so they are compared after unpacking.
 */

#define G_LOG_DOMAIN "test-proto-text"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-graph.pb-c.h"
#include "dpt-proto-message.h"
#include "dpt-proto-text.h"
#include "dpt-test.h"

static DptByteSource *
to_binary (const char *text,
           gsize length,
           const ProtobufCMessageDescriptor *descriptor,
           GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("m.pbtxt",
                                                                     bytes);

  return dpt_proto_text_read (source, descriptor, NULL, error);
}

static DptProtoMessage *
read_text (const char *text, const ProtobufCMessageDescriptor *descriptor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptByteSource) binary = to_binary (text, strlen (text), descriptor,
                                                &error);
  DptProtoMessage *message;

  g_assert_no_error (error);
  message = dpt_proto_message_read (binary, 0,
                                    dpt_byte_source_get_size (binary),
                                    descriptor, DPT_PROTO_SCAN_DEFAULT, NULL,
                                    &error);
  g_assert_no_error (error);
  return message;
}

/* A flat message has exactly these bytes. */
static void
test_bytes (void)
{
  static const guint8 expected[] = {
    0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, /* i */
    0x25, 0x00, 0x00, 0xc0, 0x3f,                                     /* f */
    0x28, 0x01,                                                       /* b */
    0x30, 0x13,                                                       /* type */
  };
  static const char text[] = "i: -1 f: 1.5f; b: true, type: DT_HALF";
  g_autoptr (GError) error = NULL;
  g_autoptr (DptByteSource) binary =
      to_binary (text, strlen (text), &dpt__proto__attr_value__descriptor,
                 &error);
  guint8 found[sizeof expected];

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_byte_source_get_size (binary), ==, sizeof expected);
  g_assert_true (
      dpt_byte_source_read (binary, 0, sizeof expected, found, &error));
  g_assert_cmpmem (found, sizeof found, expected, sizeof expected);
}

static void
test_graph (void)
{
  g_autoptr (DptProtoMessage) message = read_text (
      "# a comment with { and \"\n"
      "node < name: \"a\" 'b'\n  \"c\" op: 'X' input: ['p', \"q\"] input: 'r' "
      ">\n"
      "node: { name: 'tab\\tquote\\'oct\\101hex\\x42u\\u00e9' op: 'Y'\n"
      "  attr { key: 'k' value { list { i: [1, 0x10, 010] f: [inf, -inf] } } "
      "}\n"
      "  experimental_debug_info { original_node_names: ['a', 'b'] x: -1 }\n"
      "  [some.extension/type] { deep < z: 1 > }\n"
      "}\n"
      "versions { producer: 987 bad: [1, 2] }\n",
      &dpt__proto__graph_def__descriptor);
  const Dpt__Proto__GraphDef *graph = dpt_proto_message_get (message);
  const Dpt__Proto__AttrValue__ListValue *list;

  g_assert_cmpuint (graph->n_node, ==, 2);
  g_assert_cmpmem (graph->node[0]->name.data, graph->node[0]->name.len, "abc",
                   3);
  g_assert_cmpuint (graph->node[0]->n_input, ==, 3);
  g_assert_cmpmem (graph->node[0]->input[2].data, 1, "r", 1);
  g_assert_cmpmem (graph->node[1]->name.data, graph->node[1]->name.len,
                   "tab\tquote'octAhexBu\xc3\xa9", 21);

  list = graph->node[1]->attr[0]->value->list;
  g_assert_cmpuint (list->n_i, ==, 3);
  g_assert_cmpint (list->i[1], ==, 16);
  g_assert_cmpint (list->i[2], ==, 8);
  g_assert_cmpfloat (list->f[1], ==, -G_MAXDOUBLE * 2);
}

static void
assert_refused_bytes (const char *text,
                      gsize length,
                      DptFormatError code,
                      const char *said)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptByteSource) binary =
      to_binary (text, length, &dpt__proto__graph_def__descriptor, &error);

  g_assert_null (binary);
  g_assert_error (error, DPT_FORMAT_ERROR, (int) code);
  if (strstr (error->message, said) == NULL)
    g_error ("expected '%s' in '%s'", said, error->message);
}

static void
assert_refused (const char *text, const char *said)
{
  assert_refused_bytes (text, strlen (text), DPT_FORMAT_ERROR_CORRUPT, said);
}

static void
test_broken (void)
{
  assert_refused ("node {\n  name 'a' }", "m.pbtxt: line 2, column 8: ");
  assert_refused ("node { name: 'a'", "expected '}', found the end");
  assert_refused ("node { name: 'a' >", "expected the name of a field");
  assert_refused ("node { name: 'a", "the end of a string");
  assert_refused ("node { name: 'a\n' }", "the end of a string");
  assert_refused ("node { name: '\\q' }", "an escape as in C");
  assert_refused ("node { name: '\\777' }", "an escape as in C");
  assert_refused ("node { name: '\\ud800' }", "an escape as in C");
  assert_refused ("node { name: 5 }", "a string");
  assert_refused ("node: 'a'", "a message in braces");
  assert_refused ("}", "the name of a field");
  assert_refused ("zzz: { a: [ } ]", "a value");
  assert_refused ("node { op: ['a'] }", "one value");
  assert_refused ("node { attr { value { i: 9223372036854775808 } } }",
                  "in the range of its field");
  assert_refused ("node { attr { value { i: 1.5 } } }", "an integer");
  assert_refused ("node { attr { value { b: 2 } } }", "true or false");
  assert_refused ("node { attr { value { type: DT_NONE } } }", "enumeration");
  assert_refused ("node { attr { value { f: x } } }", "a number");
  assert_refused ("[a", "']'");
}

static void
test_range (void)
{
  g_autoptr (DptProtoMessage) message =
      read_text ("i: -9223372036854775808",
                 &dpt__proto__attr_value__descriptor);
  const Dpt__Proto__AttrValue *value = dpt_proto_message_get (message);

  g_assert_cmpint (value->i, ==, G_MININT64);
}

/* Nested a million deep: in fields that we follow, and in ones we skip. */
static void
test_deep (void)
{
  static const char *const parts[] = { "zzz {", "func { attr { value {", "[" };

  for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      g_autoptr (GString) text = g_string_new (k == 1 ? "node { attr { value {"
                                               : k == 2 ? "zzz: "
                                                        : "");

      for (guint i = 0; i < 1000000; i++)
        g_string_append (text, parts[k]);
      assert_refused_bytes (text->str, text->len, DPT_FORMAT_ERROR_LIMIT,
                            "nested at most 100 deep");
    }
}

/* Every truncation ends in a message or in an error. */
static void
test_truncations (void)
{
  static const char text[] =
      "node { name: 'a' 'b' op: \"C\" attr { key: 'k' value { list { i: [1, "
      "-2] } } } unknown < x: [1, {}] > } versions { producer: 1 }";

  for (gsize n = 0; n < sizeof text; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptByteSource) binary =
          to_binary (text, n, &dpt__proto__graph_def__descriptor, &error);

      g_assert_true ((binary != NULL) == (error == NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proto-text/bytes", test_bytes);
  g_test_add_func ("/proto-text/graph", test_graph);
  g_test_add_func ("/proto-text/broken", test_broken);
  g_test_add_func ("/proto-text/range", test_range);
  g_test_add_func ("/proto-text/deep", test_deep);
  g_test_add_func ("/proto-text/truncations", test_truncations);
  return g_test_run ();
}
