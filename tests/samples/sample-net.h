/* sample-net.h - the network of the bundled comparison
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A variable under its three names, with its value before and after the
 * migration: row-major float32. */
typedef struct
{
  char *name;      /* TF1: "DigitNet/Conv2d_1a_3x3/weights" */
  char *path;      /* TF2: "conv_1a/kernel" */
  char *full_name; /* what the TF2 object graph calls it */
  guint rank;
  gint64 dims[4];
  gboolean trainable;
  gsize count;
  float *before;
  float *after;
} SampleVariable;

/* (element-type SampleVariable): in the order in which they are created. */
GPtrArray *sample_net_variables (void) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the forward pass as NodeDefs, in the words of one side: the main
 * graph of a TF1 MetaGraph, or the body of a TF2 function whose arguments are
 * the images and then one resource for each variable. */
typedef enum
{
  SAMPLE_STYLE_TF1,
  SAMPLE_STYLE_TF2,
} SampleStyle;

GPtrArray *sample_net_nodes (GPtrArray *variables,
                             SampleStyle style) G_GNUC_WARN_UNUSED_RESULT;
char *
sample_net_argument (const SampleVariable *variable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
