/* dpt-float-formats.h - number formats that C has no types for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bits, highest first (sign, exponent, fraction):
 *   float16        1  5  10   bias 15, IEEE 754
 *   bfloat16       1  8   7   the upper half of a float32
 *   float8_e5m2    1  5   2   bias 15, IEEE 754: the upper half of a float16
 *   float8_e4m3fn  1  4   3   bias 7, no infinities, NaN is x1111111
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

float dpt_float16_to_float (guint16 bits);
float dpt_bfloat16_to_float (guint16 bits);
float dpt_float8_e5m2_to_float (guint8 bits);
float dpt_float8_e4m3fn_to_float (guint8 bits);
gint64 dpt_int4_to_int (guint8 bits);

guint16 dpt_float16_from_double (double value);
guint16 dpt_bfloat16_from_double (double value);
guint8 dpt_float8_e5m2_from_double (double value);
guint8 dpt_float8_e4m3fn_from_double (double value);

G_END_DECLS
