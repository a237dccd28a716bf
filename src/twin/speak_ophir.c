/* A virtual Ophir meter with a pyroelectric head, from the page: `$`, two letters, a value; `*` and data, or
 * `?` and a reason; CR LF. What the page leaves open here: after a setting the star stands alone, as in its
 * client's transcripts; `MM0` asks with the number alone; a word nobody knows is `?COM ERROR`. */
#include "meter_twin.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES 6
#define RANGES 5

typedef struct ophir {
    meter_twin meter;
    int mode;                      /* 2 power, 3 energy */
    int range;                     /* -1: automatic */
    int entry;                     /* of the wavelengths, from 1 */
    double wavelength_nm[ENTRIES]; /* 0: NONE */
} ophir;

static const struct {
    const char *name;
    double J;
} ranges[RANGES] = {{"10.0J", 10}, {"2.00J", 2}, {"200mJ", 0.2}, {"20.0mJ", 0.02}, {"2.00mJ", 0.002}};

static double full_scale_J(const ophir *o)
{
    return ranges[o->range < 0 ? 0 : o->range].J;
}

static void *make(const speak_options *options, fl_error *error)
{
    static const double entries[ENTRIES] = {248, 366, 532, 1064, 0, 10600};
    ophir *o = meter_twin_make(sizeof *o, options, error);
    if (!o) return NULL;
    o->mode = 2;
    o->range = -1;
    o->entry = 4;
    memcpy(o->wavelength_nm, entries, sizeof entries);
    return o;
}

static void say_number(ophir *o, double number)
{
    /* 1.300E-5: no zeros in the exponent */
    char text[32];
    snprintf(text, sizeof text, "%.3E", number);
    char *e = strchr(text, 'E');
    const int exponent = e ? atoi(e + 1) : 0;
    if (e) snprintf(e, sizeof text - (size_t)(e - text), "E%d", exponent);
    speak_line_answer(o, "*%s\r\n", text);
}

static void say_wavelengths(ophir *o)
{
    char list[120] = "";
    size_t used = 0;
    for (int i = 0; i < ENTRIES; i++) {
        const double nm = o->wavelength_nm[i];
        if (nm >= 2000)
            used += (size_t)snprintf(list + used, sizeof list - used, " %.1f", nm / 1000);
        else if (nm > 0)
            used += (size_t)snprintf(list + used, sizeof list - used, " %.0f", nm);
        else
            used += (size_t)snprintf(list + used, sizeof list - used, " NONE");
    }
    speak_line_answer(o, "*CONTINUOUS 193 12000 %d%s\r\n", o->entry, list);
}

static void say_ranges(ophir *o)
{
    char list[120] = "";
    size_t used = 0;
    for (int i = 0; i < RANGES; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, " %s", ranges[i].name);
    speak_line_answer(o, "* %d AUTO%s\r\n", o->range, list);
}

static void wrong(ophir *o)
{
    speak_line_answer(o, "?PARAM ERROR\r\n");
}

static void done(ophir *o)
{
    speak_line_answer(o, "*\r\n");
}

/* Settings; a meter that is deaf says the same. */
static void set_mode(ophir *o, int mode)
{
    if (mode != 2 && mode != 3) return wrong(o);
    if (!meter_twin_has(&o->meter, SPEAK_LIE)) o->mode = mode;
    done(o);
}

static void set_range(ophir *o, int range)
{
    if (range < -1 || range >= RANGES) return wrong(o);
    if (!meter_twin_has(&o->meter, SPEAK_LIE)) o->range = range;
    done(o);
}

static void set_entry(ophir *o, int entry)
{
    if (entry < 1 || entry > ENTRIES || o->wavelength_nm[entry - 1] == 0) return wrong(o);
    if (!meter_twin_has(&o->meter, SPEAK_LIE)) o->entry = entry;
    done(o);
}

