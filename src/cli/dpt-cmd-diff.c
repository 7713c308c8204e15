/* dpt-cmd-diff.c - the command diff: the verdict of every pair of keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cmd-diff"

#include "dpt-commands.h"

#include <string.h>

#include "dpt-answer.h"
#include "dpt-checkpoint-diff.h"
#include "dpt-cli-mapping.h"
#include "dpt-cli-metric.h"
#include "dpt-cli-model.h"
#include "dpt-cli-tolerance.h"
#include "dpt-mapping-file.h"
#include "dpt-names.h"
#include "dpt-text-table.h"

/* One line: a pair, or a key alone. */
typedef struct
{
  const DptPair *pair; /* (nullable) */
  const char *left;    /* (nullable) */
  const char *right;   /* (nullable) */
  DptPairResult result;
} DiffRow;

typedef struct
{
  DptMapping *mapping;
  GArray *rows; /* (element-type DiffRow) pairs first, in mapping order */
  guint counts[DPT_N_VERDICTS];
  DptTolerance tolerance;
  gboolean shown[DPT_N_VERDICTS]; /* by --only */
} Diff;

static void
diff_row_clear (gpointer data)
{
  DiffRow *row = data;

  dpt_pair_result_clear (&row->result);
}

static void
take_result (guint pair, DptPairResult *result, gpointer user_data)
{
  Diff *diff = user_data;

  g_array_index (diff->rows, DiffRow, pair).result = *result;
}

static void
add_pairs (Diff *diff)
{
  for (guint i = 0; i < dpt_mapping_get_n_pairs (diff->mapping); i++)
    {
      DiffRow row = { .pair = dpt_mapping_get_pair (diff->mapping, i) };

      row.left = dpt_pair_get_left_key (row.pair);
      row.right = dpt_pair_get_right_key (row.pair);
      g_array_append_val (diff->rows, row);
    }
}

static void
add_unmatched (Diff *diff)
{
  DptMapping *mapping = diff->mapping;

  for (guint i = 0; i < dpt_mapping_get_n_only_left (mapping); i++)
    {
      DiffRow row = { .result.verdict = DPT_VERDICT_ONLY_LEFT };

      row.left = dpt_checkpoint_get_entry (dpt_mapping_get_left (mapping),
                                           dpt_mapping_get_only_left (mapping,
                                                                      i)
                                               ->entry)
                     ->key;
      g_array_append_val (diff->rows, row);
    }

  for (guint i = 0; i < dpt_mapping_get_n_only_right (mapping); i++)
    {
      DiffRow row = { .result.verdict = DPT_VERDICT_ONLY_RIGHT };

      row.right = dpt_checkpoint_get_entry (dpt_mapping_get_right (mapping),
                                            dpt_mapping_get_only_right (mapping,
                                                                        i)
                                                ->entry)
                      ->key;
      g_array_append_val (diff->rows, row);
    }
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
  dpt_cli_write_text (writer, name, text);
}

static void
write_row (DptJsonWriter *writer, const DiffRow *row)
{
  const DptPairResult *result = &row->result;

  dpt_json_writer_begin_object (writer);
  dpt_cli_write_key (writer, "left", row->left);
  dpt_cli_write_key (writer, "right", row->right);
  if (row->pair != NULL)
    {
      write_slice (writer, "left_slice", dpt_pair_get_left_slice (row->pair));
      write_slice (writer, "right_slice", dpt_pair_get_right_slice (row->pair));
    }
  dpt_cli_write_text (writer, "verdict",
                      dpt_verdict_get_name (result->verdict));
  dpt_cli_write_text (writer, "basis", dpt_basis_get_name (result->basis));
  dpt_cli_write_metric (writer, "max_abs", &result->diff, result->diff.max_abs);
  dpt_cli_write_metric (writer, "max_rel", &result->diff, result->diff.max_rel);
  dpt_cli_write_metric (writer, "max_ulp", &result->diff, result->diff.max_ulp);
  if (result->error != NULL)
    dpt_cli_write_key (writer, "error", result->error);
  dpt_json_writer_end_object (writer);
}

