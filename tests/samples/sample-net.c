/* sample-net.c - the network of the bundled comparison
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DigitNet reads 28 x 28 grey images: two convolutions, three residual blocks,
 * a 1 x 1 convolution, the mean over the image, ten classes.  Every
 * convolution is followed by batch normalisation.  About 63,000 weights: small
 * enough to lie in the source tree, large enough to be looked at.
 *
 *   images [n,28,28,1] > 1a > 2a > pool > block x 3 > 3a > pool > mean
 *     > logits > softmax [n,10]
 *
 * The weights were never trained: He-normal kernels, and statistics in the
 * range that training leaves.
 */

#include "sample-net.h"

#include "sample-graph.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *scope;
  const char *path;
  int size;
  int in;
  int out;
} SampleConv;

static const SampleConv convs[] = {
  { "Conv2d_1a_3x3", "conv_1a", 3, 1, 16 },
  { "Conv2d_2a_3x3", "conv_2a", 3, 16, 32 },
  { "Repeat/block_1/Conv2d_a_3x3", "blocks/0/conv_a", 3, 32, 32 },
  { "Repeat/block_1/Conv2d_b_3x3", "blocks/0/conv_b", 3, 32, 32 },
  { "Repeat/block_2/Conv2d_a_3x3", "blocks/1/conv_a", 3, 32, 32 },
  { "Repeat/block_2/Conv2d_b_3x3", "blocks/1/conv_b", 3, 32, 32 },
  { "Repeat/block_3/Conv2d_a_3x3", "blocks/2/conv_a", 3, 32, 32 },
  { "Repeat/block_3/Conv2d_b_3x3", "blocks/2/conv_b", 3, 32, 32 },
  { "Conv2d_3a_1x1", "conv_3a", 1, 32, 64 },
};

#define N_CLASSES    10
#define LAST_FILTERS 64

/* --- Weights ------------------------------------------------------------- */

/* Marsaglia's xorshift64*: any sequence will do, as long as it is always the
 * same. */
static double
next_uniform (guint64 *state)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return (double) ((*state * G_GUINT64_CONSTANT (2685821657736338717)) >> 11) /
         9007199254740992.0;
}

/* The sum of twelve uniform numbers is close enough to a normal one, and needs
 * no function whose last bit differs between machines. */
static double
next_normal (guint64 *state)
{
  double sum = -6.0;

  for (int i = 0; i < 12; i++)
    sum += next_uniform (state);
  return sum;
}

static SampleVariable *
add_variable (GPtrArray *variables,
              guint64 *state,
              char *name,
              char *path,
              gboolean trainable,
              double mean,
              double deviation,
              guint rank,
              const gint64 *dims)
{
  SampleVariable *self = g_new0 (SampleVariable, 1);

  self->name = name;
  self->path = path;
  self->full_name = g_strdup (name);
  self->trainable = trainable;
  self->rank = rank;
  self->count = 1;
  for (guint i = 0; i < rank; i++)
    {
      self->dims[i] = dims[i];
      self->count *= (gsize) dims[i];
    }

  self->before = g_new (float, self->count);
  for (gsize i = 0; i < self->count; i++)
    self->before[i] = (float) (mean + deviation * next_normal (state));
  self->after = g_memdup2 (self->before, self->count * sizeof (float));

  g_ptr_array_add (variables, self);
  return self;
}

static void
add_conv (GPtrArray *variables, guint64 *state, const SampleConv *conv)
{
  static const struct
  {
    const char *name;
    gboolean trainable;
    double mean, deviation;
  } statistics[] = {
    { "beta", TRUE, 0.0, 0.1 },
    { "gamma", TRUE, 1.0, 0.1 },
    { "moving_mean", FALSE, 0.0, 0.3 },
    { "moving_variance", FALSE, 1.5, 0.15 },
  };
  const gint64 kernel[] = { conv->size, conv->size, conv->in, conv->out };
  const gint64 channels[] = { conv->out };
  const double fan_in = (double) conv->size * conv->size * conv->in;

  add_variable (variables, state,
                g_strdup_printf ("DigitNet/%s/weights", conv->scope),
                g_strdup_printf ("%s/kernel", conv->path), TRUE, 0.0,
                sqrt (2.0 / fan_in), 4, kernel);

  for (gsize i = 0; i < G_N_ELEMENTS (statistics); i++)
    add_variable (variables, state,
                  g_strdup_printf ("DigitNet/%s/BatchNorm/%s", conv->scope,
                                   statistics[i].name),
                  g_strdup_printf ("%s/bn/%s", conv->path, statistics[i].name),
                  statistics[i].trainable, statistics[i].mean,
                  statistics[i].deviation, 1, channels);
}

