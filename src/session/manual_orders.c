/* People, eyewear, what is chosen and what is seen: the orders that touch no counter. */
#include "manual_private.h"

#include "endpoint.h"
#include "eyewear.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

#define SIGN_IN_FIRST "type: sign-in WHO PIN"

/* ---- people ---- */

/* Every try is a record, before anybody is told how it went. */
fl_status manual_check_person(fl_manual *m, const char *who, const char *pin, fl_role role, fl_error *error)
{
    const fl_clock *clock = m->setup.clock;
    if (!who[0] || strlen(who) >= sizeof m->who || !fl_entry_takes(who))
        return manual_no(m, error, "sign-in-wrong", SIGN_IN_FIRST, "this is nobody's name");
    const fl_people_answer answer = m->setup.people
                                        ? fl_people_check(m->setup.people, &m->guard, clock->now(clock->self),
                                                          who, pin, role, m->setup.today)
                                        : FL_PEOPLE_UNKNOWN;
    const bool good = answer == FL_PEOPLE_YES;
    fl_person person; /* who is nobody here may be anybody's name */
    const bool known = m->setup.people && fl_people_find(m->setup.people, who, &person);
    fl_entry *entry = manual_entry(m, good ? FL_KIND_AUTH_OK : FL_KIND_AUTH_FAIL);
    fl_entry_text(entry, "who", known ? who : "?");
    if (!good) fl_entry_text(entry, "why", fl_people_answer_code(answer));
    const fl_status status = manual_post(m, error);
    if (status != FL_OK || good) return status;
    fl_error_set(error, FL_E_NO, "%s", fl_people_answer_text(answer));
    return fl_error_code(error, fl_people_answer_code(answer)), FL_E_NO;
}

fl_status fl_manual_sign_in(fl_manual *m, const char *who, const char *pin, fl_error *error)
{
    manual_attend(m);
    const fl_status status = manual_check_person(m, who, pin, FL_ROLE_OPERATOR, error);
    if (status != FL_OK) return status;
    if (m->who[0] && !fl_text_same(m->who, who)) { /* what one confirmed and had signed, another did not */
        m->eyewear[0] = 0;
        m->given = (fl_second_signed){0};
    }
    snprintf(m->who, sizeof m->who, "%s", who);
    return FL_OK;
}

fl_status fl_manual_sign_out(fl_manual *m, fl_error *error)
{
    fl_entry *entry = manual_entry(m, FL_KIND_NOTE);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "text", "sign-out");
    const fl_status status = manual_post(m, error);
    if (status != FL_OK) return status;
    m->who[0] = m->eyewear[0] = 0;
    m->given = (fl_second_signed){0};
    return FL_OK;
}

static fl_entry * override(fl_manual *m, const char *who, const char *reason)
{
    fl_entry *entry = manual_entry(m, FL_KIND_OVERRIDE);
    fl_entry_text(entry, "who", who);
    fl_entry_text(entry, "reason", reason);
    return entry;
}

fl_status fl_manual_second(fl_manual *m, const char *who, const char *pin, fl_error *error)
{
    char room[200];
    manual_attend(m);
    fl_status status = manual_check_person(m, who, pin, FL_ROLE_SUPERVISOR, error);
    if (status != FL_OK) return status;
    const size_t *zone = manual_zone_index(m);
    const fl_second asked = fl_second_asks(&m->past, m->setup.training, &m->given, zone);
    const char *what = fl_second_text(asked, &m->past, m->target.name, room, sizeof room);
    if (!what) return manual_no(m, error, "nothing-to-sign", "", "nothing waits for a second person");
    if (!m->who[0] || fl_text_same(who, m->who))
        return manual_no(m, error, "second-person", "another supervisor signs",
                         m->who[0] ? "the second person is not the one who is signed in"
                                   : "the operator signs in first");
    fl_entry *entry = override(m, who, "second-person");
    fl_entry_text(entry, "second", m->who);
    if (asked == FL_SECOND_ZONE_AGAIN) fl_entry_text(entry, "zone", m->target.name);
    fl_entry_text(entry, "text", what);
    status = manual_post(m, error);
    if (status == FL_OK) fl_second_give(&m->given, asked, zone);
    return status;
}

