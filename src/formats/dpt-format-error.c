/* dpt-format-error.c - what can be wrong with a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-format-error"

#include "dpt-format-error.h"

/**
 * dpt_format_error_quark:
 *
 * Returns: the domain of every error that a reader or writer of files raises.
 */
G_DEFINE_QUARK (dpt_format_error, dpt_format_error)
