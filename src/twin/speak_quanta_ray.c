/* A virtual Spectra-Physics Quanta-Ray, from the page: words end CR, replies LF (CR LF after ECH 4), sets say
 * nothing (a line feed after ECH 3). The watchdog of WATC turns it off.
 *
 * What the page leaves open, and what this one does: ECH chooses one of its ways; there are no prompts and no
 * messages; a word nobody knows and a value outside its limits say nothing; numbers have the decimals they
 * need; simmer and the target voltage are reached 20 s after ON, which is what its client waits; READ:OMON?
 * shows them; it is 10 Hz from the factory; with an external lamp or Q-switch no pulse comes, because nothing
 * is plugged in there; `emission can occur` when lamp and Q-switch would give light; `fired recently` for a
 * second; an open interlock turns it off and is event 415; the texts of *IDN?, QSW? and HELP. */
#include "laser_twin.h"

#include <stdio.h>
#include <string.h>

#define WARM_MS 20000
#define RECENT_MS 1000
#define EVENTS 16

enum { LAMP_FIX, LAMP_EXT, LAMP_VAR, LAMP_INH };
enum { Q_LONG, Q_EXT, Q_NORM, Q_SING, Q_REP, Q_DEL };

typedef struct quanta_ray {
    laser_twin laser;
    bool on, was_open;
    int lamp, q, echo;
    double lamp_Hz, advance, delay, oscillator, amplifier, watchdog_s, baud;
    uint64_t on_ms, heard_ms, fired_ms;
    double next_ms;
    unsigned event_count;
    uint64_t event_s[EVENTS]; /* of code 415, oldest first */
} quanta_ray;

static void *make(const speak_options *options, fl_error *error)
{
    quanta_ray *q = laser_twin_make(sizeof *q, options, error);
    if (!q) return NULL;
    q->lamp = LAMP_INH;
    q->q = Q_LONG;
    q->lamp_Hz = 10;
    q->oscillator = 40;
    q->amplifier = 35;
    q->watchdog_s = 10;
    q->baud = 9600;
    return q;
}

static bool is_open(const quanta_ray *q)
{
    return laser_twin_has(&q->laser, SPEAK_OPEN);
}

static bool is_warm(const quanta_ray *q)
{
    return q->on && q->laser.line.now_ms - q->on_ms >= WARM_MS;
}

static bool emits(const quanta_ray *q)
{
    return is_warm(q) && q->q == Q_REP && (q->lamp == LAMP_FIX || q->lamp == LAMP_VAR) && q->lamp_Hz > 0;
}

static void turn_off(quanta_ray *q)
{
    q->on = false;
    q->lamp = LAMP_INH;
}

static void flash(quanta_ray *q)
{
    laser_twin_flash(&q->laser);
    q->fired_ms = q->laser.line.now_ms;
}

/* ---- replies ---- */

static const char *end_of(const quanta_ray *q)
{
    return q->echo == 4 ? "\r\n" : "\n";
}

static void say(quanta_ray *q, const char *text)
{
    speak_line_answer(q, "%s%s", text, end_of(q));
}

static void number(quanta_ray *q, double value)
{
    speak_line_answer(q, "%.10g%s", value, end_of(q));
}

static void say_status(quanta_ray *q)
{
    const bool recent = q->fired_ms && q->laser.line.now_ms - q->fired_ms < RECENT_MS;
    uint64_t bits = laser_twin_bits(&q->laser) | 1u << 22 | 1u << 23;
    if (emits(q)) bits |= 1;
    if (q->event_count) bits |= 1u << 2;
    if (q->on) bits |= 1u << 8 | 1u << 24;
    if (is_warm(q)) bits |= 1u << 9 | 1u << 10 | 1u << 11;
    if (recent) bits |= 1u << 12;
    if (is_open(q)) bits |= 1u << 15;
    speak_line_answer(q, "%llu%s", (unsigned long long)bits, end_of(q));
}

static void say_history(quanta_ray *q)
{
    for (unsigned i = q->event_count; i-- > 0;)
        speak_line_answer(q, "415 %llu%s", (unsigned long long)q->event_s[i], end_of(q));
    say(q, "0 0");
}

static void say_identity(quanta_ray *q)
{
    if (laser_twin_has(&q->laser, SPEAK_STRANGER)) return say(q, "SIM Explorer");
    say(q, laser_twin_has(&q->laser, SPEAK_REAL) ? "Quanta-Ray INDI" : "SIM Quanta-Ray INDI");
}