static SampleVariable *
find_variable (GPtrArray *variables, const char *path)
{
  for (guint i = 0; i < variables->len; i++)
    {
      SampleVariable *variable = g_ptr_array_index (variables, i);

      if (strcmp (variable->path, path) == 0)
        return variable;
    }
  g_assert_not_reached ();
}

/* What went wrong on the way: three filters of one kernel were scaled (the
 * planted difference), and one variance was computed in another order, so that
 * every third value is one unit in the last place off. */
static void
plant_differences (GPtrArray *variables)
{
  static const int filters[] = { 5, 17, 29 };
  SampleVariable *kernel = find_variable (variables, "blocks/1/conv_a/kernel");
  SampleVariable *variance = find_variable (variables,
                                            "conv_3a/bn/moving_variance");
  const gsize n_filters = (gsize) kernel->dims[3];

  for (gsize i = 0; i < kernel->count; i++)
    for (gsize f = 0; f < G_N_ELEMENTS (filters); f++)
      if (i % n_filters == (gsize) filters[f])
        kernel->after[i] *= 1.25f;

  for (gsize i = 0; i < variance->count; i += 3)
    variance->after[i] = nextafterf (variance->after[i], INFINITY);
}

static void
variable_free (gpointer data)
{
  SampleVariable *self = data;

  g_free (self->name);
  g_free (self->path);
  g_free (self->full_name);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

GPtrArray *
sample_net_variables (void)
{
  GPtrArray *variables = g_ptr_array_new_with_free_func (variable_free);
  const gint64 weights[] = { LAST_FILTERS, N_CLASSES };
  const gint64 biases[] = { N_CLASSES };
  guint64 state = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  SampleVariable *variable;

  for (gsize i = 0; i < G_N_ELEMENTS (convs); i++)
    add_conv (variables, &state, &convs[i]);

  /* The last layer was rewritten by hand, and its variables got new names:
   * here the object graph does not help. */
  variable = add_variable (variables, &state,
                           g_strdup ("DigitNet/Logits/weights"),
                           g_strdup ("logits/kernel"), TRUE, 0.0,
                           sqrt (1.0 / LAST_FILTERS), 2, weights);
  g_free (variable->full_name);
  variable->full_name = g_strdup ("logits/kernel");
  variable = add_variable (variables, &state,
                           g_strdup ("DigitNet/Logits/biases"),
                           g_strdup ("logits/bias"), TRUE, 0.0, 0.05, 1,
                           biases);
  g_free (variable->full_name);
  variable->full_name = g_strdup ("logits/bias");

  plant_differences (variables);
  return variables;
}

/* --- The forward pass ---------------------------------------------------- */

typedef struct
{
  SampleStyle style;
  GPtrArray *variables;
  guint next_variable;
  GPtrArray *nodes;
} SampleEmitter;

char *
sample_net_argument (const SampleVariable *variable)
{
  g_autofree char *flat = g_strdelimit (g_strdup (variable->path), "/", '_');

  return g_strconcat (flat, "_resource", NULL);
}

static char *
node_name (SampleEmitter *self,
           const char *scope,
           const char *path,
           const char *leaf)
{
  if (self->style == SAMPLE_STYLE_TF2)
    return g_strdup_printf ("%s/%s", path, leaf);
  return g_strdup_printf ("DigitNet/%s/%s", scope, leaf);
}

/* How others refer to output 0 of a node: by its name in a main graph, by
 * node, output argument and index in a function's body. */
static char *
output_of (SampleEmitter *self, const char *node, const char *argument)
{
  if (self->style == SAMPLE_STYLE_TF2)
    return g_strdup_printf ("%s:%s:0", node, argument);
  return g_strdup (node);
}

/* Takes the node; returns the reference to its output. */
static char *
add_node (SampleEmitter *self,
          GByteArray *node,
          const char *name,
          const char *argument)
{
  sample_node_attr (node, "T", sample_attr_type (SAMPLE_FLOAT));
  g_ptr_array_add (self->nodes, node);
  return output_of (self, name, argument);
}

/* Reads the next variable: "weights/read" of a reference variable, or a
 * ReadVariableOp of the function's argument. */
static char *
read_variable (SampleEmitter *self)
{
  SampleVariable *variable = g_ptr_array_index (self->variables,
                                                self->next_variable++);
  g_autofree char *name = NULL;
  GByteArray *node;

  if (self->style == SAMPLE_STYLE_TF2)
    {
      g_autofree char *argument = sample_net_argument (variable);

      name = g_strconcat (variable->path, "/ReadVariableOp", NULL);
      node = sample_node (name, "ReadVariableOp", argument, NULL);
      sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_FLOAT));
      g_ptr_array_add (self->nodes, node);
      return output_of (self, name, "value");
    }

  name = g_strconcat (variable->name, "/read", NULL);
  node = sample_node (variable->name, "VariableV2", NULL);
  sample_node_attr (node, "container", sample_attr_string (""));
  sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_FLOAT));
  sample_node_attr (node, "shape",
                    sample_attr_shape (variable->dims, variable->rank));
  sample_node_attr (node, "shared_name", sample_attr_string (""));
  g_ptr_array_add (self->nodes, node);
  return add_node (self, sample_node (name, "Identity", variable->name, NULL),
                   name, "output");
}

