/* dpt-run-side-row.h - what is run of one side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-run-comparison.h"

G_BEGIN_DECLS

#define DPT_TYPE_RUN_SIDE_ROW (dpt_run_side_row_get_type ())
G_DECLARE_FINAL_TYPE (DptRunSideRow,
                      dpt_run_side_row,
                      DPT,
                      RUN_SIDE_ROW,
                      AdwBin)

void dpt_run_side_row_set (DptRunSideRow *self,
                           DptRunComparison *comparison,
                           DptPanel panel);

G_END_DECLS
