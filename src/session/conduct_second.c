/* What the person in front of the laser may not decide alone (interlock, sections 2 and 6): a device file
 * that is not the one used last, a zone that was treated in an earlier session of the day, and a wall clock
 * that was set. A supervisor who is not the operator signs; standing down never needs anybody. */
#include "conduct_private.h"

#include "fadeline/base/text.h"

#include <string.h>

#define CLOCK_TEXT                                                                                           \
    "the computer's clock was set, so no interval can be trusted: a supervisor must confirm the date"

typedef enum question { NOTHING, PROFILE, OLDER_PLAN, ZONE_AGAIN } question;

/* What waits for a second person now; one signature answers one question. */
static question asks(const fl_conduct *c)
{
    const fl_past *past = &c->setup.past;
    if (!c->profile_signed &&
        (past->profile == FL_PROFILE_OTHER || (past->profile == FL_PROFILE_NEW && !c->setup.simulated)))
        return PROFILE; /* a simulated laser has no label to compare a first file with */
    if (past->superseded && !c->plan_signed) return OLDER_PLAN;
    const bool zone = c->target.kind == TARGET_ZONE && past->closed_today[c->target.index];
    return zone && !c->zone_signed[c->target.index] ? ZONE_AGAIN : NOTHING;
}

const char *conduct_second_text(const fl_conduct *c, char *room, size_t size)
{
    switch (asks(c)) {
    case NOTHING: return NULL;
    case PROFILE:
        return c->setup.past.profile == FL_PROFILE_OTHER
                   ? "the device file is not the one of the last session with this laser: a second person "
                     "must compare "
                     "it with the label"
                   : "this is the first session with this device file: a second person must compare it with "
                     "the label";
    case OLDER_PLAN:
        return "another plan of this client was run since this one: a second person must agree to go back to "
               "it";
    case ZONE_AGAIN: break;
    }
    snprintf(room, size, "%s was treated in an earlier session today: a second person must agree",
             c->target.name);
    return room;
}

const char *conduct_date_text(const fl_conduct *c)
{
    return c->date_unsure ? CLOCK_TEXT : NULL;
}

/* The journal has found a step since the last tick. A date that a person gives by hand is theirs to know. */
void conduct_watch_clock(fl_conduct *c)
{
    const uint64_t steps = fl_writer_look(c->setup.writer).clock_steps;
    if (steps == c->clock_steps) return;
    c->clock_steps = steps;
    if (c->setup.date_by_hand || c->date_unsure) return;
    c->date_unsure = true;
    conduct_event(c, "refused", "clock-step", "order: date WHO PIN YYYY-MM-DD", "%s", CLOCK_TEXT);
}

static fl_entry * override(fl_conduct *c, const char *who, const char *reason)
{
    fl_entry *entry = conduct_entry(c, FL_KIND_OVERRIDE);
    fl_entry_text(entry, "who", who);
    fl_entry_text(entry, "reason", reason);
    return entry;
}

fl_status conduct_sign_second(fl_conduct *c, const char *who, fl_error *error)
{
    char room[200];
    const char *what = conduct_second_text(c, room, sizeof room);
    if (!what) {
        fl_error_set(error, FL_E_NO, "nothing waits for a second person");
        return fl_error_code(error, "nothing-to-sign"), FL_E_NO;
    }
    if (!c->who[0] || fl_text_same(who, c->who)) {
        fl_error_set(error, FL_E_NO,
                     c->who[0] ? "the second person is not the one who is signed in"
                               : "the operator signs in first");
        return fl_error_code(error, "second-person"), FL_E_NO;
    }
    fl_entry *entry = override(c, who, "second-person");
    fl_entry_text(entry, "second", c->who);
    const question asked = asks(c);
    if (asked == ZONE_AGAIN) fl_entry_text(entry, "zone", c->target.name);
    fl_entry_text(entry, "text", what);
    conduct_post(c);
    c->profile_signed = c->profile_signed || asked == PROFILE;
    c->plan_signed = c->plan_signed || asked == OLDER_PLAN;
    if (asked == ZONE_AGAIN) c->zone_signed[c->target.index] = true;
    return FL_OK;
}

/* The supervisor says the date, and does not read it off this computer: only then is it worth anything. */
fl_status conduct_sign_date(fl_conduct *c, const char *who, const char *date, fl_error *error)
{
    fl_date said;
    char shown[11], today[11];
    const fl_date wall = fl_date_of(c->setup.clock->utc(c->setup.clock->self));
    if (!c->date_unsure) {
        fl_error_set(error, FL_E_NO, "nobody doubts the date");
        return fl_error_code(error, "nothing-to-sign"), FL_E_NO;
    }
    if (fl_date_read(date, &said) != FL_OK) {
        fl_error_set(error, FL_E_NO, "the date is missing or not one");
        fl_error_code(error, "date-other");
        return fl_error_hint(error, "order: date WHO PIN YYYY-MM-DD"), FL_E_NO;
    }
    if (fl_date_compare(said, wall) != 0 || fl_date_compare(said, c->setup.today) != 0) {
        fl_error_set(error, FL_E_NO, "the computer says %s and this session is for %s",
                     fl_date_text(wall, shown), fl_date_text(c->setup.today, today));
        fl_error_code(error, "date-other");
        return fl_error_hint(error, "set the computer's clock, end this session and plan for the true day"),
               FL_E_NO;
    }
    fl_entry_text(override(c, who, "date"), "date", fl_date_text(said, shown));
    conduct_post(c);
    c->date_unsure = false;
    return FL_OK;
}
