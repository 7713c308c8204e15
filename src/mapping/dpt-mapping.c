/* dpt-mapping.c - which left key is which right key, and what is left over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: every entry of both checkpoints is in exactly one of three
 * places: in a pair (or, by slices, in several), among those that are only on
 * its side, or in bookkeeping.  Pairs are sorted by left entry, and pairs of
 * one left entry keep the order in which they were given.
 */

#define G_LOG_DOMAIN "dpt-mapping"

#include "dpt-mapping.h"

#include <string.h>

#include "dpt-names.h"
#include "dpt-object-graph.h"

/* TF1's step counter.  A model without optimizer is saved without it, so its
 * absence on one side says nothing about the model. */
#define STEP_COUNTER "global_step"

typedef struct
{
  DptPair *pair;
  guint left;
  guint right;
} PlacedPair;

typedef struct
{
  const DptCheckpointEntry *entry; /* owned by its checkpoint */
  const char *cause;
  gboolean is_left;
} Bookkeeping;

struct _DptMapping
{
  GObject parent;

  DptCheckpoint *left;
  DptCheckpoint *right;
  GArray *pairs;       /* (element-type PlacedPair) */
  GArray *only_left;   /* (element-type DptUnmatched) */
  GArray *only_right;  /* (element-type DptUnmatched) */
  GArray *bookkeeping; /* (element-type Bookkeeping) */
};

G_DEFINE_FINAL_TYPE (DptMapping, dpt_mapping, G_TYPE_OBJECT)

G_DEFINE_QUARK (dpt_mapping_error, dpt_mapping_error)

/* How often an entry is paired, and whether each time by a slice. */
typedef struct
{
  guint n_pairs;
  gboolean sliced;
} Use;

static void
placed_pair_clear (gpointer data)
{
  PlacedPair *placed = data;

  dpt_pair_unref (placed->pair);
}

static void
dpt_mapping_finalize (GObject *object)
{
  DptMapping *self = DPT_MAPPING (object);

  g_array_unref (self->pairs);
  g_array_unref (self->only_left);
  g_array_unref (self->only_right);
  g_array_unref (self->bookkeeping);
  g_clear_object (&self->left);
  g_clear_object (&self->right);

  G_OBJECT_CLASS (dpt_mapping_parent_class)->finalize (object);
}

static void
dpt_mapping_class_init (DptMappingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_mapping_finalize;
}

static void
dpt_mapping_init (DptMapping *self)
{
  self->pairs = g_array_new (FALSE, FALSE, sizeof (PlacedPair));
  g_array_set_clear_func (self->pairs, placed_pair_clear);
  self->only_left = g_array_new (FALSE, FALSE, sizeof (DptUnmatched));
  self->only_right = g_array_new (FALSE, FALSE, sizeof (DptUnmatched));
  self->bookkeeping = g_array_new (FALSE, FALSE, sizeof (Bookkeeping));
}

/* Finds the entry of one key of a pair and counts its use. */
static gboolean
place_key (DptCheckpoint *checkpoint,
           const char *key,
           const DptTensorSlice *slice,
           const char *side,
           Use *uses,
           guint *entry,
           GError **error)
{
  g_autofree char *shown = NULL;
  const char *trouble = NULL;

  if (key == NULL)
    {
      g_set_error (error, DPT_MAPPING_ERROR, DPT_MAPPING_ERROR_KEY,
                   "expected a %s key, found none", side);
      return FALSE;
    }

  if (!dpt_checkpoint_find (checkpoint, key, entry))
    trouble = "expected a key of the model, found none of this name";
  else if (dpt_checkpoint_get_entry (checkpoint, *entry)->is_bookkeeping)
    trouble = "expected a variable, found bookkeeping, which is not compared";
  else if (uses[*entry].n_pairs > 0 && (slice == NULL || !uses[*entry].sliced))
    trouble = "expected a slice each time a key is paired more than once, "
              "found it paired as a whole";

  if (trouble != NULL)
    {
      shown = dpt_names_to_display (key, -1);
      g_set_error (error, DPT_MAPPING_ERROR, DPT_MAPPING_ERROR_KEY,
                   "%s key '%s': %s", side, shown, trouble);
      return FALSE;
    }

  uses[*entry].n_pairs++;
  uses[*entry].sliced = slice != NULL;
  return TRUE;
}

