/* dpt-npy-header.c - what an npy file says of its array
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   93 "NUMPY"  major  minor  length of the header  header  elements
 *
 *   length   uint16 LE in version 1, uint32 LE in versions 2 and 3
 *   header   a Python dict, padded with spaces and a newline so that the
 *            elements begin at a multiple of 64 (16 in old files):
 *            {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
 *   descr    byte order (< little, > big, | none, = the writer's), kind, width
 *   elements the first index fastest if fortran_order, else the last
 *
 * (numpy's NEP 1 and lib/format.py.)
 */

#define G_LOG_DOMAIN "dpt-npy-header"

#include "dpt-npy-header.h"

#include <string.h>

#include "dpt-byte-reader.h"
#include "dpt-format-error.h"

#define MAGIC_SIZE      6
#define PREAMBLE_SIZE   12
#define ALIGNMENT       64
#define MAX_HEADER_SIZE (1024 * 1024)

static const char npy_magic[MAGIC_SIZE + 1] = "\x93NUMPY";

/* The dtypes that numpy has. */
/* clang-format off */
static const struct
{
  const char *descr; /* kind and width */
  DptDtype dtype;
} npy_dtypes[] = {
  { "b1",  DPT_DTYPE_BOOL },
  { "i1",  DPT_DTYPE_INT8 },
  { "i2",  DPT_DTYPE_INT16 },
  { "i4",  DPT_DTYPE_INT32 },
  { "i8",  DPT_DTYPE_INT64 },
  { "u1",  DPT_DTYPE_UINT8 },
  { "u2",  DPT_DTYPE_UINT16 },
  { "u4",  DPT_DTYPE_UINT32 },
  { "u8",  DPT_DTYPE_UINT64 },
  { "f2",  DPT_DTYPE_FLOAT16 },
  { "f4",  DPT_DTYPE_FLOAT32 },
  { "f8",  DPT_DTYPE_FLOAT64 },
  { "c8",  DPT_DTYPE_COMPLEX64 },
  { "c16", DPT_DTYPE_COMPLEX128 },
};

/* Dtypes that numpy does not have, and the one that holds their values
 * exactly. */
static const struct
{
  DptDtype dtype;
  DptDtype stored;
} npy_stand_ins[] = {
  { DPT_DTYPE_QINT8,         DPT_DTYPE_INT8 },
  { DPT_DTYPE_QUINT8,        DPT_DTYPE_UINT8 },
  { DPT_DTYPE_QINT16,        DPT_DTYPE_INT16 },
  { DPT_DTYPE_QUINT16,       DPT_DTYPE_UINT16 },
  { DPT_DTYPE_QINT32,        DPT_DTYPE_INT32 },
  { DPT_DTYPE_INT4,          DPT_DTYPE_INT8 },
  { DPT_DTYPE_UINT4,         DPT_DTYPE_UINT8 },
  { DPT_DTYPE_BFLOAT16,      DPT_DTYPE_FLOAT32 },
  { DPT_DTYPE_FLOAT8_E5M2,   DPT_DTYPE_FLOAT32 },
  { DPT_DTYPE_FLOAT8_E4M3FN, DPT_DTYPE_FLOAT32 },
};
/* clang-format on */

typedef struct
{
  DptNpyHeader *header;
  const char *file;
  DptByteReader reader; /* over the text of the header */
  gsize text_offset;    /* of the text in the file */
  gboolean has_descr;
  gboolean has_order;
  gboolean has_shape;
} Parser;

static gboolean
fail_header (const Parser *parser, GError **error, const char *expected)
{
  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
               "%s: offset %" G_GSIZE_FORMAT ": %s was expected in the npy "
               "header, found other bytes",
               parser->file,
               parser->text_offset +
                   dpt_byte_reader_get_offset (&parser->reader),
               expected);
  return FALSE;
}

static char
peek (const Parser *parser)
{
  return dpt_byte_reader_is_at_end (&parser->reader)
             ? '\0'
             : (char) *parser->reader.cursor;
}

static void
skip_space (Parser *parser)
{
  while (g_ascii_isspace (peek (parser)))
    dpt_byte_reader_skip (&parser->reader, 1);
}

/* Takes @c, and spaces before it, if it comes next. */
static gboolean
accept (Parser *parser, char c)
{
  skip_space (parser);
  if (peek (parser) != c || dpt_byte_reader_is_at_end (&parser->reader))
    return FALSE;

  dpt_byte_reader_skip (&parser->reader, 1);
  return TRUE;
}

/* A string without escapes, which is all that the header's keys and descr
 * can be. */
static char *
parse_string (Parser *parser)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char quote;

  skip_space (parser);
  quote = peek (parser);
  if (quote != '\'' && quote != '"')
    return NULL;

  dpt_byte_reader_skip (&parser->reader, 1);
  while (g_ascii_isprint (peek (parser)))
    {
      char c = (char) dpt_byte_reader_read_u8 (&parser->reader);

      if (c == quote)
        return g_string_free (g_steal_pointer (&text), FALSE);
      g_string_append_c (text, c);
    }

  return NULL;
}

