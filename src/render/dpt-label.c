/* dpt-label.c - a line of text in a picture
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-label"

#include "dpt-label.h"

#include <pango/pangocairo.h>

static PangoLayout *
make_layout (cairo_t *cr, const char *text, const DptLabelStyle *style)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();
  PangoAttrList *attributes = pango_attr_list_new ();
  double size = style->size > 0.0 ? style->size : DPT_LABEL_TICK;

  pango_font_description_set_family (font, style->monospace ? "Monospace"
                                                            : "Cantarell,Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  /* Numbers that stand above each other have figures of one width. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_text (layout, text, -1);
  pango_attr_list_unref (attributes);
  pango_font_description_free (font);
  return layout;
}

/**
 * dpt_label_draw:
 * @cr: where to draw
 * @text: UTF-8, one line
 * @x: anchor, in user units
 * @y: anchor
 * @style: how it is set and which of its points stands at the anchor
 * @color: its colour
 *
 * Returns: its width in user units
 */
double
dpt_label_draw (cairo_t *cr,
                const char *text,
                double x,
                double y,
                const DptLabelStyle *style,
                const DptColor *color)
{
  PangoLayout *layout = make_layout (cr, text, style);
  int width;
  int height;

  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  if (style->angle != 0.0)
    cairo_rotate (cr, style->angle);
  cairo_move_to (cr, -style->xalign * width, -style->yalign * height);
  dpt_color_set_source (color, cr, 1.0);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
  cairo_restore (cr);
  g_object_unref (layout);
  return width;
}

/**
 * dpt_label_measure:
 * @cr: where it would be drawn
 * @text: UTF-8, one line
 * @style: how it is set
 *
 * Returns: the width that dpt_label_draw() would take
 */
double
dpt_label_measure (cairo_t *cr, const char *text, const DptLabelStyle *style)
{
  PangoLayout *layout = make_layout (cr, text, style);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  g_object_unref (layout);
  return width;
}
