/* dpt-chip.h - a verdict with its count, or its name; can be switched off
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-verdict.h"

G_BEGIN_DECLS

#define DPT_TYPE_CHIP (dpt_chip_get_type ())
G_DECLARE_FINAL_TYPE (DptChip, dpt_chip, DPT, CHIP, GtkToggleButton)

GtkWidget *dpt_chip_new (DptVerdict verdict) G_GNUC_WARN_UNUSED_RESULT;

DptVerdict dpt_chip_get_verdict (DptChip *self);
void dpt_chip_set_verdict (DptChip *self, DptVerdict verdict);
const char *dpt_chip_get_text (DptChip *self);
void dpt_chip_set_text (DptChip *self, const char *text);

G_END_DECLS
