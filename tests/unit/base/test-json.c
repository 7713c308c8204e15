/* test-json.c - what the writer writes, and what the reader refuses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-json"

#include "dpt-json-reader.h"
#include "dpt-json-writer.h"

#include <math.h>
#include <string.h>

#include "dpt-test.h"

typedef void (*WriteFunc) (DptJsonWriter *writer);

/* The document that `write` makes. */
static char *
write_document (WriteFunc write)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (DptJsonWriter) writer = dpt_json_writer_new (stream);
  g_autoptr (GError) error = NULL;

  write (writer);
  dpt_json_writer_finish (writer, &error);
  g_assert_no_error (error);
  return g_strndup (g_memory_output_stream_get_data (
                        G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (
                        G_MEMORY_OUTPUT_STREAM (stream)));
}

static void
write_nested (DptJsonWriter *writer)
{
  dpt_json_writer_begin_object (writer);
  dpt_json_writer_name (writer, "diptych");
  dpt_json_writer_int (writer, 1);
  dpt_json_writer_name (writer, "empty");
  dpt_json_writer_begin_array (writer);
  dpt_json_writer_end_array (writer);
  dpt_json_writer_name (writer, "list");
  dpt_json_writer_begin_array (writer);
  dpt_json_writer_begin_object (writer);
  dpt_json_writer_end_object (writer);
  dpt_json_writer_null (writer);
  dpt_json_writer_boolean (writer, TRUE);
  dpt_json_writer_boolean (writer, FALSE);
  dpt_json_writer_end_array (writer);
  dpt_json_writer_name (writer, "last");
  dpt_json_writer_string (writer, NULL);
  dpt_json_writer_end_object (writer);
}

static void
test_nesting (void)
{
  g_autofree char *text = write_document (write_nested);

  g_assert_cmpstr (text, ==,
                   "{\"diptych\":1,\"empty\":[],\"list\":[{},null,true,false],"
                   "\"last\":null}\n");
}

static void
write_numbers (DptJsonWriter *writer)
{
  dpt_json_writer_begin_array (writer);
  dpt_json_writer_int (writer, G_MININT64);
  dpt_json_writer_uint (writer, G_MAXUINT64);
  dpt_json_writer_double (writer, 0.1);
  dpt_json_writer_double (writer, (double) 0.1f);
  dpt_json_writer_double (writer, NAN);
  dpt_json_writer_double (writer, INFINITY);
  dpt_json_writer_double (writer, -INFINITY);
  dpt_json_writer_number_text (writer, "0.33");
  dpt_json_writer_number_text (writer, "inf");
  dpt_json_writer_end_array (writer);
}

static void
test_numbers (void)
{
  g_autofree char *text = write_document (write_numbers);

  g_assert_cmpstr (text, ==,
                   "[-9223372036854775808,18446744073709551615,0.1,"
                   "0.10000000149011612,\"nan\",\"inf\",\"-inf\",0.33,"
                   "\"inf\"]\n");
}

static void
write_strings (DptJsonWriter *writer)
{
  dpt_json_writer_begin_object (writer);
  dpt_json_writer_name (writer, "a\"b\\\n\xff");
  dpt_json_writer_begin_array (writer);
  dpt_json_writer_string (writer, "quote\" back\\ line\n tab\t bell\a");
  dpt_json_writer_string (writer, "gr\xc3\xb6\xc3\x9f"
                                  "e");
  dpt_json_writer_bytes (writer, "a\0b", 3);
  dpt_json_writer_bytes (writer, NULL, 0);
  dpt_json_writer_bytes (writer, "\xff\x00\x10", 3);
  dpt_json_writer_string (writer, "\xc3");
  dpt_json_writer_end_array (writer);
  dpt_json_writer_end_object (writer);
}

/* base64 by hand: FF 00 10 = 111111 110000 000000 010000 = "/wAQ";
 * C3 = 110000 11(0000) = "ww==". */
