/* A virtual Thorlabs PM100USB with a pyroelectric head, from the page: SCPI, lines end LF, sets say nothing.
 * READ? and MEAS:ENER? wait for a pulse.
 *
 * What the page leaves open, and what this one does: numbers are %.8E; CONF? says ENER or POW; FETC:STAT? is
 * 1 when a reading is there and INIT makes it 0; FETC? without a reading and over range is 9.91E+37
 * and 9.9E+37; ranges are decades from 20 mJ, the smallest that holds what was asked for; a header nobody
 * knows is error -113, a value outside its limits -222, a word while READ? waits ends the waiting with -410;
 * the newest of them is kept for SYST:ERR?. The first start of measuring comes by itself. */
#include "meter_twin.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

enum { ERROR_NONE = 0, ERROR_HEADER = -113, ERROR_RANGE = -222, ERROR_INTERRUPTED = -410 };

typedef struct thorlabs {
    meter_twin meter;
    bool energy, started, waits; /* waits: READ? does */
    int error;
    double wavelength_nm, range_J, peak_percent, average, loss_dB, response;
} thorlabs;

static void *make(const speak_options *options, fl_error *error)
{
    thorlabs *t = meter_twin_make(sizeof *t, options, error);
    if (!t) return NULL;
    t->started = true;
    t->wavelength_nm = 1064;
    t->range_J = 20;
    t->peak_percent = 2;
    t->average = 1;
    t->response = 50;
    return t;
}

static void number(thorlabs *t, double value)
{
    speak_line_answer(t, "%.8E\n", value);
}

static void say_energy(thorlabs *t)
{
    const meter_twin *m = &t->meter;
    if (!m->has_reading || !t->energy) return number(t, 9.91e37);
    number(t, m->over ? 9.9e37 : m->energy_J);
}

static void start(thorlabs *t)
{
    t->started = true;
    t->meter.is_new = false;
}

static void measure(thorlabs *t, bool energy)
{
    t->energy = energy;
    start(t);
    t->waits = true;
}

static void reset(thorlabs *t)
{
    t->energy = t->waits = false;
    t->wavelength_nm = 1064;
    t->range_J = 20;
}

/* ---- words ---- */

static void say_identity(thorlabs *t)
{
    if (meter_twin_has(&t->meter, SPEAK_STRANGER)) return speak_line_answer(t, "SIM Instruments,X1,1,1.0\n");
    speak_line_answer(t, "Thorlabs,PM100USB,%s2004525,1.4.0\n",
                      meter_twin_has(&t->meter, SPEAK_REAL) ? "P" : "SIM");
}

static void say_error(thorlabs *t)
{
    const char *text = t->error == ERROR_HEADER        ? "Undefined header"
                       : t->error == ERROR_RANGE       ? "Data out of range"
                       : t->error == ERROR_INTERRUPTED ? "Query INTERRUPTED"
                                                       : "No error";
    speak_line_answer(t, "%d,\"%s\"\n", t->error, text);
    t->error = ERROR_NONE;
}

/* `?` with MIN or MAX, or a value, MIN or MAX. */
static void setting(thorlabs *t, const char *rest, double least, double most, double *value)
{
    const bool asks = *rest == '?';
    rest += asks;
    rest += strspn(rest, " ");
    const double *limit = speak_scpi(rest, "MINimum") ? &least : speak_scpi(rest, "MAXimum") ? &most : NULL;
    if (asks) return number(t, limit ? *limit : *value);
    if (limit && !meter_twin_has(&t->meter, SPEAK_LIE)) *value = *limit;
    if (!limit && !speak_line_number(&t->meter.line, rest, least, most, value)) t->error = ERROR_RANGE;
}

static void set_range(thorlabs *t, const char *rest)
{
    double wanted_J = t->range_J, range_J = 0.02;
    setting(t, rest, 1e-6, 20, &wanted_J);
    while (range_J < wanted_J * (1 - 1e-9)) range_J *= 10;
    t->range_J = range_J;
}

