#include "helper_classic.h"

#include "fadeline/base/random.h"

#include <math.h>
#include <stdbool.h>

typedef struct photon {
    double x, y, z, ux, uy, uz, weight, left; /* left: optical depth of the step not walked yet */
    unsigned layer;
} photon;

static double fresnel(double n1, double n2, double cosine, double *cosine_out)
{
    if (n1 == n2) return *cosine_out = cosine, 0.0;
    const double sine = sqrt(1.0 - cosine * cosine) * n1 / n2;
    if (sine >= 1.0) return *cosine_out = 0.0, 1.0;
    const double a1 = acos(cosine), a2 = asin(sine);
    *cosine_out = cos(a2);
    if (a1 < 1e-6) return (n1 - n2) * (n1 - n2) / ((n1 + n2) * (n1 + n2));
    const double s = sin(a1 - a2) / sin(a1 + a2), p = tan(a1 - a2) / tan(a1 + a2);
    return 0.5 * (s * s + p * p);
}

static void spin(photon *p, double g, classic_generator random)
{
    const double u = random.uniform(random.self), psi = 2.0 * M_PI * random.uniform(random.self);
    const double t = g == 0.0 ? 0.0 : (1.0 - g * g) / (1.0 - g + 2.0 * g * u);
    const double c = g == 0.0 ? 2.0 * u - 1.0 : (1.0 + g * g - t * t) / (2.0 * g);
    const double s = sqrt(fmax(1.0 - c * c, 0.0)), cp = cos(psi), sp = sin(psi);
    const double ux = p->ux, uy = p->uy, uz = p->uz, across = sqrt(1.0 - uz * uz);
    if (fabs(uz) > 1.0 - 1e-12) {
        p->ux = s * cp, p->uy = s * sp, p->uz = copysign(c, uz * c);
        return;
    }
    p->ux = s * (ux * uz * cp - uy * sp) / across + ux * c;
    p->uy = s * (uy * uz * cp + ux * sp) / across + uy * c;
    p->uz = -s * cp * across + uz * c;
}

/* False when the photon left. */
static bool cross(const fl_medium *medium, photon *p, classic_generator random, classic_sums *sums)
{
    const bool down = p->uz > 0.0, outer = down ? p->layer + 1 == medium->layers : p->layer == 0;
    const double n1 = medium->layer[p->layer].n;
    const double n2 =
        outer ? (down ? medium->n_below : medium->n_above) : medium->layer[p->layer + (down ? 1 : -1)].n;
    double cosine;
    const double r = fresnel(n1, n2, fabs(p->uz), &cosine);
    /* One number at every boundary, also where r = 0: with one such number in between, lag 55 is 18 whole
     * steps and lag 24 is 8, and a scattering angle is the difference of two earlier ones. Without it the bad
     * generator does no visible harm. */
    if (random.uniform(random.self) < r) {
        p->uz = -p->uz;
        return true;
    }
    p->ux *= n1 / n2, p->uy *= n1 / n2, p->uz = copysign(cosine, p->uz);
    if (!outer) return p->layer += down ? 1 : -1, true;
    *(down ? &sums->transmitted : &sums->diffuse) += p->weight;
    return false;
}

static void add_to_grid(const classic_grid *grid, const photon *p, double drop)
{
    const double ring = sqrt(p->x * p->x + p->y * p->y) / grid->dr_m, row = p->z / grid->dz_m;
    const unsigned ir = ring < grid->rings ? (unsigned)ring : grid->rings - 1;
    const unsigned iz = row < grid->rows ? (unsigned)row : grid->rows - 1;
    grid->absorbed[(size_t)iz * grid->rings + ir] += drop;
}

static void walk_one(const fl_medium *medium, const double *top, classic_generator random, classic_sums *sums)
{
    photon p = {.uz = 1.0, .weight = 1.0 - fl_medium_specular(medium)};
    for (;;) {
        const fl_medium_layer *layer = &medium->layer[p.layer];
        const double mua = layer->mua[0].per_m, mut = mua + layer->mus.per_m;
        if (p.left == 0.0) p.left = -log(random.uniform(random.self) + 1e-18);
        const double face = top[p.layer + (p.uz > 0.0)];
        const double to_face = p.uz != 0.0 ? fmax((face - p.z) / p.uz, 0.0) : INFINITY, path = p.left / mut;
        if (path > to_face) {
            p.left -= to_face * mut;
            p.x += to_face * p.ux;
            p.y += to_face * p.uy;
            p.z = face;
            if (!cross(medium, &p, random, sums)) return;
            continue;
        }
        p.x += path * p.ux;
        p.y += path * p.uy;
        p.z += path * p.uz;
        p.left = 0.0;
        const double drop = p.weight * mua / mut;
        p.weight -= drop;
        sums->absorbed[p.layer] += drop;
        if (sums->grid) add_to_grid(sums->grid, &p, drop);
        spin(&p, layer->g, random);
        if (p.weight < 1e-4) {
            if (!(p.weight > 0.0 && random.uniform(random.self) <= 0.1)) return;
            p.weight *= 10.0;
        }
    }
}

void classic_walk(const fl_medium *medium, classic_generator random, uint64_t photons, classic_sums *sums)
{
    double top[FL_MEDIUM_LAYERS + 1] = {0.0};
    for (unsigned i = 0; i < medium->layers; i++) top[i + 1] = top[i] + medium->layer[i].thickness.m;
    for (uint64_t i = 0; i < photons; i++) walk_one(medium, top, random, sums);
}

#define BIG 1000000000L

void lagged_init(lagged *g, long seed)
{
    long value = 161803398L - seed % 161803398L, next = 1;
    g->table[55] = value;
    for (int i = 1; i <= 54; i++) {
        const int at = (21 * i) % 55;
        g->table[at] = next;
        next = value - next;
        if (next < 0) next += BIG;
        value = g->table[at];
    }
    for (int round = 0; round < 4; round++)
        for (int i = 1; i <= 55; i++) {
            g->table[i] -= g->table[1 + (i + 30) % 55];
            if (g->table[i] < 0) g->table[i] += BIG;
        }
    g->at = 0, g->behind = 31;
}

double lagged_uniform(void *self)
{
    lagged *g = self;
    if (++g->at == 56) g->at = 1;
    if (++g->behind == 56) g->behind = 1;
    long value = g->table[g->at] - g->table[g->behind];
    if (value < 0) value += BIG;
    g->table[g->at] = value;
    return (double)value / BIG;
}

double our_uniform(void *self)
{
    return fl_random_uniform(self);
}
