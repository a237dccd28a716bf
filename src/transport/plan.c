#include "plan.h"

#include "axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A layer that scatters a photon crossing it less often than this is scored by path length (walk.c). */
#define TRACK_BELOW 1.0
/* A length of 1 in the lanes: about a millimetre, and a power of two, so that scaling a problem by one moves
 * no bit. */
#define UNIT_M 0x1p-10
#define ROULETTE_LEAST 1e-30 /* below, weights would end as the least single-precision number, and never */
#define THICKEST_M 1e12
/* What a layer absorbs is off by up to 3e-8 over the share a collision takes. */
#define ABSORBED_LEAST 1e-6
/* Events of one photon lie close together: scoring every eighth for many variants costs little accuracy
 * (README). */
#define THIN 8

static fl_status check_rising(const char *what, const fl_length *values, unsigned count, double above_m,
                              fl_error *error)
{
    double last_m = above_m;
    for (unsigned i = 0; i < count; i++) {
        if (!(values[i].m > last_m && isfinite(values[i].m)))
            return fl_error_set(error, FL_E_RANGE, "%s %u is %g m: they must rise and be finite", what, i + 1,
                                values[i].m);
        last_m = values[i].m;
    }
    return FL_OK;
}

static double least_absorption(const fl_medium_layer *layer, unsigned variants)
{
    double least = layer->mua[0].per_m;
    for (unsigned k = 1; k < variants; k++) least = fmin(least, layer->mua[k].per_m);
    return least;
}

/* Weights and lengths of the walk have 24 bits. */
static fl_status check_single_precision(const fl_medium *medium, fl_error *error)
{
    for (unsigned i = 0; i < medium->layers; i++) {
        const fl_medium_layer *layer = &medium->layer[i];
        if (layer->thickness.m > THICKEST_M)
            return fl_error_set(error, FL_E_RANGE, "layer %u: thickness is %g m, must be at most %g", i + 1,
                                layer->thickness.m, THICKEST_M);
        const double mua = least_absorption(layer, medium->variants), mus = layer->mus.per_m;
        if (!(mua > 0.0 && mus > 0.0 && mua / (mua + mus) < ABSORBED_LEAST)) continue;
        fl_error_set(error, FL_E_RANGE,
                     "layer %u: a collision absorbs %.1e of the light, too little for single precision",
                     i + 1, mua / (mua + mus));
        fl_error_hint(error, "write mua 0, or at least %.0e of mus; the exact solution takes any",
                      ABSORBED_LEAST);
        return FL_E_RANGE;
    }
    return FL_OK;
}

fl_status plan_check(const fl_medium *medium, const fl_transport_options *options, fl_error *error)
{
    const fl_status status = fl_medium_check(medium, error);
    if (status != FL_OK) return status;
    if (!(options->photons >= 1 && options->photons <= 1000000000000000u))
        return fl_error_set(error, FL_E_RANGE, "photons must be 1 to 1e15");
    if (!(options->threads >= 1 && options->threads <= 64))
        return fl_error_set(error, FL_E_RANGE, "threads must be 1 to 64, not %u", options->threads);
    if (!(options->roulette >= ROULETTE_LEAST && options->roulette <= 0.1))
        return fl_error_set(error, FL_E_RANGE, "the roulette weight must be %g to 0.1, not %g",
                            ROULETTE_LEAST, options->roulette);
    if (check_single_precision(medium, error) != FL_OK) return FL_E_RANGE;
    if (!(options->relative_error >= 0.0 && options->relative_error <= 1.0))
        return fl_error_set(error, FL_E_RANGE, "the relative error must be 0 to 1, not %g",
                            options->relative_error);
    if (!(options->error_from.m >= 0.0 && options->error_to.m >= 0.0))
        return fl_error_set(error, FL_E_RANGE,
                            "the depths that count for the relative error must not be negative");
    if (options->depth_cells > FL_TRANSPORT_CELLS)
        return fl_error_set(error, FL_E_RANGE, "%u depth cells, at most %d", options->depth_cells,
                            FL_TRANSPORT_CELLS);
    if (options->spot_count > FL_TRANSPORT_SPOTS)
        return fl_error_set(error, FL_E_RANGE, "%u spots, at most %d", options->spot_count,
                            FL_TRANSPORT_SPOTS);
    if (options->depth_cells) {
        if (!(options->depth_edges[0].m >= 0.0))
            return fl_error_set(error, FL_E_RANGE, "depths begin at %g m, above the surface",
                                options->depth_edges[0].m);
        if (check_rising("depth edge", options->depth_edges, options->depth_cells + 1, -1.0, error) != FL_OK)
            return FL_E_RANGE;
    }
    if (options->ring_count > FL_TRANSPORT_RINGS)
        return fl_error_set(error, FL_E_RANGE, "%u rings, at most %d", options->ring_count,
                            FL_TRANSPORT_RINGS);
    if (check_rising("ring", options->rings, options->ring_count, 0.0, error) != FL_OK) return FL_E_RANGE;
    return check_rising("spot", options->spots, options->spot_count, 0.0, error);
}

