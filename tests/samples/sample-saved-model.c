/* sample-saved-model.c - the migrated model: objects, functions, SavedModel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   SavedModel { schema_version = 1, meta_graphs = 2 }
 *   MetaGraphDef { meta_info_def = 1, graph_def = 2, saver_def = 3,
 *                  signature_def = 5 (map), object_graph_def = 7 }
 *
 * Objects are numbered breadth first, children sorted by name, `signatures`
 * last, as TensorFlow 2.14 does (doc/formats/saved-model.md).  Three functions:
 * the forward pass, the signature that calls it, and the restore function that
 * assigns every variable.
 */

#include "sample-models.h"

#include "sample-graph.h"

#include <string.h>

#define CALL_FUNCTION      "__inference_call_731"
#define SIGNATURE_FUNCTION "__inference_signature_wrapper_864"
#define RESTORE_FUNCTION   "__inference__traced_restore_1102"

/* --- Objects ------------------------------------------------------------- */

typedef struct
{
  char *path;
  GPtrArray *children; /* (element-type SampleObject) sorted by local name */
  const SampleVariable *variable;
} SampleObject;

static void
object_free (gpointer data)
{
  SampleObject *self = data;

  g_free (self->path);
  g_ptr_array_unref (self->children);
  g_free (self);
}

static const char *
local_name (const SampleObject *self)
{
  const char *slash = strrchr (self->path, '/');

  return slash != NULL ? slash + 1 : self->path;
}

static SampleObject *
object_new (const char *path, gsize length)
{
  SampleObject *self = g_new0 (SampleObject, 1);

  self->path = g_strndup (path, length);
  self->children = g_ptr_array_new ();
  return self;
}

static SampleObject *
get_child (SampleObject *parent, GPtrArray *all, const char *path, gsize length)
{
  SampleObject *child;

  for (guint i = 0; i < parent->children->len; i++)
    {
      child = g_ptr_array_index (parent->children, i);
      if (strlen (child->path) == length &&
          strncmp (child->path, path, length) == 0)
        return child;
    }

  child = object_new (path, length);
  g_ptr_array_add (all, child);
  g_ptr_array_add (parent->children, child);
  return child;
}

static int
compare_objects (gconstpointer a, gconstpointer b)
{
  return strcmp (local_name (*(SampleObject *const *) a),
                 local_name (*(SampleObject *const *) b));
}

/* Returns the objects in the order of their ids; the root is the first. */
static GPtrArray *
make_objects (GPtrArray *variables)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (object_free);
  GPtrArray *ordered = g_ptr_array_new_with_free_func (object_free);
  SampleObject *root = object_new ("", 0);

  for (guint i = 0; i < variables->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (variables, i);
      SampleObject *object = root;

      for (const char *end = variable->path; *end != '\0';)
        {
          end += strcspn (*end == '/' ? end + 1 : end, "/") +
                 (*end == '/' ? 1 : 0);
          object = get_child (object, all, variable->path,
                              (gsize) (end - variable->path));
        }
      object->variable = variable;
    }

  g_ptr_array_add (ordered, root);
  for (guint i = 0; i < ordered->len; i++)
    {
      SampleObject *object = g_ptr_array_index (ordered, i);

      g_ptr_array_sort (object->children, compare_objects);
      for (guint k = 0; k < object->children->len; k++)
        g_ptr_array_add (ordered, g_ptr_array_index (object->children, k));
    }

  /* `ordered` owns them now. */
  g_ptr_array_set_free_func (all, NULL);
  g_ptr_array_unref (all);
  return ordered;
}

static guint
id_of (GPtrArray *objects, const SampleObject *object)
{
  guint id = 0;

  g_assert_true (g_ptr_array_find (objects, object, &id));
  return id;
}

static void
append_child (GByteArray *node, guint id, const char *name)
{
  GByteArray *child = g_byte_array_new ();

  sample_wire_varint (child, 1, id);
  sample_wire_string (child, 2, name);
  sample_wire_message (node, 1, child);
}

static GByteArray *
begin_object (GPtrArray *objects, guint id)
{
  const SampleObject *object = g_ptr_array_index (objects, id);
  GByteArray *node = g_byte_array_new ();

  for (guint i = 0; i < object->children->len; i++)
    {
      const SampleObject *child = g_ptr_array_index (object->children, i);

      append_child (node, id_of (objects, child), local_name (child));
    }
  return node;
}

