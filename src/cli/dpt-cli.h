/* dpt-cli.h - what every command shares: options, output, cancellation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "dpt-json-writer.h"
#include "dpt-progress.h"

G_BEGIN_DECLS

#define DPT_CLI_ERROR (dpt_cli_error_quark ())
GQuark dpt_cli_error_quark (void);

typedef enum
{
  DPT_CLI_ERROR_USAGE, /* The command line asks for what is not there. */
} DptCliError;

/* Exit status, as diff(1) has it. */
enum
{
  DPT_CLI_SAME = 0,
  DPT_CLI_DIFFERENT = 1,
  DPT_CLI_TROUBLE = 2,
};

typedef struct _DptCli DptCli;

/* A command's function returns the exit status; with an error set, that is
 * printed and the status is 2. */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  const char *note; /* (nullable) what the list of options does not say */
  int (*run) (DptCli *cli, int argc, char **argv, GError **error);
} DptCommand;

DptCli *dpt_cli_new (GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void dpt_cli_free (DptCli *self);

/* Parses the command's options and --format, and leaves the positional
 * arguments, whose number must be within the bounds.  NULL without an error
 * means that help was asked for and printed. */
char **dpt_cli_parse (DptCli *self,
                      const GOptionEntry *entries,
                      guint min_arguments,
                      guint max_arguments,
                      int argc,
                      char **argv,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dpt_cli_set_command (DptCli *self, const DptCommand *command);

gboolean dpt_cli_wants_json (DptCli *self);
GCancellable *dpt_cli_get_cancellable (DptCli *self);
DptProgress *dpt_cli_get_progress (DptCli *self);

/* Text for people, to standard output; the first error is kept. */
void dpt_cli_print (DptCli *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void dpt_cli_print_bytes (DptCli *self, GBytes *bytes);
void dpt_cli_warn (DptCli *self, const char *message);

/* The one JSON document: writer with "diptych": 1 already in it. */
DptJsonWriter *dpt_cli_begin_json (DptCli *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean dpt_cli_end_json (DptCli *self, DptJsonWriter *writer, GError **error);
gboolean dpt_cli_finish (DptCli *self, GError **error);

void dpt_cli_begin_progress (DptCli *self);
void dpt_cli_end_progress (DptCli *self);

GRegex *dpt_cli_compile_regex (const char *pattern,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DptCli, dpt_cli_free)

G_END_DECLS
