/* dpt-answer.h - is it still the same model?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-verdict.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_ANSWER_NONE,      /* nothing to compare yet */
  DPT_ANSWER_COMPARING, /* verdicts are still to come */
  DPT_ANSWER_SAME,      /* every pair identical, nothing missing */
  DPT_ANSWER_CLOSE,     /* within tolerance, nothing missing */
  DPT_ANSWER_DIFFERENT,
  DPT_ANSWER_UNREAD, /* something could not be read */
} DptAnswer;

DptAnswer dpt_answer_from_counts (const guint *counts);
char *dpt_answer_to_sentence (DptAnswer answer,
                              const guint *counts) G_GNUC_WARN_UNUSED_RESULT;
int dpt_answer_get_exit_status (DptAnswer answer);

G_END_DECLS
