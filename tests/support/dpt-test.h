/* dpt-test.h - what every test needs: close-to asserts, paths, scratch folders
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *dpt_test_data (const char *relative) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_test_sample (const char *relative) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_test_corpus (const char *relative) G_GNUC_WARN_UNUSED_RESULT;
char *dpt_test_scratch (void) G_GNUC_WARN_UNUSED_RESULT;
void dpt_test_remove_tree (const char *path);
void dpt_test_write (const char *path, const void *bytes, gsize length);

/* |a - b| <= atol + rtol * |b|, NaN equals NaN; prints both on failure. */
#define dpt_assert_close(a, b, rtol, atol)                                  \
  dpt_test_assert_close (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, a, b, \
                         rtol, atol)
void dpt_test_assert_close (const char *domain,
                            const char *file,
                            int line,
                            const char *function,
                            double a,
                            double b,
                            double rtol,
                            double atol);

G_END_DECLS
