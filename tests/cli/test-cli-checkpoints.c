/* test-cli-checkpoints.c - info, ls, cat, map and diff of checkpoints
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checksums were computed by another implementation of CRC-32C; everything
 * else follows from the values that the fixture writes.
 */

#define G_LOG_DOMAIN "test-cli-checkpoints"

#include "dpt-cli-test.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dpt-bundle-builder.h"
#include "dpt-test.h"

#define VALUE "/.ATTRIBUTES/VARIABLE_VALUE"

static void
test_info (DptCliFixture *self, gconstpointer data)
{
  dpt_cli_assert_text (self, "info {F}/tf1", 0,
                       "path    {F}/tf1\n"
                       "kind    tf1-checkpoint\n"
                       "keys    3, 32 bytes\n"
                       "shards  1\n");
  dpt_cli_assert_json (self, "info {F}/tf1", 0,
                       "{\"diptych\":1,\"path\":\"{F}/tf1\","
                       "\"kind\":\"tf1-checkpoint\",\"keys\":3,\"bytes\":32,"
                       "\"shards\":1,\"missing_shards\":[],\"objects\":0,"
                       "\"graphs\":[],\"tags\":[],\"signatures\":[]}");
  dpt_cli_assert_json (self, "info {F}/tf2.index", 0,
                       "{\"diptych\":1,\"path\":\"{F}/tf2.index\","
                       "\"kind\":\"tf2-checkpoint\",\"keys\":4,\"bytes\":36,"
                       "\"shards\":1,\"missing_shards\":[],\"objects\":6,"
                       "\"graphs\":[],\"tags\":[],\"signatures\":[]}");
}

