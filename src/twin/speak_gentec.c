/* A virtual Gentec-EO meter, from the page: `*` and three letters, no end mark; a fixed number of characters
 * behind those that set something; answers end CR LF; ACK to every setting, also to one that it does not
 * take. `labels` gives the current value its label. What the page leaves open here: a word nobody knows is
 * not answered. */
#include "meter_twin.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WORD 16

typedef struct gentec {
    meter_twin meter;
    char word[WORD]; /* from the star on */
    size_t size;
    int mode, range, wavelength_nm, autoscale, single_shot, anticipation;
    double trigger, multiplier, offset;
} gentec;

/* How many characters stand behind the three letters; the same letters without a row take none. */
static const struct {
    const char *letters;
    size_t size;
} takes[] = {{"PWC", 5}, {"SCS", 2}, {"STL", 4}, {"SSE", 1}, {"SAS", 1}, {"ANT", 1}, {"MUL", 8}, {"OFF", 8}};

static size_t behind(const char *letters)
{
    for (size_t i = 0; i < sizeof takes / sizeof *takes; i++)
        if (memcmp(takes[i].letters, letters, 3) == 0) return takes[i].size;
    return 0;
}

/* 00 = 1 p, 01 = 3 p, 02 = 10 p ... */
static double full_scale(const gentec *g)
{
    return (g->range % 2 ? 3 : 1) * pow(10, g->range / 2 - 12);
}

static void *make(const speak_options *options, fl_error *error)
{
    gentec *g = meter_twin_make(sizeof *g, options, error);
    if (!g) return NULL;
    g->mode = g->autoscale = 1;
    g->range = 28;
    g->wavelength_nm = 1064;
    g->trigger = 2;
    g->multiplier = 1;
    return g;
}

static bool is(const char *word, const char *letters)
{
    return memcmp(word + 1, letters, 3) == 0;
}

static void set(gentec *g, const char *word, const char *value)
{
    double number;
    speak_line_answer(g, "ACK\r\n");
    if (meter_twin_has(&g->meter, SPEAK_LIE) || fl_read_double(value, &number) != FL_OK) return;
    if (is(word, "PWC") && number >= 193 && number <= 20000) g->wavelength_nm = (int)number;
    if (is(word, "SCS") && number >= 0 && number <= 41) g->range = (int)number, g->autoscale = 0;
    if (is(word, "STL") && number >= 0.1 && number <= 99.8) g->trigger = number;
    if (is(word, "SSE") && number <= 1) g->single_shot = number > 0;
    if (is(word, "SAS") && number <= 1) g->autoscale = number > 0;
    if (is(word, "ANT") && number <= 1) g->anticipation = number > 0;
    if (is(word, "MUL")) g->multiplier = number;
    if (is(word, "OFF")) g->offset = number;
}

static void say_value(gentec *g)
{
    meter_twin *m = &g->meter;
    char text[32] = "1.000E+38";
    if (m->has_reading && !m->over) snprintf(text, sizeof text, "%.6g", m->energy_J);
    m->is_new = false;
    speak_line_answer(m, meter_twin_has(m, SPEAK_LABELS) ? "Current Value : %s\r\n" : "%s\r\n", text);
}

static void say_ranges(gentec *g)
{
    /* what this head has: 22 to 28, read until a second of silence */
    static const char *const names[] = {"100.0 m", "300.0 m", "1.000", "3.000", "10.00", "30.00", "100.0"};
    for (int i = 0; i < 7; i++) speak_line_answer(g, "[%d]: %s\r\n", 22 + i, names[i]);
}

static void say_version(gentec *g)
{
    meter_twin *m = &g->meter;
    if (meter_twin_has(m, SPEAK_STRANGER)) return speak_line_answer(m, "SIM-Stranger 1\r\n");
    speak_line_answer(m, "%sIntegra Version 2.00.08\r\n", meter_twin_has(m, SPEAK_REAL) ? "" : "SIM-");
}

static void obey(gentec *g, const char *word)
{
    meter_twin *m = &g->meter;
    if (behind(word + 1)) return set(g, word, word + 4);
    const int mode = meter_twin_has(m, SPEAK_WATTS) ? 0 : g->single_shot ? 2 : g->mode;
    if (is(word, "VER")) return say_version(g);
    if (is(word, "CVU")) return say_value(g);
    if (is(word, "NVU"))
        return speak_line_answer(m, m->is_new ? "New Data Available\r\n" : "New Data Not Available\r\n");
    if (is(word, "GMD")) return speak_line_answer(m, "Mode: %d\r\n", mode);
    if (is(word, "GSE")) return speak_line_answer(m, "SSE: %d\r\n", g->single_shot);
    if (is(word, "GCR")) return speak_line_answer(m, "Range: %02d\r\n", g->range);
    if (is(word, "GAS")) return speak_line_answer(m, "Autoscale: %d\r\n", g->autoscale);
    if (is(word, "GWL")) return speak_line_answer(m, "PWC: %d\r\n", g->wavelength_nm);
    if (is(word, "GTL"))
        return speak_line_answer(m, "Trigger level: %.1f%% (%.4g Watts) of max power: %.4g Watts\r\n",
                                 g->trigger, g->trigger / 100 * full_scale(g), full_scale(g));
    if (is(word, "GAN")) return speak_line_answer(m, "Anticipation: %d\r\n", g->anticipation);
    if (is(word, "GUM")) return speak_line_answer(m, "User Multiplier: %.7E\r\n", g->multiplier);
    if (is(word, "GUO")) return speak_line_answer(m, "User Offset: %.7E\r\n", g->offset);
    if (is(word, "GFW")) return speak_line_answer(m, "NIG : 104552, Wattmeter, SIM V1.95\r\n");
    if (is(word, "DVS")) return say_ranges(g);
    if (is(word, "KPA") || is(word, "CSU") || is(word, "CAU")) return speak_line_answer(m, "ACK\r\n");
    if (is(word, "SSU") || is(word, "SSD")) {
        g->range += is(word, "SSU") ? g->range < 41 : -(g->range > 0);
        speak_line_answer(m, "ACK\r\n");
    }
}

/* No end mark: a word is whole when its characters are there. A star begins anew; what clients of other
 * devices send at the end of a line is passed over. */
static void take(void *self, const char *bytes, size_t size)
{
    gentec *g = self;
    for (size_t i = 0; i < size; i++) {
        speak_line_echo(g, bytes[i]);
        if (bytes[i] == '*') g->size = 0;
        if ((bytes[i] == '*' || g->size) && g->size < WORD - 1 && bytes[i] != '\r' && bytes[i] != '\n')
            g->word[g->size++] = bytes[i];
        if (g->size < 4 || g->size < 4 + behind(g->word + 1)) continue;
        g->word[g->size] = 0;
        g->size = 0;
        obey(g, g->word);
    }
}

static bool tick(void *self, uint64_t now_ms)
{
    gentec *g = self;
    g->meter.most_J = g->autoscale ? INFINITY : full_scale(g);
    return meter_twin_tick(g, now_ms);
}

const speaker speak_gentec = {"gentec", METER_FAULT_HELP, make, take, tick, speak_line_give, meter_twin_free};
