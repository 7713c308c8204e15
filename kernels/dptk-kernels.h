/* dptk-kernels.h - the families of kernels, and their prototypes by the table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A family is a signature.  A kernel is one row of dptk-table.inc; from it
 * come the prototype below, the lookup, the test and the bench.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The element types that kernels know, under TensorFlow's numbers, so that
 * the engine needs no translation. */
typedef enum
{
  DPTK_NONE = 0,
  DPTK_F32 = 1,
  DPTK_F64 = 2,
  DPTK_I32 = 3,
  DPTK_U8 = 4,
  DPTK_I16 = 5,
  DPTK_I8 = 6,
  DPTK_C64 = 8,
  DPTK_I64 = 9,
  DPTK_BOOL = 10,
  DPTK_BF16 = 14,
  DPTK_U16 = 17,
  DPTK_C128 = 18,
  DPTK_F16 = 19,
  DPTK_U32 = 22,
  DPTK_U64 = 23,
} DptkDtype;

typedef enum
{
  DPTK_FAMILY_UNARY,
  DPTK_FAMILY_PARAMETRIC,
  DPTK_FAMILY_PREDICATE,
  DPTK_FAMILY_BINARY,
  DPTK_FAMILY_COMPARE,
  DPTK_FAMILY_SELECT,
  DPTK_FAMILY_WIDEN,
  DPTK_FAMILY_NARROW,
} DptkFamily;

/* y[i] = f (x[i]) for i < n.  x and y may be the same array. */
typedef void DptkUnaryKernel (const void *x, void *y, size_t n);

/* y[i] = f (x[i], parameter), as above. */
typedef void
DptkParametricKernel (const void *x, double parameter, void *y, size_t n);

/* y[i] = is (x[i]), one byte of 0 or 1 each. */
typedef void DptkPredicateKernel (const void *x, uint8_t *y, size_t n);

/* y[i] = f (a[i * a_step], b[i * b_step]); steps are in elements, 0 repeats
 * one element.  y may be a or b where that one's step is 1. */
typedef void DptkBinaryKernel (const void *a,
                               size_t a_step,
                               const void *b,
                               size_t b_step,
                               void *y,
                               size_t n);

/* As above, with one byte of 0 or 1 for each result. */
typedef void DptkCompareKernel (const void *a,
                                size_t a_step,
                                const void *b,
                                size_t b_step,
                                uint8_t *y,
                                size_t n);

/* y[i] = c[i * c_step] ? a[i * a_step] : b[i * b_step].  Rows are by element
 * width: U8, U16, U32, U64, C128 stand for 1, 2, 4, 8 and 16 bytes. */
typedef void DptkSelectKernel (const uint8_t *c,
                               size_t c_step,
                               const void *a,
                               size_t a_step,
                               const void *b,
                               size_t b_step,
                               void *y,
                               size_t n);

/* Half and bfloat16 to float (widen), float to half and bfloat16 (narrow);
 * a row's dtype is the narrow one. */
typedef void DptkWidenKernel (const void *x, void *y, size_t n);
typedef void DptkNarrowKernel (const void *x, void *y, size_t n);

/* What a row's family token means as a type. */
#define DPTK_TYPE_UNARY      DptkUnaryKernel
#define DPTK_TYPE_PARAMETRIC DptkParametricKernel
#define DPTK_TYPE_PREDICATE  DptkPredicateKernel
#define DPTK_TYPE_BINARY     DptkBinaryKernel
#define DPTK_TYPE_COMPARE    DptkCompareKernel
#define DPTK_TYPE_SELECT     DptkSelectKernel
#define DPTK_TYPE_WIDEN      DptkWidenKernel
#define DPTK_TYPE_NARROW     DptkNarrowKernel

#define DPTK_KERNEL(family, name, dtype, variant, function) \
  DPTK_TYPE_##family function;
#include "dptk-table.inc"
#undef DPTK_KERNEL

/* A kernel of any family; the caller casts it to its family's type. */
typedef void (*DptkKernel) (void);

typedef struct
{
  DptkFamily family;
  const char *name;
  DptkDtype dtype;
  DptkVariant variant;
  DptkKernel function;
} DptkRow;

const DptkRow *dptk_get_rows (size_t *n_rows);
DptkKernel dptk_find (DptkFamily family, const char *name, DptkDtype dtype);

/* The same with the family's type: DPTK_FIND (UNARY, "abs", DPTK_F32). */
#define DPTK_FIND(family, name, dtype) \
  ((DPTK_TYPE_##family *) dptk_find (DPTK_FAMILY_##family, name, dtype))

/* Dtypes as kernels see them. */
size_t dptk_dtype_get_width (DptkDtype dtype);
bool dptk_dtype_is_half (DptkDtype dtype);
void dptk_widen (DptkDtype dtype, const void *x, float *y, size_t n);
void dptk_narrow (DptkDtype dtype, const float *x, void *y, size_t n);

/* Elementwise work over whole arrays (elementwise/map.c). */
enum
{
  DPTK_MAX_RANK = 16,
  DPTK_MAX_OPERANDS = 3,
};

/* Dimensions from the last to the first, merged where possible; per
 * dimension one step in elements for each operand. */
typedef struct
{
  size_t rank;
  size_t n_operands;
  size_t n;
  size_t dims[DPTK_MAX_RANK];
  size_t steps[DPTK_MAX_RANK][DPTK_MAX_OPERANDS];
} DptkBroadcast;

void dptk_broadcast_init (DptkBroadcast *self,
                          size_t rank,
                          const size_t *result,
                          size_t n_operands,
                          const size_t *const *dims);
void dptk_map_unary (DptkUnaryKernel *kernel,
                     DptkDtype dtype,
                     const void *x,
                     void *y,
                     size_t n,
                     const DptkParallel *parallel);
void dptk_map_parametric (DptkParametricKernel *kernel,
                          DptkDtype dtype,
                          const void *x,
                          double parameter,
                          void *y,
                          size_t n,
                          const DptkParallel *parallel);
void dptk_map_predicate (DptkPredicateKernel *kernel,
                         DptkDtype dtype,
                         const void *x,
                         uint8_t *y,
                         size_t n,
                         const DptkParallel *parallel);
void dptk_map_binary (DptkBinaryKernel *kernel,
                      DptkDtype dtype,
                      const DptkBroadcast *plan,
                      const void *a,
                      const void *b,
                      void *y,
                      const DptkParallel *parallel);
void dptk_map_compare (DptkCompareKernel *kernel,
                       DptkDtype dtype,
                       const DptkBroadcast *plan,
                       const void *a,
                       const void *b,
                       uint8_t *y,
                       const DptkParallel *parallel);
void dptk_map_select (DptkSelectKernel *kernel,
                      size_t width,
                      const DptkBroadcast *plan,
                      const uint8_t *c,
                      const void *a,
                      const void *b,
                      void *y,
                      const DptkParallel *parallel);
