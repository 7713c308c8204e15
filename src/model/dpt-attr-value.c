/* dpt-attr-value.c - the value of a node's attribute
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-attr-value"

#include "dpt-attr-value.h"

#include <string.h>

#include "dpt-names.h"

/* Invariants: exactly the member that `kind` names is set; a list's items are
 * no lists themselves, so a value is never more than functions deep. */
struct _DptAttrValue
{
  gatomicrefcount ref_count;
  DptAttrKind kind;
  union
  {
    GBytes *string;
    gint64 integer;
    float real;
    gboolean boolean;
    DptDtype dtype;
    DptShape shape;
    DptStoredTensor *tensor;
    struct
    {
      char *name;
      GHashTable *attrs;
    } function;
    char *placeholder;
    GPtrArray *items;
  } value;
};

G_DEFINE_BOXED_TYPE (DptAttrValue,
                     dpt_attr_value,
                     dpt_attr_value_ref,
                     dpt_attr_value_unref)

static DptAttrValue *
attr_value_alloc (DptAttrKind kind)
{
  DptAttrValue *self = g_new0 (DptAttrValue, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;

  return self;
}

static void
attr_value_free (DptAttrValue *self)
{
  switch (self->kind)
    {
    case DPT_ATTR_KIND_STRING:
      g_bytes_unref (self->value.string);
      break;
    case DPT_ATTR_KIND_TENSOR:
      dpt_stored_tensor_unref (self->value.tensor);
      break;
    case DPT_ATTR_KIND_FUNCTION:
      g_free (self->value.function.name);
      g_hash_table_unref (self->value.function.attrs);
      break;
    case DPT_ATTR_KIND_PLACEHOLDER:
      g_free (self->value.placeholder);
      break;
    case DPT_ATTR_KIND_LIST:
      g_ptr_array_unref (self->value.items);
      break;
    case DPT_ATTR_KIND_NONE:
    case DPT_ATTR_KIND_INT:
    case DPT_ATTR_KIND_FLOAT:
    case DPT_ATTR_KIND_BOOL:
    case DPT_ATTR_KIND_TYPE:
    case DPT_ATTR_KIND_SHAPE:
      break;
    }

  g_free (self);
}

/**
 * dpt_attr_value_new_none:
 *
 * Returns: (transfer full): a value with no member set, as an AttrValue of
 *   zero bytes is.
 */
DptAttrValue *
dpt_attr_value_new_none (void)
{
  return attr_value_alloc (DPT_ATTR_KIND_NONE);
}

/**
 * dpt_attr_value_new_string:
 * @data: (array length=length) (nullable): any bytes, not terminated
 * @length: their number
 *
 * Returns: (transfer full): a string (AttrValue.s); the bytes are copied.
 */
DptAttrValue *
dpt_attr_value_new_string (const char *data, gsize length)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_STRING);

  self->value.string = g_bytes_new (data, length);

  return self;
}

/**
 * dpt_attr_value_new_int:
 * @value: a number
 *
 * Returns: (transfer full): an integer (AttrValue.i).
 */
DptAttrValue *
dpt_attr_value_new_int (gint64 value)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_INT);

  self->value.integer = value;

  return self;
}

/**
 * dpt_attr_value_new_float:
 * @value: a number
 *
 * Returns: (transfer full): a float (AttrValue.f).
 */
DptAttrValue *
dpt_attr_value_new_float (float value)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_FLOAT);

  self->value.real = value;

  return self;
}

/**
 * dpt_attr_value_new_bool:
 * @value: a truth value
 *
 * Returns: (transfer full): a boolean (AttrValue.b).
 */
DptAttrValue *
dpt_attr_value_new_bool (gboolean value)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_BOOL);

  self->value.boolean = !!value;

  return self;
}

/**
 * dpt_attr_value_new_type:
 * @dtype: a dtype; %DPT_DTYPE_INVALID where a file says DT_INVALID
 *
 * Returns: (transfer full): a dtype (AttrValue.type).
 */
DptAttrValue *
dpt_attr_value_new_type (DptDtype dtype)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_TYPE);

  self->value.dtype = dtype;

  return self;
}

/**
 * dpt_attr_value_new_shape:
 * @shape: a shape, which may be partly or wholly unknown; copied
 *
 * Returns: (transfer full): a shape (AttrValue.shape).
 */
DptAttrValue *
dpt_attr_value_new_shape (const DptShape *shape)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_SHAPE);

  self->value.shape = *shape;

  return self;
}

/**
 * dpt_attr_value_new_tensor:
 * @tensor: (transfer none): a tensor that may still be in its file
 *
 * Returns: (transfer full): a tensor (AttrValue.tensor).
 */
