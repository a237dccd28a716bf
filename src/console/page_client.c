/* One client, by code: open alerts and last settings with what came of them first, for a colleague who takes
 * over; then the next date, plans, visits. All after a look that stands in the journal. */
#include "book.h"
#include "cases.h"
#include "client_parts.h"
#include "plan_parts.h"
#include "plan_shelf.h"
#include "record_tables.h"
#include "visit.h"

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

fl_case *client_newest_case(page *p, const char *code, const char **name)
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

/* The case's own session of this day; NULL: it has none. */
static const fl_case_earlier *session_on(const fl_case *c, fl_date day)
{
    for (size_t i = 0; i < c->body.earlier_count; i++)
        if (fl_date_compare(c->body.earlier[i].on, day) == 0) return &c->body.earlier[i];
    return NULL;
}

/* Sessions of the journal that the case does not know, or that nobody has read: both are done in its form. */
static void put_unread_sessions(page *p, const client_books *b, const fl_case *c, const char *code,
                                const char *name)
{
    html *w = &p->html;
    for (size_t i = b->care.visits.count; i-- > 0;) {
        const fl_visit *v = &b->care.visits.list[i];
        if (strcmp(v->pat, code) != 0 || !v->pulses) continue;
        const fl_case_earlier *e = session_on(c, fl_visit_day(v));
        if (e && fl_date_is_set(e->read_on)) continue;
        html_put(w, "<li><span class=\"state warn\">%s</span> %s", say(p, W_CLIENT_SESSION_UNREAD),
                 page_date(p, fl_visit_day(v)));
        if (page_may_open(p, ROUTE_GET, "/case"))
            html_put(w, " · <a href=\"%s#earlier\">%s</a>", page_url(p, "/case/%s", name),
                     say(p, e ? W_CLIENT_READ_IT : W_CLIENT_TAKE_OVER));
        html_put(w, "</li>");
    }
}

/* ---- visits ---- */

const fl_visit *client_last_visit(const client_books *b, const char *code)
{
    for (size_t i = b->care.visits.count; i-- > 0;)
        if (strcmp(b->care.visits.list[i].pat, code) == 0) return &b->care.visits.list[i];
    return NULL;
}

/* The last settings with what came of them, in a few lines; the whole record is one press away. */
static void put_last(page *p, const visit_file *v, const fl_visit *last)
{
    char sid[24];
    html *w = &p->html;
    snprintf(sid, sizeof sid, "%llu", (unsigned long long)last->sid);
    html_put(w, "<section><h2>%s</h2>", page_fill(p, W_CLIENT_LAST_TIME, page_date(p, fl_visit_day(last))));
    visit_put_settings(p, v);
    visit_put_responses(p, v);
    html_put(w, "<p><a href=\"%s\">%s</a> · %s · %s</p></section>", page_url(p, "/record/%s", sid),
             page_fill(p, W_OW_SESSION_OF, sid), last->dev, last->who);
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

/* ---- what comes next ---- */

void client_put_next(page *p, const visit_file *v)
{
    char sid[24];
    html *w = &p->html;
    const fl_client_paper paper = visit_paper(p, v);
    const fl_date next = fl_client_next(&paper);
    snprintf(sid, sizeof sid, "%llu", (unsigned long long)v->record->options.sid);
    html_put(w, "<p class=\"next-date\"><strong>%s %s</strong>", say(p, W_FINISH_NOT_BEFORE),
             page_date(p, next));
    if (fl_date_is_set(next))
        html_put(w, "<a class=\"button\" href=\"%s\">%s</a>", page_url(p, "/session/%s/next.ics", sid),
                 say(p, W_FINISH_NEXT));
    html_put(w, "<a class=\"button\" href=\"%s\">%s</a></p>", page_url(p, "/session/%s/client.pdf", sid),
             say(p, p->language == FRENCH ? W_FINISH_SHEET_FR : W_FINISH_SHEET_EN));
}

/* A plan is for one day and one case: the same again is a new plan of the newest case, with every gate of
 * today. */
static void put_again(page *p, const fl_plan *plan, const char *name)
{
    if (!name || !page_may_open(p, ROUTE_POST, "/plans")) return;
    page_form(p, "/plans");
    html_put(&p->html,
             "<input type=\"hidden\" name=\"case\" value=\"%s\"><input type=\"hidden\" name=\"laser\" "
             "value=\"%s\"><button>%s</button></form>",
             name, plan->device, say(p, W_CLIENT_AGAIN));
}

static void put_plans(page *p, const char *code, const char *name)
{
    static const word heads[] = {W_PLANS_DAY, W_VERDICT, W_PLAN_CHOSEN, W_FINISH_NOT_BEFORE, W_LASER, W_PLAN};
    html *w = &p->html;
    plan_shelf *s = plan_shelf_new(p, code);
    html_put(w, "<section id=\"plans\"><h2>%s</h2>", say(p, W_PLANS));
    if (!s || !s->count) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_CLIENT_NO_PLAN));
    if (s && s->count) {
        html_put(w, "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table>",
                 say(p, W_PLANS));
        plan_put_head_row(p, heads, sizeof heads / sizeof *heads);
        html_put(w, "<tbody>");
    }
    for (size_t i = 0; s && i < s->count; i++) {
        const fl_plan *plan = s->plans[i];
        const fl_plan_setting *set =
            plan->chosen >= 0 && plan_has_numbers(plan) ? &plan->settings[plan->chosen] : NULL;
        html_put(w, "<tr><th scope=\"row\">%s</th><td>%s</td><td>", page_date(p, plan->date),
                 say(p, plan_verdict_word(plan->verdict)));
        if (set)
            html_put(w, "%s nm · %s mm · %s J/cm²", page_number(p, fl_as_nm(set->wavelength), 0),
                     page_number(p, fl_as_mm(set->spot), 1),
                     page_number(p, set->has_fluence ? fl_as_J_cm2(set->start) : NAN, 2));
        html_put(w, "</td><td class=\"when\">%s</td><td>%s</td><td>", page_date(p, plan->next_not_before),
                 plan->device);
        if (plan_shelf_has_page(s, i))
            html_put(w, "<a href=\"%s\">%s</a>", page_url(p, "/plan/%s", plan->plan_id), plan->plan_id);
        put_again(p, plan, name);
        html_put(w, "</td></tr>");
    }
    if (s && s->count)
        html_put(w, "</tbody></table></div><p class=\"hint\">%s</p>", say(p, W_CLIENT_AGAIN_WHY));
    html_put(w, "</section>");
    plan_shelf_free(s);
}

