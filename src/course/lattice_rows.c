/* Places on a hexagonal lattice: straight rows in circles and polygons, rows along the keep line in bands. */
#include "lattice_parts.h"

#include <stdlib.h>
#include <string.h>

#define AIR_MM 1e-3      /* between a spot and the keep line, so that rounding never crosses it */
#define NEAREST 0.8      /* pitches between two centres; rows at an odd phase stand at 0.866 */
#define JOIN_MM 0.05     /* runs of one curve meet, see shape_band.c */
#define MANY_SITES 1500u /* phases matter at the edge, and a large zone has little of it */

static bool copy(fl_sites *to, const fl_sites *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++)
        if (!fl_sites_add(to, from->list[i])) return false;
    return true;
}

/* ---- straight rows ---- */

static int by_x_then_y(const void *a, const void *b)
{
    const fl_vec *p = a, *q = b;
    if (p->x != q->x) return p->x > q->x ? 1 : -1;
    return (p->y > q->y) - (p->y < q->y);
}

/* Andrew's monotone chain; `hull` has room for twice the points. */
static size_t hull_of(const fl_shape *s, fl_vec *hull)
{
    fl_vec p[FL_SHAPE_POINTS];
    memcpy(p, s->line, s->count * sizeof *p);
    qsort(p, s->count, sizeof *p, by_x_then_y);
    size_t n = 0;
    for (int half = 0; half < 2; half++) {
        const size_t floor = n + 1;
        for (size_t k = 0; k < s->count; k++) {
            const fl_vec at = half ? p[s->count - 1 - k] : p[k];
            while (n > floor &&
                   fl_vec_cross(fl_vec_to(hull[n - 2], hull[n - 1]), fl_vec_to(hull[n - 2], at)) <= 0.0)
                n--;
            hull[n++] = at;
        }
        n--; /* the last is the first of the other half */
    }
    return n;
}

/* Along the edge of the hull across which the polygon, or the line of a strip, is narrowest: the fewest rows,
 * and the same rows however the drawing is turned. */
static fl_vec direction(const fl_shape *s)
{
    fl_vec best = {1.0, 0.0}, hull[2 * FL_SHAPE_POINTS];
    if (s->spec.kind == FL_SHAPE_CIRCLE) return best;
    const size_t n = hull_of(s, hull);
    double narrowest = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const fl_vec a = hull[i], b = hull[(i + 1) % n];
        const double length = fl_vec_far(a, b);
        if (!(length > 0.0)) continue;
        const fl_vec u = {(b.x - a.x) / length, (b.y - a.y) / length};
        double width = 0.0;
        for (size_t k = 0; k < n; k++) width = fmax(width, fabs(fl_vec_cross(u, fl_vec_to(a, hull[k]))));
        if (width < narrowest * (1.0 - 1e-9)) narrowest = width, best = u;
    }
    return best;
}

typedef struct frame {
    fl_vec u, v; /* along the rows, across them */
    double u_least, u_most, v_least, v_most;
} frame;

static frame frame_of(const fl_shape *s)
{
    frame f = {.u = direction(s)};
    f.v = (fl_vec){-f.u.y, f.u.x};
    if (s->spec.kind == FL_SHAPE_CIRCLE) {
        f.u_least = s->least.x, f.u_most = s->most.x, f.v_least = s->least.y, f.v_most = s->most.y;
        return f;
    }
    f.u_least = f.v_least = INFINITY;
    f.u_most = f.v_most = -INFINITY;
    for (size_t i = 0; i < s->outline_count; i++) {
        const double u = fl_vec_dot(s->outline[i], f.u), v = fl_vec_dot(s->outline[i], f.v);
        f.u_least = fmin(f.u_least, u), f.u_most = fmax(f.u_most, u);
        f.v_least = fmin(f.v_least, v), f.v_most = fmax(f.v_most, v);
    }
    return f;
}

/* Phases count from the middle of the shape, so that among equals the symmetric one is met first. */
static bool fill_straight(const fl_placing *p, const frame *f, double u_phase, double v_phase,
                          fl_sites *sites)
{
    const double u_middle = 0.5 * (f->u_least + f->u_most) + u_phase * p->pitch,
                 v_middle = 0.5 * (f->v_least + f->v_most) + v_phase * p->step;
    const long first = (long)floor((f->v_least - v_middle) / p->step), last = -first + 1;
    sites->count = 0;
    for (long row = first; row <= last; row++) {
        const double v = v_middle + (double)row * p->step, shift = row % 2 ? 0.5 : 0.0;
        const double begin = floor((f->u_least - u_middle) / p->pitch - shift);
        for (double k = begin; u_middle + (k + shift) * p->pitch <= f->u_most; k += 1.0) {
            const double u = u_middle + (k + shift) * p->pitch;
            const fl_vec at = {u * f->u.x + v * f->v.x, u * f->u.y + v * f->v.y};
            if (!fl_placing_holds(p, at)) continue;
            if (!fl_sites_add(sites, (fl_site){at, (int)(row - first), u, fl_placing_locked(p, at)}))
                return false;
        }
    }
    return true;
}

