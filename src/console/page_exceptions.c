/* Exceptions: what was found, gravest first, and what to do about it. A part of the month. */
#include "owner.h"
#include "owner_words.h"

#include "fadeline/base/show.h"

#include <string.h>

typedef struct advice {
    const char *code, *what[LANGUAGES], *todo[LANGUAGES];
} advice;

#define X(code, what, quoi, todo, faire) {code, {what, quoi}, {todo, faire}},
static const advice advices[] = {EXCEPTION_LIST(X)};
#undef X

static const advice *find(const char *code)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strcmp(advices[i].code, code) == 0) return &advices[i];
    return NULL;
}

static void put_where(page *p, const fl_audit *audit, const fl_audit_exception *e)
{
    char day[11], digits[24];
    const char *between = *e->dev ? " · " : "";
    html *w = &p->html;
    if (*e->dev) html_put(w, "%s%s%s", e->site, *e->site ? " " : "", e->dev);
    if (strcmp(e->code, "period") != 0 && fl_date_is_set(e->day)) {
        html_put(w, "%s<a href=\"%s\">%s</a>", between, page_url(p, "/day/%s", fl_date_text(e->day, day)),
                 page_date(p, e->day));
        between = " · ";
    }
    size_t log;
    const uint64_t own = fl_audit_entry(audit, e->log, e->index, &log);
    if (!e->index || log != fl_audit_logs(audit))
        return; /* an older log has no page here; the text says which */
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)own);
    html_put(w, "%s<a href=\"%s\">%s %s</a>", between, page_url(p, "/entry/%s", digits),
             owner_column(p, "entry"), page_count(p, own));
}

/* ---- what was found ---- */

static bool is_line(const fl_audit_line *line, const fl_audit_exception *e)
{
    return line->log == e->log && strcmp(line->dev, e->dev) == 0 && strcmp(line->site, e->site) == 0 &&
           fl_date_compare(line->from, e->day) == 0;
}

static const char *line_in_french(page *p, const fl_audit_line *lines, size_t count,
                                  const fl_audit_exception *e)
{
    for (size_t i = 0; i < count; i++)
        if (is_line(&lines[i], e))
            return owner_fill(p, W_OW_EX_LINE, owner_signed(p, lines[i].unexplained),
                              page_count(p, lines[i].unexplained_absolute),
                              page_count(p, lines[i].tolerance));
    return NULL;
}

static const char *gap_in_french(page *p, const fl_audit *audit, const fl_audit_exception *e)
{
    for (size_t i = 0; i < audit->finding_count; i++) {
        const fl_audit_finding *f = &audit->findings[i];
        if (f->kind == FL_AUDIT_GAP && f->log == e->log && f->index == e->index &&
            strcmp(f->dev, e->dev) == 0)
            return owner_fill(p, f->in_session ? W_OW_EX_GAP_IN : W_OW_EX_GAP, owner_signed(p, f->pulses),
                              owner_time(p, f->since), owner_time(p, f->until));
    }
    return NULL;
}

/* The numbers of the audit in the reader's language where there are words for them; else its own sentence. */
static void put_finding(page *p, const fl_audit *audit, const fl_audit_exception *e)
{
    char shown[FL_SHOWN_MAX];
    const char *french = NULL;
    if (p->language == FRENCH && strcmp(e->code, "period") == 0)
        french = line_in_french(p, audit->totals, audit->total_count, e);
    if (p->language == FRENCH && strcmp(e->code, "day") == 0)
        french = line_in_french(p, audit->days, audit->day_count, e);
    if (p->language == FRENCH && strcmp(e->code, "gap") == 0) french = gap_in_french(p, audit, e);
    html_put(&p->html, "<p>");
    if (french)
        html_put(&p->html, "%s", french);
    else
        page_put_said(p, fl_show_text(shown, sizeof shown, e->text));
    html_put(&p->html, "</p>");
}

/* What to do is said once, at the first of its kind. */
static void put_one(page *p, const fl_audit *audit, const fl_audit_exception *e, bool first)
{
    html *w = &p->html;
    const advice *a = find(e->code);
    html_put(w, "<li class=\"%s\"><h3><span class=\"state %s\">%s</span></h3><p class=\"where\">",
             strcmp(e->code, "gap") == 0 ? "under" : "", e->severe ? "bad" : "warn",
             a ? a->what[p->language] : e->code);
    put_where(p, audit, e);
    html_put(w, "</p>");
    put_finding(p, audit, e);
    if (a && first)
        html_put(w, "<p class=\"todo\"><strong>%s</strong> %s</p>", say(p, W_OW_TO_DO), a->todo[p->language]);
    html_put(w, "</li>");
}

static bool is_first(const fl_audit_sections *s, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(s->exceptions.at[i].code, s->exceptions.at[index].code) == 0) return false;
    return true;
}

void owner_exceptions(page *p, const fl_audit *audit, const char *number)
{
    html *w = &p->html;
    const fl_audit_sections *s = &audit->sections;
    const bool one_day =
        fl_date_compare(audit->options.from, audit->options.to) == 0; /* the period is the day */
    size_t shown = 0;
    html_put(w, "<section id=\"s2\"><h2>%s%s</h2><ul class=\"exceptions\">", number, say(p, W_OW_S2));
    for (size_t i = 0; i < s->exceptions.count; i++) {
        if (one_day && strcmp(s->exceptions.at[i].code, "period") == 0) continue;
        put_one(p, audit, &s->exceptions.at[i], is_first(s, i));
        shown++;
    }
    html_put(w, "</ul>");
    if (!shown) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NONE_FOUND));
    html_put(w, "</section>");
}
