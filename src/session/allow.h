/* Allow: may this zone or test spot have a pulse now? What the plan says, what was seen, and what the journal
 * knows of this client, for a laser that is driven and for one that is set by hand.
 *
 *     const fl_allow allow = {.plan = plan, .past = &past, .today = today, .zones = zones, .spots = spots,
 *                             .locked = locked, .bars = &bars, .looked = looked};
 *     size_t index;
 *     status = fl_allow_zone(&allow, "F-L", &index, &error);       // FL_E_NO: code, sentence, what to do
 *
 * Pure.
 */
#ifndef FL_SESSION_ALLOW_H
#define FL_SESSION_ALLOW_H

#include "past.h"

#define FL_CODE_SPOT_DONE "spot-done"

typedef struct fl_allow { /* everything is borrowed */
    const fl_plan *plan;
    const fl_past *past;
    fl_date today;
    const fl_past_count *zones, *spots;
    const bool *locked; /* zones, by what was seen */
    const fl_past_bars *bars;
    bool looked;
    const char *date_doubt; /* why no interval can be trusted; NULL: the date is believed */
} fl_allow;

/* FL_OK, or FL_E_NO and *index untouched. */
FL_MUST_USE fl_status fl_allow_zone(const fl_allow *allow, const char *id, size_t *index, fl_error *error);
/* number from 1. A spot that has all its pulses is refused with FL_CODE_SPOT_DONE, and *index is set: what is
 * seen next is seen there. */
FL_MUST_USE fl_status fl_allow_spot(const fl_allow *allow, int64_t number, size_t *index, fl_error *error);

/* Why a zone or spot that was chosen gets no pulse now, after what was seen or fired since. NULL: it may.
 * `budget` is of the zone or the spot. */
const char *fl_allow_text(const fl_allow *allow, bool test, size_t index, const fl_plan_budget *budget,
                          char *room, size_t size);

uint64_t fl_allow_nm(const fl_plan_setting *setting); /* as bars name it */
uint64_t fl_allow_um(const fl_plan_setting *setting);

#endif
