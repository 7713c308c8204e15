/* dpt-error-parts.h - the parts of the one sentence that an error is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *file;
  char *where;    /* (nullable) the place in it */
  char *expected; /* (nullable) */
  char *found;    /* (nullable) */
  char *why;      /* (nullable) all of it, when the two above are not there */
} DptErrorParts;

void dpt_error_parts_init (DptErrorParts *parts,
                           const char *sentence,
                           const char *path);
void dpt_error_parts_release (DptErrorParts *parts);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DptErrorParts, dpt_error_parts_release)

G_END_DECLS
