/* dpt-attr-value-reader.h - from AttrValue messages to attribute values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-attr-value.h"
#include "dpt-graph-tensors.h"
#include "dpt-graph.pb-c.h"

G_BEGIN_DECLS

DptAttrValue *dpt_attr_value_read (const Dpt__Proto__AttrValue *proto,
                                   const DptProtoPlace *place,
                                   DptGraphTensors *tensors,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
