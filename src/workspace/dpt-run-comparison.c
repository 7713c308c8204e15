/* dpt-run-comparison.c - runs both sides on the same feeds, and compares
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: a side has inputs and outputs if, and only if, it can be run
 * with what is asked of it; otherwise, if a model is open there, it has an
 * error that says why not.  `job` is there while something runs.  Rows,
 * outputs and warnings belong to the models that are open now: when a model
 * changes they go.
 *
 * What is asked for is dpt-run-request.c, the command line dpt-run-command.c.
 */

#define G_LOG_DOMAIN "dpt-run-comparison"

#include "dpt-run-comparison.h"

#include "dpt-run-comparison-private.h"

enum
{
  PROP_STATE = 1,
  PROP_OUTDATED,
  PROP_N_PAIRS,
  PROP_FIRST_DIVERGENCE,
  N_PROPS,
};

enum
{
  PORTS_CHANGED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptRunComparison, dpt_run_comparison, G_TYPE_OBJECT)

static void
notify (DptRunComparison *self, guint prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
side_clear (DptRunComparisonSide *side)
{
  g_clear_object (&side->model);
  g_clear_object (&side->weights);
  g_clear_pointer (&side->probe, dpt_run_unref);
  g_clear_pointer (&side->runner, dpt_run_unref);
  g_clear_pointer (&side->signature, g_free);
  g_clear_pointer (&side->fetches, g_strfreev);
  g_clear_pointer (&side->inputs, g_array_unref);
  g_clear_pointer (&side->outputs, g_array_unref);
  g_clear_error (&side->error);
}

/* "Outdated" is true as soon as the command line would be another one than
 * that of the run, and false again when it is the same. */
void
_dpt_run_comparison_update_outdated (DptRunComparison *self)
{
  g_autofree char *command = dpt_run_comparison_dup_command (self);
  gboolean outdated = self->state != DPT_RUN_COMPARISON_IDLE &&
                      g_strcmp0 (command, self->ran_command) != 0;

  if (self->outdated == outdated)
    return;

  self->outdated = outdated;
  notify (self, PROP_OUTDATED);
}

void
_dpt_run_comparison_ports_changed (DptRunComparison *self)
{
  g_signal_emit (self, signals[PORTS_CHANGED], 0);
  _dpt_run_comparison_update_outdated (self);
}

static void
set_state (DptRunComparison *self, DptRunComparisonState state)
{
  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
}

static void
set_n_pairs (DptRunComparison *self, guint n_pairs)
{
  if (self->n_pairs == n_pairs)
    return;

  self->n_pairs = n_pairs;
  notify (self, PROP_N_PAIRS);
}

static void
set_first_divergence (DptRunComparison *self, int row)
{
  if (self->first_divergence == row)
    return;

  self->first_divergence = row;
  notify (self, PROP_FIRST_DIVERGENCE);
}

static void
clear_results (DptRunComparison *self)
{
  g_list_store_remove_all (self->rows);
  g_list_store_remove_all (self->outputs);
  g_ptr_array_set_size (self->warnings, 0);
  g_clear_error (&self->error);
  set_n_pairs (self, 0);
  set_first_divergence (self, -1);
}

static DptSide *
get_side (DptRunComparison *self, DptPanel panel)
{
  return panel == DPT_PANEL_LEFT ? dpt_workspace_get_left (self->workspace)
                                 : dpt_workspace_get_right (self->workspace);
}

static void
swap_sides (DptRunComparison *self)
{
  DptRunComparisonSide left = self->sides[DPT_PANEL_LEFT];

  self->sides[DPT_PANEL_LEFT] = self->sides[DPT_PANEL_RIGHT];
  self->sides[DPT_PANEL_RIGHT] = left;
}

/* Ends what runs, without waiting: its task fails. */
static void
stop_job (DptRunComparison *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_clear_pointer (&self->job, dpt_run_job_free);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                             "The sides changed while they ran");
}

