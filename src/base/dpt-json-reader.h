/* dpt-json-reader.h - the one door through which JSON is read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

#define DPT_JSON_ERROR (dpt_json_error_quark ())
GQuark dpt_json_error_quark (void);

typedef enum
{
  DPT_JSON_ERROR_SYNTAX, /* The text is not JSON. */
  DPT_JSON_ERROR_LIMIT,  /* Nested deeper or larger than we agree to read. */
} DptJsonError;

json_t *dpt_json_parse (const char *text,
                        gsize length,
                        const char *where,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

G_END_DECLS
