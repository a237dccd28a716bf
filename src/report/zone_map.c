#include "fadeline/report/zone_map.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "paper.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH 1080.0
#define MARGIN 44.0
#define TOP 100.0
#define FOOT 62.0
#define PANEL 224.0
#define GUTTER 36.0
#define BAR 46.0 /* below the map: scale bar */
#define MAP_MOST 760.0
#define MAP_LEAST 376.0 /* the numbers beside it */
#define SCALE_MOST 28.0 /* points a mm: ten times life is enough */
#define LABEL_GAP 15.0  /* between the numbers of two rows */

#define SPOT FL_SHADE(0x0072b2)
#define KEEP FL_SHADE(0xb54700)

typedef struct sheet {
    const fl_zone_picture *picture;
    double left, top, width, height; /* of the map, in points */
    double scale;                    /* points a mm */
    double x_mm, y_mm;               /* what lies at its left and top */
} sheet;

typedef struct spot_xy {
    double x, y;
} spot_xy;

static spot_xy at_of(const sheet *s, fl_point p)
{
    return (spot_xy){s->left + (fl_as_mm(p.x) - s->x_mm) * s->scale,
                     s->top + (s->y_mm - fl_as_mm(p.y)) * s->scale};
}

static void use(fl_paper *paper, fl_shade shade)
{
    cairo_set_source_rgba(paper->cairo, shade.red, shade.green, shade.blue, shade.alpha);
}

/* Room about the zone for spilling edges, the numbers of the rows and what is kept. */
static sheet lay_out(const fl_zone_picture *picture)
{
    fl_point least, most;
    fl_shape_bounds(picture->shape, &least, &most);
    const double spot = fl_as_mm(picture->lattice->spot);
    const double wide = fl_as_mm(most.x) - fl_as_mm(least.x) + 2.0 * spot,
                 high = fl_as_mm(most.y) - fl_as_mm(least.y) + 2.0 * spot;
    sheet s = {.picture = picture, .left = MARGIN, .top = TOP, .width = WIDTH - 2 * MARGIN - PANEL - GUTTER};
    const double label = 34.0; /* points on both sides */
    s.scale = fmin(SCALE_MOST, fmin((s.width - 2 * label) / wide, (MAP_MOST - 2 * label) / high));
    s.height = fmax(MAP_LEAST, high * s.scale + 2 * label);
    s.x_mm = 0.5 * (fl_as_mm(least.x) + fl_as_mm(most.x)) - 0.5 * s.width / s.scale;
    s.y_mm = 0.5 * (fl_as_mm(least.y) + fl_as_mm(most.y)) + 0.5 * s.height / s.scale;
    return s;
}

/* ---- shapes ---- */

static void trace(fl_paper *paper, const sheet *s, const fl_shape *shape)
{
    const size_t count = fl_shape_outline(shape, NULL, 0);
    fl_point *points = malloc(count * sizeof *points);
    FL_ASSERT(points);
    fl_shape_outline(shape, points, count);
    cairo_new_path(paper->cairo);
    for (size_t i = 0; i < count; i++) {
        const spot_xy at = at_of(s, points[i]);
        cairo_line_to(paper->cairo, at.x, at.y);
    }
    cairo_close_path(paper->cairo);
    free(points);
}

static void draw_zone(fl_paper *paper, const sheet *s)
{
    trace(paper, s, s->picture->shape);
    use(paper, FL_SHADE(0xf4f1ec));
    cairo_fill_preserve(paper->cairo);
    use(paper, FL_SHADE(0x9aa1a7));
    cairo_set_line_width(paper->cairo, 1.0);
    cairo_stroke(paper->cairo);
}

/* All their faces, then all their edges: where two lie over each other both stay to be seen. */
static void draw_locked(fl_paper *paper, const sheet *s)
{
    const fl_lattice_rules *rules = s->picture->rules;
    for (size_t i = 0; i < rules->locked_count; i++) {
        trace(paper, s, rules->locked[i]);
        use(paper, FL_SHADE_PAPER);
        cairo_fill_preserve(paper->cairo);
        cairo_save(paper->cairo);
        cairo_clip(paper->cairo);
        fl_paper_hatch(paper, s->left, s->top, s->width, s->height, FL_SHADE(0xb9bfc5));
        cairo_restore(paper->cairo);
    }
    use(paper, FL_SHADE_QUIET);
    cairo_set_line_width(paper->cairo, 1.6);
    for (size_t i = 0; i < rules->locked_count; i++) {
        trace(paper, s, rules->locked[i]);
        cairo_stroke(paper->cairo);
    }
}

