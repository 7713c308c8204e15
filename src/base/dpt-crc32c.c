/* dpt-crc32c.c - CRC-32C (Castagnoli) and TensorFlow's masking of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The checksum is the remainder of the message, read as a polynomial over
 * GF(2) with the lowest bit of each byte first, divided by the reflected
 * polynomial 0x82F63B78; the register starts at and is finally xored with
 * 0xFFFFFFFF.  The register is linear in the message, so "append n zero
 * bytes" is a 32x32 matrix over GF(2): that is what joins the checksums of
 * neighbouring pieces in the fast path below.
 */

#define G_LOG_DOMAIN "dpt-crc32c"

#include "dpt-crc32c.h"

#include <string.h>

#if defined(__x86_64__)
#define HAVE_SSE42 1
#include <nmmintrin.h>
#endif

#define POLYNOMIAL 0x82f63b78u
#define MASK_DELTA 0xa282ead8u

/* table[k][b] is the register after byte b and k zero bytes. */
typedef struct
{
  guint32 slicing[8][256];
} Tables;

static const Tables *
get_tables (void)
{
  static Tables tables;
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint32 byte = 0; byte < 256; byte++)
        {
          guint32 crc = byte;

          for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
          tables.slicing[0][byte] = crc;
        }
      for (int k = 1; k < 8; k++)
        for (guint32 byte = 0; byte < 256; byte++)
          {
            guint32 crc = tables.slicing[k - 1][byte];

            tables.slicing[k][byte] = (crc >> 8) ^
                                      tables.slicing[0][crc & 0xff];
          }
      g_once_init_leave (&ready, 1);
    }

  return &tables;
}

/* Eight bytes a step; `state` is the raw register. */
static guint32
update_portable (guint32 state, const guint8 *bytes, gsize length)
{
  const Tables *t = get_tables ();

  for (; length >= 8; length -= 8, bytes += 8)
    {
      guint32 low, high;

      memcpy (&low, bytes, 4);
      memcpy (&high, bytes + 4, 4);
      low = GUINT32_FROM_LE (low) ^ state;
      high = GUINT32_FROM_LE (high);
      state = t->slicing[7][low & 0xff] ^ t->slicing[6][low >> 8 & 0xff] ^
              t->slicing[5][low >> 16 & 0xff] ^ t->slicing[4][low >> 24] ^
              t->slicing[3][high & 0xff] ^ t->slicing[2][high >> 8 & 0xff] ^
              t->slicing[1][high >> 16 & 0xff] ^ t->slicing[0][high >> 24];
    }
  for (; length > 0; length--, bytes++)
    state = (state >> 8) ^ t->slicing[0][(state ^ *bytes) & 0xff];

  return state;
}

#ifdef HAVE_SSE42

/* a * b mod the polynomial; bit 31 is the coefficient of x^0. */
static guint32
multiply (guint32 a, guint32 b)
{
  guint32 product = 0;

  for (guint32 bit = 0x80000000u; bit != 0; bit >>= 1)
    {
      if (a & bit)
        product ^= b;
      b = (b >> 1) ^ (b & 1 ? POLYNOMIAL : 0);
    }

  return product;
}

/* x^(8 * length) mod the polynomial: what `length` zero bytes multiply by. */
static guint32
zeros_operator (gsize length)
{
  guint32 result = 0x80000000u; /* x^0 */
  guint32 power = 0x00800000u;  /* x^8 */

  for (; length > 0; length >>= 1)
    {
      if (length & 1)
        result = multiply (power, result);
      power = multiply (power, power);
    }

  return result;
}

/* One crc32 instruction has a latency of three cycles and can start every
 * cycle, so three pieces of this size are summed side by side.  Both sizes
 * are multiples of 8; the long one makes the joining disappear, the short one
 * serves what is left. */
#define LONG_PIECE  8192
#define SHORT_PIECE 256

/* shifted[k][b]: byte k of the register, moved over one piece. */
typedef struct
{
  guint32 shifted[4][256];
} Shift;

static void
shift_init (Shift *shift, gsize piece)
{
  guint32 factor = zeros_operator (piece);

  for (int k = 0; k < 4; k++)
    for (guint32 byte = 0; byte < 256; byte++)
      shift->shifted[k][byte] = multiply (factor, byte << (8 * k));
}

