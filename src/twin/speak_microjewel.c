/* A virtual Quantum Composers MicroJewel, from the page: `;` empties the buffer and begins a command, address
 * LA, keyword, `?` or one blank and a value, CR; answers end CR LF; settings answer `ok`.
 *
 * What the page leaves open, and what this one does: another address is not answered; a value behind `?` is
 * ?5; FL 2 is ?5; the bank rises evenly over its 8 s; the latched status is never cleared; one pulse moves
 * both counters by one; with the external trigger no pulse comes, because nothing is plugged in there. */
#include "laser_twin.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINE 80
#define CHARGE_MS 8000
#define SILENCE_MS 3000
#define BANK_V 34.56
#define BANK_TAU_MS 29000.0

typedef struct jewel {
    laser_twin laser;
    char line[LINE];
    size_t size;
    bool begun;
    bool enabled, firing, echo, was_open;
    int mode, trigger_external, energy_mode, burst;
    double rate_Hz, period_s, width_s, current_A;
    uint64_t user_shots, enabled_ms, disabled_ms, heard_ms, pulses_left;
    double next_pulse_ms, bank_V; /* bank_V: when it was last enabled or disabled */
} jewel;

static void *make(const speak_options *options, fl_error *error)
{
    jewel *j = laser_twin_make(sizeof *j, options, error);
    if (!j) return NULL;
    j->burst = 31;
    j->rate_Hz = 5;
    j->period_s = 0.2;
    j->width_s = 0.00014;
    j->current_A = 110;
    return j;
}

static void answer(jewel *j, const char *text)
{
    speak_line_answer(j, "%s\r\n", text);
}

static void decimals(jewel *j, double value, int digits)
{
    speak_line_answer(j, "%.*f\r\n", digits, value);
}

static double bank(const jewel *j)
{
    const double since_ms = (double)(j->laser.line.now_ms - (j->enabled ? j->enabled_ms : j->disabled_ms));
    if (!j->enabled) return j->bank_V * exp(-since_ms / BANK_TAU_MS);
    return since_ms >= CHARGE_MS ? BANK_V : j->bank_V + (BANK_V - j->bank_V) * since_ms / CHARGE_MS;
}

static bool is_open(const jewel *j)
{
    return laser_twin_has(&j->laser, SPEAK_OPEN);
}

static bool is_ready(const jewel *j)
{
    return j->enabled && j->laser.line.now_ms - j->enabled_ms >= CHARGE_MS;
}

static void enable(jewel *j, bool on)
{
    if (on == j->enabled) return;
    j->bank_V = bank(j);
    j->enabled = on;
    if (on) j->enabled_ms = j->laser.line.now_ms;
    if (!on) j->disabled_ms = j->laser.line.now_ms, j->firing = false;
}

static void fire(jewel *j)
{
    j->firing = true;
    j->pulses_left = j->mode == 1 ? 1 : j->mode == 2 ? (uint64_t)j->burst : UINT64_MAX;
    j->next_pulse_ms = (double)j->laser.line.now_ms + j->period_s * 1000;
}

static unsigned long long status(const jewel *j)
{
    unsigned long long bits = laser_twin_bits(&j->laser);
    if (j->enabled) bits |= 1;
    if (j->firing) bits |= 2;
    if (j->trigger_external) bits |= 8;
    if (is_open(j)) bits |= 64;
    if (!is_open(j)) bits |= 1024;
    if (is_ready(j)) bits |= 2048;
    if (j->energy_mode == 1) bits |= 4096;
    if (j->energy_mode == 2) bits |= 8192;
    return bits;
}

/* ---- words ---- */

typedef struct word {
    const char *keyword;
    bool can_ask, can_set;
    double least, most;
    int digits; /* of the answer; -1: not a plain number */
    bool whole; /* takes whole numbers only */
} word;

static const word words[] = {
    {"SS", true, false, 0, 0, -1, false},        {"LS", true, false, 0, 0, -1, false},
    {"EN", true, true, 0, 1, 0, true},           {"FL", true, true, 0, 1, 0, true},
    {"PM", true, true, 0, 2, 0, true},           {"RR", true, true, 0.1, 50, 3, false},
    {"PE", true, true, 0.02, 10, 3, false},      {"BC", true, true, 1, 65535, 0, true},
    {"DW", true, true, 1e-6, 0.00024, 8, false}, {"DC", true, true, 1, 130, 2, false},
    {"DT", true, true, 0, 1, 0, true},           {"EM", true, true, 0, 2, 0, true},
    {"EC", true, true, 0, 1, 0, true},           {"BV", true, false, 0, 0, 2, false},
    {"FV", true, false, 0, 0, 2, false},         {"IM", true, false, 0, 0, 2, false},
    {"TR", true, false, 0, 0, 3, false},         {"FT", true, false, 0, 0, 5, false},
    {"SC", true, false, 0, 0, -1, false},        {"UC", true, false, 0, 0, -1, false},
    {"ID", true, false, 0, 0, -1, false},        {"RC", false, true, 0, 15, 0, true},
    {"SV", false, true, 0, 15, 0, true},         {"RS", false, true, 0, 15, 0, true},
};

static bool is(const word *w, const char *keyword)
{
    return strcmp(w->keyword, keyword) == 0;
}

