#include "fadeline/link/laser.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define REST_MOST_MS 10000

enum { /* errands */
       NOTHING,
       IDENTITY,
       WATCHDOG,      /* says it */
       WATCHDOG_READ, /* when there is a query */
       OPENING,
       SETTING,
       SETTING_READ,
       STATUS,
       COUNTER,
};

static const fl_dialect_laser *roles(const fl_laser *laser)
{
    return &laser->talk.dialect->laser;
}

static fl_instant now(const fl_laser *laser)
{
    return laser->talk.clock->now(laser->talk.clock->self);
}

const char *fl_laser_phase_text(fl_laser_phase phase)
{
    static const char *const texts[] = {
        [FL_LASER_GREETING] = "asked who it is",
        [FL_LASER_OPENING] = "being made ready",
        [FL_LASER_UP] = "up",
        [FL_LASER_WATCHED] = "only watched",
        [FL_LASER_STOPPED] = "stopped",
        [FL_LASER_REJECTED] = "another device",
        [FL_LASER_GONE] = "gone",
    };
    return texts[phase];
}

const char *fl_laser_setting_text(fl_laser_setting_state state)
{
    static const char *const texts[] = {
        [FL_LASER_UNSET] = "not set by us",       [FL_LASER_WANTED] = "not said yet",
        [FL_LASER_SAYING] = "said, not answered", [FL_LASER_READING] = "not read back yet",
        [FL_LASER_VERIFIED] = "as set",           [FL_LASER_WRONG] = "not what was set",
    };
    return texts[state];
}

FL_PRINTF(2, 3) static void because(fl_laser *laser, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(laser->status.why, sizeof laser->status.why, format, arguments);
    va_end(arguments);
}

void fl_laser_init(fl_laser *laser, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock)
{
    FL_ASSERT(dialect->serves == FL_SERVES_LASER);
    const fl_dialect_laser *r = &dialect->laser;
    FL_ASSERT(r->status_count <= FL_LASER_STATUS_MOST && r->settings_count <= FL_LASER_SETTINGS_MOST);
    *laser = (fl_laser){.simulated_only = carrier->simulated_only,
                        .expected = r->identity_holds,
                        .readings_count = r->status_count,
                        .settings_count = r->settings_count,
                        .patience_ms = dialect->line.answer_ms,
                        .status.light = true};
    fl_talk_init(&laser->talk, carrier, dialect, clock);
    for (size_t i = 0; i < r->status_count; i++) {
        const fl_word *word = fl_dialect_word(dialect, r->status[i]);
        laser->readings[i].word = word;
        if (word->answer_ms > laser->patience_ms) laser->patience_ms = word->answer_ms;
    }
    for (size_t i = 0; i < r->settings_count; i++)
        laser->settings[i] = (fl_laser_setting){.what = &r->settings[i], .wanted = NAN, .read = NAN};
    because(laser, "it has not said who it is");
}

void fl_laser_expect(fl_laser *laser, const char *identity_holds)
{
    FL_ASSERT(laser->status.phase == FL_LASER_GREETING);
    laser->expected = identity_holds;
}

void fl_laser_only_watch(fl_laser *laser)
{
    FL_ASSERT(laser->status.phase == FL_LASER_GREETING);
    laser->only_watch = true;
}

void fl_laser_hold(fl_laser *laser, bool held)
{
    laser->held = held;
}

void fl_laser_read_all(fl_laser *laser)
{
    laser->reads_all = true;
}

/* What it would take to tell it anything. */
static bool can_be_told(const fl_laser *laser)
{
    return fl_dialect_is_whole(laser->talk.dialect) && laser->expected && !laser->only_watch;
}

/* ---- stopping ---- */

/* It said who it is, and the file has all the words: it may be told something. */
static bool may_speak(const fl_laser *laser)
{
    const fl_laser_phase phase = laser->status.phase;
    return phase == FL_LASER_OPENING || phase == FL_LASER_UP;
}

