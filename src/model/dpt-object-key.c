/* dpt-object-key.c - how a path of objects is written inside a checkpoint key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   <path>/.ATTRIBUTES/<attribute>                        VARIABLE_VALUE, ...
 *   <variable>/.OPTIMIZER_SLOT/<optimizer>/<slot>/.ATTRIBUTES/VARIABLE_VALUE
 *
 * A path is its components joined by "/", each with "." written as ".." and
 * then "/" as ".S" (TensorFlow's trackable/trackable_utils.py).
 */

#define G_LOG_DOMAIN "dpt-object-key"

#include "dpt-object-key.h"

#include <string.h>

#define ATTRIBUTES_COMPONENT "/.ATTRIBUTES/"
#define VALUE_SUFFIX         "/.ATTRIBUTES/VARIABLE_VALUE"

/**
 * dpt_object_key_escape:
 * @component: the name of an edge, an attribute or a slot
 *
 * Writes a name as one component of a key: "." becomes "..", then "/" becomes
 * ".S" (trackable/trackable_utils.py, escape_local_name).
 *
 * Returns: (transfer full): the component.
 */
char *
dpt_object_key_escape (const char *component)
{
  GString *escaped = g_string_sized_new (strlen (component));

  for (const char *c = component; *c != '\0'; c++)
    if (*c == '.')
      g_string_append (escaped, "..");
    else if (*c == '/')
      g_string_append (escaped, ".S");
    else
      g_string_append_c (escaped, *c);

  return g_string_free (escaped, FALSE);
}

/**
 * dpt_object_key_unescape:
 * @component: one component of a key, not terminated
 * @length: its length in bytes
 *
 * The inverse of dpt_object_key_escape(), taking the escapes from left to
 * right: replacing ".S" first would be wrong for names that hold "..S".  A
 * period that begins no escape, as in ".ATTRIBUTES", stays.
 *
 * Returns: (transfer full): the name.
 */
char *
dpt_object_key_unescape (const char *component, gsize length)
{
  GString *name = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      char next = i + 1 < length ? component[i + 1] : '\0';

      if (component[i] == '.' && next == '.')
        g_string_append_c (name, '.');
      else if (component[i] == '.' && next == 'S')
        g_string_append_c (name, '/');
      else
        {
          g_string_append_c (name, component[i]);
          continue;
        }
      i++;
    }

  return g_string_free (name, FALSE);
}

/**
 * dpt_object_key_strip:
 * @key: a checkpoint key
 *
 * The name that a person gave: a key that ends in
 * "/.ATTRIBUTES/VARIABLE_VALUE" loses that end, and its components their
 * escapes, so "vars/a.Sb/.ATTRIBUTES/VARIABLE_VALUE" is "vars/a/b".  A slot
 * variable keeps its ".OPTIMIZER_SLOT" component, and a key of another
 * attribute, or without decoration, is returned as it is.
 *
 * Returns: (transfer full): the name.
 */
char *
dpt_object_key_strip (const char *key)
{
  g_autoptr (GString) name = NULL;
  const char *end;

  g_return_val_if_fail (key != NULL, NULL);

  if (!g_str_has_suffix (key, VALUE_SUFFIX))
    return g_strdup (key);

  name = g_string_new (NULL);
  end = key + strlen (key) - strlen (VALUE_SUFFIX);
  for (const char *start = key; start <= end;)
    {
      const char *slash = memchr (start, '/', (gsize) (end - start));
      const char *stop = slash != NULL ? slash : end;
      g_autofree char *part = dpt_object_key_unescape (start,
                                                       (gsize) (stop - start));

      if (start != key)
        g_string_append_c (name, '/');
      g_string_append (name, part);
      start = stop + 1;
    }

  return g_string_free (g_steal_pointer (&name), FALSE);
}

/**
 * dpt_object_key_is_decorated:
 * @key: a checkpoint key
 *
 * Returns: whether it is the key of an object-based checkpoint's attribute.
 */
gboolean
dpt_object_key_is_decorated (const char *key)
{
  g_return_val_if_fail (key != NULL, FALSE);

  return strstr (key, ATTRIBUTES_COMPONENT) != NULL;
}
