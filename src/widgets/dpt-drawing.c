/* dpt-drawing.c - a widget that is a picture, drawn with Cairo
 *
 * The base of all pictures: it gives a subclass a Cairo context and the theme,
 * draws anew when the theme changes, has a size that is the same for the whole
 * class, and can tell where the pointer is.
 *
 * Accessible role: image; a subclass says what it shows with
 * dpt_drawing_set_label() and dpt_drawing_set_description().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-drawing"

#include "dpt-drawing.h"

#include "dpt-theme.h"

typedef struct
{
  double pointer_x;
  double pointer_y;
} DptDrawingPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (DptDrawing, dpt_drawing, GTK_TYPE_WIDGET)

static void
dpt_drawing_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  const DptDrawingClass *klass = DPT_DRAWING_GET_CLASS (widget);

  *minimum = klass->minimum[orientation];
  *natural = klass->natural[orientation];
}

static void
dpt_drawing_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot,
                                 &GRAPHENE_RECT_INIT (0, 0, (float) width,
                                                      (float) height));

  DPT_DRAWING_GET_CLASS (widget)->paint (DPT_DRAWING (widget), cr, width,
                                         height, dpt_theme_get_current ());
  cairo_destroy (cr);
}

/* GTK repeats the last motion whenever something was laid out anew; taken for
 * a motion it would undo what the keys have done. */
static void
motion_cb (DptDrawing *self, double x, double y)
{
  DptDrawingPrivate *priv = dpt_drawing_get_instance_private (self);

  if (x == priv->pointer_x && y == priv->pointer_y)
    return;
  priv->pointer_x = x;
  priv->pointer_y = y;
  DPT_DRAWING_GET_CLASS (self)->point (self, x, y);
}

static void
pressed_cb (DptDrawing *self, int n_press, double x, double y)
{
  DptDrawingPrivate *priv = dpt_drawing_get_instance_private (self);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  /* A click counts, also where the pointer already was. */
  priv->pointer_x = -1.0;
  motion_cb (self, x, y);
}

static void
dpt_drawing_class_init (DptDrawingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = dpt_drawing_measure;
  widget_class->snapshot = dpt_drawing_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dpt_drawing_init (DptDrawing *self)
{
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

/**
 * dpt_drawing_class_set_size:
 * @klass: a subclass, in its class init
 * @orientation: of the size
 * @minimum: the least size, in pixels
 * @natural: the size that it likes to have
 */
void
dpt_drawing_class_set_size (DptDrawingClass *klass,
                            GtkOrientation orientation,
                            int minimum,
                            int natural)
{
  klass->minimum[orientation] = minimum;
  klass->natural[orientation] = natural;
}

/**
 * dpt_drawing_set_label:
 * @self: a picture
 * @label: what it shows, for those who cannot see it
 */
void
dpt_drawing_set_label (DptDrawing *self, const char *label)
{
  g_return_if_fail (DPT_IS_DRAWING (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/**
 * dpt_drawing_set_description:
 * @self: a picture
 * @description: what is chosen in it, or ""
 */
void
dpt_drawing_set_description (DptDrawing *self, const char *description)
{
  g_return_if_fail (DPT_IS_DRAWING (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

/**
 * dpt_drawing_follow_pointer:
 * @self: a picture whose class has a point() function
 *
 * From now on point() is told where the pointer goes; a click also takes the
 * keyboard's focus.
 */
void
dpt_drawing_follow_pointer (DptDrawing *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_return_if_fail (DPT_IS_DRAWING (self));

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (widget, TRUE);
}
