/* dpt-thread-pool.c - the threads that share an op's tiles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: a pool of n threads has n - 1 workers, because whoever calls
 * takes part as worker 0.  A job is a range of tiles that everybody counts
 * down together; the job ends when the last tile was done, and a worker that
 * wakes up late finds no tile left.  Which thread does a tile never matters:
 * tiles are fixed by sizes alone.  Idle workers sleep on a condition.
 *
 * The primitives are pthread's, because thread sanitizers understand them and
 * not GLib's futexes.
 */

#define G_LOG_DOMAIN "dpt-thread-pool"

#include "dpt-thread-pool.h"

#include <pthread.h>
#include <stdatomic.h>

#define MAX_THREADS 256

struct _DptThreadPool
{
  gatomicrefcount ref_count;
  guint n_threads;
  pthread_t *workers; /* n_threads - 1 of them */

  pthread_mutex_t turn; /* held by the caller whose job runs */

  pthread_mutex_t lock; /* guards what follows, up to the tile counters */
  pthread_cond_t wake;
  pthread_cond_t idle;
  guint64 job;      /* counts jobs, so that a worker joins each once */
  guint n_joined;   /* workers that are inside the job */
  gboolean is_open; /* whether the job may still be joined */
  gboolean stop;

  DptkTileFunc func;
  void *data;
  GCancellable *cancellable;
  size_t n_tiles;
  atomic_size_t next_tile;
};

typedef struct
{
  DptThreadPool *pool;
  size_t worker;
} WorkerStart;

/* Inside a tile, a further run() does its tiles itself. */
static _Thread_local gboolean is_inside_tile;

static void
do_tiles (DptThreadPool *self, size_t worker)
{
  is_inside_tile = TRUE;
  for (;;)
    {
      size_t tile;

      if (g_cancellable_is_cancelled (self->cancellable))
        break;
      tile = atomic_fetch_add_explicit (&self->next_tile, 1,
                                        memory_order_relaxed);
      if (tile >= self->n_tiles)
        break;
      self->func (self->data, tile, worker);
    }
  is_inside_tile = FALSE;
}

static void *
worker_main (void *user_data)
{
  WorkerStart *start = user_data;
  DptThreadPool *self = start->pool;
  size_t worker = start->worker;
  guint64 seen = 0;

  g_free (start);
  pthread_mutex_lock (&self->lock);
  for (;;)
    {
      while (!self->stop && (self->job == seen || !self->is_open))
        pthread_cond_wait (&self->wake, &self->lock);
      if (self->stop)
        break;

      seen = self->job;
      self->n_joined++;
      pthread_mutex_unlock (&self->lock);

      do_tiles (self, worker);

      pthread_mutex_lock (&self->lock);
      if (--self->n_joined == 0)
        pthread_cond_signal (&self->idle);
    }
  pthread_mutex_unlock (&self->lock);

  return NULL;
}

/**
 * dpt_thread_pool_get_default_size:
 *
 * Returns: how many threads to use: what the environment variable DPT_THREADS
 *   says, else the number of processors that this process may run on.
 */
guint
dpt_thread_pool_get_default_size (void)
{
  const char *text = g_getenv ("DPT_THREADS");
  guint64 n_threads;

  if (text != NULL &&
      g_ascii_string_to_unsigned (text, 10, 1, MAX_THREADS, &n_threads, NULL))
    return (guint) n_threads;

  return CLAMP (g_get_num_processors (), 1, MAX_THREADS);
}

/**
 * dpt_thread_pool_new:
 * @n_threads: how many threads work on a job, the caller's included; 0 for
 *   dpt_thread_pool_get_default_size()
 *
 * Where the system refuses a thread, the pool makes do with those it got.
 *
 * Returns: (transfer full): a pool, whose workers sleep.
 */
