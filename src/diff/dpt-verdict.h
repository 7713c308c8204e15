/* dpt-verdict.h - the one word that a comparison ends in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In the order of design: what differs least comes first, so that the worst of
 * many verdicts is the greatest.  A new value needs a row in the tables of
 * colours, glyphs and names. */
typedef enum
{
  DPT_VERDICT_IDENTICAL,  /* same bytes */
  DPT_VERDICT_CLOSE,      /* values within the tolerance */
  DPT_VERDICT_ONLY_RIGHT, /* no counterpart on the left */
  DPT_VERDICT_ONLY_LEFT,  /* no counterpart on the right */
  DPT_VERDICT_DIFFERENT,  /* values beyond the tolerance */
  DPT_VERDICT_DTYPE,      /* element types differ */
  DPT_VERDICT_SHAPE,      /* shapes differ */
  DPT_VERDICT_UNREAD,     /* could not be read */
} DptVerdict;

#define DPT_N_VERDICTS 8

const char *dpt_verdict_get_name (DptVerdict verdict);
gboolean dpt_verdict_from_name (const char *name, DptVerdict *verdict);

G_END_DECLS