/* Radii at which rings end: half the spots, and the rings asked for; rising, each once. */
static unsigned plan_radii(const fl_transport_options *options, double *radii_m)
{
    unsigned count = 0, spot = 0, ring = 0;
    while (spot < options->spot_count || ring < options->ring_count) {
        const double a = spot < options->spot_count ? 0.5 * options->spots[spot].m : INFINITY;
        const double b = ring < options->ring_count ? options->rings[ring].m : INFINITY;
        radii_m[count++] = fmin(a, b);
        spot += a <= b;
        ring += b <= a;
    }
    return count;
}

/* Depth cells: a row above, the cells, a row below. */
static fl_status init_rows(walk_plan *plan, const fl_transport_options *options)
{
    walk_grid *grid = &plan->grid;
    const unsigned cells = grid->cells = options->depth_cells;
    if (!cells) return FL_OK;
    grid->rows = cells + 2;
    grid->edges_m = malloc((cells + 1) * sizeof *grid->edges_m);
    double *edges = malloc((cells + 1) * sizeof *edges);
    for (unsigned i = 0; grid->edges_m && edges && i <= cells; i++) {
        grid->edges_m[i] = options->depth_edges[i].m;
        edges[i] = grid->edges_m[i] / plan->unit_m;
    }
    const fl_status status = grid->edges_m && edges ? axis_init(&grid->depth, edges, cells + 1) : FL_E_MEMORY;
    free(edges);
    return status;
}

static fl_status init_rings(walk_plan *plan, const fl_transport_options *options)
{
    walk_grid *grid = &plan->grid;
    double radii_m[FL_TRANSPORT_SPOTS + FL_TRANSPORT_RINGS], radii[FL_TRANSPORT_SPOTS + FL_TRANSPORT_RINGS];
    const unsigned count = plan_radii(options, radii_m);
    grid->rings = count + 1;
    grid->radii_m = malloc((count + 1) * sizeof *grid->radii_m);
    if (!grid->radii_m) return FL_E_MEMORY;
    for (unsigned i = 0; i < count; i++) {
        grid->radii_m[i] = radii_m[i];
        radii[i] = radii_m[i] / plan->unit_m;
    }
    for (unsigned spot = 0; spot < options->spot_count; spot++)
        while (radii_m[grid->spot_rings[spot]++] < 0.5 * options->spots[spot].m) {
        }
    return axis_init_rings(&grid->radius, radii, count);
}

