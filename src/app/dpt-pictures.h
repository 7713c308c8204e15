/* dpt-pictures.h - each page of a comparison as a PNG file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-window.h"

G_BEGIN_DECLS

void dpt_pictures_write_async (DptWindow *window,
                               const char *folder,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean dpt_pictures_write_finish (DptWindow *window,
                                    GAsyncResult *result,
                                    GError **error);

G_END_DECLS
