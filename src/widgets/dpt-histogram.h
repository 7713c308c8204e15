/* dpt-histogram.h - how often which values occur, on both sides
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-drawing.h"
#include "dpt-histogram-renderer.h"

G_BEGIN_DECLS

/* property log (boolean, TRUE by default): counts on a log scale. */
#define DPT_TYPE_HISTOGRAM (dpt_histogram_get_type ())
G_DECLARE_FINAL_TYPE (DptHistogram, dpt_histogram, DPT, HISTOGRAM, DptDrawing)

GtkWidget *dpt_histogram_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_histogram_set_data (DptHistogram *self, const DptHistogramData *data);
gboolean dpt_histogram_get_log (DptHistogram *self);
void dpt_histogram_set_log (DptHistogram *self, gboolean log);

G_END_DECLS
