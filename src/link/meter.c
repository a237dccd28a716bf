#include "fadeline/link/meter.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRIES 3        /* an ask may be asked again */
#define LATE_MS 200    /* after 1 / rate, and the pulse is missing */
#define SET_AT_MOST 16 /* opening words */

static const fl_dialect_meter *roles(const fl_meter *meter)
{
    return &meter->talk.dialect->meter;
}

static fl_instant now(const fl_meter *meter)
{
    return meter->talk.clock->now(meter->talk.clock->self);
}

const char *fl_meter_phase_text(fl_meter_phase phase)
{
    static const char *const texts[] = {
        [FL_METER_GREETING] = "asking who it is",
        [FL_METER_SETTING] = "being set",
        [FL_METER_CLEARING] = "being cleared",
        [FL_METER_UP] = "up",
        [FL_METER_PROVING] = "being looked at again",
        [FL_METER_PROVEN] = "done",
        [FL_METER_FAILED] = "not to be used",
        [FL_METER_REJECTED] = "another device",
        [FL_METER_GONE] = "gone",
    };
    return texts[phase];
}

FL_PRINTF(3, 4) static void end(fl_meter *meter, fl_meter_phase phase, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(meter->status.why, sizeof meter->status.why, format, arguments);
    va_end(arguments);
    meter->status.phase = phase;
    meter->status.good = false;
}

void fl_meter_init(fl_meter *meter, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock,
                   const fl_meter_wish *wish)
{
    FL_ASSERT(dialect->serves == FL_SERVES_METER && dialect->meter.opening_count <= SET_AT_MOST);
    *meter = (fl_meter){.simulated_only = carrier->simulated_only, .wish = *wish};
    fl_talk_init(&meter->talk, carrier, dialect, clock);
    snprintf(meter->status.why, sizeof meter->status.why, "it has not said who it is");
}

bool fl_meter_is_over(const fl_meter *meter)
{
    return meter->status.phase >= FL_METER_PROVEN;
}

void fl_meter_finish(fl_meter *meter)
{
    if (meter->status.phase != FL_METER_UP) return;
    meter->status.phase = FL_METER_PROVING;
    meter->status.good = false;
    meter->step = meter->tries = 0;
}

/* ---- what it must be set to: each is said (SETTING) and asked (SETTING, PROVING) ---- */

typedef enum set_kind { SET_WAVELENGTH, SET_RANGE, SET_TRIGGER, SET_UNIT, SET_PROOF, SETS } set_kind;

typedef struct setting {
    const char *say, *ask; /* NULL: not said; not asked */
    double wanted, within;
    const char *name;
} setting;

/* Read back equal means: to half of the last digit that was sent. */
static double last_digit(const fl_meter *meter, const char *id)
{
    const fl_word *word = fl_dialect_word(meter->talk.dialect, id);
    return word ? 0.5 * pow(10.0, -word->send_decimals) / word->send_scale : 0.5;
}

static setting setting_of(const fl_meter *meter, set_kind kind)
{
    const fl_dialect_meter *r = roles(meter);
    const bool in_J = r->range_is == FL_RANGE_J;
    switch (kind) {
    case SET_WAVELENGTH:
        return (setting){r->wavelength_set, r->wavelength_read, meter->wish.wavelength_nm,
                         last_digit(meter, r->wavelength_set), "wavelength"};
    case SET_RANGE:
        return (setting){r->range_set, r->range_read, in_J ? meter->wish.energy_J : meter->wish.range,
                         in_J ? INFINITY : 0, "range"};
    case SET_TRIGGER:
        return (setting){r->trigger_set, r->trigger_read, r->trigger, last_digit(meter, r->trigger_set),
                         "trigger level"};
    case SET_UNIT: return (setting){.ask = r->unit, .name = "unit"};
    case SET_PROOF: return (setting){.ask = r->proof, .name = "set-up"};
    default: return (setting){.name = ""};
    }
}

/* A range in joules may be larger than asked for, and not smaller. */
static bool holds(const setting *s, double read)
{
    if (isinf(s->within)) return isfinite(read) && read >= s->wanted * (1 - 1e-6);
    return fabs(read - s->wanted) <= s->within; /* NaN: no */
}

