/* dpt-pair-details.c - all that is known of the chosen pair
 *
 * One sentence, then pictures, then numbers: verdict and position, both names,
 * facts side by side, why the two are a pair, statistics.  Values are read
 * when a pair is chosen; what is shown before they come is not held up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-pair-details"

#include "dpt-pair-details.h"

#include <math.h>
#include <string.h>

#include "dpt-chip.h"
#include "dpt-digits.h"
#include "dpt-pair-sentence.h"
#include "dpt-pair-study.h"
#include "dpt-tensor-print.h"
#include "dpt-theme.h"
#include "dpt-verdict-icon.h"

#define NO_PAIR DPT_PAIR_MODEL_NO_ROW

#define THUMB_WIDTH  104
#define THUMB_HEIGHT 64

/* Reading more than this for a few small pictures would hold up the disk. */
#define MAX_STUDY_BYTES (G_GUINT64_CONSTANT (512) << 20)

struct _DptPairDetails
{
  GtkWidget parent_instance;

  DptWorkspace *workspace; /* (nullable) unowned: the page's */
  DptHingeModel *model;    /* (nullable) */
  guint pair;
  GCancellable *cancellable;
  DptPairStudy *study; /* (nullable) */

  GtkStack *stack;
  DptChip *chip;
  GtkLabel *position;
  GtkLabel *left_name;
  GtkLabel *right_name;
  GtkLabel *sentence;
  GtkBox *thumbs;
  GtkWidget *pictures[DPT_N_STUDIES];
  GtkGrid *facts;
  GtkWidget *why_head;
  GtkLabel *confidence;
  GtkBox *evidence;
  GtkWidget *stats_head;
  GtkLabel *n_values;
  GtkGrid *stats;
  GtkLabel *note;
};

G_DEFINE_FINAL_TYPE (DptPairDetails, dpt_pair_details, GTK_TYPE_WIDGET)

static DptPairModel *
get_pairs (DptPairDetails *self)
{
  return self->model != NULL ? dpt_hinge_model_get_pairs (self->model) : NULL;
}

static const DptCheckpointEntry *
get_entry (DptPairDetails *self, DptPanel panel)
{
  DptPairModel *pairs = get_pairs (self);
  DptMapping *mapping = dpt_pair_model_get_mapping (pairs);
  gboolean left = panel == DPT_PANEL_LEFT;
  guint entry = left ? dpt_pair_model_get_left_entry (pairs, self->pair)
                     : dpt_pair_model_get_right_entry (pairs, self->pair);

  if (entry == NO_PAIR)
    return NULL;
  return dpt_checkpoint_get_entry (left ? dpt_mapping_get_left (mapping)
                                        : dpt_mapping_get_right (mapping),
                                   entry);
}

static void
clear (GtkWidget *container)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (container)) != NULL)
    if (GTK_IS_GRID (container))
      gtk_grid_remove (GTK_GRID (container), child);
    else
      gtk_box_remove (GTK_BOX (container), child);
}

static GtkWidget *
make_cell (const char *text, const char *css_class, double xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), (float) xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The fixed ending of an object key says nothing new: it is faint. */
static void
set_name (GtkLabel *label, const DptCheckpointEntry *entry)
{
  g_autofree char *shown = NULL;
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;
  g_autofree char *markup = NULL;
  const char *suffix;

  gtk_widget_set_visible (GTK_WIDGET (label), entry != NULL);
  if (entry == NULL)
    return;

  shown = g_utf8_make_valid (entry->key, (gssize) entry->key_length);
  suffix = strstr (shown, "/.ATTRIBUTES/");
  if (suffix == NULL)
    suffix = shown + strlen (shown);
  head = g_markup_escape_text (shown, suffix - shown);
  tail = g_markup_escape_text (suffix, -1);
  markup = g_strdup_printf ("%s<span alpha='55%%'>%s</span>", head, tail);
  gtk_label_set_markup (label, markup);
}

static char *
format_size (guint64 size)
{
  return g_format_size_full (size, G_FORMAT_SIZE_IEC_UNITS);
}

