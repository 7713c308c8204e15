/* dpt-pair-sentence.c - what is to be said of a pair, before any table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-pair-sentence"

#include "dpt-pair-sentence.h"

#include "dpt-digits.h"
#include "dpt-tensor-print.h"

static const DptCheckpointEntry *
get_entry (DptPairModel *pairs, guint pair, gboolean left)
{
  DptMapping *mapping = dpt_pair_model_get_mapping (pairs);
  DptCheckpoint *checkpoint = left ? dpt_mapping_get_left (mapping)
                                   : dpt_mapping_get_right (mapping);
  guint entry = left ? dpt_pair_model_get_left_entry (pairs, pair)
                     : dpt_pair_model_get_right_entry (pairs, pair);

  return entry != DPT_PAIR_MODEL_NO_ROW
             ? dpt_checkpoint_get_entry (checkpoint, entry)
             : NULL;
}

/* A flat index as "[1, 2, 37, 88]". */
static char *
format_index (const DptShape *shape, guint64 flat)
{
  gint64 index[DPT_SHAPE_MAX_RANK];
  GString *text = g_string_new ("[");

  for (int axis = shape->rank - 1; axis >= 0; axis--)
    {
      guint64 dim = (guint64) MAX (shape->dims[axis], 1);

      index[axis] = (gint64) (flat % dim);
      flat /= dim;
    }
  for (int axis = 0; axis < shape->rank; axis++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, axis > 0 ? ", " : "",
                            index[axis]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static void
append_largest (GString *text,
                const DptTensorDiff *diff,
                const DptCheckpointEntry *entry)
{
  g_autofree char *largest = dpt_tensor_print_number (diff->max_abs);

  g_string_append_printf (text, " Largest |l − r| is %s", largest);
  if (entry->shape.rank > 0 && diff->max_index < diff->count)
    {
      g_autofree char *index = format_index (&entry->shape, diff->max_index);

      g_string_append_printf (text, " at %s", index);
    }
  g_string_append_c (text, '.');
}

static void
append_values (GString *text,
               const DptPairResult *result,
               const DptCheckpointEntry *entry)
{
  const DptTensorDiff *diff = &result->diff;
  char count[DPT_DIGITS_SIZE];
  char beyond[DPT_DIGITS_SIZE];

  dpt_digits_group (diff->count, count);
  dpt_digits_group (diff->out_of_tolerance, beyond);
  if (result->basis == DPT_BASIS_CHECKSUM)
    g_string_append (text, "The stored checksums are equal; the values were "
                           "not read.");
  else if (!diff->has_metrics)
    g_string_append (text, result->verdict == DPT_VERDICT_IDENTICAL
                               ? "All values are the same."
                               : "The values are not the same.");
  else if (result->verdict == DPT_VERDICT_IDENTICAL)
    g_string_append_printf (text, "All %s values are the same, bit for bit.",
                            count);
  else if (diff->out_of_tolerance == 0)
    {
      g_string_append_printf (text, "All %s values are within tolerance.",
                              count);
      append_largest (text, diff, entry);
    }
  else
    {
      g_string_append_printf (text, "%s of %s values differ beyond tolerance.",
                              beyond, count);
      append_largest (text, diff, entry);
    }
}

/**
 * dpt_pair_sentence:
 * @pairs: the pairs
 * @pair: one of them
 *
 * Returns: (transfer full): one or two sentences on how the two differ.
 */
char *
dpt_pair_sentence (DptPairModel *pairs, guint pair)
{
  const DptPairResult *result = dpt_pair_model_get_result (pairs, pair);
  const DptCheckpointEntry *left = get_entry (pairs, pair, TRUE);
  const DptCheckpointEntry *right = get_entry (pairs, pair, FALSE);
  g_autoptr (GString) text = g_string_new (NULL);

  if (left == NULL || right == NULL)
    return g_strdup_printf ("Only on the %s: no key of the other side is its "
                            "counterpart.",
                            left != NULL ? "left" : "right");
  if (!dpt_pair_model_is_judged (pairs, pair) || result == NULL)
    return g_strdup ("Not compared yet.");

  switch (result->verdict)
    {
    case DPT_VERDICT_UNREAD:
      return g_strdup (result->error != NULL ? result->error
                                             : "It could not be read.");
    case DPT_VERDICT_SHAPE:
      {
        g_autofree char *l = dpt_shape_to_display (&left->shape);
        g_autofree char *r = dpt_shape_to_display (&right->shape);

        return g_strdup_printf ("The shapes differ: %s on the left, %s on the "
                                "right.",
                                l, r);
      }
    case DPT_VERDICT_DTYPE:
      g_string_append_printf (text,
                              "The dtypes differ: %s on the left, %s on "
                              "the right. ",
                              dpt_dtype_get_name (left->dtype),
                              dpt_dtype_get_name (right->dtype));
      if (result->basis == DPT_BASIS_VALUES && result->diff.has_metrics)
        append_values (text, result, left);
      break;
    case DPT_VERDICT_IDENTICAL:
    case DPT_VERDICT_CLOSE:
    case DPT_VERDICT_DIFFERENT:
    case DPT_VERDICT_ONLY_LEFT:
    case DPT_VERDICT_ONLY_RIGHT:
    default:
      append_values (text, result, left);
      break;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
