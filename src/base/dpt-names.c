/* dpt-names.c - names with scopes: order, parts, text that may be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A name is a path of scopes separated by '/'; what follows the last '/' is
 * its base.  Names come from files and may hold any byte except NUL where
 * they are C strings.
 */

#define G_LOG_DOMAIN "dpt-names"

#include "dpt-names.h"

#include <string.h>

/* A name of more parts is shortened to this many at each end. */
#define MAX_PARTS   8
#define N_END_PARTS 3

/* The end of the digits that begin at `text`, and in `*significant` where
 * the first digit that is not a leading zero stands. */
static const char *
scan_number (const char *text, const char **significant)
{
  while (*text == '0')
    text++;
  *significant = text;
  while (g_ascii_isdigit (*text))
    text++;
  return text;
}

/* Compares the numbers that begin at *a and *b by value, of any length, and
 * moves both behind them. */
static int
compare_numbers (const char **a, const char **b)
{
  const char *a_start, *b_start;
  const char *a_end = scan_number (*a, &a_start);
  const char *b_end = scan_number (*b, &b_start);
  gsize a_digits = (gsize) (a_end - a_start);
  gsize b_digits = (gsize) (b_end - b_start);

  *a = a_end;
  *b = b_end;
  if (a_digits != b_digits)
    return a_digits < b_digits ? -1 : 1;
  return memcmp (a_start, b_start, a_digits);
}

/**
 * dpt_names_compare_natural:
 * @a: a name
 * @b: another
 *
 * Orders names as a person would: digits inside them count as numbers
 * ("block17_2" before "block17_10"), a scope's members stay together ('/'
 * comes before every other byte), everything else by bytes.  Names that differ
 * only in leading zeros are told apart by bytes, so the order is total.
 *
 * Returns: less than, equal to or greater than 0.
 */
int
dpt_names_compare_natural (const char *a, const char *b)
{
  const char *x = a;
  const char *y = b;

  while (*x != '\0' && *y != '\0')
    {
      if (g_ascii_isdigit (*x) && g_ascii_isdigit (*y))
        {
          int order = compare_numbers (&x, &y);

          if (order != 0)
            return order;
        }
      else if (*x == *y)
        {
          x++;
          y++;
        }
      else if (*x == '/' || *y == '/')
        return *x == '/' ? -1 : 1;
      else
        return (guint8) *x < (guint8) *y ? -1 : 1;
    }

  if (*x != *y)
    return *x == '\0' ? -1 : 1;
  return strcmp (a, b);
}

/**
 * dpt_names_base:
 * @name: a name
 *
 * Returns: (transfer none): what follows the last '/' of @name, or all of it.
 */
const char *
dpt_names_base (const char *name)
{
  const char *slash = strrchr (name, '/');

  return slash != NULL ? slash + 1 : name;
}

/**
 * dpt_names_scope_length:
 * @name: a name
 *
 * Returns: the number of bytes before the last '/' of @name; 0 if there is
 *   no scope.
 */
gsize
dpt_names_scope_length (const char *name)
{
  const char *slash = strrchr (name, '/');

  return slash != NULL ? (gsize) (slash - name) : 0;
}

/* Characters that would disturb the text around them: controls, separators
 * that break lines, marks that turn the direction of writing, and those
 * without a place in Unicode. */
static gboolean
is_showable (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

/**
 * dpt_names_shorten:
 * @name: a name with scopes
 *
 * Leaves out the middle of a name of more than eight parts, for messages.
 *
 * Returns: (transfer full): @name, or its first and last three parts and how
 *   many are left out: `a/b/c/(60 more)/d/e/f`.
 */
char *
dpt_names_shorten (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);
  guint n_parts = g_strv_length (parts);
  GString *text;

  if (n_parts <= MAX_PARTS)
    return g_strdup (name);

  text = g_string_new (NULL);
  for (guint i = 0; i < N_END_PARTS; i++)
    g_string_append_printf (text, "%s/", parts[i]);
  g_string_append_printf (text, "(%u more)", n_parts - 2 * N_END_PARTS);
  for (guint i = n_parts - N_END_PARTS; i < n_parts; i++)
    g_string_append_printf (text, "/%s", parts[i]);

  return g_string_free (text, FALSE);
}

/**
 * dpt_names_to_display:
 * @bytes: (nullable): any bytes: a name out of a file, or a path
 * @length: how many, or -1 when a NUL ends them
 *
 * Makes text that can be printed on one line and shown in a widget: bytes
 * that are no UTF-8 and control characters become `\x00` escapes, other
 * characters that cannot be seen become `\u200e` ones.  A backslash of the
 * name itself stays as it is: this is for eyes, not for reading back.
 *
 * Returns: (transfer full): valid UTF-8.
 */
char *
dpt_names_to_display (const char *bytes, gssize length)
{
  gsize size = length >= 0 ? (gsize) length : strlen (bytes);
  GString *text = g_string_sized_new (size + 1);

  for (gsize i = 0; i < size;)
    {
      gunichar c = g_utf8_get_char_validated (bytes + i, (gssize) (size - i));
      gsize n = 1;

      /* A NUL ends the validator's text: it reports 0 or "incomplete". */
      if (c == (gunichar) -1 || c == (gunichar) -2 || c < 0x20 || c == 0x7f)
        g_string_append_printf (text, "\\x%02x", (guint8) bytes[i]);
      else
        {
          n = (gsize) (g_utf8_next_char (bytes + i) - (bytes + i));
          if (is_showable (c))
            g_string_append_len (text, bytes + i, (gssize) n);
          else
            g_string_append_printf (text, c > 0xffff ? "\\U%08x" : "\\u%04x",
                                    c);
        }
      i += n;
    }

  return g_string_free (text, FALSE);
}