static void forget_settings(fl_laser *laser)
{
    for (size_t i = 0; i < laser->settings_count; i++) laser->settings[i].state = FL_LASER_UNSET;
}

void fl_laser_stop(fl_laser *laser, const char *why)
{
    const bool greeting = laser->status.phase == FL_LASER_GREETING;
    if (!may_speak(laser) && !greeting) return;
    laser->stopping = greeting ? roles(laser)->stop_count : 0; /* nobody knows whom we would tell */
    laser->status.phase = FL_LASER_STOPPED;
    laser->status.good = laser->status.healthy = false;
    laser->errand = NOTHING;
    laser->next_stop = now(laser);
    because(laser, "stopped: %s", why);
    forget_settings(laser);
}

void fl_laser_leave(fl_laser *laser)
{
    const bool stopped = laser->status.phase == FL_LASER_STOPPED && laser->status.identity[0];
    if (may_speak(laser) || stopped)
        fl_talk_leave(&laser->talk, (const char *const *)roles(laser)->stop, roles(laser)->stop_count);
    if (laser->status.phase != FL_LASER_REJECTED && laser->status.phase != FL_LASER_GONE)
        laser->status.phase = FL_LASER_STOPPED;
    laser->stopping = roles(laser)->stop_count;
    laser->status.good = laser->status.healthy = false;
    laser->errand = NOTHING;
}

/* ---- settings ---- */

static fl_status refuse_setting(const fl_laser *laser, fl_error *error)
{
    if (!can_be_told(laser))
        return fl_error_set(
            error, FL_E_REFUSED,
            "this laser is only watched: its dialect has no identity, stop, status or interlock");
    return fl_error_set(error, FL_E_REFUSED, "the laser is %s", fl_laser_phase_text(laser->status.phase));
}

fl_status fl_laser_set(fl_laser *laser, const char *quantity, double value, fl_error *error)
{
    if (!can_be_told(laser) || (!may_speak(laser) && laser->status.phase != FL_LASER_GREETING))
        return refuse_setting(laser, error);
    for (size_t i = 0; i < laser->settings_count; i++) {
        fl_laser_setting *setting = &laser->settings[i];
        if (!fl_text_same(setting->what->quantity, quantity)) continue;
        char out[FL_WORD_ROOM];
        if (!fl_word_compose(laser->talk.dialect, fl_dialect_word(laser->talk.dialect, setting->what->set),
                             value, out, error))
            return FL_E_RANGE;
        setting->wanted = value;
        setting->read = NAN;
        setting->refused = NULL;
        setting->state = FL_LASER_WANTED;
        return FL_OK;
    }
    fl_error_set(error, FL_E_NO, "this laser's protocol cannot set '%s'", quantity);
    char hint[300];
    fl_text text = fl_text_in(hint, sizeof hint);
    for (size_t i = 0; i < laser->settings_count; i++)
        fl_text_add(&text, "%s%s", i ? ", " : "it sets ", laser->settings[i].what->quantity);
    return fl_error_hint(error, "%s", text.length ? hint : "it can only be watched"), FL_E_NO;
}

static bool is_equal(const fl_laser_setting *setting, const fl_reading *r)
{
    return r->kind == FL_READ_VALUE && fabs(r->number - setting->wanted) <= setting->what->tolerance;
}

/* ---- what was heard ---- */

static bool is_clean(const fl_reading *r)
{
    return r->kind == FL_READ_DONE || r->kind == FL_READ_VALUE || r->kind == FL_READ_OVER;
}

static const char *kind_text(const fl_reading *r)
{
    return r->why ? r->why : "out of range";
}