static gboolean
place_pairs (DptMapping *self,
             GPtrArray *pairs,
             Use *left_uses,
             Use *right_uses,
             GError **error)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      DptPair *pair = g_ptr_array_index (pairs, i);
      PlacedPair placed = { pair, 0, 0 };

      if (!place_key (self->left, dpt_pair_get_left_key (pair),
                      dpt_pair_get_left_slice (pair), "left", left_uses,
                      &placed.left, error) ||
          !place_key (self->right, dpt_pair_get_right_key (pair),
                      dpt_pair_get_right_slice (pair), "right", right_uses,
                      &placed.right, error))
        {
          g_prefix_error (error, "pair %u: ", i);
          return FALSE;
        }

      dpt_pair_ref (pair);
      g_array_append_val (self->pairs, placed);
    }

  return TRUE;
}

static int
compare_placed (gconstpointer a, gconstpointer b)
{
  const PlacedPair *first = a;
  const PlacedPair *second = b;

  return (first->left > second->left) - (first->left < second->left);
}

static gboolean
is_step_counter (const DptCheckpointEntry *entry)
{
  return entry->shape.rank == 0 && dpt_dtype_is_integer (entry->dtype) &&
         g_str_equal (entry->key, STEP_COUNTER);
}

static void
add_bookkeeping (DptMapping *self,
                 const DptCheckpointEntry *entry,
                 const char *cause,
                 gboolean is_left)
{
  Bookkeeping item = { entry, cause, is_left };

  g_array_append_val (self->bookkeeping, item);
}

/* Everything of one side that no pair holds. */
static void
place_rest (DptMapping *self, gboolean is_left, const Use *uses)
{
  DptCheckpoint *checkpoint = is_left ? self->left : self->right;
  GArray *only = is_left ? self->only_left : self->only_right;
  const DptCheckpointEntry *objects = dpt_checkpoint_get_object_graph_entry (
      checkpoint);
  guint n_entries = dpt_checkpoint_get_n_entries (checkpoint);

  if (objects != NULL)
    add_bookkeeping (self, objects, "object graph", is_left);

  for (guint i = 0; i < n_entries; i++)
    {
      const DptCheckpointEntry *entry = dpt_checkpoint_get_entry (checkpoint,
                                                                  i);

      if (uses[i].n_pairs > 0)
        continue;

      if (entry->is_bookkeeping)
        add_bookkeeping (self, entry, "save counter", is_left);
      else if (is_step_counter (entry))
        add_bookkeeping (self, entry, "step counter", is_left);
      else
        {
          DptUnmatched unmatched = { i, "unknown", DPT_SEVERITY_CHECK };

          g_array_append_val (only, unmatched);
        }
    }
}

/**
 * dpt_mapping_new:
 * @left: the left checkpoint
 * @right: the right checkpoint
 * @pairs: (element-type DptPair): both keys of each are there
 * @error: a key that is not there, that is bookkeeping, or that is paired more
 *   than once without slices: #DPT_MAPPING_ERROR_KEY, naming the pair by its
 *   position in @pairs
 *
 * What no pair holds is only on its side, with the cause "unknown".  The
 * object graph entry, the save counter, and a step counter without
 * counterpart are bookkeeping.
 *
 * Returns: (transfer full): the mapping, which refers to @left, @right and
 *   every pair.
 */
