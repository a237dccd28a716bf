/* A virtual Quantel CFR, and an Ultra, from the page: address (`>` or the serial number 42), word and value,
 * CR LF; every reply CR LF and 15 characters, numbers in fixed columns; a refused value is seen because the
 * reply repeats the old one.
 *
 * What the page leaves open, and what this one does: a word nobody knows is not answered; words without
 * columns on the page answer 15 blanks; `QS at run` has its digit in the column of `QS mode`; the serial
 * number reads SIM in its three columns; the first interlock byte of the Ultra stays 0. */
#include "laser_twin.h"

#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INHIBIT_MS 8000

enum { LAMP_STANDBY, LAMP_SIMMER, LAMP_RUNNING };

typedef struct cfr {
    laser_twin laser; /* shots: of the Q-switch, for life */
    bool ultra;
    int lamp, lamp_external, at_run, q_running, q_mode, shutter, pump;
    double voltage_V, energy_J, capacity_uF, rate_Hz;
    int every, burst, delay_us, wait;
    uint64_t lamp_shots, user_lamp_shots, user_shots, started_ms;
    double next_ms;
} cfr;

static void *make_one(const speak_options *options, bool ultra, fl_error *error)
{
    cfr *c = laser_twin_make(sizeof *c, options, error);
    if (!c) return NULL;
    c->ultra = ultra;
    c->voltage_V = 1150;
    c->energy_J = 12.5;
    c->capacity_uF = 30;
    c->rate_Hz = 10;
    c->every = 1;
    c->burst = 10;
    c->delay_us = 180;
    c->wait = 0;
    c->lamp_shots = 917004;
    c->user_lamp_shots = 1200;
    c->user_shots = 300;
    return c;
}

static void *make_cfr(const speak_options *options, fl_error *error)
{
    return make_one(options, false, error);
}

static void *make_ultra(const speak_options *options, fl_error *error)
{
    return make_one(options, true, error);
}

/* CR LF and exactly 15 characters. */
FL_PRINTF(2, 3) static void reply(cfr *c, const char *format, ...)
{
    char text[40];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    speak_line_answer(c, "\r\n%-15.15s", text);
}

static bool is_open(const cfr *c)
{
    return laser_twin_has(&c->laser, SPEAK_OPEN);
}

static void stop_lamp(cfr *c)
{
    c->lamp = LAMP_STANDBY;
    c->q_running = 0;
}

static bool is_inhibited(const cfr *c)
{
    return c->lamp == LAMP_RUNNING && c->laser.line.now_ms - c->started_ms < INHIBIT_MS;
}

static void start_lamp(cfr *c, int external)
{
    if (is_open(c)) return;
    c->lamp_external = external;
    c->lamp = LAMP_RUNNING;
    c->started_ms = c->laser.line.now_ms;
    c->next_ms = (double)c->laser.line.now_ms + 1000 / c->rate_Hz;
}

/* ---- interlock bytes: characters 0 and 1, left to right bits 0 to 7 ---- */

static unsigned interlock_byte(const cfr *c, const char *which)
{
    const uint64_t extra = laser_twin_bits(&c->laser);
    if (strcmp(which, "IF1") == 0) return (unsigned)(extra & 255) | (is_open(c) && !c->ultra ? 1u << 4 : 0);
    if (strcmp(which, "IF2") == 0) return is_open(c) && c->ultra ? 1u << 5 : 0; /* flow */
    if (strcmp(which, "IF3") == 0) return 0;
    if (c->ultra) return (is_inhibited(c) ? 1u : 0) | (c->shutter ? 0 : 1u << 3);
    return (is_inhibited(c) ? 1u << 1 : 0) | (c->shutter ? 0 : 1u << 6);
}

static void say_byte(cfr *c, const char *which)
{
    const unsigned byte = interlock_byte(c, which);
    char row[12];
    for (int i = 0, at = 0; i < 8; i++) {
        row[at++] = byte >> i & 1 ? '1' : '0';
        if (i % 2 && i < 7) row[at++] = ' ';
        row[at] = 0;
    }
    reply(c, "%s %s", strcmp(which, "IQ") == 0 ? "IQS" : which, row);
}

/* The first byte that caused the shutdown. */
static void say_first_byte(cfr *c)
{
    static const char *const order[] = {"IF1", "IF2", "IF3", "IQ"};
    size_t i = 0;
    while (i < 3 && !interlock_byte(c, order[i])) i++;
    say_byte(c, order[i]);
}

