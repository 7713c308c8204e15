/* dpt-json-reader.c - the one door through which JSON is read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A parser that recurses, as jansson's does, is only as safe as the depth of
 * what it is given; so the text is scanned first, without recursion, and
 * refused when it is nested too deep or holds too much.
 */

#define G_LOG_DOMAIN "dpt-json-reader"

#include "dpt-json-reader.h"

#include <string.h>

#include "dpt-names.h"

/* Keras configs and mapping files nest to a dozen levels.  Each element costs
 * some hundred bytes once parsed, so their number bounds the memory. */
#define MAX_DEPTH    200
#define MAX_LENGTH   ((gsize) 256 << 20)
#define MAX_ELEMENTS ((gsize) 8 << 20)

G_DEFINE_QUARK (dpt_json_error, dpt_json_error)

static gboolean
refuse (GError **error,
        const char *where,
        gsize offset,
        const char *expected,
        const char *found)
{
  g_set_error (error, DPT_JSON_ERROR, DPT_JSON_ERROR_LIMIT,
               "%s: offset %" G_GSIZE_FORMAT ": expected %s, found %s", where,
               offset, expected, found);
  return FALSE;
}

/* Counts brackets and commas outside of strings.  Whether they match is the
 * parser's business; here only their number matters. */
static gboolean
scan (const char *text, gsize length, const char *where, GError **error)
{
  gboolean in_string = FALSE;
  gsize elements = 0;
  int depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
          continue;
        }

      if (c == '"')
        in_string = TRUE;
      else if (c == '[' || c == '{')
        depth++;
      else if (c == ']' || c == '}')
        depth--;

      if (c == '[' || c == '{' || c == ',')
        elements++;
      if (depth > MAX_DEPTH)
        return refuse (error, where, i,
                       "JSON of at most " G_STRINGIFY (MAX_DEPTH) " levels",
                       "a deeper one");
      if (elements > MAX_ELEMENTS)
        return refuse (error, where, i, "JSON of at most 8 million values",
                       "more");
    }

  return TRUE;
}

/**
 * dpt_json_parse:
 * @text: the document; need not be terminated
 * @length: its length in bytes
 * @where: what is being read, for the error message: a file or a place
 * @error: return location for an error
 *
 * Reads one JSON document, any value at its top.  Member names and strings
 * may hold escaped NULs; a member name given twice is an error.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL with @error set:
 *   %DPT_JSON_ERROR_LIMIT when it is nested deeper than 200 levels, longer
 *   than 256 MiB or has more than 8 million values, %DPT_JSON_ERROR_SYNTAX
 *   when it is not JSON.
 */
json_t *
dpt_json_parse (const char *text,
                gsize length,
                const char *where,
                GError **error)
{
  json_error_t problem;
  json_t *value;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (where != NULL, NULL);

  if (length > MAX_LENGTH)
    {
      refuse (error, where, 0, "at most 256 MiB of JSON", "more");
      return NULL;
    }
  if (!scan (text, length, where, error))
    return NULL;

  value = json_loadb (length > 0 ? text : "", length,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL,
                      &problem);
  if (value == NULL)
    {
      /* The parser's message may quote the text: make it fit to print. */
      g_autofree char *found = dpt_names_to_display (problem.text, -1);

      g_set_error (error, DPT_JSON_ERROR, DPT_JSON_ERROR_SYNTAX,
                   "%s: line %d, column %d, offset %d: expected JSON, found: "
                   "%s",
                   where, problem.line, problem.column, problem.position,
                   found);
    }

  return value;
}
