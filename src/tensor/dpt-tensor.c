/* dpt-tensor.c - an immutable, reference-counted, dense tensor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants:
 *  - the shape is known, and `count` is its number of elements;
 *  - exactly one of these owns what `data` points to: `owned` (our own
 *    aligned memory), `bytes` (someone's GBytes), `base` (another tensor,
 *    after a reshape);
 *  - elements of an object tensor are references, dropped by the owner of the
 *    memory; elements of a string tensor point into `bytes` or into `owned`,
 *    behind the array, and are never freed one by one.
 */

#define G_LOG_DOMAIN "dpt-tensor"

#include "dpt-tensor.h"

#include <stdlib.h>
#include <string.h>

#include "dpt-float-formats.h"

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "Tensors are little-endian in memory: this needs a little-endian host."
#endif

/* A cache line, and the widest vector register. */
#define ALIGNMENT 64

struct _DptTensor
{
  gatomicrefcount ref_count;
  DptDtype dtype;
  DptShape shape;
  gsize count;
  gsize size;

  guint8 *data;
  guint8 *owned;
  GBytes *bytes;
  DptTensor *base;
};

G_DEFINE_QUARK (dpt_tensor_error, dpt_tensor_error)
G_DEFINE_BOXED_TYPE (DptTensor, dpt_tensor, dpt_tensor_ref, dpt_tensor_unref)

static gboolean
is_object (DptDtype dtype)
{
  return dtype == DPT_DTYPE_RESOURCE || dtype == DPT_DTYPE_VARIANT;
}

/* Bytes of one element in memory. */
static gsize
get_width (DptDtype dtype)
{
  if (dtype == DPT_DTYPE_STRING)
    return sizeof (DptString);
  if (is_object (dtype))
    return sizeof (GObject *);
  return dpt_dtype_get_size (dtype);
}

static gboolean
refuse (GError **error, DptDtype dtype, const DptShape *shape, const char *why)
{
  g_autofree char *text = dpt_shape_to_string (shape);

  g_set_error (error, DPT_TENSOR_ERROR, DPT_TENSOR_ERROR_TOO_LARGE,
               "tensor of %s %s: expected a size that memory can hold, found "
               "%s",
               dpt_dtype_get_name (dtype), text, why);
  return FALSE;
}

