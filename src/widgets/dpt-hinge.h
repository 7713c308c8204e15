/* dpt-hinge.h - the bands between two panels of keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-key-list.h"

G_BEGIN_DECLS

#define DPT_TYPE_HINGE (dpt_hinge_get_type ())
G_DECLARE_FINAL_TYPE (DptHinge, dpt_hinge, DPT, HINGE, GtkWidget)

GtkWidget *dpt_hinge_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_hinge_set_lists (DptHinge *self, DptKeyList *left, DptKeyList *right);
void dpt_hinge_set_selected (DptHinge *self, guint pair);
guint dpt_hinge_get_n_bands (DptHinge *self);

G_END_DECLS
