/* Ink: which pigment takes up the light, how much of it, and how well a pulse is confined in its particles.
 *
 * A lone carbon particle bursts at a hundredth of any clinical fluence; that is not what a pass is for. What
 * it takes to move a deposit, which shades itself, is in deposit.h.
 */
#ifndef FL_PLANNER_INK_H
#define FL_PLANNER_INK_H

#include "fadeline/planner/planner.h"

/* A pigment is not treated where it absorbs less than this share of what it does at its best laser line,
 * whatever the fluence: colour-to-wavelength rules of the clinical reference, section 4 (red at 532, not at
 * 1064). */
#define FL_INK_PALE 0.05

/* One way the ink may be. */
typedef struct fl_ink_draw {
    fl_areal_mass mass;  /* mean over the skin */
    double coverage;     /* (0, 1] */
    fl_length dot;       /* width of a dot or stroke */
    double mac_deviate;  /* standard normal: each pigment's MAC is exp(deviate * ln_sigma) times its row */
    fl_length particle;  /* effective size: what bursts */
    fl_length aggregate; /* size in skin: what shades */
    double breaks;       /* energy per mass that breaks a pigment, over its central value */
    double toughness;    /* strength over Grueneisen parameter, relative to the central values */
    double kappa_m2_s;
} fl_ink_draw;

/* The particle that a pigment's row was computed for (inks.csv, column basis). */
fl_length fl_ink_primary(const fl_pigment *pigment);
/* MAC of a pigment clumped to diameter d: packaging of a sphere, (1 - exp(-x)) / x with x = 2/3 rho d MAC,
 * relative to the 200 nm (carbon: 100 nm) particle of its row. */
double fl_ink_packed(double mac_m2_kg, double density_kg_m3, fl_length primary, fl_length clump);

/* Energy per mass [J/kg] that changes a pigment for good. Carbon 800 J/g, near 1000 K, where it glows and
 * reacts with steam; oxides 500 J/g, near 930 K and well below their reduction at 1670 K: both calibrated,
 * README. Azo colours fall apart at 620 K, phthalocyanines at 800 K, with 1.2 J/g/K (thermal.csv, from
 * memory). */
double fl_ink_breaks_J_kg(const fl_pigment *pigment);

/* Fluence that a particle needs at this pulse length over what it needs if superheating were confined: the
 * lower of superheating (thermal survival) and, for carbon, tension (stress survival). */
double fl_ink_pulse_factor(fl_pulse_length pulse, const fl_ink_draw *draw, bool carbon);

/* Absorption of a pigment here over that at its best laser line. */
FL_MUST_USE fl_status fl_ink_colour(const fl_pigment *pigment, fl_wavelength wavelength, double *share);

/* The pigment that takes up most light at this wavelength. */
FL_MUST_USE fl_status fl_ink_target(const fl_planner_ink *ink, fl_wavelength wavelength, size_t *target,
                                    double *share);
/* The medians of a geometry, and of particles and thresholds. */
fl_ink_draw fl_ink_central(const fl_planner_geometry *geometry);
/* MAC of a pigment as drawn, clumped [m2/kg]. */
FL_MUST_USE fl_status fl_ink_clumped(const fl_pigment *pigment, fl_wavelength wavelength,
                                     const fl_ink_draw *draw, double *mac_m2_kg);
/* MAC of the whole ink [m2/kg], each pigment clumped as drawn. */
FL_MUST_USE fl_status fl_ink_mixture(const fl_planner_ink *ink, fl_wavelength wavelength,
                                     const fl_ink_draw *draw, double *mac_m2_kg);
/* Reduced scattering of the whole ink [m2/kg], central values. */
FL_MUST_USE fl_status fl_ink_scattering(const fl_planner_ink *ink, fl_wavelength wavelength, double *m2_kg);
bool fl_ink_is_carbon(const fl_pigment *pigment);

#endif
