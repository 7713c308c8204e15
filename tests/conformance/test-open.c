/* test-open.c - every graph of the corpus, against what its manifest says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Origin of the expected values: MANIFEST.tsv of the corpus, whose details were
 * read from the files by another program than ours.  A line's tenth column
 * holds parts, joined by " | ":
 *
 *   tags ['serve'], TF 2.3.1, 11 nodes, 5 functions, 6 objects, 1 assets
 *   signatures: name(key=tensor dtype[dims],... -> ...); name(...)
 *   x.meta: TF 1.13.1, 71 nodes, 0 functions, collections ['a', 'b']
 *   x.pb: 16 nodes, 0 functions, placeholders [...], sinks [...]
 *   x.index: 4 tensors (float 3, int64 1), 1 shard(s), 1 block(s), ...
 */

#define G_LOG_DOMAIN "test-open"

#include <string.h>

#include "dpt-loader.h"
#include "dpt-test.h"

/* The columns of the manifest. */
enum
{
  COLUMN_PATH = 0,
  COLUMN_KIND = 1,
  COLUMN_EXERCISES = 7,
  COLUMN_DETAILS = 9,
  N_COLUMNS = 10,
};

typedef struct
{
  char *path; /* of the item's folder, below the corpus */
  char *exercises;
  char *details;
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->path);
  g_free (item->exercises);
  g_free (item->details);
  g_free (item);
}

static DptModel *
open_model (const Item *item, const char *file)
{
  g_autofree char *relative = g_build_filename (item->path, file, NULL);
  g_autofree char *path = dpt_test_corpus (relative);
  g_autoptr (GError) error = NULL;
  DptModel *model = dpt_loader_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (model);
  g_assert_cmpuint (dpt_model_get_warnings (model)->len, ==, 0);
  return model;
}

static DptMetaGraph *
get_meta_graph (DptModel *model)
{
  g_autoptr (GError) error = NULL;
  DptMetaGraph *meta_graph = dpt_model_require_meta_graph (model, &error);

  g_assert_no_error (error);
  return meta_graph;
}

/* The number before @word, or @fallback where the part does not have it. */
static guint
get_number (const char *part, const char *word, guint fallback)
{
  g_autofree char *pattern = g_strdup_printf ("(\\d+) %s", word);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *digits = NULL;

  if (!g_regex_match (regex, part, 0, &match))
    return fallback;

  digits = g_match_info_fetch (match, 1);
  return (guint) g_ascii_strtoull (digits, NULL, 10);
}

/* "['a', 'b']", as Python prints a list of strings. */
static char *
print_list (const char *const *names)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (text, "%s'%s'", i > 0 ? ", " : "", names[i]);

  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static void
assert_contains (const char *part, const char *expected)
{
  if (strstr (part, expected) == NULL)
    g_error ("expected '%s' in '%s'", expected, part);
}

static void
check_graph (DptModel *model, const char *part)
{
  DptGraph *graph = dpt_meta_graph_get_graph (get_meta_graph (model));

  g_assert_cmpuint (dpt_graph_get_n_nodes (graph), ==,
                    get_number (part, "nodes", 0));
  g_assert_cmpuint (dpt_graph_get_n_functions (graph), ==,
                    get_number (part, "functions", 0));
}

static void
check_version (DptModel *model, const char *part)
{
  DptMetaGraph *meta_graph = get_meta_graph (model);
  g_autofree char *version =
      g_strdup_printf ("TF %s,",
                       dpt_meta_graph_get_tensorflow_version (meta_graph));

  assert_contains (part, version);
}

static void
check_collections (DptModel *model, const char *part)
{
  DptMetaGraph *meta_graph = get_meta_graph (model);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;
  g_autofree char *expected = NULL;

  for (guint i = 0; i < dpt_meta_graph_get_n_collections (meta_graph); i++)
    g_ptr_array_add (names,
                     dpt_meta_graph_get_collection (meta_graph, i)->name);
  g_ptr_array_add (names, NULL);

  list = print_list ((const char *const *) names->pdata);
  expected = g_strdup_printf ("collections %s", list);
  assert_contains (part, expected);
}

static void
check_saved_model (DptModel *model, const char *part)
{
  DptMetaGraph *meta_graph = get_meta_graph (model);
  DptObjectGraph *objects = dpt_meta_graph_get_object_graph (meta_graph);
  g_autofree char *tags = print_list (dpt_meta_graph_get_tags (meta_graph));
  g_autofree char *expected = g_strdup_printf ("tags %s,", tags);

  g_assert_cmpint (dpt_model_get_kind (model), ==, DPT_MODEL_KIND_SAVED_MODEL);
  assert_contains (part, expected);
  check_version (model, part);
  check_graph (model, part);
  g_assert_cmpuint (objects != NULL ? dpt_object_graph_get_n_nodes (objects)
                                    : 0,
                    ==, get_number (part, "objects", 0));

  /* Old files keep their assets only in a collection; the manifest counts
   * asset_file_def. */
  if (strstr (part, "assets") != NULL)
    g_assert_cmpuint (dpt_meta_graph_get_assets (meta_graph)->len, ==,
                      get_number (part, "assets", 0));
}