static gboolean
print_json (DptCli *cli, const Diff *diff, GError **error)
{
  g_autoptr (DptJsonWriter) writer = dpt_cli_begin_json (cli);

  dpt_json_writer_name (writer, "pairs");
  dpt_json_writer_begin_array (writer);
  for (guint i = 0; i < diff->rows->len; i++)
    {
      const DiffRow *row = &g_array_index (diff->rows, DiffRow, i);

      if (diff->shown[row->result.verdict])
        write_row (writer, row);
    }
  dpt_json_writer_end_array (writer);

  dpt_json_writer_name (writer, "counts");
  dpt_json_writer_begin_object (writer);
  for (guint verdict = 0; verdict < DPT_N_VERDICTS; verdict++)
    {
      dpt_json_writer_name (writer,
                            dpt_verdict_get_name ((DptVerdict) verdict));
      dpt_json_writer_uint (writer, diff->counts[verdict]);
    }
  dpt_json_writer_end_object (writer);

  dpt_json_writer_name (writer, "bookkeeping");
  dpt_mapping_file_write_bookkeeping (diff->mapping, writer);
  return dpt_cli_end_json (cli, writer, error);
}

static void
add_row (DptTextTable *table, const DiffRow *row)
{
  const DptPairResult *result = &row->result;
  const char *basis = dpt_basis_get_name (result->basis);

  dpt_text_table_add (table, dpt_verdict_get_name (result->verdict));
  dpt_text_table_take (
      table,
      row->left == NULL
          ? g_strdup ("")
          : dpt_cli_show_pair_key (row->left,
                                   row->pair != NULL
                                       ? dpt_pair_get_left_slice (row->pair)
                                       : NULL));
  dpt_text_table_take (
      table,
      row->right == NULL
          ? g_strdup ("")
          : dpt_cli_show_pair_key (row->right,
                                   row->pair != NULL
                                       ? dpt_pair_get_right_slice (row->pair)
                                       : NULL));
  dpt_text_table_add (table, basis != NULL ? basis : "");
  dpt_text_table_take (table, dpt_cli_show_metric (&result->diff,
                                                   result->diff.max_abs));
  dpt_text_table_take (table, dpt_cli_show_metric (&result->diff,
                                                   result->diff.max_rel));
  dpt_text_table_take (table, dpt_cli_show_metric (&result->diff,
                                                   result->diff.max_ulp));
}

static void
add_heading (DptTextTable *table)
{
  static const char *const names[] = {
    "verdict", "left", "right", "basis", "max abs", "max rel", "max ulp",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    dpt_text_table_add (table, names[i]);
}

static void
print_text (DptCli *cli, const Diff *diff)
{
  g_autoptr (DptTextTable) table = dpt_text_table_new ("llllrrr");
  g_autofree char *sentence = dpt_answer_to_sentence (dpt_answer_from_counts (
                                                          diff->counts),
                                                      diff->counts);
  g_autofree char *rule = dpt_tolerance_to_string (&diff->tolerance);
  guint n_shown = 0;

  add_heading (table);
  for (guint i = 0; i < diff->rows->len; i++)
    {
      const DiffRow *row = &g_array_index (diff->rows, DiffRow, i);

      if (!diff->shown[row->result.verdict])
        continue;
      add_row (table, row);
      n_shown++;
    }
  if (n_shown > 0)
    dpt_text_table_print (table, cli);

  for (guint i = 0; i < diff->rows->len; i++)
    {
      const DiffRow *row = &g_array_index (diff->rows, DiffRow, i);

      if (row->result.error != NULL && diff->shown[row->result.verdict])
        {
          g_autofree char *shown = dpt_names_to_display (row->result.error, -1);
          dpt_cli_print (cli, "unread: %s\n", shown);
        }
    }

  if (n_shown < diff->rows->len)
    dpt_cli_print (cli, "%u of %u rows hidden\n", diff->rows->len - n_shown,
                   diff->rows->len);
  dpt_cli_print_bookkeeping (cli, diff->mapping);
  dpt_cli_print (cli, "close means %s\n%s\n", rule, sentence);
}

static gboolean
parse_only (Diff *diff, const char *only, GError **error)
{
  g_auto (GStrv) names = only != NULL ? g_strsplit (only, ",", -1) : NULL;

  for (guint i = 0; i < DPT_N_VERDICTS; i++)
    diff->shown[i] = only == NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      DptVerdict verdict;

      if (!dpt_verdict_from_name (names[i], &verdict))
        {
          g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                       "--only: expected verdicts (identical, close, "
                       "different, shape, dtype, only-left, only-right, "
                       "unread), found '%s'",
                       names[i]);
          return FALSE;
        }
      diff->shown[verdict] = TRUE;
    }

  return TRUE;
}

/* The --match expression, and the first error of applying it. */
typedef struct
{
  GRegex *regex;
  GError *error;
} Match;

