/* dpt-side-facts.c - what is known of a side, and what can be done with it
 *
 * A popover: path, kind, keys, bytes, shards, warnings; the tags to choose
 * from where a SavedModel has several MetaGraphs; the other checkpoints of the
 * same folder; and buttons for the actions of a side.  It is made for one
 * showing, since all of this can change.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-side-facts"

#include "dpt-side-facts.h"

#define WIDTH_CHARS 44

/* Longer lists scroll. */
#define MAX_LIST_HEIGHT 180

static void
add_fact (GtkGrid *grid, int *row, const char *name, const char *text)
{
  GtkWidget *head = gtk_label_new (name);
  GtkWidget *value = gtk_label_new (text);

  gtk_widget_add_css_class (head, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_widget_set_valign (head, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (value), WIDTH_CHARS);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  /* Else the popover would open with its first value selected. */
  gtk_widget_set_focusable (value, FALSE);
  gtk_grid_attach (grid, head, 0, *row, 1, 1);
  gtk_grid_attach (grid, value, 1, *row, 1, 1);
  ++*row;
}

static void
add_checkpoint_facts (GtkGrid *grid, int *row, DptCheckpoint *checkpoint)
{
  const char *const *missing = dpt_checkpoint_get_missing_shards (checkpoint);
  g_autofree char *keys = g_strdup_printf ("%u", dpt_checkpoint_get_n_entries (
                                                     checkpoint));
  g_autofree char *size =
      g_format_size_full (dpt_checkpoint_get_size (checkpoint),
                          G_FORMAT_SIZE_IEC_UNITS | G_FORMAT_SIZE_LONG_FORMAT);
  g_autofree char *shards = g_strdup_printf ("%u", dpt_checkpoint_get_n_shards (
                                                       checkpoint));

  add_fact (grid, row, "keys", keys);
  add_fact (grid, row, "bytes", size);
  add_fact (grid, row, "shards", shards);
  if (missing != NULL && missing[0] != NULL)
    {
      g_autofree char *list = g_strjoinv ("\n", (char **) missing);

      add_fact (grid, row, "missing", list);
    }
}

static GtkWidget *
make_facts (DptSide *side)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  DptModel *model = dpt_side_get_model (side);
  DptModel *keys = dpt_side_get_keys (side);
  int row = 0;

  gtk_grid_set_column_spacing (grid, 18);
  gtk_grid_set_row_spacing (grid, 6);
  add_fact (grid, &row, "path", dpt_side_get_path (side));
  if (dpt_side_get_weights_path (side) != NULL)
    add_fact (grid, &row, "weights", dpt_side_get_weights_path (side));
  if (dpt_side_get_error (side) != NULL)
    add_fact (grid, &row, "error", dpt_side_get_error (side)->message);
  if (model == NULL)
    return GTK_WIDGET (grid);

  add_fact (grid, &row, "kind",
            dpt_model_kind_get_name (dpt_model_get_kind (model)));
  if (keys != NULL && dpt_model_get_checkpoint (keys) != NULL)
    add_checkpoint_facts (grid, &row, dpt_model_get_checkpoint (keys));
  for (guint i = 0; i < dpt_model_get_warnings (model)->len; i++)
    add_fact (grid, &row, "warning",
              g_ptr_array_index (dpt_model_get_warnings (model), i));
  return GTK_WIDGET (grid);
}

static GtkWidget *
make_button (const char *label, const char *action, GVariant *target)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
make_buttons (DptPanel panel)
{
  const char *side = panel == DPT_PANEL_LEFT ? "left" : "right";
  const char *open = panel == DPT_PANEL_LEFT ? "win.open-left"
                                             : "win.open-right";
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), make_button ("_Open another…", open, NULL));
  gtk_box_append (GTK_BOX (box),
                  make_button ("_Weights from…", "win.open-weights",
                               g_variant_new_string (side)));
  gtk_box_append (GTK_BOX (box), make_button ("_Reload", "win.reload-side",
                                              g_variant_new_string (side)));
  gtk_box_append (GTK_BOX (box), make_button ("_Copy path", "win.copy-path",
                                              g_variant_new_string (side)));
  gtk_box_append (GTK_BOX (box), make_button ("Clos_e", "win.close-side",
                                              g_variant_new_string (side)));
  return box;
}

