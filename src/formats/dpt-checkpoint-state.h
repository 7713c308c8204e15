/* dpt-checkpoint-state.h - the text file `checkpoint`: which is the latest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-byte-source.h"

G_BEGIN_DECLS

typedef struct _DptCheckpointState DptCheckpointState;

DptCheckpointState *
dpt_checkpoint_state_read (const char *folder,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptCheckpointState *
dpt_checkpoint_state_parse (DptByteSource *source,
                            const char *folder,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_checkpoint_state_free (DptCheckpointState *self);

const char *dpt_checkpoint_state_get_latest (const DptCheckpointState *self);
GPtrArray *dpt_checkpoint_state_get_all (const DptCheckpointState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptCheckpointState, dpt_checkpoint_state_free)

G_END_DECLS
