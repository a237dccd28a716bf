/* The shot counter before and after: the only thing a laser without a link says, and a person reads it. */
#include "manual_private.h"

#include "budget.h"
#include "fadeline/base/text.h"
#include "fadeline/session/energy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N(x) ((unsigned long long)(x))

/* A doubtful number is asked for twice: the first time it is a slip. */
static bool is_typed_again(fl_manual *m, char order, const char *text)
{
    const bool again = m->again_of == order && m->again[0] && strcmp(m->again, text) == 0;
    m->again_of = order;
    snprintf(m->again, sizeof m->again, "%s", again ? "" : text);
    return again;
}

/* ---- a reading that no record explains ---- */

static fl_status refuse_mismatch(fl_manual *m, fl_error *error)
{
    const uint64_t now = m->open.open ? m->shown : m->counter;
    if (!m->open.open && !fl_mismatch_is_far(&m->mismatch, now))
        return manual_no(m, error, "counter-mismatch", "say what they were: explain WHY",
                         "the laser shows %llu, the journal %llu: %llu pulses nobody wrote down", N(now),
                         N(m->mismatch.held), N(now - m->mismatch.held));
    if (now >= m->mismatch.held)
        return manual_no(m, error, "counter-mismatch", MANUAL_SUPERVISOR_HINT,
                         "the laser shows %llu, the journal %llu: %llu pulses nobody wrote down", N(now),
                         N(m->mismatch.held), N(now - m->mismatch.held));
    return manual_no(m, error, "counter-mismatch", MANUAL_SUPERVISOR_HINT,
                     "the laser shows %llu, less than %llu before: a counter does not run backwards", N(now),
                     N(m->mismatch.held));
}

/* The drop is in the same write as the reading: what is durable refuses the next session. */
static fl_status find_mismatch(fl_manual *m, uint64_t shown, fl_error *error)
{
    const bool begun = m->open.open;
    fl_entry *drop = manual_entry(m, FL_KIND_DROP);
    fl_entry_text(drop, "cause", "counter-mismatch");
    fl_entry_count(drop, "ctr_now", shown);
    fl_entry_count(drop, "ctr_was", m->counter);
    fl_entry_int(drop, "man", 1);
    fl_entry *reading = &m->entries[1];
    fl_entry_begin(reading, FL_KIND_COUNTER);
    fl_entry_device(reading, m->setup.dev, m->setup.training);
    fl_entry_count(reading, "ctr", shown);
    fl_entry_int(reading, "man", 1);
    const fl_status status = fl_journal_append(m->setup.journal, m->entries, 2, error);
    if (status != FL_OK) return status;
    fl_mismatch_find(&m->mismatch, m->counter, shown);
    m->shown_known = begun;
    m->shown = shown;
    if (!begun) m->counter = shown; /* while a zone is open a reading settles nothing (kinds.h, rule 6) */
    return refuse_mismatch(m, error);
}

/* ---- before ---- */

static fl_status energy_is_good(fl_manual *m, fl_error *error)
{
    const fl_device_head *head = fl_device_head_find(m->setup.device, m->target.setting->head);
    fl_energy_last last;
    const fl_energy_stand stand = fl_energy_stand_for(&m->past.checks, m->setup.device, head,
                                                      (uint64_t)llround(m->target.energy.J * 1e6),
                                                      m->setup.today, m->setup.training, &last);
    char text[160];
    if (stand == FL_STAND_GOOD) return FL_OK;
    fl_energy_stand_text(&last, stand, text, sizeof text);
    if (stand != FL_STAND_NEVER)
        return manual_no(m, error, fl_energy_stand_code(stand),
                         "fadeline energy-check; the laser is free for checks", "%s", text);
    /* A clinic without a meter is not shut out; it is told, once a session. */
    if (!m->energy_told)
        manual_say(m, "note", fl_energy_stand_code(stand), "fadeline help energy-check", "%s", text);
    m->energy_told = true;
    return FL_OK;
}

