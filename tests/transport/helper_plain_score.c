/* Where light goes: cells and rings, the beam that meets nothing, and what blocks say together. */
#include "helper_plain.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdlib.h>

/* A layer that scatters a photon crossing it less often than this is scored by path length. */
#define TRACK_BELOW 1.0

static void *reserve(size_t count)
{
    void *room = calloc(count + 1, sizeof(double));
    FL_ASSERT(room);
    return room;
}

static void set_layers(plain_run *run, const fl_medium *medium)
{
    double top_m = 0.0;
    run->layers = medium->layers;
    for (unsigned i = 0; i < run->layers; i++) {
        const fl_medium_layer *from = &medium->layer[i];
        run->layer[i] = (plain_layer){.n = from->n,
                                      .g = from->g,
                                      .mus_per_m = from->mus.per_m,
                                      .mua_per_m = from->mua[0].per_m,
                                      .top_m = top_m,
                                      .bottom_m = top_m + from->thickness.m,
                                      .track = from->mus.per_m * from->thickness.m < TRACK_BELOW};
        top_m = run->layer[i].bottom_m;
    }
}

static void set_grid(plain_run *run, const plain_options *options)
{
    const bool classic = options->dz.m > 0.0;
    run->cells = options->cells;
    run->rings = options->rings + 1;
    run->edges_m = reserve(run->cells + 1);
    run->r2_m2 = reserve(run->rings);
    for (unsigned i = 0; i <= run->cells && run->cells; i++)
        run->edges_m[i] = classic ? options->dz.m * i : options->edges[i].m;
    for (unsigned i = 0; i + 1 < run->rings; i++) {
        const double r = classic ? options->dr.m * (i + 1) : options->radii[i].m;
        run->r2_m2[i] = r * r;
    }
    run->cells_per_m = classic ? 1.0 / options->dz.m : 0.0;
    run->rings_per_m = classic ? 1.0 / options->dr.m : 0.0;
}

/* Normal incidence on interface i: above it lies layer i - 1, below it layer i. */
static double interface(const plain_run *run, unsigned i)
{
    const double above = i == 0 ? run->n_above : run->layer[i - 1].n;
    const double below = i == run->layers ? run->n_below : run->layer[i].n;
    return (above - below) * (above - below) / ((above + below) * (above + below));
}

/* Adds fluence * exp(-mut (z - top)), averaged over each cell, where cell and layer overlap. */
static void add_beam(plain_run *run, const plain_layer *layer, double fluence, double mut_per_m)
{
    for (unsigned cell = 0; cell < run->cells; cell++) {
        const double low = fmax(run->edges_m[cell], layer->top_m);
        const double high = fmin(run->edges_m[cell + 1], layer->bottom_m);
        if (!(low < high)) continue;
        const double tau = mut_per_m * (high - low), mean = tau > 0.0 ? -expm1(-tau) / tau : 1.0;
        const double share = (high - low) / (run->edges_m[cell + 1] - run->edges_m[cell]);
        run->direct[cell] += fluence * exp(-mut_per_m * (low - layer->top_m)) * mean * share;
    }
}

/* Clear layers on top only bounce light between their faces: summed from the inside out, below[i] is the
 * reflectance of everything from interface i down to the last clear one. Then straight down, Beer-Lambert. */
static void set_direct(plain_run *run)
{
    unsigned clear = 0;
    while (clear < run->layers && run->layer[clear].mus_per_m == 0.0 && run->layer[clear].mua_per_m == 0.0)
        clear++;
    double below[FL_MEDIUM_LAYERS + 1], down = 1.0;
    below[clear] = interface(run, clear);
    for (unsigned i = clear; i-- > 0;) {
        const double r = interface(run, i);
        below[i] = r + (1.0 - r) * (1.0 - r) * below[i + 1] / (1.0 - r * below[i + 1]);
    }
    run->entry_layer = clear, run->specular = below[0], run->entry_weight = 1.0 - below[0];
    for (unsigned i = 0; i < clear; i++) {
        const double r = interface(run, i);
        down *= (1.0 - r) / (1.0 - r * below[i + 1]);
        add_beam(run, &run->layer[i], down * (1.0 + below[i + 1]), 0.0);
    }
    double beam = run->entry_weight;
    for (unsigned i = clear; i < run->layers; i++) {
        const plain_layer *layer = &run->layer[i];
        const double mut_per_m = layer->mus_per_m + layer->mua_per_m;
        add_beam(run, layer, beam, mut_per_m);
        beam *= exp(-mut_per_m * (layer->bottom_m - layer->top_m)) * (1.0 - interface(run, i + 1));
    }
}