bool fl_place_straight(const fl_placing *p, fl_sites *sites)
{
    const frame f = frame_of(p->shape);
    const double cell = p->pitch * p->step;
    const unsigned phases =
        p->shape->area_mm2 / cell > MANY_SITES && p->phases > 3 ? 3 : p->phases; /* along each direction */
    fl_sites tried = {0};
    double best = -INFINITY;
    bool good = true;
    for (unsigned i = 0; good && i < phases; i++)
        for (unsigned j = 0; good && j < phases; j++) {
            good = fill_straight(p, &f, (double)i / phases, (double)j / phases, &tried);
            const double score = good ? fl_placing_score(p, &tried) : -INFINITY;
            if (!(score > best + 1e-9)) continue;
            best = score;
            good = copy(sites, &tried);
        }
    free(tried.list);
    return good;
}

/* ---- rows along a keep line ---- */

typedef struct chain { /* runs that meet end to end */
    const fl_run *runs;
    size_t count;
    double length;
} chain;

static fl_vec chain_at(const chain *c, double along)
{
    size_t i = 0;
    while (i + 1 < c->count && along > c->runs[i].length) along -= c->runs[i++].length;
    return fl_run_at(&c->runs[i], fmin(along, c->runs[i].length));
}

static chain next_chain(const fl_run *runs, size_t count)
{
    chain c = {runs, 1, runs[0].length};
    while (c.count < count && fl_vec_far(fl_run_at(&runs[c.count - 1], runs[c.count - 1].length),
                                         fl_run_at(&runs[c.count], 0.0)) <= JOIN_MM)
        c.length += runs[c.count++].length;
    return c;
}

/* Depths of two rows apart differ by 1.73 pitches, and so do at least their places: one row back is enough.
 */
static bool is_free(const fl_placing *p, const fl_sites *sites, int row, fl_vec at)
{
    for (size_t i = sites->count; i-- > 0 && sites->list[i].row >= row - 1;)
        if (fl_vec_far(sites->list[i].at, at) < NEAREST * p->pitch) return false;
    return true;
}

/* The first place from `along` on that is a whole pitch from `last`, straight across: in a bend, centres a
 * pitch apart along the curve would stand nearer than that. Beyond the end when there is none. */
static double a_pitch_on(const fl_placing *p, const chain *c, double along, fl_vec last)
{
    const double stride = p->pitch / 16.0;
    double near = along;
    while (along <= c->length && fl_vec_far(chain_at(c, along), last) < p->pitch) {
        near = along;
        along += stride;
    }
    if (along > c->length || along == near) return along;
    for (int i = 0; i < 30; i++) {
        const double middle = 0.5 * (near + along);
        if (fl_vec_far(chain_at(c, middle), last) < p->pitch)
            near = middle;
        else
            along = middle;
    }
    return along;
}

static bool fill_row(const fl_placing *p, const fl_run *runs, size_t count, int row, double phase,
                     fl_sites *sites)
{
    double before = 0.0; /* length of the row up to this chain */
    for (size_t i = 0; i < count;) {
        const chain c = next_chain(&runs[i], count - i);
        i += c.count;
        double along = fmod(0.5 * fmod(c.length, p->pitch) + phase * p->pitch, p->pitch);
        while (along <= c.length) {
            const fl_vec at = chain_at(&c, along);
            if (!fl_placing_holds(p, at) || !is_free(p, sites, row, at)) {
                along += p->pitch / 16.0;
                continue;
            }
            if (!fl_sites_add(sites, (fl_site){at, row, before + along, fl_placing_locked(p, at)}))
                return false;
            along = a_pitch_on(p, &c, along + 0.5 * p->pitch, at);
        }
        before += c.length;
    }
    return true;
}

bool fl_place_band(const fl_placing *p, fl_sites *sites)
{
    const double radius = 0.5 * p->spot, deepest = p->shape->width_mm - radius + fl_as_mm(p->rules->spill);
    const unsigned phases = 2 * p->phases;
    fl_run *runs = malloc(FL_BAND_RUNS * sizeof *runs);
    fl_sites tried = {0}, kept = {0};
    bool good = runs != NULL;
    int row = 0;
    for (double depth = radius + AIR_MM; good && depth <= deepest + AIR_MM; depth += p->step, row++) {
        const size_t count = fl_band_trace(p->shape, depth, runs);
        double best = -INFINITY;
        for (unsigned i = 0; good && i < phases; i++) {
            good = copy(&tried, sites) && fill_row(p, runs, count, row, (double)i / phases, &tried);
            const double score = good ? fl_placing_score(p, &tried) : -INFINITY;
            if (!(score > best + 1e-9))
                continue; /* of equals the centred one, so that a band stays symmetric */
            best = score;
            good = copy(&kept, &tried);
        }
        good = good && copy(sites, &kept);
    }
    free(runs);
    free(tried.list);
    free(kept.list);
    return good;
}
