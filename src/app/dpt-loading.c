/* dpt-loading.c - the steps of a long load
 *
 * Three steps: read both indexes, pair the keys, compare values.  Invariants:
 * the steps before `current` are done and have both times, `current` has its
 * start, those after it have none.  Times are taken whether the page is on the
 * screen or not, so that a load that is shown late tells of its beginning.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-loading"

#include "dpt-loading.h"

#include "dpt-digits.h"
#include "dpt-panel.h"

/* The time that is left is a guess: none before this much is done, or within
 * the first second. */
#define LEAST_DONE 0.05

typedef enum
{
  STEP_READ,
  STEP_PAIR,
  STEP_COMPARE,
  N_STEPS,
} Step;

typedef struct
{
  gint64 start; /* monotonic, in microseconds */
  gint64 end;
  GtkStack *state; /* "waiting", "running" or "done" */
  GtkSpinner *spinner;
  GtkLabel *name;
  GtkLabel *detail;
} Row;

struct _DptLoading
{
  GtkWidget parent_instance;

  DptWorkspace *workspace; /* (nullable) unowned: the window's */
  Step current;            /* N_STEPS: all is done */
  Row rows[N_STEPS];

  GtkWidget *scrolled;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkProgressBar *bar;
  GtkLabel *done;
  GtkLabel *left;
  GtkGrid *steps;
};

G_DEFINE_FINAL_TYPE (DptLoading, dpt_loading, GTK_TYPE_WIDGET)

static DptSide *
get_side (DptLoading *self, DptPanel panel)
{
  return panel == DPT_PANEL_LEFT ? dpt_workspace_get_left (self->workspace)
                                 : dpt_workspace_get_right (self->workspace);
}

static Step
find_step (DptLoading *self)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    if (dpt_side_get_state (get_side (self, p)) == DPT_SIDE_LOADING)
      return STEP_READ;
  if (!dpt_workspace_is_comparing (self->workspace))
    return N_STEPS;
  return dpt_workspace_get_pairs (self->workspace) == NULL ? STEP_PAIR
                                                           : STEP_COMPARE;
}

/* A step that was too short to be seen begins and ends now. */
static void
go_to (DptLoading *self, Step step)
{
  gint64 now = g_get_monotonic_time ();

  if (step < self->current)
    for (Step s = step; s < N_STEPS; s++)
      self->rows[s].start = self->rows[s].end = 0;
  for (Step s = 0; s < step; s++)
    {
      Row *row = &self->rows[s];

      row->start = row->start != 0 ? row->start : now;
      row->end = row->end != 0 ? row->end : now;
    }
  if (step < N_STEPS && self->rows[step].start == 0)
    self->rows[step].start = now;
  self->current = step;
}

static char *
format_duration (gint64 microseconds)
{
  if (microseconds < G_USEC_PER_SEC)
    return g_strdup_printf ("%" G_GINT64_FORMAT " ms", microseconds / 1000);
  if (microseconds < 100 * G_USEC_PER_SEC)
    return g_strdup_printf ("%.1f s", (double) microseconds / G_USEC_PER_SEC);
  return g_strdup_printf ("%" G_GINT64_FORMAT " min",
                          microseconds / (60 * G_USEC_PER_SEC));
}

static char *
format_count (guint64 count, const char *noun)
{
  char digits[DPT_DIGITS_SIZE];

  return g_strdup_printf ("%s %s%s", dpt_digits_group (count, digits), noun,
                          count != 1 ? "s" : "");
}

static guint64
count_keys (DptLoading *self)
{
  guint64 n = 0;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptModel *model = dpt_side_get_keys (get_side (self, p));
      DptCheckpoint *keys = model != NULL ? dpt_model_get_checkpoint (model)
                                          : NULL;

      n += keys != NULL ? dpt_checkpoint_get_n_entries (keys) : 0;
    }
  return n;
}

static guint
count_pairs (DptWorkspace *workspace)
{
  DptPairModel *pairs = dpt_workspace_get_pairs (workspace);

  return pairs != NULL
             ? dpt_mapping_get_n_pairs (dpt_pair_model_get_mapping (pairs))
             : 0;
}

