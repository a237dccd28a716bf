#include "shape_parts.h"

#include "fadeline/base/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLANE_MM 2000.0 /* a drawing is of a person */
#define SMALLEST_MM 0.1
#define EDGE_MM 2e-3 /* what chords of an outline may be off, twice */
#define CIRCLE_POINTS 128

/* ---- outlines ---- */

double fl_segment_distance(fl_vec a, fl_vec b, fl_vec at)
{
    const fl_vec along = fl_vec_to(a, b), to = fl_vec_to(a, at);
    const double length2 = fl_vec_dot(along, along);
    const double share = length2 > 0.0 ? fl_vec_dot(to, along) / length2 : 0.0;
    return fl_vec_far(at, fl_vec_add(a, share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share, along));
}

double fl_outline_distance(const fl_vec *outline, size_t count, fl_vec at)
{
    double least = INFINITY;
    bool inside = false;
    for (size_t i = 0, j = count - 1; i < count; j = i++) {
        const fl_vec a = outline[j], b = outline[i];
        const double away = fl_segment_distance(a, b, at);
        if (away < least) least = away;
        if ((a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x))
            inside = !inside;
    }
    return inside ? least : -least;
}

double fl_outline_area(const fl_vec *outline, size_t count)
{
    double twice = 0.0;
    for (size_t i = 0; i < count; i++) /* from the first corner, so that a far zone loses no digits */
        twice +=
            fl_vec_cross(fl_vec_to(outline[0], outline[i]), fl_vec_to(outline[0], outline[(i + 1) % count]));
    return 0.5 * fabs(twice);
}

static bool on_segment(fl_vec a, fl_vec b, fl_vec at)
{
    return at.x >= fmin(a.x, b.x) && at.x <= fmax(a.x, b.x) && at.y >= fmin(a.y, b.y) &&
           at.y <= fmax(a.y, b.y);
}

static bool meet(fl_vec a, fl_vec b, fl_vec c, fl_vec d)
{
    const double c_side = fl_vec_cross(fl_vec_to(a, b), fl_vec_to(a, c)),
                 d_side = fl_vec_cross(fl_vec_to(a, b), fl_vec_to(a, d)),
                 a_side = fl_vec_cross(fl_vec_to(c, d), fl_vec_to(c, a)),
                 b_side = fl_vec_cross(fl_vec_to(c, d), fl_vec_to(c, b));
    if (((c_side > 0 && d_side < 0) || (c_side < 0 && d_side > 0)) &&
        ((a_side > 0 && b_side < 0) || (a_side < 0 && b_side > 0)))
        return true;
    return (c_side == 0 && on_segment(a, b, c)) || (d_side == 0 && on_segment(a, b, d)) ||
           (a_side == 0 && on_segment(c, d, a)) || (b_side == 0 && on_segment(c, d, b));
}

bool fl_outline_crosses(const fl_vec *p, size_t count, bool open, size_t *first, size_t *second)
{
    const size_t edges = open ? count - 1 : count;
    for (size_t i = 0; i < edges; i++)
        for (size_t j = i + 1; j < edges; j++) {
            const fl_vec a = p[i], b = p[(i + 1) % count], c = p[j], d = p[(j + 1) % count];
            const bool after = j == i + 1, before = !open && i == 0 && j == edges - 1;
            bool bad;
            if (after || before) { /* they share a corner: only a fold back is wrong */
                const fl_vec in = after ? fl_vec_to(a, b) : fl_vec_to(c, d),
                             out = after ? fl_vec_to(c, d) : fl_vec_to(a, b);
                bad = fl_vec_cross(in, out) == 0.0 && fl_vec_dot(in, out) < 0.0;
            } else {
                bad = meet(a, b, c, d);
            }
            if (!bad) continue;
            *first = i, *second = j;
            return true;
        }
    return false;
}

/* ---- making ---- */

static fl_status wrong(fl_shape_fault *fault, const char *member, size_t item, const char *hint,
                       const char *format, ...) FL_PRINTF(5, 6);
static fl_status wrong(fl_shape_fault *fault, const char *member, size_t item, const char *hint,
                       const char *format, ...)
{
    if (!fault) return FL_E_RANGE;
    *fault = (fl_shape_fault){.member = member, .item = item, .hint = hint};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return FL_E_RANGE;
}

static bool is_place(fl_point p)
{
    return fabs(fl_as_mm(p.x)) <= PLANE_MM && fabs(fl_as_mm(p.y)) <= PLANE_MM;
}

static bool is_size(fl_length length)
{
    return fl_as_mm(length) >= SMALLEST_MM && fl_as_mm(length) <= PLANE_MM;
}

