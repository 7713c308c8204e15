/* dpt-key-match.c - which keys' names hold a text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plain ASCII text, the common case, is looked for without a regular
 * expression, which costs a multiple at 100,000 keys.
 */

#define G_LOG_DOMAIN "dpt-key-match"

#include "dpt-key-match.h"

#include <string.h>

/* How hard a regular expression may try on one name: a pattern that
 * backtracks without end must not stop the window. */
#define MATCH_LIMIT "(*LIMIT_MATCH=20000)"

struct _DptKeyMatch
{
  char *plain; /* (nullable) */
  GRegex *regex;
};

static GRegex *
compile (const char *text, gboolean is_regex, GError **error)
{
  g_autofree char *pattern = NULL;
  g_autoptr (GRegex) alone = NULL;

  if (!is_regex)
    {
      g_autofree char *escaped = g_regex_escape_string (text, -1);

      return g_regex_new (escaped, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0,
                          error);
    }

  /* Compiled by itself first: the error's position is in the user's text. */
  alone = g_regex_new (text, 0, 0, error);
  if (alone == NULL)
    return NULL;

  pattern = g_strconcat (MATCH_LIMIT, text, NULL);
  return g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, error);
}

/* A key that is not UTF-8 is matched with its broken bytes replaced. */
static gboolean
matches (const DptKeyMatch *self,
         const DptCheckpointEntry *entry,
         GError **error)
{
  g_autofree char *valid = NULL;

  if (self->plain != NULL)
    return strcasestr (entry->key, self->plain) != NULL;

  if (!g_utf8_validate (entry->key, (gssize) entry->key_length, NULL))
    valid = g_utf8_make_valid (entry->key, (gssize) entry->key_length);

  return g_regex_match_full (self->regex, valid != NULL ? valid : entry->key,
                             -1, 0, 0, NULL, error);
}

/**
 * dpt_key_match_new:
 * @text: what names must hold
 * @is_regex: whether @text is a regular expression (case matters), not plain
 *   text (case does not)
 * @error: return location for a #GRegexError, its position that in @text
 *
 * Returns: (transfer full) (nullable): the match, %NULL when @text is no
 *   regular expression.
 */
DptKeyMatch *
dpt_key_match_new (const char *text, gboolean is_regex, GError **error)
{
  GRegex *regex = compile (text, is_regex, error);
  DptKeyMatch *self;

  if (regex == NULL)
    return NULL;

  self = g_new0 (DptKeyMatch, 1);
  self->regex = regex;
  if (!is_regex && g_str_is_ascii (text))
    self->plain = g_strdup (text);

  return self;
}

/**
 * dpt_key_match_free:
 * @self: (transfer full): a match
 */
void
dpt_key_match_free (DptKeyMatch *self)
{
  g_regex_unref (self->regex);
  g_free (self->plain);
  g_free (self);
}

/**
 * dpt_key_match_find:
 * @self: a match
 * @tree: keys as scopes
 * @error: return location for %G_REGEX_ERROR_MATCH
 *
 * Looks at each key's whole name.  An expression that backtracks without end
 * is given up at the first name that shows it: nobody knows whether it matches.
 *
 * Returns: (transfer full) (nullable): a bit for each leaf of @tree, set where
 *   its name holds the text.
 */
DptBitRank *
dpt_key_match_find (const DptKeyMatch *self, DptKeyTree *tree, GError **error)
{
  DptCheckpoint *checkpoint = dpt_key_tree_get_checkpoint (tree);
  guint n = dpt_key_tree_get_n_leaves (tree);
  g_autoptr (DptBitRank) found = dpt_bit_rank_new (n);
  g_autoptr (GError) trouble = NULL;

  for (guint leaf = 0; leaf < n; leaf++)
    {
      guint entry = dpt_key_tree_get_leaf_entry (tree, leaf);

      if (matches (self, dpt_checkpoint_get_entry (checkpoint, entry),
                   &trouble))
        dpt_bit_rank_set (found, leaf, TRUE);
      else if (trouble != NULL)
        {
          g_set_error (error, G_REGEX_ERROR, G_REGEX_ERROR_MATCH,
                       "The expression takes too long: expected one that "
                       "settles each name quickly, found one that goes back "
                       "and forth");
          return NULL;
        }
    }

  return g_steal_pointer (&found);
}
