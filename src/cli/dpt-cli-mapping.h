/* dpt-cli-mapping.h - opens both sides of a command and pairs their keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-cli.h"
#include "dpt-mapping.h"
#include "dpt-model.h"

G_BEGIN_DECLS

/* Owned. */
typedef struct
{
  DptModel *left;
  DptModel *right;
  DptMapping *mapping;
} DptCliMapping;

DptCliMapping *dpt_cli_map (DptCli *cli,
                            const char *left,
                            const char *right,
                            const char *map_file,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_cli_mapping_free (DptCliMapping *self);

char *dpt_cli_show_pair_key (const char *key, const DptTensorSlice *slice)
    G_GNUC_WARN_UNUSED_RESULT;
void dpt_cli_print_bookkeeping (DptCli *cli, DptMapping *mapping);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptCliMapping, dpt_cli_mapping_free)

G_END_DECLS
