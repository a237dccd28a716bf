#include "progress.h"

#include "cases.h"
#include "plan_shelf.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

typedef struct books { /* what an outlook is made with */
    fl_rulebook *rules;
    fl_planner_library *library;
    fl_device *device;
} books;

static void close_books(books *b)
{
    fl_device_free(b->device);
    fl_planner_library_free(b->library);
    fl_rulebook_free(b->rules);
}

const char *progress_range(page *p, const fl_plan_sessions *s)
{
    if (!s->known) return "\xe2\x80\x93";
    return page_format(p, "%d\xe2\x80\x93%d%s", s->low, s->high, s->high >= FL_FADE_MOST ? "+" : "");
}

static bool was_read(const fl_case_earlier *e)
{
    return fl_date_is_set(e->read_on) && isfinite(e->cleared_percent);
}

/* ---- what was read, and when ---- */

static void note_read(progress *g, const fl_case_earlier *e)
{
    size_t at = 0;
    while (at < g->read_count && fl_date_compare(g->reads[at].on, e->read_on) < 0) at++;
    const bool same = at < g->read_count && fl_date_compare(g->reads[at].on, e->read_on) == 0;
    if (!same) {
        if (g->read_count == PROGRESS_READS) { /* the oldest goes */
            if (!at) return;
            memmove(&g->reads[0], &g->reads[1], (PROGRESS_READS - 1) * sizeof g->reads[0]);
            g->read_count--, at--;
        }
        memmove(&g->reads[at + 1], &g->reads[at], (g->read_count - at) * sizeof g->reads[0]);
        g->read_count++;
    }
    g->reads[at] = (progress_read){.on = e->read_on, .session = e->on, .cleared = e->cleared_percent};
}

static int by_day(const void *a, const void *b)
{
    return fl_date_compare(((const progress_point *)a)->session, ((const progress_point *)b)->session);
}

/* All zones that may be treated were; else the others still have all their ink. */
static bool was_whole(const fl_case_body *body, const fl_case_earlier *e)
{
    size_t open = 0, treated = 0;
    if (!e->zones_count) return true;
    for (size_t i = 0; i < body->zones_count; i++) {
        if (body->zones[i].locked == FL_YES) continue;
        open++;
        for (size_t k = 0; k < e->zones_count; k++)
            if (fl_text_same(e->zones[k], body->zones[i].id)) {
                treated++;
                break;
            }
    }
    return treated == open;
}

/* What one session left of the ink that was there, session by session. After one that nobody read the next
 * read still says a share of what was there before its own session, so the curve has a gap and goes on. */
static void note_points(progress *g)
{
    const size_t most = sizeof g->points / sizeof *g->points;
    const fl_case_body *body = &g->c->body;
    for (size_t i = 0; i < body->earlier_count && g->point_count < most; i++)
        if (fl_date_is_set(body->earlier[i].on) && was_whole(body, &body->earlier[i]))
            g->points[g->point_count++] = (progress_point){
                .session = body->earlier[i].on,
                .read_on = was_read(&body->earlier[i]) ? body->earlier[i].read_on : (fl_date){0},
                .left = was_read(&body->earlier[i]) ? body->earlier[i].cleared_percent : NAN};
    qsort(g->points, g->point_count, sizeof *g->points, by_day);
    double left = 100;
    for (size_t i = 0; i < g->point_count; i++)
        if (isfinite(g->points[i].left)) g->points[i].left = left *= 1 - g->points[i].left / 100;
}

/* ---- what was expected ---- */

static fl_status look(const progress *g, const books *b, fl_date on, fl_plan *out, fl_error *error)
{
    const fl_course_inputs in = {
        .c = g->c, .device = b->device, .book = b->rules, .library = b->library, .date = on};
    return fl_course_outlook(&in, b->device ? g->like : NULL, out, error);
}

/* The day before the read, and the day itself. */
static fl_status look_about(const books *b, const progress *g, progress_read *r, fl_plan *out,
                            fl_error *error)
{
    fl_status status = look(g, b, fl_date_add_days(r->on, -1), out, error);
    if (status != FL_OK) return status;
    r->before = out->sessions;
    status = look(g, b, r->on, out, error);
    if (status != FL_OK) return status;
    r->after = out->sessions;
    r->early = r->after.reads == r->before.reads;
    char said[40];
    snprintf(said, sizeof said, "cleared %.0f %%", r->cleared);
    const fl_plan_reason *low = fl_plan_reason_of(out, "read-low");
    if (low && strstr(low->text, said)) r->low = *low;
    return FL_OK;
}

static fl_status look_all(page *p, progress *g, books *b, fl_plan *out)
{
    fl_status status = fl_rulebook_load(NULL, NULL, &b->rules, &g->error);
    if (status == FL_OK) status = fl_planner_library_load(&b->library, &g->error);
    if (status == FL_OK && g->like && fl_device_load(g->like->device, &b->device, NULL) != FL_OK)
        b->device = NULL; /* a laser that is gone: sessions count, whatever made them */
    for (size_t i = 0; i < g->read_count && status == FL_OK; i++)
        status = look_about(b, g, &g->reads[i], out, &g->error);
    if (status == FL_OK) status = look(g, b, p->today, out, &g->error);
    if (status != FL_OK) return status;
    g->now = out->sessions;
    g->has_now = true;
    return FL_OK;
}

/* The newest plan with numbers, taken off its shelf. */
static fl_plan *newest_plan(const page *p, const char *code)
{
    fl_plan *found = NULL;
    plan_shelf *s = plan_shelf_new(p, code);
    for (size_t i = 0; s && i < s->count && !found; i++)
        if (s->plans[i]->chosen >= 0) {
            found = s->plans[i];
            s->plans[i] = NULL;
        }
    plan_shelf_free(s);
    return found;
}

progress *progress_new(page *p, const char *code)
{
    books b = {0};
    progress *g = calloc(1, sizeof *g);
    fl_plan *out = fl_plan_new();
    if (g && out) g->c = client_newest_case(p, code, &g->name);
    if (g && g->c) {
        g->like = newest_plan(p, code);
        for (size_t i = 0; i < g->c->body.earlier_count; i++)
            if (was_read(&g->c->body.earlier[i])) note_read(g, &g->c->body.earlier[i]);
        note_points(g);
        if (look_all(p, g, &b, out) != FL_OK && g->error.status == FL_OK) g->error.status = FL_E_FILE;
    }
    close_books(&b);
    if (out) fl_plan_free(out);
    return g;
}

void progress_free(progress *g)
{
    if (!g) return;
    fl_plan_free(g->like);
    fl_case_free(g->c);
    free(g);
}
