/* dpt-key-match.h - which keys' names hold a text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-bit-rank.h"
#include "dpt-key-tree.h"

G_BEGIN_DECLS

typedef struct _DptKeyMatch DptKeyMatch;

DptKeyMatch *dpt_key_match_new (const char *text,
                                gboolean is_regex,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_key_match_free (DptKeyMatch *self);

DptBitRank *dpt_key_match_find (const DptKeyMatch *self,
                                DptKeyTree *tree,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptKeyMatch, dpt_key_match_free)

G_END_DECLS
