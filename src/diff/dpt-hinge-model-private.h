/* dpt-hinge-model-private.h - what the files of the hinge share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariants: for each panel, the pairs of leaf l are
 * pairs_of[starts[l]] .. pairs_of[starts[l + 1] - 1]; a bookkeeping leaf has
 * none.  A leaf's verdict is the worst of its pairs, and stands in `counts`.
 * `order` lists the pairs in reading order, `places` is its inverse, and bit p
 * of `differences` says that the pair at place p is shown and not identical.
 * Bundles are worked out when asked for and kept until something changes.
 */

#pragma once

#include "dpt-hinge-model.h"

#include "dpt-bit-rank.h"
#include "dpt-verdict-counts.h"

G_BEGIN_DECLS

typedef struct
{
  DptKeyTree *trees[2]; /* scopes, flat */
  DptTreeList *lists[2];
  DptVerdictCounts *counts;
  guint *starts; /* by leaf, and one more */
  guint *pairs_of;
  guint *leaves;        /* by pair, or DPT_PAIR_MODEL_NO_ROW */
  DptBitRank *matching; /* leaves whose name the text matches */
  GHashTable *bundles;  /* row to GArray of DptHingeBundle */
} DptHingeHalf;

struct _DptHingeModel
{
  GObject parent_instance;

  DptPairModel *pairs;
  guint n_pairs;
  gboolean flat;
  DptHingeHalf halves[DPT_N_PANELS];

  guint *order;
  guint *places;
  DptBitRank *shown;       /* by place */
  DptBitRank *differences; /* by place */

  char *text;
  gboolean is_regex;
  guint hidden; /* a bit for each verdict */

  guint idle;
  gboolean filter_stale;
};

G_END_DECLS
