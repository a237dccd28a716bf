#include "heat_inside.h"

#include "fadeline/base/assert.h"

#include <gsl/gsl_linalg.h>
#include <math.h>

/* TR-BDF2 (Bank et al. 1985): trapezium over the share 2 - sqrt 2 of a step, then the second-order backward
 * formula over the whole of it. With this share both solve with the same matrix, and stiff cells forget. */
#define WEIGHT_MIDDLE 1.20710678118654752440 /* with g = 2 - sqrt 2: 1 / (g (2 - g)) */
#define WEIGHT_START 0.20710678118654752440  /* WEIGHT_MIDDLE - 1 */
#define FLUX_EARLY 0.35355339059327376220    /* of start and of middle: 1 / (2 sqrt 2) */
#define FLUX_END 0.29289321881345247560      /* 1 - 1 / sqrt 2, which is also g / 2 */

static void set_surface(fl_heat *heat, const fl_heat_surface *surface)
{
    const double half = heat->half_W_m2_K[0];
    heat->absorbed_W_m2 = surface->kind == FL_HEAT_FIXED ? 0.0 : surface->absorbed.W_m2;
    switch (surface->kind) {
    case FL_HEAT_INSULATED:
        heat->film_W_m2_K = 0.0;
        heat->face_W_m2_K[0] = 0.0;
        heat->top_K = 0.0;
        heat->into_W_m2 = heat->absorbed_W_m2;
        return;
    case FL_HEAT_FILM:
        heat->film_W_m2_K = surface->film.W_m2_K;
        heat->face_W_m2_K[0] = half * surface->film.W_m2_K / (half + surface->film.W_m2_K);
        heat->top_K = surface->outside.K - heat->start_K;
        heat->into_W_m2 = heat->absorbed_W_m2 * half / (half + surface->film.W_m2_K);
        return;
    case FL_HEAT_FIXED:
        heat->film_W_m2_K = INFINITY;
        heat->face_W_m2_K[0] = half;
        heat->top_K = surface->outside.K - heat->start_K;
        heat->into_W_m2 = 0.0;
        return;
    }
    FL_ASSERT(!"checked before");
}

fl_status fl_heat_init(fl_heat *heat, const fl_heat_setup *setup, fl_error *error)
{
    FL_ASSERT(heat && setup);
    const fl_status status = fl_heat_check(setup, error);
    if (status != FL_OK) return status;

    const unsigned n = setup->cells;
    *heat = (fl_heat){.cells = n, .start_K = setup->start.K, .deep_K = setup->deep.K - setup->start.K};
    heat->step_share = setup->step_share > 0.0 ? setup->step_share : FL_HEAT_STEP_SHARE;
    double quickest_s = INFINITY;
    for (unsigned i = 0; i < n; i++) {
        const fl_heat_layer *layer = &setup->layers[fl_heat_layer_of(setup, i)];
        const double height_m = setup->edges[i + 1].m - setup->edges[i].m;
        heat->half_W_m2_K[i] = 2.0 * layer->conductivity.W_m_K / height_m;
        heat->store_J_m2_K[i] = layer->capacity.J_m3_K * height_m;
        quickest_s = fmin(quickest_s, 2.0 * heat->store_J_m2_K[i] / heat->half_W_m2_K[i]);
    }
    for (unsigned i = 0; i <= n; i++) heat->edge_m[i] = setup->edges[i].m;
    for (unsigned i = 1; i < n; i++) {
        const double above = heat->half_W_m2_K[i - 1], below = heat->half_W_m2_K[i];
        heat->face_W_m2_K[i] = above * below / (above + below);
    }
    heat->face_W_m2_K[n] = heat->half_W_m2_K[n - 1];
    heat->first_s = heat->step_share * quickest_s;
    set_surface(heat, &setup->surface);
    return FL_OK;
}

fl_status fl_heat_pulse(fl_heat *heat, const fl_energy_density *absorbed)
{
    FL_ASSERT(heat && absorbed);
    for (unsigned i = 0; i < heat->cells; i++)
        if (!(isfinite(absorbed[i].J_m3) && absorbed[i].J_m3 >= 0.0)) return FL_E_RANGE;
    for (unsigned i = 0; i < heat->cells; i++) {
        const double J_m2 = absorbed[i].J_m3 * (heat->edge_m[i + 1] - heat->edge_m[i]);
        heat->warm_K[i] += J_m2 / heat->store_J_m2_K[i];
        heat->put_J_m2 += J_m2;
    }
    heat->since_s = 0.0;
    return FL_OK;
}

