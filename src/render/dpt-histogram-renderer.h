/* dpt-histogram-renderer.h - two histograms over each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-heatmap-layout.h"
#include "dpt-palette.h"

G_BEGIN_DECLS

/* A value that borrows its counts: [n_bins] equal bins over [low, high].  A
 * side that is not there is NULL. */
typedef struct
{
  guint n_bins;
  double low;
  double high;
  const guint64 *left;
  const guint64 *right;
} DptHistogramData;

/* A value: geometry only. */
typedef struct
{
  DptRect plot;
  gboolean log;
  guint64 most; /* the largest count, at least 1 */
} DptHistogramLayout;

void dpt_histogram_layout_init (DptHistogramLayout *self,
                                const DptHistogramData *data,
                                gboolean log,
                                double width,
                                double height);
double dpt_histogram_layout_get_y (const DptHistogramLayout *self,
                                   guint64 count);
int dpt_histogram_layout_pick (const DptHistogramLayout *self,
                               const DptHistogramData *data,
                               double x);
void dpt_histogram_draw (cairo_t *cr,
                         const DptHistogramLayout *layout,
                         const DptHistogramData *data,
                         DptTheme theme);

G_END_DECLS
