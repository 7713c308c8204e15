/* test-answer.c - what the verdicts of all rows together say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "test-answer"

#include "dpt-answer.h"

#include "dpt-test.h"

static void
test_answers (void)
{
  static const struct
  {
    guint counts[DPT_N_VERDICTS];
    DptAnswer answer;
    int exit_status;
    const char *sentence;
  } cases[] = {
    { { 0 }, DPT_ANSWER_SAME, 0, "The same: neither has a key." },
    { { [DPT_VERDICT_IDENTICAL] = 3 },
      DPT_ANSWER_SAME,
      0,
      "The same: 3 identical." },
    { { [DPT_VERDICT_IDENTICAL] = 3, [DPT_VERDICT_CLOSE] = 1 },
      DPT_ANSWER_CLOSE,
      0,
      "The same within the tolerance: 1 close, 3 identical." },
    { { [DPT_VERDICT_CLOSE] = 1, [DPT_VERDICT_ONLY_LEFT] = 1 },
      DPT_ANSWER_DIFFERENT,
      1,
      "Not the same: 1 only-left, 1 close." },
    { { [DPT_VERDICT_ONLY_RIGHT] = 1 },
      DPT_ANSWER_DIFFERENT,
      1,
      "Not the same: 1 only-right." },
    { { [DPT_VERDICT_SHAPE] = 1 },
      DPT_ANSWER_DIFFERENT,
      1,
      "Not the same: 1 shape." },
    { { [DPT_VERDICT_DTYPE] = 1 },
      DPT_ANSWER_DIFFERENT,
      1,
      "Not the same: 1 dtype." },
    { { [DPT_VERDICT_UNREAD] = 1, [DPT_VERDICT_DIFFERENT] = 2 },
      DPT_ANSWER_UNREAD,
      2,
      "Not everything could be read: 1 unread, 2 different." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DptAnswer answer = dpt_answer_from_counts (cases[i].counts);
      g_autofree char *sentence = dpt_answer_to_sentence (answer,
                                                          cases[i].counts);

      g_assert_cmpint (answer, ==, cases[i].answer);
      g_assert_cmpint (dpt_answer_get_exit_status (answer), ==,
                       cases[i].exit_status);
      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answer/answers", test_answers);
  return g_test_run ();
}