fl_status fl_heat_shine(fl_heat *heat, const fl_heating *power)
{
    FL_ASSERT(heat);
    for (unsigned i = 0; power && i < heat->cells; i++)
        if (!(isfinite(power[i].W_m3) && power[i].W_m3 >= 0.0)) return FL_E_RANGE;
    for (unsigned i = 0; i < heat->cells; i++)
        heat->source_W_m2[i] = power ? power[i].W_m3 * (heat->edge_m[i + 1] - heat->edge_m[i]) : 0.0;
    heat->since_s = 0.0;
    return FL_OK;
}

/* Heat that flows down through the top and the bottom while the cells are as warm as this. */
static double down_top(const fl_heat *heat, const double *warm)
{
    return heat->face_W_m2_K[0] * (heat->top_K - warm[0]) + heat->into_W_m2;
}
static double down_deep(const fl_heat *heat, const double *warm)
{
    return heat->face_W_m2_K[heat->cells] * (warm[heat->cells - 1] - heat->deep_K);
}

/* What one cell takes in a second, its source included. */
static inline double gain_W_m2(const fl_heat *heat, const double *warm, unsigned i)
{
    const double from_above = i ? heat->face_W_m2_K[i] * (warm[i - 1] - warm[i]) : down_top(heat, warm);
    const double to_below =
        i + 1 < heat->cells ? heat->face_W_m2_K[i + 1] * (warm[i] - warm[i + 1]) : down_deep(heat, warm);
    return from_above - to_below + heat->source_W_m2[i];
}

/* (store + ahead * conductances) out = right + ahead * what comes from outside. */
static void solve(fl_heat *heat, double ahead_s, double *out)
{
    const unsigned n = heat->cells;
    for (unsigned i = 0; i < n; i++) heat->right_J_m2[i] += ahead_s * heat->source_W_m2[i];
    heat->right_J_m2[0] += ahead_s * (heat->face_W_m2_K[0] * heat->top_K + heat->into_W_m2);
    heat->right_J_m2[n - 1] += ahead_s * heat->face_W_m2_K[n] * heat->deep_K;
    gsl_vector_const_view diagonal = gsl_vector_const_view_array(heat->diagonal, n),
                          beside = gsl_vector_const_view_array(heat->beside, n - 1),
                          right = gsl_vector_const_view_array(heat->right_J_m2, n);
    gsl_vector_view solution = gsl_vector_view_array(out, n);
    const int status =
        gsl_linalg_solve_symm_tridiag(&diagonal.vector, &beside.vector, &right.vector, &solution.vector);
    FL_ASSERT(status == 0); /* positive definite whatever the step */
}

static void step(fl_heat *heat, double s)
{
    const unsigned n = heat->cells;
    const double ahead_s = FLUX_END * s;
    const double *face = heat->face_W_m2_K;
    double *warm = heat->warm_K, *middle = heat->middle_K;
    for (unsigned i = 0; i < n; i++) {
        heat->diagonal[i] = heat->store_J_m2_K[i] + ahead_s * (face[i] + face[i + 1]);
        if (i + 1 < n) heat->beside[i] = -ahead_s * face[i + 1];
        heat->right_J_m2[i] = heat->store_J_m2_K[i] * warm[i] + ahead_s * gain_W_m2(heat, warm, i);
        heat->put_J_m2 += s * heat->source_W_m2[i];
    }
    solve(heat, ahead_s, middle);
    double top = FLUX_EARLY * (down_top(heat, warm) + down_top(heat, middle)),
           deep = FLUX_EARLY * (down_deep(heat, warm) + down_deep(heat, middle));
    for (unsigned i = 0; i < n; i++)
        heat->right_J_m2[i] = heat->store_J_m2_K[i] * (WEIGHT_MIDDLE * middle[i] - WEIGHT_START * warm[i]);
    solve(heat, ahead_s, warm);
    top += FLUX_END * down_top(heat, warm);
    deep += FLUX_END * down_deep(heat, warm);
    heat->put_J_m2 += s * heat->absorbed_W_m2;
    heat->top_J_m2 += s * (heat->absorbed_W_m2 - top);
    heat->deep_J_m2 += s * deep;
    heat->since_s += s;
}

