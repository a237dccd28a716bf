/* Ink: how much light must arrive at a deposit so that a pass moves pigment in it.
 *
 * A lone carbon particle bursts at a hundredth of any clinical fluence; that is not what a pass is for. A
 * deposit shades itself. The effect asked for here: the upper part of the deposit's optical depth
 * (FL_INK_REACH) take up, as a whole, the energy density at which pigmented tissue is seen to whiten,
 * corrected for how well the pulse is confined in the particles. README, "what counts as an effect", has the
 * calibration.
 */
#ifndef FL_PLANNER_INK_H
#define FL_PLANNER_INK_H

#include "fadeline/planner/library.h"

/* Share of the deposit's optical depth that one pass has to reach. Calibrated: README. */
#define FL_INK_REACH 0.15

/* A pigment is not treated where it absorbs less than this share of what it does at its best laser line,
 * whatever the fluence: colour-to-wavelength rules of the clinical reference, section 4 (red at 532, not at
 * 1064). */
#define FL_INK_PALE 0.05

/* One way the ink may be. */
typedef struct fl_ink_draw {
    fl_length top, thickness;
    fl_areal_mass mass;  /* mean over the skin */
    double coverage;     /* (0, 1] */
    double mac_deviate;  /* standard normal: each pigment's MAC is exp(deviate * ln_sigma) times its row */
    fl_length particle;  /* effective size: what bursts */
    fl_length aggregate; /* size in skin: what shades */
    double energy_density_J_m3; /* collective threshold */
    double toughness;           /* strength over Grueneisen parameter, relative to the central values */
    double kappa_m2_s;
} fl_ink_draw;

typedef struct fl_ink_need {
    fl_fluence local; /* wanted around the deposit */
    fl_length depth;  /* where */
    double mua_per_m; /* of the deposit */
    double shade;     /* optical depth above the place to be reached */
} fl_ink_need;

/* MAC of a pigment clumped to diameter d: packaging of a sphere, (1 - exp(-x)) / x with x = 2/3 rho d MAC,
 * relative to the 200 nm (carbon: 100 nm) particle of its row. */
double fl_ink_packed(double mac_m2_kg, double density_kg_m3, fl_length primary, fl_length clump);

/* Fluence that a particle needs at this pulse length over what it needs if superheating were confined: the
 * lower of superheating (thermal survival) and, for carbon, tension (stress survival). */
double fl_ink_pulse_factor(fl_pulse_length pulse, const fl_ink_draw *draw, bool carbon);

/* Absorption of a pigment here over that at its best laser line. */
FL_MUST_USE fl_status fl_ink_colour(const fl_pigment *pigment, fl_wavelength wavelength, double *share);

/* The pigment that takes up most light at this wavelength. */
FL_MUST_USE fl_status fl_ink_target(const fl_planner_ink *ink, fl_wavelength wavelength, size_t *target,
                                    double *share);
FL_MUST_USE fl_status fl_ink_needs(const fl_planner_ink *ink, fl_wavelength wavelength, fl_pulse_length pulse,
                                   const fl_ink_draw *draw, fl_ink_need *need);

#endif
