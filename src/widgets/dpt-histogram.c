/* dpt-histogram.c - how often which values occur, on both sides
 *
 * A tooltip tells the range and the counts of the bin under the pointer.
 *
 * Accessible role: image; label and description tell range and counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-histogram"

#include "dpt-histogram.h"

#include "dpt-axis.h"

struct _DptHistogram
{
  DptDrawing parent_instance;
  DptHistogramData data; /* its counts are owned */
  gboolean log;
};

enum
{
  PROP_0,
  PROP_LOG,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptHistogram, dpt_histogram, DPT_TYPE_DRAWING)

static void
get_layout (DptHistogram *self, DptHistogramLayout *layout)
{
  dpt_histogram_layout_init (layout, &self->data, self->log,
                             gtk_widget_get_width (GTK_WIDGET (self)),
                             gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
dpt_histogram_paint (DptDrawing *drawing,
                     cairo_t *cr,
                     int width,
                     int height,
                     DptTheme theme)
{
  DptHistogram *self = DPT_HISTOGRAM (drawing);
  DptHistogramLayout layout;

  get_layout (self, &layout);
  dpt_histogram_draw (cr, &layout, &self->data, theme);
}

/* "left 1,204, right 1,204": the sides that are there. */
static char *
format_counts (DptHistogram *self, guint bin)
{
  GString *text = g_string_new (NULL);

  if (self->data.left != NULL)
    {
      g_autofree char *count = dpt_axis_format_count (self->data.left[bin]);

      g_string_append_printf (text, "left %s", count);
    }
  if (self->data.right != NULL)
    {
      g_autofree char *count = dpt_axis_format_count (self->data.right[bin]);

      g_string_append_printf (text, "%sright %s", text->len > 0 ? ", " : "",
                              count);
    }
  return g_string_free (text, FALSE);
}

static gboolean
query_tooltip_cb (DptHistogram *self,
                  int x,
                  int y,
                  gboolean keyboard_mode,
                  GtkTooltip *tooltip)
{
  DptHistogramLayout layout;
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;
  g_autofree char *counts = NULL;
  g_autofree char *text = NULL;
  double width;
  int bin;

  get_layout (self, &layout);
  bin = self->data.n_bins > 0
            ? dpt_histogram_layout_pick (&layout, &self->data, x)
            : -1;
  if (bin < 0 || keyboard_mode)
    return FALSE;
  width = (self->data.high - self->data.low) / self->data.n_bins;
  low = dpt_axis_format_number (self->data.low + bin * width);
  high = dpt_axis_format_number (self->data.low + (bin + 1) * width);
  counts = format_counts (self, (guint) bin);
  text = g_strdup_printf ("%s to %s: %s", low, high, counts);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
dpt_histogram_finalize (GObject *object)
{
  DptHistogram *self = DPT_HISTOGRAM (object);

  g_free ((guint64 *) self->data.left);
  g_free ((guint64 *) self->data.right);
  G_OBJECT_CLASS (dpt_histogram_parent_class)->finalize (object);
}

static void
dpt_histogram_get_property (GObject *object,
                            guint property_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_LOG:
      g_value_set_boolean (value, DPT_HISTOGRAM (object)->log);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_histogram_set_property (GObject *object,
                            guint property_id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_LOG:
      dpt_histogram_set_log (DPT_HISTOGRAM (object),
                             g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_histogram_class_init (DptHistogramClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DptDrawingClass *drawing_class = DPT_DRAWING_CLASS (klass);

  object_class->finalize = dpt_histogram_finalize;
  object_class->get_property = dpt_histogram_get_property;
  object_class->set_property = dpt_histogram_set_property;
  drawing_class->paint = dpt_histogram_paint;
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_HORIZONTAL, 160,
                              400);
  dpt_drawing_class_set_size (drawing_class, GTK_ORIENTATION_VERTICAL, 120,
                              220);

  properties[PROP_LOG] = g_param_spec_boolean ("log", NULL, NULL, TRUE,
                                               G_PARAM_READWRITE |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "histogram");
}

static void
dpt_histogram_init (DptHistogram *self)
{
  self->log = TRUE;
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  dpt_drawing_set_label (DPT_DRAWING (self), "Histogram: no values");
}

/**
 * dpt_histogram_new:
 *
 * Returns: (transfer floating): a histogram of nothing
 */
GtkWidget *
dpt_histogram_new (void)
{
  return g_object_new (DPT_TYPE_HISTOGRAM, NULL);
}

static const guint64 *
copy_counts (const guint64 *counts, guint n_bins)
{
  return counts == NULL ? NULL : g_memdup2 (counts, n_bins * sizeof *counts);
}

/**
 * dpt_histogram_set_data:
 * @self: a histogram
 * @data: (nullable): the counts, which are copied; %NULL shows nothing
 */
void
dpt_histogram_set_data (DptHistogram *self, const DptHistogramData *data)
{
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;
  g_autofree char *label = NULL;

  g_return_if_fail (DPT_IS_HISTOGRAM (self));

  g_free ((guint64 *) self->data.left);
  g_free ((guint64 *) self->data.right);
  self->data = data != NULL ? *data : (DptHistogramData){ 0 };
  self->data.left = copy_counts (self->data.left, self->data.n_bins);
  self->data.right = copy_counts (self->data.right, self->data.n_bins);
  low = dpt_axis_format_number (self->data.low);
  high = dpt_axis_format_number (self->data.high);
  label = self->data.n_bins == 0
              ? g_strdup ("Histogram: no values")
              : g_strdup_printf ("Histogram of the values from %s to %s in %u "
                                 "bins",
                                 low, high, self->data.n_bins);
  dpt_drawing_set_label (DPT_DRAWING (self), label);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * dpt_histogram_get_log:
 * @self: a histogram
 *
 * Returns: whether counts are on a log scale
 */
gboolean
dpt_histogram_get_log (DptHistogram *self)
{
  g_return_val_if_fail (DPT_IS_HISTOGRAM (self), FALSE);

  return self->log;
}

/**
 * dpt_histogram_set_log:
 * @self: a histogram
 * @log: whether counts are on a log scale
 */
void
dpt_histogram_set_log (DptHistogram *self, gboolean log)
{
  g_return_if_fail (DPT_IS_HISTOGRAM (self));

  if (self->log == !!log)
    return;
  self->log = !!log;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOG]);
}
