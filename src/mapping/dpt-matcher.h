/* dpt-matcher.h - proposes which keys of two models are the same variable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-mapping.h"
#include "dpt-model.h"

G_BEGIN_DECLS

DptMapping *dpt_matcher_match (DptModel *left,
                               DptModel *right,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