/* What a step is at, or what came of it and how long it took. */
static char *
describe (DptLoading *self, Step step)
{
  const Row *row = &self->rows[step];
  g_autofree char *count = NULL;
  g_autofree char *duration = NULL;

  if (step > self->current)
    return NULL;
  if (step == self->current)
    {
      g_autofree char *doing =
          step != STEP_READ
              ? NULL
              : dpt_progress_dup_step (dpt_side_get_progress (
                    get_side (self, dpt_side_get_state (
                                        get_side (self, DPT_PANEL_LEFT)) ==
                                            DPT_SIDE_LOADING
                                        ? DPT_PANEL_LEFT
                                        : DPT_PANEL_RIGHT)));

      return g_steal_pointer (&doing);
    }
  duration = format_duration (row->end - row->start);
  count = step == STEP_READ
              ? format_count (count_keys (self), "key")
              : format_count (count_pairs (self->workspace), "pair");
  return g_strdup_printf ("%s, %s", count, duration);
}

static void
update_rows (DptLoading *self)
{
  for (Step s = 0; s < N_STEPS; s++)
    {
      Row *row = &self->rows[s];
      g_autofree char *detail = describe (self, s);

      gtk_stack_set_visible_child_name (row->state, s < self->current ? "done"
                                                    : s == self->current
                                                        ? "running"
                                                        : "waiting");
      gtk_spinner_set_spinning (row->spinner, s == self->current);
      gtk_label_set_text (row->detail, detail);
      if (s > self->current)
        gtk_widget_add_css_class (GTK_WIDGET (row->name), "dim-label");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (row->name), "dim-label");
    }
}

/* How far both sides are together, or -1 while nobody knows. */
static double
get_read_fraction (DptLoading *self)
{
  guint64 done = 0;
  guint64 total = 0;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptProgress *progress = dpt_side_get_progress (get_side (self, p));

      done += dpt_progress_get_done (progress);
      total += dpt_progress_get_total (progress);
    }
  return total > 0 ? MIN ((double) done / (double) total, 1) : -1;
}

static void
set_fraction (DptLoading *self, double fraction)
{
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->bar, fraction);
  else
    gtk_progress_bar_pulse (self->bar);
}

static char *
guess_left (DptLoading *self, double fraction)
{
  gint64 elapsed = g_get_monotonic_time () - self->rows[STEP_COMPARE].start;
  double left = (double) elapsed * (1 - fraction) / fraction;
  g_autofree char *text = NULL;

  if (fraction < LEAST_DONE || elapsed < G_USEC_PER_SEC)
    return NULL;
  if (left < 100.0 * G_USEC_PER_SEC)
    return g_strdup_printf ("%.0f s left", MAX (left / G_USEC_PER_SEC, 1));
  return g_strdup_printf ("%.0f min left", left / (60.0 * G_USEC_PER_SEC));
}

static void
update_comparing (DptLoading *self)
{
  double fraction = dpt_progress_get_fraction (
      dpt_workspace_get_progress (self->workspace));
  g_autofree char *done = dpt_loading_describe_comparing (self->workspace);
  g_autofree char *left = guess_left (self, fraction);

  set_fraction (self, fraction);
  gtk_label_set_text (self->done, done);
  gtk_label_set_text (self->left, left);
}

static void
update (DptLoading *self)
{
  static const struct
  {
    const char *title;
    const char *subtitle;
  } words[] = {
    { "Reading the indexes", "No values are read yet." },
    { "Pairing the keys", "Which key of the left is which of the right?" },
    { "Comparing values",
      "You can look at the keys already. Verdicts appear as they come." },
    { "", "" },
  };

  if (self->workspace == NULL || self->title == NULL)
    return;

  go_to (self, find_step (self));
  gtk_label_set_text (self->title, words[self->current].title);
  gtk_label_set_text (self->subtitle, words[self->current].subtitle);
  update_rows (self);
  if (self->current == STEP_COMPARE)
    {
      update_comparing (self);
      return;
    }
  gtk_label_set_text (self->done, NULL);
  gtk_label_set_text (self->left, NULL);
  set_fraction (self,
                self->current == STEP_READ ? get_read_fraction (self) : -1);
}

