/* dpt-cli-metric.h - a measured difference as a number, or as nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-json-writer.h"
#include "dpt-tensor-diff.h"

G_BEGIN_DECLS

char *dpt_cli_show_metric (const DptTensorDiff *diff,
                           double value) G_GNUC_WARN_UNUSED_RESULT;
void dpt_cli_write_metric (DptJsonWriter *writer,
                           const char *name,
                           const DptTensorDiff *diff,
                           double value);

G_END_DECLS
