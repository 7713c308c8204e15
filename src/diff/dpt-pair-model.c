/* dpt-pair-model.c - the hinge: aligned rows that every view shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows: [0, n_pairs) are the mapping's pairs, then come the keys only on the
 * left, then those only on the right.
 *
 * Invariants: counts[v] is the number of judged rows of verdict v, and the
 * counts and n_unjudged sum up to the number of rows; rows without
 * counterpart are judged from the start.  `shown` knows the row objects that
 * are alive and owns none of them.  While [dirty_first, dirty_end) is not
 * empty, an idle source is waiting to tell about it.
 */

#define G_LOG_DOMAIN "dpt-pair-model"

#include "dpt-pair-model.h"

struct _DptPairRow
{
  GObject parent;

  DptPairModel *model;
  guint index;
};

struct _DptPairModel
{
  GObject parent;

  DptMapping *mapping;
  guint n_pairs;
  guint n_rows;
  DptPairResult *results;
  guint8 *judged;
  guint *row_of_left;  /* by entry of the left checkpoint */
  guint *row_of_right; /* by entry of the right checkpoint */
  guint counts[DPT_N_VERDICTS];
  guint n_unjudged;
  GHashTable *shown; /* row index + 1 to DptPairRow */

  guint dirty_first;
  guint dirty_end;
  guint idle_source;
};

enum
{
  ROW_PROP_VERDICT = 1,
  ROW_PROP_JUDGED,
  N_ROW_PROPS,
};

enum
{
  SIGNAL_COUNTS_CHANGED,
  SIGNAL_VERDICTS_CHANGED,
  N_SIGNALS,
};

static GParamSpec *row_props[N_ROW_PROPS];
static guint signals[N_SIGNALS];

static void dpt_pair_model_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (DptPairRow, dpt_pair_row, G_TYPE_OBJECT)

G_DEFINE_FINAL_TYPE_WITH_CODE (
    DptPairModel,
    dpt_pair_model,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, dpt_pair_model_list_iface_init))

static void
dpt_pair_row_finalize (GObject *object)
{
  DptPairRow *self = DPT_PAIR_ROW (object);

  g_hash_table_remove (self->model->shown, GUINT_TO_POINTER (self->index + 1));
  g_clear_object (&self->model);

  G_OBJECT_CLASS (dpt_pair_row_parent_class)->finalize (object);
}

