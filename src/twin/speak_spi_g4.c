/* A virtual SPI G4, from the page: lines end CR LF both ways; a set answers an empty line, a get the bare
 * value, either `E` and a number when it is not done. No emission gate is plugged into its connector, so
 * there is never light: `laser on` can only be a lie of it (`bit=7`).
 *
 * What the page leaves open, and what this one does: numbers are answered as wide as they are set; fewer
 * digits than the table shows are E6, more E13; a word nobody knows is E10; QS is the same eight as QD with
 * QD's first character as bit 0; enabling with an alarm is E21, pulses or continuous without enabling E31;
 * disabling ends both; an open interlock is alarm 99 and deactivates it until it is closed. */
#include "laser_twin.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

enum { ENABLED = 0, PULSES = 1, CONTINUOUS = 3, EXTERNAL_CURRENT = 4, PILOT = 8, EXTERNAL_TRIGGER = 9 };

static const int control_bits[] = {ENABLED, PULSES, CONTINUOUS, EXTERNAL_CURRENT, PILOT, EXTERNAL_TRIGGER};
#define CONTROLS (sizeof control_bits / sizeof *control_bits)

typedef struct spi_g4 {
    laser_twin laser;
    unsigned control; /* as SS and SC count */
    double mode, current, simmer, waveform, rate_Hz, burst, duty;
} spi_g4;

static void *make(const speak_options *options, fl_error *error)
{
    spi_g4 *s = laser_twin_make(sizeof *s, options, error);
    if (!s) return NULL;
    s->simmer = 40;
    s->waveform = 7;
    s->rate_Hz = 30000;
    s->duty = 500;
    return s;
}

static bool is_open(const spi_g4 *s)
{
    return laser_twin_has(&s->laser, SPEAK_OPEN);
}

static void say(spi_g4 *s, const char *text)
{
    speak_line_answer(s, "%s\r\n", text);
}

static void failed(spi_g4 *s, int why)
{
    speak_line_answer(s, "E%d\r\n", why);
}

/* 0 monitor, 1 alarm, 4 system fault, 5 deactivated, 6 supply in range. */
static unsigned status(const spi_g4 *s)
{
    return (unsigned)laser_twin_bits(&s->laser) | 1u << 6 | (is_open(s) ? 1u << 1 | 1u << 5 : 0);
}

static void say_status(spi_g4 *s)
{
    char row[9] = "";
    for (int i = 0; i < 8; i++) row[i] = status(s) >> i & 1 ? '1' : '0';
    say(s, row);
}

static void say_control(spi_g4 *s)
{
    char row[3 * CONTROLS + 1] = "";
    for (size_t i = 0; i < CONTROLS; i++)
        snprintf(row + 3 * i, sizeof row - 3 * i, "%d, ", s->control >> control_bits[i] & 1);
    row[3 * CONTROLS - 2] = 0;
    say(s, row);
}

/* ---- SS and SC ---- */

static void change(spi_g4 *s, const char *text, bool on)
{
    uint64_t number;
    bool known = false;
    if (fl_read_u64(text, &number) != FL_OK) return failed(s, 14);
    for (size_t i = 0; i < CONTROLS; i++) known = known || (uint64_t)control_bits[i] == number;
    const int bit = known ? (int)number : 0;
    if (!known) return failed(s, 20);
    if ((s->control >> bit & 1) == on) return failed(s, on ? 28 : 29);
    if (on && bit == ENABLED && is_open(s)) return failed(s, 21);
    if (on && (bit == PULSES || bit == CONTINUOUS) && !(s->control & 1u << ENABLED)) return failed(s, 31);
    if (on && !laser_twin_has(&s->laser, SPEAK_LIE)) s->control |= 1u << bit;
    if (!on) s->control &= ~(1u << bit); /* it never lies about stopping */
    if (!on && bit == ENABLED) s->control &= ~(1u << PULSES | 1u << CONTINUOUS);
    say(s, "");
}

/* ---- numbers ---- */

static void set(spi_g4 *s, const char *text, size_t digits, double least, double most, double *value)
{
    if (!*text) return failed(s, 17);
    if (strspn(text, "0123456789") != strlen(text)) return failed(s, 14);
    if (digits && strlen(text) < digits) return failed(s, 6);
    if (strlen(text) > (digits ? digits : 8)) return failed(s, 13);
    if (!speak_line_number(&s->laser.line, text, least, most, value)) return failed(s, 20);
    say(s, "");
}

static bool numbers(spi_g4 *s, const char *text)
{
    const struct {
        const char *set, *get;
        size_t digits; /* 0: as many as it needs */
        double least, most, *value;
    } rows[] = {
        {"SM", "GM", 1, 0, 7, &s->mode},        {"SI", "GI", 4, 0, 1000, &s->current},
        {"SH", "GH", 3, 0, 100, &s->simmer},    {"SW", "GW", 2, 0, 31, &s->waveform},
        {"SR", "GR", 0, 1e4, 1e6, &s->rate_Hz}, {"SL", "GL", 0, 0, 1e7, &s->burst},
        {"SF", "GF", 0, 0, 1000, &s->duty},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *value = speak_behind(text, rows[i].set);
        if (strcmp(text, rows[i].get) == 0)
            return speak_line_answer(s, "%0*.0f\r\n", (int)rows[i].digits, *rows[i].value), true;
        if (value) return set(s, value, rows[i].digits, rows[i].least, rows[i].most, rows[i].value), true;
    }
    return false;
}

static bool texts(spi_g4 *s, const char *text)
{
    const char *serial = laser_twin_has(&s->laser, SPEAK_STRANGER) ? "SIM-900"
                         : laser_twin_has(&s->laser, SPEAK_REAL)   ? "G4-042"
                                                                   : "SIM-G4-042";
    const struct {
        const char *word, *answer;
    } rows[] = {{"QA", is_open(s) ? "99" : ""},
                {"QT", "31.4"},
                {"QU", "30.2"},
                {"QI", "0, 0"},
                {"QJ", "0, 0"},
                {"QH", "1200"},
                {"QR", "0"},
                {"RSN", serial},
                {"RPN", "SIM-SP-020P"},
                {"RQV", "SIM 1.0\r\nSIM 1.0"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(text, rows[i].word) == 0) return say(s, rows[i].answer), true;
    return false;
}

static void obey(void *self, char *text)
{
    spi_g4 *s = self;
    const char *bit;
    laser_twin_word(&s->laser);
    if (is_open(s)) s->control &= ~(1u << ENABLED | 1u << PULSES | 1u << CONTINUOUS);
    if ((bit = speak_behind(text, "SS"))) return change(s, bit, true);
    if ((bit = speak_behind(text, "SC"))) return change(s, bit, false);
    if (strcmp(text, "GS") == 0) return say_control(s);
    if (strcmp(text, "QD") == 0) return say_status(s);
    if (strcmp(text, "QS") == 0) return speak_line_answer(s, "%u\r\n", status(s));
    if (!numbers(s, text) && !texts(s, text)) failed(s, 10);
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    return laser_twin_tick(self, now_ms);
}

const speaker speak_spi_g4 = {"spi-g4", LASER_FAULT_HELP, make, take, tick, speak_line_give, laser_twin_free};