static void set_wavelength(ophir *o, int nm)
{
    if (nm < 193 || nm > 12000) return wrong(o);
    if (!meter_twin_has(&o->meter, SPEAK_LIE)) o->wavelength_nm[o->entry - 1] = nm;
    done(o);
}

static void say_energy(ophir *o)
{
    const meter_twin *m = &o->meter;
    o->meter.is_new = false;
    if (m->over && m->has_reading)
        speak_line_answer(o, "*OVER\r\n");
    else
        say_number(o, m->has_reading ? m->energy_J : 0);
}

static void say_head(ophir *o)
{
    meter_twin *m = &o->meter;
    if (meter_twin_has(m, SPEAK_STRANGER))
        speak_line_answer(m, "* SI 12345 SIM-PD300 00000001\r\n");
    else
        speak_line_answer(m, "* PY 22323 %sPE10-C 80000003\r\n", meter_twin_has(m, SPEAK_REAL) ? "" : "SIM-");
}

static void obey(void *self, char *line)
{
    ophir *o = self;
    meter_twin *m = &o->meter;
    if (line[0] != '$' || strlen(line) < 3) return speak_line_answer(m, "?COM ERROR\r\n");
    char word[3] = {line[1], line[2], 0};
    const char *rest = line + 3 + strspn(line + 3, " ");
    int64_t number = 0;
    const bool has_number =
        *rest && fl_read_i64(rest, &number) == FL_OK && number > -1000000 && number < 1000000;
    const int n = (int)number;
    if (*rest && !has_number) return wrong(o);
    if (strcmp(word, "II") == 0) return speak_line_answer(m, "* USBD 113217 SIM-SH2USB\r\n");
    if (strcmp(word, "VE") == 0) return speak_line_answer(m, "* SIM1.00\r\n");
    if (strcmp(word, "HI") == 0) return say_head(o);
    if (strcmp(word, "HT") == 0) return speak_line_answer(m, "* PY\r\n");
    if (strcmp(word, "SI") == 0)
        return speak_line_answer(m, "* %s\r\n", o->mode == 3 && !meter_twin_has(m, SPEAK_WATTS) ? "J" : "W");
    if (strcmp(word, "MM") == 0 && has_number)
        return n == 0 ? speak_line_answer(m, "*%d\r\n", o->mode) : set_mode(o, n);
    if (strcmp(word, "FE") == 0) return set_mode(o, 3);
    if (strcmp(word, "FP") == 0) return set_mode(o, 2);
    if (strcmp(word, "RN") == 0) return speak_line_answer(m, "*%d\r\n", o->range);
    if (strcmp(word, "AR") == 0) return say_ranges(o);
    if (strcmp(word, "WN") == 0 && has_number) return set_range(o, n);
    if (strcmp(word, "SX") == 0) return say_number(o, full_scale_J(o));
    if (strcmp(word, "AW") == 0) return say_wavelengths(o);
    if (strcmp(word, "WI") == 0 && has_number) return set_entry(o, n);
    if (strcmp(word, "WL") == 0 && has_number) return set_wavelength(o, n);
    if (strcmp(word, "EF") == 0) return speak_line_answer(m, "*%d\r\n", m->is_new);
    if (strcmp(word, "ER") == 0) return speak_line_answer(m, "*1\r\n");
    if (strcmp(word, "SE") == 0) return say_energy(o);
    if (strcmp(word, "SP") == 0) return say_number(o, 0);
    if (strcmp(word, "CS") == 0 && has_number && n == 0) return done(o);
    if (strcmp(word, "DQ") == 0) return speak_line_answer(m, "*%d OUT IN\r\n", n == 2 ? 2 : 1);
    speak_line_answer(m, "?COM ERROR\r\n");
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    ophir *o = self;
    o->meter.most_J = full_scale_J(o);
    return meter_twin_tick(o, now_ms);
}

const speaker speak_ophir = {"ophir", METER_FAULT_HELP, make, take, tick, speak_line_give, meter_twin_free};
