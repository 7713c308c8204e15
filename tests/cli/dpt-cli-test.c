/* dpt-cli-test.c - runs diptych-cli and holds what it prints against a text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cli-test"

#include "dpt-cli-test.h"

#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-test-proto.h"
#include "dpt-test.h"

static const float kernel[] = { 1, 2, 3, 4 };

static void
write_tf1 (const char *folder)
{
  g_autofree char *prefix = g_build_filename (folder, "tf1", NULL);
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
  DptShape vector = dpt_shape_new_1d (2);
  DptShape matrix = dpt_shape_new_2d (2, 2);
  const float bias[] = { 0.5f, -0.5f };
  const gint64 step = 7;

  dpt_bundle_builder_add (builder, "dense/bias", DPT_DTYPE_FLOAT32, &vector,
                          bias);
  dpt_bundle_builder_add (builder, "dense/kernel", DPT_DTYPE_FLOAT32, &matrix,
                          kernel);
  dpt_bundle_builder_add (builder, "global_step", DPT_DTYPE_INT64,
                          &DPT_SHAPE_SCALAR, &step);
  dpt_bundle_builder_write (builder, prefix);
}

/* TrackableObject: children = 1 {node_id = 1, local_name = 2}. */
static void
put_child (GByteArray *object, guint node, const char *name)
{
  GByteArray *child = g_byte_array_new ();

  dpt_test_proto_put_varint (child, 1, node);
  dpt_test_proto_put_text (child, 2, name);
  dpt_test_proto_put_message (object, 1, child);
}

/* TrackableObject: attributes = 2 {name = 1, full_name = 2, key = 3}. */
static void
put_variable (GByteArray *graph, const char *full_name, const char *key)
{
  GByteArray *object = g_byte_array_new ();
  GByteArray *attribute = g_byte_array_new ();

  dpt_test_proto_put_text (attribute, 1, "VARIABLE_VALUE");
  dpt_test_proto_put_text (attribute, 2, full_name);
  dpt_test_proto_put_text (attribute, 3, key);
  dpt_test_proto_put_message (object, 2, attribute);
  dpt_test_proto_put_message (graph, 1, object);
}

#define VALUE "/.ATTRIBUTES/VARIABLE_VALUE"

/* Ids are breadth-first: 0 root, 1 layer, 2 save_counter, 3 kernel, 4 bias,
 * 5 extra. */
static GByteArray *
make_object_graph (void)
{
  GByteArray *graph = g_byte_array_new ();
  GByteArray *root = g_byte_array_new ();
  GByteArray *layer = g_byte_array_new ();

  put_child (root, 1, "layer");
  put_child (root, 2, "save_counter");
  dpt_test_proto_put_message (graph, 1, root);
  put_child (layer, 3, "kernel");
  put_child (layer, 4, "bias");
  put_child (layer, 5, "extra");
  dpt_test_proto_put_message (graph, 1, layer);
  put_variable (graph, "save_counter", "save_counter" VALUE);
  put_variable (graph, "dense/kernel", "layer/kernel" VALUE);
  put_variable (graph, "dense/bias", "layer/bias" VALUE);
  put_variable (graph, "Variable", "layer/extra" VALUE);
  return graph;
}

static void
write_tf2 (const char *folder)
{
  g_autofree char *prefix = g_build_filename (folder, "tf2", NULL);
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
  g_autoptr (GByteArray) objects = make_object_graph ();
  DptShape one = dpt_shape_new_1d (1);
  DptShape vector = dpt_shape_new_1d (2);
  DptShape matrix = dpt_shape_new_2d (2, 2);
  const float bias[] = { 0.5f, -0.25f };
  const float extra = 9;
  const gint64 counter = 1;

  dpt_bundle_builder_add (builder, "layer/kernel" VALUE, DPT_DTYPE_FLOAT32,
                          &matrix, kernel);
  dpt_bundle_builder_add (builder, "layer/bias" VALUE, DPT_DTYPE_FLOAT32,
                          &vector, bias);
  dpt_bundle_builder_add (builder, "layer/extra" VALUE, DPT_DTYPE_FLOAT32, &one,
                          &extra);
  dpt_bundle_builder_add (builder, "save_counter" VALUE, DPT_DTYPE_INT64,
                          &DPT_SHAPE_SCALAR, &counter);
  dpt_bundle_builder_add_object_graph (builder, objects->data, objects->len);
  dpt_bundle_builder_write (builder, prefix);
}

