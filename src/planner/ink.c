#include "ink.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/thermal/thermal.h"

#include <math.h>

/* Carbon broken by tension over carbon superheated, both confined, same MAC: strength / (Gamma rho c_p dT)
 * with 40 MPa, 0.5, 1800 kg/m3 (thermal.csv) and 1.0 J/g/K x 268 K (37 to 305 C, thresholds.csv). */
#define TENSION_OVER_SUPERHEAT (40e6 / (0.5 * 1800.0 * 268e3))
#define SOUND_M_S 3000.0 /* compact carbon, thermal.csv */

bool fl_ink_is_carbon(const fl_pigment *pigment)
{
    return fl_text_begins(pigment->id, "carbon");
}
static bool is_white(const fl_pigment *pigment)
{
    return fl_text_same(pigment->id, "titanium_dioxide");
}
double fl_ink_breaks_J_kg(const fl_pigment *pigment)
{
    static const struct {
        const char *family;
        double J_kg;
    } rows[] = {
        {"carbon", 800e3},
        {"iron_oxide", 500e3},
        {"chromium_oxide", 500e3}, /* not found: as iron oxide */
        {"ultramarine", 500e3},    /* not found: as iron oxide */
        {"titanium", 500e3},       /* the same; it hardly absorbs */
        {"phthalo", 1.2e3 * (800.0 - 306.0)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fl_text_begins(pigment->id, rows[i].family)) return rows[i].J_kg;
    return 1.2e3 * (620.0 - 306.0);
}

fl_length fl_ink_primary(const fl_pigment *pigment)
{
    return fl_um(fl_ink_is_carbon(pigment) ? 0.1 : 0.2);
}

/* Clumps in cells are loose, with water in their pores (thermal.csv); half solid, as grains that fell
 * together. No measurement was found. */
#define CLUMP_FILL 0.5

static double packaging(double x)
{
    return x < 1e-9 ? 1.0 : -expm1(-x) / x;
}

double fl_ink_packed(double mac_m2_kg, double density_kg_m3, fl_length primary, fl_length clump)
{
    const double per_m = 2.0 / 3.0 * density_kg_m3 * mac_m2_kg;
    /* A clump no wider than the particle is the particle. */
    const double d = fmax(CLUMP_FILL * clump.m, primary.m);
    return mac_m2_kg * packaging(per_m * d) / packaging(per_m * primary.m);
}

double fl_ink_pulse_factor(fl_pulse_length pulse, const fl_ink_draw *draw, bool carbon)
{
    const fl_diffusivity kappa = {draw->kappa_m2_s};
    const double superheat = 1.0 / fl_thermal_survive(pulse, fl_thermal_relaxation_s(draw->particle, kappa));
    if (!carbon)
        return superheat; /* no strength of an oxide or organic particle was found: no gain claimed */
    const double tension = TENSION_OVER_SUPERHEAT * draw->toughness /
                           fl_thermal_survive(pulse, fl_thermal_transit_s(draw->particle, SOUND_M_S));
    return fmin(superheat, tension);
}

fl_status fl_ink_colour(const fl_pigment *pigment, fl_wavelength wavelength, double *share)
{
    fl_mass_absorption mac;
    const fl_status status = fl_pigment_absorption(pigment, wavelength, &mac);
    if (status != FL_OK) return status;
    double best = 0.0;
    for (size_t i = 0; i < sizeof pigment->m2_g / sizeof *pigment->m2_g; i++)
        best = fmax(best, pigment->m2_g[i]);
    *share = fl_as_m2_g(mac) / best;
    return FL_OK;
}

fl_status fl_ink_target(const fl_planner_ink *ink, fl_wavelength wavelength, size_t *target, double *share)
{
    double most = -1.0, coloured = 0.0;
    size_t best = 0;
    for (size_t i = 0; i < ink->shares_count; i++) {
        const fl_pigment *pigment = fl_pigment_find(ink->shares[i].pigment);
        FL_ASSERT(pigment); /* the library checked */
        fl_mass_absorption mac;
        const fl_status status = fl_pigment_absorption(pigment, wavelength, &mac);
        if (status != FL_OK) return status;
        const double takes = ink->shares[i].mass_fraction * mac.m2_kg;
        if (takes > most) most = takes, best = i;
        if (!is_white(pigment)) coloured += ink->shares[i].mass_fraction;
    }
    const bool white = is_white(fl_pigment_find(ink->shares[best].pigment));
    *target = best;
    *share = white || coloured <= 0.0 ? 0.0 : ink->shares[best].mass_fraction / coloured;
    return FL_OK;
}

fl_ink_draw fl_ink_central(const fl_planner_geometry *g)
{
    return (fl_ink_draw){.mass = g->mass,
                         .coverage = g->coverage,
                         .dot = g->dot,
                         .particle = fl_um(0.2),
                         .aggregate = fl_um(1.41),
                         .breaks = 1.0,
                         .toughness = 1.0,
                         .kappa_m2_s = 1.3e-7};
}

fl_status fl_ink_clumped(const fl_pigment *pigment, fl_wavelength wavelength, const fl_ink_draw *draw,
                         double *mac_m2_kg)
{
    fl_mass_absorption mac;
    const fl_status status = fl_pigment_absorption(pigment, wavelength, &mac);
    if (status == FL_OK)
        *mac_m2_kg = fl_ink_packed(mac.m2_kg * exp(draw->mac_deviate * pigment->ln_sigma),
                                   pigment->density_g_cm3 * 1e3, fl_ink_primary(pigment), draw->aggregate);
    return status;
}

fl_status fl_ink_mixture(const fl_planner_ink *ink, fl_wavelength wavelength, const fl_ink_draw *draw,
                         double *mac_m2_kg)
{
    *mac_m2_kg = 0.0;
    for (size_t i = 0; i < ink->shares_count; i++) {
        double mac;
        const fl_status status =
            fl_ink_clumped(fl_pigment_find(ink->shares[i].pigment), wavelength, draw, &mac);
        if (status != FL_OK) return status;
        *mac_m2_kg += ink->shares[i].mass_fraction * mac;
    }
    return FL_OK;
}

fl_status fl_ink_scattering(const fl_planner_ink *ink, fl_wavelength wavelength, double *m2_kg)
{
    *m2_kg = 0.0;
    for (size_t i = 0; i < ink->shares_count; i++) {
        fl_mass_scattering reduced;
        const fl_status status =
            fl_pigment_scattering(fl_pigment_find(ink->shares[i].pigment), wavelength, &reduced);
        if (status != FL_OK) return status;
        *m2_kg += ink->shares[i].mass_fraction * reduced.m2_kg;
    }
    return FL_OK;
}
