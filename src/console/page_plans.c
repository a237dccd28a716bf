/* Plans: making one from a case and a laser, waiting for it, and those that were made. */
#include "cases.h"
#include "core.h"
#include "plan_parts.h"
#include "plan_shelf.h"
#include "plan_work.h"

#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/config/device_list.h"

#include <stdlib.h>
#include <string.h>

#define LASERS_SHOWN 64

/* ---- lasers that can be planned for: simulated ones in the simulated console, real ones in the other ----
 */

static size_t lasers(page *p, const char *ids[LASERS_SHOWN])
{
    char **all;
    size_t count = 0;
    const size_t found = fl_device_ids(&all);
    for (size_t i = 0; i < found; i++) {
        fl_device *device;
        if (count < LASERS_SHOWN && fl_device_load(all[i], &device, NULL) == FL_OK) {
            if (fl_device_is_simulated(device) == p->simulated) ids[count++] = page_format(p, "%s", all[i]);
            fl_device_free(device);
        }
        free(all[i]);
    }
    free(all);
    return count;
}

/* ---- plans that were made, newest day first ---- */

static void put_plans(page *p)
{
    static const word heads[] = {W_PLAN, W_S_CLIENT, W_VERDICT, W_LASER, W_PLANS_DAY};
    html *w = &p->html;
    plan_shelf *s = plan_shelf_new(p, NULL);
    html_put(w, "<h2>%s</h2>", say(p, W_PLANS_MADE));
    if (!s || !s->count) {
        html_put(w, "<p>%s</p>", say(p, s ? W_PLANS_EMPTY : W_NO_MEMORY));
        return plan_shelf_free(s);
    }
    html_put(w, "<table>");
    plan_put_head_row(p, heads, sizeof heads / sizeof *heads);
    html_put(w, "<tbody>");
    for (size_t i = 0; i < s->count; i++) {
        const fl_plan *plan = s->plans[i];
        if (!plan_shelf_has_page(s, i)) continue;
        html_put(w,
                 "<tr><th scope=\"row\"><a "
                 "href=\"%s\">%s</a></th><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
                 page_url(p, "/plan/%s", plan->plan_id), plan->plan_id, plan->client,
                 say(p, plan_verdict_word(plan->verdict)), plan->device, page_date(p, plan->date));
    }
    html_put(w, "</tbody></table>");
    plan_shelf_free(s);
}

/* ---- the form ---- */

static void put_form(page *p, word wrong_case, word wrong_laser)
{
    case_row *rows;
    const char *names[CASES_SHOWN], *ids[LASERS_SHOWN];
    html *w = &p->html;
    if (!page_may_open(p, ROUTE_POST, "/plans")) return;
    const size_t count = cases_list(p, &rows);
    html_put(w, "<h2>%s</h2>", say(p, W_PLANS_NEW));
    if (page_may_open(p, ROUTE_GET, "/case"))
        html_put(w, "<p><a class=\"button\" href=\"/case\">%s</a></p>", say(p, W_CASE_NEW));
    if (count) {
        const size_t shown = count < 40 ? count : 40;
        for (size_t i = 0; i < shown; i++) names[i] = page_format(p, "%s", rows[i].name);
        page_form(p, "/plans");
        page_choice(p, "case", W_PLANS_CASE, names, names, shown, wrong_case);
        page_choice(p, "laser", W_LASER, ids, ids, lasers(p, ids), wrong_laser);
        page_form_end(p, W_PLANS_GO);
    } else {
        html_put(w, "<p>%s</p>", say(p, W_PLANS_NO_CASE));
    }
    free(rows);
}

static void show(page *p, word wrong_case, word wrong_laser, const char *trouble)
{
    page_begin(p, say(p, W_PLANS));
    if (trouble) html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", trouble);
    put_form(p, wrong_case, wrong_laser);
    put_plans(p);
    page_end(p);
}

void page_plans(page *p)
{
    show(p, W_NONE, W_NONE, NULL);
}

