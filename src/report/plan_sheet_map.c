/* The zones of the sheet: a head from above or a face from the front, and a small table for zones that stand
 * on neither. Schematic: it says which zone is which and nothing of a person's measures. */
#include "fadeline/base/text.h"
#include "plan_sheet_figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- zones ---- */

#define OPEN FL_SHADE(0xcfdfea)
#define OPEN_EDGE FL_SHADE(0x5b7c94)

static size_t tests_in(const fl_plan *plan, const char *zone)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->test_spots.grid_count; i++)
        count += fl_text_same(plan->test_spots.grid[i].zone, zone);
    return count;
}

/* What stands under the name of a zone. */
static const char *below_name(const fl_figure *m, const fl_plan_zone *z, char room[24])
{
    if (z->locked) return "LOCKED";
    if (m->allows) return fl_sheet_count(z->pulses, room);
    const double area = fl_as_cm2(z->area);
    snprintf(room, 24, "%.*f cm²", area < 10.0 ? 1 : 0, area);
    return room;
}

/* `z` NULL: a zone of the head that the plan does not name, there to find one's way. */
static void fill_zone(const fl_figure *m, const fl_body_part *r, const fl_plan_zone *z)
{
    cairo_t *c = m->paper->cairo;
    fl_figure_trace(m, r);
    fl_figure_use(m, !z ? FL_SHADE(0xf3eee6) : z->locked ? FL_SHADE_PAPER : OPEN);
    cairo_fill_preserve(c);
    if (z && z->locked) {
        cairo_path_t *path = cairo_copy_path(c);
        cairo_save(c);
        cairo_clip(c);
        fl_paper_hatch(m->paper, m->x - 1.2 * m->scale, m->y - 1.2 * m->scale, 2.4 * m->scale, 2.4 * m->scale,
                       FL_SHADE(0x8b949c));
        cairo_restore(c);
        cairo_new_path(c);
        cairo_append_path(c, path);
        cairo_path_destroy(path);
    }
    /* small zones get an edge of their own, neighbours a white joint */
    const bool small = fl_figure_is_small(r);
    fl_figure_use(m, small ? (z && z->locked ? FL_SHADE_QUIET : OPEN_EDGE) : FL_SHADE_PAPER);
    cairo_set_line_width(c, small ? 0.9 : 2.4);
    cairo_stroke(c);
}

static void name_zone(const fl_figure *m, const fl_body_part *r, const fl_plan_zone *z)
{
    char room[24];
    const bool outside = fl_figure_is_small(r), left = r->name_x < 0.0;
    const size_t tests = m->allows ? tests_in(m->plan, z->id) : 0;
    const fl_align align = !outside ? FL_ALIGN_CENTRE : left ? FL_ALIGN_RIGHT : FL_ALIGN_LEFT;
    double x = fl_figure_x(m, r->x), y = fl_figure_y(m, r->y);
    if (outside) {
        const double to_x = fl_figure_x(m, r->name_x) + (left ? 4 : -4),
                     to_y = fl_figure_y(m, r->name_y) - 2.5;
        fl_paper_line(m->paper, x, y, to_x, to_y, 0.6, FL_SHADE_QUIET);
        fl_paper_dot(m->paper, x, y, 1.3, FL_SHADE_TEXT);
        x = fl_figure_x(m, r->name_x), y = fl_figure_y(m, r->name_y) + 5;
    }
    const double part =
        outside ? 1.0 : fmin(1.0, m->scale / 70.0); /* of the size of letters: a small head has small names */
    const fl_type name = {.size = 8 * part, .bold = true, .shade = FL_SHADE_TEXT, .align = align};
    const fl_type small = {.size = 7.2 * part, .bold = z->locked, .shade = FL_SHADE_TEXT, .align = align};
    const char *below = below_name(m, z, room);
    const double first = outside ? y - 5 : y - (tests ? 5.5 : 1.5);
    if (z->locked && !outside) { /* words stand on paper, not on the hatch */
        const double wide =
            fmax(fl_paper_text_width(m->paper, name, z->id), fl_paper_text_width(m->paper, small, below)) + 5;
        fl_paper_box(m->paper, x - wide / 2, first - 8, wide, 21 + (tests ? 8 : 0), 2, FL_SHADE_PAPER);
    }
    fl_paper_text(m->paper, x, first, name, "%s", z->id);
    fl_paper_text(m->paper, x, first + 9.5 * part, small, "%s", below);
    if (tests)
        fl_paper_text(m->paper, x, first + 18 * part,
                      (fl_type){.size = 6.5 * part, .shade = FL_SHADE_TEXT, .align = align}, "%zu test%s",
                      tests, tests == 1 ? "" : "s");
}

