/* test-mapping-file.c - a mapping written, read back, and misread aloud
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-mapping-file"

#include "dpt-mapping-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dpt-json-reader.h"
#include "dpt-test-model.h"
#include "dpt-test.h"

typedef struct
{
  char *folder;
  char *path;
  DptModel *left;
  DptModel *right;
} Fixture;

static DptModel *
make_model (const char *const *keys)
{
  const float values[] = { 1, 2, 3, 4 };
  g_autoptr (DptTestModel) model = dpt_test_model_new ();

  for (; *keys != NULL; keys++)
    dpt_test_model_add_floats (model, *keys, NULL, 4, values);

  return dpt_test_model_end (model);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const char *const left[] = { "a", "b", "whole", NULL };
  const char *const right[] = { "x", "y", "\xff",
                                "save_counter/.ATTRIBUTES/VARIABLE_VALUE",
                                NULL };

  self->folder = dpt_test_scratch ();
  self->path = g_build_filename (self->folder, "map.json", NULL);
  self->left = make_model (left);
  self->right = make_model (right);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  dpt_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_object_unref (self->left);
  g_object_unref (self->right);
}

static DptMapping *
read_text (Fixture *self, const char *text, GError **error)
{
  dpt_test_write (self->path, text, strlen (text));
  return dpt_mapping_file_read (self->path,
                                dpt_model_get_checkpoint (self->left),
                                dpt_model_get_checkpoint (self->right), error);
}

static char *
write_text (DptMapping *mapping)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (DptJsonWriter) writer = dpt_json_writer_new (stream);
  g_autoptr (GError) error = NULL;

  dpt_mapping_file_write (mapping, writer);
  dpt_json_writer_finish (writer, &error);
  g_assert_no_error (error);
  return g_strndup (g_memory_output_stream_get_data (
                        G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (
                        G_MEMORY_OUTPUT_STREAM (stream)));
}

#define EVERYTHING                                                       \
  "{\"diptych\": 1, \"pairs\": ["                                        \
  " {\"left\": \"b\", \"right\": {\"base64\": \"/w==\"},"                \
  "  \"steps\": [{\"op\": \"transpose\", \"axes\": [0]},"                \
  "              {\"op\": \"reshape\", \"shape\": [2, 2]},"              \
  "              {\"op\": \"cast\", \"dtype\": \"float64\"}]},"          \
  " {\"left\": \"whole\", \"left_slice\": \"[0:2]\", \"right\": \"x\"}," \
  " {\"left\": \"whole\", \"left_slice\": \"[2:4]\", \"right\": \"y\","  \
  "  \"right_slice\": \"[0:2]\", \"confidence\": 0.5, \"evidence\": []}" \
  "], \"only_left\": [], \"only_right\": [], \"bookkeeping\": []}"

static void
test_read (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptMapping) mapping = read_text (self, EVERYTHING, &error);
  const DptPair *pair;
  g_autofree char *slice = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (dpt_mapping_get_n_pairs (mapping), ==, 3);

  pair = dpt_mapping_get_pair (mapping, 0);
  g_assert_cmpstr (dpt_pair_get_left_key (pair), ==, "b");
  g_assert_cmpstr (dpt_pair_get_right_key (pair), ==, "\xff");
  g_assert_cmpuint (dpt_pair_get_n_steps (pair), ==, 3);
  g_assert_cmpint (dpt_pair_get_step (pair, 0)->kind, ==,
                   DPT_PAIR_STEP_TRANSPOSE);
  g_assert_cmpint (dpt_pair_get_step (pair, 1)->shape.rank, ==, 2);
  g_assert_cmpint (dpt_pair_get_step (pair, 2)->dtype, ==, DPT_DTYPE_FLOAT64);
  g_assert_cmpfloat (dpt_pair_get_confidence (pair), ==, 1.0);

  pair = dpt_mapping_get_pair (mapping, 2);
  slice = dpt_tensor_slice_to_string (dpt_pair_get_left_slice (pair));
  g_assert_cmpstr (slice, ==, "[2:4]");
  g_assert_nonnull (dpt_pair_get_right_slice (pair));

  g_assert_cmpuint (dpt_mapping_get_n_only_left (mapping), ==, 1);
  g_assert_cmpuint (dpt_mapping_get_n_only_right (mapping), ==, 0);
  g_assert_cmpuint (dpt_mapping_get_n_bookkeeping (mapping), ==, 1);
}

/* What was written and read back is written the same. */
static void
test_round_trip (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DptMapping) first = read_text (self, EVERYTHING, &error);
  g_autofree char *text = write_text (first);
  g_autoptr (DptMapping) second = read_text (self, text, &error);
  g_autofree char *again = NULL;
  g_autoptr (json_t) root = NULL;
  json_t *pair;

  g_assert_no_error (error);
  again = write_text (second);
  g_assert_cmpstr (text, ==, again);

  root = dpt_json_parse (text, strlen (text), "test", &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_integer_value (json_object_get (root, "diptych")), ==,
                   1);
  pair = json_array_get (json_object_get (root, "pairs"), 1);
  g_assert_cmpstr (json_string_value (json_object_get (pair, "left_slice")), ==,
                   "[:2]");
  g_assert_null (json_object_get (pair, "right_slice"));
  g_assert_null (json_object_get (pair, "steps"));
  g_assert_cmpstr (json_string_value (json_object_get (
                       json_array_get (json_object_get (root, "only_left"), 0),
                       "key")),
                   ==, "a");
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  /* clang-format off */
  static const struct
  {
    const char *text;
    const char *expected; /* after "PATH: " */
  } cases[] = {
    { "[]", "expected a mapping file" },
    { "{\"diptych\": 2, \"pairs\": []}", "expected a mapping file" },
    { "{\"diptych\": 1}", "expected 'pairs' to be an array" },
    { "{\"diptych\": 1, \"pairs\": [], \"pears\": []}", "the document: expected no member 'pears'" },
    { "{\"diptych\": 1, \"pairs\": [3]}", "pair 0: expected an object" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\"}]}", "pair 0: expected 'right' to be a key" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": 7, \"right\": \"x\"}]}", "pair 0: expected 'left' to be a key" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"left_slize\": \"\"}]}",
      "pair 0: a pair: expected no member 'left_slize'" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\"},"
      " {\"left\": \"nowhere\", \"right\": \"y\"}]}",
      "pair 1: left key 'nowhere': expected a key of the model" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\"},"
      " {\"left\": \"a\", \"right\": \"y\"}]}",
      "pair 1: left key 'a': expected a slice each time" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"right_slice\": \"[0:2]\"},"
      " {\"left\": \"b\", \"right\": \"x\"}]}",
      "pair 1: right key 'x': expected a slice each time" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"save_counter/.ATTRIBUTES/VARIABLE_VALUE\"}]}",
      "pair 0: right key 'save_counter/.ATTRIBUTES/VARIABLE_VALUE': expected a variable" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"left_slice\": 5}]}",
      "pair 0: expected 'left_slice' to be text" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"left_slice\": \"[oops\"}]}",
      "pair 0: 'left_slice': " },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"steps\": {}}]}",
      "pair 0: expected 'steps' to be an array" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"steps\": [{\"op\": \"rotate\"}]}]}",
      "pair 0: step 0: expected 'op' to be transpose, reshape or cast, found rotate" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"steps\": [{\"op\": \"transpose\", \"axes\": [-1]}]}]}",
      "pair 0: step 0: expected 'axes' to be an array" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": \"a\", \"right\": \"x\", \"steps\": [{\"op\": \"cast\", \"dtype\": \"float33\"}]}]}",
      "pair 0: step 0: expected 'dtype' to be a dtype's name, found float33" },
    { "{\"diptych\": 1, \"pairs\": [{\"left\": {\"base64\": \"\"}, \"right\": \"x\"}]}", "pair 0: expected 'left' to be a key" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *expected = g_strdup_printf ("%s: %s", self->path,
                                                   cases[i].expected);

      g_assert_null (read_text (self, cases[i].text, &error));
      g_assert_nonnull (error);
      if (!g_str_has_prefix (error->message, expected))
        g_error ("case %u: expected '%s…', found '%s'", i, expected,
                 error->message);
    }
}