GPtrArray *
sample_objects_variables (GPtrArray *variables)
{
  g_autoptr (GPtrArray) objects = make_objects (variables);
  GPtrArray *ordered = g_ptr_array_new ();

  for (guint id = 0; id < objects->len; id++)
    {
      const SampleObject *object = g_ptr_array_index (objects, id);

      if (object->variable != NULL)
        g_ptr_array_add (ordered, (gpointer) object->variable);
    }
  return ordered;
}

char *
sample_checkpoint_key (const SampleVariable *variable)
{
  return g_strconcat (variable->path, "/.ATTRIBUTES/VARIABLE_VALUE", NULL);
}

GByteArray *
sample_object_graph (GPtrArray *variables)
{
  g_autoptr (GPtrArray) objects = make_objects (variables);
  GByteArray *graph = g_byte_array_new ();

  for (guint id = 0; id < objects->len; id++)
    {
      const SampleObject *object = g_ptr_array_index (objects, id);
      GByteArray *node = begin_object (objects, id);
      GByteArray *has_values = g_byte_array_new ();

      if (object->variable != NULL)
        {
          g_autofree char *key = sample_checkpoint_key (object->variable);
          GByteArray *attribute = g_byte_array_new ();

          sample_wire_string (attribute, 1, "VARIABLE_VALUE");
          sample_wire_string (attribute, 2, object->variable->full_name);
          sample_wire_string (attribute, 3, key);
          sample_wire_message (node, 2, attribute);
        }
      sample_wire_varint (has_values, 1, 1);
      sample_wire_message (node, 5, has_values);
      sample_wire_message (graph, 1, node);
    }
  return graph;
}

/* --- SavedObjectGraph ---------------------------------------------------- */

static void
append_kind (GByteArray *node, const SampleObject *object)
{
  GByteArray *kind = g_byte_array_new ();

  if (object->variable != NULL)
    {
      sample_wire_varint (kind, 1, SAMPLE_FLOAT);
      sample_wire_message (kind, 2,
                           sample_shape (object->variable->dims,
                                         object->variable->rank));
      if (object->variable->trainable)
        sample_wire_varint (kind, 3, 1);
      sample_wire_string (kind, 6, object->variable->full_name);
      sample_wire_message (node, 7, kind);
      return;
    }

  sample_wire_string (kind, 1,
                      strcmp (object->path, "blocks") == 0
                          ? "trackable_list_wrapper"
                          : "_generic_user_object");
  sample_wire_message (node, 4, kind);
}

static void
append_concrete_function (GByteArray *graph,
                          const char *name,
                          GPtrArray *objects,
                          GPtrArray *variables)
{
  GByteArray *function = g_byte_array_new ();

  for (guint i = 0; i < variables->len; i++)
    for (guint id = 0; id < objects->len; id++)
      if (((const SampleObject *) g_ptr_array_index (objects, id))->variable ==
          g_ptr_array_index (variables, i))
        sample_wire_varint (function, 2, id);
  sample_wire_map (graph, 2, name, function);
}

/* The variables' objects, then: `__call__`, `signatures`, serving_default. */
static GByteArray *
make_saved_object_graph (GPtrArray *variables)
{
  g_autoptr (GPtrArray) objects = make_objects (variables);
  const guint call = objects->len;
  GByteArray *graph = g_byte_array_new ();
  GByteArray *node, *kind;

  for (guint id = 0; id < objects->len; id++)
    {
      node = begin_object (objects, id);
      if (id == 0)
        {
          append_child (node, call, "__call__");
          append_child (node, call + 1, "signatures");
        }
      append_kind (node, g_ptr_array_index (objects, id));
      sample_wire_message (graph, 1, node);
    }

  node = g_byte_array_new ();
  kind = g_byte_array_new ();
  sample_wire_string (kind, 1, CALL_FUNCTION);
  sample_wire_message (node, 6, kind);
  sample_wire_message (graph, 1, node);

  node = g_byte_array_new ();
  kind = g_byte_array_new ();
  append_child (node, call + 2, "serving_default");
  sample_wire_string (kind, 1, "signature_map");
  sample_wire_message (node, 4, kind);
  sample_wire_message (graph, 1, node);

  node = g_byte_array_new ();
  kind = g_byte_array_new ();
  sample_wire_string (kind, 1, SIGNATURE_FUNCTION);
  sample_wire_string (kind, 2, "images");
  sample_wire_message (node, 8, kind);
  sample_wire_message (graph, 1, node);

  append_concrete_function (graph, CALL_FUNCTION, objects, variables);
  append_concrete_function (graph, SIGNATURE_FUNCTION, objects, variables);
  return graph;
}

