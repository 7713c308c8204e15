/* dpt-machine.h - what this program computes with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *dpt_machine_describe (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
