/* dpt-change-map.c - all differences of a list as a strip by its scroll bar
 *
 * The strip is the whole list; every row whose keys are not all identical has
 * a mark of at least 3 pixels in the colour of its worst verdict.  What has no
 * counterpart here stands at the share of the list where it is over there.
 * The frame is what is in sight; a click or a drag scrolls.
 *
 * Next and previous difference are the same by keyboard.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-change-map"

#include "dpt-change-map.h"

#include "dpt-theme.h"

#define LEAST_MARK 3
#define PADDING    3

struct _DptChangeMap
{
  GtkWidget parent_instance;

  DptKeyList *list; /* (nullable) unowned: our sibling */
  guint8 *marks;    /* by pixel: the worst verdict + 1, or 0 */
  int height;       /* of marks */
  gboolean marks_stale;
};

G_DEFINE_FINAL_TYPE (DptChangeMap, dpt_change_map, GTK_TYPE_WIDGET)

/* Where a pair stands, as a share of the list. */
static gboolean
get_share (DptHingeModel *model, DptPanel panel, guint pair, double *share)
{
  DptPanel panels[] = { panel, DPT_PANEL_OTHER (panel) };

  for (guint i = 0; i < G_N_ELEMENTS (panels); i++)
    {
      guint leaf = dpt_hinge_model_get_leaf (model, panels[i], pair);
      DptTreeList *list = dpt_hinge_model_get_list (model, panels[i]);
      guint row;

      if (leaf == DPT_KEY_TREE_NONE)
        continue;
      row = dpt_tree_list_get_leaf_rows (list)[leaf];
      if (row == DPT_KEY_TREE_NONE)
        return FALSE;
      *share = row / (double) dpt_tree_list_get_n_rows (list);
      return TRUE;
    }
  return FALSE;
}

static void
update_marks (DptChangeMap *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  DptHingeModel *model = self->list != NULL
                             ? dpt_key_list_get_model (self->list)
                             : NULL;
  DptPairModel *pairs;
  guint n;

  if (!self->marks_stale && self->height == height)
    return;

  g_free (self->marks);
  self->marks = g_new0 (guint8, height + LEAST_MARK);
  self->height = height;
  self->marks_stale = FALSE;
  if (model == NULL)
    return;

  pairs = dpt_hinge_model_get_pairs (model);
  n = g_list_model_get_n_items (G_LIST_MODEL (pairs));
  for (guint pair = 0; pair < n; pair++)
    {
      guint8 mark = dpt_pair_model_get_verdict (pairs, pair) + 1;
      double share;
      int y;

      if (dpt_hinge_model_get_difference_index (model, pair) ==
              DPT_PAIR_MODEL_NO_ROW ||
          !get_share (model, dpt_key_list_get_panel (self->list), pair, &share))
        continue;
      y = (int) (share * (height - LEAST_MARK));
      for (int i = 0; i < LEAST_MARK; i++)
        self->marks[y + i] = MAX (self->marks[y + i], mark);
    }
}

static void
draw_marks (DptChangeMap *self, GtkSnapshot *snapshot, DptTheme theme)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));

  for (int y = 0; y < self->height;)
    {
      guint8 mark = self->marks[y];
      int end = y + 1;
      const DptColor *color;

      while (end < self->height && self->marks[end] == mark)
        end++;
      if (mark != 0)
        {
          color = &dpt_palette_get_verdict (theme, mark - 1)->line;
          gtk_snapshot_append_color (snapshot,
                                     &(GdkRGBA){ (float) color->red,
                                                 (float) color->green,
                                                 (float) color->blue, 1 },
                                     &GRAPHENE_RECT_INIT (PADDING, (float) y,
                                                          width - 2 * PADDING,
                                                          (float) (end - y)));
        }
      y = end;
    }
}

