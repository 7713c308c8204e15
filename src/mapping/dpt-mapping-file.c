/* dpt-mapping-file.c - a mapping as a JSON document, written and read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document of `diptych-cli map` (doc/json.md):
 *
 *   { "diptych": 1,
 *     "pairs": [ { "left": KEY, "right": KEY,
 *                  "left_slice": "[0:5, :]", "right_slice": "[5:10, :]",
 *                  "steps": [ {"op": "transpose", "axes": [1, 0]},
 *                             {"op": "reshape", "shape": [10]},
 *                             {"op": "cast", "dtype": "float32"} ],
 *                  "confidence": 0.875,
 *                  "evidence": [ {"kind": "name", "note": TEXT} ] } ],
 *     "only_left": [ {"key": KEY, "cause": TEXT, "severity": TEXT} ],
 *     "only_right": [ ... ],
 *     "bookkeeping": [ {"key": KEY, "side": "left", "cause": TEXT} ] }
 *
 * A KEY is a string, or {"base64": TEXT} where it is not UTF-8.  Slices and
 * steps are there only when there are any.  Reading takes `pairs` alone: who
 * edits the file by hand need not keep the rest in step.
 */

#define G_LOG_DOMAIN "dpt-mapping-file"

#include "dpt-mapping-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dpt-json-reader.h"
#include "dpt-names.h"
#include "dpt-tensor-print.h"

/* As much JSON as is read at all (dpt_json_parse()). */
#define MAX_FILE_SIZE (256 << 20)

static void
write_key (DptJsonWriter *writer, const char *name, const char *key)
{
  dpt_json_writer_name (writer, name);
  dpt_json_writer_bytes (writer, key, strlen (key));
}

static void
write_text (DptJsonWriter *writer, const char *name, const char *text)
{
  dpt_json_writer_name (writer, name);
  dpt_json_writer_string (writer, text);
}

static void
write_slice (DptJsonWriter *writer,
             const char *name,
             const DptTensorSlice *slice)
{
  g_autofree char *text = NULL;

  if (slice == NULL)
    return;

  text = dpt_tensor_slice_to_string (slice);
  write_text (writer, name, text);
}

static void
write_step (DptJsonWriter *writer, const DptPairStep *step)
{
  dpt_json_writer_begin_object (writer);
  write_text (writer, "op", dpt_pair_step_kind_get_name (step->kind));

  if (step->kind == DPT_PAIR_STEP_CAST)
    write_text (writer, "dtype", dpt_dtype_get_name (step->dtype));
  else
    {
      dpt_json_writer_name (writer, step->kind == DPT_PAIR_STEP_TRANSPOSE
                                        ? "axes"
                                        : "shape");
      dpt_tensor_print_json_shape (&step->shape, writer);
    }

  dpt_json_writer_end_object (writer);
}

static void
write_pair (DptJsonWriter *writer, const DptPair *pair)
{
  dpt_json_writer_begin_object (writer);
  write_key (writer, "left", dpt_pair_get_left_key (pair));
  write_key (writer, "right", dpt_pair_get_right_key (pair));
  write_slice (writer, "left_slice", dpt_pair_get_left_slice (pair));
  write_slice (writer, "right_slice", dpt_pair_get_right_slice (pair));

  if (dpt_pair_get_n_steps (pair) > 0)
    {
      dpt_json_writer_name (writer, "steps");
      dpt_json_writer_begin_array (writer);
      for (guint i = 0; i < dpt_pair_get_n_steps (pair); i++)
        write_step (writer, dpt_pair_get_step (pair, i));
      dpt_json_writer_end_array (writer);
    }

  dpt_json_writer_name (writer, "confidence");
  dpt_json_writer_double (writer, dpt_pair_get_confidence (pair));

  dpt_json_writer_name (writer, "evidence");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < dpt_pair_get_n_evidence (pair); i++)
    {
      const DptEvidence *evidence = dpt_pair_get_evidence (pair, i);

      dpt_json_writer_begin_object (writer);
      write_text (writer, "kind", dpt_evidence_kind_get_name (evidence->kind));
      write_key (writer, "note", evidence->note);
      dpt_json_writer_end_object (writer);
    }
  dpt_json_writer_end_array (writer);

  dpt_json_writer_end_object (writer);
}

