/* dptk.h - arithmetic without GLib: conventions, and the parallel-for handle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conventions, for every kernel:
 *  - plain C17; pointers are `restrict`, sizes `size_t`, strides in elements;
 *  - no allocation, no threads, no errors, no GLib: the caller has checked
 *    shapes and brings scratch memory and the parallel-for handle;
 *  - a result never depends on the number of threads: work is split into
 *    tiles whose borders depend on sizes alone, partial sums are joined in
 *    the order of the tiles;
 *  - every kernel has a slow twin in reference/ that accumulates in double.
 */

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#error "C only"
#endif

/* Called once for each tile; `worker` < n_workers names the thread, so that
 * a kernel can address its own part of the scratch memory. */
typedef void (*DptkTileFunc) (void *data, size_t tile, size_t worker);

/* run() returns when every tile was done, or when the work was cancelled;
 * then some tiles were left out and the result is not looked at. */
typedef struct
{
  void (*run) (void *pool, size_t n_tiles, DptkTileFunc func, void *data);
  void *pool;
  size_t n_workers; /* at least 1 */
} DptkParallel;

/* Runs the tiles one after another on this thread; `parallel` may be NULL. */
void dptk_parallel_run (const DptkParallel *parallel,
                        size_t n_tiles,
                        DptkTileFunc func,
                        void *data);

/* What the machine can do, asked once. */
typedef enum
{
  DPTK_VARIANT_PORTABLE,
  DPTK_VARIANT_AVX2,   /* AVX2 and FMA */
  DPTK_VARIANT_AVX512, /* AVX-512 F, BW, DQ, VL */
} DptkVariant;

DptkVariant dptk_cpu_get_variant (void);
const char *dptk_variant_get_name (DptkVariant variant);

#include "dptk-kernels.h"
