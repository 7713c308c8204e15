/* dpt-verdict-glyph.c - the sign of a verdict, drawn instead of set in type
 *
 * The grid has 12 units a side and lines of 1.7 units, so that the signs look
 * the same on every machine and stay sharp from 10 to 24 pixels:
 *
 *     identical  =   two bars             only-left   ◂  a full triangle
 *     close      ≈   two waves            only-right  ▸  a full triangle
 *     different  ≠   two bars, a stroke   unread      ?  hook, stem and dot
 *     shape      ▭   a frame              dtype       τ  roof and stem
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-verdict-glyph"

#include "dpt-verdict-glyph.h"

#include <math.h>

#define GRID       12.0
#define LINE_WIDTH 1.7

static void
add_line (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
}

static void
draw_identical (cairo_t *cr)
{
  add_line (cr, 1.6, 4.0, 10.4, 4.0);
  add_line (cr, 1.6, 8.0, 10.4, 8.0);
  cairo_stroke (cr);
}

static void
draw_close (cairo_t *cr)
{
  for (double y = 4.0; y < 9.0; y += 4.0)
    {
      cairo_move_to (cr, 1.6, y + 0.9);
      cairo_curve_to (cr, 2.8, y - 1.9, 4.5, y - 1.5, 6.0, y);
      cairo_curve_to (cr, 7.5, y + 1.5, 9.2, y + 1.9, 10.4, y - 0.9);
    }
  cairo_stroke (cr);
}

static void
draw_different (cairo_t *cr)
{
  add_line (cr, 1.6, 4.0, 10.4, 4.0);
  add_line (cr, 1.6, 8.0, 10.4, 8.0);
  add_line (cr, 8.3, 1.2, 3.7, 10.8);
  cairo_stroke (cr);
}

static void
draw_shape (cairo_t *cr)
{
  cairo_rectangle (cr, 1.6, 3.0, 8.8, 6.0);
  cairo_stroke (cr);
}

static void
draw_dtype (cairo_t *cr)
{
  cairo_move_to (cr, 1.4, 4.6);
  cairo_curve_to (cr, 1.9, 3.2, 2.6, 2.8, 3.8, 2.8);
  cairo_line_to (cr, 10.6, 2.8);
  cairo_move_to (cr, 6.2, 2.8);
  cairo_line_to (cr, 6.0, 8.0);
  cairo_curve_to (cr, 6.0, 9.8, 7.4, 10.2, 9.2, 9.2);
  cairo_stroke (cr);
}

/* A triangle that points to the side that has the key. */
static void
draw_only (cairo_t *cr, gboolean left)
{
  double base = left ? 8.8 : 3.2;
  double tip = left ? 2.4 : 9.6;

  cairo_move_to (cr, base, 2.2);
  cairo_line_to (cr, tip, 6.0);
  cairo_line_to (cr, base, 9.8);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_unread (cairo_t *cr)
{
  cairo_move_to (cr, 3.1, 4.0);
  cairo_curve_to (cr, 3.1, 0.4, 8.9, 0.4, 8.9, 3.8);
  cairo_curve_to (cr, 8.9, 5.6, 6.0, 5.6, 6.0, 7.8);
  cairo_stroke (cr);
  cairo_arc (cr, 6.0, 10.4, 1.1, 0.0, 2.0 * G_PI);
  cairo_fill (cr);
}

/**
 * dpt_verdict_glyph_draw:
 * @cr: where to draw
 * @verdict: whose sign
 * @x: left edge, in user units
 * @y: top edge
 * @size: both sides of the square; 10 to 24 look best
 * @color: usually the text ink of the verdict
 *
 * Draws the sign of a verdict. The state of @cr is left as it was, but for the
 * current path.
 */
void
dpt_verdict_glyph_draw (cairo_t *cr,
                        DptVerdict verdict,
                        double x,
                        double y,
                        double size,
                        const DptColor *color)
{
  cairo_save (cr);
  cairo_new_path (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, size / GRID, size / GRID);
  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  dpt_color_set_source (color, cr, 1.0);
  switch (verdict)
    {
    case DPT_VERDICT_IDENTICAL:
      draw_identical (cr);
      break;
    case DPT_VERDICT_CLOSE:
      draw_close (cr);
      break;
    case DPT_VERDICT_DIFFERENT:
      draw_different (cr);
      break;
    case DPT_VERDICT_SHAPE:
      draw_shape (cr);
      break;
    case DPT_VERDICT_DTYPE:
      draw_dtype (cr);
      break;
    case DPT_VERDICT_ONLY_LEFT:
    case DPT_VERDICT_ONLY_RIGHT:
      draw_only (cr, verdict == DPT_VERDICT_ONLY_LEFT);
      break;
    case DPT_VERDICT_UNREAD:
      draw_unread (cr);
      break;
    }
  cairo_restore (cr);
}