static void
add_fact (DptPairDetails *self,
          int row,
          const char *name,
          const char *left,
          const char *right,
          int verdict)
{
  GtkWidget *head = make_cell (name, "dim-label", 0);
  GtkWidget *icon = dpt_verdict_icon_new (verdict);
  GtkWidget *l = make_cell (left, "cell", 1);
  GtkWidget *r = make_cell (right, "cell", 1);

  gtk_widget_set_hexpand (l, TRUE);
  gtk_widget_set_hexpand (r, TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_grid_attach (self->facts, head, 0, row, 1, 1);
  gtk_grid_attach (self->facts, l, 1, row, 1, 1);
  gtk_grid_attach (self->facts, icon, 2, row, 1, 1);
  gtk_grid_attach (self->facts, r, 3, row, 1, 1);
}

/* What one side's column of facts says; all NULL where there is no key. */
typedef struct
{
  const char *dtype;
  char *shape;
  char *size;
  char *crc32c;
} Facts;

static void
facts_init (Facts *facts, const DptCheckpointEntry *entry)
{
  *facts = (Facts){ NULL };
  if (entry == NULL)
    return;
  facts->dtype = dpt_dtype_get_name (entry->dtype);
  facts->shape = dpt_shape_to_display (&entry->shape);
  facts->size = format_size (entry->size);
  facts->crc32c = entry->has_crc32c ? g_strdup_printf ("%08x", entry->crc32c)
                                    : g_strdup ("none");
}

static void
facts_release (Facts *facts)
{
  g_free (facts->shape);
  g_free (facts->size);
  g_free (facts->crc32c);
}

static int
judge (gboolean both, gboolean equal, DptVerdict verdict)
{
  if (!both)
    return DPT_VERDICT_ICON_NONE;
  return equal ? (int) DPT_VERDICT_IDENTICAL : (int) verdict;
}

static void
update_facts (DptPairDetails *self,
              const DptCheckpointEntry *left,
              const DptCheckpointEntry *right)
{
  gboolean both = left != NULL && right != NULL;
  Facts l, r;

  facts_init (&l, left);
  facts_init (&r, right);
  clear (GTK_WIDGET (self->facts));
  add_fact (self, 0, "dtype", l.dtype, r.dtype,
            judge (both, both && left->dtype == right->dtype,
                   DPT_VERDICT_DTYPE));
  add_fact (self, 1, "shape", l.shape, r.shape,
            judge (both, both && dpt_shape_equal (&left->shape, &right->shape),
                   DPT_VERDICT_SHAPE));
  add_fact (self, 2, "size", l.size, r.size,
            judge (both, both && left->size == right->size,
                   DPT_VERDICT_DIFFERENT));
  add_fact (self, 3, "crc32c", l.crc32c, r.crc32c,
            judge (both && left->has_crc32c && right->has_crc32c,
                   both && left->crc32c == right->crc32c,
                   DPT_VERDICT_DIFFERENT));
  facts_release (&l);
  facts_release (&r);
}

static void
update_evidence (DptPairDetails *self)
{
  DptPairModel *pairs = get_pairs (self);
  DptMapping *mapping = dpt_pair_model_get_mapping (pairs);
  gboolean paired = self->pair < dpt_mapping_get_n_pairs (mapping);
  DptPair *pair;
  g_autofree char *confidence = NULL;

  clear (GTK_WIDGET (self->evidence));
  gtk_widget_set_visible (self->why_head, paired);
  if (!paired)
    return;

  pair = dpt_mapping_get_pair (mapping, self->pair);
  confidence = g_strdup_printf ("confidence %.2f",
                                dpt_pair_get_confidence (pair));
  gtk_label_set_text (self->confidence, confidence);
  for (guint i = 0; i < dpt_pair_get_n_evidence (pair); i++)
    {
      const DptEvidence *evidence = dpt_pair_get_evidence (pair, i);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      GtkWidget *bar = gtk_level_bar_new_for_interval (0, 3);
      GtkWidget *note = gtk_label_new (evidence->note);
      g_autofree char *strength = g_strdup_printf ("strength %u of 3",
                                                   evidence->strength);

      gtk_level_bar_set_mode (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_MODE_DISCRETE);
      gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), evidence->strength);
      gtk_widget_add_css_class (bar, "strength");
      gtk_widget_set_tooltip_text (bar, strength);
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      gtk_label_set_xalign (GTK_LABEL (note), 0);
      gtk_label_set_wrap (GTK_LABEL (note), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (note), PANGO_WRAP_WORD_CHAR);
      gtk_box_append (GTK_BOX (box), bar);
      gtk_box_append (GTK_BOX (box), note);
      gtk_box_append (self->evidence, box);
    }
}