/* A tensor without memory yet, its sizes checked. */
static DptTensor *
allocate_header (DptDtype dtype, const DptShape *shape, GError **error)
{
  DptTensor *self;
  gsize size;

  g_return_val_if_fail (dpt_dtype_is_valid (dtype), NULL);

  if (!dpt_shape_byte_size (shape, get_width (dtype), &size))
    {
      refuse (error, dtype, shape,
              dpt_shape_is_known (shape) ? "more bytes than can be addressed"
                                         : "unknown dimensions");
      return NULL;
    }

  self = g_new0 (DptTensor, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->dtype = dtype;
  self->shape = *shape;
  self->count = dpt_shape_get_count (shape);
  self->size = size;
  return self;
}

/* Aligned memory of `size` bytes, which need not exist. */
static gboolean
allocate_data (DptTensor *self, gsize size, GError **error)
{
  gsize rounded;

  if (!g_size_checked_add (&rounded, MAX (size, 1), ALIGNMENT - 1))
    return refuse (error, self->dtype, &self->shape,
                   "more bytes than can be addressed");

  self->owned = aligned_alloc (ALIGNMENT, rounded / ALIGNMENT * ALIGNMENT);
  if (self->owned == NULL)
    {
      g_autofree char *bytes = g_format_size (size);
      g_autofree char *why = g_strdup_printf ("%s, which cannot be had", bytes);

      return refuse (error, self->dtype, &self->shape, why);
    }

  self->data = self->owned;
  return TRUE;
}

/* A tensor with memory of its own, which is not cleared. */
static DptTensor *
allocate (DptDtype dtype, const DptShape *shape, GError **error)
{
  g_autoptr (DptTensor) self = allocate_header (dtype, shape, error);

  if (self == NULL || !allocate_data (self, self->size, error))
    return NULL;
  return g_steal_pointer (&self);
}

static DptTensor *
new_scalar (DptDtype dtype, const void *value)
{
  return dpt_tensor_new_copy (dtype, &DPT_SHAPE_SCALAR, value);
}

/**
 * dpt_tensor_new:
 * @dtype: a dtype
 * @shape: a known shape
 * @error: return location for an error
 *
 * Makes a tensor that its maker may write to as long as it holds the one
 * reference.  Elements of a plain dtype hold anything until they are written,
 * since clearing a large result costs as much as computing it; strings begin
 * empty and objects %NULL.
 *
 * Returns: (transfer full) (nullable): the tensor, or %NULL with @error
 *   %DPT_TENSOR_ERROR_TOO_LARGE when its size overflows, is not known, or
 *   cannot be had.
 */
DptTensor *
dpt_tensor_new (DptDtype dtype, const DptShape *shape, GError **error)
{
  DptTensor *self = allocate (dtype, shape, error);

  if (self != NULL && !dpt_dtype_is_plain (dtype))
    memset (self->data, 0, self->size);
  return self;
}

/**
 * dpt_tensor_new_zeros:
 * @dtype: a dtype
 * @shape: a known shape
 * @error: return location for an error
 *
 * As dpt_tensor_new(), with every element zero.
 *
 * Returns: (transfer full) (nullable): the tensor, or %NULL with @error
 *   %DPT_TENSOR_ERROR_TOO_LARGE.
 */
DptTensor *
dpt_tensor_new_zeros (DptDtype dtype, const DptShape *shape, GError **error)
{
  DptTensor *self = allocate (dtype, shape, error);

  if (self != NULL)
    memset (self->data, 0, self->size);
  return self;
}

/**
 * dpt_tensor_new_copy:
 * @dtype: a plain dtype
 * @shape: a known shape
 * @data: (array): its elements, row-major
 *
 * For data that is already in memory, so that the copy's size is known to be
 * sane; there is no error but the process running out of memory.
 *
 * Returns: (transfer full): a tensor with a copy of @data.
 */
DptTensor *
dpt_tensor_new_copy (DptDtype dtype, const DptShape *shape, const void *data)
{
  g_autoptr (GError) error = NULL;
  DptTensor *self;

  g_return_val_if_fail (dpt_dtype_is_plain (dtype), NULL);

  self = allocate (dtype, shape, &error);
  if (self == NULL)
    g_error ("%s", error->message);
  if (self->size > 0)
    memcpy (self->data, data, self->size);
  return self;
}

/**
 * dpt_tensor_new_from_bytes:
 * @dtype: a plain dtype
 * @shape: a known shape
 * @bytes: exactly its elements, row-major, little-endian
 * @error: return location for an error
 *
 * Keeps a reference on @bytes, which may be a mapped file; copies them only
 * if they do not lie as the dtype's elements must.
 *
 * Returns: (transfer full) (nullable): the tensor, or %NULL with @error
 *   %DPT_TENSOR_ERROR_TOO_LARGE when shape and length do not agree or a copy
 *   cannot be had.
 */
DptTensor *
dpt_tensor_new_from_bytes (DptDtype dtype,
                           const DptShape *shape,
                           GBytes *bytes,
                           GError **error)
{
  g_autoptr (DptTensor) self = NULL;
  gsize length, width;
  const guint8 *data;

  g_return_val_if_fail (dpt_dtype_is_plain (dtype), NULL);

  self = allocate_header (dtype, shape, error);
  if (self == NULL)
    return NULL;

  data = g_bytes_get_data (bytes, &length);
  if (length != self->size)
    {
      g_autofree char *why =
          g_strdup_printf ("%" G_GSIZE_FORMAT
                           " bytes instead of %" G_GSIZE_FORMAT,
                           length, self->size);

      refuse (error, dtype, shape, why);
      return NULL;
    }

  /* A complex element is aligned as its parts are. */
  width = get_width (dtype) / (dpt_dtype_is_complex (dtype) ? 2 : 1);
  if (length > 0 && (guintptr) data % width == 0)
    {
      self->bytes = g_bytes_ref (bytes);
      self->data = (guint8 *) data;
      return g_steal_pointer (&self);
    }

  if (!allocate_data (self, length, error))
    return NULL;
  if (length > 0)
    memcpy (self->data, data, length);
  return g_steal_pointer (&self);
}

/**
 * dpt_tensor_new_strings:
 * @shape: a known shape
 * @strings: (array): its elements; their bytes are copied
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a string tensor, or %NULL with @error
 *   %DPT_TENSOR_ERROR_TOO_LARGE when the memory cannot be had.
 */
DptTensor *
dpt_tensor_new_strings (const DptShape *shape,
                        const DptString *strings,
                        GError **error)
{
  g_autoptr (DptTensor) self = allocate_header (DPT_DTYPE_STRING, shape, error);
  gsize total;
  DptString *elements;
  char *text;

  if (self == NULL)
    return NULL;

  total = self->size;
  for (gsize i = 0; i < self->count; i++)
    if (!g_size_checked_add (&total, total, strings[i].length))
      {
        refuse (error, self->dtype, shape, "more bytes than can be addressed");
        return NULL;
      }
  if (!allocate_data (self, total, error))
    return NULL;

  elements = (DptString *) self->data;
  text = (char *) (self->data + self->size);
  for (gsize i = 0; i < self->count; i++)
    {
      elements[i] = (DptString){ text, strings[i].length };
      if (strings[i].length > 0)
        memcpy (text, strings[i].data, strings[i].length);
      text += strings[i].length;
    }

  return g_steal_pointer (&self);
}

/**
 * dpt_tensor_new_object:
 * @dtype: %DPT_DTYPE_RESOURCE or %DPT_DTYPE_VARIANT
 * @object: (nullable) (transfer none): the one element
 *
 * Returns: (transfer full): a scalar that holds a reference on @object.
 */
DptTensor *
dpt_tensor_new_object (DptDtype dtype, GObject *object)
{
  DptTensor *self;

  g_return_val_if_fail (is_object (dtype), NULL);

  self = dpt_tensor_new (dtype, &DPT_SHAPE_SCALAR, NULL);
  if (object != NULL)
    *(GObject **) self->data = g_object_ref (object);
  return self;
}

/**
 * dpt_tensor_new_float:
 * @value: a number
 *
 * Returns: (transfer full): a float32 scalar.
 */
DptTensor *
dpt_tensor_new_float (float value)
{
  return new_scalar (DPT_DTYPE_FLOAT32, &value);
}

/**
 * dpt_tensor_new_int32:
 * @value: a number
 *
 * Returns: (transfer full): an int32 scalar.
 */
DptTensor *
dpt_tensor_new_int32 (gint32 value)
{
  return new_scalar (DPT_DTYPE_INT32, &value);
}

/**
 * dpt_tensor_new_int64:
 * @value: a number
 *
 * Returns: (transfer full): an int64 scalar.
 */
DptTensor *
dpt_tensor_new_int64 (gint64 value)
{
  return new_scalar (DPT_DTYPE_INT64, &value);
}

/**
 * dpt_tensor_new_bool:
 * @value: a truth value
 *
 * Returns: (transfer full): a bool scalar.
 */
DptTensor *
dpt_tensor_new_bool (gboolean value)
{
  guint8 byte = value ? 1 : 0;

  return new_scalar (DPT_DTYPE_BOOL, &byte);
}

/**
 * dpt_tensor_new_string:
 * @data: (nullable): bytes
 * @length: how many
 *
 * Returns: (transfer full): a string scalar with a copy of @data.
 */
DptTensor *
dpt_tensor_new_string (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  DptString string = { data, length };
  DptTensor *self = dpt_tensor_new_strings (&DPT_SHAPE_SCALAR, &string, &error);

  if (self == NULL)
    g_error ("%s", error->message);
  return self;
}

/**
 * dpt_tensor_reshape:
 * @self: a tensor
 * @shape: a shape with as many elements
 *
 * Returns: (transfer full): a tensor of that shape that shares the memory of
 *   @self; neither can be written to any more.
 */
DptTensor *
dpt_tensor_reshape (DptTensor *self, const DptShape *shape)
{
  DptTensor *other;
  gsize count = 0;
  gboolean fits = dpt_shape_count (shape, &count);

  g_return_val_if_fail (fits && count == self->count, NULL);

  other = g_new0 (DptTensor, 1);
  g_atomic_ref_count_init (&other->ref_count);
  other->dtype = self->dtype;
  other->shape = *shape;
  other->count = self->count;
  other->size = self->size;
  other->data = self->data;
  other->base = dpt_tensor_ref (self->base != NULL ? self->base : self);
  return other;
}

/**
 * dpt_tensor_ref:
 * @self: a tensor
 *
 * Returns: (transfer full): @self.
 */
DptTensor *
dpt_tensor_ref (DptTensor *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_tensor_unref:
 * @self: (transfer full): a tensor
 *
 * Drops a reference; the last one frees the memory.
 */
void
dpt_tensor_unref (DptTensor *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->owned != NULL && is_object (self->dtype))
    for (gsize i = 0; i < self->count; i++)
      g_clear_object (&((GObject **) self->owned)[i]);
  free (self->owned);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->base, dpt_tensor_unref);
  g_free (self);
}

