/* The zones of the sheet: a head from above or a face from the front, and a small table for zones that stand
 * on neither. Schematic: it says which zone is which and nothing of a person's measures. */
#include "fadeline/base/text.h"
#include "plan_sheet_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- two schematics ----
 * Drawn in a frame of their own: x to the right of the page, y down, the outline from -1 to 1. Every zone is
 * a strip between two curves y = a + b x^2, cut at the outline, or a closed smooth line through points. */

typedef struct curve {
    double a, b;
} curve;

typedef struct region {
    const char *id;
    double x0, x1; /* of the strip */
    curve top, bottom;
    double x, y;         /* where its name stands, or the leader to its name begins */
    double points[8][2]; /* of the smooth line; count 0: a strip */
    int count;
    double name_x, name_y; /* outside, at the end of a leader; 0, 0: inside */
} region;

#define HAIR                                                                                                 \
    {                                                                                                        \
        -0.80, 0.75                                                                                          \
    }
#define FRONT_MID                                                                                            \
    {                                                                                                        \
        -0.38, 0.45                                                                                          \
    }
#define MID_VERTEX                                                                                           \
    {                                                                                                        \
        0.12, 0.22                                                                                           \
    }
#define VERTEX_OCC                                                                                           \
    {                                                                                                        \
        0.60, -0.22                                                                                          \
    }
#define SIDE                                                                                                 \
    {                                                                                                        \
        0.00, 0.10                                                                                           \
    }

// clang-format off
static const region scalp[] = {
    {"F-L", -0.42, 0.00, HAIR,       FRONT_MID,  -0.215, -0.54, {{0}}, 0, 0, 0},
    {"F-R",  0.00, 0.42, HAIR,       FRONT_MID,   0.215, -0.54, {{0}}, 0, 0, 0},
    {"MID", -0.42, 0.42, FRONT_MID,  MID_VERTEX,  0.00,  -0.12, {{0}}, 0, 0, 0},
    {"VTX", -0.42, 0.42, MID_VERTEX, VERTEX_OCC,  0.00,   0.37, {{0}}, 0, 0, 0},
    {"T-L", -1.00, -0.42, HAIR,      SIDE,       -0.585, -0.23, {{0}}, 0, 0, 0},
    {"T-R",  0.42, 1.00, HAIR,       SIDE,        0.585, -0.23, {{0}}, 0, 0, 0},
    {"P-L", -1.00, -0.42, SIDE,      VERTEX_OCC, -0.590,  0.27, {{0}}, 0, 0, 0},
    {"P-R",  0.42, 1.00, SIDE,       VERTEX_OCC,  0.590,  0.27, {{0}}, 0, 0, 0},
    {"OCC", -1.00, 1.00, VERTEX_OCC, {1.2, 0},    0.00,   0.76, {{0}}, 0, 0, 0},
    {NULL, 0, 0, {0, 0}, {0, 0}, 0, 0, {{0}}, 0, 0, 0},
};