/* The manifest names dtypes as types.proto does. */
static const char *
get_proto_name (DptDtype dtype)
{
  switch (dtype)
    {
    case DPT_DTYPE_INVALID:
      return "invalid";
    case DPT_DTYPE_FLOAT32:
      return "float";
    case DPT_DTYPE_FLOAT64:
      return "double";
    case DPT_DTYPE_FLOAT16:
      return "half";
    default:
      return dpt_dtype_get_name (dtype);
    }
}

/* To the manifest, a sparse input is composite, too. */
static void
print_tensors (GString *text, const GArray *tensors)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      const DptSignatureTensor *tensor = &g_array_index (tensors,
                                                         DptSignatureTensor, i);

      g_string_append_printf (text, "%s%s=%s %s[", i > 0 ? "," : "",
                              tensor->name,
                              tensor->tensor != NULL ? tensor->tensor
                                                     : "composite",
                              get_proto_name (tensor->dtype));
      for (int k = 0; k < tensor->shape.rank; k++)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, k > 0 ? "," : "",
                                tensor->shape.dims[k]);
      g_string_append_c (text, ']');
    }
}

static void
check_signatures (DptModel *model, const char *part)
{
  DptMetaGraph *meta_graph = get_meta_graph (model);
  g_autoptr (GString) text = g_string_new ("signatures: ");

  for (guint i = 0; i < dpt_meta_graph_get_n_signatures (meta_graph); i++)
    {
      const DptSignature *signature = dpt_meta_graph_get_signature (meta_graph,
                                                                    i);

      g_string_append_printf (text, "%s%s(", i > 0 ? "; " : "",
                              signature->name);
      print_tensors (text, signature->inputs);
      g_string_append (text, " -> ");
      print_tensors (text, signature->outputs);
      g_string_append_c (text, ')');
    }

  /* The manifest cuts a long list in its middle. */
  if (!g_str_has_suffix (part, ")"))
    g_string_truncate (text, strlen (part));
  g_assert_cmpstr (text->str, ==, part);
}

/* "(float 3, int64 1)": the number of keys of each dtype. */
static void
check_keys (DptModel *model, const char *part)
{
  DptCheckpoint *checkpoint = dpt_model_get_checkpoint (model);
  guint n_of[DPT_N_DTYPES] = { 0 };
  gboolean has_objects = strstr (part, "no object graph") == NULL;

  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==,
                    get_number (part, "tensors", 0));
  g_assert_cmpuint (dpt_checkpoint_get_n_shards (checkpoint), ==,
                    get_number (part, "shard", 0));
  g_assert_cmpint (dpt_model_get_object_graph (model) != NULL, ==, has_objects);

  for (guint i = 0; i < dpt_checkpoint_get_n_entries (checkpoint); i++)
    n_of[dpt_checkpoint_get_entry (checkpoint, i)->dtype]++;
  for (guint i = 0; i < DPT_N_DTYPES; i++)
    if (n_of[i] > 0)
      {
        g_autofree char *expected = g_strdup_printf ("%s %u",
                                                     get_proto_name (i),
                                                     n_of[i]);

        assert_contains (part, expected);
      }
}

/* Every constant can be read: its values fit its shape. */
static void
check_constants (DptModel *model)
{
  DptCheckpoint *keys = dpt_model_get_checkpoint (model);

  for (guint i = 0; i < dpt_checkpoint_get_n_entries (keys); i++)
    {
      const DptCheckpointEntry *entry = dpt_checkpoint_get_entry (keys, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) tensor = dpt_checkpoint_read (keys, entry, NULL,
                                                          NULL, &error);

      g_assert_no_error (error);
      g_assert_true (
          dpt_shape_equal (dpt_tensor_get_shape (tensor), &entry->shape));
    }
}

/* "x.meta: ..." and the like: what is said of one file. */
static void
check_file (const Item *item, const char *part)
{
  const char *colon = strstr (part, ": ");
  g_autofree char *file = g_strndup (part, colon - part);
  g_autoptr (DptModel) model = NULL;

  /* The index of a SavedModel is told without its folder. */
  if (strcmp (file, "variables.index") == 0)
    {
      g_autofree char *inside = g_build_filename ("variables",
                                                  "variables.index", NULL);

      model = open_model (item, inside);
      check_keys (model, part);
      return;
    }

  model = open_model (item, file);
  if (g_str_has_suffix (file, ".index"))
    check_keys (model, part);
  else
    check_graph (model, part);
  if (strstr (part, ": TF ") != NULL)
    {
      check_version (model, part);
      check_collections (model, part);
    }
  if (dpt_model_get_kind (model) == DPT_MODEL_KIND_GRAPH_DEF)
    check_constants (model);
}