static void
test_info_verify (DptCliFixture *self, gconstpointer data)
{
  g_autofree char *shard = g_build_filename (self->folder,
                                             "tf1.data-00000-of-00001", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  json_t *document;
  json_t *unread;
  gsize length;

  dpt_cli_assert_text (self, "info --verify {F}/tf1", 0,
                       "path      {F}/tf1\n"
                       "kind      tf1-checkpoint\n"
                       "keys      3, 32 bytes\n"
                       "shards    1\n"
                       "verified  every tensor can be read\n");

  /* A flipped bit in the first tensor, dense/bias. */
  g_file_get_contents (shard, &contents, &length, &error);
  g_assert_no_error (error);
  contents[0] ^= 1;
  dpt_test_write (shard, contents, length);

  document = dpt_cli_run_json (self, "info --verify {F}/tf1", 2);
  unread = json_object_get (document, "unread");
  g_assert_cmpuint (json_array_size (unread), ==, 1);
  g_assert_cmpstr (json_string_value (
                       json_object_get (json_array_get (unread, 0), "key")),
                   ==, "dense/bias");
  g_assert_nonnull (
      strstr (json_string_value (
                  json_object_get (json_array_get (unread, 0), "error")),
              shard));
  json_decref (document);
}

static void
test_ls (DptCliFixture *self, gconstpointer data)
{
  dpt_cli_assert_text (self, "ls {F}/tf1", 0,
                       "dense/bias    float32  2        8  fcf01e42\n"
                       "dense/kernel  float32  2×2     16  7498284c\n"
                       "global_step   int64    scalar   8  119fd7bb\n"
                       "3 keys, 32 bytes\n");
  dpt_cli_assert_text (self, "ls {F}/tf1 --match kern", 0,
                       "dense/kernel  float32  2×2  16  7498284c\n"
                       "1 key, 16 bytes, 2 hidden\n");
  dpt_cli_assert_json (
      self, "ls {F}/tf1 --match '^dense/'", 0,
      "{\"diptych\":1,\"keys\":["
      "{\"key\":\"dense/bias\",\"dtype\":\"float32\",\"shape\":[2],"
      "\"bytes\":8,\"crc32c\":\"fcf01e42\"},"
      "{\"key\":\"dense/kernel\",\"dtype\":\"float32\",\"shape\":[2,2],"
      "\"bytes\":16,\"crc32c\":\"7498284c\"}]}");
}

static void
test_ls_all (DptCliFixture *self, gconstpointer data)
{
  json_t *plain = dpt_cli_run_json (self, "ls {F}/tf2", 0);
  json_t *all = dpt_cli_run_json (self, "ls --all {F}/tf2", 0);
  json_t *keys = json_object_get (all, "keys");

  g_assert_cmpuint (json_array_size (json_object_get (plain, "keys")), ==, 4);
  g_assert_cmpuint (json_array_size (keys), ==, 5);
  g_assert_cmpstr (json_string_value (
                       json_object_get (json_array_get (keys, 4), "key")),
                   ==, "_CHECKPOINTABLE_OBJECT_GRAPH");
  json_decref (plain);
  json_decref (all);
}

static void
test_ls_objects (DptCliFixture *self, gconstpointer data)
{
  dpt_cli_assert_json (
      self, "ls --objects {F}/tf2 --match 'layer(/bias)?$'", 0,
      "{\"diptych\":1,\"objects\":["
      "{\"id\":1,\"path\":\"layer\",\"children\":["
      "{\"name\":\"kernel\",\"id\":3},{\"name\":\"bias\",\"id\":4},"
      "{\"name\":\"extra\",\"id\":5}],\"attributes\":[],\"slots\":[]},"
      "{\"id\":4,\"path\":\"layer/bias\",\"children\":[],\"attributes\":["
      "{\"name\":\"VARIABLE_VALUE\",\"full_name\":\"dense/bias\","
      "\"key\":\"layer/bias" VALUE "\"}],\"slots\":[]}]}");
  dpt_cli_assert_text (self, "ls --objects {F}/tf2 --match '^$|layer/bias'", 0,
                       "0  (root)\n"
                       "     .layer → 1\n"
                       "     .save_counter → 2\n"
                       "4  layer/bias\n"
                       "     VARIABLE_VALUE \"dense/bias\" = layer/bias" VALUE
                       "\n");
  dpt_cli_assert_error (self, "ls --objects {F}/tf1",
                        "{F}/tf1: expected a model with an object graph, "
                        "found a tf1-checkpoint without one");
}

static void
test_cat (DptCliFixture *self, gconstpointer data)
{
  dpt_cli_assert_text (self, "cat {F}/tf1 dense/kernel", 0,
                       "dense/kernel  float32 2×2\n"
                       "[[1, 2], [3, 4]]\n");
  dpt_cli_assert_json (self, "cat {F}/tf1 dense/kernel", 0,
                       "{\"diptych\":1,\"key\":\"dense/kernel\","
                       "\"dtype\":\"float32\",\"shape\":[2,2],"
                       "\"values\":[1,2,3,4]}");
  dpt_cli_assert_json (self, "cat {F}/tf1 dense/kernel --slice '[:, 1]'", 0,
                       "{\"diptych\":1,\"key\":\"dense/kernel\","
                       "\"dtype\":\"float32\",\"shape\":[2],"
                       "\"values\":[2,4]}");
  dpt_cli_assert_json (self, "cat {F}/tf1 global_step", 0,
                       "{\"diptych\":1,\"key\":\"global_step\","
                       "\"dtype\":\"int64\",\"shape\":[],\"values\":[7]}");
}

/* Of 0.5 and -0.5: mean 0, std 0.5, l2 sqrt (0.5). */
static void
test_cat_stats (DptCliFixture *self, gconstpointer data)
{
  json_t *document = dpt_cli_run_json (self, "cat {F}/tf1 dense/bias --stats",
                                       0);

  g_assert_cmpfloat (json_number_value (json_object_get (document, "min")), ==,
                     -0.5);
  g_assert_cmpfloat (json_number_value (json_object_get (document, "max")), ==,
                     0.5);
  g_assert_cmpfloat (json_number_value (json_object_get (document, "mean")), ==,
                     0);
  g_assert_cmpfloat (json_number_value (json_object_get (document, "std")), ==,
                     0.5);
  dpt_assert_close (json_number_value (json_object_get (document, "l2")),
                    0.70710678118654752, 1e-15, 0);
  g_assert_cmpint (json_integer_value (json_object_get (document, "zeros")), ==,
                   0);
  g_assert_cmpint (json_integer_value (json_object_get (document, "nan")), ==,
                   0);
  g_assert_cmpint (json_integer_value (json_object_get (document, "inf")), ==,
                   0);
  g_assert_null (json_object_get (document, "values"));
  json_decref (document);
}

/* numpy's format 1.0: magic, version, little-endian header length, a dict
 * padded to a multiple of 64 bytes, then the values. */
static void
test_cat_output (DptCliFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "out.npy", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  const float values[] = { 1, 2, 3, 4 };
  gsize length;

  dpt_cli_assert_text (self, "cat {F}/tf1 dense/kernel -o {F}/out.npy", 0,
                       "dense/kernel  float32 2×2\n"
                       "[[1, 2], [3, 4]]\n");
  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (contents, 6, "\x93NUMPY", 6);
  g_assert_cmpuint (length % 64, ==, sizeof values);
  g_assert_cmpmem (contents + length - sizeof values, sizeof values, values,
                   sizeof values);
  g_assert_nonnull (strstr (contents + 10, "'descr': '<f4'"));
  g_assert_nonnull (strstr (contents + 10, "(2, 2)"));

  dpt_cli_assert_error (self,
                        "cat {F}/tf1 dense/kernel -o "
                        "{F}/tf1.data-00000-of-00001",
                        "{F}/tf1.data-00000-of-00001: expected a file to "
                        "write, found a file of the model {F}/tf1, which is "
                        "never written to");
}

static void
test_cat_errors (DptCliFixture *self, gconstpointer data)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  dpt_cli_assert_error (self, "cat {F}/tf1 nowhere",
                        "{F}/tf1: expected a key named 'nowhere', found 3 "
                        "keys with other names (see diptych-cli ls)");
  g_assert_cmpint (dpt_cli_run_program (self,
                                        "cat {F}/tf1 dense/bias --slice '[5:'",
                                        &output, &errors),
                   ==, 2);
  g_assert_true (g_str_has_prefix (errors, "diptych-cli: --slice: "));
  dpt_cli_assert_error (self, "cat {F}/tf1 dense/bias --slice 0,0",
                        "{F}/tf1: expected a slice of at most 1 dimensions, "
                        "found 2");
  dpt_cli_assert_error (self, "cat {F}/tf1 dense/bias --slice [99]",
                        "{F}/tf1: slice [99]: dimension 0: an index below 2 "
                        "was expected, found 99");
}

