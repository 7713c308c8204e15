/* dpt-step.h - one operation that carries a right value to the left's form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

typedef enum
{
  DPT_STEP_TRANSPOSE, /* by `axes` */
  DPT_STEP_RESHAPE,   /* to `shape` */
  DPT_STEP_CAST,      /* to `dtype` */
} DptStepKind;

/* A value. */
typedef struct
{
  DptStepKind kind;
  DptShape shape; /* reshape: the new shape; transpose: the axes as dims */
  DptDtype dtype; /* cast */
} DptStep;

const char *dpt_step_kind_get_name (DptStepKind kind);
gboolean dpt_step_kind_from_name (const char *name, DptStepKind *kind);
char *dpt_step_to_string (const DptStep *self) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_step_apply (const DptStep *self,
                           DptTensor *tensor,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