static void
sides_changed_cb (DptRunComparison *self)
{
  DptModel *models[DPT_N_PANELS];
  DptModel *weights[DPT_N_PANELS];
  gboolean changed = FALSE;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptSide *side = get_side (self, p);

      models[p] = dpt_side_get_model (side);
      weights[p] = dpt_side_get_weights (side);
      changed |= models[p] != self->sides[p].model ||
                 weights[p] != self->sides[p].weights;
    }
  if (!changed)
    return;

  /* A swap keeps what each model was asked for. */
  if (models[DPT_PANEL_LEFT] == self->sides[DPT_PANEL_RIGHT].model &&
      models[DPT_PANEL_RIGHT] == self->sides[DPT_PANEL_LEFT].model)
    swap_sides (self);

  stop_job (self);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptRunComparisonSide *side = &self->sides[p];

      if (side->model == models[p] && side->weights == weights[p])
        continue;
      side_clear (side);
      g_set_object (&side->model, models[p]);
      g_set_object (&side->weights, weights[p]);
      if (side->model != NULL)
        _dpt_run_comparison_side_open (side);
    }

  clear_results (self);
  set_state (self, DPT_RUN_COMPARISON_IDLE);
  _dpt_run_comparison_update_inputs (self);
}

static void
dpt_run_comparison_dispose (GObject *object)
{
  DptRunComparison *self = DPT_RUN_COMPARISON (object);

  stop_job (self);
  for (guint p = 0; p < DPT_N_PANELS; p++)
    side_clear (&self->sides[p]);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (dpt_run_comparison_parent_class)->dispose (object);
}

static void
dpt_run_comparison_finalize (GObject *object)
{
  DptRunComparison *self = DPT_RUN_COMPARISON (object);

  g_hash_table_unref (self->feeds);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_object_unref (self->rows);
  g_object_unref (self->outputs);
  g_ptr_array_unref (self->warnings);
  g_object_unref (self->progress);
  g_clear_pointer (&self->pool, dpt_thread_pool_unref);
  g_clear_error (&self->error);
  g_free (self->ran_command);

  G_OBJECT_CLASS (dpt_run_comparison_parent_class)->finalize (object);
}

