#include "manual_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "opening.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

const char *fl_manual_name(const fl_device *device, bool training, char room[FL_DEVICE_ID_MAX + 1])
{
    const char *name = device->link.identity ? device->link.identity : device->id;
    snprintf(room, FL_DEVICE_ID_MAX + 1, "%s%s", training ? "SIM-TRAINING-" : "",
             training ? device->id : name);
    return room;
}

fl_status fl_manual_open_plan(const char *path, const char *device_id, fl_plan **plan, fl_device **device,
                              fl_error *error)
{
    fl_status status = fl_opening_plan(path, plan, error);
    if (status != FL_OK) return status;
    if (!fl_text_same((*plan)->device, device_id)) {
        fl_error_set(error, FL_E_NO, "the plan is for %s, not for %.60s", (*plan)->device, device_id);
        return fl_error_hint(error, "plan again with --device %.60s, or run it with --device manual:%s",
                             device_id, (*plan)->device),
               FL_E_NO;
    }
    status = fl_opening_device(*plan, device, error);
    if (status != FL_OK) return status;
    if (fl_device_is_simulated(*device) || fl_text_same((*device)->link.dialect, "gl1")) {
        fl_error_set(error, FL_E_DEVICE, "%s gives its pulses one by one: there is nothing to set by hand",
                     device_id);
        return fl_error_hint(error, "fadeline run PLAN.json --port PATH"), FL_E_DEVICE;
    }
    return fl_opening_settings(*plan, *device, error);
}

fl_status manual_load(fl_manual *m, fl_error *error)
{
    const fl_clock *clock = m->setup.clock;
    fl_past *past = &m->past;
    const fl_status status =
        fl_past_read(m->setup.journal, m->setup.dev, m->setup.plan, clock->utc(clock->self), past, error);
    if (status != FL_OK) return status;
    memcpy(m->zones, past->zones, sizeof m->zones);
    memcpy(m->spots, past->spots, sizeof m->spots);
    memcpy(m->locked, past->locked, sizeof m->locked);
    m->bars = past->bars;
    m->looked = past->looked;
    m->tested_at = past->tested_at;
    m->looked_at = past->looked_at;
    m->pulsed = past->last_known;
    m->pulsed_test = past->last_test;
    m->pulsed_index = past->last_index;
    m->pause_until = (fl_instant){0};
    if (past->pause_left.us > 0) m->pause_until = fl_after(clock->now(clock->self), past->pause_left);
    m->known = past->known && past->counter.known;
    m->counter = past->counter.ctr;
    m->open = past->by_hand;
    m->begun_at = (fl_instant){0};
    m->mismatch = past->mismatch;
    m->shown_known = false;
    m->over = past->over;
    m->date_unsure = past->date_unsure;
    m->again[0] = 0;
    return FL_OK;
}

static void tell_interrupted(fl_manual *m)
{
    const fl_past *past = &m->past;
    if (!past->interrupted) return;
    if (m->open.open)
        manual_say(m, "note", "session-interrupted", "sign in, read the shot counter and type: after COUNTER",
                   "INTERRUPTED in %s, begun at counter %llu and never counted", m->open.zone,
                   (unsigned long long)m->open.ctr);
    else
        manual_say(m, "note", "session-interrupted", "sign in, choose the zone and go on, or end the session",
                   "INTERRUPTED at %llu pulses, %s", (unsigned long long)past->counter.pulses,
                   past->interrupted_zone[0] ? past->interrupted_zone : "no zone");
}

fl_status fl_manual_new(const fl_manual_setup *setup, fl_manual **manual, fl_error *error)
{
    FL_ASSERT(setup->plan && setup->device && setup->dev && setup->journal && setup->clock && error);
    fl_manual *m = calloc(1, sizeof *m);
    if (!m) return fl_error_set(error, FL_E_MEMORY, "no memory for the session");
    m->setup = *setup;
    fl_hex(setup->plan->sha256, sizeof setup->plan->sha256, m->plan_hex);
    fl_entry_begin(&m->entries[0], FL_KIND_PLAN_LOAD);
    fl_entry_text(&m->entries[0], "plan", m->plan_hex);
    fl_entry_text(&m->entries[0], "plan_id", setup->plan->plan_id);
    fl_status status = manual_post(m, error);
    if (status == FL_OK) status = manual_load(m, error);
    if (status == FL_OK &&
        (m->past.counter.outstanding || (m->past.interrupted && !m->past.counter.manual))) {
        fl_error_set(error, FL_E_NO, "a driven session with this laser is not closed");
        fl_error_hint(error, "let fadeline run with its port settle it first");
        status = FL_E_NO;
    }
    if (status != FL_OK) {
        free(m);
        return status;
    }
    const fl_clock *clock = setup->clock;
    fl_people_resume(&m->guard, &m->past.tries, m->past.read_at, clock->now(clock->self));
    tell_interrupted(m);
    *manual = m;
    return FL_OK;
}

void fl_manual_free(fl_manual *manual)
{
    free(manual);
}

/* ---- records and words ---- */

fl_entry *manual_entry(fl_manual *m, fl_kind kind)
{
    fl_entry_begin(&m->entries[0], kind);
    fl_entry_device(&m->entries[0], m->setup.dev, m->setup.training);
    if (m->sid) fl_entry_count(&m->entries[0], "sid", m->sid);
    return &m->entries[0];
}

fl_status manual_post(fl_manual *m, fl_error *error)
{
    return fl_journal_append(m->setup.journal, &m->entries[0], 1, error);
}

