/* dpt-cli.c - what every command shares: options, output, cancellation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-cli"

#include "dpt-cli.h"

#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dpt-names.h"

/* Text goes out in pieces of this size. */
#define FLUSH_SIZE (64 * 1024)

/* How often the line of progress is drawn. */
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

struct _DptCli
{
  const DptCommand *command;
  GCancellable *cancellable;
  DptProgress *progress;
  gboolean wants_json;

  GOutputStream *output;
  GString *text; /* not written yet */
  GError *output_error;

  GThread *progress_thread; /* (nullable) */
  GMutex progress_lock;
  GCond progress_ended;
  gboolean progress_stop;
};

G_DEFINE_QUARK (dpt_cli_error, dpt_cli_error)

/**
 * dpt_cli_new:
 * @cancellable: cancelled by Ctrl-C
 *
 * Returns: (transfer full): what the commands share, writing to standard
 *   output.
 */
DptCli *
dpt_cli_new (GCancellable *cancellable)
{
  DptCli *self = g_new0 (DptCli, 1);

  self->cancellable = g_object_ref (cancellable);
  self->progress = dpt_progress_new ();
  self->output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  self->text = g_string_new (NULL);
  g_mutex_init (&self->progress_lock);
  g_cond_init (&self->progress_ended);
  return self;
}

/**
 * dpt_cli_free:
 * @self: (transfer full): what the commands share
 */
void
dpt_cli_free (DptCli *self)
{
  dpt_cli_end_progress (self);
  g_mutex_clear (&self->progress_lock);
  g_cond_clear (&self->progress_ended);
  g_object_unref (self->cancellable);
  g_object_unref (self->progress);
  g_object_unref (self->output);
  g_string_free (self->text, TRUE);
  g_clear_error (&self->output_error);
  g_free (self);
}

/**
 * dpt_cli_set_command:
 * @self: what the commands share
 * @command: the command that runs; static
 */
void
dpt_cli_set_command (DptCli *self, const DptCommand *command)
{
  self->command = command;
}

static gboolean
parse_format (DptCli *self, const char *format, GError **error)
{
  self->wants_json = g_strcmp0 (format, "json") == 0;
  if (format == NULL || self->wants_json || g_str_equal (format, "text"))
    return TRUE;

  g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
               "--format: expected text or json, found '%s'", format);
  return FALSE;
}

static gboolean
check_arguments (DptCli *self,
                 char **arguments,
                 guint min_arguments,
                 guint max_arguments,
                 GError **error)
{
  guint n_arguments = arguments != NULL ? g_strv_length (arguments) : 0;

  if (n_arguments >= min_arguments && n_arguments <= max_arguments)
    return TRUE;

  g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
               "%s: expected %s, found %u argument%s (see diptych-cli %s "
               "--help)",
               self->command->name, self->command->arguments, n_arguments,
               n_arguments == 1 ? "" : "s", self->command->name);
  return FALSE;
}

/**
 * dpt_cli_parse:
 * @self: what the commands share
 * @entries: (nullable): the command's options
 * @min_arguments: fewest positional arguments
 * @max_arguments: most of them
 * @argc: number of @argv
 * @argv: the command's name, then its options and arguments
 * @error: what is wrong with them: #DPT_CLI_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): the positional arguments; %NULL with an
 *   error, or without one when --help was given and answered.
 */
char **
dpt_cli_parse (DptCli *self,
               const GOptionEntry *entries,
               guint min_arguments,
               guint max_arguments,
               int argc,
               char **argv,
               GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (
      self->command->arguments);
  g_autofree char *title = g_strdup_printf ("diptych-cli %s",
                                            self->command->name);
  g_autofree char *format = NULL;
  g_auto (GStrv) arguments = NULL;
  gboolean help = FALSE;
  const GOptionEntry common[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      "How to print: text (default) or json", "FORMAT" },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Print this help", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL,
      NULL },
    { NULL },
  };
  g_autoptr (GError) parse_error = NULL;

  g_set_prgname (title);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, self->command->summary);
  g_option_context_set_description (context, self->command->note);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &parse_error))
    {
      g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                   "%s: %s (see diptych-cli %s --help)", self->command->name,
                   parse_error->message, self->command->name);
      return NULL;
    }

  if (help)
    {
      g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);

      dpt_cli_print (self, "%s", text);
      return NULL;
    }

  if (!parse_format (self, format, error) ||
      !check_arguments (self, arguments, min_arguments, max_arguments, error))
    return NULL;

  return arguments != NULL ? g_steal_pointer (&arguments) : g_new0 (char *, 1);
}

/**
 * dpt_cli_wants_json:
 * @self: what the commands share
 *
 * Returns: whether --format json was given.
 */
gboolean
dpt_cli_wants_json (DptCli *self)
{
  return self->wants_json;
}

/**
 * dpt_cli_get_cancellable:
 * @self: what the commands share
 *
 * Returns: (transfer none): cancelled by Ctrl-C.
 */
GCancellable *
dpt_cli_get_cancellable (DptCli *self)
{
  return self->cancellable;
}

/**
 * dpt_cli_get_progress:
 * @self: what the commands share
 *
 * Returns: (transfer none): shown between dpt_cli_begin_progress() and
 *   dpt_cli_end_progress().
 */
DptProgress *
dpt_cli_get_progress (DptCli *self)
{
  return self->progress;
}

static void
write_text (DptCli *self)
{
  if (self->output_error == NULL)
    g_output_stream_write_all (self->output, self->text->str, self->text->len,
                               NULL, NULL, &self->output_error);
  g_string_truncate (self->text, 0);
}

