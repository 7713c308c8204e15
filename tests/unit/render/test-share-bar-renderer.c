/* test-share-bar-renderer.c - the widths of a share bar, worked by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-share-bar-renderer"

#include "dpt-share-bar-renderer.h"
#include "dpt-test.h"

/* Two parts in 107 units: a gap of 1 and twice 3 leave 100, which the roots of
 * 1 and 81 share as 1 to 9. */
static void
test_widths (void)
{
  const guint counts[DPT_N_VERDICTS] = { [DPT_VERDICT_IDENTICAL] = 81,
                                         [DPT_VERDICT_SHAPE] = 1 };
  DptSharePart parts[DPT_N_VERDICTS];

  g_assert_cmpuint (dpt_share_bar_layout (counts, 107.0, parts), ==, 2);
  g_assert_cmpint (parts[0].verdict, ==, DPT_VERDICT_SHAPE);
  dpt_assert_close (parts[0].width, 13.0, 1e-12, 0.0);
  g_assert_cmpint (parts[1].verdict, ==, DPT_VERDICT_IDENTICAL);
  dpt_assert_close (parts[1].x, 14.0, 1e-12, 0.0);
  dpt_assert_close (parts[1].width, 93.0, 1e-12, 0.0);
}

static void
test_least_width (void)
{
  const guint counts[DPT_N_VERDICTS] = { [DPT_VERDICT_IDENTICAL] = 4000000000u,
                                         [DPT_VERDICT_UNREAD] = 1 };
  DptSharePart parts[DPT_N_VERDICTS];

  g_assert_cmpuint (dpt_share_bar_layout (counts, 100.0, parts), ==, 2);
  g_assert_cmpfloat (parts[0].width, >=, 3.0);
}

static void
test_empty (void)
{
  const guint counts[DPT_N_VERDICTS] = { 0 };
  DptSharePart parts[DPT_N_VERDICTS];

  g_assert_cmpuint (dpt_share_bar_layout (counts, 100.0, parts), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/share-bar/widths", test_widths);
  g_test_add_func ("/render/share-bar/least-width", test_least_width);
  g_test_add_func ("/render/share-bar/empty", test_empty);
  return g_test_run ();
}
