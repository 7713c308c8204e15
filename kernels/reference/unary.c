/* unary.c - the slow twins of elementwise/unary.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dptk-reference.h"

#include <math.h>
#include <string.h>

double
dptk_reference_unary (const char *name, double x)
{
  if (strcmp (name, "abs") == 0)
    return fabs (x);
  return (double) NAN;
}