static guint32
shift_apply (const Shift *shift, guint32 state)
{
  return shift->shifted[0][state & 0xff] ^
         shift->shifted[1][state >> 8 & 0xff] ^
         shift->shifted[2][state >> 16 & 0xff] ^ shift->shifted[3][state >> 24];
}

typedef struct
{
  Shift long_shift;
  Shift short_shift;
} Shifts;

static const Shifts *
get_shifts (void)
{
  static Shifts shifts;
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      shift_init (&shifts.long_shift, LONG_PIECE);
      shift_init (&shifts.short_shift, SHORT_PIECE);
      g_once_init_leave (&ready, 1);
    }

  return &shifts;
}

static inline guint64
load_u64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return value;
}

/* Three neighbouring pieces, summed side by side and joined. */
__attribute__ ((target ("sse4.2"))) static guint32
update_three (guint32 state,
              const guint8 *bytes,
              gsize piece,
              const Shift *shift)
{
  guint64 a = state;
  guint64 b = 0;
  guint64 c = 0;

  for (gsize i = 0; i < piece; i += 8)
    {
      a = _mm_crc32_u64 (a, load_u64 (bytes + i));
      b = _mm_crc32_u64 (b, load_u64 (bytes + piece + i));
      c = _mm_crc32_u64 (c, load_u64 (bytes + 2 * piece + i));
    }

  a = shift_apply (shift, (guint32) a) ^ b;
  return shift_apply (shift, (guint32) a) ^ (guint32) c;
}

__attribute__ ((target ("sse4.2"))) static guint32
update_sse42 (guint32 state, const guint8 *bytes, gsize length)
{
  const Shifts *shifts = get_shifts ();
  guint64 wide;

  for (; length >= 3 * LONG_PIECE;
       length -= 3 * LONG_PIECE, bytes += 3 * LONG_PIECE)
    state = update_three (state, bytes, LONG_PIECE, &shifts->long_shift);
  for (; length >= 3 * SHORT_PIECE;
       length -= 3 * SHORT_PIECE, bytes += 3 * SHORT_PIECE)
    state = update_three (state, bytes, SHORT_PIECE, &shifts->short_shift);

  wide = state;
  for (; length >= 8; length -= 8, bytes += 8)
    wide = _mm_crc32_u64 (wide, load_u64 (bytes));
  state = (guint32) wide;
  for (; length > 0; length--, bytes++)
    state = _mm_crc32_u8 (state, *bytes);

  return state;
}

#endif

/**
 * dpt_crc32c:
 * @bytes: (nullable): a message
 * @length: its length in bytes
 *
 * Returns: the unmasked CRC-32C of @bytes; 0 for an empty message.
 */
guint32
dpt_crc32c (const void *bytes, gsize length)
{
  return dpt_crc32c_extend (DPT_CRC32C_INIT, bytes, length);
}

/**
 * dpt_crc32c_extend:
 * @crc: the unmasked checksum of what came before, or %DPT_CRC32C_INIT
 * @bytes: (nullable): what follows
 * @length: its length in bytes
 *
 * Returns: the unmasked checksum of both together.
 */
guint32
dpt_crc32c_extend (guint32 crc, const void *bytes, gsize length)
{
#ifdef HAVE_SSE42
  if (__builtin_cpu_supports ("sse4.2"))
    return ~update_sse42 (~crc, bytes, length);
#endif
  return dpt_crc32c_extend_portable (crc, bytes, length);
}

/**
 * dpt_crc32c_extend_portable:
 * @crc: as for dpt_crc32c_extend()
 * @bytes: (nullable): as for dpt_crc32c_extend()
 * @length: as for dpt_crc32c_extend()
 *
 * The same result by tables alone: what runs on machines without the crc32
 * instruction, and the twin that the tests hold the fast path against.
 *
 * Returns: the unmasked checksum of both together.
 */
guint32
dpt_crc32c_extend_portable (guint32 crc, const void *bytes, gsize length)
{
  return ~update_portable (~crc, bytes, length);
}

/**
 * dpt_crc32c_mask:
 * @crc: an unmasked checksum
 *
 * TensorFlow stores checksums rotated and shifted by a constant, so that the
 * checksum of bytes that contain checksums is no special case.
 *
 * Returns: the masked checksum.
 */
guint32
dpt_crc32c_mask (guint32 crc)
{
  return (crc >> 15 | crc << 17) + MASK_DELTA;
}
