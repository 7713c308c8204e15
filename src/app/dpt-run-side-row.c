/* dpt-run-side-row.c - what is run of one side
 *
 * The drop-down offers the graph's signatures, or its ends where it has none,
 * and "Nodes…", which are typed; below stands what would be fetched, or why
 * the side cannot be run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-run-side-row"

#include "dpt-run-side-row.h"

#include <string.h>

#include "dpt-panel-mark.h"

/* Outputs that are listed; the rest is counted. */
#define MAX_LISTED 3

struct _DptRunSideRow
{
  AdwBin parent_instance;

  DptRunComparison *comparison; /* (nullable) */
  DptPanel panel;
  char **signatures; /* (nullable) as in the drop-down */
  gboolean is_filling;
  gboolean has_completion;

  GtkBox *head;
  GtkWidget *mark; /* (nullable) until there is a comparison */
  GtkLabel *title;
  GtkDropDown *choice;
  GtkEditable *nodes;
  GtkLabel *note;
};

G_DEFINE_FINAL_TYPE (DptRunSideRow, dpt_run_side_row, ADW_TYPE_BIN)

static char *
describe_ports (const GArray *ports)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%u output%s", ports->len,
                          ports->len == 1 ? "" : "s");
  for (guint i = 0; i < MIN (ports->len, MAX_LISTED); i++)
    {
      const DptRunPort *port = &g_array_index (ports, DptRunPort, i);
      g_autofree char *name = g_utf8_make_valid (port->name, -1);
      g_autofree char *shape = dpt_shape_to_display (&port->shape);

      g_string_append_printf (text, "%s%s", i == 0 ? ": " : ", ", name);
      if (port->shape.rank >= 0)
        g_string_append_printf (text, " %s", shape);
    }
  if (ports->len > MAX_LISTED)
    g_string_append (text, ", …");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_note (DptRunSideRow *self, const char *text, gboolean is_reason)
{
  GtkWidget *note = GTK_WIDGET (self->note);

  gtk_label_set_text (self->note, text);
  if (is_reason)
    {
      gtk_widget_remove_css_class (note, "dim-label");
      gtk_widget_add_css_class (note, "reason");
    }
  else
    {
      gtk_widget_remove_css_class (note, "reason");
      gtk_widget_add_css_class (note, "dim-label");
    }
}

static void
update_note (DptRunSideRow *self)
{
  const GError *error = dpt_run_comparison_get_side_error (self->comparison,
                                                           self->panel);
  const GArray *ports = dpt_run_comparison_get_ports (self->comparison,
                                                      self->panel);
  g_autofree char *text = NULL;

  if (error != NULL)
    text = g_utf8_make_valid (error->message, -1);
  else if (ports != NULL)
    text = describe_ports (ports);
  else
    text = g_strdup ("Nothing is open on this side");
  show_note (self, text, error != NULL);
}

/* The name that is typed last, after the last comma. */
static const char *
get_last_name (const char *text)
{
  const char *comma = strrchr (text, ',');

  text = comma != NULL ? comma + 1 : text;
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

static gboolean
match_cb (GtkEntryCompletion *completion,
          const char *key,
          GtkTreeIter *iter,
          gpointer user_data)
{
  const char *typed = get_last_name (gtk_editable_get_text (
      GTK_EDITABLE (gtk_entry_completion_get_entry (completion))));
  g_autofree char *name = NULL;

  gtk_tree_model_get (gtk_entry_completion_get_model (completion), iter, 0,
                      &name, -1);
  return *typed != '\0' && strstr (name, typed) != NULL;
}

static gboolean
match_selected_cb (GtkEntryCompletion *completion,
                   GtkTreeModel *model,
                   GtkTreeIter *iter,
                   gpointer user_data)
{
  DptRunSideRow *self = user_data;
  const char *typed = gtk_editable_get_text (self->nodes);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  gtk_tree_model_get (model, iter, 0, &name, -1);
  text = g_strdup_printf ("%.*s%s", (int) (get_last_name (typed) - typed),
                          typed, name);
  gtk_editable_set_text (self->nodes, text);
  gtk_editable_set_position (self->nodes, -1);
  return TRUE;
}

/* Made when nodes are first typed: a graph may have very many. */
static void
add_completion (DptRunSideRow *self)
{
  g_autoptr (GtkListStore) store = gtk_list_store_new (1, G_TYPE_STRING);
  g_autoptr (GtkEntryCompletion) completion = gtk_entry_completion_new ();
  g_auto (GStrv) names = dpt_run_comparison_list_nodes (self->comparison,
                                                        self->panel);

  for (guint i = 0; names[i] != NULL; i++)
    if (g_utf8_validate (names[i], -1, NULL))
      gtk_list_store_insert_with_values (store, NULL, -1, 0, names[i], -1);
  gtk_entry_completion_set_model (completion, GTK_TREE_MODEL (store));
  gtk_entry_completion_set_text_column (completion, 0);
  gtk_entry_completion_set_minimum_key_length (completion, 2);
  gtk_entry_completion_set_match_func (completion, match_cb, NULL, NULL);
  g_signal_connect_object (completion, "match-selected",
                           G_CALLBACK (match_selected_cb), self, 0);
  gtk_entry_set_completion (GTK_ENTRY (self->nodes), completion);
  self->has_completion = TRUE;
}

static guint
get_n_fixed (DptRunSideRow *self)
{
  guint n = self->signatures != NULL ? g_strv_length (self->signatures) : 0;

  /* A graph without signatures has its ends in their place. */
  return MAX (n, 1);
}

static gboolean
types_nodes (DptRunSideRow *self)
{
  return gtk_drop_down_get_selected (self->choice) == get_n_fixed (self);
}

static void
nodes_changed_cb (DptRunSideRow *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_filling || !types_nodes (self))
    return;

  self->is_filling = TRUE;
  if (dpt_run_comparison_set_fetches (self->comparison, self->panel,
                                      gtk_editable_get_text (self->nodes),
                                      &error))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->nodes), "error");
      update_note (self);
    }
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->nodes), "error");
      show_note (self, error->message, TRUE);
    }
  self->is_filling = FALSE;
}

