/* dpt-mapping-file.h - a mapping as a JSON document, written and read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-json-writer.h"
#include "dpt-mapping.h"

G_BEGIN_DECLS

void dpt_mapping_file_write (DptMapping *mapping, DptJsonWriter *writer);
void dpt_mapping_file_write_bookkeeping (DptMapping *mapping,
                                         DptJsonWriter *writer);
DptMapping *dpt_mapping_file_read (const char *path,
                                   DptCheckpoint *left,
                                   DptCheckpoint *right,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