static void say_one_line(cfr *c)
{
    const int lamp = (c->lamp == LAMP_RUNNING ? 2 : 0) + (c->lamp_external ? 4 : 0);
    const int q = (c->q_running ? 2 : 0) + (c->q_mode == 2 ? 4 : 0);
    reply(c, "I %d F %d S %d Q %d", is_open(c), lamp, c->lamp != LAMP_STANDBY, q);
}

/* ---- words with a value ---- */

/* True when it is a number in its range; otherwise the old one is kept and repeated. */
static bool taken(const cfr *c, const char *text, double scale, double least, double most, double *value)
{
    uint64_t whole;
    if (!*text || fl_read_u64(text, &whole) != FL_OK) return false;
    const double wanted = (double)whole / scale;
    if (wanted < least - 1e-9 || wanted > most + 1e-9 || laser_twin_has(&c->laser, SPEAK_LIE)) return false;
    *value = wanted;
    return true;
}

static void taken_whole(const cfr *c, const char *text, int least, int most, int *value)
{
    double number;
    if (taken(c, text, 1, least, most, &number)) *value = (int)number;
}

/* Longest first: V is the beginning of VA. */
static bool settings(cfr *c, const char *w)
{
    const char *v;
#define IS(word) (fl_text_begins(w, word) && (v = w + strlen(word), *v == 0 || (*v >= '0' && *v <= '9')))
    if (IS("VA")) return reply(c, "voltage ac%4.0fV", c->lamp ? c->voltage_V : 0), true;
    if (IS("VT")) return reply(c, "voltage it%4.0fV", c->lamp ? c->voltage_V : 0), true;
    if (IS("V"))
        return taken(c, v, 1, 500, 1800, &c->voltage_V), reply(c, "voltage  %4.0f V", c->voltage_V), true;
    if (IS("ENE"))
        return taken(c, v, 10, 7, 23, &c->energy_J), reply(c, "energy    %4.1fJ", c->energy_J), true;
    if (IS("CAP"))
        return taken(c, v, 10, 27, 33, &c->capacity_uF), reply(c, "capacity %4.1fuF", c->capacity_uF), true;
    if (IS("F"))
        return taken(c, v, 100, 1, 99.99, &c->rate_Hz), reply(c, "freq.  %5.2f Hz", c->rate_Hz), true;
    if (IS("LPM"))
        return taken_whole(c, v, 0, 1, &c->lamp_external), reply(c, "LP synch :   %d", c->lamp_external),
               true;
    if (IS("QSF")) return taken_whole(c, v, 1, 99, &c->every), reply(c, "cycle rate F/%2d", c->every), true;
    if (IS("QSP")) return taken_whole(c, v, 1, 999, &c->burst), reply(c, "burst QS    %3d", c->burst), true;
    if (IS("QSW")) return taken_whole(c, v, 0, 999, &c->wait), reply(c, "QS wait :  %3d", c->wait), true;
    if (IS("QSM")) return taken_whole(c, v, 0, 2, &c->q_mode), reply(c, "QS mode :    %d", c->q_mode), true;
    if (IS("QOF")) return taken_whole(c, v, 0, 1, &c->at_run), reply(c, "QS at run    %d", c->at_run), true;
    if (IS("W"))
        return taken_whole(c, v, 100, 999, &c->delay_us), reply(c, "delay    %3d uS", c->delay_us), true;
    if (IS("R"))
        return taken_whole(c, v, 0, 1, &c->shutter), reply(c, c->shutter ? "shutter open" : "shutter closed"),
               true;
    if (IS("P")) return taken_whole(c, v, 0, 1, &c->pump), reply(c, "%s", ""), true;
#undef IS
    return false;
}

static bool counters(cfr *c, const char *w)
{
    if (strcmp(w, "UC0") == 0) c->user_lamp_shots = 0;
    if (strcmp(w, "UCQ0") == 0) c->user_shots = 0;
    if (strcmp(w, "C") == 0) return reply(c, "ct LP %9llu", (unsigned long long)c->lamp_shots), true;
    if (strcmp(w, "CQ") == 0) return reply(c, "ct QS %9llu", (unsigned long long)c->laser.shots), true;
    if (strcmp(w, "UCQ") == 0 || strcmp(w, "UCQ0") == 0)
        return reply(c, "cu QS %9llu", (unsigned long long)c->user_shots), true;
    if (strcmp(w, "UC") == 0 || strcmp(w, "UC0") == 0)
        return reply(c, "cu LP %9llu", (unsigned long long)c->user_lamp_shots), true;
    return false;
}

