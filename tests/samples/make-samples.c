/* make-samples.c - writes the bundled comparison
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   make-samples FOLDER
 *
 * FOLDER/digits-tf1/  checkpoint, model.ckpt-1200.{index,data-…,meta}
 * FOLDER/digits-tf2/  saved_model.pb, variables/variables.{index,data-…}
 *
 * The same bytes every time; data/samples holds a copy, and the test
 * `samples` demands that it is one.
 */

#include "sample-models.h"

#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-test.h"

#define STEP 1200

static void
write_file (const char *folder, const char *name, GByteArray *bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  dpt_test_write (path, bytes->data, bytes->len);
  g_byte_array_unref (bytes);
}

static void
add_variable (DptBundleBuilder *builder,
              const char *key,
              const SampleVariable *variable,
              const float *values)
{
  const DptShape shape = dpt_shape_new ((int) variable->rank, variable->dims);

  dpt_bundle_builder_add (builder, key, DPT_DTYPE_FLOAT32, &shape, values);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const SampleVariable *left = *(SampleVariable *const *) a;
  const SampleVariable *right = *(SampleVariable *const *) b;

  return strcmp (left->name, right->name);
}

/* A TF1 Saver writes tensors in the order of their names; "global_step" comes
 * behind everything in "DigitNet". */
static void
write_before (const char *folder, GPtrArray *variables)
{
  static const char state[] =
      "model_checkpoint_path: \"model.ckpt-1200\"\n"
      "all_model_checkpoint_paths: \"model.ckpt-1200\"\n";
  const DptShape scalar = DPT_SHAPE_SCALAR;
  const gint64 step = STEP;
  g_autofree char *prefix = g_build_filename (folder, "model.ckpt-1200", NULL);
  g_autofree char *state_path = g_build_filename (folder, "checkpoint", NULL);
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (variables, NULL, NULL);
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (sorted, i);

      add_variable (builder, variable->name, variable, variable->before);
    }
  dpt_bundle_builder_add (builder, "global_step", DPT_DTYPE_INT64, &scalar,
                          &step);
  dpt_bundle_builder_write (builder, prefix);

  write_file (folder, "model.ckpt-1200.meta",
              sample_meta_graph_def (variables));
  dpt_test_write (state_path, state, strlen (state));
}

/* A SavedModel writes its variables in the order of the object graph, and the
 * graph itself last. */
static void
write_after (const char *folder, GPtrArray *variables)
{
  g_autofree char *variables_folder = g_build_filename (folder, "variables",
                                                        NULL);
  g_autofree char *prefix = g_build_filename (variables_folder, "variables",
                                              NULL);
  g_autoptr (GPtrArray) ordered = sample_objects_variables (variables);
  g_autoptr (GByteArray) objects = sample_object_graph (variables);
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();

  g_assert_cmpint (g_mkdir_with_parents (variables_folder, 0755), ==, 0);
  for (guint i = 0; i < ordered->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (ordered, i);
      g_autofree char *key = sample_checkpoint_key (variable);

      add_variable (builder, key, variable, variable->after);
    }
  dpt_bundle_builder_add_object_graph (builder, objects->data, objects->len);
  dpt_bundle_builder_write (builder, prefix);

  write_file (folder, "saved_model.pb", sample_saved_model (variables));
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) variables = sample_net_variables ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (argc != 2)
    {
      g_printerr ("usage: make-samples FOLDER\n");
      return 2;
    }

  before = g_build_filename (argv[1], "digits-tf1", NULL);
  after = g_build_filename (argv[1], "digits-tf2", NULL);
  g_assert_cmpint (g_mkdir_with_parents (before, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (after, 0755), ==, 0);
  write_before (before, variables);
  write_after (after, variables);
  return 0;
}
