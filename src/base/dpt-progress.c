/* dpt-progress.c - how far a piece of long work has come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants:
 *  - what is above `pending` is read and written under `lock` alone;
 *  - at most one idle source is attached; it holds no reference, so that a
 *    main context that never runs keeps nothing alive;
 *  - the `told_` members belong to the thread of the main context.
 */

#define G_LOG_DOMAIN "dpt-progress"

#include "dpt-progress.h"

struct _DptProgress
{
  GObject parent_instance;

  GMutex lock;
  char *step;
  char *detail;
  guint64 done;
  guint64 total;
  GSource *pending; /* the idle that will tell of changes */

  GMainContext *context;
  char *told_step;
  char *told_detail;
  double told_fraction;
};

enum
{
  PROP_0,
  PROP_FRACTION,
  PROP_STEP,
  PROP_DETAIL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DptProgress, dpt_progress, G_TYPE_OBJECT)

/* Keeps `value` in `*told` and tells of it if it is another one. */
static void
tell_text (DptProgress *self, char **told, char *value, int property)
{
  if (g_strcmp0 (*told, value) == 0)
    {
      g_free (value);
      return;
    }

  g_free (*told);
  *told = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gboolean
tell_cb (gpointer data)
{
  g_autoptr (DptProgress) self = g_weak_ref_get (data);
  double fraction;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->pending, g_source_unref);
  g_mutex_unlock (&self->lock);

  g_object_freeze_notify (G_OBJECT (self));
  tell_text (self, &self->told_step, dpt_progress_dup_step (self), PROP_STEP);
  tell_text (self, &self->told_detail, dpt_progress_dup_detail (self),
             PROP_DETAIL);
  fraction = dpt_progress_get_fraction (self);
  if (fraction != self->told_fraction)
    {
      self->told_fraction = fraction;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
    }
  g_object_thaw_notify (G_OBJECT (self));

  return G_SOURCE_REMOVE;
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Sees to it that the main context hears of a change.  Called locked. */
static void
schedule (DptProgress *self)
{
  GWeakRef *weak;

  if (self->pending != NULL)
    return;

  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->pending = g_idle_source_new ();
  g_source_set_static_name (self->pending, "dpt-progress");
  g_source_set_callback (self->pending, tell_cb, weak, free_weak_ref);
  g_source_attach (self->pending, self->context);
}

static void
dpt_progress_get_property (GObject *object,
                           guint property,
                           GValue *value,
                           GParamSpec *pspec)
{
  DptProgress *self = DPT_PROGRESS (object);

  switch (property)
    {
    case PROP_FRACTION:
      g_value_set_double (value, dpt_progress_get_fraction (self));
      break;
    case PROP_STEP:
      g_value_take_string (value, dpt_progress_dup_step (self));
      break;
    case PROP_DETAIL:
      g_value_take_string (value, dpt_progress_dup_detail (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
dpt_progress_finalize (GObject *object)
{
  DptProgress *self = DPT_PROGRESS (object);

  if (self->pending != NULL)
    g_source_destroy (self->pending);
  g_clear_pointer (&self->pending, g_source_unref);
  g_main_context_unref (self->context);
  g_free (self->step);
  g_free (self->detail);
  g_free (self->told_step);
  g_free (self->told_detail);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (dpt_progress_parent_class)->finalize (object);
}

static void
dpt_progress_class_init (DptProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY |
                      G_PARAM_STATIC_STRINGS;

  object_class->get_property = dpt_progress_get_property;
  object_class->finalize = dpt_progress_finalize;

  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1,
                                                   0, flags);
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL,
                                                 flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dpt_progress_init (DptProgress *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
}

/**
 * dpt_progress_new:
 *
 * Makes a progress that notifies of its properties in the thread-default main
 * context of the caller.
 *
 * Returns: (transfer full): a progress without a step.
 */
DptProgress *
dpt_progress_new (void)
{
  return g_object_new (DPT_TYPE_PROGRESS, NULL);
}

/**
 * dpt_progress_begin:
 * @self: (nullable): a progress
 * @step: (nullable): what is being done, in words
 * @total: units of work in this step; 0 if not known
 *
 * Starts a step: nothing of it is done, and there is no detail.
 */
void
dpt_progress_begin (DptProgress *self, const char *step, guint64 total)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  g_free (self->step);
  self->step = g_strdup (step);
  g_clear_pointer (&self->detail, g_free);
  self->done = 0;
  self->total = total;
  schedule (self);
  g_mutex_unlock (&self->lock);
}

/**
 * dpt_progress_advance:
 * @self: (nullable): a progress
 * @amount: units of work done since the last call
 */
void
dpt_progress_advance (DptProgress *self, guint64 amount)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->done += amount;
  schedule (self);
  g_mutex_unlock (&self->lock);
}

/**
 * dpt_progress_set_detail:
 * @self: (nullable): a progress
 * @detail: (nullable): what is worked on just now: a key, a node
 */
void
dpt_progress_set_detail (DptProgress *self, const char *detail)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  g_free (self->detail);
  self->detail = g_strdup (detail);
  schedule (self);
  g_mutex_unlock (&self->lock);
}

/**
 * dpt_progress_dup_step:
 * @self: (nullable): a progress
 *
 * Returns: (transfer full) (nullable): the step's name.
 */
char *
dpt_progress_dup_step (DptProgress *self)
{
  char *step;

  if (self == NULL)
    return NULL;

  g_mutex_lock (&self->lock);
  step = g_strdup (self->step);
  g_mutex_unlock (&self->lock);

  return step;
}

/**
 * dpt_progress_dup_detail:
 * @self: (nullable): a progress
 *
 * Returns: (transfer full) (nullable): what is worked on.
 */
char *
dpt_progress_dup_detail (DptProgress *self)
{
  char *detail;

  if (self == NULL)
    return NULL;

  g_mutex_lock (&self->lock);
  detail = g_strdup (self->detail);
  g_mutex_unlock (&self->lock);

  return detail;
}

/**
 * dpt_progress_get_done:
 * @self: (nullable): a progress
 *
 * Returns: units of work done in this step.
 */
guint64
dpt_progress_get_done (DptProgress *self)
{
  guint64 done;

  if (self == NULL)
    return 0;

  g_mutex_lock (&self->lock);
  done = self->done;
  g_mutex_unlock (&self->lock);

  return done;
}

/**
 * dpt_progress_get_total:
 * @self: (nullable): a progress
 *
 * Returns: units of work in this step; 0 if not known.
 */
guint64
dpt_progress_get_total (DptProgress *self)
{
  guint64 total;

  if (self == NULL)
    return 0;

  g_mutex_lock (&self->lock);
  total = self->total;
  g_mutex_unlock (&self->lock);

  return total;
}

/**
 * dpt_progress_get_fraction:
 * @self: (nullable): a progress
 *
 * Returns: done by total, from 0 to 1; 0 while the total is not known.
 */
double
dpt_progress_get_fraction (DptProgress *self)
{
  double fraction = 0;

  if (self == NULL)
    return 0;

  g_mutex_lock (&self->lock);
  if (self->total > 0)
    fraction = MIN (1.0, (double) self->done / (double) self->total);
  g_mutex_unlock (&self->lock);

  return fraction;
}