static void draw_schematic(const fl_figure *m)
{
    const fl_body_picture *picture = fl_body_picture_of(m->view);
    fl_figure_draw(m);
    for (size_t i = 0; i < picture->count; i++) {
        const fl_body_part *r = &picture->parts[i];
        const fl_plan_zone *z = r->kind == FL_BODY_ZONE ? fl_plan_zone_of(m->plan, r->id) : NULL;
        if (z || (m->view == FL_BODY_TOP && r->kind == FL_BODY_ZONE)) fill_zone(m, r, z);
    }
    for (size_t i = 0; i < picture->count; i++) {
        const fl_body_part *r = &picture->parts[i];
        const fl_plan_zone *z = r->kind == FL_BODY_ZONE ? fl_plan_zone_of(m->plan, r->id) : NULL;
        if (z) name_zone(m, r, z);
    }
}

/* ---- zones on no schematic ---- */

static double draw_table(fl_paper *paper, const fl_plan *plan, fl_body_view view, fl_sheet_panel p,
                         bool allows)
{
    const fl_type cell = {.size = 8, .shade = FL_SHADE_TEXT},
                  bold = {.size = 8, .bold = true, .shade = FL_SHADE_TEXT, .most = 0.56 * p.width - 46};
    fl_type head = {.size = 7, .shade = FL_SHADE_QUIET};
    const double area = p.left + 0.56 * p.width, right = p.left + p.width;
    size_t listed = 0, drawn = 0;
    for (size_t i = 0; i < plan->zone_count; i++) listed += !fl_body_part_of(view, plan->zones[i].id);
    double y = p.top + 8;
    fl_paper_text(paper, p.left, y, head, "zone");
    head.align = FL_ALIGN_RIGHT;
    fl_paper_text(paper, area, y, head, "area");
    if (allows) fl_paper_text(paper, right, y, head, "pulses a pass");
    y += 5;
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        if (fl_body_part_of(view, z->id)) continue;
        if (y > p.top + p.height - 26 && y + 16.0 * (double)(listed - drawn) > p.top + p.height - 6) {
            fl_paper_text(paper, p.left, y + 11, cell, "and %zu more in the plan", listed - drawn);
            return y + 16 - p.top;
        }
        drawn++;
        char room[24];
        fl_type number = cell;
        number.align = FL_ALIGN_RIGHT, number.bold = z->locked;
        fl_paper_line(paper, p.left, y, right, y, 0.5, FL_SHADE_FAINT);
        if (z->locked) fl_paper_hatch(paper, right - 52, y + 2, 52, 12, FL_SHADE(0x8b949c));
        if (z->locked) fl_paper_box(paper, right - 39, y + 2, 39, 12, 0, FL_SHADE_PAPER);
        fl_paper_text(paper, p.left, y + 11, bold, "%s", z->id);
        fl_paper_text(paper, area, y + 11,
                      (fl_type){.size = 8, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT}, "%.1f cm²",
                      fl_as_cm2(z->area));
        if (z->locked)
            fl_paper_text(paper, right, y + 11, number, "LOCKED");
        else if (allows)
            fl_paper_text(paper, right, y + 11, number, "%s", fl_sheet_count(z->pulses, room));
        y += 16;
    }
    fl_paper_line(paper, p.left, y, right, y, 0.5, FL_SHADE_FAINT);
    return y - p.top;
}

/* Each reason once, with the zones it locks. `draw` false: only how high they would stand.
 * No higher than `most`: what has no room stands in the plan. */
