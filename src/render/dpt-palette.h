/* dpt-palette.h - every colour of Diptych's visual language, light and dark
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-color.h"
#include "dpt-panel.h"
#include "dpt-verdict.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_THEME_LIGHT,
  DPT_THEME_DARK,
} DptTheme;

typedef enum
{
  DPT_SHADE_WINDOW,
  DPT_SHADE_LIST, /* lists and the ground of pictures */
  DPT_SHADE_HEADER,
  DPT_SHADE_BAR,
  DPT_SHADE_CARD,
  DPT_SHADE_CHOSEN,
  DPT_SHADE_LINE,
  DPT_SHADE_FINE_LINE,
  DPT_SHADE_TEXT,
  DPT_SHADE_SECOND_TEXT,
  DPT_SHADE_FAINT_TEXT,
  DPT_SHADE_ACCENT,
  DPT_SHADE_PASSED,
} DptShade;

/* Line is for bands, borders and marks, text for glyphs and words, tint for
 * the ground of chips and nodes. */
typedef struct
{
  DptColor line;
  DptColor text;
  DptColor tint;
} DptInk;

const DptInk *dpt_palette_get_verdict (DptTheme theme, DptVerdict verdict);
const DptInk *dpt_palette_get_panel (DptTheme theme, DptPanel panel);
const DptColor *dpt_palette_get_shade (DptTheme theme, DptShade shade);

G_END_DECLS