/* From the front: the client's left is on the right of the page. The beard comes first, the lips lie on it. */
static const region face[] = {
    {"BRD",   -1.00, 1.00, {0.37, -0.62}, {1.2, 0}, -0.42, 0.62, {{0}}, 0, -0.96, 0.82},
    {"BRW-L", 0, 0, {0, 0}, {0, 0}, 0.51, -0.33,
     {{0.11, -0.335}, {0.22, -0.375}, {0.38, -0.385}, {0.54, -0.285}, {0.38, -0.330}, {0.22, -0.320}}, 6, 0.96, -0.46},
    {"BRW-R", 0, 0, {0, 0}, {0, 0}, -0.51, -0.33,
     {{-0.11, -0.335}, {-0.22, -0.375}, {-0.38, -0.385}, {-0.54, -0.285}, {-0.38, -0.330}, {-0.22, -0.320}}, 6, -0.96, -0.46},
    {"LID-UL", 0, 0, {0, 0}, {0, 0}, 0.42, -0.135,
     {{0.155, -0.085}, {0.22, -0.145}, {0.32, -0.165}, {0.45, -0.095}, {0.32, -0.128}, {0.22, -0.112}}, 6, 0.96, -0.16},
    {"LID-UR", 0, 0, {0, 0}, {0, 0}, -0.42, -0.135,
     {{-0.155, -0.085}, {-0.22, -0.145}, {-0.32, -0.165}, {-0.45, -0.095}, {-0.32, -0.128}, {-0.22, -0.112}}, 6, -0.96, -0.16},
    {"LID-LL", 0, 0, {0, 0}, {0, 0}, 0.40, -0.045,
     {{0.17, -0.068}, {0.24, -0.048}, {0.33, -0.045}, {0.44, -0.080}, {0.33, -0.012}, {0.24, -0.018}}, 6, 0.96, 0.13},
    {"LID-LR", 0, 0, {0, 0}, {0, 0}, -0.40, -0.045,
     {{-0.17, -0.068}, {-0.24, -0.048}, {-0.33, -0.045}, {-0.44, -0.080}, {-0.33, -0.012}, {-0.24, -0.018}}, 6, -0.96, 0.13},
    {"LIP-U", 0, 0, {0, 0}, {0, 0}, 0.18, 0.485,
     {{-0.27, 0.525}, {-0.10, 0.435}, {0.00, 0.455}, {0.10, 0.435}, {0.27, 0.525}, {0.00, 0.530}}, 6, 0.96, 0.40},
    {"LIP-L", 0, 0, {0, 0}, {0, 0}, 0.15, 0.595,
     {{-0.25, 0.540}, {0.00, 0.548}, {0.25, 0.540}, {0.14, 0.640}, {0.00, 0.665}, {-0.14, 0.640}}, 6, 0.96, 0.69},
    {NULL, 0, 0, {0, 0}, {0, 0}, 0, 0, {{0}}, 0, 0, 0},
};
// clang-format on

typedef struct map {
    fl_paper *paper;
    const fl_plan *plan;
    const region *regions;
    bool is_face, allows;
    double x, y, scale; /* centre, and points a unit */
} map;

static double px(const map *m, double x)
{
    return m->x + m->scale * x;
}
static double py(const map *m, double y)
{
    return m->y + m->scale * y;
}

static const region *region_of(const region *regions, const char *id)
{
    for (; regions->id; regions++)
        if (fl_text_same(regions->id, id)) return regions;
    return NULL;
}

/* ---- outlines ---- */

static void bend(const map *m, double k, const double p[6])
{
    cairo_curve_to(m->paper->cairo, px(m, k * p[0]), py(m, k * p[1]), px(m, k * p[2]), py(m, k * p[3]),
                   px(m, k * p[4]), py(m, k * p[5]));
}

/* The outline, `k` times as large. */
static void trace_outline(const map *m, double k)
{
    static const double head[4][6] = {{0.48, -1.00, 0.79, -0.52, 0.79, 0.08},
                                      {0.79, 0.62, 0.46, 1.00, 0.00, 1.00},
                                      {-0.46, 1.00, -0.79, 0.62, -0.79, 0.08},
                                      {-0.79, -0.52, -0.48, -1.00, 0.00, -1.00}};
    static const double front[4][6] = {{0.50, -1.00, 0.72, -0.62, 0.70, -0.12},
                                       {0.68, 0.52, 0.40, 1.00, 0.00, 1.00},
                                       {-0.40, 1.00, -0.68, 0.52, -0.70, -0.12},
                                       {-0.72, -0.62, -0.50, -1.00, 0.00, -1.00}};
    const double(*p)[6] = m->is_face ? front : head;
    cairo_new_path(m->paper->cairo);
    cairo_move_to(m->paper->cairo, px(m, 0), py(m, -k));
    for (int i = 0; i < 4; i++) bend(m, k, p[i]);
    cairo_close_path(m->paper->cairo);
}

static void use(const map *m, fl_shade shade)
{
    cairo_set_source_rgba(m->paper->cairo, shade.red, shade.green, shade.blue, shade.alpha);
}

