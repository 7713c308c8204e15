/* dpt-hinge.c - the bands between two panels of keys
 *
 * One drawing over the rows in sight.  Each row has a bundle of pairs for each
 * place its keys go to; a bundle is a band, a stub where there is no
 * counterpart, and fades where its other end is out of sight: then a pill at
 * that edge counts it, and a click on the pill scrolls there.  A folded
 * scope's band says in a pill how many of its pairs differ.
 *
 * The same as text is in the rows' accessible labels and in the details.
 *
 * signal pair-chosen (uint pair): a band was clicked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-hinge"

#include "dpt-hinge.h"

#include <math.h>

#include "dpt-band.h"
#include "dpt-digits.h"
#include "dpt-label.h"
#include "dpt-theme.h"
#include "dpt-verdict-glyph.h"

#define NONE DPT_KEY_TREE_NONE

#define PILL_HEIGHT  18
#define PILL_PADDING 8
#define PILL_GAP     5
#define GLYPH_SIZE   10

/* What steps back while the pointer is over something else. */
#define DIMMED (1 / 3.0)

/* How far past the edge a band is drawn whose other end is out of sight; the
 * real distance would make it a needle. */
#define BEYOND 90

/* Half the height of a line of words, and at how many places along it is
 * looked whether a band is in its way. */
#define WORDS_HALF  6
#define WORDS_STEPS 6

/* At most so many verdicts in the pill of a folded scope. */
#define MAX_PILL_PARTS 2

/* A band on screen and what it stands for. */
typedef struct
{
  DptBand band;
  guint rows[DPT_N_PANELS];
  guint pair;
  guint n;
  gboolean is_stub;
  double rank; /* drawing order: what matters most comes last */
} Drawn;

/* What is out of sight past one end of one list. */
typedef struct
{
  guint n;
  guint row; /* the nearest */
  graphene_rect_t area;
} Edge;

typedef enum
{
  EDGE_ABOVE,
  EDGE_BELOW,
  N_EDGES,
} EdgeKind;

struct _DptHinge
{
  GtkWidget parent_instance;

  DptKeyList *lists[DPT_N_PANELS]; /* (nullable) unowned: our siblings */
  guint selected;                  /* pair */
  GArray *drawn;                   /* of the last frame */
  Edge edges[DPT_N_PANELS][N_EDGES];

  DptPanel hovered_panel;
  guint hovered_row;
  guint hovered_band; /* index in drawn */
};

enum
{
  SIGNAL_PAIR_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DptHinge, dpt_hinge, GTK_TYPE_WIDGET)

static DptHingeModel *
get_model (DptHinge *self)
{
  return self->lists[DPT_PANEL_LEFT] != NULL
             ? dpt_key_list_get_model (self->lists[DPT_PANEL_LEFT])
             : NULL;
}

static gboolean
is_folded (DptHingeModel *model, const DptHingeBundle *bundle)
{
  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      DptTreeList *list = dpt_hinge_model_get_list (model, p);
      DptKeyTree *tree = dpt_tree_list_get_tree (list);

      if (bundle->rows[p] != NONE &&
          dpt_key_tree_is_scope (tree,
                                 dpt_tree_list_get_node (list,
                                                         bundle->rows[p])) &&
          bundle->n > 1)
        return TRUE;
    }
  return FALSE;
}

/* Where a row's band begins; FALSE while nothing has a place. */
static gboolean
get_row_middle (DptHinge *self, DptPanel panel, guint row, double *y)
{
  double top, height;

  if (!dpt_key_list_get_row_extent (self->lists[panel], GTK_WIDGET (self), row,
                                    &top, &height))
    return FALSE;
  *y = top + height / 2;
  return TRUE;
}

static void
count_edge (DptHinge *self,
            DptPanel panel,
            EdgeKind kind,
            const DptHingeBundle *bundle)
{
  Edge *edge = &self->edges[panel][kind];
  guint row = bundle->rows[panel];

  if (edge->n == 0 || (kind == EDGE_ABOVE) == (row > edge->row))
    edge->row = row;
  edge->n += bundle->n;
}

