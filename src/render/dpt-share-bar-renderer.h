/* dpt-share-bar-renderer.h - draws how many pairs have which verdict
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-palette.h"

G_BEGIN_DECLS

/* A value: one part of the bar. */
typedef struct
{
  DptVerdict verdict;
  double x;
  double width;
} DptSharePart;

guint dpt_share_bar_layout (const guint counts[DPT_N_VERDICTS],
                            double width,
                            DptSharePart parts[DPT_N_VERDICTS]);
void dpt_share_bar_draw (cairo_t *cr,
                         const guint counts[DPT_N_VERDICTS],
                         double width,
                         double height,
                         DptTheme theme);

G_END_DECLS