static void
dpt_run_comparison_get_property (GObject *object,
                                 guint property_id,
                                 GValue *value,
                                 GParamSpec *pspec)
{
  DptRunComparison *self = DPT_RUN_COMPARISON (object);

  switch (property_id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_OUTDATED:
      g_value_set_boolean (value, self->outdated);
      break;
    case PROP_N_PAIRS:
      g_value_set_uint (value, self->n_pairs);
      break;
    case PROP_FIRST_DIVERGENCE:
      g_value_set_int (value, self->first_divergence);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_run_comparison_class_init (DptRunComparisonClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY |
                            G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dpt_run_comparison_dispose;
  object_class->finalize = dpt_run_comparison_finalize;
  object_class->get_property = dpt_run_comparison_get_property;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0,
                                        DPT_RUN_COMPARISON_FAILED, 0, flags);
  props[PROP_OUTDATED] = g_param_spec_boolean ("outdated", NULL, NULL, FALSE,
                                               flags);
  props[PROP_N_PAIRS] = g_param_spec_uint ("n-pairs", NULL, NULL, 0, G_MAXUINT,
                                           0, flags);
  props[PROP_FIRST_DIVERGENCE] = g_param_spec_int ("first-divergence", NULL,
                                                   NULL, -1, G_MAXINT, -1,
                                                   flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[PORTS_CHANGED] = g_signal_new ("ports-changed",
                                         G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
dpt_run_comparison_init (DptRunComparison *self)
{
  self->feeds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->inputs = dpt_run_input_pair (NULL, NULL);
  self->rows = g_list_store_new (DPT_TYPE_RUN_ROW);
  self->outputs = g_list_store_new (DPT_TYPE_RUN_ROW);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->progress = dpt_progress_new ();
  self->first_divergence = -1;
}

/**
 * dpt_run_comparison_new:
 * @workspace: whose sides are run, with its tolerance
 *
 * Returns: (transfer full): a comparison that has not been run.
 */
DptRunComparison *
dpt_run_comparison_new (DptWorkspace *workspace)
{
  DptRunComparison *self = g_object_new (DPT_TYPE_RUN_COMPARISON, NULL);

  self->workspace = g_object_ref (workspace);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    g_signal_connect_object (get_side (self, p), "notify::state",
                             G_CALLBACK (sides_changed_cb), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::right",
                           G_CALLBACK (sides_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::rtol",
                           G_CALLBACK (_dpt_run_comparison_update_outdated),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::atol",
                           G_CALLBACK (_dpt_run_comparison_update_outdated),
                           self, G_CONNECT_SWAPPED);
  sides_changed_cb (self);

  return self;
}

/**
 * dpt_run_comparison_get_workspace:
 * @self: a comparison of runs
 *
 * Returns: (transfer none): whose sides are run.
 */
DptWorkspace *
dpt_run_comparison_get_workspace (DptRunComparison *self)
{
  return self->workspace;
}

/* The end of a run: what was found stays. */
static void
finish (DptRunComparison *self, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  DptRunComparisonState state = DPT_RUN_COMPARISON_DONE;

  g_clear_pointer (&self->job, dpt_run_job_free);
  self->end_time = g_get_monotonic_time ();
  if (error != NULL)
    state = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                ? DPT_RUN_COMPARISON_CANCELLED
                : DPT_RUN_COMPARISON_FAILED;
  if (state == DPT_RUN_COMPARISON_FAILED)
    self->error = g_error_copy (error);
  set_state (self, state);

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
paired_cb (guint n_pairs, gpointer user_data)
{
  set_n_pairs (user_data, n_pairs);
}

static void
compared_cb (GPtrArray *rows, gpointer user_data)
{
  DptRunComparison *self = user_data;
  int first = self->first_divergence;

  for (guint i = 0; i < rows->len && first < 0; i++)
    if (dpt_run_row_get_verdict (rows->pdata[i]) >= DPT_VERDICT_DIFFERENT)
      first = (int) dpt_run_row_get_index (rows->pdata[i]);

  g_list_store_splice (self->rows,
                       g_list_model_get_n_items (G_LIST_MODEL (self->rows)), 0,
                       rows->pdata, rows->len);
  set_first_divergence (self, first);
}

static void
done_cb (GPtrArray *outputs,
         GPtrArray *warnings,
         const GError *error,
         gpointer user_data)
{
  DptRunComparison *self = user_data;

  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    g_ptr_array_add (self->warnings, g_strdup (warnings->pdata[i]));
  if (outputs != NULL)
    g_list_store_splice (self->outputs, 0, 0, outputs->pdata, outputs->len);
  finish (self, error);
}

static gboolean
take_side (DptRunComparison *self,
           DptPanel panel,
           DptRunJobSide *job,
           GError **error)
{
  DptRunComparisonSide *side = &self->sides[panel];

  if (side->runner == NULL)
    side->runner = dpt_run_new (side->model, side->weights, self->pool, error);
  if (side->runner == NULL)
    return FALSE;

  job->run = dpt_run_ref (side->runner);
  job->signature = g_strdup (side->signature);
  job->fetches = g_strdupv (side->fetches);
  job->feed_names = g_ptr_array_new_with_free_func (g_free);
  job->feed_texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->inputs->len; i++)
    {
      const DptRunInput *input = self->inputs->pdata[i];
      const char *text =
          dpt_run_comparison_get_feed (self, dpt_run_input_get_name (input));

      if (text == NULL || input->names[panel] == NULL)
        continue;
      g_ptr_array_add (job->feed_names, g_strdup (input->names[panel]));
      g_ptr_array_add (job->feed_texts,
                       dpt_run_input_dup_feed (input, panel, text));
    }
  return TRUE;
}

static void
start_job (DptRunComparison *self)
{
  static const DptRunJobCallbacks callbacks = { paired_cb, compared_cb,
                                                done_cb };
  DptRunJobSide sides[DPT_N_PANELS] = { 0 };
  g_autoptr (GError) error = NULL;
  DptTolerance tolerance;

  for (DptPanel p = 0; p < DPT_N_PANELS && error == NULL; p++)
    if (dpt_run_comparison_is_runnable (self, p))
      take_side (self, p, &sides[p], &error);

  if (error == NULL)
    {
      dpt_workspace_get_tolerance (self->workspace, &tolerance);
      self->tolerance = tolerance;
      self->job = dpt_run_job_new (sides, &tolerance, self->progress,
                                   &callbacks, self);
    }
  else
    finish (self, error);
  for (guint p = 0; p < DPT_N_PANELS; p++)
    dpt_run_job_side_clear (&sides[p]);
}

/**
 * dpt_run_comparison_run_async:
 * @self: a comparison with at least one side that can be run, and that does
 *   not run
 * @callback: (nullable) (scope async): called at the end
 * @user_data: for @callback
 *
 * Runs what is asked for in the background: both sides, or the one that can be
 * run.  Earlier results go.
 */
void
dpt_run_comparison_run_async (DptRunComparison *self,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (self->job == NULL);
  g_return_if_fail (dpt_run_comparison_is_runnable (self, DPT_PANEL_LEFT) ||
                    dpt_run_comparison_is_runnable (self, DPT_PANEL_RIGHT));

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, dpt_run_comparison_run_async);
  if (self->pool == NULL)
    self->pool = dpt_thread_pool_new (dpt_thread_pool_get_default_size ());

  clear_results (self);
  g_free (self->ran_command);
  self->ran_command = dpt_run_comparison_dup_command (self);
  self->start_time = g_get_monotonic_time ();
  set_state (self, DPT_RUN_COMPARISON_RUNNING);
  _dpt_run_comparison_update_outdated (self);
  start_job (self);
}

/**
 * dpt_run_comparison_run_finish:
 * @self: a comparison of runs
 * @result: what the callback was given
 * @error: why the run did not come to its end
 *
 * Returns: whether all was run and compared.
 */
gboolean
dpt_run_comparison_run_finish (DptRunComparison *self,
                               GAsyncResult *result,
                               GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dpt_run_comparison_cancel:
 * @self: a comparison of runs
 *
 * Stops what runs, soon; what was found stays.
 */
void
dpt_run_comparison_cancel (DptRunComparison *self)
{
  if (self->job != NULL)
    dpt_run_job_cancel (self->job);
}

/**
 * dpt_run_comparison_get_state:
 * @self: a comparison of runs
 *
 * Returns: what became of the run.
 */
DptRunComparisonState
dpt_run_comparison_get_state (DptRunComparison *self)
{
  return self->state;
}

/**
 * dpt_run_comparison_is_outdated:
 * @self: a comparison of runs
 *
 * Returns: whether what is asked for now is not what was run.
 */
gboolean
dpt_run_comparison_is_outdated (DptRunComparison *self)
{
  return self->outdated;
}

/**
 * dpt_run_comparison_get_error:
 * @self: a comparison of runs
 *
 * Returns: (transfer none) (nullable): why the run failed.
 */
const GError *
dpt_run_comparison_get_error (DptRunComparison *self)
{
  return self->error;
}

/**
 * dpt_run_comparison_get_progress:
 * @self: a comparison of runs
 *
 * Returns: (transfer none): the nodes of both sides that ran, and the name of
 *   the one that was compared last.
 */
DptProgress *
dpt_run_comparison_get_progress (DptRunComparison *self)
{
  return self->progress;
}

/**
 * dpt_run_comparison_get_seconds:
 * @self: a comparison of runs
 *
 * Returns: how long the last run took, or takes by now.
 */
double
dpt_run_comparison_get_seconds (DptRunComparison *self)
{
  gint64 end = self->job != NULL ? g_get_monotonic_time () : self->end_time;

  return (double) (end - self->start_time) / G_USEC_PER_SEC;
}

/**
 * dpt_run_comparison_get_rows:
 * @self: a comparison of runs
 *
 * Returns: (transfer none): the #DptRunRow of nodes that were compared by now,
 *   in the order of the left side's run.
 */
GListModel *
dpt_run_comparison_get_rows (DptRunComparison *self)
{
  return G_LIST_MODEL (self->rows);
}

/**
 * dpt_run_comparison_get_outputs:
 * @self: a comparison of runs
 *
 * Returns: (transfer none): the #DptRunRow of the outputs, with their values,
 *   once all was run.
 */
GListModel *
dpt_run_comparison_get_outputs (DptRunComparison *self)
{
  return G_LIST_MODEL (self->outputs);
}

/**
 * dpt_run_comparison_get_n_pairs:
 * @self: a comparison of runs
 *
 * Returns: how many rows there will be at most; 0 until that is known.
 */
guint
dpt_run_comparison_get_n_pairs (DptRunComparison *self)
{
  return self->n_pairs;
}

/**
 * dpt_run_comparison_get_first_divergence:
 * @self: a comparison of runs
 *
 * Returns: the first row that is different or worse, or -1.
 */
int
dpt_run_comparison_get_first_divergence (DptRunComparison *self)
{
  return self->first_divergence;
}

/**
 * dpt_run_comparison_get_tolerance:
 * @self: a comparison of runs
 * @tolerance: (out): what the rows were judged by
 */
void
dpt_run_comparison_get_tolerance (DptRunComparison *self,
                                  DptTolerance *tolerance)
{
  *tolerance = self->tolerance;
}

/**
 * dpt_run_comparison_get_warnings:
 * @self: a comparison of runs
 *
 * Returns: (transfer none) (element-type utf8): what makes the result prove
 *   less than it seems to, once all was run.
 */
GPtrArray *
dpt_run_comparison_get_warnings (DptRunComparison *self)
{
  return self->warnings;
}