void
dpt_cli_fixture_set_up (DptCliFixture *self, gconstpointer data)
{
  self->folder = dpt_test_scratch ();
  write_tf1 (self->folder);
  write_tf2 (self->folder);
}

void
dpt_cli_fixture_tear_down (DptCliFixture *self, gconstpointer data)
{
  dpt_test_remove_tree (self->folder);
  g_free (self->folder);
}

char *
dpt_cli_fixture_expand (DptCliFixture *self, const char *text)
{
  g_autoptr (GString) expanded = g_string_new (text);

  g_string_replace (expanded, "{F}", self->folder, 0);
  return g_string_free (g_steal_pointer (&expanded), FALSE);
}

int
dpt_cli_run_program (DptCliFixture *self,
                     const char *command_line,
                     char **output,
                     char **errors)
{
  g_autofree char *program = g_strdup (g_getenv ("DPT_CLI"));
  g_autofree char *expanded = dpt_cli_fixture_expand (self, command_line);
  g_autofree char *line = g_strdup_printf ("'%s' %s", program, expanded);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  int wait_status;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, output, errors,
                &wait_status, &error);
  g_assert_no_error (error);
  if (!WIFEXITED (wait_status))
    g_error ("%s: ended by signal %d", line, WTERMSIG (wait_status));

  return WEXITSTATUS (wait_status);
}

void
dpt_cli_assert_text (DptCliFixture *self,
                     const char *command_line,
                     int status,
                     const char *expected)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autofree char *text = dpt_cli_fixture_expand (self, expected);
  int found = dpt_cli_run_program (self, command_line, &output, &errors);

  g_assert_cmpstr (errors, ==, "");
  g_assert_cmpstr (output, ==, text);
  g_assert_cmpint (found, ==, status);
}

json_t *
dpt_cli_run_json (DptCliFixture *self, const char *command_line, int status)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autofree char *line = g_strconcat (command_line, " --format json", NULL);
  int found = dpt_cli_run_program (self, line, &output, &errors);
  json_error_t error;
  json_t *document = json_loads (output, JSON_REJECT_DUPLICATES, &error);

  if (document == NULL)
    g_error ("%s: %s: %s", command_line, error.text, output);

  /* Every document begins so; one line feed ends it, and nothing follows. */
  g_assert_true (g_str_has_prefix (output, "{\"diptych\":1"));
  g_assert_true (g_str_has_suffix (output, "}\n"));
  g_assert_cmpint (found, ==, status);
  return document;
}

void
dpt_cli_assert_json (DptCliFixture *self,
                     const char *command_line,
                     int status,
                     const char *expected)
{
  json_t *found = dpt_cli_run_json (self, command_line, status);
  g_autofree char *text = dpt_cli_fixture_expand (self, expected);
  json_error_t error;
  json_t *wanted = json_loads (text, 0, &error);

  if (wanted == NULL)
    g_error ("the expected text is no JSON: %s: %s", error.text, text);
  if (!json_equal (found, wanted))
    g_error ("%s: expected %s, found %s", command_line, text,
             json_dumps (found, JSON_COMPACT));

  json_decref (found);
  json_decref (wanted);
}

void
dpt_cli_assert_error (DptCliFixture *self,
                      const char *command_line,
                      const char *expected)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autofree char *text = dpt_cli_fixture_expand (self, expected);
  g_autofree char *line = g_strdup_printf ("diptych-cli: %s\n", text);
  int status = dpt_cli_run_program (self, command_line, &output, &errors);

  g_assert_cmpstr (errors, ==, line);
  g_assert_cmpstr (output, ==, "");
  g_assert_cmpint (status, ==, 2);
}
