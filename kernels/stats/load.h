/* load.h - blocks of any dtype as double, for the kernels of this folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * load_<dtype> (x, y, n) writes the n elements of x to y as double: exactly,
 * but for 64-bit integers beyond 2^53, which are rounded.  A complex element
 * becomes two numbers.  n is at most BLOCK.
 */

#pragma once

#include "dptk.h"

/* Elements that go through the first-level cache at once, and elements of a
 * tile, which is one worker's piece. */
#define BLOCK 512
#define TILE  65536
#define LANES 8

/* Sums are made in eight lanes, which a variant fills with vectors of its own
 * width: all of them add in the same order and give the same bits. */
typedef double Doubles_portable __attribute__ ((vector_size (16), may_alias));
typedef int64_t Longs_portable __attribute__ ((vector_size (16), may_alias));
typedef double Doubles_avx2 __attribute__ ((vector_size (32), may_alias));
typedef int64_t Longs_avx2 __attribute__ ((vector_size (32), may_alias));
typedef double Doubles_avx512 __attribute__ ((vector_size (64), may_alias));
typedef int64_t Longs_avx512 __attribute__ ((vector_size (64), may_alias));

/* Numbers of a vector; arrays of lanes are aligned to the widest. */
#define WIDTH(variant) (sizeof (Doubles_##variant) / sizeof (double))
#define LANE_ALIGNED   _Alignas(64)

/* The parts of `yes` where `mask` is set, else those of `no`. */
#define CHOOSE(variant, mask, yes, no)                       \
  ((Doubles_##variant) (((Longs_##variant) (yes) & (mask)) | \
                        ((Longs_##variant) (no) & ~(mask))))

#define INLINE static inline __attribute__ ((always_inline, unused))

#define TARGET_portable
#define TARGET_avx2 __attribute__ ((target ("avx2")))
#define TARGET_avx512 \
  __attribute__ ((target ("avx512f,avx512bw,avx512dq,avx512vl")))

/* Fills the lanes behind the last number. */
INLINE void
pad (double *numbers, size_t n, double value)
{
  for (; n % LANES != 0; n++)
    numbers[n] = value;
}

#define DEFINE_LOAD(name, T, parts)                                  \
  INLINE void load_##name (const T *x, double *restrict y, size_t n) \
  {                                                                  \
    for (size_t i = 0; i < (parts) *n; i++)                          \
      y[i] = (double) x[i];                                          \
  }

DEFINE_LOAD (f32, float, 1)
DEFINE_LOAD (f64, double, 1)
DEFINE_LOAD (i8, int8_t, 1)
DEFINE_LOAD (u8, uint8_t, 1)
DEFINE_LOAD (i16, int16_t, 1)
DEFINE_LOAD (u16, uint16_t, 1)
DEFINE_LOAD (i32, int32_t, 1)
DEFINE_LOAD (u32, uint32_t, 1)
DEFINE_LOAD (i64, int64_t, 1)
DEFINE_LOAD (u64, uint64_t, 1)
DEFINE_LOAD (c64, float, 2)
DEFINE_LOAD (c128, double, 2)

#define DEFINE_LOAD_HALF(name, dtype)                                       \
  INLINE void load_##name (const uint16_t *x, double *restrict y, size_t n) \
  {                                                                         \
    float wide[BLOCK];                                                      \
                                                                            \
    dptk_widen (dtype, x, wide, n);                                         \
    load_f32 (wide, y, n);                                                  \
  }

DEFINE_LOAD_HALF (f16, DPTK_F16)
DEFINE_LOAD_HALF (bf16, DPTK_BF16)

/* Expands KERNEL (dtype, T, numbers of an element, function, variant) for
 * every row that a kernel of this folder has in the table. */
#define FOREACH_PORTABLE(KERNEL, stem)              \
  KERNEL (f32, float, 1, stem##_f32, portable)      \
  KERNEL (f64, double, 1, stem##_f64, portable)     \
  KERNEL (f16, uint16_t, 1, stem##_f16, portable)   \
  KERNEL (bf16, uint16_t, 1, stem##_bf16, portable) \
  KERNEL (i8, int8_t, 1, stem##_i8, portable)       \
  KERNEL (u8, uint8_t, 1, stem##_u8, portable)      \
  KERNEL (i16, int16_t, 1, stem##_i16, portable)    \
  KERNEL (u16, uint16_t, 1, stem##_u16, portable)   \
  KERNEL (i32, int32_t, 1, stem##_i32, portable)    \
  KERNEL (u32, uint32_t, 1, stem##_u32, portable)   \
  KERNEL (i64, int64_t, 1, stem##_i64, portable)    \
  KERNEL (u64, uint64_t, 1, stem##_u64, portable)   \
  KERNEL (c64, float, 2, stem##_c64, portable)      \
  KERNEL (c128, double, 2, stem##_c128, portable)

#if defined(__x86_64__)
#define FOREACH_VARIANT(KERNEL, stem)               \
  KERNEL (f32, float, 1, stem##_f32_avx2, avx2)     \
  KERNEL (f64, double, 1, stem##_f64_avx2, avx2)    \
  KERNEL (f32, float, 1, stem##_f32_avx512, avx512) \
  KERNEL (f64, double, 1, stem##_f64_avx512, avx512)
#define FOREACH_WIDTH(LOOPS) LOOPS (portable) LOOPS (avx2) LOOPS (avx512)
#else
#define FOREACH_VARIANT(KERNEL, stem)
#define FOREACH_WIDTH(LOOPS) LOOPS (portable)
#endif