/**
 * dpt_tensor_get_dtype:
 * @self: a tensor
 *
 * Returns: its dtype.
 */
DptDtype
dpt_tensor_get_dtype (const DptTensor *self)
{
  return self->dtype;
}

/**
 * dpt_tensor_get_shape:
 * @self: a tensor
 *
 * Returns: (transfer none): its shape, always known.
 */
const DptShape *
dpt_tensor_get_shape (const DptTensor *self)
{
  return &self->shape;
}

/**
 * dpt_tensor_get_rank:
 * @self: a tensor
 *
 * Returns: the number of its dimensions.
 */
int
dpt_tensor_get_rank (const DptTensor *self)
{
  return self->shape.rank;
}

/**
 * dpt_tensor_get_dim:
 * @self: a tensor
 * @axis: a dimension; negative ones count from the end
 *
 * Returns: its length.
 */
gint64
dpt_tensor_get_dim (const DptTensor *self, int axis)
{
  int i = axis < 0 ? axis + self->shape.rank : axis;

  g_return_val_if_fail (i >= 0 && i < self->shape.rank, 0);
  return self->shape.dims[i];
}

/**
 * dpt_tensor_get_count:
 * @self: a tensor
 *
 * Returns: the number of its elements.
 */
gsize
dpt_tensor_get_count (const DptTensor *self)
{
  return self->count;
}