static char *
emit_relu (SampleEmitter *self,
           const char *scope,
           const char *path,
           const char *input)
{
  g_autofree char *name = node_name (self, scope, path, "Relu");

  return add_node (self, sample_node (name, "Relu", input, NULL), name,
                   "activations");
}

static char *
emit_conv (SampleEmitter *self, const SampleConv *conv, const char *input)
{
  static const gint64 ones[] = { 1, 1, 1, 1 };
  const gboolean tf2 = self->style == SAMPLE_STYLE_TF2;
  const char *op = tf2 ? "FusedBatchNormV3" : "FusedBatchNorm";
  g_autofree char *conv_name = node_name (self, conv->scope, conv->path,
                                          "Conv2D");
  g_autofree char *norm_name = tf2 ? node_name (self, conv->scope, conv->path,
                                                "bn/FusedBatchNormV3")
                                   : node_name (self, conv->scope, conv->path,
                                                "BatchNorm/FusedBatchNorm");
  g_autofree char *kernel = read_variable (self);
  g_autofree char *beta = read_variable (self);
  g_autofree char *gamma = read_variable (self);
  g_autofree char *mean = read_variable (self);
  g_autofree char *variance = read_variable (self);
  g_autofree char *product = NULL;
  GByteArray *node;

  node = sample_node (conv_name, "Conv2D", input, kernel, NULL);
  sample_node_attr (node, "data_format", sample_attr_string ("NHWC"));
  sample_node_attr (node, "padding", sample_attr_string ("SAME"));
  sample_node_attr (node, "strides", sample_attr_ints (ones, 4));
  product = add_node (self, node, conv_name, "output");

  node = sample_node (norm_name, op, product, gamma, beta, mean, variance,
                      NULL);
  sample_node_attr (node, "data_format", sample_attr_string ("NHWC"));
  sample_node_attr (node, "epsilon", sample_attr_float (0.001f));
  sample_node_attr (node, "is_training", sample_attr_bool (FALSE));
  if (tf2)
    sample_node_attr (node, "U", sample_attr_type (SAMPLE_FLOAT));
  return add_node (self, node, norm_name, "y");
}

static char *
emit_pool (SampleEmitter *self,
           const char *scope,
           const char *path,
           const char *input)
{
  static const gint64 window[] = { 1, 2, 2, 1 };
  g_autofree char *name = node_name (self, scope, path, "MaxPool");
  GByteArray *node = sample_node (name, "MaxPool", input, NULL);

  sample_node_attr (node, "data_format", sample_attr_string ("NHWC"));
  sample_node_attr (node, "ksize", sample_attr_ints (window, 4));
  sample_node_attr (node, "padding", sample_attr_string ("VALID"));
  sample_node_attr (node, "strides", sample_attr_ints (window, 4));
  return add_node (self, node, name, "output");
}

/* x + conv_b (relu (conv_a (x))), then relu. */
static char *
emit_block (SampleEmitter *self, guint block, const char *input)
{
  const SampleConv *first = &convs[2 + 2 * block];
  g_autofree char *scope = g_strdup_printf ("Repeat/block_%u", block + 1);
  g_autofree char *path = g_strdup_printf ("blocks/%u", block);
  g_autofree char *name = node_name (self, scope, path, "add");
  g_autofree char *a = emit_conv (self, first, input);
  g_autofree char *relu = emit_relu (self, first->scope, first->path, a);
  g_autofree char *b = emit_conv (self, first + 1, relu);
  const char *op = self->style == SAMPLE_STYLE_TF2 ? "AddV2" : "Add";
  g_autofree char *sum = add_node (self, sample_node (name, op, input, b, NULL),
                                   name, "z");

  return emit_relu (self, scope, path, sum);
}