/* Everything that speaks against a pulse now: where a driven laser is refused ARM. */
static fl_status may_begin(fl_manual *m, fl_error *error)
{
    char room[200];
    if (!m->who[0])
        return manual_no(m, error, "not-signed-in", "type: sign-in WHO PIN", "nobody is signed in");
    if (m->mismatch.open) return refuse_mismatch(m, error);
    if (m->open.open)
        return manual_no(m, error, "zone-not-counted", "read the shot counter and type: after COUNTER",
                         "%s was begun at counter %llu and is not counted", m->open.zone, N(m->open.ctr));
    if (m->over != FL_OVER_NOT)
        return manual_no(m, error, "pulses-over-plan",
                         m->over == FL_OVER_HARD ? MANUAL_SUPERVISOR_HINT : "say why: explain WHY",
                         "more pulses were fired than the plan allows, and nobody has said why");
    if (!m->target.chosen)
        return manual_no(m, error, "no-zone", "type: zone NAME, or: spots 1",
                         "no zone and no test spot is chosen");
    const manual_target *t = &m->target;
    if (!m->eyewear[0] || m->eyewear_nm != fl_allow_nm(t->setting))
        return manual_no(m, error, "eyewear", "type what is printed on it: eyewear 1064 OD7 M LB9",
                         "eyewear is not confirmed for %llu nm", N(fl_allow_nm(t->setting)));
    fl_status status = energy_is_good(m, error);
    if (status != FL_OK) return status;
    const char *text =
        fl_second_text(fl_second_asks(&m->past, m->setup.training, &m->given, manual_zone_index(m)), &m->past,
                       t->name, room, sizeof room);
    if (text) return manual_no(m, error, "second-person", "a supervisor types: second WHO PIN", "%s", text);
    if (m->date_unsure)
        return manual_no(m, error, "clock-step", "a supervisor types: date WHO PIN YYYY-MM-DD", "%s",
                         FL_CLOCK_DOUBT);
    const fl_clock *clock = m->setup.clock;
    const int64_t left_us = fl_since(m->pause_until, clock->now(clock->self)).us;
    if (left_us > 0)
        return manual_no(m, error, "pause", "wait",
                         "a pause of five minutes after what was seen, %lld s left",
                         (long long)(left_us / 1000000));
    const fl_allow allow = manual_allowing(m);
    size_t index = 0;
    if (!t->test && fl_allow_zone(&allow, t->name, &index, error) != FL_OK) return manual_refused(m, error);
    fl_plan_budget budget = manual_budget(m, t->test, t->index);
    if (t->test) budget.soft_stop = budget.hard_stop = budget.planned; /* not one more is planned */
    text = fl_allow_text(&allow, t->test, t->index, &budget, room, sizeof room);
    if (text)
        return manual_no(m, error, "limit-reached",
                         t->test ? "choose another: spots N" : "order the zone again to say that you go on",
                         "%s", text);
    return FL_OK;
}

/* A session that a kill left open is closed with what its records add up to. shown: NULL when nobody has read
 * the counter since. */
static fl_status close_interrupted(fl_manual *m, const uint64_t *shown, fl_error *error)
{
    if (!m->past.interrupted) return FL_OK;
    fl_entry *entry = manual_entry(m, FL_KIND_SESSION_CLOSE);
    fl_entry_count(entry, "sid", m->past.counter.sid);
    if (shown)
        fl_entry_count(entry, "ctr", *shown);
    else
        fl_entry_int(entry, "ctr_read", 0);
    fl_entry_count(entry, "pulses", m->past.counter.pulses);
    fl_entry_int(entry, "man", 1);
    fl_entry_int(entry, "interrupted", 1);
    const fl_status status = manual_post(m, error);
    if (status == FL_OK) m->past.interrupted = false;
    return status;
}

static fl_status open_session(fl_manual *m, uint64_t shown, fl_error *error)
{
    if (m->sid) return FL_OK;
    char day[11];
    const fl_plan *plan = m->setup.plan;
    const uint64_t sid = fl_journal_next_sid(m->setup.journal);
    fl_status status = close_interrupted(m, &shown, error);
    if (status != FL_OK) return status;
    fl_entry *entry = manual_entry(m, FL_KIND_SESSION_OPEN);
    fl_entry_count(entry, "sid", sid);
    fl_entry_count(entry, "ctr", shown);
    fl_entry_int(entry, "man", 1);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "pat", plan->client);
    fl_entry_text(entry, "plan", m->plan_hex);
    fl_entry_text(entry, "profile", plan->device_sha256);
    if (fl_plan_treats_zones(plan) && fl_date_is_set(plan->next_not_before))
        fl_entry_text(entry, "not_before", fl_date_text(plan->next_not_before, day));
    status = manual_post(m, error);
    if (status != FL_OK) return status;
    m->sid = sid;
    entry = manual_entry(m, FL_KIND_PLAN_CONFIRM);
    fl_entry_text(entry, "plan", m->plan_hex);
    fl_entry_text(entry, "who", m->who);
    status = manual_post(m, error);
    if (status != FL_OK) return status;
    manual_say(m, "note", "room-checklist", "look before the first pulse", "%s", FL_ROOM_CHECKLIST);
    entry = manual_entry(m, FL_KIND_NOTE);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "text", "room-checklist");
    return manual_post(m, error);
}

