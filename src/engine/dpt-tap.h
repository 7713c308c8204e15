/* dpt-tap.h - who listens to a run's intermediate tensors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

/* Called after each node that the tap wants, on the thread that runs.
 * `tensor` is borrowed; keep a reference to keep it, which costs its memory
 * and forbids the next op to reuse its buffer. */
typedef void (*DptTapFunc) (const char *node,
                            const char *op,
                            guint output,
                            DptTensor *tensor,
                            gpointer user_data);

/* Refcounted and immutable: which nodes, and whom to tell. */
typedef struct _DptTap DptTap;

DptTap *dpt_tap_new (const char *pattern,
                     DptTapFunc func,
                     gpointer user_data,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTap *dpt_tap_ref (DptTap *self);
void dpt_tap_unref (DptTap *self);
gboolean dpt_tap_wants (DptTap *self, const char *node);
void dpt_tap_tell (DptTap *self,
                   const char *node,
                   const char *op,
                   guint output,
                   DptTensor *tensor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptTap, dpt_tap_unref)

G_END_DECLS
