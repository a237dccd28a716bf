/* Sections 8, 9 and 10: energy checks, pulses to service, certificates. */
#include "audit_collect.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

#define MONTHS_MOST 12

static fl_status list_checks(fl_collect *c)
{
    for (size_t i = 0; i < c->checks.count; i++) {
        const fl_audit_energy *check = &c->checks.at[i];
        if (strcmp(check->verdict, "withdrawn") == 0 ||
            !fl_audit_wants(c->audit, check->day, check->site, check->dev))
            continue;
        fl_audit_energy *row = FL_LIST_ADD(&c->audit->sections.energy);
        if (!row) return FL_E_MEMORY;
        *row = *check;
    }
    return FL_OK;
}

/* ---- forecast ---- */

void fl_audit_forecast(fl_audit_service *s)
{
    const double weeks_a_month = 365.25 / 12 / 7;
    s->weeks = s->weeks_low = s->weeks_high = NAN;
    if (!s->due_known || !s->months || !(s->rate > 0)) return;
    const double left = s->left > 0 ? (double)s->left : 0;
    s->weeks = left / s->rate * weeks_a_month;
    if (isnan(s->sd)) return;
    s->weeks_low = left / (s->rate + s->sd) * weeks_a_month;
    s->weeks_high = s->rate > s->sd ? left / (s->rate - s->sd) * weeks_a_month : INFINITY;
}

static int month_of(fl_date day)
{
    return day.year * 12 + day.month - 1;
}

/* Whole calendar months that ended by `last`, from the first whole one of this device; at most the newest
 * twelve. */
static void find_rate(const fl_ledger *ledger, const char *dev, fl_date last, fl_audit_service *s)
{
    int first = 0, after = month_of(fl_date_add_days(last, 1)), count = 0;
    double moved[MONTHS_MOST] = {0}, sum = 0, squares = 0;
    for (size_t i = 0; i < ledger->day_count; i++) {
        const fl_audit_line *line = &ledger->days[i];
        if (strcmp(line->dev, dev) != 0 || fl_date_compare(line->from, last) > 0) continue;
        const int month = month_of(line->from);
        if (!first) {
            first = line->from.day == 1 ? month : month + 1;
            if (after - first > MONTHS_MOST) first = after - MONTHS_MOST;
        }
        if (month < first || month >= after) continue;
        moved[month - first] += (double)(int64_t)(line->closing - line->opening) - (double)line->service;
    }
    count = first && after > first ? after - first : 0;
    for (int i = 0; i < count; i++) sum += moved[i];
    for (int i = 0; i < count; i++) squares += (moved[i] - sum / count) * (moved[i] - sum / count);
    s->months = (unsigned)count;
    s->rate = count ? sum / count : 0;
    s->sd = count > 1 ? sqrt(squares / (count - 1)) : NAN;
}

static bool find_counter(const fl_ledger *ledger, const char *dev, fl_date last, uint64_t *counter)
{
    for (size_t i = ledger->day_count; i-- > 0;)
        if (strcmp(ledger->days[i].dev, dev) == 0 && fl_date_compare(ledger->days[i].from, last) <= 0)
            return *counter = ledger->days[i].closing, true;
    return false;
}

static fl_status list_services(fl_collect *c)
{
    const fl_date last = c->audit->options.to;
    for (size_t d = 0; d < c->ledger->device_count; d++) {
        const fl_ledger_device *device = &c->ledger->devices[d];
        uint64_t counter;
        if (!device->dev[0] || !fl_audit_wants_place(c->audit, device->site, device->dev) ||
            !find_counter(c->ledger, device->dev, last, &counter))
            continue;
        fl_audit_service *row = FL_LIST_ADD(&c->audit->sections.service);
        if (!row) return FL_E_MEMORY;
        memcpy(row->dev, device->dev, sizeof row->dev);
        memcpy(row->site, device->site, sizeof row->site);
        row->counter = counter;
        for (size_t i = 0; i < c->dues.count; i++) /* the newest by then */
            if (strcmp(c->dues.at[i].dev, device->dev) == 0 && fl_date_compare(c->dues.at[i].day, last) <= 0)
                row->due_known = true, row->due = c->dues.at[i].counter;
        row->left = row->due_known ? (int64_t)(row->due - counter) : 0;
        find_rate(c->ledger, device->dev, last, row);
        fl_audit_forecast(row);
    }
    return FL_OK;
}

char *fl_audit_forecast_text(const fl_audit_service *s, char room[FL_AUDIT_FORECAST_MAX])
{
    fl_text text = fl_text_in(room, FL_AUDIT_FORECAST_MAX);
    if (!s->due_known)
        fl_text_add(&text, "not known: no service entry says when the next is due");
    else if (s->left <= 0)
        fl_text_add(&text, "service is due now");
    else if (isnan(s->weeks))
        fl_text_add(&text, s->months ? "not known: this laser was not used"
                                     : "not known: no whole month in the log");
    else {
        if (s->weeks < 1)
            fl_text_add(&text, "less than a week");
        else
            fl_text_add(&text, "about %.0f week%s", s->weeks, s->weeks < 1.5 ? "" : "s");
        if (isnan(s->weeks_low))
            fl_text_add(&text, " (one month of the log: no range)");
        else if (isinf(s->weeks_high))
            fl_text_add(&text, " (%.1f or more)", s->weeks_low);
        else
            fl_text_add(&text, " (%.1f to %.1f)", s->weeks_low, s->weeks_high);
    }
    return room;
}

/* ---- certificates ---- */

/* The newest word on a person by the last day stands; role "none" ends it. */
static bool is_newest(const fl_collect *c, size_t i)
{
    const fl_audit_certificate *of = &c->roles.at[i];
    if (fl_date_compare(of->day, c->audit->options.to) > 0) return false;
    for (size_t later = i + 1; later < c->roles.count; later++)
        if (strcmp(c->roles.at[later].who, of->who) == 0 &&
            fl_date_compare(c->roles.at[later].day, c->audit->options.to) <= 0)
            return false;
    return true;
}

static fl_status list_certificates(fl_collect *c)
{
    for (size_t i = 0; i < c->roles.count; i++) {
        const fl_audit_certificate *of = &c->roles.at[i];
        if (!is_newest(c, i) || strcmp(of->role, "none") == 0 || !fl_date_is_set(of->until)) continue;
        if (of->site[0] && !fl_audit_wants_place(c->audit, of->site, "")) continue;
        const int days = fl_date_days(of->until) - fl_date_days(c->audit->options.to);
        if (days > FL_AUDIT_CERTIFICATE_DAYS) continue;
        fl_audit_certificate *row = FL_LIST_ADD(&c->audit->sections.certificates);
        if (!row) return FL_E_MEMORY;
        *row = *of;
        row->days = days;
    }
    return FL_OK;
}

fl_status fl_section_machine(fl_collect *c)
{
    fl_status status = list_checks(c);
    if (status == FL_OK) status = list_services(c);
    return status == FL_OK ? list_certificates(c) : status;
}
