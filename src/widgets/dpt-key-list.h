/* dpt-key-list.h - one panel of keys: a tree that scrolls and folds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-hinge-model.h"

G_BEGIN_DECLS

#define DPT_TYPE_KEY_LIST (dpt_key_list_get_type ())
G_DECLARE_FINAL_TYPE (DptKeyList, dpt_key_list, DPT, KEY_LIST, GtkWidget)

GtkWidget *dpt_key_list_new (DptPanel panel) G_GNUC_WARN_UNUSED_RESULT;

DptPanel dpt_key_list_get_panel (DptKeyList *self);
void dpt_key_list_set_model (DptKeyList *self, DptHingeModel *model);
DptHingeModel *dpt_key_list_get_model (DptKeyList *self);
void dpt_key_list_set_title (DptKeyList *self, const char *title);

guint dpt_key_list_get_selected (DptKeyList *self);
void dpt_key_list_select (DptKeyList *self, guint row);
void dpt_key_list_scroll_to (DptKeyList *self, guint row, double place);
void dpt_key_list_focus (DptKeyList *self, guint row);
GtkAdjustment *dpt_key_list_get_adjustment (DptKeyList *self);

guint dpt_key_list_get_top (DptKeyList *self);
gboolean dpt_key_list_get_visible (DptKeyList *self, guint *first, guint *end);
gboolean dpt_key_list_get_row_extent (DptKeyList *self,
                                      GtkWidget *relative_to,
                                      guint row,
                                      double *y,
                                      double *height);
guint dpt_key_list_get_row_at (DptKeyList *self, double y);

G_END_DECLS
