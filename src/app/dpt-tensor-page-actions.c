/* dpt-tensor-page-actions.c - what can be done on the Tensor page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tensor-page"

#include "dpt-tensor-page-private.h"

static void
go_to_difference (DptTensorPage *self, int step)
{
  guint row = _dpt_tensor_page_find_difference (self, step);

  if (row != DPT_PAIR_MODEL_NO_ROW)
    dpt_workspace_set_selected (self->workspace, row);
}

static void
next_difference (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to_difference (DPT_TENSOR_PAGE (widget), 1);
}

static void
previous_difference (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_to_difference (DPT_TENSOR_PAGE (widget), -1);
}

static gboolean
parse_kind (GVariant *parameter, DptPictureKind *kind)
{
  static const char *const names[] = { "left", "right", "difference" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (g_variant_get_string (parameter, NULL), names[i]))
      {
        *kind = (DptPictureKind) i;
        return TRUE;
      }
  return FALSE;
}

static void
copy (DptTensorPage *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_key (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DptTensorPage *self = DPT_TENSOR_PAGE (widget);
  const DptCheckpointEntry *entries[2];
  DptPictureKind kind;

  if (!parse_kind (parameter, &kind) || kind == DPT_PICTURE_DIFFERENCE)
    return;
  _dpt_tensor_page_get_entries (self, &entries[0], &entries[1]);
  if (entries[kind] != NULL)
    copy (self, entries[kind]->key);
  else
    gtk_widget_error_bell (widget);
}

static void
copy_value (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DptTensorPage *self = DPT_TENSOR_PAGE (widget);
  g_autofree char *text = NULL;
  DptPictureKind kind;

  if (self->tensors == NULL || !parse_kind (parameter, &kind))
    return;
  text = dpt_tensor_picture_dup_cell (self->picture, kind);
  if (text != NULL)
    copy (self, text);
  else
    gtk_widget_error_bell (widget);
}

static void
copy_slice (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DptTensorPage *self = DPT_TENSOR_PAGE (widget);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  DptPictureKind kind;

  if (self->tensors == NULL || !parse_kind (parameter, &kind))
    return;
  text = dpt_tensor_picture_dup_slice (self->picture, kind, &error);
  if (text != NULL)
    copy (self, text);
  else
    {
      /* Said where the page speaks of what it could not do. */
      gtk_label_set_text (self->trouble, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->trouble), TRUE);
      gtk_widget_error_bell (widget);
    }
}

static void
choose_slice (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DptTensorPage *self = DPT_TENSOR_PAGE (widget);

  if (self->tensors != NULL)
    dpt_dimension_bar_set_text (self->dimensions,
                                g_variant_get_string (parameter, NULL));
}

/* Called by the class: "tensor.slice" takes the slice as text, the copy
 * actions "left", "right" or "difference"; "tensor.mode" is 'picture' or
 * 'numbers', "tensor.counts" 'log' or 'linear'. */
void
_dpt_tensor_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "tensor.next-difference", NULL,
                                   next_difference);
  gtk_widget_class_install_action (widget_class, "tensor.previous-difference",
                                   NULL, previous_difference);
  gtk_widget_class_install_action (widget_class, "tensor.copy-key", "s",
                                   copy_key);
  gtk_widget_class_install_action (widget_class, "tensor.copy-value", "s",
                                   copy_value);
  gtk_widget_class_install_action (widget_class, "tensor.copy-slice", "s",
                                   copy_slice);
  gtk_widget_class_install_action (widget_class, "tensor.slice", "s",
                                   choose_slice);
  gtk_widget_class_install_property_action (widget_class, "tensor.mode",
                                            "mode");
  gtk_widget_class_install_property_action (widget_class, "tensor.counts",
                                            "counts");
}
