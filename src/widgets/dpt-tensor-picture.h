/* dpt-tensor-picture.h - a slice of both sides: maps, a line, or numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "dpt-heatmap-view.h"
#include "dpt-slice-choice.h"
#include "dpt-tensor-analysis.h"

G_BEGIN_DECLS

/* Which of the three texts or slices is meant. */
typedef enum
{
  DPT_PICTURE_LEFT,
  DPT_PICTURE_RIGHT,
  DPT_PICTURE_DIFFERENCE,
} DptPictureKind;

#define DPT_N_PICTURES 3

#define DPT_TYPE_TENSOR_PICTURE (dpt_tensor_picture_get_type ())
G_DECLARE_FINAL_TYPE (DptTensorPicture,
                      dpt_tensor_picture,
                      DPT,
                      TENSOR_PICTURE,
                      AdwBin)

void dpt_tensor_picture_set_tensors (DptTensorPicture *self,
                                     DptTensor *left,
                                     DptTensor *right,
                                     const DptTensorAnalysis *analysis);
void dpt_tensor_picture_set_words (DptTensorPicture *self,
                                   DptPictureKind kind,
                                   const char *words);
void dpt_tensor_picture_set_choice (DptTensorPicture *self,
                                    const DptSliceChoice *choice,
                                    const char *const *names);
void dpt_tensor_picture_set_numbers (DptTensorPicture *self, gboolean numbers);
gboolean dpt_tensor_picture_has_picture (DptTensorPicture *self);
DptHeatmapView *dpt_tensor_picture_get_view (DptTensorPicture *self);
const char *dpt_tensor_picture_get_shown (DptTensorPicture *self);
const char *dpt_tensor_picture_get_value_text (DptTensorPicture *self,
                                               DptPictureKind kind);
char *dpt_tensor_picture_dup_cell (DptTensorPicture *self, DptPictureKind kind)
    G_GNUC_WARN_UNUSED_RESULT;
char *dpt_tensor_picture_dup_slice (DptTensorPicture *self,
                                    DptPictureKind kind,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
