/* The laser's watchdog is fed by every frame we send. This decides whether a turn may send one. */
#include "conduct_private.h"

#define TELL_EVERY_US 1000000

void conduct_did(fl_conduct *c, fl_duty duty)
{
    fl_duties_done(&c->duties, duty, c->now);
}

/* What the core says of itself: a step that was taken since the last turn, and a verdict of this very step.
 * A verdict that disagrees is a verdict: the core has made it a fault, and the STOP must go out. */
void conduct_did_judge(fl_conduct *c)
{
    if (c->tick->serial != c->judged) conduct_did(c, FL_DUTY_STEP);
    c->judged = c->tick->serial;
    if (c->tick->verdict.serial == c->tick->serial) conduct_did(c, FL_DUTY_MONITOR);
}

/* Light is possible when we think so or when the laser thinks so. */
static bool light_is_possible(const fl_conduct *c)
{
    const bool ready = c->status.has_stat &&
                       (c->status.stat.state == FL_DEVICE_WARN || c->status.stat.state == FL_DEVICE_READY);
    return ready || fl_conduct_is_hot(c);
}

/* Others' duties are seen by what they left behind: nobody here does their work for them. */
static void look_at_others(fl_conduct *c)
{
    const fl_conduct_setup *setup = &c->setup;
    fl_duties_done(&c->duties, FL_DUTY_FACES, setup->served ? setup->served(setup->self) : c->now);
    if (fl_writer_is_alive(setup->writer)) conduct_did(c, FL_DUTY_WRITER);
    if (fl_doorman_is_well(setup->doorman)) conduct_did(c, FL_DUTY_DOORMAN);
}

static void tell_missing(fl_conduct *c, fl_duty missing)
{
    if (c->missed_told && fl_since(c->now, c->missed_at).us < TELL_EVERY_US) return;
    c->missed_told = true;
    c->missed_at = c->now;
    conduct_event(c, "drop", "duty-missed",
                  "end the session; if it comes again, keep the journal for the makers",
                  "nothing is said to the laser, so it shuts by itself: %s", fl_duty_text(missing));
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "duty-missed");
    fl_entry_text(entry, "duty", fl_duty_word(missing));
    conduct_post(c);
}

static bool is_all_done(fl_conduct *c, fl_duty before)
{
    look_at_others(c);
    const fl_duty missing = fl_duties_missing_so_far(&c->duties, c->now, light_is_possible(c), before);
    if (missing != FL_DUTY_COUNT) tell_missing(c, missing);
    return missing == FL_DUTY_COUNT;
}

/* A GRANT leaves in the middle of a turn. What comes after it was asked for at the end of the turn before. */
bool conduct_may_grant(fl_conduct *c)
{
    return is_all_done(c, FL_DUTY_PEOPLE) && !c->missed;
}

bool conduct_may_speak(fl_conduct *c)
{
    c->missed = !is_all_done(c, FL_DUTY_COUNT);
    return !c->missed;
}
