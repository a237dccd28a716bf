/* labels: unit */
#include "check.h"

#include "budget.h"

/* Story 6 of the technician: F-L, 356 pulses; tones at 321 and 356, soft stop at 392, hard stop at 428. */
/* hazards: H36 */
static void zone_budget_of_the_story(void)
{
    static const fl_plan_budget budget = {321, 356, 392, 428};
    static const struct {
        int pulses;
        fl_budget_word word;
        bool more, more_with_reason;
    } rows[] = {
        {0, FL_BUDGET_GOOD, true, true},      {320, FL_BUDGET_GOOD, true, true},
        {321, FL_BUDGET_NOTICE, true, true},  {322, FL_BUDGET_GOOD, true, true},
        {356, FL_BUDGET_PLANNED, true, true}, {391, FL_BUDGET_GOOD, true, true},
        {392, FL_BUDGET_SOFT, false, true},   {427, FL_BUDGET_SOFT, false, true},
        {428, FL_BUDGET_HARD, false, false},  {100000, FL_BUDGET_HARD, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(fl_budget_at(&budget, rows[i].pulses) == rows[i].word, "word at %d", rows[i].pulses);
        CHECK(fl_budget_allows(&budget, rows[i].pulses, false) == rows[i].more, "one more after %d",
              rows[i].pulses);
        CHECK(fl_budget_allows(&budget, rows[i].pulses, true) == rows[i].more_with_reason,
              "with a reason after %d", rows[i].pulses);
    }
}

static void a_locked_zone_has_no_pulses(void)
{
    static const fl_plan_budget locked = {0, 0, 0, 0};
    CHECK(!fl_budget_allows(&locked, 0, true), "not even the first");
}

FL_TESTS("session/budget", TEST(zone_budget_of_the_story), TEST(a_locked_zone_has_no_pulses))
