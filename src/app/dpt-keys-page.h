/* dpt-keys-page.h - both sides' keys, and the hinge between them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-hinge-model.h"
#include "dpt-key-list.h"
#include "dpt-workspace.h"

G_BEGIN_DECLS

/* Properties, all notified: "workspace" (DptWorkspace), "filter" (string),
 * "regex" (boolean), "hidden" (string: names of verdicts, separated by
 * commas), "flat", "follow", "details" (boolean), "shown-side" (string: "left"
 * or "right", where there is room for one only). */
#define DPT_TYPE_KEYS_PAGE (dpt_keys_page_get_type ())
G_DECLARE_FINAL_TYPE (DptKeysPage, dpt_keys_page, DPT, KEYS_PAGE, GtkWidget)

void dpt_keys_page_set_workspace (DptKeysPage *self, DptWorkspace *workspace);
DptHingeModel *dpt_keys_page_get_model (DptKeysPage *self);
DptKeyList *dpt_keys_page_get_list (DptKeysPage *self, DptPanel panel);

void dpt_keys_page_focus_keys (DptKeysPage *self);
void dpt_keys_page_focus_search (DptKeysPage *self);
void dpt_keys_page_focus_other_side (DptKeysPage *self);
void dpt_keys_page_step_difference (DptKeysPage *self, int step);
void dpt_keys_page_show_all (DptKeysPage *self);
char *dpt_keys_page_dup_key (DptKeysPage *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
