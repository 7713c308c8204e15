/* dpt-tap.c - who listens to a run's intermediate tensors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "dpt-tap"

#include "dpt-tap.h"

#include "dpt-op-context.h"

struct _DptTap
{
  gatomicrefcount ref_count;
  GRegex *pattern; /* (nullable): all nodes */
  DptTapFunc func;
  gpointer user_data;
};

/**
 * dpt_tap_new:
 * @pattern: (nullable): a regular expression; names in which it is found are
 *   wanted, %NULL wants all
 * @func: told of each output of a wanted node
 * @user_data: for @func
 *
 * Returns: (transfer full): a tap, or %NULL with %DPT_ENGINE_ERROR_ARGUMENT if
 *   @pattern is no regular expression.
 */
DptTap *
dpt_tap_new (const char *pattern,
             DptTapFunc func,
             gpointer user_data,
             GError **error)
{
  g_autoptr (GRegex) regex = NULL;
  DptTap *self;

  if (pattern != NULL)
    {
      g_autoptr (GError) local = NULL;

      regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, &local);
      if (regex == NULL)
        {
          g_set_error (error, DPT_ENGINE_ERROR, DPT_ENGINE_ERROR_ARGUMENT,
                       "'%s' is no regular expression: %s", pattern,
                       local->message);
          return NULL;
        }
    }

  self = g_new0 (DptTap, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->pattern = g_steal_pointer (&regex);
  self->func = func;
  self->user_data = user_data;

  return self;
}

/**
 * dpt_tap_ref:
 * @self: a tap
 *
 * Returns: (transfer full): @self.
 */
DptTap *
dpt_tap_ref (DptTap *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * dpt_tap_unref:
 * @self: (transfer full): a tap
 */
void
dpt_tap_unref (DptTap *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->pattern, g_regex_unref);
  g_free (self);
}

/**
 * dpt_tap_wants:
 * @self: a tap
 * @node: a node's full name
 *
 * Returns: whether its outputs are listened to.
 */
gboolean
dpt_tap_wants (DptTap *self, const char *node)
{
  return self->pattern == NULL || g_regex_match (self->pattern, node, 0, NULL);
}

/**
 * dpt_tap_tell:
 * @self: a tap
 * @node: a node's full name
 * @op: its op
 * @output: which output
 * @tensor: its value
 */
void
dpt_tap_tell (DptTap *self,
              const char *node,
              const char *op,
              guint output,
              DptTensor *tensor)
{
  self->func (node, op, output, tensor, self->user_data);
}
