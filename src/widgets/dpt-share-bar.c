/* dpt-share-bar.c - how many pairs have which verdict, as one bar
 *
 * Accessible role: image, labelled by the counts in words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-share-bar"

#include "dpt-share-bar.h"

#include <string.h>

#include "dpt-share-bar-renderer.h"

#define BAR_WIDTH  150
#define BAR_HEIGHT 8

struct _DptShareBar
{
  DptDrawing parent_instance;
  guint counts[DPT_N_VERDICTS];
};

G_DEFINE_FINAL_TYPE (DptShareBar, dpt_share_bar, DPT_TYPE_DRAWING)

static void
dpt_share_bar_paint (DptDrawing *drawing,
                     cairo_t *cr,
                     int width,
                     int height,
                     DptTheme theme)
{
  DptShareBar *self = DPT_SHARE_BAR (drawing);

  dpt_share_bar_draw (cr, self->counts, width, height, theme);
}

static void
dpt_share_bar_class_init (DptShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DptDrawingClass *drawing_class = DPT_DRAWING_CLASS (klass);

  drawing_class->paint = dpt_share_bar_paint;
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_HORIZONTAL,
                              BAR_WIDTH / 3, BAR_WIDTH);
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_VERTICAL,
                              BAR_HEIGHT, BAR_HEIGHT);
  gtk_widget_class_set_css_name (widget_class, "sharebar");
}

static void
dpt_share_bar_init (DptShareBar *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * dpt_share_bar_new:
 *
 * Returns: (transfer floating): a new bar, empty
 */
GtkWidget *
dpt_share_bar_new (void)
{
  return g_object_new (DPT_TYPE_SHARE_BAR, NULL);
}

/**
 * dpt_share_bar_set_counts:
 * @self: a bar
 * @counts: how many pairs have each verdict
 */
void
dpt_share_bar_set_counts (DptShareBar *self, const guint counts[DPT_N_VERDICTS])
{
  g_autoptr (GString) words = g_string_new (NULL);

  g_return_if_fail (DPT_IS_SHARE_BAR (self));

  if (memcmp (self->counts, counts, sizeof self->counts) == 0)
    return;
  memcpy (self->counts, counts, sizeof self->counts);
  for (guint i = DPT_N_VERDICTS; i-- > 0;)
    if (counts[i] > 0)
      g_string_append_printf (words, "%s%u %s", words->len > 0 ? ", " : "",
                              counts[i], dpt_verdict_get_name ((DptVerdict) i));
  dpt_drawing_set_label (DPT_DRAWING (self), words->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words->str);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