static gboolean
parse_descr (Parser *parser, GError **error)
{
  g_autofree char *descr = parse_string (parser);

  if (descr == NULL)
    return fail_header (parser, error, "one plain dtype");

  parser->has_descr = TRUE;
  parser->header->is_big_endian = descr[0] == '>';
  for (guint i = 0; i < G_N_ELEMENTS (npy_dtypes); i++)
    if (descr[0] != '\0' && strchr ("<>|=", descr[0]) != NULL &&
        g_str_equal (descr + 1, npy_dtypes[i].descr))
      {
        parser->header->dtype = npy_dtypes[i].dtype;
        return TRUE;
      }

  g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED,
               "%s: numbers or booleans were expected, found numpy dtype "
               "'%s'",
               parser->file, descr);
  return FALSE;
}

static gboolean
parse_order (Parser *parser, GError **error)
{
  const char *words[] = { "False", "True" };

  skip_space (parser);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if (dpt_byte_reader_get_left (&parser->reader) >= length &&
          memcmp (parser->reader.cursor, words[i], length) == 0)
        {
          dpt_byte_reader_skip (&parser->reader, length);
          parser->header->is_fortran = i == 1;
          parser->has_order = TRUE;
          return TRUE;
        }
    }

  return fail_header (parser, error, "True or False");
}

static gboolean
parse_dim (Parser *parser, GError **error)
{
  gint64 dim = 0;

  if (!g_ascii_isdigit (peek (parser)))
    return fail_header (parser, error, "a dimension");
  if (parser->header->shape.rank == DPT_SHAPE_MAX_RANK)
    return fail_header (parser, error, "no further dimension");

  while (g_ascii_isdigit (peek (parser)))
    {
      gint64 digit = dpt_byte_reader_read_u8 (&parser->reader) - '0';

      if (dim > (G_MAXINT64 - digit) / 10)
        return fail_header (parser, error, "a smaller dimension");
      dim = dim * 10 + digit;
    }

  /* Python 2 wrote long integers with an L behind them. */
  accept (parser, 'L');
  parser->header->shape.dims[parser->header->shape.rank++] = dim;
  return TRUE;
}

static gboolean
parse_shape (Parser *parser, GError **error)
{
  if (!accept (parser, '('))
    return fail_header (parser, error, "a tuple");

  parser->header->shape = DPT_SHAPE_SCALAR;
  parser->has_shape = TRUE;
  while (!accept (parser, ')'))
    {
      if (!parse_dim (parser, error))
        return FALSE;
      if (!accept (parser, ',') && peek (parser) != ')')
        return fail_header (parser, error, "a comma or the end of the tuple");
    }

  return TRUE;
}

static gboolean
parse_member (Parser *parser, GError **error)
{
  g_autofree char *key = parse_string (parser);

  if (key == NULL)
    return fail_header (parser, error, "a key");
  if (!accept (parser, ':'))
    return fail_header (parser, error, "a colon");

  if (g_str_equal (key, "descr"))
    return parse_descr (parser, error);
  if (g_str_equal (key, "fortran_order"))
    return parse_order (parser, error);
  if (g_str_equal (key, "shape"))
    return parse_shape (parser, error);

  return fail_header (parser, error, "'descr', 'fortran_order' or 'shape'");
}

static gboolean
parse_dict (Parser *parser, GError **error)
{
  if (!accept (parser, '{'))
    return fail_header (parser, error, "a dict");

  while (!accept (parser, '}'))
    {
      if (!parse_member (parser, error))
        return FALSE;
      if (!accept (parser, ',') && peek (parser) != '}')
        return fail_header (parser, error, "a comma or the end of the dict");
    }

  skip_space (parser);
  if (!dpt_byte_reader_is_at_end (&parser->reader))
    return fail_header (parser, error, "spaces");
  if (!parser->has_descr || !parser->has_order || !parser->has_shape)
    return fail_header (parser, error,
                        "'descr', 'fortran_order' and 'shape' before it");

  return TRUE;
}

