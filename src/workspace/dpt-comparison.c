/* dpt-comparison.c - matches two models and judges their pairs, in
 * the background
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread matches and then judges; the judging has workers of its own.
 * Results cross over to the main thread in a queue that is emptied by one
 * idle source at a time.  Invariants: `lock` guards what stands below it; the
 * rest belongs to the main thread, or does not change while the thread runs.
 * Whatever runs holds a reference, so a thread that has not noticed yet that it
 * was cancelled finds its data alive.
 */

#define G_LOG_DOMAIN "dpt-comparison"

#include "dpt-comparison.h"

#include "dpt-matcher.h"

/* Results given to the model in one idle pass, so that 100,000 of them do
 * not hold up a frame. */
#define BATCH_SIZE 2000

typedef struct
{
  guint pair;
  DptPairResult result;
} Judged;

struct _DptComparison
{
  gatomicrefcount ref_count;
  DptModel *left;
  DptModel *right;
  DptTolerance tolerance;
  gboolean verify;
  DptProgress *progress;
  GCancellable *cancellable;
  GMainContext *context;
  DptComparisonCallbacks callbacks;
  gpointer user_data;

  DptPairModel *pairs; /* (nullable) main thread */
  GError *error;       /* set by the thread before it is finished */

  GMutex lock;
  DptMapping *mapping; /* (nullable) set once */
  GQueue queue;        /* of Judged */
  gboolean is_finished;
  GSource *drain_source;
};

static void
judged_free (Judged *judged)
{
  dpt_pair_result_clear (&judged->result);
  g_free (judged);
}

static DptComparison *
comparison_ref (DptComparison *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
comparison_unref (gpointer data)
{
  DptComparison *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_queue_clear_full (&self->queue, (GDestroyNotify) judged_free);
  g_clear_object (&self->left);
  g_clear_object (&self->right);
  g_clear_object (&self->progress);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->mapping);
  g_clear_error (&self->error);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Takes the next result off the queue.  When there is none, this drain ends:
 * @is_finished then says whether anything can still come. */
static Judged *
take_judged (DptComparison *self, gboolean *is_finished)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Judged *judged = g_queue_pop_head (&self->queue);

  if (judged == NULL)
    {
      g_clear_pointer (&self->drain_source, g_source_unref);
      *is_finished = self->is_finished;
    }

  return judged;
}

/* The mapping comes before its first result. */
static void
show_mapping (DptComparison *self)
{
  g_autoptr (DptMapping) mapping = NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&mapping, self->mapping);
  g_mutex_unlock (&self->lock);

  if (self->pairs != NULL || mapping == NULL)
    return;

  self->pairs = dpt_pair_model_new (mapping);
  self->callbacks.matched (self->pairs, self->user_data);
}

/* Main thread: hands one batch to the model; at the end of the last one, says
 * that it is done. */
static gboolean
drain_cb (gpointer user_data)
{
  DptComparison *self = user_data;
  gboolean is_finished = FALSE;

  if (!g_cancellable_is_cancelled (self->cancellable))
    show_mapping (self);

  for (guint i = 0; i < BATCH_SIZE; i++)
    {
      Judged *judged;

      if (g_cancellable_is_cancelled (self->cancellable))
        return G_SOURCE_REMOVE;

      judged = take_judged (self, &is_finished);
      if (judged == NULL)
        {
          if (is_finished)
            self->callbacks.done (self->error, self->user_data);
          return G_SOURCE_REMOVE;
        }

      dpt_pair_model_set_result (self->pairs, judged->pair, &judged->result);
      judged_free (judged);
    }

  return G_SOURCE_CONTINUE;
}

/* Any thread, with the lock held. */
static void
schedule_drain (DptComparison *self)
{
  if (self->drain_source != NULL)
    return;

  self->drain_source = g_idle_source_new ();
  g_source_set_callback (self->drain_source, drain_cb, comparison_ref (self),
                         comparison_unref);
  g_source_attach (self->drain_source, self->context);
}

static void
judged_cb (guint pair, DptPairResult *result, gpointer user_data)
{
  DptComparison *self = user_data;
  Judged *judged = g_new (Judged, 1);

  judged->pair = pair;
  judged->result = *result;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->queue, judged);
  schedule_drain (self);
  g_mutex_unlock (&self->lock);
}

static gpointer
compare_thread (gpointer data)
{
  DptComparison *self = data;
  g_autoptr (DptMapping) mapping = NULL;

  g_set_object (&mapping, self->mapping);
  if (mapping == NULL)
    mapping = dpt_matcher_match (self->left, self->right, self->cancellable,
                                 &self->error);

  if (mapping != NULL)
    {
      g_mutex_lock (&self->lock);
      g_set_object (&self->mapping, mapping);
      schedule_drain (self);
      g_mutex_unlock (&self->lock);

      dpt_checkpoint_diff_run (mapping, &self->tolerance, self->verify,
                               judged_cb, self, self->progress,
                               self->cancellable, &self->error);
    }

  g_mutex_lock (&self->lock);
  self->is_finished = TRUE;
  schedule_drain (self);
  g_mutex_unlock (&self->lock);

  comparison_unref (self);
  return NULL;
}

/**
 * dpt_comparison_new:
 * @left: the left model
 * @right: the right model
 * @pairs: (nullable): judge these again; %NULL to match first
 * @tolerance: what is still close
 * @verify: whether values are read even where equal checksums would do
 * @progress: (nullable): how far it is
 * @callbacks: called on the main thread, from its main loop
 * @user_data: for @callbacks
 *
 * Starts at once.  With @pairs, `matched` is not called.
 *
 * Returns: (transfer full): the running comparison.
 */
DptComparison *
dpt_comparison_new (DptModel *left,
                    DptModel *right,
                    DptPairModel *pairs,
                    const DptTolerance *tolerance,
                    gboolean verify,
                    DptProgress *progress,
                    const DptComparisonCallbacks *callbacks,
                    gpointer user_data)
{
  DptComparison *self = g_new0 (DptComparison, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_queue_init (&self->queue);
  self->left = g_object_ref (left);
  self->right = g_object_ref (right);
  self->tolerance = *tolerance;
  self->verify = verify;
  g_set_object (&self->progress, progress);
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  self->callbacks = *callbacks;
  self->user_data = user_data;
  if (pairs != NULL)
    {
      self->pairs = g_object_ref (pairs);
      self->mapping = g_object_ref (dpt_pair_model_get_mapping (pairs));
    }

  g_thread_unref (
      g_thread_new ("dpt-comparison", compare_thread, comparison_ref (self)));
  return self;
}

/**
 * dpt_comparison_free:
 * @self: (transfer full): a comparison
 *
 * Stops it if it still runs; no callback comes after this.  Does not wait.
 */
void
dpt_comparison_free (DptComparison *self)
{
  g_cancellable_cancel (self->cancellable);

  /* The last reference may be the thread's, and the model's idle source is
   * the main thread's. */
  g_clear_object (&self->pairs);
  comparison_unref (self);
}
