/* dpt-verdict-icon.h - the drawn sign of a verdict
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-drawing.h"
#include "dpt-verdict.h"

G_BEGIN_DECLS

#define DPT_TYPE_VERDICT_ICON (dpt_verdict_icon_get_type ())
G_DECLARE_FINAL_TYPE (DptVerdictIcon,
                      dpt_verdict_icon,
                      DPT,
                      VERDICT_ICON,
                      DptDrawing)

/* In place of a verdict: the icon keeps its room and draws nothing. */
#define DPT_VERDICT_ICON_NONE (-1)

GtkWidget *dpt_verdict_icon_new (int verdict) G_GNUC_WARN_UNUSED_RESULT;

int dpt_verdict_icon_get_verdict (DptVerdictIcon *self);
void dpt_verdict_icon_set_verdict (DptVerdictIcon *self, int verdict);

G_END_DECLS
