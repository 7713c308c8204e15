/* dpt-state.h - what the program remembers from one start to the next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A comparison that was opened before. */
typedef struct
{
  char *left;
  char *right;
  char *left_weights;  /* (nullable) */
  char *right_weights; /* (nullable) */
  char *verdict;       /* (nullable) the worst one's name */
  guint n_verdict;     /* how many pairs had it */
  gint64 time;         /* seconds since 1970 */
} DptRecent;

void dpt_recent_free (DptRecent *self);

/* Main thread only. */
#define DPT_TYPE_STATE (dpt_state_get_type ())
G_DECLARE_FINAL_TYPE (DptState, dpt_state, DPT, STATE, GObject)

DptState *dpt_state_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_state_dup_default_path (void) G_GNUC_WARN_UNUSED_RESULT;

gboolean dpt_state_get_window_size (DptState *self, int *width, int *height);
void dpt_state_set_window_size (DptState *self, int width, int height);
char *dpt_state_dup_style (DptState *self) G_GNUC_WARN_UNUSED_RESULT;
void dpt_state_set_style (DptState *self, const char *style);

GPtrArray *dpt_state_list_recent (DptState *self) G_GNUC_WARN_UNUSED_RESULT;
void dpt_state_add_recent (DptState *self, const DptRecent *recent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptRecent, dpt_recent_free)

G_END_DECLS