plain_run *plain_new(const fl_medium *medium, const plain_options *options)
{
    FL_ASSERT(medium->variants == 1 && options->block_photons > 0);
    plain_run *run = calloc(1, sizeof *run);
    FL_ASSERT(run);
    run->n_above = medium->n_above, run->n_below = medium->n_below;
    run->seed = options->seed, run->block_photons = options->block_photons, run->roulette = options->roulette;
    set_layers(run, medium);
    set_grid(run, options);
    run->direct = reserve(run->cells);
    set_direct(run);
    run->size = PLAIN_ABSORBED + run->layers + (size_t)run->cells * run->rings;
    run->tally = reserve(run->size), run->sum = reserve(run->size), run->square = reserve(run->size);
    return run;
}

void plain_free(plain_run *run)
{
    if (!run) return;
    free(run->edges_m);
    free(run->r2_m2);
    free(run->direct);
    free(run->tally);
    free(run->sum);
    free(run->square);
    free(run);
}

static unsigned find_ring(const plain_run *run, double x, double y)
{
    const double r2 = x * x + y * y;
    if (run->rings_per_m > 0.0) return (unsigned)fmin(sqrt(r2) * run->rings_per_m, run->rings - 1);
    unsigned ring = 0;
    while (ring + 1 < run->rings && r2 >= run->r2_m2[ring]) ring++;
    return ring;
}

static bool in_grid(const plain_run *run, double z)
{
    return run->cells && z >= run->edges_m[0] && z < run->edges_m[run->cells];
}

static unsigned find_cell(const plain_run *run, double z) /* in the grid */
{
    if (run->cells_per_m > 0.0) return (unsigned)fmin(z * run->cells_per_m, run->cells - 1);
    unsigned cell = 0;
    while (z >= run->edges_m[cell + 1]) cell++;
    return cell;
}

static double *score_at(plain_run *run, unsigned cell, double x, double y)
{
    return run->tally + PLAIN_ABSORBED + run->layers + (size_t)cell * run->rings + find_ring(run, x, y);
}

/* A collision stands for a free path of mean length 1 / mus. */
void plain_score_collision(plain_run *run, const plain_photon *p)
{
    if (in_grid(run, p->z))
        *score_at(run, find_cell(run, p->z), p->x, p->y) += p->weight / run->layer[p->layer].mus_per_m;
}

/* Path length in every cell the flight crosses. Which ring gets it, and how faded the light is there, is read
 * at one random point of the stretch inside the cell: right on average, and no ring crossings to solve. */
void plain_score_flight(plain_run *run, const plain_photon *p, double path_m, fl_random *random)
{
    if (!run->cells) return;
    const double z_end = p->z + p->uz * path_m, mua_per_m = run->layer[p->layer].mua_per_m;
    const double low = fmax(fmin(p->z, z_end), run->edges_m[0]);
    const double high = fmin(fmax(p->z, z_end), run->edges_m[run->cells]);
    if (!(low <= high && in_grid(run, low))) return;
    const bool level = z_end == p->z; /* stays in its cell with all its length */
    for (unsigned cell = find_cell(run, low); cell < run->cells && run->edges_m[cell] <= high; cell++) {
        const double z0 = fmax(low, run->edges_m[cell]), z1 = fmin(high, run->edges_m[cell + 1]);
        if (!level && !(z0 < z1)) continue;
        const double first = level ? 0.0 : fmin((z0 - p->z) / p->uz, (z1 - p->z) / p->uz);
        const double stretch = level ? path_m : (z1 - z0) / fabs(p->uz);
        const double s = first + fl_random_uniform(random) * stretch;
        *score_at(run, cell, p->x + p->ux * s, p->y + p->uy * s) += p->weight * exp(-mua_per_m * s) * stretch;
        if (level) break;
    }
}

static fl_estimate estimate(const plain_run *run, size_t at, double scale)
{
    const double n = (double)run->blocks, sum = run->sum[at], spread = run->square[at] - sum * sum / n;
    scale /= (double)run->block_photons;
    if (run->blocks < 2) return (fl_estimate){sum / n * scale, NAN};
    return (fl_estimate){sum / n * scale, sqrt(fmax(spread, 0.0) / (n * (n - 1.0))) * scale};
}

fl_estimate plain_diffuse(const plain_run *run)
{
    return estimate(run, PLAIN_DIFFUSE, 1.0);
}

fl_estimate plain_transmitted(const plain_run *run)
{
    return estimate(run, PLAIN_TRANSMITTED, 1.0);
}

fl_estimate plain_absorbed(const plain_run *run, unsigned layer)
{
    FL_ASSERT(layer < run->layers);
    return estimate(run, PLAIN_ABSORBED + layer, 1.0);
}

/* Path length per volume of the slice, photons per area of the beam: height is all that is left. */
fl_estimate plain_fluence(const plain_run *run, unsigned rings, unsigned cell)
{
    FL_ASSERT(rings >= 1 && rings <= run->rings && cell < run->cells);
    const size_t at = PLAIN_ABSORBED + run->layers + (size_t)cell * run->rings + rings - 1;
    fl_estimate e = estimate(run, at, 1.0 / (run->edges_m[cell + 1] - run->edges_m[cell]));
    e.value += run->direct[cell];
    return e;
}
