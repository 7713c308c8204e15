/* dpt-mapping.h - which left key is which right key, and what is left over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-checkpoint.h"
#include "dpt-pair.h"

G_BEGIN_DECLS

#define DPT_TYPE_MAPPING (dpt_mapping_get_type ())
G_DECLARE_FINAL_TYPE (DptMapping, dpt_mapping, DPT, MAPPING, GObject)

#define DPT_MAPPING_ERROR (dpt_mapping_error_quark ())
GQuark dpt_mapping_error_quark (void);

typedef enum
{
  DPT_MAPPING_ERROR_FILE, /* A mapping file is not one. */
  DPT_MAPPING_ERROR_KEY,  /* It names a key that is not there, or twice. */
} DptMappingError;

typedef enum
{
  DPT_SEVERITY_HARMLESS,
  DPT_SEVERITY_CHECK,
  DPT_SEVERITY_FATAL,
} DptSeverity;

/* A key without counterpart. */
typedef struct
{
  guint entry;       /* index in its checkpoint */
  const char *cause; /* static; "unknown" where not explained */
  DptSeverity severity;
} DptUnmatched;

/* Pairs in the order of the left checkpoint's entries; a key may stand in
 * several pairs (slices).  Bookkeeping keys are listed apart and never decide
 * anything; they are neither paired nor counted as missing.  Immutable. */
DptMapping *dpt_mapping_new (DptCheckpoint *left,
                             DptCheckpoint *right,
                             GPtrArray *pairs,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a key is wanted; func gets every key of the mapping. */
typedef gboolean (*DptKeyFilterFunc) (const DptCheckpointEntry *entry,
                                      gpointer user_data);

DptMapping *
dpt_mapping_new_filtered (DptMapping *whole,
                          DptKeyFilterFunc func,
                          gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

DptCheckpoint *dpt_mapping_get_left (DptMapping *self);
DptCheckpoint *dpt_mapping_get_right (DptMapping *self);
guint dpt_mapping_get_n_pairs (DptMapping *self);
DptPair *dpt_mapping_get_pair (DptMapping *self, guint index);
guint dpt_mapping_get_left_entry (DptMapping *self, guint pair);
guint dpt_mapping_get_right_entry (DptMapping *self, guint pair);
guint dpt_mapping_get_n_only_left (DptMapping *self);
const DptUnmatched *dpt_mapping_get_only_left (DptMapping *self, guint index);
guint dpt_mapping_get_n_only_right (DptMapping *self);
const DptUnmatched *dpt_mapping_get_only_right (DptMapping *self, guint index);
guint dpt_mapping_get_n_bookkeeping (DptMapping *self);
const char *
dpt_mapping_get_bookkeeping (DptMapping *self, guint index, gboolean *is_left);
const char *dpt_mapping_get_bookkeeping_cause (DptMapping *self, guint index);

const char *dpt_severity_get_name (DptSeverity severity);

G_END_DECLS