static void heard_greeting(fl_laser *laser, const fl_reading *r)
{
    const bool told = r->kind == FL_READ_VALUE;
    const bool fits = told && (!laser->expected || strstr(r->text, laser->expected));
    const bool simulated = told && strstr(r->text, "SIM");
    snprintf(laser->status.identity, sizeof laser->status.identity, "%s", told ? r->text : "");
    if (!fits || simulated != laser->simulated_only) {
        laser->status.phase = FL_LASER_REJECTED;
        if (fits)
            because(laser, simulated ? "a simulated laser answers where a real one belongs"
                                     : "a laser that does not call itself simulated answers where only a "
                                       "simulated one belongs");
        else
            because(laser, "another device answers: %s", told ? r->text : kind_text(r));
        return;
    }
    laser->unsure = false;
    laser->status.phase = can_be_told(laser) ? FL_LASER_OPENING : FL_LASER_WATCHED;
}

/* Out of step, or not there. Every doubt doubles the rest until a whole round was clean: a device that
 * answers everything late by more than a patience answers our old words in the rhythm of the new ones, and
 * one of the identities that we asked for is always on its way. A rest that is longer than its delay ends
 * that. */
static void doubt(fl_laser *laser)
{
    const int least_ms = laser->patience_ms, wanted_ms = 2 * laser->talk.rest_ms;
    laser->unsure = roles(laser)->identity != NULL;
    laser->clean = 0;
    laser->talk.rest_ms = wanted_ms < least_ms       ? least_ms
                          : wanted_ms < REST_MOST_MS ? wanted_ms
                                                     : REST_MOST_MS;
    fl_talk_rest(&laser->talk);
}

static void in_step(fl_laser *laser)
{
    if (++laser->clean > laser->readings_count + laser->settings_count + 2) laser->talk.rest_ms = 0;
}

/* Anything but the same identity: an older answer, or another device. Nothing is believed before it comes. */
static void heard_identity(fl_laser *laser, const fl_reading *r)
{
    if (laser->status.phase == FL_LASER_GREETING) return heard_greeting(laser, r);
    laser->unsure = !(r->kind == FL_READ_VALUE && fl_text_same(r->text, laser->status.identity));
    if (laser->unsure) doubt(laser);
}

static void stop_over(fl_laser *laser, const fl_reading *r)
{
    char why[FL_LASER_WHY];
    snprintf(why, sizeof why, "'%s' was not done: %s", laser->talk.word->id, kind_text(r));
    fl_laser_stop(laser, why);
}

static void heard_opening(fl_laser *laser, const fl_reading *r)
{
    const bool reading = laser->errand == WATCHDOG_READ;
    const bool done =
        reading ? r->kind == FL_READ_VALUE && fabs(r->number - roles(laser)->watchdog_s) < 1e-6 : is_clean(r);
    if (done)
        laser->step++;
    else if (reading && r->kind == FL_READ_VALUE)
        fl_laser_stop(laser, "its watchdog is not what was set");
    else
        stop_over(laser, r);
}

static void heard_said(fl_laser *laser, fl_laser_setting *setting, const fl_reading *r)
{
    if (r->kind != FL_READ_REFUSED && !is_clean(r)) return stop_over(laser, r);
    if (setting->state != FL_LASER_SAYING) return; /* another value was asked for meanwhile */
    const bool repeats = fl_dialect_word(laser->talk.dialect, setting->what->set)->value == FL_VALUE_NUMBER;
    setting->state = FL_LASER_READING;
    if (r->kind == FL_READ_REFUSED) setting->refused = r->why;
    if (repeats && is_clean(r)) setting->read = r->number;
    if (r->kind == FL_READ_REFUSED || (repeats && !is_equal(setting, r))) setting->state = FL_LASER_WRONG;
}

static void heard_read(fl_laser *laser, fl_laser_setting *setting, const fl_reading *r)
{
    if (setting->state == FL_LASER_WANTED || setting->state == FL_LASER_SAYING) return; /* of the old value */
    if (r->kind == FL_READ_VALUE) {
        setting->read = r->number;
        setting->asked = laser->talk.sent;
        if (setting->state == FL_LASER_UNSET) return;
        if (!is_equal(setting, r)) setting->state = FL_LASER_WRONG;
        if (setting->state == FL_LASER_READING) setting->state = FL_LASER_VERIFIED;
    } else if (setting->state == FL_LASER_VERIFIED) {
        setting->state = FL_LASER_READING; /* an answer that tells nothing */
    }
}

