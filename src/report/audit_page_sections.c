/* The sections beside the counters, as sentences: a person reads them at night on a terminal. */
#include "audit_page.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

typedef long long ll;
#define LINE 600

static void say(FILE *out, int indent, const char *format, ...) FL_PRINTF(3, 4);
static void say(FILE *out, int indent, const char *format, ...)
{
    char line[LINE];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    fl_page_put(out, indent, line);
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

void fl_page_sites(const fl_audit *audit, FILE *out)
{
    static const char *const verdicts[] = {"", "ok", "FLAG", "NO READING"};
    char treatment[32], absolute[32];
    fl_page_title(audit, out, "VERDICT PER SITE");
    for (size_t i = 0; i < audit->sections.sites.count; i++) {
        const fl_audit_place *p = &audit->sections.sites.at[i];
        say(out, 2,
            "%-10s %-10s %zu laser%s, %zu flagged day%s, %zu exception%s, treatment %s, unexplained %s",
            fl_audit_site_or_dash(p->site), verdicts[p->verdict], p->devices, plural(p->devices),
            p->flagged_days, plural(p->flagged_days), p->exceptions, plural(p->exceptions),
            fl_audit_grouped((int64_t)p->treatment, treatment),
            fl_audit_grouped((int64_t)p->unexplained_absolute, absolute));
    }
    if (!audit->sections.sites.count) fprintf(out, "  none\n");
}

static void print_uses(const char *what, const fl_audit_uses *uses, FILE *out)
{
    char treatment[32], test[32], check[32];
    for (size_t i = 0; i < uses->count; i++) {
        const fl_audit_use *u = &uses->at[i];
        say(out, 2, "%-10s %-24s n %llu, clients %llu, treatment %s, test %s, check %s", what, u->name,
            (unsigned long long)u->n, (unsigned long long)u->clients,
            fl_audit_grouped((int64_t)u->treatment, treatment), fl_audit_grouped((int64_t)u->test, test),
            fl_audit_grouped((int64_t)u->check, check));
    }
}

static void print_overrides(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    char time[40];
    fl_page_title(audit, out, "OVERRIDES AND LIMITS");
    for (size_t i = 0; i < s->overrides.count; i++) {
        const fl_audit_override *o = &s->overrides.at[i];
        say(out, 2, "%s %s %s by %s, session %llu%s%s%s%s", fl_audit_time(audit, o->at, time),
            fl_audit_site_or_dash(o->site), o->reason, o->who, (unsigned long long)o->sid,
            o->zone[0] ? ", zone " : "", o->zone, o->words[0] ? ": " : "", o->words);
    }
    for (size_t i = 0; i < s->causes.count; i++) {
        const fl_audit_cause *c = &s->causes.at[i];
        say(out, 2, "%s%s: refused %llu, stopped %llu", c->envelope ? "LIMIT " : "", c->code,
            (unsigned long long)c->refused, (unsigned long long)c->stopped);
    }
    say(out, 2, "zones by hand past the soft stop: %llu, past the hard stop: %llu",
        (unsigned long long)s->over_soft, (unsigned long long)s->over_hard);
}

static void print_harm(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    char time[40], day[11];
    fl_page_title(audit, out, "ADVERSE EVENTS, NEAR MISSES, FOLLOW-UPS");
    if (s->sessions_n)
        say(out, 2,
            "adverse events %llu (%.1f per 100 sessions), near misses %llu (%.1f per 100), n = %llu sessions",
            (unsigned long long)s->events, s->events_per_100, (unsigned long long)s->near_misses,
            s->near_misses_per_100, (unsigned long long)s->sessions_n);
    else
        say(out, 2, "adverse events %llu, near misses %llu, n = 0 sessions", (unsigned long long)s->events,
            (unsigned long long)s->near_misses);
    for (size_t i = 0; i < s->harm.count; i++) {
        const fl_audit_harm *h = &s->harm.at[i];
        char about[160] = "";
        fl_text text = fl_text_in(about, sizeof about);
        if (h->pat[0]) fl_text_add(&text, ", client %s", h->pat);
        if (h->sid) fl_text_add(&text, ", session %llu", (unsigned long long)h->sid);
        if (h->after_h) fl_text_add(&text, ", after %llu h", (unsigned long long)h->after_h);
        if (h->grade) fl_text_add(&text, ", grade %llu", (unsigned long long)h->grade);
        say(out, 2, "%s %s %s: %s%s, by %s%s%s", fl_audit_time(audit, h->at, time),
            fl_audit_site_or_dash(h->site), h->near_miss ? "near miss" : "event", h->what, about, h->who,
            h->words[0] ? ": " : "", h->words);
    }
    say(out, 2, "follow-ups due %llu, done %llu, open %llu", (unsigned long long)s->tasks_due,
        (unsigned long long)s->tasks_done, (unsigned long long)(s->tasks_due - s->tasks_done));
    for (size_t i = 0; i < s->follow_ups.count; i++) {
        const fl_audit_follow_up *f = &s->follow_ups.at[i];
        say(out, 2, "%s of session %llu, client %s: due %s, %d day%s overdue", f->task,
            (unsigned long long)f->sid, f->pat, fl_date_text(f->due, day), f->overdue_days,
            plural((uint64_t)f->overdue_days));
    }
}

static void print_spots(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    char day[11];
    fl_page_title(audit, out, "TEST SPOTS BEFORE TREATMENT");
    say(out, 2,
        "n = %llu sessions: test spots %d days before or more %llu, sooner %llu, none %llu; looked at too "
        "early %llu",
        (unsigned long long)s->spots.n, FL_AUDIT_SPOT_DAYS, (unsigned long long)s->spots.tested,
        (unsigned long long)s->spots.early, (unsigned long long)s->spots.none,
        (unsigned long long)s->spots.looks_early);
    for (size_t i = 0; i < s->spot_gaps.count; i++) {
        const fl_audit_spot_gap *g = &s->spot_gaps.at[i];
        char since[40] = "no test spot before";
        if (g->days >= 0) snprintf(since, sizeof since, "%d days after its test spot", g->days);
        say(out, 2, "%s %s session %llu, client %s: %s", fl_date_text(g->day, day),
            fl_audit_site_or_dash(g->site), (unsigned long long)g->sid, g->pat, since);
    }
}

static void print_machines(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    char day[11], number[32], left[32], forecast[FL_AUDIT_FORECAST_MAX];
    fl_page_title(audit, out, "ENERGY CHECKS (warned beyond 10 %, locked beyond 20 %)");
    for (size_t i = 0; i < s->energy.count; i++) {
        const fl_audit_energy *e = &s->energy.at[i];
        char off[32] = "no number";
        if (e->has_off) snprintf(off, sizeof off, "%+.1f %%", (double)e->off_ppm / 1e4);
        say(out, 2, "%s %s %s %s %llu nm: set %.1f mJ, mean %.1f, spread %.1f, %s: %s%s%s",
            fl_date_text(e->day, day), fl_audit_site_or_dash(e->site), e->dev, e->head,
            (unsigned long long)e->wl_nm, (double)e->set_uJ / 1e3, (double)e->mean_uJ / 1e3,
            (double)e->spread_uJ / 1e3, off, e->verdict, e->reason[0] ? ", " : "", e->reason);
    }
    if (!s->energy.count) fprintf(out, "  none\n");
    fl_page_title(audit, out, "PULSES TO SERVICE");
    for (size_t i = 0; i < s->service.count; i++) {
        const fl_audit_service *v = &s->service.at[i];
        char rate[80] = "";
        if (v->months && !isnan(v->sd))
            snprintf(rate, sizeof rate, " at %.0f ± %.0f a month (n = %u)", v->rate, v->sd, v->months);
        say(out, 2, "%s %s: counter %s, %s left%s: %s", fl_audit_site_or_dash(v->site), v->dev,
            fl_audit_grouped((int64_t)v->counter, number),
            v->due_known ? fl_audit_grouped(v->left, left) : "?", rate, fl_audit_forecast_text(v, forecast));
    }
    fl_page_title(audit, out, "CERTIFICATES ENDED OR ENDING WITHIN 60 DAYS");
    for (size_t i = 0; i < s->certificates.count; i++) {
        const fl_audit_certificate *c = &s->certificates.at[i];
        say(out, 2, "%s %s until %s: %s %d days", c->who, c->role, fl_date_text(c->until, day),
            c->days < 0 ? "ENDED, for" : "in", c->days < 0 ? -c->days : c->days);
    }
    if (!s->certificates.count) fprintf(out, "  none\n");
}

static void print_papers(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    char day[11];
    fl_page_title(audit, out, "MISSING PAPERS, CORRECTIONS");
    for (size_t i = 0; i < s->missing.count; i++) {
        const fl_audit_missing *m = &s->missing.at[i];
        if (!m->sid) {
            char where[FL_HISTORY_WHERE];
            say(out, 2, "client %s, added %s (%s): %s", m->pat, fl_date_text(m->day, day),
                fl_history_where(&audit->histories[m->log], m->index, where), fl_audit_missing_text(m->kind));
            continue;
        }
        say(out, 2, "%s %s session %llu, client %s, by %s: %s", fl_date_text(m->day, day),
            fl_audit_site_or_dash(m->site), (unsigned long long)m->sid, m->pat, m->who,
            fl_audit_missing_text(m->kind));
    }
    for (size_t i = 0; i < s->corrections.count; i++) {
        const fl_audit_correction *c = &s->corrections.at[i];
        const fl_history *history = &audit->histories[c->log];
        char where[FL_HISTORY_WHERE]; /* it names an entry of the log it stands in */
        fl_history_where(history, fl_history_of(history, c->index)->first + c->about, where);
        say(out, 2, "%s %s corrected by %s: %s", fl_date_text(c->day, day), where, c->who, c->words);
    }
    if (audit->unlooked[0]) say(out, 2, "%s", audit->unlooked);
    if (!s->missing.count && !s->corrections.count && !audit->unlooked[0]) fprintf(out, "  none\n");
}

static void print_money(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    char day[11], pulses[32];
    fl_page_title(audit, out, "INVOICES AGAINST SESSIONS");
    for (size_t i = 0; i < s->invoiced.count; i++)
        say(out, 2, "invoiced %llu, %.2f %s", (unsigned long long)s->invoiced.at[i].n,
            (double)s->invoiced.at[i].cents / 100, s->invoiced.at[i].cur);
    for (size_t i = 0; i < s->money.count; i++) {
        const fl_audit_money *m = &s->money.at[i];
        if (m->kind == FL_AUDIT_NO_INVOICE)
            say(out, 2, "%s session %llu, client %s: %s, %s pulses", fl_date_text(m->day, day),
                (unsigned long long)m->sid, m->pat, fl_audit_money_text(m->kind),
                fl_audit_grouped((int64_t)m->pulses, pulses));
        else
            say(out, 2, "%s invoice %s, client %s, %.2f %s: %s", fl_date_text(m->day, day), m->no, m->pat,
                (double)m->cents / 100, m->cur, fl_audit_money_text(m->kind));
    }
    if (!s->invoiced.count && !s->money.count) fprintf(out, "  none\n");
}

void fl_page_sections(const fl_audit *audit, FILE *out)
{
    const fl_audit_sections *s = &audit->sections;
    fl_page_title(audit, out, "USE (n: sessions)");
    print_uses("procedure", &s->procedures, out);
    print_uses("site", &s->places, out);
    print_uses("person", &s->people, out);
    print_overrides(audit, out);
    print_harm(audit, out);
    print_spots(audit, out);
    print_machines(audit, out);
    print_papers(audit, out);
    print_money(audit, out);
    if (!s->looks.count) return;
    fl_page_title(audit, out, "WHO LOOKED");
    for (size_t i = 0; i < s->looks.count; i++) {
        char time[40];
        say(out, 2, "%s %s opened %s of %s", fl_audit_time(audit, s->looks.at[i].at, time),
            s->looks.at[i].who, s->looks.at[i].what, s->looks.at[i].pat);
    }
}