DptAttrValue *
dpt_attr_value_new_tensor (DptStoredTensor *tensor)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_TENSOR);

  self->value.tensor = dpt_stored_tensor_ref (tensor);

  return self;
}

/**
 * dpt_attr_value_new_function:
 * @name: the name of a library function
 * @attrs: (transfer full) (nullable) (element-type utf8 DptAttrValue): the
 *   attributes it is called with; the table frees its keys and values
 *
 * Returns: (transfer full): a function (AttrValue.func, a NameAttrList).
 */
DptAttrValue *
dpt_attr_value_new_function (const char *name, GHashTable *attrs)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_FUNCTION);

  self->value.function.name = g_strdup (name);
  self->value.function.attrs = attrs;
  if (attrs == NULL)
    self->value.function.attrs =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                               (GDestroyNotify) dpt_attr_value_unref);

  return self;
}

/**
 * dpt_attr_value_new_placeholder:
 * @name: the attribute of the enclosing function that gives the value
 *
 * Returns: (transfer full): a placeholder (AttrValue.placeholder), met only
 *   in function bodies.
 */
DptAttrValue *
dpt_attr_value_new_placeholder (const char *name)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_PLACEHOLDER);

  self->value.placeholder = g_strdup (name);

  return self;
}

/**
 * dpt_attr_value_new_list:
 * @values: (transfer full) (element-type DptAttrValue): the items, no lists
 *   among them; the array frees them with dpt_attr_value_unref()
 *
 * Returns: (transfer full): a list (AttrValue.list).
 */
DptAttrValue *
dpt_attr_value_new_list (GPtrArray *values)
{
  DptAttrValue *self = attr_value_alloc (DPT_ATTR_KIND_LIST);

  self->value.items = values;

  return self;
}

/**
 * dpt_attr_value_ref:
 * @self: a value
 *
 * Returns: (transfer full): @self, with one reference more.
 */
DptAttrValue *
dpt_attr_value_ref (DptAttrValue *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_attr_value_unref:
 * @self: (transfer full): a value
 *
 * Drops a reference; the last one frees the value.
 */
void
dpt_attr_value_unref (DptAttrValue *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    attr_value_free (self);
}

/**
 * dpt_attr_value_get_kind:
 * @self: a value
 *
 * Returns: which of the getters below may be asked.
 */
DptAttrKind
dpt_attr_value_get_kind (const DptAttrValue *self)
{
  return self->kind;
}

/**
 * dpt_attr_value_get_string:
 * @self: a value of kind %DPT_ATTR_KIND_STRING
 *
 * Returns: its bytes, owned by @self; never with a %NULL pointer.
 */
DptString
dpt_attr_value_get_string (const DptAttrValue *self)
{
  DptString string = { "", 0 };
  gconstpointer data;

  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_STRING, string);

  data = g_bytes_get_data (self->value.string, &string.length);
  if (data != NULL)
    string.data = data;

  return string;
}

/**
 * dpt_attr_value_get_int:
 * @self: a value of kind %DPT_ATTR_KIND_INT
 *
 * Returns: the number.
 */
gint64
dpt_attr_value_get_int (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_INT, 0);

  return self->value.integer;
}

/**
 * dpt_attr_value_get_float:
 * @self: a value of kind %DPT_ATTR_KIND_FLOAT
 *
 * Returns: the number.
 */
float
dpt_attr_value_get_float (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_FLOAT, 0.0f);

  return self->value.real;
}

/**
 * dpt_attr_value_get_bool:
 * @self: a value of kind %DPT_ATTR_KIND_BOOL
 *
 * Returns: the truth value.
 */
gboolean
dpt_attr_value_get_bool (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_BOOL, FALSE);

  return self->value.boolean;
}

/**
 * dpt_attr_value_get_type_value:
 * @self: a value of kind %DPT_ATTR_KIND_TYPE
 *
 * Returns: the dtype.
 */
DptDtype
dpt_attr_value_get_type_value (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_TYPE, DPT_DTYPE_INVALID);

  return self->value.dtype;
}

/**
 * dpt_attr_value_get_shape:
 * @self: a value of kind %DPT_ATTR_KIND_SHAPE
 *
 * Returns: (transfer none): the shape, perhaps unknown.
 */
const DptShape *
dpt_attr_value_get_shape (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_SHAPE, NULL);

  return &self->value.shape;
}

/**
 * dpt_attr_value_get_tensor:
 * @self: a value of kind %DPT_ATTR_KIND_TENSOR
 *
 * Returns: (transfer none): the tensor, which may still be in its file.
 */
DptStoredTensor *
dpt_attr_value_get_tensor (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_TENSOR, NULL);

  return self->value.tensor;
}