DptMapping *
dpt_mapping_new (DptCheckpoint *left,
                 DptCheckpoint *right,
                 GPtrArray *pairs,
                 GError **error)
{
  g_autoptr (DptMapping) self = NULL;
  g_autofree Use *left_uses = NULL;
  g_autofree Use *right_uses = NULL;

  g_return_val_if_fail (DPT_IS_CHECKPOINT (left), NULL);
  g_return_val_if_fail (DPT_IS_CHECKPOINT (right), NULL);

  self = g_object_new (DPT_TYPE_MAPPING, NULL);
  self->left = g_object_ref (left);
  self->right = g_object_ref (right);
  left_uses = g_new0 (Use, dpt_checkpoint_get_n_entries (left));
  right_uses = g_new0 (Use, dpt_checkpoint_get_n_entries (right));

  if (!place_pairs (self, pairs, left_uses, right_uses, error))
    return NULL;

  /* GLib's sort is stable. */
  g_array_sort (self->pairs, compare_placed);
  place_rest (self, TRUE, left_uses);
  place_rest (self, FALSE, right_uses);
  return g_steal_pointer (&self);
}

static void
filter_unmatched (const GArray *from,
                  GArray *to,
                  DptCheckpoint *checkpoint,
                  DptKeyFilterFunc func,
                  gpointer user_data)
{
  for (guint i = 0; i < from->len; i++)
    {
      DptUnmatched item = g_array_index (from, DptUnmatched, i);

      if (func (dpt_checkpoint_get_entry (checkpoint, item.entry), user_data))
        g_array_append_val (to, item);
    }
}

/**
 * dpt_mapping_new_filtered:
 * @whole: a mapping
 * @func: which keys are wanted
 * @user_data: for @func
 *
 * Keeps a pair if either of its keys is wanted.  What is left out is in none
 * of the new mapping's lists: it is not missing, it was not asked for.
 *
 * Returns: (transfer full): a mapping of the same checkpoints.
 */
DptMapping *
dpt_mapping_new_filtered (DptMapping *whole,
                          DptKeyFilterFunc func,
                          gpointer user_data)
{
  DptMapping *self = g_object_new (DPT_TYPE_MAPPING, NULL);

  self->left = g_object_ref (whole->left);
  self->right = g_object_ref (whole->right);

  for (guint i = 0; i < whole->pairs->len; i++)
    {
      PlacedPair placed = g_array_index (whole->pairs, PlacedPair, i);

      if (!func (dpt_checkpoint_get_entry (self->left, placed.left),
                 user_data) &&
          !func (dpt_checkpoint_get_entry (self->right, placed.right),
                 user_data))
        continue;

      dpt_pair_ref (placed.pair);
      g_array_append_val (self->pairs, placed);
    }

  filter_unmatched (whole->only_left, self->only_left, self->left, func,
                    user_data);
  filter_unmatched (whole->only_right, self->only_right, self->right, func,
                    user_data);
  for (guint i = 0; i < whole->bookkeeping->len; i++)
    {
      Bookkeeping item = g_array_index (whole->bookkeeping, Bookkeeping, i);

      if (func (item.entry, user_data))
        g_array_append_val (self->bookkeeping, item);
    }

  return self;
}

/**
 * dpt_mapping_get_left:
 * @self: a mapping
 *
 * Returns: (transfer none): the left checkpoint.
 */
DptCheckpoint *
dpt_mapping_get_left (DptMapping *self)
{
  return self->left;
}

/**
 * dpt_mapping_get_right:
 * @self: a mapping
 *
 * Returns: (transfer none): the right checkpoint.
 */
DptCheckpoint *
dpt_mapping_get_right (DptMapping *self)
{
  return self->right;
}

/**
 * dpt_mapping_get_n_pairs:
 * @self: a mapping
 *
 * Returns: the number of pairs.
 */
guint
dpt_mapping_get_n_pairs (DptMapping *self)
{
  return self->pairs->len;
}

static const PlacedPair *
get_placed (DptMapping *self, guint index)
{
  return &g_array_index (self->pairs, PlacedPair, index);
}

/**
 * dpt_mapping_get_pair:
 * @self: a mapping
 * @index: less than dpt_mapping_get_n_pairs()
 *
 * Returns: (transfer none): the pair.
 */
DptPair *
dpt_mapping_get_pair (DptMapping *self, guint index)
{
  g_return_val_if_fail (index < self->pairs->len, NULL);

  return get_placed (self, index)->pair;
}

