/* dpt-comparison.h - matches two models and judges their pairs, in
 * the background
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-model.h"
#include "dpt-pair-model.h"

G_BEGIN_DECLS

/* One run over one mapping.  Made, cancelled and freed on the main thread,
 * where it also calls back; freeing it stops it and silences it. */
typedef struct _DptComparison DptComparison;

typedef struct
{
  /* The mapping is there; `pairs` has no verdict yet. */
  void (*matched) (DptPairModel *pairs, gpointer user_data);

  /* The end: all is judged, or `error` says why not. */
  void (*done) (const GError *error, gpointer user_data);
} DptComparisonCallbacks;

DptComparison *
dpt_comparison_new (DptModel *left,
                    DptModel *right,
                    DptPairModel *pairs,
                    const DptTolerance *tolerance,
                    gboolean verify,
                    DptProgress *progress,
                    const DptComparisonCallbacks *callbacks,
                    gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void dpt_comparison_free (DptComparison *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptComparison, dpt_comparison_free)

G_END_DECLS