/* An end out of sight is brought near the edge and fades. */
static double
settle_end (DptHinge *self,
            DptPanel panel,
            const DptHingeBundle *bundle,
            double y,
            DptBand *band)
{
  double height = gtk_widget_get_height (GTK_WIDGET (self));

  if (y >= 0 && y <= height)
    return y;
  band->fade = panel == DPT_PANEL_LEFT ? DPT_BAND_FADES_LEFT
                                       : DPT_BAND_FADES_RIGHT;
  count_edge (self, panel, y < 0 ? EDGE_ABOVE : EDGE_BELOW, bundle);
  return y < 0 ? MAX (y, -BEYOND) : MIN (y, height + BEYOND);
}

static void
add_bundle (DptHinge *self,
            DptHingeModel *model,
            DptPanel panel,
            const DptHingeBundle *bundle)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  Drawn drawn = { .pair = bundle->pair, .n = bundle->n, .band.opacity = 1 };
  double y[DPT_N_PANELS] = { 0 };
  DptVerdict worst;

  drawn.is_stub = bundle->rows[DPT_PANEL_OTHER (panel)] == NONE;
  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      drawn.rows[p] = bundle->rows[p];
      if (bundle->rows[p] != NONE &&
          !get_row_middle (self, p, bundle->rows[p], &y[p]))
        return;
    }

  for (guint v = 0; v < DPT_N_VERDICTS; v++)
    drawn.band.counts[v] = bundle->counts[v];
  drawn.band.n_unjudged = bundle->n_unjudged;
  drawn.band.folded = is_folded (model, bundle);
  drawn.band.right_x = width;
  if (drawn.is_stub)
    {
      drawn.band.left_y = drawn.band.right_y = y[panel];
      if (panel == DPT_PANEL_RIGHT)
        {
          drawn.band.left_x = width;
          drawn.band.right_x = 0;
        }
    }
  else
    {
      drawn.band.left_y = settle_end (self, DPT_PANEL_LEFT, bundle,
                                      y[DPT_PANEL_LEFT], &drawn.band);
      drawn.band.right_y = settle_end (self, DPT_PANEL_RIGHT, bundle,
                                       y[DPT_PANEL_RIGHT], &drawn.band);
    }

  drawn.band.chosen = self->selected != DPT_PAIR_MODEL_NO_ROW &&
                      bundle->n == 1 && bundle->pair == self->selected;
  drawn.rank = dpt_hinge_bundle_get_worst (bundle, &worst) ? worst + 1 : 0;
  if (drawn.band.chosen)
    drawn.rank = DPT_N_VERDICTS + 1;
  g_array_append_val (self->drawn, drawn);
}

static int
compare_rank (gconstpointer a, gconstpointer b)
{
  const Drawn *x = a;
  const Drawn *y = b;

  return (x->rank > y->rank) - (x->rank < y->rank);
}

/* The bundles of all rows in sight, each once. */
static void
collect (DptHinge *self)
{
  DptHingeModel *model = get_model (self);
  guint first[DPT_N_PANELS] = { 0 };
  guint end[DPT_N_PANELS] = { 0 };

  g_array_set_size (self->drawn, 0);
  for (guint p = 0; p < DPT_N_PANELS; p++)
    for (guint k = 0; k < N_EDGES; k++)
      self->edges[p][k] = (Edge){ 0 };
  if (model == NULL)
    return;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    if (!dpt_key_list_get_visible (self->lists[p], &first[p], &end[p]))
      end[p] = first[p];

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    for (guint row = first[p]; row < end[p]; row++)
      {
        guint n;
        const DptHingeBundle *bundles = dpt_hinge_model_get_bundles (model, p,
                                                                     row, &n);

        for (guint i = 0; i < n; i++)
          {
            guint left = bundles[i].rows[DPT_PANEL_LEFT];

            /* The left rows in sight have brought theirs already. */
            if (p == DPT_PANEL_RIGHT && left != NONE &&
                left >= first[DPT_PANEL_LEFT] && left < end[DPT_PANEL_LEFT])
              continue;
            add_bundle (self, model, p, &bundles[i]);
          }
      }
  g_array_sort (self->drawn, compare_rank);
}

static gboolean
is_lifted (DptHinge *self, guint index)
{
  const Drawn *drawn = &g_array_index (self->drawn, Drawn, index);

  return index == self->hovered_band ||
         (self->hovered_row != NONE &&
          drawn->rows[self->hovered_panel] == self->hovered_row);
}

