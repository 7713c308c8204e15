/* dpt-run-comparison-private.h - what the files of the comparison share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-run-comparison.h"
#include "dpt-run-job.h"

G_BEGIN_DECLS

typedef struct
{
  DptModel *model;   /* (nullable) */
  DptModel *weights; /* (nullable) */
  DptRun *probe;     /* (nullable) asked by the main thread what can be run */
  DptRun *runner;    /* (nullable) what jobs use; keeps the weights it read */
  char *signature;   /* (nullable) */
  char **fetches;    /* (nullable) instead of a signature */
  GArray *inputs;    /* (nullable) (element-type DptRunPort) */
  GArray *outputs;   /* (nullable) (element-type DptRunPort) */
  GError *error;     /* (nullable) */
} DptRunComparisonSide;

struct _DptRunComparison
{
  GObject parent_instance;

  DptWorkspace *workspace;
  DptRunComparisonSide sides[DPT_N_PANELS];
  GPtrArray *inputs; /* (element-type DptRunInput) */
  GHashTable *feeds; /* name of an input to the text set, or to NULL */

  DptThreadPool *pool; /* (nullable) until something is run */
  DptRunJob *job;      /* (nullable) */
  GTask *task;         /* (nullable) as long as `job` */
  DptProgress *progress;
  gint64 start_time;
  gint64 end_time;

  DptRunComparisonState state;
  gboolean outdated;
  char *ran_command; /* (nullable) */
  DptTolerance tolerance;
  GListStore *rows;
  GListStore *outputs;
  GPtrArray *warnings;
  GError *error; /* (nullable) */
  guint n_pairs;
  int first_divergence;
};

/* dpt-run-comparison.c */
void _dpt_run_comparison_update_outdated (DptRunComparison *self);
void _dpt_run_comparison_ports_changed (DptRunComparison *self);

/* dpt-run-request.c */
void _dpt_run_comparison_side_open (DptRunComparisonSide *side);
void _dpt_run_comparison_update_inputs (DptRunComparison *self);

G_END_DECLS