static void
test_map (DptCliFixture *self, gconstpointer data)
{
  /* Points: 3 for the full name, and for kernel 1 for its checksum (16
   * bytes).  extra has no counterpart, nor has the step counter. */
  dpt_cli_assert_json (
      self, "map {F}/tf1 {F}/tf2", 0,
      "{\"diptych\":1,\"pairs\":["
      "{\"left\":\"dense/bias\",\"right\":\"layer/bias" VALUE "\","
      "\"confidence\":0.875,\"evidence\":[{\"kind\":\"full-name\",\"note\":"
      "\"the right object graph names it dense/bias, the left key\"}]},"
      "{\"left\":\"dense/kernel\",\"right\":\"layer/kernel" VALUE "\","
      "\"confidence\":0.9375,\"evidence\":[{\"kind\":\"full-name\",\"note\":"
      "\"the right object graph names it dense/kernel, the left key\"},"
      "{\"kind\":\"checksum\",\"note\":"
      "\"checksum, dtype and shape are equal, and no other key has them\"}]}],"
      "\"only_left\":[],\"only_right\":[{\"key\":\"layer/extra" VALUE "\","
      "\"cause\":\"unknown\",\"severity\":\"check\"}],\"bookkeeping\":["
      "{\"key\":\"global_step\",\"side\":\"left\",\"cause\":\"step counter\"},"
      "{\"key\":\"_CHECKPOINTABLE_OBJECT_GRAPH\",\"side\":\"right\","
      "\"cause\":\"object graph\"},"
      "{\"key\":\"save_counter" VALUE "\",\"side\":\"right\","
      "\"cause\":\"save counter\"}]}");
  dpt_cli_assert_text (
      self, "map {F}/tf1 {F}/tf2", 0,
      "dense/bias    layer/bias" VALUE "    87.5 %  full-name\n"
      "dense/kernel  layer/kernel" VALUE "  93.8 %  full-name, checksum\n"
      "only right  layer/extra" VALUE "  (cause unknown, check)\n"
      "2 pairs, 0 only left, 1 only right\n"
      "bookkeeping, not compared: global_step (left), "
      "_CHECKPOINTABLE_OBJECT_GRAPH (right), save_counter" VALUE " (right)\n");
}

