/* dpt-export.h - files that are written beside the models, never over them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-model.h"

G_BEGIN_DECLS

#define DPT_EXPORT_ERROR (dpt_export_error_quark ())
GQuark dpt_export_error_quark (void);

typedef enum
{
  DPT_EXPORT_ERROR_SOURCE, /* The file is one of those that are read. */
} DptExportError;

/* `sources` are the models that are open, a NULL-terminated array. */
gboolean dpt_export_npy (const char *path,
                         DptTensor *tensor,
                         DptModel *const *sources,
                         GError **error);
gboolean dpt_export_bytes (const char *path,
                           GBytes *bytes,
                           DptModel *const *sources,
                           GError **error);

G_END_DECLS
