/* test-byte-swap.c - each width by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-byte-swap"

#include "dpt-byte-swap.h"

#include <string.h>

#include "dpt-test.h"

static void
test_widths (void)
{
  static const struct
  {
    DptDtype dtype;
    const char *swapped; /* of "0123456789abcdef" */
  } cases[] = {
    { DPT_DTYPE_BOOL, "0123456789abcdef" },
    { DPT_DTYPE_INT4, "0123456789abcdef" },
    { DPT_DTYPE_BFLOAT16, "1032547698badcfe" },
    { DPT_DTYPE_INT32, "32107654ba98fedc" },
    { DPT_DTYPE_FLOAT64, "76543210fedcba98" },
    { DPT_DTYPE_COMPLEX64, "32107654ba98fedc" },
    { DPT_DTYPE_COMPLEX128, "76543210fedcba98" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char bytes[17] = "x0123456789abcdef";

      /* At an odd address, as a tensor's bytes in a file may be. */
      dpt_byte_swap (bytes + 1, 16, cases[i].dtype);
      g_assert_cmpmem (bytes + 1, 16, cases[i].swapped, 16);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/byte-swap/widths", test_widths);

  return g_test_run ();
}