static void
draw_frame (DptChangeMap *self, GtkSnapshot *snapshot, DptTheme theme)
{
  GtkAdjustment *adjustment = dpt_key_list_get_adjustment (self->list);
  double lower = gtk_adjustment_get_lower (adjustment);
  double range = gtk_adjustment_get_upper (adjustment) - lower;
  double page = gtk_adjustment_get_page_size (adjustment);
  const DptColor *color = dpt_palette_get_shade (theme, DPT_SHADE_SECOND_TEXT);
  GdkRGBA line = { (float) color->red, (float) color->green,
                   (float) color->blue, 0.8f };
  GdkRGBA ground = { line.red, line.green, line.blue, 0.12f };
  GskRoundedRect frame;
  double top;

  if (range <= page || page <= 0)
    return;

  top = (gtk_adjustment_get_value (adjustment) - lower) / range;
  gsk_rounded_rect_init_from_rect (
      &frame,
      &GRAPHENE_RECT_INIT (1, (float) (top * self->height),
                           (float) gtk_widget_get_width (GTK_WIDGET (self)) - 2,
                           (float) MAX (page / range * self->height, 8)),
      3);
  gtk_snapshot_append_color (snapshot, &ground, &frame.bounds);
  gtk_snapshot_append_border (snapshot, &frame, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ line, line, line, line });
}

static void
dpt_change_map_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptChangeMap *self = DPT_CHANGE_MAP (widget);
  DptTheme theme = dpt_theme_get_current ();

  if (self->list == NULL)
    return;
  update_marks (self);
  draw_marks (self, snapshot, theme);
  draw_frame (self, snapshot, theme);
}

static void
dpt_change_map_dispose (GObject *object)
{
  DptChangeMap *self = DPT_CHANGE_MAP (object);

  dpt_change_map_set_list (self, NULL);
  g_clear_pointer (&self->marks, g_free);

  G_OBJECT_CLASS (dpt_change_map_parent_class)->dispose (object);
}

static void
dpt_change_map_class_init (DptChangeMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dpt_change_map_dispose;
  widget_class->snapshot = dpt_change_map_snapshot;
  gtk_widget_class_set_css_name (widget_class, "changemap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

/* The middle of the frame goes where the pointer is. */
static void
scroll_to (DptChangeMap *self, double y)
{
  GtkAdjustment *adjustment;
  double lower, range;

  if (self->list == NULL || self->height == 0)
    return;
  adjustment = dpt_key_list_get_adjustment (self->list);
  lower = gtk_adjustment_get_lower (adjustment);
  range = gtk_adjustment_get_upper (adjustment) - lower;
  gtk_adjustment_set_value (adjustment,
                            lower + y / self->height * range -
                                gtk_adjustment_get_page_size (adjustment) / 2);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, DptChangeMap *self)
{
  scroll_to (self, y);
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double dx,
                double dy,
                DptChangeMap *self)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    scroll_to (self, y + dy);
}

static void
dpt_change_map_init (DptChangeMap *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->marks_stale = TRUE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Map of all differences", -1);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (gtk_widget_queue_draw));
}

/**
 * dpt_change_map_new:
 *
 * Returns: (transfer floating): a map of nothing.
 */
GtkWidget *
dpt_change_map_new (void)
{
  return g_object_new (DPT_TYPE_CHANGE_MAP, NULL);
}

static void
moved_cb (DptChangeMap *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * dpt_change_map_refresh:
 * @self: a map
 *
 * Verdicts, folds or filter are different now.
 */
void
dpt_change_map_refresh (DptChangeMap *self)
{
  self->marks_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * dpt_change_map_set_list:
 * @self: a map
 * @list: (nullable): the list that it maps and scrolls; must outlive the map
 */
void
dpt_change_map_set_list (DptChangeMap *self, DptKeyList *list)
{
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->list, self);
      g_object_remove_weak_pointer (G_OBJECT (self->list),
                                    (gpointer *) &self->list);
    }
  self->list = list;
  if (list != NULL)
    {
      g_object_add_weak_pointer (G_OBJECT (list), (gpointer *) &self->list);
      g_signal_connect_swapped (list, "moved", G_CALLBACK (moved_cb), self);
    }
  dpt_change_map_refresh (self);
}
