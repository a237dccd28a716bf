/* Two pictures: how much ink is left, session by session, with what is expected; and the range of sessions
 * still to come, before and after each read. Shape and word carry the meaning, in grey as well. */
#include "owner.h"
#include "progress.h"
#include "svg.h"

#include <math.h>

#define WIDE 900.0
#define LEFT 78.0
#define RIGHT 24.0

/* ---- ink left ---- */

typedef struct frame {
    double top, base;
    size_t past, steps; /* sessions done; and all that the axis has room for */
} frame;

static double at_x(const frame *f, double session)
{
    return LEFT + 20 + (WIDE - LEFT - RIGHT - 40) * session / (double)(f->steps ? f->steps : 1);
}

static double at_y(const frame *f, double percent)
{
    return f->base - (f->base - f->top) * fmin(100, fmax(0, percent)) / 100;
}

static void put_scale(page *p, const frame *f)
{
    html *w = &p->html;
    for (int percent = 0; percent <= 100; percent += 25) {
        svg_line(w, percent ? "grid" : "axis", LEFT, at_y(f, percent), WIDE - RIGHT, at_y(f, percent));
        svg_text(w, "tick", LEFT - 8, at_y(f, percent) + 5, SVG_END,
                 page_format(p, "%s %%", page_number(p, percent, 0)));
    }
}

/* Days of what was, steps of what may come. */
static void put_sessions(page *p, const frame *f, const progress *g)
{
    html *w = &p->html;
    const size_t every = f->steps > 8 ? 2 : 1;
    for (size_t i = 0; i <= f->steps; i++) {
        const bool done = i > 0 && i <= f->past;
        svg_line(w, "axis", at_x(f, (double)i), f->base, at_x(f, (double)i), f->base + 6);
        if (i % every && i != f->past) continue;
        svg_text(w, "tick", at_x(f, (double)i), f->base + 24, SVG_MIDDLE,
                 !i     ? say(p, W_PROGRESS_WHOLE)
                 : done ? page_date(p, g->points[i - 1].session)
                        : page_format(p, "+%zu", i - f->past));
    }
}

static void put_goal(page *p, const frame *f, double share)
{
    if (!(share > 0)) return;
    const double y = at_y(f, 100 * (1 - share));
    svg_line(&p->html, "limit", LEFT, y, WIDE - RIGHT, y);
    svg_text(&p->html, "label", WIDE - RIGHT, y - 8, SVG_END,
             page_fill(p, W_PROGRESS_GOAL, page_number(p, 100 * share, 0)));
}

/* What is expected from today: a band from 5 to 95 %, its middle dashed. */
static void put_expected(page *p, const frame *f, const fl_plan_sessions *s)
{
    html *w = &p->html;
    if (!s->left_count) return;
    svg_path_begin(w, "band");
    for (size_t i = 0; i < s->left_count; i++)
        svg_path_point(w, i == 0, at_x(f, (double)(f->past + (size_t)s->left[i].after)),
                       at_y(f, 100 * s->left[i].left.p95));
    for (size_t i = s->left_count; i-- > 0;)
        svg_path_point(w, false, at_x(f, (double)(f->past + (size_t)s->left[i].after)),
                       at_y(f, 100 * s->left[i].left.p05));
    svg_path_end(w, true);
    svg_path_begin(w, "b");
    for (size_t i = 0; i < s->left_count; i++)
        svg_path_point(w, i == 0, at_x(f, (double)(f->past + (size_t)s->left[i].after)),
                       at_y(f, 100 * s->left[i].left.median));
    svg_path_end(w, false);
}

static void put_read_points(page *p, const frame *f, const progress *g)
{
    html *w = &p->html;
    svg_path_begin(w, "a");
    svg_path_point(w, true, at_x(f, 0), at_y(f, 100));
    for (size_t i = 0; i < g->point_count; i++)
        if (isfinite(g->points[i].left))
            svg_path_point(w, false, at_x(f, (double)(i + 1)), at_y(f, g->points[i].left));
    svg_path_end(w, false);
    for (size_t i = 0; i < g->point_count; i++) {
        const double x = at_x(f, (double)(i + 1));
        if (!isfinite(g->points[i].left)) { /* done and not read: a hollow mark on the axis */
            svg_circle(w, "open", x, f->base, 7);
            continue;
        }
        const double y = at_y(f, g->points[i].left);
        svg_circle(w, "a", x, y, 7);
        svg_text(w, "label", x + 12, y - 10, SVG_START,
                 page_format(p, "%s %%", page_number(p, g->points[i].left, 0)));
    }
}

