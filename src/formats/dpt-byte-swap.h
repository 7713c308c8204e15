/* dpt-byte-swap.h - from the other byte order to ours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-dtype.h"

G_BEGIN_DECLS

void dpt_byte_swap (void *data, gsize size, DptDtype dtype);

G_END_DECLS
