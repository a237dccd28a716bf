#include "work.h"

#include <stdio.h>

/* What rules can name with `when`. Treated elsewhere and scar were found with the history and the zones. */
void fl_work_conditions(fl_work *w)
{
    const fl_case_ink *ink = &w->body->ink;
    unsigned holds = w->holds;
    if (w->skin.planned_as >= 4) holds |= 1u << FL_WHEN_TYPE_IV_VI;
    const bool guess = w->ink->known == FL_NO || (w->cover && w->cover->known == FL_NO);
    const bool dark = w->ink->darkens == FL_YES || (w->cover && w->cover->darkens == FL_YES);
    if (ink->identified != FL_YES || guess) holds |= 1u << FL_WHEN_INK_UNKNOWN;
    if (dark || ink->white_inside != FL_NO) holds |= 1u << FL_WHEN_INK_DARKENS;
    if (ink->layers > 1) holds |= 1u << FL_WHEN_LAYERS;
    if (w->body->smoker != FL_NO) holds |= 1u << FL_WHEN_SMOKER;
    if (w->procedure->read_first == FL_YES) holds |= 1u << FL_WHEN_PROCEDURE;
    if (w->procedure->hair_risk >= FL_LEVEL_HIGH) holds |= 1u << FL_WHEN_HAIR_HIGH;
    w->holds = holds;

    if (fl_work_holds(w, FL_WHEN_INK_UNKNOWN)) {
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_CAUTION, "ink-unknown",
                        "Nobody identified the ink; it is planned as '%s', which is a guess.", w->ink->title);
        snprintf(reason->change, sizeof reason->change, "The artist's or maker's word, on paper.");
    }
}
