/* dpt-window-test.h - a real window on a comparison made by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "dpt-keys-page.h"
#include "dpt-test.h"
#include "dpt-window.h"

G_BEGIN_DECLS

/* What is opened is written by dpt_window_test_write_pair(): left and right
 * have, in the order of the left tree,
 *
 *   net/conv_1/b     [3]    f32   close: one value is 1e-7 off
 *   net/conv_1/w     [2,3]  f32   identical
 *   net/conv_2/b     [2]    f32   shape: [3] on the right
 *   net/conv_2/w     [2,2]  f32   different: 3 against 3.5 at [1, 0]
 *   net/conv_10/w    []     f32   dtype: f64 on the right
 *   old                           only left
 *   new                           only right */
typedef struct
{
  DptApplication *application; /* unowned */
  DptWindow *window;
  char *folder;
  char *left;
  char *right;
} DptWindowTest;

void dpt_window_test_init (DptWindowTest *test);
void dpt_window_test_release (DptWindowTest *test);
void dpt_window_test_write_pair (DptWindowTest *test);
void dpt_window_test_open_pair (DptWindowTest *test);

/* Runs the main loop until it holds, and fails when it does not for long. */
typedef gboolean (*DptWindowTestCondition) (DptWindowTest *test);
void dpt_window_test_wait (DptWindowTest *test,
                           DptWindowTestCondition condition);
void dpt_window_test_settle (DptWindowTest *test);
gboolean dpt_window_test_is_judged (DptWindowTest *test);

/* Actions, as the session bus sees them. */
void dpt_window_test_activate (DptWindowTest *test,
                               const char *action,
                               GVariant *parameter);
void dpt_window_test_set_state (DptWindowTest *test,
                                const char *action,
                                GVariant *state);
GVariant *dpt_window_test_get_state (DptWindowTest *test, const char *action)
    G_GNUC_WARN_UNUSED_RESULT;

/* What is on the screen, as text. */
char *dpt_window_test_get_rows (DptWindowTest *test,
                                DptPanel panel) G_GNUC_WARN_UNUSED_RESULT;
gboolean dpt_window_test_shows (DptWindowTest *test, const char *text);

#define dpt_window_test_assert_shows(test, text)                             \
  G_STMT_START                                                               \
  {                                                                          \
    if (!dpt_window_test_shows (test, text))                                 \
      g_error ("%s:%d: the window does not show \"%s\"", __FILE__, __LINE__, \
               text);                                                        \
  }                                                                          \
  G_STMT_END

G_END_DECLS
