/* Thermal: where heat goes after a short pulse, in closed form.
 *
 * A pulse of nano- or picoseconds is over before heat has moved a micrometre, so its warming is absorbed
 * energy over heat capacity, and cooling is diffusion from a known start: a slab (epidermis), an exponential
 * decay with depth (dermis under the surface), a sphere (particle). A train of pulses is a sum of such
 * starts.
 *
 * All lengths SI. `alpha` is the thermal diffusivity k/(rho c). Functions answer NaN for what is not a
 * number, negative, or of zero size: a caller's comparison with it is false.
 */
#ifndef FL_THERMAL_THERMAL_H
#define FL_THERMAL_THERMAL_H

#include "fadeline/units/units.h"

#include <stdbool.h>

typedef struct {
    double m2_s;
} fl_diffusivity;
typedef struct {
    double J_m3_K;
} fl_heat_capacity; /* by volume */

#define FL_SKIN_DIFFUSIVITY ((fl_diffusivity){1.3e-7})    /* optics README section 6; LN sigma 0.12 */
#define FL_SKIN_HEAT_CAPACITY ((fl_heat_capacity){3.8e6}) /* same, section 9: 3.8 J/cm3/K */

/* Slab |x| < half that starts 1 warmer than its endless surroundings: what is left at x after t.
 * (erf((half + x) / 2s) + erf((half - x) / 2s)) / 2, s = sqrt(alpha t); Carslaw & Jaeger 1959, 2.2. */
double fl_thermal_slab(fl_length half, fl_length x, double t_s, fl_diffusivity alpha);
/* Half-space with insulated surface that starts at exp(-mu z): what is left at z after t. */
double fl_thermal_decay(fl_attenuation mu, fl_length z, double t_s, fl_diffusivity alpha);
/* Slab between the insulated surface and `depth`, evaluated by its mirror image: epidermis under air. */
double fl_thermal_skin_slab(fl_length depth, fl_length z, double t_s, fl_diffusivity alpha);
/* Centre of a sphere of radius r that starts 1 warmer. */
double fl_thermal_sphere(fl_length radius, double t_s, fl_diffusivity alpha);

/* Warming of a volume that takes up absorbed energy at once. */
fl_warming fl_thermal_adiabatic(fl_attenuation mua, fl_fluence local, fl_heat_capacity capacity);

/* What is left at the bottom of the epidermis just before pulse n + 1 when n pulses fall on one place, per
 * kelvin of adiabatic warming of the slab. n at least 1; rate positive. */
double fl_thermal_train(fl_length depth, fl_rate rate, unsigned n, fl_diffusivity alpha);
/* The same for warming that decays as exp(-mu z) into the dermis, at the surface. */
double fl_thermal_train_decay(fl_attenuation mu, fl_rate rate, unsigned n, fl_diffusivity alpha);

/* Particle of diameter d in tissue: d^2 / (24 kappa), exact cooling of the sphere lies between 14 and 40
 * (optics README section 6). */
double fl_thermal_relaxation_s(fl_length diameter, fl_diffusivity kappa);
double fl_thermal_transit_s(fl_length diameter, double sound_m_s); /* acoustic: d / c */
/* Share of an instantaneous temperature, or stress, that survives a pulse: (1 - exp(-x)) / x, x = pulse/tau.
 */
double fl_thermal_survive(fl_pulse_length pulse, double tau_s);

#endif
