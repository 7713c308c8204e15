/* dpt-cli-mapping.c - opens both sides of a command and pairs their keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cli-mapping"

#include "dpt-cli-mapping.h"

#include <string.h>

#include "dpt-cli-model.h"
#include "dpt-mapping-file.h"
#include "dpt-matcher.h"
#include "dpt-names.h"

static DptMapping *
make_mapping (DptCli *cli,
              DptModel *left,
              DptModel *right,
              const char *map_file,
              GError **error)
{
  DptCheckpoint *left_keys;
  DptCheckpoint *right_keys;

  if (map_file == NULL)
    return dpt_matcher_match (left, right, dpt_cli_get_cancellable (cli),
                              error);

  left_keys = dpt_cli_get_keys (left, error);
  if (left_keys == NULL)
    return NULL;
  right_keys = dpt_cli_get_keys (right, error);
  if (right_keys == NULL)
    return NULL;

  return dpt_mapping_file_read (map_file, left_keys, right_keys, error);
}

/**
 * dpt_cli_map:
 * @cli: what the commands share
 * @left: a path
 * @right: a path
 * @map_file: (nullable): a mapping file; %NULL to propose a mapping
 * @error: what is wrong with one of them
 *
 * Returns: (transfer full): both models and the mapping of their keys.
 */
DptCliMapping *
dpt_cli_map (DptCli *cli,
             const char *left,
             const char *right,
             const char *map_file,
             GError **error)
{
  g_autoptr (DptCliMapping) self = g_new0 (DptCliMapping, 1);

  self->left = dpt_cli_open (cli, left, NULL, error);
  if (self->left == NULL)
    return NULL;
  self->right = dpt_cli_open (cli, right, NULL, error);
  if (self->right == NULL)
    return NULL;

  self->mapping = make_mapping (cli, self->left, self->right, map_file, error);
  if (self->mapping == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * dpt_cli_mapping_free:
 * @self: (transfer full): two models and their mapping
 */
void
dpt_cli_mapping_free (DptCliMapping *self)
{
  g_clear_object (&self->left);
  g_clear_object (&self->right);
  g_clear_object (&self->mapping);
  g_free (self);
}

/**
 * dpt_cli_show_pair_key:
 * @key: a key
 * @slice: (nullable): the part of it that is paired
 *
 * Returns: (transfer full): "key [0:5, :]", safe to print.
 */
char *
dpt_cli_show_pair_key (const char *key, const DptTensorSlice *slice)
{
  g_autofree char *shown = dpt_names_to_display (key, -1);
  g_autofree char *part = NULL;

  if (slice == NULL)
    return g_steal_pointer (&shown);

  part = dpt_tensor_slice_to_string (slice);
  return g_strdup_printf ("%s %s", shown, part);
}

/**
 * dpt_cli_print_bookkeeping:
 * @cli: where to print
 * @mapping: a mapping
 *
 * Prints the keys that decide nothing, on one line, if there are any.
 */
void
dpt_cli_print_bookkeeping (DptCli *cli, DptMapping *mapping)
{
  guint n_items = dpt_mapping_get_n_bookkeeping (mapping);

  if (n_items == 0)
    return;

  dpt_cli_print (cli, "bookkeeping, not compared: ");
  for (guint i = 0; i < n_items; i++)
    {
      gboolean is_left;
      const char *key = dpt_mapping_get_bookkeeping (mapping, i, &is_left);

      dpt_cli_print (cli, "%s%s (%s)", i > 0 ? ", " : "", key,
                     is_left ? "left" : "right");
    }
  dpt_cli_print (cli, "\n");
}