static fl_status check_points(const fl_shape_spec *spec, fl_shape_fault *fault)
{
    const bool line = spec->kind != FL_SHAPE_POLYGON;
    const size_t least = line ? 2 : 3;
    if (spec->count < least || spec->count > FL_SHAPE_POINTS || !spec->points)
        return wrong(fault, "points", 0,
                     line ? "two points make a straight line" : "three corners make a triangle",
                     "a %s has %zu to %d points, not %zu", line ? "line" : "polygon", least, FL_SHAPE_POINTS,
                     spec->count);
    for (size_t i = 0; i < spec->count; i++) {
        if (!is_place(spec->points[i]))
            return wrong(fault, "points", i, "in millimetres",
                         "point %zu lies further than 2 m from the origin", i + 1);
        const size_t next = (i + 1) % spec->count;
        if (line && !next) break;
        if (!(fl_vec_far(fl_vec_of(spec->points[i]), fl_vec_of(spec->points[next])) >= 1e-3))
            return wrong(fault, "points", next, "a polygon closes by itself: the first point is not repeated",
                         "points %zu and %zu stand on one place", i + 1, next + 1);
    }
    return FL_OK;
}

static fl_status check_width(const fl_shape_spec *spec, fl_shape_fault *fault)
{
    if (!is_size(spec->width))
        return wrong(fault, "width", 0, "from 0.1 mm to 2 m", "a %s has no width of %g mm",
                     spec->kind == FL_SHAPE_BAND ? "band" : "strip", fl_as_mm(spec->width));
    if (spec->kind == FL_SHAPE_STRIP) return FL_OK;
    if (spec->keep != FL_SIDE_LEFT && spec->keep != FL_SIDE_RIGHT)
        return wrong(fault, "keep", 0, "left or right, walking the line from its first point",
                     "it is not said which side of the line is kept");
    if (spec->feather_count > FL_SHAPE_FEATHER)
        return wrong(fault, "feather", FL_SHAPE_FEATHER, NULL, "at most %d rows can be feathered",
                     FL_SHAPE_FEATHER);
    for (size_t i = 0; i < spec->feather_count; i++)
        if (!(spec->feather[i] >= 0.0 && spec->feather[i] <= 1.0))
            return wrong(fault, "feather", i, "0.25 leaves the row a quarter of its spots",
                         "%g is no share of the spots of a row", spec->feather[i]);
    return FL_OK;
}

static fl_status check(const fl_shape_spec *spec, fl_shape_fault *fault)
{
    if (spec->kind == FL_SHAPE_CIRCLE) {
        if (!is_size(spec->diameter))
            return wrong(fault, "diameter", 0, "from 0.1 mm to 2 m", "a circle has no diameter of %g mm",
                         fl_as_mm(spec->diameter));
        return is_place(spec->centre) ? FL_OK
                                      : wrong(fault, "centre", 0, "in millimetres",
                                              "the centre lies further than 2 m from the origin");
    }
    if (spec->kind != FL_SHAPE_POLYGON && spec->kind != FL_SHAPE_BAND && spec->kind != FL_SHAPE_STRIP)
        return wrong(fault, "kind", 0, "circle, polygon, strip or band", "the shape is of no kind");
    const fl_status status = check_points(spec, fault);
    return status == FL_OK && spec->kind != FL_SHAPE_POLYGON ? check_width(spec, fault) : status;
}