static void fill_and_line(const map *m, fl_shade fill, fl_shade line, double width)
{
    use(m, fill);
    cairo_fill_preserve(m->paper->cairo);
    use(m, line);
    cairo_set_line_width(m->paper->cairo, width);
    cairo_stroke(m->paper->cairo);
}

#define SKIN FL_SHADE(0xfaf6f0)
#define EDGE FL_SHADE(0x9aa1a7)

static void draw_ears(const map *m)
{
    for (int side = -1; side <= 1; side += 2) {
        cairo_save(m->paper->cairo);
        cairo_translate(m->paper->cairo, px(m, side * (m->is_face ? 0.71 : 0.79)),
                        py(m, m->is_face ? -0.08 : 0.05));
        cairo_rotate(m->paper->cairo, side * (m->is_face ? 0.12 : -0.15));
        cairo_scale(m->paper->cairo, 0.07 * m->scale, (m->is_face ? 0.17 : 0.13) * m->scale);
        cairo_new_path(m->paper->cairo);
        cairo_arc(m->paper->cairo, 0, 0, 1, 0, 2 * M_PI);
        cairo_restore(m->paper->cairo);
        fill_and_line(m, SKIN, EDGE, 0.8);
    }
}

static void draw_head(const map *m)
{
    cairo_t *c = m->paper->cairo;
    draw_ears(m);
    if (!m->is_face) { /* the tip of the nose: which way the client looks */
        cairo_new_path(c);
        cairo_move_to(c, px(m, -0.13), py(m, -0.96));
        cairo_curve_to(c, px(m, -0.05), py(m, -1.0), px(m, -0.06), py(m, -1.12), px(m, 0), py(m, -1.12));
        cairo_curve_to(c, px(m, 0.06), py(m, -1.12), px(m, 0.05), py(m, -1.0), px(m, 0.13), py(m, -0.96));
        fill_and_line(m, SKIN, EDGE, 0.8);
    }
    trace_outline(m, 1.0);
    fill_and_line(m, SKIN, EDGE, 0.8);
}

static void trace_smooth(const map *m, const double points[][2], int count)
{
    cairo_t *c = m->paper->cairo;
    cairo_new_path(c);
    cairo_move_to(c, px(m, points[0][0]), py(m, points[0][1]));
    for (int i = 0; i < count; i++) {
        const double *a = points[(i + count - 1) % count], *b = points[i], *d = points[(i + 1) % count],
                     *e = points[(i + 2) % count];
        cairo_curve_to(c, px(m, b[0] + (d[0] - a[0]) / 7), py(m, b[1] + (d[1] - a[1]) / 7),
                       px(m, d[0] - (e[0] - b[0]) / 7), py(m, d[1] - (e[1] - b[1]) / 7), px(m, d[0]),
                       py(m, d[1]));
    }
    cairo_close_path(c);
}

static void trace_region(const map *m, const region *r)
{
    cairo_t *c = m->paper->cairo;
    if (r->count) {
        trace_smooth(m, r->points, r->count);
        return;
    }
    cairo_new_path(c);
    for (int i = 0; i <= 32; i++) {
        const double x = r->x0 + (r->x1 - r->x0) * i / 32;
        cairo_line_to(c, px(m, x), py(m, r->top.a + r->top.b * x * x));
    }
    for (int i = 32; i >= 0; i--) {
        const double x = r->x0 + (r->x1 - r->x0) * i / 32;
        cairo_line_to(c, px(m, x), py(m, r->bottom.a + r->bottom.b * x * x));
    }
    cairo_close_path(c);
}