/* --- Functions ----------------------------------------------------------- */

/* FunctionDef { signature = 1, node_def = 3, ret = 4 (map) }: takes the nodes;
 * the signature is an OpDef of resources and one float result. */
static GByteArray *
make_function (const char *name,
               GPtrArray *arguments,
               const char *first_argument,
               GPtrArray *nodes,
               const char *result)
{
  GByteArray *function = g_byte_array_new ();
  GByteArray *signature = g_byte_array_new ();
  GByteArray *entry = g_byte_array_new ();

  sample_wire_string (signature, 1, name);
  sample_wire_message (signature, 2,
                       sample_argument (first_argument, SAMPLE_FLOAT));
  for (guint i = 0; i < arguments->len; i++)
    sample_wire_message (signature, 2,
                         sample_argument (g_ptr_array_index (arguments, i),
                                          SAMPLE_RESOURCE));
  sample_wire_message (signature, 3,
                       sample_argument ("identity", SAMPLE_FLOAT));
  sample_wire_varint (signature, 17, 1);
  sample_wire_message (function, 1, signature);

  for (guint i = 0; i < nodes->len; i++)
    sample_wire_message (function, 3,
                         g_byte_array_ref (g_ptr_array_index (nodes, i)));

  sample_wire_string (entry, 1, "identity");
  sample_wire_string (entry, 2, result);
  sample_wire_message (function, 4, entry);
  return function;
}

static void
set_call_attrs (GByteArray *call, const char *function, guint n_variables)
{
  static const int result[] = { SAMPLE_FLOAT };
  g_autofree int *types = g_new (int, n_variables + 1);

  types[0] = SAMPLE_FLOAT;
  for (guint i = 0; i < n_variables; i++)
    types[i + 1] = SAMPLE_RESOURCE;

  sample_node_attr (call, "Tin", sample_attr_types (types, n_variables + 1));
  sample_node_attr (call, "Tout", sample_attr_types (result, 1));
  sample_node_attr (call, "config", sample_attr_string (""));
  sample_node_attr (call, "config_proto", sample_attr_string (""));
  sample_node_attr (call, "executor_type", sample_attr_string (""));
  sample_node_attr (call, "f", sample_attr_function (function));
}

static GByteArray *
make_call_function (GPtrArray *variables)
{
  g_autoptr (GPtrArray) nodes = sample_net_nodes (variables, SAMPLE_STYLE_TF2);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < variables->len; i++)
    g_ptr_array_add (arguments,
                     sample_net_argument (g_ptr_array_index (variables, i)));
  return make_function (CALL_FUNCTION, arguments, "images", nodes,
                        "Identity:output:0");
}

static GByteArray *
make_signature_function (GPtrArray *variables)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_byte_array_unref);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  GByteArray *call = sample_node ("StatefulPartitionedCall",
                                  "StatefulPartitionedCall", "images", NULL);
  GByteArray *identity = sample_node ("Identity", "Identity",
                                      "StatefulPartitionedCall:output:0", NULL);

  for (guint i = 0; i < variables->len; i++)
    {
      char *argument = i == 0 ? g_strdup ("unknown")
                              : g_strdup_printf ("unknown_%u", i - 1);

      sample_node_input (call, argument);
      g_ptr_array_add (arguments, argument);
    }
  set_call_attrs (call, CALL_FUNCTION, variables->len);
  sample_node_attr (identity, "T", sample_attr_type (SAMPLE_FLOAT));

  g_ptr_array_add (nodes, call);
  g_ptr_array_add (nodes, identity);
  return make_function (SIGNATURE_FUNCTION, arguments, "images", nodes,
                        "Identity:output:0");
}

