/* A virtual Spectra-Physics InSight, from the page: lines end LF, sets say nothing, a watchdog in seconds
 * powers it off. No word says who it is, so it cannot say SIM: a program of ours believes it nowhere that
 * simulated things are let in.
 *
 * What the page leaves open, and what this one does: it is ready at once (state 25), turning on takes 10 s
 * (state 30) and leads to state 50; the wavelength is 680 to 1300 nm and there at once; 1.73 W when it emits;
 * the word nobody knows and a value outside its limits say nothing; the watchdog is 0 from the factory and at
 * most 300 s; an open interlock powers it off. */
#include "laser_twin.h"

#include <string.h>

#define TURNING_ON_MS 10000
#define READY 25u
#define TURNING_ON 30u
#define RUNNING 50u

typedef struct insight {
    laser_twin laser;
    bool on;
    double shutter, ir_shutter, wavelength_nm, watchdog_s, motor;
    uint64_t on_ms, heard_ms;
} insight;

static void *make(const speak_options *options, fl_error *error)
{
    insight *i = laser_twin_make(sizeof *i, options, error);
    if (i) i->wavelength_nm = 1040;
    return i;
}

static bool runs(const insight *i)
{
    return i->on && i->laser.line.now_ms - i->on_ms >= TURNING_ON_MS;
}

static void power_off(insight *i)
{
    i->on = false;
    i->shutter = i->ir_shutter = 0;
}

static void say_status(insight *i)
{
    const bool open = laser_twin_has(&i->laser, SPEAK_OPEN);
    uint64_t bits = laser_twin_bits(&i->laser);
    if (runs(i)) bits |= 1 | 1u << 1;
    if (i->shutter > 0) bits |= 1u << 2;
    if (i->ir_shutter > 0) bits |= 1u << 3;
    if (runs(i)) bits |= 1u << 5;
    if (open) bits |= 1u << 9;
    bits |= (i->on ? runs(i) ? RUNNING : TURNING_ON : READY) << 16;
    speak_line_answer(i, "%llu\n", (unsigned long long)bits);
}

static bool ask(insight *i, const char *text)
{
    const struct {
        const char *word;
        int decimals;
        double value;
    } rows[] = {
        {"wav:min?", 0, 680},
        {"wav:max?", 0, 1300},
        {"read:wav?", 0, i->wavelength_nm},
        {"read:pow?", 2, runs(i) ? 1.73 : 0},
        {"read:pctwarmedup?", 0, 100},
        {"control:dsmpos?", 0, i->motor},
        {"tim:watc?", 0, i->watchdog_s},
    };
    if (strcmp(text, "*stb?") == 0) return say_status(i), true;
    if (strcmp(text, "MODE?") == 0) return speak_line_answer(i, "RUN\n"), true;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (strcmp(text, rows[k].word) != 0) continue;
        return speak_line_answer(i, "%.*f\n", rows[k].decimals, rows[k].value), true;
    }
    return false;
}

static void set(insight *i, const char *text)
{
    const struct {
        const char *word;
        double least, most, *value;
    } rows[] = {
        {"shut", 0, 1, &i->shutter},           {"irshut", 0, 1, &i->ir_shutter},
        {"wav", 680, 1300, &i->wavelength_nm}, {"control:mtrmov", -1e6, 1e6, &i->motor},
        {"tim:watc", 0, 300, &i->watchdog_s},
    };
    const char *value;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if ((value = speak_behind(text, rows[k].word)))
            speak_line_number(&i->laser.line, value, rows[k].least, rows[k].most, rows[k].value);
    if (strcmp(text, "shut 0") == 0) i->shutter = 0; /* it never lies about stopping */
    if (strcmp(text, "irshut 0") == 0) i->ir_shutter = 0;
}

static void obey(void *self, char *text)
{
    insight *i = self;
    laser_twin_word(&i->laser);
    i->heard_ms = i->laser.line.now_ms;
    if (ask(i, text)) return;
    if (strcmp(text, "off") == 0 || strcmp(text, "shutdown") == 0) return power_off(i);
    if (strcmp(text, "on") != 0) return set(i, text);
    if (i->on || laser_twin_has(&i->laser, SPEAK_OPEN)) return;
    i->on = true;
    i->on_ms = i->laser.line.now_ms;
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    insight *i = self;
    if (!laser_twin_tick(&i->laser, now_ms)) return false;
    if (laser_twin_has(&i->laser, SPEAK_OPEN)) power_off(i);
    if (i->watchdog_s > 0 && (double)(now_ms - i->heard_ms) > i->watchdog_s * 1000) power_off(i);
    return true;
}

const speaker speak_insight = {"insight", LASER_FAULT_HELP, make,           take,
                               tick,      speak_line_give,  laser_twin_free};
