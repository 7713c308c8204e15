/* dpt-checkpoint-diff.h - the verdict of every pair of a mapping
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-mapping.h"
#include "dpt-progress.h"
#include "dpt-tensor-diff.h"
#include "dpt-tolerance.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_BASIS_NONE, /* not compared: no counterpart, or not yet */
  DPT_BASIS_CHECKSUM,
  DPT_BASIS_VALUES,
} DptBasis;

/* What is known of one pair; `error` says why it is unread.  All zeros is a
 * result that holds nothing. */
typedef struct
{
  DptVerdict verdict;
  DptBasis basis;
  DptTensorDiff diff; /* meaningful where basis is values */
  char *error;        /* (nullable) */
} DptPairResult;

void dpt_pair_result_clear (DptPairResult *self);

/* Called from worker threads, once for each pair, in no fixed order, never
 * two at a time.  The callee takes what the result holds. */
typedef void (*DptPairResultFunc) (guint pair,
                                   DptPairResult *result,
                                   gpointer user_data);

gboolean dpt_checkpoint_diff_run (DptMapping *mapping,
                                  const DptTolerance *tolerance,
                                  gboolean verify,
                                  DptPairResultFunc func,
                                  gpointer user_data,
                                  DptProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error);
void dpt_checkpoint_diff_pair (DptMapping *mapping,
                               guint pair,
                               const DptTolerance *tolerance,
                               gboolean verify,
                               GCancellable *cancellable,
                               DptPairResult *result);
const char *dpt_basis_get_name (DptBasis basis);

G_END_DECLS
