/* dpt-run-input.h - what both runs are fed: an input of one side or of both
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-panel.h"
#include "dpt-run.h"

G_BEGIN_DECLS

typedef struct
{
  char *names[DPT_N_PANELS]; /* (nullable) where the side has no such input */
  DptDtype dtype;
  DptShape shapes[DPT_N_PANELS]; /* unknown where there is no such input */
  DptShape shape;    /* what the one side says where the other does not know */
  gboolean is_split; /* no one shape fits both sides; `shape` is the left's */
  gboolean is_required;
  char *usual_feed; /* (nullable) */
} DptRunInput;

GPtrArray *dpt_run_input_pair (const GArray *left,
                               const GArray *right) G_GNUC_WARN_UNUSED_RESULT;
void dpt_run_input_free (DptRunInput *self);
const char *dpt_run_input_get_name (const DptRunInput *self);
const char *dpt_run_input_get_usual_feed (const DptRunInput *self);
char *dpt_run_input_dup_feed (const DptRunInput *self,
                              DptPanel panel,
                              const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
