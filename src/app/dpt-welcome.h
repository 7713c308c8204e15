/* dpt-welcome.h - what is shown while nothing is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DPT_TYPE_WELCOME (dpt_welcome_get_type ())
G_DECLARE_FINAL_TYPE (DptWelcome, dpt_welcome, DPT, WELCOME, GtkWidget)

void dpt_welcome_set_recent (DptWelcome *self, GPtrArray *recent);

G_END_DECLS
