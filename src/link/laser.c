#include "fadeline/link/laser.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
        [FL_LASER_GREETING] = "asking who it is",
        [FL_LASER_OPENING] = "being made ready",
        [FL_LASER_UP] = "up",
        [FL_LASER_WATCHED] = "only watched",
        [FL_LASER_STOPPED] = "stopped",
        [FL_LASER_REJECTED] = "another device",
        [FL_LASER_GONE] = "gone",
    };
    return texts[phase];
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
                        .readings_count = r->status_count,
                        .settings_count = r->settings_count};
    fl_talk_init(&laser->talk, carrier, dialect, clock);
    for (size_t i = 0; i < r->status_count; i++)
        laser->readings[i].word = fl_dialect_word(dialect, r->status[i]);
    for (size_t i = 0; i < r->settings_count; i++)
        laser->settings[i] = (fl_laser_setting){.what = &r->settings[i], .wanted = NAN, .read = NAN};
    because(laser, "it has not said who it is");
}

/* ---- stopping ---- */

static bool may_speak(const fl_laser *laser)
{
    const fl_laser_phase phase = laser->status.phase;
    return fl_dialect_is_whole(laser->talk.dialect) && (phase == FL_LASER_OPENING || phase == FL_LASER_UP);
}

void fl_laser_stop(fl_laser *laser, const char *why)
{
    if (!may_speak(laser)) return;
    laser->status.phase = FL_LASER_STOPPED;
    laser->status.good = false;
    laser->stopping = 0;
    laser->next_stop = now(laser);
    because(laser, "stopped: %s", why);
    for (size_t i = 0; i < laser->settings_count; i++) laser->settings[i].state = FL_LASER_UNSET;
}

void fl_laser_leave(fl_laser *laser)
{
    const bool knew_it = may_speak(laser) || laser->status.phase == FL_LASER_STOPPED;
    if (knew_it)
        fl_talk_leave(&laser->talk, (const char *const *)roles(laser)->stop, roles(laser)->stop_count);
    laser->status.phase = FL_LASER_STOPPED;
    laser->status.good = false;
}

/* ---- settings ---- */

fl_status fl_laser_set(fl_laser *laser, const char *quantity, double value, fl_error *error)
{
    if (!fl_dialect_is_whole(laser->talk.dialect))
        return fl_error_set(error, FL_E_REFUSED,
                            "this laser is only watched: its dialect has no stop, status or interlock");
    if (laser->status.phase == FL_LASER_STOPPED || laser->status.phase == FL_LASER_GONE ||
        laser->status.phase == FL_LASER_REJECTED)
        return fl_error_set(error, FL_E_REFUSED, "the laser is %s", fl_laser_phase_text(laser->status.phase));
    for (size_t i = 0; i < laser->settings_count; i++) {
        fl_laser_setting *setting = &laser->settings[i];
        if (!fl_text_same(setting->what->quantity, quantity)) continue;
        char out[FL_WORD_ROOM];
        if (!fl_word_compose(laser->talk.dialect, fl_dialect_word(laser->talk.dialect, setting->what->set),
                             value, out, error))
            return FL_E_RANGE;
        setting->wanted = value;
        setting->read = NAN;
        setting->state = FL_LASER_SAYING;
        return FL_OK;
    }
    return fl_error_set(error, FL_E_NO, "this laser's protocol cannot set %s", quantity);
}

/* ---- what was heard ---- */

static const char *kind_text(const fl_reading *r)
{
    return r->kind == FL_READ_REFUSED || r->kind == FL_READ_GARBAGE ? r->why : "";
}

static void heard_identity(fl_laser *laser, const fl_reading *r)
{
    snprintf(laser->status.identity, sizeof laser->status.identity, "%s",
             r->kind == FL_READ_VALUE ? r->text : "");
    const bool fits = r->kind == FL_READ_VALUE && strstr(r->text, roles(laser)->identity_holds);
    const bool simulated = r->kind == FL_READ_VALUE && strstr(r->text, "SIM");
    if (!fits || simulated != laser->simulated_only) {
        laser->status.phase = FL_LASER_REJECTED;
        if (fits)
            because(laser, "a simulated laser answers where a real one belongs, or the other way round");
        else
            because(laser, "another device answers: %s", r->text);
        return;
    }
    laser->status.phase = fl_dialect_is_whole(laser->talk.dialect) ? FL_LASER_OPENING : FL_LASER_WATCHED;
}

