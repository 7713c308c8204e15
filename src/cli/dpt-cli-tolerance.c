/* dpt-cli-tolerance.c - the options that say what is still close
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cli-tolerance"

#include "dpt-cli-tolerance.h"

#include "dpt-cli.h"

/**
 * dpt_cli_tolerance_add_entries:
 * @tolerance: what the options change; holds the defaults
 * @entries: (element-type GOptionEntry): where they are added
 */
void
dpt_cli_tolerance_add_entries (DptTolerance *tolerance, GArray *entries)
{
  const GOptionEntry own[] = {
    { "rtol", 0, 0, G_OPTION_ARG_DOUBLE, &tolerance->rtol,
      "Relative tolerance (1e-6)", "R" },
    { "atol", 0, 0, G_OPTION_ARG_DOUBLE, &tolerance->atol,
      "Absolute tolerance (1e-5)", "A" },
    { "nan-differs", 0, 0, G_OPTION_ARG_NONE, &tolerance->nan_differs,
      "Two NaN are not the same", NULL },
  };

  g_array_append_vals (entries, own, G_N_ELEMENTS (own));
}

/**
 * dpt_cli_tolerance_check:
 * @tolerance: what the options gave
 * @error: that it is none: #DPT_CLI_ERROR_USAGE
 *
 * Returns: whether both parts are finite and not negative.
 */
gboolean
dpt_cli_tolerance_check (const DptTolerance *tolerance, GError **error)
{
  if (dpt_tolerance_is_valid (tolerance))
    return TRUE;

  g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
               "--rtol, --atol: expected finite numbers, none negative, found "
               "%g and %g",
               tolerance->rtol, tolerance->atol);
  return FALSE;
}
