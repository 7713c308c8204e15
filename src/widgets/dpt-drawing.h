/* dpt-drawing.h - a widget that is a picture, drawn with Cairo
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "dpt-palette.h"

G_BEGIN_DECLS

#define DPT_TYPE_DRAWING (dpt_drawing_get_type ())
G_DECLARE_DERIVABLE_TYPE (DptDrawing, dpt_drawing, DPT, DRAWING, GtkWidget)

/* For subclasses only. */
struct _DptDrawingClass
{
  GtkWidgetClass parent_class;

  /* Draws the whole widget, in its pixels. */
  void (*paint) (DptDrawing *self,
                 cairo_t *cr,
                 int width,
                 int height,
                 DptTheme theme);

  /* The pointer is at another place, or was pressed where it is; only called
   * after dpt_drawing_follow_pointer(). */
  void (*point) (DptDrawing *self, double x, double y);

  /*< private >*/
  int minimum[2]; /* by GtkOrientation */
  int natural[2];
};

void dpt_drawing_class_set_size (DptDrawingClass *klass,
                                 GtkOrientation orientation,
                                 int minimum,
                                 int natural);

void dpt_drawing_set_label (DptDrawing *self, const char *label);
void dpt_drawing_set_description (DptDrawing *self, const char *description);
void dpt_drawing_follow_pointer (DptDrawing *self);

G_END_DECLS
