/* dpt-pair-sentence.h - what is to be said of a pair, before any table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-pair-model.h"
#include "dpt-tensor-analysis.h"

G_BEGIN_DECLS

char *
dpt_pair_sentence (DptPairModel *pairs,
                   guint pair,
                   const DptTensorAnalysis *analysis) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
