/* dpt-cli-model.h - opens a command's models, and words what they hold
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-cli.h"
#include "dpt-model.h"

G_BEGIN_DECLS

DptModel *dpt_cli_open (DptCli *cli,
                        const char *path,
                        const char *tags,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptCheckpoint *dpt_cli_get_keys (DptModel *model, GError **error);
void dpt_cli_add_place (GError **error, DptModel *model);
gboolean dpt_cli_match_key (GRegex *regex,
                            const char *key,
                            gsize length,
                            gboolean *matches,
                            GError **error);

char *
dpt_cli_show_key (const DptCheckpointEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
void
dpt_cli_write_key (DptJsonWriter *writer, const char *name, const char *key);
void
dpt_cli_write_text (DptJsonWriter *writer, const char *name, const char *text);
void dpt_cli_write_dtype (DptJsonWriter *writer, DptDtype dtype);

G_END_DECLS
