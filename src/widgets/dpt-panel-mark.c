/* dpt-panel-mark.c - the small bar of colour that says which side is meant
 *
 * Accessible role: presentation; the words beside it say the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-panel-mark"

#include "dpt-panel-mark.h"

#include "dpt-theme.h"

#define MARK_WIDTH  4
#define MARK_HEIGHT 16

struct _DptPanelMark
{
  GtkWidget parent_instance;
  DptPanelMarkKind kind;
};

enum
{
  PROP_0,
  PROP_KIND,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptPanelMark, dpt_panel_mark, GTK_TYPE_WIDGET)

static void
dpt_panel_mark_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MARK_WIDTH
                                                                  : MARK_HEIGHT;
}

static const DptColor *
get_color (DptPanelMark *self)
{
  DptTheme theme = dpt_theme_get_current ();

  if (self->kind == DPT_PANEL_MARK_DIFFERENCE)
    return &dpt_palette_get_verdict (theme, DPT_VERDICT_DIFFERENT)->line;
  return &dpt_palette_get_panel (theme, self->kind == DPT_PANEL_MARK_LEFT
                                            ? DPT_PANEL_LEFT
                                            : DPT_PANEL_RIGHT)
              ->line;
}

static void
dpt_panel_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const DptColor *color = get_color (DPT_PANEL_MARK (widget));

  gtk_snapshot_append_color (snapshot,
                             &(GdkRGBA){ (float) color->red,
                                         (float) color->green,
                                         (float) color->blue, 1.0f },
                             &GRAPHENE_RECT_INIT (0, 0,
                                                  gtk_widget_get_width (widget),
                                                  gtk_widget_get_height (
                                                      widget)));
}

static void
dpt_panel_mark_get_property (GObject *object,
                             guint property_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_KIND:
      g_value_set_int (value, DPT_PANEL_MARK (object)->kind);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_panel_mark_set_property (GObject *object,
                             guint property_id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_KIND:
      DPT_PANEL_MARK (object)->kind = (DptPanelMarkKind) g_value_get_int (
          value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_panel_mark_class_init (DptPanelMarkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dpt_panel_mark_get_property;
  object_class->set_property = dpt_panel_mark_set_property;
  widget_class->measure = dpt_panel_mark_measure;
  widget_class->snapshot = dpt_panel_mark_snapshot;

  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL,
                                            DPT_PANEL_MARK_LEFT,
                                            DPT_PANEL_MARK_DIFFERENCE,
                                            DPT_PANEL_MARK_LEFT,
                                            G_PARAM_READWRITE |
                                                G_PARAM_CONSTRUCT_ONLY |
                                                G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "panelmark");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dpt_panel_mark_init (DptPanelMark *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

/**
 * dpt_panel_mark_new:
 * @kind: whose colour it has
 *
 * Returns: (transfer floating): a new mark
 */
GtkWidget *
dpt_panel_mark_new (DptPanelMarkKind kind)
{
  return g_object_new (DPT_TYPE_PANEL_MARK, "kind", (int) kind, NULL);
}
