#include "watch_story.h"

#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>

#define HOST "host"
#define DEVICE "device"

/* Each signal of STAT, said when it is 1 and when it is 0. `asks`: light needs it at 1. */
static const struct {
    const char *one, *zero;
    bool asks;
} signals[] = {
    [FL_IN_KEY] = {"key on", "key off", true},
    [FL_IN_ESTOP_A] = {"emergency stop A closed", "emergency stop A open", true},
    [FL_IN_ESTOP_B] = {"emergency stop B closed", "emergency stop B open", true},
    [FL_IN_DOOR_A] = {"door A closed", "door A open", true},
    [FL_IN_DOOR_B] = {"door B closed", "door B open", true},
    [FL_IN_COVERS] = {"covers closed", "cover open", true},
    [FL_IN_FLOW] = {"coolant flows", "no coolant flow", true},
    [FL_IN_COOLANT] = {"coolant temperature good", "coolant temperature bad", true},
    [FL_IN_HEAD] = {"head good", "head fault", true},
    [FL_IN_WATCHDOG] = {"watchdog alive", "watchdog dead", true},
    [FL_IN_DOCKED] = {"handpiece docked", "handpiece undocked", false},
    [FL_IN_SHUT_A] = {"shutter A shut", "shutter A not shut", false},
    [FL_IN_SHUT_B] = {"shutter B shut", "shutter B not shut", false},
    [FL_IN_OPEN_A] = {"shutter A open", "shutter A not open", false},
    [FL_IN_OPEN_B] = {"shutter B open", "shutter B not open", false},
    [FL_IN_FOOT_A] = {"foot A down", "foot A up", false},
    [FL_IN_FOOT_B] = {"foot B down", "foot B up", false},
    [FL_IN_SELFTEST_PASSED] = {"self-test passed", "self-test not passed", true},
    [FL_IN_SELFTEST_FINISHED] = {"self-test finished", "self-test runs", true},
    [FL_IN_ENERGY_SENSOR] = {"energy sensor good", "energy sensor bad", true},
};
#define SIGNALS (sizeof signals / sizeof *signals)

static void tell(watch_story_teller *s, const char *who, const char *format, ...) FL_PRINTF(3, 4);
static void tell(watch_story_teller *s, const char *who, const char *format, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    s->tell(s->self, who, text);
}

void watch_not_good(const fl_gl1_stat *stat, char room[300])
{
    fl_text text = fl_text_in(room, 300);
    for (size_t i = 0; i < SIGNALS; i++)
        if (signals[i].asks && !(stat->inputs >> i & 1))
            fl_text_add(&text, "%s%s", text.length ? ", " : "", signals[i].zero);
}

static void spot_text(const fl_gl1_stat *stat, char room[64])
{
    if (stat->handpiece == FL_HANDPIECE_NONE)
        snprintf(room, 64, "no handpiece");
    else if (stat->handpiece == FL_HANDPIECE_UNREADABLE)
        snprintf(room, 64, "handpiece unreadable");
    else if (!stat->spot_um)
        snprintf(room, 64, "handpiece %02X, spot unknown", stat->handpiece);
    else
        snprintf(room, 64, "handpiece %02X, spot %.4g mm", stat->handpiece, (double)stat->spot_um / 1e3);
}

static void first_stat(watch_story_teller *s, const fl_gl1_stat *now)
{
    char bad[300], spot[64];
    watch_not_good(now, bad);
    spot_text(now, spot);
    tell(s, DEVICE, "%s; %s%s; %s; counter %llu", fl_gl1_device_name(now->state),
         bad[0] ? "not good: " : "all inputs good", bad, spot, (unsigned long long)now->pulses);
}

static void changed_signals(watch_story_teller *s, const fl_gl1_stat *now)
{
    char room[500];
    fl_text text = fl_text_in(room, sizeof room);
    const uint32_t changed = s->stat.inputs ^ now->inputs;
    for (size_t i = 0; i < SIGNALS; i++)
        if (changed >> i & 1)
            fl_text_add(&text, "%s%s", text.length ? ", " : "",
                        now->inputs >> i & 1 ? signals[i].one : signals[i].zero);
    if (text.length) tell(s, DEVICE, "%s", room);
}

