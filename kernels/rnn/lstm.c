/* lstm.c - the gates of one step of an LSTM cell
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dptk.h"

#include <math.h>

/* gates: [batch, 4 * units], the product of [x, h] with the kernel, columns
 * in the order input, candidate, forget, output; bias: [4 * units].
 * cs_prev and all results: [batch, units]; peepholes: [units] or NULL.
 * A cell_clip of 0 or less does not clip (lstm_ops.cc). */
#define DEFINE_LSTM(suffix, T, exponential, hyperbolic)                    \
  static T sigmoid_##suffix (T x) { return 1 / (1 + exponential (-x)); }   \
                                                                           \
  static void lstm_tile_##suffix (void *data, size_t row, size_t worker)   \
  {                                                                        \
    const DptkLstmCell *self = data;                                       \
    size_t units = self->units, at = row * units;                          \
    const T *gates = (const T *) self->gates + row * 4 * units;            \
    const T *bias = self->bias, *cs_prev = (const T *) self->cs_prev + at; \
    const T *wci = self->wci, *wcf = self->wcf, *wco = self->wco;          \
    T clip = (T) self->cell_clip;                                          \
                                                                           \
    (void) worker;                                                         \
    for (size_t u = 0; u < units; u++)                                     \
      {                                                                    \
        T in = gates[u] + bias[u];                                         \
        T candidate = gates[units + u] + bias[units + u];                  \
        T forget = gates[2 * units + u] + bias[2 * units + u] +            \
                   (T) self->forget_bias;                                  \
        T out = gates[3 * units + u] + bias[3 * units + u];                \
        T cs, co;                                                          \
                                                                           \
        if (wci != NULL)                                                   \
          {                                                                \
            in += cs_prev[u] * wci[u];                                     \
            forget += cs_prev[u] * wcf[u];                                 \
          }                                                                \
        in = sigmoid_##suffix (in);                                        \
        candidate = hyperbolic (candidate);                                \
        forget = sigmoid_##suffix (forget);                                \
        cs = candidate * in + cs_prev[u] * forget;                         \
        if (clip > 0)                                                      \
          cs = cs > clip ? clip : cs < -clip ? -clip : cs;                 \
        if (wco != NULL)                                                   \
          out += cs * wco[u];                                              \
        out = sigmoid_##suffix (out);                                      \
        co = hyperbolic (cs);                                              \
                                                                           \
        ((T *) self->i)[at + u] = in;                                      \
        ((T *) self->cs)[at + u] = cs;                                     \
        ((T *) self->f)[at + u] = forget;                                  \
        ((T *) self->o)[at + u] = out;                                     \
        ((T *) self->ci)[at + u] = candidate;                              \
        ((T *) self->co)[at + u] = co;                                     \
        ((T *) self->h)[at + u] = out * co;                                \
      }                                                                    \
  }                                                                        \
                                                                           \
  void dptk_lstm_cell_##suffix (const DptkLstmCell *self,                  \
                                const DptkParallel *parallel)              \
  {                                                                        \
    dptk_parallel_run (parallel, self->batch, lstm_tile_##suffix,          \
                       (void *) self);                                     \
  }

DEFINE_LSTM (f32, float, expf, tanhf)
DEFINE_LSTM (f64, double, exp, tanh)