static double value_of(const jewel *j, const word *w)
{
    const struct {
        const char *keyword;
        double value;
    } values[] = {
        {"EN", j->enabled},
        {"FL", j->firing},
        {"PM", j->mode},
        {"RR", j->rate_Hz},
        {"PE", j->period_s},
        {"BC", j->burst},
        {"DW", j->width_s},
        {"DC", j->current_A},
        {"DT", j->trigger_external},
        {"EM", j->energy_mode},
        {"EC", j->echo},
        {"BV", bank(j)},
        {"FV", 0},
        {"IM", 0},
        {"TR", -0.401},
        {"FT", 34.082},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (is(w, values[i].keyword)) return values[i].value;
    return 0;
}

static void say_identity(jewel *j)
{
    if (laser_twin_has(&j->laser, SPEAK_STRANGER)) return answer(j, "XY,SIM-Other,1,1");
    answer(j, laser_twin_has(&j->laser, SPEAK_REAL) ? "QC,MicroJewel,08130,1.0.9"
                                                    : "QC,SIM-MicroJewel,00042,1.0.9");
}

static void ask(jewel *j, const word *w)
{
    if (!w->can_ask) return answer(j, "?7");
    if (is(w, "ID")) return say_identity(j);
    if (is(w, "SS")) return speak_line_answer(j, "%llu\r\n", status(j));
    if (is(w, "LS")) return answer(j, j->was_open ? "64" : "0");
    if (is(w, "SC")) return speak_line_answer(j, "%llu\r\n", (unsigned long long)j->laser.shots);
    if (is(w, "UC")) return speak_line_answer(j, "%llu\r\n", (unsigned long long)j->user_shots);
    decimals(j, value_of(j, w), w->digits);
}

static void ask_limit(jewel *j, const word *w, const char *which)
{
    const bool ranged = is(w, "RR") || is(w, "PE") || is(w, "DW");
    if (is(w, "FT") && strcmp(which, "MAX?") == 0) return decimals(j, 125, 3);
    if (!ranged || (strcmp(which, "MIN?") != 0 && strcmp(which, "MAX?") != 0)) return answer(j, "?3");
    decimals(j, strcmp(which, "MIN?") == 0 ? w->least : w->most, w->digits);
}

static void obey(jewel *j, const word *w, double value)
{
    const int whole = (int)value;
    if (is(w, "EN")) enable(j, whole);
    if (is(w, "FL") && whole) fire(j);
    if (is(w, "FL") && !whole) j->firing = false;
    if (laser_twin_has(&j->laser, SPEAK_LIE)) return;
    if (is(w, "PM")) j->mode = whole;
    if (is(w, "RR")) j->rate_Hz = value, j->period_s = 1 / value;
    if (is(w, "PE")) j->period_s = value, j->rate_Hz = 1 / value;
    if (is(w, "BC")) j->burst = whole;
    if (is(w, "DW")) j->width_s = value;
    if (is(w, "DC")) j->current_A = value;
    if (is(w, "DT")) j->trigger_external = whole;
    if (is(w, "EM")) j->energy_mode = whole;
    if (is(w, "EC")) j->echo = whole;
}

static void set(jewel *j, const word *w, const char *text)
{
    double value;
    if (!w->can_set) return answer(j, "?6");
    if (!*text) return answer(j, "?4");
    if (fl_read_double(text, &value) != FL_OK || value < w->least || value > w->most ||
        (w->whole && value != floor(value)))
        return answer(j, "?5");
    if (is(w, "EN") && value > 0 && is_open(j)) return answer(j, "?8");
    if (is(w, "FL") && value > 0 && !is_ready(j)) return answer(j, "?8");
    obey(j, w, value);
    answer(j, "ok");
}

/* Behind the `;`, without the CR. */
static void hear_line(jewel *j, const char *line)
{
    char keyword[3] = "";
    if (strncmp(line, "LA", 2) != 0) return;
    if (line[2] != ':') return answer(j, "?1");
    line += 3;
    if (!*line) return answer(j, "?2");
    if (!isalpha((unsigned char)line[0]) || !isalpha((unsigned char)line[1])) return answer(j, "?3");
    memcpy(keyword, line, 2);
    line += 2;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].keyword, keyword) != 0) continue;
        if (strcmp(line, "?") == 0) return ask(j, &words[i]);
        if (line[0] == '?') return answer(j, "?5");
        if (line[0] == ':') return ask_limit(j, &words[i], line + 1);
        if (line[0] && line[0] != ' ') return answer(j, "?3");
        return set(j, &words[i], line + (line[0] == ' '));
    }
    answer(j, "?3");
}

static void take(void *self, const char *bytes, size_t size)
{
    jewel *j = self;
    for (size_t i = 0; i < size; i++) {
        const char c = bytes[i];
        speak_line_echo(j, c);
        if (j->echo) speak_line_answer(j, "%c", c);
        if (c == ';') {
            j->begun = true;
            j->size = 0;
        } else if (c == '\r' && j->begun) {
            j->line[j->size] = 0;
            j->begun = false;
            j->heard_ms = j->laser.line.now_ms;
            laser_twin_word(&j->laser);
            if (is_open(j)) enable(j, false), j->was_open = true;
            hear_line(j, j->line);
        } else if (j->begun && c != '\n' && j->size < LINE - 1) {
            j->line[j->size++] = c;
        }
    }
}

static bool tick(void *self, uint64_t now_ms)
{
    jewel *j = self;
    if (!laser_twin_tick(&j->laser, now_ms)) return false;
    if (is_open(j)) enable(j, false), j->was_open = true;
    if (now_ms - j->heard_ms >= SILENCE_MS) j->firing = false;
    while (j->firing && !j->trigger_external && (double)now_ms >= j->next_pulse_ms) {
        laser_twin_flash(&j->laser);
        j->user_shots++;
        j->next_pulse_ms += j->period_s * 1000;
        if (--j->pulses_left == 0) j->firing = false;
    }
    return true;
}

const speaker speak_microjewel = {"microjewel", LASER_FAULT_HELP, make,           take,
                                  tick,         speak_line_give,  laser_twin_free};