static void
add_step (DptLoading *self, Step step, const char *name)
{
  Row *row = &self->rows[step];
  GtkWidget *done = gtk_image_new_from_icon_name ("emblem-ok-symbolic");
  GtkWidget *waiting = gtk_image_new_from_icon_name (
      "content-loading-symbolic");

  row->state = GTK_STACK (gtk_stack_new ());
  row->spinner = GTK_SPINNER (gtk_spinner_new ());
  row->name = GTK_LABEL (gtk_label_new (name));
  row->detail = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (done, "success");
  gtk_widget_add_css_class (waiting, "dim-label");
  gtk_widget_set_valign (GTK_WIDGET (row->spinner), GTK_ALIGN_CENTER);
  gtk_stack_add_named (row->state, waiting, "waiting");
  gtk_stack_add_named (row->state, GTK_WIDGET (row->spinner), "running");
  gtk_stack_add_named (row->state, done, "done");
  gtk_label_set_xalign (row->name, 0);
  gtk_label_set_xalign (row->detail, 1);
  gtk_label_set_ellipsize (row->detail, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (GTK_WIDGET (row->detail), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (row->detail), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (row->detail), "dim-label");
  gtk_grid_attach (self->steps, GTK_WIDGET (row->state), 0, (int) step, 1, 1);
  gtk_grid_attach (self->steps, GTK_WIDGET (row->name), 1, (int) step, 1, 1);
  gtk_grid_attach (self->steps, GTK_WIDGET (row->detail), 2, (int) step, 1, 1);
}

static void
disconnect_sides (DptLoading *self)
{
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptSide *side = get_side (self, p);

      g_signal_handlers_disconnect_by_data (side, self);
      g_signal_handlers_disconnect_by_data (dpt_side_get_progress (side), self);
    }
}

static void
watch_sides (DptLoading *self)
{
  disconnect_sides (self);
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    {
      DptSide *side = get_side (self, p);

      g_signal_connect_swapped (side, "notify::state", G_CALLBACK (update),
                                self);
      g_signal_connect_swapped (dpt_side_get_progress (side), "notify",
                                G_CALLBACK (update), self);
    }
  update (self);
}

static void
dpt_loading_dispose (GObject *object)
{
  DptLoading *self = DPT_LOADING (object);

  dpt_loading_set_workspace (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), DPT_TYPE_LOADING);

  G_OBJECT_CLASS (dpt_loading_parent_class)->dispose (object);
}

static void
dpt_loading_class_init (DptLoadingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_loading_dispose;
  gtk_widget_class_set_css_name (widget_class, "loading");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-loading.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, DptLoading, name)
  BIND (scrolled);
  BIND (title);
  BIND (subtitle);
  BIND (bar);
  BIND (done);
  BIND (left);
  BIND (steps);
#undef BIND
}

static void
dpt_loading_init (DptLoading *self)
{
  self->current = N_STEPS;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_step (self, STEP_READ, "Read both indexes");
  add_step (self, STEP_PAIR, "Pair the keys");
  add_step (self, STEP_COMPARE, "Compare values");
}

/**
 * dpt_loading_set_workspace:
 * @self: a page
 * @workspace: (nullable): the comparison whose load it shows; must live as
 *   long as it is set
 */
void
dpt_loading_set_workspace (DptLoading *self, DptWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;

  if (self->workspace != NULL)
    {
      disconnect_sides (self);
      g_signal_handlers_disconnect_by_data (self->workspace, self);
      g_signal_handlers_disconnect_by_data (dpt_workspace_get_progress (
                                                self->workspace),
                                            self);
    }
  self->workspace = workspace;
  if (workspace == NULL)
    return;

  g_signal_connect_swapped (workspace, "notify::left", G_CALLBACK (watch_sides),
                            self);
  g_signal_connect_swapped (workspace, "notify::right",
                            G_CALLBACK (watch_sides), self);
  g_signal_connect_swapped (workspace, "notify::pairs", G_CALLBACK (update),
                            self);
  g_signal_connect_swapped (workspace, "notify::comparing", G_CALLBACK (update),
                            self);
  g_signal_connect_swapped (dpt_workspace_get_progress (workspace), "notify",
                            G_CALLBACK (update), self);
  watch_sides (self);
}

/**
 * dpt_loading_describe_comparing:
 * @workspace: a comparison whose keys are paired
 *
 * Returns: (transfer full): how far the values are compared, as "26.2 GiB of
 *   42.1 GiB, 421 of 676 pairs".
 */
char *
dpt_loading_describe_comparing (DptWorkspace *workspace)
{
  DptProgress *progress = dpt_workspace_get_progress (workspace);
  DptPairModel *pairs = dpt_workspace_get_pairs (workspace);
  guint n = count_pairs (workspace);
  char a[DPT_DIGITS_SIZE], b[DPT_DIGITS_SIZE];
  g_autofree char *done = g_format_size_full (dpt_progress_get_done (progress),
                                              G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *total = g_format_size_full (dpt_progress_get_total (
                                                   progress),
                                               G_FORMAT_SIZE_IEC_UNITS);

  /* What has no counterpart has its verdict from the beginning. */
  return g_strdup_printf ("%s of %s, %s of %s pairs", done, total,
                          dpt_digits_group (n - dpt_pair_model_get_n_unjudged (
                                                    pairs),
                                            a),
                          dpt_digits_group (n, b));
}
