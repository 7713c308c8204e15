/* dptk-cpu.c - picks kernels by what the machine can do; runs tiles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dptk.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const DptkRow rows[] = {
#define DPTK_KERNEL(family, name, dtype, variant, function)           \
  { DPTK_FAMILY_##family, name, DPTK_##dtype, DPTK_VARIANT_##variant, \
    (DptkKernel) (function) },
#include "dptk-table.inc"
#undef DPTK_KERNEL
};

static const char *const variant_names[] = {
  [DPTK_VARIANT_PORTABLE] = "portable",
  [DPTK_VARIANT_AVX2] = "avx2",
  [DPTK_VARIANT_AVX512] = "avx512",
};

/* Asks the processor; DPT_KERNEL_VARIANT in the environment can only lower
 * the answer, so that tests reach every variant of a good machine. */
static DptkVariant
detect_variant (void)
{
  DptkVariant best = DPTK_VARIANT_PORTABLE;
  const char *wanted;

#if defined(__x86_64__)
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    {
      best = DPTK_VARIANT_AVX2;
      if (__builtin_cpu_supports ("avx512f") &&
          __builtin_cpu_supports ("avx512bw") &&
          __builtin_cpu_supports ("avx512dq") &&
          __builtin_cpu_supports ("avx512vl"))
        best = DPTK_VARIANT_AVX512;
    }
#endif

  wanted = getenv ("DPT_KERNEL_VARIANT");
  if (wanted != NULL)
    for (int i = 0; i < (int) best; i++)
      if (strcmp (wanted, variant_names[i]) == 0)
        best = (DptkVariant) i;

  return best;
}

/**
 * dptk_cpu_get_variant:
 *
 * The machine is asked once: what is kept is a fact about it, the same
 * whoever asks first.
 *
 * Returns: the best variant that this machine runs.
 */
DptkVariant
dptk_cpu_get_variant (void)
{
  static _Atomic int known = -1;
  int variant = atomic_load_explicit (&known, memory_order_relaxed);

  if (variant < 0)
    {
      variant = (int) detect_variant ();
      atomic_store_explicit (&known, variant, memory_order_relaxed);
    }
  return (DptkVariant) variant;
}

/**
 * dptk_variant_get_name:
 * @variant: a variant
 *
 * Returns: (transfer none): its name, as DPT_KERNEL_VARIANT takes it.
 */
const char *
dptk_variant_get_name (DptkVariant variant)
{
  return variant_names[variant];
}

/**
 * dptk_get_rows:
 * @n_rows: (out): how many there are
 *
 * Returns: (array length=n_rows) (transfer none): all rows of the table, for
 *   tests and benches that loop over them.
 */
const DptkRow *
dptk_get_rows (size_t *n_rows)
{
  *n_rows = sizeof rows / sizeof rows[0];
  return rows;
}

/**
 * dptk_find:
 * @family: what the kernel takes
 * @name: what it computes
 * @dtype: the dtype that it computes in
 *
 * Returns: (nullable): the kernel in the best variant that this machine runs,
 *   to be cast to its family's type; %NULL if there is none for that dtype.
 */
DptkKernel
dptk_find (DptkFamily family, const char *name, DptkDtype dtype)
{
  DptkVariant limit = dptk_cpu_get_variant ();
  const DptkRow *found = NULL;

  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
      const DptkRow *row = &rows[i];

      if (row->family != family || row->dtype != dtype ||
          row->variant > limit || strcmp (row->name, name) != 0)
        continue;
      if (found == NULL || row->variant > found->variant)
        found = row;
    }
  return found != NULL ? found->function : NULL;
}

/**
 * dptk_parallel_run:
 * @parallel: (nullable): the workers; without any, tiles run one after
 *   another on this thread, as does a tile alone
 * @n_tiles: how many tiles
 * @func: (scope call): computes a tile
 * @data: what @func gets
 *
 * Runs every tile once.
 */
void
dptk_parallel_run (const DptkParallel *parallel,
                   size_t n_tiles,
                   DptkTileFunc func,
                   void *data)
{
  if (parallel != NULL && parallel->run != NULL && n_tiles > 1)
    {
      parallel->run (parallel->pool, n_tiles, func, data);
      return;
    }
  for (size_t tile = 0; tile < n_tiles; tile++)
    func (data, tile, 0);
}
