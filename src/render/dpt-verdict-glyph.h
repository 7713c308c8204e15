/* dpt-verdict-glyph.h - the sign of a verdict, drawn instead of set in type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-palette.h"

G_BEGIN_DECLS

void dpt_verdict_glyph_draw (cairo_t *cr,
                             DptVerdict verdict,
                             double x,
                             double y,
                             double size,
                             const DptColor *color);

G_END_DECLS
