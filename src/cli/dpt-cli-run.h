/* dpt-cli-run.h - the options of a forward pass, for one side or both
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-cli.h"
#include "dpt-run.h"

G_BEGIN_DECLS

/* As they stand on the command line; owned. */
typedef struct
{
  char *weights;
  char *tags;
  char *signature;
  char *fetch;
  char **feeds;
  char *seed;
  gboolean training;
  char *random;
  char *precision;
} DptCliRunOptions;

void dpt_cli_run_options_clear (DptCliRunOptions *self);
void dpt_cli_run_options_add_entries (DptCliRunOptions *self,
                                      const char *side,
                                      GArray *entries);
gboolean dpt_cli_run_options_check (const DptCliRunOptions *self,
                                    GError **error);

/* One side, opened: what runs and what is asked of it. */
typedef struct
{
  DptModel *model;
  DptModel *weights; /* (nullable) */
  DptRun *run;
  DptRunSpec spec;
  char **fetches; /* (nullable) what spec.fetches points to */
} DptCliRun;

DptCliRun *dpt_cli_run_new (DptCli *cli,
                            const char *path,
                            const DptCliRunOptions *own,
                            const DptCliRunOptions *shared,
                            DptThreadPool *pool,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_cli_run_free (DptCliRun *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DptCliRunOptions, dpt_cli_run_options_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptCliRun, dpt_cli_run_free)

G_END_DECLS