static void
assert_unreadable (Fixture *self, const char *name, const char *expected)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (
      dpt_mapping_file_read (path, dpt_model_get_checkpoint (self->left),
                             dpt_model_get_checkpoint (self->right), &error));
  g_assert_nonnull (error);
  message = g_strdup_printf ("%s/%s", self->folder, expected);
  g_assert_cmpstr (error->message, ==, message);
}

/* What is no file is refused without waiting for it, in one sentence. */
static void
test_no_file (Fixture *self, gconstpointer data)
{
  g_autofree char *pipe = g_build_filename (self->folder, "pipe", NULL);
  g_autofree char *folder = g_build_filename (self->folder, "folder", NULL);
  g_autofree char *odd = g_build_filename (self->folder, "a\n\xff", NULL);
  g_autofree char *absent = g_strdup_printf ("nothing: cannot be read: %s",
                                             g_strerror (ENOENT));

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  dpt_test_write (odd, "{}", 2);

  assert_unreadable (self, "nothing", absent);
  assert_unreadable (self, "pipe",
                     "pipe: expected a mapping file, found no regular file");
  assert_unreadable (self, "folder",
                     "folder: expected a mapping file, found no regular file");
  assert_unreadable (self, "a\n\xff",
                     "a\\x0a\\xff: expected a mapping file, which begins with "
                     "\"diptych\": 1");
}

/* A megabyte of brackets stops at the scan, not in the parser. */
static void
test_deep (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (1000000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (read_text (self, text, &error));
  g_assert_error (error, DPT_JSON_ERROR, DPT_JSON_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/mapping-file/read", Fixture, NULL, set_up, test_read,
              tear_down);
  g_test_add ("/mapping-file/round-trip", Fixture, NULL, set_up,
              test_round_trip, tear_down);
  g_test_add ("/mapping-file/errors", Fixture, NULL, set_up, test_errors,
              tear_down);
  g_test_add ("/mapping-file/deep", Fixture, NULL, set_up, test_deep,
              tear_down);
  g_test_add ("/mapping-file/no-file", Fixture, NULL, set_up, test_no_file,
              tear_down);
  return g_test_run ();
}
