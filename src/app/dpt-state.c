/* dpt-state.c - what the program remembers from one start to the next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One key file below XDG_STATE_HOME, written whole after each change:
 *
 *     [window]    width, height, style
 *     [recent-1]  left, right, left-weights, right-weights, verdict, n, time
 *     [recent-2]  ...
 *
 * The file is a convenience: what is missing, unknown or broken in it is
 * passed over, and a folder that cannot be written is no error.
 */

#define G_LOG_DOMAIN "dpt-state"

#include "dpt-state.h"

#define WINDOW     "window"
#define MAX_RECENT 8

struct _DptState
{
  GObject parent_instance;

  char *path;
  GKeyFile *file;
};

G_DEFINE_FINAL_TYPE (DptState, dpt_state, G_TYPE_OBJECT)

/**
 * dpt_recent_free:
 * @self: (nullable): a comparison
 */
void
dpt_recent_free (DptRecent *self)
{
  if (self == NULL)
    return;
  g_free (self->left);
  g_free (self->right);
  g_free (self->left_weights);
  g_free (self->right_weights);
  g_free (self->verdict);
  g_free (self);
}

static void
dpt_state_finalize (GObject *object)
{
  DptState *self = DPT_STATE (object);

  g_free (self->path);
  g_key_file_unref (self->file);

  G_OBJECT_CLASS (dpt_state_parent_class)->finalize (object);
}

static void
dpt_state_class_init (DptStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dpt_state_finalize;
}

static void
dpt_state_init (DptState *self)
{
  self->file = g_key_file_new ();
}

/**
 * dpt_state_new:
 * @path: the file to read, and to write after each change; it need not exist
 *
 * Returns: (transfer full): what it remembers.
 */
DptState *
dpt_state_new (const char *path)
{
  DptState *self = g_object_new (DPT_TYPE_STATE, NULL);

  self->path = g_strdup (path);
  if (!g_key_file_load_from_file (self->file, path, G_KEY_FILE_NONE, NULL))
    {
      g_key_file_unref (self->file);
      self->file = g_key_file_new ();
    }
  return self;
}

/**
 * dpt_state_dup_default_path:
 *
 * Returns: (transfer full): where the program keeps its file.
 */
char *
dpt_state_dup_default_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "diptych", "state", NULL);
}

static void
save (DptState *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (self->file, self->path, &error))
    g_debug ("nothing is remembered: %s", error->message);
}

/**
 * dpt_state_get_window_size:
 * @self: what is remembered
 * @width: (out): in pixels
 * @height: (out): in pixels
 *
 * Returns: %FALSE when none is remembered.
 */
gboolean
dpt_state_get_window_size (DptState *self, int *width, int *height)
{
  *width = g_key_file_get_integer (self->file, WINDOW, "width", NULL);
  *height = g_key_file_get_integer (self->file, WINDOW, "height", NULL);
  return *width > 0 && *height > 0;
}

/**
 * dpt_state_set_window_size:
 * @self: what is remembered
 * @width: in pixels
 * @height: in pixels
 */
void
dpt_state_set_window_size (DptState *self, int width, int height)
{
  g_key_file_set_integer (self->file, WINDOW, "width", width);
  g_key_file_set_integer (self->file, WINDOW, "height", height);
  save (self);
}

/**
 * dpt_state_dup_style:
 * @self: what is remembered
 *
 * Returns: (transfer full): "system", "light" or "dark".
 */
char *
dpt_state_dup_style (DptState *self)
{
  static const char *const known[] = { "light", "dark", NULL };
  g_autofree char *style = g_key_file_get_string (self->file, WINDOW, "style",
                                                  NULL);

  if (style != NULL && g_strv_contains (known, style))
    return g_steal_pointer (&style);
  return g_strdup ("system");
}

/**
 * dpt_state_set_style:
 * @self: what is remembered
 * @style: "system", "light" or "dark"
 */
void
dpt_state_set_style (DptState *self, const char *style)
{
  g_key_file_set_string (self->file, WINDOW, "style", style);
  save (self);
}

static void
group_name (char *name, gsize size, guint index)
{
  g_snprintf (name, size, "recent-%u", index + 1);
}

/**
 * dpt_state_list_recent:
 * @self: what is remembered
 *
 * Returns: (transfer full) (element-type DptRecent): the newest first.
 */
GPtrArray *
dpt_state_list_recent (DptState *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (
      (GDestroyNotify) dpt_recent_free);

  for (guint i = 0; i < MAX_RECENT; i++)
    {
      g_autoptr (DptRecent) recent = g_new0 (DptRecent, 1);
      char group[32];

      group_name (group, sizeof group, i);
      recent->left = g_key_file_get_string (self->file, group, "left", NULL);
      recent->right = g_key_file_get_string (self->file, group, "right", NULL);
      recent->left_weights = g_key_file_get_string (self->file, group,
                                                    "left-weights", NULL);
      recent->right_weights = g_key_file_get_string (self->file, group,
                                                     "right-weights", NULL);
      recent->verdict = g_key_file_get_string (self->file, group, "verdict",
                                               NULL);
      recent->n_verdict = (guint) g_key_file_get_uint64 (self->file, group, "n",
                                                         NULL);
      recent->time = g_key_file_get_int64 (self->file, group, "time", NULL);
      if (recent->left != NULL && recent->right != NULL)
        g_ptr_array_add (list, g_steal_pointer (&recent));
    }
  return list;
}

static void
put_string (GKeyFile *file,
            const char *group,
            const char *key,
            const char *text)
{
  if (text != NULL)
    g_key_file_set_string (file, group, key, text);
}

static void
put_recent (DptState *self, guint index, const DptRecent *recent)
{
  char group[32];

  group_name (group, sizeof group, index);
  g_key_file_remove_group (self->file, group, NULL);
  put_string (self->file, group, "left", recent->left);
  put_string (self->file, group, "right", recent->right);
  put_string (self->file, group, "left-weights", recent->left_weights);
  put_string (self->file, group, "right-weights", recent->right_weights);
  put_string (self->file, group, "verdict", recent->verdict);
  g_key_file_set_uint64 (self->file, group, "n", recent->n_verdict);
  g_key_file_set_int64 (self->file, group, "time", recent->time);
}

/**
 * dpt_state_add_recent:
 * @self: what is remembered
 * @recent: a comparison; it replaces an older one of the same paths
 */
void
dpt_state_add_recent (DptState *self, const DptRecent *recent)
{
  g_autoptr (GPtrArray) list = dpt_state_list_recent (self);
  guint n = 1;

  put_recent (self, 0, recent);
  for (guint i = 0; i < list->len && n < MAX_RECENT; i++)
    {
      const DptRecent *old = g_ptr_array_index (list, i);

      if (g_strcmp0 (old->left, recent->left) == 0 &&
          g_strcmp0 (old->right, recent->right) == 0)
        continue;
      put_recent (self, n++, old);
    }
  for (; n < MAX_RECENT; n++)
    {
      char group[32];

      group_name (group, sizeof group, n);
      g_key_file_remove_group (self->file, group, NULL);
    }
  save (self);
}
