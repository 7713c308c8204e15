/* dpt-chip.c - a verdict with its count, or its name; can be switched off
 *
 * A toggle button: active means that pairs of the verdict are shown.  An
 * inactive chip is hollow and its text struck through.  A chip that only says
 * something has "can-target" and "focusable" off.
 *
 * Properties: "verdict" (int), "text" (string; NULL: the verdict's name).
 * Accessible label: the verdict's name and the text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-chip"

#include "dpt-chip.h"

#include "dpt-theme.h"
#include "dpt-verdict-glyph.h"

#define GLYPH_SIZE 12

struct _DptChip
{
  GtkToggleButton parent_instance;
  DptVerdict verdict;
  char *text;
  GtkWidget *glyph;
  GtkWidget *label;
};

enum
{
  PROP_0,
  PROP_VERDICT,
  PROP_TEXT,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (DptChip, dpt_chip, GTK_TYPE_TOGGLE_BUTTON)

static const DptColor *
get_text_color (DptChip *self, DptTheme theme)
{
  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self)))
    return dpt_palette_get_shade (theme, DPT_SHADE_FAINT_TEXT);
  return &dpt_palette_get_verdict (theme, self->verdict)->text;
}

/* The label's colour follows verdict, state and theme, which one style sheet
 * cannot say for both themes. */
static void
update (DptChip *self)
{
  const DptColor *color = get_text_color (self, dpt_theme_get_current ());
  gboolean active = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self));
  const char *name = dpt_verdict_get_name (self->verdict);
  const char *text = self->text != NULL ? self->text : name;
  PangoAttrList *attributes = dpt_theme_make_attributes (color);
  g_autofree char *label = self->text != NULL
                               ? g_strdup_printf ("%s: %s", name, text)
                               : g_strdup (name);

  pango_attr_list_insert (attributes,
                          pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_strikethrough_new (!active));
  gtk_label_set_attributes (GTK_LABEL (self->label), attributes);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  pango_attr_list_unref (attributes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (self->glyph);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
draw_glyph_cb (GtkDrawingArea *area,
               cairo_t *cr,
               int width,
               int height,
               gpointer data)
{
  DptChip *self = DPT_CHIP (data);

  dpt_verdict_glyph_draw (cr, self->verdict, (width - GLYPH_SIZE) / 2,
                          (height - GLYPH_SIZE) / 2, GLYPH_SIZE,
                          get_text_color (self, dpt_theme_get_current ()));
}

static void
dpt_chip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DptChip *self = DPT_CHIP (widget);
  DptTheme theme = dpt_theme_get_current ();
  const DptInk *ink = dpt_palette_get_verdict (theme, self->verdict);
  gboolean active = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self));
  gboolean hovered = gtk_widget_get_state_flags (widget) &
                     GTK_STATE_FLAG_PRELIGHT;
  const DptColor *line = active ? &ink->line
                                : dpt_palette_get_shade (theme, DPT_SHADE_LINE);
  GdkRGBA border = { line->red, line->green, line->blue, hovered ? 1.0 : 0.8 };
  GdkRGBA ground = { ink->tint.red, ink->tint.green, ink->tint.blue, 1.0 };
  float height = gtk_widget_get_height (widget);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (0, 0,
                                                        gtk_widget_get_width (
                                                            widget),
                                                        height),
                                   height / 2);
  if (active)
    {
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, &ground, &outline.bounds);
      gtk_snapshot_pop (snapshot);
    }
  gtk_snapshot_append_border (snapshot, &outline,
                              (float[4]){ 1.0f, 1.0f, 1.0f, 1.0f },
                              (GdkRGBA[4]){ border, border, border, border });
  GTK_WIDGET_CLASS (dpt_chip_parent_class)->snapshot (widget, snapshot);
}

static void
dpt_chip_finalize (GObject *object)
{
  DptChip *self = DPT_CHIP (object);

  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (dpt_chip_parent_class)->finalize (object);
}

static void
dpt_chip_get_property (GObject *object,
                       guint property_id,
                       GValue *value,
                       GParamSpec *pspec)
{
  DptChip *self = DPT_CHIP (object);

  switch (property_id)
    {
    case PROP_VERDICT:
      g_value_set_int (value, self->verdict);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_chip_set_property (GObject *object,
                       guint property_id,
                       const GValue *value,
                       GParamSpec *pspec)
{
  DptChip *self = DPT_CHIP (object);

  switch (property_id)
    {
    case PROP_VERDICT:
      dpt_chip_set_verdict (self, (DptVerdict) g_value_get_int (value));
      break;
    case PROP_TEXT:
      dpt_chip_set_text (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
dpt_chip_class_init (DptChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dpt_chip_finalize;
  object_class->get_property = dpt_chip_get_property;
  object_class->set_property = dpt_chip_set_property;
  GTK_WIDGET_CLASS (klass)->snapshot = dpt_chip_snapshot;

  properties[PROP_VERDICT] = g_param_spec_int ("verdict", NULL, NULL, 0,
                                               DPT_N_VERDICTS - 1,
                                               DPT_VERDICT_IDENTICAL,
                                               G_PARAM_READWRITE |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL,
                                               G_PARAM_READWRITE |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
dpt_chip_init (DptChip *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->glyph = gtk_drawing_area_new ();
  self->label = gtk_label_new (NULL);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->glyph),
                                      GLYPH_SIZE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->glyph),
                                       GLYPH_SIZE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->glyph), draw_glyph_cb,
                                  self, NULL);
  gtk_box_append (GTK_BOX (box), self->glyph);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), "chip");
  g_signal_connect (self, "notify::active", G_CALLBACK (update), NULL);
  dpt_theme_watch (GTK_WIDGET (self), G_CALLBACK (update));
  update (self);
}

/**
 * dpt_chip_new:
 * @verdict: whose glyph and colours it has
 *
 * Returns: (transfer floating): a new chip, active, with the verdict's name
 */
GtkWidget *
dpt_chip_new (DptVerdict verdict)
{
  return g_object_new (DPT_TYPE_CHIP, "verdict", (int) verdict, NULL);
}

/**
 * dpt_chip_get_verdict:
 * @self: a chip
 *
 * Returns: its verdict
 */
DptVerdict
dpt_chip_get_verdict (DptChip *self)
{
  g_return_val_if_fail (DPT_IS_CHIP (self), DPT_VERDICT_IDENTICAL);

  return self->verdict;
}

/**
 * dpt_chip_set_verdict:
 * @self: a chip
 * @verdict: whose glyph and colours it has
 */
void
dpt_chip_set_verdict (DptChip *self, DptVerdict verdict)
{
  g_return_if_fail (DPT_IS_CHIP (self));

  if (self->verdict == verdict)
    return;
  self->verdict = verdict;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
}

/**
 * dpt_chip_get_text:
 * @self: a chip
 *
 * Returns: (transfer none) (nullable): its text, %NULL when that is the
 *   verdict's name
 */
const char *
dpt_chip_get_text (DptChip *self)
{
  g_return_val_if_fail (DPT_IS_CHIP (self), NULL);

  return self->text;
}

/**
 * dpt_chip_set_text:
 * @self: a chip
 * @text: (nullable): what stands behind the glyph, usually a count; %NULL: the
 *   verdict's name
 */
void
dpt_chip_set_text (DptChip *self, const char *text)
{
  g_return_if_fail (DPT_IS_CHIP (self));

  if (g_strcmp0 (self->text, text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}