/* What makes a face of an oval: eyes, brows, nose and mouth, so faint that zones stand out of them. */
static void draw_features(const map *m)
{
    cairo_t *c = m->paper->cairo;
    const fl_shade faint = FL_SHADE(0xb9bfc5);
    for (int side = -1; side <= 1; side += 2) {
        cairo_new_path(c);
        cairo_move_to(c, px(m, side * 0.155), py(m, -0.08));
        cairo_curve_to(c, px(m, side * 0.24), py(m, -0.17), px(m, side * 0.36), py(m, -0.16),
                       px(m, side * 0.45), py(m, -0.09));
        cairo_curve_to(c, px(m, side * 0.36), py(m, -0.03), px(m, side * 0.24), py(m, -0.03),
                       px(m, side * 0.155), py(m, -0.08));
        cairo_close_path(c);
        fill_and_line(m, FL_SHADE_PAPER, faint, 0.8);
        fl_paper_dot(m->paper, px(m, side * 0.30), py(m, -0.088), 0.042 * m->scale, faint);
    }
    cairo_new_path(c);
    cairo_move_to(c, px(m, -0.10), py(m, 0.24));
    cairo_curve_to(c, px(m, -0.06), py(m, 0.30), px(m, 0.06), py(m, 0.30), px(m, 0.10), py(m, 0.24));
    use(m, faint);
    cairo_set_line_width(c, 0.8);
    cairo_stroke(c);
    for (const region *r = face; r->id; r++) {
        if (!r->count || strncmp(r->id, "LID", 3) == 0) continue;
        trace_region(m, r);
        fill_and_line(m, SKIN, faint, 0.8);
    }
}

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
static const char *below_name(const map *m, const fl_plan_zone *z, char room[24])
{
    if (z->locked) return "LOCKED";
    if (m->allows) return fl_sheet_count(z->pulses, room);
    snprintf(room, 24, "%.1f cm²", fl_as_cm2(z->area));
    return room;
}

/* `z` NULL: a zone of the head that the plan does not name, there to find one's way. */
static void fill_zone(const map *m, const region *r, const fl_plan_zone *z)
{
    cairo_t *c = m->paper->cairo;
    cairo_save(c);
    trace_outline(m, 0.965);
    cairo_clip(c);
    trace_region(m, r);
    use(m, !z ? FL_SHADE(0xf3eee6) : z->locked ? FL_SHADE_PAPER : OPEN);
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
    use(m, r->count ? (z && z->locked ? FL_SHADE_QUIET : OPEN_EDGE) : FL_SHADE_PAPER);
    cairo_set_line_width(c, r->count ? 0.9 : 2.4);
    cairo_stroke(c);
    cairo_restore(c);
}

static void name_zone(const map *m, const region *r, const fl_plan_zone *z)
{
    char room[24];
    const bool outside = r->name_x != 0.0, left = r->name_x < 0.0;
    const size_t tests = m->allows ? tests_in(m->plan, z->id) : 0;
    const fl_align align = !outside ? FL_ALIGN_CENTRE : left ? FL_ALIGN_RIGHT : FL_ALIGN_LEFT;
    double x = px(m, r->x), y = py(m, r->y);
    if (outside) {
        const double to_x = px(m, r->name_x) + (left ? 4 : -4), to_y = py(m, r->name_y) - 2.5;
        fl_paper_line(m->paper, x, y, to_x, to_y, 0.6, FL_SHADE_QUIET);
        fl_paper_dot(m->paper, x, y, 1.3, FL_SHADE_TEXT);
        x = px(m, r->name_x), y = py(m, r->name_y) + 5;
    }
    const fl_type name = {.size = 8, .bold = true, .shade = FL_SHADE_TEXT, .align = align};
    const fl_type small = {.size = 7.2, .bold = z->locked, .shade = FL_SHADE_TEXT, .align = align};
    const char *below = below_name(m, z, room);
    const double first = outside ? y - 5 : y - (tests ? 5.5 : 1.5);
    if (z->locked && !outside) { /* words stand on paper, not on the hatch */
        const double wide =
            fmax(fl_paper_text_width(m->paper, name, z->id), fl_paper_text_width(m->paper, small, below)) + 5;
        fl_paper_box(m->paper, x - wide / 2, first - 8, wide, 21 + (tests ? 8 : 0), 2, FL_SHADE_PAPER);
    }
    fl_paper_text(m->paper, x, first, name, "%s", z->id);
    fl_paper_text(m->paper, x, first + 9.5, small, "%s", below);
    if (tests)
        fl_paper_text(m->paper, x, first + 18, (fl_type){.size = 6.5, .shade = FL_SHADE_TEXT, .align = align},
                      "%zu test%s", tests, tests == 1 ? "" : "s");
}

