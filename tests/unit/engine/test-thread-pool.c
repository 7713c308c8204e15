/* test-thread-pool.c - tiles: each once, none after Cancel, none lost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-thread-pool"

#include "dpt-thread-pool.h"

#include "dpt-test.h"

#define N_TILES 997

typedef struct
{
  gint done[N_TILES];
  gint max_worker;
  GCancellable *cancellable;
  gsize cancel_at;
  DptThreadPoolRun *run;
  gint n_inner;
} Work;

static void
count_tile (void *data, size_t tile, size_t worker)
{
  Work *work = data;
  gint seen;

  g_atomic_int_inc (&work->done[tile]);
  do
    seen = g_atomic_int_get (&work->max_worker);
  while ((gint) worker > seen &&
         !g_atomic_int_compare_and_exchange (&work->max_worker, seen,
                                             (gint) worker));
  if (work->cancellable != NULL && tile == work->cancel_at)
    g_cancellable_cancel (work->cancellable);
}

static void
test_each_tile_once (void)
{
  for (guint n_threads = 1; n_threads <= 4; n_threads++)
    {
      g_autoptr (DptThreadPool) pool = dpt_thread_pool_new (n_threads);
      DptThreadPoolRun run;

      g_assert_cmpuint (dpt_thread_pool_get_n_threads (pool), ==, n_threads);
      dpt_thread_pool_run_init (&run, pool, NULL);
      g_assert_cmpuint (run.parallel.n_workers, ==, n_threads);

      for (guint repeat = 0; repeat < 50; repeat++)
        {
          Work work = { 0 };
          gsize n_tiles = repeat % 5 == 0 ? repeat % 3 : N_TILES;

          dptk_parallel_run (&run.parallel, n_tiles, count_tile, &work);
          for (gsize i = 0; i < N_TILES; i++)
            g_assert_cmpint (work.done[i], ==, i < n_tiles ? 1 : 0);
          g_assert_cmpint (work.max_worker, <, (gint) n_threads);
        }
    }
}

static void
test_without_pool (void)
{
  DptThreadPoolRun run;
  Work work = { 0 };

  dpt_thread_pool_run_init (&run, NULL, NULL);
  g_assert_cmpuint (run.parallel.n_workers, ==, 1);
  dptk_parallel_run (&run.parallel, N_TILES, count_tile, &work);
  for (gsize i = 0; i < N_TILES; i++)
    g_assert_cmpint (work.done[i], ==, 1);
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  DptThreadPoolRun run;
  Work work = { .cancellable = cancellable, .cancel_at = 5 };

  dpt_thread_pool_run_init (&run, NULL, cancellable);
  dptk_parallel_run (&run.parallel, N_TILES, count_tile, &work);
  g_assert_cmpint (work.done[5], ==, 1);
  g_assert_cmpint (work.done[6], ==, 0);
  g_assert_cmpint (work.done[N_TILES - 1], ==, 0);
}

static void
inner_tile (void *data, size_t tile, size_t worker)
{
  Work *work = data;

  g_atomic_int_inc (&work->n_inner);
}

static void
outer_tile (void *data, size_t tile, size_t worker)
{
  Work *work = data;

  dptk_parallel_run (&work->run->parallel, 10, inner_tile, work);
}

/* A tile that splits its own work does that work itself: no deadlock. */
static void
test_nested (void)
{
  g_autoptr (DptThreadPool) pool = dpt_thread_pool_new (3);
  DptThreadPoolRun run;
  Work work = { .run = &run };

  dpt_thread_pool_run_init (&run, pool, NULL);
  dptk_parallel_run (&run.parallel, 100, outer_tile, &work);
  g_assert_cmpint (work.n_inner, ==, 1000);
}

static gpointer
run_many (gpointer data)
{
  DptThreadPoolRun run;

  dpt_thread_pool_run_init (&run, data, NULL);
  for (guint i = 0; i < 200; i++)
    {
      Work work = { 0 };

      dptk_parallel_run (&run.parallel, 50, count_tile, &work);
      for (gsize k = 0; k < 50; k++)
        g_assert_cmpint (work.done[k], ==, 1);
    }

  return NULL;
}

static void
test_two_callers (void)
{
  g_autoptr (DptThreadPool) pool = dpt_thread_pool_new (3);
  GThread *other = g_thread_new ("other", run_many, pool);

  run_many (pool);
  g_thread_join (other);
}

static void
test_default_size (void)
{
  g_setenv ("DPT_THREADS", "3", TRUE);
  g_assert_cmpuint (dpt_thread_pool_get_default_size (), ==, 3);
  g_setenv ("DPT_THREADS", "no number", TRUE);
  g_assert_cmpuint (dpt_thread_pool_get_default_size (), ==,
                    g_get_num_processors ());
  g_unsetenv ("DPT_THREADS");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/thread-pool/each-tile-once", test_each_tile_once);
  g_test_add_func ("/thread-pool/without-pool", test_without_pool);
  g_test_add_func ("/thread-pool/cancel", test_cancel);
  g_test_add_func ("/thread-pool/nested", test_nested);
  g_test_add_func ("/thread-pool/two-callers", test_two_callers);
  g_test_add_func ("/thread-pool/default-size", test_default_size);

  return g_test_run ();
}
