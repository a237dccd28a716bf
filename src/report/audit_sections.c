/* Sections 1 and 2, and what can only be said when every log is in. */
#include "audit_collect.h"
#include "audit_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- 2: exceptions, in the order they are read ---- */

static fl_audit_exception *more(fl_audit *audit, const char *code, bool severe, const char *site,
                                const char *dev)
{
    fl_audit_exception *row = FL_LIST_ADD(&audit->sections.exceptions);
    if (!row) return NULL;
    snprintf(row->code, sizeof row->code, "%s", code);
    snprintf(row->site, sizeof row->site, "%s", site);
    snprintf(row->dev, sizeof row->dev, "%s", dev);
    row->severe = severe;
    return row;
}

static fl_status say_line(fl_audit *audit, const fl_audit_line *line, bool period)
{
    char net[32], sum[32], tolerance[32], day[11];
    fl_audit_exception *row = more(audit, period ? "period" : "day", true, line->site, line->dev);
    if (!row) return FL_E_MEMORY;
    row->log = line->log;
    row->day = line->from;
    fl_text text = fl_text_in(row->text, sizeof row->text);
    fl_text_add(&text, "%s: %s pulses unexplained", period ? "whole period" : fl_date_text(line->from, day),
                fl_audit_grouped(line->unexplained, net));
    if (line->unexplained_absolute != (uint64_t)llabs(line->unexplained))
        fl_text_add(&text, " (gaps both ways: %s without their signs)",
                    fl_audit_grouped((int64_t)line->unexplained_absolute, sum));
    fl_text_add(&text, ", tolerance %s", fl_audit_grouped((int64_t)line->tolerance, tolerance));
    return FL_OK;
}

static bool belongs(const fl_audit_finding *finding, const fl_audit_line *day)
{
    return finding->kind == FL_AUDIT_GAP && finding->log == day->log && strcmp(finding->dev, day->dev) == 0 &&
           strcmp(finding->site, day->site) == 0 && fl_date_compare(finding->day, day->from) == 0;
}

static fl_status say_finding(fl_audit *audit, const fl_audit_finding *f)
{
    char sentence[FL_AUDIT_SENTENCE];
    const bool severe = fl_audit_finding_is_severe(f->kind);
    fl_audit_exception *row = more(audit, fl_audit_code(f->kind), severe, f->site, f->dev);
    if (!row) return FL_E_MEMORY;
    row->log = f->log, row->index = f->index, row->day = f->day, row->at = f->since;
    fl_audit_say(audit, f, sentence);
    fl_text text = fl_text_in(row->text, sizeof row->text);
    fl_text_add(&text, "%s", sentence);
    return FL_OK;
}

static fl_status list_exceptions(fl_audit *audit)
{
    fl_status status = FL_OK;
    for (size_t i = 0; i < audit->total_count && status == FL_OK; i++)
        if (audit->totals[i].flag) status = say_line(audit, &audit->totals[i], true);
    for (size_t i = 0; i < audit->day_count && status == FL_OK; i++) {
        const fl_audit_line *day = &audit->days[i];
        if (!day->flag) continue;
        status = say_line(audit, day, false);
        for (size_t f = 0; f < audit->finding_count && status == FL_OK; f++)
            if (belongs(&audit->findings[f], day)) status = say_finding(audit, &audit->findings[f]);
    }
    for (int severe = 1; severe >= 0; severe--)
        for (size_t f = 0; f < audit->finding_count && status == FL_OK; f++) {
            const fl_audit_finding *finding = &audit->findings[f];
            const bool grave = fl_audit_finding_is_severe(finding->kind);
            if (finding->kind != FL_AUDIT_GAP && grave == (severe == 1)) status = say_finding(audit, finding);
        }
    return status;
}

/* ---- 1: one verdict per site ---- */

static fl_audit_place *place_of(fl_audit *audit, const char *site)
{
    for (size_t i = 0; i < audit->sections.sites.count; i++)
        if (strcmp(audit->sections.sites.at[i].site, site) == 0) return &audit->sections.sites.at[i];
    fl_audit_place *row = FL_LIST_ADD(&audit->sections.sites);
    if (row) snprintf(row->site, sizeof row->site, "%s", site);
    if (row) row->verdict = FL_AUDIT_NOTHING;
    return row;
}

