/* dpt-test-model.c - models in memory, for tests of what compares them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-test-model"

#include "dpt-test-model.h"

#include <string.h>

#include "dpt-crc32c.h"
#include "dpt-memory-source.h"

struct _DptTestModel
{
  DptMemorySource *source;
  GArray *entries;  /* (element-type DptCheckpointEntry) */
  GPtrArray *nodes; /* (element-type DptObjectNode) the first is the root */
};

static void
entry_clear (gpointer data)
{
  DptCheckpointEntry *entry = data;

  g_free ((char *) entry->key);
}

/**
 * dpt_test_model_new:
 *
 * Returns: (transfer full): a model without keys.
 */
DptTestModel *
dpt_test_model_new (void)
{
  DptTestModel *self = g_new0 (DptTestModel, 1);

  self->source = dpt_memory_source_new ();
  self->entries = g_array_new (FALSE, TRUE, sizeof (DptCheckpointEntry));
  g_array_set_clear_func (self->entries, entry_clear);
  self->nodes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_object_node_free);
  g_ptr_array_add (self->nodes, dpt_object_node_new ());
  return self;
}

/**
 * dpt_test_model_free:
 * @self: (transfer full): a model
 */
void
dpt_test_model_free (DptTestModel *self)
{
  g_object_unref (self->source);
  g_array_unref (self->entries);
  g_ptr_array_unref (self->nodes);
  g_free (self);
}

static void
add_object (DptTestModel *self, const char *key, const char *full_name)
{
  DptObjectNode *root = self->nodes->pdata[0];
  DptObjectNode *node = dpt_object_node_new ();
  DptObjectChild child = { g_strdup (key), self->nodes->len };
  DptObjectAttribute attribute = { .name = g_strdup ("VARIABLE_VALUE"),
                                   .full_name = g_strdup (full_name),
                                   .checkpoint_key = g_strdup (key) };

  g_array_append_val (root->children, child);
  g_array_append_val (node->attributes, attribute);
  g_ptr_array_add (self->nodes, node);
}

/**
 * dpt_test_model_add:
 * @self: a model
 * @key: a key
 * @full_name: (nullable): the name that the object graph gives it
 * @tensor: its value
 *
 * Returns: (transfer none): the entry, to be changed until the next call.
 */
DptCheckpointEntry *
dpt_test_model_add (DptTestModel *self,
                    const char *key,
                    const char *full_name,
                    DptTensor *tensor)
{
  gsize size = dpt_tensor_get_size (tensor);
  guint32 crc = dpt_crc32c (dpt_tensor_get_data (tensor), size);
  DptCheckpointEntry entry = { .key = g_strdup (key),
                               .key_length = strlen (key),
                               .dtype = dpt_tensor_get_dtype (tensor),
                               .shape = *dpt_tensor_get_shape (tensor),
                               .size = size,
                               .crc32c = dpt_crc32c_mask (crc),
                               .has_crc32c = TRUE,
                               .source = DPT_ENTRY_SOURCE_BUNDLE,
                               .id = dpt_memory_source_add (self->source,
                                                            tensor) };

  if (full_name != NULL)
    add_object (self, key, full_name);
  g_array_append_val (self->entries, entry);
  return &g_array_index (self->entries, DptCheckpointEntry,
                         self->entries->len - 1);
}

/**
 * dpt_test_model_add_floats:
 * @self: a model
 * @key: a key
 * @full_name: (nullable): the name that the object graph gives it
 * @n_values: the vector's length
 * @values: its values
 *
 * Returns: (transfer none): the entry, to be changed until the next call.
 */
DptCheckpointEntry *
dpt_test_model_add_floats (DptTestModel *self,
                           const char *key,
                           const char *full_name,
                           gsize n_values,
                           const float *values)
{
  DptShape shape = dpt_shape_new_1d ((gint64) n_values);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);

  return dpt_test_model_add (self, key, full_name, tensor);
}

/**
 * dpt_test_model_end:
 * @self: a model, of no further use but to be freed
 *
 * Returns: (transfer full): the model.
 */
DptModel *
dpt_test_model_end (DptTestModel *self)
{
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (self->source));
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;
  DptModel *model;
  gboolean has_objects = self->nodes->len > 1;

  for (guint i = 0; i < self->entries->len; i++)
    dpt_checkpoint_builder_add (builder,
                                &g_array_index (self->entries,
                                                DptCheckpointEntry, i));
  checkpoint = dpt_checkpoint_builder_end (builder);

  model = dpt_model_new (has_objects ? DPT_MODEL_KIND_TF2_CHECKPOINT
                                     : DPT_MODEL_KIND_TF1_CHECKPOINT,
                         "in memory");
  dpt_model_set_checkpoint (model, checkpoint);
  if (has_objects)
    {
      g_autoptr (DptObjectGraph) objects =
          dpt_object_graph_new (self->nodes, NULL, "in memory", &error);

      g_assert_no_error (error);
      dpt_model_set_object_graph (model, objects);
    }

  return model;
}
