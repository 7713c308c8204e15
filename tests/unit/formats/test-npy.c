/* test-npy.c - arrays as numpy writes them, and as we do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headers and elements are written out from numpy's NEP 1.
 */

#define G_LOG_DOMAIN "test-npy"

#include "dpt-npy.h"

#include <string.h>

#include "dpt-format-error.h"
#include "dpt-test.h"

/* A file of version @major with the given header text and elements. */
static GBytes *
make_file (guint8 major, const char *text, const void *data, gsize size)
{
  GByteArray *file = g_byte_array_new ();
  gsize length = strlen (text);
  guint8 preamble[12] = { 0x93,
                          'N',
                          'U',
                          'M',
                          'P',
                          'Y',
                          major,
                          0,
                          (guint8) length,
                          (guint8) (length >> 8) };

  g_byte_array_append (file, preamble, major == 1 ? 10 : 12);
  g_byte_array_append (file, (const guint8 *) text, (guint) length);
  if (size > 0)
    g_byte_array_append (file, data, (guint) size);
  return g_byte_array_free_to_bytes (file);
}

static DptTensor *
read_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (DptByteSource) source = dpt_byte_source_new_from_bytes ("x.npy",
                                                                     bytes);

  return dpt_npy_read_source (source, error);
}

static DptTensor *
read_parts (guint8 major,
            const char *text,
            const void *data,
            gsize size,
            GError **error)
{
  g_autoptr (GBytes) bytes = make_file (major, text, data, size);

  return read_bytes (bytes, error);
}

static void
test_versions (void)
{
  static const char text[] =
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }  \n";
  static const gint16 values[] = { 1, -2, 3, -4, 5, -6 };

  for (guint8 major = 1; major <= 3; major++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) tensor = read_parts (major, text, values,
                                                 sizeof values, &error);

      g_assert_no_error (error);
      g_assert_cmpint (dpt_tensor_get_dtype (tensor), ==, DPT_DTYPE_INT16);
      g_assert_cmpint (dpt_tensor_get_rank (tensor), ==, 2);
      g_assert_cmpmem (dpt_tensor_get_data (tensor),
                       dpt_tensor_get_size (tensor), values, sizeof values);
    }
}

static void
test_dtypes (void)
{
  /* clang-format off */
  static const struct
  {
    const char *descr;
    DptDtype dtype;
  } cases[] = {
    { "|b1", DPT_DTYPE_BOOL }, { "|i1", DPT_DTYPE_INT8 },
    { "<i4", DPT_DTYPE_INT32 }, { "<i8", DPT_DTYPE_INT64 },
    { "|u1", DPT_DTYPE_UINT8 }, { "<u2", DPT_DTYPE_UINT16 },
    { "=u4", DPT_DTYPE_UINT32 }, { "<u8", DPT_DTYPE_UINT64 },
    { "<f2", DPT_DTYPE_FLOAT16 }, { "<f4", DPT_DTYPE_FLOAT32 },
    { "<f8", DPT_DTYPE_FLOAT64 }, { "<c8", DPT_DTYPE_COMPLEX64 },
    { "<c16", DPT_DTYPE_COMPLEX128 },
  };
  /* clang-format on */
  static const guint8 zeros[16] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"shape\":(),'fortran_order':False,'descr':'%s'}",
                           cases[i].descr);
      g_autoptr (GError) error = NULL;
      g_autoptr (DptTensor) tensor =
          read_parts (1, text, zeros, dpt_dtype_get_size (cases[i].dtype),
                      &error);

      g_assert_no_error (error);
      g_assert_cmpint (dpt_tensor_get_dtype (tensor), ==, cases[i].dtype);
      g_assert_cmpint (dpt_tensor_get_rank (tensor), ==, 0);
    }
}

