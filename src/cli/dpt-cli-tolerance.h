/* dpt-cli-tolerance.h - the options that say what is still close
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tolerance.h"

G_BEGIN_DECLS

void dpt_cli_tolerance_add_entries (DptTolerance *tolerance, GArray *entries);
gboolean dpt_cli_tolerance_check (const DptTolerance *tolerance,
                                  GError **error);

G_END_DECLS
