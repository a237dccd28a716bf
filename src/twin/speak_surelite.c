/* A virtual Continuum Surelite, from the page: lines end CR, every word comes back as an echo, SE and SC say
 * something behind it, numbers have fixed widths. No word says who it is, so it cannot say SIM: a program of
 * ours believes it nowhere that simulated things are let in.
 *
 * What the page leaves open, and what this one does: a word nobody knows, a number of another width and a
 * value that is none are not echoed; SS without PD 000, or without lamp and shutter, is echoed and gives no
 * light; with an open interlock lamp and shutter go off; the lamp flashes at RR and not before 1 s after
 * ST 1. */
#include "laser_twin.h"

#include <stdio.h>
#include <string.h>

#define LAMP_MS 1000

typedef struct surelite {
    laser_twin laser;
    double running, open, division, delay_us, rate_Hz, voltage_kV;
    uint64_t lamp_shots, started_ms;
    double next_ms;
} surelite;

static void *make(const speak_options *options, fl_error *error)
{
    surelite *s = laser_twin_make(sizeof *s, options, error);
    if (!s) return NULL;
    s->division = 1;
    s->delay_us = 180;
    s->rate_Hz = 10;
    s->voltage_kV = 1.2;
    return s;
}

static bool is_open(const surelite *s)
{
    return laser_twin_has(&s->laser, SPEAK_OPEN);
}

static bool flashes(const surelite *s)
{
    return s->running > 0 && s->rate_Hz > 0 && s->laser.line.now_ms - s->started_ms >= LAMP_MS;
}

/* One word, a blank, and a number whose form is of this width; true when it was echoed. */
static bool numbers(surelite *s, const char *text)
{
    const struct {
        const char *word, *form; /* n stands for a digit */
        double most, *value;
    } rows[] = {
        {"ST", "n", 1, &s->running},       {"SH", "n", 1, &s->open},
        {"PD", "nnn", 999, &s->division},  {"QS", "nnn", 999, &s->delay_us},
        {"RR", "nn.n", 99.9, &s->rate_Hz}, {"VA", "n.nn", 9.99, &s->voltage_kV},
    };
    const char *value;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(value = speak_behind(text, rows[i].word))) continue;
        const char *form = rows[i].form, *at = value;
        while (*form && *at && (*form == 'n' ? *at >= '0' && *at <= '9' : *at == *form)) form++, at++;
        return !*form && !*at && speak_line_number(&s->laser.line, value, 0, rows[i].most, rows[i].value);
    }
    return false;
}

static void obey(void *self, char *text)
{
    surelite *s = self;
    const bool ran = s->running > 0;
    laser_twin_word(&s->laser);
    if (strcmp(text, "SE") == 0)
        return speak_line_answer(s, "SE\r%02d\r", laser_twin_status(&s->laser, is_open(s) ? 6 : 0));
    if (strcmp(text, "SC") == 0)
        return speak_line_answer(s, "SC\r%09llu\r", (unsigned long long)s->laser.shots);
    if (strcmp(text, "SS") == 0) {
        if (flashes(s) && s->open > 0 && s->division == 0) laser_twin_flash(&s->laser);
        return speak_line_answer(s, "SS\r");
    }
    if (!numbers(s, text)) return;
    if (strcmp(text, "ST 0") == 0) s->running = 0; /* it never lies about stopping */
    if (strcmp(text, "SH 0") == 0) s->open = 0;
    if (!ran && s->running > 0) s->started_ms = s->laser.line.now_ms;
    speak_line_answer(s, "%s\r", text);
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    surelite *s = self;
    if (!laser_twin_tick(&s->laser, now_ms)) return false;
    if (is_open(s)) s->running = s->open = 0;
    if (!flashes(s)) s->next_ms = (double)now_ms;
    while (flashes(s) && (double)now_ms >= s->next_ms + 1000 / s->rate_Hz) {
        s->next_ms += 1000 / s->rate_Hz;
        s->lamp_shots++;
        if (s->open > 0 && s->division > 0 && s->lamp_shots % (uint64_t)s->division == 0)
            laser_twin_flash(&s->laser);
    }
    return true;
}

const speaker speak_surelite = {"surelite", LASER_FAULT_HELP, make,           take,
                                tick,       speak_line_give,  laser_twin_free};