static bool text_holds(const fl_meter *meter, set_kind kind, const fl_reading *r)
{
    const char *is = kind == SET_UNIT ? roles(meter)->unit_is : roles(meter)->proof_is;
    if (is) return fl_text_same(r->text, is);
    return fl_word_judge(meter->talk.word, r).good;
}

/* ---- readings ---- */

static void put(fl_meter *meter, fl_meter_kind kind, double energy_J, uint64_t count, const char *why)
{
    fl_meter_status *s = &meter->status;
    s->readings += kind == FL_METER_ENERGY;
    s->over += kind == FL_METER_OVER;
    s->bad += kind == FL_METER_BAD;
    s->lost += kind == FL_METER_LOST ? count : 0;
    s->missing += kind == FL_METER_MISSING;
    if (meter->count == FL_METER_HELD) {
        meter->first = (meter->first + 1) % FL_METER_HELD;
        meter->count--;
        s->lost++;
    }
    meter->held[(meter->first + meter->count++) % FL_METER_HELD] = (fl_meter_reading){
        .kind = kind, .energy_J = energy_J, .count = count, .at = meter->talk.sent, .why = why};
    if (kind != FL_METER_MISSING) meter->paused = false, meter->last = meter->talk.sent;
}

bool fl_meter_take(fl_meter *meter, fl_meter_reading *reading)
{
    if (!meter->count) return false;
    *reading = meter->held[meter->first];
    meter->first = (meter->first + 1) % FL_METER_HELD;
    meter->count--;
    return true;
}

/* Gaps in the numbers are readings that nobody read. false: the same one as before. */
static bool is_numbered_anew(fl_meter *meter, const fl_reading *r)
{
    const uint64_t before = meter->sequence;
    const bool had = meter->has_sequence;
    meter->has_sequence = true;
    meter->sequence = r->sequence;
    if (!had) return false; /* from before: it only says where counting begins */
    if (r->sequence < before)
        put(meter, FL_METER_BAD, NAN, 1, "the meter began to count anew");
    else if (r->sequence > before + 1)
        put(meter, FL_METER_LOST, NAN, r->sequence - before - 1, "");
    return r->sequence > before;
}

static void heard_reading(fl_meter *meter, const fl_reading *r)
{
    const bool number = r->kind == FL_READ_VALUE || r->kind == FL_READ_OVER;
    meter->is_new = meter->armed = false;
    if (!number) return put(meter, FL_METER_BAD, NAN, 1, r->why ? r->why : "no answer");
    if (r->has_sequence && !is_numbered_anew(meter, r)) return;
    if (r->kind == FL_READ_OVER) return put(meter, FL_METER_OVER, NAN, 1, "");
    if (meter->talk.word->states_count && !fl_word_judge(meter->talk.word, r).good)
        return put(meter, FL_METER_BAD, NAN, 1, r->state ? r->state->name : "a flag that nobody knows");
    if (!(r->number > 0)) return put(meter, FL_METER_BAD, NAN, 1, "an energy that is not above zero");
    put(meter, FL_METER_ENERGY, r->number, 1, "");
}

/* The numbered kind is asked all the time: an answer that is none is no reading, only a doubt that ages. */
static void heard_record(fl_meter *meter, const fl_reading *r)
{
    if (r->kind == FL_READ_VALUE || r->kind == FL_READ_OVER) heard_reading(meter, r);
}

/* ---- what was heard ---- */

/* An ask may be asked again, a few times. */
static void again(fl_meter *meter, const char *what, const fl_reading *r)
{
    if (++meter->tries < TRIES) return;
    end(meter, FL_METER_FAILED, "%s: %s", what,
        r->kind == FL_READ_OVER ? "out of range"
        : r->why                ? r->why
                                : "no answer");
}

static void heard_identity(fl_meter *meter, const fl_reading *r)
{
    if (r->kind != FL_READ_VALUE) return again(meter, "it does not say who it is", r);
    snprintf(meter->status.identity, sizeof meter->status.identity, "%s", r->text);
    const bool simulated = strstr(r->text, "SIM");
    if (!strstr(r->text, roles(meter)->identity_holds))
        return end(meter, FL_METER_REJECTED, "another device answers: %s", r->text);
    if (simulated != meter->simulated_only)
        return end(meter, FL_METER_REJECTED,
                   "a simulated meter answers where a real one belongs, or the other way round");
    meter->status.phase = FL_METER_SETTING;
    meter->step = meter->tries = 0;
}

