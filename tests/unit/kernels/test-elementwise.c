/* test-elementwise.c - elementwise kernels against their slow twins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-elementwise"

#include <math.h>
#include <string.h>

#include "dpt-test.h"
#include "dptk-reference.h"

/* Largest relative error that a dtype's kernels may have against the twin in
 * double: a few units in the last place of libm's float functions. */
static double
tolerance (DptkDtype dtype)
{
  return dtype == DPTK_F32 ? 1e-6 : dtype == DPTK_F64 ? 1e-13 : 0;
}

static gboolean
is_real (DptkDtype dtype)
{
  return dtype != DPTK_C64 && dtype != DPTK_C128 && dtype != DPTK_BOOL;
}

static double
get (DptkDtype dtype, const void *data, size_t i)
{
  switch ((int) dtype)
    {
    case DPTK_F32:
      return ((const float *) data)[i];
    case DPTK_F64:
      return ((const double *) data)[i];
    case DPTK_I8:
      return ((const int8_t *) data)[i];
    case DPTK_I16:
      return ((const int16_t *) data)[i];
    case DPTK_I32:
      return ((const int32_t *) data)[i];
    case DPTK_I64:
      return (double) ((const int64_t *) data)[i];
    case DPTK_U8:
      return ((const uint8_t *) data)[i];
    case DPTK_U16:
      return ((const uint16_t *) data)[i];
    case DPTK_U32:
      return ((const uint32_t *) data)[i];
    case DPTK_U64:
      return (double) ((const uint64_t *) data)[i];
    default:
      g_assert_not_reached ();
    }
}

