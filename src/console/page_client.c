/* One client, by code: open alerts, last settings with what came of them, visits, progress and tests, cases
 * and plans. All on one page, after a look that stands in the journal. */
#include "book.h"
#include "cases.h"
#include "client_parts.h"
#include "record_tables.h"

#include "fadeline/base/client_code.h"
#include "fadeline/course/case.h"

#include <math.h>
#include <string.h>

/* ---- what is open ---- */

static void put_tasks(page *p, const client_books *b, const char *code)
{
    html *w = &p->html;
    size_t said = 0;
    for (size_t i = 0; i < b->task_count; i++) {
        const fl_follow_up *task = &b->tasks[i];
        if (strcmp(task->visit->pat, code) != 0) continue;
        if (task->state != FL_FOLLOW_DUE && task->state != FL_FOLLOW_OVERDUE) continue;
        html_put(w, "<li><span class=\"state %s\">%s</span> %s · %s</li>",
                 task->state == FL_FOLLOW_OVERDUE ? "bad" : "warn",
                 say(p, task->state == FL_FOLLOW_OVERDUE ? W_CLIENT_OVERDUE : W_CLIENT_DUE),
                 page_fill(p, W_CLIENT_TASK, fl_follow_word(task->task)), page_date(p, task->due));
        said++;
    }
    for (size_t i = 0; i < b->follow.event_count; i++) {
        const fl_follow_event *e = &b->follow.events[i];
        if (strcmp(e->pat, code) != 0) continue;
        html_put(w, "<li><span class=\"state bad\">%s</span> %s · %s</li>", say(p, W_CLIENT_EVENT), e->what,
                 page_date(p, e->day));
        said++;
    }
    if (!said) html_put(w, "<li>%s</li>", say(p, W_CLIENT_NOTHING_OPEN));
}

/* Test spots of a case that nobody has read. */
static void put_open_reads(page *p, const fl_case *c, const char *name)
{
    html *w = &p->html;
    for (size_t i = 0; i < c->body.tests_count; i++) {
        const fl_case_test *t = &c->body.tests[i];
        if (t->result != FL_READ_OPEN && t->result != 0) continue;
        html_put(w, "<li><span class=\"state warn\">%s</span> %s · %s · %s <a href=\"%s\">%s</a></li>",
                 say(p, W_CLIENT_READ_OPEN), t->id, t->zone ? t->zone : "–", page_date(p, t->placed_on),
                 page_url(p, "/tests/%s", name), say(p, W_TESTS_READ));
    }
}

static void put_progress(page *p, const fl_case *c)
{
    html *w = &p->html;
    if (!c->body.earlier_count) return;
    html_put(w,
             "<section><h2>%s</h2><table class=\"narrow\"><thead><tr><th scope=\"col\">%s</th><th "
             "scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th></tr></thead><tbody>",
             say(p, W_CLIENT_PROGRESS), say(p, W_CLIENT_VISIT), say(p, W_CLIENT_READ_ON),
             say(p, W_CLIENT_CLEARED));
    for (size_t i = 0; i < c->body.earlier_count; i++) {
        const fl_case_earlier *e = &c->body.earlier[i];
        html_put(w, "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%s %%</td></tr>",
                 page_date(p, e->on), page_date(p, e->read_on), page_number(p, e->cleared_percent, 0));
    }
    html_put(w, "</tbody></table></section>");
}

/* The newest case of this client; NULL: none, or it cannot be read. */
static fl_case *newest_case(page *p, const char *code, const char **name)
{
    char path[FL_PLACE_MAX];
    case_row *rows;
    fl_case *c = NULL;
    const size_t count = cases_list(p, &rows), size = strlen(code);
    const char *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (strncmp(rows[i].name, code, size) == 0 && rows[i].name[size] == '-' &&
            (!best || strcmp(rows[i].name, best) > 0))
            best = rows[i].name;
    *name = best ? page_format(p, "%s", best) : NULL;
    free(rows);
    if (best && cases_path(p, *name, path) && fl_case_load(path, NULL, &c, NULL) != FL_OK) c = NULL;
    return c;
}

/* ---- visits ---- */

