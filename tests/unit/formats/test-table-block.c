/* test-table-block.c - blocks worked by hand, sound and broken
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-table-block"

#include "dpt-table-block.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-test.h"

/* Walks a block to its end; the number of entries, or -1 with @error. */
static int
walk (const void *bytes, gsize length, GString *keys, GError **error)
{
  g_autoptr (GBytes) content = g_bytes_new (bytes, length);
  g_auto (DptTableBlock) block = { 0 };
  g_auto (DptTableCursor) cursor = { 0 };
  g_autoptr (GError) failure = NULL;
  int n = 0;

  if (!dpt_table_block_init (&block, content, "a file", 77, error))
    return -1;

  dpt_table_cursor_init (&cursor, &block);
  while (dpt_table_cursor_next (&cursor, &failure))
    {
      n++;
      if (keys != NULL)
        g_string_append_printf (keys, "%.*s=%.*s ", (int) cursor.key->len,
                                cursor.key->data, (int) cursor.value_length,
                                cursor.value);
    }

  if (failure == NULL)
    return n;

  g_propagate_error (error, g_steal_pointer (&failure));
  return -1;
}

static void
assert_corrupt (const void *bytes, gsize length, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (walk (bytes, length, NULL, &error), ==, -1);
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "a file: block at offset 77"));
  g_assert_nonnull (strstr (error->message, part));
}

/* 8 bytes: one restart, at 0. */
static void
test_empty (void)
{
  static const guint8 empty[] = { 0, 0, 0, 0, 1, 0, 0, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (walk (empty, sizeof empty, NULL, &error), ==, 0);
  g_assert_no_error (error);
}

/* apple=1, apply=22 (shares "appl"), b= (at a restart). */
#define ENTRIES \
  0, 5, 1, 'a', 'p', 'p', 'l', 'e', '1', 4, 1, 2, 'y', '2', '2', 0, 1, 0, 'b'

static void
test_shared_keys (void)
{
  static const guint8 block[] = {
    ENTRIES, 0, 0, 0, 0, 15, 0, 0, 0, 2, 0, 0, 0
  };
  g_autoptr (GString) keys = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (walk (block, sizeof block, keys, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpstr (keys->str, ==, "apple=1 apply=22 b= ");
}

static void
test_restarts (void)
{
  static const guint8 none[] = { 0, 0, 0, 0, 0, 0, 0, 0 };
  static const guint8 many[] = { 0, 0, 0, 0, 2, 0, 0, 0 };
  static const guint8 first[] = { 0, 1, 0, 'a', 1, 0, 0, 0, 1, 0, 0, 0 };
  static const guint8 past[] = { ENTRIES, 0, 0, 0, 0, 19, 0, 0, 0, 2, 0, 0, 0 };
  static const guint8 inside[] = {
    ENTRIES, 0, 0, 0, 0, 14, 0, 0, 0, 2, 0, 0, 0
  };
  static const guint8 sharing[] = {
    ENTRIES, 0, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0
  };
  static const guint8 twice[] = { ENTRIES, 0, 0, 0, 0, 15, 0, 0, 0,
                                  15,      0, 0, 0, 3, 0,  0, 0 };

  assert_corrupt (none, 7, "at least 8 bytes were expected, found 7");
  assert_corrupt (none, sizeof none, "found 0");
  assert_corrupt (many, sizeof many, "found 2");
  assert_corrupt (first, sizeof first, "the first restart");
  assert_corrupt (past, sizeof past, "found 19");
  assert_corrupt (inside, sizeof inside, "at the start of an entry");
  assert_corrupt (sharing, sizeof sharing, "shares no bytes, found 4");
  assert_corrupt (twice, sizeof twice, "found 15");
}

static void
test_entries (void)
{
  static const guint8 shares[] = { 1, 1, 0, 'a', 0, 0, 0, 0, 1, 0, 0, 0 };
  static const guint8 key[] = { 0, 2, 0, 'a', 0, 0, 0, 0, 1, 0, 0, 0 };
  static const guint8 value[] = { 0, 1, 200, 1, 'a', 0, 0, 0, 0, 1, 0, 0, 0 };
  static const guint8 varint[] = { 255, 255, 255, 255, 255, 255, 0,
                                   0,   0,   0,   1,   0,   0,   0 };
  static const guint8 equal[] = { 0, 1, 0, 'a', 0, 1, 0, 'a',
                                  0, 0, 0, 0,   1, 0, 0, 0 };
  static const guint8 falling[] = { 0, 2, 0, 'a', 'b', 1, 0, 0,
                                    0, 0, 0, 0,   1,   0, 0, 0 };

  assert_corrupt (shares, sizeof shares, "at most 0 shared key bytes");
  assert_corrupt (key, sizeof key, "key 2 bytes, value 0 bytes");
  assert_corrupt (value, sizeof value, "value 200 bytes");
  assert_corrupt (varint, sizeof varint, "an entry was expected");
  assert_corrupt (equal, sizeof equal, "a key larger");
  assert_corrupt (falling, sizeof falling, "a key larger");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table-block/empty", test_empty);
  g_test_add_func ("/table-block/shared-keys", test_shared_keys);
  g_test_add_func ("/table-block/restarts", test_restarts);
  g_test_add_func ("/table-block/entries", test_entries);

  return g_test_run ();
}