static void
draw_pill_ground (cairo_t *cr, const graphene_rect_t *area, DptTheme theme)
{
  double r = area->size.height / 2;
  double x = area->origin.x;
  double y = area->origin.y;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + r, y + r, r, G_PI / 2, 3 * G_PI / 2);
  cairo_arc (cr, x + area->size.width - r, y + r, r, -G_PI / 2, G_PI / 2);
  cairo_close_path (cr);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_CARD), cr,
                        0.95);
  cairo_fill_preserve (cr);
  dpt_color_set_source (dpt_palette_get_shade (theme, DPT_SHADE_LINE), cr, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

/* How many of a folded scope's pairs are not identical, by verdict. */
static void
draw_counts_pill (DptHinge *self,
                  cairo_t *cr,
                  const Drawn *drawn,
                  DptTheme theme)
{
  static const DptLabelStyle style = { .size = DPT_LABEL_TICK,
                                       .yalign = 0.5,
                                       .bold = TRUE };
  g_autofree char *texts[MAX_PILL_PARTS] = { NULL };
  char digits[DPT_DIGITS_SIZE];
  DptVerdict verdicts[MAX_PILL_PARTS];
  double width = 2 * PILL_PADDING - PILL_GAP;
  double x = drawn->band.left_x + 12;
  double y = dpt_band_get_middle (&drawn->band, x + 20);
  guint n = 0;

  for (guint v = DPT_N_VERDICTS; v > DPT_VERDICT_CLOSE && n < MAX_PILL_PARTS;
       v--)
    if (drawn->band.counts[v - 1] > 0)
      {
        verdicts[n] = (DptVerdict) (v - 1);
        texts[n] = g_strdup (
            dpt_digits_group (drawn->band.counts[v - 1], digits));
        width += GLYPH_SIZE + 3 + dpt_label_measure (cr, texts[n], &style) +
                 PILL_GAP;
        n++;
      }
  if (n == 0)
    return;

  draw_pill_ground (cr,
                    &GRAPHENE_RECT_INIT (x, y - PILL_HEIGHT / 2.0, width,
                                         PILL_HEIGHT),
                    theme);
  x += PILL_PADDING;
  for (guint i = 0; i < n; i++)
    {
      const DptColor *color =
          &dpt_palette_get_verdict (theme, verdicts[i])->text;

      dpt_verdict_glyph_draw (cr, verdicts[i], x, y - GLYPH_SIZE / 2.0,
                              GLYPH_SIZE, color);
      x += GLYPH_SIZE + 3;
      x += dpt_label_draw (cr, texts[i], x, y, &style, color) + PILL_GAP;
    }
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&texts[i], g_free);
}

/* Whether nothing else is drawn from `x` to `end` at the height of a stub. */
static gboolean
has_room (DptHinge *self, const Drawn *stub, double x, double end)
{
  for (guint i = 0; i < self->drawn->len; i++)
    {
      const Drawn *other = &g_array_index (self->drawn, Drawn, i);
      double reach = dpt_band_get_height (&other->band) / 2 + WORDS_HALF;

      if (other == stub)
        continue;
      for (int step = 0; step <= WORDS_STEPS; step++)
        {
          double at = x + (end - x) * step / WORDS_STEPS;
          gboolean there = !other->is_stub || fabs (at - other->band.left_x) <=
                                                  DPT_BAND_STUB_LENGTH;
          double middle = other->is_stub
                              ? other->band.left_y
                              : dpt_band_get_middle (&other->band, at);

          if (there && fabs (middle - stub->band.left_y) < reach)
            return FALSE;
        }
    }
  return TRUE;
}

/* "12 without counterpart", where a folded scope has none and there is room
 * to say so. */
static void
draw_stub_words (DptHinge *self,
                 cairo_t *cr,
                 const Drawn *drawn,
                 DptTheme theme)
{
  DptPanel panel = drawn->rows[DPT_PANEL_LEFT] != NONE ? DPT_PANEL_LEFT
                                                       : DPT_PANEL_RIGHT;
  double sign = panel == DPT_PANEL_LEFT ? 1 : -1;
  DptLabelStyle style = { .size = DPT_LABEL_TICK,
                          .xalign = panel == DPT_PANEL_LEFT ? 0 : 1,
                          .yalign = 0.5 };
  double x = drawn->band.left_x + sign * (DPT_BAND_STUB_LENGTH + 4);
  char digits[DPT_DIGITS_SIZE];
  g_autofree char *text = NULL;

  if (drawn->n < 2)
    return;
  text = g_strdup_printf ("%s without counterpart",
                          dpt_digits_group (drawn->n, digits));
  if (has_room (self, drawn, x,
                x + sign * dpt_label_measure (cr, text, &style)))
    dpt_label_draw (cr, text, x, drawn->band.left_y, &style,
                    &dpt_palette_get_panel (theme, panel)->text);
}