static char *
emit_conv_relu (SampleEmitter *self, guint index, const char *input)
{
  g_autofree char *product = emit_conv (self, &convs[index], input);

  return emit_relu (self, convs[index].scope, convs[index].path, product);
}

static char *
emit_mean (SampleEmitter *self, const char *input)
{
  static const gint32 axes[] = { 1, 2 };
  g_autofree char *name = node_name (self, "Pool", "pool", "Mean");
  g_autofree char *axes_name = node_name (self, "Pool", "pool",
                                          "Mean/reduction_indices");
  g_autofree char *indices = output_of (self, axes_name, "output");
  GByteArray *node = sample_node (axes_name, "Const", NULL);

  sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_INT32));
  sample_node_attr (node, "value", sample_attr_ints_tensor (axes, 2));
  g_ptr_array_add (self->nodes, node);

  node = sample_node (name, "Mean", input, indices, NULL);
  sample_node_attr (node, "Tidx", sample_attr_type (SAMPLE_INT32));
  sample_node_attr (node, "keep_dims", sample_attr_bool (FALSE));
  return add_node (self, node, name, "output");
}

static char *
emit_logits (SampleEmitter *self, const char *input)
{
  g_autofree char *matmul_name = node_name (self, "Logits", "logits", "MatMul");
  g_autofree char *bias_name = node_name (self, "Logits", "logits", "BiasAdd");
  g_autofree char *weights = read_variable (self);
  g_autofree char *biases = read_variable (self);
  g_autofree char *product = NULL;
  GByteArray *node = sample_node (matmul_name, "MatMul", input, weights, NULL);

  sample_node_attr (node, "transpose_a", sample_attr_bool (FALSE));
  sample_node_attr (node, "transpose_b", sample_attr_bool (FALSE));
  product = add_node (self, node, matmul_name, "product");

  node = sample_node (bias_name, "BiasAdd", product, biases, NULL);
  sample_node_attr (node, "data_format", sample_attr_string ("NHWC"));
  return add_node (self, node, bias_name, "output");
}

/* Replaces a reference by the next one. */
static void
advance (char **tensor, char *next)
{
  g_free (*tensor);
  *tensor = next;
}

GPtrArray *
sample_net_nodes (GPtrArray *variables, SampleStyle style)
{
  static const gint64 images[] = { -1, 28, 28, 1 };
  const gboolean tf2 = style == SAMPLE_STYLE_TF2;
  SampleEmitter self = {
    .style = style,
    .variables = variables,
    .nodes = g_ptr_array_new_with_free_func (
        (GDestroyNotify) g_byte_array_unref),
  };
  g_autofree char *tensor = g_strdup ("images");
  const char *name = tf2 ? "Softmax" : "DigitNet/Predictions";

  if (!tf2)
    {
      GByteArray *node = sample_node ("images", "Placeholder", NULL);

      sample_node_attr (node, "dtype", sample_attr_type (SAMPLE_FLOAT));
      sample_node_attr (node, "shape", sample_attr_shape (images, 4));
      g_ptr_array_add (self.nodes, node);
    }

  advance (&tensor, emit_conv_relu (&self, 0, tensor));
  advance (&tensor, emit_conv_relu (&self, 1, tensor));
  advance (&tensor, emit_pool (&self, "MaxPool_2a_2x2", "pool_2a", tensor));
  for (guint block = 0; block < 3; block++)
    advance (&tensor, emit_block (&self, block, tensor));
  advance (&tensor, emit_conv_relu (&self, G_N_ELEMENTS (convs) - 1, tensor));
  advance (&tensor, emit_pool (&self, "MaxPool_3a_2x2", "pool_3a", tensor));
  advance (&tensor, emit_mean (&self, tensor));
  advance (&tensor, emit_logits (&self, tensor));
  advance (&tensor,
           add_node (&self, sample_node (name, "Softmax", tensor, NULL), name,
                     "softmax"));
  if (tf2)
    advance (&tensor,
             add_node (&self,
                       sample_node ("Identity", "Identity", tensor, NULL),
                       "Identity", "output"));

  return self.nodes;
}
