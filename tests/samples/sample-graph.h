/* sample-graph.h - NodeDefs and what is around them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sample-wire.h"

G_BEGIN_DECLS

/* DataType numbers (tensor-bundle's table). */
enum
{
  SAMPLE_FLOAT = 1,
  SAMPLE_INT32 = 3,
  SAMPLE_STRING = 7,
  SAMPLE_INT64 = 9,
  SAMPLE_RESOURCE = 20,
};

/* AttrValues, for sample_node_attr(), which takes them. */
GByteArray *sample_attr_string (const char *text) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_int (gint64 value) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_float (float value) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_bool (gboolean value) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_type (int dtype) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_types (const int *dtypes,
                               guint n_dtypes) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_ints (const gint64 *values,
                              guint n_values) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_shape (const gint64 *dims,
                               guint rank) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_function (const char *name) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_ints_tensor (const gint32 *values,
                                     int length) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_float_tensor (float value) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_attr_strings_tensor (const char *const *values,
                                        int length) G_GNUC_WARN_UNUSED_RESULT;

/* A NodeDef; the inputs end with NULL. */
GByteArray *sample_node (const char *name,
                         const char *op,
                         ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
void sample_node_input (GByteArray *node, const char *input);
void sample_node_attr (GByteArray *node, const char *name, GByteArray *value);

GByteArray *sample_shape (const gint64 *dims,
                          guint rank) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_tensor_info (const char *tensor,
                                int dtype,
                                const gint64 *dims,
                                guint rank) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sample_argument (const char *name,
                             int dtype) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
