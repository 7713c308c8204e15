/* dpt-byte-swap.c - from the other byte order to ours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-byte-swap"

#include "dpt-byte-swap.h"

#include <string.h>

static void
swap_16 (guint8 *data, gsize count)
{
  for (gsize i = 0; i < count; i++, data += sizeof (guint16))
    {
      guint16 value;

      memcpy (&value, data, sizeof value);
      value = GUINT16_SWAP_LE_BE (value);
      memcpy (data, &value, sizeof value);
    }
}

static void
swap_32 (guint8 *data, gsize count)
{
  for (gsize i = 0; i < count; i++, data += sizeof (guint32))
    {
      guint32 value;

      memcpy (&value, data, sizeof value);
      value = GUINT32_SWAP_LE_BE (value);
      memcpy (data, &value, sizeof value);
    }
}

static void
swap_64 (guint8 *data, gsize count)
{
  for (gsize i = 0; i < count; i++, data += sizeof (guint64))
    {
      guint64 value;

      memcpy (&value, data, sizeof value);
      value = GUINT64_SWAP_LE_BE (value);
      memcpy (data, &value, sizeof value);
    }
}

/**
 * dpt_byte_swap:
 * @data: elements of @dtype, changed in place; need not be aligned
 * @size: bytes, a multiple of the dtype's width
 * @dtype: a plain dtype
 *
 * Reverses the bytes of each number; the two parts of a complex number keep
 * their places.
 */
void
dpt_byte_swap (void *data, gsize size, DptDtype dtype)
{
  gsize width = dpt_dtype_get_size (dtype);

  if (dpt_dtype_is_complex (dtype))
    width /= 2;

  if (width == sizeof (guint16))
    swap_16 (data, size / width);
  else if (width == sizeof (guint32))
    swap_32 (data, size / width);
  else if (width == sizeof (guint64))
    swap_64 (data, size / width);
}
