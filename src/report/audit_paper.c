#include "fadeline/report/audit_paper.h"

#include "audit_paper_parts.h"
#include "audit_words.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- page 1 ---- */

static const char *verdict_word(fl_audit_verdict_kind verdict)
{
    return verdict == FL_AUDIT_FLAG ? "CALL" : verdict == FL_AUDIT_OK ? "in order" : "no reading";
}

static const char *off_words(int64_t unexplained)
{
    return unexplained < 0 ? "recorded pulses that the counter does not show" : "pulses without a record";
}

/* The lasers and days of one site that flag, in words. */
static void say_site(fl_folio *folio, const fl_audit *audit, const fl_audit_place *place)
{
    char moved[32], explained[32], open[32], day[11];
    const fl_type type = {.size = 9, .shade = FL_SHADE_TEXT};
    for (size_t i = 0; i < audit->total_count; i++) {
        const fl_audit_line *t = &audit->totals[i];
        if (strcmp(t->site, place->site) != 0) continue;
        if (t->flag)
            fl_folio_point(folio, type, "%s, whole period: %s %s; the counter moved by %s, %s are recorded.",
                           t->dev, fl_audit_grouped(llabs(t->unexplained), open), off_words(t->unexplained),
                           fl_audit_grouped(t->delta - t->service, moved),
                           fl_audit_grouped((int64_t)(t->treatment + t->test + t->check), explained));
        for (size_t d = 0; d < audit->day_count; d++) {
            const fl_audit_line *l = &audit->days[d];
            if (!l->flag || !fl_audit_same_device(l, t)) continue;
            fl_folio_point(folio, type, "%s on %s: %s %s, %s tolerated.", l->dev, fl_date_text(l->from, day),
                           fl_audit_grouped(llabs(l->unexplained), open), off_words(l->unexplained),
                           fl_audit_grouped((int64_t)l->tolerance, moved));
        }
    }
    for (size_t i = 0; i < audit->sections.exceptions.count; i++) {
        const fl_audit_exception *e = &audit->sections.exceptions.at[i];
        if (!e->severe || (e->dev[0] && strcmp(e->site, place->site) != 0) || strcmp(e->code, "day") == 0 ||
            strcmp(e->code, "period") == 0)
            continue;
        fl_folio_point(folio, type, "%s%s%s", e->dev, e->dev[0] ? ": " : "", e->text);
    }
}

static void draw_site(fl_folio *folio, const fl_audit *audit, const fl_audit_place *place)
{
    const bool call = place->verdict == FL_AUDIT_FLAG;
    char name[120];
    const double top = fl_folio_room(folio, 24);
    /* a square to act on, a ring for order: told apart without colour */
    if (call)
        fl_paper_box(folio->paper, FL_FOLIO_MARGIN, top + 7, 11, 11, 0, FL_SHADE_TEXT);
    else
        fl_paper_frame(folio->paper, FL_FOLIO_MARGIN + 1, top + 8, 9, 9, 4.5, 1.2, false, FL_SHADE_QUIET);
    snprintf(name, sizeof name, "Site %s", place->site[0] ? place->site : "(never named)");
    fl_folio_put(folio, "H3", FL_FOLIO_MARGIN + 20, top + 17,
                 (fl_type){.size = 12, .bold = true, .shade = FL_SHADE_TEXT, .most = 280}, name);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + FL_FOLIO_INNER, top + 17,
                 (fl_type){.size = 12,
                           .bold = call,
                           .shade = call ? FL_SHADE_TEXT : FL_SHADE_QUIET,
                           .align = FL_ALIGN_RIGHT},
                 verdict_word(place->verdict));
    if (call) say_site(folio, audit, place);
}

static void draw_verdict(fl_folio *folio, const fl_audit *audit)
{
    const fl_audit_sections *s = &audit->sections;
    char from[11], to[11], zone[16], sum[32];
    const size_t calls = fl_audit_calls(s);
    fl_folio_heading(folio, 1, "Audit %s to %s", fl_date_text(audit->options.from, from),
                     fl_date_text(audit->options.to, to));
    fl_type big = {.size = 13, .bold = true, .shade = FL_SHADE_TEXT};
    if (!audit->total_count)
        fl_folio_say(folio, big, "Nothing to audit: no counter was read in this period.");
    else if (calls)
        fl_folio_say(folio, big, "%zu of %zu site%s need%s a call.", calls, s->sites.count,
                     s->sites.count == 1 ? "" : "s", calls == 1 ? "s" : "");
    else
        fl_folio_say(folio, big, "No site needs a call: counters and records agree within tolerance.");
    fl_folio_say(folio, FL_FOLIO_SMALL,
                 "Unexplained, every laser without its sign, never netted: %s pulses. Days of %s.%s%s%s%s",
                 fl_audit_grouped((int64_t)audit->unexplained_absolute, sum), fl_audit_zone(audit, zone),
                 audit->site[0] ? " Only site " : "", audit->site, audit->device[0] ? " Only laser " : "",
                 audit->device);
    fl_folio_heading(folio, 2, "1  Verdict per site");
    for (int pass = 0; pass < 2; pass++) /* calls first */
        for (size_t i = 0; i < s->sites.count; i++)
            if ((s->sites.at[i].verdict == FL_AUDIT_FLAG) == (pass == 0))
                draw_site(folio, audit, &s->sites.at[i]);
    fl_folio_space(folio, 8);
    fl_audit_paper_table(folio, audit, "verdicts", "No site.");
}

/* ---- the other sections ---- */