static void init_layer(walk_plan *plan, const fl_medium_layer *from, unsigned i, double top_m)
{
    walk_layer *layer = &plan->layer[i];
    *layer = (walk_layer){
        .n = from->n, .g = from->g, .mus_per_m = from->mus.per_m, .top_m = top_m, .changing = -1};
    layer->bottom_m = top_m + from->thickness.m;
    layer->track = from->mus.per_m * from->thickness.m < TRACK_BELOW;
    const double least = least_absorption(from, plan->variants);
    for (unsigned k = 0; k < plan->variants; k++) {
        layer->mua_per_m[k] = from->mua[k].per_m;
        if (from->mua[k].per_m > least) layer->changing = (int)plan->changing;
    }
    plan->changing += layer->changing >= 0;

    const bool scatters = from->mus.per_m > 0.0;
    const double mus = from->mus.per_m * plan->unit_m, mua = least * plan->unit_m,
                 mut = scatters ? mus + mua : 0.0;
    const double g = scatters ? from->g : 0.0;
    plan->lane[i] = (lane_layer){.mfp = mut > 0.0 ? (float)(1.0 / mut) : INFINITY,
                                 .mut = (float)mut,
                                 .keep = scatters ? (float)(mus / mut) : 1.0f,
                                 .g1 = (float)(1.0 + g),
                                 .gh = (float)(0.5 * g),
                                 .gg = (float)((1.0 - g) * (1.0 - g)),
                                 .thick = (float)(from->thickness.m / plan->unit_m),
                                 .top = (float)(top_m / plan->unit_m),
                                 .score = layer->track ? 0.0f : (float)(1.0 / mut),
                                 .fade = scatters ? 0.0f : (float)(M_LOG2E * mua),
                                 .track = layer->track};
}

static void init_faces(walk_plan *plan, unsigned i)
{
    for (int down = 0; down < 2; down++) {
        const bool outer = down ? i + 1 == plan->layers : i == 0;
        const double beyond = !outer ? plan->layer[down ? i + 1 : i - 1].n
                              : down ? plan->n_below
                                     : plan->n_above;
        const double ratio = plan->layer[i].n / beyond;
        plan->face[i][down] = (lane_face){(float)ratio, (float)(ratio * ratio), outer};
    }
}

/* What each variant absorbs beyond the least, in the layers where they differ. Variants are padded,
 * so that every lane width loops over them alike. */
static fl_status init_fade(walk_plan *plan, const fl_medium *medium)
{
    plan->stride = plan->variants > 1 ? (plan->variants + LANES_MOST - 1) / LANES_MOST * LANES_MOST : 1;
    plan->thin = plan->variants > 1 ? THIN : 1;
    const size_t size = ((size_t)plan->changing * plan->stride + LANES_MOST) * sizeof *plan->fade;
    plan->fade = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!plan->fade) return FL_E_MEMORY;
    memset(plan->fade, 0, size);
    for (unsigned i = 0; i < plan->layers; i++) {
        if (plan->layer[i].changing < 0) continue;
        const double least = least_absorption(&medium->layer[i], plan->variants);
        float *row = plan->fade + (size_t)plan->layer[i].changing * plan->stride;
        for (unsigned k = 0; k < plan->variants; k++)
            row[k] = (float)(M_LOG2E * plan->unit_m * (medium->layer[i].mua[k].per_m - least));
    }
    return FL_OK;
}

fl_status plan_init(walk_plan *plan, const fl_medium *medium, const fl_transport_options *options)
{
    *plan = (walk_plan){.layers = medium->layers,
                        .variants = medium->variants,
                        .n_above = medium->n_above,
                        .n_below = medium->n_below,
                        .unit_m = UNIT_M,
                        .roulette = (float)options->roulette};
    double top_m = 0.0;
    for (unsigned i = 0; i < medium->layers; i++) {
        init_layer(plan, &medium->layer[i], i, top_m);
        top_m = plan->layer[i].bottom_m;
    }
    for (unsigned i = 0; i < medium->layers; i++) init_faces(plan, i);
    fl_status status = init_rows(plan, options);
    if (status == FL_OK) status = init_rings(plan, options);
    if (status == FL_OK) status = init_fade(plan, medium);
    if (status != FL_OK) return status;
    plan->direct = calloc((size_t)plan->grid.cells * plan->variants + 1, sizeof *plan->direct);
    if (!plan->direct) return FL_E_MEMORY;
    walk_direct(plan);
    return FL_OK;
}

void plan_fini(walk_plan *plan)
{
    free(plan->grid.edges_m);
    free(plan->grid.radii_m);
    axis_fini(&plan->grid.depth);
    axis_fini(&plan->grid.radius);
    free(plan->fade);
    free(plan->direct);
}
