/* dpt-side-card.h - the name of a side; a click opens its facts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-panel.h"
#include "dpt-side.h"

G_BEGIN_DECLS

#define DPT_TYPE_SIDE_CARD (dpt_side_card_get_type ())
G_DECLARE_FINAL_TYPE (DptSideCard, dpt_side_card, DPT, SIDE_CARD, GtkWidget)

void dpt_side_card_set_panel (DptSideCard *self, DptPanel panel);
void dpt_side_card_set_side (DptSideCard *self, DptSide *side);

void dpt_side_add_drop_target (GtkWidget *widget, DptPanel panel);

G_END_DECLS
