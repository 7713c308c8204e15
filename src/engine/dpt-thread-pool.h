/* dpt-thread-pool.h - the threads that share an op's tiles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dptk.h"

G_BEGIN_DECLS

/* Refcounted.  One run at a time: a second caller waits for its turn. */
typedef struct _DptThreadPool DptThreadPool;

DptThreadPool *dpt_thread_pool_new (guint n_threads) G_GNUC_WARN_UNUSED_RESULT;
DptThreadPool *dpt_thread_pool_ref (DptThreadPool *self);
void dpt_thread_pool_unref (DptThreadPool *self);
guint dpt_thread_pool_get_n_threads (DptThreadPool *self);
guint dpt_thread_pool_get_default_size (void);

/* What kernels get to see: the pool, and who may stop it between tiles. */
typedef struct
{
  DptkParallel parallel;
  DptThreadPool *pool;
  GCancellable *cancellable;
} DptThreadPoolRun;

void dpt_thread_pool_run_init (DptThreadPoolRun *self,
                               DptThreadPool *pool,
                               GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptThreadPool, dpt_thread_pool_unref)

G_END_DECLS
