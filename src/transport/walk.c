/* The reference kernel: one photon at a time, double precision, no tricks that need believing.
 *
 * Free paths come from scattering alone, absorption fades the weights continuously. Fluence is scored at
 * collisions as weight / mus, or as path length where light scatters too little for that (walk_layer.track).
 * A photon that has neither scattered nor turned back scores nothing: that part of the fluence is exact
 * (walk_plan.direct).
 */
#include "walk.h"

#include <math.h>
#include <string.h>

#define STEPS_MAX 100000000u   /* then the photon is given up and counted as lost */
#define ROULETTE_SURVIVORS 0.1 /* one in ten, ten times heavier */

typedef struct photon {
    double x, y, z, ux, uy, uz;
    double depth;   /* optical depth of scattering left to the next collision */
    unsigned layer; /* z says where; this says on which side of a boundary */
    bool direct;    /* still falling straight down from the beam */
    double weight[FL_MEDIUM_VARIANTS];
} photon;

#define HOT static inline __attribute__((always_inline))

walk_layout walk_layout_of(const walk_plan *plan)
{
    const size_t k = plan->variants;
    walk_layout at = {.diffuse = 0, .transmitted = k, .lost = 2 * k, .absorbed = 3 * k};
    at.score = at.absorbed + k * plan->layers;
    at.size = at.score + k * plan->grid.cells * plan->grid.rings;
    return at;
}

/* Exponential with mean 1; the argument of the logarithm is in (0, 1]. */
HOT double draw_depth(fl_random *random)
{
    return -log(1.0 - fl_random_uniform(random));
}

HOT void add(double *to, const double *weight, unsigned variants)
{
    for (unsigned k = 0; k < variants; k++) to[k] += weight[k];
}

/* Fades all weights along a path and books what was absorbed. Returns the largest weight left. */
HOT double fade(const walk_layer *layer, photon *p, double path_m, double *absorbed, unsigned variants)
{
    double largest = 0.0;
    for (unsigned k = 0; k < variants; k++) {
        const double before = p->weight[k], after = before * exp(-layer->mua_per_m[k] * path_m);
        absorbed[k] += before - after;
        p->weight[k] = after;
        largest = after > largest ? after : largest;
    }
    return largest;
}

HOT unsigned find_cell(const walk_grid *grid, double z)
{
    /* In range: the caller looked. The bin is a guess that rounding may put one off. */
    unsigned bin = (unsigned)((z - grid->edges_m[0]) * grid->bins_per_m);
    if (bin >= grid->bins) bin = grid->bins - 1;
    unsigned cell = grid->first[bin];
    while (cell > 0 && z < grid->edges_m[cell]) cell--;
    while (cell + 1 < grid->cells && z >= grid->edges_m[cell + 1]) cell++;
    return cell;
}

HOT unsigned find_ring(const walk_grid *grid, double x, double y)
{
    const double r2 = x * x + y * y;
    unsigned ring = 0;
    for (unsigned i = 0; i + 1 < grid->rings; i++) ring += r2 >= grid->r2_m2[i];
    return ring;
}

HOT bool in_grid(const walk_grid *grid, double z)
{
    return grid->cells && z >= grid->edges_m[0] && z < grid->edges_m[grid->cells];
}

HOT void score_collision(const walk_plan *plan, const photon *p, double mfp_m, double *score,
                         unsigned variants)
{
    const walk_grid *grid = &plan->grid;
    if (!in_grid(grid, p->z)) return;
    const size_t at = (size_t)find_cell(grid, p->z) * grid->rings + find_ring(grid, p->x, p->y);
    double *to = score + at * variants;
    for (unsigned k = 0; k < variants; k++) to[k] += p->weight[k] * mfp_m;
}

/* Path length in every cell the flight crosses. Which ring gets it, and how faded the light is there, is read
 * at one random point of the stretch inside the cell: right on average, and no ring crossings to solve. */