static void
add_stat (DptPairDetails *self,
          int row,
          const char *name,
          gboolean whole,
          double left,
          double right)
{
  const DptTensorAnalysis *analysis = self->study->analysis;
  double values[] = { left, right, right - left };
  gboolean has[] = { analysis->has_left, analysis->has_right,
                     analysis->has_left && analysis->has_right };

  gtk_grid_attach (self->stats, make_cell (name, "dim-label", 0), 0, row, 1, 1);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *text = !has[i]             ? NULL
                              : isnan (values[i]) ? g_strdup ("–")
                              : whole || rint (values[i]) == values[i]
                                  ? g_strdup_printf ("%.0f", values[i])
                                  : g_strdup_printf ("%.5g", values[i]);
      GtkWidget *cell = make_cell (text, "cell", 1);

      gtk_widget_set_hexpand (cell, TRUE);
      gtk_grid_attach (self->stats, cell, i + 1, row, 1, 1);
    }
}

static void
update_stats (DptPairDetails *self)
{
  static const char *const heads[] = { "left", "right", "right − left" };
  const DptTensorAnalysis *analysis = self->study != NULL
                                          ? self->study->analysis
                                          : NULL;
  const DptTensorStats *l, *r;
  char digits[DPT_DIGITS_SIZE];
  g_autofree char *n_values = NULL;
  gsize count;
  gboolean valid;

  clear (GTK_WIDGET (self->stats));
  valid = analysis != NULL && ((analysis->has_left && analysis->left.valid) ||
                               (analysis->has_right && analysis->right.valid));
  gtk_widget_set_visible (self->stats_head, valid);
  if (!valid)
    return;

  l = &analysis->left;
  r = &analysis->right;
  count = analysis->has_left ? l->count : r->count;
  n_values = g_strdup_printf ("%s value%s", dpt_digits_group (count, digits),
                              count != 1 ? "s" : "");
  gtk_label_set_text (self->n_values, n_values);
  for (int i = 0; i < 3; i++)
    {
      GtkWidget *head = make_cell (heads[i], "caption-heading", 1);

      if (i < 2)
        gtk_widget_add_css_class (head, heads[i]);
      gtk_grid_attach (self->stats, head, i + 1, 0, 1, 1);
    }
  add_stat (self, 1, "minimum", FALSE, l->min, r->min);
  add_stat (self, 2, "maximum", FALSE, l->max, r->max);
  add_stat (self, 3, "mean", FALSE, l->mean, r->mean);
  add_stat (self, 4, "std", FALSE, l->std, r->std);
  add_stat (self, 5, "L2", FALSE, l->l2, r->l2);
  add_stat (self, 6, "zeros", TRUE, (double) l->zeros, (double) r->zeros);
  add_stat (self, 7, "NaN", TRUE, (double) l->nan, (double) r->nan);
  add_stat (self, 8, "Inf", TRUE, (double) l->inf, (double) r->inf);
}

static void
update_pictures (DptPairDetails *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < DPT_N_STUDIES; i++)
    {
      gboolean has = self->study != NULL && self->study->pictures[i] != NULL;

      any |= has;
      gtk_widget_set_opacity (gtk_widget_get_ancestor (self->pictures[i],
                                                       GTK_TYPE_BUTTON),
                              has ? 1 : 0);
      gtk_widget_queue_draw (self->pictures[i]);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->thumbs), any);
}

