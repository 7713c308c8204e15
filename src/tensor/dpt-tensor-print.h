/* dpt-tensor-print.h - values as text: the shortest digits of their dtype
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-json-writer.h"
#include "dpt-tensor.h"

G_BEGIN_DECLS

char *dpt_tensor_print_value (const DptTensor *tensor,
                              gsize index) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_tensor_print_number (double value) G_GNUC_WARN_UNUSED_RESULT;
void dpt_tensor_print_json_value (const DptTensor *tensor,
                                  gsize index,
                                  DptJsonWriter *writer);
void dpt_tensor_print_json_values (const DptTensor *tensor,
                                   DptJsonWriter *writer);
void dpt_tensor_print_json_shape (const DptShape *shape, DptJsonWriter *writer);
char *dpt_tensor_print_text (const DptTensor *tensor,
                             gsize max_values) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
