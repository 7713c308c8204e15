/* dpt-number-grid-renderer.c - a slice of both sides as a table of numbers
 *
 * Heads of rows and columns stay in place while the cells scroll under them.
 * A cell whose sides are equal shows one number, plainly; one whose sides
 * differ has the tint of its verdict and shows left above right.  Only the
 * cells in sight are printed, so the cost is that of the picture, not of the
 * slice.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-number-grid-renderer"

#include "dpt-number-grid-renderer.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "dpt-heatmap-layout.h"

#define CELL_PADDING 8
#define FONT_SIZE    11.5

/* What one cell shows, found out when it is drawn. */
typedef struct
{
  char *left;
  char *right;
  gboolean differs;
  DptVerdict verdict;
} CellText;

static void
cell_text_clear (CellText *text)
{
  g_free (text->left);
  g_free (text->right);
}

static void
get_cell_text (const DptNumberGridData *data,
               gsize row,
               gsize column,
               CellText *text)
{
  *text = (CellText){ .verdict = DPT_VERDICT_IDENTICAL };
  if (dpt_slice_grid_has_cell (data->left, row, column))
    text->left = dpt_slice_grid_print_cell (data->left, row, column);
  if (dpt_slice_grid_has_cell (data->right, row, column))
    text->right = dpt_slice_grid_print_cell (data->right, row, column);
  if (data->difference != NULL)
    {
      DptGridCell cell = dpt_slice_grid_get_cell (data->difference, row,
                                                  column);

      text->differs = cell.beyond || cell.value != 0.0;
      if (text->differs)
        text->verdict = cell.beyond ? DPT_VERDICT_DIFFERENT : DPT_VERDICT_CLOSE;
    }
  else
    text->differs = g_strcmp0 (text->left, text->right) != 0;
}

/* A picture of one frame: the layout that all texts share. */
typedef struct
{
  cairo_t *cr;
  PangoLayout *layout;
  DptTheme theme;
} Painter;

static void
draw_text (Painter *painter,
           const char *text,
           double right,
           double middle,
           int width,
           const DptColor *color)
{
  int text_width;
  int text_height;

  pango_layout_set_text (painter->layout, text, -1);
  pango_layout_set_width (painter->layout, width * PANGO_SCALE);
  pango_layout_get_pixel_size (painter->layout, &text_width, &text_height);
  dpt_color_set_source (color, painter->cr, 1.0);
  cairo_move_to (painter->cr, right - width, middle - text_height / 2.0);
  pango_cairo_show_layout (painter->cr, painter->layout);
}

static void
draw_cell (const DptNumberGridData *data,
           Painter *painter,
           gsize row,
           gsize column,
           const DptRect *place)
{
  double right = place->x + place->width - CELL_PADDING;
  double middle = place->y + place->height / 2.0;
  int width = (int) place->width - 2 * CELL_PADDING;
  const DptColor *plain = dpt_palette_get_shade (painter->theme,
                                                 DPT_SHADE_SECOND_TEXT);
  CellText text;

  get_cell_text (data, row, column, &text);
  if (data->difference != NULL && text.differs)
    {
      cairo_rectangle (painter->cr, place->x, place->y, place->width,
                       place->height);
      dpt_color_set_source (&dpt_palette_get_verdict (painter->theme,
                                                      text.verdict)
                                 ->tint,
                            painter->cr, 1.0);
      cairo_fill (painter->cr);
    }
  if (text.left != NULL && text.right != NULL && text.differs)
    {
      draw_text (painter, text.left, right, middle - 8.0, width,
                 &dpt_palette_get_panel (painter->theme, DPT_PANEL_LEFT)->text);
      draw_text (painter, text.right, right, middle + 8.0, width,
                 &dpt_palette_get_panel (painter->theme, DPT_PANEL_RIGHT)
                      ->text);
    }
  else if (text.left != NULL)
    draw_text (painter, text.left, right, middle, width, plain);
  else if (text.right != NULL)
    draw_text (painter, text.right, right, middle, width, plain);
  cell_text_clear (&text);
}

static void
draw_line (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
}

/* The first row or column in sight, and one past the last. */
static void
get_visible (double offset,
             double room,
             double size,
             gsize n,
             gsize *first,
             gsize *end)
{
  *first = MIN ((gsize) (offset / size), n);
  *end = MIN ((gsize) ceil ((offset + MAX (room, 0.0)) / size), n);
}