/* By the label, not by the plan: what is set by hand may be another rate. */
static fl_rate rate_limit(const fl_manual *m, const fl_plan_setting *setting)
{
    fl_head_limits limits;
    const fl_device_head *head = fl_device_head_find(m->setup.device, setting->head);
    if (!head || fl_device_head_limits(head, setting->spot, &limits, NULL) != FL_OK) return (fl_rate){0};
    return limits.rate_max;
}

static uint64_t whole(double value)
{
    return (uint64_t)llround(value);
}

static fl_status begin(fl_manual *m, uint64_t shown, fl_error *error)
{
    const manual_target *t = &m->target;
    const fl_plan_budget budget = manual_budget(m, t->test, t->index);
    const fl_past_count *count = manual_count_of(m, t->test, t->index);
    fl_status status = open_session(m, shown, error);
    if (status != FL_OK) return status;
    fl_past_by_hand open = {.open = true,
                            .test = t->test,
                            .reason_given = count->reason_given,
                            .sid = m->sid,
                            .ctr = shown,
                            .had = count->pulses,
                            .planned = budget.planned,
                            .soft_stop = budget.soft_stop,
                            .hard_stop = budget.hard_stop};
    snprintf(open.zone, sizeof open.zone, "%s", t->name);
    snprintf(open.plan, sizeof open.plan, "%s", m->plan_hex);
    fl_entry *entry = manual_entry(m, FL_KIND_ZONE);
    fl_entry_int(entry, "man", 1);
    fl_entry_count(entry, "ctr", shown);
    fl_entry_text(entry, "zone", t->name);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "plan", m->plan_hex);
    fl_entry_text(entry, "pu", t->test ? FL_PURPOSE_TEST : FL_PURPOSE_TREAT);
    fl_entry_count(entry, "wl_nm", fl_allow_nm(t->setting));
    fl_entry_count(entry, "spot_um", fl_allow_um(t->setting));
    fl_entry_count(entry, "energy_uJ", whole(t->energy.J * 1e6));
    fl_entry_count(entry, "rate_mHz", whole(t->setting->rate.Hz * 1e3));
    fl_entry_count(entry, "pulse_ps", whole(t->setting->pulse.s * 1e12));
    fl_entry_int(entry, "had", count->pulses);
    fl_entry_int(entry, "planned", budget.planned);
    fl_entry_int(entry, "soft", budget.soft_stop);
    fl_entry_int(entry, "hard", budget.hard_stop);
    if (count->reason_given) fl_entry_int(entry, "reason", 1);
    status = manual_post(m, error);
    if (status != FL_OK) return status;
    m->open = open;
    m->stopped = false;
    m->known = true;
    m->begun_at = m->setup.clock->boot(m->setup.clock->self);
    m->rate_max = rate_limit(m, t->setting);
    m->counter = shown;
    return FL_OK;
}

static fl_status doubt_before(fl_manual *m, fl_reading_fit reading, uint64_t shown, fl_error *error)
{
    static const char again[] = "read it again; the same number once more says that the laser shows it";
    if (reading == FL_READING_FIRST)
        return manual_no(
            m, error, "counter-first", "read it again and type the same number once more",
            "no reading of this laser is in the journal: this number is where its record begins");
    if (reading == FL_READING_BEHIND)
        return manual_no(m, error, "counter-unexpected", again,
                         "%llu is less than the last reading, %llu: a counter does not run backwards",
                         N(shown), N(m->counter));
    return manual_no(m, error, "counter-unexpected", again, "the last reading is %llu, this is %llu more",
                     N(m->counter), N(shown - m->counter));
}