/* A log that is damaged, or whose past is missing, is not in order anywhere. */
static void flag_by_log(fl_audit *audit)
{
    for (size_t i = 0; i < audit->finding_count; i++) {
        const fl_audit_finding *f = &audit->findings[i];
        if (f->dev[0] || !fl_audit_finding_flags(f->kind)) continue;
        for (size_t t = 0; t < audit->total_count; t++)
            for (size_t s = 0; s < audit->sections.sites.count && audit->totals[t].log == f->log; s++)
                if (strcmp(audit->sections.sites.at[s].site, audit->totals[t].site) == 0)
                    audit->sections.sites.at[s].verdict = FL_AUDIT_FLAG;
    }
}

static fl_status judge_sites(fl_audit *audit)
{
    for (size_t i = 0; i < audit->total_count; i++) {
        const fl_audit_line *total = &audit->totals[i];
        fl_audit_place *place = place_of(audit, total->site);
        if (!place) return FL_E_MEMORY;
        place->devices++;
        place->treatment += total->treatment, place->test += total->test, place->check += total->check;
        place->unexplained_absolute += total->unexplained_absolute;
        if (place->verdict == FL_AUDIT_NOTHING || total->flag)
            place->verdict = total->flag ? FL_AUDIT_FLAG : FL_AUDIT_OK;
    }
    for (size_t i = 0; i < audit->day_count; i++) {
        fl_audit_place *place = place_of(audit, audit->days[i].site);
        if (!place) return FL_E_MEMORY;
        if (audit->days[i].flag) place->flagged_days++, place->verdict = FL_AUDIT_FLAG;
    }
    for (size_t i = 0; i < audit->sections.exceptions.count; i++) {
        const fl_audit_exception *e = &audit->sections.exceptions.at[i];
        if (!e->dev[0]) continue; /* a clock has no site */
        fl_audit_place *place = place_of(audit, e->site);
        if (!place) return FL_E_MEMORY;
        place->exceptions += strcmp(e->code, "gap") != 0;
    }
    for (size_t i = 0; i < audit->finding_count; i++) {
        const fl_audit_finding *f = &audit->findings[i];
        fl_audit_place *place = f->dev[0] ? place_of(audit, f->site) : NULL;
        if (place && fl_audit_finding_flags(f->kind)) place->verdict = FL_AUDIT_FLAG;
    }
    flag_by_log(audit);
    return FL_OK;
}

size_t fl_audit_calls(const fl_audit_sections *s)
{
    size_t calls = 0;
    for (size_t i = 0; i < s->sites.count; i++) calls += s->sites.at[i].verdict == FL_AUDIT_FLAG;
    return calls;
}

/* ---- different clients per row of section 4 ---- */

typedef struct visit {
    const char *row, *pat;
    unsigned log;
} visit;

static int compare_visits(const void *a, const void *b)
{
    const visit *x = a, *y = b;
    int order = strcmp(x->row, y->row);
    if (!order) order = (x->log > y->log) - (x->log < y->log);
    return order ? order : strcmp(x->pat, y->pat);
}

static fl_status count_clients(fl_audit *audit, fl_audit_uses *uses, int what)
{
    const fl_audit_sections *s = &audit->sections;
    visit *visits = calloc(s->sessions.count + 1, sizeof *visits);
    char(*names)[FL_AUDIT_SITE_MAX + 1] = calloc(s->sessions.count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; visits && names && i < s->sessions.count; i++) {
        const fl_audit_session *of = &s->sessions.at[i];
        if (of->calibration || !of->pat[0] || fl_date_compare(of->day, audit->options.from) < 0) continue;
        const char *row = what == 0 ? fl_use_procedure(of) : of->site[0] ? of->site : "-";
        if (what == 2) fl_use_person(audit->journal_count > 1, of->site, of->who, names[i]);
        visits[count++] = (visit){what == 2 ? names[i] : row, of->pat, of->log};
    }
    const bool good = visits && names;
    if (good) qsort(visits, count, sizeof *visits, compare_visits);
    for (size_t i = 0; good && i < count; i++)
        for (size_t u = 0; u < uses->count && (!i || compare_visits(&visits[i - 1], &visits[i]) != 0); u++)
            uses->at[u].clients += strcmp(uses->at[u].name, visits[i].row) == 0;
    free(names);
    free(visits);
    return good ? FL_OK : FL_E_MEMORY;
}

/* ---- order ---- */

static int compare_uses(const void *a, const void *b)
{
    const fl_audit_use *x = a, *y = b; /* "-" is last */
    const int order = (x->name[0] == '-' && !x->name[1]) - (y->name[0] == '-' && !y->name[1]);
    return order ? order : strcmp(x->name, y->name);
}

static int compare_places(const void *a, const void *b)
{
    return strcmp(((const fl_audit_place *)a)->site, ((const fl_audit_place *)b)->site);
}

