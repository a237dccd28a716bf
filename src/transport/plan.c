#include "plan.h"

#include <math.h>
#include <stdlib.h>

/* A layer that scatters a photon crossing it less often than this is scored by path length (walk.c). */
#define TRACK_BELOW 1.0
/* Lookup bins per cell when cells are of unequal height; one is enough for equal ones. */
#define BINS_PER_CELL 4

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

fl_status plan_check(const fl_medium *medium, const fl_transport_options *options, fl_error *error)
{
    const fl_status status = fl_medium_check(medium, error);
    if (status != FL_OK) return status;
    if (!(options->photons >= 1 && options->photons <= 1000000000000000u))
        return fl_error_set(error, FL_E_RANGE, "photons must be 1 to 1e15");
    if (!(options->threads >= 1 && options->threads <= 64))
        return fl_error_set(error, FL_E_RANGE, "threads must be 1 to 64, not %u", options->threads);
    if (!(options->roulette > 0.0 && options->roulette <= 0.1))
        return fl_error_set(error, FL_E_RANGE, "the roulette weight must be above 0 and at most 0.1, not %g",
                            options->roulette);
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
    return check_rising("spot", options->spots, options->spot_count, 0.0, error);
}

static fl_status init_grid(walk_grid *grid, const fl_transport_options *options)
{
    grid->cells = options->depth_cells;
    grid->rings = options->spot_count + 1;
    for (unsigned i = 0; i < options->spot_count; i++)
        grid->r2_m2[i] = 0.25 * options->spots[i].m * options->spots[i].m;
    if (!grid->cells) return FL_OK;
    grid->edges_m = malloc((grid->cells + 1) * sizeof *grid->edges_m);
    grid->bins = grid->cells * BINS_PER_CELL;
    grid->first = malloc(grid->bins * sizeof *grid->first);
    if (!grid->edges_m || !grid->first) return FL_E_MEMORY;
    for (unsigned i = 0; i <= grid->cells; i++) grid->edges_m[i] = options->depth_edges[i].m;
    const double height = grid->edges_m[grid->cells] - grid->edges_m[0];
    grid->bins_per_m = grid->bins / height;
    for (unsigned bin = 0, cell = 0; bin < grid->bins; bin++) {
        const double top = grid->edges_m[0] + height * bin / grid->bins;
        while (cell + 1 < grid->cells && grid->edges_m[cell + 1] <= top) cell++;
        grid->first[bin] = cell;
    }
    return FL_OK;
}

fl_status plan_init(walk_plan *plan, const fl_medium *medium, const fl_transport_options *options)
{
    *plan = (walk_plan){.layers = medium->layers,
                        .variants = medium->variants,
                        .n_above = medium->n_above,
                        .n_below = medium->n_below,
                        .roulette = options->roulette};
    double top_m = 0.0;
    for (unsigned i = 0; i < medium->layers; i++) {
        const fl_medium_layer *from = &medium->layer[i];
        walk_layer *to = &plan->layer[i];
        *to = (walk_layer){.n = from->n, .g = from->g, .mus_per_m = from->mus.per_m, .top_m = top_m};
        to->bottom_m = top_m + from->thickness.m;
        to->mfp_m = from->mus.per_m > 0.0 ? 1.0 / from->mus.per_m : 0.0;
        to->track = from->mus.per_m * from->thickness.m < TRACK_BELOW;
        for (unsigned k = 0; k < medium->variants; k++) to->mua_per_m[k] = from->mua[k].per_m;
        top_m = to->bottom_m;
    }
    const fl_status status = init_grid(&plan->grid, options);
    if (status != FL_OK) return status;
    plan->direct = calloc((size_t)plan->grid.cells * plan->variants + 1, sizeof *plan->direct);
    if (!plan->direct) return FL_E_MEMORY;
    walk_direct(plan);
    return FL_OK;
}

void plan_fini(walk_plan *plan)
{
    free(plan->grid.edges_m);
    free(plan->grid.first);
    free(plan->direct);
}