static void heard_say(fl_laser *laser, const fl_reading *r)
{
    if (r->kind == FL_READ_DONE || r->kind == FL_READ_VALUE) {
        laser->step++;
        return;
    }
    char why[FL_LASER_WHY];
    snprintf(why, sizeof why, "'%s' was not done: %s", laser->talk.word->id, kind_text(r));
    fl_laser_stop(laser, why);
}

static void heard_setting(fl_laser *laser, fl_laser_setting *setting, const fl_reading *r)
{
    const double wanted = setting->wanted, tolerance = setting->what->tolerance;
    if (setting->state == FL_LASER_SAYING) {
        setting->state =
            FL_LASER_READING; /* refused or garbled: the read-back tells, and it is not verified yet */
        if (r->kind == FL_READ_REFUSED || r->kind == FL_READ_GARBAGE) setting->state = FL_LASER_WRONG;
        return;
    }
    setting->read = r->kind == FL_READ_VALUE ? r->number : NAN;
    setting->state =
        fabs(setting->read - wanted) <= tolerance ? FL_LASER_VERIFIED : FL_LASER_WRONG; /* NaN: wrong */
    (void)laser;
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
    laser->status.has_counter = r->kind == FL_READ_VALUE && r->number >= 0 && r->number < 9e15;
    laser->status.counter = laser->status.has_counter ? (uint64_t)r->number : 0;
}

static bool is(const fl_laser *laser, const char *id)
{
    return id && fl_text_same(laser->talk.word->id, id);
}

static void heard(fl_laser *laser, const fl_reading *r)
{
    for (size_t i = 0; i < laser->settings_count; i++) {
        fl_laser_setting *setting = &laser->settings[i];
        if (is(laser, setting->state == FL_LASER_SAYING ? setting->what->set : setting->what->read) &&
            setting->state != FL_LASER_UNSET)
            return heard_setting(laser, setting, r);
    }
    for (size_t i = 0; i < laser->readings_count; i++)
        if (laser->readings[i].word == laser->talk.word) return heard_status(laser, &laser->readings[i], r);
    if (laser->status.phase == FL_LASER_GREETING && is(laser, roles(laser)->identity))
        return heard_identity(laser, r);
    if (is(laser, roles(laser)->counter)) return heard_counter(laser, r);
    if (laser->status.phase == FL_LASER_OPENING && laser->talk.word->say) return heard_say(laser, r);
}

static void heard_nothing(fl_laser *laser)
{
    const fl_reading nothing = {.kind = FL_READ_GARBAGE, .number = NAN, .why = "no answer"};
    if (laser->status.phase == FL_LASER_GREETING) return; /* asked again: an ask may be */
    for (size_t i = 0; i < laser->readings_count; i++)
        if (laser->readings[i].word == laser->talk.word)
            return; /* the older answer ages, and is bad soon enough */
    heard(laser, &nothing);
}

/* ---- what is said next ---- */

static bool say(fl_laser *laser, const char *id, double value)
{
    const fl_word *word = fl_dialect_word(laser->talk.dialect, id);
    return word && fl_talk_begin(&laser->talk, word, value, NULL) == FL_OK;
}

static bool say_stop(fl_laser *laser)
{
    if (laser->status.phase != FL_LASER_STOPPED || laser->stopping >= roles(laser)->stop_count) return false;
    if (now(laser).us < laser->next_stop.us) return true;
    laser->next_stop = fl_after(now(laser), fl_ms(laser->talk.dialect->line.gap_ms));
    const fl_word *word = fl_dialect_word(laser->talk.dialect, roles(laser)->stop[laser->stopping++]);
    return fl_talk_say_over(&laser->talk, word), true;
}

static bool say_opening(fl_laser *laser)
{
    const fl_dialect_laser *r = roles(laser);
    if (laser->status.phase != FL_LASER_OPENING) return false;
    const size_t first = r->watchdog != NULL;
    if (laser->step < first) return say(laser, r->watchdog, r->watchdog_s);
    if (laser->step - first < r->opening_count) return say(laser, r->opening[laser->step - first], 0);
    laser->status.phase = FL_LASER_UP;
    return false;
}

static bool say_setting(fl_laser *laser)
{
    if (laser->status.phase != FL_LASER_UP) return false;
    for (size_t i = 0; i < laser->settings_count; i++) {
        fl_laser_setting *s = &laser->settings[i];
        if (s->state == FL_LASER_SAYING) return say(laser, s->what->set, s->wanted);
        if (s->state == FL_LASER_READING) return say(laser, s->what->read, 0);
    }
    return false;
}