static void
draw_edge_pill (DptHinge *self,
                cairo_t *cr,
                DptPanel panel,
                EdgeKind kind,
                DptTheme theme)
{
  static const DptLabelStyle style = { .size = DPT_LABEL_TICK,
                                       .yalign = 0.5,
                                       .bold = TRUE };
  Edge *edge = &self->edges[panel][kind];
  const DptColor *color = dpt_palette_get_shade (theme, DPT_SHADE_TEXT);
  char digits[DPT_DIGITS_SIZE];
  const char *text = dpt_digits_group (edge->n, digits);
  double width = 2 * PILL_PADDING + 10 + dpt_label_measure (cr, text, &style);
  double x = panel == DPT_PANEL_LEFT
                 ? 6
                 : gtk_widget_get_width (GTK_WIDGET (self)) - 6 - width;
  double y = kind == EDGE_ABOVE
                 ? 4
                 : gtk_widget_get_height (GTK_WIDGET (self)) - 4 - PILL_HEIGHT;
  double tip = kind == EDGE_ABOVE ? -3 : 3;
  double middle = y + PILL_HEIGHT / 2.0;

  edge->area = GRAPHENE_RECT_INIT (x, y, width, PILL_HEIGHT);
  draw_pill_ground (cr, &edge->area, theme);
  cairo_move_to (cr, x + PILL_PADDING - 1, middle - tip);
  cairo_line_to (cr, x + PILL_PADDING + 7, middle - tip);
  cairo_line_to (cr, x + PILL_PADDING + 3, middle + tip);
  cairo_close_path (cr);
  dpt_color_set_source (color, cr, 0.75);
  cairo_fill (cr);
  dpt_label_draw (cr, text, x + PILL_PADDING + 10, middle, &style, color);
}

static void
draw_all (DptHinge *self, cairo_t *cr, DptTheme theme)
{
  gboolean lifting = self->hovered_row != NONE || self->hovered_band != NONE;

  for (guint i = 0; i < self->drawn->len; i++)
    {
      Drawn *drawn = &g_array_index (self->drawn, Drawn, i);

      if (lifting && !is_lifted (self, i) && !drawn->band.chosen)
        drawn->band.opacity = DIMMED;
      if (drawn->is_stub)
        dpt_band_draw_stub (&drawn->band, cr, theme);
      else
        dpt_band_draw (&drawn->band, cr, theme);
    }

  for (guint i = 0; i < self->drawn->len; i++)
    {
      Drawn *drawn = &g_array_index (self->drawn, Drawn, i);

      if (drawn->is_stub)
        draw_stub_words (self, cr, drawn, theme);
      else if (drawn->band.folded && drawn->band.fade != DPT_BAND_FADES_LEFT)
        draw_counts_pill (self, cr, drawn, theme);
    }
  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    for (EdgeKind k = 0; k < N_EDGES; k++)
      if (self->edges[p][k].n > 0)
        draw_edge_pill (self, cr, p, k, theme);
}

static void
dpt_hinge_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptHinge *self = DPT_HINGE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr;

  collect (self);
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, width, height));
  draw_all (self, cr, dpt_theme_get_current ());
  cairo_destroy (cr);
}

static void
dpt_hinge_dispose (GObject *object)
{
  DptHinge *self = DPT_HINGE (object);

  dpt_hinge_set_lists (self, NULL, NULL);
  g_clear_pointer (&self->drawn, g_array_unref);

  G_OBJECT_CLASS (dpt_hinge_parent_class)->dispose (object);
}