static void
set_note (DptPairDetails *self, const char *text)
{
  gtk_label_set_text (self->note, text);
  gtk_widget_set_visible (GTK_WIDGET (self->note), text != NULL);
}

/* What changes when a verdict arrives. */
static void
update_verdict (DptPairDetails *self)
{
  DptPairModel *pairs = get_pairs (self);
  char a[DPT_DIGITS_SIZE], b[DPT_DIGITS_SIZE], c[DPT_DIGITS_SIZE];
  gboolean judged;
  guint index, row;
  g_autofree char *sentence = NULL;
  g_autofree char *position = NULL;

  if (self->pair == NO_PAIR || pairs == NULL)
    return;

  judged = dpt_pair_model_is_judged (pairs, self->pair);
  index = dpt_hinge_model_get_difference_index (self->model, self->pair);
  row = dpt_hinge_model_get_order (self->model, self->pair) + 1;
  sentence = dpt_pair_sentence (pairs, self->pair,
                                self->study != NULL ? self->study->analysis
                                                    : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->chip), judged);
  if (judged)
    dpt_chip_set_verdict (self->chip,
                          dpt_pair_model_get_verdict (pairs, self->pair));
  gtk_label_set_text (self->sentence, sentence);
  dpt_digits_group (row, c);
  position = index != NO_PAIR
                 ? g_strdup_printf (
                       "difference %s of %s · row %s",
                       dpt_digits_group (index + 1, a),
                       dpt_digits_group (dpt_hinge_model_get_n_differences (
                                             self->model),
                                         b),
                       c)
                 : g_strdup_printf ("row %s of %s", c,
                                    dpt_digits_group (g_list_model_get_n_items (
                                                          G_LIST_MODEL (pairs)),
                                                      b));
  gtk_label_set_text (self->position, position);
}

static void
studied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DptPairDetails) self = DPT_PAIR_DETAILS (user_data);
  g_autoptr (GError) error = NULL;
  DptPairStudy *study = dpt_pair_study_finish (DPT_WORKSPACE (source), result,
                                               &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      self->stack == NULL)
    {
      g_clear_pointer (&study, dpt_pair_study_free);
      return;
    }

  g_clear_pointer (&self->study, dpt_pair_study_free);
  self->study = study;
  set_note (self, error != NULL              ? error->message
                  : study->errors[0] != NULL ? study->errors[0]
                                             : study->errors[1]);
  update_verdict (self);
  update_pictures (self);
  update_stats (self);
}

static void
start_study (DptPairDetails *self)
{
  const DptCheckpointEntry *left = get_entry (self, DPT_PANEL_LEFT);
  const DptCheckpointEntry *right = get_entry (self, DPT_PANEL_RIGHT);
  guint64 size = (left != NULL ? left->size : 0) +
                 (right != NULL ? right->size : 0);

  if (size > MAX_STUDY_BYTES)
    {
      set_note (self, "Too large for a look in passing: the Tensor page shows "
                      "its values.");
      return;
    }
  set_note (self, NULL);
  self->cancellable = g_cancellable_new ();
  dpt_pair_study_async (self->workspace, self->pair, dpt_theme_get_current (),
                        THUMB_WIDTH, THUMB_HEIGHT,
                        gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                        self->cancellable, studied_cb, g_object_ref (self));
}

static void
stop_study (DptPairDetails *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->study, dpt_pair_study_free);
}

static void
update_all (DptPairDetails *self)
{
  const DptCheckpointEntry *left, *right;

  stop_study (self);
  gtk_stack_set_visible_child_name (self->stack,
                                    self->pair != NO_PAIR &&
                                            get_pairs (self) != NULL
                                        ? "pair"
                                        : "none");
  if (self->pair == NO_PAIR || get_pairs (self) == NULL)
    return;

  left = get_entry (self, DPT_PANEL_LEFT);
  right = get_entry (self, DPT_PANEL_RIGHT);
  set_name (self->left_name, left);
  set_name (self->right_name, right);
  update_verdict (self);
  update_facts (self, left, right);
  update_evidence (self);
  update_pictures (self);
  update_stats (self);
  start_study (self);
}

