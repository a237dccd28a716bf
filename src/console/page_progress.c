/* Progress of one client between visits: what was set and delivered zone by zone, what was read, what each
 * read changed of what is expected, and the next date. Behind the same look as the client's page. */
#include "map.h"
#include "owner.h"
#include "progress.h"
#include "record_tables.h"
#include "visit.h"

#include "fadeline/report/client_paper.h"

#include <math.h>
#include <string.h>

static fl_lang lang_of(const page *p)
{
    return p->language == FRENCH ? FL_LANG_FR : FL_LANG_EN;
}

/* ---- the reads ---- */

static const char *band_of(page *p, const fl_plan_band *band)
{
    return page_format(p, "%s %% (%s\xe2\x80\x93%s)", page_number(p, 100 * band->median, 0),
                       page_number(p, 100 * band->p05, 0), page_number(p, 100 * band->p95, 0));
}

/* Why the range is another one now. The numbers are the model's, the sentence is the reader's. */
static word why_of(const progress_read *r)
{
    const int was = r->before.high - r->before.low, is = r->after.high - r->after.low;
    if (r->early) return W_PROGRESS_WHY_EARLY;
    if (r->low.code[0]) return W_PROGRESS_WHY_LOW;
    if (is < was) return W_PROGRESS_WHY_NARROWER;
    return is > was ? W_PROGRESS_WHY_WIDER : W_PROGRESS_WHY_SAME;
}

static void put_read(page *p, const progress_read *r)
{
    html *w = &p->html;
    html_put(w,
             "<tr><th scope=\"row\" class=\"when\">%s</th><td class=\"when\">%s</td><td class=\"number\">%s "
             "%%</td>",
             page_date(p, r->on), page_date(p, r->session), page_number(p, r->cleared, 0));
    html_put(w, "<td class=\"number\">%s</td><td class=\"number\">%s</td><td class=\"number\">%s</td>",
             progress_range(p, &r->before), progress_range(p, &r->after), band_of(p, &r->after.per_session));
    html_put(w, "<td>%s</td></tr>",
             owner_fill(p, why_of(r), page_number(p, r->cleared, 0),
                        page_number(p, 100 * r->before.per_session.median, 0),
                        page_number(p, 100 * r->after.per_session.median, 0)));
}

static void put_causes(page *p, const progress_read *r)
{
    html *w = &p->html;
    const char *change = fl_reason_change(lang_of(p), &r->low);
    html_put(w, "<div class=\"no\" role=\"note\"><p><strong>%s</strong> %s</p>",
             owner_fill(p, W_PROGRESS_LOW, page_date(p, r->on), page_number(p, r->cleared, 0), NULL),
             fl_reason_why(lang_of(p), &r->low, NULL));
    if (change && *change) html_put(w, "<p>%s</p>", change);
    html_put(w, "</div>");
}

static void put_fade(page *p, const progress *g)
{
    static const word heads[] = {W_CLIENT_READ_ON,       W_PROGRESS_OF_SESSION, W_CLIENT_CLEARED,
                                 W_PROGRESS_HEAD_BEFORE, W_PROGRESS_HEAD_AFTER, W_PROGRESS_PER_SESSION,
                                 W_PROGRESS_WHY};
    html *w = &p->html;
    char room[160];
    html_put(w, "<section id=\"fade\"><h2>%s</h2>", say(p, W_PROGRESS_FADE));
    if (g->error.status != FL_OK) {
        html_put(w, "<div class=\"no\" role=\"alert\"><p>%s ", say(p, W_PROGRESS_NO_OUTLOOK));
        page_put_said(p, g->error.what);
        html_put(w, "</p></div>");
    } else {
        html_put(w, "<p class=\"digits small\">%s</p><p class=\"hint\">%s</p>",
                 g->now.known ? fl_client_range(lang_of(p), &g->now, room) : say(p, W_PLAN_NO_RANGE),
                 say(p, W_PROGRESS_NO_PROMISE));
    }
    for (size_t i = g->read_count; i-- > 0;)
        if (g->reads[i].low.code[0]) put_causes(p, &g->reads[i]);
    progress_fade_picture(p, g);
    if (!g->read_count) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_PROGRESS_NO_READ));
    progress_range_picture(p, g);
    if (g->read_count && g->has_now) {
        html_put(w,
                 "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table><thead><tr>",
                 say(p, W_PROGRESS_READS));
        for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
            html_put(w,
                     i < 2 || i == 6 ? "<th scope=\"col\">%s</th>"
                                     : "<th scope=\"col\" class=\"number\">%s</th>",
                     say(p, heads[i]));
        html_put(w, "</tr></thead><tbody>");
        for (size_t i = g->read_count; i-- > 0;) put_read(p, &g->reads[i]);
        html_put(w, "</tbody></table></div>");
    }
    html_put(w, "</section>");
}

/* ---- the visits ---- */

static void put_visit(page *p, const fl_visit *one, const fl_case *c)
{
    visit_file v;
    fl_error error = {0};
    html *w = &p->html;
    const fl_date day = fl_visit_day(one);
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)one->sid);
    html_put(w, "<section class=\"visit\"><h2>%s</h2>", page_fill(p, W_PROGRESS_VISIT, page_date(p, day)));
    if (visit_open(p, one->sid, &v, &error) == FL_OK)
        visit_put_zones(p, &v, c, day), map_put_record(p, v.record);
    else
        page_put_no(p, error.what, error.hint);
    visit_close(&v);
    html_put(w, "<p><a href=\"%s\">%s</a> · %s · %s</p></section>", page_url(p, "/record/%s", digits),
             page_fill(p, W_OW_SESSION_OF, digits), one->dev, one->who);
}

static void put_visits(page *p, const client_books *b, const char *code, const fl_case *c)
{
    html *w = &p->html;
    size_t shown = 0, more = 0;
    for (size_t i = b->care.visits.count; i-- > 0;) {
        const fl_visit *one = &b->care.visits.list[i];
        if (strcmp(one->pat, code) != 0) continue;
        if (shown < PROGRESS_VISITS)
            put_visit(p, one, c), shown++;
        else
            more++;
    }
    if (more)
        html_put(w, "<p><a href=\"%s\">%s</a></p>", page_url(p, "/client/%s", code),
                 page_fill(p, W_PROGRESS_MORE, page_count(p, more)));
    if (!shown) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_PROGRESS_NO_VISIT));
}

/* ---- the page ---- */

static void show(page *p, const client_books *b, const char *code)
{
    html *w = &p->html;
    progress *g = progress_new(p, code);
    if (!g) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    page_begin(p, page_fill(p, W_PROGRESS_OF, code));
    html_put(w, "<nav class=\"months\" aria-label=\"%s\"><a class=\"button\" href=\"%s\">← %s</a></nav>",
             say(p, W_CLIENTS), page_url(p, "/client/%s", code),
             page_format(p, "%s %s", say(p, W_S_CLIENT), code));
    client_put_cut(p, b);
    visit_file v = {0};
    const fl_visit *last = client_last_visit(b, code);
    if (last && visit_open(p, last->sid, &v, NULL) == FL_OK) client_put_next(p, &v);
    visit_close(&v);
    if (g->c) put_fade(p, g);
    if (!g->c) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_PROGRESS_NO_CASE));
    put_visits(p, b, code, g->c);
    page_end(p);
    progress_free(g);
}

void page_progress(page *p)
{
    client_page(p, show);
}