static void heard_status(fl_laser *laser, fl_laser_reading *reading, const fl_reading *r)
{
    reading->reading = *r;
    reading->judged = fl_word_judge(reading->word, r);
    reading->asked = laser->talk.sent;
    reading->heard = true;
}

static void heard_counter(fl_laser *laser, const fl_reading *r)
{
    const uint64_t before = laser->status.counter;
    const bool told = r->kind == FL_READ_VALUE && r->number >= 0 && r->number < 9e15;
    laser->status.has_counter = told;
    if (!told) return;
    laser->status.counter = (uint64_t)r->number;
    laser->counter_asked = laser->talk.sent;
    laser->counter_fell = laser->counter_fell || laser->status.counter < before;
}

static void heard(fl_laser *laser, const fl_reading *r)
{
    if (is_clean(r))
        in_step(laser);
    else
        doubt(laser);
    switch (laser->errand) {
    case IDENTITY: heard_identity(laser, r); break;
    case WATCHDOG:
    case WATCHDOG_READ:
    case OPENING: heard_opening(laser, r); break;
    case SETTING: heard_said(laser, &laser->settings[laser->errand_index], r); break;
    case SETTING_READ: heard_read(laser, &laser->settings[laser->errand_index], r); break;
    case STATUS: heard_status(laser, &laser->readings[laser->errand_index], r); break;
    case COUNTER: heard_counter(laser, r); break;
    default: break;
    }
}

/* What was asked is asked again in its turn, and the older answer ages; what was said is not said again. */
static void heard_nothing(fl_laser *laser)
{
    static const fl_reading nothing = {.kind = FL_READ_GARBAGE, .number = 0, .why = "no answer"};
    doubt(laser);
    if (laser->errand == WATCHDOG || laser->errand == WATCHDOG_READ || laser->errand == OPENING ||
        laser->errand == SETTING)
        stop_over(laser, &nothing);
}

/* ---- what is said next ---- */

static bool say(fl_laser *laser, unsigned errand, size_t index, const char *id, double value)
{
    const fl_word *word = fl_dialect_word(laser->talk.dialect, id);
    FL_ASSERT(word);
    if (fl_talk_begin(&laser->talk, word, value, NULL) != FL_OK) return false;
    laser->errand = errand;
    laser->errand_index = index;
    return true;
}

static bool say_stop(fl_laser *laser)
{
    if (laser->status.phase != FL_LASER_STOPPED || laser->stopping >= roles(laser)->stop_count) return false;
    const bool follows = laser->stopping > 0; /* the first goes over whatever is out */
    if (now(laser).us < laser->next_stop.us || (follows && !fl_talk_has_left(&laser->talk))) return true;
    laser->stopped = now(laser);
    laser->next_stop = fl_after(laser->stopped, fl_ms(laser->talk.dialect->line.gap_ms));
    const fl_word *word = fl_dialect_word(laser->talk.dialect, roles(laser)->stop[laser->stopping++]);
    return fl_talk_say_over(&laser->talk, word), true;
}

static void say_identity(fl_laser *laser)
{
    if (roles(laser)->identity) {
        say(laser, IDENTITY, 0, roles(laser)->identity, 0);
    } else if (laser->simulated_only) {
        laser->status.phase = FL_LASER_REJECTED;
        because(laser, "its protocol has no identity: it cannot call itself simulated");
    } else {
        laser->status.phase = FL_LASER_WATCHED;
    }
}

