/* test-checkpoint-state.c - the text file `checkpoint`, as written and worse
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-checkpoint-state"

#include "dpt-checkpoint-state.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-test.h"

static DptCheckpointState *
parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (DptByteSource) source =
      dpt_byte_source_new_from_bytes ("checkpoint", bytes);

  return dpt_checkpoint_state_parse (source, "/run", error);
}

static void
test_tensorflow (void)
{
  static const char text[] =
      "model_checkpoint_path: \"model.ckpt-1\"\n"
      "all_model_checkpoint_paths: \"model.ckpt-0\"\n"
      "all_model_checkpoint_paths: \"/elsewhere/model.ckpt-1\"\n"
      "all_model_checkpoint_timestamps: 1638585762.1\n"
      "last_preserved_timestamp: 1638585700.5\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (DptCheckpointState) state = parse (text, strlen (text), &error);
  GPtrArray *all;

  g_assert_no_error (error);
  g_assert_cmpstr (dpt_checkpoint_state_get_latest (state), ==,
                   "/run/model.ckpt-1");
  all = dpt_checkpoint_state_get_all (state);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (all, 0), ==, "/run/model.ckpt-0");
  g_assert_cmpstr (g_ptr_array_index (all, 1), ==, "/elsewhere/model.ckpt-1");
}

static void
test_grammar (void)
{
  static const struct
  {
    const char *text;
    const char *latest;
  } cases[] = {
    { "", NULL },
    { "# only a comment", NULL },
    { "model_checkpoint_path:'a' 'b' \"c\"", "/run/abc" },
    { "model_checkpoint_path : \"a\" ; # why\n last: -1e5,", "/run/a" },
    { "x { y: \"}\" z < a: [1, 2] > } model_checkpoint_path: 'p'", "/run/p" },
    { "x: [ 'a', 'b' ] model_checkpoint_path: 'p'", "/run/p" },
    { "model_checkpoint_path: 'old' model_checkpoint_path: 'new'", "/run/new" },
    { "model_checkpoint_path: 'caf\\303\\251 \\x41\\t\\\"\\'\\\\'",
      "/run/caf\xc3\xa9 A\t\"'\\" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptCheckpointState) state = parse (cases[i].text,
                                                    strlen (cases[i].text),
                                                    &error);

      g_assert_no_error (error);
      g_assert_cmpstr (dpt_checkpoint_state_get_latest (state), ==,
                       cases[i].latest);
    }
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    const char *part;
  } cases[] = {
    { "model_checkpoint_path", "line 1, column 22: expected a string" },
    { "model_checkpoint_path: 7", "column 24: expected a string, found '7'" },
    { "model_checkpoint_path: \"abc", "expected the end of a string" },
    { "model_checkpoint_path: \"a\nb\"", "expected the end of a string" },
    { "model_checkpoint_path: \"\\q\"", "expected an escape as in C" },
    { "model_checkpoint_path: \"\\777\"", "expected an escape as in C" },
    { "model_checkpoint_path: \"a\\0b\"", "a path without zero bytes" },
    { "model_checkpoint_path: \"\"", "a path without zero bytes" },
    { "\n: 1", "line 2, column 1: expected the name of a field" },
    { "x: }", "column 4: expected a value, found '}'" },
    { "x: ", "expected a value, found the end of the text" },
    { "x { y: 1", "expected the end of a group" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (cases[i].text, strlen (cases[i].text), &error));
      g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
      g_assert_true (g_str_has_prefix (error->message, "checkpoint: "));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

/* A million brackets deep is a count, not a recursion. */
static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new ("x ");
  g_autoptr (GError) error = NULL;
  g_autoptr (DptCheckpointState) open = NULL;
  g_autoptr (DptCheckpointState) closed = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append (text, "{");
  open = parse (text->str, text->len, &error);
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
  g_clear_error (&error);

  for (guint i = 0; i < 1000000; i++)
    g_string_append (text, "}");
  closed = parse (text->str, text->len, &error);
  g_assert_no_error (error);
}

static void
test_folder (void)
{
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "checkpoint", NULL);
  g_autofree char *expected = g_build_filename (folder, "a", NULL);
  g_autoptr (DptCheckpointState) state = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (dpt_checkpoint_state_read (folder, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_NOT_FOUND);
  g_clear_error (&error);

  dpt_test_write (path, "model_checkpoint_path: 'a'", 26);
  state = dpt_checkpoint_state_read (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dpt_checkpoint_state_get_latest (state), ==, expected);
  dpt_test_remove_tree (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/checkpoint-state/tensorflow", test_tensorflow);
  g_test_add_func ("/checkpoint-state/grammar", test_grammar);
  g_test_add_func ("/checkpoint-state/errors", test_errors);
  g_test_add_func ("/checkpoint-state/deep", test_deep);
  g_test_add_func ("/checkpoint-state/folder", test_folder);

  return g_test_run ();
}
