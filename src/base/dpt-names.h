/* dpt-names.h - names with scopes: order, parts, text that may be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int dpt_names_compare_natural (const char *a, const char *b);
const char *dpt_names_base (const char *name);
gsize dpt_names_scope_length (const char *name);
char *dpt_names_shorten (const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_names_to_display (const char *bytes,
                            gssize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
