/* dpt-pair-step.h - one operation that carries a right value to the left's form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_PAIR_STEP_TRANSPOSE, /* by `axes` */
  DPT_PAIR_STEP_RESHAPE,   /* to `shape` */
  DPT_PAIR_STEP_CAST,      /* to `dtype` */
} DptPairStepKind;

/* A value. */
typedef struct
{
  DptPairStepKind kind;
  DptShape shape; /* reshape: the new shape; transpose: the axes as dims */
  DptDtype dtype; /* cast */
} DptPairStep;

const char *dpt_pair_step_kind_get_name (DptPairStepKind kind);
gboolean dpt_pair_step_kind_from_name (const char *name, DptPairStepKind *kind);
DptTensor *dpt_pair_step_apply (const DptPairStep *self,
                                DptTensor *tensor,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