static const fl_visit *last_visit(const client_books *b, const char *code)
{
    for (size_t i = b->care.visits.count; i-- > 0;)
        if (strcmp(b->care.visits.list[i].pat, code) == 0) return &b->care.visits.list[i];
    return NULL;
}

static void put_last(page *p, const client_books *b, const fl_visit *visit)
{
    fl_error error = {0};
    fl_session_record *record;
    const fl_session_options options = {.sid = visit->sid};
    html_put(&p->html, "<h2>%s</h2>", page_fill(p, W_CLIENT_LAST_TIME, page_date(p, fl_visit_day(visit))));
    if (fl_session_record_new(b->journal, &options, &record, &error) != FL_OK) {
        html_put(&p->html, "<p>%s</p>", error.what);
        return;
    }
    record_intervals(p, record);
    record_remarks(p, record);
    fl_session_record_free(record);
}

static void put_visits(page *p, const client_books *b, const char *code)
{
    static const word heads[] = {W_SESSION, W_CLIENT_VISIT, W_PULSES_WORD, W_LASER, W_WHO};
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><table><thead><tr>", say(p, W_CLIENT_VISITS));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
    html_put(w, "</tr></thead><tbody>");
    for (size_t i = b->care.visits.count; i-- > 0;) {
        const fl_visit *v = &b->care.visits.list[i];
        if (strcmp(v->pat, code) != 0) continue;
        html_put(w,
                 "<tr><th scope=\"row\"><a href=\"%s\">%s</a></th><td>%s</td><td "
                 "class=\"number\">%s</td><td>%s</td><td>%s</td></tr>",
                 page_url(p, "/record/%s", page_format(p, "%llu", (unsigned long long)v->sid)),
                 page_count(p, v->sid), page_date(p, fl_visit_day(v)), page_count(p, v->pulses), v->dev,
                 v->who);
    }
    html_put(w, "</tbody></table></section>");
}

static void put_ways(page *p, const char *name)
{
    html *w = &p->html;
    html_put(w, "<ul class=\"ways\">");
    if (name && page_may_open(p, ROUTE_GET, "/case")) {
        html_put(w, "<li><a href=\"%s\">%s %s</a></li>", page_url(p, "/case/%s", name), say(p, W_CASE), name);
        html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/tests/%s", name), say(p, W_TESTS_READ));
    }
    html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/photos/%s", page_part(p, 0)),
             say(p, W_PHOTOS));
    if (page_may_open(p, ROUTE_GET, "/identity"))
        html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/identity/%s", page_part(p, 0)),
                 say(p, W_IDENTITY));
    html_put(w, "<li><a href=\"/plans\">%s</a></li></ul>", say(p, W_PLANS));
}

/* ---- the page ---- */

static void show(page *p, const client_books *b, const char *code)
{
    const char *name;
    html *w = &p->html;
    fl_case *c = newest_case(p, code, &name);
    const fl_visit *last = last_visit(b, code);
    page_begin(p, page_format(p, "%s %s", say(p, W_S_CLIENT), code));
    html_put(w, "<section><h2>%s</h2><ul class=\"reasons\">", say(p, W_CLIENT_OPEN));
    put_tasks(p, b, code);
    if (c) put_open_reads(p, c, name);
    html_put(w, "</ul></section>");
    if (last) put_last(p, b, last);
    if (c) put_progress(p, c);
    if (last) put_visits(p, b, code);
    put_ways(p, name);
    page_end(p);
    fl_case_free(c);
}

static void ask_to_look(page *p, const char *code)
{
    page_begin(p, page_format(p, "%s %s", say(p, W_S_CLIENT), code));
    html_put(&p->html, "<p>%s</p>", page_fill(p, W_OW_LOOK_WHY, code));
    page_form(p, "/client");
    html_put(&p->html, "<input type=\"hidden\" name=\"code\" value=\"%s\">", code);
    page_form_end(p, W_OW_LOOK_OPEN);
    page_end(p);
}

void page_client(page *p)
{
    client_books b;
    fl_error error = {0};
    const char *code = page_part(p, 0);
    if (!fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (client_book(p, &b, &error) != FL_OK)
        page_failed(p, &error);
    else if (!b.journal || !record_was_looked_at(p, b.journal, code, fl_journal_size(b.journal)))
        ask_to_look(p, code);
    else
        show(p, &b, code);
    client_book_fini(&b);
}
