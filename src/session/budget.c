#include "budget.h"

fl_budget_word fl_budget_at(const fl_plan_budget *budget, int pulses)
{
    if (pulses >= budget->hard_stop) return FL_BUDGET_HARD;
    if (pulses >= budget->soft_stop) return FL_BUDGET_SOFT;
    if (pulses == budget->planned) return FL_BUDGET_PLANNED;
    if (pulses == budget->notice) return FL_BUDGET_NOTICE;
    return FL_BUDGET_GOOD;
}

bool fl_budget_allows(const fl_plan_budget *budget, int pulses, bool reason_given)
{
    if (pulses >= budget->hard_stop) return false;
    return pulses < budget->soft_stop || reason_given;
}