static bool temperatures(cfr *c, const char *w)
{
    if (strcmp(w, c->ultra ? "CGT" : "CG") == 0) return reply(c, "temp. CG 33 d"), true;
    if (c->ultra && strcmp(w, "HGT") == 0) return reply(c, "temp. SHG 51 d"), true;
    if (c->ultra && strcmp(w, "CST") == 0) return reply(c, "temp. CS 29 d"), true;
    return false;
}

static void say_serial(cfr *c)
{
    if (laser_twin_has(&c->laser, SPEAK_STRANGER)) return reply(c, "unit SIM 7");
    reply(c, "s/number    %s", laser_twin_has(&c->laser, SPEAK_REAL) ? "042" : "SIM");
}

static void say_lamp(cfr *c)
{
    static const char *const texts[] = {"standby", "simmer", NULL};
    reply(c, "%s", c->lamp == LAMP_RUNNING ? (c->lamp_external ? "fire ext" : "fire auto") : texts[c->lamp]);
}

static void obey(cfr *c, const char *w)
{
    if (strcmp(w, "A") == 0) start_lamp(c, 0);
    if (strcmp(w, "E") == 0) start_lamp(c, 1);
    if (strcmp(w, "M") == 0 && !is_open(c)) stop_lamp(c), c->lamp = LAMP_SIMMER;
    if (strcmp(w, "S") == 0) stop_lamp(c);
    if (strlen(w) == 1 && strchr("AEMS", w[0])) return say_lamp(c);
    if (strcmp(w, "PQ") == 0 && c->at_run && c->lamp == LAMP_RUNNING) c->q_running = 1;
    if (strcmp(w, "SQ") == 0) c->q_running = 0;
    if (strcmp(w, "PQ") == 0 || strcmp(w, "SQ") == 0 || strcmp(w, "OQ") == 0) return reply(c, "%s", "");
    if (strcmp(w, "SN") == 0) return say_serial(c);
    if (strcmp(w, "ST") == 0 && c->ultra) return say_lamp(c);
    if (strcmp(w, "WOR") == 0) return say_one_line(c);
    if (strcmp(w, "IF") == 0) return say_first_byte(c);
    if (strcmp(w, "IF1") == 0 || strcmp(w, "IF2") == 0 || strcmp(w, "IQ") == 0 || strcmp(w, "IF3") == 0)
        return say_byte(c, w);
    if (strcmp(w, "SAV1") == 0) return reply(c, "%s", "");
    if (counters(c, w) || temperatures(c, w) || settings(c, w)) return;
}

/* `>`, or its number; anything else is for another supply on the line. */
static void hear(void *self, char *text)
{
    cfr *c = self;
    const char *w = text[0] == '>' ? text + 1 : fl_text_begins(text, "42") ? text + 2 : NULL;
    if (!w) return;
    laser_twin_word(&c->laser);
    if (is_open(c)) stop_lamp(c);
    obey(c, w);
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", hear);
}

static bool tick(void *self, uint64_t now_ms)
{
    cfr *c = self;
    if (!laser_twin_tick(&c->laser, now_ms)) return false;
    if (is_open(c)) stop_lamp(c);
    while (c->lamp == LAMP_RUNNING && !c->lamp_external && (double)now_ms >= c->next_ms) {
        c->next_ms += 1000 / c->rate_Hz;
        c->lamp_shots++;
        c->user_lamp_shots++;
        if (!c->q_running || c->q_mode == 2 || is_inhibited(c) || !c->shutter) continue;
        if (c->lamp_shots % (unsigned)c->every) continue;
        laser_twin_flash(&c->laser);
        c->user_shots++;
    }
    return true;
}

const speaker speak_cfr = {"cfr", LASER_FAULT_HELP, make_cfr, take, tick, speak_line_give, laser_twin_free};
const speaker speak_ultra = {"ultra", LASER_FAULT_HELP, make_ultra,     take,
                             tick,    speak_line_give,  laser_twin_free};
