/* bench-stats.c - how fast arrays are measured, as TSV
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Columns: kernel, variant, elements, dtype, nanoseconds a run, GB read each
 * second.  The first line is what one thread reads at best: memcmp() of the
 * same arrays.  Lengths: a layer that stays in cache, and one that does not.
 */

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "dptk.h"

/* Enough runs to fill this long. */
#define MIN_SECONDS 0.2

typedef struct
{
  const DptkRow *row; /* NULL: memcmp() */
  size_t n;
  size_t size;
  const void *left;
  const void *right;
  DptkDifferenceResult *differences;
  DptkMomentsResult *moments;
} Work;

static void
run_once (const Work *work)
{
  DptkDifferenceResult difference;
  DptkMomentsResult moments;

  if (work->row == NULL)
    g_assert_cmpint (memcmp (work->left, work->right, work->size), ==, 0);
  else if (work->row->family == DPTK_FAMILY_DIFFERENCE)
    ((DptkDifferenceKernel *)
         work->row->function) (&(DptkDifference){ .n = work->n,
                                                  .left = work->left,
                                                  .right = work->right,
                                                  .rtol = 1e-6,
                                                  .atol = 1e-5,
                                                  .tiles = work->differences,
                                                  .result = &difference },
                               NULL);
  else
    ((DptkMomentsKernel *)
         work->row->function) (&(DptkMoments){ .n = work->n,
                                               .x = work->left,
                                               .tiles = work->moments,
                                               .result = &moments },
                               NULL);
}

static void
measure (const Work *work, const char *name, const char *variant, int arrays)
{
  gint64 start = g_get_monotonic_time ();
  double seconds;
  guint runs = 0;

  do
    {
      run_once (work);
      runs++;
      seconds = (double) (g_get_monotonic_time () - start) * 1e-6;
    }
  while (seconds < MIN_SECONDS);

  printf ("%s\t%s\t%zu\t%d\t%.0f\t%.2f\n", name, variant, work->n,
          work->row != NULL ? (int) work->row->dtype : 0, seconds / runs * 1e9,
          (double) work->size * arrays * runs / seconds * 1e-9);
}

static void
bench_length (size_t n)
{
  size_t n_rows;
  const DptkRow *rows = dptk_get_rows (&n_rows);
  g_autofree guint8 *left = g_malloc0 (n * 16);
  g_autofree guint8 *right = g_malloc0 (n * 16);
  g_autofree DptkDifferenceResult *differences =
      g_new (DptkDifferenceResult, dptk_difference_get_n_tiles (n));
  g_autofree DptkMomentsResult *moments = g_new (DptkMomentsResult,
                                                 dptk_moments_get_n_tiles (n));
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Work work = { NULL, n, n * 4, left, right, differences, moments };

  /* Small floats, the same on both sides, as in most comparisons. */
  for (size_t i = 0; i < n * 4; i++)
    {
      float value = (float) g_rand_double_range (rand, -1, 1);

      memcpy (left + i * sizeof value, &value, sizeof value);
    }
  memcpy (right, left, n * 16);

  measure (&work, "memcmp", "libc", 2);
  for (size_t i = 0; i < n_rows; i++)
    {
      gboolean difference = rows[i].family == DPTK_FAMILY_DIFFERENCE;

      if ((!difference && rows[i].family != DPTK_FAMILY_MOMENTS) ||
          rows[i].variant > dptk_cpu_get_variant ())
        continue;
      work.row = &rows[i];
      work.size = n * dptk_dtype_get_width (rows[i].dtype);
      measure (&work, rows[i].name, dptk_variant_get_name (rows[i].variant),
               difference ? 2 : 1);
    }
}

int
main (void)
{
  printf ("kernel\tvariant\telements\tdtype\tns\tGB/s\n");
  bench_length (138240);
  bench_length (4 << 20);
  return 0;
}
