/* dpt-checkpoint-diff.c - the verdict of every pair of a mapping
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pairs whose stored checksums settle them are judged first, without reading.
 * The others are read and measured by a few threads, the largest first, so
 * that no thread ends with the one that takes longest; the bytes that all of
 * them hold at a time stay within a budget.  A pair's result depends on the
 * pair alone, so neither order nor thread count shows in it.
 */

#define G_LOG_DOMAIN "dpt-checkpoint-diff"

#include "dpt-checkpoint-diff.h"

/* Tensors in memory at a time; one pair that is larger goes alone. */
#define BYTES_BUDGET (G_GUINT64_CONSTANT (1) << 30)

#define MAX_THREADS 16

typedef struct
{
  guint pair;
  guint64 size;
} Job;

typedef struct
{
  DptMapping *mapping;
  const DptTolerance *tolerance;
  gboolean verify;
  DptPairResultFunc func;
  gpointer user_data;
  DptProgress *progress;
  GCancellable *cancellable;

  GMutex lock; /* guards what follows, and calls of `func` */
  GCond bytes_freed;
  const GArray *jobs; /* (element-type Job) */
  guint next_job;
  guint64 bytes_held;
} Run;

/**
 * dpt_pair_result_clear:
 * @self: a result
 *
 * Drops what it holds and makes it one that holds nothing.
 */
void
dpt_pair_result_clear (DptPairResult *self)
{
  g_free (self->error);
  *self = (DptPairResult){ 0 };
}

/**
 * dpt_basis_get_name:
 * @basis: a basis
 *
 * Returns: (nullable): the word that JSON documents write; %NULL where nothing
 *   was compared.
 */
const char *
dpt_basis_get_name (DptBasis basis)
{
  static const char *const names[] = { NULL, "checksum", "values" };

  g_return_val_if_fail ((guint) basis < G_N_ELEMENTS (names), NULL);

  return names[basis];
}

static const DptCheckpointEntry *
get_left (DptMapping *mapping, guint pair)
{
  return dpt_checkpoint_get_entry (dpt_mapping_get_left (mapping),
                                   dpt_mapping_get_left_entry (mapping, pair));
}

static const DptCheckpointEntry *
get_right (DptMapping *mapping, guint pair)
{
  return dpt_checkpoint_get_entry (dpt_mapping_get_right (mapping),
                                   dpt_mapping_get_right_entry (mapping, pair));
}

/* A checksum stands for the stored bytes.  Those of a big-endian file are
 * swapped, and those of a sliced one are several; neither tells the values. */
static gboolean
has_telling_checksum (const DptCheckpointEntry *entry)
{
  return entry->source == DPT_ENTRY_SOURCE_BUNDLE && entry->has_crc32c &&
         !entry->is_big_endian && !entry->is_missing && entry->n_slices == 0;
}

static gboolean
is_settled_by_checksum (DptMapping *mapping, guint pair)
{
  const DptCheckpointEntry *left = get_left (mapping, pair);
  const DptCheckpointEntry *right = get_right (mapping, pair);

  return dpt_pair_is_plain (dpt_mapping_get_pair (mapping, pair)) &&
         has_telling_checksum (left) && has_telling_checksum (right) &&
         left->dtype == right->dtype &&
         dpt_shape_equal (&left->shape, &right->shape) &&
         left->size == right->size && left->crc32c == right->crc32c;
}

static void
set_unread (DptPairResult *result, const char *side, const GError *error)
{
  result->verdict = DPT_VERDICT_UNREAD;
  result->basis = DPT_BASIS_NONE;
  result->error = g_strdup_printf ("%s: %s", side, error->message);
}

static DptTensor *
read_left (DptMapping *mapping,
           guint pair,
           GCancellable *cancellable,
           GError **error)
{
  const DptTensorSlice *slice = dpt_pair_get_left_slice (
      dpt_mapping_get_pair (mapping, pair));

  return dpt_checkpoint_read (dpt_mapping_get_left (mapping),
                              get_left (mapping, pair), slice, cancellable,
                              error);
}

static DptTensor *
read_right (DptMapping *mapping,
            guint pair,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (DptTensor) whole = dpt_checkpoint_read (dpt_mapping_get_right (
                                                         mapping),
                                                     get_right (mapping, pair),
                                                     NULL, cancellable, error);

  if (whole == NULL)
    return NULL;

  return dpt_pair_carry (dpt_mapping_get_pair (mapping, pair), whole, error);
}

/**
 * dpt_checkpoint_diff_pair:
 * @mapping: a mapping
 * @pair: the index of one of its pairs
 * @tolerance: what is still close
 * @verify: whether values are read even where equal checksums would do
 * @cancellable: (nullable): stops a read, which then leaves the pair unread
 * @result: (out caller-allocates): the result, to be cleared with
 *   dpt_pair_result_clear()
 *
 * Judges one pair: unread, shape, dtype, values, whichever holds first.
 * Unequal checksums settle nothing: the values are read.
 */