static fl_status draw(fl_shape *s, fl_shape_fault *fault)
{
    size_t first, second;
    const bool band = s->spec.kind == FL_SHAPE_BAND, line = s->spec.kind != FL_SHAPE_POLYGON;
    for (size_t i = 0; i < s->count; i++) s->line[i] = fl_vec_of(s->points[i]);
    if (s->count && fl_outline_crosses(s->line, s->count, line, &first, &second))
        return wrong(fault, "points", second, "draw it without crossing itself",
                     "edge %zu (from point %zu to %zu) %s edge %zu (from point %zu to %zu)", first + 1,
                     first + 1, (first + 1) % s->count + 1,
                     second == first + 1 || (!line && !first && second + 1 == s->count) ? "folds back on"
                                                                                        : "crosses",
                     second + 1, second + 1, (second + 1) % s->count + 1);
    if (s->spec.kind == FL_SHAPE_POLYGON) {
        s->outline = malloc(s->count * sizeof *s->outline);
        if (!s->outline) return FL_E_MEMORY;
        memcpy(s->outline, s->line, s->count * sizeof *s->outline);
        s->outline_count = s->count;
    } else if (band ? !fl_band_outline(s) : s->count && !fl_strip_outline(s)) {
        return wrong(fault, "width", 0,
                     band ? "a narrower band, a smoother line, or two bands"
                          : "a narrower strip, a smoother line, or two strips",
                     "the %s folds over itself: its line bends more sharply than it is wide",
                     band ? "band" : "strip");
    }
    if (s->outline) {
        s->area_mm2 = fl_outline_area(s->outline, s->outline_count);
        if (!(s->area_mm2 >= SMALLEST_MM * SMALLEST_MM))
            return wrong(fault, "points", 0, "draw around what is meant",
                         "the points stand on one line and enclose nothing");
        s->least = s->most = s->outline[0];
        for (size_t i = 1; i < s->outline_count; i++) {
            s->least = (fl_vec){fmin(s->least.x, s->outline[i].x), fmin(s->least.y, s->outline[i].y)};
            s->most = (fl_vec){fmax(s->most.x, s->outline[i].x), fmax(s->most.y, s->outline[i].y)};
        }
    } else {
        s->area_mm2 = M_PI * s->radius_mm * s->radius_mm;
        s->least = (fl_vec){s->centre.x - s->radius_mm, s->centre.y - s->radius_mm};
        s->most = (fl_vec){s->centre.x + s->radius_mm, s->centre.y + s->radius_mm};
    }
    return FL_OK;
}

fl_status fl_shape_new(const fl_shape_spec *spec, fl_shape **shape, fl_shape_fault *fault)
{
    FL_ASSERT(spec && shape);
    fl_status status = check(spec, fault);
    if (status != FL_OK) return status;
    fl_shape *s = calloc(1, sizeof *s);
    if (!s) return FL_E_MEMORY;
    s->spec = *spec;
    if (spec->kind == FL_SHAPE_CIRCLE) {
        s->centre = fl_vec_of(spec->centre);
        s->radius_mm = 0.5 * fl_as_mm(spec->diameter);
        s->spec.points = NULL, s->spec.count = 0;
    } else {
        s->count = spec->count;
        memcpy(s->points, spec->points, spec->count * sizeof *s->points);
        s->spec.points = s->points;
    }
    if (spec->kind == FL_SHAPE_STRIP) s->width_mm = fl_as_mm(spec->width);
    if (spec->kind == FL_SHAPE_BAND) {
        s->width_mm = fl_as_mm(spec->width);
        s->side = spec->keep == FL_SIDE_RIGHT ? 1.0 : -1.0;
        if (spec->feather_count) memcpy(s->feather, spec->feather, spec->feather_count * sizeof *s->feather);
    } else {
        s->spec.feather_count = 0;
    }
    s->spec.feather = s->feather;
    status = draw(s, fault);
    if (status == FL_OK)
        *shape = s;
    else
        fl_shape_free(s);
    return status;
}

void fl_shape_free(fl_shape *shape)
{
    if (!shape) return;
    free(shape->outline);
    free(shape);
}

/* ---- asking ---- */

const fl_shape_spec *fl_shape_spec_of(const fl_shape *shape)
{
    return &shape->spec;
}

fl_area fl_shape_area(const fl_shape *shape)
{
    return (fl_area){shape->area_mm2 * 1e-6};
}

void fl_shape_bounds(const fl_shape *shape, fl_point *least, fl_point *most)
{
    *least = fl_point_of(shape->least);
    *most = fl_point_of(shape->most);
}

static double distance(const fl_shape *s, fl_vec at)
{
    if (!s->outline) return s->radius_mm - fl_vec_far(s->centre, at);
    return fl_outline_distance(s->outline, s->outline_count, at);
}

fl_length fl_shape_distance(const fl_shape *shape, fl_point at)
{
    return fl_mm(distance(shape, fl_vec_of(at)));
}

fl_length fl_shape_keep_distance(const fl_shape *shape, fl_point at)
{
    return shape->spec.kind == FL_SHAPE_BAND ? fl_mm(fl_band_keep_distance(shape, fl_vec_of(at)))
                                             : (fl_length){INFINITY};
}

bool fl_shape_holds(const fl_shape *shape, fl_point at, fl_length radius, fl_length spill)
{
    /* The line a person keeps has no tolerance; an outline is off by its chords. */
    if (!(fl_shape_keep_distance(shape, at).m >= radius.m)) return false;
    return distance(shape, fl_vec_of(at)) >= fl_as_mm(radius) - fl_as_mm(spill) - EDGE_MM;
}