static void
test_big_endian (void)
{
  static const guint8 one[] = { 0x3f, 0xf0, 0, 0, 0, 0, 0, 0 };
  static const guint8 complex[] = { 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor =
      read_parts (1, "{'descr':'>f8','fortran_order':False,'shape':(1L,)}", one,
                  8, &error);
  g_autoptr (DptTensor) pair =
      read_parts (1, "{'descr':'>c8','fortran_order':False,'shape':(1,)}",
                  complex, 8, &error);
  const float *parts = dpt_tensor_get_data (pair);

  g_assert_no_error (error);
  g_assert_cmpfloat (dpt_tensor_get_double (tensor, 0), ==, 1.0);
  g_assert_cmpfloat (parts[0], ==, 1.0);
  g_assert_cmpfloat (parts[1], ==, -2.0);
}

/* Element (i, j, k) of shape (2, 3, 2) is 100 i + 10 j + k; in Fortran's
 * order i runs fastest. */
static void
test_fortran (void)
{
  static const guint8 values[] = { 0, 100, 10, 110, 20, 120,
                                   1, 101, 11, 111, 21, 121 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DptTensor) tensor =
      read_parts (1, "{'descr':'|u1','fortran_order':True,'shape':(2,3,2)}",
                  values, sizeof values, &error);
  gsize n = 0;

  g_assert_no_error (error);
  for (gint64 i = 0; i < 2; i++)
    for (gint64 j = 0; j < 3; j++)
      for (gint64 k = 0; k < 2; k++)
        g_assert_cmpint (dpt_tensor_get_int (tensor, n++), ==,
                         100 * i + 10 * j + k);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    gsize size;
    const char *part;
  } cases[] = {
    { "", 0, "a dict was expected" },
    { "{'descr':'<f4','fortran_order':False}", 0, "'shape' before it" },
    { "{'descr':'<f4','fortran_order':0,'shape':()}", 4, "True or False" },
    { "{'descr':'<U5','fortran_order':False,'shape':()}", 20, "'<U5'" },
    { "{'descr':'|O','fortran_order':False,'shape':()}", 8, "'|O'" },
    { "{'descr':'','fortran_order':False,'shape':()}", 8, "dtype ''" },
    { "{'descr':[('a','<f4')],'fortran_order':False,'shape':()}", 4,
      "one plain dtype" },
    { "{'descr':'<f4','fortran_order':False,'shape':(-1,)}", 4, "a dimension" },
    { "{'descr':'<f4','fortran_order':False,'shape':(99999999999999999999,)}",
      4, "a smaller dimension" },
    { "{'descr':'<f4','fortran_order':False,'shape':(1 2)}", 8, "a comma" },
    { "{'descr':'<f4','fortran_order':False,'shape':(1,2", 8, "a comma" },
    { "{'descr':'<f4','fortran_order':False,'shape':(3,)}", 8,
      "12 bytes of float32 [3] were expected from offset 60" },
    { "{'descr':'<f4','fortran_order':False,'shape':(1,)}", 8, "found 8" },
    { "{'descr':'<f4','fortran_order':False,"
      "'shape':(4611686018427387904,4)}",
      8, "found 8" },
    { "{'descr':'<f4','fortran_order':False,'shape':(1,)} x", 4, "spaces" },
    { "{'descr':'<f4','order':False,'shape':(1,)}", 4, "'fortran_order'" },
    { "{'descr", 0, "a key" },
  };
  static const guint8 zeros[32] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          read_parts (1, cases[i].text, zeros, cases[i].size, &error));
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, "x.npy: "));
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) bytes =
      make_file (1, "{'descr':'<f4','fortran_order':False,'shape':(1,)}",
                 "\0\0\0\0", 4);

  for (gsize i = 0; i < g_bytes_get_size (bytes); i++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, i);
      g_autoptr (GError) error = NULL;

      g_assert_null (read_bytes (cut, &error));
      g_assert_true (g_str_has_prefix (error->message, "x.npy: "));
    }
}

static void
test_write (void)
{
  static const char expected[] =
      "\x93NUMPY\x01\x00\x76\x00"
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  static const float values[] = { 1.5f, -2.0f };
  DptShape shape = dpt_shape_new_1d (2);
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "x.npy", NULL);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_FLOAT32, &shape,
                                                      values);
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (dpt_npy_write (path, tensor, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_cmpuint (size, ==, 128 + 8);
  g_assert_cmpmem (content, sizeof expected - 1, expected, sizeof expected - 1);
  g_assert_cmpint (content[127], ==, '\n');
  g_assert_cmpmem (content + 128, 8, values, 8);

  dpt_test_remove_tree (folder);
}

/* 1.0, -2.0 and the smallest step above 1 have these bfloat16 bits. */
static void
test_write_bfloat16 (void)
{
  static const guint16 bits[] = { 0x3f80, 0xc000, 0x3f81 };
  DptShape shape = dpt_shape_new_2d (3, 1);
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "x.npy", NULL);
  g_autoptr (DptTensor) tensor = dpt_tensor_new_copy (DPT_DTYPE_BFLOAT16,
                                                      &shape, bits);
  g_autoptr (DptTensor) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dpt_npy_write (path, tensor, &error));
  found = dpt_npy_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dpt_tensor_get_dtype (found), ==, DPT_DTYPE_FLOAT32);
  g_assert_cmpfloat (dpt_tensor_get_double (found, 0), ==, 1.0);
  g_assert_cmpfloat (dpt_tensor_get_double (found, 1), ==, -2.0);
  g_assert_cmpfloat (dpt_tensor_get_double (found, 2), ==, 1.0078125);

  dpt_test_remove_tree (folder);
}

/* Nothing half-written stays, whatever is refused. */
static void
test_write_errors (void)
{
  g_autofree char *folder = dpt_test_scratch ();
  g_autofree char *path = g_build_filename (folder, "x.npy", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "x.npy", NULL);
  g_autoptr (DptTensor) text = dpt_tensor_new_string ("a", 1);
  g_autoptr (DptTensor) number = dpt_tensor_new_float (1.0f);
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (dpt_npy_write (path, text, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  g_assert_false (dpt_npy_write (nowhere, number, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_IO);
  g_clear_error (&error);

  g_assert_false (dpt_npy_write (folder, number, &error));
  g_assert_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_IO);

  dir = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
  dpt_test_remove_tree (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/npy/versions", test_versions);
  g_test_add_func ("/npy/dtypes", test_dtypes);
  g_test_add_func ("/npy/big-endian", test_big_endian);
  g_test_add_func ("/npy/fortran", test_fortran);
  g_test_add_func ("/npy/errors", test_errors);
  g_test_add_func ("/npy/truncated", test_truncated);
  g_test_add_func ("/npy/write", test_write);
  g_test_add_func ("/npy/write-bfloat16", test_write_bfloat16);
  g_test_add_func ("/npy/write-errors", test_write_errors);

  return g_test_run ();
}
