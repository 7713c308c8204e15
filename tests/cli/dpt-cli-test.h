/* dpt-cli-test.h - runs diptych-cli and holds what it prints against a text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <jansson.h>

G_BEGIN_DECLS

/* A scratch folder with checkpoints made by hand:
 *   tf1   dense/bias [0.5, -0.5], dense/kernel [[1, 2], [3, 4]],
 *         global_step 7 (int64)
 *   tf2   layer/bias [0.5, -0.25] and layer/kernel [[1, 2], [3, 4]], whose full
 *         names are those of tf1; layer/extra [9]; save_counter 1
 * In command lines and expected texts, {F} stands for the folder. */
typedef struct
{
  char *folder;
} DptCliFixture;

void dpt_cli_fixture_set_up (DptCliFixture *self, gconstpointer data);
void dpt_cli_fixture_tear_down (DptCliFixture *self, gconstpointer data);
char *dpt_cli_fixture_expand (DptCliFixture *self, const char *text);

/* The command line without the program, quoted as for a shell. */
void dpt_cli_assert_text (DptCliFixture *self,
                          const char *command_line,
                          int status,
                          const char *expected);
void dpt_cli_assert_json (DptCliFixture *self,
                          const char *command_line,
                          int status,
                          const char *expected);

/* Status 2, nothing on standard output, and this one line on standard error
 * after "diptych-cli: ". */
void dpt_cli_assert_error (DptCliFixture *self,
                           const char *command_line,
                           const char *expected);

/* For what does not fit: all that came back. */
int dpt_cli_run_program (DptCliFixture *self,
                         const char *command_line,
                         char **output,
                         char **errors);
json_t *
dpt_cli_run_json (DptCliFixture *self, const char *command_line, int status);

G_END_DECLS