static void put_key(page *p)
{
    html *w = &p->html;
    svg_circle(w, "a", LEFT + 8, 12, 7);
    svg_text(w, "label", LEFT + 24, 17, SVG_START, say(p, W_PROGRESS_KEY_READ));
    svg_circle(w, "open", LEFT + 208, 12, 7);
    svg_text(w, "label", LEFT + 224, 17, SVG_START, say(p, W_PROGRESS_KEY_UNREAD));
    svg_rect(w, "band", LEFT + 440, 4, 26, 16);
    svg_line(w, "b", LEFT + 440, 12, LEFT + 466, 12);
    svg_text(w, "label", LEFT + 476, 17, SVG_START, say(p, W_PROGRESS_KEY_EXPECTED));
}

void progress_fade_picture(page *p, const progress *g)
{
    frame f = {.top = 48, .base = 288, .past = g->point_count};
    const size_t ahead = g->now.left_count ? (size_t)g->now.left[g->now.left_count - 1].after : 0;
    f.steps = f.past + ahead;
    if (!f.steps) return;
    page_picture(p, say(p, W_PROGRESS_PICTURE), WIDE, 324);
    put_key(p);
    put_scale(p, &f);
    put_sessions(p, &f, g);
    if (g->has_now) put_expected(p, &f, &g->now);
    put_goal(p, &f, g->now.goal_share);
    put_read_points(p, &f, g);
    page_picture_end(p);
}

/* ---- sessions to come ---- */

#define BAR_LEFT 330.0

static double range_x(int sessions, int most)
{
    return BAR_LEFT + (WIDE - BAR_LEFT - 60) * sessions / (most ? most : 1);
}

static void put_range(page *p, const fl_plan_sessions *s, double y, int most, const char *what, bool after)
{
    html *w = &p->html;
    const int high = s->high < most ? s->high : most;
    svg_text(w, "label", BAR_LEFT - 16, y + 5, SVG_END, what);
    if (!s->known) return svg_text(w, "label", BAR_LEFT, y + 5, SVG_START, "\xe2\x80\x93");
    svg_rect(w, after ? "moved" : "logged", range_x(s->low, most), y - 8,
             fmax(4, range_x(high, most) - range_x(s->low, most)), 16);
    svg_rect(w, after ? "notch" : "mark", range_x(s->likely < most ? s->likely : most, most) - 2, y - 11, 4,
             22);
    svg_text(w, "label", range_x(high, most) + 10, y + 5, SVG_START, progress_range(p, s));
}

/* A read that says little opens the range to sixty: the axis stops sooner, and the words say how far. */
static int axis_of(const progress *g)
{
    int most = 4;
    for (size_t i = 0; i < g->read_count; i++) {
        if (g->reads[i].before.high > most) most = g->reads[i].before.high;
        if (g->reads[i].after.high > most) most = g->reads[i].after.high;
    }
    return most > 24 ? 24 : most;
}

void progress_range_picture(page *p, const progress *g)
{
    html *w = &p->html;
    const int most = axis_of(g), step = most > 12 ? 4 : most > 6 ? 2 : 1;
    const double base = 20 + 74 * (double)g->read_count;
    if (!g->read_count || !g->has_now) return;
    page_picture(p, say(p, W_PROGRESS_RANGES), WIDE, base + 34);
    for (int n = 0; n <= most; n += step) {
        svg_line(w, n ? "grid" : "axis", range_x(n, most), 10, range_x(n, most), base);
        svg_text(w, "tick", range_x(n, most), base + 22, SVG_MIDDLE, page_number(p, n, 0));
    }
    for (size_t i = 0; i < g->read_count; i++) {
        const progress_read *r = &g->reads[i];
        const double y = 34 + 74 * (double)i;
        put_range(p, &r->before, y, most, page_fill(p, W_PROGRESS_BEFORE, page_date(p, r->on)), false);
        put_range(p, &r->after, y + 28, most,
                  owner_fill(p, W_PROGRESS_AFTER, page_number(p, r->cleared, 0), NULL, NULL), true);
    }
    page_picture_end(p);
}