static void put_ways(page *p, const char *code, const char *name)
{
    html *w = &p->html;
    html_put(w, "<ul class=\"ways\"><li><a href=\"%s\">%s</a></li>", page_url(p, "/client/%s/progress", code),
             say(p, W_CLIENT_PROGRESS));
    if (name && page_may_open(p, ROUTE_GET, "/case"))
        html_put(w, "<li><a href=\"%s\">%s %s</a></li>", page_url(p, "/case/%s", name), say(p, W_CASE), name);
    if (name)
        html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/tests/%s", name), say(p, W_TESTS_READ));
    if (!name && page_may_open(p, ROUTE_GET, "/case"))
        html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/case?client=%s", code),
                 say(p, W_CASE_NEW));
    html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/photos/%s", code), say(p, W_PHOTOS));
    if (page_may_open(p, ROUTE_GET, "/identity"))
        html_put(w, "<li><a href=\"%s\">%s</a></li>", page_url(p, "/identity/%s", code), say(p, W_IDENTITY));
    html_put(w, "</ul>");
}

/* ---- the page ---- */

static void show(page *p, const client_books *b, const char *code)
{
    const char *name;
    html *w = &p->html;
    fl_case *c = client_newest_case(p, code, &name);
    const fl_visit *last = client_last_visit(b, code);
    visit_file v = {0};
    const bool there = last && visit_open(p, last->sid, &v, NULL) == FL_OK;
    page_begin(p, page_format(p, "%s %s", say(p, W_S_CLIENT), code));
    client_put_cut(p, b);
    if (there) client_put_next(p, &v);
    html_put(w, "<div class=\"columns\"><section><h2>%s</h2><ul class=\"alerts\">", say(p, W_CLIENT_OPEN));
    put_tasks(p, b, code);
    if (c) put_open_reads(p, c, name);
    if (c) put_unread_sessions(p, b, c, code, name);
    html_put(w, "</ul></section>");
    if (there) put_last(p, &v, last);
    html_put(w, "</div>");
    visit_close(&v);
    put_ways(p, code, name);
    put_plans(p, code, name);
    if (last) put_visits(p, b, code);
    page_end(p);
    fl_case_free(c);
}

static void ask_to_look(page *p, const char *code)
{
    page_begin(p, page_format(p, "%s %s", say(p, W_S_CLIENT), code));
    html_put(&p->html, "<p>%s</p>", page_fill(p, W_OW_LOOK_WHY, code));
    page_form(p, "/client");
    html_put(&p->html,
             "<input type=\"hidden\" name=\"code\" value=\"%s\"><input type=\"hidden\" name=\"to\" "
             "value=\"%s\">",
             code, p->request->path);
    page_form_end(p, W_OW_LOOK_OPEN);
    page_end(p);
}

/* A journal that cannot be read to its end takes no entry: then the look is said to be lost, as on the
 * record. */
static bool may_look(const page *p, const client_books *b, const char *code)
{
    return b->cut || record_was_looked_at(p, b->journal, code, fl_journal_size(b->journal));
}

void client_page(page *p, void (*show_it)(page *p, const client_books *b, const char *code))
{
    client_books b;
    fl_error error = {0};
    const char *code = page_part(p, 0);
    if (!fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    if (client_book(p, &b, &error) != FL_OK)
        page_failed(p, &error);
    else if (!b.journal || !may_look(p, &b, code))
        ask_to_look(p, code);
    else
        show_it(p, &b, code);
    client_book_fini(&b);
}

void page_client(page *p)
{
    client_page(p, show);
}