static void
put (DptkDtype dtype, void *data, size_t i, double value)
{
  switch ((int) dtype)
    {
    case DPTK_F32:
      ((float *) data)[i] = (float) value;
      break;
    case DPTK_F64:
      ((double *) data)[i] = value;
      break;
    case DPTK_I8:
    case DPTK_U8:
      ((int8_t *) data)[i] = (int8_t) value;
      break;
    case DPTK_I16:
    case DPTK_U16:
      ((int16_t *) data)[i] = (int16_t) value;
      break;
    case DPTK_I32:
    case DPTK_U32:
      ((int32_t *) data)[i] = (int32_t) value;
      break;
    case DPTK_I64:
    case DPTK_U64:
      ((int64_t *) data)[i] = (int64_t) value;
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_float (DptkDtype dtype)
{
  return dtype == DPTK_F32 || dtype == DPTK_F64;
}

static gboolean
is_unsigned (DptkDtype dtype)
{
  return dtype == DPTK_U8 || dtype == DPTK_U16 || dtype == DPTK_U32 ||
         dtype == DPTK_U64;
}

/* Inputs small enough that no whole number overflows: then the twin in
 * double is exact for every dtype. */
static double
input (DptkDtype dtype, size_t i)
{
  double value = (double) ((i * 7 + 3) % 11) - 5;

  if (is_float (dtype))
    return value / 4 + 0.125;
  return is_unsigned (dtype) ? fabs (value) : value;
}

static void
check (const DptkRow *row, double ours, double twin)
{
  if (isnan (twin) && isnan (ours))
    return;
  if (fabs (ours - twin) <= tolerance (row->dtype) * fmax (fabs (twin), 1e-2) ||
      ours == twin)
    return;
  g_error ("%s dtype %d: %.17g, twin has %.17g", row->name, (int) row->dtype,
           ours, twin);
}

static void
test_unary (void)
{
  enum
  {
    N = 101
  };
  guint64 x[N], y[N];
  size_t n_rows, n_checked = 0;
  const DptkRow *rows = dptk_get_rows (&n_rows);

  for (size_t r = 0; r < n_rows; r++)
    {
      const DptkRow *row = &rows[r];
      double twin;

      if (row->family != DPTK_FAMILY_UNARY || !is_real (row->dtype) ||
          row->variant > dptk_cpu_get_variant () ||
          !dptk_reference_unary (row->name, 1, &twin))
        continue;

      for (size_t i = 0; i < N; i++)
        put (row->dtype, x, i, input (row->dtype, i));
      dptk_map_unary ((DptkUnaryKernel *) row->function, row->dtype, x, y, N,
                      NULL);
      for (size_t i = 0; i < N; i++)
        {
          dptk_reference_unary (row->name, get (row->dtype, x, i), &twin);
          check (row, get (row->dtype, y, i), twin);
        }
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >=, 90);
}

/* The twin of whole division truncates, or rounds down, as the name says. */
static double
twin_of_binary (const DptkRow *row, double a, double b)
{
  double twin;

  if (!dptk_reference_binary (row->name, a, b, &twin))
    return NAN;
  return strcmp (row->name, "div") == 0 && !is_float (row->dtype) ? trunc (twin)
                                                                  : twin;
}

static void
test_binary (void)
{
  static const size_t steps[][2] = { { 1, 1 }, { 1, 0 }, { 0, 1 }, { 2, 3 } };
  enum
  {
    N = 37
  };
  guint64 a[N * 3], b[N * 3], y[N];
  size_t n_rows, n_checked = 0;
  const DptkRow *rows = dptk_get_rows (&n_rows);

  for (size_t r = 0; r < n_rows; r++)
    {
      const DptkRow *row = &rows[r];
      gboolean is_compare = row->family == DPTK_FAMILY_COMPARE;
      double twin;

      if ((row->family != DPTK_FAMILY_BINARY && !is_compare) ||
          !is_real (row->dtype) || row->variant > dptk_cpu_get_variant () ||
          !dptk_reference_binary (row->name, 1, 1, &twin))
        continue;

      for (size_t i = 0; i < N * 3; i++)
        {
          double divisor = input (row->dtype, i * 5 + 1);

          /* An unsigned left side is never the smaller one. */
          put (row->dtype, a, i,
               is_unsigned (row->dtype) ? 9 + (double) (i % 5)
                                        : input (row->dtype, i));
          if (strcmp (row->name, "pow") == 0)
            divisor = (double) (i % 2);
          put (row->dtype, b, i,
               divisor == 0 && strcmp (row->name, "pow") != 0 ? 2 : divisor);
        }
      for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
        {
          size_t a_step = steps[s][0], b_step = steps[s][1];

          ((DptkBinaryKernel *) row->function) (a, a_step, b, b_step, y, N);
          for (size_t i = 0; i < N; i++)
            check (row,
                   is_compare ? ((uint8_t *) y)[i] : get (row->dtype, y, i),
                   twin_of_binary (row, get (row->dtype, a, i * a_step),
                                   get (row->dtype, b, i * b_step)));
        }
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >=, 150);
}

/* Numbers of a result's dimensions, and of both operands'. */
typedef struct
{
  size_t rank;
  size_t y[4], a[4], b[4];
} Shapes;

static size_t
product (size_t rank, const size_t *dims)
{
  size_t n = 1;

  for (size_t i = 0; i < rank; i++)
    n *= dims[i];
  return n;
}

/* The flat index into an operand, found the long way. */
static size_t
operand_index (size_t rank, const size_t *y, const size_t *x, size_t at)
{
  size_t index = 0, step = 1;

  for (size_t axis = rank; axis-- > 0;)
    {
      index += (x[axis] == 1 ? 0 : at % y[axis]) * step;
      step *= x[axis];
      at /= y[axis];
    }
  return index;
}

static void
test_broadcast (void)
{
  static const Shapes cases[] = {
    { 1, { 5 }, { 5 }, { 5 } },
    { 1, { 5 }, { 5 }, { 1 } },
    { 2, { 3, 4 }, { 3, 4 }, { 1, 4 } },
    { 2, { 3, 4 }, { 3, 1 }, { 1, 4 } },
    { 2, { 0, 4 }, { 0, 4 }, { 1, 4 } },
    { 3, { 2, 3, 4 }, { 2, 1, 4 }, { 1, 3, 1 } },
    { 4, { 2, 3, 4, 5 }, { 2, 3, 4, 5 }, { 1, 3, 1, 1 } },
    { 4, { 2, 3, 1, 5 }, { 1, 3, 1, 5 }, { 2, 1, 1, 5 } },
    { 4, { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1, 1, 1 } },
    { 3, { 40, 50, 60 }, { 40, 50, 60 }, { 1, 50, 1 } },
  };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      const Shapes *s = &cases[c];
      const size_t *dims[] = { s->a, s->b };
      size_t n = product (s->rank, s->y);
      g_autofree float *a = g_new (float, product (s->rank, s->a) + 1);
      g_autofree float *b = g_new (float, product (s->rank, s->b) + 1);
      g_autofree float *y = g_new (float, n + 1);
      DptkBroadcast plan;

      for (size_t i = 0; i < product (s->rank, s->a); i++)
        a[i] = (float) i;
      for (size_t i = 0; i < product (s->rank, s->b); i++)
        b[i] = (float) i * 1000;
      y[n] = -1;

      dptk_broadcast_init (&plan, s->rank, s->y, 2, dims);
      dptk_map_binary (DPTK_FIND (BINARY, "add", DPTK_F32), DPTK_F32, &plan, a,
                       b, y, NULL);
      for (size_t i = 0; i < n; i++)
        g_assert_cmpfloat (y[i], ==,
                           a[operand_index (s->rank, s->y, s->a, i)] +
                               b[operand_index (s->rank, s->y, s->b, i)]);
      g_assert_cmpfloat (y[n], ==, -1);
    }
}

/* Worked by hand from the layout of IEEE 754 binary16: 1 sign, 5 exponent
 * (bias 15) and 10 fraction bits. */
static void
test_half (void)
{
  static const struct
  {
    uint16_t half;
    float value;
  } exact[] = {
    { 0x0000, 0.0f },      { 0x8000, -0.0f },       { 0x3c00, 1.0f },
    { 0xc000, -2.0f },     { 0x7bff, 65504.0f },    { 0x0400, 0x1p-14f },
    { 0x0001, 0x1p-24f },  { 0x03ff, 0x3ffp-24f },  { 0x7c00, INFINITY },
    { 0xfc00, -INFINITY }, { 0x3555, 0x1.554p-2f },
  };
  static const struct
  {
    float value;
    uint16_t half;
  } rounded[] = {
    { 0x1.002p0f, 0x3c00 },  /* halfway, ties to even: down */
    { 0x1.006p0f, 0x3c02 },  /* halfway, ties to even: up */
    { 0x1.0021p0f, 0x3c01 }, /* just over halfway */
    { 65519.0f, 0x7bff },     { 65520.0f, 0x7c00 }, /* rounds to infinity */
    { 0x1p-25f, 0x0000 }, /* halfway to the least, to even */
    { 0x1.8p-25f, 0x0001 },   { 0x1.ffbp-15f, 0x03ff },
    { 0x1.ffcp-15f, 0x0400 }, /* halfway, into the normal numbers */
  };
  float wide;
  uint16_t half;

  for (guint i = 0; i < G_N_ELEMENTS (exact); i++)
    {
      dptk_widen (DPTK_F16, &exact[i].half, &wide, 1);
      g_assert_cmpfloat (wide, ==, exact[i].value);
      g_assert_cmpint (signbit (wide), ==, signbit (exact[i].value));
      dptk_narrow (DPTK_F16, &exact[i].value, &half, 1);
      g_assert_cmphex (half, ==, exact[i].half);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rounded); i++)
    {
      dptk_narrow (DPTK_F16, &rounded[i].value, &half, 1);
      g_assert_cmphex (half, ==, rounded[i].half);
    }

  wide = NAN;
  dptk_narrow (DPTK_F16, &wide, &half, 1);
  g_assert_cmphex (half & 0x7c00, ==, 0x7c00);
  g_assert_cmphex (half & 0x3ff, !=, 0);

  /* bfloat16 is the upper half of a float. */
  wide = 0x1.01p0f;
  dptk_narrow (DPTK_BF16, &wide, &half, 1);
  g_assert_cmphex (half, ==, 0x3f80);
  wide = 0x1.03p0f;
  dptk_narrow (DPTK_BF16, &wide, &half, 1);
  g_assert_cmphex (half, ==, 0x3f82);
}

