/* dpt-workspace.c - one comparison: two sides, their mapping and verdicts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: `pairs` belongs to the two key models that are open now, or is
 * NULL; `comparison` is there while verdicts are still to come; `selected` is
 * a row of `pairs` or NO_ROW.
 */

#define G_LOG_DOMAIN "dpt-workspace"

#include "dpt-workspace.h"

#include "dpt-comparison.h"
#include "dpt-digits.h"

struct _DptWorkspace
{
  GObject parent;

  DptSide *left;
  DptSide *right;
  DptPairModel *pairs;
  guint selected;
  DptTolerance tolerance;
  gboolean verify;
  DptProgress *progress;
  DptComparison *comparison;
  GError *error;
  DptAnswer answer;
};

enum
{
  PROP_LEFT = 1,
  PROP_RIGHT,
  PROP_PAIRS,
  PROP_SELECTED,
  PROP_ANSWER,
  PROP_COMPARING,
  PROP_PROGRESS,
  PROP_ERROR,
  PROP_RTOL,
  PROP_ATOL,
  PROP_VERIFY,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DptWorkspace, dpt_workspace, G_TYPE_OBJECT)

static void
notify (DptWorkspace *self, guint prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
count_verdicts (DptWorkspace *self, guint *counts)
{
  for (guint verdict = 0; verdict < DPT_N_VERDICTS; verdict++)
    counts[verdict] = self->pairs != NULL
                          ? dpt_pair_model_get_count (self->pairs,
                                                      (DptVerdict) verdict)
                          : 0;
}

static void
update_answer (DptWorkspace *self)
{
  guint counts[DPT_N_VERDICTS];
  DptAnswer answer;

  count_verdicts (self, counts);
  if (self->comparison != NULL)
    answer = DPT_ANSWER_COMPARING;
  else if (self->pairs == NULL ||
           dpt_pair_model_get_n_unjudged (self->pairs) > 0)
    answer = DPT_ANSWER_NONE;
  else
    answer = dpt_answer_from_counts (counts);

  if (answer == self->answer)
    return;

  self->answer = answer;
  notify (self, PROP_ANSWER);
}

static void
set_pairs (DptWorkspace *self, DptPairModel *pairs)
{
  if (!g_set_object (&self->pairs, pairs))
    return;

  /* The selection goes first: nobody may look up its row in other pairs. */
  dpt_workspace_set_selected (self, DPT_PAIR_MODEL_NO_ROW);
  notify (self, PROP_PAIRS);
}

static void
set_error (DptWorkspace *self, const GError *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  notify (self, PROP_ERROR);
}

static void
stop_comparing (DptWorkspace *self)
{
  if (self->comparison == NULL)
    return;

  g_clear_pointer (&self->comparison, dpt_comparison_free);
  notify (self, PROP_COMPARING);
  update_answer (self);
}

static void
matched_cb (DptPairModel *pairs, gpointer user_data)
{
  set_pairs (user_data, pairs);
}

static void
done_cb (const GError *error, gpointer user_data)
{
  DptWorkspace *self = user_data;

  set_error (self, error);
  stop_comparing (self);

  /* A read that failed may be a file that was replaced. */
  if (self->answer == DPT_ANSWER_UNREAD)
    {
      dpt_side_check_files (self->left);
      dpt_side_check_files (self->right);
    }
}

static void
start_comparing (DptWorkspace *self)
{
  static const DptComparisonCallbacks callbacks = { matched_cb, done_cb };
  DptModel *left = dpt_side_get_keys (self->left);
  DptModel *right = dpt_side_get_keys (self->right);

  stop_comparing (self);
  set_error (self, NULL);
  if (left == NULL || right == NULL)
    {
      update_answer (self);
      return;
    }

  self->comparison = dpt_comparison_new (left, right, self->pairs,
                                         &self->tolerance, self->verify,
                                         self->progress, &callbacks, self);
  notify (self, PROP_COMPARING);
  update_answer (self);
}

/* Other keys: the old pairs mean nothing now. */
static void
compare_anew (DptWorkspace *self)
{
  stop_comparing (self);
  set_pairs (self, NULL);
  start_comparing (self);
}

/* Other rules for the same keys: the rows stay, their verdicts go. */
static void
judge_anew (DptWorkspace *self)
{
  if (self->pairs != NULL)
    dpt_pair_model_withdraw_all (self->pairs);
  start_comparing (self);
}

static void
side_model_cb (DptSide *side, GParamSpec *pspec, gpointer user_data)
{
  compare_anew (user_data);
}

static void
dpt_workspace_dispose (GObject *object)
{
  DptWorkspace *self = DPT_WORKSPACE (object);

  g_clear_pointer (&self->comparison, dpt_comparison_free);
  if (self->left != NULL)
    g_signal_handlers_disconnect_by_data (self->left, self);
  if (self->right != NULL)
    g_signal_handlers_disconnect_by_data (self->right, self);
  g_clear_object (&self->left);
  g_clear_object (&self->right);
  g_clear_object (&self->pairs);
  g_clear_object (&self->progress);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (dpt_workspace_parent_class)->dispose (object);
}

static void
dpt_workspace_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  DptWorkspace *self = DPT_WORKSPACE (object);

  switch (id)
    {
    case PROP_LEFT:
      g_value_set_object (value, self->left);
      break;
    case PROP_RIGHT:
      g_value_set_object (value, self->right);
      break;
    case PROP_PAIRS:
      g_value_set_object (value, self->pairs);
      break;
    case PROP_SELECTED:
      g_value_set_uint (value, self->selected);
      break;
    case PROP_ANSWER:
      g_value_set_int (value, (int) self->answer);
      break;
    case PROP_COMPARING:
      g_value_set_boolean (value, dpt_workspace_is_comparing (self));
      break;
    case PROP_PROGRESS:
      g_value_set_object (value, self->progress);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_RTOL:
      g_value_set_double (value, self->tolerance.rtol);
      break;
    case PROP_ATOL:
      g_value_set_double (value, self->tolerance.atol);
      break;
    case PROP_VERIFY:
      g_value_set_boolean (value, self->verify);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dpt_workspace_set_property (GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  DptWorkspace *self = DPT_WORKSPACE (object);
  DptTolerance tolerance = self->tolerance;

  switch (id)
    {
    case PROP_SELECTED:
      dpt_workspace_set_selected (self, g_value_get_uint (value));
      break;
    case PROP_RTOL:
      tolerance.rtol = g_value_get_double (value);
      dpt_workspace_set_tolerance (self, &tolerance);
      break;
    case PROP_ATOL:
      tolerance.atol = g_value_get_double (value);
      dpt_workspace_set_tolerance (self, &tolerance);
      break;
    case PROP_VERIFY:
      dpt_workspace_set_verify (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dpt_workspace_class_init (DptWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                               G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;

  object_class->dispose = dpt_workspace_dispose;
  object_class->get_property = dpt_workspace_get_property;
  object_class->set_property = dpt_workspace_set_property;

  props[PROP_LEFT] = g_param_spec_object ("left", NULL, NULL, DPT_TYPE_SIDE,
                                          readable);
  props[PROP_RIGHT] = g_param_spec_object ("right", NULL, NULL, DPT_TYPE_SIDE,
                                           readable);
  props[PROP_PAIRS] = g_param_spec_object ("pairs", NULL, NULL,
                                           DPT_TYPE_PAIR_MODEL, readable);
  props[PROP_SELECTED] = g_param_spec_uint ("selected", NULL, NULL, 0,
                                            G_MAXUINT, DPT_PAIR_MODEL_NO_ROW,
                                            writable);
  props[PROP_ANSWER] = g_param_spec_int ("answer", NULL, NULL, DPT_ANSWER_NONE,
                                         DPT_ANSWER_UNREAD, DPT_ANSWER_NONE,
                                         readable);
  props[PROP_COMPARING] = g_param_spec_boolean ("comparing", NULL, NULL, FALSE,
                                                readable);
  props[PROP_PROGRESS] = g_param_spec_object ("progress", NULL, NULL,
                                              DPT_TYPE_PROGRESS, readable);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                                          readable);
  props[PROP_RTOL] = g_param_spec_double ("rtol", NULL, NULL, 0, G_MAXDOUBLE, 0,
                                          writable);
  props[PROP_ATOL] = g_param_spec_double ("atol", NULL, NULL, 0, G_MAXDOUBLE, 0,
                                          writable);
  props[PROP_VERIFY] = g_param_spec_boolean ("verify", NULL, NULL, FALSE,
                                             writable);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
dpt_workspace_init (DptWorkspace *self)
{
  self->selected = DPT_PAIR_MODEL_NO_ROW;
  self->tolerance = DPT_TOLERANCE_DEFAULT;
  self->progress = dpt_progress_new ();
  self->left = dpt_side_new ();
  self->right = dpt_side_new ();
  g_signal_connect (self->left, "notify::model", G_CALLBACK (side_model_cb),
                    self);
  g_signal_connect (self->right, "notify::model", G_CALLBACK (side_model_cb),
                    self);
}

/**
 * dpt_workspace_new:
 *
 * Returns: (transfer full): a workspace with two empty sides.
 */
DptWorkspace *
dpt_workspace_new (void)
{
  return g_object_new (DPT_TYPE_WORKSPACE, NULL);
}

/**
 * dpt_workspace_get_left:
 * @self: a workspace
 *
 * Returns: (transfer none): the left side, another object after a swap.
 */
DptSide *
dpt_workspace_get_left (DptWorkspace *self)
{
  return self->left;
}

/**
 * dpt_workspace_get_right:
 * @self: a workspace
 *
 * Returns: (transfer none): the right side, another object after a swap.
 */
DptSide *
dpt_workspace_get_right (DptWorkspace *self)
{
  return self->right;
}

/**
 * dpt_workspace_swap:
 * @self: a workspace
 *
 * The left side becomes the right one.  Verdicts are found anew: the
 * tolerance refers to the right.
 */
void
dpt_workspace_swap (DptWorkspace *self)
{
  DptSide *left = self->left;

  g_object_freeze_notify (G_OBJECT (self));
  self->left = self->right;
  self->right = left;
  notify (self, PROP_LEFT);
  notify (self, PROP_RIGHT);
  compare_anew (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * dpt_workspace_get_pairs:
 * @self: a workspace
 *
 * Returns: (transfer none) (nullable): the hinge, %NULL until matched.
 */
DptPairModel *
dpt_workspace_get_pairs (DptWorkspace *self)
{
  return self->pairs;
}

/**
 * dpt_workspace_get_selected:
 * @self: a workspace
 *
 * Returns: the selected row of the pairs, or %DPT_PAIR_MODEL_NO_ROW.
 */
guint
dpt_workspace_get_selected (DptWorkspace *self)
{
  return self->selected;
}

/**
 * dpt_workspace_set_selected:
 * @self: a workspace
 * @row: a row of the pairs, or %DPT_PAIR_MODEL_NO_ROW
 */
void
dpt_workspace_set_selected (DptWorkspace *self, guint row)
{
  g_return_if_fail (
      row == DPT_PAIR_MODEL_NO_ROW ||
      (self->pairs != NULL &&
       row < g_list_model_get_n_items (G_LIST_MODEL (self->pairs))));

  if (self->selected == row)
    return;

  self->selected = row;
  notify (self, PROP_SELECTED);
}

/**
 * dpt_workspace_get_tolerance:
 * @self: a workspace
 * @tolerance: (out): what is still close
 */
void
dpt_workspace_get_tolerance (DptWorkspace *self, DptTolerance *tolerance)
{
  *tolerance = self->tolerance;
}

/**
 * dpt_workspace_set_tolerance:
 * @self: a workspace
 * @tolerance: what is still close
 *
 * Judges all pairs anew, in the same rows.
 */
void
dpt_workspace_set_tolerance (DptWorkspace *self, const DptTolerance *tolerance)
{
  g_return_if_fail (dpt_tolerance_is_valid (tolerance));

  if (dpt_tolerance_equal (&self->tolerance, tolerance))
    return;

  self->tolerance = *tolerance;
  notify (self, PROP_RTOL);
  notify (self, PROP_ATOL);
  judge_anew (self);
}

/**
 * dpt_workspace_set_verify:
 * @self: a workspace
 * @verify: whether values are read even where equal checksums would do
 *
 * Judges all pairs anew, in the same rows.
 */
void
dpt_workspace_set_verify (DptWorkspace *self, gboolean verify)
{
  if (self->verify == verify)
    return;

  self->verify = verify;
  notify (self, PROP_VERIFY);
  judge_anew (self);
}

/**
 * dpt_workspace_get_answer:
 * @self: a workspace
 *
 * Returns: what the verdicts say by now.
 */
DptAnswer
dpt_workspace_get_answer (DptWorkspace *self)
{
  return self->answer;
}

/**
 * dpt_workspace_dup_sentence:
 * @self: a workspace
 *
 * Returns: (transfer full): the answer as one sentence with its counts.
 */
char *
dpt_workspace_dup_sentence (DptWorkspace *self)
{
  guint counts[DPT_N_VERDICTS];

  count_verdicts (self, counts);
  return dpt_answer_to_sentence (self->answer, counts);
}

/**
 * dpt_workspace_get_error:
 * @self: a workspace
 *
 * Returns: (nullable): why the two could not be matched.
 */
const GError *
dpt_workspace_get_error (DptWorkspace *self)
{
  return self->error;
}

/**
 * dpt_workspace_is_comparing:
 * @self: a workspace
 *
 * Returns: whether verdicts are still to come.
 */
gboolean
dpt_workspace_is_comparing (DptWorkspace *self)
{
  return self->comparison != NULL;
}

/**
 * dpt_workspace_get_progress:
 * @self: a workspace
 *
 * Returns: (transfer none): the progress of comparing.
 */
DptProgress *
dpt_workspace_get_progress (DptWorkspace *self)
{
  return self->progress;
}

/**
 * dpt_workspace_cancel:
 * @self: a workspace
 *
 * Stops comparing; what is judged stays judged.
 */
void
dpt_workspace_cancel (DptWorkspace *self)
{
  stop_comparing (self);
}

static void
append_quoted (GString *command, const char *word)
{
  g_autofree char *quoted = g_shell_quote (word);

  g_string_append_printf (command, " %s", quoted);
}

static void
append_number (GString *command, const char *option, double value)
{
  char digits[DPT_DIGITS_SIZE];

  g_string_append_printf (command, " %s %s", option,
                          dpt_digits_print_double (value, digits));
}

/**
 * dpt_workspace_dup_diff_command:
 * @self: a workspace
 *
 * Returns: (transfer full) (nullable): the command line that shows the same,
 *   quoted for a shell; %NULL when a side is empty.
 */
char *
dpt_workspace_dup_diff_command (DptWorkspace *self)
{
  const DptTolerance usual = DPT_TOLERANCE_DEFAULT;
  g_autoptr (GString) command = g_string_new ("diptych-cli diff");
  DptSide *sides[] = { self->left, self->right };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      const char *path = dpt_side_get_weights_path (sides[i]);

      if (path == NULL)
        path = dpt_side_get_path (sides[i]);
      if (path == NULL)
        return NULL;
      append_quoted (command, path);
    }

  if (self->tolerance.rtol != usual.rtol)
    append_number (command, "--rtol", self->tolerance.rtol);
  if (self->tolerance.atol != usual.atol)
    append_number (command, "--atol", self->tolerance.atol);
  if (self->tolerance.nan_differs)
    g_string_append (command, " --nan-differs");
  if (self->verify)
    g_string_append (command, " --verify");

  return g_string_free (g_steal_pointer (&command), FALSE);
}