static void
choice_changed_cb (DptRunSideRow *self)
{
  guint selected = gtk_drop_down_get_selected (self->choice);

  if (self->is_filling || self->comparison == NULL)
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->nodes), types_nodes (self));
  if (types_nodes (self))
    {
      if (!self->has_completion)
        add_completion (self);
      gtk_widget_grab_focus (GTK_WIDGET (self->nodes));
      nodes_changed_cb (self);
      return;
    }

  self->is_filling = TRUE;
  dpt_run_comparison_set_signature (self->comparison, self->panel,
                                    self->signatures[0] != NULL
                                        ? self->signatures[selected]
                                        : NULL);
  update_note (self);
  self->is_filling = FALSE;
}

static void
fill_choice (DptRunSideRow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *fetches = dpt_run_comparison_dup_fetches (self->comparison,
                                                             self->panel);
  const char *signature = dpt_run_comparison_get_signature (self->comparison,
                                                            self->panel);
  guint selected = 0;

  for (guint i = 0; self->signatures[i] != NULL; i++)
    {
      gtk_string_list_append (names, self->signatures[i]);
      if (g_strcmp0 (self->signatures[i], signature) == 0)
        selected = i;
    }
  if (self->signatures[0] == NULL)
    gtk_string_list_append (names, "Ends of the graph");
  gtk_string_list_append (names, "Nodes…");
  if (fetches != NULL)
    {
      selected = get_n_fixed (self);
      gtk_editable_set_text (self->nodes, fetches);
    }
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->choice, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->nodes), fetches != NULL);
}

/* Shows what is asked for now, unless it was asked for here. */
static void
ports_changed_cb (DptRunSideRow *self)
{
  const GError *error;
  gboolean has_graph;

  if (self->is_filling)
    return;

  self->is_filling = TRUE;
  g_strfreev (self->signatures);
  self->signatures = dpt_run_comparison_list_signatures (self->comparison,
                                                         self->panel);
  error = dpt_run_comparison_get_side_error (self->comparison, self->panel);
  has_graph = dpt_run_comparison_is_runnable (self->comparison, self->panel) ||
              (error != NULL && error->domain != DPT_MODEL_ERROR);
  gtk_widget_set_visible (GTK_WIDGET (self->choice), has_graph);
  gtk_widget_set_visible (GTK_WIDGET (self->nodes), FALSE);
  gtk_entry_set_completion (GTK_ENTRY (self->nodes), NULL);
  self->has_completion = FALSE;
  fill_choice (self);
  update_note (self);
  self->is_filling = FALSE;
}

static void
dpt_run_side_row_dispose (GObject *object)
{
  DptRunSideRow *self = DPT_RUN_SIDE_ROW (object);

  if (self->comparison != NULL)
    g_signal_handlers_disconnect_by_data (self->comparison, self);
  g_clear_object (&self->comparison);

  G_OBJECT_CLASS (dpt_run_side_row_parent_class)->dispose (object);
}

static void
dpt_run_side_row_finalize (GObject *object)
{
  g_strfreev (DPT_RUN_SIDE_ROW (object)->signatures);

  G_OBJECT_CLASS (dpt_run_side_row_parent_class)->finalize (object);
}

static void
dpt_run_side_row_class_init (DptRunSideRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_run_side_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = dpt_run_side_row_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-run-side-row.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, DptRunSideRow, name)
  BIND (head);
  BIND (title);
  BIND (choice);
  BIND (nodes);
  BIND (note);
#undef BIND
}

static void
dpt_run_side_row_init (DptRunSideRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->choice, "notify::selected",
                            G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->nodes, "changed",
                            G_CALLBACK (nodes_changed_cb), self);
}

/**
 * dpt_run_side_row_set:
 * @self: a row
 * @comparison: (nullable): what is run
 * @panel: which side of it, always the same for a row
 */
void
dpt_run_side_row_set (DptRunSideRow *self,
                      DptRunComparison *comparison,
                      DptPanel panel)
{
  const char *title = panel == DPT_PANEL_LEFT ? "Left" : "Right";

  if (self->comparison != NULL)
    g_signal_handlers_disconnect_by_data (self->comparison, self);
  g_set_object (&self->comparison, comparison);
  self->panel = panel;
  if (self->mark == NULL)
    {
      self->mark = dpt_panel_mark_new (
          panel == DPT_PANEL_LEFT ? DPT_PANEL_MARK_LEFT : DPT_PANEL_MARK_RIGHT);
      gtk_box_prepend (self->head, self->mark);
    }
  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  panel == DPT_PANEL_LEFT
                                      ? "What to run on the left"
                                      : "What to run on the right",
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->nodes),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Nodes to fetch", -1);
  if (comparison == NULL)
    return;

  g_signal_connect_swapped (comparison, "ports-changed",
                            G_CALLBACK (ports_changed_cb), self);
  ports_changed_cb (self);
}