static void changed_counts(watch_story_teller *s, const fl_gl1_stat *now)
{
    const uint64_t pulses = now->pulses - s->stat.pulses;
    const uint32_t flashes = now->flashes - s->stat.flashes;
    if (pulses == 1 && now->pulse_energy_uJ)
        tell(s, DEVICE, "pulse %llu, %.1f mJ", (unsigned long long)now->pulses,
             (double)now->pulse_energy_uJ / 1e3);
    else if (pulses)
        tell(s, DEVICE, "counter %llu, was %llu", (unsigned long long)now->pulses,
             (unsigned long long)s->stat.pulses);
    if (flashes > pulses)
        tell(s, DEVICE, "LIGHT NOBODY COUNTED: %u flashes, %llu pulses", flashes, (unsigned long long)pulses);
}

static void stat_told(watch_story_teller *s, const fl_gl1_stat *now)
{
    char before[64], spot[64];
    if (!s->has_stat) {
        first_stat(s, now);
    } else {
        changed_counts(s, now);
        changed_signals(s, now);
        spot_text(&s->stat, before);
        spot_text(now, spot);
        if (!fl_text_same(before, spot)) tell(s, DEVICE, "%s", spot);
        if (now->epoch != s->stat.epoch) tell(s, DEVICE, "settings changed, epoch %u", (unsigned)now->epoch);
        if (now->state != s->stat.state) tell(s, DEVICE, "%s", fl_gl1_device_name(now->state));
    }
    s->stat = *now;
    s->has_stat = true;
}

static void settings_told(watch_story_teller *s, const char *who, const char *what, const fl_message *m)
{
    char room[120];
    fl_text text = fl_text_in(room, sizeof room);
    static const struct {
        fl_key key;
        double scale;
        const char *unit;
    } rows[] = {
        {FL_KEY_EN, 1e-3, "mJ"}, {FL_KEY_RR, 1e-3, "Hz"}, {FL_KEY_SP, 1e-3, "mm"}, {FL_KEY_WL, 1, "nm"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fl_message_has(m, rows[i].key))
            fl_text_add(&text, "%s%.6g %s", text.length ? ", " : "",
                        (double)m->value[rows[i].key] * rows[i].scale, rows[i].unit);
    tell(s, who, "%s %s", what, room);
}

static void grant_told(watch_story_teller *s, const fl_message *m)
{
    tell(s, HOST, "GRANT %llu: %.6g mJ, %.4g mm, %s, if the counter is %llu",
         (unsigned long long)m->value[FL_KEY_g], (double)m->value[FL_KEY_en] / 1e3,
         (double)m->value[FL_KEY_sp] / 1e3, m->value[FL_KEY_pu] == 'C' ? "calibration" : "treatment",
         (unsigned long long)m->value[FL_KEY_k]);
}

void watch_story(watch_story_teller *s, const fl_message *m)
{
    fl_gl1_stat stat;
    switch (m->word) {
    case FL_ASK_POLL:
        if (s->has_shutter ? m->value[FL_KEY_sh] == s->shutter : !m->value[FL_KEY_sh]) break;
        tell(s, HOST, m->value[FL_KEY_sh] ? "shutters open" : "shutters shut");
        s->shutter = m->value[FL_KEY_sh];
        s->has_shutter = true;
        break;
    case FL_SAY_STAT:
        if (fl_gl1_stat_of(m, &stat)) stat_told(s, &stat);
        break;
    case FL_SAY_HELLO:
        tell(s, DEVICE, "is %s%s, firmware %s; watchdog %llu ms, grants live %llu ms, warning %llu ms",
             m->uid, fl_text_begins(m->uid, "SIM") ? " (SIMULATED)" : "", m->firmware,
             (unsigned long long)m->value[FL_KEY_wd], (unsigned long long)m->value[FL_KEY_ga],
             (unsigned long long)m->value[FL_KEY_wa]);
        s->has_stat = s->has_shutter = false;
        break;
    case FL_ASK_SET: settings_told(s, HOST, "SET", m); break;
    case FL_SAY_SHDW: settings_told(s, DEVICE, "has", m); break;
    case FL_ASK_GRANT: grant_told(s, m); break;
    case FL_SAY_NAK:
        tell(s, DEVICE, "refuses (%s): %s", fl_nak_name((fl_nak)m->value[FL_KEY_e]),
             fl_nak_text((fl_nak)m->value[FL_KEY_e]));
        break;
    case FL_SAY_CHAL: break;
    default: tell(s, fl_word_direction(m->word) == '>' ? HOST : DEVICE, "%s", fl_word_verb(m->word));
    }
}
