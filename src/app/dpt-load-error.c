/* dpt-load-error.c - why a side could not be opened
 *
 * An error is one sentence, "WHERE: expected ..., found ...": it is shown
 * whole, and cut into its parts as far as it has them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-load-error"

#include "dpt-load-error.h"

#include "dpt-error-parts.h"
#include "dpt-loader.h"

/* More checkpoints than this are found better by the file dialog. */
#define MAX_PREFIXES 20

struct _DptLoadError
{
  GtkWidget parent_instance;

  char *path;
  char *message;

  GtkWidget *scrolled;
  GtkLabel *title;
  GtkListBox *facts;
  GtkListBox *prefixes;
  GtkWidget *open_button;
  GtkWidget *again_button;
};

G_DEFINE_FINAL_TYPE (DptLoadError, dpt_load_error, GTK_TYPE_WIDGET)

static void
dpt_load_error_dispose (GObject *object)
{
  DptLoadError *self = DPT_LOAD_ERROR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), DPT_TYPE_LOAD_ERROR);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (dpt_load_error_parent_class)->dispose (object);
}

static void
dpt_load_error_class_init (DptLoadErrorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_load_error_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/diptych/Diptych/ui/dpt-load-error.ui");
  gtk_widget_class_bind_template_child (widget_class, DptLoadError, scrolled);
  gtk_widget_class_bind_template_child (widget_class, DptLoadError, title);
  gtk_widget_class_bind_template_child (widget_class, DptLoadError, facts);
  gtk_widget_class_bind_template_child (widget_class, DptLoadError, prefixes);
  gtk_widget_class_bind_template_child (widget_class, DptLoadError,
                                        open_button);
  gtk_widget_class_bind_template_child (widget_class, DptLoadError,
                                        again_button);
}

static void
dpt_load_error_init (DptLoadError *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
remove_rows (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
add_fact (DptLoadError *self, const char *name, const char *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *head = gtk_label_new (name);
  GtkWidget *label = gtk_label_new (value);

  gtk_widget_add_css_class (box, "fact");
  gtk_widget_add_css_class (head, "dim-label");
  gtk_label_set_width_chars (GTK_LABEL (head), 9);
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_widget_set_valign (head, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_append (self->facts, box);
}

static void
add_facts (DptLoadError *self)
{
  g_auto (DptErrorParts) parts = { NULL };

  dpt_error_parts_init (&parts, self->message, self->path);
  add_fact (self, "file", parts.file);
  if (parts.where != NULL)
    add_fact (self, "where", parts.where);
  if (parts.expected != NULL)
    add_fact (self, "expected", parts.expected);
  if (parts.found != NULL)
    add_fact (self, "found", parts.found);
  if (parts.why != NULL)
    add_fact (self, "why", parts.why);
}

/* A folder with several checkpoints: each of them can be opened from here. */
static void
add_prefixes (DptLoadError *self, DptPanel panel)
{
  g_auto (GStrv) prefixes = NULL;
  gboolean several = FALSE;

  remove_rows (self->prefixes);
  if (g_file_test (self->path, G_FILE_TEST_IS_DIR))
    {
      prefixes = dpt_loader_list_prefixes (self->path);
      several = g_strv_length (prefixes) > 1;
    }
  for (guint i = 0; several && prefixes[i] != NULL && i < MAX_PREFIXES; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *name = g_filename_display_basename (prefixes[i]);
      g_autofree char *title = g_strdup_printf ("Open %s", name);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-path");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)",
                                        panel == DPT_PANEL_LEFT ? "left"
                                                                : "right",
                                        prefixes[i]);
      gtk_list_box_append (self->prefixes, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->prefixes), several);
}

/**
 * dpt_load_error_set:
 * @self: the place to say it
 * @panel: the side that failed
 * @error: why
 * @path: (nullable): what was to be opened
 */
void
dpt_load_error_set (DptLoadError *self,
                    DptPanel panel,
                    const GError *error,
                    const char *path)
{
  gboolean left = panel == DPT_PANEL_LEFT;

  g_free (self->path);
  g_free (self->message);
  self->path = g_strdup (path != NULL ? path : "");
  self->message = g_utf8_make_valid (error != NULL ? error->message : "unknown",
                                     -1);

  remove_rows (self->facts);
  gtk_label_set_text (self->title, left ? "The left side cannot be opened"
                                        : "The right side cannot be opened");
  add_facts (self);
  add_prefixes (self, panel);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->open_button),
                                  left ? "win.open-left" : "win.open-right");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->again_button), NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->again_button), "s",
                                    left ? "left" : "right");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->again_button),
                                  "win.reload-side");
}

/**
 * dpt_load_error_dup_details:
 * @self: the place where it is said
 *
 * Returns: (transfer full): the whole sentence.
 */
char *
dpt_load_error_dup_details (DptLoadError *self)
{
  return g_strdup (self->message != NULL ? self->message : "");
}
