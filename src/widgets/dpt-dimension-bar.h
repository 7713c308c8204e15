/* dpt-dimension-bar.h - chooses a slice: one control for each dimension
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-slice-choice.h"

G_BEGIN_DECLS

/* signal changed: the person chose another slice. */
#define DPT_TYPE_DIMENSION_BAR (dpt_dimension_bar_get_type ())
G_DECLARE_FINAL_TYPE (DptDimensionBar,
                      dpt_dimension_bar,
                      DPT,
                      DIMENSION_BAR,
                      GtkBox)

GtkWidget *dpt_dimension_bar_new (void) G_GNUC_WARN_UNUSED_RESULT;

const DptSliceChoice *dpt_dimension_bar_get_choice (DptDimensionBar *self);
void dpt_dimension_bar_set_choice (DptDimensionBar *self,
                                   const DptSliceChoice *choice,
                                   const char *const *names);
const char *dpt_dimension_bar_get_text (DptDimensionBar *self);
void dpt_dimension_bar_set_text (DptDimensionBar *self, const char *text);

G_END_DECLS