static void
dpt_hinge_class_init (DptHingeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_hinge_dispose;
  widget_class->snapshot = dpt_hinge_snapshot;

  signals[SIGNAL_PAIR_CHOSEN] = g_signal_new ("pair-chosen",
                                              G_TYPE_FROM_CLASS (klass),
                                              G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                              NULL, G_TYPE_NONE, 1,
                                              G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "hinge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static gboolean
is_over (const Drawn *drawn, double x, double y)
{
  if (!drawn->is_stub)
    return dpt_band_contains (&drawn->band, x, y);
  return fabs (x - drawn->band.left_x) <= DPT_BAND_STUB_LENGTH &&
         fabs (y - drawn->band.left_y) <=
             dpt_band_get_height (&drawn->band) / 2;
}

static guint
find_band_at (DptHinge *self, double x, double y)
{
  for (guint i = self->drawn->len; i > 0; i--)
    if (is_over (&g_array_index (self->drawn, Drawn, i - 1), x, y))
      return i - 1;
  return NONE;
}

static void
set_hovered_band (DptHinge *self, guint index)
{
  if (self->hovered_band == index)
    return;
  self->hovered_band = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double x,
           double y,
           DptHinge *self)
{
  set_hovered_band (self, find_band_at (self, x, y));
}

static void
leave_cb (DptHinge *self)
{
  set_hovered_band (self, NONE);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            DptHinge *self)
{
  guint index;

  for (DptPanel p = 0; p < DPT_N_PANELS; p++)
    for (EdgeKind k = 0; k < N_EDGES; k++)
      if (self->edges[p][k].n > 0 &&
          graphene_rect_contains_point (&self->edges[p][k].area,
                                        &GRAPHENE_POINT_INIT ((float) x,
                                                              (float) y)))
        {
          dpt_key_list_scroll_to (self->lists[p], self->edges[p][k].row, -1);
          return;
        }

  index = find_band_at (self, x, y);
  if (index != NONE)
    g_signal_emit (self, signals[SIGNAL_PAIR_CHOSEN], 0,
                   g_array_index (self->drawn, Drawn, index).pair);
}

/* The wheel over the bands moves both lists at once. */
static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double dx,
           double dy,
           DptHinge *self)
{
  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      GtkAdjustment *adjustment = self->lists[p] != NULL
                                      ? dpt_key_list_get_adjustment (
                                            self->lists[p])
                                      : NULL;

      if (adjustment != NULL)
        gtk_adjustment_set_value (adjustment,
                                  gtk_adjustment_get_value (adjustment) +
                                      dy * pow (gtk_adjustment_get_page_size (
                                                    adjustment),
                                                2 / 3.0));
    }
  return GDK_EVENT_STOP;
}

static void
dpt_hinge_init (DptHinge *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->drawn = g_array_new (FALSE, FALSE, sizeof (Drawn));
  self->selected = DPT_PAIR_MODEL_NO_ROW;
  self->hovered_row = NONE;
  self->hovered_band = NONE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Bands between the left and right keys", -1);

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

/**
 * dpt_hinge_new:
 *
 * Returns: (transfer floating): a hinge between no lists.
 */
GtkWidget *
dpt_hinge_new (void)
{
  return g_object_new (DPT_TYPE_HINGE, NULL);
}

static void
moved_cb (DptHinge *self)
{
  self->hovered_band = NONE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hovered_cb (DptHinge *self, guint row, DptKeyList *list)
{
  self->hovered_panel = dpt_key_list_get_panel (list);
  self->hovered_row = row;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * dpt_hinge_set_lists:
 * @self: a hinge
 * @left: (nullable): the list at its left; must live as long as the hinge
 * @right: (nullable): the list at its right; likewise
 */
void
dpt_hinge_set_lists (DptHinge *self, DptKeyList *left, DptKeyList *right)
{
  DptKeyList *lists[DPT_N_PANELS] = { left, right };

  for (guint p = 0; p < DPT_N_PANELS; p++)
    {
      if (self->lists[p] != NULL)
        {
          g_signal_handlers_disconnect_by_data (self->lists[p], self);
          g_object_remove_weak_pointer (G_OBJECT (self->lists[p]),
                                        (gpointer *) &self->lists[p]);
        }
      self->lists[p] = lists[p];
      if (lists[p] == NULL)
        continue;
      g_object_add_weak_pointer (G_OBJECT (lists[p]),
                                 (gpointer *) &self->lists[p]);
      g_signal_connect_swapped (lists[p], "moved", G_CALLBACK (moved_cb), self);
      g_signal_connect_swapped (lists[p], "hovered", G_CALLBACK (hovered_cb),
                                self);
    }
}

/**
 * dpt_hinge_set_selected:
 * @self: a hinge
 * @pair: the pair whose band is outlined, or %DPT_PAIR_MODEL_NO_ROW
 */
void
dpt_hinge_set_selected (DptHinge *self, guint pair)
{
  self->selected = pair;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * dpt_hinge_get_n_bands:
 * @self: a hinge
 *
 * Returns: how many bands and stubs the last frame had.
 */
guint
dpt_hinge_get_n_bands (DptHinge *self)
{
  return self->drawn->len;
}