/* One round: every status word, the counter, every setting that was asked for. */
static bool say_round(fl_laser *laser)
{
    const fl_dialect_laser *r = roles(laser);
    const size_t settings = laser->readings_count + 1, all = settings + laser->settings_count;
    if (laser->turn >= all) {
        if (now(laser).us < laser->round.us) return false;
        laser->turn = 0;
    }
    if (laser->turn == 0) laser->round = fl_after(now(laser), fl_ms(r->poll_ms));
    for (; laser->turn < all; laser->turn++) {
        const size_t turn = laser->turn;
        const fl_laser_setting *setting = turn >= settings ? &laser->settings[turn - settings] : NULL;
        const char *id = turn < laser->readings_count ? laser->readings[turn].word->id
                         : !setting                   ? r->counter
                         : setting->state == FL_LASER_VERIFIED || setting->state == FL_LASER_WRONG
                             ? setting->what->read
                             : NULL;
        if (id) return laser->turn++, say(laser, id, 0);
    }
    return false;
}

static void speak(fl_laser *laser)
{
    if (say_stop(laser) || !fl_talk_is_free(&laser->talk)) return;
    if (laser->status.phase == FL_LASER_REJECTED || laser->status.phase == FL_LASER_GONE) return;
    if (laser->status.phase == FL_LASER_GREETING) {
        if (!roles(laser)->identity)
            laser->status.phase = FL_LASER_WATCHED;
        else
            say(laser, roles(laser)->identity, 0);
        return;
    }
    if (say_opening(laser) || say_setting(laser)) return;
    say_round(laser);
}

/* ---- the verdict, anew in every tick ---- */

/* Two rounds and a whole patience: one lost answer is survived, two are not. */
static int64_t oldest_us(const fl_laser *laser)
{
    return INT64_C(1000) * (2 * roles(laser)->poll_ms + 2 * laser->talk.dialect->line.answer_ms);
}

static void name_bits(fl_laser *laser, const fl_laser_reading *reading)
{
    const fl_judgement *j = &reading->judged;
    const fl_word *w = reading->word;
    if (w->value == FL_VALUE_STATE)
        return because(laser, "%s: %s", w->id,
                       reading->reading.state ? reading->reading.state->name : "a state nobody knows");
    for (size_t i = 0; i < w->bits_count; i++) {
        const uint64_t mask = UINT64_C(1) << w->bits[i].bit;
        if (j->faults & mask) return because(laser, "%s: %s", w->id, w->bits[i].name);
        if (j->missing & mask) return because(laser, "%s: not %s", w->id, w->bits[i].name);
    }
    because(laser, "%s: %s", w->id,
            j->unknown ? "a bit that nobody knows is set" : kind_text(&reading->reading));
}

static void judge(fl_laser *laser)
{
    fl_laser_status *s = &laser->status;
    const fl_laser_reading *bad = NULL;
    s->link = laser->readings_count > 0;
    s->light = false;
    for (size_t i = 0; i < laser->readings_count; i++) {
        const fl_laser_reading *r = &laser->readings[i];
        const bool fresh = r->heard && fl_since(now(laser), r->asked).us <= oldest_us(laser);
        s->link = s->link && fresh;
        s->light = s->light || r->judged.light || !r->judged.known || !fresh; /* not known is not dark */
        if (fresh && !r->judged.good && !bad) bad = r;
    }
    s->good = s->phase == FL_LASER_UP && s->link && !bad;
    if (s->phase == FL_LASER_REJECTED || s->phase == FL_LASER_STOPPED || s->phase == FL_LASER_GONE) return;
    s->why[0] = 0;
    if (!s->link)
        because(laser, "it does not answer");
    else if (bad)
        name_bits(laser, bad);
    else if (s->phase != FL_LASER_UP)
        because(laser, "%s", fl_laser_phase_text(s->phase));
    for (size_t i = 0; i < laser->settings_count && s->good; i++) {
        const fl_laser_setting *setting = &laser->settings[i];
        if (setting->state == FL_LASER_UNSET || setting->state == FL_LASER_VERIFIED) continue;
        s->good = false;
        because(laser, "%s is %s", setting->what->quantity,
                setting->state == FL_LASER_WRONG ? "not what was set" : "not read back yet");
    }
}

void fl_laser_tick(fl_laser *laser)
{
    if (laser->status.phase == FL_LASER_GONE) return;
    const fl_talk_event event = fl_talk_tick(&laser->talk);
    if (event == FL_TALK_GONE) {
        laser->status = (fl_laser_status){.phase = FL_LASER_GONE, .light = true};
        return because(laser, "the line is lost");
    }
    if (event == FL_TALK_ANSWERED) heard(laser, &laser->talk.reading);
    if (event == FL_TALK_SILENT) heard_nothing(laser);
    speak(laser);
    judge(laser);
}
