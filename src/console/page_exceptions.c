/* Exceptions: what was found, gravest first, and what to do about it. A part of the month. */
#include "owner.h"
#include "owner_words.h"

#include "fadeline/base/show.h"

#include <string.h>

/* The gravest stand first; so many are read at a glance, and so many are on the page at all. */
#define EXCEPTIONS_OPEN 12
#define EXCEPTIONS_MOST 100

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

const char *owner_exception_name(const page *p, const char *code)
{
    const advice *a = find(code);
    return a ? a->what[p->language] : code;
}

static void put_where(page *p, const fl_audit *audit, const fl_audit_exception *e)
{
    char day[11];
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
    if (!e->index) return;
    html_put(w, "%s<a href=\"%s\">%s %s</a>", between, owner_entry_url(p, log, fl_audit_logs(audit), own),
             owner_column(p, "entry"), page_count(p, own));
    if (log != fl_audit_logs(audit))
        html_put(w, " (%s %s)", owner_column(p, "log"), page_count(p, (uint64_t)log));
}

/* What to do is said once, at the first of its kind. */
static void put_one(page *p, const fl_audit *audit, const fl_audit_exception *e, bool first)
{
    html *w = &p->html;
    const advice *a = find(e->code);
    char shown[FL_SHOWN_MAX];
    html_put(w, "<li class=\"%s\"><h3><span class=\"state %s\">%s</span></h3><p class=\"where\">",
             strcmp(e->code, "gap") == 0 ? "under" : "", e->severe ? "bad" : "warn",
             a ? a->what[p->language] : e->code);
    put_where(p, audit, e);
    html_put(w, "</p>");
    html_put(w, "<p>");
    page_put_said(p, fl_show_text(shown, sizeof shown, e->text));
    html_put(w, "</p>");
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
    for (size_t i = 0; i < s->exceptions.count && shown < EXCEPTIONS_MOST; i++) {
        if (one_day && strcmp(s->exceptions.at[i].code, "period") == 0) continue;
        if (shown++ == EXCEPTIONS_OPEN)
            html_put(w, "</ul><details><summary>%s</summary><ul class=\"exceptions\">",
                     page_fill(p, W_OW_ROWS, page_count(p, s->exceptions.count - i)));
        put_one(p, audit, &s->exceptions.at[i], is_first(s, i));
    }
    html_put(w, "</ul>");
    if (s->exceptions.count > EXCEPTIONS_MOST)
        html_put(w, "<p>%s <a href=\"%s\">%s</a></p>",
                 page_fill(p, W_OW_MORE_ROWS, page_count(p, s->exceptions.count - EXCEPTIONS_MOST)),
                 page_url(p, "/exports/%s", owner_month(p, audit->options.from)), say(p, W_OW_EXPORTS));
    if (shown > EXCEPTIONS_OPEN) html_put(w, "</details>");
    if (!shown) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NONE_FOUND));
    html_put(w, "</section>");
}