static double say_locks(fl_paper *paper, const fl_plan *plan, double x, double y, double wide, double most,
                        bool draw)
{
    const fl_type type = {.size = 7.2, .shade = FL_SHADE_TEXT, .wrap = wide, .lines = 3};
    const double from = y;
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        if (!z->locked || !z->reason[0]) continue;
        bool said = false;
        char room[FL_PLAN_LINE + 200];
        fl_text text = fl_text_in(room, sizeof room);
        for (size_t k = 0; k < i; k++)
            said |= plan->zones[k].locked && strcmp(plan->zones[k].reason, z->reason) == 0;
        if (said) continue;
        for (size_t k = i; k < plan->zone_count; k++)
            if (plan->zones[k].locked && strcmp(plan->zones[k].reason, z->reason) == 0)
                fl_text_add(&text, "%s%s", k == i ? "" : ", ", plan->zones[k].id);
        fl_text_add(&text, " locked: %s", z->reason);
        const double high = fl_paper_text_height(paper, type, room) + 3;
        if (y - from + high > most) {
            if (draw)
                fl_paper_text(paper, x, y, type, "More zones are locked; the reasons stand in the plan.");
            return y + 12 - from;
        }
        if (draw) fl_paper_text(paper, x, y, type, "%s", room);
        y += high;
    }
    return y - from;
}

void fl_sheet_map(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan *plan = sheet->plan;
    const bool allows = fl_plot_allows(plan), treats = fl_plan_treats_zones(plan);
    size_t on_scalp = 0, on_face = 0, open = 0;
    long pulses = 0;
    double area = 0;
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        on_scalp += fl_body_part_of(FL_BODY_TOP, z->id) != NULL;
        on_face += fl_body_part_of(FL_BODY_FRONT, z->id) != NULL;
        if (z->locked) continue;
        open++, pulses += z->pulses, area += fl_as_cm2(z->area);
    }
    const fl_body_view view = fl_figure_view(on_scalp, on_face);
    const bool is_face = view == FL_BODY_FRONT;
    const size_t listed = plan->zone_count - (is_face ? on_face : on_scalp);
    const char *title = allows ? "Zones and their pulses" : "Zones";
    char subtitle[200];
    const char *where = view == FL_BODY_TOP     ? "Head from above: left is the client's left"
                        : view == FL_BODY_FRONT ? "Face from the front: the client's left is on the right"
                                                : "As the case names them";
    snprintf(subtitle, sizeof subtitle, "%s%s.", where,
             !allows  ? ""
             : treats ? "; pulses of one pass"
                      : "; pulses of one pass, to come after the read");
    p = fl_sheet_title(paper, p, title, subtitle);
    char count[24];
    if (allows && open)
        fl_paper_text(paper, p.left, p.top + p.height - 3, (fl_type){.size = 8, .shade = FL_SHADE_TEXT},
                      "%zu zone%s %s · %.*f cm² · %s pulses a pass", open, open == 1 ? "" : "s",
                      treats ? "open" : "after the read", area < 100 ? 1 : 0, area,
                      fl_sheet_count(pulses, count));
    else if (allows)
        fl_paper_text(paper, p.left, p.top + p.height - 3, (fl_type){.size = 8, .shade = FL_SHADE_TEXT},
                      "No zone is open today.");
    p.height -= allows ? 14 : 0;
    const double most_locks = (listed > 3 ? 0.14 : 0.24) * p.height;
    const double locks = say_locks(paper, plan, 0, 0, p.width, most_locks, false);
    double table = listed ? 13 + 16 * (double)listed + 6 : 0;
    if (view != FL_BODY_VIEWS) {
        const double room =
            p.height - fmin(table + locks + (locks > 0 ? 8 : 0) + (listed ? 8 : 0), 0.38 * p.height);
        const fl_figure m = {paper,
                             plan,
                             view,
                             allows,
                             p.left + p.width / 2,
                             p.top + room * (is_face ? 0.5 : 0.525),
                             fmin(96, (room - 6) / (is_face ? 2.02 : 2.16))};
        draw_schematic(&m);
        p.top += room + (listed ? 8 : 0), p.height -= room + (listed ? 8 : 0);
    } else {
        p.top += 4, p.height -= 4;
    }
    if (listed) {
        table = draw_table(paper, plan, view, (fl_sheet_panel){p.left, p.top, p.width, p.height - locks},
                           allows) +
                6;
        p.top += table;
    }
    if (locks > 0) say_locks(paper, plan, p.left, p.top + 10, p.width, most_locks, true);
}
