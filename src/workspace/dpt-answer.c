/* dpt-answer.c - is it still the same model?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-answer"

#include "dpt-answer.h"

/**
 * dpt_answer_from_counts:
 * @counts: (array fixed-size=8): rows by #DptVerdict; %DPT_N_VERDICTS of them
 *
 * Returns: what the verdicts of all rows together say.  Without any row the
 *   two are the same: neither has a key that the other lacks.
 */
DptAnswer
dpt_answer_from_counts (const guint *counts)
{
  if (counts[DPT_VERDICT_UNREAD] > 0)
    return DPT_ANSWER_UNREAD;

  if (counts[DPT_VERDICT_SHAPE] > 0 || counts[DPT_VERDICT_DTYPE] > 0 ||
      counts[DPT_VERDICT_DIFFERENT] > 0 || counts[DPT_VERDICT_ONLY_LEFT] > 0 ||
      counts[DPT_VERDICT_ONLY_RIGHT] > 0)
    return DPT_ANSWER_DIFFERENT;

  return counts[DPT_VERDICT_CLOSE] > 0 ? DPT_ANSWER_CLOSE : DPT_ANSWER_SAME;
}

/* "3 different, 1 only-left": worst first, nothing that is not there. */
static char *
list_counts (const guint *counts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint verdict = DPT_N_VERDICTS; verdict-- > 0;)
    if (counts[verdict] > 0)
      g_string_append_printf (text, "%s%u %s", text->len > 0 ? ", " : "",
                              counts[verdict],
                              dpt_verdict_get_name ((DptVerdict) verdict));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * dpt_answer_to_sentence:
 * @answer: an answer
 * @counts: (array fixed-size=8): rows by #DptVerdict
 *
 * Returns: (transfer full): one sentence for people, with the counts.
 */
char *
dpt_answer_to_sentence (DptAnswer answer, const guint *counts)
{
  g_autofree char *list = list_counts (counts);

  switch (answer)
    {
    case DPT_ANSWER_NONE:
      return g_strdup ("There is nothing to compare yet.");
    case DPT_ANSWER_COMPARING:
      return g_strdup_printf ("Comparing: %s so far.",
                              *list != '\0' ? list : "nothing judged");
    case DPT_ANSWER_SAME:
      return g_strdup_printf ("The same: %s.",
                              *list != '\0' ? list : "neither has a key");
    case DPT_ANSWER_CLOSE:
      return g_strdup_printf ("The same within the tolerance: %s.", list);
    case DPT_ANSWER_DIFFERENT:
      return g_strdup_printf ("Not the same: %s.", list);
    case DPT_ANSWER_UNREAD:
      return g_strdup_printf ("Not everything could be read: %s.", list);
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * dpt_answer_get_exit_status:
 * @answer: a final answer
 *
 * Returns: as diff(1): 0 the same or close, 1 different, 2 trouble.
 */
int
dpt_answer_get_exit_status (DptAnswer answer)
{
  switch (answer)
    {
    case DPT_ANSWER_SAME:
    case DPT_ANSWER_CLOSE:
      return 0;
    case DPT_ANSWER_DIFFERENT:
      return 1;
    case DPT_ANSWER_NONE:
    case DPT_ANSWER_COMPARING:
    case DPT_ANSWER_UNREAD:
    default:
      return 2;
    }
}
