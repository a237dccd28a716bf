#include "energy_page.h"

#include "fadeline/base/show.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

FL_PRINTF(2, 3) static void line(const energy_page *page, const char *format, ...)
{
    va_list arguments;
    char text[1200];
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("%s%s\n", page->simulated ? "SIMULATED " : "", FL_SHOWN(text));
}

static const char *headline(fl_energy_verdict verdict)
{
    switch (verdict) {
    case FL_ENERGY_PASS: return "PASS: the energy is as set";
    case FL_ENERGY_WARN: return "WARN: it may be used, and somebody should look at it";
    case FL_ENERGY_LOCK: return "LOCKED for treatment, free for checks";
    case FL_ENERGY_VOID: return "VOID: this was no check; locked for treatment until one is good";
    }
    return "?";
}

void energy_page_print(const energy_page *page)
{
    const fl_energy_result *r = page->result;
    const fl_energy_check *c = page->check;
    char day[11];
    line(page, "%s", headline(r->verdict));
    for (size_t i = 0; i < r->reason_count; i++) line(page, "  because %s", r->reasons[i]);
    if (c->count > 1) {
        line(page, "set %.4g mJ; meter %.4g mJ, spread %.2g mJ, mean known to %.2g mJ (n = %zu)",
             c->set_J * 1e3, r->mean_J * 1e3, r->sd_J * 1e3, r->se_J * 1e3, c->count);
        line(page, "meter against set %+.1f %%, known to %.1f %% with the meter's own %g %%", r->off_percent,
             r->unsure_percent, page->device->calibration.meter_tolerance_percent);
    } else if (c->count) {
        line(page, "set %.4g mJ; meter %.4g mJ (n = 1)", c->set_J * 1e3, r->mean_J * 1e3);
    } else {
        line(page, "set %.4g mJ; the meter measured nothing", c->set_J * 1e3);
    }
    if (!isnan(r->laser_off_percent))
        line(page, "the laser's own measure %.4g mJ, %+.1f %% against the meter", r->laser_J * 1e3,
             r->laser_off_percent);
    if (!isnan(r->drift_percent)) line(page, "since the check before %+.1f %%", r->drift_percent);
    if (c->counted)
        line(page, "counter %llu to %llu, %llu pulses; meter %s", (unsigned long long)page->counter_before,
             (unsigned long long)page->counter_after, (unsigned long long)c->pulses, page->meter);
    else
        line(page, "counter %llu before and not known after; meter %s",
             (unsigned long long)page->counter_before, page->meter);
    if (page->locked && r->verdict < FL_ENERGY_LOCK) line(page, "LOCKED all the same: %s", page->locked);
    if (page->locked)
        line(page, "journal entry %lld; this head treats nobody until a check is good",
             (long long)page->entry);
    else
        line(page, "journal entry %lld; the next check is due after %s", (long long)page->entry,
             fl_date_text(fl_date_add_days(page->day, page->device->calibration.due_every_days), day));
}

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

void energy_page_json(const energy_page *page)
{
    const fl_energy_result *r = page->result;
    const fl_energy_check *c = page->check;
    json_t *readings = json_array(), *reasons = json_array();
    char day[11];
    for (size_t i = 0; i < c->count; i++) json_array_append_new(readings, json_real(c->readings_J[i] * 1e3));
    for (size_t i = 0; i < r->reason_count; i++) json_array_append_new(reasons, json_string(r->reasons[i]));
    fl_date_text(fl_date_add_days(page->day, page->device->calibration.due_every_days), day);
    json_t *object = json_pack(
        "{s:s, s:b, s:s, s:s, s:s, s:s, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:I, s:I, s:o, "
        "s:I, s:I, "
        "s:I, s:o, s:o, s:I, s:s, s:s?}",
        "verdict", fl_energy_verdict_text(r->verdict), "simulated", page->simulated, "device",
        page->device->id, "head", page->head->id, "who", page->who, "meter", page->meter, "set_mJ",
        c->set_J * 1e3, "laser_mJ", real(r->laser_J * 1e3), "mean_mJ", real(r->mean_J * 1e3), "spread_mJ",
        real(r->sd_J * 1e3), "standard_error_mJ", real(r->se_J * 1e3), "off_percent", real(r->off_percent),
        "unsure_percent", real(r->unsure_percent), "laser_off_percent", real(r->laser_off_percent),
        "drift_percent", real(r->drift_percent), "meter_tolerance_percent",
        page->device->calibration.meter_tolerance_percent, "pulses", (json_int_t)c->pulses, "counter_before",
        (json_int_t)page->counter_before, "counter_after",
        c->counted ? json_integer((json_int_t)page->counter_after) : json_null(), "over", (json_int_t)c->over,
        "bad", (json_int_t)c->bad, "lost", (json_int_t)c->lost, "readings_mJ", readings, "reasons", reasons,
        "journal_entry", (json_int_t)page->entry, "due_after", day, "locked", page->locked);
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(object);
}