static void
draw_picture_cb (GtkDrawingArea *area,
                 cairo_t *cr,
                 int width,
                 int height,
                 gpointer user_data)
{
  DptPairDetails *self = DPT_PAIR_DETAILS (
      gtk_widget_get_ancestor (GTK_WIDGET (area), DPT_TYPE_PAIR_DETAILS));
  DptStudyKind kind = GPOINTER_TO_UINT (user_data);
  DptTheme theme = dpt_theme_get_current ();
  cairo_surface_t *picture = self->study != NULL ? self->study->pictures[kind]
                                                 : NULL;
  const DptColor *line =
      kind == DPT_STUDY_DIFFERENCE
          ? &dpt_palette_get_verdict (theme, DPT_VERDICT_DIFFERENT)->line
          : &dpt_palette_get_panel (theme, (DptPanel) kind)->line;

  if (picture == NULL)
    return;
  cairo_save (cr);
  cairo_translate (cr, 0, 3);
  cairo_scale (cr, width / (double) THUMB_WIDTH,
               (height - 3) / (double) THUMB_HEIGHT);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_rectangle (cr, 0, 0, width, 3);
  dpt_color_set_source (line, cr, 1);
  cairo_fill (cr);
}

static void
add_pictures (DptPairDetails *self)
{
  static const char *const names[] = { "left", "right", "difference" };

  for (guint i = 0; i < DPT_N_STUDIES; i++)
    {
      GtkWidget *button = gtk_button_new ();
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
      GtkWidget *area = gtk_drawing_area_new ();
      g_autofree char *label =
          g_strdup_printf ("Picture of the %s; opens the Tensor page",
                           names[i]);

      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area),
                                           THUMB_HEIGHT + 3);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_picture_cb,
                                      GUINT_TO_POINTER (i), NULL);
      gtk_box_append (GTK_BOX (box), area);
      gtk_box_append (GTK_BOX (box), make_cell (names[i], "caption", 0));
      gtk_button_set_child (GTK_BUTTON (button), box);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "thumb");
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "tensor");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.page");
      gtk_box_append (self->thumbs, button);
      self->pictures[i] = area;
    }
}

static void
copy_name (DptPairDetails *self, DptPanel panel)
{
  const DptCheckpointEntry *entry = get_pairs (self) != NULL &&
                                            self->pair != NO_PAIR
                                        ? get_entry (self, panel)
                                        : NULL;

  if (entry != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.copy-text", "s",
                                entry->key);
}

static void
copy_left_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy_name (DPT_PAIR_DETAILS (widget), DPT_PANEL_LEFT);
}

static void
copy_right_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy_name (DPT_PAIR_DETAILS (widget), DPT_PANEL_RIGHT);
}

static void
copy_all_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *text = dpt_pair_details_dup_text (DPT_PAIR_DETAILS (widget));

  gtk_widget_activate_action (widget, "win.copy-text", "s", text);
}

static void
dpt_pair_details_dispose (GObject *object)
{
  DptPairDetails *self = DPT_PAIR_DETAILS (object);

  stop_study (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  gtk_widget_dispose_template (GTK_WIDGET (self), DPT_TYPE_PAIR_DETAILS);

  G_OBJECT_CLASS (dpt_pair_details_parent_class)->dispose (object);
}

static void
dpt_pair_details_class_init (DptPairDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_pair_details_dispose;
  g_type_ensure (DPT_TYPE_CHIP);
  gtk_widget_class_set_css_name (widget_class, "pairdetails");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-pair-details.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, DptPairDetails, name)
  BIND (stack);
  BIND (chip);
  BIND (position);
  BIND (left_name);
  BIND (right_name);
  BIND (sentence);
  BIND (thumbs);
  BIND (facts);
  BIND (why_head);
  BIND (confidence);
  BIND (evidence);
  BIND (stats_head);
  BIND (n_values);
  BIND (stats);
  BIND (note);
#undef BIND
  gtk_widget_class_install_action (widget_class, "details.copy-left", NULL,
                                   copy_left_cb);
  gtk_widget_class_install_action (widget_class, "details.copy-right", NULL,
                                   copy_right_cb);
  gtk_widget_class_install_action (widget_class, "details.copy-all", NULL,
                                   copy_all_cb);
}