/* What a line quotes of a file may be anything but a line's end. */
static void
append_lines (DptCli *self, const char *text)
{
  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      g_autofree char *line = dpt_names_to_display (text, (gssize) length);

      g_string_append (self->text, line);
      text += length;
      if (*text == '\n')
        {
          g_string_append_c (self->text, '\n');
          text++;
        }
    }
}

/**
 * dpt_cli_print:
 * @self: what the commands share
 * @format: as for printf()
 * @...: its arguments
 *
 * Prints lines of text, escaped where they are not printable, to standard
 * output; dpt_cli_finish() tells whether it arrived.
 */
void
dpt_cli_print (DptCli *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  append_lines (self, text);

  if (self->text->len >= FLUSH_SIZE)
    write_text (self);
}

/**
 * dpt_cli_print_bytes:
 * @self: what the commands share
 * @bytes: what to print as it is
 */
void
dpt_cli_print_bytes (DptCli *self, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_string_append_len (self->text, data, (gssize) size);
  write_text (self);
}

/**
 * dpt_cli_warn:
 * @self: what the commands share
 * @message: a sentence that begins with where
 *
 * Prints to standard error, where it disturbs no document.
 */
void
dpt_cli_warn (DptCli *self, const char *message)
{
  g_autofree char *shown = dpt_names_to_display (message, -1);

  dpt_cli_end_progress (self);
  fprintf (stderr, "diptych-cli: warning: %s\n", shown);
}

/* A reader that went away has seen enough: no error, and the exit status is
 * what it would have been. */
static gboolean
pass_output_error (const GError *output_error, GError **error)
{
  if (output_error == NULL ||
      g_error_matches (output_error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return TRUE;

  g_propagate_prefixed_error (error, g_error_copy (output_error),
                              "standard output: ");
  return FALSE;
}

/**
 * dpt_cli_begin_json:
 * @self: what the commands share
 *
 * Returns: (transfer full): a writer inside the document's object, after its
 *   first member.
 */
DptJsonWriter *
dpt_cli_begin_json (DptCli *self)
{
  DptJsonWriter *writer = dpt_json_writer_new (self->output);

  dpt_json_writer_begin_object (writer);
  dpt_json_writer_name (writer, "diptych");
  dpt_json_writer_int (writer, 1);
  return writer;
}

/**
 * dpt_cli_end_json:
 * @self: what the commands share
 * @writer: the writer of dpt_cli_begin_json()
 * @error: that the document could not be written
 *
 * Returns: whether it was written, or its reader has gone.
 */
gboolean
dpt_cli_end_json (DptCli *self, DptJsonWriter *writer, GError **error)
{
  g_autoptr (GError) output_error = NULL;

  dpt_json_writer_end_object (writer);
  dpt_json_writer_finish (writer, &output_error);
  return pass_output_error (output_error, error);
}

/**
 * dpt_cli_finish:
 * @self: what the commands share
 * @error: that the text could not be written
 *
 * Writes what was printed and is not written yet.
 *
 * Returns: whether all of it was written, or its reader has gone.
 */
gboolean
dpt_cli_finish (DptCli *self, GError **error)
{
  write_text (self);
  return pass_output_error (self->output_error, error);
}

static void
draw_progress (DptCli *self)
{
  g_autofree char *step = dpt_progress_dup_step (self->progress);

  if (step == NULL || *step == '\0')
    return;

  fprintf (stderr, "\r\033[K%s %3.0f %%", step,
           100.0 * dpt_progress_get_fraction (self->progress));
  fflush (stderr);
}

static gpointer
progress_thread (gpointer data)
{
  DptCli *self = data;

  g_mutex_lock (&self->progress_lock);
  while (!self->progress_stop)
    {
      gint64 until = g_get_monotonic_time () + PROGRESS_INTERVAL;

      if (!g_cond_wait_until (&self->progress_ended, &self->progress_lock,
                              until))
        draw_progress (self);
    }
  g_mutex_unlock (&self->progress_lock);

  fputs ("\r\033[K", stderr);
  fflush (stderr);
  return NULL;
}

/**
 * dpt_cli_begin_progress:
 * @self: what the commands share
 *
 * From now on a line on standard error follows the progress, if that is a
 * terminal.
 */
void
dpt_cli_begin_progress (DptCli *self)
{
  if (self->progress_thread != NULL || !isatty (STDERR_FILENO))
    return;

  self->progress_stop = FALSE;
  self->progress_thread = g_thread_new ("dpt-cli-progress", progress_thread,
                                        self);
}

/**
 * dpt_cli_end_progress:
 * @self: what the commands share
 *
 * Clears the line of progress, so that other output begins on a line of its
 * own.  Does nothing without one.
 */
void
dpt_cli_end_progress (DptCli *self)
{
  if (self->progress_thread == NULL)
    return;

  g_mutex_lock (&self->progress_lock);
  self->progress_stop = TRUE;
  g_cond_signal (&self->progress_ended);
  g_mutex_unlock (&self->progress_lock);
  g_clear_pointer (&self->progress_thread, g_thread_join);
}

/**
 * dpt_cli_compile_regex:
 * @pattern: (nullable): what --match was given
 * @error: what is wrong with it: #DPT_CLI_ERROR_USAGE
 *
 * Keys are bytes, so the expression matches bytes.
 *
 * Returns: (transfer full) (nullable): the expression; %NULL without @pattern.
 */
GRegex *
dpt_cli_compile_regex (const char *pattern, GError **error)
{
  g_autoptr (GError) regex_error = NULL;
  GRegex *regex;

  if (pattern == NULL)
    return NULL;

  regex = g_regex_new (pattern, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0,
                       &regex_error);
  if (regex == NULL)
    g_set_error (error, DPT_CLI_ERROR, DPT_CLI_ERROR_USAGE,
                 "--match: expected a regular expression, found '%s': %s",
                 pattern, regex_error->message);

  return regex;
}
