/* dpt-run-page-private.h - what the files of the Run page share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-curve.h"
#include "dpt-run-page.h"
#include "dpt-run-side-row.h"
#include "dpt-run-table.h"
#include "dpt-verdict-icon.h"

G_BEGIN_DECLS

struct _DptRunPage
{
  GtkWidget parent_instance;

  DptRunComparison *comparison; /* (nullable) */
  gboolean only_differences;
  int width;         /* as laid out last */
  gboolean choosing; /* curve and table are brought in step */
  gboolean filling;  /* entries are given what the workspace has */
  guint counts[DPT_N_VERDICTS];
  guint n_counted; /* rows that `counts` is of */

  /* Template children. */
  GtkWidget *root;
  GtkToggleButton *settings_button;
  GtkWidget *run_button;
  GtkProgressBar *progress;
  GtkLabel *status;
  GtkWidget *divergence_box;
  DptVerdictIcon *divergence_icon;
  GtkWidget *divergence_title;
  GtkLabel *divergence;
  AdwFlap *flap;
  DptRunSideRow *left_side;
  DptRunSideRow *right_side;
  GtkLabel *feeds_title;
  GtkListBox *feeds;
  GtkWidget *no_feeds;
  GtkEditable *atol;
  GtkEditable *rtol;
  GtkLabel *rule;
  GtkLabel *cost;
  GtkStack *stack;
  AdwStatusPage *nothing;
  GtkWidget *outdated;
  GtkWidget *error_card;
  GtkLabel *error_text;
  GtkWidget *warnings;
  GtkLabel *warnings_title;
  GtkLabel *warnings_text;
  GtkWidget *chart_card;
  GtkLabel *chart_note;
  DptCurve *curve;
  GtkWidget *outputs_card;
  GtkLabel *outputs_note;
  DptRunTable *outputs;
  GtkWidget *nodes_card;
  GtkOrientable *nodes_head;
  GtkLabel *nodes_note;
  GtkWidget *counts_box;
  GtkEditable *search;
  DptRunTable *nodes;
};

/* dpt-run-page.c */
char *_dpt_run_page_dup_obstacle (DptRunPage *self);

/* dpt-run-page-actions.c */
void _dpt_run_page_install_actions (GtkWidgetClass *widget_class);
void _dpt_run_page_update_actions (DptRunPage *self);

/* dpt-run-page-results.c */
void _dpt_run_page_init_results (DptRunPage *self);
void _dpt_run_page_watch_results (DptRunPage *self);
void _dpt_run_page_show_curve (DptRunPage *self);
void _dpt_run_page_update_results (DptRunPage *self);
void _dpt_run_page_update_filter (DptRunPage *self);
void _dpt_run_page_choose (DptRunPage *self, int row);

G_END_DECLS