static void name_locked(fl_paper *paper, const sheet *s)
{
    const fl_lattice_rules *rules = s->picture->rules;
    const fl_type type = {.size = 11, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE};
    const double half = 0.5 * fl_paper_text_width(paper, type, "locked") + 5;
    for (size_t i = 0; i < rules->locked_count; i++) {
        fl_point least, most;
        fl_shape_bounds(rules->locked[i], &least, &most);
        const spot_xy a = at_of(s, least), b = at_of(s, most);
        const double west = fmax(a.x, s->left), east = fmin(b.x, s->left + s->width),
                     north = fmax(b.y, s->top), south = fmin(a.y, s->top + s->height),
                     y = 0.5 * (north + south);
        if (east - west < 12 || south - north < 12) continue; /* next to nothing of it is on the page */
        const bool fits = east - west >= 2 * half && south - north >= 18;
        const double x = fits ? 0.5 * (west + east) : east + half + 2;
        fl_paper_box(paper, x - half, y - 9, 2 * half, 18, 4, fl_shade_thin(FL_SHADE_PAPER, 0.9));
        fl_paper_text(paper, x, y + 4, type, "locked");
    }
}

/* The line and its teeth; they point to what stays. */
static void draw_keep(fl_paper *paper, const sheet *s)
{
    const fl_shape_spec *spec = fl_shape_spec_of(s->picture->shape);
    if (spec->kind != FL_SHAPE_BAND) return;
    cairo_t *c = paper->cairo;
    const double side = spec->keep == FL_SIDE_LEFT ? -1.0 : 1.0; /* the page's y falls */
    cairo_save(c);
    use(paper, KEEP);
    cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(c, 1.4);
    double walked = 6.0, length = 0.0, half = 0.0;
    for (size_t i = 0; i + 1 < spec->count; i++) {
        const spot_xy a = at_of(s, spec->points[i]), b = at_of(s, spec->points[i + 1]);
        const double far = hypot(b.x - a.x, b.y - a.y), ux = (b.x - a.x) / far, uy = (b.y - a.y) / far;
        for (; walked <= far; walked += 9.0) {
            const double x = a.x + walked * ux, y = a.y + walked * uy;
            cairo_move_to(c, x, y);
            cairo_line_to(c, x - side * uy * 7.0, y + side * ux * 7.0);
        }
        walked -= far;
        length += far;
    }
    cairo_stroke(c);
    cairo_set_line_width(c, 3.2);
    for (size_t i = 0; i < spec->count; i++) {
        const spot_xy at = at_of(s, spec->points[i]);
        cairo_line_to(c, at.x, at.y);
    }
    cairo_stroke(c);
    for (size_t i = 0; i + 1 < spec->count; i++) { /* its name over the middle */
        const spot_xy a = at_of(s, spec->points[i]), b = at_of(s, spec->points[i + 1]);
        const double far = hypot(b.x - a.x, b.y - a.y), ux = (b.x - a.x) / far, uy = (b.y - a.y) / far;
        half += far;
        if (half < 0.5 * length) continue;
        const double back = half - 0.5 * length, ox = -side * uy, oy = side * ux;
        const bool turned = ux < 0.0;
        cairo_translate(c, b.x - back * ux + 18 * ox, b.y - back * uy + 18 * oy);
        cairo_rotate(c, atan2(turned ? -uy : uy, turned ? -ux : ux));
        const fl_type type = {.size = 12, .bold = true, .shade = KEEP, .align = FL_ALIGN_CENTRE};
        const double wide = fl_paper_text_width(paper, type, "keep line: this side stays") + 10;
        fl_paper_box(paper, -0.5 * wide, -8, wide, 17, 4, fl_shade_thin(FL_SHADE_PAPER, 0.9));
        fl_paper_text(paper, 0, 4, type, "keep line: this side stays");
        break;
    }
    cairo_restore(c);
}

/* ---- spots ---- */

static void ring(fl_paper *paper, spot_xy at, double radius)
{
    cairo_new_sub_path(paper->cairo);
    cairo_arc(paper->cairo, at.x, at.y, radius, 0, 2 * M_PI);
}

