/* dptk-reference.h - the slow twins: plainly right, in double, for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dptk.h"

/* One value of the function that rows of family UNARY call `name`. */
double dptk_reference_unary (const char *name, double x);
