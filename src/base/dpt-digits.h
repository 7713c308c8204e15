/* dpt-digits.h - the shortest decimal digits that read back to the same value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Holds every text made here, with its terminator. */
#define DPT_DIGITS_SIZE 32

/* The value nearest to @value that a narrower type can hold. */
typedef double (*DptDigitsRound) (double value);

char *dpt_digits_print_double (double value, char *buffer);
char *dpt_digits_print_float (float value, char *buffer);
char *
dpt_digits_print_rounded (double value, DptDigitsRound round, char *buffer);
char *dpt_digits_group (guint64 count, char *buffer);

G_END_DECLS
