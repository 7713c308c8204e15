/* dpt-tolerance.h - how far apart two values may be and still be close
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value.  Numpy's rule: |l - r| <= atol + rtol * |r|.  It refers to the
 * right side, so swapping the sides can change the verdict. */
typedef struct
{
  double rtol;
  double atol;
  gboolean nan_differs; /* two NaN are not the same */
} DptTolerance;

#define DPT_TOLERANCE_DEFAULT \
  ((DptTolerance){            \
      .rtol = 1e-6,           \
      .atol = 1e-5,           \
  })

gboolean dpt_tolerance_is_valid (const DptTolerance *self);
gboolean dpt_tolerance_equal (const DptTolerance *a, const DptTolerance *b);
char *
dpt_tolerance_to_string (const DptTolerance *self) G_GNUC_WARN_UNUSED_RESULT;
char *
dpt_tolerance_to_display (const DptTolerance *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