/**
 * dpt_tensor_get_size:
 * @self: a tensor
 *
 * Returns: the bytes at dpt_tensor_get_data(); for a string tensor those of
 *   the array alone.
 */
gsize
dpt_tensor_get_size (const DptTensor *self)
{
  return self->size;
}

/**
 * dpt_tensor_get_data:
 * @self: a tensor
 *
 * Returns: (transfer none): its elements, row-major; never %NULL.  Aligned to
 *   64 bytes unless the tensor came from bytes.
 */
const void *
dpt_tensor_get_data (const DptTensor *self)
{
  return self->data;
}

/**
 * dpt_tensor_get_string:
 * @self: a string tensor
 * @index: a flat index
 *
 * Returns: the element, which lives as long as @self.
 */
DptString
dpt_tensor_get_string (const DptTensor *self, gsize index)
{
  g_return_val_if_fail (self->dtype == DPT_DTYPE_STRING, (DptString){ 0 });
  g_return_val_if_fail (index < self->count, (DptString){ 0 });

  return ((const DptString *) self->data)[index];
}

/**
 * dpt_tensor_get_object:
 * @self: a resource or variant tensor
 * @index: a flat index
 *
 * Returns: (transfer none) (nullable): the element.
 */
GObject *
dpt_tensor_get_object (const DptTensor *self, gsize index)
{
  g_return_val_if_fail (is_object (self->dtype), NULL);
  g_return_val_if_fail (index < self->count, NULL);

  return ((GObject *const *) self->data)[index];
}

/**
 * dpt_tensor_get_writable_data:
 * @self: a tensor that dpt_tensor_is_writable()
 *
 * Returns: (transfer none): its elements.  An object put there is owned by
 *   the tensor; the bytes of a string put there must outlive it.
 */
void *
dpt_tensor_get_writable_data (DptTensor *self)
{
  g_return_val_if_fail (dpt_tensor_is_writable (self), NULL);

  return self->data;
}

/**
 * dpt_tensor_is_writable:
 * @self: a tensor
 *
 * Returns: whether the caller, who holds a reference, holds the only one, and
 *   the memory is the tensor's own.
 */
