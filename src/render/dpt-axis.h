/* dpt-axis.h - the ticks of an axis, and where a value stands on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DPT_AXIS_LINEAR,
  DPT_AXIS_LOG,   /* low and high are positive; ticks at powers of ten */
  DPT_AXIS_INDEX, /* whole numbers: [low, high) are indexes of a dimension */
} DptAxisKind;

/* A value.  `low` stands at 0 and `high` at `length`. */
typedef struct
{
  DptAxisKind kind;
  double low;
  double high;
  double length;
} DptAxis;

/* Room enough for the ticks of any axis. */
#define DPT_AXIS_MAX_TICKS 32

double dpt_axis_project (const DptAxis *self, double value);
guint dpt_axis_get_ticks (const DptAxis *self,
                          guint max_ticks,
                          double ticks[DPT_AXIS_MAX_TICKS]);
char *dpt_axis_format_tick (const DptAxis *self,
                            double tick) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_axis_format_digits (double value,
                              int digits) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_axis_format_number (double value) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_axis_format_count (guint64 count) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