fl_status fl_heat_advance(fl_heat *heat, double s)
{
    FL_ASSERT(heat);
    if (!(isfinite(s) && s >= 0.0)) return FL_E_RANGE;
    for (double left = s; left > 0.0;) {
        const double most = fmax(heat->first_s, heat->step_share * heat->since_s);
        /* The last two steps share what is left: no crumb at the end. */
        const double next = left <= most * (1.0 + 1e-9) ? left : fmin(most, left / 2.0);
        step(heat, next);
        left = next == left ? 0.0 : left - next;
    }
    return FL_OK;
}

/* The surface lies between its outside and the first cell. */
static fl_heat_probe at_surface(const fl_heat *heat)
{
    const double half = heat->half_W_m2_K[0];
    if (isinf(heat->film_W_m2_K)) return (fl_heat_probe){.fixed_K = heat->top_K};
    const double sum = half + heat->film_W_m2_K;
    return (fl_heat_probe){.upper = half / sum,
                           .fixed_K = (heat->film_W_m2_K * heat->top_K + heat->absorbed_W_m2) / sum};
}

/* Face below a cell: as much heat arrives as leaves. */
static fl_heat_probe at_face(const fl_heat *heat, unsigned cell)
{
    if (cell + 1 == heat->cells) return (fl_heat_probe){.cell = cell, .fixed_K = heat->deep_K};
    const double above = heat->half_W_m2_K[cell], below = heat->half_W_m2_K[cell + 1];
    return (fl_heat_probe){.cell = cell, .upper = above / (above + below), .lower = below / (above + below)};
}

bool fl_heat_probe_at(const fl_heat *heat, fl_length depth, fl_heat_probe *probe)
{
    const double *edge = heat->edge_m;
    if (!(depth.m >= 0.0 && depth.m <= edge[heat->cells])) return false;
    unsigned cell = 0;
    while (cell + 1 < heat->cells && depth.m >= edge[cell + 1]) cell++;
    const double along = (depth.m - edge[cell]) / (edge[cell + 1] - edge[cell]);
    const bool upper_half = along < 0.5;
    fl_heat_probe face = upper_half ? cell ? at_face(heat, cell - 1) : at_surface(heat) : at_face(heat, cell);
    const double own = upper_half ? 2.0 * along : 2.0 - 2.0 * along, share = 1.0 - own;
    face.upper *= share, face.lower *= share, face.fixed_K *= share;
    if (face.cell == cell)
        face.upper += own;
    else
        face.lower += own;
    *probe = face;
    return true;
}

double fl_heat_probe_K(const fl_heat *heat, const fl_heat_probe *p)
{
    const double below = p->cell + 1 < heat->cells ? heat->warm_K[p->cell + 1] : 0.0;
    return p->fixed_K + p->upper * heat->warm_K[p->cell] + p->lower * below;
}

double fl_heat_probe_K_per_s(const fl_heat *heat, const fl_heat_probe *p)
{
    const unsigned i = p->cell;
    double sum = p->upper * gain_W_m2(heat, heat->warm_K, i) / heat->store_J_m2_K[i];
    if (i + 1 < heat->cells)
        sum += p->lower * gain_W_m2(heat, heat->warm_K, i + 1) / heat->store_J_m2_K[i + 1];
    return sum;
}

fl_temperature fl_heat_temperature(const fl_heat *heat, fl_length depth)
{
    FL_ASSERT(heat);
    fl_heat_probe probe;
    if (!fl_heat_probe_at(heat, depth, &probe)) return (fl_temperature){NAN};
    return (fl_temperature){heat->start_K + fl_heat_probe_K(heat, &probe)};
}

fl_temperature fl_heat_cell(const fl_heat *heat, unsigned cell)
{
    FL_ASSERT(heat && cell < heat->cells);
    return (fl_temperature){heat->start_K + heat->warm_K[cell]};
}

fl_heat_budget fl_heat_budget_of(const fl_heat *heat)
{
    FL_ASSERT(heat);
    fl_heat_budget budget = {
        .put_J_m2 = heat->put_J_m2, .top_J_m2 = heat->top_J_m2, .deep_J_m2 = heat->deep_J_m2};
    for (unsigned i = 0; i < heat->cells; i++) budget.stored_J_m2 += heat->store_J_m2_K[i] * heat->warm_K[i];
    return budget;
}