static void draw_gaps(fl_paper *paper, const sheet *s)
{
    const fl_lattice *l = s->picture->lattice;
    const double radius = 0.5 * fl_as_mm(l->spot) * s->scale;
    static const double dots[] = {1.4, 1.8};
    cairo_set_line_width(paper->cairo, 1.0);
    use(paper, FL_SHADE(0x5c6770));
    cairo_set_dash(paper->cairo, dots, 2, 0.0);
    for (size_t i = 0; i < l->feathered; i++) {
        ring(paper, at_of(s, l->gaps[i]), 0.72 * radius);
        cairo_stroke(paper->cairo);
    }
    cairo_set_dash(paper->cairo, NULL, 0, 0.0);
    for (size_t i = l->feathered; i < l->feathered + l->left_out; i++) {
        const spot_xy at = at_of(s, l->gaps[i]);
        const double arm = fmin(4.5, 0.5 * radius);
        fl_paper_line(paper, at.x - arm, at.y - arm, at.x + arm, at.y + arm, 1.1, FL_SHADE_QUIET);
        fl_paper_line(paper, at.x - arm, at.y + arm, at.x + arm, at.y - arm, 1.1, FL_SHADE_QUIET);
    }
}

static void draw_spots(fl_paper *paper, const sheet *s)
{
    const fl_lattice *l = s->picture->lattice;
    const double radius = 0.5 * fl_as_mm(l->spot) * s->scale;
    for (size_t i = 0; i < l->count; i++) {
        ring(paper, at_of(s, l->spots[i].at), radius);
        use(paper, fl_shade_thin(SPOT, 0.22));
        cairo_fill(paper->cairo);
    }
    use(paper, fl_shade_thin(SPOT, 0.75));
    cairo_set_line_width(paper->cairo, fmin(0.9, 0.12 * radius));
    for (size_t i = 0; i < l->count; i++) ring(paper, at_of(s, l->spots[i].at), radius);
    cairo_stroke(paper->cairo);
}

/* The way of the hand; jumped about, it would be a thicket. */
static void draw_way(fl_paper *paper, const sheet *s)
{
    const fl_lattice *l = s->picture->lattice;
    if (s->picture->rules->order != FL_ORDER_ROWS || l->count < 2) return;
    use(paper, fl_shade_thin(FL_SHADE_TEXT, 0.4));
    cairo_set_line_width(paper->cairo, 0.7);
    cairo_new_path(paper->cairo);
    for (size_t i = 0; i < l->count; i++) {
        const spot_xy at = at_of(s, l->spots[i].at);
        cairo_line_to(paper->cairo, at.x, at.y);
    }
    cairo_stroke(paper->cairo);
}

/* Of the same row: which way the row runs here, also where it bends. */
static size_t nearest_in_row(const fl_lattice *l, size_t begin)
{
    size_t nearest = begin;
    double least = INFINITY;
    for (size_t k = begin + 1; k < l->count; k++) {
        const double far =
            hypot(l->spots[k].at.x.m - l->spots[begin].at.x.m, l->spots[k].at.y.m - l->spots[begin].at.y.m);
        if (l->spots[k].row == l->spots[begin].row && far < least) least = far, nearest = k;
    }
    return nearest;
}

/* The pulse a row begins with, beyond the end of the row, where no other number stands already. */
static void draw_starts(fl_paper *paper, const sheet *s)
{
    const fl_lattice *l = s->picture->lattice;
    const fl_type type = {.size = 11, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE};
    const double radius = 0.5 * fl_as_mm(l->spot) * s->scale;
    spot_xy *said = malloc(((size_t)l->rows + 1) * sizeof *said);
    bool *begun = calloc((size_t)l->rows + 1, sizeof *begun);
    FL_ASSERT(said && begun);
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (begun[l->spots[i].row]) continue;
        begun[l->spots[i].row] = true;
        const spot_xy at = at_of(s, l->spots[i].at), other = at_of(s, l->spots[nearest_in_row(l, i)].at);
        const double far = hypot(at.x - other.x, at.y - other.y);
        const double ux = far > 0.0 ? (at.x - other.x) / far : -1.0,
                     uy = far > 0.0 ? (at.y - other.y) / far : 0.0;
        char text[24];
        snprintf(text, sizeof text, "%zu", i + 1);
        const double reach =
            radius + 5.0 + 0.5 * fl_paper_text_width(paper, type, text) * fabs(ux) + 5.0 * fabs(uy);
        const spot_xy put = {at.x + reach * ux, at.y + reach * uy};
        bool is_free = true;
        for (size_t k = 0; k < count; k++)
            is_free &= fabs(said[k].x - put.x) > 36.0 || fabs(said[k].y - put.y) > LABEL_GAP;
        if (!is_free) continue;
        said[count++] = put;
        fl_paper_dot(paper, at.x, at.y, fmin(2.6, 0.4 * radius), FL_SHADE_TEXT);
        const double half = 0.5 * fl_paper_text_width(paper, type, text) + 2.0;
        fl_paper_box(paper, put.x - half, put.y - 7.0, 2.0 * half, 14.0, 3.0,
                     fl_shade_thin(FL_SHADE_PAPER, 0.7));
        fl_paper_text(paper, put.x, put.y + 4, type, "%s", text);
    }
    free(begun);
    free(said);
}