/* A headed list of choices that scrolls when it is long. */
static GtkWidget *
add_choices (GtkBox *box, const char *title)
{
  GtkWidget *head = gtk_label_new (title);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_widget_add_css_class (head, "heading");
  gtk_box_append (box, head);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scrolled),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled),
                                              MAX_LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  gtk_box_append (box, scrolled);
  return list;
}

static void
add_choice (GtkWidget *list,
            const char *label,
            const char *action,
            const char *side,
            const char *value,
            gboolean current)
{
  GtkWidget *button = make_button (label, action,
                                   g_variant_new ("(ss)", side, value));
  GtkWidget *child = gtk_label_new (label);

  gtk_label_set_xalign (GTK_LABEL (child), 0);
  gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_MIDDLE);
  gtk_button_set_child (GTK_BUTTON (button), child);
  gtk_widget_add_css_class (button, "flat");
  if (current)
    gtk_widget_add_css_class (child, "heading");
  gtk_box_append (GTK_BOX (list), button);
}

static void
add_tags (GtkBox *box, DptModel *model, const char *side)
{
  GtkWidget *list;

  if (dpt_model_get_n_meta_graphs (model) < 2)
    return;
  list = add_choices (box, "MetaGraphs");
  for (guint i = 0; i < dpt_model_get_n_meta_graphs (model); i++)
    {
      DptMetaGraph *graph = dpt_model_get_meta_graph_at (model, i);
      g_autofree char *tags =
          g_strjoinv (",", (char **) dpt_meta_graph_get_tags (graph));

      add_choice (list, tags, "win.choose-tags", side, tags,
                  graph == dpt_model_get_meta_graph (model));
    }
}

static void
add_checkpoints (GtkBox *box, DptSide *side, const char *name)
{
  g_auto (GStrv) prefixes = dpt_side_list_checkpoints (side);
  GtkWidget *list;

  if (prefixes == NULL || g_strv_length (prefixes) < 2)
    return;
  list = add_choices (box, "Checkpoints of this folder");
  for (guint i = 0; prefixes[i] != NULL; i++)
    {
      g_autofree char *base = g_path_get_basename (prefixes[i]);

      add_choice (list, base, "win.open-path", name, prefixes[i],
                  g_strcmp0 (prefixes[i], dpt_side_get_path (side)) == 0);
    }
}

static void
clicked_cb (GtkWidget *popover)
{
  gtk_popover_popdown (GTK_POPOVER (popover));
}

/* Every button closes the popover that it stands in. */
static void
close_on_click (GtkWidget *widget, GtkWidget *popover)
{
  if (GTK_IS_BUTTON (widget))
    g_signal_connect_object (widget, "clicked", G_CALLBACK (clicked_cb),
                             popover, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    close_on_click (child, popover);
}

/**
 * dpt_side_facts_new:
 * @side: what to tell of
 * @panel: where it stands
 *
 * Returns: (transfer floating): a popover.
 */
GtkWidget *
dpt_side_facts_new (DptSide *side, DptPanel panel)
{
  const char *name = panel == DPT_PANEL_LEFT ? "left" : "right";
  GtkWidget *popover = gtk_popover_new ();
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));

  gtk_widget_add_css_class (GTK_WIDGET (box), "facts");
  gtk_box_append (box, make_facts (side));
  if (dpt_side_get_model (side) != NULL)
    add_tags (box, dpt_side_get_model (side), name);
  add_checkpoints (box, side, name);
  gtk_box_append (box, make_buttons (panel));
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (box));
  close_on_click (GTK_WIDGET (box), popover);
  return popover;
}
