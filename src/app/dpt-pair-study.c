/* dpt-pair-study.c - analysis and small pictures of a pair's values
 *
 * Both tensors are read in the background, then looked at in a thread of the
 * task pool, so that choosing a large tensor does not stop the window.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-pair-study"

#include "dpt-pair-study.h"

#include "dpt-heatmap-renderer.h"
#include "dpt-task.h"

typedef struct
{
  guint pair;
  DptTheme theme;
  int width;
  int height;
  int scale;
  DptTolerance tolerance;
  guint64 max_index; /* where the largest difference is */
  DptTensorPair *tensors;
} Study;

static void
study_free (gpointer data)
{
  Study *study = data;

  g_clear_pointer (&study->tensors, dpt_tensor_pair_free);
  g_free (study);
}

/**
 * dpt_pair_study_free:
 * @self: (nullable): a study
 */
void
dpt_pair_study_free (DptPairStudy *self)
{
  if (self == NULL)
    return;
  for (guint p = 0; p < DPT_N_PANELS; p++)
    g_free (self->errors[p]);
  g_clear_pointer (&self->analysis, dpt_tensor_analysis_free);
  for (guint i = 0; i < DPT_N_STUDIES; i++)
    g_clear_pointer (&self->pictures[i], cairo_surface_destroy);
  g_free (self);
}

/* The last two axes, at the place of the largest difference. */
static DptSliceGrid *
make_grid (DptTensor *tensor, guint64 flat)
{
  const DptShape *shape = dpt_tensor_get_shape (tensor);
  gint64 index[DPT_SHAPE_MAX_RANK] = { 0 };
  gboolean is_matrix = shape->rank >= 2;

  if (shape->rank < 1 || dpt_tensor_get_count (tensor) < 2)
    return NULL;
  for (int axis = shape->rank - 1; axis >= 0; axis--)
    {
      index[axis] = (gint64) (flat % (guint64) shape->dims[axis]);
      flat /= (guint64) shape->dims[axis];
    }
  return dpt_slice_grid_new (tensor,
                             is_matrix ? shape->rank - 2
                                       : DPT_SLICE_GRID_NO_AXIS,
                             shape->rank - 1, index);
}

static cairo_surface_t *
draw (const Study *study, DptSliceGrid *grid, const DptColormap *colormap)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                  study->width * study->scale,
                                  study->height * study->scale);
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, study->scale, study->scale);
  cr = cairo_create (surface);
  dpt_heatmap_draw_thumbnail (cr, grid, colormap, study->width, study->height,
                              study->scale);
  cairo_destroy (cr);
  return surface;
}

static void
draw_pictures (const Study *study, DptPairStudy *result)
{
  const DptTensorAnalysis *analysis = result->analysis;
  DptTensor *tensors[] = { study->tensors->left, study->tensors->right };
  const gboolean valid[] = { analysis->has_left && analysis->left.valid,
                             analysis->has_right && analysis->right.valid };
  g_autoptr (DptSliceGrid) left = NULL;
  g_autoptr (DptSliceGrid) right = NULL;
  g_autoptr (DptSliceGrid) difference = NULL;
  DptSliceGrid **grids[] = { &left, &right };
  DptColormap colormap;

  dpt_colormap_init_values (&colormap, study->theme, analysis->value_limit);
  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      if (!valid[p])
        continue;
      *grids[p] = make_grid (tensors[p], study->max_index);
      if (*grids[p] != NULL)
        result->pictures[p] = draw (study, *grids[p], &colormap);
    }

  if (left == NULL || right == NULL || !analysis->has_diff)
    return;
  difference = dpt_slice_grid_new_difference (left, right,
                                              study->tolerance.rtol,
                                              study->tolerance.atol,
                                              !study->tolerance.nan_differs);
  dpt_colormap_init_difference (&colormap, study->theme,
                                dpt_tensor_analysis_get_break (analysis),
                                analysis->diff.max_abs);
  result->pictures[DPT_STUDY_DIFFERENCE] = draw (study, difference, &colormap);
}

static gpointer
study_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  Study *study = data;
  g_autoptr (DptPairStudy) result = g_new0 (DptPairStudy, 1);
  GError *errors[] = { study->tensors->left_error,
                       study->tensors->right_error };

  result->analysis = dpt_tensor_analysis_new (study->tensors->left,
                                              study->tensors->right,
                                              &study->tolerance, cancellable,
                                              error);
  if (result->analysis == NULL)
    return NULL;
  for (guint p = 0; p < DPT_N_PANELS; p++)
    if (errors[p] != NULL)
      result->errors[p] = g_strdup (errors[p]->message);
  draw_pictures (study, result);
  return g_steal_pointer (&result);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Study *study = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  study->tensors = dpt_workspace_read_pair_finish (DPT_WORKSPACE (source),
                                                   result, &error);
  if (study->tensors == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    dpt_task_run (task, study_in_thread, (GDestroyNotify) dpt_pair_study_free);
}

/**
 * dpt_pair_study_async:
 * @workspace: the comparison
 * @pair: a row of its pairs
 * @theme: light or dark
 * @width: of a picture, in pixels of the screen's scale
 * @height: likewise
 * @scale: device pixels in such a pixel
 * @cancellable: (nullable): to stop it
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Reads both tensors, analyses them, and draws the two last axes at the place
 * of the largest difference.
 */
void
dpt_pair_study_async (DptWorkspace *workspace,
                      guint pair,
                      DptTheme theme,
                      int width,
                      int height,
                      int scale,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  const DptPairResult *result =
      dpt_pair_model_get_result (dpt_workspace_get_pairs (workspace), pair);
  Study *study = g_new0 (Study, 1);

  study->pair = pair;
  study->theme = theme;
  study->width = width;
  study->height = height;
  study->scale = scale;
  dpt_workspace_get_tolerance (workspace, &study->tolerance);
  if (result != NULL && result->diff.has_metrics)
    study->max_index = result->diff.max_index;
  g_task_set_source_tag (task, dpt_pair_study_async);
  g_task_set_task_data (task, study, study_free);
  dpt_workspace_read_pair_async (workspace, pair, cancellable, read_cb, task);
}

/**
 * dpt_pair_study_finish:
 * @workspace: the comparison
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): what was found, or %NULL.
 */
DptPairStudy *
dpt_pair_study_finish (DptWorkspace *workspace,
                       GAsyncResult *result,
                       GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
