/* dpt-side-facts.h - what is known of a side, and what can be done with it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-panel.h"
#include "dpt-side.h"

G_BEGIN_DECLS

GtkWidget *dpt_side_facts_new (DptSide *side,
                               DptPanel panel) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
