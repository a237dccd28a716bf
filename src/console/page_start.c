/* Where a session begins: a plan of the folder, a laser, treatment or exercise. It starts fadeline-control
 * exactly as `fadeline run` does; what control says when it will not begin stands on the page. */
#include "session_parts.h"

#include "core.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define PLANS_SHOWN 40

typedef struct shelf { /* the plans there are, newest first */
    char folder[FL_PLACE_MAX];
    char names[PLANS_SHOWN][256];
    fl_plan *plans[PLANS_SHOWN];
    size_t count;
} shelf;

static bool is_plan(const char *name)
{
    const size_t size = strlen(name);
    return name[0] != '.' && size > 5 && size < 256 && strcmp(name + size - 5, ".json") == 0 &&
           !strchr(name, '/');
}

static bool plan_path(const shelf *s, const char *name, char path[FL_PLACE_MAX])
{
    return is_plan(name) && snprintf(path, FL_PLACE_MAX, "%s/%s", s->folder, name) < FL_PLACE_MAX;
}

/* By day, the newest first; a full shelf lets its oldest go. */
static void put_on(shelf *s, const char *name, fl_plan *plan)
{
    size_t at = 0;
    while (at < s->count && fl_date_compare(s->plans[at]->date, plan->date) >= 0) at++;
    if (at == PLANS_SHOWN) return fl_plan_free(plan);
    if (s->count == PLANS_SHOWN) fl_plan_free(s->plans[--s->count]);
    for (size_t i = s->count; i > at; i--) {
        s->plans[i] = s->plans[i - 1];
        memcpy(s->names[i], s->names[i - 1], sizeof s->names[i]);
    }
    s->plans[at] = plan;
    snprintf(s->names[at], sizeof s->names[at], "%s", name);
    s->count++;
}

static void fill(const page *p, shelf *s)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    if (snprintf(s->folder, sizeof s->folder, "%s/plans", p->console->home) >= (int)sizeof s->folder ||
        fl_place_make(s->folder, NULL) != FL_OK)
        return;
    DIR *folder = opendir(s->folder);
    while (folder && (found = readdir(folder))) {
        if (!plan_path(s, found->d_name, path)) continue;
        fl_plan *plan = fl_plan_new();
        if (plan && fl_plan_read_json(path, plan, NULL) == FL_OK)
            put_on(s, found->d_name, plan);
        else
            fl_plan_free(plan); /* `fadeline check` says what is wrong with it */
    }
    if (folder) closedir(folder);
}

static void empty(shelf *s)
{
    for (size_t i = 0; i < s->count; i++) fl_plan_free(s->plans[i]);
    free(s);
}

/* ---- the form ---- */

static void put_plans(page *p, const shelf *s, word wrong)
{
    const char *values[PLANS_SHOWN], *texts[PLANS_SHOWN];
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

static void put_form(page *p, const shelf *s, word wrong_plan, word wrong_port)
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
    shelf *s = calloc(1, sizeof *s);
    if (!s) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    fill(p, s);
    page_begin_gloves(p, say(p, W_START));
    if (why) {
        html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p>", page_fill(p, W_START_FAILED, why->what));
        if (why->hint[0]) html_put(w, "<p>%s</p>", why->hint);
        html_put(w, "</div>");
    }
    if (!page_may_open(p, ROUTE_POST, "/session/start") || p->visitor->locked)
        html_put(w, "<p>%s</p>", say(p, W_S_NONE_RUNS));
    else if (!s->count)
        html_put(w, "<p>%s</p>", page_fill(p, W_START_NO_PLANS, s->folder));
    else
        put_form(p, s, wrong_plan, wrong_port);
    put_last(p);
    if (page_may_open(p, ROUTE_GET, "/session/finish"))
        html_put(w, "<p><a class=\"button\" href=\"/session/finish\">%s</a></p>", say(p, W_S_FINISH));
    page_end(p);
    empty(s);
}

/* ---- beginning ---- */

/* The folder is asked, not the form: only what stands there can be started. */
static bool find_plan(const page *p, const char *name, char path[FL_PLACE_MAX])
{
    shelf *s = calloc(1, sizeof *s);
    bool found = false;
    if (!s) return false;
    fill(p, s);
    for (size_t i = 0; i < s->count && name && !found; i++)
        found = strcmp(s->names[i], name) == 0 && plan_path(s, name, path);
    empty(s);
    return found;
}

void page_start_post(page *p)
{
    char path[FL_PLACE_MAX], day[11];
    fl_error error = {0};
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
