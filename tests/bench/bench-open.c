/* bench-open.c - how long it takes to open an index of many keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   bench-open [KEYS]
 *
 * Prints tab-separated name, keys, bytes, milliseconds and keys a second, the
 * best of RUNS.  100,000 keys must take less than 300 ms.
 */

#define G_LOG_DOMAIN "bench-open"

#include <stdlib.h>

#include "dpt-bundle-builder.h"
#include "dpt-tensor-bundle.h"
#include "dpt-test.h"

#define RUNS         10
#define DEFAULT_KEYS 100000

static void
write_keys (const char *prefix, guint n_keys, gboolean use_snappy)
{
  static const float value = 0;
  DptTableOptions options = DPT_TABLE_OPTIONS_TENSORFLOW;
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();

  options.use_snappy = use_snappy;
  dpt_bundle_builder_set_table (builder, &options);
  for (guint i = 0; i < n_keys; i++)
    {
      g_autofree char *key =
          g_strdup_printf ("model/encoder/layer_%u/block_%u/attention/kernel",
                           i / 100, i % 100);

      dpt_bundle_builder_add (builder, key, DPT_DTYPE_FLOAT32,
                              &DPT_SHAPE_SCALAR, &value);
    }

  dpt_bundle_builder_write (builder, prefix);
}

static gint64
open_once (const char *prefix, guint n_keys)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensorBundle) bundle = dpt_tensor_bundle_open (prefix, NULL,
                                                               NULL, &error);
  g_autoptr (DptCheckpoint) checkpoint = NULL;

  g_assert_no_error (error);
  checkpoint = dpt_tensor_bundle_create_checkpoint (bundle);
  g_assert_cmpuint (dpt_checkpoint_get_n_entries (checkpoint), ==, n_keys);
  return g_get_monotonic_time () - start;
}

static void
run (const char *name, const char *folder, guint n_keys, gboolean use_snappy)
{
  g_autofree char *prefix = g_build_filename (folder, name, NULL);
  g_autofree char *index = g_strconcat (prefix, ".index", NULL);
  g_autofree char *bytes = NULL;
  gint64 best = G_MAXINT64;
  gsize size;

  write_keys (prefix, n_keys, use_snappy);
  g_assert_true (g_file_get_contents (index, &bytes, &size, NULL));
  for (guint i = 0; i < RUNS; i++)
    best = MIN (best, open_once (prefix, n_keys));

  g_print ("%s\t%u\t%" G_GSIZE_FORMAT "\t%.1f\t%.0f\n", name, n_keys, size,
           (double) best / 1e3, n_keys / ((double) best / 1e6));
}

int
main (int argc, char **argv)
{
  guint n_keys = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : DEFAULT_KEYS;
  g_autofree char *folder = dpt_test_scratch ();

  g_print ("name\tkeys\tbytes\tms\tkeys/s\n");
  run ("plain", folder, n_keys, FALSE);
  run ("snappy", folder, n_keys, TRUE);

  dpt_test_remove_tree (folder);
  return 0;
}