fl_status fl_manual_before(fl_manual *m, const char *text, fl_error *error)
{
    uint64_t shown;
    manual_attend(m);
    const fl_status status = may_begin(m, error);
    if (status != FL_OK) return status;
    if (fl_reading_take(text, &shown, error) != FL_OK) return manual_refused(m, error);
    const fl_reading_fit reading = fl_reading_before(m->known, m->counter, shown);
    if (reading == FL_READING_GOOD) return m->again[0] = 0, begin(m, shown, error);
    if (!is_typed_again(m, 'b', text)) return doubt_before(m, reading, shown, error);
    return reading == FL_READING_FIRST ? begin(m, shown, error) : find_mismatch(m, shown, error);
}

/* ---- after ---- */

static void tell_count(fl_manual *m, bool test, size_t index)
{
    const int pulses = manual_count_of(m, test, index)->pulses;
    const fl_plan_budget budget = manual_budget(m, test, index);
    const char *name = test ? m->setup.plan->test_spots.grid[index].id : m->setup.plan->zones[index].id;
    if (pulses < budget.planned)
        manual_say(m, "note", "", "go on with: before COUNTER", "%s: %d of %d pulses", name, pulses,
                   budget.planned);
    else if (pulses >= budget.hard_stop && !test)
        manual_say(m, "refused", "zone-hard-stop", "plan the zone again",
                   "%s: %d pulses, no more under this plan", name, pulses);
    else
        manual_say(m, "tone", test ? "spot-done" : "zone-done",
                   "say what is seen: endpoint frost, none, weak, ...", "%s: %d pulses, %d were planned",
                   name, pulses, budget.planned);
}

static void count_here(fl_manual *m, int pulses)
{
    const bool test = m->target.test;
    const size_t index = m->target.index;
    fl_past_count *count = manual_count_of(m, test, index);
    if (pulses > 0) {
        count->pulses = fl_past_sum(count->pulses, pulses);
        m->pulsed = true;
        m->pulsed_test = test;
        m->pulsed_index = index;
    }
    if (pulses > 0 && test) {
        m->tests += (uint64_t)pulses;
        m->looked = false;
        m->tested_at = m->setup.clock->utc(m->setup.clock->self);
    }
    tell_count(m, test, index);
    if (count->pulses >= manual_budget(m, test, index).planned) m->target = (manual_target){0};
}

/* How many this laser can have made since the zone was begun. A zone that another process began has no start
 * here: wall time decides nothing. */
static uint64_t possible_now(const fl_manual *m)
{
    const fl_clock *clock = m->setup.clock;
    if (!m->begun_at.us) return UINT64_MAX;
    return fl_reading_possible(m->rate_max, fl_since(clock->boot(clock->self), m->begun_at));
}

/* What the counter moved is what was fired. */
static fl_status count_zone(fl_manual *m, uint64_t shown, fl_reading_fit reading, bool impossible,
                            fl_error *error)
{
    const uint64_t pulses = shown - m->open.ctr;
    const bool here = m->open.sid == m->sid;
    const fl_over over = reading == FL_READING_FAR                   ? FL_OVER_HARD
                         : reading == FL_READING_AHEAD || impossible ? FL_OVER_SOFT
                                                                     : FL_OVER_NOT;
    fl_entry *entry = &m->entries[0];
    fl_entry_begin(entry, FL_KIND_PULSES);
    fl_entry_device(entry, m->setup.dev, m->setup.training);
    fl_entry_count(entry, "sid", m->open.sid);
    fl_entry_int(entry, "man", 1);
    fl_entry_text(entry, "zone", m->open.zone);
    fl_entry_text(entry, "pu", m->open.test ? FL_PURPOSE_TEST : FL_PURPOSE_TREAT);
    fl_entry_text(entry, "plan", m->open.plan);
    fl_entry_count(entry, "ctr_was", m->open.ctr);
    fl_entry_count(entry, "ctr_now", shown);
    fl_entry_count(entry, "pulses", pulses);
    fl_entry_int(entry, "planned", m->open.planned);
    if (over) fl_entry_int(entry, "over", over);
    if (impossible) fl_entry_count(entry, "possible", possible_now(m));
    fl_entry_text(entry, "who", m->who);
    const fl_status status = manual_post(m, error);
    if (status != FL_OK) return status;
    m->read = true;
    if (!here) { /* of a session that died, perhaps another client's */
        manual_say(m, "note", "session-settled", "", "%s is counted: %llu pulses", m->open.zone, N(pulses));
        return manual_load(m, error);
    }
    m->open.open = false;
    m->counter = shown;
    if (over > m->over) m->over = over;
    count_here(m, pulses > FL_PAST_MOST ? FL_PAST_MOST : (int)pulses);
    if (over)
        manual_say(m, "refused",
                   impossible && reading == FL_READING_GOOD ? "pulses-too-fast" : "pulses-over-plan",
                   over == FL_OVER_HARD ? MANUAL_SUPERVISOR_HINT : "say why: explain WHY",
                   impossible && reading == FL_READING_GOOD
                       ? "more than this laser can make in that time: nothing goes on until that is said"
                       : "more than the plan allows: nothing goes on until that is said");
    return FL_OK;
}

