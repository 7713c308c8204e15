/* dpt-pair-study.h - analysis and small pictures of a pair's values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>

#include "dpt-palette.h"
#include "dpt-tensor-analysis.h"
#include "dpt-tensor-pair.h"

G_BEGIN_DECLS

/* In the order in which they are shown. */
typedef enum
{
  DPT_STUDY_LEFT,
  DPT_STUDY_RIGHT,
  DPT_STUDY_DIFFERENCE,
  DPT_N_STUDIES,
} DptStudyKind;

typedef struct
{
  DptTensorAnalysis *analysis;
  char *errors[DPT_N_PANELS];               /* (nullable) */
  cairo_surface_t *pictures[DPT_N_STUDIES]; /* (nullable) */
} DptPairStudy;

void dpt_pair_study_free (DptPairStudy *self);

void dpt_pair_study_async (DptWorkspace *workspace,
                           guint pair,
                           DptTheme theme,
                           int width,
                           int height,
                           int scale,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
DptPairStudy *dpt_pair_study_finish (DptWorkspace *workspace,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptPairStudy, dpt_pair_study_free)

G_END_DECLS
