/* test-model.c - what was opened, its MetaGraphs and signatures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-model"

#include "dpt-model.h"

#include "dpt-test.h"

static DptMetaGraph *
meta_graph_new (const char *tags)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_node_unref);
  g_autoptr (DptGraph) graph = dpt_graph_new ("", nodes, NULL, "m", NULL);
  DptMetaGraph *self = dpt_meta_graph_new (graph);

  dpt_meta_graph_take_tags (self, g_strsplit (tags, ",", -1));
  return self;
}

static void
test_select (void)
{
  g_autoptr (DptModel) model = dpt_model_new (DPT_MODEL_KIND_SAVED_MODEL,
                                              "/x/m");
  g_autoptr (DptMetaGraph) serve = meta_graph_new ("serve");
  g_autoptr (DptMetaGraph) train = meta_graph_new ("train,gpu");
  g_autoptr (GError) error = NULL;

  g_assert_null (dpt_model_require_meta_graph (model, &error));
  g_assert_error (error, DPT_MODEL_ERROR, DPT_MODEL_ERROR_NO_GRAPH);
  g_clear_error (&error);

  dpt_model_add_meta_graph (model, serve);
  g_assert_true (dpt_model_get_meta_graph (model) == serve);

  dpt_model_add_meta_graph (model, train);
  g_assert_null (dpt_model_get_meta_graph (model));
  g_assert_null (dpt_model_require_meta_graph (model, &error));
  g_assert_error (error, DPT_MODEL_ERROR, DPT_MODEL_ERROR_TAGS);
  g_assert_nonnull (strstr (error->message, "[serve], [train, gpu]"));

  dpt_model_select_meta_graph (model, 1);
  g_assert_true (dpt_model_get_meta_graph (model) == train);
}

static void
assert_title (DptModelKind kind, const char *path, const char *expected)
{
  g_autoptr (DptModel) model = dpt_model_new (kind, path);
  g_autofree char *title = dpt_model_dup_title (model);

  g_assert_cmpstr (title, ==, expected);
}

static void
test_title (void)
{
  assert_title (DPT_MODEL_KIND_TF1_CHECKPOINT, "/a/run/model.ckpt-1",
                "run/model.ckpt-1");
  assert_title (DPT_MODEL_KIND_SAVED_MODEL, "/a/export/1/", "export/1");
  assert_title (DPT_MODEL_KIND_GRAPH_DEF, "/m.pb", "/m.pb");
  assert_title (DPT_MODEL_KIND_GUIDE, "guide:compat-model",
                "guide:compat-model");
}

/* The words are the contract of the command line. */
static void
test_kinds (void)
{
  g_assert_cmpstr (dpt_model_kind_get_name (DPT_MODEL_KIND_TF1_CHECKPOINT), ==,
                   "tf1-checkpoint");
  g_assert_cmpstr (dpt_model_kind_get_name (DPT_MODEL_KIND_SAVED_MODEL), ==,
                   "saved-model");
  g_assert_cmpstr (dpt_model_kind_get_name (DPT_MODEL_KIND_KERAS_H5), ==,
                   "keras-h5");
  g_assert_cmpstr (dpt_model_kind_get_name (DPT_MODEL_KIND_GUIDE), ==, "guide");
}

static void
add_tensor (GArray *tensors, const char *name)
{
  DptSignatureTensor tensor = { .name = g_strdup (name) };

  g_array_append_val (tensors, tensor);
}

static void
test_signatures (void)
{
  g_autoptr (DptMetaGraph) meta_graph = meta_graph_new ("serve");
  GPtrArray *signatures = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_signature_free);
  DptSignature *signature = dpt_signature_new ("predict");
  const DptSignature *first;

  add_tensor (signature->inputs, "y");
  add_tensor (signature->inputs, "x");
  dpt_signature_sort (signature);
  g_ptr_array_add (signatures, signature);
  g_ptr_array_add (signatures, dpt_signature_new ("__saved_model_init_op"));
  dpt_meta_graph_take_signatures (meta_graph, signatures);

  first = dpt_meta_graph_get_signature (meta_graph, 0);
  g_assert_cmpstr (first->name, ==, "__saved_model_init_op");
  g_assert_true (dpt_meta_graph_find_signature (meta_graph, "predict") ==
                 signature);
  g_assert_null (dpt_meta_graph_find_signature (meta_graph, "train"));

  g_assert_cmpstr (g_array_index (signature->inputs, DptSignatureTensor, 0)
                       .name,
                   ==, "x");
  g_assert_nonnull (dpt_signature_find (signature->inputs, "y"));
  g_assert_null (dpt_signature_find (signature->inputs, "z"));
  g_assert_null (dpt_signature_find (signature->outputs, "y"));
}

static void
test_lists (void)
{
  g_autoptr (DptModel) model = dpt_model_new (DPT_MODEL_KIND_GRAPH_DEF, "m.pb");

  dpt_model_add_warning (model, "w");
  dpt_model_add_file (model, "m.pb");
  g_assert_cmpuint (dpt_model_get_warnings (model)->len, ==, 1);
  g_assert_cmpstr (dpt_model_get_files (model)->pdata[0], ==, "m.pb");
  g_assert_null (dpt_model_get_checkpoint (model));
  g_assert_null (dpt_model_get_object_graph (model));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/select", test_select);
  g_test_add_func ("/model/title", test_title);
  g_test_add_func ("/model/kinds", test_kinds);
  g_test_add_func ("/model/signatures", test_signatures);
  g_test_add_func ("/model/lists", test_lists);
  return g_test_run ();
}
