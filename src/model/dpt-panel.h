/* dpt-panel.h - which of the two panels of a diptych
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* Left is amber, right is green-teal, everywhere. */
typedef enum
{
  DPT_PANEL_LEFT,
  DPT_PANEL_RIGHT,
} DptPanel;

#define DPT_N_PANELS 2

/* The panel across the hinge. */
#define DPT_PANEL_OTHER(panel) \
  ((panel) == DPT_PANEL_LEFT ? DPT_PANEL_RIGHT : DPT_PANEL_LEFT)