/* Every half survives the way to float and back. */
static void
test_half_round_trip (void)
{
  for (guint bits = 0; bits < 0x10000; bits++)
    {
      uint16_t in = (uint16_t) bits, out;
      float wide;

      dptk_widen (DPTK_F16, &in, &wide, 1);
      if (isnan (wide))
        continue;
      dptk_narrow (DPTK_F16, &wide, &out, 1);
      g_assert_cmphex (out, ==, in);
    }
}

/* half through the float kernel, over more than one chunk: a difference
 * that float and half both hold exactly. */
static void
test_half_binary (void)
{
  enum
  {
    N = 1000
  };
  uint16_t a[N], b = 0x3c00, y[N];
  size_t n = N, one = 1;
  const size_t *dims[] = { &n, &one };
  DptkBroadcast plan;

  for (guint i = 0; i < N; i++)
    a[i] = (uint16_t) (0x3c00 + i);
  dptk_broadcast_init (&plan, 1, &n, 2, dims);
  dptk_map_binary (DPTK_FIND (BINARY, "sub", DPTK_F32), DPTK_F16, &plan, a, &b,
                   y, NULL);
  for (guint i = 0; i < N; i++)
    {
      float wide;

      dptk_widen (DPTK_F16, &y[i], &wide, 1);
      g_assert_cmpfloat (wide, ==, (float) i / 1024);
    }
}

