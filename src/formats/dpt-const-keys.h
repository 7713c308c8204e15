/* dpt-const-keys.h - the constants of a graph as its keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-checkpoint.h"
#include "dpt-graph.h"

G_BEGIN_DECLS

#define DPT_TYPE_CONST_KEYS (dpt_const_keys_get_type ())
G_DECLARE_FINAL_TYPE (DptConstKeys, dpt_const_keys, DPT, CONST_KEYS, GObject)

DptCheckpoint *
dpt_const_keys_create_checkpoint (DptGraph *graph) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