/* Every pulse, when they jump about and there is room. */
static void draw_numbers_inside(fl_paper *paper, const sheet *s)
{
    const fl_lattice *l = s->picture->lattice;
    for (size_t i = 0; i < l->count; i++) {
        const spot_xy at = at_of(s, l->spots[i].at);
        fl_paper_text(paper, at.x, at.y + 4,
                      (fl_type){.size = 10.5, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE}, "%zu",
                      i + 1);
    }
}

static bool is_numbered_inside(const sheet *s)
{
    const fl_zone_picture *p = s->picture;
    return p->rules->order == FL_ORDER_SPACED && fl_as_mm(p->lattice->spot) * s->scale >= 26.0;
}

static void draw_scale(fl_paper *paper, const sheet *s)
{
    static const double lengths[] = {0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500};
    double mm = lengths[0];
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (lengths[i] * s->scale <= 0.3 * s->width) mm = lengths[i];
    const double x = s->left, y = s->top + s->height + 22, long_as = mm * s->scale;
    fl_paper_line(paper, x, y, x + long_as, y, 2.0, FL_SHADE_TEXT);
    for (int i = 0; i < 2; i++)
        fl_paper_line(paper, x + i * long_as, y - 5, x + i * long_as, y + 5, 2.0, FL_SHADE_TEXT);
    fl_paper_text(paper, x + long_as + 10, y + 4, (fl_type){.size = 12, .shade = FL_SHADE_TEXT}, "%g mm", mm);
}

/* ---- numbers ---- */

static double number(fl_paper *paper, double x, double y, const char *what, const char *value)
{
    fl_paper_text(paper, x, y, (fl_type){.size = 12, .shade = FL_SHADE_QUIET}, "%s", what);
    fl_paper_text(paper, x + PANEL, y,
                  (fl_type){.size = 13, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT}, "%s",
                  value);
    fl_paper_line(paper, x, y + 8, x + PANEL, y + 8, 0.6, FL_SHADE_FAINT);
    return y + 25;
}

static double covered_bar(fl_paper *paper, double x, double y, const fl_lattice *l)
{
    static const char *const words[] = {"not lit", "once", "twice", "3 times or more"};
    const fl_shade shades[] = {FL_SHADE_PAPER, fl_shade_thin(SPOT, 0.3), fl_shade_thin(SPOT, 0.6), SPOT};
    fl_paper_text(paper, x, y, (fl_type){.size = 12, .shade = FL_SHADE_QUIET}, "Share of the area, lit");
    double from = x;
    for (int i = 0; i < 4; i++) {
        fl_paper_box(paper, from, y + 9, PANEL * l->covered[i], 16, 0, shades[i]);
        from += PANEL * l->covered[i];
    }
    fl_paper_frame(paper, x, y + 9, PANEL, 16, 2, 0.9, false, FL_SHADE_QUIET);
    y += 44;
    for (int i = 0; i < 4; i++) {
        fl_paper_box(paper, x, y - 9, 11, 11, 2, shades[i]);
        fl_paper_frame(paper, x, y - 9, 11, 11, 2, 0.7, false, FL_SHADE_QUIET);
        fl_paper_text(paper, x + 19, y, (fl_type){.size = 12, .shade = FL_SHADE_TEXT}, "%s", words[i]);
        fl_paper_text(paper, x + PANEL, y,
                      (fl_type){.size = 12, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT}, "%.1f %%",
                      100.0 * l->covered[i]);
        y += 18;
    }
    return y + 8;
}