static void
write_unmatched (DptJsonWriter *writer,
                 DptCheckpoint *checkpoint,
                 const DptUnmatched *unmatched)
{
  const DptCheckpointEntry *entry = dpt_checkpoint_get_entry (checkpoint,
                                                              unmatched->entry);

  dpt_json_writer_begin_object (writer);
  dpt_json_writer_name (writer, "key");
  dpt_json_writer_bytes (writer, entry->key, entry->key_length);
  write_text (writer, "cause", unmatched->cause);
  write_text (writer, "severity", dpt_severity_get_name (unmatched->severity));
  dpt_json_writer_end_object (writer);
}

/**
 * dpt_mapping_file_write_bookkeeping:
 * @mapping: a mapping
 * @writer: where a value is due
 *
 * Writes the array of keys that decide nothing, as the documents of `map` and
 * `diff` have it.
 */
void
dpt_mapping_file_write_bookkeeping (DptMapping *mapping, DptJsonWriter *writer)
{
  guint n_items = dpt_mapping_get_n_bookkeeping (mapping);

  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < n_items; i++)
    {
      gboolean is_left;
      const char *key = dpt_mapping_get_bookkeeping (mapping, i, &is_left);

      dpt_json_writer_begin_object (writer);
      write_key (writer, "key", key);
      write_text (writer, "side", is_left ? "left" : "right");
      write_text (writer, "cause",
                  dpt_mapping_get_bookkeeping_cause (mapping, i));
      dpt_json_writer_end_object (writer);
    }
  dpt_json_writer_end_array (writer);
}

/**
 * dpt_mapping_file_write:
 * @mapping: a mapping
 * @writer: at the start of a document
 *
 * Writes the whole document; the writer keeps the stream's first error.
 */
void
dpt_mapping_file_write (DptMapping *mapping, DptJsonWriter *writer)
{
  dpt_json_writer_begin_object (writer);
  dpt_json_writer_name (writer, "diptych");
  dpt_json_writer_int (writer, 1);

  dpt_json_writer_name (writer, "pairs");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < dpt_mapping_get_n_pairs (mapping); i++)
    write_pair (writer, dpt_mapping_get_pair (mapping, i));
  dpt_json_writer_end_array (writer);

  dpt_json_writer_name (writer, "only_left");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < dpt_mapping_get_n_only_left (mapping); i++)
    write_unmatched (writer, dpt_mapping_get_left (mapping),
                     dpt_mapping_get_only_left (mapping, i));
  dpt_json_writer_end_array (writer);

  dpt_json_writer_name (writer, "only_right");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < dpt_mapping_get_n_only_right (mapping); i++)
    write_unmatched (writer, dpt_mapping_get_right (mapping),
                     dpt_mapping_get_only_right (mapping, i));
  dpt_json_writer_end_array (writer);

  dpt_json_writer_name (writer, "bookkeeping");
  dpt_mapping_file_write_bookkeeping (mapping, writer);
  dpt_json_writer_end_object (writer);
}

static gboolean fail (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (DPT_MAPPING_ERROR,
                                         DPT_MAPPING_ERROR_FILE, format, args));
  va_end (args);
  return FALSE;
}

/* A member that nobody reads is most likely a slip of the pen, and what it
 * meant would be missed in silence. */
static gboolean
check_members (json_t *object,
               const char *const *known,
               const char *what,
               GError **error)
{
  const char *name;
  json_t *value;

  json_object_foreach (object, name, value)
  {
    g_autofree char *shown = NULL;

    if (g_strv_contains (known, name))
      continue;

    shown = dpt_names_to_display (name, -1);
    return fail (error, "%s: expected no member '%s'", what, shown);
  }

  return TRUE;
}

/* A key is a string, or an object of one member, base64.  A key with a NUL
 * inside cannot be found by name. */
static char *
read_key (json_t *pair, const char *member, GError **error)
{
  json_t *value = json_object_get (pair, member);
  json_t *encoded = json_is_object (value) && json_object_size (value) == 1
                        ? json_object_get (value, "base64")
                        : NULL;

  if (json_is_string (encoded))
    {
      gsize length;
      g_autofree guchar *bytes = g_base64_decode (json_string_value (encoded),
                                                  &length);

      if (length > 0 && memchr (bytes, 0, length) == NULL)
        return g_strndup ((const char *) bytes, length);
    }
  else if (json_is_string (value) &&
           strlen (json_string_value (value)) == json_string_length (value))
    return g_strdup (json_string_value (value));

  fail (error,
        "expected '%s' to be a key (a string, or {\"base64\": a string}), "
        "found %s",
        member, value == NULL ? "nothing" : "something else");
  return NULL;
}