static void
test_whole_numbers (void)
{
  gint32 a = G_MININT32, b = -1, y;
  gint32 c = -7, d = 2;

  DPTK_FIND (BINARY, "div", DPTK_I32) (&a, 1, &b, 1, &y, 1);
  g_assert_cmpint (y, ==, G_MININT32);
  DPTK_FIND (BINARY, "mod", DPTK_I32) (&a, 1, &b, 1, &y, 1);
  g_assert_cmpint (y, ==, 0);
  DPTK_FIND (BINARY, "floor_div", DPTK_I32) (&c, 1, &d, 1, &y, 1);
  g_assert_cmpint (y, ==, -4);
  DPTK_FIND (BINARY, "div", DPTK_I32) (&c, 1, &d, 1, &y, 1);
  g_assert_cmpint (y, ==, -3);
  DPTK_FIND (BINARY, "floor_mod", DPTK_I32) (&c, 1, &d, 1, &y, 1);
  g_assert_cmpint (y, ==, 1);
  DPTK_FIND (BINARY, "pow", DPTK_I32) (&c, 1, &d, 1, &y, 1);
  g_assert_cmpint (y, ==, 49);
}

static void
test_select (void)
{
  static const uint8_t c[] = { 1, 0, 1 };
  static const double a[] = { 1, 2, 3 };
  double b = -1, y[3];
  size_t n = 3, one = 1;
  const size_t *dims[] = { &n, &n, &one };
  DptkBroadcast plan;

  dptk_broadcast_init (&plan, 1, &n, 3, dims);
  dptk_map_select (DPTK_FIND (SELECT, "select", DPTK_U64), 8, &plan, c, a, &b,
                   y, NULL);
  g_assert_cmpfloat (y[0], ==, 1);
  g_assert_cmpfloat (y[1], ==, -1);
  g_assert_cmpfloat (y[2], ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elementwise/unary", test_unary);
  g_test_add_func ("/elementwise/binary", test_binary);
  g_test_add_func ("/elementwise/broadcast", test_broadcast);
  g_test_add_func ("/elementwise/half", test_half);
  g_test_add_func ("/elementwise/half-round-trip", test_half_round_trip);
  g_test_add_func ("/elementwise/half-binary", test_half_binary);
  g_test_add_func ("/elementwise/whole-numbers", test_whole_numbers);
  g_test_add_func ("/elementwise/select", test_select);
  return g_test_run ();
}
