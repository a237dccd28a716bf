/* A virtual NKT PiLas, from the page: lines end LF, numbers in columns behind tabs, `done` to a set that was
 * done; to anything else silence, as its emulator.
 *
 * What the page leaves open, and what this one does: the eight lines of version?; a value outside its limits
 * is silence; tune is taken in either mode; `bit=1` makes the diode's temperature bad, and a diode that is
 * bad gives no light; the interlock, of which no word knows, switches the emission off. */
#include "laser_twin.h"

#include <string.h>

typedef struct pilas {
    laser_twin laser;
    double on, tune_manual, tune, rate_Hz; /* tune in tenths of a percent */
} pilas;

static void *make(const speak_options *options, fl_error *error)
{
    pilas *p = laser_twin_make(sizeof *p, options, error);
    if (!p) return NULL;
    p->tune = 500;
    p->rate_Hz = 1000000;
    return p;
}

static bool is_bad(const pilas *p)
{
    return laser_twin_bits(&p->laser) & 2;
}

static void say_version(pilas *p)
{
    const char *who = laser_twin_has(&p->laser, SPEAK_STRANGER) ? "SIM Katana 7"
                      : laser_twin_has(&p->laser, SPEAK_REAL)   ? "PiLas 042"
                                                                : "SIM PiLas 042";
    speak_line_answer(p,
                      "%s\nlaser head 043\n1064 nm\nno CW option\n0 mW\nsoftware SIM1.0\n"
                      "controller hardware 1\nhead hardware 1\n",
                      who);
}

static void set(pilas *p, const char *text, double least, double most, double *value)
{
    if (speak_line_number(&p->laser.line, text, least, most, value)) speak_line_answer(p, "done\n");
}

static void obey(void *self, char *text)
{
    pilas *p = self;
    laser_twin_word(&p->laser);
    if (is_bad(p) || laser_twin_has(&p->laser, SPEAK_OPEN)) p->on = 0;
    if (strcmp(text, "version?") == 0) return say_version(p);
    if (strcmp(text, "ld?") == 0)
        return speak_line_answer(p, "pulsed laser emission: %s\n", p->on > 0 ? "on" : "off");
    if (strcmp(text, "tm?") == 0)
        return speak_line_answer(p, "tune mode:\t%s\n", p->tune_manual > 0 ? "manual" : "auto");
    if (strcmp(text, "tune?") == 0) return speak_line_answer(p, "tune value:\t\t%10.2f %%\n", p->tune / 10);
    if (strcmp(text, "f?") == 0) return speak_line_answer(p, "int. frequency:\t%14.0f Hz\n", p->rate_Hz);
    if (strcmp(text, "lht?") == 0)
        return speak_line_answer(p, "laser head temp.:\t     25.0 \xB0"
                                    "C\n");
    if (strcmp(text, "ldtemp?") == 0)
        return speak_line_answer(p, "LD temp.:\t\t%s\n", is_bad(p) ? "bad" : "good");
    if (strcmp(text, "ld=0") == 0) p->on = 0; /* it never lies about stopping */
    if (strncmp(text, "ld=", 3) == 0) set(p, text + 3, 0, 1, &p->on);
    if (strncmp(text, "tm=", 3) == 0) set(p, text + 3, 0, 1, &p->tune_manual);
    if (strncmp(text, "tune=", 5) == 0) set(p, text + 5, 0, 1000, &p->tune);
    if (strncmp(text, "f=", 2) == 0) set(p, text + 2, 25, 40e6, &p->rate_Hz);
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    return laser_twin_tick(self, now_ms); /* its pulses are not counted by anybody */
}

const speaker speak_pilas = {"pilas", LASER_FAULT_HELP, make, take, tick, speak_line_give, laser_twin_free};