DptThreadPool *
dpt_thread_pool_new (guint n_threads)
{
  DptThreadPool *self = g_new0 (DptThreadPool, 1);

  if (n_threads == 0)
    n_threads = dpt_thread_pool_get_default_size ();
  n_threads = MIN (n_threads, MAX_THREADS);

  g_atomic_ref_count_init (&self->ref_count);
  pthread_mutex_init (&self->turn, NULL);
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->wake, NULL);
  pthread_cond_init (&self->idle, NULL);
  self->workers = g_new0 (pthread_t, n_threads);

  for (self->n_threads = 1; self->n_threads < n_threads; self->n_threads++)
    {
      WorkerStart *start = g_new (WorkerStart, 1);

      start->pool = self;
      start->worker = self->n_threads;
      if (pthread_create (&self->workers[self->n_threads - 1], NULL,
                          worker_main, start) != 0)
        {
          g_free (start);
          break;
        }
    }

  return self;
}

/**
 * dpt_thread_pool_ref:
 * @self: a pool
 *
 * Returns: (transfer full): @self.
 */
DptThreadPool *
dpt_thread_pool_ref (DptThreadPool *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_thread_pool_unref:
 * @self: (transfer full): a pool; the last reference ends its threads
 */
void
dpt_thread_pool_unref (DptThreadPool *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  pthread_mutex_lock (&self->lock);
  self->stop = TRUE;
  pthread_cond_broadcast (&self->wake);
  pthread_mutex_unlock (&self->lock);
  for (guint i = 0; i + 1 < self->n_threads; i++)
    pthread_join (self->workers[i], NULL);

  pthread_cond_destroy (&self->idle);
  pthread_cond_destroy (&self->wake);
  pthread_mutex_destroy (&self->lock);
  pthread_mutex_destroy (&self->turn);
  g_free (self->workers);
  g_free (self);
}

/**
 * dpt_thread_pool_get_n_threads:
 * @self: a pool
 *
 * Returns: how many threads work on a job, at least 1.
 */
guint
dpt_thread_pool_get_n_threads (DptThreadPool *self)
{
  return self->n_threads;
}

static void
run_alone (DptThreadPoolRun *run, size_t n_tiles, DptkTileFunc func, void *data)
{
  for (size_t i = 0; i < n_tiles; i++)
    {
      if (g_cancellable_is_cancelled (run->cancellable))
        return;
      func (data, i, 0);
    }
}

static void
run_job (void *pool, size_t n_tiles, DptkTileFunc func, void *data)
{
  DptThreadPoolRun *run = pool;
  DptThreadPool *self = run->pool;

  if (self == NULL || is_inside_tile || self->n_threads == 1 || n_tiles <= 1)
    {
      run_alone (run, n_tiles, func, data);
      return;
    }

  pthread_mutex_lock (&self->turn);

  pthread_mutex_lock (&self->lock);
  self->func = func;
  self->data = data;
  self->cancellable = run->cancellable;
  self->n_tiles = n_tiles;
  atomic_store_explicit (&self->next_tile, 0, memory_order_relaxed);
  self->job++;
  self->is_open = TRUE;
  if (n_tiles == 2)
    pthread_cond_signal (&self->wake);
  else
    pthread_cond_broadcast (&self->wake);
  pthread_mutex_unlock (&self->lock);

  do_tiles (self, 0);

  /* No tile is left to take; those that were taken are awaited. */
  pthread_mutex_lock (&self->lock);
  self->is_open = FALSE;
  while (self->n_joined > 0)
    pthread_cond_wait (&self->idle, &self->lock);
  pthread_mutex_unlock (&self->lock);

  pthread_mutex_unlock (&self->turn);
}

/**
 * dpt_thread_pool_run_init:
 * @self: (out caller-allocates): the handle; it stays where it is
 * @pool: (nullable): the pool, which must outlive the handle; %NULL runs the
 *   tiles one after another
 * @cancellable: (nullable): asked before each tile; once it is cancelled, the
 *   rest is left out
 *
 * Prepares the handle whose `parallel` a kernel takes.
 */
void
dpt_thread_pool_run_init (DptThreadPoolRun *self,
                          DptThreadPool *pool,
                          GCancellable *cancellable)
{
  self->pool = pool;
  self->cancellable = cancellable;
  self->parallel.run = run_job;
  self->parallel.pool = self;
  self->parallel.n_workers = pool != NULL ? pool->n_threads : 1;
}