/* Said once. Refused or garbled, it may have been done or not, and nobody says it again. */
static void heard_say(fl_meter *meter, const fl_reading *r)
{
    if (r->kind != FL_READ_DONE && r->kind != FL_READ_VALUE)
        return end(meter, FL_METER_FAILED, "'%s' was not done: %s", meter->talk.word->id,
                   r->why ? r->why : "no answer");
    meter->step++;
}

static void heard_setting(fl_meter *meter, set_kind kind, const fl_reading *r)
{
    const setting s = setting_of(meter, kind);
    if (r->kind != FL_READ_VALUE) return again(meter, s.name, r);
    const bool by_number = kind < SET_UNIT;
    if (by_number && !holds(&s, r->number))
        return end(meter, FL_METER_FAILED, "%s: the meter says %g where %g was wanted", s.name, r->number,
                   s.wanted);
    if (!by_number && !text_holds(meter, kind, r))
        return end(meter, FL_METER_FAILED, "%s: the meter says '%s'", s.name,
                   r->state ? r->state->name : r->text);
    meter->step++;
    meter->tries = 0;
}

static void heard_arming(fl_meter *meter, const fl_reading *r)
{
    meter->armed = r->kind == FL_READ_DONE || r->kind == FL_READ_VALUE;
    if (!meter->armed) end(meter, FL_METER_FAILED, "it was not armed: %s", r->why ? r->why : "no answer");
}

/* What was there before is thrown away, whatever it was; a numbered one says where counting begins. */
static void heard_clearing(fl_meter *meter, const fl_reading *r)
{
    if (roles(meter)->arm) { /* arming throws away; light may come when it was done, and no earlier */
        heard_arming(meter, r);
        if (!meter->armed) return;
    } else if (roles(meter)->fresh) {
        if (r->kind == FL_READ_GARBAGE && ++meter->tries < TRIES) return;
    } else if (!r->has_sequence) {
        return again(meter, "it has no reading to count from; let one pulse fall on it and begin again", r);
    } else {
        is_numbered_anew(meter, r);
    }
    meter->status.phase = FL_METER_UP;
    meter->last = now(meter);
    meter->paused = true; /* the first pulse comes when it comes */
}

static void heard_fresh(fl_meter *meter, const fl_reading *r)
{
    if (r->kind != FL_READ_VALUE) return;
    if (meter->talk.word->states_count)
        meter->is_new = fl_word_judge(meter->talk.word, r).good;
    else if (r->number == 1)
        meter->is_new = true;
    else if (r->number != 0)
        end(meter, FL_METER_FAILED, "asked for a new reading it says %g, which nobody knows", r->number);
}

static bool is(const fl_meter *meter, const char *id)
{
    return id && fl_text_same(meter->talk.word->id, id);
}

static void heard(fl_meter *meter, const fl_reading *r)
{
    const fl_dialect_meter *m = roles(meter);
    const bool known = !meter->talk.word->states_count || r->state; /* what nobody knows is no answer */
    if ((r->kind == FL_READ_VALUE && known) || r->kind == FL_READ_DONE || r->kind == FL_READ_OVER)
        meter->heard = now(meter);
    switch (meter->status.phase) {
    case FL_METER_GREETING: return heard_identity(meter, r);
    case FL_METER_SETTING:
    case FL_METER_PROVING:
        if (meter->talk.word->say) return heard_say(meter, r);
        for (set_kind k = 0; k < SETS; k++)
            if (is(meter, setting_of(meter, k).ask)) return heard_setting(meter, k, r);
        return;
    case FL_METER_CLEARING: return heard_clearing(meter, r);
    case FL_METER_UP:
        if (is(meter, m->arm)) return heard_arming(meter, r);
        if (is(meter, m->fresh)) return heard_fresh(meter, r);
        if (is(meter, m->read)) return m->fresh ? heard_reading(meter, r) : heard_record(meter, r);
        return;
    default: return;
    }
}

/* ---- what is said next ---- */