/**
 * dpt_mapping_get_left_entry:
 * @self: a mapping
 * @pair: less than dpt_mapping_get_n_pairs()
 *
 * Returns: the index of the pair's left key in the left checkpoint.
 */
guint
dpt_mapping_get_left_entry (DptMapping *self, guint pair)
{
  g_return_val_if_fail (pair < self->pairs->len, 0);

  return get_placed (self, pair)->left;
}

/**
 * dpt_mapping_get_right_entry:
 * @self: a mapping
 * @pair: less than dpt_mapping_get_n_pairs()
 *
 * Returns: the index of the pair's right key in the right checkpoint.
 */
guint
dpt_mapping_get_right_entry (DptMapping *self, guint pair)
{
  g_return_val_if_fail (pair < self->pairs->len, 0);

  return get_placed (self, pair)->right;
}

/**
 * dpt_mapping_get_n_only_left:
 * @self: a mapping
 *
 * Returns: how many left keys have no counterpart.
 */
guint
dpt_mapping_get_n_only_left (DptMapping *self)
{
  return self->only_left->len;
}

/**
 * dpt_mapping_get_only_left:
 * @self: a mapping
 * @index: less than dpt_mapping_get_n_only_left()
 *
 * Returns: a left key without counterpart, in the checkpoint's order.
 */
const DptUnmatched *
dpt_mapping_get_only_left (DptMapping *self, guint index)
{
  g_return_val_if_fail (index < self->only_left->len, NULL);

  return &g_array_index (self->only_left, DptUnmatched, index);
}

/**
 * dpt_mapping_get_n_only_right:
 * @self: a mapping
 *
 * Returns: how many right keys have no counterpart.
 */
guint
dpt_mapping_get_n_only_right (DptMapping *self)
{
  return self->only_right->len;
}

/**
 * dpt_mapping_get_only_right:
 * @self: a mapping
 * @index: less than dpt_mapping_get_n_only_right()
 *
 * Returns: a right key without counterpart, in the checkpoint's order.
 */
const DptUnmatched *
dpt_mapping_get_only_right (DptMapping *self, guint index)
{
  g_return_val_if_fail (index < self->only_right->len, NULL);

  return &g_array_index (self->only_right, DptUnmatched, index);
}

/**
 * dpt_mapping_get_n_bookkeeping:
 * @self: a mapping
 *
 * Returns: how many keys of both sides are bookkeeping.
 */
guint
dpt_mapping_get_n_bookkeeping (DptMapping *self)
{
  return self->bookkeeping->len;
}

/**
 * dpt_mapping_get_bookkeeping:
 * @self: a mapping
 * @index: less than dpt_mapping_get_n_bookkeeping()
 * @is_left: (out) (optional): whose key it is
 *
 * Returns: a key that decides nothing; left keys come first.
 */
const char *
dpt_mapping_get_bookkeeping (DptMapping *self, guint index, gboolean *is_left)
{
  const Bookkeeping *item;

  g_return_val_if_fail (index < self->bookkeeping->len, NULL);

  item = &g_array_index (self->bookkeeping, Bookkeeping, index);
  if (is_left != NULL)
    *is_left = item->is_left;

  return item->entry->key;
}

/**
 * dpt_mapping_get_bookkeeping_cause:
 * @self: a mapping
 * @index: less than dpt_mapping_get_n_bookkeeping()
 *
 * Returns: what the key is: "object graph", "save counter", "step counter".
 */
const char *
dpt_mapping_get_bookkeeping_cause (DptMapping *self, guint index)
{
  g_return_val_if_fail (index < self->bookkeeping->len, NULL);

  return g_array_index (self->bookkeeping, Bookkeeping, index).cause;
}

/**
 * dpt_severity_get_name:
 * @severity: a severity
 *
 * Returns: the word that JSON documents write.
 */
const char *
dpt_severity_get_name (DptSeverity severity)
{
  static const char *const names[] = { "harmless", "check", "fatal" };

  g_return_val_if_fail ((guint) severity < G_N_ELEMENTS (names), NULL);

  return names[severity];
}