static GByteArray *
make_strings_node (const char *name, GPtrArray *values)
{
  GByteArray *node = sample_node (name, "Const", NULL);

  sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_STRING));
  sample_node_attr (node, "value",
                    sample_attr_strings_tensor ((const char *const *)
                                                    values->pdata,
                                                (int) values->len));
  return node;
}

/* file_prefix, handles > RestoreV2 > Identity_k > AssignVariableOp_k. */
static GByteArray *
make_restore_function (GPtrArray *variables)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) slices = g_ptr_array_new ();
  g_autofree int *dtypes = g_new (int, variables->len);
  GByteArray *function = g_byte_array_new ();
  GByteArray *signature = g_byte_array_new ();
  GByteArray *entry = g_byte_array_new ();
  GByteArray *node;

  sample_wire_string (signature, 1, RESTORE_FUNCTION);
  sample_wire_message (signature, 2,
                       sample_argument ("file_prefix", SAMPLE_STRING));
  for (guint i = 0; i < variables->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (variables, i);
      g_autofree char *argument = sample_net_argument (variable);

      sample_wire_message (signature, 2,
                           sample_argument (argument, SAMPLE_RESOURCE));
      g_ptr_array_add (keys, sample_checkpoint_key (variable));
      g_ptr_array_add (slices, (gpointer) "");
      dtypes[i] = SAMPLE_FLOAT;
    }
  sample_wire_message (signature, 3,
                       sample_argument ("identity", SAMPLE_STRING));
  sample_wire_varint (signature, 17, 1);
  sample_wire_message (function, 1, signature);

  sample_wire_message (function, 3,
                       make_strings_node ("RestoreV2/tensor_names", keys));
  sample_wire_message (function, 3,
                       make_strings_node ("RestoreV2/shape_and_slices",
                                          slices));
  node = sample_node ("RestoreV2", "RestoreV2", "file_prefix",
                      "RestoreV2/tensor_names:output:0",
                      "RestoreV2/shape_and_slices:output:0", NULL);
  sample_node_attr (node, "dtypes", sample_attr_types (dtypes, variables->len));
  sample_wire_message (function, 3, node);

  node = sample_node ("Identity", "Identity", "file_prefix", NULL);
  sample_node_attr (node, "T", sample_attr_type (SAMPLE_STRING));
  for (guint i = 0; i < variables->len; i++)
    {
      g_autofree char *argument = sample_net_argument (
          g_ptr_array_index (variables, i));
      g_autofree char *assign = g_strdup_printf ("AssignVariableOp_%u", i);
      g_autofree char *value = g_strdup_printf ("RestoreV2:tensors:%u", i);
      g_autofree char *control = g_strconcat ("^", assign, NULL);
      GByteArray *op = sample_node (assign, "AssignVariableOp", argument, value,
                                    NULL);

      sample_node_attr (op, "dtype", sample_attr_type (SAMPLE_FLOAT));
      sample_wire_message (function, 3, op);
      sample_node_input (node, control);
    }
  sample_wire_message (function, 3, node);

  sample_wire_string (entry, 1, "identity");
  sample_wire_string (entry, 2, "Identity:output:0");
  sample_wire_message (function, 4, entry);
  return function;
}

/* --- The main graph ------------------------------------------------------ */

static void
append_handles (GByteArray *graph, GPtrArray *variables)
{
  for (guint i = 0; i < variables->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (variables, i);
      GByteArray *node = sample_node (variable->full_name, "VarHandleOp", NULL);

      sample_node_attr (node, "container", sample_attr_string (""));
      sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_FLOAT));
      sample_node_attr (node, "shape",
                        sample_attr_shape (variable->dims, variable->rank));
      sample_node_attr (node, "shared_name",
                        sample_attr_string (variable->full_name));
      sample_wire_message (graph, 1, node);
    }
}

static void
append_placeholder (GByteArray *graph,
                    const char *name,
                    int dtype,
                    const gint64 *dims,
                    guint rank)
{
  GByteArray *node = sample_node (name, "Placeholder", NULL);

  sample_node_attr (node, "dtype", sample_attr_type (dtype));
  sample_node_attr (node, "shape", sample_attr_shape (dims, rank));
  sample_wire_message (graph, 1, node);
}