static void
draw_heads (const DptNumberGridData *data,
            Painter *painter,
            const DptGridWindow *visible)
{
  const DptColor *text = dpt_palette_get_shade (painter->theme,
                                                DPT_SHADE_SECOND_TEXT);
  double x0 = DPT_NUMBER_GRID_HEAD_WIDTH - data->x;
  double y0 = DPT_NUMBER_GRID_HEAD_HEIGHT - data->y;
  cairo_t *cr = painter->cr;

  dpt_color_set_source (dpt_palette_get_shade (painter->theme, DPT_SHADE_BAR),
                        cr, 1.0);
  cairo_rectangle (cr, 0.0, 0.0, data->width, DPT_NUMBER_GRID_HEAD_HEIGHT);
  cairo_rectangle (cr, 0.0, 0.0, DPT_NUMBER_GRID_HEAD_WIDTH, data->height);
  cairo_fill (cr);
  for (gsize i = 0; i < visible->n_columns; i++)
    {
      gsize column = visible->column + i;
      g_autofree char *label = g_strdup_printf ("%" G_GSIZE_FORMAT, column);
      double right = x0 + (double) (column + 1) * data->cell_width;

      /* A head that is half under the row heads is cut there. */
      cairo_save (cr);
      cairo_rectangle (cr, DPT_NUMBER_GRID_HEAD_WIDTH, 0.0,
                       data->width - DPT_NUMBER_GRID_HEAD_WIDTH,
                       DPT_NUMBER_GRID_HEAD_HEIGHT);
      cairo_clip (cr);
      draw_text (painter, label, right - CELL_PADDING,
                 DPT_NUMBER_GRID_HEAD_HEIGHT / 2.0,
                 data->cell_width - 2 * CELL_PADDING, text);
      cairo_restore (cr);
    }
  cairo_save (cr);
  cairo_rectangle (cr, 0.0, DPT_NUMBER_GRID_HEAD_HEIGHT,
                   DPT_NUMBER_GRID_HEAD_WIDTH,
                   data->height - DPT_NUMBER_GRID_HEAD_HEIGHT);
  cairo_clip (cr);
  for (gsize i = 0; i < visible->n_rows; i++)
    {
      gsize row = visible->row + i;
      g_autofree char *label = g_strdup_printf ("%" G_GSIZE_FORMAT, row);

      draw_text (painter, label, DPT_NUMBER_GRID_HEAD_WIDTH - CELL_PADDING,
                 y0 + ((double) row + 0.5) * DPT_NUMBER_GRID_ROW_HEIGHT,
                 DPT_NUMBER_GRID_HEAD_WIDTH - 2 * CELL_PADDING, text);
    }
  cairo_restore (cr);
}

static void
draw_cursor (const DptNumberGridData *data, Painter *painter)
{
  if (!data->has_cursor || data->cursor_row >= data->n_rows ||
      data->cursor_column >= data->n_columns)
    return;
  cairo_rectangle (painter->cr,
                   DPT_NUMBER_GRID_HEAD_WIDTH - data->x +
                       (double) data->cursor_column * data->cell_width + 1.0,
                   DPT_NUMBER_GRID_HEAD_HEIGHT - data->y +
                       (double) data->cursor_row * DPT_NUMBER_GRID_ROW_HEIGHT +
                       1.0,
                   data->cell_width - 2.0, DPT_NUMBER_GRID_ROW_HEIGHT - 2.0);
  cairo_set_line_width (painter->cr, 2.0);
  dpt_color_set_source (dpt_palette_get_shade (painter->theme,
                                               DPT_SHADE_ACCENT),
                        painter->cr, 1.0);
  cairo_stroke (painter->cr);
}

static void
draw_cells (const DptNumberGridData *data,
            Painter *painter,
            const DptGridWindow *visible)
{
  double x0 = DPT_NUMBER_GRID_HEAD_WIDTH - data->x;
  double y0 = DPT_NUMBER_GRID_HEAD_HEIGHT - data->y;
  cairo_t *cr = painter->cr;

  cairo_save (cr);
  cairo_rectangle (cr, DPT_NUMBER_GRID_HEAD_WIDTH, DPT_NUMBER_GRID_HEAD_HEIGHT,
                   data->width - DPT_NUMBER_GRID_HEAD_WIDTH,
                   data->height - DPT_NUMBER_GRID_HEAD_HEIGHT);
  cairo_clip (cr);
  for (gsize i = 0; i < visible->n_rows; i++)
    for (gsize k = 0; k < visible->n_columns; k++)
      {
        gsize row = visible->row + i;
        gsize column = visible->column + k;
        const DptRect place = {
          x0 + (double) column * data->cell_width,
          y0 + (double) row * DPT_NUMBER_GRID_ROW_HEIGHT,
          data->cell_width,
          DPT_NUMBER_GRID_ROW_HEIGHT,
        };

        draw_cell (data, painter, row, column, &place);
      }
  cairo_set_line_width (cr, 1.0);
  dpt_color_set_source (dpt_palette_get_shade (painter->theme,
                                               DPT_SHADE_FINE_LINE),
                        cr, 1.0);
  for (gsize i = 0; i < visible->n_rows; i++)
    {
      double y = y0 +
                 (double) (visible->row + i + 1) * DPT_NUMBER_GRID_ROW_HEIGHT -
                 0.5;

      draw_line (cr, DPT_NUMBER_GRID_HEAD_WIDTH, y, data->width, y);
    }
  draw_cursor (data, painter);
  cairo_restore (cr);
}

static PangoLayout *
make_layout (cairo_t *cr)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font, "Monospace");
  pango_font_description_set_absolute_size (font, FONT_SIZE * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_font_description_free (font);
  return layout;
}

/**
 * dpt_number_grid_draw:
 * @cr: where to draw
 * @data: the values, and which part of them is in sight
 * @theme: light or dark
 */
void
dpt_number_grid_draw (cairo_t *cr,
                      const DptNumberGridData *data,
                      DptTheme theme)
{
  Painter painter = { cr, make_layout (cr), theme };
  DptGridWindow visible;
  gsize row_end;
  gsize column_end;

  get_visible (data->y, data->height - DPT_NUMBER_GRID_HEAD_HEIGHT,
               DPT_NUMBER_GRID_ROW_HEIGHT, data->n_rows, &visible.row,
               &row_end);
  get_visible (data->x, data->width - DPT_NUMBER_GRID_HEAD_WIDTH,
               data->cell_width, data->n_columns, &visible.column, &column_end);
  visible.n_rows = row_end - visible.row;
  visible.n_columns = column_end - visible.column;
  draw_cells (data, &painter, &visible);
  draw_heads (data, &painter, &visible);
  g_object_unref (painter.layout);
}
