/* dpt-export.c - files that are written beside the models, never over them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-export"

#include "dpt-export.h"

#include <glib/gstdio.h>

#include "dpt-npy.h"

G_DEFINE_QUARK (dpt_export_error, dpt_export_error)

/* The file's identity decides, not its name: there are links. */
static gboolean
check_path (const char *path, DptModel *const *sources, GError **error)
{
  GStatBuf target;

  if (g_stat (path, &target) != 0)
    return TRUE;

  for (; *sources != NULL; sources++)
    {
      GPtrArray *files = dpt_model_get_files (*sources);

      for (guint i = 0; i < files->len; i++)
        {
          GStatBuf source;

          if (g_stat (files->pdata[i], &source) != 0 ||
              source.st_dev != target.st_dev || source.st_ino != target.st_ino)
            continue;

          g_set_error (error, DPT_EXPORT_ERROR, DPT_EXPORT_ERROR_SOURCE,
                       "%s: expected a file to write, found a file of the "
                       "model %s, which is never written to",
                       path, dpt_model_get_path (*sources));
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * dpt_export_npy:
 * @path: a file to make or replace
 * @tensor: what it shall hold
 * @sources: the models that are open, ended by %NULL
 * @error: #DPT_EXPORT_ERROR, or an error of dpt_npy_write()
 *
 * Returns: whether the file is there and whole.
 */
gboolean
dpt_export_npy (const char *path,
                DptTensor *tensor,
                DptModel *const *sources,
                GError **error)
{
  return check_path (path, sources, error) &&
         dpt_npy_write (path, tensor, error);
}

/**
 * dpt_export_bytes:
 * @path: a file to make or replace
 * @bytes: what it shall hold
 * @sources: the models that are open, ended by %NULL
 * @error: #DPT_EXPORT_ERROR or #G_FILE_ERROR
 *
 * The file is written under another name and renamed when it is whole.
 *
 * Returns: whether the file is there and whole.
 */
gboolean
dpt_export_bytes (const char *path,
                  GBytes *bytes,
                  DptModel *const *sources,
                  GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return check_path (path, sources, error) &&
         g_file_set_contents_full (path, data, (gssize) size,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}