static fl_status doubt_after(fl_manual *m, fl_reading_fit reading, uint64_t shown, fl_error *error)
{
    static const char again[] = "read it again; the same number once more says that the laser shows it";
    if (reading == FL_READING_BEHIND)
        return manual_no(m, error, "counter-unexpected", again,
                         "%llu is less than %llu before the first pulse: a counter does not run backwards",
                         N(shown), N(m->open.ctr));
    if (reading == FL_READING_GOOD)
        return manual_no(
            m, error, "pulses-too-fast", again,
            "that would be %llu pulses, and this laser can have made %llu at most since %s was begun",
            N(shown - m->open.ctr), N(possible_now(m)), m->open.zone);
    return manual_no(m, error, "pulses-over-plan", again,
                     "that would be %llu pulses, with %d before; %s was planned with %d, and at most %d",
                     N(shown - m->open.ctr), m->open.had, m->open.zone, m->open.planned,
                     reading == FL_READING_FAR ? m->open.hard_stop : m->open.soft_stop);
}

fl_status fl_manual_after(fl_manual *m, const char *text, fl_error *error)
{
    uint64_t shown;
    manual_attend(m);
    if (!m->who[0])
        return manual_no(m, error, "not-signed-in", "type: sign-in WHO PIN", "nobody is signed in");
    if (!m->open.open)
        return manual_no(m, error, "zone-not-begun", "choose a zone, then: before COUNTER",
                         "no zone was begun");
    if (fl_reading_take(text, &shown, error) != FL_OK) return manual_refused(m, error);
    if (m->mismatch.open) { /* it went back; a supervisor signs what is shown now */
        m->shown = shown;
        m->shown_known = true;
        return refuse_mismatch(m, error);
    }
    const fl_plan_budget budget = {
        .planned = m->open.planned, .soft_stop = m->open.soft_stop, .hard_stop = m->open.hard_stop};
    const fl_reading_fit reading =
        fl_reading_after(m->open.ctr, shown, m->open.had, &budget, m->open.reason_given);
    const bool impossible = shown > m->open.ctr && shown - m->open.ctr > possible_now(m);
    if ((impossible || reading != FL_READING_GOOD) && !is_typed_again(m, 'a', text))
        return doubt_after(m, reading, shown, error);
    m->again[0] = 0;
    return reading == FL_READING_BEHIND ? find_mismatch(m, shown, error)
                                        : count_zone(m, shown, reading, impossible, error);
}

/* ---- the end ---- */

fl_status fl_manual_end(fl_manual *m, fl_error *error)
{
    fl_counter_state books;
    if (m->open.open)
        return manual_no(m, error, "zone-not-counted", "read the shot counter and type: after COUNTER",
                         "%s was begun at counter %llu and is not counted", m->open.zone, N(m->open.ctr));
    if (!m->sid && m->past.interrupted && !m->who[0])
        return manual_no(m, error, "not-signed-in", "type: sign-in WHO PIN, then: end",
                         "nobody is signed in, and the session that was interrupted stays open");
    if (!m->sid) return close_interrupted(m, m->read ? &m->counter : NULL, error);
    if (!fl_journal_counter(m->setup.journal, m->setup.dev, &books)) return FL_OK;
    fl_entry *entry = manual_entry(m, FL_KIND_SESSION_CLOSE);
    fl_entry_count(entry, "ctr", m->counter);
    fl_entry_int(entry, "man", 1);
    fl_entry_count(entry, "pulses", books.pulses);
    fl_entry_count(entry, "tests", m->tests);
    const fl_status status = manual_post(m, error);
    if (status == FL_OK) m->sid = 0;
    return status;
}