static bool ask(quanta_ray *q, const char *text)
{
    static const char *const q_names[] = {"LONG", "EXT", "NORM", "SING", "REP", "DEL"};
    const struct {
        const char *word;
        double value;
    } numbers[] = {
        {"LAMP VAR?", q->lamp_Hz},
        {"READ:VAR?", q->on && q->lamp != LAMP_EXT && q->lamp != LAMP_INH ? q->lamp_Hz : 0},
        {"QSW ADV?", q->advance},
        {"READ:QSWADV?", q->advance},
        {"QSW DEL?", q->delay},
        {"READ:OPFN?", q->oscillator},
        {"READ:APFN?", q->amplifier},
        {"READ:OMON?", is_warm(q) ? q->oscillator : 0},
        {"READ:AMON?", is_warm(q) ? q->amplifier : 0},
        {"SHOT?", (double)q->laser.shots},
        {"STAT:QUES?", 0},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(text, numbers[i].word) == 0) return number(q, numbers[i].value), true;
    if (strcmp(text, "*IDN?") == 0) return say_identity(q), true;
    if (strcmp(text, "*STB?") == 0) return say_status(q), true;
    if (strcmp(text, "QSW?") == 0) return say(q, q_names[q->q]), true;
    if (strcmp(text, "READ:HIST?") == 0) return say_history(q), true;
    if (strcmp(text, "HELP") == 0) return say(q, "SIM Quanta-Ray"), say(q, "words: see its manual"), true;
    return strchr(text, '?') != NULL;
}

/* ---- sets ---- */

static bool numbers(quanta_ray *q, const char *text)
{
    const struct {
        const char *word;
        double least, most, *value;
    } rows[] = {
        {"ADV", 0, 1000, &q->advance},   {"QSW DEL", 0, 1000, &q->delay},  {"OPFN", 0, 100, &q->oscillator},
        {"APFN", 0, 100, &q->amplifier}, {"WATC", 0, 110, &q->watchdog_s}, {"BAUD", 300, 115200, &q->baud},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *value = speak_behind(text, rows[i].word);
        if (!value) continue;
        speak_line_number(&q->laser.line, value, rows[i].least, rows[i].most, rows[i].value);
        return true;
    }
    return false;
}

static void set_lamp(quanta_ray *q, const char *how)
{
    const char *rate = speak_behind(how, "VAR");
    if (strcmp(how, "INH") == 0) q->lamp = LAMP_INH; /* it never lies about stopping */
    if (laser_twin_has(&q->laser, SPEAK_LIE)) return;
    if (strcmp(how, "FIX") == 0) q->lamp = LAMP_FIX, q->lamp_Hz = 10;
    if (strcmp(how, "EXT") == 0) q->lamp = LAMP_EXT;
    if (rate && speak_line_number(&q->laser.line, rate, 0, 30, &q->lamp_Hz)) q->lamp = LAMP_VAR;
}

static void set_q_switch(quanta_ray *q, const char *how)
{
    static const char *const names[] = {"LONG", "EXT", "NORM", "SING", "REP"};
    if (strcmp(how, "FIR") == 0 && q->q == Q_SING && is_warm(q) && q->lamp != LAMP_INH) flash(q);
    if (laser_twin_has(&q->laser, SPEAK_LIE)) return;
    for (int i = 0; i < 5; i++)
        if (strcmp(how, names[i]) == 0) q->q = i;
}

static void set(quanta_ray *q, const char *text)
{
    const char *rest;
    double echo = q->echo;
    if (strcmp(text, "ON") == 0 && !is_open(q) && !q->on) q->on = true, q->on_ms = q->laser.line.now_ms;
    if (strcmp(text, "OFF") == 0) turn_off(q);
    if ((rest = speak_behind(text, "ECH")) && speak_line_number(&q->laser.line, rest, 0, 5, &echo))
        q->echo = (int)echo;
    if (numbers(q, text)) return;
    if ((rest = speak_behind(text, "LAMP"))) return set_lamp(q, rest);
    if ((rest = speak_behind(text, "QSW"))) return set_q_switch(q, rest);
}

static void obey(void *self, char *text)
{
    quanta_ray *q = self;
    laser_twin_word(&q->laser);
    q->heard_ms = q->laser.line.now_ms;
    if (q->echo == 1) speak_line_answer(q, "%s\r", text);
    if (ask(q, text)) return;
    set(q, text);
    if (q->echo == 3) speak_line_answer(q, "\n");
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static void look_at_interlock(quanta_ray *q)
{
    if (!is_open(q)) return (void)(q->was_open = false);
    turn_off(q);
    if (!q->was_open && q->event_count < EVENTS) q->event_s[q->event_count++] = q->laser.line.now_ms / 1000;
    q->was_open = true;
}

static bool tick(void *self, uint64_t now_ms)
{
    quanta_ray *q = self;
    if (!laser_twin_tick(&q->laser, now_ms)) return false;
    look_at_interlock(q);
    if (q->watchdog_s > 0 && (double)(now_ms - q->heard_ms) > q->watchdog_s * 1000) turn_off(q);
    if (!emits(q)) q->next_ms = (double)now_ms;
    for (; emits(q) && (double)now_ms >= q->next_ms + 1000 / q->lamp_Hz; flash(q))
        q->next_ms += 1000 / q->lamp_Hz;
    return true;
}

const speaker speak_quanta_ray = {"quanta-ray", LASER_FAULT_HELP, make,           take,
                                  tick,         speak_line_give,  laser_twin_free};
