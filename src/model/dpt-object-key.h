/* dpt-object-key.h - how a path of objects is written inside a checkpoint key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *dpt_object_key_escape (const char *component) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_object_key_unescape (const char *component,
                               gsize length) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_object_key_strip (const char *key) G_GNUC_WARN_UNUSED_RESULT;
gboolean dpt_object_key_is_decorated (const char *key);

G_END_DECLS
