/* dptk-reference.h - the slow twins: plainly right, in double, for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A twin of an elementwise kernel is a function of real numbers; the twins of
 * the larger families take the same description of the work as the kernels,
 * with all arrays in double.
 */

#pragma once

#include "dptk.h"

bool dptk_reference_unary (const char *name, double x, double *y);
bool dptk_reference_binary (const char *name, double a, double b, double *y);
void dptk_reference_difference (DptkDtype dtype, const DptkDifference *self);
void dptk_reference_moments (DptkDtype dtype, const DptkMoments *self);
void dptk_reference_histogram (DptkDtype dtype,
                               const void *data,
                               size_t n,
                               double low,
                               double high,
                               size_t n_bins,
                               uint64_t *bins);