/* The supervisor says the date, and does not read it off this computer: only then is it worth anything. */
fl_status fl_manual_date(fl_manual *m, const char *who, const char *pin, const char *date, fl_error *error)
{
    fl_date said;
    char shown[11], today[11];
    manual_attend(m);
    fl_status status = manual_check_person(m, who, pin, FL_ROLE_SUPERVISOR, error);
    if (status != FL_OK) return status;
    const fl_date wall = fl_date_of(m->setup.clock->utc(m->setup.clock->self));
    if (!m->date_unsure) return manual_no(m, error, "nothing-to-sign", "", "nobody doubts the date");
    if (fl_date_read(date, &said) != FL_OK)
        return manual_no(m, error, "date-other", "type: date WHO PIN YYYY-MM-DD",
                         "the date is missing or not one");
    if (fl_date_compare(said, wall) != 0 || fl_date_compare(said, m->setup.today) != 0)
        return manual_no(m, error, "date-other",
                         "set the computer's clock, end this session and plan for the true day",
                         "the computer says %s and this session is for %s", fl_date_text(wall, shown),
                         fl_date_text(m->setup.today, today));
    fl_entry_text(override(m, who, "date"), "date", fl_date_text(said, shown));
    status = manual_post(m, error);
    if (status == FL_OK) m->date_unsure = false;
    return status;
}

/* ---- eyewear ---- */

fl_status fl_manual_eyewear(fl_manual *m, uint64_t nm, const char *marks, fl_error *error)
{
    manual_attend(m);
    if (!m->who[0]) return manual_no(m, error, "not-signed-in", SIGN_IN_FIRST, "nobody is signed in");
    if (!marks[0] || strlen(marks) >= sizeof m->eyewear || !fl_entry_takes(marks))
        return manual_no(m, error, "eyewear", "wavelength, then the marks: eyewear 1064 OD7 M LB9",
                         "what is printed on the eyewear cannot be read");
    const fl_plan_eyewear *need = NULL;
    for (size_t i = 0; i < m->setup.plan->eyewear_count; i++)
        if (fl_whole_nm(m->setup.plan->eyewear[i].wavelength) == (long long)nm)
            need = &m->setup.plan->eyewear[i];
    const uint64_t wanted_nm = m->target.chosen ? fl_allow_nm(m->target.setting) : 0;
    if (wanted_nm && nm != wanted_nm)
        return manual_no(m, error, "eyewear-wrong", "take the eyewear for the planned wavelength",
                         "this eyewear is for %llu nm, the plan uses %llu nm", (unsigned long long)nm,
                         (unsigned long long)wanted_nm);
    if (!need)
        return manual_no(m, error, "eyewear-wrong", "take the planned wavelength",
                         "the plan names no eyewear for this wavelength");
    if (fl_eyewear_check(marks, need, error) != FL_OK)
        return fl_error_code(error, "eyewear-wrong"), manual_refused(m, error);
    fl_entry *entry = manual_entry(m, FL_KIND_EYEWEAR);
    if (!m->sid) fl_entry_int(entry, "sid", 0);
    fl_entry_text(entry, "who", m->who);
    fl_entry_count(entry, "wl_nm", nm);
    fl_entry_text(entry, "marks", marks);
    const fl_status status = manual_post(m, error);
    if (status != FL_OK) return status;
    snprintf(m->eyewear, sizeof m->eyewear, "%s", marks);
    m->eyewear_nm = nm;
    return FL_OK;
}

/* ---- what the next pulses belong to ---- */

