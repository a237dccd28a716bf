#include "second.h"

#include <stdio.h>

fl_second fl_second_asks(const fl_past *past, bool simulated, const fl_second_signed *given,
                         const size_t *zone)
{
    if (!given->profile &&
        (past->profile == FL_PROFILE_OTHER || (past->profile == FL_PROFILE_NEW && !simulated)))
        return FL_SECOND_PROFILE; /* a simulated laser has no label to compare a first file with */
    if (past->superseded && !given->plan) return FL_SECOND_OLDER_PLAN;
    if (zone && past->closed_today[*zone] && !given->zones[*zone]) return FL_SECOND_ZONE_AGAIN;
    return FL_SECOND_NOTHING;
}

const char *fl_second_text(fl_second asked, const fl_past *past, const char *zone, char *room, size_t size)
{
    switch (asked) {
    case FL_SECOND_NOTHING: return NULL;
    case FL_SECOND_PROFILE:
        return past->profile == FL_PROFILE_OTHER
                   ? "the device file is not the one of the last session with this laser: a second person "
                     "must compare "
                     "it with the label"
                   : "this is the first session with this device file: a second person must compare it with "
                     "the label";
    case FL_SECOND_OLDER_PLAN:
        return "another plan of this client was run since this one: a second person must agree to go back to "
               "it";
    case FL_SECOND_ZONE_AGAIN: break;
    }
    snprintf(room, size, "%s was treated in an earlier session today: a second person must agree", zone);
    return room;
}

void fl_second_give(fl_second_signed *given, fl_second asked, const size_t *zone)
{
    given->profile = given->profile || asked == FL_SECOND_PROFILE;
    given->plan = given->plan || asked == FL_SECOND_OLDER_PLAN;
    if (asked == FL_SECOND_ZONE_AGAIN) given->zones[*zone] = true;
}
