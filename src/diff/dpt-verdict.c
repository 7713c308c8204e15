/* dpt-verdict.c - the one word that a comparison ends in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-verdict"

#include "dpt-verdict.h"

/* clang-format off */
static const char *const names[DPT_N_VERDICTS] = {
  [DPT_VERDICT_IDENTICAL]  = "identical",
  [DPT_VERDICT_CLOSE]      = "close",
  [DPT_VERDICT_ONLY_RIGHT] = "only-right",
  [DPT_VERDICT_ONLY_LEFT]  = "only-left",
  [DPT_VERDICT_DIFFERENT]  = "different",
  [DPT_VERDICT_DTYPE]      = "dtype",
  [DPT_VERDICT_SHAPE]      = "shape",
  [DPT_VERDICT_UNREAD]     = "unread",
};
/* clang-format on */

/**
 * dpt_verdict_get_name:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its name, as printed by the command line and
 *   written into JSON documents
 */
const char *
dpt_verdict_get_name (DptVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < DPT_N_VERDICTS, NULL);

  return names[verdict];
}

/**
 * dpt_verdict_from_name:
 * @name: a name, as from dpt_verdict_get_name()
 * @verdict: (out): the verdict of that name
 *
 * Returns: whether there is such a verdict
 */
gboolean
dpt_verdict_from_name (const char *name, DptVerdict *verdict)
{
  for (guint i = 0; i < DPT_N_VERDICTS; i++)
    if (g_str_equal (names[i], name))
      {
        *verdict = (DptVerdict) i;
        return TRUE;
      }
  return FALSE;
}