static bool settings(thorlabs *t, const char *text)
{
    const char *rest;
    if ((rest = speak_scpi(text, "SENSe:CORRection:WAVelength")))
        return setting(t, rest, 185, 25000, &t->wavelength_nm), true;
    if ((rest = speak_scpi(text, "SENSe:CORRection:ENERgy:PYRO:RESPonse")))
        return setting(t, rest, 0.1, 1e6, &t->response), true;
    if ((rest = speak_scpi(text, "SENSe:CORRection:LOSS:INPut:MAGNitude")))
        return setting(t, rest, -60, 60, &t->loss_dB), true;
    if ((rest = speak_scpi(text, "SENSe:ENERgy:RANGe"))) return set_range(t, rest), true;
    if ((rest = speak_scpi(text, "SENSe:PEAK[:THReshold]")))
        return setting(t, rest, 0.1, 100, &t->peak_percent), true;
    if ((rest = speak_scpi(text, "SENSe:AVERage:COUNt"))) return setting(t, rest, 1, 3000, &t->average), true;
    return false;
}

static bool common(thorlabs *t, const char *text)
{
    if (strcmp(text, "*IDN?") == 0) return say_identity(t), true;
    if (strcmp(text, "*RST") == 0) return reset(t), true;
    if (strcmp(text, "*CLS") == 0) return t->error = ERROR_NONE, true;
    if (strcmp(text, "*OPC?") == 0) return speak_line_answer(t, "1\n"), true;
    if (strcmp(text, "*STB?") == 0 || strcmp(text, "*ESR?") == 0 || strcmp(text, "*TST?") == 0)
        return speak_line_answer(t, "0\n"), true;
    return false;
}

static bool measures(thorlabs *t, const char *text)
{
    const bool watts = !t->energy || meter_twin_has(&t->meter, SPEAK_WATTS);
    const char *rest = speak_scpi(text, "CONFigure");
    if (rest && *rest == '?') return speak_line_answer(t, watts ? "POW\n" : "ENER\n"), true;
    if (speak_scpi(text, "CONFigure:ENERgy")) {
        if (!meter_twin_has(&t->meter, SPEAK_LIE)) t->energy = true;
        return true;
    }
    if (speak_scpi(text, "CONFigure:POWer")) return t->energy = false, true;
    if (speak_scpi(text, "MEASure:ENERgy")) return measure(t, true), true;
    if (speak_scpi(text, "READ")) return measure(t, t->energy), true;
    if (speak_scpi(text, "INITiate")) return start(t), true;
    if (speak_scpi(text, "ABORt")) return t->started = false, true;
    if (speak_scpi(text, "FETCh:STATe")) return speak_line_answer(t, "%d\n", t->meter.is_new), true;
    if (speak_scpi(text, "FETCh")) return say_energy(t), true;
    return false;
}

static void obey(void *self, char *text)
{
    thorlabs *t = self;
    if (t->waits) t->error = ERROR_INTERRUPTED;
    t->waits = false;
    if (speak_scpi(text, "SYSTem:ERRor")) return say_error(t);
    if (speak_scpi(text, "SYSTem:SENSor:IDN")) /* energy, wavelength settable */
        return speak_line_answer(t, "SIM-ES220C,SIM042,27-NOV-2026,3,1,34\n");
    if (!common(t, text) && !settings(t, text) && !measures(t, text)) t->error = ERROR_HEADER;
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    thorlabs *t = self;
    meter_twin *m = &t->meter;
    m->most_J = t->range_J;
    m->least_J = t->started ? t->range_J * t->peak_percent / 100 : INFINITY;
    if (!meter_twin_tick(t, now_ms)) return false;
    if (t->waits && m->is_new) t->waits = false, say_energy(t);
    return true;
}

const speaker speak_thorlabs = {"thorlabs", METER_FAULT_HELP, make,           take,
                                tick,       speak_line_give,  meter_twin_free};