/* The document is the mapping file: what -o wrote can be read back. */
static void
test_map_file (DptCliFixture *self, gconstpointer data)
{
  json_t *proposed = dpt_cli_run_json (self,
                                       "map {F}/tf1 {F}/tf2 -o {F}/map.json",
                                       0);
  g_autofree char *path = g_build_filename (self->folder, "map.json", NULL);
  json_t *written = json_load_file (path, 0, NULL);
  json_t *read = dpt_cli_run_json (self,
                                   "map {F}/tf1 {F}/tf2 --map {F}/map.json", 0);
  json_t *pair = json_array_get (json_object_get (read, "pairs"), 0);

  g_assert_true (json_equal (proposed, written));
  g_assert_cmpuint (json_array_size (json_object_get (read, "pairs")), ==, 2);
  g_assert_cmpfloat (json_number_value (json_object_get (pair, "confidence")),
                     ==, 1);
  json_decref (proposed);
  json_decref (written);
  json_decref (read);

  dpt_test_write (path, "{\"diptych\":1,\"pairs\":[{}]}", 26);
  dpt_cli_assert_error (self, "diff {F}/tf1 {F}/tf2 --map {F}/map.json",
                        "{F}/map.json: pair 0: expected 'left' to be a key (a "
                        "string, or "
                        "{\"base64\": a string}), found nothing");
  dpt_cli_assert_error (self, "map {F}/tf1 {F}/tf2 --rules {F}/r.json",
                        "map: --rules is not available in this version");
}

/* -0.5 against -0.25: 0.25, which is all of |r|, and one binade of 2^23. */
static void
test_diff (DptCliFixture *self, gconstpointer data)
{
  dpt_cli_assert_json (
      self, "diff {F}/tf1 {F}/tf2", 1,
      "{\"diptych\":1,\"pairs\":["
      "{\"left\":\"dense/bias\",\"right\":\"layer/bias" VALUE "\","
      "\"verdict\":\"different\",\"basis\":\"values\",\"max_abs\":0.25,"
      "\"max_rel\":1,\"max_ulp\":8388608},"
      "{\"left\":\"dense/kernel\",\"right\":\"layer/kernel" VALUE "\","
      "\"verdict\":\"identical\",\"basis\":\"checksum\",\"max_abs\":null,"
      "\"max_rel\":null,\"max_ulp\":null},"
      "{\"left\":null,\"right\":\"layer/extra" VALUE "\","
      "\"verdict\":\"only-right\",\"basis\":null,\"max_abs\":null,"
      "\"max_rel\":null,\"max_ulp\":null}],"
      "\"counts\":{\"identical\":1,\"close\":0,\"different\":1,\"shape\":0,"
      "\"dtype\":0,\"only-left\":0,\"only-right\":1,\"unread\":0},"
      "\"bookkeeping\":["
      "{\"key\":\"global_step\",\"side\":\"left\",\"cause\":\"step counter\"},"
      "{\"key\":\"_CHECKPOINTABLE_OBJECT_GRAPH\",\"side\":\"right\","
      "\"cause\":\"object graph\"},"
      "{\"key\":\"save_counter" VALUE "\",\"side\":\"right\","
      "\"cause\":\"save counter\"}]}");
  dpt_cli_assert_text (
      self, "diff {F}/tf1 {F}/tf2 --match dense --only different", 1,
      "verdict    left        right                                  basis   "
      "max abs  max rel   max ulp\n"
      "different  dense/bias  layer/bias" VALUE "  values  "
      "   0.25        1  8.39e+06\n"
      "1 of 2 rows hidden\n"
      "close means |l - r| <= 1e-05 + 1e-06 * |r|, NaN equals NaN\n"
      "Not the same: 1 different, 1 identical.\n");
}

