/* What the beam does before it scatters or turns back: no dice needed.
 *
 * Clear layers on top (glass, a gel film) only bounce light between their faces. Adding their reflectances
 * from the inside out gives the exact specular reflectance and the light that reaches the first turbid layer,
 * where photons are launched. Going on straight down, Beer-Lambert gives the unscattered fluence in every
 * depth cell.
 */
#include "walk.h"

#include <math.h>

/* Normal incidence: ((n1 - n2) / (n1 + n2))^2. */
static double step_reflectance(double n1, double n2)
{
    const double r = (n1 - n2) / (n1 + n2);
    return r * r;
}

/* Above interface i lies layer i - 1 (or the outside), below it layer i (or the outside). */
static double interface(const walk_plan *plan, unsigned i)
{
    const double above = i == 0 ? plan->n_above : plan->layer[i - 1].n;
    const double below = i == plan->layers ? plan->n_below : plan->layer[i].n;
    return step_reflectance(above, below);
}

static bool is_clear(const walk_plan *plan, unsigned i)
{
    if (plan->layer[i].mus_per_m > 0.0) return false;
    for (unsigned k = 0; k < plan->variants; k++)
        if (plan->layer[i].mua_per_m[k] > 0.0) return false;
    return true;
}

/* Adds fluence * exp(-mut (z - top)), averaged over each cell, where cell and layer overlap. */
static void add_beam(walk_plan *plan, const walk_layer *layer, unsigned variant, double fluence,
                     double mut_per_m)
{
    for (unsigned cell = 0; cell < plan->grid.cells; cell++) {
        const double z0 = plan->grid.edges_m[cell], z1 = plan->grid.edges_m[cell + 1];
        const double low = fmax(z0, layer->top_m), high = fmin(z1, layer->bottom_m);
        if (!(low < high)) continue;
        const double tau = mut_per_m * (high - low);
        const double mean = tau > 0.0 ? -expm1(-tau) / tau : 1.0;
        plan->direct[(size_t)cell * plan->variants + variant] +=
            fluence * exp(-mut_per_m * (low - layer->top_m)) * mean * (high - low) / (z1 - z0);
    }
}

static void add_straight_beam(walk_plan *plan, unsigned variant)
{
    double beam = plan->entry_weight;
    for (unsigned i = plan->entry_layer; i < plan->layers && beam > 0.0; i++) {
        const walk_layer *layer = &plan->layer[i];
        const double mut_per_m = layer->mus_per_m + layer->mua_per_m[variant];
        add_beam(plan, layer, variant, beam, mut_per_m);
        beam *= exp(-mut_per_m * (layer->bottom_m - layer->top_m)) * (1.0 - interface(plan, i + 1));
    }
}

void walk_direct(walk_plan *plan)
{
    unsigned clear = 0;
    while (clear < plan->layers && is_clear(plan, clear)) clear++;

    /* below[i]: reflectance of everything from interface i down to the last clear one (incoherent bounces).
     */
    double below[FL_MEDIUM_LAYERS + 1];
    below[clear] = interface(plan, clear);
    for (unsigned i = clear; i-- > 0;) {
        const double r = interface(plan, i);
        below[i] = r + (1.0 - r) * (1.0 - r) * below[i + 1] / (1.0 - r * below[i + 1]);
    }
    plan->specular = below[0];
    plan->entry_weight = 1.0 - below[0];
    plan->entry_layer = clear;

    double down = 1.0;
    for (unsigned i = 0; i < clear; i++) {
        const double r = interface(plan, i);
        down *= (1.0 - r) / (1.0 - r * below[i + 1]);
        for (unsigned k = 0; k < plan->variants; k++)
            add_beam(plan, &plan->layer[i], k, down * (1.0 + below[i + 1]), 0.0);
    }
    for (unsigned k = 0; k < plan->variants; k++) add_straight_beam(plan, k);
}

double fl_medium_specular(const fl_medium *medium)
{
    walk_plan plan = {.layers = medium->layers,
                      .variants = medium->variants,
                      .n_above = medium->n_above,
                      .n_below = medium->n_below};
    for (unsigned i = 0; i < medium->layers; i++) {
        plan.layer[i].n = medium->layer[i].n;
        plan.layer[i].mus_per_m = medium->layer[i].mus.per_m;
        for (unsigned k = 0; k < medium->variants; k++)
            plan.layer[i].mua_per_m[k] = medium->layer[i].mua[k].per_m;
    }
    walk_direct(&plan); /* no cells: only the surface */
    return plan.specular;
}
