/* dpt-format.c - what a file is, by its content
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row of the table below is a cheap test of the file's first bytes (or of
 * its last, for tables); the first row that matches wins, so the order is from
 * the surest sign to the weakest.  Endings of names decide nothing: text is
 * found under `.pb`, and graphs under no ending at all.
 *
 * Protocol buffers have no magic.  A binary SavedModel begins with its version
 * (tag 08).  MetaGraphDef and GraphDef both begin with field 1: a NodeDef has a
 * name and an op's name, a MetaInfoDef has versions and tags as text.  Other
 * messages of TensorFlow begin so, too (RunMetadata, the SavedMetadata of
 * Keras), and their bytes are not those.  A text form begins with the name of a
 * field that only one of the three has.
 */

#define G_LOG_DOMAIN "dpt-format"

#include "dpt-format.h"

#include <string.h>

#include "dpt-byte-reader.h"
#include "dpt-proto-wire.h"
#include "dpt-table.h"

/* Enough for the first node of any graph; what is longer is cut. */
#define HEAD_SIZE (64u << 10)

typedef struct
{
  DptByteSource *source;
  const guint8 *head;
  gsize length;
} Probe;

typedef struct
{
  DptFormat format;
  gboolean (*matches) (const Probe *probe);
} Row;

static gboolean
begins_with (const Probe *probe, const char *magic, gsize length)
{
  return probe->length >= length && memcmp (probe->head, magic, length) == 0;
}

static gboolean
is_keras_h5 (const Probe *probe)
{
  return begins_with (probe, "\x89HDF\r\n\x1a\n", 8);
}

static gboolean
is_zip (const Probe *probe)
{
  return begins_with (probe, "PK\3\4", 4) || begins_with (probe, "PK\5\6", 4);
}

/* The name of a zip archive's first member, at offset 30 of its local header;
 * its length is at 26.  (nullable) */
static char *
dup_first_member (const Probe *probe)
{
  DptByteReader reader;
  const guint8 *name;
  guint16 length;

  dpt_byte_reader_init (&reader, probe->head, probe->length);
  dpt_byte_reader_skip (&reader, 26);
  length = dpt_byte_reader_read_u16_le (&reader);
  dpt_byte_reader_skip (&reader, 2);
  name = dpt_byte_reader_read_bytes (&reader, length);

  return name != NULL ? g_strndup ((const char *) name, length) : NULL;
}

static gboolean
is_npz (const Probe *probe)
{
  g_autofree char *name = is_zip (probe) ? dup_first_member (probe) : NULL;

  return name != NULL && g_str_has_suffix (name, ".npy");
}

static gboolean
is_keras (const Probe *probe)
{
  g_autofree char *name = is_zip (probe) ? dup_first_member (probe) : NULL;

  return name != NULL && (strcmp (name, "metadata.json") == 0 ||
                          strcmp (name, "config.json") == 0 ||
                          strcmp (name, "model.weights.h5") == 0);
}

/* Eight bytes say how long the JSON header is that follows them. */
static gboolean
is_safetensors (const Probe *probe)
{
  DptByteReader reader;
  guint64 length;

  dpt_byte_reader_init (&reader, probe->head, probe->length);
  length = dpt_byte_reader_read_u64_le (&reader);

  return dpt_byte_reader_read_u8 (&reader) == '{' && length >= 2 &&
         length <= dpt_byte_source_get_size (probe->source) - 8;
}

static gboolean
is_slice_checkpoint (const Probe *probe)
{
  return dpt_table_is_v1_checkpoint (probe->source);
}

static gboolean
is_tensor_bundle (const Probe *probe)
{
  return dpt_table_has_magic (probe->source);
}

/* The first identifier of a text, past spaces and comments.  (nullable) */
static char *
dup_first_word (const Probe *probe)
{
  const char *text = (const char *) probe->head;
  gsize i = 0;
  gsize start;

  while (i < probe->length && (g_ascii_isspace (text[i]) || text[i] == '#'))
    {
      if (text[i] == '#')
        while (i < probe->length && text[i] != '\n')
          i++;
      else
        i++;
    }

  start = i;
  while (i < probe->length && (g_ascii_isalnum (text[i]) || text[i] == '_'))
    i++;

  return i > start ? g_strndup (text + start, i - start) : NULL;
}

