/* dpt-palette.c - every colour of Diptych's visual language, light and dark
 *
 * The line colours of the verdicts were chosen by search so that any two stay
 * apart for every eye: the smallest distance (CIE 1976) is 31 for normal sight
 * and 18 under simulated deuteranopia, protanopia and tritanopia.  A text
 * colour on its tint has a contrast of at least 5 to 1.  A change of one
 * colour needs both checks again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-palette"

#include "dpt-palette.h"

#define INK(a, b, c)                                        \
  {                                                         \
    .line = DPT_COLOR_INIT (a), .text = DPT_COLOR_INIT (b), \
    .tint = DPT_COLOR_INIT (c)                              \
  }

/* clang-format off */
static const DptInk verdict_inks[2][DPT_N_VERDICTS] = {
  [DPT_THEME_LIGHT] = {
    [DPT_VERDICT_IDENTICAL]  = INK (0x97a1b4, 0x566073, 0xeef0f4),
    [DPT_VERDICT_CLOSE]      = INK (0x2791e5, 0x145a9c, 0xe1f0fd),
    [DPT_VERDICT_DIFFERENT]  = INK (0xb8430f, 0x9c370a, 0xfbe4da),
    [DPT_VERDICT_SHAPE]      = INK (0x722c8a, 0x642579, 0xf0e3f4),
    [DPT_VERDICT_DTYPE]      = INK (0xe41978, 0xab0f57, 0xfce2ee),
    [DPT_VERDICT_ONLY_LEFT]  = INK (0xca8702, 0x845600, 0xfdf3dc),
    [DPT_VERDICT_ONLY_RIGHT] = INK (0x105c4a, 0x0b5141, 0xdcf1ec),
    [DPT_VERDICT_UNREAD]     = INK (0x2b2530, 0x2b2530, 0xe6e4e8),
  },
  [DPT_THEME_DARK] = {
    [DPT_VERDICT_IDENTICAL]  = INK (0x73787d, 0xb4bac1, 0x33363a),
    [DPT_VERDICT_CLOSE]      = INK (0x3591fa, 0x85bcfc, 0x1f334c),
    [DPT_VERDICT_DIFFERENT]  = INK (0xf8551e, 0xff9068, 0x48281c),
    [DPT_VERDICT_SHAPE]      = INK (0x9d4cbd, 0xd09be4, 0x3b2845),
    [DPT_VERDICT_DTYPE]      = INK (0xf877d1, 0xfba3e0, 0x48293f),
    [DPT_VERDICT_ONLY_LEFT]  = INK (0xf3d064, 0xf6da85, 0x3d3520),
    [DPT_VERDICT_ONLY_RIGHT] = INK (0x22d0a8, 0x6be3c8, 0x1b3c35),
    [DPT_VERDICT_UNREAD]     = INK (0xf0eff1, 0xf0eff1, 0x45424a),
  },
};

static const DptInk panel_inks[2][2] = {
  [DPT_THEME_LIGHT] = {
    [DPT_PANEL_LEFT]  = INK (0xca8702, 0x845600, 0xfdf3dc),
    [DPT_PANEL_RIGHT] = INK (0x12806a, 0x0b5141, 0xdcf1ec),
  },
  [DPT_THEME_DARK] = {
    [DPT_PANEL_LEFT]  = INK (0xf3d064, 0xf6da85, 0x3d3520),
    [DPT_PANEL_RIGHT] = INK (0x22d0a8, 0x6be3c8, 0x1b3c35),
  },
};

static const DptColor shades[2][DPT_SHADE_PASSED + 1] = {
  [DPT_THEME_LIGHT] = {
    [DPT_SHADE_WINDOW]      = DPT_COLOR_INIT (0xfafafa),
    [DPT_SHADE_LIST]        = DPT_COLOR_INIT (0xffffff),
    [DPT_SHADE_HEADER]      = DPT_COLOR_INIT (0xebebeb),
    [DPT_SHADE_BAR]         = DPT_COLOR_INIT (0xf4f4f4),
    [DPT_SHADE_CARD]        = DPT_COLOR_INIT (0xffffff),
    [DPT_SHADE_CHOSEN]      = DPT_COLOR_INIT (0xdcebfb),
    [DPT_SHADE_LINE]        = DPT_COLOR_INIT (0xd9d9d9),
    [DPT_SHADE_FINE_LINE]   = DPT_COLOR_INIT (0xececec),
    [DPT_SHADE_TEXT]        = DPT_COLOR_INIT (0x2e3436),
    [DPT_SHADE_SECOND_TEXT] = DPT_COLOR_INIT (0x686d70),
    [DPT_SHADE_FAINT_TEXT]  = DPT_COLOR_INIT (0x9a9da0),
    [DPT_SHADE_ACCENT]      = DPT_COLOR_INIT (0x3584e4),
    [DPT_SHADE_PASSED]      = DPT_COLOR_INIT (0x26a269),
  },
  [DPT_THEME_DARK] = {
    [DPT_SHADE_WINDOW]      = DPT_COLOR_INIT (0x242424),
    [DPT_SHADE_LIST]        = DPT_COLOR_INIT (0x1e1e1e),
    [DPT_SHADE_HEADER]      = DPT_COLOR_INIT (0x303030),
    [DPT_SHADE_BAR]         = DPT_COLOR_INIT (0x2a2a2a),
    [DPT_SHADE_CARD]        = DPT_COLOR_INIT (0x303030),
    [DPT_SHADE_CHOSEN]      = DPT_COLOR_INIT (0x263a52),
    [DPT_SHADE_LINE]        = DPT_COLOR_INIT (0x434343),
    [DPT_SHADE_FINE_LINE]   = DPT_COLOR_INIT (0x333333),
    [DPT_SHADE_TEXT]        = DPT_COLOR_INIT (0xf2f2f2),
    [DPT_SHADE_SECOND_TEXT] = DPT_COLOR_INIT (0xb0b0b0),
    [DPT_SHADE_FAINT_TEXT]  = DPT_COLOR_INIT (0x858585),
    [DPT_SHADE_ACCENT]      = DPT_COLOR_INIT (0x3584e4),
    [DPT_SHADE_PASSED]      = DPT_COLOR_INIT (0x57e389),
  },
};
/* clang-format on */

/**
 * dpt_palette_get_verdict:
 * @theme: light or dark
 * @verdict: a verdict
 *
 * Returns: (transfer none): its three colours
 */
const DptInk *
dpt_palette_get_verdict (DptTheme theme, DptVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < DPT_N_VERDICTS,
                        &verdict_inks[theme][DPT_VERDICT_UNREAD]);

  return &verdict_inks[theme][verdict];
}

/**
 * dpt_palette_get_panel:
 * @theme: light or dark
 * @panel: left or right
 *
 * Returns: (transfer none): the side's three colours
 */
const DptInk *
dpt_palette_get_panel (DptTheme theme, DptPanel panel)
{
  return &panel_inks[theme][panel];
}

/**
 * dpt_palette_get_shade:
 * @theme: light or dark
 * @shade: a surface, a line, a text or a signal colour
 *
 * Returns: (transfer none): the colour
 */
const DptColor *
dpt_palette_get_shade (DptTheme theme, DptShade shade)
{
  return &shades[theme][shade];
}