manual_target manual_target_zone(const fl_manual *m, size_t index)
{
    const fl_plan *plan = m->setup.plan;
    const fl_plan_setting *setting = &plan->settings[plan->chosen];
    return (manual_target){true, false, index, plan->zones[index].id, setting, setting->energy};
}

manual_target manual_target_spot(const fl_manual *m, size_t index)
{
    const fl_plan_spot *spot = &m->setup.plan->test_spots.grid[index];
    return (manual_target){true,        true, index, spot->id, &m->setup.plan->settings[spot->setting],
                           spot->energy};
}

/* A look that came before the planned minutes is said and recorded, not refused: wall time decides nothing.
 */
static fl_status tell_early_look(fl_manual *m, fl_error *error)
{
    const fl_plan_test_spots *tests = &m->setup.plan->test_spots;
    const int64_t after_s = (m->looked_at.us - m->tested_at.us) / 1000000;
    if (m->target.test || !tests->required || after_s >= tests->look_minutes * (int64_t)60) return FL_OK;
    manual_say(m, "note", "look-early", "look again before the first pulse",
               "the test spots were looked at %lld s after the last pulse, the plan says %d minutes",
               (long long)after_s, tests->look_minutes);
    fl_entry *entry = manual_entry(m, FL_KIND_NOTE);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "text", "look-early");
    fl_entry_text(entry, "zone", m->target.name);
    fl_entry_int(entry, "after_s", after_s);
    fl_entry_int(entry, "planned_s", tests->look_minutes * (int64_t)60);
    return manual_post(m, error);
}

static fl_status aim(fl_manual *m, manual_target target, fl_error *error)
{
    fl_entry *entry = manual_entry(m, FL_KIND_ZONE);
    if (!m->sid) fl_entry_int(entry, "sid", 0);
    fl_entry_text(entry, "zone", target.name);
    fl_entry_text(entry, "who", m->who);
    const fl_status status = manual_post(m, error);
    if (status != FL_OK) return status;
    m->target = target;
    m->again[0] = 0;
    if (m->eyewear[0] && m->eyewear_nm != fl_allow_nm(target.setting)) {
        m->eyewear[0] = 0; /* bound to the wavelength it was confirmed for */
        manual_say(m, "note", "eyewear", "confirm eyewear for it", "the wavelength is now %llu nm",
                   (unsigned long long)fl_allow_nm(target.setting));
    }
    return tell_early_look(m, error);
}

/* Nothing is chosen by nobody, nor while pulses are waiting to be counted. */
static fl_status may_choose(fl_manual *m, fl_error *error)
{
    manual_attend(m);
    if (!m->who[0]) return manual_no(m, error, "not-signed-in", SIGN_IN_FIRST, "nobody is signed in");
    if (!m->open.open) return FL_OK;
    return manual_no(m, error, "zone-not-counted", "read the shot counter and type: after COUNTER",
                     "%s was begun at counter %llu and is not counted", m->open.zone,
                     (unsigned long long)m->open.ctr);
}

fl_status fl_manual_zone(fl_manual *m, const char *id, fl_error *error)
{
    fl_status status = may_choose(m, error);
    if (status != FL_OK) return status;
    const fl_allow allow = manual_allowing(m);
    size_t index = 0;
    if (fl_allow_zone(&allow, id, &index, error) != FL_OK) return manual_refused(m, error);
    const fl_plan_zone *zone = &m->setup.plan->zones[index];
    fl_past_count *count = &m->zones[index];
    if (count->pulses >= zone->budget.soft_stop && !count->reason_given) {
        fl_entry *entry = override(m, m->who, "soft-stop"); /* ordering it again is the person's word */
        fl_entry_text(entry, "zone", zone->id);
        fl_entry_int(entry, "pulses", count->pulses);
        status = manual_post(m, error);
        if (status != FL_OK) return status;
        count->reason_given = true;
    }
    return aim(m, manual_target_zone(m, index), error);
}

