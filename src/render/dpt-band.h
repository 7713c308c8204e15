/* dpt-band.h - a band of the hinge: from a left row to its counterpart
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>

#include "dpt-palette.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_BAND_WHOLE,
  DPT_BAND_FADES_LEFT,  /* the left end is out of sight */
  DPT_BAND_FADES_RIGHT, /* the right end is out of sight */
} DptBandFade;

/* Everything that is drawn of a band; lengths are in user space units. */
typedef struct
{
  double left_x;
  double left_y; /* of the middle of the band */
  double right_x;
  double right_y;
  guint counts[DPT_N_VERDICTS]; /* pairs, by verdict */
  guint n_unjudged;
  gboolean folded; /* stands for a scope: parts by verdict */
  gboolean chosen; /* outlined in the accent */
  double opacity;  /* 1, or less for what steps back */
  DptBandFade fade;
} DptBand;

/* How long the stub of a key without counterpart is. */
#define DPT_BAND_STUB_LENGTH 62

double dpt_band_get_height (const DptBand *self);
double dpt_band_get_middle (const DptBand *self, double x);
gboolean dpt_band_contains (const DptBand *self, double x, double y);
void dpt_band_draw (const DptBand *self, cairo_t *cr, DptTheme theme);
void dpt_band_draw_stub (const DptBand *self, cairo_t *cr, DptTheme theme);

G_END_DECLS