static bool say(fl_meter *meter, const char *id, double value)
{
    fl_error error = {0};
    const fl_word *word = fl_dialect_word(meter->talk.dialect, id);
    if (!word) return false;
    const fl_status status = fl_talk_begin(&meter->talk, word, value, &error);
    if (status == FL_E_RANGE) end(meter, FL_METER_FAILED, "%s", error.what);
    return status == FL_OK;
}

/* Steps: the opening words, then say and ask of every setting in turn; without a word a step is done. */
static void say_setting(fl_meter *meter)
{
    const bool proving = meter->status.phase == FL_METER_PROVING;
    const size_t opening = proving ? 0 : roles(meter)->opening_count;
    for (;; meter->step++) {
        if (meter->step < opening) return (void)say(meter, roles(meter)->opening[meter->step], 0);
        const size_t rest = meter->step - opening;
        if (rest / 2 >= SETS) break;
        const setting s = setting_of(meter, (set_kind)(rest / 2));
        const char *id = rest % 2 ? s.ask : proving ? NULL : s.say;
        if (id) return (void)say(meter, id, s.wanted);
    }
    meter->status.phase = proving ? FL_METER_PROVEN : FL_METER_CLEARING;
    meter->tries = 0;
    if (proving) meter->status.why[0] = 0;
}

static void say_up(fl_meter *meter)
{
    const fl_dialect_meter *r = roles(meter);
    if (meter->is_new) return (void)say(meter, r->read, 0);
    if (now(meter).us < meter->poll_at.us) return;
    if (r->arm && !meter->armed) return (void)say(meter, r->arm, 0);
    meter->poll_at = fl_after(now(meter), fl_ms(r->poll_ms));
    say(meter, r->fresh ? r->fresh : r->read, 0);
}

static void speak(fl_meter *meter)
{
    if (!fl_talk_is_free(&meter->talk)) return;
    switch (meter->status.phase) {
    case FL_METER_GREETING: say(meter, roles(meter)->identity, 0); return;
    case FL_METER_SETTING:
    case FL_METER_PROVING: say_setting(meter); return;
    case FL_METER_CLEARING: say(meter, roles(meter)->arm ? roles(meter)->arm : roles(meter)->read, 0); return;
    case FL_METER_UP: say_up(meter); return;
    default: return;
    }
}

/* ---- every tick ---- */

/* Three looks and two patiences: one lost answer is survived. */
static bool is_silent(const fl_meter *meter)
{
    const int64_t ms = 3 * roles(meter)->poll_ms + 2 * meter->talk.dialect->line.answer_ms;
    return fl_since(now(meter), meter->heard).us > ms * 1000;
}

static void watch(fl_meter *meter)
{
    fl_meter_status *s = &meter->status;
    if (s->phase >= FL_METER_PROVING) return;
    s->good = s->phase == FL_METER_UP && !is_silent(meter);
    if (s->phase == FL_METER_UP)
        snprintf(s->why, sizeof s->why, "%s", s->good ? "" : "it does not answer");
    else if (s->phase > FL_METER_GREETING)
        snprintf(s->why, sizeof s->why, "%s", fl_meter_phase_text(s->phase));
    if (s->phase != FL_METER_UP || meter->paused || !(meter->wish.rate_Hz > 0)) return;
    const double late_us = 1e6 / meter->wish.rate_Hz + LATE_MS * 1e3;
    if ((double)fl_since(now(meter), meter->last).us <= late_us) return;
    meter->paused = true;
    put(meter, FL_METER_MISSING, NAN, 1, "");
}

void fl_meter_tick(fl_meter *meter)
{
    if (fl_meter_is_over(meter)) return;
    static const fl_reading nothing = {.kind = FL_READ_GARBAGE, .number = NAN, .why = "no answer"};
    switch (fl_talk_tick(&meter->talk)) {
    case FL_TALK_GONE: end(meter, FL_METER_GONE, "the line is lost"); return;
    case FL_TALK_ANSWERED: heard(meter, &meter->talk.reading); break;
    case FL_TALK_SILENT: heard(meter, &nothing); break;
    case FL_TALK_NOTHING: break;
    }
    if (!fl_meter_is_over(meter)) speak(meter);
    watch(meter);
}
