/* dpt-panel-mark.h - the small bar of colour that says which side is meant
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-palette.h"

G_BEGIN_DECLS

/* property kind (DptPanelMarkKind as int): whose colour it has. */
typedef enum
{
  DPT_PANEL_MARK_LEFT,
  DPT_PANEL_MARK_RIGHT,
  DPT_PANEL_MARK_DIFFERENCE,
} DptPanelMarkKind;

#define DPT_TYPE_PANEL_MARK (dpt_panel_mark_get_type ())
G_DECLARE_FINAL_TYPE (DptPanelMark, dpt_panel_mark, DPT, PANEL_MARK, GtkWidget)

GtkWidget *dpt_panel_mark_new (DptPanelMarkKind kind) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
