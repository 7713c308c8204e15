/* dpt-machine.c - what this program computes with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-machine"

#include "dpt-machine.h"

#include <cblas.h>

#include "dptk.h"

/**
 * dpt_machine_describe:
 *
 * Returns: (transfer full): for people, one line each: the kernels' variant,
 *   the BLAS library, the number of threads.
 */
char *
dpt_machine_describe (void)
{
  return g_strdup_printf ("kernels  %s\n"
                          "BLAS     %s (%s)\n"
                          "threads  %u\n",
                          dptk_variant_get_name (dptk_cpu_get_variant ()),
                          openblas_get_config (), openblas_get_corename (),
                          g_get_num_processors ());
}