static void draw_service(fl_folio *folio, const fl_audit *audit)
{
    for (size_t i = 0; i < audit->sections.service.count; i++) {
        char forecast[FL_AUDIT_FORECAST_MAX];
        const fl_audit_service *v = &audit->sections.service.at[i];
        fl_folio_point(folio, FL_FOLIO_TEXT, "%s: %s", v->dev, fl_audit_forecast_text(v, forecast));
    }
    fl_audit_paper_table(folio, audit, "service", "No laser has a counter.");
}

/* Each device once; a device moved between sites has more than one total. */
static bool first_of(const fl_audit *audit, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(audit->totals[i].dev, audit->totals[index].dev) == 0) return false;
    return true;
}

static void draw_sections(fl_folio *folio, const fl_audit *a)
{
    fl_folio_heading(folio, 2, "2  Exceptions");
    fl_audit_paper_table(folio, a, "exceptions", "None.");
    fl_folio_heading(folio, 2, "3  Reconciliation per laser");
    fl_audit_paper_table(folio, a, "devices", "No counter was read.");
    for (size_t i = 0; i < a->total_count; i++) fl_audit_paper_days(folio, a, &a->totals[i]);
    fl_folio_heading(folio, 3, "Day by day");
    fl_audit_paper_table(folio, a, "days", "No counter was read.");
    fl_folio_heading(folio, 2, "4  Use by procedure, site and person");
    fl_audit_paper_table(folio, a, "use", "No session.");
    fl_folio_heading(folio, 2, "5  Overrides, and where limits said no");
    fl_audit_paper_table(folio, a, "overrides", "No override.");
    fl_audit_paper_table(folio, a, "causes", "Nothing was refused or stopped.");
    fl_folio_heading(folio, 2, "6  Adverse events, near misses, follow-up");
    fl_audit_paper_table(folio, a, "harm", "None was recorded.");
    fl_folio_heading(folio, 3, "Per 100 sessions, follow-ups, test spots");
    fl_audit_paper_table(folio, a, "rates", "");
    fl_folio_heading(folio, 3, "Follow-ups that nobody did");
    fl_audit_paper_table(folio, a, "follow_ups", "None is open.");
    fl_folio_heading(folio, 2, "7  Test spots before treatment");
    fl_audit_paper_table(folio, a, "test_spots",
                         "Every treated session had its test spots in time, or nothing was treated.");
    fl_folio_keep(folio, 160);
    fl_folio_heading(folio, 2, "8  Energy checks");
    for (size_t i = 0; i < a->total_count; i++)
        if (first_of(a, i)) fl_audit_paper_energy(folio, a, a->totals[i].dev);
    fl_audit_paper_table(folio, a, "energy", "None was recorded.");
    fl_folio_heading(folio, 2, "9  Pulses to service");
    draw_service(folio, a);
    fl_folio_heading(folio, 2, "10  Certificates ended or ending within %d days", FL_AUDIT_CERTIFICATE_DAYS);
    fl_audit_paper_table(folio, a, "certificates", "None.");
    fl_folio_heading(folio, 2, "11  Missing consent, photographs, confirmations; corrections");
    fl_audit_paper_table(folio, a, "missing", "Nothing is missing.");
    if (a->unlooked[0]) fl_folio_say(folio, FL_FOLIO_SMALL, "%s", a->unlooked);
    fl_audit_paper_table(folio, a, "corrections", "No correction.");
    fl_folio_heading(folio, 2, "12  The log, verified");
    fl_audit_paper_table(folio, a, "journals", "");
    fl_folio_heading(folio, 2, "13  Invoices against sessions");
    fl_audit_paper_table(folio, a, "money", "Every invoice has its pulses and every session its invoice.");
    fl_audit_paper_table(folio, a, "invoiced", "No invoice.");
    if (a->sections.looks.count) {
        fl_folio_heading(folio, 2, "Who opened what of a client");
        fl_audit_paper_table(folio, a, "looks", "");
    }
    fl_folio_heading(folio, 2, "Sessions of the period");
    fl_audit_paper_table(folio, a, "sessions", "None.");
    fl_folio_heading(folio, 2, "Acts on the record");
    fl_audit_paper_table(folio, a, "acts", "None.");
    fl_folio_heading(folio, 2, "Appendix: what the words mean");
    fl_audit_paper_table(folio, a, "definitions", "");
}

static void fill(fl_folio *folio, const void *what)
{
    const fl_audit *audit = what;
    draw_verdict(folio, audit);
    fl_folio_page(folio);
    draw_sections(folio, audit);
    for (size_t i = 0; i < audit->journal_count; i++)
        fl_folio_seal(folio, audit->journals[i].checkpoint, NULL);
}

fl_status fl_audit_pdf(const fl_audit *audit, char **bytes, size_t *size, fl_error *error)
{
    FL_ASSERT(audit && bytes && size);
    char from[11], to[11], title[96], subject[160], hex[2 * FL_SHA256_SIZE + 1], foot[200] = "";
    snprintf(title, sizeof title, "Audit %s to %s", fl_date_text(audit->options.from, from),
             fl_date_text(audit->options.to, to));
    snprintf(subject, sizeof subject, "%s%s%s", audit->site[0] ? audit->site : "all sites",
             audit->device[0] ? ", " : "", audit->device);
    if (audit->journal_count)
        snprintf(foot, sizeof foot, "log of %llu entries, root SHA-256 %s",
                 (unsigned long long)audit->journals[0].entries,
                 fl_hex(audit->journals[0].root.byte, FL_SHA256_SIZE, hex));
    const fl_folio_look look = {.title = title,
                                .subject = subject,
                                .lang = "en",
                                .day = to,
                                .simulated = audit->simulated,
                                .foot = {foot, audit->journal_count > 1 ? "and other logs: section 12" : ""}};
    return fl_folio_make(&look, fill, audit, bytes, size, error);
}