static void score_track(const walk_plan *plan, const photon *p, double path_m, double *score,
                        fl_random *random)
{
    const walk_grid *grid = &plan->grid;
    const walk_layer *layer = &plan->layer[p->layer];
    const double z_end = p->z + p->uz * path_m;
    const double low = fmax(fmin(p->z, z_end), grid->edges_m[0]);
    const double high = fmin(fmax(p->z, z_end), grid->edges_m[grid->cells]);
    if (!(low <= high && in_grid(grid, low))) return;
    const double where = fl_random_uniform(random);
    for (unsigned cell = find_cell(grid, low); cell < grid->cells; cell++) {
        const double z0 = fmax(low, grid->edges_m[cell]), z1 = fmin(high, grid->edges_m[cell + 1]);
        /* A level flight stays in its cell with all its length. */
        const bool level = z_end == p->z;
        const double s0 = level ? 0.0 : fmin((z0 - p->z) / p->uz, (z1 - p->z) / p->uz);
        const double stretch = level ? path_m : (z1 - z0) / fabs(p->uz);
        const double s = s0 + where * stretch;
        const size_t at = (size_t)cell * grid->rings + find_ring(grid, p->x + p->ux * s, p->y + p->uy * s);
        double *to = score + at * plan->variants;
        for (unsigned k = 0; k < plan->variants; k++)
            to[k] += p->weight[k] * exp(-layer->mua_per_m[k] * s) * stretch;
        if (high <= grid->edges_m[cell + 1]) break;
    }
}

/* Henyey & Greenstein 1941, inverted without the cancellation at small g: exact at g = 0, cos = 1 at q = 1.
 */
HOT double draw_cosine(double g, fl_random *random)
{
    const double q = 2.0 * fl_random_uniform(random) - 1.0, g2 = g * g, below = 1.0 + g * q;
    const double c = (q * (1.0 + g2) + 0.5 * g * ((1.0 + g2) * q * q + 3.0 - g2)) / (below * below);
    return c > 1.0 ? 1.0 : c < -1.0 ? -1.0 : c;
}

/* Turns the direction by a Henyey-Greenstein angle. Azimuth: a point in the unit disc, angle doubled (von
 * Neumann; no sine, no cosine). Basis without a singularity at uz = -1: Duff et al. 2017, JCGT 6(1). */
HOT void turn(photon *p, double g, fl_random *random)
{
    const double c = draw_cosine(g, random), s = sqrt(1.0 - c * c);
    double a, b, r2;
    do {
        a = 2.0 * fl_random_uniform(random) - 1.0;
        b = 2.0 * fl_random_uniform(random) - 1.0;
        r2 = a * a + b * b;
    } while (r2 > 1.0 || r2 < 1e-18);
    const double along = s * (a * a - b * b) / r2, across = s * 2.0 * a * b / r2;

    const double sign = copysign(1.0, p->uz), f = -1.0 / (sign + p->uz), h = p->ux * p->uy * f;
    const double ux = c * p->ux + along * (1.0 + sign * p->ux * p->ux * f) + across * h;
    const double uy = c * p->uy + along * sign * h + across * (sign + p->uy * p->uy * f);
    const double uz = c * p->uz - along * sign * p->ux - across * p->uy;
    const double norm = 1.5 - 0.5 * (ux * ux + uy * uy + uz * uz); /* one Newton step to length 1 */
    p->ux = ux * norm, p->uy = uy * norm, p->uz = uz * norm;
}

/* Unpolarised Fresnel reflectance (Hecht, Optics, eqs 4.34-4.40), and the cosine on the other side. */
static double reflectance(double n1, double n2, double cosine, double sine2, double *cosine_out)
{
    const double ratio = n1 / n2, sine2_out = sine2 * ratio * ratio;
    if (sine2_out >= 1.0) return 1.0;
    const double ct = sqrt(1.0 - sine2_out);
    const double rs = (n1 * cosine - n2 * ct) / (n1 * cosine + n2 * ct);
    const double rp = (n1 * ct - n2 * cosine) / (n1 * ct + n2 * cosine);
    *cosine_out = ct;
    return 0.5 * (rs * rs + rp * rp);
}