static void draw_schematic(const map *m)
{
    draw_head(m);
    if (m->is_face) draw_features(m);
    for (const region *r = m->regions; r->id; r++) {
        const fl_plan_zone *z = fl_plan_zone_of(m->plan, r->id);
        if (z || !m->is_face) fill_zone(m, r, z);
        /* the mouth lies on the beard */
        if (z && m->is_face && !r->count)
            for (const region *lip = face; lip->id; lip++)
                if (strncmp(lip->id, "LIP", 3) == 0 && !fl_plan_zone_of(m->plan, lip->id)) {
                    trace_region(m, lip);
                    fill_and_line(m, SKIN, FL_SHADE(0xb9bfc5), 0.8);
                }
    }
    trace_outline(m, 1.0);
    use(m, EDGE);
    cairo_set_line_width(m->paper->cairo, 0.8);
    cairo_stroke(m->paper->cairo);
    for (const region *r = m->regions; r->id; r++) {
        const fl_plan_zone *z = fl_plan_zone_of(m->plan, r->id);
        if (z) name_zone(m, r, z);
    }
}

/* ---- zones on no schematic ---- */

static double draw_table(fl_paper *paper, const fl_plan *plan, const region *regions, fl_sheet_panel p,
                         bool allows)
{
    const fl_type cell = {.size = 8, .shade = FL_SHADE_TEXT},
                  bold = {.size = 8, .bold = true, .shade = FL_SHADE_TEXT};
    fl_type head = {.size = 7, .shade = FL_SHADE_QUIET};
    const double area = p.left + 0.56 * p.width, right = p.left + p.width;
    double y = p.top + 8;
    fl_paper_text(paper, p.left, y, head, "zone");
    head.align = FL_ALIGN_RIGHT;
    fl_paper_text(paper, area, y, head, "area");
    if (allows) fl_paper_text(paper, right, y, head, "pulses a pass");
    y += 5;
    for (size_t i = 0; i < plan->zone_count && y < p.top + p.height - 14; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        if (regions && region_of(regions, z->id)) continue;
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

/* Each reason once, with the zones it locks. `draw` false: only how high they would stand. */
static double say_locks(fl_paper *paper, const fl_plan *plan, double x, double y, double wide, bool draw)
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
        y += (draw ? fl_paper_text(paper, x, y, type, "%s", room) : fl_paper_text_height(paper, type, room)) +
             3;
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
        on_scalp += region_of(scalp, z->id) != NULL;
        on_face += region_of(face, z->id) != NULL;
        if (z->locked) continue;
        open++, pulses += z->pulses, area += fl_as_cm2(z->area);
    }
    const bool is_face = on_face > on_scalp;
    const region *regions = is_face ? face : on_scalp ? scalp : NULL;
    const size_t listed = plan->zone_count - (is_face ? on_face : on_scalp);
    const char *title = allows ? "Zones and their pulses" : "Zones";
    char subtitle[200];
    const char *where = regions == scalp  ? "Head from above: left is the client's left"
                        : regions == face ? "Face from the front: the client's left is on the right"
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
    const double locks = say_locks(paper, plan, 0, 0, p.width, false);
    double table = listed ? 13 + 16 * (double)listed + 6 : 0;
    if (regions) {
        const double room =
            p.height - fmin(table + locks + (locks > 0 ? 8 : 0) + (listed ? 8 : 0), 0.55 * p.height);
        const map m = {paper,
                       plan,
                       regions,
                       is_face,
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
        table = draw_table(paper, plan, regions, (fl_sheet_panel){p.left, p.top, p.width, p.height - locks},
                           allows) +
                6;
        p.top += table;
    }
    if (locks > 0) say_locks(paper, plan, p.left, p.top + 10, p.width, true);
}
