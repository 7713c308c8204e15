/* dpt-dimension-bar.c - chooses a slice: one control for each dimension
 *
 * A dimension runs downwards (rows), to the right (columns), or stands at one
 * index, which a slider sets.  The slice as text stands at the right and can
 * be typed; while it is no slice of the shape it is marked, with the reason as
 * its tooltip.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-dimension-bar"

#include "dpt-dimension-bar.h"

#define SLIDER_WIDTH 110

/* The order of the entries in a role's list. */
enum
{
  ROLE_FIXED,
  ROLE_ROWS,
  ROLE_COLUMNS,
};

static const char *const role_names[] = { "at", "rows", "columns", NULL };

struct _DptDimensionBar
{
  GtkBox parent_instance;
  DptSliceChoice choice;
  GStrv names;
  gboolean updating;
  GtkWidget *controls; /* one box for each dimension */
  GtkWidget *roles[DPT_SHAPE_MAX_RANK];
  GtkWidget *sliders[DPT_SHAPE_MAX_RANK];
  GtkWidget *places[DPT_SHAPE_MAX_RANK];
  GtkWidget *entry;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptDimensionBar, dpt_dimension_bar, GTK_TYPE_BOX)

static guint
get_role (DptDimensionBar *self, int axis)
{
  if (axis == self->choice.row_axis)
    return ROLE_ROWS;
  if (axis == self->choice.column_axis)
    return ROLE_COLUMNS;
  return ROLE_FIXED;
}

static void
clear_error (DptDimensionBar *self)
{
  gtk_widget_remove_css_class (self->entry, "error");
  gtk_widget_set_tooltip_text (self->entry, NULL);
}

/* Shows the choice in all controls, without taking that for a choice. */
static void
update_controls (DptDimensionBar *self)
{
  g_autofree char *text = dpt_slice_choice_to_string (&self->choice);

  self->updating = TRUE;
  for (int axis = 0; axis < self->choice.shape.rank; axis++)
    {
      gboolean fixed = get_role (self, axis) == ROLE_FIXED;
      g_autofree char *place = g_strdup_printf ("%" G_GINT64_FORMAT,
                                                self->choice.index[axis]);

      if (self->roles[axis] != NULL)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->roles[axis]),
                                    get_role (self, axis));
      gtk_range_set_value (GTK_RANGE (self->sliders[axis]),
                           (double) self->choice.index[axis]);
      gtk_label_set_text (GTK_LABEL (self->places[axis]), place);
      gtk_widget_set_visible (self->sliders[axis], fixed);
      gtk_widget_set_visible (self->places[axis], fixed);
    }
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  clear_error (self);
  self->updating = FALSE;
}

static void
announce (DptDimensionBar *self)
{
  update_controls (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static int
get_axis (GtkWidget *control)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (control), "axis"));
}

/* A dimension that gives up its role hands it to the one before it, or behind
 * it, that is not shown. */
static void
release_axis (DptDimensionBar *self, int axis)
{
  for (int other = self->choice.shape.rank - 1; other >= 0; other--)
    if (other != axis && get_role (self, other) == ROLE_FIXED)
      {
        if (self->choice.row_axis == axis)
          self->choice.row_axis = other;
        else
          self->choice.column_axis = other;
        return;
      }
}

static void
role_changed_cb (DptDimensionBar *self, GParamSpec *pspec, GtkWidget *control)
{
  int axis = get_axis (control);
  guint role = gtk_drop_down_get_selected (GTK_DROP_DOWN (control));

  if (self->updating || role == get_role (self, axis))
    return;
  if (role == ROLE_ROWS)
    dpt_slice_choice_set_row_axis (&self->choice, axis);
  else if (role == ROLE_COLUMNS)
    dpt_slice_choice_set_column_axis (&self->choice, axis);
  else
    release_axis (self, axis);
  announce (self);
}

static void
slider_changed_cb (DptDimensionBar *self, GtkWidget *control)
{
  int axis = get_axis (control);
  gint64 index = (gint64) (gtk_range_get_value (GTK_RANGE (control)) + 0.5);

  if (self->updating || index == self->choice.index[axis])
    return;
  dpt_slice_choice_set_index (&self->choice, axis, index);
  announce (self);
}

static void
entry_activated_cb (DptDimensionBar *self)
{
  dpt_dimension_bar_set_text (self, gtk_editable_get_text (
                                        GTK_EDITABLE (self->entry)));
}

static GtkWidget *
make_name (DptDimensionBar *self, int axis)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *name =
      self->names != NULL
          ? g_markup_printf_escaped ("<b>%d</b> <span alpha=\"70%%\">%s "
                                     "%" G_GINT64_FORMAT "</span>",
                                     axis, self->names[axis],
                                     self->choice.shape.dims[axis])
          : g_markup_printf_escaped ("<b>%d</b> <span "
                                     "alpha=\"70%%\">%" G_GINT64_FORMAT
                                     "</span>",
                                     axis, self->choice.shape.dims[axis]);

  gtk_label_set_markup (GTK_LABEL (label), name);
  return label;
}

static GtkWidget *
make_slider (DptDimensionBar *self, int axis)
{
  gint64 last = MAX (self->choice.shape.dims[axis] - 1, 0);
  GtkWidget *slider = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0.0,
                                                MAX ((double) last, 1.0), 1.0);
  g_autofree char *label = g_strdup_printf ("Index of dimension %d", axis);

  gtk_scale_set_draw_value (GTK_SCALE (slider), FALSE);
  gtk_range_set_round_digits (GTK_RANGE (slider), 0);
  gtk_widget_set_size_request (slider, SLIDER_WIDTH, -1);
  /* A dimension of one index can be chosen, but not moved. */
  gtk_widget_set_sensitive (slider, last > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (slider),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (slider), "axis", GINT_TO_POINTER (axis));
  g_signal_connect_swapped (slider, "value-changed",
                            G_CALLBACK (slider_changed_cb), self);
  return slider;
}