/* Where the text of the header begins and how long it is. */
static gboolean
read_preamble (Parser *parser,
               DptByteSource *source,
               gsize *text_size,
               GError **error)
{
  guint64 file_size = dpt_byte_source_get_size (source);
  gsize size = (gsize) MIN (file_size, PREAMBLE_SIZE);
  guint8 preamble[PREAMBLE_SIZE] = { 0 };
  DptByteReader reader;
  guint major;

  if (!dpt_byte_source_read (source, 0, size, preamble, error))
    return FALSE;

  dpt_byte_reader_init (&reader, preamble, size);
  dpt_byte_reader_skip (&reader, MAGIC_SIZE);
  major = dpt_byte_reader_read_u8 (&reader);
  dpt_byte_reader_skip (&reader, 1);
  *text_size = major == 1 ? dpt_byte_reader_read_u16_le (&reader)
                          : dpt_byte_reader_read_u32_le (&reader);
  if (reader.failed || memcmp (preamble, npy_magic, MAGIC_SIZE) != 0)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_CORRUPT,
                   "%s: an npy file was expected to begin with 93 'NUMPY', a "
                   "version and a length, found other bytes",
                   parser->file);
      return FALSE;
    }
  if (major < 1 || major > 3)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_UNSUPPORTED,
                   "%s: offset %d: npy version 1, 2 or 3 was expected, found "
                   "%u",
                   parser->file, MAGIC_SIZE, major);
      return FALSE;
    }

  parser->text_offset = dpt_byte_reader_get_offset (&reader);
  if (*text_size > MAX_HEADER_SIZE ||
      *text_size > file_size - parser->text_offset)
    {
      g_set_error (error, DPT_FORMAT_ERROR, DPT_FORMAT_ERROR_TRUNCATED,
                   "%s: a header inside the file's %" G_GUINT64_FORMAT
                   " bytes and of at most %d was expected, found one of "
                   "%" G_GSIZE_FORMAT,
                   parser->file, file_size, MAX_HEADER_SIZE, *text_size);
      return FALSE;
    }

  parser->header->data_offset = parser->text_offset + *text_size;
  return TRUE;
}

/* Kind and width of a dtype, or NULL where numpy has none. */
static const char *
find_descr (DptDtype dtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (npy_dtypes); i++)
    if (npy_dtypes[i].dtype == dtype)
      return npy_dtypes[i].descr;

  return NULL;
}

/**
 * dpt_npy_header_read:
 * @self: (out caller-allocates): the header
 * @source: an npy file of version 1, 2 or 3
 * @error: return location for a #DptFormatError
 *
 * Returns: whether the file says in a way that we know what its array is.
 */
gboolean
dpt_npy_header_read (DptNpyHeader *self, DptByteSource *source, GError **error)
{
  Parser parser = { .header = self,
                    .file = dpt_byte_source_get_display (source) };
  g_autoptr (GBytes) text = NULL;
  gsize text_size;

  *self = (DptNpyHeader){ 0 };
  if (!read_preamble (&parser, source, &text_size, error))
    return FALSE;

  text = dpt_byte_source_read_bytes (source, parser.text_offset, text_size,
                                     error);
  if (text == NULL)
    return FALSE;

  dpt_byte_reader_init (&parser.reader, g_bytes_get_data (text, NULL),
                        text_size);
  return parse_dict (&parser, error);
}

/**
 * dpt_npy_header_get_stored_dtype:
 * @dtype: a tensor's dtype
 *
 * Returns: the dtype that a file has for its values: @dtype itself, or one
 *   that holds them exactly, or %DPT_DTYPE_INVALID.
 */
DptDtype
dpt_npy_header_get_stored_dtype (DptDtype dtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (npy_stand_ins); i++)
    if (npy_stand_ins[i].dtype == dtype)
      return npy_stand_ins[i].stored;

  return find_descr (dtype) != NULL ? dtype : DPT_DTYPE_INVALID;
}

/**
 * dpt_npy_header_format:
 * @dtype: a dtype that numpy has
 * @shape: a known shape
 *
 * Returns: (transfer full): a header of version 1, little-endian and in C
 *   order, padded up to the first element.
 */
GByteArray *
dpt_npy_header_format (DptDtype dtype, const DptShape *shape)
{
  const char *descr = find_descr (dtype);
  g_autoptr (GString) text = g_string_new (NULL);
  GByteArray *header = g_byte_array_new ();
  guint8 version[] = { 1, 0 };
  guint16 length;

  g_return_val_if_fail (descr != NULL, NULL);

  g_string_printf (text, "{'descr': '%c%s', 'fortran_order': False, 'shape': (",
                   dpt_dtype_get_size (dtype) == 1 ? '|' : '<', descr);
  for (int d = 0; d < shape->rank; d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d > 0 ? ", " : "",
                            shape->dims[d]);
  g_string_append (text, shape->rank == 1 ? ",), }" : "), }");

  while ((MAGIC_SIZE + sizeof version + sizeof length + text->len + 1) %
             ALIGNMENT !=
         0)
    g_string_append_c (text, ' ');
  g_string_append_c (text, '\n');

  length = GUINT16_TO_LE ((guint16) text->len);
  g_byte_array_append (header, (const guint8 *) npy_magic, MAGIC_SIZE);
  g_byte_array_append (header, version, sizeof version);
  g_byte_array_append (header, (const guint8 *) &length, sizeof length);
  g_byte_array_append (header, (const guint8 *) text->str, (guint) text->len);
  return header;
}