static gboolean
match_cb (const DptCheckpointEntry *entry, gpointer user_data)
{
  Match *match = user_data;
  gboolean matches;

  return match->error == NULL &&
         dpt_cli_match_key (match->regex, entry->key, entry->key_length,
                            &matches, &match->error) &&
         matches;
}

static DptMapping *
choose_pairs (DptMapping *whole, const char *pattern, GError **error)
{
  g_autoptr (GRegex) regex = dpt_cli_compile_regex (pattern, error);
  g_autoptr (DptMapping) mapping = NULL;
  Match match = { regex, NULL };

  if (pattern == NULL)
    return g_object_ref (whole);
  if (regex == NULL)
    return NULL;

  mapping = dpt_mapping_new_filtered (whole, match_cb, &match);
  if (match.error != NULL)
    {
      g_propagate_error (error, match.error);
      return NULL;
    }

  if (dpt_mapping_get_n_pairs (mapping) +
          dpt_mapping_get_n_only_left (mapping) +
          dpt_mapping_get_n_only_right (mapping) ==
      0)
    {
      g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                   "--match: expected an expression that some key matches, "
                   "found '%s'",
                   pattern);
      return NULL;
    }

  return g_steal_pointer (&mapping);
}

static gboolean
judge (DptCli *cli, Diff *diff, gboolean verify, GError **error)
{
  add_pairs (diff);
  if (!dpt_checkpoint_diff_run (diff->mapping, &diff->tolerance, verify,
                                take_result, diff, dpt_cli_get_progress (cli),
                                dpt_cli_get_cancellable (cli), error))
    return FALSE;

  add_unmatched (diff);
  for (guint i = 0; i < diff->rows->len; i++)
    diff->counts[g_array_index (diff->rows, DiffRow, i).result.verdict]++;

  return TRUE;
}

/**
 * dpt_cmd_diff:
 * @cli: what the commands share
 * @argc: number of @argv
 * @argv: the command line from the command's name
 * @error: what went wrong
 *
 * Returns: the exit status: 0 if all pairs are identical or close, 1 if any
 *   differs or lacks a counterpart, 2 if any is unread.
 */
int
dpt_cmd_diff (DptCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *map_file = NULL;
  g_autofree char *pattern = NULL;
  g_autofree char *only = NULL;
  gboolean verify = FALSE;
  gboolean quiet = FALSE;
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (DiffRow));
  Diff diff = { .rows = rows, .tolerance = DPT_TOLERANCE_DEFAULT };
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  const GOptionEntry own[] = {
    { "map", 0, 0, G_OPTION_ARG_FILENAME, &map_file,
      "Take the pairs of a mapping file instead of proposing", "FILE" },
    { "match", 0, 0, G_OPTION_ARG_STRING, &pattern,
      "Only pairs of which a key matches", "REGEX" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only,
      "Print only these verdicts; all of them count", "VERDICT,…" },
    { "verify", 0, 0, G_OPTION_ARG_NONE, &verify,
      "Read the values even where the stored checksums are equal", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &quiet,
      "Print nothing; the exit status tells", NULL },
  };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (DptCliMapping) sides = NULL;
  g_autoptr (DptMapping) mapping = NULL;

  g_array_set_clear_func (rows, diff_row_clear);
  dpt_cli_tolerance_add_entries (&diff.tolerance, entries);
  g_array_append_vals (entries, own, G_N_ELEMENTS (own));
  arguments = dpt_cli_parse (cli, (const GOptionEntry *) entries->data, 2, 2,
                             argc, argv, error);
  if (arguments == NULL)
    return DPT_CLI_SAME;
  if (!parse_only (&diff, only, error) ||
      !dpt_cli_tolerance_check (&diff.tolerance, error))
    return DPT_CLI_TROUBLE;

  sides = dpt_cli_map (cli, arguments[0], arguments[1], map_file, error);
  if (sides == NULL)
    return DPT_CLI_TROUBLE;
  mapping = choose_pairs (sides->mapping, pattern, error);
  if (mapping == NULL)
    return DPT_CLI_TROUBLE;
  diff.mapping = mapping;
  if (!judge (cli, &diff, verify, error))
    return DPT_CLI_TROUBLE;

  dpt_cli_end_progress (cli);
  if (!quiet && !dpt_cli_wants_json (cli))
    print_text (cli, &diff);
  else if (!quiet && !print_json (cli, &diff, error))
    return DPT_CLI_TROUBLE;

  return dpt_answer_get_exit_status (dpt_answer_from_counts (diff.counts));
}