static int compare_checks(const void *a, const void *b)
{
    const fl_audit_energy *x = a, *y = b;
    int order = strcmp(x->site, y->site);
    if (!order) order = strcmp(x->dev, y->dev);
    if (!order) order = strcmp(x->head, y->head);
    if (!order) order = (x->log > y->log) - (x->log < y->log);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static int compare_causes(const void *a, const void *b)
{
    const fl_audit_cause *x = a, *y = b;
    const int order = y->envelope - x->envelope;
    return order ? order : strcmp(x->code, y->code);
}

static int compare_certificates(const void *a, const void *b)
{
    const fl_audit_certificate *x = a, *y = b;
    return x->days != y->days ? (x->days > y->days) - (x->days < y->days) : strcmp(x->who, y->who);
}

static void sort(void *list, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count) qsort(list, count, size, compare);
}

fl_status fl_sections_finish(fl_audit *audit)
{
    fl_audit_sections *s = &audit->sections;
    fl_status status = list_exceptions(audit);
    if (status == FL_OK) status = judge_sites(audit);
    fl_audit_uses *const uses[] = {&s->procedures, &s->places, &s->people};
    for (int i = 0; i < 3 && status == FL_OK; i++) {
        sort(uses[i]->at, uses[i]->count, sizeof *uses[i]->at, compare_uses);
        status = count_clients(audit, uses[i], i);
    }
    sort(s->sites.at, s->sites.count, sizeof *s->sites.at, compare_places);
    sort(s->energy.at, s->energy.count, sizeof *s->energy.at, compare_checks);
    sort(s->causes.at, s->causes.count, sizeof *s->causes.at, compare_causes);
    sort(s->certificates.at, s->certificates.count, sizeof *s->certificates.at, compare_certificates);
    for (size_t i = 0; i < s->harm.count; i++) *(s->harm.at[i].near_miss ? &s->near_misses : &s->events) += 1;
    const double n = (double)s->sessions_n;
    s->events_per_100 = s->sessions_n ? 100.0 * (double)s->events / n : NAN;
    s->near_misses_per_100 = s->sessions_n ? 100.0 * (double)s->near_misses / n : NAN;
    return status;
}

void fl_sections_fini(fl_audit_sections *s)
{
    void *const lists[] = {s->sites.at,        s->exceptions.at, s->procedures.at,  s->places.at,
                           s->people.at,       s->overrides.at,  s->causes.at,      s->harm.at,
                           s->follow_ups.at,   s->spot_gaps.at,  s->energy.at,      s->service.at,
                           s->certificates.at, s->missing.at,    s->corrections.at, s->money.at,
                           s->invoiced.at,     s->looks.at,      s->acts.at,        s->sessions.at};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) free(lists[i]);
}

/* ---- appendix ---- */

const fl_audit_definition *fl_audit_definition_at(size_t i)
{
    static const fl_audit_definition all[] = {
        {"pulse", "one emission of light, by one step of the laser's own shot counter"},
        {"delta",
         "closing counter minus opening counter; what happened overnight belongs to the day that finds it"},
        {"service", "by how much a service changed the counter itself, with its paper"},
        {"unexplained", "delta - service - treatment - test - check; may be negative"},
        {"absolute",
         "the gaps between readings and records, each without its sign; too many and too few never cancel"},
        {"tolerance",
         "the larger of 50 pulses and 0.5 % of delta - service, rounded down, unless another was asked for"},
        {"flag", "absolute is beyond the tolerance, a zone by hand was begun and never counted, a laser "
                 "remembers another "
                 "journal, the journal was found damaged, or an older log is missing"},
        {"log",
         "a journal may consist of several logs, one after another; an entry has its number in its own log"},
        {"session", "one visit of one client; checks in the calibration port are not sessions in any n"},
        {"per 100",
         "events of the period for every 100 sessions opened in it; n is the number of those sessions"},
        {"follow-up",
         "24 h, 7 d and 6 wk after a session with pulses; open until somebody writes down that it was done"},
        {"test spots",
         "early: treated less than 28 days after the newest test spot on this client; none: no test spot "
         "before"},
        {"off",
         "mean of an energy check against the energy that was set; warned beyond 10 %, locked beyond 20 %"},
        {"weeks to service",
         "pulses left / rate * 365.25 / 12 / 7; rate: mean of the whole calendar months of this log, "
         "at most 12; range: rate plus and minus one standard deviation"},
        {"root", "SHA-256 over all entries (RFC 6962 tree); it changes when any of them does"},
    };
    return i < sizeof all / sizeof *all ? &all[i] : NULL;
}