static void
test_diff_status (DptCliFixture *self, gconstpointer data)
{
  g_autofree char *shard = g_build_filename (self->folder,
                                             "tf2.data-00000-of-00001", NULL);
  json_t *document;
  json_t *pair;

  dpt_cli_assert_text (self, "diff --quiet {F}/tf1 {F}/tf1", 0, "");
  dpt_cli_assert_text (self, "diff --quiet {F}/tf1 {F}/tf2", 1, "");
  dpt_cli_assert_text (self, "diff --quiet {F}/tf1 {F}/tf2 --match dense", 1,
                       "");
  dpt_cli_assert_text (self,
                       "diff --quiet {F}/tf1 {F}/tf2 --match dense --atol 0.25",
                       0, "");
  dpt_cli_assert_text (self,
                       "diff --quiet {F}/tf1 {F}/tf2 --match dense --rtol 0.9",
                       1, "");

  /* Checksums agree without the data; --verify misses it. */
  g_unlink (shard);
  document =
      dpt_cli_run_json (self, "diff {F}/tf2 {F}/tf2 --match bias --only unread",
                        2);
  pair = json_array_get (json_object_get (document, "pairs"), 0);
  g_assert_cmpstr (json_string_value (json_object_get (pair, "verdict")), ==,
                   "unread");
  g_assert_true (
      g_str_has_prefix (json_string_value (json_object_get (pair, "error")),
                        "left: "));
  json_decref (document);
}

static void
test_diff_errors (DptCliFixture *self, gconstpointer data)
{
  dpt_cli_assert_error (self, "diff {F}/tf1 {F}/tf2 --only same",
                        "--only: expected verdicts (identical, close, "
                        "different, shape, dtype, only-left, only-right, "
                        "unread), found 'same'");
  dpt_cli_assert_error (self, "diff {F}/tf1 {F}/tf2 --rtol -1",
                        "--rtol, --atol: expected finite numbers, none "
                        "negative, found -1 and 1e-05");
  dpt_cli_assert_error (self, "diff {F}/tf1 {F}/tf2 --match no_such_key",
                        "--match: expected an expression that some key "
                        "matches, found 'no_such_key'");
  dpt_cli_assert_error (self, "diff {F}/tf1",
                        "diff: expected LEFT RIGHT, found 1 argument (see "
                        "diptych-cli diff --help)");
  dpt_cli_assert_error (self, "diff {F}/tf1 {F}/tf2 --frobnicate",
                        "diff: Unknown option --frobnicate (see diptych-cli "
                        "diff --help)");
}