gboolean
dpt_tensor_is_writable (const DptTensor *self)
{
  return self->owned != NULL &&
         g_atomic_ref_count_compare ((gatomicrefcount *) &self->ref_count, 1);
}

/**
 * dpt_tensor_get_double:
 * @self: a tensor of numbers or bools, not complex
 * @index: a flat index
 *
 * Returns: the element; 64-bit integers are rounded to the nearest double.
 */
double
dpt_tensor_get_double (const DptTensor *self, gsize index)
{
  const void *data = self->data;

  g_return_val_if_fail (index < self->count, 0);

  switch (self->dtype)
    {
    case DPT_DTYPE_FLOAT32:
      return ((const float *) data)[index];
    case DPT_DTYPE_FLOAT64:
      return ((const double *) data)[index];
    case DPT_DTYPE_FLOAT16:
      return dpt_float16_to_float (((const guint16 *) data)[index]);
    case DPT_DTYPE_BFLOAT16:
      return dpt_bfloat16_to_float (((const guint16 *) data)[index]);
    case DPT_DTYPE_FLOAT8_E5M2:
      return dpt_float8_e5m2_to_float (((const guint8 *) data)[index]);
    case DPT_DTYPE_FLOAT8_E4M3FN:
      return dpt_float8_e4m3fn_to_float (((const guint8 *) data)[index]);
    case DPT_DTYPE_UINT64:
      return (double) ((const guint64 *) data)[index];
    default:
      return (double) dpt_tensor_get_int (self, index);
    }
}

/**
 * dpt_tensor_get_int:
 * @self: a tensor of integers, quantised integers or bools
 * @index: a flat index
 *
 * Returns: the element; of uint64 the same 64 bits.
 */
gint64
dpt_tensor_get_int (const DptTensor *self, gsize index)
{
  const void *data = self->data;

  g_return_val_if_fail (index < self->count, 0);

  switch (self->dtype)
    {
    case DPT_DTYPE_BOOL:
      return ((const guint8 *) data)[index] != 0;
    case DPT_DTYPE_INT8:
    case DPT_DTYPE_QINT8:
      return ((const gint8 *) data)[index];
    case DPT_DTYPE_UINT8:
    case DPT_DTYPE_QUINT8:
      return ((const guint8 *) data)[index];
    case DPT_DTYPE_INT16:
    case DPT_DTYPE_QINT16:
      return ((const gint16 *) data)[index];
    case DPT_DTYPE_UINT16:
    case DPT_DTYPE_QUINT16:
      return ((const guint16 *) data)[index];
    case DPT_DTYPE_INT32:
    case DPT_DTYPE_QINT32:
      return ((const gint32 *) data)[index];
    case DPT_DTYPE_UINT32:
      return ((const guint32 *) data)[index];
    case DPT_DTYPE_INT64:
      return ((const gint64 *) data)[index];
    case DPT_DTYPE_UINT64:
      return (gint64) ((const guint64 *) data)[index];
    case DPT_DTYPE_INT4:
      return dpt_int4_to_int (((const guint8 *) data)[index]);
    case DPT_DTYPE_UINT4:
      return ((const guint8 *) data)[index] & 0x0f;
    default:
      g_return_val_if_reached (0);
    }
}

/**
 * dpt_tensor_equal:
 * @a: a tensor
 * @b: another
 *
 * Returns: whether dtype, shape and every byte are the same: NaN equals the
 *   same NaN, +0 does not equal -0; objects are equal only to themselves.
 */
gboolean
dpt_tensor_equal (const DptTensor *a, const DptTensor *b)
{
  if (a->dtype != b->dtype || !dpt_shape_equal (&a->shape, &b->shape))
    return FALSE;
  if (a->dtype != DPT_DTYPE_STRING)
    return memcmp (a->data, b->data, a->size) == 0;

  for (gsize i = 0; i < a->count; i++)
    {
      DptString x = dpt_tensor_get_string (a, i);
      DptString y = dpt_tensor_get_string (b, i);

      if (x.length != y.length ||
          (x.length > 0 && memcmp (x.data, y.data, x.length) != 0))
        return FALSE;
    }

  return TRUE;
}
