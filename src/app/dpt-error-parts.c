/* dpt-error-parts.c - the parts of the one sentence that an error is
 *
 * A sentence is one of
 *
 *   FILE: PLACE: expected A, found B
 *   FILE: PLACE: A was expected[ for C], found B   (or "were")
 *   FILE: PLACE: A was expected, the file has B
 *   FILE: anything else
 *
 * PLACE may be absent, and each of the parts may hold colons.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-load-error"

#include "dpt-error-parts.h"

#include <string.h>

#define COLON    ": "
#define EXPECTED "expected"
#define FOUND    ", found "
#define FILE_HAS ", the file has "

/* The length of the file's name at the beginning of a sentence: the longest
 * one that is on the disk, as names may hold colons; else that of what was to
 * be opened; 0 when the sentence begins with neither. */
static gsize
find_file (const char *sentence, const char *path)
{
  gsize length = 0;

  for (const char *colon = strstr (sentence, COLON); colon != NULL;
       colon = strstr (colon + 1, COLON))
    {
      g_autofree char *name = g_strndup (sentence, colon - sentence);
      g_autofree char *local = g_filename_from_utf8 (name, -1, NULL, NULL,
                                                     NULL);

      if (local != NULL && g_file_test (local, G_FILE_TEST_EXISTS))
        length = (gsize) (colon - sentence);
    }
  if (length == 0 && *path != '\0' && g_str_has_prefix (sentence, path) &&
      g_str_has_prefix (sentence + strlen (path), COLON))
    length = strlen (path);
  return length;
}

/* Cuts "A was" or "A were", which stands before "expected", down to A. */
static char *
cut_verb (const char *text, gsize length)
{
  static const char *const verbs[] = { " was ", " were " };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      gsize n = strlen (verbs[i]);

      if (length >= n && strncmp (text + length - n, verbs[i], n) == 0)
        return g_strndup (text, length - n);
    }
  return NULL;
}

/**
 * dpt_error_parts_init:
 * @parts: (out caller-allocates): the parts
 * @sentence: an error's message, in UTF-8
 * @path: what was to be opened, for sentences that name no file
 *
 * Cuts @sentence into its parts, as far as it has them.
 */
void
dpt_error_parts_init (DptErrorParts *parts,
                      const char *sentence,
                      const char *path)
{
  gsize length = find_file (sentence, path);
  const char *rest = length > 0 ? sentence + length + strlen (COLON) : sentence;
  const char *found = strstr (rest, FOUND);
  const char *has = found == NULL ? strstr (rest, FILE_HAS) : NULL;
  const char *end = found != NULL ? found : has;
  const char *word = strstr (rest, EXPECTED);
  const char *expected = rest;

  *parts = (DptErrorParts){ .file = length > 0 ? g_strndup (sentence, length)
                                               : g_strdup (path) };
  if (end == NULL || word == NULL || word > end)
    {
      parts->why = g_strdup (rest);
      return;
    }

  /* What is expected begins behind the last colon before the word. */
  for (const char *colon = strstr (rest, COLON); colon != NULL && colon < word;
       colon = strstr (colon + 1, COLON))
    expected = colon + strlen (COLON);
  if (expected > rest)
    parts->where = g_strndup (rest, expected - rest - strlen (COLON));

  if (word == expected)
    {
      word += strlen (EXPECTED " ");
      parts->expected = g_strndup (word, MAX (end - word, 0));
    }
  else
    {
      g_autofree char *subject = cut_verb (expected, word - expected);
      g_autofree char *tail = NULL;

      if (subject == NULL)
        subject = g_strndup (expected, word - expected);
      word += strlen (EXPECTED);
      tail = g_strndup (word, MAX (end - word, 0));
      parts->expected = g_strconcat (subject, tail, NULL);
    }
  parts->found = g_strdup (found != NULL ? found + strlen (FOUND)
                                         : has + strlen (", "));
}

/**
 * dpt_error_parts_release:
 * @parts: the parts
 *
 * Drops what they hold.
 */
void
dpt_error_parts_release (DptErrorParts *parts)
{
  g_free (parts->file);
  g_free (parts->where);
  g_free (parts->expected);
  g_free (parts->found);
  g_free (parts->why);
}