static void
test_details (gconstpointer data)
{
  const Item *item = data;
  g_auto (GStrv) parts = g_strsplit (item->details, " | ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      gboolean is_saved_model = g_str_has_prefix (parts[i], "tags ");
      gboolean is_signatures = g_str_has_prefix (parts[i], "signatures: ");
      g_autoptr (DptModel) model = NULL;

      if (!is_saved_model && !is_signatures)
        {
          check_file (item, parts[i]);
          continue;
        }

      model = open_model (item, NULL);
      if (is_saved_model)
        check_saved_model (model, parts[i]);
      else
        check_signatures (model, parts[i]);
    }
}

/* The only graph of a folder. */
static char *
find_graph (const Item *item)
{
  g_autofree char *folder = dpt_test_corpus (item->path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".pb"))
      return g_strdup (name);

  return NULL;
}

/* A golden graph: the manifest lists its ops, without those that only hold or
 * move data. */
static void
test_golden (gconstpointer data)
{
  static const char *const unlisted[] = { "Const", "Identity", "NoOp",
                                          "Placeholder", NULL };
  const Item *item = data;
  g_autofree char *file = find_graph (item);
  g_autoptr (DptModel) model = open_model (item, file);
  DptGraph *graph = dpt_meta_graph_get_graph (get_meta_graph (model));
  g_auto (GStrv) words = g_strsplit (item->exercises, " ", -1);

  g_assert_cmpint (dpt_model_get_kind (model), ==, DPT_MODEL_KIND_GRAPH_DEF);
  g_assert_cmpuint (dpt_graph_get_n_nodes (graph), >, 0);

  for (guint i = 0; i < dpt_graph_get_n_nodes (graph); i++)
    {
      const char *op = dpt_node_get_op (dpt_graph_get_node (graph, i));

      if (!g_strv_contains (unlisted, op) &&
          !g_strv_contains ((const char *const *) words, op))
        g_error ("%s: found op %s, which is not listed", item->path, op);
    }

  check_constants (model);
}

/* Files that are broken on purpose: one sentence that names the file. */
static void
test_refused (gconstpointer data)
{
  const Item *item = data;
  g_autofree char *path = dpt_test_corpus (item->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (DptModel) model = dpt_loader_load (path, NULL, NULL, NULL, &error);

  g_assert_null (model);
  g_assert_nonnull (error);
  assert_contains (error->message, "saved_model.pb: ");
}

static gboolean
is_graph_kind (const char *kind)
{
  static const char *const kinds[] = { "frozen-graph",
                                       "savedmodel-v1",
                                       "savedmodel-v2",
                                       "metagraph",
                                       "tf1-ckpt-v2",
                                       "tf2-ckpt",
                                       NULL };

  return g_strv_contains (kinds, kind);
}

/* Its shard is absent and its meta cannot be compared: other tests open it. */
static gboolean
is_whole (const char *path)
{
  return strcmp (path, "sonnet/resnet50") != 0;
}

static void
add_item (char **columns)
{
  g_autofree char *name = g_strconcat ("/open/", columns[COLUMN_PATH], NULL);
  GTestDataFunc func = test_details;
  Item *item;

  if (!is_graph_kind (columns[COLUMN_KIND]) || !is_whole (columns[COLUMN_PATH]))
    return;

  if (strstr (columns[COLUMN_PATH], "tf_fuzz_") != NULL)
    func = test_refused;
  else if (strcmp (columns[COLUMN_DETAILS], "-") == 0)
    func = test_golden;

  item = g_new0 (Item, 1);
  item->path = g_strdup (columns[COLUMN_PATH]);
  item->exercises = g_strdup (columns[COLUMN_EXERCISES]);
  item->details = g_strdup (columns[COLUMN_DETAILS]);
  g_test_add_data_func_full (name, item, func, item_free);
}

static void
test_no_corpus (void)
{
  g_test_skip ("DIPTYCH_CORPUS names no corpus");
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_test_init (&argc, &argv, NULL);

  path = dpt_test_corpus ("MANIFEST.tsv");
  if (path == NULL)
    {
      g_test_add_func ("/open/corpus", test_no_corpus);
      return g_test_run ();
    }

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) columns = g_strsplit (lines[i], "\t", -1);

      if (g_strv_length (columns) == N_COLUMNS)
        add_item (columns);
    }

  return g_test_run ();
}