static void
dpt_pair_details_init (DptPairDetails *self)
{
  self->pair = NO_PAIR;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_pictures (self);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (update_all));
}

/**
 * dpt_pair_details_set_workspace:
 * @self: the details
 * @workspace: (nullable): the comparison whose tensors are read; must live as
 *   long as it is set
 */
void
dpt_pair_details_set_workspace (DptPairDetails *self, DptWorkspace *workspace)
{
  dpt_pair_details_set_pair (self, NULL, NO_PAIR);
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  self->workspace = workspace;
  if (workspace == NULL)
    return;

  /* Another tolerance tells another story about the same values. */
  g_signal_connect_swapped (workspace, "notify::rtol", G_CALLBACK (update_all),
                            self);
  g_signal_connect_swapped (workspace, "notify::atol", G_CALLBACK (update_all),
                            self);
}

/**
 * dpt_pair_details_set_pair:
 * @self: the details
 * @model: (nullable): the hinge, whose order and filter tell the position
 * @pair: the pair to show, or %DPT_PAIR_MODEL_NO_ROW
 */
void
dpt_pair_details_set_pair (DptPairDetails *self,
                           DptHingeModel *model,
                           guint pair)
{
  if (self->model == model && self->pair == pair)
    return;

  if (self->model != model)
    {
      if (self->model != NULL)
        g_signal_handlers_disconnect_by_data (self->model, self);
      g_set_object (&self->model, model);
      if (model != NULL)
        g_signal_connect_swapped (model, "changed", G_CALLBACK (update_verdict),
                                  self);
    }
  self->pair = pair;
  update_all (self);
}

static void
append_grid (GString *text, GtkGrid *grid)
{
  for (int row = 0; row < 10; row++)
    {
      gboolean any = FALSE;

      for (int column = 0; column < 4; column++)
        {
          GtkWidget *cell = gtk_grid_get_child_at (grid, column, row);

          if (!GTK_IS_LABEL (cell))
            continue;
          g_string_append_printf (text, "%s%s", any ? "\t" : "",
                                  gtk_label_get_text (GTK_LABEL (cell)));
          any = TRUE;
        }
      if (any)
        g_string_append_c (text, '\n');
    }
}

/**
 * dpt_pair_details_dup_text:
 * @self: the details
 *
 * Returns: (transfer full): what is shown, as lines of text, the columns of
 *   tables separated by tabs.
 */
char *
dpt_pair_details_dup_text (DptPairDetails *self)
{
  GtkLabel *labels[] = { self->position, self->left_name, self->right_name,
                         self->sentence };
  DptPairModel *pairs = get_pairs (self);
  GString *text = g_string_new (NULL);

  if (pairs == NULL || self->pair == NO_PAIR)
    return g_string_free (text, FALSE);

  if (dpt_pair_model_is_judged (pairs, self->pair))
    g_string_append_printf (text, "%s\n",
                            dpt_verdict_get_name (
                                dpt_pair_model_get_verdict (pairs,
                                                            self->pair)));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (gtk_widget_get_visible (GTK_WIDGET (labels[i])))
      g_string_append_printf (text, "%s\n", gtk_label_get_text (labels[i]));
  append_grid (text, self->facts);
  append_grid (text, self->stats);
  return g_string_free (text, FALSE);
}

/**
 * dpt_pair_details_is_studied:
 * @self: the details
 *
 * Returns: whether nothing is being read for them any more.
 */
gboolean
dpt_pair_details_is_studied (DptPairDetails *self)
{
  return self->pair == NO_PAIR || self->study != NULL ||
         gtk_widget_get_visible (GTK_WIDGET (self->note));
}
