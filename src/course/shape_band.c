/* Bands: curves at a distance from the keep line.
 *
 * A place belongs to the curve at distance d when its nearest point of the whole line is d away, not only
 * that of the stretch it was made from. In a hollow bend the curves of two stretches cut each other, and what
 * lies beyond the cut is nearer to the other stretch: it is trimmed. So the segment from a place to its
 * nearest point of the line crosses nothing, which is why no disc of radius d about it can reach over the
 * line, however it winds.
 */
#include "shape_parts.h"

#include <stdlib.h>

#define SLACK_MM 1e-9
#define SAMPLE_MM 0.25 /* of the search for where a stretch is trimmed */
#define CHORD_MM 1e-3  /* an arc's chords stay this near to it */
#define JOIN_MM 0.05   /* runs of one curve meet */

static fl_vec unit(fl_vec a, fl_vec b)
{
    const double length = fl_vec_far(a, b);
    return (fl_vec){(b.x - a.x) / length, (b.y - a.y) / length};
}

/* Away from the keep line, into the band. */
static fl_vec normal(const fl_shape *s, size_t segment)
{
    const fl_vec t = unit(s->line[segment], s->line[segment + 1]);
    return (fl_vec){-s->side * t.y, s->side * t.x};
}

static double line_distance(const fl_shape *s, fl_vec at, size_t *nearest)
{
    double least = INFINITY;
    for (size_t i = 0; i + 1 < s->count; i++) {
        const double distance = fl_segment_distance(s->line[i], s->line[i + 1], at);
        if (distance < least) least = distance, *nearest = i;
    }
    return least;
}

double fl_band_keep_distance(const fl_shape *s, fl_vec at)
{
    size_t i = 0;
    const double distance = line_distance(s, at, &i);
    const fl_vec a = s->line[i], b = s->line[i + 1], n = normal(s, i);
    const double along = fl_vec_dot(fl_vec_to(a, at), fl_vec_to(a, b)), length = fl_vec_far(a, b);
    fl_vec out = n, from = a;
    /* Nearest to a bend: the side is that of both stretches together, for one alone may be misleading. */
    if (along <= 0.0 && i > 0) {
        out = fl_vec_add(n, 1.0, normal(s, i - 1));
    } else if (along >= length * length && i + 2 < s->count) {
        out = fl_vec_add(n, 1.0, normal(s, i + 1));
        from = b;
    }
    return fl_vec_dot(fl_vec_to(from, at), out) < 0.0 ? -distance : distance;
}

fl_vec fl_run_at(const fl_run *run, double along)
{
    const double share = run->length > 0.0 ? along / run->length : 0.0;
    if (!run->is_arc) return fl_vec_add(run->from, share, fl_vec_to(run->from, run->to));
    const double angle = run->angle + share * run->turn;
    return (fl_vec){run->centre.x + run->radius * cos(angle), run->centre.y + run->radius * sin(angle)};
}

static fl_run cut(const fl_run *whole, double from, double to)
{
    fl_run part = *whole;
    part.from = fl_run_at(whole, from);
    part.to = fl_run_at(whole, to);
    part.length = to - from;
    if (whole->is_arc) {
        part.angle = whole->angle + whole->turn * from / whole->length;
        part.turn = whole->turn * part.length / whole->length;
    }
    return part;
}

static bool is_nearest(const fl_shape *s, const fl_run *run, double along, double distance)
{
    size_t nearest = 0;
    return line_distance(s, fl_run_at(run, along), &nearest) >= distance - SLACK_MM;
}

