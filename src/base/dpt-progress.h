/* dpt-progress.h - how far a piece of long work has come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define DPT_TYPE_PROGRESS (dpt_progress_get_type ())
G_DECLARE_FINAL_TYPE (DptProgress, dpt_progress, DPT, PROGRESS, GObject)

/* Set from any thread; property notification reaches the main context that
 * created the object, coalesced to at most one per idle pass.  Every setter
 * accepts a NULL progress and then does nothing, so workers need not ask. */
DptProgress *dpt_progress_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_progress_begin (DptProgress *self, const char *step, guint64 total);
void dpt_progress_advance (DptProgress *self, guint64 amount);
void dpt_progress_set_detail (DptProgress *self, const char *detail);

char *dpt_progress_dup_step (DptProgress *self) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_progress_dup_detail (DptProgress *self) G_GNUC_WARN_UNUSED_RESULT;
guint64 dpt_progress_get_done (DptProgress *self);
guint64 dpt_progress_get_total (DptProgress *self);
double dpt_progress_get_fraction (DptProgress *self);

G_END_DECLS