static void
dpt_pair_row_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  DptPairRow *self = DPT_PAIR_ROW (object);

  switch (id)
    {
    case ROW_PROP_VERDICT:
      g_value_set_int (value, (int) dpt_pair_row_get_verdict (self));
      break;
    case ROW_PROP_JUDGED:
      g_value_set_boolean (value, dpt_pair_row_is_judged (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dpt_pair_row_class_init (DptPairRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dpt_pair_row_finalize;
  object_class->get_property = dpt_pair_row_get_property;

  row_props[ROW_PROP_VERDICT] = g_param_spec_int ("verdict", NULL, NULL, 0,
                                                  DPT_N_VERDICTS - 1, 0,
                                                  G_PARAM_READABLE |
                                                      G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  row_props[ROW_PROP_JUDGED] =
      g_param_spec_boolean ("judged", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                                G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_ROW_PROPS, row_props);
}

static void
dpt_pair_row_init (DptPairRow *self)
{
}

static GType
dpt_pair_model_get_item_type (GListModel *list)
{
  return DPT_TYPE_PAIR_ROW;
}

static guint
dpt_pair_model_get_n_items (GListModel *list)
{
  return DPT_PAIR_MODEL (list)->n_rows;
}

static gpointer
dpt_pair_model_get_item (GListModel *list, guint position)
{
  DptPairModel *self = DPT_PAIR_MODEL (list);
  gpointer key = GUINT_TO_POINTER (position + 1);
  DptPairRow *row;

  if (position >= self->n_rows)
    return NULL;

  row = g_hash_table_lookup (self->shown, key);
  if (row != NULL)
    return g_object_ref (row);

  row = g_object_new (DPT_TYPE_PAIR_ROW, NULL);
  row->model = g_object_ref (self);
  row->index = position;
  g_hash_table_insert (self->shown, key, row);
  return row;
}

static void
dpt_pair_model_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = dpt_pair_model_get_item_type;
  iface->get_n_items = dpt_pair_model_get_n_items;
  iface->get_item = dpt_pair_model_get_item;
}

static void
dpt_pair_model_finalize (GObject *object)
{
  DptPairModel *self = DPT_PAIR_MODEL (object);

  g_clear_handle_id (&self->idle_source, g_source_remove);
  for (guint i = 0; i < self->n_rows; i++)
    dpt_pair_result_clear (&self->results[i]);
  g_free (self->results);
  g_free (self->judged);
  g_free (self->row_of_left);
  g_free (self->row_of_right);
  g_hash_table_unref (self->shown);
  g_clear_object (&self->mapping);

  G_OBJECT_CLASS (dpt_pair_model_parent_class)->finalize (object);
}

static void
dpt_pair_model_class_init (DptPairModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_pair_model_finalize;

  /**
   * DptPairModel::counts-changed:
   * @self: the model
   *
   * Some verdict arrived or changed.  At most once per idle pass.
   */
  signals[SIGNAL_COUNTS_CHANGED] = g_signal_new ("counts-changed",
                                                 DPT_TYPE_PAIR_MODEL,
                                                 G_SIGNAL_RUN_LAST, 0, NULL,
                                                 NULL, NULL, G_TYPE_NONE, 0);

  /**
   * DptPairModel::verdicts-changed:
   * @self: the model
   * @first: the first row whose verdict may have changed
   * @n_rows: how many rows from there
   *
   * At most once per idle pass, with one range around all that changed.
   */
  signals[SIGNAL_VERDICTS_CHANGED] = g_signal_new ("verdicts-changed",
                                                   DPT_TYPE_PAIR_MODEL,
                                                   G_SIGNAL_RUN_LAST, 0, NULL,
                                                   NULL, NULL, G_TYPE_NONE, 2,
                                                   G_TYPE_UINT, G_TYPE_UINT);
}

static void
dpt_pair_model_init (DptPairModel *self)
{
  self->shown = g_hash_table_new (NULL, NULL);
}

static void
notify_shown_rows (DptPairModel *self, guint first, guint end)
{
  GHashTableIter iter;
  gpointer value;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      DptPairRow *row = value;

      if (row->index >= first && row->index < end)
        g_ptr_array_add (rows, g_object_ref (row));
    }

  for (guint i = 0; i < rows->len; i++)
    {
      g_object_notify_by_pspec (rows->pdata[i], row_props[ROW_PROP_JUDGED]);
      g_object_notify_by_pspec (rows->pdata[i], row_props[ROW_PROP_VERDICT]);
    }
}

static gboolean
tell_changes_cb (gpointer user_data)
{
  g_autoptr (DptPairModel) self = g_object_ref (DPT_PAIR_MODEL (user_data));
  guint first = self->dirty_first;
  guint end = self->dirty_end;

  self->idle_source = 0;
  self->dirty_first = 0;
  self->dirty_end = 0;

  notify_shown_rows (self, first, end);
  g_signal_emit (self, signals[SIGNAL_VERDICTS_CHANGED], 0, first, end - first);
  g_signal_emit (self, signals[SIGNAL_COUNTS_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
mark_dirty (DptPairModel *self, guint row)
{
  if (self->idle_source == 0)
    {
      self->dirty_first = row;
      self->dirty_end = row + 1;
      self->idle_source = g_idle_add (tell_changes_cb, self);
      return;
    }

  self->dirty_first = MIN (self->dirty_first, row);
  self->dirty_end = MAX (self->dirty_end, row + 1);
}

static void
judge (DptPairModel *self, guint row, DptVerdict verdict)
{
  self->results[row].verdict = verdict;
  self->judged[row] = TRUE;
  self->counts[verdict]++;
  self->n_unjudged--;
}

static guint *
make_rows_of_entries (DptCheckpoint *checkpoint)
{
  guint n_entries = dpt_checkpoint_get_n_entries (checkpoint);
  guint *rows = g_new (guint, n_entries);

  for (guint i = 0; i < n_entries; i++)
    rows[i] = DPT_PAIR_MODEL_NO_ROW;

  return rows;
}

static void
fill_rows_of_entries (DptPairModel *self)
{
  self->row_of_left = make_rows_of_entries (
      dpt_mapping_get_left (self->mapping));
  self->row_of_right = make_rows_of_entries (
      dpt_mapping_get_right (self->mapping));

  /* From the last row to the first, so that the first one stays. */
  for (guint row = self->n_rows; row-- > 0;)
    {
      guint left = dpt_pair_model_get_left_entry (self, row);
      guint right = dpt_pair_model_get_right_entry (self, row);

      if (left != DPT_PAIR_MODEL_NO_ROW)
        self->row_of_left[left] = row;
      if (right != DPT_PAIR_MODEL_NO_ROW)
        self->row_of_right[right] = row;
    }
}

/**
 * dpt_pair_row_get_pair:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the pair, %NULL for a key alone.
 */
DptPair *
dpt_pair_row_get_pair (DptPairRow *self)
{
  if (self->index >= self->model->n_pairs)
    return NULL;

  return dpt_mapping_get_pair (self->model->mapping, self->index);
}

/**
 * dpt_pair_row_get_left:
 * @self: a row
 *
 * Returns: (nullable): the left entry; owned by its checkpoint.
 */
const DptCheckpointEntry *
dpt_pair_row_get_left (DptPairRow *self)
{
  guint entry = dpt_pair_model_get_left_entry (self->model, self->index);

  if (entry == DPT_PAIR_MODEL_NO_ROW)
    return NULL;

  return dpt_checkpoint_get_entry (dpt_mapping_get_left (self->model->mapping),
                                   entry);
}

/**
 * dpt_pair_row_get_right:
 * @self: a row
 *
 * Returns: (nullable): the right entry; owned by its checkpoint.
 */
const DptCheckpointEntry *
dpt_pair_row_get_right (DptPairRow *self)
{
  guint entry = dpt_pair_model_get_right_entry (self->model, self->index);

  if (entry == DPT_PAIR_MODEL_NO_ROW)
    return NULL;

  return dpt_checkpoint_get_entry (dpt_mapping_get_right (self->model->mapping),
                                   entry);
}

/**
 * dpt_pair_row_get_verdict:
 * @self: a row
 *
 * Returns: its verdict; without meaning before dpt_pair_row_is_judged().
 */
DptVerdict
dpt_pair_row_get_verdict (DptPairRow *self)
{
  return dpt_pair_model_get_verdict (self->model, self->index);
}

/**
 * dpt_pair_row_get_result:
 * @self: a row
 *
 * Returns: (nullable): its result, %NULL before it is judged.
 */
const DptPairResult *
dpt_pair_row_get_result (DptPairRow *self)
{
  return dpt_pair_model_get_result (self->model, self->index);
}

/**
 * dpt_pair_row_is_judged:
 * @self: a row
 *
 * Returns: whether its verdict is there.
 */
gboolean
dpt_pair_row_is_judged (DptPairRow *self)
{
  return dpt_pair_model_is_judged (self->model, self->index);
}

/**
 * dpt_pair_model_new:
 * @mapping: a mapping
 *
 * Returns: (transfer full): a model of its pairs, none judged, and of its keys
 *   without counterpart.
 */
DptPairModel *
dpt_pair_model_new (DptMapping *mapping)
{
  DptPairModel *self;
  guint n_only_left;

  g_return_val_if_fail (DPT_IS_MAPPING (mapping), NULL);

  self = g_object_new (DPT_TYPE_PAIR_MODEL, NULL);
  n_only_left = dpt_mapping_get_n_only_left (mapping);
  self->mapping = g_object_ref (mapping);
  self->n_pairs = dpt_mapping_get_n_pairs (mapping);
  self->n_rows = self->n_pairs + n_only_left +
                 dpt_mapping_get_n_only_right (mapping);
  self->n_unjudged = self->n_rows;
  self->results = g_new0 (DptPairResult, self->n_rows);
  self->judged = g_new0 (guint8, self->n_rows);

  for (guint row = self->n_pairs; row < self->n_rows; row++)
    judge (self, row,
           row < self->n_pairs + n_only_left ? DPT_VERDICT_ONLY_LEFT
                                             : DPT_VERDICT_ONLY_RIGHT);

  fill_rows_of_entries (self);
  return self;
}

/**
 * dpt_pair_model_get_mapping:
 * @self: a model
 *
 * Returns: (transfer none): its mapping.
 */
DptMapping *
dpt_pair_model_get_mapping (DptPairModel *self)
{
  return self->mapping;
}

/**
 * dpt_pair_model_set_result:
 * @self: a model
 * @row: the row of a pair
 * @result: the pair's result; what it holds is taken, and it is cleared
 *
 * Takes constant time; the signals follow in the next idle pass.
 */
void
dpt_pair_model_set_result (DptPairModel *self, guint row, DptPairResult *result)
{
  g_return_if_fail (row < self->n_pairs);

  if (self->judged[row])
    {
      self->counts[self->results[row].verdict]--;
      self->n_unjudged++;
    }

  dpt_pair_result_clear (&self->results[row]);
  self->results[row] = *result;
  *result = (DptPairResult){ 0 };
  judge (self, row, self->results[row].verdict);
  mark_dirty (self, row);
}

/**
 * dpt_pair_model_withdraw_all:
 * @self: a model
 *
 * Makes every pair unjudged again, as when the tolerance changed.
 */
void
dpt_pair_model_withdraw_all (DptPairModel *self)
{
  for (guint row = 0; row < self->n_pairs; row++)
    if (self->judged[row])
      {
        self->counts[self->results[row].verdict]--;
        self->n_unjudged++;
        self->judged[row] = FALSE;
        dpt_pair_result_clear (&self->results[row]);
        mark_dirty (self, row);
      }
}

/**
 * dpt_pair_model_is_judged:
 * @self: a model
 * @row: a row
 *
 * Returns: whether the row's verdict is there.
 */
gboolean
dpt_pair_model_is_judged (DptPairModel *self, guint row)
{
  g_return_val_if_fail (row < self->n_rows, FALSE);

  return self->judged[row];
}

/**
 * dpt_pair_model_get_verdict:
 * @self: a model
 * @row: a row
 *
 * Returns: its verdict; without meaning before dpt_pair_model_is_judged().
 */
DptVerdict
dpt_pair_model_get_verdict (DptPairModel *self, guint row)
{
  g_return_val_if_fail (row < self->n_rows, DPT_VERDICT_UNREAD);

  return self->results[row].verdict;
}

/**
 * dpt_pair_model_get_result:
 * @self: a model
 * @row: a row
 *
 * Returns: (nullable): its result, %NULL before it is judged; owned by @self
 *   and valid until the row's next result.
 */
const DptPairResult *
dpt_pair_model_get_result (DptPairModel *self, guint row)
{
  g_return_val_if_fail (row < self->n_rows, NULL);

  return self->judged[row] ? &self->results[row] : NULL;
}

/**
 * dpt_pair_model_get_left_entry:
 * @self: a model
 * @row: a row
 *
 * Returns: the index of its left key in the left checkpoint, or
 *   %DPT_PAIR_MODEL_NO_ROW.
 */
guint
dpt_pair_model_get_left_entry (DptPairModel *self, guint row)
{
  guint n_only_left = dpt_mapping_get_n_only_left (self->mapping);

  g_return_val_if_fail (row < self->n_rows, DPT_PAIR_MODEL_NO_ROW);

  if (row < self->n_pairs)
    return dpt_mapping_get_left_entry (self->mapping, row);
  if (row < self->n_pairs + n_only_left)
    return dpt_mapping_get_only_left (self->mapping, row - self->n_pairs)
        ->entry;

  return DPT_PAIR_MODEL_NO_ROW;
}

/**
 * dpt_pair_model_get_right_entry:
 * @self: a model
 * @row: a row
 *
 * Returns: the index of its right key in the right checkpoint, or
 *   %DPT_PAIR_MODEL_NO_ROW.
 */
guint
dpt_pair_model_get_right_entry (DptPairModel *self, guint row)
{
  guint first_right = self->n_pairs +
                      dpt_mapping_get_n_only_left (self->mapping);

  g_return_val_if_fail (row < self->n_rows, DPT_PAIR_MODEL_NO_ROW);

  if (row < self->n_pairs)
    return dpt_mapping_get_right_entry (self->mapping, row);
  if (row >= first_right)
    return dpt_mapping_get_only_right (self->mapping, row - first_right)->entry;

  return DPT_PAIR_MODEL_NO_ROW;
}

/**
 * dpt_pair_model_find_left:
 * @self: a model
 * @entry: an index in the left checkpoint
 *
 * Returns: the first row that holds the key, or %DPT_PAIR_MODEL_NO_ROW for
 *   bookkeeping.
 */
guint
dpt_pair_model_find_left (DptPairModel *self, guint entry)
{
  g_return_val_if_fail (entry < dpt_checkpoint_get_n_entries (
                                    dpt_mapping_get_left (self->mapping)),
                        DPT_PAIR_MODEL_NO_ROW);

  return self->row_of_left[entry];
}

/**
 * dpt_pair_model_find_right:
 * @self: a model
 * @entry: an index in the right checkpoint
 *
 * Returns: the first row that holds the key, or %DPT_PAIR_MODEL_NO_ROW for
 *   bookkeeping.
 */
guint
dpt_pair_model_find_right (DptPairModel *self, guint entry)
{
  g_return_val_if_fail (entry < dpt_checkpoint_get_n_entries (
                                    dpt_mapping_get_right (self->mapping)),
                        DPT_PAIR_MODEL_NO_ROW);

  return self->row_of_right[entry];
}

/**
 * dpt_pair_model_get_count:
 * @self: a model
 * @verdict: a verdict
 *
 * Returns: how many judged rows have it.
 */
guint
dpt_pair_model_get_count (DptPairModel *self, DptVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < DPT_N_VERDICTS, 0);

  return self->counts[verdict];
}

/**
 * dpt_pair_model_get_n_unjudged:
 * @self: a model
 *
 * Returns: how many rows wait for their verdict.
 */
guint
dpt_pair_model_get_n_unjudged (DptPairModel *self)
{
  return self->n_unjudged;
}
