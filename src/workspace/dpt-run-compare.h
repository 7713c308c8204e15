/* dpt-run-compare.h - both sides' forward passes, held against each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-run-diff.h"
#include "dpt-run.h"

G_BEGIN_DECLS

DptRunDiff *dpt_run_compare (DptRun *left,
                             const DptRunSpec *left_spec,
                             DptRun *right,
                             const DptRunSpec *right_spec,
                             const DptRunDiffOptions *options,
                             DptRunDiffFunc func,
                             gpointer user_data,
                             DptProgress *progress,
                             GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