/* dense/kernel in two rows of one, as a partitioner saves it. */
static void
write_partitioned (DptCliFixture *self)
{
  static const float rows[][2] = { { 1, 2 }, { 3, 4 } };
  static const float bias[] = { 0.5f, -0.5f };
  static const gint64 starts[][2] = { { 0, 0 }, { 1, 0 } };
  static const gint64 lengths[] = { 1, -1 };
  static const gint64 step = 7;
  g_autoptr (DptBundleBuilder) builder = dpt_bundle_builder_new ();
  g_autofree char *prefix = g_build_filename (self->folder, "parts", NULL);
  DptShape vector = dpt_shape_new_1d (2);
  DptShape matrix = dpt_shape_new_2d (2, 2);

  dpt_bundle_builder_add (builder, "dense/bias", DPT_DTYPE_FLOAT32, &vector,
                          bias);
  for (guint i = 0; i < 2; i++)
    dpt_bundle_builder_add_slice (builder, "dense/kernel", DPT_DTYPE_FLOAT32,
                                  &matrix, starts[i], lengths, rows[i]);
  dpt_bundle_builder_add (builder, "global_step", DPT_DTYPE_INT64,
                          &DPT_SHAPE_SCALAR, &step);
  dpt_bundle_builder_write (builder, prefix);
}

/* A partitioned variable is one key without a checksum of the whole; it is
 * compared with an unpartitioned twin by its values. */
static void
test_partitioned (DptCliFixture *self, gconstpointer data)
{
  write_partitioned (self);

  dpt_cli_assert_json (self, "info {F}/parts", 0,
                       "{\"diptych\":1,\"path\":\"{F}/parts\","
                       "\"kind\":\"tf1-checkpoint\",\"keys\":3,\"bytes\":32,"
                       "\"shards\":1,\"missing_shards\":[],\"objects\":0,"
                       "\"graphs\":[],\"tags\":[],\"signatures\":[]}");
  dpt_cli_assert_json (self, "ls {F}/parts --match kernel", 0,
                       "{\"diptych\":1,\"keys\":[{\"key\":\"dense/kernel\","
                       "\"dtype\":\"float32\",\"shape\":[2,2],\"bytes\":16,"
                       "\"crc32c\":null}]}");
  dpt_cli_assert_json (self, "cat {F}/parts dense/kernel --slice :,1", 0,
                       "{\"diptych\":1,\"key\":\"dense/kernel\","
                       "\"dtype\":\"float32\",\"shape\":[2],"
                       "\"values\":[2,4]}");
  dpt_cli_assert_json (self, "diff {F}/parts {F}/tf1 --match kernel", 0,
                       "{\"diptych\":1,\"pairs\":[{\"left\":\"dense/kernel\","
                       "\"right\":\"dense/kernel\",\"verdict\":\"identical\","
                       "\"basis\":\"values\",\"max_abs\":0,\"max_rel\":0,"
                       "\"max_ulp\":0}],\"counts\":{\"identical\":1,\"close\":"
                       "0,"
                       "\"only-right\":0,\"only-left\":0,\"different\":0,"
                       "\"dtype\":0,\"shape\":0,\"unread\":0},"
                       "\"bookkeeping\":[]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                        \
  g_test_add ("/cli/" path, DptCliFixture, NULL, dpt_cli_fixture_set_up, func, \
              dpt_cli_fixture_tear_down)
  ADD ("info", test_info);
  ADD ("info-verify", test_info_verify);
  ADD ("ls", test_ls);
  ADD ("ls-all", test_ls_all);
  ADD ("ls-objects", test_ls_objects);
  ADD ("partitioned", test_partitioned);
  ADD ("cat", test_cat);
  ADD ("cat-stats", test_cat_stats);
  ADD ("cat-output", test_cat_output);
  ADD ("cat-errors", test_cat_errors);
  ADD ("map", test_map);
  ADD ("map-file", test_map_file);
  ADD ("diff", test_diff);
  ADD ("diff-status", test_diff_status);
  ADD ("diff-errors", test_diff_errors);
#undef ADD
  return g_test_run ();
}
