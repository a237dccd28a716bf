/* Budget: what the pulse count of a zone asks for, at the first count at or above each share of its plan.
 *
 * The counts come from the plan (rules of the clinic; 90, 100, 110 and 120 % of the planned pulses by
 * default). A soft stop wants a reason before it goes on; a hard stop wants a new plan.
 */
#ifndef FL_SESSION_BUDGET_H
#define FL_SESSION_BUDGET_H

#include "fadeline/course/plan.h"

typedef enum fl_budget_word {
    FL_BUDGET_GOOD,
    FL_BUDGET_NOTICE,
    FL_BUDGET_PLANNED,
    FL_BUDGET_SOFT,
    FL_BUDGET_HARD
} fl_budget_word;

/* What was reached by exactly this count: NOTICE at the notice count itself, GOOD one later. SOFT and HARD
 * stay. */
fl_budget_word fl_budget_at(const fl_plan_budget *budget, int pulses);
/* May one more pulse follow `pulses`? `reason_given`: somebody gave a reason at the soft stop. */
bool fl_budget_allows(const fl_plan_budget *budget, int pulses, bool reason_given);

#endif