static GByteArray *
make_graph (GPtrArray *variables, const gint64 *images)
{
  static const int string_type[] = { SAMPLE_STRING };
  g_autofree int *types = g_new (int, variables->len + 1);
  GByteArray *graph = g_byte_array_new ();
  GByteArray *library = g_byte_array_new ();
  GByteArray *versions = g_byte_array_new ();
  GByteArray *call, *restore;

  append_handles (graph, variables);
  append_placeholder (graph, "serving_default_images", SAMPLE_FLOAT, images, 4);
  append_placeholder (graph, "saver_filename", SAMPLE_STRING, NULL, 0);

  call = sample_node ("StatefulPartitionedCall", "StatefulPartitionedCall",
                      "serving_default_images", NULL);
  restore = sample_node ("StatefulPartitionedCall_1", "StatefulPartitionedCall",
                         "saver_filename", NULL);
  types[0] = SAMPLE_STRING;
  for (guint i = 0; i < variables->len; i++)
    {
      const SampleVariable *variable = g_ptr_array_index (variables, i);

      sample_node_input (call, variable->full_name);
      sample_node_input (restore, variable->full_name);
      types[i + 1] = SAMPLE_RESOURCE;
    }
  set_call_attrs (call, SIGNATURE_FUNCTION, variables->len);
  sample_node_attr (restore, "Tin",
                    sample_attr_types (types, variables->len + 1));
  sample_node_attr (restore, "Tout", sample_attr_types (string_type, 1));
  sample_node_attr (restore, "f", sample_attr_function (RESTORE_FUNCTION));
  sample_wire_message (graph, 1, call);
  sample_wire_message (graph, 1, restore);
  sample_wire_message (graph, 1, sample_node ("NoOp", "NoOp", NULL));

  sample_wire_message (library, 1, make_call_function (variables));
  sample_wire_message (library, 1, make_signature_function (variables));
  sample_wire_message (library, 1, make_restore_function (variables));
  sample_wire_message (graph, 2, library);

  sample_wire_varint (versions, 1, 1286);
  sample_wire_message (graph, 4, versions);
  return graph;
}

static void
append_signatures (GByteArray *meta_graph, const gint64 *images)
{
  static const gint64 classes[] = { -1, 10 };
  GByteArray *signature = g_byte_array_new ();

  sample_wire_map (signature, 1, "images",
                   sample_tensor_info ("serving_default_images:0", SAMPLE_FLOAT,
                                       images, 4));
  sample_wire_map (signature, 2, "predictions",
                   sample_tensor_info ("StatefulPartitionedCall:0",
                                       SAMPLE_FLOAT, classes, 2));
  sample_wire_string (signature, 3, "tensorflow/serving/predict");
  sample_wire_map (meta_graph, 5, "serving_default", signature);

  signature = g_byte_array_new ();
  sample_wire_map (signature, 2, "__saved_model_init_op",
                   sample_tensor_info ("NoOp", 0, NULL, 0));
  sample_wire_map (meta_graph, 5, "__saved_model_init_op", signature);
}

GByteArray *
sample_saved_model (GPtrArray *variables)
{
  static const gint64 images[] = { -1, 28, 28, 1 };
  GByteArray *saved_model = g_byte_array_new ();
  GByteArray *meta_graph = g_byte_array_new ();
  GByteArray *info = g_byte_array_new ();
  GByteArray *saver = g_byte_array_new ();

  sample_wire_string (info, 4, "serve");
  sample_wire_string (info, 5, "2.14.0");
  sample_wire_string (info, 6, "unknown");
  sample_wire_message (meta_graph, 1, info);
  sample_wire_message (meta_graph, 2, make_graph (variables, images));

  sample_wire_string (saver, 1, "saver_filename:0");
  sample_wire_string (saver, 3, "StatefulPartitionedCall_1");
  sample_wire_varint (saver, 7, 2);
  sample_wire_message (meta_graph, 3, saver);

  append_signatures (meta_graph, images);
  sample_wire_message (meta_graph, 7, make_saved_object_graph (variables));

  sample_wire_varint (saved_model, 1, 1);
  sample_wire_message (saved_model, 2, meta_graph);
  return saved_model;
}