/* Between one place that belongs to the curve and one that does not. */
static double edge_of(const fl_shape *s, const fl_run *run, double good, double bad, double distance)
{
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (good + bad);
        if (is_nearest(s, run, middle, distance))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static size_t add_parts(const fl_shape *s, const fl_run *whole, double distance, fl_run *runs, size_t count)
{
    const size_t steps = 4 + (size_t)(whole->length / SAMPLE_MM);
    double begin = 0.0, before = 0.0;
    bool was_good = false;
    for (size_t i = 0; i <= steps; i++) {
        const double along = whole->length * (double)i / (double)steps;
        const bool good = is_nearest(s, whole, along, distance);
        if (good && !was_good) begin = i ? edge_of(s, whole, along, before, distance) : 0.0;
        const bool ends = was_good && (!good || i == steps);
        const double end = good ? along : ends ? edge_of(s, whole, before, along, distance) : 0.0;
        if (ends && end > begin && count < FL_BAND_RUNS) runs[count++] = cut(whole, begin, end);
        was_good = good;
        before = along;
    }
    return count;
}

size_t fl_band_trace(const fl_shape *s, double distance, fl_run runs[FL_BAND_RUNS])
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < s->count; i++) {
        const fl_vec n = normal(s, i);
        if (i) {
            const fl_vec earlier = normal(s, i - 1);
            const double turn = atan2(fl_vec_cross(earlier, n), fl_vec_dot(earlier, n));
            if (turn * s->side < -1e-9) { /* a bend away from the band: the curve goes round it */
                fl_run arc = {.is_arc = true,
                              .centre = s->line[i],
                              .angle = atan2(earlier.y, earlier.x),
                              .turn = turn,
                              .radius = distance,
                              .length = distance * fabs(turn)};
                count = add_parts(s, &arc, distance, runs, count);
            }
        }
        fl_run straight = {.from = fl_vec_add(s->line[i], distance, n),
                           .to = fl_vec_add(s->line[i + 1], distance, n)};
        straight.length = fl_vec_far(straight.from, straight.to);
        count = add_parts(s, &straight, distance, runs, count);
    }
    return count;
}

/* ---- outline ---- */

static size_t chords_of(const fl_run *run)
{
    if (!run->is_arc) return 1;
    const double step = 2.0 * acos(1.0 - fmin(CHORD_MM / run->radius, 0.5));
    return 1 + (size_t)(fabs(run->turn) / step);
}

static bool runs_meet(const fl_shape *s, double width, const fl_run *runs, size_t count)
{
    if (!count) return false;
    const size_t last = s->count - 2;
    const fl_vec begin = fl_vec_add(s->line[0], width, normal(s, 0)),
                 end = fl_vec_add(s->line[last + 1], width, normal(s, last));
    if (fl_vec_far(fl_run_at(&runs[0], 0.0), begin) > JOIN_MM) return false;
    if (fl_vec_far(fl_run_at(&runs[count - 1], runs[count - 1].length), end) > JOIN_MM) return false;
    for (size_t i = 1; i < count; i++)
        if (fl_vec_far(fl_run_at(&runs[i - 1], runs[i - 1].length), fl_run_at(&runs[i], 0.0)) > JOIN_MM)
            return false;
    return true;
}

static void add_point(fl_shape *s, fl_vec at)
{
    /* runs meet end to end: one of the two points is enough */
    if (!s->outline_count || fl_vec_far(at, s->outline[s->outline_count - 1]) > 1e-6)
        s->outline[s->outline_count++] = at;
}

/* The curve at this distance on the shape's side, added to its outline with the line's sense or against it.
 */
static bool add_curve(fl_shape *s, double distance, bool back)
{
    fl_run *runs = malloc(FL_BAND_RUNS * sizeof *runs);
    if (!runs) return false;
    const size_t count = fl_band_trace(s, distance, runs);
    size_t room = s->outline_count;
    for (size_t i = 0; i < count; i++) room += chords_of(&runs[i]) + 1;
    fl_vec *grown = runs_meet(s, distance, runs, count) ? realloc(s->outline, room * sizeof *grown) : NULL;
    if (grown) s->outline = grown;
    for (size_t n = 0; grown && n < count; n++) {
        const fl_run *run = &runs[back ? count - 1 - n : n];
        const size_t chords = chords_of(run);
        for (size_t k = 0; k <= chords; k++)
            add_point(s, fl_run_at(run, run->length * (double)(back ? chords - k : k) / (double)chords));
    }
    free(runs);
    return grown != NULL;
}

static bool is_simple(const fl_shape *s)
{
    size_t first, second;
    return !fl_outline_crosses(s->outline, s->outline_count, false, &first, &second);
}

bool fl_band_outline(fl_shape *s)
{
    s->outline = malloc(s->count * sizeof *s->outline);
    if (!s->outline) return false;
    for (size_t i = 0; i < s->count; i++) s->outline[s->outline_count++] = s->line[i];
    return add_curve(s, s->width_mm, true) && is_simple(s);
}

bool fl_strip_outline(fl_shape *s)
{
    s->side = 1.0;
    bool good = add_curve(s, 0.5 * s->width_mm, false);
    s->side = -1.0;
    good = good && add_curve(s, 0.5 * s->width_mm, true);
    s->side = 0.0; /* it keeps no side */
    return good && is_simple(s);
}