static gboolean
read_slice (json_t *pair,
            const char *member,
            DptTensorSlice *slice,
            gboolean *is_there,
            GError **error)
{
  json_t *value = json_object_get (pair, member);

  *is_there = value != NULL;
  if (value == NULL)
    return TRUE;
  if (!json_is_string (value))
    return fail (error, "expected '%s' to be text such as \"[0:5, :]\"",
                 member);
  if (!dpt_tensor_slice_parse (json_string_value (value), slice, error))
    {
      g_prefix_error (error, "'%s': ", member);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_dims (json_t *step, const char *member, DptShape *shape, GError **error)
{
  json_t *array = json_object_get (step, member);
  gboolean valid = json_is_array (array) &&
                   json_array_size (array) <= DPT_SHAPE_MAX_RANK;

  *shape = DPT_SHAPE_SCALAR;
  for (size_t i = 0; valid && i < json_array_size (array); i++)
    {
      json_t *dim = json_array_get (array, i);

      valid = json_is_integer (dim) && json_integer_value (dim) >= 0;
      if (valid)
        shape->dims[shape->rank++] = json_integer_value (dim);
    }

  if (!valid)
    return fail (error,
                 "expected '%s' to be an array of at most %d numbers, none "
                 "negative",
                 member, DPT_SHAPE_MAX_RANK);

  return TRUE;
}

static gboolean
read_step (json_t *object, DptPairStep *step, GError **error)
{
  static const char *const members[][3] = {
    [DPT_PAIR_STEP_TRANSPOSE] = { "op", "axes", NULL },
    [DPT_PAIR_STEP_RESHAPE] = { "op", "shape", NULL },
    [DPT_PAIR_STEP_CAST] = { "op", "dtype", NULL },
  };
  const char *op = json_string_value (json_object_get (object, "op"));
  const char *dtype;

  if (!dpt_pair_step_kind_from_name (op, &step->kind))
    return fail (error,
                 "expected 'op' to be transpose, reshape or cast, found %s",
                 op != NULL ? op : "no text");
  if (!check_members (object, members[step->kind], op, error))
    return FALSE;
  if (step->kind != DPT_PAIR_STEP_CAST)
    return read_dims (object, members[step->kind][1], &step->shape, error);

  dtype = json_string_value (json_object_get (object, "dtype"));
  step->dtype = dtype != NULL ? dpt_dtype_from_name (dtype) : DPT_DTYPE_INVALID;
  if (step->dtype == DPT_DTYPE_INVALID)
    return fail (error, "expected 'dtype' to be a dtype's name, found %s",
                 dtype != NULL ? dtype : "no text");

  return TRUE;
}

static gboolean
read_steps (json_t *object, DptPair *pair, GError **error)
{
  json_t *steps = json_object_get (object, "steps");

  if (steps == NULL)
    return TRUE;
  if (!json_is_array (steps))
    return fail (error, "expected 'steps' to be an array");

  for (size_t i = 0; i < json_array_size (steps); i++)
    {
      DptPairStep step = { 0 };

      if (!read_step (json_array_get (steps, i), &step, error))
        {
          g_prefix_error (error, "step %zu: ", i);
          return FALSE;
        }
      dpt_pair_add_step (pair, &step);
    }

  return TRUE;
}

/* Confidence and evidence say how a pair was found, once; from now on the
 * file is what speaks for it. */
static DptPair *
read_pair (json_t *object, GError **error)
{
  static const char *const members[] = {
    "left",  "right",      "left_slice", "right_slice",
    "steps", "confidence", "evidence",   NULL,
  };
  g_autoptr (DptPair) pair = NULL;
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  DptTensorSlice left_slice;
  DptTensorSlice right_slice;
  gboolean has_left;
  gboolean has_right;

  if (!json_is_object (object))
    {
      fail (error, "expected an object");
      return NULL;
    }
  if (!check_members (object, members, "a pair", error))
    return NULL;

  left = read_key (object, "left", error);
  if (left == NULL)
    return NULL;
  right = read_key (object, "right", error);
  if (right == NULL)
    return NULL;

  if (!read_slice (object, "left_slice", &left_slice, &has_left, error) ||
      !read_slice (object, "right_slice", &right_slice, &has_right, error))
    return NULL;

  pair = dpt_pair_new (left, right);
  dpt_pair_set_slices (pair, has_left ? &left_slice : NULL,
                       has_right ? &right_slice : NULL);
  if (!read_steps (object, pair, error))
    return NULL;

  dpt_pair_add_evidence (pair, DPT_EVIDENCE_MAP_FILE, 3,
                         "the mapping file says so");
  return g_steal_pointer (&pair);
}

static GPtrArray *
read_pairs (json_t *root, GError **error)
{
  static const char *const members[] = {
    "diptych", "pairs", "only_left", "only_right", "bookkeeping", NULL,
  };
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_pair_unref);
  json_t *array = json_object_get (root, "pairs");
  json_t *version = json_object_get (root, "diptych");

  if (!json_is_integer (version) || json_integer_value (version) != 1)
    {
      fail (error, "expected a mapping file, which begins with "
                   "\"diptych\": 1");
      return NULL;
    }
  if (!json_is_array (array))
    {
      fail (error, "expected 'pairs' to be an array");
      return NULL;
    }
  if (!check_members (root, members, "the document", error))
    return NULL;

  for (size_t i = 0; i < json_array_size (array); i++)
    {
      DptPair *pair = read_pair (json_array_get (array, i), error);

      if (pair == NULL)
        {
          g_prefix_error (error, "pair %zu: ", i);
          return NULL;
        }
      g_ptr_array_add (pairs, pair);
    }

  return g_steal_pointer (&pairs);
}

static gboolean
fail_errno (GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code),
               "cannot be read: %s", g_strerror (code));
  return FALSE;
}

