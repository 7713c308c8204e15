/* dpt-application.h - the program: its command line and its windows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-state.h"

G_BEGIN_DECLS

/* The bundled comparison, below the samples. */
#define DPT_SAMPLE_LEFT  "digits-tf1/model.ckpt-1200"
#define DPT_SAMPLE_RIGHT "digits-tf2"

#define DPT_TYPE_APPLICATION (dpt_application_get_type ())
G_DECLARE_FINAL_TYPE (DptApplication,
                      dpt_application,
                      DPT,
                      APPLICATION,
                      AdwApplication)

DptApplication *dpt_application_new (void) G_GNUC_WARN_UNUSED_RESULT;
DptState *dpt_application_get_state (DptApplication *self);
int dpt_application_get_exit_status (DptApplication *self);
char *dpt_application_find_sample (const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
