/* dpt-change-map.h - all differences of a list as a strip by its scroll bar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-key-list.h"

G_BEGIN_DECLS

#define DPT_TYPE_CHANGE_MAP (dpt_change_map_get_type ())
G_DECLARE_FINAL_TYPE (DptChangeMap, dpt_change_map, DPT, CHANGE_MAP, GtkWidget)

GtkWidget *dpt_change_map_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_change_map_refresh (DptChangeMap *self);
void dpt_change_map_set_list (DptChangeMap *self, DptKeyList *list);

G_END_DECLS
