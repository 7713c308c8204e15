/* dpt-key-row.h - one row of a tree of keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-hinge-model.h"

G_BEGIN_DECLS

#define DPT_TYPE_KEY_ROW (dpt_key_row_get_type ())
G_DECLARE_FINAL_TYPE (DptKeyRow, dpt_key_row, DPT, KEY_ROW, GtkWidget)

/* Rows must all be as wide as their list allows, and their shape and dtype
 * stand in columns of this many digits. */
#define DPT_KEY_ROW_SHAPE_CHARS 12
#define DPT_KEY_ROW_DTYPE_CHARS 4

GtkWidget *dpt_key_row_new (DptPanel panel) G_GNUC_WARN_UNUSED_RESULT;
void dpt_key_row_bind (DptKeyRow *self, DptHingeModel *model, guint node);
void dpt_key_row_unbind (DptKeyRow *self);
void dpt_key_row_refresh (DptKeyRow *self);
guint dpt_key_row_get_node (DptKeyRow *self);

G_END_DECLS
