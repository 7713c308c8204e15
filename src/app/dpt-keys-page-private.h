/* dpt-keys-page-private.h - what the files of the Keys page share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-change-map.h"
#include "dpt-hinge.h"
#include "dpt-keys-page.h"
#include "dpt-pair-details.h"

G_BEGIN_DECLS

#define NO_PAIR DPT_PAIR_MODEL_NO_ROW

/* What was chosen and unfolded on a side. */
typedef struct
{
  char *path;       /* (nullable) of the model */
  char *key;        /* (nullable) that is chosen */
  GHashTable *open; /* (nullable) a set of the names of scopes */
} DptKeysMemory;

struct _DptKeysPage
{
  GtkWidget parent_instance;

  DptWorkspace *workspace; /* (nullable) */
  DptHingeModel *model;    /* (nullable) */
  gboolean is_regex;
  gboolean follow;
  gboolean details;
  DptPanel shown_side;
  guint hidden; /* a bit for each verdict */
  char *filter;

  DptKeysMemory memory[DPT_N_PANELS];

  int width;
  gboolean from_page; /* the selection comes from a list of ours */
  gboolean revealing; /* rows move, and their selection with them */
  gboolean judged;    /* these pairs had all their verdicts once */

  GtkWidget *root;
  GtkEditable *entry;
  GtkWidget *chips;
  GtkWidget *chip[DPT_N_VERDICTS];
  GtkLabel *hidden_label;
  GtkWidget *show_all;
  GtkWidget *side_switch;
  GtkLabel *position;
  GtkWidget *body;
  GtkStack *stack;
  GtkWidget *panels;
  AdwStatusPage *keyless;
  DptPairDetails *pair_details;

  DptKeyList *lists[DPT_N_PANELS];
  GtkWidget *places[DPT_N_PANELS]; /* to drop on while a side is empty */
  GtkWidget *hinge_column;
  GtkLabel *hinge_title;
  DptHinge *hinge;
  DptChangeMap *map;
};

guint _dpt_keys_page_get_selected (DptKeysPage *self);

/* dpt-keys-page-layout.c */
DptSide *_dpt_keys_page_get_side (DptKeysPage *self, DptPanel panel);
gboolean _dpt_keys_page_has_keys (DptKeysPage *self, DptPanel panel);
void _dpt_keys_page_add_place (DptKeysPage *self, DptPanel panel);
void _dpt_keys_page_update_panels (DptKeysPage *self);
gboolean _dpt_keys_page_is_narrow (DptKeysPage *self);
void _dpt_keys_page_init_layout (DptKeysPage *self);
void _dpt_keys_page_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline);
void _dpt_keys_page_size_allocate (GtkWidget *widget,
                                   int width,
                                   int height,
                                   int baseline);

/* dpt-keys-page-selection.c */
void _dpt_keys_page_show_selected (DptKeysPage *self);
void _dpt_keys_page_choose_first (DptKeysPage *self);
void _dpt_keys_page_row_selected_cb (DptKeysPage *self,
                                     guint node,
                                     DptKeyList *list);
void _dpt_keys_page_row_activated_cb (DptKeysPage *self,
                                      guint node,
                                      DptKeyList *list);

/* dpt-keys-page-memory.c */
void _dpt_keys_page_remember_pair (DptKeysPage *self, guint pair);
void _dpt_keys_page_remember_scopes (DptKeysPage *self);
guint _dpt_keys_page_restore (DptKeysPage *self) G_GNUC_WARN_UNUSED_RESULT;
void _dpt_keys_page_forget (DptKeysPage *self);

/* dpt-keys-page-filter.c */
void _dpt_keys_page_add_chips (DptKeysPage *self);
void _dpt_keys_page_update_bar (DptKeysPage *self);
void _dpt_keys_page_apply_filter (DptKeysPage *self);
void _dpt_keys_page_set_filter (DptKeysPage *self, const char *filter);
void _dpt_keys_page_set_hidden (DptKeysPage *self, guint hidden);
void _dpt_keys_page_show_only (DptKeysPage *self, DptVerdict verdict);
char *
_dpt_keys_page_hidden_to_string (DptKeysPage *self) G_GNUC_WARN_UNUSED_RESULT;
guint _dpt_keys_page_hidden_from_string (const char *text);

G_END_DECLS
