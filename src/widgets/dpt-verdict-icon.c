/* dpt-verdict-icon.c - the drawn sign of a verdict
 *
 * Properties: "verdict" (int, DPT_VERDICT_ICON_NONE for none), "pixel-size"
 * (int, 12 by default).  Accessible role: image, labelled by the verdict.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-verdict-icon"

#include "dpt-verdict-icon.h"

#include "dpt-verdict-glyph.h"

#define DEFAULT_SIZE 12

struct _DptVerdictIcon
{
  DptDrawing parent_instance;
  int verdict;
  int pixel_size;
};

enum
{
  PROP_0,
  PROP_VERDICT,
  PROP_PIXEL_SIZE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptVerdictIcon, dpt_verdict_icon, DPT_TYPE_DRAWING)

static void
dpt_verdict_icon_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = *natural = DPT_VERDICT_ICON (widget)->pixel_size;
}

static void
dpt_verdict_icon_paint (DptDrawing *drawing,
                        cairo_t *cr,
                        int width,
                        int height,
                        DptTheme theme)
{
  DptVerdictIcon *self = DPT_VERDICT_ICON (drawing);
  int size = self->pixel_size;

  if (self->verdict < 0)
    return;
  dpt_verdict_glyph_draw (cr, (DptVerdict) self->verdict, (width - size) / 2,
                          (height - size) / 2, size,
                          &dpt_palette_get_verdict (theme,
                                                    (DptVerdict) self->verdict)
                               ->text);
}

static void
dpt_verdict_icon_get_property (GObject *object,
                               guint property_id,
                               GValue *value,
                               GParamSpec *pspec)
{
  DptVerdictIcon *self = DPT_VERDICT_ICON (object);

  switch (property_id)
    {
    case PROP_VERDICT:
      g_value_set_int (value, self->verdict);
      break;
    case PROP_PIXEL_SIZE:
      g_value_set_int (value, self->pixel_size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_verdict_icon_set_property (GObject *object,
                               guint property_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  DptVerdictIcon *self = DPT_VERDICT_ICON (object);

  switch (property_id)
    {
    case PROP_VERDICT:
      dpt_verdict_icon_set_verdict (self, g_value_get_int (value));
      break;
    case PROP_PIXEL_SIZE:
      if (self->pixel_size == g_value_get_int (value))
        break;
      self->pixel_size = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, properties[PROP_PIXEL_SIZE]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_verdict_icon_class_init (DptVerdictIconClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DptDrawingClass *drawing_class = DPT_DRAWING_CLASS (klass);

  object_class->get_property = dpt_verdict_icon_get_property;
  object_class->set_property = dpt_verdict_icon_set_property;
  widget_class->measure = dpt_verdict_icon_measure;
  drawing_class->paint = dpt_verdict_icon_paint;

  properties[PROP_VERDICT] = g_param_spec_int ("verdict", NULL, NULL,
                                               DPT_VERDICT_ICON_NONE,
                                               DPT_N_VERDICTS - 1,
                                               DPT_VERDICT_ICON_NONE,
                                               G_PARAM_READWRITE |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);
  properties[PROP_PIXEL_SIZE] = g_param_spec_int ("pixel-size", NULL, NULL, 8,
                                                  64, DEFAULT_SIZE,
                                                  G_PARAM_READWRITE |
                                                      G_PARAM_EXPLICIT_NOTIFY |
                                                      G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "verdicticon");
}

static void
dpt_verdict_icon_init (DptVerdictIcon *self)
{
  self->verdict = DPT_VERDICT_ICON_NONE;
  self->pixel_size = DEFAULT_SIZE;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * dpt_verdict_icon_new:
 * @verdict: a #DptVerdict, or DPT_VERDICT_ICON_NONE
 *
 * Returns: (transfer floating): a new icon
 */
GtkWidget *
dpt_verdict_icon_new (int verdict)
{
  return g_object_new (DPT_TYPE_VERDICT_ICON, "verdict", verdict, NULL);
}

/**
 * dpt_verdict_icon_get_verdict:
 * @self: an icon
 *
 * Returns: its #DptVerdict, or DPT_VERDICT_ICON_NONE
 */
int
dpt_verdict_icon_get_verdict (DptVerdictIcon *self)
{
  g_return_val_if_fail (DPT_IS_VERDICT_ICON (self), DPT_VERDICT_ICON_NONE);

  return self->verdict;
}

/**
 * dpt_verdict_icon_set_verdict:
 * @self: an icon
 * @verdict: a #DptVerdict, or DPT_VERDICT_ICON_NONE
 */
void
dpt_verdict_icon_set_verdict (DptVerdictIcon *self, int verdict)
{
  g_return_if_fail (DPT_IS_VERDICT_ICON (self));

  if (self->verdict == verdict)
    return;
  self->verdict = verdict;
  dpt_drawing_set_label (DPT_DRAWING (self),
                         verdict < 0
                             ? ""
                             : dpt_verdict_get_name ((DptVerdict) verdict));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
}
