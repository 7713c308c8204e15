/* dpt-shape-context-private.h - how the engine prepares one shape rule's call
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-node.h"
#include "dpt-op-def.h"
#include "dpt-shape-inference.h"

G_BEGIN_DECLS

/* What is known of an input before anything ran. */
typedef struct
{
  DptDtype dtype;
  DptShape shape;
  DptTensor *value; /* (nullable) (transfer none): of a small constant */
} DptKnownTensor;

struct _DptShapeContext
{
  const DptNode *node;
  const DptOpDef *def;
  GHashTable *bindings; /* (nullable) */
  const DptKnownTensor *inputs;
  guint n_inputs;
  DptShape *outputs;
  guint n_outputs;
};

G_END_DECLS
