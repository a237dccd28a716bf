/* A virtual Coherent EnergyMax-USB, from the page: SCPI words, CR LF, and behind every answer, also of a word
 * that has none, a line `OK`; records are numbered.
 *
 * What the page leaves open, and what this one does: everything is long or short, in any case; what can be
 * set can be asked; `ERR100` to a word nobody knows, `ERR101` to a value that is none; READ? before the first
 * pulse has no record and says OK alone; energies and ranges are %.3E; over range is the flag P with the
 * energy all the same; ranges are 2 J and 0.2 J; the period is in microseconds. Set to watts it has no
 * energies: the power is the energy over the period. */
#include "meter_twin.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ITEMS 4

typedef struct energymax {
    meter_twin meter;
    bool watts, small, external, negative;
    double wavelength_nm, delay_us;
    char items[ITEMS + 1]; /* first letters, in the order chosen */
} energymax;

static const char *const item_names[ITEMS] = {"PULS", "PER", "FLAG", "SEQ"};
static const char item_letters[] = "UEFS"; /* one each, in no other one's name at that place */

static void *make(const speak_options *options, fl_error *error)
{
    energymax *e = meter_twin_make(sizeof *e, options, error);
    if (!e) return NULL;
    e->watts = true;
    e->wavelength_nm = 1064;
    memcpy(e->items, "U", 2);
    return e;
}

static void ok(energymax *e)
{
    speak_line_answer(e, "OK\r\n");
}

static void wrong(energymax *e)
{
    speak_line_answer(e, "ERR101\r\n");
}

static void say(energymax *e, const char *text)
{
    speak_line_answer(e, "%s\r\nOK\r\n", text);
}

static double range_J(const energymax *e)
{
    return e->small ? 0.2 : 2;
}

/* ---- records ---- */

static void say_record(energymax *e)
{
    const meter_twin *m = &e->meter;
    char text[120] = "", field[40] = "";
    size_t used = 0;
    if (!m->has_reading) return ok(e);
    const bool watts = e->watts || meter_twin_has(m, SPEAK_WATTS);
    const double value = watts && m->period_ms ? m->energy_J * 1000 / (double)m->period_ms : m->energy_J;
    for (const char *item = e->items; *item; item++) {
        if (*item == 'U') snprintf(field, sizeof field, "%.3E", value);
        if (*item == 'E') snprintf(field, sizeof field, "%llu", (unsigned long long)m->period_ms * 1000);
        if (*item == 'F') snprintf(field, sizeof field, "%s", m->over ? "P" : "0");
        if (*item == 'S') snprintf(field, sizeof field, "%llu", (unsigned long long)m->sequence);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? "," : "", field);
    }
    say(e, text);
}

static void say_items(energymax *e)
{
    char text[40] = "";
    size_t used = 0;
    for (const char *item = e->items; *item; item++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? "," : "",
                                 item_names[strchr(item_letters, *item) - item_letters]);
    say(e, text);
}

static void set_items(energymax *e, const char *list)
{
    char items[ITEMS + 1] = "";
    size_t count = 0;
    while (*list) {
        const size_t size = strcspn(list, ",");
        size_t i = 0;
        while (i < ITEMS && !(strlen(item_names[i]) == size && strncasecmp(list, item_names[i], size) == 0))
            i++;
        if (i == ITEMS || count == ITEMS || strchr(items, item_letters[i])) return wrong(e);
        items[count++] = item_letters[i];
        list += size + (list[size] == ',');
    }
    if (!count) return wrong(e);
    if (!meter_twin_has(&e->meter, SPEAK_LIE)) memcpy(e->items, items, sizeof items);
    ok(e);
}

/* ---- words ---- */

/* One of two words, the second of them true; asked, it says its own. */
static void choice(energymax *e, const char *rest, const char *first, const char *second, bool *is_second)
{
    if (*rest == '?') return speak_line_answer(e, "%.3s\r\nOK\r\n", *is_second ? second : first);
    const bool one = speak_scpi(rest, first), two = speak_scpi(rest, second);
    if (!one && !two && !speak_scpi(rest, "DEFault")) return wrong(e);
    if (!meter_twin_has(&e->meter, SPEAK_LIE)) *is_second = two;
    ok(e);
}

static void number(energymax *e, const char *rest, double least, double most, double *value)
{
    char text[24];
    if (*rest == '?') {
        rest += 1 + strspn(rest + 1, " ");
        const double is = speak_scpi(rest, "MINimum") ? least : speak_scpi(rest, "MAXimum") ? most : *value;
        snprintf(text, sizeof text, "%.0f", is);
        return say(e, text);
    }
    if (!speak_line_number(&e->meter.line, rest, least, most, value)) return wrong(e);
    ok(e);
}

static void select_range(energymax *e, const char *rest)
{
    char text[24];
    if (*rest != '?') return choice(e, rest, "MAXimum", "MINimum", &e->small);
    snprintf(text, sizeof text, "%.3E", range_J(e));
    say(e, text);
}

static void select_type(energymax *e, const char *rest)
{
    const bool watts = e->watts || meter_twin_has(&e->meter, SPEAK_WATTS);
    if (*rest == '?') return say(e, watts ? "W" : "J");
    choice(e, rest, "J", "W", &e->watts);
}

static void say_model(energymax *e)
{
    if (meter_twin_has(&e->meter, SPEAK_STRANGER)) return say(e, "\"SIM PM-USB PS10\"");
    say(e, meter_twin_has(&e->meter, SPEAK_REAL) ? "\"EM-USB J-25MB-HE\"" : "\"EM-USB J-25MB-HE SIM\"");
}

static void obey(void *self, char *text)
{
    energymax *e = self;
    const char *rest;
    if ((rest = speak_scpi(text, "SYSTem:INFormation:MODel"))) return say_model(e);
    if ((rest = speak_scpi(text, "SYSTem:INFormation:SNUMber"))) return say(e, "\"SIM00042\"");
    if ((rest = speak_scpi(text, "CONFigure:WAVElength")))
        return number(e, rest, 190, 12000, &e->wavelength_nm);
    if ((rest = speak_scpi(text, "CONFigure:MEASure:TYPE"))) return select_type(e, rest);
    if ((rest = speak_scpi(text, "CONFigure:ITEMselect")))
        return *rest == '?' ? say_items(e) : set_items(e, rest);
    if ((rest = speak_scpi(text, "CONFigure:RANGe:SELect"))) return select_range(e, rest);
    if ((rest = speak_scpi(text, "TRIGger:SOURce")))
        return choice(e, rest, "INTernal", "EXTernal", &e->external);
    if ((rest = speak_scpi(text, "TRIGger:SLOPe")))
        return choice(e, rest, "POSitive", "NEGative", &e->negative);
    if ((rest = speak_scpi(text, "TRIGger:DELay"))) return number(e, rest, 0, 1000, &e->delay_us);
    if ((rest = speak_scpi(text, "READ")) && *rest == '?') return say_record(e);
    speak_line_answer(e, "ERR100\r\n");
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    energymax *e = self;
    e->meter.most_J = range_J(e);
    return meter_twin_tick(e, now_ms);
}

const speaker speak_energymax = {"energymax", METER_FAULT_HELP, make,           take,
                                 tick,        speak_line_give,  meter_twin_free};