static gboolean
begins_with_word (const Probe *probe, const char *const *words)
{
  g_autofree char *word = dup_first_word (probe);

  return word != NULL && g_strv_contains (words, word);
}

static gboolean
is_saved_model_text (const Probe *probe)
{
  static const char *const words[] = { "saved_model_schema_version",
                                       "meta_graphs", NULL };

  return begins_with_word (probe, words);
}

static gboolean
is_meta_graph_text (const Probe *probe)
{
  static const char *const words[] = { "meta_info_def",    "graph_def",
                                       "saver_def",        "collection_def",
                                       "signature_def",    "asset_file_def",
                                       "object_graph_def", NULL };

  return begins_with_word (probe, words);
}

static gboolean
is_graph_def_text (const Probe *probe)
{
  static const char *const words[] = { "node", "library", "versions", NULL };

  return begins_with_word (probe, words);
}

static gboolean
is_saved_model (const Probe *probe)
{
  DptByteReader reader;

  dpt_byte_reader_init (&reader, probe->head, probe->length);
  if (dpt_byte_reader_read_varint32 (&reader) != 0x08)
    return FALSE;
  dpt_byte_reader_read_varint64 (&reader);

  return dpt_byte_reader_read_varint32 (&reader) == 0x12;
}

/* Reads a field of bytes from what there is of it.  (nullable) */
static const guint8 *
read_field (DptByteReader *reader, guint32 tag, gsize *length)
{
  if (dpt_byte_reader_read_varint32 (reader) != tag)
    return NULL;
  *length = (gsize) dpt_byte_reader_read_varint64 (reader);

  return dpt_byte_reader_read_bytes (reader, *length);
}

