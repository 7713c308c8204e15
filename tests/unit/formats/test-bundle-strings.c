/* test-bundle-strings.c - string tensors from bytes, sound and damaged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-bundle-strings"

#include "dpt-bundle-strings.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-test.h"

/* "ab" and "": lengths 2 and 0; then their masked checksum, which is that of
 * the bytes 02 00 00 00 00 00 00 00, worked bit by bit with another program;
 * then the strings. */
static const guint8 two_strings[] = { 0x02, 0x00, 0x78, 0x27,
                                      0x0b, 0x34, 'a',  'b' };

static DptTensor *
decode (const guint8 *bytes, gsize length, gsize count, GError **error)
{
  DptShape shape = dpt_shape_new_1d ((gint64) count);
  guint32 crc;

  return dpt_bundle_strings_decode (&shape, bytes, length, FALSE, &crc, error);
}

static void
test_sound (void)
{
  DptShape shape = dpt_shape_new_1d (2);
  g_autoptr (GError) error = NULL;
  guint32 crc;
  g_autoptr (DptTensor) tensor = dpt_bundle_strings_decode (&shape, two_strings,
                                                            sizeof two_strings,
                                                            FALSE, &crc,
                                                            &error);

  g_assert_no_error (error);
  g_assert_cmpmem (dpt_tensor_get_string (tensor, 0).data,
                   dpt_tensor_get_string (tensor, 0).length, "ab", 2);
  g_assert_cmpuint (dpt_tensor_get_string (tensor, 1).length, ==, 0);

  /* Over the lengths, the four checksum bytes and "ab". */
  g_assert_cmphex (crc, ==, 0xcedcd596);
}

static void
test_cut (void)
{
  for (gsize i = 0; i < sizeof two_strings; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (two_strings, i, 2, &error));
      g_assert_nonnull (strstr (error->message, "expected"));
    }
}

static void
test_errors (void)
{
  guint8 copy[sizeof two_strings + 1];
  g_autoptr (GError) error = NULL;

  /* A byte behind the last string. */
  memcpy (copy, two_strings, sizeof two_strings);
  copy[sizeof two_strings] = 'x';
  g_assert_null (decode (copy, sizeof copy, 2, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "1 bytes too many"));
  g_clear_error (&error);

  /* A length that its checksum does not know. */
  copy[0] = 1;
  g_assert_null (decode (copy, sizeof two_strings, 2, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CHECKSUM);
  g_clear_error (&error);

  /* Lengths that add up to more than there is, though none does alone. */
  copy[0] = 7;
  copy[1] = 7;
  g_assert_null (decode (copy, sizeof two_strings, 2, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "element 1 breaks that"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bundle-strings/sound", test_sound);
  g_test_add_func ("/bundle-strings/cut", test_cut);
  g_test_add_func ("/bundle-strings/errors", test_errors);

  return g_test_run ();
}