size_t fl_shape_outline(const fl_shape *shape, fl_point *points, size_t most)
{
    const size_t count = shape->outline ? shape->outline_count : CIRCLE_POINTS;
    for (size_t i = 0; i < count && i < most; i++) {
        const double angle = 2.0 * M_PI * (double)i / CIRCLE_POINTS;
        points[i] = fl_point_of(shape->outline ? shape->outline[i]
                                               : (fl_vec){shape->centre.x + shape->radius_mm * cos(angle),
                                                          shape->centre.y + shape->radius_mm * sin(angle)});
    }
    return count;
}

/* ---- scan lines ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

size_t fl_shape_scan_most(const fl_shape *shape)
{
    return shape->outline ? shape->outline_count + 1 : 2;
}

size_t fl_shape_scan(const fl_shape *s, double y, double *x, size_t most)
{
    size_t count = 0;
    if (!s->outline) {
        const double half2 = s->radius_mm * s->radius_mm - (y - s->centre.y) * (y - s->centre.y);
        if (half2 <= 0.0 || most < 2) return 0;
        x[count++] = s->centre.x - sqrt(half2);
        x[count++] = s->centre.x + sqrt(half2);
        return count;
    }
    for (size_t i = 0, j = s->outline_count - 1; i < s->outline_count; j = i++) {
        const fl_vec a = s->outline[j], b = s->outline[i];
        if ((a.y > y) != (b.y > y) && count < most) x[count++] = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
    }
    qsort(x, count, sizeof *x, by_size);
    return count;
}

/* ---- the grown shape ---- */

typedef struct stretch {
    double from, to;
} stretch;

static void reach(stretch *s, double x)
{
    s->from = fmin(s->from, x);
    s->to = fmax(s->to, x);
}

/* What a line at y cuts from all that is within `margin` of an edge: one stretch, for that is convex. */
static stretch capsule_at(fl_vec a, fl_vec b, double margin, double y)
{
    stretch cut = {INFINITY, -INFINITY};
    const fl_vec ends[] = {a, b};
    for (int i = 0; i < 2; i++) {
        const double half2 = margin * margin - (y - ends[i].y) * (y - ends[i].y);
        if (half2 < 0.0) continue;
        reach(&cut, ends[i].x - sqrt(half2));
        reach(&cut, ends[i].x + sqrt(half2));
    }
    const double length = fl_vec_far(a, b);
    const fl_vec n = {-(b.y - a.y) / length, (b.x - a.x) / length};
    for (int side = -1; side <= 1; side += 2) {
        const fl_vec c = fl_vec_add(a, side * margin, n), d = fl_vec_add(b, side * margin, n);
        if ((c.y > y) != (d.y > y)) reach(&cut, c.x + (y - c.y) / (d.y - c.y) * (d.x - c.x));
    }
    return cut;
}

static int by_from(const void *a, const void *b)
{
    const stretch *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static double length_of_union(stretch *all, size_t count)
{
    qsort(all, count, sizeof *all, by_from);
    double length = 0.0, end = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        length += fmax(0.0, all[i].to - fmax(all[i].from, end));
        end = fmax(end, all[i].to);
    }
    return length;
}

fl_area fl_shape_grown_area(const fl_shape *s, fl_length margin)
{
    enum { LINES = 3000 };
    const double m = fl_as_mm(margin);
    FL_ASSERT(m >= 0.0 && isfinite(m));
    if (!s->outline) return (fl_area){M_PI * (s->radius_mm + m) * (s->radius_mm + m) * 1e-6};
    if (m == 0.0) return fl_shape_area(s);
    stretch *all = malloc((2 * s->outline_count + 1) * sizeof *all);
    double *x = malloc(fl_shape_scan_most(s) * sizeof *x), area_mm2 = 0.0;
    FL_ASSERT(all && x);
    const double low = s->least.y - m, step = (s->most.y - s->least.y + 2.0 * m) / LINES;
    for (int k = 0; k < LINES; k++) {
        const double y = low + (k + 0.5) * step;
        size_t count = 0;
        const size_t inside = fl_shape_scan(s, y, x, fl_shape_scan_most(s));
        for (size_t i = 0; i + 1 < inside; i += 2) all[count++] = (stretch){x[i], x[i + 1]};
        for (size_t i = 0, j = s->outline_count - 1; i < s->outline_count; j = i++) {
            const stretch cut = capsule_at(s->outline[j], s->outline[i], m, y);
            if (cut.to > cut.from) all[count++] = cut;
        }
        area_mm2 += step * length_of_union(all, count);
    }
    free(x);
    free(all);
    return (fl_area){area_mm2 * 1e-6};
}