/* At a boundary (z is exactly on it): reflect, go on in the next layer, or leave. False: it left. */
HOT bool cross(const walk_plan *plan, photon *p, fl_random *random)
{
    const bool down = p->uz > 0.0;
    const bool outer = down ? p->layer + 1 == plan->layers : p->layer == 0;
    const double n1 = plan->layer[p->layer].n;
    const double n2 = !outer ? plan->layer[down ? p->layer + 1 : p->layer - 1].n
                      : down ? plan->n_below
                             : plan->n_above;
    if (n1 != n2) {
        double cosine = 1.0;
        const double r = reflectance(n1, n2, fabs(p->uz), p->ux * p->ux + p->uy * p->uy, &cosine);
        if (r >= 1.0 || fl_random_uniform(random) < r) {
            p->uz = -p->uz;
            p->direct = false;
            return true;
        }
        p->ux *= n1 / n2, p->uy *= n1 / n2, p->uz = copysign(cosine, p->uz);
    }
    if (outer) return false;
    p->layer += down ? 1u : -1u;
    return true;
}

/* Unbiased end of faint photons. What the game gives and takes is booked as absorbed here, so W2 holds. */
HOT bool survives(photon *p, double *absorbed, fl_random *random, unsigned variants)
{
    if (fl_random_uniform(random) < ROULETTE_SURVIVORS) {
        for (unsigned k = 0; k < variants; k++) {
            const double heavier = p->weight[k] / ROULETTE_SURVIVORS;
            absorbed[k] -= heavier - p->weight[k];
            p->weight[k] = heavier;
        }
        return true;
    }
    add(absorbed, p->weight, variants);
    return false;
}

HOT void walk_one(const walk_plan *plan, double *tally, const walk_layout *at, fl_random *random,
                  unsigned variants)
{
    photon p = {.uz = 1.0, .layer = plan->entry_layer, .direct = true};
    for (unsigned k = 0; k < variants; k++) p.weight[k] = plan->entry_weight;
    if (p.layer == plan->layers) { /* all glass: nothing scatters, nothing absorbs */
        add(tally + at->transmitted, p.weight, variants);
        return;
    }
    p.z = plan->layer[p.layer].top_m;
    p.depth = draw_depth(random);

    for (unsigned step = 0; step < STEPS_MAX; step++) {
        const walk_layer *layer = &plan->layer[p.layer];
        const double face = p.uz > 0.0 ? layer->bottom_m : layer->top_m;
        const double to_face = p.uz != 0.0 ? fmax((face - p.z) / p.uz, 0.0) : INFINITY;
        const double to_collision = layer->mus_per_m > 0.0 ? p.depth * layer->mfp_m : INFINITY;
        const bool collides = to_collision < to_face;
        const double path = collides ? to_collision : to_face;
        if (!isfinite(path)) break; /* level for ever in a layer that does not scatter */

        if (layer->track && !p.direct && plan->grid.cells)
            score_track(plan, &p, path, tally + at->score, random);
        const double largest =
            fade(layer, &p, path, tally + at->absorbed + (size_t)p.layer * variants, variants);
        p.x += p.ux * path;
        p.y += p.uy * path;
        if (collides) {
            p.z += p.uz * path;
            if (!layer->track && !p.direct)
                score_collision(plan, &p, layer->mfp_m, tally + at->score, variants);
            p.direct = false;
            p.depth = draw_depth(random);
            turn(&p, layer->g, random);
        } else {
            p.z = face; /* exactly: no photon is ever on the wrong side of its layer */
            p.depth = fmax(p.depth - path * layer->mus_per_m, 0.0);
            const bool down = p.uz > 0.0;
            if (!cross(plan, &p, random)) {
                add(tally + (down ? at->transmitted : at->diffuse), p.weight, variants);
                return;
            }
        }
        if (largest < plan->roulette &&
            !survives(&p, tally + at->absorbed + (size_t)p.layer * variants, random, variants))
            return;
    }
    add(tally + at->lost, p.weight, variants);
}

void walk_photons(const walk_plan *plan, double *tally, fl_random *random, uint64_t photons)
{
    const walk_layout at = walk_layout_of(plan);
    fl_random local = *random; /* in registers while we walk */
    /* The same code twice: with one variant the compiler unrolls its loops. */
    if (plan->variants == 1)
        for (uint64_t i = 0; i < photons; i++) walk_one(plan, tally, &at, &local, 1);
    else
        for (uint64_t i = 0; i < photons; i++) walk_one(plan, tally, &at, &local, plan->variants);
    *random = local;
}
