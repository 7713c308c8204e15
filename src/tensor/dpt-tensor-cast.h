/* dpt-tensor-cast.h - a tensor's values in another dtype
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-tensor.h"

G_BEGIN_DECLS

DptTensor *dpt_tensor_cast (DptTensor *tensor,
                            DptDtype dtype,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
DptTensor *dpt_tensor_cast_exact (DptTensor *tensor,
                                  DptDtype dtype,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
