/* dpt-tensor.h - an immutable, reference-counted, dense tensor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "dpt-dtype.h"
#include "dpt-shape.h"

G_BEGIN_DECLS

#define DPT_TENSOR_ERROR (dpt_tensor_error_quark ())
GQuark dpt_tensor_error_quark (void);

typedef enum
{
  DPT_TENSOR_ERROR_TOO_LARGE, /* Its size overflows or cannot be had. */
  DPT_TENSOR_ERROR_SLICE,     /* A slice does not fit the shape. */
  DPT_TENSOR_ERROR_PARSE,     /* A text is no shape, slice or number. */
  DPT_TENSOR_ERROR_CAST,      /* A value has no exact place in the dtype. */
} DptTensorError;

/* A value of bytes in a string tensor: not terminated, may hold any byte. */
typedef struct
{
  const char *data;
  gsize length;
} DptString;

/* Row-major (C order), little-endian, contiguous; aligned to 64 bytes, or, when
 * made from someone's bytes, to an element.
 *  - plain dtypes: `size` = elements x width bytes at data;
 *  - string: elements of DptString, read with dpt_tensor_get_string();
 *  - resource, variant: elements that are owned GObjects,
 *    read with dpt_tensor_get_object().
 * int4 and uint4 hold one element per byte in memory. */
typedef struct _DptTensor DptTensor;

#define DPT_TYPE_TENSOR (dpt_tensor_get_type ())
GType dpt_tensor_get_type (void);

/* The elements of dpt_tensor_new() are not cleared. */
DptTensor *dpt_tensor_new (DptDtype dtype,
                           const DptShape *shape,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_zeros (DptDtype dtype,
                                 const DptShape *shape,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_copy (DptDtype dtype,
                                const DptShape *shape,
                                const void *data) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_from_bytes (DptDtype dtype,
                                      const DptShape *shape,
                                      GBytes *bytes,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_strings (const DptShape *shape,
                                   const DptString *strings,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_object (DptDtype dtype,
                                  GObject *object) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_float (float value) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_int32 (gint32 value) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_int64 (gint64 value) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_bool (gboolean value) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_new_string (const char *data,
                                  gsize length) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_reshape (DptTensor *self,
                               const DptShape *shape) G_GNUC_WARN_UNUSED_RESULT;

DptTensor *dpt_tensor_ref (DptTensor *self);
void dpt_tensor_unref (DptTensor *self);

DptDtype dpt_tensor_get_dtype (const DptTensor *self);
const DptShape *dpt_tensor_get_shape (const DptTensor *self);
int dpt_tensor_get_rank (const DptTensor *self);
gint64 dpt_tensor_get_dim (const DptTensor *self, int axis);
gsize dpt_tensor_get_count (const DptTensor *self);
gsize dpt_tensor_get_size (const DptTensor *self);
const void *dpt_tensor_get_data (const DptTensor *self);
DptString dpt_tensor_get_string (const DptTensor *self, gsize index);
GObject *dpt_tensor_get_object (const DptTensor *self, gsize index);

/* Only while its maker holds the one reference. */
void *dpt_tensor_get_writable_data (DptTensor *self);
gboolean dpt_tensor_is_writable (const DptTensor *self);

double dpt_tensor_get_double (const DptTensor *self, gsize index);
gint64 dpt_tensor_get_int (const DptTensor *self, gsize index);
gboolean dpt_tensor_equal (const DptTensor *a, const DptTensor *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTensor, dpt_tensor_unref)

G_END_DECLS
