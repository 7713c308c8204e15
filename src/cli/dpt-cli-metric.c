/* dpt-cli-metric.c - a measured difference as a number, or as nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cli-metric"

#include "dpt-cli-metric.h"

#include <math.h>

static gboolean
applies (const DptTensorDiff *diff, double value)
{
  return diff->has_metrics && !isnan (value);
}

/**
 * dpt_cli_show_metric:
 * @diff: a difference
 * @value: one of its metrics
 *
 * Returns: (transfer full): three digits for people, or "".
 */
char *
dpt_cli_show_metric (const DptTensorDiff *diff, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (!applies (diff, value))
    return g_strdup ("");

  return g_strdup (g_ascii_formatd (digits, sizeof digits, "%.3g", value));
}

/**
 * dpt_cli_write_metric:
 * @writer: inside an object
 * @name: the member
 * @diff: a difference
 * @value: one of its metrics
 *
 * Writes the metric, or null where it does not apply.
 */
void
dpt_cli_write_metric (DptJsonWriter *writer,
                      const char *name,
                      const DptTensorDiff *diff,
                      double value)
{
  dpt_json_writer_name (writer, name);
  if (applies (diff, value))
    dpt_json_writer_double (writer, value);
  else
    dpt_json_writer_null (writer);
}