void
dpt_checkpoint_diff_pair (DptMapping *mapping,
                          guint pair,
                          const DptTolerance *tolerance,
                          gboolean verify,
                          GCancellable *cancellable,
                          DptPairResult *result)
{
  g_autoptr (DptTensor) left = NULL;
  g_autoptr (DptTensor) right = NULL;
  g_autoptr (GError) error = NULL;

  *result = (DptPairResult){ 0 };

  if (!verify && is_settled_by_checksum (mapping, pair))
    {
      result->verdict = DPT_VERDICT_IDENTICAL;
      result->basis = DPT_BASIS_CHECKSUM;
      return;
    }

  left = read_left (mapping, pair, cancellable, &error);
  if (left == NULL)
    {
      set_unread (result, "left", error);
      return;
    }
  right = read_right (mapping, pair, cancellable, &error);
  if (right == NULL)
    {
      set_unread (result, "right", error);
      return;
    }

  if (!dpt_tensor_diff_compute (left, right, tolerance, NULL, &result->diff))
    {
      result->verdict = DPT_VERDICT_UNREAD;
      result->error =
          g_strdup_printf ("expected tensors of values, found %s and %s",
                           dpt_dtype_get_name (dpt_tensor_get_dtype (left)),
                           dpt_dtype_get_name (dpt_tensor_get_dtype (right)));
      return;
    }

  result->verdict = result->diff.verdict;
  if (result->diff.has_metrics)
    result->basis = DPT_BASIS_VALUES;
}

static int
compare_jobs (gconstpointer a, gconstpointer b)
{
  const Job *first = a;
  const Job *second = b;

  if (first->size != second->size)
    return first->size > second->size ? -1 : 1;

  return (first->pair > second->pair) - (first->pair < second->pair);
}

/* Takes the next job, once there is room for its bytes. */
static gboolean
take_job (Run *run, Job *job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->lock);

  if (g_cancellable_is_cancelled (run->cancellable) ||
      run->next_job >= run->jobs->len)
    return FALSE;

  *job = g_array_index (run->jobs, Job, run->next_job++);
  while (run->bytes_held > 0 && run->bytes_held + job->size > BYTES_BUDGET)
    g_cond_wait (&run->bytes_freed, &run->lock);
  run->bytes_held += job->size;
  return TRUE;
}

static gpointer
work (gpointer data)
{
  Run *run = data;
  Job job;

  while (take_job (run, &job))
    {
      DptPairResult result;

      dpt_checkpoint_diff_pair (run->mapping, job.pair, run->tolerance,
                                run->verify, run->cancellable, &result);

      g_mutex_lock (&run->lock);
      run->bytes_held -= job.size;
      g_cond_broadcast (&run->bytes_freed);

      /* A pair that was interrupted is not unread: it is not judged. */
      if (g_cancellable_is_cancelled (run->cancellable))
        dpt_pair_result_clear (&result);
      else
        run->func (job.pair, &result, run->user_data);
      g_mutex_unlock (&run->lock);

      dpt_progress_advance (run->progress, job.size);
    }

  return NULL;
}

static void
run_jobs (Run *run)
{
  guint n_threads = MIN (g_get_num_processors (), MAX_THREADS);
  GThread *threads[MAX_THREADS];

  n_threads = MIN (n_threads, run->jobs->len);
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("dpt-diff", work, run);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
}

/**
 * dpt_checkpoint_diff_run:
 * @mapping: a mapping
 * @tolerance: what is still close
 * @verify: whether values are read even where equal checksums would do
 * @func: takes each pair's result; called from any thread, one call at a time
 * @user_data: for @func
 * @progress: (nullable): counts bytes of both sides
 * @cancellable: (nullable): stops it; pairs that are not judged then get no
 *   call
 * @error: only that it was cancelled: what goes wrong with a pair is its
 *   result
 *
 * Judges all pairs, in parallel.
 *
 * Returns: whether all pairs were judged.
 */
gboolean
dpt_checkpoint_diff_run (DptMapping *mapping,
                         const DptTolerance *tolerance,
                         gboolean verify,
                         DptPairResultFunc func,
                         gpointer user_data,
                         DptProgress *progress,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  Run run = { .mapping = mapping,
              .tolerance = tolerance,
              .verify = verify,
              .func = func,
              .user_data = user_data,
              .progress = progress,
              .cancellable = cancellable,
              .jobs = jobs };
  guint n_pairs = dpt_mapping_get_n_pairs (mapping);
  guint64 total = 0;

  for (guint i = 0; i < n_pairs; i++)
    if (!verify && is_settled_by_checksum (mapping, i))
      {
        DptPairResult result = { .verdict = DPT_VERDICT_IDENTICAL,
                                 .basis = DPT_BASIS_CHECKSUM };

        func (i, &result, user_data);
      }
    else
      {
        Job job = { i, get_left (mapping, i)->size +
                           get_right (mapping, i)->size };

        total += job.size;
        g_array_append_val (jobs, job);
      }

  g_array_sort (jobs, compare_jobs);
  dpt_progress_begin (progress, "Comparing", total);

  g_mutex_init (&run.lock);
  g_cond_init (&run.bytes_freed);
  run_jobs (&run);
  g_cond_clear (&run.bytes_freed);
  g_mutex_clear (&run.lock);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