fl_status fl_manual_spot(fl_manual *m, uint64_t number, fl_error *error)
{
    const fl_status status = may_choose(m, error);
    if (status != FL_OK) return status;
    const fl_allow allow = manual_allowing(m);
    size_t index = 0;
    if (fl_allow_spot(&allow, number > INT32_MAX ? 0 : (int64_t)number, &index, error) == FL_OK)
        return aim(m, manual_target_spot(m, index), error);
    if (fl_text_same(error->code, FL_CODE_SPOT_DONE)) {
        m->target = (manual_target){0}; /* what is seen next is seen here */
        m->pulsed = m->pulsed_test = true;
        m->pulsed_index = index;
    }
    return manual_refused(m, error);
}

/* ---- what is seen ---- */

/* Seen where pulses were: at the target when it has some, else where the newest were. */
static manual_target subject_of(const fl_manual *m)
{
    const manual_target *t = &m->target;
    if (t->chosen && (t->test ? m->spots : m->zones)[t->index].pulses > 0) return *t;
    if (!m->pulsed || (!m->pulsed_test && m->setup.plan->chosen < 0)) return *t;
    return m->pulsed_test ? manual_target_spot(m, m->pulsed_index) : manual_target_zone(m, m->pulsed_index);
}

static fl_status record_endpoint(fl_manual *m, const char *seen, const manual_target *where, fl_error *error)
{
    fl_entry *entry = manual_entry(m, FL_KIND_NOTE);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "text", "endpoint");
    fl_entry_text(entry, "seen", seen);
    fl_entry_text(entry, "pat", m->setup.plan->client);
    fl_entry_text(entry, "plan", m->plan_hex);
    if (where->chosen) {
        fl_entry_text(entry, "zone", where->name);
        fl_entry_text(entry, "pu", where->test ? FL_PURPOSE_TEST : FL_PURPOSE_TREAT);
        fl_entry_count(entry, "wl_nm", fl_allow_nm(where->setting));
        fl_entry_count(entry, "spot_um", fl_allow_um(where->setting));
    }
    if (m->known) fl_entry_count(entry, "ctr", m->counter);
    return manual_post(m, error);
}

fl_status fl_manual_endpoint(fl_manual *m, const char *seen, fl_error *error)
{
    manual_attend(m);
    const fl_endpoint *end = fl_endpoint_find(seen);
    if (!m->who[0]) return manual_no(m, error, "not-signed-in", SIGN_IN_FIRST, "nobody is signed in");
    if (!end)
        return manual_no(m, error, "endpoint-unknown",
                         "none, frost, weak, bleed, darkened, hair-white or spark",
                         "this is not an endpoint we know");
    const manual_target where = subject_of(m);
    const fl_status status = record_endpoint(m, end->seen, &where, error);
    if (status != FL_OK) return status;
    const fl_clock *clock = m->setup.clock;
    if (end->pause) m->pause_until = fl_after(clock->now(clock->self), (fl_duration){FL_ENDPOINT_PAUSE_US});
    if (end->stop) m->stopped = true;
    if ((end->lock || end->bar) && !where.chosen)
        return manual_no(m, error, "endpoint-where", "choose the zone, then the endpoint again",
                         "nothing was treated under this plan, so where was it seen?");
    if (end->lock && !where.test) m->locked[where.index] = true;
    if (end->bar && where.chosen && where.test)
        fl_past_bar(&m->bars, fl_allow_nm(where.setting), fl_allow_um(where.setting));
    if (end->look) {
        m->looked = true;
        m->looked_at = clock->utc(clock->self);
    }
    if (end->stop)
        manual_say(m, "refused", "stop-by-hand",
                   m->open.open ? "then read the shot counter: after COUNTER" : "",
                   "STOP: foot off, laser to STANDBY%s",
                   end->lock && !where.test ? "; the zone is locked"
                   : end->bar && where.test ? "; nothing more with this wavelength and spot"
                   : end->pause             ? "; five minutes of pause"
                                            : "");
    return FL_OK;
}