static void draw_numbers(fl_paper *paper, const sheet *s)
{
    const fl_zone_picture *p = s->picture;
    const fl_lattice *l = p->lattice;
    const double x = paper->width - MARGIN - PANEL;
    double y = s->top + 26;
    char text[48];
    fl_paper_text(paper, x, y, (fl_type){.size = 30, .bold = true, .shade = FL_SHADE_TEXT}, "%zu", l->count);
    snprintf(text, sizeof text, "%zu", l->count);
    const double wide =
        fl_paper_text_width(paper, (fl_type){.size = 30, .bold = true, .shade = FL_SHADE_TEXT}, text);
    fl_paper_text(paper, x + wide + 8, y, (fl_type){.size = 13.5, .shade = FL_SHADE_QUIET}, "pulses a pass");
    y += 34;
    if (p->rate.Hz > 0.0) {
        snprintf(text, sizeof text, "%.1f min", fl_lattice_minutes(l, p->rate));
        char what[48];
        snprintf(what, sizeof what, "At %g Hz", p->rate.Hz);
        y = number(paper, x, y, what, text);
    }
    snprintf(text, sizeof text, "%.2f cm²", fl_as_cm2(l->area));
    y = number(paper, x, y, "Area", text);
    snprintf(text, sizeof text, "%d", l->rows);
    y = number(paper, x, y, "Rows", text);
    snprintf(text, sizeof text, "%.2f m", l->path.m);
    y = number(paper, x, y, "Way of the hand", text);
    snprintf(text, sizeof text, "× %.3f", l->dose_factor);
    y = number(paper, x, y, "Mean dose, of one pulse", text);
    if (p->anaesthetic.m2 > 0.0) {
        snprintf(text, sizeof text, "%.1f cm²", fl_as_cm2(p->anaesthetic));
        y = number(paper, x, y, "Anaesthetic area", text);
    }
    if (l->feathered) {
        snprintf(text, sizeof text, "%zu", l->feathered);
        y = number(paper, x, y, "Left empty to feather", text);
    }
    if (l->left_out) {
        snprintf(text, sizeof text, "%zu", l->left_out);
        y = number(paper, x, y, "Left out: locked beside", text);
    }
    covered_bar(paper, x, y + 10, l);
}

static void draw(fl_paper *paper, const void *what)
{
    const fl_zone_picture *p = what;
    const sheet s = lay_out(p);
    const double wide = paper->width - 2 * MARGIN, foot = paper->height - FOOT;
    fl_paper_box(paper, 0, 0, paper->width, paper->height, 0, FL_SHADE_PAPER);
    fl_paper_text(paper, MARGIN, 48,
                  (fl_type){.size = 23, .bold = true, .shade = FL_SHADE_TEXT, .most = wide}, "%s", p->title);
    fl_paper_text(paper, MARGIN, 74, (fl_type){.size = 13.5, .shade = FL_SHADE_QUIET, .most = wide},
                  "Spots of %g mm, %g %% overlap, %s. A number is the pulse %s.", fl_as_mm(p->lattice->spot),
                  100.0 * p->rules->overlap,
                  p->rules->order == FL_ORDER_ROWS ? "row by row, there and back"
                                                   : "each away from the one before",
                  is_numbered_inside(&s) ? "fired there" : "with which its row begins");
    cairo_save(paper->cairo);
    cairo_rectangle(paper->cairo, s.left, s.top, s.width, s.height);
    cairo_clip(paper->cairo);
    draw_zone(paper, &s);
    draw_locked(paper, &s);
    draw_spots(paper, &s);
    draw_way(paper, &s);
    draw_gaps(paper, &s);
    draw_keep(paper, &s);
    name_locked(paper, &s);
    if (is_numbered_inside(&s))
        draw_numbers_inside(paper, &s);
    else
        draw_starts(paper, &s);
    cairo_restore(paper->cairo);
    draw_scale(paper, &s);
    draw_numbers(paper, &s);
    fl_paper_line(paper, MARGIN, foot + 4, paper->width - MARGIN, foot + 4, 0.8, FL_SHADE_LINE);
    fl_paper_text(paper, MARGIN, foot + 22,
                  (fl_type){.size = 10.5, .shade = FL_SHADE_QUIET, .wrap = wide, .lines = 2}, "%s", p->foot);
}

fl_status fl_zone_map_write(const fl_zone_picture *picture, const char *directory, const char *name,
                            fl_error *error)
{
    FL_ASSERT(picture && picture->title && picture->foot && picture->shape && picture->lattice &&
              picture->rules);
    const sheet s = lay_out(picture);
    const fl_status status = fl_place_make(directory, error);
    if (status != FL_OK) return status;
    return fl_paper_write(draw, picture, WIDTH, ceil(s.top + s.height + BAR + FOOT), directory, name, error);
}