/**
 * dpt_attr_value_get_function_name:
 * @self: a value of kind %DPT_ATTR_KIND_FUNCTION
 *
 * Returns: (transfer none): the function's name.
 */
const char *
dpt_attr_value_get_function_name (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_FUNCTION, NULL);

  return self->value.function.name;
}

/**
 * dpt_attr_value_get_function_attrs:
 * @self: a value of kind %DPT_ATTR_KIND_FUNCTION
 *
 * Returns: (transfer none) (element-type utf8 DptAttrValue): what the
 *   function is called with; empty for nearly all.
 */
GHashTable *
dpt_attr_value_get_function_attrs (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_FUNCTION, NULL);

  return self->value.function.attrs;
}

/**
 * dpt_attr_value_get_placeholder:
 * @self: a value of kind %DPT_ATTR_KIND_PLACEHOLDER
 *
 * Returns: (transfer none): the attribute that the function's caller binds.
 */
const char *
dpt_attr_value_get_placeholder (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_PLACEHOLDER, NULL);

  return self->value.placeholder;
}

/**
 * dpt_attr_value_get_length:
 * @self: a value of kind %DPT_ATTR_KIND_LIST
 *
 * Returns: the number of its items.
 */
guint
dpt_attr_value_get_length (const DptAttrValue *self)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_LIST, 0);

  return self->value.items->len;
}

/**
 * dpt_attr_value_get_item:
 * @self: a value of kind %DPT_ATTR_KIND_LIST
 * @index: below its length
 *
 * Returns: (transfer none): an item.
 */
const DptAttrValue *
dpt_attr_value_get_item (const DptAttrValue *self, guint index)
{
  g_return_val_if_fail (self->kind == DPT_ATTR_KIND_LIST, NULL);
  g_return_val_if_fail (index < self->value.items->len, NULL);

  return g_ptr_array_index (self->value.items, index);
}

static void
append_string (const DptAttrValue *self, GString *text)
{
  DptString string = dpt_attr_value_get_string (self);
  g_autofree char *shown = dpt_names_to_display (string.data, string.length);

  g_string_append_printf (text, "\"%s\"", shown);
}

static void
append_tensor (const DptAttrValue *self, GString *text)
{
  const DptShape *shape = dpt_stored_tensor_get_shape (self->value.tensor);
  DptDtype dtype = dpt_stored_tensor_get_dtype (self->value.tensor);
  g_autofree char *dims = dpt_shape_to_string (shape);

  g_string_append_printf (text, "%s %s", dpt_dtype_get_name (dtype), dims);
}

/* Only an item of a list is ever reached by recursion, and it is no list. */
static void
append_value (const DptAttrValue *self, GString *text)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *dims = NULL;

  switch (self->kind)
    {
    case DPT_ATTR_KIND_NONE:
      g_string_append (text, "none");
      break;
    case DPT_ATTR_KIND_STRING:
      append_string (self, text);
      break;
    case DPT_ATTR_KIND_INT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, self->value.integer);
      break;
    case DPT_ATTR_KIND_FLOAT:
      g_ascii_formatd (digits, sizeof digits, "%.9g",
                       (double) self->value.real);
      g_string_append (text, digits);
      break;
    case DPT_ATTR_KIND_BOOL:
      g_string_append (text, self->value.boolean ? "true" : "false");
      break;
    case DPT_ATTR_KIND_TYPE:
      g_string_append (text, dpt_dtype_get_name (self->value.dtype));
      break;
    case DPT_ATTR_KIND_SHAPE:
      dims = dpt_shape_to_string (&self->value.shape);
      g_string_append (text, dims);
      break;
    case DPT_ATTR_KIND_TENSOR:
      append_tensor (self, text);
      break;
    case DPT_ATTR_KIND_FUNCTION:
      g_string_append (text, self->value.function.name);
      break;
    case DPT_ATTR_KIND_PLACEHOLDER:
      g_string_append_printf (text, "$%s", self->value.placeholder);
      break;
    case DPT_ATTR_KIND_LIST:
      g_string_append_c (text, '[');
      for (guint i = 0; i < self->value.items->len; i++)
        {
          if (i > 0)
            g_string_append (text, ", ");
          append_value (g_ptr_array_index (self->value.items, i), text);
        }
      g_string_append_c (text, ']');
      break;
    }
}

/**
 * dpt_attr_value_to_string:
 * @self: a value
 *
 * Says the value in one line, for people; a tensor is named by dtype and
 * shape and stays in its file.
 *
 * Returns: (transfer full): the text.
 */
char *
dpt_attr_value_to_string (const DptAttrValue *self)
{
  GString *text = g_string_new (NULL);

  append_value (self, text);

  return g_string_free (text, FALSE);
}