/* The file may be replaced or shortened at any moment: what counts is what is
 * behind the descriptor, opened without waiting for a pipe's other end. */
static gboolean
open_regular (const char *path, int *fd, gsize *size, GError **error)
{
  struct stat status;

  *fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (*fd < 0 || fstat (*fd, &status) != 0)
    return fail_errno (error);
  if (!S_ISREG (status.st_mode))
    return fail (error, "expected a mapping file, found no regular file");
  if (status.st_size > MAX_FILE_SIZE)
    return fail (error,
                 "expected a mapping file of at most %d MiB, found %jd "
                 "bytes",
                 MAX_FILE_SIZE >> 20, (intmax_t) status.st_size);

  *size = (gsize) status.st_size;
  return TRUE;
}

static char *
read_contents (const char *path, gsize *length, GError **error)
{
  g_autofree char *contents = NULL;
  gsize size = 0;
  gssize n = 1;
  int fd = -1;

  *length = 0;
  if (open_regular (path, &fd, &size, error))
    {
      contents = g_malloc (size + 1);
      while (*length < size && n != 0)
        {
          n = read (fd, contents + *length, size - *length);
          if (n < 0 && errno != EINTR)
            {
              fail_errno (error);
              g_clear_pointer (&contents, g_free);
              break;
            }
          *length += n > 0 ? (gsize) n : 0;
        }
    }
  if (fd >= 0)
    close (fd);

  return g_steal_pointer (&contents);
}

/**
 * dpt_mapping_file_read:
 * @path: a file that `diptych-cli map -o` wrote, perhaps edited since
 * @left: the left checkpoint
 * @right: the right checkpoint
 * @error: #DPT_MAPPING_ERROR, #DPT_JSON_ERROR, #DPT_TENSOR_ERROR (a slice) or
 *   #G_IO_ERROR; the message names the file and the pair
 *
 * Returns: (transfer full): the mapping that the file's pairs give.
 */
DptMapping *
dpt_mapping_file_read (const char *path,
                       DptCheckpoint *left,
                       DptCheckpoint *right,
                       GError **error)
{
  g_autofree char *shown = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (json_t) root = NULL;
  g_autoptr (GPtrArray) pairs = NULL;
  DptMapping *mapping = NULL;
  gsize length;

  shown = dpt_names_to_display (path, -1);
  contents = read_contents (path, &length, error);
  if (contents == NULL)
    {
      g_prefix_error (error, "%s: ", shown);
      return NULL;
    }
  root = dpt_json_parse (contents, length, shown, error);
  if (root == NULL)
    return NULL;

  pairs = read_pairs (root, error);
  if (pairs != NULL)
    mapping = dpt_mapping_new (left, right, pairs, error);
  if (mapping == NULL)
    g_prefix_error (error, "%s: ", shown);

  return mapping;
}
