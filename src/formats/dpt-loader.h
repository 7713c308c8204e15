/* dpt-loader.h - the door for files: a path in, a model out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-model.h"
#include "dpt-progress.h"

G_BEGIN_DECLS

typedef struct
{
  const char *tags; /* (nullable) of the MetaGraph: "serve,gpu" */
} DptLoaderOptions;

DptModel *dpt_loader_load (const char *path,
                           const DptLoaderOptions *options,
                           DptProgress *progress,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_loader_load_async (const char *path,
                            const DptLoaderOptions *options,
                            DptProgress *progress,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
DptModel *dpt_loader_load_finish (GAsyncResult *result,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

char **dpt_loader_list_prefixes (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