void manual_say(fl_manual *m, const char *kind, const char *code, const char *hint, const char *format, ...)
{
    char text[400];
    va_list arguments;
    if (!m->setup.say) return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    m->setup.say(m->setup.self, kind, code, text, hint);
}

fl_status manual_refused(fl_manual *m, fl_error *error)
{
    const fl_error refusal = *error;
    fl_entry *entry = manual_entry(m, FL_KIND_NOTE);
    fl_entry_text(entry, "who", m->who);
    fl_entry_text(entry, "text", "refused");
    fl_entry_text(entry, "code", refusal.code[0] ? refusal.code : "refused");
    const fl_status status = manual_post(m, error);
    if (status != FL_OK) return status;
    *error = refusal;
    return FL_E_NO;
}

fl_status manual_no(fl_manual *m, fl_error *error, const char *code, const char *hint, const char *format,
                    ...)
{
    char text[sizeof error->what];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fl_error_set(error, FL_E_NO, "%s", text);
    fl_error_code(error, code);
    fl_error_hint(error, "%s", hint);
    return manual_refused(m, error);
}

/* ---- what everybody asks ---- */

fl_allow manual_allowing(const fl_manual *m)
{
    return (fl_allow){.plan = m->setup.plan,
                      .past = &m->past,
                      .today = m->setup.today,
                      .zones = m->zones,
                      .spots = m->spots,
                      .locked = m->locked,
                      .bars = &m->bars,
                      .looked = m->looked,
                      .date_doubt = m->date_unsure ? FL_CLOCK_DOUBT : NULL};
}

const size_t *manual_zone_index(const fl_manual *m)
{
    return m->target.chosen && !m->target.test ? &m->target.index : NULL;
}

fl_past_count *manual_count_of(fl_manual *m, bool test, size_t index)
{
    return test ? &m->spots[index] : &m->zones[index];
}

fl_plan_budget manual_budget(const fl_manual *m, bool test, size_t index)
{
    return test ? fl_reading_spot_budget(m->setup.plan->test_spots.grid[index].pulses)
                : m->setup.plan->zones[index].budget;
}

void manual_attend(fl_manual *m)
{
    const uint64_t steps = fl_journal_clock_steps(m->setup.journal);
    if (steps == m->clock_steps) return;
    m->clock_steps = steps;
    if (m->setup.date_by_hand || m->date_unsure) return;
    m->date_unsure = true;
    manual_say(m, "refused", "clock-step", "order: date WHO PIN YYYY-MM-DD", "%s", FL_CLOCK_DOUBT);
}

static fl_manual_next what_next(const fl_manual *m)
{
    if (!m->who[0]) return FL_NEXT_SIGN_IN;
    if (m->mismatch.open && m->open.open && !m->shown_known) return FL_NEXT_AFTER;
    if (m->mismatch.open)
        return !m->open.open && !fl_mismatch_is_far(&m->mismatch, m->counter) ? FL_NEXT_EXPLAIN
                                                                              : FL_NEXT_SUPERVISOR;
    if (m->open.open) return FL_NEXT_AFTER;
    if (m->over != FL_OVER_NOT) return m->over == FL_OVER_HARD ? FL_NEXT_SUPERVISOR : FL_NEXT_EXPLAIN;
    if (!m->target.chosen) return FL_NEXT_TARGET;
    return m->eyewear[0] ? FL_NEXT_BEFORE : FL_NEXT_EYEWEAR;
}

static long long pause_left_s(const fl_manual *m)
{
    const fl_clock *clock = m->setup.clock;
    const int64_t left_us = fl_since(m->pause_until, clock->now(clock->self)).us;
    return left_us > 0 ? (left_us + 999999) / 1000000 : 0;
}

void fl_manual_look(const fl_manual *m, fl_manual_view *view)
{
    const manual_target *target = &m->target;
    fl_counter_state books;
    *view = (fl_manual_view){.next = what_next(m),
                             .who = m->who,
                             .zone = "",
                             .chosen = target->chosen,
                             .open = m->open.open,
                             .interrupted = m->open.open && m->open.sid != m->sid,
                             .stopped = m->open.open && m->stopped,
                             .begun = m->open.ctr,
                             .known = m->known,
                             .counter = m->counter,
                             .sid = m->sid,
                             .date_unsure = m->date_unsure,
                             .pause_s = pause_left_s(m)};
    view->second =
        m->who[0] && target->chosen && !m->open.open &&
        fl_second_asks(&m->past, m->setup.training, &m->given, manual_zone_index(m)) != FL_SECOND_NOTHING;
    if (m->sid && fl_journal_counter(m->setup.journal, m->setup.dev, &books))
        view->session_pulses = books.pulses;
    if (target->chosen) {
        const fl_plan_budget budget = manual_budget(m, target->test, target->index);
        view->zone = target->name;
        view->test = target->test;
        view->index = target->index;
        view->pulses = (target->test ? m->spots : m->zones)[target->index].pulses;
        view->planned = budget.planned;
        view->stop_at = target->test ? budget.planned : budget.soft_stop;
        view->wl_nm = fl_allow_nm(target->setting);
    }
    if (!m->open.open) return;
    view->zone = m->open.zone;
    view->test = m->open.test;
    view->pulses = m->open.had;
    view->planned = m->open.planned;
    view->stop_at = m->open.test ? m->open.planned : m->open.soft_stop;
}
