/* Second: what the person in front of the laser may not decide alone (interlock, sections 2 and 6): a device
 * file that is not the one used last, a zone that was treated in an earlier session of the day, a plan that
 * another one has replaced. A supervisor who is not the operator signs; one signature answers one question.
 *
 * Pure.
 */
#ifndef FL_SESSION_SECOND_H
#define FL_SESSION_SECOND_H

#include "past.h"

/* What no sensor of a laser sees: fire, plume and reflections. Told once a session, and recorded that it was.
 */
#define FL_ROOM_CHECKLIST                                                                                    \
    "no alcohol, spray or oxygen on skin, hair or drapes; extractor on and near; rings, chains, mirrors, "   \
    "instruments and dental metal covered; nobody here who need not be"

#define FL_CLOCK_DOUBT                                                                                       \
    "the computer's clock was set, so no interval can be trusted: a supervisor must confirm the date"

typedef enum fl_second {
    FL_SECOND_NOTHING,
    FL_SECOND_PROFILE,
    FL_SECOND_OLDER_PLAN,
    FL_SECOND_ZONE_AGAIN
} fl_second;

typedef struct fl_second_signed { /* in this session */
    bool profile, plan, zones[FL_PLAN_ZONES];
} fl_second_signed;

/* What waits for a second person now. zone: NULL, or the index of the zone that is chosen. */
fl_second fl_second_asks(const fl_past *past, bool simulated, const fl_second_signed *given,
                         const size_t *zone);
/* The sentence; NULL when nothing is asked. zone: its name. */
const char *fl_second_text(fl_second asked, const fl_past *past, const char *zone, char *room, size_t size);
void fl_second_give(fl_second_signed *given, fl_second asked, const size_t *zone);

#endif
