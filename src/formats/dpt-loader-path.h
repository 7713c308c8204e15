/* dpt-loader-path.h - what a path given by a person means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Either the prefix of a checkpoint whose index exists, or a file that exists;
 * one of the two is NULL. */
typedef struct
{
  char *prefix;
  char *file;
} DptLoaderPath;

gboolean dpt_loader_path_resolve (const char *path,
                                  DptLoaderPath *resolved,
                                  GError **error);
void dpt_loader_path_clear (DptLoaderPath *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DptLoaderPath, dpt_loader_path_clear)

G_END_DECLS