static GtkWidget *
make_role (DptDimensionBar *self, int axis)
{
  GtkWidget *role = gtk_drop_down_new_from_strings (role_names);
  g_autofree char *label = g_strdup_printf ("Role of dimension %d", axis);

  gtk_widget_set_valign (role, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (role),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (role), "axis", GINT_TO_POINTER (axis));
  return role;
}

static void
add_dimension (DptDimensionBar *self, int axis)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), make_name (self, axis));
  /* With no dimension to spare there is no role to choose. */
  if (self->choice.shape.rank >= 2)
    {
      self->roles[axis] = make_role (self, axis);
      gtk_box_append (GTK_BOX (box), self->roles[axis]);
    }
  self->sliders[axis] = make_slider (self, axis);
  self->places[axis] = gtk_label_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->places[axis]), 4);
  gtk_label_set_xalign (GTK_LABEL (self->places[axis]), 0.0f);
  gtk_widget_add_css_class (self->places[axis], "monospace");
  gtk_box_append (GTK_BOX (box), self->sliders[axis]);
  gtk_box_append (GTK_BOX (box), self->places[axis]);
  gtk_box_append (GTK_BOX (self->controls), box);
}

static void
remove_dimensions (DptDimensionBar *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->controls)) != NULL)
    gtk_box_remove (GTK_BOX (self->controls), child);
  for (int axis = 0; axis < DPT_SHAPE_MAX_RANK; axis++)
    self->roles[axis] = self->sliders[axis] = self->places[axis] = NULL;
}

static void
dpt_dimension_bar_finalize (GObject *object)
{
  g_strfreev (DPT_DIMENSION_BAR (object)->names);
  G_OBJECT_CLASS (dpt_dimension_bar_parent_class)->finalize (object);
}

static void
dpt_dimension_bar_class_init (DptDimensionBarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_dimension_bar_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "dimensionbar");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
dpt_dimension_bar_init (DptDimensionBar *self)
{
  GtkWidget *caption = gtk_label_new ("slice");

  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->controls = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_set_hexpand (self->controls, TRUE);
  self->entry = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 16);
  gtk_widget_set_valign (self->entry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->entry, "monospace");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, "Slice", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, "Dimensions",
                                  -1);
  g_signal_connect_swapped (self->entry, "activate",
                            G_CALLBACK (entry_activated_cb), self);
  gtk_box_append (GTK_BOX (self), self->controls);
  gtk_box_append (GTK_BOX (self), caption);
  gtk_box_append (GTK_BOX (self), self->entry);
}

/**
 * dpt_dimension_bar_new:
 *
 * Returns: (transfer floating): a bar for a scalar: it has nothing to choose
 */
GtkWidget *
dpt_dimension_bar_new (void)
{
  return g_object_new (DPT_TYPE_DIMENSION_BAR, NULL);
}

/**
 * dpt_dimension_bar_get_choice:
 * @self: a bar
 *
 * Returns: (transfer none): the slice that is chosen
 */
const DptSliceChoice *
dpt_dimension_bar_get_choice (DptDimensionBar *self)
{
  g_return_val_if_fail (DPT_IS_DIMENSION_BAR (self), NULL);

  return &self->choice;
}

/**
 * dpt_dimension_bar_set_choice:
 * @self: a bar
 * @choice: the shape and the slice to show; emits nothing
 * @names: (nullable) (array zero-terminated=1): one word for each dimension,
 *   or %NULL where they are not known
 */
void
dpt_dimension_bar_set_choice (DptDimensionBar *self,
                              const DptSliceChoice *choice,
                              const char *const *names)
{
  g_return_if_fail (DPT_IS_DIMENSION_BAR (self));
  g_return_if_fail (names == NULL ||
                    (int) g_strv_length ((GStrv) names) == choice->shape.rank);

  self->choice = *choice;
  g_strfreev (self->names);
  self->names = g_strdupv ((GStrv) names);
  remove_dimensions (self);
  for (int axis = 0; axis < choice->shape.rank; axis++)
    add_dimension (self, axis);
  update_controls (self);
  /* Connected last: a list that was just made notifies its first entry. */
  for (int axis = 0; axis < choice->shape.rank; axis++)
    if (self->roles[axis] != NULL)
      g_signal_connect_swapped (self->roles[axis], "notify::selected",
                                G_CALLBACK (role_changed_cb), self);
}

/**
 * dpt_dimension_bar_get_text:
 * @self: a bar
 *
 * Returns: (transfer none): the slice as it is written at the right
 */
const char *
dpt_dimension_bar_get_text (DptDimensionBar *self)
{
  g_return_val_if_fail (DPT_IS_DIMENSION_BAR (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/**
 * dpt_dimension_bar_set_text:
 * @self: a bar
 * @text: a slice, as a person types it
 *
 * Chooses that slice and emits "changed"; when @text is no slice of the shape,
 * the choice stays and the entry says why.
 */
void
dpt_dimension_bar_set_text (DptDimensionBar *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (DPT_IS_DIMENSION_BAR (self));

  if (dpt_slice_choice_parse (&self->choice, text, &error))
    {
      announce (self);
      return;
    }
  gtk_widget_add_css_class (self->entry, "error");
  gtk_widget_set_tooltip_text (self->entry, error->message);
}
