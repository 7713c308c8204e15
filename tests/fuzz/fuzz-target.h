/* fuzz-target.h - what a fuzzer, or fuzz-main, calls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

/* The name and the types are libFuzzer's. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