void page_plans_post(page *p)
{
    char path[FL_PLACE_MAX], day[11];
    const char *laser = page_given(p, "laser"), *ids[LASERS_SHOWN];
    const size_t count = lasers(p, ids);
    fl_error error = {0};
    unsigned number;
    size_t n = 0;
    while (n < count && !(laser && strcmp(ids[n], laser) == 0)) n++;
    const word wrong_case = cases_path(p, page_given(p, "case"), path) ? W_NONE : W_PLANS_WANTS_CASE;
    const word wrong_laser = n < count ? W_NONE : W_WANTS_CHOICE;
    if (wrong_case || wrong_laser) {
        p->status = 422;
        return show(p, wrong_case, wrong_laser, NULL);
    }
    const plan_wish wish = {path, ids[n], fl_date_text(p->today, day)};
    if (plan_work_begin(p->console->plans, &wish, &number, &error) == FL_OK)
        return page_redirect(p, page_format(p, "/plans/work/%u", number));
    p->status = error.status == FL_E_BUSY ? 409 : 500;
    if (error.status == FL_E_BUSY) return show(p, W_NONE, W_NONE, say(p, W_PLANS_BUSY));
    page_failed(p, &error);
}

/* ---- waiting ---- */

static void put_waiting(page *p, const plan_work_view *view, unsigned number)
{
    html *w = &p->html;
    page_begin(p, say(p, W_PLANS_WORK));
    html_put(w,
             "<div id=\"plan-work\" class=\"working\" role=\"status\"><p>%s · %s</p><p class=\"digits "
             "small\" id=\"plan-seconds\">%s</p></div>",
             view->name, view->device, page_fill(p, W_PLANS_SECONDS, page_number(p, view->seconds, 0)));
    html_put(w, "<p>%s</p>", say(p, W_PLANS_WORK_NOTE));
    html_put(w, "<p><a class=\"button\" href=\"%s\">%s</a></p>", p->request->path, say(p, W_PLANS_LOOK));
    if (page_may_open(p, ROUTE_POST, "/plans/cancel")) {
        page_form(p, "/plans/cancel");
        html_put(w, "<input type=\"hidden\" name=\"number\" value=\"%u\">", number);
        page_form_end(p, W_PLANS_CANCEL);
    }
    html_put(w, "<script src=\"/assets/plan.js\" defer></script>");
    page_end(p);
}

static void put_failed(page *p, const plan_work_view *view)
{
    html *w = &p->html;
    p->status = 422;
    page_begin(p, say(p, W_PROBLEM));
    html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p><pre lang=\"en\">%s</pre></div>",
             say(p, W_PLANS_FAILED), view->said);
    html_put(w, "<p><a class=\"button\" href=\"/plans\">%s</a></p>", say(p, W_PLANS_BACK));
    page_end(p);
}

void page_plans_work(page *p)
{
    plan_work_view view;
    uint64_t number = 0;
    if (fl_read_u64(page_part(p, 0), &number) != FL_OK || number > UINT32_MAX) number = 0;
    plan_work_look(p->console->plans, (unsigned)number, &view);
    switch (view.state) {
    case PLAN_WORKS: return put_waiting(p, &view, (unsigned)number);
    case PLAN_DONE: return page_redirect(p, page_url(p, "/plan/%s", view.plan_id));
    case PLAN_FAILED: return put_failed(p, &view);
    case PLAN_CANCELLED: return page_refuse(p, 410, say(p, W_PLANS_CANCELLED), NULL);
    case PLAN_WORK_NONE: break;
    }
    page_refuse(p, 404, say(p, W_PLAN_NONE), NULL);
}

void page_plans_cancel_post(page *p)
{
    uint64_t number;
    const char *given = page_given(p, "number");
    if (given && fl_read_u64(given, &number) == FL_OK && number <= UINT32_MAX)
        plan_work_cancel(p->console->plans, (unsigned)number);
    page_redirect(p, "/plans");
}
