/* dpt-run-comparison.c - runs both sides on the same feeds, and compares
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: a side has inputs and outputs if, and only if, it can be run
 * with what is asked of it; otherwise, if a model is open there, it has an
 * error that says why not.  `job` is there while something runs.  Rows,
 * outputs and warnings belong to the models that are open now: when a model
 * changes they go.
 */

#define G_LOG_DOMAIN "dpt-run-comparison"

#include "dpt-run-comparison.h"

#include "dpt-run-comparison-private.h"
#include "dpt-run-ports.h"

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
static void
update_outdated (DptRunComparison *self)
{
  g_autofree char *command = dpt_run_comparison_dup_command (self);
  gboolean outdated = self->state != DPT_RUN_COMPARISON_IDLE &&
                      g_strcmp0 (command, self->ran_command) != 0;

  if (self->outdated == outdated)
    return;

  self->outdated = outdated;
  notify (self, PROP_OUTDATED);
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

/* The signature to begin with; of several, the first that a person would
 * call. */
static char *
find_usual_signature (DptMetaGraph *meta_graph)
{
  const DptSignature *signature;

  if (dpt_run_choose_signature (meta_graph, NULL, &signature, NULL))
    return g_strdup (signature != NULL ? signature->name : NULL);

  for (guint i = 0; i < dpt_meta_graph_get_n_signatures (meta_graph); i++)
    {
      signature = dpt_meta_graph_get_signature (meta_graph, i);
      if (!g_str_has_prefix (signature->name, "__"))
        return g_strdup (signature->name);
    }
  return NULL;
}

static gboolean
require_graph (DptModel *model, GError **error)
{
  if (dpt_model_get_n_meta_graphs (model) == 0)
    {
      g_autofree char *title = dpt_model_dup_title (model);

      g_set_error (error, DPT_MODEL_ERROR, DPT_MODEL_ERROR_NO_GRAPH,
                   "%s has no graph (%s): it cannot be run; choose its .meta, "
                   "or open the graph and give it these weights",
                   title, dpt_model_kind_get_name (dpt_model_get_kind (model)));
      return FALSE;
    }

  return dpt_model_require_meta_graph (model, error) != NULL;
}

static void
resolve (DptRunComparisonSide *side)
{
  const DptRunSpec spec = {
    .signature = side->signature,
    .fetches = (const char *const *) side->fetches,
  };

  g_clear_pointer (&side->inputs, g_array_unref);
  g_clear_pointer (&side->outputs, g_array_unref);
  if (side->probe == NULL)
    return;

  g_clear_error (&side->error);
  dpt_run_resolve (side->probe, &spec, &side->inputs, &side->outputs,
                   &side->error);
}

static void
open_model (DptRunComparisonSide *side)
{
  if (!require_graph (side->model, &side->error))
    return;

  side->signature = find_usual_signature (
      dpt_model_get_meta_graph (side->model));
  side->probe = dpt_run_new (side->model, side->weights, NULL, &side->error);
  resolve (side);
}

/* What both sides are fed; an input that is new begins with its usual feed. */
static void
update_inputs (DptRunComparison *self)
{
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  self->inputs = dpt_run_input_pair (self->sides[DPT_PANEL_LEFT].inputs,
                                     self->sides[DPT_PANEL_RIGHT].inputs);
  for (guint i = 0; i < self->inputs->len; i++)
    {
      const DptRunInput *input = self->inputs->pdata[i];
      const char *name = dpt_run_input_get_name (input);

      if (!g_hash_table_contains (self->feeds, name))
        g_hash_table_insert (self->feeds, g_strdup (name),
                             dpt_run_input_dup_usual_feed (input));
    }

  g_signal_emit (self, signals[PORTS_CHANGED], 0);
  update_outdated (self);
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
        open_model (side);
    }

  clear_results (self);
  set_state (self, DPT_RUN_COMPARISON_IDLE);
  update_inputs (self);
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
                           G_CALLBACK (update_outdated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "notify::atol",
                           G_CALLBACK (update_outdated), self,
                           G_CONNECT_SWAPPED);
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

/**
 * dpt_run_comparison_is_runnable:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: whether the side can be run with what is asked of it.
 */
gboolean
dpt_run_comparison_is_runnable (DptRunComparison *self, DptPanel panel)
{
  return self->sides[panel].outputs != NULL;
}

/**
 * dpt_run_comparison_get_side_error:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: (transfer none) (nullable): why the model there cannot be run; %NULL
 *   if it can, or if there is none.
 */
const GError *
dpt_run_comparison_get_side_error (DptRunComparison *self, DptPanel panel)
{
  return self->sides[panel].error;
}

/**
 * dpt_run_comparison_list_signatures:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: (transfer full): the names of the graph's signatures, without those
 *   that TensorFlow keeps for itself ("__...").
 */
char **
dpt_run_comparison_list_signatures (DptRunComparison *self, DptPanel panel)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const DptRunComparisonSide *side = &self->sides[panel];
  DptMetaGraph *meta_graph = side->probe != NULL
                                 ? dpt_model_get_meta_graph (side->model)
                                 : NULL;

  for (guint i = 0;
       meta_graph != NULL && i < dpt_meta_graph_get_n_signatures (meta_graph);
       i++)
    {
      const char *name = dpt_meta_graph_get_signature (meta_graph, i)->name;

      if (!g_str_has_prefix (name, "__"))
        g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

/**
 * dpt_run_comparison_list_nodes:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: (transfer full): the names of the graph's nodes, any of which can be
 *   fetched, in the file's order.
 */
char **
dpt_run_comparison_list_nodes (DptRunComparison *self, DptPanel panel)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  DptRun *probe = self->sides[panel].probe;
  DptGraph *graph = probe != NULL
                        ? dpt_session_get_graph (dpt_run_get_session (probe))
                        : NULL;

  for (guint i = 0; graph != NULL && i < dpt_graph_get_n_nodes (graph); i++)
    g_strv_builder_add (names,
                        dpt_node_get_name (dpt_graph_get_node (graph, i)));

  return g_strv_builder_end (names);
}

/**
 * dpt_run_comparison_get_signature:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: (nullable): the signature to run; %NULL where nodes are fetched, or
 *   where the graph has none and its data sinks are fetched.
 */
const char *
dpt_run_comparison_get_signature (DptRunComparison *self, DptPanel panel)
{
  return self->sides[panel].signature;
}

/**
 * dpt_run_comparison_set_signature:
 * @self: a comparison of runs
 * @panel: a side
 * @signature: (nullable): which to run; %NULL for the usual one, or for the
 *   data sinks of a graph without signatures
 */
void
dpt_run_comparison_set_signature (DptRunComparison *self,
                                  DptPanel panel,
                                  const char *signature)
{
  DptRunComparisonSide *side = &self->sides[panel];
  char *name;

  if (side->probe == NULL)
    return;

  name = signature != NULL
             ? g_strdup (signature)
             : find_usual_signature (dpt_model_get_meta_graph (side->model));
  g_free (side->signature);
  side->signature = name;
  g_clear_pointer (&side->fetches, g_strfreev);
  resolve (side);
  update_inputs (self);
}

/**
 * dpt_run_comparison_dup_fetches:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: (transfer full) (nullable): the nodes to fetch, separated by
 *   commas; %NULL where a signature or the sinks are run.
 */
char *
dpt_run_comparison_dup_fetches (DptRunComparison *self, DptPanel panel)
{
  char **fetches = self->sides[panel].fetches;

  return fetches != NULL ? g_strjoinv (",", fetches) : NULL;
}

static char **
split_names (const char *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (names, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (builder, parts[i]);

  return g_strv_builder_end (builder);
}

/**
 * dpt_run_comparison_set_fetches:
 * @self: a comparison of runs
 * @panel: a side that has a graph
 * @names: nodes, or tensors "node:k", separated by commas
 * @error: which of them is not there
 *
 * Returns: whether they are fetched from now on; otherwise nothing changes.
 */
gboolean
dpt_run_comparison_set_fetches (DptRunComparison *self,
                                DptPanel panel,
                                const char *names,
                                GError **error)
{
  DptRunComparisonSide *side = &self->sides[panel];
  g_auto (GStrv) fetches = split_names (names);
  const DptRunSpec spec = { .fetches = (const char *const *) fetches };
  GArray *inputs;
  GArray *outputs;

  g_return_val_if_fail (side->probe != NULL, FALSE);

  if (fetches[0] == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "Name at least one node");
      return FALSE;
    }
  if (!dpt_run_resolve (side->probe, &spec, &inputs, &outputs, error))
    return FALSE;

  g_clear_pointer (&side->signature, g_free);
  g_clear_pointer (&side->fetches, g_strfreev);
  g_clear_pointer (&side->inputs, g_array_unref);
  g_clear_pointer (&side->outputs, g_array_unref);
  g_clear_error (&side->error);
  side->fetches = g_steal_pointer (&fetches);
  side->inputs = inputs;
  side->outputs = outputs;
  update_inputs (self);
  return TRUE;
}

/**
 * dpt_run_comparison_get_ports:
 * @self: a comparison of runs
 * @panel: a side
 *
 * Returns: (transfer none) (nullable) (element-type DptRunPort): the outputs
 *   that a run would fetch there; %NULL if it cannot be run.
 */
const GArray *
dpt_run_comparison_get_ports (DptRunComparison *self, DptPanel panel)
{
  return self->sides[panel].outputs;
}

/**
 * dpt_run_comparison_get_inputs:
 * @self: a comparison of runs
 *
 * Returns: (transfer none) (element-type DptRunInput): what is fed, until the
 *   next "ports-changed".
 */
GPtrArray *
dpt_run_comparison_get_inputs (DptRunComparison *self)
{
  return self->inputs;
}

/**
 * dpt_run_comparison_get_feed:
 * @self: a comparison of runs
 * @name: an input's name
 *
 * Returns: (nullable): what it is fed; %NULL for its default, or nothing.
 */
const char *
dpt_run_comparison_get_feed (DptRunComparison *self, const char *name)
{
  return g_hash_table_lookup (self->feeds, name);
}

/**
 * dpt_run_comparison_set_feed:
 * @self: a comparison of runs
 * @name: an input's name
 * @text: (nullable): a value as dpt_feed_parse() reads it; %NULL for none
 * @error: why @text is no value
 *
 * Files are read by the run.
 *
 * Returns: whether it is fed that from now on; otherwise nothing changes.
 */
gboolean
dpt_run_comparison_set_feed (DptRunComparison *self,
                             const char *name,
                             const char *text,
                             GError **error)
{
  g_autoptr (DptFeed) feed = NULL;

  if (text != NULL)
    {
      feed = dpt_feed_parse (text, error);
      if (feed == NULL)
        return FALSE;
    }

  g_hash_table_insert (self->feeds, g_strdup (name), g_strdup (text));
  update_outdated (self);
  return TRUE;
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
      const char *text = g_hash_table_lookup (self->feeds,
                                              dpt_run_input_get_name (input));

      if (text == NULL || input->names[panel] == NULL)
        continue;
      g_ptr_array_add (job->feed_names, g_strdup (input->names[panel]));
      g_ptr_array_add (job->feed_texts, g_strdup (text));
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
  update_outdated (self);
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