static void
test_strings (void)
{
  g_autofree char *text = write_document (write_strings);

  g_assert_cmpstr (text, ==,
                   "{\"a\\\"b\\\\\\\\x0a\\\\xff\":["
                   "\"quote\\\" back\\\\ line\\n tab\\t bell\\u0007\","
                   "\"gr\xc3\xb6\xc3\x9f"
                   "e\",\"a\\u0000b\",\"\","
                   "{\"base64\":\"/wAQ\"},{\"base64\":\"ww==\"}]}\n");
}

/* Larger than the buffer, and read back by a parser that is not ours. */
static void
write_many (DptJsonWriter *writer)
{
  dpt_json_writer_begin_array (writer);
  for (int i = 0; i < 50000; i++)
    dpt_json_writer_int (writer, i);
  dpt_json_writer_end_array (writer);
}

static void
test_many (void)
{
  g_autofree char *text = write_document (write_many);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) value = dpt_json_parse (text, strlen (text), "test",
                                             &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_size (value), ==, 50000);
  g_assert_cmpint (json_integer_value (json_array_get (value, 49999)), ==,
                   49999);
}

/* The first error of the stream comes out of finish. */
static void
test_stream_error (void)
{
  char room[8];
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new (room,
                                                                 sizeof room,
                                                                 NULL, NULL);
  g_autoptr (DptJsonWriter) writer = dpt_json_writer_new (stream);
  g_autoptr (GError) error = NULL;

  write_many (writer);
  g_assert_false (dpt_json_writer_finish (writer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_read (void)
{
  static const char text[] = "{\"a\":[1,2.5,\"x\\u0000y\"],\"b\":null} ";
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) value = dpt_json_parse (text, sizeof text - 1, "test",
                                             &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_object_size (value), ==, 2);
  g_assert_cmpuint (json_string_length (
                        json_array_get (json_object_get (value, "a"), 2)),
                    ==, 3);
}

static void
test_read_bad (void)
{
  static const char *const texts[] = {
    "", "{", "[1,]", "{\"a\":1,\"a\":2}", "[1] 2", "nul", "\"\xff\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          dpt_json_parse (texts[i], strlen (texts[i]), "a.json", &error));
      g_assert_error (error, DPT_JSON_ERROR, DPT_JSON_ERROR_SYNTAX);
      g_assert_true (g_str_has_prefix (error->message, "a.json: line "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* 200 levels are read; one more, and a million, are refused where they
 * begin.  Brackets inside a string do not count. */
static void
test_read_deep (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *string = g_strnfill (1002, '[');
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) value = NULL;
  g_autofree char *text = g_strnfill (400, '[');

  memset (text + 200, ']', 200);
  value = dpt_json_parse (text, 400, "test", &error);
  g_assert_no_error (error);
  g_assert_nonnull (value);

  g_assert_null (dpt_json_parse (deep, 1000000, "test", &error));
  g_assert_error (error, DPT_JSON_ERROR, DPT_JSON_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "offset 200:"));
  g_clear_error (&error);

  g_clear_pointer (&value, json_decref);
  string[0] = string[1001] = '"';
  value = dpt_json_parse (string, 1002, "test", &error);
  g_assert_no_error (error);
}

static void
test_read_wide (void)
{
  gsize length = (gsize) 18 << 20;
  g_autofree char *text = g_malloc (length);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < length; i += 2)
    memcpy (text + i, i == 0 ? "[1" : ",1", 2);
  g_assert_null (dpt_json_parse (text, length, "test", &error));
  g_assert_error (error, DPT_JSON_ERROR, DPT_JSON_ERROR_LIMIT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/write/nesting", test_nesting);
  g_test_add_func ("/json/write/numbers", test_numbers);
  g_test_add_func ("/json/write/strings", test_strings);
  g_test_add_func ("/json/write/many", test_many);
  g_test_add_func ("/json/write/stream-error", test_stream_error);
  g_test_add_func ("/json/read/good", test_read);
  g_test_add_func ("/json/read/bad", test_read_bad);
  g_test_add_func ("/json/read/deep", test_read_deep);
  g_test_add_func ("/json/read/wide", test_read_wide);

  return g_test_run ();
}