static void say_opening(fl_laser *laser)
{
    const fl_dialect_laser *r = roles(laser);
    const fl_word *watchdog = fl_dialect_word(laser->talk.dialect, r->watchdog);
    const size_t first = !watchdog ? 0 : watchdog->check ? 2 : 1;
    if (laser->step < first)
        say(laser, laser->step ? WATCHDOG_READ : WATCHDOG, 0, laser->step ? watchdog->check : r->watchdog,
            laser->step ? 0 : r->watchdog_s);
    else if (laser->step - first < r->opening_count)
        say(laser, OPENING, 0, r->opening[laser->step - first], 0);
    else
        laser->status.phase = FL_LASER_UP;
}

static bool say_setting(fl_laser *laser)
{
    if (laser->status.phase != FL_LASER_UP || laser->held) return false;
    for (size_t i = 0; i < laser->settings_count; i++) {
        fl_laser_setting *s = &laser->settings[i];
        if (s->state != FL_LASER_WANTED) continue;
        if (!say(laser, SETTING, i, s->what->set, s->wanted)) return true;
        s->state = FL_LASER_SAYING;
        laser->turn = laser->readings_count + 1 + i; /* read back next */
        return true;
    }
    return false;
}

/* One turn of a round: a status word, the counter, or a setting that was said. */
static bool say_turn(fl_laser *laser, size_t turn)
{
    const size_t settings = laser->readings_count + 1;
    if (turn < laser->readings_count) return say(laser, STATUS, turn, laser->readings[turn].word->id, 0);
    if (turn < settings) return say(laser, COUNTER, 0, roles(laser)->counter, 0);
    return say(laser, SETTING_READ, turn - settings, laser->settings[turn - settings].what->read, 0);
}

static bool has_turn(const fl_laser *laser, size_t turn)
{
    const size_t settings = laser->readings_count + 1;
    if (turn < laser->readings_count) return true;
    if (turn < settings) return roles(laser)->counter != NULL;
    return laser->status.phase == FL_LASER_WATCHED || laser->reads_all ||
           laser->settings[turn - settings].state >= FL_LASER_READING;
}

static void say_round(fl_laser *laser)
{
    const size_t all = laser->readings_count + 1 + laser->settings_count;
    if (laser->turn >= all) {
        if (now(laser).us < laser->round.us) return;
        laser->turn = 0;
    }
    if (laser->turn == 0) laser->round = fl_after(now(laser), fl_ms(roles(laser)->poll_ms));
    while (laser->turn < all && !has_turn(laser, laser->turn)) laser->turn++;
    if (laser->turn < all && say_turn(laser, laser->turn)) laser->turn++;
}

static void speak(fl_laser *laser)
{
    if (say_stop(laser) || !fl_talk_is_free(&laser->talk)) return;
    if (laser->status.phase == FL_LASER_REJECTED) return;
    if (laser->status.phase == FL_LASER_GREETING || laser->unsure) return say_identity(laser);
    if (laser->status.phase == FL_LASER_OPENING) {
        if (!laser->held) say_opening(laser);
        return;
    }
    if (!say_setting(laser)) say_round(laser);
}

/* ---- the verdict, anew in every tick ---- */

/* Two rounds and two patiences: one lost answer is survived, two are not. */
int64_t fl_laser_oldest_ms(const fl_laser *laser)
{
    return 2 * ((int64_t)roles(laser)->poll_ms + laser->patience_ms);
}

bool fl_laser_is_fresh(const fl_laser *laser, fl_instant asked)
{
    return fl_since(now(laser), asked).us <= 1000 * fl_laser_oldest_ms(laser);
}

bool fl_laser_is_seen_stopped(const fl_laser *laser)
{
    if (laser->status.phase != FL_LASER_STOPPED || laser->stopping < roles(laser)->stop_count ||
        !fl_talk_has_left(&laser->talk) || laser->unsure)
        return false;
    for (size_t i = 0; i < laser->readings_count; i++)
        if (!laser->readings[i].heard || laser->readings[i].asked.us <= laser->stopped.us) return false;
    return !roles(laser)->counter || laser->counter_asked.us > laser->stopped.us;
}

