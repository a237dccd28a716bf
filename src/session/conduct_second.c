/* What the person in front of the laser may not decide alone (interlock, sections 2 and 6): a device file
 * that is not the one used last, a zone that was treated in an earlier session of the day, and a wall clock
 * that was set. A supervisor who is not the operator signs; standing down never needs anybody. */
#include "conduct_private.h"

#include "fadeline/base/text.h"

#include <string.h>

static const size_t *zone_of(const fl_conduct *c)
{
    return c->target.kind == TARGET_ZONE ? &c->target.index : NULL;
}

static fl_second asks(const fl_conduct *c)
{
    return fl_second_asks(&c->setup.past, c->setup.simulated, &c->given, zone_of(c));
}

const char *conduct_second_text(const fl_conduct *c, char *room, size_t size)
{
    return fl_second_text(asks(c), &c->setup.past, c->target.name, room, size);
}

const char *conduct_date_text(const fl_conduct *c)
{
    return c->date_unsure ? FL_CLOCK_DOUBT : NULL;
}

/* The journal has found a step since the last tick. A date that a person gives by hand is theirs to know. */
void conduct_watch_clock(fl_conduct *c)
{
    const uint64_t steps = fl_writer_look(c->setup.writer).clock_steps;
    if (steps == c->clock_steps) return;
    c->clock_steps = steps;
    if (c->setup.date_by_hand || c->date_unsure) return;
    c->date_unsure = true;
    conduct_event(c, "refused", "clock-step", "order: date WHO PIN YYYY-MM-DD", "%s", FL_CLOCK_DOUBT);
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
    const fl_second asked = asks(c);
    if (asked == FL_SECOND_ZONE_AGAIN) fl_entry_text(entry, "zone", c->target.name);
    fl_entry_text(entry, "text", what);
    conduct_post(c);
    fl_second_give(&c->given, asked, zone_of(c));
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
