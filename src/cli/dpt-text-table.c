/* dpt-text-table.c - rows of words in aligned columns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-text-table"

#include "dpt-text-table.h"

#include <string.h>

#include "dpt-names.h"

#define GAP 2

struct _DptTextTable
{
  char *alignment;
  guint n_columns;
  GPtrArray *cells; /* (element-type utf8) row after row */
};

/**
 * dpt_text_table_new:
 * @alignment: one letter a column: l for left, r for right
 *
 * Returns: (transfer full): a table without rows.
 */
DptTextTable *
dpt_text_table_new (const char *alignment)
{
  DptTextTable *self = g_new0 (DptTextTable, 1);

  self->alignment = g_strdup (alignment);
  self->n_columns = (guint) strlen (alignment);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * dpt_text_table_free:
 * @self: (transfer full): a table
 */
void
dpt_text_table_free (DptTextTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self->alignment);
  g_free (self);
}

/**
 * dpt_text_table_add:
 * @self: a table
 * @cell: the next cell, any bytes; rows fill from left to right
 *
 * What a terminal would obey, or would not show, is written as an escape.
 */
void
dpt_text_table_add (DptTextTable *self, const char *cell)
{
  g_ptr_array_add (self->cells, dpt_names_to_display (cell, -1));
}

/**
 * dpt_text_table_take:
 * @self: a table
 * @cell: (transfer full): the next cell, as in dpt_text_table_add()
 */
void
dpt_text_table_take (DptTextTable *self, char *cell)
{
  dpt_text_table_add (self, cell);
  g_free (cell);
}

/* Columns on a terminal: wide letters take two, combining marks none. */
static gsize
text_width (const char *text)
{
  gsize width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

static void
append_cell (GString *line, const char *cell, gsize width, gboolean to_right)
{
  gsize padding = width - text_width (cell);

  if (!to_right)
    g_string_append (line, cell);
  for (gsize i = 0; i < padding; i++)
    g_string_append_c (line, ' ');
  if (to_right)
    g_string_append (line, cell);
}

/**
 * dpt_text_table_print:
 * @self: a table of whole rows
 * @cli: where to print
 *
 * Prints every row on a line of its own, without trailing blanks.
 */
void
dpt_text_table_print (DptTextTable *self, DptCli *cli)
{
  g_autofree gsize *widths = g_new0 (gsize, self->n_columns);
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < self->cells->len; i++)
    {
      gsize *width = &widths[i % self->n_columns];

      *width = MAX (*width, text_width (self->cells->pdata[i]));
    }

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;

      append_cell (line, self->cells->pdata[i], widths[column],
                   self->alignment[column] == 'r');

      if (column + 1 < self->n_columns)
        {
          g_string_append_printf (line, "%*s", GAP, "");
          continue;
        }

      while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate (line, line->len - 1);
      dpt_cli_print (cli, "%s\n", line->str);
      g_string_truncate (line, 0);
    }
}
