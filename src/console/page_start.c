/* Where a session begins: a plan of the folder, a laser, treatment or exercise. It starts fadeline-control
 * exactly as `fadeline run` does; what control says when it will not begin stands on the page. */
#include "session_parts.h"

#include "by_hand_parts.h"
#include "core.h"
#include "plan_shelf.h"

#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- the form ---- */

static void put_plans(page *p, const plan_shelf *s, word wrong)
{
    const char *values[PLAN_SHELF_MOST], *texts[PLAN_SHELF_MOST];
    for (size_t i = 0; i < s->count; i++) {
        const fl_plan *plan = s->plans[i];
        const bool today = fl_date_compare(plan->date, p->today) == 0;
        values[i] = s->names[i];
        texts[i] = page_format(p, "%s · %s · %s · %s%s%s", plan->client, plan->plan_id,
                               page_date(p, plan->date), fl_plan_verdict_line(plan->verdict),
                               today ? "" : " · ", today ? "" : say(p, W_START_OLD));
    }
    page_choice(p, "plan", W_START_PLAN, values, texts, s->count, wrong);
}

static void put_form(page *p, const plan_shelf *s, word wrong_plan, word wrong_port)
{
    static const char *const kinds[] = {"treatment", "exercise"};
    const char *const names[] = {say(p, W_START_TREAT), say(p, W_START_TRAIN)};
    page_form(p, "/session/start");
    put_plans(p, s, wrong_plan);
    page_input(p, "port", "text", W_START_PORT, W_START_PORT_HINT, wrong_port);
    page_choice(p, "kind", W_START_KIND, kinds, names, 2, W_NONE);
    page_form_end(p, W_START_GO);
}

/* Why the last session ended, for who was not in front of its screen when it did. */
static void put_last(page *p)
{
    live_view *v = calloc(1, sizeof *v);
    if (v) live_look(session_live(p), v);
    if (v && v->ever) {
        html_put(&p->html, "<link rel=\"stylesheet\" href=\"/assets/session.css\">");
        session_put_said(p);
    }
    free(v);
}

void session_put_start(page *p, word wrong_plan, word wrong_port, const fl_error *why)
{
    html *w = &p->html;
    plan_shelf *s = plan_shelf_new(p, NULL);
    if (!s) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    page_begin_gloves(p, say(p, W_START));
    if (why) {
        const char *french = page_in_french(p, why->what);
        html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p><p>",
                 page_fill(p, W_START_FAILED, french ? french : why->what));
        page_put_said(p, why->hint);
        html_put(w, "</p></div>");
    }
    by_hand_put_left(p);
    if (!page_may_open(p, ROUTE_POST, "/session/start") || p->visitor->locked)
        html_put(w, "<p>%s</p>", say(p, W_S_NONE_RUNS));
    else if (!s->count)
        html_put(w, "<p>%s</p>", page_fill(p, W_START_NO_PLANS, s->folder));
    else
        put_form(p, s, wrong_plan, wrong_port);
    for (size_t i = 0; i < s->faulty_count; i++) {
        html_put(w, "<p class=\"warn\">%s ", page_fill(p, W_START_FAULTY, s->faulty[i].name));
        page_put_said(p, s->faulty[i].why);
        html_put(w, "</p>");
    }
    html_put(w, "<p><a class=\"button\" href=\"/by-hand\">%s</a></p>", say(p, W_BH_BEGIN));
    put_last(p);
    if (page_may_open(p, ROUTE_GET, "/session/finish"))
        html_put(w, "<p><a class=\"button\" href=\"/session/finish\">%s</a></p>", say(p, W_S_FINISH));
    page_end(p);
    plan_shelf_free(s);
}

/* ---- beginning ---- */

/* The folder is asked, not the form: only what stands there can be started. */
static bool find_plan(const page *p, const char *name, char path[FL_PLACE_MAX])
{
    plan_shelf *s = plan_shelf_new(p, NULL);
    if (!s) return false;
    const size_t n = plan_shelf_find(s, name);
    const bool found = n < s->count;
    if (found) plan_shelf_path(s, n, path);
    plan_shelf_free(s);
    return found;
}

void page_start_post(page *p)
{
    char path[FL_PLACE_MAX], day[11];
    fl_error error = {0};
    if (by_hand_runs(p->console->hand)) return page_refuse(p, 409, say(p, W_BH_RUNS), NULL);
    const char *port = page_given(p, "port"), *kind = page_given(p, "kind");
    const word wrong_plan = find_plan(p, page_given(p, "plan"), path) ? W_NONE : W_START_WANTS_PLAN;
    const word wrong_port = port && *port && strlen(port) < 256 ? W_NONE : W_START_WANTS_PORT;
    if (wrong_plan || wrong_port) {
        p->status = 422;
        return session_put_start(p, wrong_plan, wrong_port, NULL);
    }
    const live_start start = {.plan = path,
                              .port = port,
                              .date = p->console->days_ahead ? fl_date_text(p->today, day) : NULL,
                              .training = kind && strcmp(kind, "exercise") == 0};
    if (live_begin(session_live(p), &start, &error) != FL_OK) {
        if (error.status == FL_E_BUSY) return page_redirect(p, "/session");
        p->status = 409;
        return session_put_start(p, W_NONE, W_NONE, &error);
    }
    page_redirect(p, "/session");
}
