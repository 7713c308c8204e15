/* test-checkpoint.c - keys in order, found again, read through their source
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-checkpoint"

#include "dpt-checkpoint.h"

#include <string.h>

#include "dpt-memory-source.h"
#include "dpt-test.h"

static void
add (DptCheckpointBuilder *builder,
     const char *key,
     gsize key_length,
     guint64 size,
     guint64 id)
{
  DptCheckpointEntry entry = { .key = key,
                               .key_length = key_length,
                               .dtype = DPT_DTYPE_FLOAT32,
                               .shape = DPT_SHAPE_SCALAR,
                               .size = size,
                               .source = DPT_ENTRY_SOURCE_MEMORY,
                               .id = id };

  dpt_checkpoint_builder_add (builder, &entry);
}

static void
test_order (void)
{
  static const char *const missing[] = { "x.data-00001-of-00003", NULL };
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  guint index;

  /* As unsigned bytes; a prefix comes first, a zero byte counts. */
  add (builder, "b", 1, 4, 0);
  add (builder, "\xc3\xa9", 2, 8, 1);
  add (builder, "a/b", 3, 16, 2);
  add (builder, "a\0z", 3, 32, 3);
  add (builder, "a", 1, 64, 4);
  add (builder, DPT_OBJECT_GRAPH_KEY, strlen (DPT_OBJECT_GRAPH_KEY), 128, 5);
  dpt_checkpoint_builder_set_shards (builder, 3, missing);
  checkpoint = dpt_checkpoint_builder_end (builder);

  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 5);
  g_assert_cmpuint (dpt_checkpoint_get_size (checkpoint), ==, 124);
  for (guint i = 0; i < 5; i++)
    {
      static const guint64 ids[] = { 4, 3, 2, 0, 1 };

      g_assert_cmpuint (dpt_checkpoint_get_entry (checkpoint, i)->id, ==,
                        ids[i]);
    }

  g_assert_true (dpt_checkpoint_find (checkpoint, "b", &index));
  g_assert_cmpuint (index, ==, 3);
  g_assert_false (dpt_checkpoint_find (checkpoint, "a/", NULL));
  g_assert_false (dpt_checkpoint_find (checkpoint, DPT_OBJECT_GRAPH_KEY, NULL));
  g_assert_cmpuint (dpt_checkpoint_get_object_graph_entry (checkpoint)->id, ==,
                    5);
  g_assert_cmpuint (dpt_checkpoint_get_n_shards (checkpoint), ==, 3);
  g_assert_cmpstr (dpt_checkpoint_get_missing_shards (checkpoint)[0], ==,
                   missing[0]);
}

static void
test_empty (void)
{
  g_autoptr (DptMemorySource) source = dpt_memory_source_new ();
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));
  g_autoptr (DptCheckpoint) checkpoint = dpt_checkpoint_builder_end (builder);

  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, 0);
  g_assert_null (dpt_checkpoint_get_object_graph_entry (checkpoint));
  g_assert_null (dpt_checkpoint_get_missing_shards (checkpoint)[0]);
  g_assert_false (dpt_checkpoint_find (checkpoint, "a", NULL));
}

/* The checkpoint keeps its source, and the source its tensors. */
static void
test_read (void)
{
  static const float values[] = { 1, 2, 3 };
  DptShape shape = dpt_shape_new_1d (3);
  DptMemorySource *source = dpt_memory_source_new ();
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);
  guint64 id = dpt_memory_source_add (source, tensor);
  g_autoptr (DptCheckpointBuilder) builder = dpt_checkpoint_builder_new (
      DPT_TENSOR_SOURCE (source));
  g_autoptr (DptCheckpoint) checkpoint = NULL;
  g_autoptr (DptTensor) whole = NULL;
  g_autoptr (DptTensor) part = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const DptCheckpointEntry *entry;
  DptTensorSlice slice;

  add (builder, "t", 1, 12, id);
  checkpoint = dpt_checkpoint_builder_end (builder);
  g_object_unref (source);

  entry = dpt_checkpoint_get_entry (checkpoint, 0);
  whole = dpt_checkpoint_read (checkpoint, entry, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (whole == tensor);

  g_assert_true (dpt_tensor_slice_parse ("[1:]", &slice, &error));
  part = dpt_checkpoint_read (checkpoint, entry, &slice, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dpt_tensor_get_count (part), ==, 2);
  g_assert_cmpfloat (dpt_tensor_get_double (part, 0), ==, 2.0);

  g_cancellable_cancel (cancellable);
  g_assert_null (
      dpt_checkpoint_read (checkpoint, entry, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/checkpoint/order", test_order);
  g_test_add_func ("/checkpoint/empty", test_empty);
  g_test_add_func ("/checkpoint/read", test_read);

  return g_test_run ();
}