static void name_bits(fl_laser *laser, const fl_laser_reading *reading)
{
    const fl_judgement *j = &reading->judged;
    const fl_word *w = reading->word;
    if (reading->reading.kind != FL_READ_VALUE)
        return because(laser, "%s: %s", w->id, kind_text(&reading->reading));
    if (w->value == FL_VALUE_STATE)
        return because(laser, "%s: %s", w->id,
                       reading->reading.state ? reading->reading.state->name : "a state nobody knows");
    for (size_t i = 0; i < w->bits_count; i++) {
        const uint64_t mask = UINT64_C(1) << w->bits[i].bit;
        if (j->faults & mask) return because(laser, "%s: %s", w->id, w->bits[i].name);
        if (j->missing & mask) return because(laser, "%s: not %s", w->id, w->bits[i].name);
    }
    because(laser, "%s: a bit that nobody knows is set", w->id);
}

static const fl_laser_reading *look_at_readings(fl_laser *laser)
{
    fl_laser_status *s = &laser->status;
    const fl_laser_reading *bad = NULL;
    s->link = laser->readings_count > 0;
    s->light = !laser->readings_count;
    for (size_t i = 0; i < laser->readings_count; i++) {
        const fl_laser_reading *r = &laser->readings[i];
        const bool fresh = r->heard && fl_laser_is_fresh(laser, r->asked);
        s->link = s->link && fresh;
        s->light = s->light || r->judged.light || !r->judged.known || !fresh; /* not known is not dark */
        if (fresh && !r->judged.good && !bad) bad = r;
    }
    if (!s->link) s->has_counter = false;
    if (s->has_counter && !fl_laser_is_fresh(laser, laser->counter_asked)) s->has_counter = false;
    return bad;
}

static bool settings_are_good(fl_laser *laser)
{
    for (size_t i = 0; i < laser->settings_count; i++) {
        const fl_laser_setting *s = &laser->settings[i];
        const bool fresh = s->state == FL_LASER_VERIFIED && fl_laser_is_fresh(laser, s->asked);
        if (s->state == FL_LASER_UNSET || fresh) continue;
        if (s->refused)
            because(laser, "%s was refused: %s", s->what->quantity, s->refused);
        else
            because(laser, "%s is %s", s->what->quantity,
                    s->state == FL_LASER_VERIFIED ? "not read back lately" : fl_laser_setting_text(s->state));
        return false;
    }
    return true;
}

static void judge(fl_laser *laser)
{
    fl_laser_status *s = &laser->status;
    const fl_laser_reading *bad = look_at_readings(laser);
    s->good = s->healthy = false;
    if (s->phase == FL_LASER_REJECTED || s->phase == FL_LASER_STOPPED || s->phase == FL_LASER_GONE) return;
    if (s->phase == FL_LASER_GREETING)
        because(laser, "it has not said who it is");
    else if (s->phase == FL_LASER_OPENING)
        because(laser, "%s", fl_laser_phase_text(s->phase));
    else if (!s->link)
        because(laser, "it does not answer");
    else if (bad)
        name_bits(laser, bad);
    else if (s->phase != FL_LASER_UP)
        because(laser, "%s", fl_laser_phase_text(s->phase));
    else if (laser->counter_fell)
        because(laser, "its counter went back");
    else
        s->healthy = true;
    s->good = s->healthy && settings_are_good(laser);
    if (s->good) s->why[0] = 0;
}

void fl_laser_tick(fl_laser *laser)
{
    if (laser->status.phase == FL_LASER_GONE) return;
    const fl_talk_event event = fl_talk_tick(&laser->talk);
    if (event == FL_TALK_GONE) {
        laser->status = (fl_laser_status){.phase = FL_LASER_GONE, .light = true};
        forget_settings(laser);
        return because(laser, "the line is lost");
    }
    if (event == FL_TALK_ANSWERED) heard(laser, &laser->talk.reading);
    if (event == FL_TALK_SILENT) heard_nothing(laser);
    speak(laser);
    judge(laser);
}
