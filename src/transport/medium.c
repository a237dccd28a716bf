#include "fadeline/transport/medium.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdbool.h>

/* Most scatterings we expect of one photon before the medium is called a trap. An albedo of 0.999999 without
 * end needs about 1e7; albedo 1 in 100 cm of skin-like tissue 2e4. */
#define TRAP_SCATTERINGS 3e7

fl_status fl_medium_add(fl_medium *medium, const fl_optical_layer *layers, unsigned count, fl_error *error)
{
    FL_ASSERT(medium && layers);
    if (medium->variants == FL_MEDIUM_VARIANTS)
        return fl_error_set(error, FL_E_FULL, "a medium holds at most %d absorption variants",
                            FL_MEDIUM_VARIANTS);
    if (!(count >= 1 && count <= FL_MEDIUM_LAYERS))
        return fl_error_set(error, FL_E_RANGE, "a medium has 1 to %d layers, not %u", FL_MEDIUM_LAYERS,
                            count);
    const bool first = medium->variants == 0;
    if (!first && count != medium->layers)
        return fl_error_set(error, FL_E_RANGE, "variant %u has %u layers, the first one %u",
                            medium->variants + 1, count, medium->layers);
    for (unsigned i = 0; i < count && !first; i++) {
        const fl_medium_layer *have = &medium->layer[i];
        if (have->n == layers[i].n && have->mus.per_m == layers[i].mus.per_m && have->g == layers[i].g &&
            have->thickness.m == layers[i].thickness.m)
            continue;
        fl_error_set(error, FL_E_RANGE, "layer %u of variant %u differs in more than its absorption", i + 1,
                     medium->variants + 1);
        fl_error_hint(error, "variants share one photon walk; give this one a run of its own");
        return FL_E_RANGE;
    }
    for (unsigned i = 0; i < count; i++) {
        fl_medium_layer *layer = &medium->layer[i];
        if (first) {
            layer->n = layers[i].n;
            layer->mus = layers[i].mus;
            layer->g = layers[i].g;
            layer->thickness = layers[i].thickness;
        }
        layer->mua[medium->variants] = layers[i].mua;
    }
    medium->layers = count;
    medium->variants++;
    return FL_OK;
}

static bool is_index(double n)
{
    return n >= 1.0 && n <= 4.0;
} /* a NaN fails */

static fl_status wrong(fl_error *error, unsigned layer, const char *what, double value, const char *range)
{
    return fl_error_set(error, FL_E_RANGE, "layer %u: %s is %g, must be %s", layer + 1, what, value, range);
}

static fl_status check_layer(const fl_medium *medium, unsigned i, fl_error *error)
{
    const fl_medium_layer *layer = &medium->layer[i];
    if (!is_index(layer->n)) return wrong(error, i, "the refractive index", layer->n, "1 to 4");
    if (!(layer->mus.per_m >= 0.0 && layer->mus.per_m <= 1e9))
        return wrong(error, i, "mus [1/m]", layer->mus.per_m, "0 to 1e9");
    if (!(fabs(layer->g) <= 1.0)) return wrong(error, i, "g", layer->g, "-1 to 1");
    if (layer->mus.per_m > 0.0 && fabs(layer->g) > 0.999)
        return wrong(error, i, "g", layer->g, "-0.999 to 0.999 where light scatters");
    if (!(layer->thickness.m > 0.0 && isfinite(layer->thickness.m)))
        return wrong(error, i, "the thickness [m]", layer->thickness.m, "positive and finite");
    for (unsigned k = 0; k < medium->variants; k++)
        if (!(layer->mua[k].per_m >= 0.0 && layer->mua[k].per_m <= 1e9))
            return wrong(error, i, "mua [1/m]", layer->mua[k].per_m, "0 to 1e9");
    return FL_OK;
}

/* A photon that diffuses in a slab without absorption walks 2 n^2 d on average before it leaves (mean chord
 * of a slab, times n^2 for light kept in by total reflection); one that fades to 1e-4 walks 9.2 / mua. The
 * shorter of the two, times mus, is how often it scatters. Every variant must end, so the lightest absorption
 * counts. */
static fl_status check_trap(const fl_medium *medium, unsigned i, fl_error *error)
{
    const fl_medium_layer *layer = &medium->layer[i];
    double mua_per_m = layer->mua[0].per_m;
    for (unsigned k = 1; k < medium->variants; k++) mua_per_m = fmin(mua_per_m, layer->mua[k].per_m);
    const double leave = 2.0 * layer->n * layer->n * layer->thickness.m * layer->mus.per_m;
    const double fade = mua_per_m > 0.0 ? 9.2 * layer->mus.per_m / mua_per_m : INFINITY;
    if (fmin(leave, fade) <= TRAP_SCATTERINGS) return FL_OK;
    fl_error_set(error, FL_E_RANGE,
                 "layer %u: light would scatter %.0e times and neither leave nor be absorbed", i + 1,
                 fmin(leave, fade));
    fl_error_hint(error, "give the layer some absorption or a smaller thickness");
    return FL_E_RANGE;
}

fl_status fl_medium_check(const fl_medium *medium, fl_error *error)
{
    FL_ASSERT(medium);
    if (!(medium->layers >= 1 && medium->layers <= FL_MEDIUM_LAYERS))
        return fl_error_set(error, FL_E_RANGE, "a medium has 1 to %d layers, not %u", FL_MEDIUM_LAYERS,
                            medium->layers);
    if (!(medium->variants >= 1 && medium->variants <= FL_MEDIUM_VARIANTS))
        return fl_error_set(error, FL_E_RANGE, "a medium has 1 to %d absorption variants, not %u",
                            FL_MEDIUM_VARIANTS, medium->variants);
    if (!is_index(medium->n_above))
        return fl_error_set(error, FL_E_RANGE, "the refractive index above is %g, must be 1 to 4",
                            medium->n_above);
    if (!is_index(medium->n_below))
        return fl_error_set(error, FL_E_RANGE, "the refractive index below is %g, must be 1 to 4",
                            medium->n_below);
    for (unsigned i = 0; i < medium->layers; i++) {
        fl_status status = check_layer(medium, i, error);
        if (status == FL_OK) status = check_trap(medium, i, error);
        if (status != FL_OK) return status;
    }
    return FL_OK;
}
