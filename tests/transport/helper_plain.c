#include "helper_plain.h"

#include <math.h>
#include <string.h>

#define STEPS_MAX 100000000u /* then the photon is given up and counted as lost */
#define SURVIVORS 0.1        /* of roulette: one in ten, ten times heavier */

/* Exponential with mean 1; the argument of the logarithm is in (0, 1]. */
static double draw_depth(fl_random *random)
{
    return -log(1.0 - fl_random_uniform(random));
}

/* Henyey & Greenstein 1941, inverted without the cancellation at small g: exact at g = 0, cos = 1 at q = 1.
 */
static double draw_cosine(double g, fl_random *random)
{
    const double q = 2.0 * fl_random_uniform(random) - 1.0, g2 = g * g, below = 1.0 + g * q;
    const double c = (q * (1.0 + g2) + 0.5 * g * ((1.0 + g2) * q * q + 3.0 - g2)) / (below * below);
    return fmin(fmax(c, -1.0), 1.0);
}

/* Turns the direction by a Henyey-Greenstein angle about a uniform azimuth, in a basis made from the axis the
 * direction is least along. */
static void turn(plain_photon *p, double g, fl_random *random)
{
    const double c = draw_cosine(g, random), s = sqrt(1.0 - c * c);
    const double azimuth = 2.0 * M_PI * fl_random_uniform(random), a = s * cos(azimuth), b = s * sin(azimuth);
    const double ux = p->ux, uy = p->uy, uz = p->uz;
    double vx, vy, vz; /* across u; w = u x v */
    if (fabs(uz) < 0.9)
        vx = -uy, vy = ux, vz = 0.0;
    else
        vx = 0.0, vy = -uz, vz = uy;
    const double length = sqrt(vx * vx + vy * vy + vz * vz);
    vx /= length, vy /= length, vz /= length;
    const double wx = uy * vz - uz * vy, wy = uz * vx - ux * vz, wz = ux * vy - uy * vx;
    const double nx = c * ux + a * vx + b * wx, ny = c * uy + a * vy + b * wy, nz = c * uz + a * vz + b * wz;
    const double norm = 1.0 / sqrt(nx * nx + ny * ny + nz * nz);
    p->ux = nx * norm, p->uy = ny * norm, p->uz = nz * norm;
}

/* Unpolarised Fresnel reflectance (Hecht, Optics, eqs 4.34-4.40), and the cosine on the other side. */
static double reflectance(double n1, double n2, double cosine, double sine2, double *cosine_out)
{
    const double sine2_out = sine2 * (n1 / n2) * (n1 / n2);
    if (sine2_out >= 1.0) return 1.0;
    const double ct = sqrt(1.0 - sine2_out);
    const double rs = (n1 * cosine - n2 * ct) / (n1 * cosine + n2 * ct);
    const double rp = (n1 * ct - n2 * cosine) / (n1 * ct + n2 * cosine);
    *cosine_out = ct;
    return 0.5 * (rs * rs + rp * rp);
}

/* At a boundary (z is exactly on it): reflect, go on in the next layer, or leave. False: it left. */
static bool cross(const plain_run *run, plain_photon *p, fl_random *random)
{
    const bool down = p->uz > 0.0;
    const bool outer = down ? p->layer + 1 == run->layers : p->layer == 0;
    const double n1 = run->layer[p->layer].n;
    const double n2 = !outer ? run->layer[down ? p->layer + 1 : p->layer - 1].n
                      : down ? run->n_below
                             : run->n_above;
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

/* Unbiased end of faint photons. What the game gives and takes is booked as absorbed here, so energy adds up.
 */
static bool survives(plain_photon *p, double *absorbed, fl_random *random)
{
    const bool lucky = fl_random_uniform(random) < SURVIVORS;
    const double after = lucky ? p->weight / SURVIVORS : 0.0;
    *absorbed += p->weight - after;
    p->weight = after;
    return lucky;
}

static void walk_one(plain_run *run, fl_random *random)
{
    double *tally = run->tally;
    plain_photon p = {.uz = 1.0, .weight = run->entry_weight, .layer = run->entry_layer, .direct = true};
    if (p.layer == run->layers) { /* all glass: nothing scatters, nothing absorbs */
        tally[PLAIN_TRANSMITTED] += p.weight;
        return;
    }
    p.z = run->layer[p.layer].top_m;
    p.depth = draw_depth(random);

    for (unsigned step = 0; step < STEPS_MAX; step++) {
        const plain_layer *layer = &run->layer[p.layer];
        double *absorbed = &tally[PLAIN_ABSORBED + p.layer];
        const double face = p.uz > 0.0 ? layer->bottom_m : layer->top_m;
        const double to_face = p.uz != 0.0 ? fmax((face - p.z) / p.uz, 0.0) : INFINITY;
        const double to_collision = layer->mus_per_m > 0.0 ? p.depth / layer->mus_per_m : INFINITY;
        const bool collides = to_collision < to_face;
        const double path = collides ? to_collision : to_face;
        if (!isfinite(path)) break; /* level for ever in a layer that does not scatter */

        if (layer->track && !p.direct) plain_score_flight(run, &p, path, random);
        const double before = p.weight;
        p.weight *= exp(-layer->mua_per_m * path);
        *absorbed += before - p.weight;
        p.x += p.ux * path;
        p.y += p.uy * path;
        if (collides) {
            p.z += p.uz * path;
            run->collisions++;
            if (!layer->track && !p.direct) plain_score_collision(run, &p);
            p.direct = false;
            p.depth = draw_depth(random);
            turn(&p, layer->g, random);
        } else {
            p.z = face; /* exactly: no photon is ever on the wrong side of its layer */
            p.depth = fmax(p.depth - path * layer->mus_per_m, 0.0);
            const bool down = p.uz > 0.0;
            if (!cross(run, &p, random)) {
                tally[down ? PLAIN_TRANSMITTED : PLAIN_DIFFUSE] += p.weight;
                return;
            }
        }
        if (p.weight < run->roulette && !survives(&p, absorbed, random)) return;
    }
    run->lost++;
}

/* Rings cumulated, so that what lies inside a radius has its own spread among the blocks. */
static void add_block(plain_run *run)
{
    double *score = run->tally + PLAIN_ABSORBED + run->layers;
    for (unsigned cell = 0; cell < run->cells; cell++)
        for (unsigned ring = 1; ring < run->rings; ring++)
            score[cell * run->rings + ring] += score[cell * run->rings + ring - 1];
    for (size_t i = 0; i < run->size; i++) {
        run->sum[i] += run->tally[i];
        run->square[i] += run->tally[i] * run->tally[i];
    }
}

void plain_walk(plain_run *run, unsigned blocks)
{
    for (unsigned i = 0; i < blocks; i++) {
        fl_random random;
        fl_random_init(&random, run->seed, run->blocks++);
        memset(run->tally, 0, run->size * sizeof *run->tally);
        for (uint64_t photon = 0; photon < run->block_photons; photon++) walk_one(run, &random);
        add_block(run);
    }
}
