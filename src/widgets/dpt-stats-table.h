/* dpt-stats-table.h - what two tensors are like, side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-tensor-analysis.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_STATS_ROW_MINIMUM,
  DPT_STATS_ROW_MAXIMUM,
  DPT_STATS_ROW_MEAN,
  DPT_STATS_ROW_DEVIATION,
  DPT_STATS_ROW_NORM,
  DPT_STATS_ROW_ZEROS,
  DPT_STATS_ROW_NAN,
  DPT_STATS_ROW_INF,
} DptStatsRow;

#define DPT_N_STATS_ROWS 8

typedef enum
{
  DPT_STATS_COLUMN_LEFT,
  DPT_STATS_COLUMN_RIGHT,
  DPT_STATS_COLUMN_DIFFERENCE,
} DptStatsColumn;

#define DPT_N_STATS_COLUMNS 3

#define DPT_TYPE_STATS_TABLE (dpt_stats_table_get_type ())
G_DECLARE_FINAL_TYPE (DptStatsTable, dpt_stats_table, DPT, STATS_TABLE, GtkBox)

GtkWidget *dpt_stats_table_new (void) G_GNUC_WARN_UNUSED_RESULT;

void dpt_stats_table_set_analysis (DptStatsTable *self,
                                   const DptTensorAnalysis *analysis);
const char *dpt_stats_table_get_text (DptStatsTable *self,
                                      DptStatsRow row,
                                      DptStatsColumn column);
int dpt_stats_table_get_verdict (DptStatsTable *self, DptStatsRow row);
const char *dpt_stats_table_get_beyond (DptStatsTable *self);

G_END_DECLS