/* A NodeDef: a name of printable characters, then an op's, an identifier. */
static gboolean
is_node (const guint8 *bytes, gsize length)
{
  DptByteReader reader;
  const guint8 *name, *op;
  gsize n;

  dpt_byte_reader_init (&reader, bytes, length);
  name = read_field (&reader, 0x0a, &n);
  if (name == NULL || n == 0)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (name[i] < 0x20)
      return FALSE;

  op = read_field (&reader, 0x12, &n);
  if (op == NULL || n == 0)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (op[i]) && strchr ("_.>", op[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* Whether what there is of a MetaInfoDef's field may be that field: versions
 * and tags are text, and each of the messages begins with its first field, a
 * name or a message that begins with one. */
static gboolean
is_meta_info_field (guint32 field, const guint8 *bytes, gsize length)
{
  switch (field)
    {
    case 1: /* meta_graph_version */
    case 4: /* tags */
    case 5: /* tensorflow_version */
    case 6: /* tensorflow_git_version */
      for (gsize i = 0; i < length; i++)
        if (bytes[i] < 0x20)
          return FALSE;
      return TRUE;
    case 2: /* stripped_op_list */
    case 3: /* any_info */
    case 8: /* function_aliases */
      return length == 0 || bytes[0] == 0x0a;
    default:
      return FALSE;
    }
}

/* A MetaInfoDef that says something: fields 1 to 8, all of bytes but the flag
 * that is field 7. */
static gboolean
is_meta_info (const guint8 *bytes, gsize length)
{
  DptByteReader reader;

  dpt_byte_reader_init (&reader, bytes, length);
  while (!dpt_byte_reader_is_at_end (&reader))
    {
      guint32 tag = dpt_byte_reader_read_varint32 (&reader);
      guint32 field = tag >> 3;
      guint64 n = dpt_byte_reader_read_varint64 (&reader);
      gsize left = dpt_byte_reader_get_left (&reader);

      if (reader.failed)
        return FALSE;
      if (field == 7 && (tag & 7) == DPT_WIRE_VARINT)
        continue;
      if ((tag & 7) != DPT_WIRE_BYTES ||
          !is_meta_info_field (field, reader.cursor, MIN (n, left)))
        return FALSE;

      /* Only the head is here: a field may reach past it. */
      if (n > left)
        return TRUE;
      dpt_byte_reader_skip (&reader, (gsize) n);
    }

  return length > 0;
}

/* The content of the file's first field, cut where the head ends; NULL when it
 * is not field 1. */
static const guint8 *
first_message (const Probe *probe, gsize *length)
{
  DptByteReader reader;
  guint64 n;

  dpt_byte_reader_init (&reader, probe->head, probe->length);
  if (dpt_byte_reader_read_varint32 (&reader) != 0x0a)
    return NULL;
  n = dpt_byte_reader_read_varint64 (&reader);
  if (reader.failed)
    return NULL;

  *length = MIN (n, dpt_byte_reader_get_left (&reader));

  return reader.cursor;
}

static gboolean
is_graph_def (const Probe *probe)
{
  gsize length;
  const guint8 *node = first_message (probe, &length);

  if (node != NULL)
    return is_node (node, length);

  /* A graph without nodes begins with its library or its versions. */
  return begins_with (probe, "\x12", 1) || begins_with (probe, "\x22", 1);
}

/* Whether the bytes from a cursor on are a GraphDef in field 2, with a node. */
static gboolean
is_graph_field (const guint8 *bytes, gsize length)
{
  DptByteReader reader;

  dpt_byte_reader_init (&reader, bytes, length);
  if (dpt_byte_reader_read_varint32 (&reader) != 0x12)
    return FALSE;
  dpt_byte_reader_read_varint64 (&reader);
  if (dpt_byte_reader_read_varint32 (&reader) != 0x0a)
    return FALSE;
  length = (gsize) MIN (dpt_byte_reader_read_varint64 (&reader),
                        dpt_byte_reader_get_left (&reader));

  return !reader.failed && is_node (reader.cursor, length);
}

/* A MetaInfoDef that says something, or an empty one and a graph. */
static gboolean
is_meta_graph (const Probe *probe)
{
  gsize length;
  const guint8 *info = first_message (probe, &length);

  if (info == NULL)
    return FALSE;
  if (length == 0)
    return is_graph_field (info, (gsize) (probe->head + probe->length - info));

  return is_meta_info (info, length);
}

/* clang-format off */
static const Row rows[] = {
  { DPT_FORMAT_KERAS_H5,         is_keras_h5 },
  { DPT_FORMAT_NPZ,              is_npz },
  { DPT_FORMAT_KERAS,            is_keras },
  { DPT_FORMAT_ZIP,              is_zip },
  { DPT_FORMAT_SLICE_CHECKPOINT, is_slice_checkpoint },
  { DPT_FORMAT_TENSOR_BUNDLE,    is_tensor_bundle },
  { DPT_FORMAT_SAFETENSORS,      is_safetensors },
  { DPT_FORMAT_SAVED_MODEL_TEXT, is_saved_model_text },
  { DPT_FORMAT_META_GRAPH_TEXT,  is_meta_graph_text },
  { DPT_FORMAT_GRAPH_DEF_TEXT,   is_graph_def_text },
  { DPT_FORMAT_SAVED_MODEL,      is_saved_model },
  { DPT_FORMAT_GRAPH_DEF,        is_graph_def },
  { DPT_FORMAT_META_GRAPH,       is_meta_graph },
};

/* In the order of DptFormat: the kinds as they are printed. */
static const char *const names[] = {
  "unknown",
  "checkpoint index",
  "tf1-checkpoint-v1",
  "saved-model",
  "meta-graph",
  "graph-def",
  "saved-model",
  "meta-graph",
  "graph-def",
  "keras-h5",
  "keras",
  "npz",
  "zip",
  "safetensors",
};
/* clang-format on */

/**
 * dpt_format_sniff:
 * @source: a file
 * @format: (out): what it is, %DPT_FORMAT_UNKNOWN if no row matches
 * @error: return location for a %DPT_FORMAT_ERROR of reading
 *
 * Looks at the first bytes of a file, and at its last.
 *
 * Returns: whether the file could be read.
 */
gboolean
dpt_format_sniff (DptByteSource *source, DptFormat *format, GError **error)
{
  guint64 size = dpt_byte_source_get_size (source);
  gsize length = (gsize) MIN (size, (guint64) HEAD_SIZE);
  g_autofree guint8 *head = g_malloc (length + 1);
  Probe probe = { .source = source, .head = head, .length = length };

  *format = DPT_FORMAT_UNKNOWN;
  if (!dpt_byte_source_read (source, 0, length, head, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].matches (&probe))
      {
        *format = rows[i].format;
        break;
      }

  return TRUE;
}

/**
 * dpt_format_get_name:
 * @format: a format
 *
 * Returns: (transfer none): its name in messages, for models the kind that
 *   `info` prints.
 */
const char *
dpt_format_get_name (DptFormat format)
{
  g_return_val_if_fail (format < G_N_ELEMENTS (names), NULL);

  return names[format];
}
