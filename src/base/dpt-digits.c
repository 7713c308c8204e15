/* dpt-digits.c - the shortest decimal digits that read back to the same value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A decimal number with as many digits as a type surely keeps (15 for double,
 * 6 for float) survives the way into the type and back.  So if a text of at
 * most that many digits exists, printing with that many finds it, with zeros
 * behind it; otherwise one digit after the other is added.  Subnormal numbers
 * keep fewer digits: for them, as for small types, the search starts at 1.
 */

#define G_LOG_DOMAIN "dpt-digits"

#include "dpt-digits.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Enough for every double. */
#define MAX_DIGITS 17

/* 0.digits x 10^point; no zeros at the end. */
typedef struct
{
  char digits[MAX_DIGITS + 2];
  int point;
} Decimal;

/* Reads "d.ddde[+-]x" as g_ascii_formatd() writes it. */
static void
decimal_read (Decimal *self, const char *text)
{
  const char *exponent = strchr (text, 'e');
  int n = 0;

  for (const char *c = text; c < exponent; c++)
    if (g_ascii_isdigit (*c))
      self->digits[n++] = *c;
  while (n > 1 && self->digits[n - 1] == '0')
    n--;
  self->digits[n] = '\0';
  self->point = (int) g_ascii_strtoll (exponent + 1, NULL, 10) + 1;
}

/* Adds one unit in the last of `n` digits. */
static void
decimal_increment (Decimal *self, int n)
{
  int i = n - 1;

  for (int k = (int) strlen (self->digits); k < n; k++)
    self->digits[k] = '0';
  while (i >= 0 && self->digits[i] == '9')
    i--;
  if (i < 0)
    {
      self->digits[0] = '1';
      self->digits[1] = '\0';
      self->point++;
      return;
    }
  self->digits[i]++;
  self->digits[i + 1] = '\0';
}

static gboolean
decimal_reads_back (const Decimal *self, double value, DptDigitsRound round)
{
  char text[64];
  double read;

  g_snprintf (text, sizeof text, "0.%se%d", self->digits, self->point);
  read = g_ascii_strtod (text, NULL);
  return (round != NULL ? round (read) : read) == value;
}

/* Finds the fewest digits, from `n_digits` on, that read back to the positive,
 * finite `value`. */
static void
decimal_find (Decimal *self, double value, int n_digits, DptDigitsRound round)
{
  int binary_exponent;
  gboolean lopsided = frexp (value, &binary_exponent) == 0.5;

  for (int n = n_digits; n <= MAX_DIGITS; n++)
    {
      char format[8];
      char text[64];

      g_snprintf (format, sizeof format, "%%.%de", n - 1);
      g_ascii_formatd (text, sizeof text, format, value);
      decimal_read (self, text);
      if (decimal_reads_back (self, value, round))
        return;

      /* Below a power of two numbers lie half as far apart as above it: the
       * nearest text may lie below and be lost, and the next one above be
       * good. */
      if (lopsided && g_ascii_strtod (text, NULL) < value)
        {
          decimal_increment (self, n);
          if (decimal_reads_back (self, value, round))
            return;
        }
    }
}

/* Plain digits between 1e-4 and 1e16, an exponent outside. */
static void
decimal_write (const Decimal *self, GString *text)
{
  int n = (int) strlen (self->digits);

  if (self->point > 16 || self->point < -3)
    {
      g_string_append_c (text, self->digits[0]);
      if (n > 1)
        g_string_append_printf (text, ".%s", self->digits + 1);
      g_string_append_printf (text, "e%+03d", self->point - 1);
    }
  else if (self->point <= 0)
    {
      g_string_append (text, "0.");
      for (int i = self->point; i < 0; i++)
        g_string_append_c (text, '0');
      g_string_append (text, self->digits);
    }
  else if (self->point >= n)
    {
      g_string_append (text, self->digits);
      for (int i = n; i < self->point; i++)
        g_string_append_c (text, '0');
    }
  else
    {
      g_string_append_len (text, self->digits, self->point);
      g_string_append_printf (text, ".%s", self->digits + self->point);
    }
}

static char *
print (double value, int n_digits, DptDigitsRound round, char *buffer)
{
  g_autoptr (GString) text = NULL;
  Decimal decimal;

  if (isnan (value))
    return strcpy (buffer, "nan");
  if (isinf (value))
    return strcpy (buffer, value < 0 ? "-inf" : "inf");
  if (value == 0)
    return strcpy (buffer, signbit (value) ? "-0.0" : "0");

  text = g_string_sized_new (DPT_DIGITS_SIZE);
  if (value < 0)
    g_string_append_c (text, '-');
  decimal_find (&decimal, fabs (value), n_digits, round);
  decimal_write (&decimal, text);
  g_assert (text->len < DPT_DIGITS_SIZE);
  return strcpy (buffer, text->str);
}

static double
round_to_float (double value)
{
  return (double) (float) value;
}

/**
 * dpt_digits_print_double:
 * @value: any number
 * @buffer: (out caller-allocates): %DPT_DIGITS_SIZE bytes
 *
 * Writes the fewest decimal digits that read back to @value: `0.1`, `1`,
 * `2.5e-07`.  NaN and the infinities are `nan`, `inf`, `-inf`; negative zero
 * is `-0.0`, because readers take `-0` for an integer and lose the sign.
 *
 * Returns: (transfer none): @buffer.
 */
char *
dpt_digits_print_double (double value, char *buffer)
{
  return print (value, fabs (value) < DBL_MIN ? 1 : DBL_DIG, NULL, buffer);
}

/**
 * dpt_digits_print_float:
 * @value: any number
 * @buffer: (out caller-allocates): %DPT_DIGITS_SIZE bytes
 *
 * As dpt_digits_print_double(), for digits that read back to the same float.
 *
 * Returns: (transfer none): @buffer.
 */
char *
dpt_digits_print_float (float value, char *buffer)
{
  return print ((double) value, fabsf (value) < FLT_MIN ? 1 : FLT_DIG,
                round_to_float, buffer);
}

/**
 * dpt_digits_print_rounded:
 * @value: a number that the narrower type holds exactly
 * @round: (scope call): rounds a double into the narrower type
 * @buffer: (out caller-allocates): %DPT_DIGITS_SIZE bytes
 *
 * As dpt_digits_print_double(), for a type that C has no name for.
 *
 * Returns: (transfer none): @buffer.
 */
char *
dpt_digits_print_rounded (double value, DptDigitsRound round, char *buffer)
{
  return print (value, 1, round, buffer);
}

/**
 * dpt_digits_group:
 * @count: how many
 * @buffer: (out caller-allocates): %DPT_DIGITS_SIZE bytes
 *
 * A count for people: "1,062".  For documents and files it is not meant.
 *
 * Returns: (transfer none): @buffer.
 */
char *
dpt_digits_group (guint64 count, char *buffer)
{
  char digits[DPT_DIGITS_SIZE];
  int length = g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, count);
  char *end = buffer;

  for (int i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        *end++ = ',';
      *end++ = digits[i];
    }
  *end = '\0';
  return buffer;
}
